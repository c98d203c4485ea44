// SPDX-License-Identifier: GPL-2.0-only
#include "model/firewall/firewall-packet.h"
#include "model/packet/fragment.h"
#include "test/model/firewall/make-packet.h"

#include <functional>
#include <gtest/gtest.h>

using namespace nattlab;

namespace
{

const FirewallContext FORWARD{FirewallChain::Forward, "lan", "wan"};

bool
Hits(const FirewallRule& rule,
     const Bytes& packet,
     ConnectionState state = ConnectionState::New,
     const FirewallContext& context = FORWARD)
{
    return Matches(rule, FirewallPacket::Read(packet), context, state);
}

struct Row
{
    const char* what;
    std::function<void(FirewallRule&)> criterion;
    Bytes hit;
    Bytes miss;
};

} // namespace

TEST(FirewallRule, WithoutCriteriaMatchesEverything)
{
    EXPECT_TRUE(Hits({}, UdpPacket("10.0.0.1", 1, "192.0.2.1", 2)));
    EXPECT_TRUE(Hits({}, IpPacket("10.0.0.1", "192.0.2.1", IP_ESP, {})));
    EXPECT_TRUE(Hits({}, Bytes{}));
}

TEST(FirewallRule, EachCriterionOfThePacketDecidesAlone)
{
    const Bytes ike = UdpPacket("10.0.0.1", 500, "192.0.2.1", 4500);
    const Bytes esp = IpPacket("10.0.0.1", "192.0.2.1", IP_ESP, Bytes(40));
    const Bytes tcp = TcpPacket("10.0.0.1", 500, "192.0.2.1", 80, TcpHeader::SYN);
    const std::vector<Bytes> parts =
        FragmentPacket(UdpPacket("10.0.0.1", 500, "10.9.9.9", 500, 900), 500);
    const Row rows[] = {
        {"source",
         [](FirewallRule& r) { r.source.prefixes = {Block("10.0.0.0/24")}; },
         ike,
         UdpPacket("10.0.1.1", 500, "192.0.2.1", 4500)},
        {"one of two sources",
         [](FirewallRule& r) {
             r.source.prefixes = {Block("10.8.0.0/16"), Block("10.0.0.1")};
         },
         ike,
         UdpPacket("10.0.0.2", 500, "192.0.2.1", 4500)},
        {"source negated",
         [](FirewallRule& r) {
             r.source = {{Block("10.0.1.0/24")}, true};
         },
         ike,
         UdpPacket("10.0.1.1", 500, "192.0.2.1", 4500)},
        {"destination",
         [](FirewallRule& r) { r.destination.prefixes = {Block("192.0.2.1")}; },
         ike,
         UdpPacket("10.0.0.1", 500, "192.0.2.2", 4500)},
        {"protocol", [](FirewallRule& r) { r.protocol = IP_ESP; }, esp, ike},
        {"source port",
         [](FirewallRule& r) {
             r.sourcePorts.ranges = {{500, 500}};
         },
         ike,
         esp},
        {"source port of TCP",
         [](FirewallRule& r) {
             r.sourcePorts.ranges = {{500, 500}};
         },
         tcp,
         UdpPacket("10.0.0.1", 501, "192.0.2.1", 4500)},
        {"first port of a range",
         [](FirewallRule& r) {
             r.destinationPorts.ranges = {{4500, 4600}};
         },
         ike,
         UdpPacket("10.0.0.1", 500, "192.0.2.1", 4499)},
        {"last port of a range",
         [](FirewallRule& r) {
             r.destinationPorts.ranges = {{1, 2}, {4400, 4500}};
         },
         ike,
         UdpPacket("10.0.0.1", 500, "192.0.2.1", 4501)},
        {"port negated",
         [](FirewallRule& r) {
             r.destinationPorts = {{{500, 500}}, true};
         },
         ike,
         UdpPacket("10.0.0.1", 500, "192.0.2.1", 500)},
        {"port negated needs a port",
         [](FirewallRule& r) {
             r.destinationPorts = {{{500, 500}}, true};
         },
         tcp,
         esp},
        {"ICMP type",
         [](FirewallRule& r) { r.icmpType = ICMP_ECHO; },
         IcmpPacket("10.0.0.1", "192.0.2.1", ICMP_ECHO),
         IcmpPacket("10.0.0.1", "192.0.2.1", ICMP_ECHO_REPLY)},
        {"ICMP code",
         [](FirewallRule& r) { r.icmpType = ICMP_UNREACHABLE, r.icmpCode = 4; },
         IcmpPacket("10.0.0.1", "192.0.2.1", ICMP_UNREACHABLE, 4),
         IcmpPacket("10.0.0.1", "192.0.2.1", ICMP_UNREACHABLE, 3)},
        {"ICMP type is not a port",
         [](FirewallRule& r) { r.icmpType = 8; },
         IcmpPacket("10.0.0.1", "192.0.2.1", ICMP_ECHO),
         UdpPacket("10.0.0.1", 8, "192.0.2.1", 8)},
        {"fragment", [](FirewallRule& r) { r.fragment = FragmentMatch::Fragment; }, parts[0], ike},
        {"later is a fragment",
         [](FirewallRule& r) { r.fragment = FragmentMatch::Fragment; },
         parts[1],
         esp},
        {"first fragment",
         [](FirewallRule& r) { r.fragment = FragmentMatch::First; },
         parts[0],
         parts[1]},
        {"first fragment is no whole packet",
         [](FirewallRule& r) { r.fragment = FragmentMatch::First; },
         parts[0],
         ike},
        {"later fragment",
         [](FirewallRule& r) { r.fragment = FragmentMatch::Later; },
         parts[1],
         parts[0]},
        {"whole packet", [](FirewallRule& r) { r.fragment = FragmentMatch::Whole; }, ike, parts[1]},
        {"ports are not in later fragments",
         [](FirewallRule& r) {
             r.destinationPorts.ranges = {{0, 65535}};
         },
         parts[0],
         parts[1]},
        {"least length",
         [](FirewallRule& r) { r.minLength = 60; },
         UdpPacket("10.0.0.1", 1, "192.0.2.1", 2, 32),
         UdpPacket("10.0.0.1", 1, "192.0.2.1", 2, 31)},
        {"greatest length",
         [](FirewallRule& r) { r.maxLength = 60; },
         UdpPacket("10.0.0.1", 1, "192.0.2.1", 2, 32),
         UdpPacket("10.0.0.1", 1, "192.0.2.1", 2, 33)},
    };
    for (const Row& row : rows)
    {
        FirewallRule rule;
        row.criterion(rule);
        EXPECT_TRUE(Hits(rule, row.hit)) << row.what;
        EXPECT_FALSE(Hits(rule, row.miss)) << row.what;
    }
}

