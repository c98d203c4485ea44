// SPDX-License-Identifier: GPL-2.0-only
#include "test/model/nat/nat-kit.h"

using namespace nattlab;
using namespace nattlab::test;

namespace
{

/** Timers of 30 s one way and 180 s both ways. */
NatConfig
Short()
{
    NatConfig config = OneAddress();
    config.timeouts.udpOneWay = seconds{30};
    config.timeouts.udpBidirectional = seconds{180};
    return config;
}

struct RefreshRow
{
    bool outbound;
    bool inbound;
    bool aliveByOutbound; //!< after packets sent every 20 s for 60 s
    bool aliveByInbound;  //!< after packets received every 20 s for 60 s
};

// RFC 4787 REQ-6.
constexpr RefreshRow REFRESH[] = {
    {true, true, true, true},
    {true, false, true, false},
    {false, true, false, true},
    {false, false, false, false},
};

bool
AliveAfter(const RefreshRow& row, bool outbound)
{
    NatConfig config = OneAddress();
    config.timeouts.udpOneWay = config.timeouts.udpBidirectional = seconds{50};
    config.refreshOutbound = row.outbound;
    config.refreshInbound = row.inbound;
    Box box(config);
    box.OutUdp({ALICE, 500}, {SERVER, 500});
    const std::size_t first = box.EventsOf(EventType::MappingCreated).size();
    for (int i = 0; i < 3; ++i)
    {
        box.Wait(seconds{20});
        if (outbound)
        {
            box.OutUdp({ALICE, 500}, {SERVER, 500});
        }
        else
        {
            box.InUdp({SERVER, 500}, {OUTSIDE, 500});
        }
    }
    return box.EventsOf(EventType::MappingExpired).empty() &&
           box.EventsOf(EventType::MappingCreated).size() == first;
}

} // namespace

TEST(NatTimeout, AOneWaySessionEndsEarlierThanABidirectionalOne)
{
    Box box(Short());
    box.OutUdp({ALICE, 500}, {SERVER, 500});
    box.OutUdp({ALICE, 4500}, {SERVER, 4500});
    EXPECT_EQ(box.InUdp({SERVER, 4500}, {OUTSIDE, 4500}), Reason::None);
    box.Wait(seconds{30} - nanoseconds{1});
    box.Engine().Expire(box.Now());
    EXPECT_EQ(box.Engine().MappingCount(), 2u);
    box.Wait(nanoseconds{1});
    EXPECT_EQ(box.InUdp({SERVER, 500}, {OUTSIDE, 500}), Reason::NatMappingExpired);
    EXPECT_EQ(box.InUdp({SERVER, 4500}, {OUTSIDE, 4500}), Reason::None);
    EXPECT_EQ(box.Engine().MappingCount(), 1u);
    box.Wait(seconds{180});
    EXPECT_EQ(box.InUdp({SERVER, 4500}, {OUTSIDE, 4500}), Reason::NatMappingExpired);
}

TEST(NatTimeout, AnExpiredMappingIsNamedUntilItIsForgotten)
{
    NatConfig config = Short();
    config.rememberExpired = hours{1};
    Box box(config);
    box.OutUdp({ALICE, 500}, {SERVER, 500});
    box.Wait(minutes{1});
    const auto late = box.In(Udp({SERVER, 500}, {OUTSIDE, 500}));
    EXPECT_EQ(late.result.outcome, NatOutcome::Local);
    EXPECT_EQ(late.result.reason, Reason::NatMappingExpired);
    EXPECT_EQ(late.result.subject, "udp 192.168.1.2:500 <> 203.0.113.7:500");
    const auto expired = box.EventsOf(EventType::MappingExpired);
    ASSERT_EQ(expired.size(), 1u);
    EXPECT_EQ(expired[0].subject, late.result.subject);
    EXPECT_EQ(expired[0].reason, Reason::None);
    box.Wait(hours{1});
    EXPECT_EQ(box.InUdp({SERVER, 500}, {OUTSIDE, 500}), Reason::NatNoMapping);
}

TEST(NatTimeout, ANewMappingReplacesTheMemoryOfTheOldOne)
{
    Box box(Short());
    box.OutUdp({ALICE, 500}, {SERVER, 500});
    box.Wait(minutes{1});
    box.OutUdp({CAROL, 500}, {SERVER, 500});
    EXPECT_EQ(box.InUdp({OTHER, 500}, {OUTSIDE, 500}), Reason::NatFiltered);
}

