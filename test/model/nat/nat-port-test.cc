// SPDX-License-Identifier: GPL-2.0-only
#include "model/nat/port-set.h"
#include "test/model/nat/nat-kit.h"

#include <algorithm>
#include <set>

using namespace nattlab;
using namespace nattlab::test;

using Allocation = NatConfig::PortAllocation;

namespace
{

Ipv4Address
Host(std::uint32_t i)
{
    return {0x0a000001 + i};
}

NatConfig
Allocating(Allocation allocation, std::uint16_t first = 1024, std::uint16_t last = 65535)
{
    NatConfig config = OneAddress();
    config.portAllocation = allocation;
    config.portFirst = first;
    config.portLast = last;
    return config;
}

} // namespace

TEST(PortSet, FindsTheNextFreePortAndGoesAround)
{
    nat::PortSet set;
    EXPECT_EQ(set.FindFree({}, 500), 500);
    for (std::uint32_t port = 500; port < 700; ++port)
    {
        set.Add(static_cast<std::uint16_t>(port));
    }
    EXPECT_EQ(set.Size(), 200u);
    EXPECT_EQ(set.FindFree({}, 500), 700);
    EXPECT_EQ(set.FindFree({500, 699, {}}, 500), std::nullopt);
    EXPECT_EQ(set.FindFree({499, 699, {}}, 650), 499);
    EXPECT_EQ(set.FindFree({500, 703, true}, 500), 701);
    EXPECT_EQ(set.FindFree({500, 703, false}, 500), 700);
    set.Remove(640);
    EXPECT_FALSE(set.Contains(640));
    EXPECT_EQ(set.FindFree({500, 699, {}}, 650), 640);
    EXPECT_EQ(set.FindFree({500, 699, true}, 500), std::nullopt);
}

TEST(PortSet, HoldsAllPorts)
{
    nat::PortSet set;
    for (std::uint32_t port = 0; port < 65536; ++port)
    {
        ASSERT_EQ(set.FindFree({}, 0), port);
        set.Add(static_cast<std::uint16_t>(port));
    }
    EXPECT_EQ(set.FindFree({}, 0), std::nullopt);
    set.Remove(65535);
    EXPECT_EQ(set.FindFree({}, 65535), 65535);
    EXPECT_EQ(set.FindFree({}, 3), 65535);
}

TEST(NatPorts, KeepsTheSourcePortWhenItIsFreeElseTakesTheNextOfItsClass)
{
    Box box(Allocating(Allocation::Preserve));
    EXPECT_EQ(box.OutUdp({ALICE, 500}, {SERVER, 500}).port, 500);
    EXPECT_EQ(box.OutUdp({CAROL, 500}, {SERVER, 500}).port, 501);
    EXPECT_EQ(box.OutUdp({ALICE, 511}, {SERVER, 500}).port, 511);
    EXPECT_EQ(box.OutUdp({CAROL, 511}, {SERVER, 500}).port, 1); // around, within 1 to 511
    EXPECT_EQ(box.OutUdp({ALICE, 1023}, {SERVER, 500}).port, 1023);
    EXPECT_EQ(box.OutUdp({CAROL, 1023}, {SERVER, 500}).port, 512);
    EXPECT_EQ(box.OutUdp({ALICE, 65535}, {SERVER, 500}).port, 65535);
    EXPECT_EQ(box.OutUdp({CAROL, 65535}, {SERVER, 500}).port, 1024);
}

TEST(NatPorts, UdpAndTcpHavePortsOfTheirOwn)
{
    Box box(Allocating(Allocation::Preserve));
    EXPECT_EQ(box.OutUdp({ALICE, 500}, {SERVER, 500}).port, 500);
    EXPECT_EQ(SourceOf(box.Out(Tcp({CAROL, 500}, {SERVER, 80}, TcpHeader::SYN)).packet).port, 500);
}

TEST(NatPorts, AFullClassIsExhausted)
{
    Box box(Allocating(Allocation::Preserve));
    std::set<std::uint16_t> ports;
    for (std::uint32_t i = 0; i < 511; ++i)
    {
        ports.insert(box.OutUdp({Host(i), 500}, {SERVER, 500}).port);
    }
    EXPECT_EQ(ports.size(), 511u);
    EXPECT_EQ(*ports.begin(), 1);
    EXPECT_EQ(*ports.rbegin(), 511);
    const auto last = box.Out(Udp({Host(511), 500}, {SERVER, 500}));
    EXPECT_EQ(last.result.outcome, NatOutcome::Drop);
    EXPECT_EQ(last.result.reason, Reason::NatPortsExhausted);
    EXPECT_EQ(last.result.subject, "udp 10.0.2.0:500");
    EXPECT_EQ(box.OutUdp({Host(511), 4500}, {SERVER, 4500}).port, 4500);
}

