// SPDX-License-Identifier: GPL-2.0-only
#include "model/packet/ipv4.h"

#include "model/packet/checksum.h"

namespace nattlab
{

namespace
{

constexpr std::uint16_t DONT_FRAGMENT = 0x4000;
constexpr std::uint16_t MORE_FRAGMENTS = 0x2000;
constexpr std::uint16_t OFFSET_MASK = 0x1fff;

} // namespace

std::optional<Ipv4Header>
Ipv4Header::Parse(ByteView packet)
{
    if (packet.size() < 20 || packet[0] >> 4 != 4)
    {
        return std::nullopt;
    }
    Ipv4Header h;
    h.headerLength = ip::HeaderLength(packet);
    h.totalLength = Load16(packet.data() + 2);
    if (h.headerLength < 20 || h.totalLength < h.headerLength || h.totalLength > packet.size() ||
        InternetChecksum(packet.Sub(0, h.headerLength)) != 0)
    {
        return std::nullopt;
    }
    h.tos = packet[1];
    h.identification = Load16(packet.data() + 4);
    const std::uint16_t fragment = Load16(packet.data() + 6);
    h.dontFragment = (fragment & DONT_FRAGMENT) != 0;
    h.moreFragments = (fragment & MORE_FRAGMENTS) != 0;
    h.fragmentOffset = static_cast<std::uint16_t>((fragment & OFFSET_MASK) * 8);
    h.ttl = packet[8];
    h.protocol = packet[9];
    h.source = ip::Source(packet);
    h.destination = ip::Destination(packet);
    return h;
}

Bytes
Ipv4Header::Build(ByteView payload) const
{
    Bytes packet(20 + payload.size());
    packet[0] = 0x45;
    packet[1] = tos;
    Store16(&packet[2], static_cast<std::uint16_t>(packet.size()));
    Store16(&packet[4], identification);
    Store16(&packet[6],
            static_cast<std::uint16_t>((dontFragment ? DONT_FRAGMENT : 0) |
                                       (moreFragments ? MORE_FRAGMENTS : 0) | fragmentOffset / 8));
    packet[8] = ttl;
    packet[9] = protocol;
    Store32(&packet[12], source.value);
    Store32(&packet[16], destination.value);
    Store16(&packet[10], InternetChecksum(ByteView{packet.data(), 20}));
    if (!payload.empty())
    {
        std::memcpy(&packet[20], payload.data(), payload.size());
    }
    return packet;
}

namespace ip
{

ByteView
Payload(ByteView p)
{
    const std::size_t header = HeaderLength(p);
    const std::size_t total = Load16(p.data() + 2);
    return total > header ? p.Sub(header, total - header) : ByteView{};
}

void
FixChecksum(Bytes& packet)
{
    Store16(&packet[10], 0);
    Store16(&packet[10], InternetChecksum(ByteView{packet}.Sub(0, HeaderLength(packet))));
}

void
DecrementTtl(Bytes& packet)
{
    const std::uint16_t before = Load16(&packet[8]);
    --packet[8];
    Store16(&packet[10], UpdateChecksum16(Load16(&packet[10]), before, Load16(&packet[8])));
}

} // namespace ip

std::optional<UdpHeader>
UdpHeader::Parse(ByteView segment)
{
    if (segment.size() < SIZE)
    {
        return std::nullopt;
    }
    UdpHeader h;
    h.sourcePort = Load16(segment.data());
    h.destinationPort = Load16(segment.data() + 2);
    h.length = Load16(segment.data() + 4);
    h.checksum = Load16(segment.data() + 6);
    if (h.length < SIZE || h.length > segment.size())
    {
        return std::nullopt;
    }
    return h;
}

Bytes
BuildUdp(Endpoint source, Endpoint destination, ByteView payload, UdpChecksum checksum)
{
    Bytes segment(UdpHeader::SIZE + payload.size());
    const auto length = static_cast<std::uint16_t>(segment.size());
    Store16(&segment[0], source.port);
    Store16(&segment[2], destination.port);
    Store16(&segment[4], length);
    if (!payload.empty())
    {
        std::memcpy(&segment[UdpHeader::SIZE], payload.data(), payload.size());
    }
    if (checksum == UdpChecksum::Computed)
    {
        const std::uint16_t sum = InternetChecksum(
            segment, PseudoHeaderSum(source.address, destination.address, IP_UDP, length));
        Store16(&segment[6], sum == 0 ? 0xffff : sum);
    }
    return segment;
}

bool
UdpChecksumOk(Ipv4Address source, Ipv4Address destination, ByteView segment)
{
    const auto header = UdpHeader::Parse(segment);
    if (!header)
    {
        return false;
    }
    return header->checksum == 0 ||
           InternetChecksum(segment.Sub(0, header->length),
                            PseudoHeaderSum(source, destination, IP_UDP, header->length)) == 0;
}

std::optional<TcpHeader>
TcpHeader::Parse(ByteView segment)
{
    if (segment.size() < 20)
    {
        return std::nullopt;
    }
    ByteReader in(segment);
    TcpHeader h;
    h.sourcePort = in.Read16();
    h.destinationPort = in.Read16();
    h.sequence = in.Read32();
    h.acknowledgment = in.Read32();
    h.headerLength = static_cast<std::uint8_t>((in.Read8() >> 4) * 4);
    h.flags = in.Read8();
    h.window = in.Read16();
    if (h.headerLength < 20 || h.headerLength > segment.size())
    {
        return std::nullopt;
    }
    return h;
}

Bytes
TcpHeader::Build(Ipv4Address source, Ipv4Address destination, ByteView payload) const
{
    Bytes segment;
    segment.reserve(20 + payload.size());
    Append16(segment, sourcePort);
    Append16(segment, destinationPort);
    Append32(segment, sequence);
    Append32(segment, acknowledgment);
    Append8(segment, 5 << 4);
    Append8(segment, flags);
    Append16(segment, window);
    Append32(segment, 0);
    Append(segment, payload);
    const auto length = static_cast<std::uint16_t>(segment.size());
    Store16(&segment[16],
            InternetChecksum(segment, PseudoHeaderSum(source, destination, IP_TCP, length)));
    return segment;
}

std::optional<IcmpHeader>
IcmpHeader::Parse(ByteView message)
{
    if (message.size() < SIZE || InternetChecksum(message) != 0)
    {
        return std::nullopt;
    }
    IcmpHeader h;
    h.type = message[0];
    h.code = message[1];
    h.rest = Load32(message.data() + 4);
    return h;
}

Bytes
IcmpHeader::Build(ByteView data) const
{
    Bytes message;
    message.reserve(SIZE + data.size());
    Append8(message, type);
    Append8(message, code);
    Append16(message, 0);
    Append32(message, rest);
    Append(message, data);
    Store16(&message[2], InternetChecksum(message));
    return message;
}

std::optional<Bytes>
BuildIcmpError(Ipv4Address from,
               ByteView offending,
               std::uint8_t type,
               std::uint8_t code,
               std::uint32_t rest)
{
    const auto header = Ipv4Header::Parse(offending);
    if (!header || header->fragmentOffset != 0 || header->destination.IsMulticast() ||
        header->destination.value == 0xffffffff || header->source.IsAny())
    {
        return std::nullopt;
    }
    if (header->protocol == IP_ICMP)
    {
        const ByteView message = ip::Payload(offending);
        if (message.empty() || IcmpHeader{message[0], 0, 0}.IsError())
        {
            return std::nullopt;
        }
    }
    Ipv4Header outer;
    outer.protocol = IP_ICMP;
    outer.source = from;
    outer.destination = header->source;
    const ByteView whole = offending.Sub(0, header->totalLength);
    return outer.Build(IcmpHeader{type, code, rest}.Build(whole.Sub(0, header->headerLength + 8u)));
}

} // namespace nattlab
