// SPDX-License-Identifier: GPL-2.0-only
/**
 * \file
 * IPv4, UDP, TCP and ICMP headers as bytes (RFC 791, 768, 793, 792).
 */
#ifndef NATTLAB_PACKET_IPV4_H
#define NATTLAB_PACKET_IPV4_H

#include "model/packet/address.h"
#include "model/packet/bytes.h"
#include "model/packet/packet.h"

#include <cstdint>
#include <optional>

namespace nattlab
{

/** IP protocol numbers that nattlab knows by name. */
enum IpProtocol : std::uint8_t
{
    IP_ICMP = 1,
    IP_TCP = 6,
    IP_UDP = 17,
    IP_GRE = 47,
    IP_ESP = 50,
    IP_AH = 51,
};

/** The fields of an IPv4 header (RFC 791 3.1). Options are kept in the packet, not here. */
struct Ipv4Header
{
    std::uint8_t headerLength{20}; //!< bytes
    std::uint8_t tos{0};
    std::uint16_t totalLength{0}; //!< bytes, header included
    std::uint16_t identification{0};
    bool dontFragment{false};
    bool moreFragments{false};
    std::uint16_t fragmentOffset{0}; //!< bytes
    std::uint8_t ttl{64};
    std::uint8_t protocol{0};
    Ipv4Address source;
    Ipv4Address destination;

    bool IsFragment() const
    {
        return moreFragments || fragmentOffset != 0;
    }

    /**
     * Read a header. Refuses what a router drops as malformed: a version other than 4, a header
     * longer than the data, a total length outside of it, a wrong header checksum.
     */
    static std::optional<Ipv4Header> Parse(ByteView packet);

    /** Write 20 bytes with checksum in front of \p payload; totalLength is computed. */
    Bytes Build(ByteView payload) const;
};

/** Fields at fixed places of an IPv4 packet, read and written where they stand. */
namespace ip
{

inline std::uint8_t
HeaderLength(ByteView p)
{
    return static_cast<std::uint8_t>((p[0] & 15) * 4);
}

inline Ipv4Address
Source(ByteView p)
{
    return {Load32(p.data() + 12)};
}

inline Ipv4Address
Destination(ByteView p)
{
    return {Load32(p.data() + 16)};
}

inline std::uint8_t
Protocol(ByteView p)
{
    return p[9];
}

inline std::uint8_t
Ttl(ByteView p)
{
    return p[8];
}

/** \return what follows the header, within the total length. */
ByteView Payload(ByteView p);

/** Compute the header checksum anew. */
void FixChecksum(Bytes& packet);

/** Lower TTL by one and update the checksum. */
void DecrementTtl(Bytes& packet);

} // namespace ip

/** The UDP header (RFC 768). */
struct UdpHeader
{
    static constexpr std::size_t SIZE = 8;

    std::uint16_t sourcePort{0};
    std::uint16_t destinationPort{0};
    std::uint16_t length{0};
    std::uint16_t checksum{0};

    /** Read a header; refuses a length under 8 or over the data. */
    static std::optional<UdpHeader> Parse(ByteView segment);
};

/** What to write into the UDP checksum field. */
enum class UdpChecksum
{
    Computed,
    Zero, //!< "none": RFC 3948 2.1 asks for it around ESP
};

/**
 * Build the UDP segment of a datagram. A computed checksum of 0 is sent as 0xFFFF (RFC 768).
 */
Bytes BuildUdp(Endpoint source,
               Endpoint destination,
               ByteView payload,
               UdpChecksum checksum = UdpChecksum::Computed);

/** \return true when the segment's checksum is right, or 0 (not used). */
bool UdpChecksumOk(Ipv4Address source, Ipv4Address destination, ByteView segment);

/** The fixed part of the TCP header (RFC 793 3.1). */
struct TcpHeader
{
    enum Flag : std::uint8_t
    {
        FIN = 1,
        SYN = 2,
        RST = 4,
        PSH = 8,
        ACK = 16,
        URG = 32,
    };

    std::uint16_t sourcePort{0};
    std::uint16_t destinationPort{0};
    std::uint32_t sequence{0};
    std::uint32_t acknowledgment{0};
    std::uint8_t headerLength{20}; //!< bytes
    std::uint8_t flags{0};
    std::uint16_t window{0};

    /** Read a header; refuses fewer than 20 bytes or a data offset outside the segment. */
    static std::optional<TcpHeader> Parse(ByteView segment);

    /** Build a segment of 20 header bytes and \p payload, with checksum. */
    Bytes Build(Ipv4Address source, Ipv4Address destination, ByteView payload) const;
};

/** ICMP types and codes (RFC 792, RFC 1812). */
enum IcmpType : std::uint8_t
{
    ICMP_ECHO_REPLY = 0,
    ICMP_UNREACHABLE = 3,
    ICMP_SOURCE_QUENCH = 4,
    ICMP_REDIRECT = 5,
    ICMP_ECHO = 8,
    ICMP_TIME_EXCEEDED = 11,
    ICMP_PARAMETER = 12,
};

enum IcmpUnreachableCode : std::uint8_t
{
    ICMP_NET_UNREACHABLE = 0,
    ICMP_HOST_UNREACHABLE = 1,
    ICMP_PROTOCOL_UNREACHABLE = 2,
    ICMP_PORT_UNREACHABLE = 3,
    ICMP_FRAGMENTATION_NEEDED = 4,
    ICMP_NET_PROHIBITED = 9,
    ICMP_HOST_PROHIBITED = 10,
    ICMP_ADMIN_PROHIBITED = 13,
};

/** The ICMP header's eight bytes (RFC 792). */
struct IcmpHeader
{
    static constexpr std::size_t SIZE = 8;

    std::uint8_t type{0};
    std::uint8_t code{0};
    std::uint32_t rest{0}; //!< identifier and sequence, next-hop MTU or unused

    std::uint16_t Identifier() const
    {
        return static_cast<std::uint16_t>(rest >> 16);
    }

    std::uint16_t Sequence() const
    {
        return static_cast<std::uint16_t>(rest);
    }

    /** \return true for types that quote the packet they complain about. */
    bool IsError() const
    {
        return type == ICMP_UNREACHABLE || type == ICMP_SOURCE_QUENCH || type == ICMP_REDIRECT ||
               type == ICMP_TIME_EXCEEDED || type == ICMP_PARAMETER;
    }

    /** \return true for echo request and reply. */
    bool IsEcho() const
    {
        return type == ICMP_ECHO || type == ICMP_ECHO_REPLY;
    }

    /** Read a header; refuses fewer than 8 bytes or a wrong checksum. */
    static std::optional<IcmpHeader> Parse(ByteView message);

    /** Build a message of 8 header bytes and \p data, with checksum. */
    Bytes Build(ByteView data) const;
};

/**
 * Build a whole ICMP error packet that quotes \p offending: its header and 8 bytes more
 * (RFC 792; RFC 5508 REQ-4 counts on no more).
 *
 * \return nothing where RFC 1122 3.2.2 forbids an error: about an ICMP error, a later fragment, a
 * broadcast or multicast.
 */
std::optional<Bytes> BuildIcmpError(Ipv4Address from,
                                    ByteView offending,
                                    std::uint8_t type,
                                    std::uint8_t code,
                                    std::uint32_t rest = 0);

} // namespace nattlab

#endif
