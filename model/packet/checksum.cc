// SPDX-License-Identifier: GPL-2.0-only
#include "model/packet/checksum.h"

namespace nattlab
{

std::uint16_t
InternetChecksum(ByteView bytes, std::uint32_t start)
{
    std::uint64_t sum = start;
    const std::uint8_t* p = bytes.data();
    std::size_t left = bytes.size();
    for (; left >= 8; p += 8, left -= 8)
    {
        const std::uint64_t eight = Load64(p);
        sum += (eight >> 32) + (eight & 0xffffffff);
    }
    for (; left >= 2; p += 2, left -= 2)
    {
        sum += Load16(p);
    }
    if (left == 1)
    {
        sum += std::uint32_t{*p} << 8;
    }
    while (sum >> 16)
    {
        sum = (sum & 0xffff) + (sum >> 16);
    }
    return static_cast<std::uint16_t>(~sum);
}

std::uint32_t
PseudoHeaderSum(Ipv4Address source,
                Ipv4Address destination,
                std::uint8_t protocol,
                std::uint16_t length)
{
    return (source.value >> 16) + (source.value & 0xffff) + (destination.value >> 16) +
           (destination.value & 0xffff) + protocol + length;
}

std::uint16_t
UpdateChecksum16(std::uint16_t checksum, std::uint16_t before, std::uint16_t after)
{
    if (before == after)
    {
        return checksum;
    }
    std::uint32_t sum = static_cast<std::uint16_t>(~checksum) +
                        std::uint32_t{static_cast<std::uint16_t>(~before)} + after;
    sum = (sum & 0xffff) + (sum >> 16);
    sum = (sum & 0xffff) + (sum >> 16);
    return static_cast<std::uint16_t>(~sum);
}

std::uint16_t
UpdateChecksum32(std::uint16_t checksum, std::uint32_t before, std::uint32_t after)
{
    checksum = UpdateChecksum16(checksum,
                                static_cast<std::uint16_t>(before >> 16),
                                static_cast<std::uint16_t>(after >> 16));
    return UpdateChecksum16(
        checksum, static_cast<std::uint16_t>(before), static_cast<std::uint16_t>(after));
}

} // namespace nattlab
