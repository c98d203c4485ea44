// SPDX-License-Identifier: GPL-2.0-only
#include "test/model/router/router-fixture.h"

using namespace nattlab;

namespace
{

constexpr auto FORWARD = FirewallChain::Forward;
constexpr auto ACCEPT = FirewallAction::Accept;
constexpr const char* MAPPING = "udp 192.168.1.2:500 <> 203.0.113.1:500";

/** A NAT that sends what comes to its UDP port 500 or TCP port 80 to HOST. */
RouterConfig
ForwardingBox()
{
    RouterConfig config = NatBox();
    config.nat->forwards = {{IP_UDP, {}, 500, At(HOST), 1500}, {IP_TCP, {}, 80, At(HOST), 8080}};
    return config;
}

FirewallConfig
Stateless(std::vector<FirewallRule> rules)
{
    FirewallConfig config;
    config.stateful = false;
    config.rules = std::move(rules);
    return config;
}

} // namespace

TEST_F(RouterTest, TranslatesOutwardAndBack)
{
    Router box = Make(NatBox());
    auto sent = Send(box, LAN, UdpPacket(HOST, 500, SERVER, 500));
    ASSERT_EQ(sent.size(), 1u);
    EXPECT_EQ(sent[0].interface, WAN);
    EXPECT_EQ(sent[0].packet.bytes, WithTtl(UdpPacket(WAN_ADDRESS, 500, SERVER, 500), 63));
    EXPECT_EQ(Last(EventType::PacketForwarded).subject, MAPPING);
    sent = Send(box, WAN, UdpPacket(SERVER, 500, WAN_ADDRESS, 500));
    ASSERT_EQ(sent.size(), 1u);
    EXPECT_EQ(sent[0].nextHop, At(HOST));
    EXPECT_EQ(sent[0].packet.bytes, WithTtl(UdpPacket(SERVER, 500, HOST, 500), 63));
    EXPECT_EQ(Last(EventType::PacketForwarded).subject, MAPPING);
}

TEST_F(RouterTest, AnswersForThePoolOutsideOnly)
{
    RouterConfig config = NatBox();
    config.nat->pool = {At("203.0.113.7"), At("203.0.113.8")};
    Router box = Make(config);
    EXPECT_EQ(box.AddressesOn(WAN),
              (std::vector<Ipv4Address>{At(WAN_ADDRESS), At("203.0.113.7"), At("203.0.113.8")}));
    EXPECT_EQ(box.AddressesOn(LAN), std::vector<Ipv4Address>{At(LAN_ADDRESS)});
    EXPECT_TRUE(box.OwnsAddress(At("203.0.113.8")));
    EXPECT_FALSE(box.OwnsAddress(At("203.0.113.9")));
    const auto sent = Send(box, WAN, IcmpPacket(SERVER, "203.0.113.8", ICMP_ECHO));
    ASSERT_EQ(sent.size(), 1u);
    EXPECT_EQ(ip::Source(sent[0].packet.bytes), At("203.0.113.8"));
}

TEST_F(RouterTest, AnEmptyPoolIsTheOutsideAddress)
{
    Router box = Make(NatBox());
    ASSERT_NE(box.GetNat(), nullptr);
    EXPECT_EQ(box.GetNat()->Config().pool, std::vector<Ipv4Address>{At(WAN_ADDRESS)});
    EXPECT_EQ(box.AddressesOn(WAN), std::vector<Ipv4Address>{At(WAN_ADDRESS)});
}

