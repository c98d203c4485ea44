// SPDX-License-Identifier: GPL-2.0-only
#include "model/crypto/random.h"
#include "test/model/nat/nat-kit.h"

using namespace nattlab;
using namespace nattlab::test;

namespace
{

std::uint16_t
Port(RandomStream& random)
{
    return static_cast<std::uint16_t>(1 + random.Below(65535));
}

/** A device with as much switched on as possible. */
NatConfig
Busy(std::uint64_t i)
{
    NatConfig config = OneAddress();
    config.pool = {OUTSIDE, OUTSIDE2};
    config.mapping = static_cast<NatConfig::Mapping>(i % 3);
    config.filtering = static_cast<NatConfig::Filtering>(i / 3 % 3);
    config.portAllocation = static_cast<NatConfig::PortAllocation>(i % 4);
    config.pooling = static_cast<NatConfig::Pooling>(i / 2 % 2);
    config.otherProtocols = static_cast<NatConfig::ProtocolHandling>(i / 4 % 4);
    config.fragments = static_cast<NatConfig::Fragments>(i / 5 % 3);
    config.pinnedConflict = static_cast<NatConfig::PinnedConflict>(i / 3 % 2);
    config.portOverloading = i % 5 == 1;
    config.keepParity = i % 7 == 2;
    config.refreshInbound = i % 2 == 0;
    config.pinnedPorts = {500};
    config.portReuseDelay = seconds{static_cast<std::int64_t>(i % 3)};
    config.maxSessions = 40;
    config.maxPerHost = 20;
    config.blockSize = 16;
    config.mostFragmentHeld = 5;
    config.mostFragmented = 7;
    config.forwards = {{IP_UDP, {}, 4500, DAVE, 0}, {IP_ESP, OUTSIDE, 0, DAVE, 0}};
    config.timeouts.udpOneWay = seconds{2};
    config.timeouts.other = config.timeouts.spiPending = seconds{3};
    config.mostRemembered = 10;
    return config;
}

Bytes
RandomPacket(RandomStream& random)
{
    const Ipv4Address addresses[] = {ALICE, CAROL, DAVE, OUTSIDE, OUTSIDE2, SERVER, OTHER};
    const auto address = [&] { return addresses[random.Below(7)]; };
    const auto port = [&]
    {
        const std::uint16_t ports[] = {500, 4500, 501, 1024, 1025, 0};
        return ports[random.Below(6)];
    };
    const Endpoint from{address(), port()};
    const Endpoint to{address(), port()};
    Bytes packet;
    switch (random.Below(6))
    {
    case 0:
        packet = Udp(from, to, random.Take(random.Below(100)));
        break;
    case 1:
        packet = Tcp(from, to, static_cast<std::uint8_t>(random.Next()));
        break;
    case 2:
        packet = Echo(
            from.address, to.address, port(), random.Below(2) == 0 ? ICMP_ECHO : ICMP_ECHO_REPLY);
        break;
    case 3:
        packet = Esp(from.address, to.address, static_cast<std::uint32_t>(random.Below(4)));
        break;
    case 4:
    {
        const Bytes inner = RandomPacket(random);
        const IcmpHeader icmp{ICMP_UNREACHABLE, 3, 0};
        packet = IpPacket(from.address,
                          to.address,
                          IP_ICMP,
                          icmp.Build(ByteView(inner).Sub(0, random.Below(inner.size() + 1))));
        break;
    }
    default:
        packet = IpPacket(from.address,
                          to.address,
                          static_cast<std::uint8_t>(random.Next()),
                          random.Take(random.Below(60)),
                          static_cast<std::uint16_t>(random.Below(4)));
        break;
    }
    if (random.Below(3) == 0) // make it a fragment
    {
        Store16(&packet[6], static_cast<std::uint16_t>(random.Below(3) | random.Below(2) << 13));
        ip::FixChecksum(packet);
    }
    return packet;
}

/** Drive a NAT with random packets and damage. \return a digest of all that came out */
std::uint64_t
Drive(std::uint64_t variant, std::uint64_t seed)
{
    EventLog log;
    const Tracer tracer(log, log.AddNode("box"));
    Nat nat(Busy(variant), "box", seed, tracer);
    RandomStream random(variant, "test", "packets");
    Instant now{};
    std::size_t digest = 0;
    const auto finish = [&](const Packet& packet, const NatResult& result)
    {
        digest = HashCombine(digest, static_cast<std::uint64_t>(result.outcome));
        for (const std::uint8_t byte : packet.bytes)
        {
            digest = HashCombine(digest, byte);
        }
        if (result.outcome != NatOutcome::Held)
        {
            tracer.Consumed(packet.tag);
        }
    };
    for (int i = 0; i < 3000; ++i)
    {
        now += milliseconds{random.Below(200)};
        Packet packet{tracer.NewPacket(1), RandomPacket(random)};
        for (std::uint64_t damage = random.Below(3) == 0 ? random.Below(4) : 0; damage > 0;
             --damage)
        {
            packet.bytes[random.Below(packet.bytes.size())] ^=
                static_cast<std::uint8_t>(random.Next());
        }
        if (random.Below(10) == 0)
        {
            packet.bytes.resize(random.Below(packet.bytes.size() + 1));
        }
        const bool fromInside = random.Below(2) == 0;
        NatResult result = nat.TranslateDestination(packet, fromInside, now);
        if (result.outcome == NatOutcome::Untouched || result.outcome == NatOutcome::Translated)
        {
            const bool toOutside = random.Below(3) != 0;
            result = nat.TranslateSource(packet, fromInside, toOutside, now);
        }
        finish(packet, result);
        for (const NatReleased& released : nat.TakeReleased())
        {
            finish(released.packet, released.result);
        }
        if (random.Below(500) == 0)
        {
            nat.Reboot(now);
        }
    }
    nat.Expire(now + hours{24});
    EXPECT_EQ(nat.MappingCount(), 0u);
    EXPECT_EQ(nat.Deadline(), std::nullopt);
    EXPECT_TRUE(log.Leaks().empty());
    return digest;
}

} // namespace

