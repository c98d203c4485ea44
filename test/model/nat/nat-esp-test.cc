// SPDX-License-Identifier: GPL-2.0-only
#include "test/model/nat/nat-kit.h"

using namespace nattlab;
using namespace nattlab::test;

using Handling = NatConfig::ProtocolHandling;

namespace
{

NatConfig
With(Handling handling)
{
    NatConfig config = OneAddress();
    config.otherProtocols = handling;
    return config;
}

} // namespace

TEST(NatEsp, IsDroppedByADeviceThatKnowsOnlyPorts)
{
    Box box(With(Handling::Drop));
    EXPECT_EQ(box.Out(Esp(ALICE, SERVER, 1)).result.reason, Reason::NatProtocolDropped);
    const auto in = box.In(Esp(SERVER, OUTSIDE, 1));
    EXPECT_EQ(in.result.outcome, NatOutcome::Drop);
    EXPECT_EQ(in.result.reason, Reason::NatProtocolDropped);
}

TEST(NatEsp, ByAddressOneInsideHostPerRemoteIsServed)
{
    Box box(With(Handling::AddressOnly));
    EXPECT_EQ(box.Out(Esp(ALICE, SERVER, 1)).packet, Esp(OUTSIDE, SERVER, 1));
    const auto second = box.Out(Esp(CAROL, SERVER, 2));
    EXPECT_EQ(second.result.outcome, NatOutcome::Drop);
    EXPECT_EQ(second.result.reason, Reason::NatProtocolBusy);
    EXPECT_EQ(second.result.subject, "esp 192.168.1.2 <> 203.0.113.7 to 198.51.100.1");
    EXPECT_TRUE(box.Out(Esp(CAROL, OTHER, 2)).Through());
    EXPECT_EQ(box.In(Esp(SERVER, OUTSIDE, 3)).packet, Esp(SERVER, ALICE, 3));
    EXPECT_EQ(box.In(Esp(OTHER, OUTSIDE, 3)).packet, Esp(OTHER, CAROL, 3));
    EXPECT_EQ(box.In(Esp({0xc6336463}, OUTSIDE, 3)).result.reason, Reason::NatFiltered);
    box.Wait(minutes{10});
    EXPECT_TRUE(box.Out(Esp(CAROL, SERVER, 2)).Through());
}

TEST(NatEsp, APoolServesAsManyHostsPerRemoteAsItHasAddresses)
{
    for (const auto pooling : {NatConfig::Pooling::Paired, NatConfig::Pooling::Arbitrary})
    {
        NatConfig config = With(Handling::AddressOnly);
        config.pool = {OUTSIDE, OUTSIDE2};
        config.pooling = pooling;
        Box box(config);
        EXPECT_EQ(box.Out(Esp(ALICE, SERVER, 1)).packet, Esp(OUTSIDE, SERVER, 1));
        EXPECT_EQ(box.Out(Esp(CAROL, SERVER, 2)).packet, Esp(OUTSIDE2, SERVER, 2));
        EXPECT_EQ(box.Out(Esp(DAVE, SERVER, 3)).result.reason, Reason::NatProtocolBusy);
        EXPECT_EQ(box.In(Esp(SERVER, OUTSIDE2, 9)).packet, Esp(SERVER, CAROL, 9));
    }
}

TEST(NatEsp, OtherProtocolsGoTheSameWay)
{
    Box box(With(Handling::AddressOnly));
    const Bytes gre(16, 0x11);
    EXPECT_EQ(box.Out(IpPacket(ALICE, SERVER, IP_GRE, gre)).packet,
              IpPacket(OUTSIDE, SERVER, IP_GRE, gre));
    EXPECT_EQ(box.In(IpPacket(SERVER, OUTSIDE, IP_GRE, gre)).packet,
              IpPacket(SERVER, ALICE, IP_GRE, gre));
    EXPECT_TRUE(box.Out(Esp(CAROL, SERVER, 1)).Through()); // a protocol of its own
}

