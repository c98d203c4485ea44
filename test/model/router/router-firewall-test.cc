// SPDX-License-Identifier: GPL-2.0-only
#include "test/model/router/router-fixture.h"

using namespace nattlab;

namespace
{

constexpr auto FORWARD = FirewallChain::Forward;

/** Everything may go out, and what belongs to it may come in. */
FirewallConfig
OutwardOnly()
{
    FirewallConfig config;
    config.rules = {ChainRule("known", FORWARD, FirewallAction::Accept),
                    ChainRule("outward", FORWARD, FirewallAction::Accept)};
    config.rules[0].states = {ConnectionState::Established, ConnectionState::Related};
    config.rules[1].inInterface = "lan";
    return config;
}

} // namespace

TEST_F(RouterTest, TheForwardChainNamesTheRuleThatAdmitsOrDrops)
{
    RouterConfig config = PlainBox();
    config.firewall = OutwardOnly();
    Router box = Make(config);
    EXPECT_TRUE(Send(box, WAN, UdpPacket(SERVER, 500, HOST, 500)).empty());
    ExpectDrop(Layer::Firewall, Reason::FirewallDefault, "default forward");
    EXPECT_EQ(Send(box, LAN, UdpPacket(HOST, 500, SERVER, 500)).size(), 1u);
    EXPECT_EQ(Last(EventType::PacketForwarded).subject, "outward");
    EXPECT_EQ(Send(box, WAN, UdpPacket(SERVER, 500, HOST, 500)).size(), 1u);
    EXPECT_EQ(Last(EventType::PacketForwarded).subject, "known");
    EXPECT_TRUE(Send(box, WAN, UdpPacket(SERVER, 500, HOST, 500), seconds(200)).empty());
    ExpectDrop(Layer::Firewall, Reason::FirewallStateExpired, "default forward");
}

TEST_F(RouterTest, ARejectIsAnsweredToTheSender)
{
    RouterConfig config = PlainBox();
    config.sendsIcmpErrors = false; // a rule is another matter
    config.firewall.emplace();
    config.firewall->defaults.forward = FirewallAction::Reject;
    config.firewall->defaults.reject = RejectKind::HostProhibited;
    FirewallRule tcp = ChainRule("tcp", FORWARD, FirewallAction::Reject);
    tcp.protocol = IP_TCP;
    tcp.reject = RejectKind::TcpReset;
    config.firewall->rules = {tcp};
    Router box = Make(config);

    const Bytes udp = UdpPacket(HOST, 500, SERVER, 500);
    auto sent = Send(box, LAN, udp);
    ASSERT_EQ(sent.size(), 1u);
    ExpectIcmpError(sent[0], LAN_ADDRESS, ICMP_UNREACHABLE, ICMP_HOST_PROHIBITED, udp);
    ExpectDrop(Layer::Firewall, Reason::FirewallDefault, "default forward");

    sent = Send(box, LAN, TcpPacket(HOST, 1025, SERVER, 50, TcpHeader::SYN));
    ASSERT_EQ(sent.size(), 1u);
    EXPECT_EQ(ip::Source(sent[0].packet.bytes), At(SERVER));
    EXPECT_EQ(ip::Destination(sent[0].packet.bytes), At(HOST));
    ExpectDrop(Layer::Firewall, Reason::FirewallRule, "tcp");
}

TEST_F(RouterTest, RulesChangeAtRunTime)
{
    for (const auto change : {ConnectionsAtChange::Keep, ConnectionsAtChange::Flush})
    {
        RouterConfig config = PlainBox();
        config.firewall = OutwardOnly();
        Router box = Make(config);
        EXPECT_EQ(Send(box, LAN, UdpPacket(HOST, 500, SERVER, 500)).size(), 1u);
        box.SetFirewallRules({OutwardOnly().rules[0]}, {}, change);
        const std::size_t answers = change == ConnectionsAtChange::Keep ? 1 : 0;
        EXPECT_EQ(Send(box, WAN, UdpPacket(SERVER, 500, HOST, 500)).size(), answers);
        EXPECT_TRUE(Send(box, LAN, UdpPacket(HOST, 501, SERVER, 500)).empty());
    }
}

TEST_F(RouterTest, AFirewallCanBeSwitchedOnAtRunTime)
{
    Router box = Make(PlainBox());
    EXPECT_EQ(Send(box, WAN, UdpPacket(SERVER, 500, HOST, 500)).size(), 1u);
    box.SetFirewallRules(OutwardOnly().rules, {}, ConnectionsAtChange::Keep);
    EXPECT_TRUE(Send(box, WAN, UdpPacket(SERVER, 500, HOST, 500)).empty());
    ASSERT_NE(box.GetFirewall(), nullptr);
    EXPECT_EQ(box.GetFirewall()->DefaultCounter(FORWARD).packets, 1u);
}

TEST_F(RouterTest, ARebootForgetsTrackedConnections)
{
    RouterConfig config = PlainBox();
    config.firewall = OutwardOnly();
    Router box = Make(config);
    EXPECT_EQ(Send(box, LAN, UdpPacket(HOST, 500, SERVER, 500)).size(), 1u);
    box.Reboot({});
    EXPECT_TRUE(Send(box, WAN, UdpPacket(SERVER, 500, HOST, 500)).empty());
}

TEST_F(RouterTest, LaterFragmentsFollowTheirFirstThroughTheFirewall)
{
    RouterConfig config = PlainBox();
    config.firewall.emplace();
    FirewallRule only500 = ChainRule("500", FORWARD, FirewallAction::Accept);
    only500.destinationPorts.ranges = {{500, 500}};
    config.firewall->rules = {only500};
    Router box = Make(config);
    for (const auto& part : FragmentPacket(UdpPacket(HOST, 500, SERVER, 500, 3000), 1500))
    {
        EXPECT_EQ(Send(box, LAN, part).size(), 1u);
    }
    for (const auto& part : FragmentPacket(UdpPacket(HOST, 500, SERVER, 501, 3000), 1500))
    {
        EXPECT_TRUE(Send(box, LAN, part).empty());
    }
}

TEST_F(RouterTest, ReassembledPacketsAreFilteredWhole)
{
    RouterConfig config = PlainBox();
    config.reassembles = true;
    config.firewall.emplace();
    FirewallRule fragments = ChainRule("no fragments", FORWARD, FirewallAction::Drop);
    fragments.fragment = FragmentMatch::Fragment;
    config.firewall->rules = {fragments, ChainRule("all", FORWARD, FirewallAction::Accept)};
    Router box = Make(config);
    const auto parts = FragmentPacket(UdpPacket(HOST, 500, SERVER, 500, 2000), 1500);
    EXPECT_TRUE(Send(box, LAN, parts[1]).empty());
    EXPECT_EQ(Send(box, LAN, parts[0]).size(), 2u); // and cut again
}