TEST(NatChecksum, EveryTranslationEqualsAPacketMadeAnew)
{
    RandomStream random(1, "test", "checksum");
    NatConfig config = OneAddress();
    config.portAllocation = NatConfig::PortAllocation::Random;
    config.filtering = NatConfig::Filtering::EndpointIndependent;
    Box box(config);
    for (int i = 0; i < 5000; ++i)
    {
        const Endpoint inside{{0x0a000000 + static_cast<std::uint32_t>(random.Below(1 << 24))},
                              Port(random)};
        const Endpoint remote{{static_cast<std::uint32_t>(random.Next()) | 1}, Port(random)};
        const Bytes payload = random.Take(random.Below(64));
        box.Wait(seconds{1});
        const auto udp = box.Out(Udp(inside, remote, payload));
        ASSERT_TRUE(udp.Through());
        const Endpoint external = SourceOf(udp.packet);
        ASSERT_EQ(udp.packet, Udp(external, remote, payload));
        ASSERT_EQ(box.In(Udp(remote, external, payload)).packet, Udp(remote, inside, payload));
        const auto tcp = box.Out(Tcp(inside, remote, TcpHeader::SYN, payload));
        ASSERT_EQ(tcp.packet, Tcp(SourceOf(tcp.packet), remote, TcpHeader::SYN, payload));
        const auto echo = box.Out(Echo(inside.address, remote.address, inside.port));
        ASSERT_EQ(echo.packet, Echo(OUTSIDE, remote.address, SourceOf(echo.packet).port));
    }
}

