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
    turn.out.messages.push_back(
        {peer.local, peer.remote, std::move(payload), false, {0, peer.connection}});
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
    talk.sent = payload;
    talk.name = std::move(name);
    talk.resent = 0;
    talk.gap = 0;
    const bool encrypted = (payload[19] & FLAG_ENCRYPTION) != 0;
    TraceSent(turn, peer, talk.name, contents, encrypted);
    Post(turn, peer, std::move(payload));
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
    TraceMessage(
        EventType::MessageResent, turn, {0, peer.connection}, talk.name, Reason::None, talk.resent);
    Post(turn, peer, talk.sent);
}

/** \return how long a message is waited for, from the first sending on. */
Duration
Engine::Core::Patience() const
{
    return std::accumulate(
        m_profile.retransmitGaps.begin(), m_profile.retransmitGaps.end(), m_profile.giveUpWait);
}

/** Set the timer of an exchange. \param repeats whether this side sends again by the clock */
void
Engine::Core::Arm(Turn& turn, const TimerKey& key, const Conversation& talk, bool repeats)
{
    Duration wait = Patience();
    if (repeats)
    {
        wait = talk.gap < m_profile.retransmitGaps.size() ? m_profile.retransmitGaps[talk.gap]
                                                          : m_profile.giveUpWait;
    }
    m_timers.Set(key, turn.now + wait);
}

/** A timer fired: send again when the schedule says so. \return false when it is to be given up */
bool
Engine::Core::RepeatLater(Turn& turn,
                          Peer& peer,
                          const TimerKey& key,
                          Conversation& talk,
                          bool repeats)
{
    if (!repeats || talk.gap >= m_profile.retransmitGaps.size())
    {
        return false;
    }
    ++talk.gap;
    Repeat(turn, peer, talk);
    Arm(turn, key, talk, repeats);
    return true;
}

/** RFC 3947 4: keepalives begin after the move to port 4500, at the end that is behind a NAT. */
void
Engine::Core::StartKeepalive(Turn& turn, Peer& peer)
{
    if (peer.nat.local && peer.local.port == NAT_T_PORT &&
        m_profile.keepaliveInterval > Duration{0})
    {
        peer.lastSent = turn.now;
        m_timers.Set({peer.id, TimerKind::Keepalive, 0}, turn.now + m_profile.keepaliveInterval);
    }
}

void
Engine::Core::SendKeepalive(Turn& turn, Peer& peer)
{
    if (peer.lastSent + m_profile.keepaliveInterval <= turn.now)
    {
        peer.lastSent = turn.now;
        TraceMessage(EventType::MessageSent, turn, {0, peer.connection}, "keepalive");
        turn.out.messages.push_back({peer.local, peer.remote, {0xFF}, true, {0, peer.connection}});
    }
    m_timers.Set({peer.id, TimerKind::Keepalive, 0}, peer.lastSent + m_profile.keepaliveInterval);
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
    const Bytes data = EncryptPayloads(peer.agreed.cipher, peer.cipherKey, iv, std::move(plain));
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
    auto plain = DecryptPayloads(peer.agreed.cipher, peer.cipherKey, iv, data);
    if (!plain)
    {
        return DecodeError{"ciphertext is not whole blocks", Header::SIZE};
    }
    Decoded<Chain> chain = DecodeChain(header.next, *plain, iv.size() - 1);
    if (!chain)
    {
        return chain.Error();
    }
    return Opened{std::move(*plain), *chain, data.Sub(data.size() - iv.size()).ToBytes()};
}

void
Engine::Core::TraceSent(Turn& turn,
                        const Peer& peer,
                        const std::string& name,
                        const std::vector<Payload>& contents,
                        bool encrypted)
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
    if (!m_profile.followMovedPeer || !peer.natT || !peer.nat.peer || peer.nat.local ||
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
