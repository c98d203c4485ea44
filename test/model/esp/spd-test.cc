// SPDX-License-Identifier: GPL-2.0-only
#include "model/esp/spd.h"

#include "model/packet/ipv4.h"

#include <gtest/gtest.h>

using namespace nattlab;
using namespace nattlab::esp;

namespace
{

const Ipv4Address ME = *Ipv4Address::Parse("192.0.2.1");
const Ipv4Address PEER = *Ipv4Address::Parse("198.51.100.1");
const Ipv4Address OTHER = *Ipv4Address::Parse("203.0.113.9");

/** The filter of a Windows L2TP server: its own UDP 1701, from and to anybody. */
Selector
L2tpServer()
{
    Selector selector;
    selector.local = {ME, 32};
    selector.protocol = IP_UDP;
    selector.localPort = 1701;
    return selector;
}

std::string
NameFor(const Spd& spd, Direction direction, Ipv4Address remote, std::uint16_t localPort)
{
    const Policy* policy = spd.Lookup(direction, ME, remote, IP_UDP, localPort, 1701);
    return policy ? policy->name : "none";
}

} // namespace

TEST(Selector, EmptyOneMatchesEverything)
{
    EXPECT_TRUE(Selector{}.Matches(ME, PEER, IP_TCP, 1, 2));
    EXPECT_TRUE(Selector{}.Matches(PEER, ME, 0, 0, 0));
}

TEST(Selector, EveryFieldMustFit)
{
    Selector selector;
    selector.local = {ME, 32};
    selector.remote = *Ipv4Prefix::Parse("198.51.100.0/24");
    selector.protocol = IP_UDP;
    selector.localPort = 1701;
    selector.remotePort = 1702;
    EXPECT_TRUE(selector.Matches(ME, PEER, IP_UDP, 1701, 1702));
    EXPECT_FALSE(selector.Matches(OTHER, PEER, IP_UDP, 1701, 1702));
    EXPECT_FALSE(selector.Matches(ME, OTHER, IP_UDP, 1701, 1702));
    EXPECT_FALSE(selector.Matches(ME, PEER, IP_TCP, 1701, 1702));
    EXPECT_FALSE(selector.Matches(ME, PEER, IP_UDP, 1702, 1702));
    EXPECT_FALSE(selector.Matches(ME, PEER, IP_UDP, 1701, 1701));
    EXPECT_FALSE(selector.Matches(PEER, ME, IP_UDP, 1702, 1701)); // not seen from the other end
}

TEST(Selector, PacketWithoutPortsFitsOnlyAnyPort)
{
    Selector selector;
    selector.protocol = IP_UDP;
    EXPECT_TRUE(selector.Matches(ME, PEER, IP_UDP, 0, 0));
    selector.remotePort = 1701;
    EXPECT_FALSE(selector.Matches(ME, PEER, IP_UDP, 0, 0));
}

TEST(Selector, ReadsLikeAFilter)
{
    EXPECT_EQ(L2tpServer().ToString(), "udp 192.0.2.1/32:1701 <> 0.0.0.0/0:any");
    EXPECT_EQ(Selector{}.ToString(), "any 0.0.0.0/0:any <> 0.0.0.0/0:any");
}

TEST(Selector, EqualWhenAllFieldsAre)
{
    Selector other = L2tpServer();
    EXPECT_TRUE(other == L2tpServer());
    other.remotePort = 1;
    EXPECT_FALSE(other == L2tpServer());
}

TEST(Spd, FirstPolicyThatMatchesDecides)
{
    Spd spd;
    Selector fromPeer = L2tpServer();
    fromPeer.remote = {PEER, 32};
    spd.Add({"peer", fromPeer, PolicyAction::Bypass});
    spd.Add({"l2tp", L2tpServer(), PolicyAction::Protect});
    EXPECT_EQ(NameFor(spd, Direction::Outbound, PEER, 1701), "peer");
    EXPECT_EQ(NameFor(spd, Direction::Outbound, OTHER, 1701), "l2tp");
    EXPECT_EQ(NameFor(spd, Direction::Outbound, OTHER, 53), "none");
    spd.AddFirst({"all", Selector{}, PolicyAction::Discard});
    EXPECT_EQ(NameFor(spd, Direction::Inbound, PEER, 1701), "all");
    ASSERT_EQ(spd.Policies().size(), 3u);
    EXPECT_EQ(spd.Policies()[0].action, PolicyAction::Discard);
    EXPECT_EQ(spd.Policies()[2].name, "l2tp");
}

TEST(Spd, PolicyMayLookAtOneDirectionOnly)
{
    Spd spd;
    spd.Add({"out", L2tpServer(), PolicyAction::Protect, PolicyDirection::Outbound});
    spd.Add({"in", L2tpServer(), PolicyAction::Bypass, PolicyDirection::Inbound});
    EXPECT_EQ(NameFor(spd, Direction::Outbound, PEER, 1701), "out");
    EXPECT_EQ(NameFor(spd, Direction::Inbound, PEER, 1701), "in");
    spd.AddFirst({"both", L2tpServer(), PolicyAction::Bypass, PolicyDirection::Both});
    EXPECT_EQ(NameFor(spd, Direction::Outbound, PEER, 1701), "both");
    EXPECT_EQ(NameFor(spd, Direction::Inbound, PEER, 1701), "both");
}

TEST(Spd, RemovesAllPoliciesOfAName)
{
    Spd spd;
    spd.Add({"a", L2tpServer(), PolicyAction::Protect});
    spd.Add({"b", L2tpServer(), PolicyAction::Bypass});
    spd.Add({"a", Selector{}, PolicyAction::Protect});
    EXPECT_EQ(spd.Remove("c"), 0u);
    EXPECT_EQ(spd.Remove("a"), 2u);
    EXPECT_EQ(NameFor(spd, Direction::Outbound, PEER, 1701), "b");
    EXPECT_EQ(spd.Remove("b"), 1u);
    EXPECT_EQ(NameFor(spd, Direction::Outbound, PEER, 1701), "none");
}

TEST(Spd, ActionsHaveNames)
{
    EXPECT_EQ(NameOf(PolicyAction::Protect), "protect");
    EXPECT_EQ(NameOf(PolicyAction::Bypass), "bypass");
    EXPECT_EQ(NameOf(PolicyAction::Discard), "discard");
}