TEST_F(RouterTest, UnsolicitedPacketsAreDroppedForTheNatsReason)
{
    Router box = Make(NatBox());
    const Bytes inward = UdpPacket(SERVER, 500, WAN_ADDRESS, 500);
    EXPECT_TRUE(Send(box, WAN, inward).empty());
    ExpectDrop(Layer::Nat, Reason::NatNoMapping, "udp 203.0.113.1:500");

    EXPECT_EQ(Send(box, LAN, UdpPacket(HOST, 500, SERVER, 500)).size(), 1u);
    EXPECT_TRUE(Send(box, WAN, UdpPacket("198.51.100.2", 500, WAN_ADDRESS, 500)).empty());
    ExpectDrop(Layer::Nat, Reason::NatFiltered, MAPPING);

    EXPECT_TRUE(Send(box, WAN, inward, minutes(6)).empty());
    ExpectDrop(Layer::Nat, Reason::NatMappingExpired, MAPPING);

    EXPECT_EQ(Send(box, LAN, UdpPacket(HOST, 500, SERVER, 500), minutes(7)).size(), 1u);
    box.Reboot(Instant{minutes(7)});
    EXPECT_TRUE(Send(box, WAN, inward, minutes(7)).empty());
    ExpectDrop(Layer::Nat, Reason::NatRebooted, MAPPING);
}

TEST_F(RouterTest, TheNatsReasonStandsBeforeTheInputChains)
{
    RouterConfig config = NatBox();
    config.silentOutside = false;
    config.firewall.emplace();
    config.firewall->defaults.input = FirewallAction::Drop;
    Router box = Make(config);
    EXPECT_TRUE(Send(box, WAN, UdpPacket(SERVER, 500, WAN_ADDRESS, 500)).empty());
    ExpectDrop(Layer::Nat, Reason::NatNoMapping, "udp 203.0.113.1:500");
    // A ping is for the box, and so is its firewall's word.
    EXPECT_TRUE(Send(box, WAN, IcmpPacket(SERVER, WAN_ADDRESS, ICMP_ECHO)).empty());
    ExpectDrop(Layer::Firewall, Reason::FirewallDefault, "default input");
}

TEST_F(RouterTest, UnsolicitedPacketsAreRefusedWhenTheBoxSpeaks)
{
    RouterConfig config = NatBox();
    config.silentOutside = false;
    Router box = Make(config);
    const Bytes packet = UdpPacket(SERVER, 500, WAN_ADDRESS, 500);
    const auto sent = Send(box, WAN, packet);
    ASSERT_EQ(sent.size(), 1u);
    ExpectIcmpError(sent[0], WAN_ADDRESS, ICMP_UNREACHABLE, ICMP_PORT_UNREACHABLE, packet);
    ExpectDrop(Layer::Nat, Reason::NatNoMapping, "udp 203.0.113.1:500");
}

TEST_F(RouterTest, AnUnaskedEchoReplyIsUnsolicited)
{
    Router box = Make(NatBox());
    EXPECT_TRUE(
        Send(box, WAN, IcmpPacket(SERVER, WAN_ADDRESS, ICMP_ECHO_REPLY, 0, 9 << 16)).empty());
    EXPECT_EQ(Last(EventType::PacketDropped).reason, Reason::NatNoMapping);
}

TEST_F(RouterTest, TheFirewallSeesInsideAddressesInBothDirections)
{
    RouterConfig config = NatBox();
    FirewallRule out = ChainRule("out", FORWARD, ACCEPT);
    out.source.prefixes = {Block(HOST)};
    FirewallRule in = ChainRule("in", FORWARD, ACCEPT);
    in.destination.prefixes = {Block(HOST)};
    config.firewall = Stateless({out, in});
    Router box = Make(config);
    EXPECT_EQ(Send(box, LAN, UdpPacket(HOST, 500, SERVER, 500)).size(), 1u);
    EXPECT_EQ(Last(EventType::PacketForwarded).subject, "out");
    EXPECT_EQ(Send(box, WAN, UdpPacket(SERVER, 500, WAN_ADDRESS, 500)).size(), 1u);
    EXPECT_EQ(Last(EventType::PacketForwarded).subject, "in");
    EXPECT_TRUE(Send(box, LAN, UdpPacket(HOST2, 500, SERVER, 500)).empty());
    ExpectDrop(Layer::Firewall, Reason::FirewallDefault, "default forward");
}

