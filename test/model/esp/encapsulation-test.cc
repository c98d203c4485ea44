// SPDX-License-Identifier: GPL-2.0-only
#include "model/esp/encapsulation.h"

#include "model/crypto/random.h"
#include "model/packet/ipv4.h"

#include <gtest/gtest.h>

using namespace nattlab;
using namespace nattlab::esp;

namespace
{

const Ipv4Address PRIVATE_CLIENT = *Ipv4Address::Parse("192.168.1.2");
const Ipv4Address PUBLIC_NAT = *Ipv4Address::Parse("203.0.113.7");
const Ipv4Address PUBLIC_SERVER = *Ipv4Address::Parse("198.51.100.1");
const Ipv4Address PRIVATE_SERVER = *Ipv4Address::Parse("10.0.0.4");

Bytes
Udp(Ipv4Address source, Ipv4Address destination, ByteView payload)
{
    return BuildUdp({source, 1701}, {destination, 1701}, payload);
}

Bytes
Tcp(Ipv4Address source, Ipv4Address destination, ByteView payload)
{
    TcpHeader header;
    header.sourcePort = 1024;
    header.destinationPort = 80;
    header.flags = TcpHeader::ACK;
    return header.Build(source, destination, payload);
}

/** Fix a segment that a client behind a NAT sent to a server behind a NAT. */
Bytes
Fixed(Bytes segment, std::uint8_t protocol, ChecksumFix fix)
{
    FixTransportChecksum(
        segment, protocol, fix, PRIVATE_CLIENT, PUBLIC_SERVER, PUBLIC_NAT, PRIVATE_SERVER);
    return segment;
}

} // namespace

TEST(NatT, TellsPayloadsByTheirFirstBytes)
{
    struct Row
    {
        const char* payload;
        NatTPayload kind;
    };

    for (const Row& row : {Row{"", NatTPayload::Malformed},
                           Row{"ff", NatTPayload::Keepalive},
                           Row{"00", NatTPayload::Malformed},
                           Row{"fe", NatTPayload::Malformed},
                           Row{"ffff", NatTPayload::Malformed},
                           Row{"0000", NatTPayload::Malformed},
                           Row{"000000", NatTPayload::Malformed},
                           Row{"ffffff", NatTPayload::Malformed},
                           Row{"00000000", NatTPayload::Ike},
                           Row{"00000001", NatTPayload::Malformed},
                           Row{"ffffffff", NatTPayload::Malformed},
                           Row{"0000000001", NatTPayload::Ike},
                           Row{"0100000001", NatTPayload::Malformed},
                           Row{"00000000ffff", NatTPayload::Ike},
                           Row{"ffffffffffff", NatTPayload::Malformed},
                           Row{"00000000000000", NatTPayload::Ike},
                           Row{"00000100000000", NatTPayload::Malformed},
                           Row{"0000000000000001", NatTPayload::Ike},
                           Row{"0000010000000001", NatTPayload::Esp},
                           Row{"ffffffff00000001", NatTPayload::Esp}})
    {
        EXPECT_EQ(Classify(FromHex(row.payload)), row.kind) << row.payload;
    }
}

TEST(NatT, MarkerGoesOnAndComesOff)
{
    const Bytes ike = FromHex("0011223344556677");
    const Bytes marked = AddNonEspMarker(ike);
    EXPECT_EQ(ToHex(marked), "000000000011223344556677");
    EXPECT_EQ(Classify(marked), NatTPayload::Ike);
    EXPECT_EQ(StripNonEspMarker(marked), ByteView{ike});
    EXPECT_TRUE(StripNonEspMarker(FromHex("000000")).empty());
}

TEST(ChecksumFix, IncrementalAndRecomputeEqualTheFullComputation)
{
    // All values of one word lead the sum through all values, 0 and 0xFFFF among them.
    for (std::uint32_t word = 0; word <= 0xffff; ++word)
    {
        const Bytes payload = {static_cast<std::uint8_t>(word >> 8),
                               static_cast<std::uint8_t>(word)};
        const Bytes udp = Udp(PRIVATE_CLIENT, PUBLIC_SERVER, payload);
        const Bytes udpExpected = Udp(PUBLIC_NAT, PRIVATE_SERVER, payload);
        ASSERT_EQ(Fixed(udp, IP_UDP, ChecksumFix::Incremental), udpExpected) << word;
        ASSERT_EQ(Fixed(udp, IP_UDP, ChecksumFix::Recompute), udpExpected) << word;
        const Bytes tcp = Tcp(PRIVATE_CLIENT, PUBLIC_SERVER, payload);
        const Bytes tcpExpected = Tcp(PUBLIC_NAT, PRIVATE_SERVER, payload);
        ASSERT_EQ(Fixed(tcp, IP_TCP, ChecksumFix::Incremental), tcpExpected) << word;
        ASSERT_EQ(Fixed(tcp, IP_TCP, ChecksumFix::Recompute), tcpExpected) << word;
        ASSERT_EQ(Fixed(tcp, IP_TCP, ChecksumFix::ZeroUdp), tcpExpected) << word;
    }
}

