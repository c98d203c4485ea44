// SPDX-License-Identifier: GPL-2.0-only
#include "model/esp/encapsulation.h"

#include "model/packet/checksum.h"
#include "model/packet/ipv4.h"

namespace nattlab::esp
{

namespace
{

constexpr std::uint8_t KEEPALIVE = 0xff;    // RFC 3948 2.3
constexpr std::size_t ESP_HEADER_SIZE = 8;  // SPI and sequence number
constexpr std::size_t UDP_CHECKSUM_AT = 6;  // RFC 768
constexpr std::size_t TCP_CHECKSUM_AT = 16; // RFC 793 3.1
constexpr std::size_t TCP_HEADER_SIZE = 20;

void
Recompute(Bytes& segment,
          std::size_t at,
          std::uint8_t protocol,
          Ipv4Address source,
          Ipv4Address destination)
{
    Store16(&segment[at], 0);
    const auto length = static_cast<std::uint16_t>(segment.size());
    const std::uint16_t sum =
        InternetChecksum(segment, PseudoHeaderSum(source, destination, protocol, length));
    Store16(&segment[at], protocol == IP_UDP && sum == 0 ? 0xffff : sum);
}

} // namespace

NatTPayload
Classify(ByteView udpPayload)
{
    if (udpPayload.size() == 1 && udpPayload[0] == KEEPALIVE)
    {
        return NatTPayload::Keepalive;
    }
    if (udpPayload.size() < NON_ESP_MARKER_SIZE)
    {
        return NatTPayload::Malformed;
    }
    if (Load32(udpPayload.data()) == 0)
    {
        return NatTPayload::Ike;
    }
    return udpPayload.size() < ESP_HEADER_SIZE ? NatTPayload::Malformed : NatTPayload::Esp;
}

Bytes
AddNonEspMarker(ByteView ike)
{
    Bytes payload;
    payload.reserve(NON_ESP_MARKER_SIZE + ike.size());
    payload.resize(NON_ESP_MARKER_SIZE);
    Append(payload, ike);
    return payload;
}

ByteView
StripNonEspMarker(ByteView udpPayload)
{
    return udpPayload.Sub(NON_ESP_MARKER_SIZE);
}

void
FixTransportChecksum(Bytes& segment,
                     std::uint8_t protocol,
                     ChecksumFix fix,
                     Ipv4Address originalSource,
                     Ipv4Address originalDestination,
                     Ipv4Address source,
                     Ipv4Address destination)
{
    const bool udp = protocol == IP_UDP && segment.size() >= UdpHeader::SIZE;
    const bool tcp = protocol == IP_TCP && segment.size() >= TCP_HEADER_SIZE;
    if (fix == ChecksumFix::None || (!udp && !tcp))
    {
        return;
    }
    const std::size_t at = udp ? UDP_CHECKSUM_AT : TCP_CHECKSUM_AT;
    const std::uint16_t before = Load16(&segment[at]);
    if (udp && before == 0)
    {
        return;
    }
    if (fix == ChecksumFix::Incremental)
    {
        std::uint16_t sum = UpdateChecksum32(before, originalSource.value, source.value);
        sum = UpdateChecksum32(sum, originalDestination.value, destination.value);
        Store16(&segment[at], udp && sum == 0 ? 0xffff : sum);
    }
    else if (fix == ChecksumFix::ZeroUdp && udp)
    {
        Store16(&segment[at], 0);
    }
    else
    {
        Recompute(segment, at, protocol, source, destination);
    }
}

} // namespace nattlab::esp
