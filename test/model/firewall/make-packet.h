// SPDX-License-Identifier: GPL-2.0-only
#ifndef NATTLAB_TEST_FIREWALL_MAKE_PACKET_H
#define NATTLAB_TEST_FIREWALL_MAKE_PACKET_H

#include "model/packet/ipv4.h"

#include <cstdint>
#include <string_view>

namespace nattlab
{

/** "192.0.2.1" as an address. */
inline Ipv4Address
At(std::string_view address)
{
    return Ipv4Address::Parse(address).value();
}

/** "192.0.2.0/24" as a block. */
inline Ipv4Prefix
Block(std::string_view prefix)
{
    return Ipv4Prefix::Parse(prefix).value();
}

/** A packet of any protocol. */
inline Bytes
IpPacket(std::string_view from, std::string_view to, std::uint8_t protocol, ByteView payload)
{
    Ipv4Header header;
    header.source = At(from);
    header.destination = At(to);
    header.protocol = protocol;
    header.identification = 77;
    return header.Build(payload);
}

/** A UDP packet. */
inline Bytes
UdpPacket(std::string_view from,
          std::uint16_t fromPort,
          std::string_view to,
          std::uint16_t toPort,
          std::size_t payload = 32)
{
    const Bytes data(payload, 0x5a);
    return IpPacket(from, to, IP_UDP, BuildUdp({At(from), fromPort}, {At(to), toPort}, data));
}

/** A TCP segment without data. */
inline Bytes
TcpPacket(std::string_view from,
          std::uint16_t fromPort,
          std::string_view to,
          std::uint16_t toPort,
          int flags)
{
    TcpHeader tcp;
    tcp.sourcePort = fromPort;
    tcp.destinationPort = toPort;
    tcp.sequence = 1000;
    tcp.acknowledgment = (flags & TcpHeader::ACK) != 0 ? 2000 : 0;
    tcp.flags = static_cast<std::uint8_t>(flags);
    return IpPacket(from, to, IP_TCP, tcp.Build(At(from), At(to), {}));
}

/** An ICMP message. */
inline Bytes
IcmpPacket(std::string_view from,
           std::string_view to,
           std::uint8_t type,
           std::uint8_t code = 0,
           std::uint32_t rest = 0,
           ByteView data = {})
{
    return IpPacket(from, to, IP_ICMP, IcmpHeader{type, code, rest}.Build(data));
}

} // namespace nattlab

#endif
