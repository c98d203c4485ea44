// SPDX-License-Identifier: GPL-2.0-only
#include "model/firewall/reject.h"

#include "model/packet/ipv4.h"

namespace nattlab
{

std::optional<Bytes>
BuildTcpReset(ByteView packet)
{
    const auto header = Ipv4Header::Parse(packet);
    if (!header || header->protocol != IP_TCP || header->fragmentOffset != 0)
    {
        return std::nullopt;
    }
    const ByteView segment = ip::Payload(packet);
    const auto tcp = TcpHeader::Parse(segment);
    if (!tcp || (tcp->flags & TcpHeader::RST) != 0)
    {
        return std::nullopt;
    }
    TcpHeader reset;
    reset.sourcePort = tcp->destinationPort;
    reset.destinationPort = tcp->sourcePort;
    reset.flags = TcpHeader::RST;
    if ((tcp->flags & TcpHeader::ACK) != 0)
    {
        reset.sequence = tcp->acknowledgment;
    }
    else
    {
        const auto length = static_cast<std::uint32_t>(segment.size() - tcp->headerLength);
        reset.flags |= TcpHeader::ACK;
        reset.acknowledgment = tcp->sequence + length + ((tcp->flags & TcpHeader::SYN) != 0) +
                               ((tcp->flags & TcpHeader::FIN) != 0);
    }
    Ipv4Header outer;
    outer.protocol = IP_TCP;
    outer.source = header->destination;
    outer.destination = header->source;
    return outer.Build(reset.Build(outer.source, outer.destination, {}));
}

std::optional<Bytes>
BuildReject(RejectKind kind, Ipv4Address from, ByteView packet)
{
    if (kind != RejectKind::TcpReset)
    {
        return BuildIcmpError(from, packet, ICMP_UNREACHABLE, static_cast<std::uint8_t>(kind));
    }
    const auto header = Ipv4Header::Parse(packet);
    if (header && header->protocol == IP_TCP)
    {
        return BuildTcpReset(packet);
    }
    return BuildIcmpError(from, packet, ICMP_UNREACHABLE, ICMP_PORT_UNREACHABLE);
}

} // namespace nattlab
