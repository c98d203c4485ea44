// SPDX-License-Identifier: GPL-2.0-only
#include "model/l2tp/header.h"

#include <algorithm>

namespace nattlab::l2tp
{

namespace
{

enum HeaderBit : std::uint16_t
{
    BIT_TYPE = 0x8000,
    BIT_LENGTH = 0x4000,
    BIT_SEQUENCE = 0x0800,
    BIT_OFFSET = 0x0200,
    BIT_PRIORITY = 0x0100,
    VERSION_MASK = 0x000f,
};

constexpr std::uint16_t VERSION = 2;

bool
BitsAreValid(std::uint16_t bits, bool strict)
{
    if ((bits & VERSION_MASK) != VERSION)
    {
        return false;
    }
    if (strict && (bits & ~(BIT_TYPE | BIT_LENGTH | BIT_SEQUENCE | VERSION_MASK)) != 0)
    {
        return false;
    }
    constexpr std::uint16_t must = BIT_LENGTH | BIT_SEQUENCE;
    return (bits & BIT_TYPE) == 0 ||
           ((bits & must) == must && (bits & (BIT_OFFSET | BIT_PRIORITY)) == 0);
}

} // namespace

std::optional<Header::Parsed>
Header::Parse(ByteView message, bool strictBits)
{
    ByteReader reader(message);
    const std::uint16_t bits = reader.Read16();
    if (!reader.Ok() || !BitsAreValid(bits, strictBits))
    {
        return std::nullopt;
    }
    Header header;
    header.control = (bits & BIT_TYPE) != 0;
    header.hasLength = (bits & BIT_LENGTH) != 0;
    header.sequenced = (bits & BIT_SEQUENCE) != 0;
    header.priority = (bits & BIT_PRIORITY) != 0;
    const std::size_t length = header.hasLength ? reader.Read16() : message.size();
    header.tunnel = reader.Read16();
    header.session = reader.Read16();
    if (header.sequenced)
    {
        header.ns = reader.Read16();
        header.nr = reader.Read16();
    }
    if ((bits & BIT_OFFSET) != 0)
    {
        header.offset = reader.Read16();
        reader.Read(*header.offset);
    }
    if (!reader.Ok() || length < reader.Offset() || length > message.size())
    {
        return std::nullopt;
    }
    return Parsed{header, message.Sub(reader.Offset(), length - reader.Offset())};
}

Bytes
Header::Build(ByteView payload) const
{
    const bool withLength = control || hasLength;
    const bool withSequence = control || sequenced;
    const std::size_t size = 6 + (withLength ? 2 : 0) + (withSequence ? 4 : 0) +
                             (offset ? 2u + *offset : 0u) + payload.size();
    Bytes out(size);
    std::uint8_t* at = out.data();
    const auto put = [&at](std::uint16_t field)
    {
        Store16(at, field);
        at += 2;
    };
    put(static_cast<std::uint16_t>((control ? BIT_TYPE : 0) | (withLength ? BIT_LENGTH : 0) |
                                   (withSequence ? BIT_SEQUENCE : 0) | (offset ? BIT_OFFSET : 0) |
                                   (priority ? BIT_PRIORITY : 0) | VERSION));
    if (withLength)
    {
        put(static_cast<std::uint16_t>(size));
    }
    put(tunnel);
    put(session);
    if (withSequence)
    {
        put(ns);
        put(nr);
    }
    if (offset)
    {
        put(*offset);
        at += *offset;
    }
    std::copy(payload.begin(), payload.end(), at);
    return out;
}

} // namespace nattlab::l2tp
