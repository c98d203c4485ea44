// SPDX-License-Identifier: GPL-2.0-only
#include "model/packet/flow.h"

#include "model/packet/ipv4.h"

namespace nattlab
{

namespace
{

constexpr std::uint16_t NAT_T_PORT = 4500; // RFC 3948 2

} // namespace

bool
operator==(const Flow& a, const Flow& b)
{
    return KeyOf(a) == KeyOf(b) && a.spi == b.spi && a.length == b.length &&
           a.fragment == b.fragment;
}

Flow
FlowOf(ByteView packet)
{
    Flow f;
    if (packet.size() < 20)
    {
        return f;
    }
    f.source = ip::Source(packet);
    f.destination = ip::Destination(packet);
    f.protocol = ip::Protocol(packet);
    f.length = Load16(packet.data() + 2);
    const std::uint16_t fragment = Load16(packet.data() + 6);
    f.fragment = (fragment & 0x3fff) != 0;
    if ((fragment & 0x1fff) != 0)
    {
        return f;
    }
    const ByteView payload = ip::Payload(packet);
    if ((f.protocol == IP_UDP || f.protocol == IP_TCP) && payload.size() >= 4)
    {
        f.sourcePort = Load16(payload.data());
        f.destinationPort = Load16(payload.data() + 2);
        if (f.protocol == IP_UDP && payload.size() >= 16 &&
            (f.sourcePort == NAT_T_PORT || f.destinationPort == NAT_T_PORT))
        {
            f.spi = Load32(payload.data() + 8); // 0 is the non-ESP marker
        }
    }
    else if (f.protocol == IP_ICMP && payload.size() >= 8)
    {
        const bool echo = payload[0] == ICMP_ECHO || payload[0] == ICMP_ECHO_REPLY;
        f.sourcePort = echo ? Load16(payload.data() + 4) : payload[0];
        f.destinationPort = echo ? f.sourcePort : payload[1];
    }
    else if (f.protocol == IP_ESP && payload.size() >= 4)
    {
        f.spi = Load32(payload.data());
    }
    return f;
}

std::string
ProtocolName(std::uint8_t protocol)
{
    switch (protocol)
    {
    case IP_ICMP:
        return "icmp";
    case IP_TCP:
        return "tcp";
    case IP_UDP:
        return "udp";
    case IP_GRE:
        return "gre";
    case IP_ESP:
        return "esp";
    case IP_AH:
        return "ah";
    default:
        return std::to_string(protocol);
    }
}

std::string
Flow::ToString() const
{
    const bool ports = protocol == IP_UDP || protocol == IP_TCP;
    std::string text = ProtocolName(protocol) + " " + source.ToString();
    if (ports && sourcePort != 0)
    {
        text += ":" + std::to_string(sourcePort);
    }
    text += " > " + destination.ToString();
    if (ports && destinationPort != 0)
    {
        text += ":" + std::to_string(destinationPort);
    }
    if (spi != 0)
    {
        static const char digits[] = "0123456789abcdef";
        text += " spi 0x";
        for (int shift = 28; shift >= 0; shift -= 4)
        {
            text += digits[spi >> shift & 15];
        }
    }
    return text + " (" + std::to_string(length) + " bytes" + (fragment ? ", fragment)" : ")");
}

} // namespace nattlab
