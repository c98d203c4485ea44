// SPDX-License-Identifier: GPL-2.0-only
#include "test/model/nat/nat-kit.h"

#include <set>

using namespace nattlab;
using namespace nattlab::test;

using Mapping = NatConfig::Mapping;
using Filtering = NatConfig::Filtering;

namespace
{

struct GridRow
{
    Mapping mapping;
    Filtering filtering;
    bool sharesForOtherPort;    //!< one mapping towards two ports of the same remote address
    bool sharesForOtherAddress; //!< one mapping towards two remote addresses
    bool admitsOtherPort;       //!< inbound from another port of the remote address
    bool admitsOtherAddress;    //!< inbound from another address
};

constexpr auto EI = 0;
constexpr auto AD = 1;
constexpr auto APD = 2;

constexpr GridRow
Row(int mapping, int filtering)
{
    return {static_cast<Mapping>(mapping),
            static_cast<Filtering>(filtering),
            mapping != APD,
            mapping == EI,
            filtering != APD,
            filtering == EI};
}

// RFC 4787 4.1 and 5: nine combinations.
constexpr GridRow GRID[] = {
    Row(EI, EI),
    Row(EI, AD),
    Row(EI, APD),
    Row(AD, EI),
    Row(AD, AD),
    Row(AD, APD),
    Row(APD, EI),
    Row(APD, AD),
    Row(APD, APD),
};

class NatGrid : public testing::TestWithParam<GridRow>
{
  protected:
    static NatConfig Config()
    {
        NatConfig config = OneAddress();
        config.mapping = GetParam().mapping;
        config.filtering = GetParam().filtering;
        return config;
    }
};

} // namespace

TEST_P(NatGrid, MapsAsItsMappingBehaviourSays)
{
    Box box(Config());
    const Endpoint first = box.OutUdp({ALICE, 5000}, {SERVER, 4500});
    EXPECT_EQ(first, (Endpoint{OUTSIDE, 5000}));
    EXPECT_EQ(box.OutUdp({ALICE, 5000}, {SERVER, 4501}) == first, GetParam().sharesForOtherPort);
    EXPECT_EQ(box.OutUdp({ALICE, 5000}, {OTHER, 4500}) == first, GetParam().sharesForOtherAddress);
    EXPECT_EQ(box.OutUdp({ALICE, 5000}, {SERVER, 4500}), first);
}

TEST_P(NatGrid, FiltersAsItsFilteringBehaviourSays)
{
    Box box(Config());
    const Endpoint external = box.OutUdp({ALICE, 5000}, {SERVER, 4500});
    EXPECT_EQ(box.InUdp({SERVER, 4500}, external), Reason::None);
    EXPECT_EQ(box.InUdp({SERVER, 4501}, external),
              GetParam().admitsOtherPort ? Reason::None : Reason::NatFiltered);
    EXPECT_EQ(box.InUdp({OTHER, 4500}, external),
              GetParam().admitsOtherAddress ? Reason::None : Reason::NatFiltered);
    EXPECT_EQ(box.InUdp({SERVER, 4500}, {OUTSIDE, 5001}), Reason::NatNoMapping);
}

INSTANTIATE_TEST_SUITE_P(MappingByFiltering, NatGrid, testing::ValuesIn(GRID));

TEST(Nat, RestoresTheInsideEndpointOfAReply)
{
    Box box(OneAddress());
    const Endpoint external = box.OutUdp({ALICE, 5000}, {SERVER, 4500});
    const auto reply = box.In(Udp({SERVER, 4500}, external));
    EXPECT_TRUE(reply.Through());
    EXPECT_EQ(reply.packet, Udp({SERVER, 4500}, {ALICE, 5000}));
    EXPECT_EQ(reply.result.subject, "udp 192.168.1.2:5000 <> 203.0.113.7:5000");
}

TEST(Nat, LeavesAloneWhatItHasNothingToDoWith)
{
    Box box(OneAddress());
    Packet own{{}, Udp({OUTSIDE, 500}, {SERVER, 500})};
    EXPECT_EQ(box.Engine().TranslateSource(own, false, true, box.Now()).outcome,
              NatOutcome::Untouched);
    Packet within{{}, Udp({ALICE, 500}, {CAROL, 500})};
    EXPECT_EQ(box.Engine().TranslateDestination(within, true, box.Now()).outcome,
              NatOutcome::Untouched);
    EXPECT_EQ(box.Engine().TranslateSource(within, true, false, box.Now()).outcome,
              NatOutcome::Untouched);
    EXPECT_EQ(within.bytes, Udp({ALICE, 500}, {CAROL, 500}));
    EXPECT_EQ(box.Engine().MappingCount(), 0u);
}

