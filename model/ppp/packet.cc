// SPDX-License-Identifier: GPL-2.0-only
#include "model/ppp/packet.h"

namespace nattlab::ppp
{

std::optional<FrameView> ParseFrame(ByteView frame)
{
    if (frame.size() >= 2 && frame[0] == 0xFF && frame[1] == 0x03)
    {
        frame = frame.Sub(2);
    }
    if (frame.empty())
    {
        return std::nullopt;
    }
    // RFC 1661 2: the last octet of a protocol number is odd, the first of two is even.
    if ((frame[0] & 1) != 0)
    {
        return FrameView{frame[0], frame.Sub(1)};
    }
    if (frame.size() < 2 || (frame[1] & 1) == 0)
    {
        return std::nullopt;
    }
    return FrameView{Load16(frame.data()), frame.Sub(2)};
}

Bytes BuildFrame(std::uint16_t protocol, ByteView information, HeaderCompression compression)
{
    Bytes frame;
    frame.reserve(information.size() + 4);
    if (!compression.address || protocol == PPP_LCP)
    {
        Append16(frame, 0xFF03);
    }
    if (compression.protocol && protocol < 0x100)
    {
        Append8(frame, static_cast<std::uint8_t>(protocol));
    }
    else
    {
        Append16(frame, protocol);
    }
    Append(frame, information);
    return frame;
}

std::optional<ControlPacket> ControlPacket::Parse(ByteView information)
{
    ByteReader reader(information);
    ControlPacket packet;
    packet.code = reader.Read8();
    packet.id = reader.Read8();
    const std::uint16_t length = reader.Read16();
    if (!reader.Ok() || length < 4 || length > information.size())
    {
        return std::nullopt;
    }
    packet.data = reader.Read(length - 4u).ToBytes();
    return packet;
}

Bytes ControlPacket::Build() const
{
    Bytes bytes;
    bytes.reserve(4 + data.size());
    Append8(bytes, code);
    Append8(bytes, id);
    Append16(bytes, static_cast<std::uint16_t>(4 + data.size()));
    Append(bytes, data);
    return bytes;
}

std::optional<std::vector<Option>> ParseOptions(ByteView data)
{
    std::vector<Option> options;
    ByteReader reader(data);
    while (reader.Remaining() > 0)
    {
        const std::uint8_t type = reader.Read8();
        const std::uint8_t length = reader.Read8();
        if (!reader.Ok() || length < 2 || length - 2u > reader.Remaining())
        {
            return std::nullopt;
        }
        options.push_back({type, reader.Read(length - 2u).ToBytes()});
    }
    return options;
}

Bytes BuildOptions(const std::vector<Option>& options)
{
    Bytes bytes;
    for (const Option& option : options)
    {
        Append8(bytes, option.type);
        Append8(bytes, static_cast<std::uint8_t>(2 + option.data.size()));
        Append(bytes, option.data);
    }
    return bytes;
}

Option Option16(std::uint8_t type, std::uint16_t value)
{
    Option option{type, {}};
    Append16(option.data, value);
    return option;
}

Option Option32(std::uint8_t type, std::uint32_t value)
{
    Option option{type, {}};
    Append32(option.data, value);
    return option;
}

} // namespace nattlab::ppp
