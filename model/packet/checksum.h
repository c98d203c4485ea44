// SPDX-License-Identifier: GPL-2.0-only
#ifndef NATTLAB_PACKET_CHECKSUM_H
#define NATTLAB_PACKET_CHECKSUM_H

#include "model/packet/address.h"
#include "model/packet/bytes.h"

#include <cstdint>

namespace nattlab
{

/**
 * Internet checksum (RFC 1071) of \p bytes, ready to be stored.
 * \param start an unfolded sum of 16-bit words to begin with, such as a pseudo header's.
 */
std::uint16_t InternetChecksum(ByteView bytes, std::uint32_t start = 0);

/** \return the unfolded sum of the UDP/TCP pseudo header (RFC 768, RFC 793 3.1). */
std::uint32_t PseudoHeaderSum(Ipv4Address source,
                              Ipv4Address destination,
                              std::uint8_t protocol,
                              std::uint16_t length);

/**
 * Change a checksum for one 16-bit word that went from \p before to \p after (RFC 1624, equation
 * 3). Equal words leave it untouched, so that 0x0000 and 0xFFFF are not exchanged.
 */
std::uint16_t UpdateChecksum16(std::uint16_t checksum, std::uint16_t before, std::uint16_t after);

/** The same for a 32-bit field such as an address. */
std::uint16_t UpdateChecksum32(std::uint16_t checksum, std::uint32_t before, std::uint32_t after);

} // namespace nattlab

#endif
