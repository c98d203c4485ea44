// SPDX-License-Identifier: GPL-2.0-only
#include "model/ike/core.h"

#include <stdexcept>

namespace nattlab::ike
{

namespace
{

constexpr std::size_t FLOOD_SECRET = 20; // bytes of the key of an HMAC-SHA1

bool
IsKeySize(crypto::CipherAlgorithm cipher, std::uint16_t bits)
{
    return bits == 0 || (cipher == crypto::CipherAlgorithm::AesCbc &&
                         (bits == 128 || bits == 192 || bits == 256));
}

/** \throws std::invalid_argument for a profile that no negotiation could follow. */
void
Check(const Profile& profile)
{
    for (const Phase1Transform& transform : profile.phase1)
    {
        if (transform.cipher == crypto::CipherAlgorithm::Null ||
            !IsKeySize(transform.cipher, transform.keyBits))
        {
            throw std::invalid_argument("phase-1 transform with a cipher or key length that IKE "
                                        "does not have");
        }
    }
    for (const Phase2Proposal& proposal : profile.phase2)
    {
        if (!IsKeySize(proposal.cipher, proposal.keyBits))
        {
            throw std::invalid_argument("phase-2 proposal with a key length that its cipher does "
                                        "not have");
        }
    }
    if (profile.nonceSize < 8 || profile.nonceSize > 256)
    {
        throw std::invalid_argument("nonce size is not 8 to 256 bytes"); // RFC 2409 5
    }
    if (profile.fragmentSize < 128 || profile.fragmentSize > 65535)
    {
        throw std::invalid_argument("fragment size is not 128 to 65535 bytes");
    }
    for (const std::uint8_t number : profile.certificateRequestsIn)
    {
        if (number < 1 || number > 6)
        {
            throw std::invalid_argument("certificates are requested in a message that is not one "
                                        "of the six of Main Mode");
        }
    }
}

} // namespace

Engine::Core::Core(std::shared_ptr<const Profile> profile,
                   Host host,
                   std::uint64_t seed,
                   Tracer tracer,
                   KeyLog* keys)
    : m_profile(std::move(profile)),
      m_host(std::move(host)),
      m_tracer(tracer),
      m_keys(keys),
      m_cookieRandom(seed, m_host.name, "ike.cookie"),
      m_nonceRandom(seed, m_host.name, "ike.nonce"),
      m_dhRandom(seed, m_host.name, "ike.dh"),
      m_messageIdRandom(seed, m_host.name, "ike.message-id"),
      m_spiRandom(seed, m_host.name, "ike.spi"),
      m_secretRandom(seed, m_host.name, "ike.flood-secret"),
      m_floodSecret(m_secretRandom.Take(FLOOD_SECRET))
{
    Check(*m_profile);
}

void
Engine::Core::SetProfile(std::shared_ptr<const Profile> profile)
{
    Check(*profile);
    m_profile = std::move(profile);
}

void
Engine::Core::Reset()
{
    m_peers.Clear();
    m_byCookies.clear();
    m_byFirst.clear();
    m_starting.Clear();
    m_established.Clear();
    m_byIdentity.Clear();
    m_children.clear();
    m_reservedSpis.clear();
    m_bySelector.Clear();
    m_fragments = {};
    m_fragmentId = 0;
    m_timers = {};
    m_halfOpen = 0;
    m_count = {};
    m_floodSecret = m_secretRandom.Take(FLOOD_SECRET);
}

void
Engine::Core::Shutdown(Turn& turn)
{
    for (const PeerId id : m_peers.Numbers())
    {
        Peer* peer = FindPeer(id);
        if (!peer)
        {
            continue;
        }
        if (!RowOf(peer->state).awaits.empty())
        {
            FailMain(turn, *peer, Reason::HostServiceStopped, peer->main.name, std::nullopt);
            continue;
        }
        for (auto& [messageId, quick] : peer->quicks)
        {
            if (!RowOf(quick.state).awaits.empty())
            {
                FailQuick(turn, *peer, quick, Reason::HostServiceStopped, quick.talk.name, {});
            }
        }
        DeletePeer(turn, id);
    }
    Reset();
}

void
Engine::Core::Acquire(Turn& turn, const Request& request)
{
    ++m_count.acquires;
    const Wish wish{request.selector, request.connection, std::nullopt};
    Peer* peer = FindPeer(m_starting.FirstAt(request.local, request.remote));
    if (peer)
    {
        if (!IsWished(*peer, wish))
        {
            peer->handshake->wishes.push_back(wish);
        }
        return;
    }
    peer = FindPeer(m_established.FirstAt(request.local, request.remote));
    if (peer && peer->state == State::Established)
    {
        if (!IsWished(*peer, wish))
        {
            StartQuick(turn, *peer, wish);
        }
        return;
    }
    StartMain(
        turn, {request.local, IKE_PORT}, {request.remote, IKE_PORT}, wish, peer ? peer->id : 0);
}

void
Engine::Core::Rekey(Turn& turn, std::uint32_t inboundSpi)
{
    const Child* child = FindChild(inboundSpi);
    Peer* peer = child ? FindPeer(child->sa.peer) : nullptr;
    if (!peer)
    {
        return;
    }
    const Wish wish{child->sa.selector, child->connection, inboundSpi};
    if (peer->state == State::Established)
    {
        if (!IsWished(*peer, wish))
        {
            StartQuick(turn, *peer, wish);
        }
        return;
    }
    Peer* fresh = FindPeer(m_starting.At(peer->local.address, peer->remote));
    if (!fresh)
    {
        StartMain(turn, peer->local, peer->remote, wish, peer->id);
    }
    else if (!IsWished(*fresh, wish))
    {
        fresh->handshake->wishes.push_back(wish);
    }
}

void
Engine::Core::DeletePeer(Turn& turn, PeerId id)
{
    Peer* peer = FindPeer(id);
    if (!peer || peer->state == State::Deleting)
    {
        return;
    }
    const std::set<std::uint32_t> children = peer->children;
    for (const std::uint32_t spi : children)
    {
        RemoveOwnChild(turn, spi, Reason::None);
    }
    peer = FindPeer(id); // an expired one is gone with its last child
    if (!peer)
    {
        return;
    }
    if (peer->state != State::Established)
    {
        turn.out.notices.push_back(PeerDown{id, Reason::None});
        ErasePeer(id);
        return;
    }
    SendDelete(turn, *peer, {DOI_IPSEC, PROTOCOL_ISAKMP, 16, {peer->cookies.ToBytes()}});
    Retire(turn, *peer, Reason::None);
    EraseIfIdle(id);
}

void
Engine::Core::NoteSent(PeerId id, Instant now)
{
    if (Peer* peer = FindPeer(id))
    {
        peer->lastSent = now;
    }
}

void
Engine::Core::NoteAuthenticatedSource(Turn& turn, PeerId id, Endpoint local, Endpoint remote)
{
    Peer* peer = FindPeer(id);
    if (peer && (peer->state == State::Established || peer->state == State::Expired))
    {
        FollowPeer(turn, *peer, local, remote);
    }
}

void
Engine::Core::Expire(Turn& turn)
{
    while (const auto key = m_timers.PopDue(turn.now))
    {
        Peer* peer = FindPeer(key->peer);
        switch (key->kind)
        {
        case TimerKind::Main:
            MainTimer(turn, *peer);
            break;
        case TimerKind::Life:
            LifeOver(turn, *peer);
            break;
        case TimerKind::Keepalive:
            SendKeepalive(turn, *peer);
            break;
        case TimerKind::Quick:
            QuickTimer(turn, *peer, key->number);
            break;
        case TimerKind::Delete:
            DeleteTimer(turn, *peer, key->number);
            break;
        case TimerKind::Fragments:
            FragmentsLate(turn, *peer, static_cast<std::uint16_t>(key->number));
            break;
        case TimerKind::ChildLife:
            RemoveOwnChild(turn, key->number, Reason::EspSaExpired);
            break;
        case TimerKind::ChildGrace:
            RemoveOwnChild(turn, key->number, Reason::None);
            break;
        }
    }
}

void
Engine::Core::Receive(Turn& turn, const Message& message)
{
    if (message.keepalive || (message.payload.size() == 1 && message.payload[0] == 0xFF))
    {
        TraceMessage(EventType::MessageReceived, turn, message.tag, "keepalive");
        return; // RFC 3948 2.3: nothing follows from it
    }
    ++m_count.messagesReceived;
    const Decoded<Header> header = DecodeHeader(message.payload);
    if (!header)
    {
        Refuse(turn, message, nullptr, "ISAKMP", Reason::IkeMalformed, header.Error().ToString());
        return;
    }
    if (header->next == PAYLOAD_FRAGMENT && header->exchange == EXCHANGE_MAIN &&
        !header->Encrypted())
    {
        ReceiveFragment(turn, message, *header);
        return;
    }
    switch (header->exchange)
    {
    case EXCHANGE_MAIN:
        ReceiveMain(turn, message, *header);
        break;
    case EXCHANGE_QUICK:
        ReceiveQuick(turn, message, *header);
        break;
    case EXCHANGE_INFORMATIONAL:
        ReceiveInformational(turn, message, *header);
        break;
    default:
        Refuse(turn,
               message,
               nullptr,
               "exchange " + std::to_string(header->exchange),
               Reason::IkeUnsupportedExchange);
    }
}

} // namespace nattlab::ike
