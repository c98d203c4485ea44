// SPDX-License-Identifier: GPL-2.0-only
/**
 * \file
 * Messages out: protection, sending, sending again, keepalives, and the events about messages.
 */
#include "model/ike/core.h"

#include <algorithm>
#include <numeric>

namespace nattlab::ike
{

namespace
{

constexpr std::size_t IPV4_HEADER = 20;
constexpr std::size_t UDP_HEADER = 8;
constexpr std::size_t NON_ESP_MARKER = 4; // RFC 3948 2.2

/** \return "in 3 fragments"; empty for a message in one piece. */
std::string
InFragments(std::size_t pieces)
{
    return pieces > 1 ? "in " + std::to_string(pieces) + " fragments" : std::string{};
}

} // namespace

void
Engine::Core::Post(Turn& turn, Peer& peer, Bytes payload)
{
    if (peer.local.port == NAT_T_PORT)
    {
        peer.lastSent = turn.now;
    }
    ++m_count.messagesSent;
    turn.out.messages.push_back(
        {peer.local, peer.remote, std::move(payload), false, {0, peer.connection}});
}

/**
 * \return the fragments that the message of an exchange goes out in, MM5 and MM6 when the peer
 * wants them or does not answer the whole (MS-IKEE 3.3.2: the timer runs from the first sending,
 * and the next sending after it is in fragments); nothing when it goes out whole
 */
std::vector<Bytes>
Engine::Core::Fragments(Turn& turn, const Peer& peer, const Conversation& talk)
{
    const Profile& profile = *peer.profile;
    // MS-IKEE 3.3.6.1: only messages with an ID payload; those of Quick Mode are small.
    const bool identity = &talk == &peer.main && (talk.name == "MM5" || talk.name == "MM6");
    const bool due = peer.fragments || turn.now >= talk.firstSent + profile.fragmentationWait;
    const std::size_t marker =
        peer.local.port == NAT_T_PORT && profile.fragmentSizeHasMarker ? NON_ESP_MARKER : 0;
    const std::size_t room = profile.fragmentSize - IPV4_HEADER - UDP_HEADER - marker;
    if (!identity || !peer.knowsFragments || !due || talk.sent.size() <= room)
    {
        return {};
    }
    std::vector<Bytes> fragments =
        CutUp(talk.sent, room - FRAGMENT_HEADERS, static_cast<std::uint16_t>(m_fragmentId + 1));
    m_fragmentId = static_cast<std::uint16_t>(m_fragmentId + (fragments.empty() ? 0 : 1));
    return fragments;
}

/** Send what this host said last in an exchange. \return in how many datagrams */
std::size_t
Engine::Core::Dispatch(Turn& turn, Peer& peer, const Conversation& talk)
{
    std::vector<Bytes> fragments = Fragments(turn, peer, talk);
    for (Bytes& fragment : fragments)
    {
        Post(turn, peer, std::move(fragment));
    }
    if (!fragments.empty())
    {
        return fragments.size();
    }
    Post(turn, peer, talk.sent);
    return 1;
}

/** Send the next message of an exchange. \param iv encrypts it; the last block comes out */
void
Engine::Core::Transmit(Turn& turn,
                       Peer& peer,
                       Conversation& talk,
                       MessageWriter message,
                       std::string name,
                       ShortBytes* iv)
{
    std::string detail;
    if (m_tracer.Wants(EventType::MessageSent))
    {
        detail = (iv ? "HDR*, " : "HDR, ") + message.ToString();
    }
    talk.sent = iv ? Seal(peer, message.Take(), *iv) : message.Take();
    talk.firstSent = turn.now;
    talk.name = std::move(name);
    talk.resent = 0;
    talk.gap = 0;
    const std::size_t pieces = Dispatch(turn, peer, talk);
    if (pieces > 1)
    {
        detail += ' ' + InFragments(pieces);
    }
    TraceMessage(EventType::MessageSent,
                 turn,
                 {0, peer.connection},
                 talk.name,
                 Reason::None,
                 0,
                 std::move(detail));
}

/** Send the last message of an exchange again. */
void
Engine::Core::Repeat(Turn& turn, Peer& peer, Conversation& talk)
{
    if (talk.sent.empty())
    {
        return;
    }
    ++talk.resent;
    ++m_count.retransmissions;
    const std::size_t pieces = Dispatch(turn, peer, talk);
    TraceMessage(EventType::MessageResent,
                 turn,
                 {0, peer.connection},
                 talk.name,
                 Reason::None,
                 talk.resent,
                 InFragments(pieces));
}

/** \return how long a message is waited for, from the first sending on. */
Duration
Engine::Core::Patience(const Profile& profile)
{
    return std::accumulate(
        profile.retransmitGaps.begin(), profile.retransmitGaps.end(), profile.giveUpWait);
}

/** Set the timer of an exchange. \param repeats whether this side sends again by the clock */
void
Engine::Core::Arm(Turn& turn,
                  const Profile& profile,
                  const TimerKey& key,
                  const Conversation& talk,
                  bool repeats)
{
    Duration wait = Patience(profile);
    if (repeats)
    {
        wait = talk.gap < profile.retransmitGaps.size() ? profile.retransmitGaps[talk.gap]
                                                        : profile.giveUpWait;
    }
    m_timers.Set(key, turn.now + wait);
}

/** A timer fired: send again when the schedule says so. \return false when it is to be given up */
bool
Engine::Core::RepeatLater(Turn& turn,
                          const Profile& profile,
                          Peer& peer,
                          const TimerKey& key,
                          Conversation& talk,
                          bool repeats)
{
    if (!repeats || talk.gap >= profile.retransmitGaps.size())
    {
        return false;
    }
    ++talk.gap;
    Repeat(turn, peer, talk);
    Arm(turn, profile, key, talk, repeats);
    return true;
}

/** RFC 3947 4: keepalives begin after the move to port 4500, at the end that is behind a NAT. */
void
Engine::Core::StartKeepalive(Turn& turn, Peer& peer)
{
    if (peer.nat.local && peer.local.port == NAT_T_PORT &&
        peer.profile->keepaliveInterval > Duration{0})
    {
        peer.lastSent = turn.now;
        m_timers.Set({peer.id, TimerKind::Keepalive, 0},
                     turn.now + peer.profile->keepaliveInterval);
    }
}

void
Engine::Core::SendKeepalive(Turn& turn, Peer& peer)
{
    if (peer.lastSent + peer.profile->keepaliveInterval <= turn.now)
    {
        peer.lastSent = turn.now;
        TraceMessage(EventType::MessageSent, turn, {0, peer.connection}, "keepalive");
        turn.out.messages.push_back({peer.local, peer.remote, {0xFF}, true, {0, peer.connection}});
    }
    m_timers.Set({peer.id, TimerKind::Keepalive, 0},
                 peer.lastSent + peer.profile->keepaliveInterval);
}

/** \return the cipher of phase 1. It is kept while a Quick Mode goes on, and else made again. */
const crypto::CbcCipher&
Engine::Core::CipherOf(Peer& peer)
{
    if (!peer.cipher)
    {
        peer.cipher.emplace(peer.agreed.cipher, peer.cipherKey);
    }
    return *peer.cipher;
}

/** Encrypt the payloads of a message. \param iv goes in; the last block comes out */
Bytes
Engine::Core::Seal(Peer& peer, Bytes message, ShortBytes& iv)
{
    Bytes sealed = EncryptPayloads(CipherOf(peer), iv, std::move(message), Header::SIZE);
    SetLength(sealed);
    iv = ByteView{sealed}.Sub(sealed.size() - iv.size());
    return sealed;
}

/** Read the payloads of a message in clear. */
Decoded<Chain>
Engine::Core::Read(const Header& header, const Message& message)
{
    return DecodeChain(header.next, ByteView{message.payload}.Sub(Header::SIZE).ToBytes());
}

/** Decrypt a message and read its payloads. */
Decoded<Opened>
Engine::Core::Open(Peer& peer, const Header& header, const Message& message, ByteView iv)
{
    const ByteView data = ByteView{message.payload}.Sub(Header::SIZE);
    auto plain = DecryptPayloads(CipherOf(peer), iv, data);
    if (!plain)
    {
        return DecodeError{"ciphertext is not whole blocks", Header::SIZE};
    }
    Decoded<Chain> chain = DecodeChain(header.next, std::move(*plain), iv.size() - 1);
    if (!chain)
    {
        return chain.Error();
    }
    return Opened{chain.Take(), data.Sub(data.size() - iv.size())};
}

void
Engine::Core::TraceMessage(EventType type,
                           Turn& turn,
                           TraceTag tag,
                           std::string name,
                           Reason reason,
                           std::int64_t value,
                           std::string detail)
{
    m_tracer.Message(
        type, Layer::Ike, tag, turn.now, std::move(name), reason, value, std::move(detail));
}

void
Engine::Core::Record(Turn& turn,
                     EventType type,
                     Layer layer,
                     ConnectionId connection,
                     Reason reason,
                     std::int64_t value,
                     std::string subject,
                     std::string detail)
{
    if (!m_tracer.Wants(type))
    {
        return;
    }
    Event event;
    event.time = turn.now;
    event.type = type;
    event.layer = layer;
    event.reason = reason;
    event.tag.connection = connection;
    event.value = value;
    event.subject = std::move(subject);
    event.detail = std::move(detail);
    m_tracer.Record(std::move(event));
}

void
Engine::Core::Refuse(Turn& turn,
                     const Message& message,
                     const Peer* peer,
                     std::string name,
                     Reason reason,
                     std::string detail)
{
    CountRefusal(reason);
    TraceTag tag = message.tag;
    if (tag.connection == 0 && peer)
    {
        tag.connection = peer->connection;
    }
    TraceMessage(
        EventType::MessageRefused, turn, tag, std::move(name), reason, 0, std::move(detail));
}

/** A message was found good: say so, and remember it and whose connection it is about. */
void
Engine::Core::Accept(Turn& turn,
                     const Message& message,
                     Peer& peer,
                     Conversation& talk,
                     std::string name)
{
    talk.received = message.payload;
    if (peer.connection == 0)
    {
        peer.connection = message.tag.connection;
    }
    TraceMessage(
        EventType::MessageReceived, turn, {message.tag.packet, peer.connection}, std::move(name));
}

/**
 * RFC 3947 6: the end that is not behind a NAT follows the other to a new mapping, and believes
 * authenticated packets only.
 */
void
Engine::Core::FollowPeer(Turn& turn, Peer& peer, Endpoint local, Endpoint remote)
{
    if (!peer.profile->followMovedPeer || !peer.natT || !peer.nat.peer || peer.nat.local ||
        remote == peer.remote || local != peer.local)
    {
        return;
    }
    m_established.Erase(peer.local.address, peer.remote, peer.id);
    peer.remote = remote;
    m_established.Put(local.address, remote, peer.id);
    MoveChildren(peer);
    if (m_tracer.Wants(EventType::PeerMoved))
    {
        Event event;
        event.time = turn.now;
        event.type = EventType::PeerMoved;
        event.layer = Layer::Ike;
        event.tag.connection = peer.connection;
        event.flow.source = remote.address;
        event.flow.sourcePort = remote.port;
        event.flow.destination = local.address;
        event.flow.destinationPort = local.port;
        event.flow.protocol = 17;
        m_tracer.Record(std::move(event));
    }
    turn.out.notices.push_back(Moved{peer.id, local, remote});
}

} // namespace nattlab::ike
