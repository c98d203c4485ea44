// SPDX-License-Identifier: GPL-2.0-only
#include "test/model/router/router-fixture.h"

using namespace nattlab;

TEST_F(RouterTest, AnswersPingOnAllItsAddresses)
{
    Router box = Make(PlainBox());
    const Bytes data = FromHex("61626364");
    for (const char* address : {LAN_ADDRESS, WAN_ADDRESS})
    {
        const Bytes ping = IcmpPacket(HOST, address, ICMP_ECHO, 0, 0x00010002, data);
        const auto sent = Send(box, LAN, WithTtl(ping, 1));
        ASSERT_EQ(sent.size(), 1u);
        const Bytes& pong = sent[0].packet.bytes;
        EXPECT_EQ(sent[0].interface, LAN);
        EXPECT_EQ(sent[0].nextHop, At(HOST));
        EXPECT_EQ(ip::Source(pong), At(address));
        EXPECT_EQ(ip::Ttl(pong), 64);
        const Bytes expected = IcmpHeader{ICMP_ECHO_REPLY, 0, 0x00010002}.Build(data);
        EXPECT_EQ(ToHex(ip::Payload(pong)), ToHex(expected));
    }
}

TEST_F(RouterTest, APingInFragmentsIsAnsweredInFragments)
{
    Router box = Make(PlainBox());
    const Bytes data(2000, 0x61);
    const auto parts = FragmentPacket(IcmpPacket(HOST, LAN_ADDRESS, ICMP_ECHO, 0, 1, data), 1500);
    EXPECT_TRUE(Send(box, LAN, parts[1]).empty());
    const auto sent = Send(box, LAN, parts[0]);
    ASSERT_EQ(sent.size(), 2u);
    Reassembler reassembler;
    reassembler.Receive(sent[0].packet, {});
    const auto whole = reassembler.Receive(sent[1].packet, {}).whole;
    ASSERT_TRUE(whole);
    const Bytes expected = IcmpHeader{ICMP_ECHO_REPLY, 0, 1}.Build(data);
    EXPECT_EQ(ToHex(ip::Payload(whole->bytes)), ToHex(expected));
}

TEST_F(RouterTest, IgnoresPingWhenItIsConfiguredSo)
{
    RouterConfig config = PlainBox();
    config.answersPing = false;
    Router box = Make(config);
    EXPECT_TRUE(Send(box, LAN, IcmpPacket(HOST, LAN_ADDRESS, ICMP_ECHO)).empty());
    ExpectDrop(Layer::Ip, Reason::IpEchoIgnored);
}

TEST_F(RouterTest, DropsPingWithAWrongChecksum)
{
    Router box = Make(PlainBox());
    Bytes ping = IcmpPacket(HOST, LAN_ADDRESS, ICMP_ECHO);
    ping.back() ^= 1;
    EXPECT_TRUE(Send(box, LAN, ping).empty());
    ExpectDrop(Layer::Ip, Reason::IpBadChecksum);
}

TEST_F(RouterTest, TakesInOtherIcmp)
{
    Router box = Make(PlainBox());
    const Bytes about = UdpPacket(LAN_ADDRESS, 1, HOST, 1);
    EXPECT_TRUE(Send(box, LAN, *BuildIcmpError(At(HOST), about, ICMP_UNREACHABLE, 3)).empty());
    EXPECT_EQ(m_log.Counts().dropped, 0u);
}

