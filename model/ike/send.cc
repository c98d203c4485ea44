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

ByteView
Opened::Rest() const
{
    const std::size_t first = 4 + chain.items.front().body.size();
    return ByteView{plain}.Sub(first, chain.size - first);
}

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
 * \return the datagrams that the message of an exchange goes out in: MM5 and MM6 in fragments when
 * the peer wants them, or does not answer the whole (MS-IKEE 3.3.2: the timer runs from the first
 * sending, and the next sending after it is in fragments).
 */
std::vector<Bytes>
Engine::Core::Pieces(Turn& turn, const Peer& peer, const Conversation& talk)
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
        return {talk.sent};
    }
    std::vector<Bytes> pieces =
        CutUp(talk.sent, room - FRAGMENT_HEADERS, static_cast<std::uint16_t>(m_fragmentId + 1));
    if (pieces.empty())
    {
        return {talk.sent};
    }
    ++m_fragmentId;
    return pieces;
}

/** Send the next message of an exchange. \param contents for the event */
void
Engine::Core::Transmit(Turn& turn,
                       Peer& peer,
                       Conversation& talk,
                       Bytes payload,
                       std::string name,
                       const std::vector<Payload>& contents)
{
    talk.sent = std::move(payload);
    talk.firstSent = turn.now;
    talk.name = std::move(name);
    talk.resent = 0;
    talk.gap = 0;
    const bool encrypted = (talk.sent[19] & FLAG_ENCRYPTION) != 0;
    std::vector<Bytes> pieces = Pieces(turn, peer, talk);
    TraceSent(turn, peer, talk.name, contents, encrypted, pieces.size());
    for (Bytes& piece : pieces)
    {
        Post(turn, peer, std::move(piece));
    }
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
    std::vector<Bytes> pieces = Pieces(turn, peer, talk);
    TraceMessage(EventType::MessageResent,
                 turn,
                 {0, peer.connection},
                 talk.name,
                 Reason::None,
                 talk.resent,
                 InFragments(pieces.size()));
    for (Bytes& piece : pieces)
    {
        Post(turn, peer, std::move(piece));
    }
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

/** Encrypt payloads into a message. \param iv goes in; the last block comes out */
Bytes
Engine::Core::Seal(const Peer& peer,
                   std::uint8_t exchange,
                   std::uint8_t flags,
                   std::uint32_t messageId,
                   std::uint8_t first,
                   Bytes plain,
                   Bytes& iv) const
{
    const Bytes data = EncryptPayloads(*peer.cipher, iv, std::move(plain));
    iv.assign(data.end() - static_cast<std::ptrdiff_t>(iv.size()), data.end());
    const Header header{peer.cookies.initiator,
                        peer.cookies.responder,
                        first,
                        exchange,
                        static_cast<std::uint8_t>(flags | FLAG_ENCRYPTION),
                        messageId};
    return EncodeMessage(header, data);
}

/** Decrypt a message and read its payloads. */
Decoded<Opened>
Engine::Core::Open(const Peer& peer,
                   const Header& header,
                   const Message& message,
                   ByteView iv) const
{
    const ByteView data = ByteView{message.payload}.Sub(Header::SIZE);
    auto plain = DecryptPayloads(*peer.cipher, iv, data);
    if (!plain)
    {
        return DecodeError{"ciphertext is not whole blocks", Header::SIZE};
    }
    Decoded<Chain> chain = DecodeChain(header.next, *plain, iv.size() - 1);
    if (!chain)
    {
        return chain.Error();
    }
    return Opened{std::move(*plain), chain.Take(), data.Sub(data.size() - iv.size()).ToBytes()};
}

void
Engine::Core::TraceSent(Turn& turn,
                        const Peer& peer,
                        const std::string& name,
                        const std::vector<Payload>& contents,
                        bool encrypted,
                        std::size_t pieces)
{
    if (!m_tracer.Wants(EventType::MessageSent))
    {
        return;
    }
    std::string detail = encrypted ? "HDR*" : "HDR";
    for (const Payload& payload : contents)
    {
        detail += ", " + PayloadName(TypeOf(payload));
    }
    if (pieces > 1)
    {
        detail += ' ' + InFragments(pieces);
    }
    TraceMessage(EventType::MessageSent,
                 turn,
                 {0, peer.connection},
                 name,
                 Reason::None,
                 0,
                 std::move(detail));
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
    const auto listed = m_established.find({peer.local.address, peer.remote});
    if (listed != m_established.end() && listed->second == peer.id)
    {
        m_established.erase(listed);
    }
    peer.remote = remote;
    m_established[{local.address, remote}] = peer.id;
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