TEST(ChecksumFix, AgreesForAnyAddressesAndLengths)
{
    RandomStream random(1, "test", "checksums");
    for (int i = 0; i < 5000; ++i)
    {
        const Ipv4Address a{random.NonZero32()};
        const Ipv4Address b{random.NonZero32()};
        const Ipv4Address c = i % 3 == 0 ? a : Ipv4Address{random.NonZero32()};
        const Ipv4Address d = i % 5 == 0 ? b : Ipv4Address{random.NonZero32()};
        const Bytes payload = random.Take(random.Below(100));
        for (const ChecksumFix fix : {ChecksumFix::Incremental, ChecksumFix::Recompute})
        {
            Bytes udp = Udp(a, b, payload);
            FixTransportChecksum(udp, IP_UDP, fix, a, b, c, d);
            ASSERT_EQ(udp, Udp(c, d, payload));
            Bytes tcp = Tcp(a, b, payload);
            FixTransportChecksum(tcp, IP_TCP, fix, a, b, c, d);
            ASSERT_EQ(tcp, Tcp(c, d, payload));
        }
    }
}

TEST(ChecksumFix, ZeroTakesTheUdpChecksumAway)
{
    const Bytes payload(10, 0x33);
    const Bytes udp = Udp(PRIVATE_CLIENT, PUBLIC_SERVER, payload);
    EXPECT_FALSE(UdpChecksumOk(PUBLIC_NAT, PRIVATE_SERVER, udp));
    const Bytes fixed = Fixed(udp, IP_UDP, ChecksumFix::ZeroUdp);
    EXPECT_EQ(fixed,
              BuildUdp({PUBLIC_NAT, 1701}, {PRIVATE_SERVER, 1701}, payload, UdpChecksum::Zero));
    EXPECT_TRUE(UdpChecksumOk(PUBLIC_NAT, PRIVATE_SERVER, fixed));
}

TEST(ChecksumFix, NoneLeavesTheSegmentWrong)
{
    const Bytes udp = Udp(PRIVATE_CLIENT, PUBLIC_SERVER, Bytes(10, 0x33));
    const Bytes tcp = Tcp(PRIVATE_CLIENT, PUBLIC_SERVER, Bytes(10, 0x33));
    EXPECT_EQ(Fixed(udp, IP_UDP, ChecksumFix::None), udp);
    EXPECT_EQ(Fixed(tcp, IP_TCP, ChecksumFix::None), tcp);
    EXPECT_FALSE(UdpChecksumOk(PUBLIC_NAT, PRIVATE_SERVER, udp));
}

// Without NAT-OA the receiver takes the addresses it sees for the original ones; then only the
// other two methods help.
TEST(ChecksumFix, IncrementalNeedsTheOriginalAddress)
{
    const Bytes payload(10, 0x33);
    for (const auto& [fix, good] : {std::pair{ChecksumFix::Incremental, false},
                                    std::pair{ChecksumFix::Recompute, true},
                                    std::pair{ChecksumFix::ZeroUdp, true}})
    {
        Bytes udp = Udp(PRIVATE_CLIENT, PUBLIC_SERVER, payload);
        FixTransportChecksum(
            udp, IP_UDP, fix, PUBLIC_NAT, PUBLIC_SERVER, PUBLIC_NAT, PUBLIC_SERVER);
        EXPECT_EQ(UdpChecksumOk(PUBLIC_NAT, PUBLIC_SERVER, udp), good);
    }
}

TEST(ChecksumFix, IncrementalKeepsAWrongChecksumWrong)
{
    Bytes udp = Udp(PRIVATE_CLIENT, PUBLIC_SERVER, Bytes(10, 0x33));
    udp.back() ^= 1;
    EXPECT_FALSE(
        UdpChecksumOk(PUBLIC_NAT, PRIVATE_SERVER, Fixed(udp, IP_UDP, ChecksumFix::Incremental)));
}

TEST(ChecksumFix, UdpWithoutChecksumStaysWithoutOne)
{
    const Bytes udp =
        BuildUdp({PRIVATE_CLIENT, 1701}, {PUBLIC_SERVER, 1701}, Bytes(10), UdpChecksum::Zero);
    for (const ChecksumFix fix :
         {ChecksumFix::Incremental, ChecksumFix::Recompute, ChecksumFix::ZeroUdp})
    {
        EXPECT_EQ(Fixed(udp, IP_UDP, fix), udp);
    }
}

TEST(ChecksumFix, ShortSegmentsAndOtherProtocolsAreLeftAlone)
{
    for (const ChecksumFix fix :
         {ChecksumFix::Incremental, ChecksumFix::Recompute, ChecksumFix::ZeroUdp})
    {
        for (std::size_t size = 0; size < 40; ++size)
        {
            const Bytes segment(size, 0xee);
            EXPECT_EQ(Fixed(segment, IP_UDP, fix) == segment, size < 8) << size;
            EXPECT_EQ(Fixed(segment, IP_TCP, fix) == segment, size < 20) << size;
            EXPECT_EQ(Fixed(segment, IP_ICMP, fix), segment);
        }
    }
}
