// SPDX-License-Identifier: GPL-2.0-only
/**
 * \file
 * The tables of peers.
 */
#include "model/ike/core.h"

namespace nattlab::ike
{

Peer&
Engine::Core::AddPeer(bool initiator, const Cookies& cookies, Endpoint local, Endpoint remote)
{
    const PeerId id = ++m_lastPeer;
    Peer& peer = m_peers.Put(id, std::make_unique<Peer>());
    peer.profile = m_profile;
    peer.id = id;
    peer.initiator = initiator;
    peer.state = initiator ? State::Mm1Sent : State::Mm2Sent;
    peer.cookies = cookies;
    peer.local = local;
    peer.remote = remote;
    peer.startedAt = remote;
    peer.handshake = std::make_unique<Handshake>();
    peer.handshake->methods = UsableMethods(remote.address);
    peer.handshake->store = m_store;
    m_byCookies[cookies] = id;
    if (initiator)
    {
        m_starting.Put(local.address, remote, id);
    }
    else
    {
        m_byFirst[{cookies.initiator, remote.address}] = id;
        ++m_halfOpen;
    }
    return peer;
}

Peer*
Engine::Core::FindPeer(PeerId id)
{
    return m_peers.Find(id);
}

Peer*
Engine::Core::FindByCookies(const Header& header, Ipv4Address remote)
{
    if (header.responderCookie == 0 && header.exchange == EXCHANGE_MAIN)
    {
        const auto first = m_byFirst.find({header.initiatorCookie, remote});
        return first == m_byFirst.end() ? nullptr : FindPeer(first->second);
    }
    auto it = m_byCookies.find({header.initiatorCookie, header.responderCookie});
    if (it == m_byCookies.end())
    {
        // The answer to MM1 is the first to name the responder's cookie.
        it = m_byCookies.find({header.initiatorCookie, 0});
    }
    return it == m_byCookies.end() ? nullptr : FindPeer(it->second);
}

void
Engine::Core::SetResponderCookie(Peer& peer, std::uint64_t cookie)
{
    m_byCookies.erase(peer.cookies);
    peer.cookies.responder = cookie;
    m_byCookies[peer.cookies] = peer.id;
}

/** Take a peer out of the tables by which it is found for new work. */
void
Engine::Core::Unlist(const Peer& peer)
{
    m_starting.Erase(peer.local.address, peer.startedAt, peer.id);
    m_established.Erase(peer.local.address, peer.remote, peer.id);
    m_byIdentity.Erase(peer.identity, peer.id);
}

/** Forget a peer and all its timers; its children must be gone or have found another peer. */
void
Engine::Core::ErasePeer(PeerId id)
{
    Peer* found = m_peers.Find(id);
    if (!found)
    {
        return;
    }
    Peer& peer = *found;
    Unlist(peer);
    const auto byCookies = m_byCookies.find(peer.cookies);
    if (byCookies != m_byCookies.end() && byCookies->second == id)
    {
        m_byCookies.erase(byCookies);
    }
    const auto byFirst = m_byFirst.find({peer.cookies.initiator, peer.startedAt.address});
    if (byFirst != m_byFirst.end() && byFirst->second == id)
    {
        m_byFirst.erase(byFirst);
    }
    if (peer.state == State::Mm2Sent || peer.state == State::Mm4Sent)
    {
        --m_halfOpen;
    }
    DropFragments(id);
    for (const TimerKind kind : {TimerKind::Main, TimerKind::Life, TimerKind::Keepalive})
    {
        m_timers.Cancel({id, kind, 0});
    }
    for (const auto& [messageId, quick] : peer.quicks)
    {
        m_timers.Cancel({id, TimerKind::Quick, messageId});
        m_reservedSpis.erase(quick.ownSpi);
    }
    for (const auto& [messageId, pending] : peer.deletes)
    {
        m_timers.Cancel({id, TimerKind::Delete, messageId});
    }
    m_peers.Take(id);
}

/** Remove a peer with its children and say so. */
void
Engine::Core::RemovePeer(Turn& turn, PeerId id, Reason reason)
{
    Peer* peer = FindPeer(id);
    if (!peer)
    {
        return;
    }
    const std::set<std::uint32_t> children = peer->children;
    for (const std::uint32_t spi : children)
    {
        RemoveChild(turn, spi, reason);
    }
    peer = FindPeer(id);
    if (peer)
    {
        Retire(turn, *peer, reason);
        ErasePeer(id);
    }
}

/** End the phase-1 SA of a peer: its negotiations fail, its children are not touched. */
void
Engine::Core::Retire(Turn& turn, Peer& peer, Reason reason)
{
    while (!peer.quicks.empty())
    {
        Quick& quick = peer.quicks.begin()->second;
        const std::uint32_t messageId = quick.messageId;
        if (quick.state != State::Done && quick.state != State::Refused && reason != Reason::None)
        {
            FailQuick(turn, peer, quick, reason, quick.talk.name, std::nullopt);
        }
        m_timers.Cancel({peer.id, TimerKind::Quick, messageId});
        m_reservedSpis.erase(quick.ownSpi);
        peer.quicks.erase(messageId);
    }
    if (peer.state == State::Established)
    {
        Record(turn, EventType::SaDeleted, Layer::Ike, peer.connection, reason);
        turn.out.notices.push_back(PeerDown{peer.id, reason});
        peer.state = State::Expired;
    }
    m_timers.Cancel({peer.id, TimerKind::Life, 0});
}

/** Forget an expired peer when its last child is gone and no delete waits for its answer. */
void
Engine::Core::EraseIfIdle(PeerId id)
{
    Peer* peer = FindPeer(id);
    if (!peer || peer->state != State::Expired || !peer->children.empty())
    {
        return;
    }
    if (peer->deletes.empty())
    {
        ErasePeer(id);
        return;
    }
    Unlist(*peer);
    m_timers.Cancel({id, TimerKind::Keepalive, 0});
    peer->state = State::Deleting;
}

/**
 * Give a new phase-1 SA the identifier and the children of the one that it replaces.
 * \return the new one under its new identifier
 */
Peer&
Engine::Core::TakeOver(Peer& fresh, PeerId old)
{
    const PeerId id = fresh.id;
    Peer& before = m_peers.At(old);
    fresh.children = std::move(before.children);
    for (const auto& [messageId, quick] : before.quicks)
    {
        if (quick.initiator && (quick.state == State::Qm1Sent || quick.state == State::Qm3Sent))
        {
            fresh.handshake->wishes.push_back(quick.handshake->wish);
        }
    }
    ErasePeer(old);
    m_timers.Cancel({id, TimerKind::Main, 0});
    m_timers.Cancel({id, TimerKind::Keepalive, 0});
    Unlist(fresh);
    Peer& peer = m_peers.Put(old, m_peers.Take(id));
    peer.id = old;
    m_byCookies[peer.cookies] = old;
    const auto byFirst = m_byFirst.find({peer.cookies.initiator, peer.startedAt.address});
    if (byFirst != m_byFirst.end() && byFirst->second == id)
    {
        byFirst.value() = old;
    }
    return peer;
}

} // namespace nattlab::ike