TEST(NatEsp, AForwardTakesWhatNobodyAskedFor)
{
    for (const auto handling : {Handling::Drop, Handling::AddressOnly, Handling::SpiLearning})
    {
        NatConfig config = With(handling);
        config.forwards = {{IP_ESP, {}, 0, DAVE, 0}};
        Box box(config);
        const auto in = box.In(Esp(SERVER, OUTSIDE, 5));
        EXPECT_EQ(in.packet, Esp(SERVER, DAVE, 5));
        EXPECT_EQ(in.result.subject, "esp 192.168.1.4 <> 203.0.113.7 (forward)");
        EXPECT_EQ(box.Out(Esp(DAVE, SERVER, 6)).packet, Esp(OUTSIDE, SERVER, 6));
        EXPECT_EQ(box.Out(Esp(ALICE, OUTSIDE, 6)).result.reason, Reason::NatHairpinRefused);
    }
}

TEST(NatEsp, AForwardAndAnInsideHostCannotTalkToOneRemote)
{
    NatConfig config = With(Handling::AddressOnly);
    config.forwards = {{IP_ESP, {}, 0, DAVE, 0}};
    Box box(config);
    box.Out(Esp(ALICE, SERVER, 1));
    EXPECT_EQ(box.Out(Esp(DAVE, SERVER, 2)).result.reason, Reason::NatProtocolBusy);
    EXPECT_EQ(box.In(Esp(SERVER, OUTSIDE, 3)).packet, Esp(SERVER, ALICE, 3));
    EXPECT_EQ(box.In(Esp(OTHER, OUTSIDE, 3)).packet, Esp(OTHER, DAVE, 3));
}

TEST(NatSpiLearning, ServesTwoClientsThatStartOneAfterTheOther)
{
    Box box(With(Handling::SpiLearning));
    EXPECT_EQ(box.Out(Esp(ALICE, SERVER, 0xa1)).packet, Esp(OUTSIDE, SERVER, 0xa1));
    EXPECT_EQ(box.In(Esp(SERVER, OUTSIDE, 0xa2)).packet, Esp(SERVER, ALICE, 0xa2));
    EXPECT_TRUE(box.Out(Esp(CAROL, SERVER, 0xc1)).Through());
    EXPECT_EQ(box.In(Esp(SERVER, OUTSIDE, 0xa2)).packet, Esp(SERVER, ALICE, 0xa2));
    const auto in = box.In(Esp(SERVER, OUTSIDE, 0xc2));
    EXPECT_EQ(in.packet, Esp(SERVER, CAROL, 0xc2));
    EXPECT_EQ(in.result.subject,
              "esp 192.168.1.3 <> 203.0.113.7 to 198.51.100.1 spi 0x000000c1, "
              "inbound spi 0x000000c2");
    EXPECT_EQ(box.Engine().MappingCount(), 2u);
}

TEST(NatSpiLearning, TwoClientsThatStartTogetherMayBeSwapped)
{
    Box box(With(Handling::SpiLearning));
    box.Out(Esp(ALICE, SERVER, 0xa1));
    box.Out(Esp(CAROL, SERVER, 0xc1));
    // The server answers Carol first.
    EXPECT_EQ(ip::Destination(box.In(Esp(SERVER, OUTSIDE, 0xc2)).packet), ALICE);
    EXPECT_EQ(ip::Destination(box.In(Esp(SERVER, OUTSIDE, 0xa2)).packet), CAROL);
    EXPECT_EQ(ip::Destination(box.In(Esp(SERVER, OUTSIDE, 0xc2)).packet), ALICE);
}

TEST(NatSpiLearning, AnUnknownSpiWithNobodyWaitingIsUnsolicited)
{
    Box box(With(Handling::SpiLearning));
    box.Out(Esp(ALICE, SERVER, 0xa1));
    EXPECT_EQ(box.In(Esp(OTHER, OUTSIDE, 0xa2)).result.reason, Reason::NatNoMapping);
    box.In(Esp(SERVER, OUTSIDE, 0xa2));
    const auto unknown = box.In(Esp(SERVER, OUTSIDE, 0xa3));
    EXPECT_EQ(unknown.result.reason, Reason::NatNoMapping);
    EXPECT_EQ(unknown.result.subject, "esp 203.0.113.7 spi 0x000000a3");
}