TEST(NatTimeout, OnlySoManyExpiredMappingsAreRemembered)
{
    NatConfig config = Short();
    config.mostRemembered = 1;
    Box box(config);
    box.OutUdp({ALICE, 500}, {SERVER, 500});
    box.OutUdp({ALICE, 4500}, {SERVER, 500});
    box.Wait(minutes{1});
    EXPECT_EQ(box.InUdp({SERVER, 500}, {OUTSIDE, 500}), Reason::NatNoMapping);
    EXPECT_EQ(box.InUdp({SERVER, 500}, {OUTSIDE, 4500}), Reason::NatMappingExpired);
}

TEST(NatTimeout, RefreshDirectionsAreThoseOfTheConfiguration)
{
    for (const RefreshRow& row : REFRESH)
    {
        EXPECT_EQ(AliveAfter(row, true), row.aliveByOutbound) << row.outbound << row.inbound;
        EXPECT_EQ(AliveAfter(row, false), row.aliveByInbound) << row.outbound << row.inbound;
    }
}

TEST(NatTimeout, StrangersDoNotKeepAMappingWithoutInboundRefresh)
{
    NatConfig config = Short();
    config.filtering = NatConfig::Filtering::EndpointIndependent;
    config.refreshInbound = false;
    Box box(config);
    box.OutUdp({ALICE, 500}, {SERVER, 500});
    box.Wait(seconds{29});
    EXPECT_EQ(box.InUdp({OTHER, 9}, {OUTSIDE, 500}), Reason::None);
    box.Wait(seconds{1});
    EXPECT_EQ(box.InUdp({OTHER, 9}, {OUTSIDE, 500}), Reason::NatMappingExpired);
}

TEST(NatTimeout, AMappingLivesAsLongAsOneOfItsSessions)
{
    Box box(Short());
    box.OutUdp({ALICE, 500}, {SERVER, 500});
    box.Wait(seconds{20});
    box.OutUdp({ALICE, 500}, {OTHER, 500});
    box.Wait(seconds{20});
    EXPECT_EQ(box.InUdp({SERVER, 500}, {OUTSIDE, 500}), Reason::NatFiltered);
    EXPECT_EQ(box.InUdp({OTHER, 500}, {OUTSIDE, 500}), Reason::None);
}

TEST(NatTimeout, WellKnownRemotePortsMayHaveATimerOfTheirOwn)
{
    NatConfig config = OneAddress();
    config.timeouts.udpWellKnown = seconds{10}; // RFC 4787 REQ-5a
    Box box(config);
    box.OutUdp({ALICE, 500}, {SERVER, 500});
    box.OutUdp({ALICE, 4500}, {SERVER, 4500});
    box.Wait(seconds{10});
    EXPECT_EQ(box.InUdp({SERVER, 500}, {OUTSIDE, 500}), Reason::NatMappingExpired);
    EXPECT_EQ(box.InUdp({SERVER, 4500}, {OUTSIDE, 4500}), Reason::None);
}

TEST(NatTimeout, AStreamMustHaveAnAgeWhereTheDeviceAsksForIt)
{
    NatConfig config = Short();
    config.timeouts.udpStreamAge = seconds{2};
    Box box(config);
    box.OutUdp({ALICE, 500}, {SERVER, 500});
    box.InUdp({SERVER, 500}, {OUTSIDE, 500}); // at once: not a stream yet
    box.Wait(seconds{30});
    EXPECT_EQ(box.InUdp({SERVER, 500}, {OUTSIDE, 500}), Reason::NatMappingExpired);
    box.OutUdp({ALICE, 500}, {SERVER, 500});
    box.InUdp({SERVER, 500}, {OUTSIDE, 500});
    box.Wait(seconds{2});
    box.InUdp({SERVER, 500}, {OUTSIDE, 500});
    box.Wait(seconds{179});
    EXPECT_EQ(box.InUdp({SERVER, 500}, {OUTSIDE, 500}), Reason::None);
}

TEST(NatTimeout, TheFirstPacketMayHaveATimerOfItsOwn)
{
    NatConfig config = OneAddress(); // as pf: first 60 s, then 30 s one way
    config.timeouts.udpFirst = seconds{60};
    config.timeouts.udpOneWay = seconds{30};
    Box box(config);
    box.OutUdp({ALICE, 1}, {SERVER, 500});
    box.OutUdp({ALICE, 2}, {SERVER, 500});
    box.OutUdp({ALICE, 2}, {SERVER, 500});
    box.Wait(seconds{30});
    EXPECT_EQ(box.InUdp({SERVER, 500}, {OUTSIDE, 2}), Reason::NatMappingExpired);
    EXPECT_EQ(box.InUdp({SERVER, 500}, {OUTSIDE, 1}), Reason::None);
}

