// SPDX-License-Identifier: GPL-2.0-only
#include "model/nat/headers.h"

#include "model/packet/checksum.h"

#include <algorithm>
#include <array>

namespace nattlab::nat
{

namespace
{

constexpr std::size_t TCP_CHECKSUM = 16; // offset
constexpr std::size_t UDP_CHECKSUM = 6;  // offset

void
Update16(std::uint8_t* checksum, std::uint16_t before, std::uint16_t after)
{
    Store16(checksum, UpdateChecksum16(Load16(checksum), before, after));
}

/** \param quoted a quotation ends eight bytes after its IPv4 header */
void
ReadTransport(Headers& h, ByteView payload, bool quoted)
{
    const std::uint8_t* p = payload.data();
    const std::size_t whole = h.ip.protocol == IP_TCP ? 20 : 8;
    const bool known = h.ip.protocol == IP_UDP || h.ip.protocol == IP_TCP ||
                       h.ip.protocol == IP_ICMP || h.ip.protocol == IP_ESP;
    if (h.ip.fragmentOffset != 0)
    {
        h.transport = Transport::Later;
    }
    else if (!known)
    {
        h.transport = Transport::Portless;
    }
    else if (payload.size() < (quoted ? 8 : whole))
    {
        h.transport = Transport::Truncated;
    }
    else if (h.ip.protocol == IP_ESP)
    {
        h.transport = Transport::Portless;
        h.spi = Load32(p);
    }
    else if (h.ip.protocol == IP_ICMP)
    {
        const IcmpHeader icmp{p[0], p[1], Load32(p + 4)};
        h.transport = icmp.IsError()           ? Transport::IcmpError
                      : icmp.type == ICMP_ECHO ? Transport::EchoRequest
                      : icmp.IsEcho()          ? Transport::EchoReply
                                               : Transport::IcmpOther;
        h.sourcePort = h.destinationPort = icmp.IsEcho() ? icmp.Identifier() : 0;
    }
    else
    {
        h.transport = Transport::Ports;
        h.sourcePort = Load16(p);
        h.destinationPort = Load16(p + 2);
        h.tcpFlags = h.ip.protocol == IP_TCP && payload.size() >= whole ? p[13] : 0;
    }
}

/** Change the transport header at \p t for an address and port that go from before to after. */
void
RewriteTransport(std::uint8_t* t,
                 std::size_t size,
                 std::uint8_t protocol,
                 std::size_t portAt,
                 Endpoint before,
                 Endpoint after)
{
    Store16(t + portAt, after.port);
    const std::size_t at = protocol == IP_UDP   ? UDP_CHECKSUM
                           : protocol == IP_TCP ? TCP_CHECKSUM
                                                : 2;
    if (size < at + 2 || (protocol == IP_UDP && Load16(t + at) == 0))
    {
        return; // cut off in a quotation, or not used (RFC 768)
    }
    if (protocol != IP_ICMP) // ICMP has no pseudo header
    {
        Store16(t + at,
                UpdateChecksum32(Load16(t + at), before.address.value, after.address.value));
    }
    Update16(t + at, before.port, after.port);
    if (protocol == IP_UDP && Load16(t + at) == 0)
    {
        Store16(t + at, 0xffff); // RFC 768: 0 would mean "not used"
    }
}

void
RewriteAt(std::uint8_t* p, std::size_t size, Side side, Endpoint to)
{
    const std::size_t headerLength = ip::HeaderLength({p, size});
    const std::size_t addressAt = side == Side::Source ? 12 : 16;
    Endpoint before{{Load32(p + addressAt)}, 0};
    Store32(p + addressAt, to.address.value);
    Store16(p + 10, UpdateChecksum32(Load16(p + 10), before.address.value, to.address.value));
    std::uint8_t* t = p + headerLength;
    const std::size_t rest = size - headerLength;
    const std::uint8_t protocol = p[9];
    const bool echo =
        protocol == IP_ICMP && rest >= 6 && (t[0] == ICMP_ECHO || t[0] == ICMP_ECHO_REPLY);
    const bool ports = (protocol == IP_UDP || protocol == IP_TCP) && rest >= 4;
    if ((Load16(p + 6) & 0x1fff) != 0 || (!echo && !ports))
    {
        return;
    }
    const std::size_t portAt = echo ? 4 : side == Side::Source ? 0 : 2;
    before.port = Load16(t + portAt);
    RewriteTransport(t, rest, protocol, portAt, before, to);
}

} // namespace

std::optional<Headers>
ReadHeaders(ByteView packet)
{
    const auto header = Ipv4Header::Parse(packet);
    if (!header)
    {
        return std::nullopt;
    }
    Headers h;
    h.ip = *header;
    ReadTransport(h, ip::Payload(packet), false);
    return h;
}

std::optional<Headers>
ReadQuoted(ByteView icmpError)
{
    const ByteView quoted = ip::Payload(icmpError).Sub(IcmpHeader::SIZE);
    if (quoted.size() < 20 || quoted[0] >> 4 != 4)
    {
        return std::nullopt;
    }
    Headers h;
    h.ip.headerLength = ip::HeaderLength(quoted);
    if (h.ip.headerLength < 20 || h.ip.headerLength > quoted.size() ||
        InternetChecksum(quoted.Sub(0, h.ip.headerLength)) != 0)
    {
        return std::nullopt;
    }
    h.ip.fragmentOffset = static_cast<std::uint16_t>((Load16(quoted.data() + 6) & 0x1fff) * 8);
    h.ip.protocol = ip::Protocol(quoted);
    h.ip.source = ip::Source(quoted);
    h.ip.destination = ip::Destination(quoted);
    ReadTransport(h, quoted.Sub(h.ip.headerLength), true);
    return h;
}

void
Rewrite(Bytes& packet, Side side, Endpoint to)
{
    // The total length, not the buffer: a link may have padded the packet.
    RewriteAt(packet.data(), Load16(&packet[2]), side, to);
}

void
RewriteQuoted(Bytes& icmpError, Side side, Endpoint to)
{
    std::uint8_t* icmp = icmpError.data() + ip::HeaderLength(icmpError);
    const ByteView quoted = ip::Payload(icmpError).Sub(IcmpHeader::SIZE);
    // An IPv4 header with all options, and the transport header up to TCP's checksum.
    std::array<std::uint8_t, 60 + TCP_CHECKSUM + 2> before{};
    const std::size_t watched = std::min(before.size(), quoted.size());
    std::copy_n(quoted.begin(), watched, before.begin());
    RewriteAt(icmp + IcmpHeader::SIZE, quoted.size(), side, to);
    for (std::size_t i = 0; i + 2 <= watched; i += 2)
    {
        Update16(icmp + 2, Load16(&before[i]), Load16(quoted.data() + i));
    }
}

void
RewriteIdentification(Bytes& packet, std::uint16_t to)
{
    const std::uint16_t before = Load16(&packet[4]);
    Store16(&packet[4], to);
    Update16(&packet[10], before, to);
}

} // namespace nattlab::nat
