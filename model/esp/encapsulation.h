// SPDX-License-Identifier: GPL-2.0-only
/**
 * \file
 * UDP encapsulation of ESP (RFC 3948): what a datagram on port 4500 is, and what becomes of the
 * checksums of a transport header that went through a NAT inside of ESP.
 */
#ifndef NATTLAB_ESP_ENCAPSULATION_H
#define NATTLAB_ESP_ENCAPSULATION_H

#include "model/packet/address.h"
#include "model/packet/bytes.h"

#include <cstdint>

namespace nattlab::esp
{

/** The content of a UDP datagram on port 4500 (RFC 3948 2). */
enum class NatTPayload : std::uint8_t
{
    Ike,       //!< begins with the non-ESP marker
    Esp,       //!< begins with an SPI, which is not 0, and a sequence number
    Keepalive, //!< the single byte 0xFF
    Malformed, //!< none of these
};

/** Length of the non-ESP marker: four zero bytes where ESP has its SPI (RFC 3948 2.2). */
constexpr std::size_t NON_ESP_MARKER_SIZE = 4;

/** Tell what a payload on port 4500 is. */
NatTPayload Classify(ByteView udpPayload);

/** \return the message with the non-ESP marker in front. */
Bytes AddNonEspMarker(ByteView ike);

/** \return what follows the marker of a payload that Classify() calls Ike. */
ByteView StripNonEspMarker(ByteView udpPayload);

/** What a receiver does about the checksum of a segment that came in transport mode. */
enum class ChecksumFix : std::uint8_t
{
    Incremental, //!< exchange the addresses in it (RFC 3948 3.1.2, 1): it still proves something
    Recompute,   //!< compute it anew (3.1.2, 2)
    ZeroUdp,     //!< set UDP's to 0, which is none (3.1.2, 3); TCP's is computed anew
    None,        //!< leave it wrong
};

/**
 * Make the checksum of a segment fit the addresses that the receiver sees. A UDP checksum of 0
 * stays 0. Other protocols and segments too short for their header are left alone.
 *
 * \param segment UDP or TCP, from its header
 * \param protocol of the segment
 * \param fix the method
 * \param originalSource the peer's address in its own eyes (NAT-OA)
 * \param originalDestination this host's address in the peer's eyes (NAT-OA)
 * \param source of the packet as received
 * \param destination of the packet as received
 */
void FixTransportChecksum(Bytes& segment,
                          std::uint8_t protocol,
                          ChecksumFix fix,
                          Ipv4Address originalSource,
                          Ipv4Address originalDestination,
                          Ipv4Address source,
                          Ipv4Address destination);

} // namespace nattlab::esp

#endif
