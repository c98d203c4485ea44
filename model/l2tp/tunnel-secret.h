// SPDX-License-Identifier: GPL-2.0-only
/**
 * \file
 * What the secret shared by two ends is used for: hidden attributes and tunnel authentication.
 */
#ifndef NATTLAB_L2TP_TUNNEL_SECRET_H
#define NATTLAB_L2TP_TUNNEL_SECRET_H

#include "model/packet/bytes.h"

#include <cstdint>
#include <optional>

namespace nattlab::l2tp
{

/**
 * Hide the value of an attribute (RFC 2661 4.3).
 * \param type the attribute type
 * \param padding octets put behind the value to mask its length
 */
Bytes HideValue(std::uint16_t type,
                ByteView secret,
                ByteView randomVector,
                ByteView value,
                ByteView padding = {});

/** \return the value that was hidden; nothing when its length cannot be right. */
std::optional<Bytes>
RevealValue(std::uint16_t type, ByteView secret, ByteView randomVector, ByteView hidden);

/**
 * The answer to a challenge (RFC 2661 4.4.3), 16 bytes.
 * \param messageType of the message that carries the answer: 2 for SCCRP, 3 for SCCCN
 */
Bytes ChallengeResponse(std::uint8_t messageType, ByteView secret, ByteView challenge);

} // namespace nattlab::l2tp

#endif
