// SPDX-License-Identifier: GPL-2.0-only
#include "model/crypto/random.h"
#include "test/model/router/router-fixture.h"

using namespace nattlab;

namespace
{

/** Boxes that differ in what a packet meets in them. */
std::vector<RouterConfig>
Boxes()
{
    RouterConfig plain = PlainBox();
    plain.interfaces[WAN].mtu = 68;
    RouterConfig filtering = PlainBox();
    filtering.firewall.emplace();
    filtering.firewall->defaults.forward = FirewallAction::Reject;
    filtering.firewall->tableSize = 4;
    FirewallRule accept = ChainRule("accept", FirewallChain::Forward, FirewallAction::Accept);
    accept.states = {ConnectionState::New, ConnectionState::Established, ConnectionState::Related};
    filtering.firewall->rules = {accept};
    RouterConfig nat = NatBox();
    nat.silentOutside = false;
    nat.nat->mostFragmentHeld = 4;
    nat.nat->forwards = {{IP_UDP, {}, 500, At(HOST), 1500}};
    RouterConfig all = nat;
    all.firewall = filtering.firewall;
    all.reassembles = true;
    all.reassembly.most = 4;
    all.interfaces[LAN].mtu = 100;
    return {plain, filtering, nat, all};
}

std::vector<Bytes>
Seeds()
{
    std::vector<Bytes> seeds = {
        UdpPacket(HOST, 500, SERVER, 500),
        UdpPacket(SERVER, 500, WAN_ADDRESS, 500),
        UdpPacket(HOST, 500, WAN_ADDRESS, 500),
        TcpPacket(HOST, 1025, SERVER, 80, TcpHeader::SYN),
        TcpPacket(SERVER, 80, WAN_ADDRESS, 80, TcpHeader::SYN),
        IcmpPacket(HOST, LAN_ADDRESS, ICMP_ECHO, 0, 1),
        IcmpPacket(HOST, SERVER, ICMP_ECHO, 0, 1),
        IpPacket(HOST, SERVER, IP_ESP, Bytes(48)),
        IpPacket(SERVER, WAN_ADDRESS, IP_ESP, Bytes(48)),
        *BuildIcmpError(At(SERVER), UdpPacket(WAN_ADDRESS, 500, SERVER, 500), 3, 3),
        *BuildIcmpError(At(HOST), UdpPacket(SERVER, 500, HOST, 1500), 3, 3),
    };
    for (const auto& whole : {UdpPacket(HOST, 500, SERVER, 500, 200),
                              UdpPacket(SERVER, 500, WAN_ADDRESS, 500, 200),
                              UdpPacket(HOST2, 500, WAN_ADDRESS, 500, 200)})
    {
        for (Bytes& part : FragmentPacket(whole, 100))
        {
            seeds.push_back(std::move(part));
        }
    }
    return seeds;
}

} // namespace

TEST_F(RouterTest, NoBytesCrashItOrLoseAPacket)
{
    RandomStream random(1, "test", "bytes");
    const std::vector<Bytes> seeds = Seeds();
    for (const RouterConfig& config : Boxes())
    {
        Router box = Make(config);
        Duration now{};
        for (int i = 0; i < 8000; ++i)
        {
            Bytes bytes = seeds[random.Below(seeds.size())];
            for (std::uint64_t flips = random.Below(6); flips > 0; --flips)
            {
                bytes[random.Below(bytes.size())] = static_cast<std::uint8_t>(random.Below(256));
            }
            if (random.Below(8) == 0)
            {
                bytes.resize(random.Below(bytes.size() + 1));
            }
            if (bytes.size() >= 20 && random.Below(8) != 0)
            {
                if (ip::HeaderLength(bytes) <= bytes.size())
                {
                    ip::FixChecksum(bytes); // so that most get past the header
                }
            }
            Send(box, random.Below(2), bytes, now);
            now += milliseconds(random.Below(500));
            if (const auto at = box.Deadline(); at && *at <= Instant{now})
            {
                Expire(box, now);
            }
            if (random.Below(1000) == 0)
            {
                box.Reboot(Instant{now});
            }
        }
        box.Reboot(Instant{now});
    }
    EXPECT_GT(m_log.Counts().dropped, 1000u);
    EXPECT_LT(m_log.Counts().dropped, m_log.Counts().made);
}

TEST_F(RouterTest, RandomBytesAreDropped)
{
    RandomStream random(2, "test", "bytes");
    Router box = Make(Boxes().back());
    for (int i = 0; i < 5000; ++i)
    {
        EXPECT_TRUE(Send(box, random.Below(2), random.Take(random.Below(100))).empty());
    }
    EXPECT_EQ(m_log.Counts().dropped, 5000u);
}

TEST_F(RouterTest, TwoBoxesOfOneSeedSendTheSameBytes)
{
    const std::vector<Bytes> seeds = Seeds();
    std::vector<std::string> sent[2];
    for (auto& run : sent)
    {
        Router box = Make(Boxes().back());
        for (std::size_t i = 0; i < seeds.size(); ++i)
        {
            for (const Transmission& t : Send(box, i % 2, seeds[i], milliseconds(i)))
            {
                run.push_back(std::to_string(t.interface) + " " + ToHex(t.packet.bytes));
            }
        }
        box.Reboot({});
    }
    EXPECT_GT(sent[0].size(), 5u);
    EXPECT_EQ(sent[0], sent[1]);
}

TEST(Router, WorksWithoutALog)
{
    Router box(Boxes().back(), 1, Tracer{});
    EXPECT_EQ(box.Receive(LAN, {{}, UdpPacket(HOST, 500, SERVER, 500)}, {}).size(), 1u);
    EXPECT_EQ(box.Receive(WAN, {{}, UdpPacket(SERVER, 500, WAN_ADDRESS, 500)}, {}).size(), 1u);
}
