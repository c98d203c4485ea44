// SPDX-License-Identifier: GPL-2.0-only
#ifndef NATTLAB_PACKET_FLOW_H
#define NATTLAB_PACKET_FLOW_H

#include "model/packet/address.h"
#include "model/packet/bytes.h"

#include <cstdint>
#include <functional>
#include <string>

namespace nattlab
{

/**
 * What a box can tell about a packet from its headers: the basis of tables and of event records.
 *
 * Ports are UDP or TCP ports. For ICMP echo both are the identifier; for other ICMP they are type
 * and code. Without a transport header (a later fragment, another protocol) they are 0. The SPI is
 * that of bare ESP, or of ESP in UDP 4500.
 */
struct Flow
{
    Ipv4Address source;
    Ipv4Address destination;
    std::uint16_t sourcePort{0};
    std::uint16_t destinationPort{0};
    std::uint32_t spi{0};
    std::uint16_t length{0}; //!< total length of the IPv4 packet, bytes
    std::uint8_t protocol{0};
    bool fragment{false}; //!< any fragment, the first one included

    /** \return "udp 192.0.2.1:500 > 198.51.100.1:500 (112 bytes)". */
    std::string ToString() const;
};

bool operator==(const Flow& a, const Flow& b);

/** Read the flow of a packet; what cannot be read stays 0. */
Flow FlowOf(ByteView packet);

/** \return "udp", "tcp", "icmp", "esp", "ah", "gre" or the number. */
std::string ProtocolName(std::uint8_t protocol);

/** The five numbers that transport tables are keyed by. */
struct FlowKey
{
    Ipv4Address source;
    Ipv4Address destination;
    std::uint16_t sourcePort{0};
    std::uint16_t destinationPort{0};
    std::uint8_t protocol{0};

    FlowKey Reversed() const
    {
        return {destination, source, destinationPort, sourcePort, protocol};
    }
};

inline FlowKey
KeyOf(const Flow& f)
{
    return {f.source, f.destination, f.sourcePort, f.destinationPort, f.protocol};
}

inline bool
operator==(const FlowKey& a, const FlowKey& b)
{
    return a.source == b.source && a.destination == b.destination && a.sourcePort == b.sourcePort &&
           a.destinationPort == b.destinationPort && a.protocol == b.protocol;
}

} // namespace nattlab

template <>
struct std::hash<nattlab::FlowKey>
{
    std::size_t operator()(const nattlab::FlowKey& k) const
    {
        const std::size_t addresses = nattlab::HashCombine(
            k.protocol, std::uint64_t{k.source.value} << 32 | k.destination.value);
        return nattlab::HashCombine(addresses,
                                    std::uint32_t{k.sourcePort} << 16 | k.destinationPort);
    }
};

#endif
