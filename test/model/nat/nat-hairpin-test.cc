// SPDX-License-Identifier: GPL-2.0-only
#include "test/model/nat/nat-kit.h"

using namespace nattlab;
using namespace nattlab::test;

namespace
{

NatConfig
Forwarding()
{
    NatConfig config = OneAddress();
    config.forwards = {{IP_UDP, {}, 500, DAVE, 0}, {IP_UDP, {}, 4500, DAVE, 4501}};
    return config;
}

} // namespace

TEST(NatHairpin, TheOtherInsideHostSeesTheExternalSource)
{
    NatConfig config = OneAddress();
    config.filtering = NatConfig::Filtering::EndpointIndependent;
    Box box(config);
    const Endpoint carol = box.OutUdp({CAROL, 6000}, {SERVER, 9});
    const auto turned = box.Out(Udp({ALICE, 5000}, carol));
    ASSERT_TRUE(turned.Through());
    EXPECT_TRUE(turned.result.hairpin);
    EXPECT_EQ(turned.packet, Udp({OUTSIDE, 5000}, {CAROL, 6000})); // RFC 4787 REQ-9a
    const auto back = box.Out(Udp({CAROL, 6000}, {OUTSIDE, 5000}));
    ASSERT_TRUE(back.Through());
    EXPECT_EQ(back.packet, Udp(carol, {ALICE, 5000}));
}

TEST(NatHairpin, FiltersBySendersExternalEndpoint)
{
    NatConfig config = OneAddress();
    config.filtering = NatConfig::Filtering::AddressAndPortDependent;
    Box box(config);
    const Endpoint carol = box.OutUdp({CAROL, 6000}, {SERVER, 9});
    const auto refused = box.Out(Udp({ALICE, 5000}, carol));
    EXPECT_EQ(refused.result.outcome, NatOutcome::Local);
    EXPECT_EQ(refused.result.reason, Reason::NatFiltered);
    // Carol sends to Alice's external endpoint; then Alice is admitted.
    box.Out(Udp({CAROL, 6000}, {OUTSIDE, 5000}));
    EXPECT_TRUE(box.Out(Udp({ALICE, 5000}, carol)).Through());
}

TEST(NatHairpin, ReachesAForwardAndTheReplyComesFromTheOutsideAddress)
{
    Box box(Forwarding());
    const auto there = box.Out(Udp({ALICE, 500}, {OUTSIDE, 500}));
    ASSERT_TRUE(there.Through());
    EXPECT_EQ(there.packet, Udp({OUTSIDE, 501}, {DAVE, 500}));
    const auto back = box.Out(Udp({DAVE, 500}, {OUTSIDE, 501}));
    ASSERT_TRUE(back.Through());
    EXPECT_EQ(back.packet, Udp({OUTSIDE, 500}, {ALICE, 500}));
    EXPECT_EQ(box.Out(Udp({ALICE, 4500}, {OUTSIDE, 4500})).packet,
              Udp({OUTSIDE, 4501}, {DAVE, 4501}));
}

TEST(NatHairpin, WorksWithSymmetricMappingAndSharedPorts)
{
    NatConfig config = Forwarding();
    config.mapping = NatConfig::Mapping::AddressAndPortDependent;
    config.filtering = NatConfig::Filtering::AddressAndPortDependent;
    config.portOverloading = true;
    Box box(config);
    const auto there = box.Out(Udp({ALICE, 500}, {OUTSIDE, 500}));
    ASSERT_TRUE(there.Through());
    const Endpoint alice = SourceOf(there.packet);
    EXPECT_EQ(box.Out(Udp({DAVE, 500}, alice)).packet, Udp({OUTSIDE, 500}, {ALICE, 500}));
}

TEST(NatHairpin, IsRefusedByADeviceThatCannot)
{
    NatConfig config = Forwarding();
    config.hairpinning = false;
    Box box(config);
    const auto refused = box.Out(Udp({ALICE, 500}, {OUTSIDE, 500}));
    EXPECT_EQ(refused.result.outcome, NatOutcome::Drop);
    EXPECT_EQ(refused.result.reason, Reason::NatHairpinRefused);
    EXPECT_EQ(refused.result.subject, "udp 203.0.113.7:500");
    EXPECT_EQ(refused.packet, Udp({ALICE, 500}, {OUTSIDE, 500}));
    EXPECT_EQ(box.Engine().MappingCount(), 0u);
}

TEST(NatHairpin, PacketsForTheBoxItselfAreLocal)
{
    Box box(Forwarding());
    EXPECT_EQ(box.Out(Udp({ALICE, 500}, {OUTSIDE, 53})).result.outcome, NatOutcome::Local);
    EXPECT_EQ(box.Out(Echo(ALICE, OUTSIDE, 1)).result.outcome, NatOutcome::Local);
    EXPECT_EQ(box.Engine().MappingCount(), 0u);
}

TEST(NatHairpin, DirectTrafficAfterAnUnfinishedTurnIsLeftAlone)
{
    Box box(Forwarding());
    Packet first{{}, Udp({ALICE, 500}, {OUTSIDE, 500})};
    ASSERT_TRUE(box.Engine().TranslateDestination(first, true, box.Now()).hairpin);
    // A firewall drops it here. The next packet has the same flow as the turned one.
    Packet direct{{}, Udp({ALICE, 500}, {DAVE, 500})};
    EXPECT_EQ(box.Engine().TranslateDestination(direct, true, box.Now()).outcome,
              NatOutcome::Untouched);
    EXPECT_EQ(box.Engine().TranslateSource(direct, true, false, box.Now()).outcome,
              NatOutcome::Untouched);
}

TEST(NatHairpin, AnIcmpErrorTurnsToo)
{
    Box box(Forwarding());
    const auto there = box.Out(Udp({ALICE, 500}, {OUTSIDE, 500}));
    const auto error = BuildIcmpError(DAVE, there.packet, ICMP_UNREACHABLE, ICMP_PORT_UNREACHABLE);
    ASSERT_TRUE(error);
    const auto turned = box.Out(*error);
    ASSERT_TRUE(turned.Through()); // the box checks all checksums
    EXPECT_TRUE(turned.result.hairpin);
    EXPECT_EQ(ip::Source(turned.packet), OUTSIDE);
    EXPECT_EQ(ip::Destination(turned.packet), ALICE);
    // RFC 5508 REQ-7: Alice finds what she sent.
    const ByteView quoted = ip::Payload(turned.packet).Sub(8);
    EXPECT_EQ(quoted, ByteView(Udp({ALICE, 500}, {OUTSIDE, 500})).Sub(0, 28));
}