TEST_F(RouterTest, ARefusedPacketMakesNoMapping)
{
    RouterConfig config = NatBox();
    config.firewall = Stateless({});
    Router box = Make(config);
    EXPECT_TRUE(Send(box, LAN, UdpPacket(HOST, 500, SERVER, 500)).empty());
    EXPECT_EQ(box.GetNat()->MappingCount(), 0u);
}

TEST_F(RouterTest, APortForwardNeedsARuleForTheInsideAddress)
{
    for (const char* allowed : {HOST, WAN_ADDRESS})
    {
        RouterConfig config = ForwardingBox();
        FirewallRule rule = ChainRule("server", FORWARD, ACCEPT);
        rule.destination.prefixes = {Block(allowed)};
        config.firewall = Stateless({rule});
        Router box = Make(config);
        const auto sent = Send(box, WAN, UdpPacket(SERVER, 4000, WAN_ADDRESS, 500));
        if (allowed == WAN_ADDRESS)
        {
            EXPECT_TRUE(sent.empty());
            ExpectDrop(Layer::Firewall, Reason::FirewallDefault, "default forward");
            continue;
        }
        ASSERT_EQ(sent.size(), 1u);
        EXPECT_EQ(sent[0].packet.bytes, WithTtl(UdpPacket(SERVER, 4000, HOST, 1500), 63));
    }
}

TEST_F(RouterTest, ErrorsAboutTranslatedPacketsQuoteWhatTheSenderSent)
{
    RouterConfig config = ForwardingBox();
    config.interfaces[LAN].mtu = 1400;
    config.interfaces[WAN].mtu = 1300;
    Router box = Make(config);

    const Bytes dying = WithTtl(UdpPacket(SERVER, 4000, WAN_ADDRESS, 500), 1);
    auto sent = Send(box, WAN, dying);
    ASSERT_EQ(sent.size(), 1u);
    ExpectIcmpError(sent[0], WAN_ADDRESS, ICMP_TIME_EXCEEDED, 0, dying);

    const Bytes bigIn = WithDontFragment(UdpPacket(SERVER, 4000, WAN_ADDRESS, 500, 1450));
    sent = Send(box, WAN, bigIn);
    ASSERT_EQ(sent.size(), 1u);
    ExpectIcmpError(sent[0], WAN_ADDRESS, ICMP_UNREACHABLE, 4, bigIn, 1400);

    const Bytes bigOut = WithDontFragment(UdpPacket(HOST, 4000, SERVER, 500, 1350));
    sent = Send(box, LAN, bigOut);
    ASSERT_EQ(sent.size(), 1u);
    ExpectIcmpError(sent[0], LAN_ADDRESS, ICMP_UNREACHABLE, 4, bigOut, 1300);
}

TEST_F(RouterTest, ARejectOutsideComesFromTheAddressThatWasTried)
{
    RouterConfig config = ForwardingBox();
    FirewallRule rule = ChainRule("no web", FORWARD, FirewallAction::Reject);
    rule.destinationPorts.ranges = {{8080, 8080}};
    rule.reject = RejectKind::TcpReset;
    config.firewall = Stateless({rule});
    Router box = Make(config);
    const auto sent = Send(box, WAN, TcpPacket(SERVER, 1025, WAN_ADDRESS, 80, TcpHeader::SYN));
    ASSERT_EQ(sent.size(), 1u);
    EXPECT_EQ(ip::Source(sent[0].packet.bytes), At(WAN_ADDRESS));
    EXPECT_EQ(TcpHeader::Parse(ip::Payload(sent[0].packet.bytes))->sourcePort, 80);
    ExpectDrop(Layer::Firewall, Reason::FirewallRule, "no web");
}

