// SPDX-License-Identifier: GPL-2.0-only
#include "model/router/local-service.h"

#include "model/firewall/reject.h"
#include "model/packet/ipv4.h"

namespace nattlab
{

namespace
{

LocalOutcome
ServeIcmp(ByteView packet, bool answersPing)
{
    const ByteView message = ip::Payload(packet);
    auto header = IcmpHeader::Parse(message);
    if (!header)
    {
        return {Reason::IpBadChecksum, {}, false};
    }
    if (header->type != ICMP_ECHO)
    {
        return {};
    }
    if (!answersPing)
    {
        return {Reason::IpEchoIgnored, {}, false};
    }
    header->type = ICMP_ECHO_REPLY;
    Ipv4Header outer;
    outer.tos = packet[1];
    outer.protocol = IP_ICMP;
    outer.source = ip::Destination(packet);
    outer.destination = ip::Source(packet);
    return {Reason::None, outer.Build(header->Build(message.Sub(IcmpHeader::SIZE))), false};
}

} // namespace

LocalOutcome
ServeLocally(ByteView packet, bool answersPing)
{
    // RFC 1122 3.2.2: an error about a datagram comes from the address that it was sent to.
    const Ipv4Address self = ip::Destination(packet);
    switch (ip::Protocol(packet))
    {
    case IP_ICMP:
        return ServeIcmp(packet, answersPing);
    case IP_TCP:
        return {Reason::IpPortUnreachable, BuildTcpReset(packet), false};
    case IP_UDP:
        return {Reason::IpPortUnreachable,
                BuildIcmpError(self, packet, ICMP_UNREACHABLE, ICMP_PORT_UNREACHABLE),
                true};
    default:
        return {Reason::IpProtocolUnreachable,
                BuildIcmpError(self, packet, ICMP_UNREACHABLE, ICMP_PROTOCOL_UNREACHABLE),
                true};
    }
}

} // namespace nattlab
