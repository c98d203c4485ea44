// SPDX-License-Identifier: GPL-2.0-only
#include "model/ike/isakmp.h"

#include <algorithm>

namespace nattlab::ike
{

namespace
{

constexpr std::size_t GENERIC_HEADER = 4; // RFC 2408 3.2
constexpr std::size_t NEXT_PAYLOAD = 16;  // place of this field in the header (RFC 2408 3.1)
constexpr std::size_t LENGTH = 24;        // and of this one
constexpr std::size_t USUAL_MESSAGE = 512;
constexpr std::size_t USUAL_PAYLOADS = 8;

/** \return true for numbers that a chain may hold. P and T live inside of SA only. */
bool
IsChainable(std::uint8_t type)
{
    return type >= PAYLOAD_PRIVATE || type == PAYLOAD_NAT_D || type == PAYLOAD_NAT_OA ||
           (type <= PAYLOAD_VENDOR_ID && type != PAYLOAD_PROPOSAL && type != PAYLOAD_TRANSFORM &&
            type != PAYLOAD_NONE);
}

/** Append a header with a length field that is to be set. */
void
AppendHeader(Bytes& to, const Header& header)
{
    Append64(to, header.initiatorCookie);
    Append64(to, header.responderCookie);
    Append8(to, header.next);
    Append8(to, Header::VERSION);
    Append8(to, header.exchange);
    Append8(to, header.flags);
    Append32(to, header.messageId);
    Append32(to, 0);
}

} // namespace

std::string
DecodeError::ToString() const
{
    return what + " at byte " + std::to_string(offset);
}

std::optional<ByteView>
Chain::Body(std::uint8_t type) const
{
    for (const Item& item : items)
    {
        if (TypeOf(item.payload) == type)
        {
            return ByteView{bytes}.Sub(item.offset, item.size);
        }
    }
    return std::nullopt;
}

ByteView
Chain::Rest() const
{
    const std::size_t first = GENERIC_HEADER + items.front().size;
    return ByteView{bytes}.Sub(first, size - first);
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
DecodeChain(std::uint8_t first, Bytes wire, std::size_t padding, std::size_t offset)
{
    const ByteView bytes{wire};
    Chain chain;
    chain.items.reserve(USUAL_PAYLOADS);
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
        chain.items.push_back({payload.Take(), at + GENERIC_HEADER, body.size()});
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
    chain.bytes = std::move(wire);
    return chain;
}

Bytes
EncodeChain(const std::vector<Payload>& payloads)
{
    return ByteView{EncodeMessage(Header{}, payloads)}.Sub(Header::SIZE).ToBytes();
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
    AppendHeader(bytes, header);
    Append(bytes, body);
    SetLength(bytes);
    return bytes;
}

Bytes
EncodeMessage(const Header& header, const std::vector<Payload>& payloads)
{
    MessageWriter message{header};
    for (const Payload& payload : payloads)
    {
        message.Add(payload);
    }
    return message.Take();
}

void
SetLength(Bytes& message)
{
    Store32(message.data() + LENGTH, static_cast<std::uint32_t>(message.size()));
}

MessageWriter::MessageWriter(const Header& header)
    : m_next(NEXT_PAYLOAD)
{
    m_bytes.reserve(USUAL_MESSAGE);
    AppendHeader(m_bytes, header);
    m_bytes[NEXT_PAYLOAD] = PAYLOAD_NONE;
}

void
MessageWriter::Add(const Payload& payload)
{
    const std::size_t at = m_bytes.size();
    m_bytes[m_next] = TypeOf(payload);
    m_next = at;
    m_bytes.resize(at + GENERIC_HEADER);
    AppendBody(m_bytes, payload);
    Store16(m_bytes.data() + at + 2, static_cast<std::uint16_t>(m_bytes.size() - at));
}

/** \return where the first payload ends. */
std::size_t
MessageWriter::FirstEnd() const
{
    return Header::SIZE + Load16(m_bytes.data() + Header::SIZE + 2);
}

ByteView
MessageWriter::FirstBody() const
{
    const std::size_t start = Header::SIZE + GENERIC_HEADER;
    return ByteView{m_bytes}.Sub(start, FirstEnd() - start);
}

ByteView
MessageWriter::Rest() const
{
    return ByteView{m_bytes}.Sub(FirstEnd());
}

void
MessageWriter::SetFirstBody(ByteView body)
{
    std::copy(body.begin(), body.end(), m_bytes.data() + Header::SIZE + GENERIC_HEADER);
}

std::string
MessageWriter::ToString() const
{
    std::string text;
    std::uint8_t type = m_bytes[NEXT_PAYLOAD];
    ByteReader reader{ByteView{m_bytes}.Sub(Header::SIZE)};
    while (type != PAYLOAD_NONE && reader.Ok())
    {
        text += text.empty() ? "" : ", ";
        text += PayloadName(type);
        type = reader.Read8();
        reader.Read8();
        const std::size_t length = reader.Read16();
        reader.Read(length - GENERIC_HEADER);
    }
    return text;
}

Bytes
MessageWriter::Take()
{
    SetLength(m_bytes);
    return std::move(m_bytes);
}

} // namespace nattlab::ike