TEST(NatPorts, SequentialPortsFollowEachOther)
{
    Box box(Allocating(Allocation::Sequential, 2000, 2003));
    EXPECT_EQ(box.OutUdp({ALICE, 500}, {SERVER, 500}).port, 2000);
    EXPECT_EQ(box.OutUdp({CAROL, 500}, {SERVER, 500}).port, 2001);
    EXPECT_EQ(SourceOf(box.Out(Udp({ALICE, 4500}, {SERVER, 4500})).packet).port, 2002);
    box.Wait(minutes{4});
    EXPECT_EQ(box.OutUdp({CAROL, 500}, {SERVER, 500}).port, 2001);
    box.Wait(minutes{1});
    // 2000 and 2002 are free again, but the next one is 2003.
    EXPECT_EQ(box.OutUdp({DAVE, 1}, {SERVER, 500}).port, 2003);
    EXPECT_EQ(box.OutUdp({DAVE, 2}, {SERVER, 500}).port, 2000);
    EXPECT_EQ(box.OutUdp({DAVE, 3}, {SERVER, 500}).port, 2002);
    EXPECT_EQ(box.Out(Udp({DAVE, 4}, {SERVER, 500})).result.reason, Reason::NatPortsExhausted);
}

TEST(NatPorts, RandomPortsAreThoseOfTheSeed)
{
    const auto draw = [](std::uint64_t seed)
    {
        Box box(Allocating(Allocation::Random, 10000, 10099), seed);
        std::vector<std::uint16_t> ports;
        for (std::uint16_t i = 0; i < 100; ++i)
        {
            ports.push_back(
                box.OutUdp({ALICE, static_cast<std::uint16_t>(i + 1)}, {SERVER, 5}).port);
        }
        EXPECT_EQ(box.Out(Udp({ALICE, 999}, {SERVER, 5})).result.reason, Reason::NatPortsExhausted);
        return ports;
    };
    const auto ports = draw(1);
    EXPECT_EQ(draw(1), ports);
    EXPECT_NE(draw(2), ports);
    EXPECT_EQ(std::set<std::uint16_t>(ports.begin(), ports.end()).size(), 100u);
    EXPECT_FALSE(std::is_sorted(ports.begin(), ports.end()));
}

TEST(NatPorts, EachSubscriberHasABlock)
{
    NatConfig config = Allocating(Allocation::Range, 1024, 1024 + 20 - 1);
    config.blockSize = 8; // two whole blocks fit
    Box box(config);
    for (std::uint16_t i = 0; i < 8; ++i)
    {
        EXPECT_EQ(box.OutUdp({ALICE, static_cast<std::uint16_t>(i + 1)}, {SERVER, 5}).port,
                  1024 + i);
    }
    EXPECT_EQ(box.Out(Udp({ALICE, 99}, {SERVER, 5})).result.reason, Reason::NatPortsExhausted);
    EXPECT_EQ(box.OutUdp({CAROL, 1}, {SERVER, 5}).port, 1032);
    EXPECT_EQ(box.Out(Udp({DAVE, 1}, {SERVER, 5})).result.reason, Reason::NatPortsExhausted);
    box.Wait(minutes{4});
    box.OutUdp({CAROL, 1}, {SERVER, 5});
    box.Wait(minutes{1});
    EXPECT_EQ(box.OutUdp({DAVE, 1}, {SERVER, 5}).port, 1024); // Alice's block is free again
}

TEST(NatPorts, ParityIsKept)
{
    for (const auto allocation :
         {Allocation::Preserve, Allocation::Sequential, Allocation::Random, Allocation::Range})
    {
        NatConfig config = Allocating(allocation);
        config.keepParity = true;
        Box box(config);
        for (std::uint32_t i = 0; i < 50; ++i)
        {
            EXPECT_EQ(box.OutUdp({Host(i), 5000}, {SERVER, 5}).port % 2, 0);
            EXPECT_EQ(box.OutUdp({Host(i), 5001}, {SERVER, 5}).port % 2, 1);
        }
    }
}

