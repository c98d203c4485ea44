// SPDX-License-Identifier: GPL-2.0-only
/**
 * \file
 * What a NAT reads from a packet, and how it rewrites addresses and ports.
 */
#ifndef NATTLAB_NAT_HEADERS_H
#define NATTLAB_NAT_HEADERS_H

#include "model/packet/ipv4.h"

#include <cstdint>
#include <optional>

namespace nattlab::nat
{

/** What follows the IPv4 header, as a NAT sees it. */
enum class Transport : std::uint8_t
{
    Ports,       //!< UDP or TCP
    EchoRequest, //!< ICMP echo request
    EchoReply,   //!< ICMP echo reply
    IcmpError,   //!< ICMP that quotes a packet
    IcmpOther,   //!< any other ICMP
    Portless,    //!< another protocol
    Later,       //!< a later fragment: nothing can be known
    Truncated,   //!< too short for the fields that translation needs
};

/** The fields that translation looks at. */
struct Headers
{
    Ipv4Header ip;
    Transport transport{Transport::Truncated};
    std::uint16_t sourcePort{0};      //!< echo: the identifier
    std::uint16_t destinationPort{0}; //!< echo: the identifier
    std::uint8_t tcpFlags{0};
    std::uint32_t spi{0}; //!< of ESP

    Endpoint Source() const
    {
        return {ip.source, sourcePort};
    }

    Endpoint Destination() const
    {
        return {ip.destination, destinationPort};
    }
};

/** Read a packet; nothing when the IPv4 header is not valid. */
std::optional<Headers> ReadHeaders(ByteView packet);

/**
 * Read the packet that an ICMP error quotes; eight bytes after its header are enough (RFC 792).
 * \return nothing when its IPv4 header is damaged (RFC 5508 REQ-3 a)
 */
std::optional<Headers> ReadQuoted(ByteView icmpError);

/** Which end of a packet is rewritten. */
enum class Side : std::uint8_t
{
    Source,
    Destination,
};

/**
 * Replace one address, and the port or echo identifier where there is one, and update all
 * checksums incrementally (RFC 3022 4.1 to 4.3, RFC 1624). A later fragment changes only its
 * address.
 */
void Rewrite(Bytes& packet, Side side, Endpoint to);

/** The same inside the packet that an ICMP error quotes (RFC 5508 REQ-4, REQ-5). */
void RewriteQuoted(Bytes& icmpError, Side side, Endpoint to);

/** Replace the identification of an IPv4 header. */
void RewriteIdentification(Bytes& packet, std::uint16_t to);

} // namespace nattlab::nat

#endif