TEST(NatChecksum, ZeroStaysZero)
{
    Box box(OneAddress());
    const auto out = box.Out(Udp({ALICE, 4500}, {SERVER, 4500}, Bytes(9, 1), UdpChecksum::Zero));
    EXPECT_EQ(out.packet, Udp({OUTSIDE, 4500}, {SERVER, 4500}, Bytes(9, 1), UdpChecksum::Zero));
    const auto in = box.In(Udp({SERVER, 4500}, {OUTSIDE, 4500}, Bytes(9, 1), UdpChecksum::Zero));
    EXPECT_EQ(in.packet, Udp({SERVER, 4500}, {ALICE, 4500}, Bytes(9, 1), UdpChecksum::Zero));
}

TEST(NatChecksum, AComputedZeroIsSentAsAllOnes)
{
    // Choose two payload bytes such that the translated packet's checksum computes to 0.
    const Endpoint external{OUTSIDE, 4500};
    const Endpoint server{SERVER, 4500};
    Bytes payload(2, 0);
    const Bytes segment = BuildUdp(external, server, payload);
    Store16(payload.data(), Load16(&segment[6]));
    const Bytes expected = Udp(external, server, payload);
    ASSERT_EQ(Load16(&expected[26]), 0xffff);
    Box box(OneAddress());
    const Bytes sent = Udp({ALICE, 4500}, server, payload);
    EXPECT_NE(Load16(&sent[26]), 0xffff);
    EXPECT_EQ(box.Out(sent).packet, expected);
    // And from all ones back.
    Bytes back(2, 0);
    Store16(back.data(), Load16(&BuildUdp(server, external, back)[6]));
    ASSERT_EQ(Load16(&Udp(server, external, back)[26]), 0xffff);
    EXPECT_EQ(box.In(Udp(server, external, back)).packet, Udp(server, {ALICE, 4500}, back));
}

TEST(NatChecksum, DamageStaysVisible)
{
    Box box(OneAddress());
    Packet packet{{}, Udp({ALICE, 4500}, {SERVER, 4500})};
    packet.bytes[40] ^= 4;
    ASSERT_EQ(box.Engine().TranslateSource(packet, true, true, box.Now()).outcome,
              NatOutcome::Translated);
    EXPECT_FALSE(ChecksumsOk(packet.bytes));
}

TEST(NatRobustness, InvalidHeadersAreDroppedUnchanged)
{
    Box box(OneAddress());
    EXPECT_EQ(box.Out({}).result.reason, Reason::IpMalformed);
    EXPECT_EQ(box.In({}).result.reason, Reason::IpMalformed);
    Bytes damaged = Udp({ALICE, 1}, {SERVER, 2});
    damaged[12] ^= 1;
    const auto passed = box.Out(damaged);
    EXPECT_EQ(passed.result.outcome, NatOutcome::Drop);
    EXPECT_EQ(passed.packet, damaged);
    EXPECT_EQ(box.Out(IpPacket(ALICE, SERVER, IP_UDP, Bytes(7))).result.reason,
              Reason::IpMalformed);
    EXPECT_EQ(box.In(IpPacket(SERVER, OUTSIDE, IP_TCP, Bytes(19))).result.reason,
              Reason::IpMalformed);
}

TEST(NatRobustness, PaddingBehindThePacketIsNotTouched)
{
    Box box(OneAddress());
    Bytes padded = Udp({ALICE, 4500}, {SERVER, 4500});
    padded.resize(padded.size() + 6, 0xaa);
    const auto out = box.Out(padded);
    ASSERT_TRUE(out.Through());
    EXPECT_EQ(ByteView(out.packet).Sub(out.packet.size() - 6), ByteView(Bytes(6, 0xaa)));
}

TEST(NatRobustness, RandomPacketsNeitherCrashNorLeakAndRunTheSameTwice)
{
    for (std::uint64_t variant = 0; variant < 24; ++variant)
    {
        EXPECT_EQ(Drive(variant, 1), Drive(variant, 1));
    }
}

TEST(NatRobustness, TheSeedDecidesRandomChoices)
{
    EXPECT_NE(Drive(2, 1), Drive(2, 2)); // variant 2 allocates at random
}
