// SPDX-License-Identifier: GPL-2.0-only
#include "model/ike/isakmp.h"

namespace nattlab::ike
{

namespace
{

constexpr std::size_t GENERIC_HEADER = 4; // RFC 2408 3.2

/** \return true for numbers that a chain may hold. P and T live inside of SA only. */
bool
IsChainable(std::uint8_t type)
{
    return type >= PAYLOAD_PRIVATE || type == PAYLOAD_NAT_D || type == PAYLOAD_NAT_OA ||
           (type <= PAYLOAD_VENDOR_ID && type != PAYLOAD_PROPOSAL && type != PAYLOAD_TRANSFORM &&
            type != PAYLOAD_NONE);
}

} // namespace

std::string
DecodeError::ToString() const
{
    return what + " at byte " + std::to_string(offset);
}

const Bytes*
Chain::Body(std::uint8_t type) const
{
    for (const Item& item : items)
    {
        if (TypeOf(item.payload) == type)
        {
            return &item.body;
        }
    }
    return nullptr;
}

std::string
Chain::ToString() const
{
    std::string text;
    for (const Item& item : items)
    {
        text += text.empty() ? "" : ", ";
        text += PayloadName(TypeOf(item.payload));
    }
    return text;
}

Decoded<Chain>
DecodeChain(std::uint8_t first, ByteView bytes, std::size_t padding, std::size_t offset)
{
    Chain chain;
    std::uint8_t type = first;
    while (type != PAYLOAD_NONE)
    {
        const std::size_t at = chain.size;
        ByteReader reader{bytes.Sub(at)};
        const std::uint8_t next = reader.Read8();
        const std::uint8_t reserved = reader.Read8();
        const std::uint16_t length = reader.Read16();
        if (!reader.Ok())
        {
            return DecodeError{"generic header of " + PayloadName(type) + " is cut off",
                               offset + at};
        }
        if (!IsChainable(type))
        {
            return DecodeError{"payload type " + std::to_string(type) + " is not valid here",
                               offset + at};
        }
        if (reserved != 0)
        {
            return DecodeError{"reserved byte of " + PayloadName(type) + " is not 0",
                               offset + at + 1};
        }
        if (length < GENERIC_HEADER || length > bytes.size() - at)
        {
            return DecodeError{"length " + std::to_string(length) + " of " + PayloadName(type) +
                                   " does not fit",
                               offset + at + 2};
        }
        const ByteView body = bytes.Sub(at + GENERIC_HEADER, length - GENERIC_HEADER);
        Decoded<Payload> payload = DecodeBody(type, body, offset + at + GENERIC_HEADER);
        if (!payload)
        {
            return payload.Error();
        }
        chain.items.push_back({payload.Take(), body.ToBytes()});
        chain.size += length;
        type = next;
    }
    if (chain.items.empty())
    {
        return DecodeError{"message has no payload", offset};
    }
    if (bytes.size() - chain.size > padding)
    {
        return DecodeError{std::to_string(bytes.size() - chain.size) +
                               " bytes follow the last payload",
                           offset + chain.size};
    }
    return chain;
}

Bytes
EncodeChain(const std::vector<Payload>& payloads)
{
    Bytes bytes;
    for (std::size_t i = 0; i < payloads.size(); ++i)
    {
        const Bytes body = EncodeBody(payloads[i]);
        Append8(bytes,
                i + 1 < payloads.size() ? TypeOf(payloads[i + 1]) : std::uint8_t{PAYLOAD_NONE});
        Append8(bytes, 0);
        Append16(bytes, static_cast<std::uint16_t>(GENERIC_HEADER + body.size()));
        Append(bytes, body);
    }
    return bytes;
}

Decoded<Header>
DecodeHeader(ByteView message)
{
    ByteReader reader{message};
    Header header;
    header.initiatorCookie = reader.Read64();
    header.responderCookie = reader.Read64();
    header.next = reader.Read8();
    const std::uint8_t version = reader.Read8();
    header.exchange = reader.Read8();
    header.flags = reader.Read8();
    header.messageId = reader.Read32();
    const std::uint32_t length = reader.Read32();
    if (!reader.Ok())
    {
        return DecodeError{"ISAKMP header is cut off", message.size()};
    }
    if (header.initiatorCookie == 0)
    {
        return DecodeError{"initiator cookie is 0", 0};
    }
    if (version != Header::VERSION)
    {
        return DecodeError{"version " + std::to_string(version >> 4) + "." +
                               std::to_string(version & 15) + " is not 1.0",
                           17};
    }
    if (length != message.size())
    {
        return DecodeError{"length field says " + std::to_string(length) + ", message has " +
                               std::to_string(message.size()) + " bytes",
                           24};
    }
    return header;
}

Bytes
EncodeMessage(const Header& header, ByteView body)
{
    Bytes bytes;
    bytes.reserve(Header::SIZE + body.size());
    Append64(bytes, header.initiatorCookie);
    Append64(bytes, header.responderCookie);
    Append8(bytes, header.next);
    Append8(bytes, Header::VERSION);
    Append8(bytes, header.exchange);
    Append8(bytes, header.flags);
    Append32(bytes, header.messageId);
    Append32(bytes, static_cast<std::uint32_t>(Header::SIZE + body.size()));
    Append(bytes, body);
    return bytes;
}

Bytes
EncodeMessage(Header header, const std::vector<Payload>& payloads)
{
    header.next = payloads.empty() ? std::uint8_t{PAYLOAD_NONE} : TypeOf(payloads.front());
    return EncodeMessage(header, EncodeChain(payloads));
}

} // namespace nattlab::ike