TEST(NatPorts, AFreedPortRestsAndOnlyItsLastUserMayHaveIt)
{
    NatConfig config = OneAddress();
    config.portReuseDelay = seconds{120}; // RFC 6888 REQ-8
    Box box(config);
    EXPECT_EQ(box.OutUdp({ALICE, 500}, {SERVER, 500}).port, 500);
    box.Wait(minutes{5});
    EXPECT_EQ(box.OutUdp({CAROL, 500}, {SERVER, 500}).port, 501);
    EXPECT_EQ(box.OutUdp({ALICE, 500}, {SERVER, 500}).port, 500);
    box.Wait(minutes{5}); // all expire
    box.Engine().Expire(box.Now());
    box.Wait(seconds{119});
    EXPECT_EQ(box.OutUdp({DAVE, 500}, {SERVER, 500}).port, 502);
    box.Wait(seconds{1});
    EXPECT_EQ(box.OutUdp({DAVE, 501}, {SERVER, 500}).port, 501);
}

TEST(NatPool, PairedHostsKeepTheirAddress)
{
    NatConfig config = OneAddress();
    config.pool = {OUTSIDE, OUTSIDE2};
    Box box(config);
    EXPECT_EQ(box.OutUdp({ALICE, 500}, {SERVER, 500}), (Endpoint{OUTSIDE, 500}));
    EXPECT_EQ(box.OutUdp({CAROL, 500}, {SERVER, 500}), (Endpoint{OUTSIDE2, 500}));
    EXPECT_EQ(box.OutUdp({ALICE, 4500}, {SERVER, 4500}).address, OUTSIDE);
    EXPECT_EQ(SourceOf(box.Out(Echo(ALICE, SERVER, 9)).packet).address, OUTSIDE);
    EXPECT_EQ(SourceOf(box.Out(Esp(CAROL, SERVER, 9)).packet).address, OUTSIDE2);
    EXPECT_TRUE(box.Engine().OwnsAddress(OUTSIDE2));
    EXPECT_FALSE(box.Engine().OwnsAddress(SERVER));
}

TEST(NatPool, ArbitraryMappingsTakeTurns)
{
    NatConfig config = OneAddress();
    config.pool = {OUTSIDE, OUTSIDE2};
    config.pooling = NatConfig::Pooling::Arbitrary;
    Box box(config);
    EXPECT_EQ(box.OutUdp({ALICE, 500}, {SERVER, 500}).address, OUTSIDE);
    EXPECT_EQ(box.OutUdp({ALICE, 4500}, {SERVER, 4500}).address, OUTSIDE2);
    EXPECT_EQ(box.OutUdp({ALICE, 500}, {SERVER, 500}).address, OUTSIDE);
}

TEST(NatPool, AnEmptyPoolTranslatesNothing)
{
    NatConfig config;
    for (const auto handling : {NatConfig::ProtocolHandling::AddressOnly,
                                NatConfig::ProtocolHandling::SpiLearning,
                                NatConfig::ProtocolHandling::PinnedPortOwner})
    {
        config.otherProtocols = handling;
        config.pinnedPorts = {500};
        Box box(config);
        EXPECT_EQ(box.Out(Udp({ALICE, 1}, {SERVER, 5})).result.reason, Reason::NatPortsExhausted);
        EXPECT_EQ(box.Out(Udp({ALICE, 500}, {SERVER, 5})).result.reason, Reason::NatPortsExhausted);
        EXPECT_EQ(box.Out(Esp(ALICE, SERVER, 1)).result.reason, Reason::NatPortsExhausted);
    }
}

TEST(NatScale, FiftyThousandMappingsFromOneSourcePortAreCheap)
{
    NatConfig config = OneAddress();
    EventLog log(TraceLevel::Verdict);
    Nat nat(config, "box", 1, Tracer(log, log.AddNode("box")));
    std::set<std::uint16_t> ports;
    for (std::uint32_t i = 0; i < 50000; ++i)
    {
        Packet packet{{}, Udp({Host(i), 4500}, {SERVER, 4500})};
        ASSERT_EQ(nat.TranslateSource(packet, true, true, Instant{} + milliseconds{i}).outcome,
                  NatOutcome::Translated);
        ports.insert(SourceOf(packet.bytes).port);
    }
    EXPECT_EQ(ports.size(), 50000u);
    EXPECT_EQ(nat.MappingCount(), 50000u);
    EXPECT_EQ(nat.Deadline(), Instant{} + minutes{5});
    nat.Expire(Instant{} + minutes{5} + milliseconds{24999});
    EXPECT_EQ(nat.MappingCount(), 25000u);
}