TEST_F(RouterTest, HairpinnedPacketsComeFromTheExternalAddress)
{
    Router box = Make(ForwardingBox());
    auto sent = Send(box, LAN, UdpPacket(HOST2, 4000, WAN_ADDRESS, 500));
    ASSERT_EQ(sent.size(), 1u);
    EXPECT_EQ(sent[0].interface, LAN);
    EXPECT_EQ(sent[0].nextHop, At(HOST));
    EXPECT_EQ(sent[0].packet.bytes, WithTtl(UdpPacket(WAN_ADDRESS, 4000, HOST, 1500), 63));
    sent = Send(box, LAN, UdpPacket(HOST, 1500, WAN_ADDRESS, 4000));
    ASSERT_EQ(sent.size(), 1u);
    EXPECT_EQ(sent[0].packet.bytes, WithTtl(UdpPacket(WAN_ADDRESS, 500, HOST2, 4000), 63));
}

TEST_F(RouterTest, ARefusedHairpinIsTheNatsDrop)
{
    RouterConfig config = ForwardingBox();
    config.nat->hairpinning = false;
    Router box = Make(config);
    EXPECT_TRUE(Send(box, LAN, UdpPacket(HOST2, 4000, WAN_ADDRESS, 500)).empty());
    EXPECT_EQ(Last(EventType::PacketDropped).reason, Reason::NatHairpinRefused);
}

TEST_F(RouterTest, FragmentsArePassedInOrderAndOutOfOrder)
{
    Router box = Make(NatBox());
    const auto out = FragmentPacket(UdpPacket(HOST, 500, SERVER, 500, 2000), 1500);
    EXPECT_TRUE(Send(box, LAN, out[1]).empty()); // waits for the first one
    auto sent = Send(box, LAN, out[0]);
    ASSERT_EQ(sent.size(), 2u);
    Reassembler atServer;
    atServer.Receive(sent[0].packet, {});
    const auto request = atServer.Receive(sent[1].packet, {}).whole;
    ASSERT_TRUE(request);
    EXPECT_TRUE(UdpOk(request->bytes));
    EXPECT_EQ(ip::Source(request->bytes), At(WAN_ADDRESS));
    EXPECT_EQ(ip::Ttl(sent[1].packet.bytes), 63);

    const auto in = FragmentPacket(UdpPacket(SERVER, 500, WAN_ADDRESS, 500, 2000), 1500);
    EXPECT_TRUE(Send(box, WAN, in[1]).empty());
    sent = Send(box, WAN, in[0]);
    ASSERT_EQ(sent.size(), 2u);
    Reassembler atHost;
    atHost.Receive(sent[0].packet, {});
    const auto answer = atHost.Receive(sent[1].packet, {}).whole;
    ASSERT_TRUE(answer);
    EXPECT_TRUE(UdpOk(answer->bytes));
    EXPECT_EQ(ip::Destination(answer->bytes), At(HOST));
    EXPECT_EQ(ip::Ttl(sent[1].packet.bytes), 63);
}

TEST_F(RouterTest, FragmentsThatTheNatHoldsTooLongAreDropped)
{
    Router box = Make(NatBox());
    const auto out = FragmentPacket(UdpPacket(HOST, 500, SERVER, 500, 2000), 1500);
    Send(box, LAN, out[1]);
    ASSERT_EQ(box.Deadline(), Instant{seconds(30)});
    Expire(box, seconds(30));
    EXPECT_EQ(Last(EventType::PacketDropped).reason, Reason::NatFragmentRefused);
    Send(box, LAN, out[1], seconds(31));
    box.Reboot(Instant{seconds(32)});
    EXPECT_EQ(m_log.Counts().dropped, 2u);
}

TEST_F(RouterTest, ReleasedFragmentsPassTheFirewallAfterTheirFirst)
{
    RouterConfig config = NatBox();
    config.firewall.emplace();
    FirewallRule known = ChainRule("known", FORWARD, ACCEPT);
    known.states = {ConnectionState::Established};
    FirewallRule outward = ChainRule("outward", FORWARD, ACCEPT);
    outward.inInterface = "lan";
    config.firewall->rules = {known, outward};
    Router box = Make(config);
    EXPECT_EQ(Send(box, LAN, UdpPacket(HOST, 500, SERVER, 500)).size(), 1u);
    const auto in = FragmentPacket(UdpPacket(SERVER, 500, WAN_ADDRESS, 500, 4000), 1500);
    ASSERT_EQ(in.size(), 3u);
    EXPECT_TRUE(Send(box, WAN, in[2]).empty());
    EXPECT_TRUE(Send(box, WAN, in[1]).empty());
    EXPECT_EQ(Send(box, WAN, in[0]).size(), 3u);
}

