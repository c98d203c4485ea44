// SPDX-License-Identifier: GPL-2.0-only
#include "test/model/nat/nat-kit.h"

using namespace nattlab;
using namespace nattlab::test;

namespace
{

const Ipv4Address ROUTER{0xc6120001}; // 198.18.0.1, on the way
const Ipv4Address INSIDE_ROUTER{0xc0a801fe};

ByteView
QuotedOf(const Bytes& error)
{
    return ip::Payload(error).Sub(IcmpHeader::SIZE);
}

/** An ICMP error that quotes all of a packet. */
Bytes
FullError(Ipv4Address from, const Bytes& about)
{
    const IcmpHeader icmp{ICMP_UNREACHABLE, ICMP_FRAGMENTATION_NEEDED, 1400};
    return IpPacket(from, ip::Source(about), IP_ICMP, icmp.Build(about));
}

} // namespace

TEST(NatIcmp, EchoIsTranslatedByItsIdentifier)
{
    Box box(OneAddress());
    EXPECT_EQ(SourceOf(box.Out(Echo(ALICE, SERVER, 1)).packet), (Endpoint{OUTSIDE, 1}));
    EXPECT_EQ(SourceOf(box.Out(Echo(CAROL, SERVER, 1)).packet), (Endpoint{OUTSIDE, 2}));
    EXPECT_EQ(box.In(Echo(SERVER, OUTSIDE, 2, ICMP_ECHO_REPLY)).packet,
              Echo(SERVER, CAROL, 1, ICMP_ECHO_REPLY));
    EXPECT_EQ(box.In(Echo(SERVER, OUTSIDE, 1, ICMP_ECHO_REPLY)).packet,
              Echo(SERVER, ALICE, 1, ICMP_ECHO_REPLY));
    EXPECT_EQ(box.In(Echo(OTHER, OUTSIDE, 1, ICMP_ECHO_REPLY)).result.reason, Reason::NatFiltered);
}

TEST(NatIcmp, EchoRequestsFromOutsideAreTheBoxsOwn)
{
    Box box(OneAddress());
    box.Out(Echo(ALICE, SERVER, 1));
    EXPECT_EQ(box.In(Echo(SERVER, OUTSIDE, 1)).result.outcome, NatOutcome::Local);
}

TEST(NatIcmp, OtherQueriesAreDropped)
{
    Box box(OneAddress());
    const IcmpHeader timestamp{13, 0, 1 << 16};
    const auto passed = box.Out(IpPacket(ALICE, SERVER, IP_ICMP, timestamp.Build(Bytes(12))));
    EXPECT_EQ(passed.result.reason, Reason::NatProtocolDropped);
    EXPECT_EQ(box.Out(Echo(ALICE, SERVER, 1, ICMP_ECHO_REPLY)).result.reason,
              Reason::NatProtocolDropped);
}

TEST(NatIcmp, AnInboundErrorIsRevertedToWhatTheInsideHostSent)
{
    NatConfig config = OneAddress();
    config.portAllocation = NatConfig::PortAllocation::Sequential; // so that ports change
    Box box(config);
    const Bytes sent[] = {
        Udp({ALICE, 5000}, {SERVER, 4500}),
        Udp({ALICE, 5001}, {SERVER, 4500}, Bytes(9, 1), UdpChecksum::Zero),
        Tcp({ALICE, 5002}, {SERVER, 80}, TcpHeader::SYN),
        Echo(ALICE, SERVER, 77),
        Esp(ALICE, SERVER, 0x1234),
    };
    for (const Bytes& original : sent)
    {
        const auto out = box.Out(original);
        ASSERT_TRUE(out.Through());
        const std::size_t before = box.Engine().MappingCount();
        const auto brief = BuildIcmpError(ROUTER, out.packet, ICMP_TIME_EXCEEDED, 0);
        for (const Bytes& error : {*brief, FullError(ROUTER, out.packet)})
        {
            const auto in = box.In(error);
            ASSERT_TRUE(in.Through()) << FlowOf(original).ToString();
            EXPECT_EQ(ip::Source(in.packet), ROUTER);
            EXPECT_EQ(ip::Destination(in.packet), ALICE);
            const ByteView quoted = QuotedOf(in.packet);
            EXPECT_EQ(quoted, ByteView(original).Sub(0, quoted.size()))
                << FlowOf(original).ToString();
        }
        EXPECT_EQ(box.Engine().MappingCount(), before); // RFC 4787 REQ-12
    }
}