TEST(NatTimeout, TcpTimersFollowTheConnection)
{
    const Endpoint server{SERVER, 80};
    Box box(OneAddress());
    const auto send = [&](std::uint16_t port, std::uint8_t flags) {
        return box.Out(Tcp({ALICE, port}, server, flags)).result.reason;
    };
    const auto receive = [&](std::uint16_t port, std::uint8_t flags) {
        return box.In(Tcp(server, {OUTSIDE, port}, flags)).result.reason;
    };
    using Flag = TcpHeader::Flag;
    for (const std::uint16_t port : {1, 2, 3, 4})
    {
        send(port, Flag::SYN);
        if (port != 1) // 1 stays half open
        {
            EXPECT_EQ(receive(port, Flag::SYN | Flag::ACK), Reason::None);
            send(port, Flag::ACK);
        }
    }
    send(3, Flag::FIN | Flag::ACK);
    receive(3, Flag::FIN | Flag::ACK);
    receive(4, Flag::RST);
    box.Wait(minutes{4});
    EXPECT_EQ(receive(1, Flag::ACK), Reason::NatMappingExpired);
    EXPECT_EQ(receive(3, Flag::ACK), Reason::NatMappingExpired);
    EXPECT_EQ(receive(4, Flag::ACK), Reason::NatMappingExpired);
    EXPECT_EQ(receive(2, Flag::ACK), Reason::None);
    box.Wait(minutes{123});
    send(2, Flag::FIN);
    box.Wait(minutes{123}); // half closed is still open
    EXPECT_EQ(receive(2, Flag::ACK), Reason::None);
    box.Wait(minutes{124});
    EXPECT_EQ(receive(2, Flag::ACK), Reason::NatMappingExpired);
}

TEST(NatTimeout, AClosedTcpSessionOpensAgainWithANewSyn)
{
    const Endpoint server{SERVER, 80};
    Box box(OneAddress());
    box.Out(Tcp({ALICE, 1}, server, TcpHeader::SYN));
    box.In(Tcp(server, {OUTSIDE, 1}, TcpHeader::RST | TcpHeader::ACK));
    box.Wait(minutes{3});
    box.Out(Tcp({ALICE, 1}, server, TcpHeader::SYN));
    box.In(Tcp(server, {OUTSIDE, 1}, TcpHeader::SYN | TcpHeader::ACK));
    box.Wait(hours{2});
    EXPECT_TRUE(box.In(Tcp(server, {OUTSIDE, 1}, TcpHeader::ACK)).Through());
}

TEST(NatTimeout, EchoAndOtherProtocolsHaveTheirOwnTimers)
{
    Box box(OneAddress());
    box.Out(Echo(ALICE, SERVER, 9));
    box.Out(Esp(ALICE, SERVER, 9));
    box.Wait(seconds{60});
    EXPECT_EQ(box.In(Echo(SERVER, OUTSIDE, 9, ICMP_ECHO_REPLY)).result.reason,
              Reason::NatMappingExpired);
    box.Wait(seconds{539});
    EXPECT_TRUE(box.In(Esp(SERVER, OUTSIDE, 8)).Through());
    box.Wait(seconds{600});
    EXPECT_EQ(box.In(Esp(SERVER, OUTSIDE, 8)).result.reason, Reason::NatMappingExpired);
}

TEST(NatTimeout, TheDeadlineIsNeverMissed)
{
    Box box(Short());
    EXPECT_EQ(box.Engine().Deadline(), std::nullopt);
    box.OutUdp({ALICE, 500}, {SERVER, 500});
    box.Wait(seconds{20});
    box.OutUdp({ALICE, 500}, {SERVER, 500});
    int wakes = 0;
    Instant last{};
    while (const auto deadline = box.Engine().Deadline())
    {
        ASSERT_LE(++wakes, 2);
        last = *deadline;
        box.Engine().Expire(last);
    }
    EXPECT_EQ(last, Instant{} + seconds{50});
    EXPECT_EQ(box.Engine().MappingCount(), 0u);
}
