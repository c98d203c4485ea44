// SPDX-License-Identifier: GPL-2.0-only
#include "model/sim/link-device.h"
#include "model/sim/port.h"

#include "model/packet/ipv4.h"

#include "ns3/simple-channel.h"
#include "ns3/simple-net-device.h"
#include "ns3/simulator.h"

#include <gtest/gtest.h>

using namespace nattlab;
using ns3::nattlab::InjectedDrop;
using ns3::nattlab::LinkChannel;
using ns3::nattlab::LinkConfig;
using ns3::nattlab::LinkDevice;
using ns3::nattlab::Now;
using ns3::nattlab::Port;

namespace
{

const Ipv4Prefix A{{0x0a000001}, 24};
const Ipv4Prefix B{{0x0a000002}, 24};

/** Two devices on one link; what arrives at the second is noted with its time. */
class LinkTest : public ::testing::Test
{
  protected:
    void Build(LinkConfig config)
    {
        m_link = ns3::CreateObject<LinkChannel>();
        m_link->Configure(std::move(config), "link", 1, Tracer(m_log, m_log.AddNode("link")));
        m_a = AddDevice(A);
        m_b = AddDevice(B);
        m_b->SetReceiver(
            [this](Packet packet)
            {
                m_arrivals.push_back(Now() - Instant{});
                m_sink.Delivered(packet, Now());
            });
    }

    ns3::Ptr<LinkDevice> AddDevice(const Ipv4Prefix& address)
    {
        auto node = ns3::CreateObject<ns3::Node>();
        auto device = ns3::CreateObject<LinkDevice>();
        node->AddDevice(device);
        device->Attach(m_link, address);
        m_nodes.push_back(node);
        return device;
    }

    void Send(std::size_t payload, Ipv4Address nextHop = B.address)
    {
        Ipv4Header header;
        header.source = A.address;
        header.destination = B.address;
        header.protocol = IP_UDP;
        const Bytes udp = BuildUdp({A.address, 500}, {B.address, 500}, Bytes(payload));
        m_a->Transmit(nextHop, {m_source.NewPacket(1), header.Build(udp)});
    }

    std::vector<Reason> Drops() const
    {
        std::vector<Reason> reasons;
        for (const Event& event : m_log.Events())
        {
            if (event.type == EventType::PacketDropped)
            {
                reasons.push_back(event.reason);
            }
        }
        return reasons;
    }

    void TearDown() override
    {
        ns3::Simulator::Destroy();
        EXPECT_TRUE(m_log.Leaks().empty());
    }

    EventLog m_log;
    Tracer m_source{m_log, m_log.AddNode("a")};
    Tracer m_sink{m_log, m_log.AddNode("b")};
    ns3::Ptr<LinkChannel> m_link;
    ns3::Ptr<LinkDevice> m_a;
    ns3::Ptr<LinkDevice> m_b;
    std::vector<ns3::Ptr<ns3::Node>> m_nodes;
    std::vector<Duration> m_arrivals;
};

} // namespace

TEST_F(LinkTest, SendsOnePacketAfterTheOtherAtItsRate)
{
    LinkConfig config;
    config.rate = 8000; // 1000 bytes a second
    config.delay = milliseconds{50};
    Build(config);
    Send(100 - 28);
    Send(200 - 28);
    ns3::Simulator::Run();
    ASSERT_EQ(m_arrivals.size(), 2u);
    EXPECT_EQ(m_arrivals[0], milliseconds{100 + 50});
    EXPECT_EQ(m_arrivals[1], milliseconds{300 + 50});
}

TEST_F(LinkTest, DropsWhatFindsTheQueueFull)
{
    LinkConfig config;
    config.rate = 8000;
    config.queue = 2;
    Build(config);
    for (int i = 0; i < 5; ++i)
    {
        Send(72);
    }
    ns3::Simulator::Run();
    EXPECT_EQ(m_arrivals.size(), 2u);
    EXPECT_EQ(Drops(), (std::vector<Reason>(3, Reason::LinkQueueFull)));
}

TEST_F(LinkTest, HasNoNeighbourForAnUnknownNextHop)
{
    Build({});
    Send(10, Ipv4Address{0x0a000063});
    Send(10, A.address);
    EXPECT_EQ(Drops(), (std::vector<Reason>(2, Reason::LinkNoNeighbor)));
}

