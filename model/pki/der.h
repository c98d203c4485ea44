// SPDX-License-Identifier: GPL-2.0-only
/**
 * \file
 * The little of DER (X.690) that making certificates takes, and the finding of an element. Reading
 * whole structures is GnuTLS's work.
 */
#ifndef NATTLAB_PKI_DER_H
#define NATTLAB_PKI_DER_H

#include "model/packet/bytes.h"

#include <cstdint>
#include <initializer_list>
#include <optional>
#include <string_view>

namespace nattlab::pki::der
{

/** Identifier octets (X.690 8.1.2). */
enum Tag : std::uint8_t
{
    BOOLEAN = 0x01,
    INTEGER = 0x02,
    BIT_STRING = 0x03,
    OCTET_STRING = 0x04,
    NULL_VALUE = 0x05,
    OBJECT_IDENTIFIER = 0x06,
    UTC_TIME = 0x17,
    GENERALIZED_TIME = 0x18,
    SEQUENCE = 0x30,
    SET = 0x31,
    CONTEXT = 0x80,             //!< plus the number
    CONTEXT_CONSTRUCTED = 0xa0, //!< plus the number
};

/** \return an element with the parts, one after the other, as its contents. */
Bytes Element(int tag, std::initializer_list<ByteView> contents);

/** \return a non-negative INTEGER from big-endian bytes, with or without leading zeros. */
Bytes Unsigned(ByteView magnitude);

Bytes Boolean(bool value);

/** \return a BIT STRING of whole bytes. */
Bytes BitString(ByteView bytes);

/**
 * \param dotted as in "1.2.840.113549"
 * \throws std::invalid_argument when it is no object identifier
 */
Bytes ObjectIdentifier(std::string_view dotted);

/**
 * \return UTCTime or, before 1950 and from 2050 on, GeneralizedTime (RFC 5280 4.1.2.5).
 * \param unixTime seconds since 1970-01-01 00:00 UTC
 * \throws std::invalid_argument outside of the years 0 to 9999
 */
Bytes Time(std::int64_t unixTime);

/** An element as found in a view. */
struct Found
{
    std::uint8_t tag{0};
    ByteView whole;
    ByteView contents;
};

/**
 * \return the element that \p bytes begin with; nothing when it is cut off, has an indefinite
 * length or one of more than 4 bytes, or a tag of more than one byte.
 */
std::optional<Found> First(ByteView bytes);

} // namespace nattlab::pki::der

#endif