TEST_F(RouterTest, SaysThatItHasNoServices)
{
    Router box = Make(PlainBox());
    const Bytes udp = UdpPacket(HOST, 500, LAN_ADDRESS, 500);
    auto sent = Send(box, LAN, udp);
    ASSERT_EQ(sent.size(), 1u);
    ExpectIcmpError(sent[0], LAN_ADDRESS, ICMP_UNREACHABLE, ICMP_PORT_UNREACHABLE, udp);
    ExpectDrop(Layer::Ip, Reason::IpPortUnreachable);

    const Bytes esp = IpPacket(HOST, LAN_ADDRESS, IP_ESP, Bytes(40));
    sent = Send(box, LAN, esp);
    ASSERT_EQ(sent.size(), 1u);
    ExpectIcmpError(sent[0], LAN_ADDRESS, ICMP_UNREACHABLE, ICMP_PROTOCOL_UNREACHABLE, esp);
    ExpectDrop(Layer::Ip, Reason::IpProtocolUnreachable);

    sent = Send(box, LAN, TcpPacket(HOST, 1025, LAN_ADDRESS, 80, TcpHeader::SYN));
    ASSERT_EQ(sent.size(), 1u);
    EXPECT_EQ(TcpHeader::Parse(ip::Payload(sent[0].packet.bytes))->flags,
              TcpHeader::RST | TcpHeader::ACK);
    ExpectDrop(Layer::Ip, Reason::IpPortUnreachable);
}

TEST_F(RouterTest, IsSilentOutsideUnlessItIsConfiguredToSpeak)
{
    for (const bool silent : {true, false})
    {
        RouterConfig config = PlainBox();
        config.silentOutside = silent;
        Router box = Make(config);
        const std::size_t answers = silent ? 0 : 1;
        EXPECT_EQ(Send(box, WAN, UdpPacket(SERVER, 500, WAN_ADDRESS, 500)).size(), answers);
        EXPECT_EQ(Send(box, WAN, TcpPacket(SERVER, 500, WAN_ADDRESS, 50, TcpHeader::SYN)).size(),
                  answers);
        EXPECT_EQ(Send(box, WAN, IpPacket(SERVER, WAN_ADDRESS, IP_ESP, Bytes(40))).size(), answers);
        EXPECT_EQ(Send(box, WAN, IcmpPacket(SERVER, WAN_ADDRESS, ICMP_ECHO)).size(), 1u);
    }
}

TEST_F(RouterTest, PacketsForTheBoxPassTheInputChain)
{
    RouterConfig config = PlainBox();
    config.firewall.emplace();
    FirewallRule rule = ChainRule("7", FirewallChain::Input, FirewallAction::Reject);
    rule.inInterface = "wan";
    rule.reject = RejectKind::AdminProhibited;
    config.firewall->rules = {rule};
    Router box = Make(config);
    EXPECT_EQ(Send(box, LAN, IcmpPacket(HOST, LAN_ADDRESS, ICMP_ECHO)).size(), 1u);
    const Bytes ping = IcmpPacket(SERVER, WAN_ADDRESS, ICMP_ECHO);
    const auto sent = Send(box, WAN, ping);
    ASSERT_EQ(sent.size(), 1u);
    ExpectIcmpError(sent[0], WAN_ADDRESS, ICMP_UNREACHABLE, ICMP_ADMIN_PROHIBITED, ping);
    ExpectDrop(Layer::Firewall, Reason::FirewallRule, "7");
}

TEST_F(RouterTest, WhatTheBoxMakesPassesTheOutputChain)
{
    RouterConfig config = PlainBox();
    config.firewall.emplace();
    config.firewall->defaults.forward = FirewallAction::Accept;
    FirewallRule rule = ChainRule("no time exceeded", FirewallChain::Output, FirewallAction::Drop);
    rule.icmpType = ICMP_TIME_EXCEEDED;
    rule.outInterface = "lan";
    config.firewall->rules = {rule};
    Router box = Make(config);
    EXPECT_TRUE(Send(box, LAN, WithTtl(UdpPacket(HOST, 500, SERVER, 500), 1)).empty());
    ExpectDrop(Layer::Firewall, Reason::FirewallRule, "no time exceeded");
    EXPECT_EQ(Send(box, WAN, WithTtl(UdpPacket(SERVER, 500, HOST, 500), 1)).size(), 1u);
}
