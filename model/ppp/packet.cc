// SPDX-License-Identifier: GPL-2.0-only
#include "model/ppp/packet.h"

namespace nattlab::ppp
{

namespace
{

constexpr std::uint16_t ADDRESS_AND_CONTROL = 0xFF03;

void AppendPacket(Bytes& to, const ControlPacket& packet)
{
    Append8(to, packet.code);
    Append8(to, packet.id);
    Append16(to, static_cast<std::uint16_t>(4 + packet.data.size()));
    Append(to, packet.data);
}

} // namespace

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
        Append16(frame, ADDRESS_AND_CONTROL);
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
    packet.data = reader.Read(length - 4u);
    return packet;
}

Bytes ControlPacket::Build() const
{
    Bytes bytes;
    bytes.reserve(4 + data.size());
    AppendPacket(bytes, *this);
    return bytes;
}

Bytes BuildControlFrame(std::uint16_t protocol, const ControlPacket& packet)
{
    Bytes frame;
    frame.reserve(8 + packet.data.size());
    Append16(frame, ADDRESS_AND_CONTROL);
    Append16(frame, protocol);
    AppendPacket(frame, packet);
    return frame;
}

void Compress(Bytes& frame, HeaderCompression compression)
{
    // The protocol field has two octets in all of them: no control protocol is below 256.
    if (compression.address && Load16(frame.data() + 2) != PPP_LCP)
    {
        frame.erase(frame.begin(), frame.begin() + 2);
    }
}

} // namespace nattlab::ppp