TEST(Nat, UnsolicitedPacketsStayUnchangedAndNameWhatWasLookedFor)
{
    Box box(OneAddress());
    const auto passed = box.In(Udp({SERVER, 500}, {OUTSIDE, 500}));
    EXPECT_EQ(passed.result.outcome, NatOutcome::Local);
    EXPECT_EQ(passed.result.reason, Reason::NatNoMapping);
    EXPECT_EQ(passed.result.subject, "udp 203.0.113.7:500");
    EXPECT_EQ(passed.packet, Udp({SERVER, 500}, {OUTSIDE, 500}));
}

TEST(Nat, BothStepsReportMappingsAndTranslations)
{
    Box box(OneAddress());
    box.OutUdp({ALICE, 5000}, {SERVER, 4500});
    const auto created = box.EventsOf(EventType::MappingCreated);
    ASSERT_EQ(created.size(), 1u);
    EXPECT_EQ(created[0].subject, "udp 192.168.1.2:5000 <> 203.0.113.7:5000");
    EXPECT_EQ(created[0].layer, Layer::Nat);
    EXPECT_EQ(created[0].tag.connection, 1u);
    const auto translated = box.EventsOf(EventType::PacketTranslated);
    ASSERT_EQ(translated.size(), 1u);
    EXPECT_EQ(translated[0].flow.source, ALICE);
    EXPECT_EQ(translated[0].flowAfter.source, OUTSIDE);
    EXPECT_EQ(translated[0].subject, created[0].subject);
}

TEST(NatPinned, ASecondHostIsRefusedThePort)
{
    NatConfig config = OneAddress();
    config.pinnedPorts = {500};
    Box box(config);
    EXPECT_EQ(box.OutUdp({ALICE, 500}, {SERVER, 500}), (Endpoint{OUTSIDE, 500}));
    const auto second = box.Out(Udp({CAROL, 500}, {SERVER, 500}));
    EXPECT_EQ(second.result.outcome, NatOutcome::Drop);
    EXPECT_EQ(second.result.reason, Reason::NatPortPinned);
    EXPECT_EQ(second.result.subject, "udp 192.168.1.2:500 <> 203.0.113.7:500");
    EXPECT_EQ(box.OutUdp({CAROL, 4500}, {SERVER, 4500}).port, 4500);
}

TEST(NatPinned, TheNewestHostTakesThePortOver)
{
    NatConfig config = OneAddress();
    config.pinnedPorts = {500};
    config.pinnedConflict = NatConfig::PinnedConflict::Displace;
    Box box(config);
    box.OutUdp({ALICE, 500}, {SERVER, 500});
    EXPECT_EQ(box.OutUdp({CAROL, 500}, {SERVER, 500}), (Endpoint{OUTSIDE, 500}));
    EXPECT_EQ(DestinationOf(box.In(Udp({SERVER, 500}, {OUTSIDE, 500})).packet).address, CAROL);
    const auto expired = box.EventsOf(EventType::MappingExpired);
    ASSERT_EQ(expired.size(), 1u);
    EXPECT_EQ(expired[0].reason, Reason::NatPortPinned);
    EXPECT_EQ(expired[0].subject, "udp 192.168.1.2:500 <> 203.0.113.7:500");
}

TEST(NatPinned, OneHostUsesThePortTowardsManyEvenWithSymmetricMapping)
{
    NatConfig config = OneAddress();
    config.mapping = Mapping::AddressAndPortDependent;
    config.pinnedPorts = {500};
    Box box(config);
    EXPECT_EQ(box.OutUdp({ALICE, 500}, {SERVER, 500}).port, 500);
    EXPECT_EQ(box.OutUdp({ALICE, 500}, {OTHER, 500}).port, 500);
    EXPECT_EQ(box.Engine().MappingCount(), 1u);
}

TEST(NatOverloading, HostsShareAPortWhileTheirRemotesDiffer)
{
    NatConfig config = OneAddress();
    config.mapping = Mapping::AddressAndPortDependent;
    config.filtering = Filtering::AddressAndPortDependent;
    config.portOverloading = true;
    Box box(config);
    EXPECT_EQ(box.OutUdp({ALICE, 500}, {SERVER, 500}).port, 500);
    EXPECT_EQ(box.OutUdp({CAROL, 500}, {OTHER, 500}).port, 500);
    EXPECT_EQ(box.OutUdp({DAVE, 500}, {SERVER, 500}).port, 501);
    EXPECT_EQ(DestinationOf(box.In(Udp({SERVER, 500}, {OUTSIDE, 500})).packet).address, ALICE);
    EXPECT_EQ(DestinationOf(box.In(Udp({OTHER, 500}, {OUTSIDE, 500})).packet).address, CAROL);
    EXPECT_EQ(box.InUdp({SERVER, 501}, {OUTSIDE, 500}), Reason::NatFiltered);
}

