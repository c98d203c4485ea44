// SPDX-License-Identifier: GPL-2.0-only
#include "model/endpoint/traffic.h"

#include "model/packet/ipv4.h"

#include <algorithm>
#include <utility>

namespace nattlab
{

namespace
{

constexpr std::uint16_t ECHO_PORT = 7; // RFC 862
constexpr std::size_t SEQUENCE_SIZE = 4;

/** Sequence number, then a pattern that a reader of a capture recognizes. */
Bytes
Payload(std::uint32_t sequence, std::size_t size)
{
    Bytes payload(std::max(size, SEQUENCE_SIZE));
    Store32(payload.data(), sequence);
    for (std::size_t i = SEQUENCE_SIZE; i < payload.size(); ++i)
    {
        payload[i] = static_cast<std::uint8_t>('a' + i % 26);
    }
    return payload;
}

std::optional<Bytes>
AnswerToTcp(ByteView packet, ByteView segment)
{
    const auto tcp = TcpHeader::Parse(segment);
    if (!tcp || (tcp->flags & TcpHeader::RST) || !(tcp->flags & TcpHeader::SYN))
    {
        return std::nullopt;
    }
    TcpHeader reset; // RFC 793 3.4: nobody listens
    reset.sourcePort = tcp->destinationPort;
    reset.destinationPort = tcp->sourcePort;
    reset.acknowledgment = tcp->sequence + 1;
    reset.flags = TcpHeader::RST | TcpHeader::ACK;
    return reset.Build(ip::Destination(packet), ip::Source(packet), {});
}

} // namespace

Bytes
BuildTrafficSegment(const TrafficPacket& packet, Ipv4Address source)
{
    const Endpoint from{source, packet.sourcePort};
    const Endpoint to{packet.destination, packet.destinationPort};
    switch (packet.protocol)
    {
    case IP_ICMP:
    {
        IcmpHeader echo;
        echo.type = ICMP_ECHO;
        echo.rest = std::uint32_t{packet.sourcePort} << 16 | (packet.sequence & 0xffff);
        return echo.Build(Payload(packet.sequence, packet.size));
    }
    case IP_UDP:
        return BuildUdp(from, to, Payload(packet.sequence, packet.size));
    case IP_TCP:
    {
        TcpHeader syn;
        syn.sourcePort = packet.sourcePort;
        syn.destinationPort = packet.destinationPort;
        syn.sequence = packet.sequence;
        syn.flags = TcpHeader::SYN;
        syn.window = 65535;
        return syn.Build(source, packet.destination, {});
    }
    default:
    {
        Bytes esp;
        Append32(esp, 0x0e570000 | packet.sourcePort); // an SPI of no SA
        Append32(esp, packet.sequence);
        Append(esp, Payload(packet.sequence, packet.size));
        return esp;
    }
    }
}

std::optional<Bytes>
AnswerTo(ByteView packet, Ipv4Address own)
{
    if (ip::Destination(packet) != own)
    {
        return std::nullopt;
    }
    const ByteView segment = ip::Payload(packet);
    switch (ip::Protocol(packet))
    {
    case IP_ICMP:
    {
        auto icmp = IcmpHeader::Parse(segment);
        if (!icmp || icmp->type != ICMP_ECHO)
        {
            return std::nullopt;
        }
        icmp->type = ICMP_ECHO_REPLY;
        return icmp->Build(segment.Sub(IcmpHeader::SIZE));
    }
    case IP_UDP:
    {
        const auto udp = UdpHeader::Parse(segment);
        if (!udp || udp->destinationPort != ECHO_PORT || udp->sourcePort == ECHO_PORT ||
            !UdpChecksumOk(ip::Source(packet), own, segment))
        {
            return std::nullopt;
        }
        return BuildUdp({own, ECHO_PORT},
                        {ip::Source(packet), udp->sourcePort},
                        segment.Sub(UdpHeader::SIZE, udp->length - UdpHeader::SIZE));
    }
    case IP_TCP:
        return AnswerToTcp(packet, segment);
    default:
        return std::nullopt;
    }
}

TrafficSources::TrafficSources(Tracer tracer)
    : m_tracer(tracer)
{
}

void
TrafficSources::Start(const TrafficRequest& request, Instant now)
{
    Source source;
    source.request = request;
    source.port = request.sourcePort != 0 ? request.sourcePort : m_nextPort++;
    source.answered.assign(request.count, false);
    m_sources[request.id] = std::move(source);
    m_timers.Set(request.id, now);
}

std::vector<TrafficPacket>
TrafficSources::Expire(Instant now)
{
    std::vector<TrafficPacket> packets;
    while (const auto id = m_timers.PopDue(now))
    {
        Source& source = m_sources.at(*id);
        const TrafficRequest& request = source.request;
        if (source.sent == request.count)
        {
            Report(source, now);
            m_sources.erase(*id);
            continue;
        }
        ++source.sent;
        static constexpr std::uint8_t PROTOCOLS[] = {IP_ICMP, IP_UDP, IP_TCP, IP_ESP};
        packets.push_back({request.id,
                           request.tunnel,
                           request.destination,
                           PROTOCOLS[static_cast<std::size_t>(request.kind)],
                           source.port,
                           request.destinationPort,
                           source.sent,
                           request.size});
        m_timers.Set(*id,
                     now + (source.sent == request.count ? request.patience : request.interval));
    }
    return packets;
}

void
TrafficSources::NotSent(ConnectionId id, Reason reason)
{
    const auto it = m_sources.find(id);
    if (it != m_sources.end())
    {
        ++it->second.refused;
        it->second.refusal = reason;
    }
}

bool
TrafficSources::Take(ByteView packet, Instant now)
{
    const Flow flow = FlowOf(packet);
    const ByteView segment = ip::Payload(packet);
    for (auto& [id, source] : m_sources)
    {
        const bool ping = source.request.kind == TrafficKind::Ping && flow.protocol == IP_ICMP &&
                          segment.size() >= IcmpHeader::SIZE + SEQUENCE_SIZE &&
                          segment[0] == ICMP_ECHO_REPLY && flow.sourcePort == source.port;
        const bool udp = source.request.kind == TrafficKind::Udp && flow.protocol == IP_UDP &&
                         segment.size() >= UdpHeader::SIZE + SEQUENCE_SIZE &&
                         flow.destinationPort == source.port &&
                         flow.sourcePort == source.request.destinationPort;
        const bool tcp = source.request.kind == TrafficKind::Tcp && flow.protocol == IP_TCP &&
                         segment.size() >= 20 && flow.destinationPort == source.port &&
                         flow.sourcePort == source.request.destinationPort;
        if (!ping && !udp && !tcp)
        {
            continue;
        }
        // ICMP and UDP headers are of one size; a TCP answer acknowledges the SYN's number.
        const std::uint32_t sequence =
            tcp ? Load32(segment.data() + 8) - 1 : Load32(segment.data() + UdpHeader::SIZE);
        if (sequence >= 1 && sequence <= source.answered.size())
        {
            source.answered[sequence - 1] = true;
        }
        if (source.sent == source.request.count &&
            std::count(source.answered.begin(), source.answered.end(), false) == 0)
        {
            m_timers.Set(id, now); // nothing to wait for any more
        }
        return true;
    }
    return false;
}

std::optional<Instant>
TrafficSources::Deadline() const
{
    return m_timers.Next();
}

void
TrafficSources::Finish(Instant now)
{
    for (const auto& [id, source] : m_sources)
    {
        m_timers.Cancel(id);
        Report(source, now);
    }
    m_sources.clear();
}

void
TrafficSources::Report(const Source& source, Instant now) const
{
    const auto arrived = std::count(source.answered.begin(), source.answered.end(), true);
    Event event;
    event.time = now;
    event.type = EventType::TrafficDone;
    event.layer = Layer::Data;
    event.tag.connection = source.request.id;
    event.subject = source.request.name;
    event.value = arrived;
    if (static_cast<std::size_t>(arrived) < source.request.count)
    {
        event.reason = source.refused > 0 ? source.refusal : Reason::DataLost;
    }
    m_tracer.Record(std::move(event));
}

} // namespace nattlab