TEST_F(RouterTest, APingInFragmentsReachesTheExternalAddress)
{
    Router box = Make(NatBox());
    const Bytes data(2000, 0x61);
    const auto parts = FragmentPacket(IcmpPacket(SERVER, WAN_ADDRESS, ICMP_ECHO, 0, 1, data), 1500);
    std::size_t answers = Send(box, WAN, parts[1]).size();
    answers += Send(box, WAN, parts[0]).size();
    EXPECT_EQ(answers, 2u);
}

TEST_F(RouterTest, AnErrorFindsItsWayBackThroughTwoNats)
{
    RouterConfig home = NatBox();
    home.interfaces[WAN].address = {At("100.64.0.2"), 24};
    home.routes = {{Block("0.0.0.0/0"), At("100.64.0.1"), WAN}};
    Router inner = Make(home);
    RouterConfig carrier = NatBox();
    carrier.name = "carrier";
    carrier.interfaces[LAN].address = {At("100.64.0.1"), 24};
    Router outer = Make(carrier);

    const Bytes packet = UdpPacket(HOST, 500, SERVER, 500);
    auto first = Send(inner, LAN, packet);
    ASSERT_EQ(first.size(), 1u);
    EXPECT_EQ(first[0].nextHop, At("100.64.0.1"));
    auto second = Relay(outer, LAN, first[0]);
    ASSERT_EQ(second.size(), 1u);
    EXPECT_EQ(second[0].packet.bytes, WithTtl(UdpPacket(WAN_ADDRESS, 500, SERVER, 500), 62));

    // The server has no service there; its error quotes what it got.
    const Bytes error = *BuildIcmpError(At(SERVER), second[0].packet.bytes, ICMP_UNREACHABLE, 3);
    first = Send(outer, WAN, error);
    ASSERT_EQ(first.size(), 1u);
    second = Relay(inner, WAN, first[0]);
    ASSERT_EQ(second.size(), 1u);
    EXPECT_EQ(second[0].nextHop, At(HOST));
    ExpectIcmpError(second[0], SERVER, ICMP_UNREACHABLE, 3, WithTtl(packet, 62));

    // A time to live that ends in the second box.
    const Bytes dying = WithTtl(packet, 2);
    first = Send(inner, LAN, dying);
    ASSERT_EQ(first.size(), 1u);
    second = Relay(outer, LAN, first[0]);
    ASSERT_EQ(second.size(), 1u);
    EXPECT_EQ(second[0].interface, LAN);
    first = Relay(inner, WAN, second[0]);
    ASSERT_EQ(first.size(), 1u);
    ExpectIcmpError(first[0], "100.64.0.1", ICMP_TIME_EXCEEDED, 0, WithTtl(packet, 1));
}

TEST_F(RouterTest, ErrorsInwardAreRelatedForTheFirewall)
{
    RouterConfig config = NatBox();
    config.firewall.emplace();
    FirewallRule related = ChainRule("related", FORWARD, ACCEPT);
    related.states = {ConnectionState::Related};
    FirewallRule outward = ChainRule("outward", FORWARD, ACCEPT);
    outward.inInterface = "lan";
    config.firewall->rules = {related, outward};
    Router box = Make(config);
    const auto out = Send(box, LAN, UdpPacket(HOST, 500, SERVER, 500));
    ASSERT_EQ(out.size(), 1u);
    const Bytes error = *BuildIcmpError(At("198.51.100.77"), out[0].packet.bytes, 11, 0);
    EXPECT_EQ(Send(box, WAN, error).size(), 1u);
    EXPECT_EQ(Last(EventType::PacketForwarded).subject, "related");
}
