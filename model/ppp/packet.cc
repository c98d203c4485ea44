// SPDX-License-Identifier: GPL-2.0-only
#include "model/ppp/packet.h"

#include <algorithm>

namespace nattlab::ppp
{

namespace
{

constexpr std::uint16_t ADDRESS_AND_CONTROL = 0xFF03;

constexpr std::size_t PACKET_HEADER = 4;
constexpr std::size_t FRAME_HEADER = 4;

void Write(std::uint8_t* at, const ControlPacket& packet)
{
    at[0] = packet.code;
    at[1] = packet.id;
    Store16(at + 2, static_cast<std::uint16_t>(PACKET_HEADER + packet.data.size()));
    std::copy(packet.data.begin(), packet.data.end(), at + PACKET_HEADER);
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
    Bytes bytes(PACKET_HEADER + data.size());
    Write(bytes.data(), *this);
    return bytes;
}

Bytes BuildControlFrame(std::uint16_t protocol, const ControlPacket& packet)
{
    Bytes frame(FRAME_HEADER + PACKET_HEADER + packet.data.size());
    Store16(frame.data(), ADDRESS_AND_CONTROL);
    Store16(frame.data() + 2, protocol);
    Write(frame.data() + FRAME_HEADER, packet);
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
