// SPDX-License-Identifier: GPL-2.0-only
/**
 * \file
 * How Main Mode ends: done, failed or expired.
 */
#include "model/ike/core.h"
#include "model/ike/vendor-ids.h"

namespace nattlab::ike
{

void
Engine::Core::HandleMainFault(Turn& turn, Peer& peer, const Message& message, const Fault& fault)
{
    const std::string name{RowOf(peer.state).awaits};
    Refuse(turn, message, &peer, name, fault.reason, fault.detail);
    if (fault.notify != 0 && peer.profile->sendErrorNotify)
    {
        Conversation once;
        SendNotify(turn,
                   peer,
                   once,
                   {DOI_IPSEC, PROTOCOL_ISAKMP, {}, fault.notify, {}},
                   fault.reason != Reason::IkeDecryption);
        // It answers this message: one that came to 4500 moves the peer only once it is authentic.
        turn.out.messages.back().local = message.local;
        turn.out.messages.back().remote = message.remote;
    }
    if (fault.fatal)
    {
        FailMain(
            turn, peer, fault.reason, fault.unsent.empty() ? name : fault.unsent, std::nullopt);
        return;
    }
    peer.handshake->fault = fault;
    peer.handshake->faultMessage = name;
}

/** Tell all who wait for this Main Mode that it failed, and forget it. */
void
Engine::Core::FailMain(Turn& turn,
                       Peer& peer,
                       Reason reason,
                       const std::string& message,
                       std::optional<std::uint16_t> notify)
{
    Failed failed{peer.id,
                  peer.remote,
                  peer.connection,
                  Failed::Phase::Main,
                  reason,
                  message,
                  notify,
                  peer.initiator};
    CountFailure(reason);
    if (peer.handshake->wishes.empty())
    {
        turn.out.notices.push_back(failed);
    }
    for (const Wish& wish : peer.handshake->wishes)
    {
        failed.connection = wish.connection;
        turn.out.notices.push_back(failed);
    }
    ErasePeer(peer.id);
}

/** Main Mode is done: list the peer, and begin what waited for it. */
void
Engine::Core::FinishMain(Turn& turn, Peer& fresh, bool initialContact)
{
    if (!fresh.initiator)
    {
        --m_halfOpen;
    }
    ++m_count.mainModes;
    fresh.state = State::Established;
    fresh.since = turn.now;
    fresh.main.Shrink();
    DropFragments(fresh.id); // of sendings that another one overtook
    PeerId old = fresh.handshake->replaces;
    if (!fresh.initiator && !initialContact)
    {
        // The same identity from the same place: the peer has authenticated anew.
        const Peer* same = FindPeer(m_established.At(fresh.local.address, fresh.remote));
        old = same && same->identity == fresh.identity ? same->id : 0;
    }
    const Peer* before = FindPeer(old);
    const bool moved = before && (before->local != fresh.local || before->remote != fresh.remote);
    Peer& peer = before ? TakeOver(fresh, old) : fresh;
    Unlist(peer);
    m_established.Put(peer.local.address, peer.remote, peer.id);
    m_byIdentity.Insert(peer.identity, peer.id);
    m_timers.Cancel({peer.id, TimerKind::Main, 0});
    if (peer.agreed.lifeSeconds != 0)
    {
        m_timers.Set({peer.id, TimerKind::Life, 0}, turn.now + seconds{peer.agreed.lifeSeconds});
    }
    StartKeepalive(turn, peer);
    if (!peer.initiator)
    {
        LogKeys(peer); // the initiator has done so with MM5, to have it readable if it is refused
    }
    if (moved)
    {
        MoveChildren(peer);
        turn.out.notices.push_back(Moved{peer.id, peer.local, peer.remote});
    }
    const std::string agreed = Describe(peer.agreed);
    const std::string natT = peer.natT ? "NAT-T " + std::string{NameOf(*peer.natT)} : "no NAT-T";
    Record(turn,
           EventType::SaEstablished,
           Layer::Ike,
           peer.connection,
           Reason::None,
           static_cast<std::int64_t>(peer.agreed.group),
           peer.natT ? std::string{IdOf(*peer.natT)} : "none",
           agreed + ", " + natT);
    turn.out.notices.push_back(PeerUp{peer.id, peer.remote, peer.connection});
    if (initialContact && peer.profile->obeyInitialContact)
    {
        ObeyInitialContact(turn, peer);
    }
    const std::unique_ptr<Handshake> done = std::move(peer.handshake);
    for (Wish& wish : done->wishes)
    {
        StartQuick(turn, peer, std::move(wish));
    }
}

/** The clock of Main Mode: send again, or give up. */
void
Engine::Core::MainTimer(Turn& turn, Peer& peer)
{
    if (RepeatLater(turn,
                    *peer.profile,
                    peer,
                    {peer.id, TimerKind::Main, 0},
                    peer.main,
                    peer.initiator || peer.profile->responderRetransmits))
    {
        return;
    }
    const Handshake& h = *peer.handshake;
    if (h.fault)
    {
        FailMain(turn, peer, h.fault->reason, h.faultMessage, h.notified);
    }
    else
    {
        FailMain(turn, peer, Reason::IkeTimeout, peer.main.name, h.notified);
    }
}

/** The phase-1 SA has reached its lifetime. */
void
Engine::Core::LifeOver(Turn& turn, Peer& peer)
{
    const PeerId id = peer.id;
    SendDelete(turn, peer, {DOI_IPSEC, PROTOCOL_ISAKMP, 16, {peer.cookies.ToBytes()}});
    Retire(turn, peer, Reason::IkeSaExpired);
    if (peer.profile->reauthentication == Reauthentication::AtExpiry && peer.initiator &&
        !peer.children.empty())
    {
        StartMain(turn, peer.local, peer.remote, std::nullopt, id);
    }
    EraseIfIdle(id);
}

void
Engine::Core::LogKeys(const Peer& peer)
{
    if (m_keys)
    {
        m_keys->ike.push_back({peer.cookies.initiator, peer.cipherKey.ToBytes()});
    }
}

} // namespace nattlab::ike