TEST_F(LinkTest, LosesItsShareOfPacketsAndTheSameOnesInEachRun)
{
    LinkConfig config;
    config.loss = 0.25;
    Build(config);
    for (int i = 0; i < 1000; ++i)
    {
        Send(10);
    }
    ns3::Simulator::Run();
    const std::size_t arrived = m_arrivals.size();
    EXPECT_NEAR(static_cast<double>(arrived), 750, 60);
    EXPECT_EQ(Drops().size(), 1000 - arrived);
    RandomStream stream(1, "link", "link.loss");
    std::size_t expected = 0;
    for (int i = 0; i < 1000; ++i)
    {
        expected += stream.Uniform() >= 0.25;
    }
    EXPECT_EQ(arrived, expected);
}

TEST_F(LinkTest, LosesThePacketsThatAFaultNames)
{
    LinkConfig config;
    InjectedDrop drop;
    drop.match.port = 500;
    drop.match.minLength = 50;
    drop.skip = 1;
    drop.count = 2;
    config.drops.push_back(drop);
    Build(config);
    Send(10); // too short to be meant
    for (int i = 0; i < 4; ++i)
    {
        Send(100);
    }
    ns3::Simulator::Run();
    EXPECT_EQ(m_arrivals.size(), 3u);
    EXPECT_EQ(Drops(), (std::vector<Reason>(2, Reason::LinkInjectedDrop)));
}

TEST_F(LinkTest, CarriesNothingWhileItIsDown)
{
    LinkConfig config;
    config.delay = milliseconds{10};
    Build(config);
    Send(10);
    m_link->SetUp(false);
    Send(10);
    m_link->SetUp(true);
    Send(10);
    ns3::Simulator::Run();
    EXPECT_EQ(m_arrivals.size(), 2u) << "what was under way still arrives";
    EXPECT_EQ(Drops(), (std::vector<Reason>{Reason::LinkDown}));
}

TEST_F(LinkTest, AccountsForPacketsThatAreUnderWayWhenTheRunEnds)
{
    LinkConfig config;
    config.delay = seconds{10};
    Build(config);
    Send(10);
    ns3::Simulator::Stop(ns3::Seconds(1));
    ns3::Simulator::Run();
    EXPECT_TRUE(m_arrivals.empty());
}

TEST_F(LinkTest, RecordsThePacketsThatItIsToldToWatchFor)
{
    LinkConfig config;
    ns3::nattlab::PacketMatch match;
    match.protocol = IP_UDP;
    match.port = 500;
    config.watch.push_back(match);
    match.port = 501;
    config.watch.push_back(match);
    Build(config);
    Send(10);
    ns3::Simulator::Run();
    std::size_t sighted = 0;
    for (const Event& event : m_log.Events())
    {
        sighted += event.type == EventType::PacketSighted;
    }
    EXPECT_EQ(sighted, 1u);
}

TEST(Port, CarriesPacketsOverAnotherNetDeviceOfNs3)
{
    EventLog log;
    const Tracer left(log, log.AddNode("left"));
    const Tracer right(log, log.AddNode("right"));
    auto channel = ns3::CreateObject<ns3::SimpleChannel>();
    ns3::Ptr<ns3::SimpleNetDevice> devices[2];
    ns3::Ptr<ns3::Node> nodes[2];
    for (int i = 0; i < 2; ++i)
    {
        nodes[i] = ns3::CreateObject<ns3::Node>();
        devices[i] = ns3::CreateObject<ns3::SimpleNetDevice>();
        devices[i]->SetAddress(ns3::Mac48Address::Allocate());
        devices[i]->SetChannel(channel);
        nodes[i]->AddDevice(devices[i]);
    }
    std::vector<Packet> arrived;
    std::optional<Port> from(
        std::in_place, devices[0], [](Packet) {}, left);
    std::optional<Port> to(
        std::in_place,
        devices[1],
        [&](Packet packet)
        {
            right.Delivered(packet, Now());
            arrived.push_back(std::move(packet));
        },
        right);
    Ipv4Header header;
    header.source = A.address;
    header.destination = B.address;
    const Bytes bytes = header.Build(Bytes(33, 7));
    from->Transmit(B.address, {left.NewPacket(5), bytes});
    from->AddNeighbor(B.address, devices[1]->GetAddress());
    from->Transmit(B.address, {left.NewPacket(6), bytes});
    ns3::Simulator::Run();
    ASSERT_EQ(arrived.size(), 2u);
    EXPECT_EQ(arrived[0].bytes, bytes);
    EXPECT_EQ(arrived[0].tag.connection, 5u);
    EXPECT_EQ(arrived[1].tag.connection, 6u);
    from.reset();
    to.reset();
    ns3::Simulator::Destroy();
    EXPECT_TRUE(log.Leaks().empty());
}
