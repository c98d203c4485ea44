// SPDX-License-Identifier: GPL-2.0-only
#include "model/l2tp/engine-core.h"

#include <utility>

namespace nattlab::l2tp
{

namespace
{

constexpr std::size_t MOST_BYTES = 65535; //!< what the length field can say

} // namespace

void
Engine::Core::Send(Tunnel& tunnel, Draft message, std::uint16_t session, ConnectionId connection)
{
    Outgoing outgoing;
    outgoing.type = message.type;
    outgoing.session = session;
    outgoing.connection = connection;
    if (m_config->hideAvps && m_config->tunnelSecret)
    {
        const Hiding hiding{ByteView(*m_config->tunnelSecret),
                            m_random->hiding.Take(16),
                            m_random->hiding.Take(m_config->hiddenPadding)};
        message.body = HideAvps(message.body, hiding);
    }
    outgoing.body = std::move(message.body);
    tunnel.channel.Enqueue(std::move(outgoing));
}

void
Engine::Core::Transmit(Tunnel& tunnel, const Outgoing& message)
{
    Header header;
    header.control = true;
    header.tunnel = tunnel.peerId;
    header.session = message.session;
    header.ns = message.ns;
    header.nr = tunnel.channel.Nr();
    tunnel.acknowledge = false;
    const TraceTag tag{0, message.connection};
    m_out->datagrams.push_back({tunnel.path, header.Build(message.body), tag});
    const bool again = message.sent > 1;
    const EventType event = again ? EventType::MessageResent : EventType::MessageSent;
    if (m_tracer.Wants(event))
    {
        m_tracer.Message(
            event, Layer::L2tp, tag, m_now, NameOf(message.type), Reason::None, message.sent - 1);
    }
}

void
Engine::Core::SendZlb(Tunnel& tunnel)
{
    Header header;
    header.control = true;
    header.tunnel = tunnel.peerId;
    header.ns = tunnel.channel.Ns();
    header.nr = tunnel.channel.Nr();
    tunnel.acknowledge = false;
    const TraceTag tag{0, tunnel.connection};
    m_out->datagrams.push_back({tunnel.path, header.Build({}), tag});
    m_tracer.Message(EventType::MessageSent, Layer::L2tp, tag, m_now, "ZLB");
}

void
Engine::Core::Refuse(TraceTag tag, const std::string& name, Reason reason)
{
    m_out->refused = reason;
    m_tracer.Message(EventType::MessageRefused, Layer::L2tp, tag, m_now, name, reason);
}

void
Engine::Core::NoteRefused(TraceTag tag, MessageType type, const Fault& fault)
{
    m_tracer.Message(EventType::MessageRefused,
                     Layer::L2tp,
                     tag,
                     m_now,
                     NameOf(type),
                     fault.reason,
                     0,
                     fault.detail);
}

DecodeRules
Engine::Core::Rules() const
{
    DecodeRules rules;
    rules.secret = m_config->tunnelSecret ? &*m_config->tunnelSecret : nullptr;
    rules.strictAvpBits = m_config->strictAvpBits;
    rules.speedRequired = m_config->missingTxSpeed == 0;
    return rules;
}

Output
Engine::Core::Receive(const DatagramView& datagram, Instant now)
{
    Output out;
    Begin(out, now);
    const std::optional<Header::Parsed> parsed =
        Header::Parse(datagram.payload, m_config->dropHeaderBits);
    if (!parsed)
    {
        Refuse(datagram.tag, "?", Reason::L2tpMalformed);
    }
    else if (parsed->header.control)
    {
        ReceiveControl(datagram, *parsed);
    }
    else
    {
        ReceiveData(datagram, *parsed);
    }
    return out;
}

Tunnel*
Engine::Core::FindForData(const DatagramView& datagram, std::uint16_t id, const std::string& name)
{
    Tunnel* tunnel = Find(id);
    if (!tunnel)
    {
        Refuse(datagram.tag, name, Reason::L2tpUnknownTunnel);
        return nullptr;
    }
    if (tunnel->path != datagram.path)
    {
        Refuse(datagram.tag, name, Reason::L2tpWrongPath);
        return nullptr;
    }
    return tunnel;
}

Tunnel*
Engine::Core::FindForControl(const DatagramView& datagram, const Header::Parsed& parsed)
{
    const std::string name = PeekName(parsed.payload);
    if (parsed.header.tunnel != 0)
    {
        return FindForData(datagram, parsed.header.tunnel, name);
    }
    // RFC 2661 5.3: a peer that was not told our identifier names the tunnel by its own.
    if (name != "SCCRQ" && name != "StopCCN")
    {
        Refuse(datagram.tag, name, Reason::L2tpUnknownTunnel);
        return nullptr;
    }
    const Decoded decoded = DecodeMessage(parsed.payload, Rules());
    const auto peerId = decoded.message.Number16(AvpType::AssignedTunnelId);
    if (!peerId)
    {
        Refuse(datagram.tag, name, Reason::L2tpMalformed);
        return nullptr;
    }
    const auto known = m_byRemote.find({datagram.path, *peerId});
    if (known != m_byRemote.end())
    {
        Tunnel* tunnel = Find(known->second);
        if (name != "SCCRQ" || !HasPeerRestarted(*tunnel))
        {
            return tunnel;
        }
        Tunnel* fresh = Greet(datagram, parsed.header, decoded);
        if (fresh)
        {
            if (IsLive(*tunnel))
            {
                EndTunnel(*tunnel, {Reason::L2tpPeerRestarted, name, {}});
            }
            Remove(*tunnel);
        }
        return fresh;
    }
    if (decoded.message.type == MessageType::StopCcn)
    {
        Refuse(datagram.tag, name, Reason::L2tpUnknownTunnel);
        return nullptr;
    }
    return Greet(datagram, parsed.header, decoded);
}

/**
 * An SCCRQ for an established tunnel: the peer's last copy of the first one, or a peer that has
 * started again and gives out its identifiers from the beginning? A copy comes no later than the
 * peer's last retransmission.
 */
bool
Engine::Core::HasPeerRestarted(const Tunnel& tunnel) const
{
    return tunnel.wasUp && m_now - tunnel.made > m_config->linger;
}

Tunnel*
Engine::Core::Greet(const DatagramView& datagram, const Header& header, const Decoded& decoded)
{
    if (!m_config->listen)
    {
        Refuse(datagram.tag, "SCCRQ", Reason::L2tpNoService);
        return nullptr;
    }
    if (header.ns != 0)
    {
        Refuse(datagram.tag, "SCCRQ", Reason::L2tpUnexpectedMessage);
        return nullptr;
    }
    if (m_config->honourTieBreaker && decoded.message.Find(AvpType::TieBreaker))
    {
        BeatenByTieBreaker(datagram.path);
    }
    Tunnel* tunnel = MakeTunnel(datagram.path, datagram.tag.connection, false);
    if (!tunnel)
    {
        Refuse(datagram.tag, "SCCRQ", Reason::L2tpSessionLimit);
        return nullptr;
    }
    tunnel->peerId = *decoded.message.Number16(AvpType::AssignedTunnelId);
    m_byRemote[{tunnel->path, tunnel->peerId}] = tunnel->id;
    return tunnel;
}

void
Engine::Core::ReceiveControl(const DatagramView& datagram, const Header::Parsed& parsed)
{
    Tunnel* tunnel = FindForControl(datagram, parsed);
    if (!tunnel)
    {
        return;
    }
    TraceTag tag = datagram.tag;
    tag.connection = tag.connection != 0 ? tag.connection : tunnel->connection;
    tunnel->heard = m_now;
    tunnel->channel.Acknowledge(parsed.header.nr, m_now);
    const ByteView body = parsed.payload;
    const std::string name = PeekName(body);
    if (body.empty())
    {
        // RFC 2661 5.8: the Ns of a ZLB means nothing.
        m_tracer.Message(EventType::MessageReceived, Layer::L2tp, tag, m_now, name);
        Settle(*tunnel);
        return;
    }
    switch (tunnel->channel.Arrive(parsed.header.ns, parsed.header.session, body, tag))
    {
    case ControlChannel::Arrival::InOrder:
        tunnel->acknowledge = true;
        m_tracer.Message(EventType::MessageReceived, Layer::L2tp, tag, m_now, name);
        Process(*tunnel, parsed.header.session, body, tag);
        while (const std::optional<Incoming> next = tunnel->channel.TakeEarly())
        {
            Process(*tunnel, next->session, next->body, next->tag);
        }
        break;
    case ControlChannel::Arrival::Early:
        m_tracer.Message(EventType::MessageReceived, Layer::L2tp, tag, m_now, name);
        break;
    case ControlChannel::Arrival::Duplicate:
        tunnel->acknowledge = true;
        Refuse(tag, name, Reason::L2tpDuplicate);
        break;
    case ControlChannel::Arrival::TooFar:
        Refuse(tag, name, Reason::L2tpOutOfWindow);
        break;
    }
    Settle(*tunnel);
}

void
Engine::Core::Process(Tunnel& tunnel, std::uint16_t session, ByteView body, TraceTag tag)
{
    const Decoded decoded = DecodeMessage(body, Rules());
    if (decoded.ignore)
    {
        return;
    }
    if (!IsSessionMessage(decoded.message.type))
    {
        ReceiveTunnelMessage(tunnel, decoded, tag);
    }
    else if (IsLive(tunnel))
    {
        ReceiveSessionMessage(tunnel, session, decoded, tag);
    }
}

void
Engine::Core::ReceiveData(const DatagramView& datagram, const Header::Parsed& parsed)
{
    const Header& header = parsed.header;
    Tunnel* tunnel = FindForData(datagram, header.tunnel, "data");
    if (!tunnel)
    {
        return;
    }
    Session* session = Find(SessionKey{header.tunnel, header.session});
    if (!session)
    {
        Refuse(datagram.tag, "data", Reason::L2tpUnknownSession);
        return;
    }
    if (session->state != SessionState::Established)
    {
        Refuse(datagram.tag, "data", Reason::L2tpUnexpectedMessage);
        return;
    }
    tunnel->heard = m_now;
    // RFC 2661 5.4: the LNS decides, unless the LAC had asked for numbers.
    if (session->initiator && !session->sequencingRequired)
    {
        session->sequencing = header.sequenced;
    }
    if (header.sequenced)
    {
        const auto ahead = static_cast<std::uint16_t>(header.ns - session->expectedNs);
        if (ahead >= 0x8000)
        {
            Refuse(datagram.tag, "data", Reason::L2tpOutOfSequence);
            return;
        }
        session->expectedNs = static_cast<std::uint16_t>(header.ns + 1);
    }
    m_out->frame = Frame{{tunnel->id, session->id}, parsed.payload, datagram.tag};
}

Output
Engine::Core::SendFrame(SessionKey key, ByteView ppp, TraceTag tag, Instant now)
{
    Output out;
    Begin(out, now);
    Session* session = Find(key);
    if (!session || session->state != SessionState::Established)
    {
        Refuse(tag, "data", Reason::L2tpUnknownSession);
        return out;
    }
    if (ppp.size() > MOST_BYTES - Header::CONTROL_SIZE)
    {
        Refuse(tag, "data", Reason::L2tpMalformed);
        return out;
    }
    const Tunnel& tunnel = *Find(key.tunnel);
    Header header;
    header.hasLength = m_config->lengthInData;
    header.sequenced = session->sequencing;
    header.tunnel = tunnel.peerId;
    header.session = session->peerId;
    header.ns = session->sequencing ? session->nextNs++ : std::uint16_t{0};
    m_out->datagrams.push_back({tunnel.path, header.Build(ppp), tag});
    return out;
}

} // namespace nattlab::l2tp
