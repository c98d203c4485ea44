// SPDX-License-Identifier: GPL-2.0-only
#include "model/packet/ipv4.h"

#include "model/packet/checksum.h"
#include "model/packet/flow.h"

#include <gtest/gtest.h>

using namespace nattlab;

namespace
{

const Endpoint A{{0xc0a80102}, 500};
const Endpoint B{{0xcb007107}, 500};

Bytes
UdpPacket(ByteView payload)
{
    Ipv4Header header;
    header.source = A.address;
    header.destination = B.address;
    header.protocol = IP_UDP;
    header.identification = 7;
    return header.Build(BuildUdp(A, B, payload));
}

} // namespace

TEST(Ipv4Header, IsReadBackAsItWasWritten)
{
    const Bytes packet = UdpPacket(Bytes(10, 0xaa));
    const auto header = Ipv4Header::Parse(packet);
    ASSERT_TRUE(header);
    EXPECT_EQ(header->totalLength, 38);
    EXPECT_EQ(header->identification, 7);
    EXPECT_EQ(header->source, A.address);
    EXPECT_EQ(header->destination, B.address);
    EXPECT_FALSE(header->IsFragment());
    EXPECT_TRUE(UdpChecksumOk(A.address, B.address, ip::Payload(packet)));
}

TEST(Ipv4Header, ExampleOfWidelyPublishedChecksum)
{
    // The header used in many texts on RFC 1071: checksum 0xb861.
    const Bytes header = FromHex("45000073000040004011b861c0a80001c0a800c7");
    EXPECT_EQ(InternetChecksum(header), 0);
    Bytes zeroed = header;
    Store16(&zeroed[10], 0);
    EXPECT_EQ(InternetChecksum(zeroed), 0xb861);
}

TEST(Ipv4Header, EveryDamagedByteOfTheHeaderIsRefusedOrNoticed)
{
    const Bytes packet = UdpPacket(Bytes(10, 0xaa));
    for (std::size_t i = 0; i < 20; ++i)
    {
        Bytes damaged = packet;
        damaged[i] ^= 0x10;
        EXPECT_FALSE(Ipv4Header::Parse(damaged)) << "byte " << i;
    }
    for (std::size_t size = 0; size < packet.size(); ++size)
    {
        EXPECT_FALSE(Ipv4Header::Parse(ByteView{packet}.Sub(0, size))) << "size " << size;
    }
}

TEST(Ipv4Header, DecrementTtlKeepsTheChecksumRight)
{
    Bytes packet = UdpPacket({});
    for (int ttl = 63; ttl > 0; --ttl)
    {
        ip::DecrementTtl(packet);
        const auto header = Ipv4Header::Parse(packet);
        ASSERT_TRUE(header);
        EXPECT_EQ(header->ttl, ttl);
    }
}

TEST(Checksum, IncrementalUpdateEqualsNewComputation)
{
    Bytes data = FromHex("0001f203f4f5f6f7");
    std::uint16_t sum = InternetChecksum(data);
    for (std::uint32_t value = 1; value < 0x10000; value += 0x3fd)
    {
        const std::uint16_t before = Load16(&data[4]);
        Store16(&data[4], static_cast<std::uint16_t>(value));
        sum = UpdateChecksum16(sum, before, static_cast<std::uint16_t>(value));
        EXPECT_EQ(sum, InternetChecksum(data)) << value;
    }
}

TEST(Udp, ComputedChecksumOfZeroIsSentAsAllOnes)
{
    // Choose the payload so that the sum comes out as zero.
    Bytes payload(2, 0);
    const Bytes plain = BuildUdp(A, B, payload);
    Store16(payload.data(), Load16(&plain[6]));
    const Bytes segment = BuildUdp(A, B, payload);
    EXPECT_EQ(Load16(&segment[6]), 0xffff);
    EXPECT_TRUE(UdpChecksumOk(A.address, B.address, segment));
}

TEST(Icmp, ErrorQuotesHeaderAndEightBytes)
{
    const Bytes packet = UdpPacket(Bytes(100, 1));
    const auto error = BuildIcmpError(B.address, packet, ICMP_UNREACHABLE, ICMP_PORT_UNREACHABLE);
    ASSERT_TRUE(error);
    EXPECT_EQ(error->size(), 20u + 8 + 28);
    EXPECT_TRUE(IcmpHeader::Parse(ip::Payload(*error)));
    EXPECT_EQ(ip::Destination(*error), A.address);
    EXPECT_FALSE(BuildIcmpError(A.address, *error, ICMP_UNREACHABLE, 1)) << "error about an error";
}

TEST(Flow, TellsEspInUdpFromIke)
{
    const Endpoint a{A.address, 4500};
    const Endpoint b{B.address, 4500};
    Ipv4Header header;
    header.source = a.address;
    header.destination = b.address;
    header.protocol = IP_UDP;
    const Bytes esp = header.Build(BuildUdp(a, b, FromHex("1234567800000001aabbccdd")));
    EXPECT_EQ(FlowOf(esp).spi, 0x12345678u);
    EXPECT_EQ(FlowOf(esp).ToString(),
              "udp 192.168.1.2:4500 > 203.0.113.7:4500 spi 0x12345678 (40 bytes)");
    const Bytes ike = header.Build(BuildUdp(a, b, FromHex("0000000000000001aabbccdd")));
    EXPECT_EQ(FlowOf(ike).spi, 0u);
}

TEST(Address, RefusesWhatIsNotDottedDecimal)
{
    for (const char* text : {"",
                             "1",
                             "1.2.3",
                             "1.2.3.4.5",
                             "1.2.3.256",
                             "01.2.3.4",
                             "1.2.3.-4",
                             "1.2.3.4 ",
                             " 1.2.3.4",
                             "1..2.3",
                             "a.b.c.d",
                             "1.2.3.4/8"})
    {
        EXPECT_FALSE(Ipv4Address::Parse(text)) << text;
    }
    EXPECT_EQ(Ipv4Address::Parse("255.0.10.1")->ToString(), "255.0.10.1");
    EXPECT_FALSE(Ipv4Prefix::Parse("10.0.0.0/33"));
    EXPECT_FALSE(Ipv4Prefix::Parse("10.0.0.0/"));
    EXPECT_TRUE(Ipv4Prefix::Parse("10.0.0.0/8")->Contains(*Ipv4Address::Parse("10.255.0.1")));
    EXPECT_TRUE(Ipv4Prefix::Parse("0.0.0.0/0")->Contains(*Ipv4Address::Parse("10.255.0.1")));
}

TEST(Bytes, HexRefusesHalfBytesAndOtherCharacters)
{
    EXPECT_EQ(ToHex(FromHex("de:ad be\nEF")), "deadbeef");
    EXPECT_THROW(FromHex("abc"), std::invalid_argument);
    EXPECT_THROW(FromHex("zz"), std::invalid_argument);
}

TEST(ByteReader, ReportsAReadPastTheEnd)
{
    const Bytes data{1, 2, 3};
    ByteReader in(data);
    EXPECT_EQ(in.Read16(), 0x0102);
    EXPECT_EQ(in.Read16(), 0);
    EXPECT_FALSE(in.Ok());
}
