// SPDX-License-Identifier: GPL-2.0-only
#ifndef NATTLAB_TEST_ROUTER_ROUTER_FIXTURE_H
#define NATTLAB_TEST_ROUTER_ROUTER_FIXTURE_H

#include "model/router/router.h"
#include "test/model/firewall/make-packet.h"

#include <algorithm>
#include <gtest/gtest.h>
#include <set>
#include <string>
#include <utility>
#include <vector>

namespace nattlab
{

constexpr std::size_t LAN = 0;
constexpr std::size_t WAN = 1;
constexpr const char* HOST = "192.168.1.2";
constexpr const char* HOST2 = "192.168.1.3";
constexpr const char* LAN_ADDRESS = "192.168.1.1";
constexpr const char* WAN_ADDRESS = "203.0.113.1";
constexpr const char* GATEWAY = "203.0.113.254";
constexpr const char* SERVER = "198.51.100.1";
constexpr ConnectionId CONNECTION = 7;

/** A box between 192.168.1.0/24 and the world. */
inline RouterConfig
PlainBox()
{
    using Side = RouterInterface::Side;
    RouterConfig config;
    config.name = "box";
    config.interfaces = {{"lan", {At(LAN_ADDRESS), 24}, 1500, Side::Inside},
                         {"wan", {At(WAN_ADDRESS), 24}, 1500, Side::Outside}};
    config.routes = {{Block("0.0.0.0/0"), At(GATEWAY), WAN}};
    return config;
}

/** The same box with a NAT. */
inline RouterConfig
NatBox()
{
    RouterConfig config = PlainBox();
    config.nat.emplace();
    return config;
}

/** A rule for a chain, to be filled in. */
inline FirewallRule
ChainRule(std::string name, FirewallChain chain, FirewallAction action)
{
    FirewallRule rule;
    rule.name = std::move(name);
    rule.chain = chain;
    rule.action = action;
    return rule;
}

/** Routers in one log; at the end of each test no packet may be missing. */
class RouterTest : public ::testing::Test
{
  protected:
    Router Make(RouterConfig config)
    {
        const Tracer tracer(m_log, m_log.AddNode(config.name));
        return Router(std::move(config), 1, tracer);
    }

    /** A host sends bytes to an interface of the box. */
    Transmissions
    Send(Router& router, std::size_t interface, Bytes bytes, Duration at = {})
    {
        return Take(router.Receive(
            interface, {m_log.NewPacket(m_host, CONNECTION), std::move(bytes)}, Instant{at}));
    }

    /** A packet that one box sent reaches the next one. */
    Transmissions
    Relay(Router& router, std::size_t interface, const Transmission& from, Duration at = {})
    {
        m_open.erase(from.packet.tag.packet);
        return Take(router.Receive(interface, from.packet, Instant{at}));
    }

    Transmissions Expire(Router& router, Duration at)
    {
        return Take(router.Expire(Instant{at}));
    }

    /** \return the last event of a type; one without packet when there is none. */
    Event Last(EventType type) const
    {
        const auto& events = m_log.Events();
        const auto it = std::find_if(
            events.rbegin(), events.rend(), [type](const Event& e) { return e.type == type; });
        return it == events.rend() ? Event{} : *it;
    }

    void ExpectDrop(Layer layer, Reason reason, const std::string& subject = {}) const
    {
        const Event drop = Last(EventType::PacketDropped);
        EXPECT_EQ(NameOf(drop.layer), NameOf(layer));
        EXPECT_EQ(IdOf(drop.reason), IdOf(reason));
        EXPECT_EQ(drop.subject, subject);
    }

    void TearDown() override
    {
        for (const PacketId packet : m_open)
        {
            m_log.End(packet);
        }
        for (const PacketLeak& leak : m_log.Leaks())
        {
            ADD_FAILURE() << "packet " << leak.packet << " of " << m_log.NodeName(leak.maker)
                          << " ended " << leak.ends << " times";
        }
    }

    EventLog m_log;
    NodeId m_host{m_log.AddNode("host")};

  private:
    Transmissions Take(Transmissions sent)
    {
        for (const Transmission& transmission : sent)
        {
            EXPECT_TRUE(Ipv4Header::Parse(transmission.packet.bytes));
            EXPECT_NE(transmission.packet.tag.packet, 0u);
            EXPECT_TRUE(m_open.insert(transmission.packet.tag.packet).second);
        }
        return sent;
    }

    std::set<PacketId> m_open; //!< handed out by a box, and not given to the next
};

/** Change fields of a packet's header. */
inline Bytes
With(Bytes packet, std::size_t offset, std::uint8_t value)
{
    packet[offset] = value;
    ip::FixChecksum(packet);
    return packet;
}

inline Bytes
WithTtl(Bytes packet, std::uint8_t ttl)
{
    return With(std::move(packet), 8, ttl);
}

inline Bytes
WithDontFragment(Bytes packet)
{
    return With(std::move(packet), 6, 0x40);
}

/** \return true when the UDP checksum of a packet is right and present. */
inline bool
UdpOk(const Bytes& packet)
{
    const ByteView segment = ip::Payload(packet);
    return Load16(segment.data() + 6) != 0 &&
           UdpChecksumOk(ip::Source(packet), ip::Destination(packet), segment);
}

/** Expect an ICMP error that quotes the first 28 bytes of a packet. */
inline void
ExpectIcmpError(const Transmission& sent,
                const char* from,
                std::uint8_t type,
                std::uint8_t code,
                const Bytes& quoted,
                std::uint32_t rest = 0)
{
    const Bytes& bytes = sent.packet.bytes;
    ASSERT_EQ(ip::Protocol(bytes), IP_ICMP);
    EXPECT_EQ(ip::Source(bytes).ToString(), from);
    EXPECT_EQ(ip::Destination(bytes).ToString(), ip::Source(quoted).ToString());
    const ByteView message = ip::Payload(bytes);
    const auto icmp = IcmpHeader::Parse(message);
    ASSERT_TRUE(icmp);
    EXPECT_EQ(icmp->type, type);
    EXPECT_EQ(icmp->code, code);
    EXPECT_EQ(icmp->rest, rest);
    EXPECT_EQ(ToHex(message.Sub(8)), ToHex(ByteView{quoted}.Sub(0, 28)));
}

} // namespace nattlab

#endif