TEST(NatSpiLearning, WaitingAndIdleAssociationsEnd)
{
    Box box(With(Handling::SpiLearning));
    box.Out(Esp(ALICE, SERVER, 0xa1));
    box.Wait(seconds{60});
    EXPECT_EQ(box.In(Esp(SERVER, OUTSIDE, 0xa2)).result.reason, Reason::NatNoMapping);
    box.Out(Esp(ALICE, SERVER, 0xa1));
    EXPECT_TRUE(box.In(Esp(SERVER, OUTSIDE, 0xa2)).Through());
    box.Wait(seconds{599});
    EXPECT_TRUE(box.Out(Esp(ALICE, SERVER, 0xa1)).Through());
    box.Wait(seconds{599});
    EXPECT_TRUE(box.In(Esp(SERVER, OUTSIDE, 0xa2)).Through());
    box.Wait(seconds{600});
    EXPECT_EQ(box.In(Esp(SERVER, OUTSIDE, 0xa2)).result.reason, Reason::NatMappingExpired);
    EXPECT_EQ(box.Engine().MappingCount(), 0u);
    EXPECT_EQ(box.Engine().Deadline(), std::nullopt);
}

TEST(NatSpiLearning, ErrorsFindTheirAssociation)
{
    Box box(With(Handling::SpiLearning));
    const auto out = box.Out(Esp(ALICE, SERVER, 0xa1));
    const auto in = box.In(*BuildIcmpError(OTHER, out.packet, ICMP_UNREACHABLE, 2));
    ASSERT_TRUE(in.Through());
    EXPECT_EQ(ip::Destination(in.packet), ALICE);
    const auto reply = box.In(Esp(SERVER, OUTSIDE, 0xa2));
    const auto error = box.Out(*BuildIcmpError(ALICE, reply.packet, ICMP_UNREACHABLE, 2));
    ASSERT_TRUE(error.Through());
    EXPECT_EQ(ip::Destination(ByteView(error.packet).Sub(28)), OUTSIDE);
}

TEST(NatPinnedOwner, GetsAllInboundEsp)
{
    NatConfig config = With(Handling::PinnedPortOwner);
    config.pinnedPorts = {500};
    config.pinnedConflict = NatConfig::PinnedConflict::Displace;
    Box box(config);
    EXPECT_EQ(box.In(Esp(SERVER, OUTSIDE, 1)).result.reason, Reason::NatNoMapping);
    box.OutUdp({ALICE, 500}, {SERVER, 500});
    EXPECT_EQ(box.In(Esp(SERVER, OUTSIDE, 1)).packet, Esp(SERVER, ALICE, 1));
    EXPECT_EQ(box.In(Esp(OTHER, OUTSIDE, 2)).packet, Esp(OTHER, ALICE, 2));
    box.OutUdp({CAROL, 500}, {SERVER, 500});
    EXPECT_EQ(box.In(Esp(SERVER, OUTSIDE, 1)).packet, Esp(SERVER, CAROL, 1));
    EXPECT_EQ(box.Out(Esp(ALICE, SERVER, 3)).packet, Esp(OUTSIDE, SERVER, 3));
}

TEST(NatPinnedOwner, EspKeepsTheOwnersPortAlive)
{
    NatConfig config = With(Handling::PinnedPortOwner);
    config.pinnedPorts = {500};
    Box box(config);
    box.OutUdp({ALICE, 500}, {SERVER, 500});
    box.Wait(minutes{4});
    box.Out(Esp(ALICE, SERVER, 3));
    box.Wait(minutes{9});
    EXPECT_EQ(box.In(Esp(SERVER, OUTSIDE, 1)).packet, Esp(SERVER, ALICE, 1));
    box.Wait(minutes{10});
    EXPECT_EQ(box.In(Esp(SERVER, OUTSIDE, 1)).result.reason, Reason::NatNoMapping);
}
