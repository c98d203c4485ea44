// SPDX-License-Identifier: GPL-2.0-only
// What becomes of a frame of the peer.
#include "model/ppp/link.h"

namespace nattlab::ppp
{

namespace
{

constexpr std::uint8_t CCP_RESET_ACK = 15; // RFC 1962 3

/** \return true for the protocols whose packets are taken apart here. */
bool IsControl(std::uint16_t protocol)
{
    return protocol == PPP_LCP || protocol == PPP_PAP || protocol == PPP_CHAP ||
           protocol == PPP_IPCP || protocol == PPP_CCP;
}

} // namespace

Output Session::Impl::Receive(ByteView bytes, TraceTag tag, Instant now)
{
    Output out;
    const auto frame = ParseFrame(bytes);
    if (frame && frame->protocol == PPP_IP && m_phase == Phase::Open)
    {
        out.packet = IpPacket{frame->information.ToBytes(), tag};
        return out;
    }
    const auto packet = frame && IsControl(frame->protocol)
                            ? ControlPacket::Parse(frame->information)
                            : std::nullopt;
    m_out = &out;
    const Phase before = m_phase;
    m_denied = Reason::None;
    m_out->refused = Judge(frame, packet, now);
    m_heard = m_heard || (m_out->refused == Reason::None && m_phase == before);
    RecordReceived(frame, packet, tag, now);
    Flush(now);
    return out;
}

Reason Session::Impl::Judge(const std::optional<FrameView>& frame,
                            const std::optional<ControlPacket>& packet,
                            Instant now)
{
    if (!frame)
    {
        return Reason::PppMalformed;
    }
    if (m_phase == Phase::Dead || frame->protocol == PPP_IP)
    {
        return Reason::PppNotOpen;
    }
    if (!IsControl(frame->protocol))
    {
        return RefuseProtocol(*frame);
    }
    return packet ? Dispatch(*frame, *packet, now) : Reason::PppMalformed;
}

void Session::Impl::RecordReceived(const std::optional<FrameView>& frame,
                                   const std::optional<ControlPacket>& packet,
                                   TraceTag tag,
                                   Instant now) const
{
    const Reason refused = m_out->refused != Reason::None ? m_out->refused : m_denied;
    const EventType type =
        refused == Reason::None ? EventType::MessageReceived : EventType::MessageRefused;
    if (!m_tracer.Wants(type))
    {
        return;
    }
    const std::string name = packet  ? MessageName(frame->protocol, packet->code)
                             : frame ? ProtocolName(frame->protocol) + " frame"
                                     : "PPP frame";
    m_tracer.Message(type,
                     Layer::Ppp,
                     tag,
                     now,
                     name,
                     refused,
                     0,
                     packet ? Describe(frame->protocol, *packet) : "");
}

Reason Session::Impl::Dispatch(const FrameView& frame, const ControlPacket& packet, Instant now)
{
    switch (frame.protocol)
    {
    case PPP_LCP:
        return ReceiveLcp(packet, now);
    case PPP_PAP:
    case PPP_CHAP:
        return ReceiveAuthentication(frame, packet, now);
    case PPP_IPCP:
        return ReceiveIpcp(packet, now);
    default: // CCP; IsControl() knows no other
        return ReceiveCcp(frame, packet, now);
    }
}

Reason Session::Impl::ReceiveLcp(const ControlPacket& packet, Instant now)
{
    if (packet.code >= PROTOCOL_REJECT && packet.code <= TIME_REMAINING)
    {
        return ReceiveLcpExtra(packet, now);
    }
    const Signals signals = m_lcp.Receive(packet, now, m_out->frames);
    OnLcp(signals, now);
    const bool left = m_lcp.Current() >= State::ReqSent;
    if (packet.code == TERMINATE_REQUEST && left && m_phase == Phase::Establish)
    {
        // RFC 1661 4.1 would go on configuring; a peer that leaves while LCP is negotiated is gone.
        Settle(PeerTerminated());
        m_lcp.Down(now, m_out->frames);
        Finish();
    }
    return signals.refused;
}

Reason Session::Impl::ReceiveLcpExtra(const ControlPacket& packet, Instant now)
{
    if (!LcpOpen())
    {
        return Reason::PppNotOpen;
    }
    switch (packet.code)
    {
    case PROTOCOL_REJECT:
        return ReceiveProtocolReject(packet, now);
    case ECHO_REQUEST:
    case ECHO_REPLY:
    case DISCARD_REQUEST:
        return ReceiveEcho(packet, now);
    default: // Identification, Time-Remaining: for the eye only
        return packet.data.size() < 4 ? Reason::PppMalformed : Reason::None;
    }
}

Reason Session::Impl::ReceiveEcho(const ControlPacket& packet, Instant now)
{
    if (packet.data.size() < 4)
    {
        return Reason::PppMalformed;
    }
    const std::uint32_t own = m_lcpPolicy.Magic();
    if (own != 0 && Load32(packet.data.data()) == own)
    {
        // RFC 1661 6.4: one's own magic number has come back.
        Fail({Reason::PppLoopback, MessageName(PPP_LCP, packet.code)}, now);
        return Reason::None;
    }
    if (packet.code == ECHO_REQUEST)
    {
        SendLcp(ECHO_REPLY, packet.id, WithMagic(packet.data.Sub(4)));
    }
    else if (packet.code == ECHO_REPLY)
    {
        if (packet.id != m_echoId || m_echoUnanswered == 0)
        {
            return Reason::PppUnexpectedMessage;
        }
        m_echoUnanswered = 0;
    }
    return Reason::None;
}

Reason Session::Impl::ReceiveProtocolReject(const ControlPacket& packet, Instant now)
{
    if (packet.data.size() < 2)
    {
        return Reason::PppMalformed;
    }
    const std::uint16_t protocol = Load16(packet.data.data());
    if (protocol == PPP_LCP)
    {
        OnLcp(m_lcp.ProtocolRejected(now, m_out->frames), now);
    }
    else if (protocol == PPP_CCP)
    {
        m_ccp.ProtocolRejected(now, m_out->frames);
    }
    else if (protocol == PPP_IPCP)
    {
        OnIpcp(m_ipcp.ProtocolRejected(now, m_out->frames), now);
    }
    else if (protocol == PPP_IP || (m_auth && m_auth->ProtocolNumber() == protocol))
    {
        Fail({Reason::PppProtocolRejected, ProtocolName(protocol)}, now);
    }
    return Reason::None;
}

Reason Session::Impl::ReceiveAuthentication(const FrameView& frame,
                                            const ControlPacket& packet,
                                            Instant now)
{
    if (!LcpOpen())
    {
        return Reason::PppNotOpen;
    }
    if (!m_auth || m_auth->ProtocolNumber() != frame.protocol)
    {
        return RefuseProtocol(frame);
    }
    const AuthResult result = m_auth->Receive(packet, now, m_out->frames);
    m_denied = result.denied;
    OnAuthentication(result, now);
    return result.refused;
}

Reason Session::Impl::ReceiveIpcp(const ControlPacket& packet, Instant now)
{
    // RFC 1661 3.5: silently, as long as authentication is not over.
    if (m_phase != Phase::Network && m_phase != Phase::Open)
    {
        return Reason::PppNotOpen;
    }
    const Signals signals = m_ipcp.Receive(packet, now, m_out->frames);
    OnIpcp(signals, now);
    return signals.refused;
}

Reason Session::Impl::ReceiveCcp(const FrameView& frame, const ControlPacket& packet, Instant now)
{
    if (m_phase != Phase::Network && m_phase != Phase::Open)
    {
        return Reason::PppNotOpen;
    }
    switch (m_config->ccp)
    {
    case CcpMode::ProtocolReject:
        return RefuseProtocol(frame);
    case CcpMode::ConfigureReject:
        RefuseCcp(packet);
        return Reason::None;
    default:
        break;
    }
    const Signals signals = m_ccp.Receive(packet, now, m_out->frames);
    OnCcp(signals, now);
    return signals.refused;
}

/** The polite no: every option is rejected, and an end without wishes is left in peace. */
void Session::Impl::RefuseCcp(const ControlPacket& packet)
{
    if (packet.code == CONFIGURE_REQUEST)
    {
        const std::uint8_t code = packet.data.empty() ? CONFIGURE_ACK : CONFIGURE_REJECT;
        Send(m_out->frames, PPP_CCP, {code, packet.id, packet.data});
    }
    else if (packet.code == TERMINATE_REQUEST)
    {
        Send(m_out->frames, PPP_CCP, {TERMINATE_ACK, packet.id, {}});
    }
    else if (packet.code > CCP_RESET_ACK)
    {
        const Bytes rejected = packet.Build();
        const ByteView part = ByteView(rejected).Sub(0, m_lcpPolicy.PeerMru() - 4u);
        Send(m_out->frames, PPP_CCP, {CODE_REJECT, m_ccp.NextId(), part});
    }
}

Reason Session::Impl::RefuseProtocol(const FrameView& frame)
{
    if (!LcpOpen())
    {
        return Reason::PppNotOpen; // RFC 1661 3.4: silently, before LCP is open
    }
    Bytes data;
    Append16(data, frame.protocol);
    Append(data, frame.information.Sub(0, m_lcpPolicy.PeerMru() - 6u)); // RFC 1661 5.7
    SendLcp(PROTOCOL_REJECT, m_lcp.NextId(), data);
    return Reason::PppProtocolRejected;
}

} // namespace nattlab::ppp