TEST(NatLimits, ASessionLimitRefusesNewSessionsAndKeepsOldOnes)
{
    NatConfig config = OneAddress();
    config.maxSessions = 2;
    Box box(config);
    EXPECT_NE(box.OutUdp({ALICE, 1}, {SERVER, 500}).port, 0);
    EXPECT_NE(box.OutUdp({CAROL, 2}, {SERVER, 500}).port, 0);
    const auto third = box.Out(Udp({DAVE, 3}, {SERVER, 500}));
    EXPECT_EQ(third.result.reason, Reason::NatSessionLimit);
    EXPECT_EQ(third.result.subject, "udp 192.168.1.4:3");
    EXPECT_NE(box.OutUdp({ALICE, 1}, {SERVER, 500}).port, 0);
    box.Wait(minutes{5});
    EXPECT_NE(box.OutUdp({DAVE, 3}, {SERVER, 500}).port, 0);
}

TEST(NatLimits, ALimitPerHostLeavesRoomForOthers)
{
    NatConfig config = OneAddress();
    config.maxPerHost = 1;
    Box box(config);
    EXPECT_NE(box.OutUdp({ALICE, 1}, {SERVER, 500}).port, 0);
    EXPECT_EQ(box.Out(Udp({ALICE, 1}, {OTHER, 500})).result.reason, Reason::NatSessionLimit);
    EXPECT_NE(box.OutUdp({CAROL, 1}, {SERVER, 500}).port, 0);
}

TEST(NatForward, LetsEverybodyInAndRepliesLeaveByTheForwardedPort)
{
    NatConfig config = OneAddress();
    config.forwards = {{IP_UDP, {}, 500, ALICE, 0}, {IP_UDP, OUTSIDE, 4500, ALICE, 4501}};
    Box box(config);
    EXPECT_EQ(box.Engine().MappingCount(), 0u);
    EXPECT_EQ(box.Engine().Mappings().size(), 2u);
    const auto in = box.In(Udp({SERVER, 1024}, {OUTSIDE, 500}));
    EXPECT_EQ(DestinationOf(in.packet), (Endpoint{ALICE, 500}));
    EXPECT_EQ(in.result.subject, "udp 192.168.1.2:500 <> 203.0.113.7:500 (forward)");
    EXPECT_EQ(box.OutUdp({ALICE, 500}, {SERVER, 1024}).port, 500);
    EXPECT_EQ(DestinationOf(box.In(Udp({OTHER, 9}, {OUTSIDE, 4500})).packet),
              (Endpoint{ALICE, 4501}));
    EXPECT_EQ(box.OutUdp({ALICE, 4501}, {OTHER, 9}).port, 4500);
    // Another host cannot get the forwarded port.
    EXPECT_EQ(box.OutUdp({CAROL, 500}, {SERVER, 500}).port, 501);
    box.Wait(hours{24});
    EXPECT_EQ(box.InUdp({OTHER, 7}, {OUTSIDE, 500}), Reason::None);
}

TEST(NatReboot, DynamicMappingsAreLostAndForwardsStay)
{
    NatConfig config = OneAddress();
    config.forwards = {{IP_UDP, {}, 4500, ALICE, 0}};
    Box box(config);
    const Endpoint external = box.OutUdp({ALICE, 500}, {SERVER, 500});
    box.In(Udp({SERVER, 1}, {OUTSIDE, 4500}));
    box.Engine().Reboot(box.Now());
    EXPECT_EQ(box.Engine().MappingCount(), 0u);
    const auto expired = box.EventsOf(EventType::MappingExpired);
    ASSERT_EQ(expired.size(), 1u);
    EXPECT_EQ(expired[0].reason, Reason::NatRebooted);
    EXPECT_EQ(box.InUdp({SERVER, 500}, external), Reason::NatRebooted);
    EXPECT_EQ(box.InUdp({SERVER, 1}, {OUTSIDE, 4500}), Reason::None);
    EXPECT_EQ(box.OutUdp({CAROL, 500}, {SERVER, 500}).port, 500);
}

TEST(NatViews, ListMappingsInTheOrderOfTheirMaking)
{
    Box box(OneAddress());
    box.OutUdp({ALICE, 500}, {SERVER, 500});
    box.OutUdp({ALICE, 500}, {OTHER, 500});
    box.OutUdp({CAROL, 500}, {SERVER, 500});
    const auto views = box.Engine().Mappings();
    ASSERT_EQ(views.size(), 2u);
    EXPECT_EQ(views[0].inside, (Endpoint{ALICE, 500}));
    EXPECT_EQ(views[0].sessions, 2u);
    EXPECT_EQ(views[1].external, (Endpoint{OUTSIDE, 501}));
    EXPECT_EQ(views[1].expires, box.Now() + minutes{5});
}