TEST(NatIcmp, AnOutboundErrorIsRevertedToWhatTheRemoteHostSent)
{
    NatConfig config = OneAddress();
    config.portAllocation = NatConfig::PortAllocation::Sequential;
    Box box(config);
    const Endpoint external = box.OutUdp({ALICE, 5000}, {SERVER, 4500});
    const Bytes sent = Udp({SERVER, 4500}, external);
    const auto in = box.In(sent);
    ASSERT_TRUE(in.Through());
    for (const Ipv4Address from : {ALICE, INSIDE_ROUTER})
    {
        const auto error = BuildIcmpError(from, in.packet, ICMP_UNREACHABLE, ICMP_PORT_UNREACHABLE);
        const auto out = box.Out(*error);
        ASSERT_TRUE(out.Through());
        EXPECT_EQ(ip::Source(out.packet), OUTSIDE); // RFC 5508 REQ-5
        EXPECT_EQ(ip::Destination(out.packet), SERVER);
        EXPECT_EQ(QuotedOf(out.packet), ByteView(sent).Sub(0, 28));
    }
}

TEST(NatIcmp, AnErrorOfTheBoxItselfQuotesWhatTheRemoteHostSent)
{
    Box box(OneAddress());
    const Endpoint external = box.OutUdp({CAROL, 5000}, {SERVER, 4500});
    const Bytes sent = Udp({SERVER, 4500}, external);
    const auto in = box.In(sent);
    Packet error{{}, *BuildIcmpError(OUTSIDE2, in.packet, ICMP_UNREACHABLE, ICMP_ADMIN_PROHIBITED)};
    EXPECT_EQ(box.Engine().TranslateSource(error, false, true, box.Now()).outcome,
              NatOutcome::Translated);
    EXPECT_TRUE(ChecksumsOk(error.bytes));
    EXPECT_EQ(ip::Source(error.bytes), OUTSIDE2);
    EXPECT_EQ(QuotedOf(error.bytes), ByteView(sent).Sub(0, 28));
}

TEST(NatIcmp, ErrorsAboutUnknownPacketsAreDropped)
{
    Box box(OneAddress());
    const auto in =
        box.In(*BuildIcmpError(ROUTER, Udp({OUTSIDE, 500}, {SERVER, 500}), ICMP_UNREACHABLE, 1));
    EXPECT_EQ(in.result.outcome, NatOutcome::Drop);
    EXPECT_EQ(in.result.reason, Reason::NatIcmpUnmatched);
    EXPECT_EQ(in.result.subject, "icmp error about udp 203.0.113.7:500 > 198.51.100.1:500");
    const auto out =
        box.Out(*BuildIcmpError(ALICE, Udp({SERVER, 500}, {ALICE, 500}), ICMP_UNREACHABLE, 3));
    EXPECT_EQ(out.result.reason, Reason::NatIcmpUnmatched);
}

TEST(NatIcmp, DamagedErrorsAreDropped)
{
    Box box(OneAddress());
    const auto out = box.Out(Udp({ALICE, 500}, {SERVER, 500}));
    Bytes wrongSum = *BuildIcmpError(ROUTER, out.packet, ICMP_UNREACHABLE, 1);
    wrongSum[22] ^= 1;
    EXPECT_EQ(box.In(wrongSum).result.reason, Reason::IpBadChecksum);
    Bytes wrongQuote = out.packet;
    wrongQuote[10] ^= 1; // RFC 5508 REQ-3 a
    EXPECT_EQ(box.In(FullError(ROUTER, wrongQuote)).result.reason, Reason::IpMalformed);
}

TEST(NatIcmp, QuotedIpOptionsAreSkipped)
{
    Box box(OneAddress());
    const auto out = box.Out(Udp({ALICE, 5000}, {SERVER, 4500}));
    Bytes withOptions = out.packet;
    withOptions.insert(withOptions.begin() + 20, {1, 1, 1, 1}); // four no-operations
    withOptions[0] = 0x46;
    Store16(&withOptions[2], static_cast<std::uint16_t>(withOptions.size()));
    ip::FixChecksum(withOptions);
    const auto in = box.In(FullError(ROUTER, withOptions)); // RFC 5508 REQ-3 b
    ASSERT_TRUE(in.Through());
    const ByteView quoted = QuotedOf(in.packet);
    EXPECT_EQ(ip::Source(quoted), ALICE);
    EXPECT_EQ(Load16(quoted.data() + 24), 5000);
}

TEST(NatIcmp, AnErrorDoesNotRefreshAMapping)
{
    Box box(OneAddress());
    const auto out = box.Out(Udp({ALICE, 500}, {SERVER, 500}));
    box.Wait(minutes{4});
    EXPECT_TRUE(box.In(*BuildIcmpError(ROUTER, out.packet, ICMP_UNREACHABLE, 1)).Through());
    box.Wait(minutes{1}); // RFC 5508 REQ-6
    EXPECT_EQ(box.InUdp({SERVER, 500}, {OUTSIDE, 500}), Reason::NatMappingExpired);
}