TEST(FirewallRule, ChainInterfacesAndStateAreCriteria)
{
    const Bytes packet = UdpPacket("10.0.0.1", 500, "192.0.2.1", 500);
    FirewallRule rule;
    rule.chain = FirewallChain::Input;
    EXPECT_FALSE(Hits(rule, packet));
    EXPECT_TRUE(Hits(rule, packet, ConnectionState::New, {FirewallChain::Input, "lan", {}}));

    rule = {};
    rule.inInterface = "lan";
    rule.outInterface = "wan";
    EXPECT_TRUE(Hits(rule, packet));
    EXPECT_FALSE(Hits(rule, packet, ConnectionState::New, {FirewallChain::Forward, "wan", "lan"}));
    EXPECT_FALSE(Hits(rule, packet, ConnectionState::New, {FirewallChain::Forward, "lan", "dmz"}));

    rule = {};
    rule.states = {ConnectionState::Established, ConnectionState::Related};
    EXPECT_TRUE(Hits(rule, packet, ConnectionState::Established));
    EXPECT_TRUE(Hits(rule, packet, ConnectionState::Related));
    EXPECT_FALSE(Hits(rule, packet, ConnectionState::New));
    EXPECT_FALSE(Hits(rule, packet, ConnectionState::Invalid));
}

TEST(FirewallRule, AllCriteriaMustBeMet)
{
    FirewallRule rule;
    rule.protocol = IP_UDP;
    rule.destinationPorts.ranges = {{500, 500}};
    EXPECT_TRUE(Hits(rule, UdpPacket("10.0.0.1", 500, "192.0.2.1", 500)));
    EXPECT_FALSE(Hits(rule, TcpPacket("10.0.0.1", 500, "192.0.2.1", 500, TcpHeader::SYN)));
    EXPECT_FALSE(Hits(rule, UdpPacket("10.0.0.1", 500, "192.0.2.1", 501)));
}
