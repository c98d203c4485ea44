// SPDX-License-Identifier: GPL-2.0-only
// Services that stop and start, policies of an administrator, and what becomes of a tunnel whose
// SAs are gone.
#include "test/model/endpoint/wire.h"

#include <algorithm>
#include <gtest/gtest.h>

using namespace nattlab;
using nattlab::test::MakeConfig;
using nattlab::test::MakeRequest;
using nattlab::test::MakeServerConfig;
using nattlab::test::Wire;

namespace
{

const char* const CLIENT = "192.0.2.10";
const char* const SERVER = "198.51.100.1";

class ServiceTest : public ::testing::Test
{
  protected:
    void Build(HostConfig client = MakeConfig("alice", CLIENT),
               HostConfig server = MakeServerConfig("office", SERVER))
    {
        m_wire.Add(std::move(client));
        m_wire.Add(std::move(server));
    }

    void Connect()
    {
        m_wire.Do(m_wire.At("alice").Dial(MakeRequest(SERVER), m_wire.Now()));
        m_wire.RunUntil(seconds{10});
        ASSERT_EQ(m_wire.up.size(), 2u);
    }

    /** Ping through the tunnel; \return the answers. */
    std::int64_t Ping(ConnectionId id, Duration until)
    {
        TrafficRequest request;
        request.id = id;
        request.name = "ping";
        request.tunnel = 1;
        request.count = 3;
        m_wire.Do(m_wire.At("alice").StartTraffic(request, m_wire.Now()));
        m_wire.RunUntil(until);
        for (const Event& e : m_wire.log.Events())
        {
            if (e.type == EventType::TrafficDone && e.tag.connection == id)
            {
                return e.value;
            }
        }
        return -1;
    }

    /** \return how many packets of clear L2TP were put on the wire. */
    std::size_t ClearPackets() const
    {
        std::size_t count = 0;
        for (const Packet& packet : m_wire.seen)
        {
            const Flow flow = FlowOf(packet.bytes);
            count += flow.protocol == IP_UDP && flow.destinationPort == 1701;
        }
        return count;
    }

    PolicyRule BlockPing() const
    {
        PolicyRule rule;
        rule.name = "no ping";
        rule.action = PolicyRule::Action::Block;
        PolicyFilter filter;
        filter.selector.protocol = IP_ICMP;
        rule.filters.push_back(filter);
        return rule;
    }

    TrafficRequest ProbePing() const
    {
        TrafficRequest request;
        request.id = 7;
        request.name = "probe";
        request.destination = *Ipv4Address::Parse(SERVER);
        return request;
    }

    Wire m_wire;
};

} // namespace

TEST_F(ServiceTest, StoppingIpsecTellsThePeerAndSendsNothingInClear)
{
    Build();
    Connect();
    m_wire.Do(m_wire.At("alice").Stop(Service::Ipsec, m_wire.Now()));
    m_wire.RunUntil(seconds{11});
    EXPECT_EQ(m_wire.At("office").Security().Associations().Size(), 0u) << "it was told";
    EXPECT_EQ(m_wire.At("alice").Security().Associations().Size(), 0u);
    EXPECT_EQ(Ping(9, seconds{30}), 0);
    EXPECT_EQ(ClearPackets(), 0u);
    EXPECT_EQ(m_wire.Count(EventType::ClearText), 0u);
    EXPECT_GT(m_wire.Count(EventType::MessageRefused, Reason::HostServiceStopped), 0u);
}

TEST_F(ServiceTest, TheTunnelLivesOnWhenIpsecStartsAgainInTime)
{
    Build();
    Connect();
    Host& alice = m_wire.At("alice");
    m_wire.Do(alice.Stop(Service::Ipsec, m_wire.Now()));
    m_wire.RunUntil(seconds{12});
    m_wire.Do(alice.Start(Service::Ipsec, alice.Config(), m_wire.Now()));
    EXPECT_EQ(Ping(9, seconds{30}), 3) << "the next packet negotiates anew";
    EXPECT_TRUE(m_wire.down.empty());
    EXPECT_EQ(ClearPackets(), 0u);
}

TEST_F(ServiceTest, AServerWhoseIpsecStartsAgainKnowsTheTunnelAgain)
{
    Build();
    Connect();
    Host& office = m_wire.At("office");
    m_wire.Do(office.Stop(Service::Ipsec, m_wire.Now()));
    m_wire.RunUntil(seconds{12});
    m_wire.Do(office.Start(Service::Ipsec, office.Config(), m_wire.Now()));
    EXPECT_EQ(Ping(9, seconds{30}), 3);
    EXPECT_TRUE(m_wire.down.empty());
}

TEST_F(ServiceTest, DiallingWithoutIpsecFailsAtOnceAndLocally)
{
    Build();
    m_wire.Do(m_wire.At("alice").Stop(Service::Ipsec, m_wire.Now()));
    m_wire.Do(m_wire.At("alice").Dial(MakeRequest(SERVER), m_wire.Now()));
    ASSERT_EQ(m_wire.failed.size(), 1u);
    EXPECT_EQ(m_wire.failed[0].reason, Reason::HostServiceStopped);
    EXPECT_EQ(m_wire.failed[0].stage, Stage::IkeMain);
    EXPECT_TRUE(m_wire.failed[0].local);
    EXPECT_TRUE(m_wire.seen.empty());
}

TEST_F(ServiceTest, StoppingRemoteAccessEndsTheCallsOfBothEnds)
{
    Build();
    Connect();
    m_wire.Do(m_wire.At("office").Stop(Service::RemoteAccess, m_wire.Now()));
    m_wire.RunUntil(seconds{20});
    ASSERT_EQ(m_wire.down.size(), 2u);
    EXPECT_EQ(m_wire.down[0].reason, Reason::HostServiceStopped);
    EXPECT_EQ(m_wire.down[1].reason, Reason::L2tpRefused);
    EXPECT_EQ(m_wire.At("office").Security().Associations().Size(), 0u);
    m_wire.Do(m_wire.At("alice").Dial(MakeRequest(SERVER, 2), m_wire.Now()));
    m_wire.RunUntil(minutes{3});
    ASSERT_EQ(m_wire.failed.size(), 1u) << "a stopped service answers nobody";
    Host& office = m_wire.At("office");
    m_wire.Do(office.Start(Service::RemoteAccess, office.Config(), m_wire.Now()));
    m_wire.Do(m_wire.At("alice").Dial(MakeRequest(SERVER, 3), m_wire.Now()));
    m_wire.RunUntil(minutes{4});
    EXPECT_EQ(m_wire.up.size(), 4u);
    EXPECT_TRUE(m_wire.log.Leaks().empty());
}

TEST_F(ServiceTest, RemoteAccessThatStartsAgainFollowsItsNewConfiguration)
{
    Build();
    Host& office = m_wire.At("office");
    HostConfig changed = office.Config();
    changed.ike.Edit().phase1[0].group = crypto::DhGroup::Modp2048;
    changed.ike.Edit().phase1.resize(1);
    m_wire.Do(office.Stop(Service::RemoteAccess, m_wire.Now()));
    m_wire.Do(office.Start(Service::RemoteAccess, changed, m_wire.Now()));
    m_wire.Do(m_wire.At("alice").Dial(MakeRequest(SERVER), m_wire.Now()));
    m_wire.RunUntil(minutes{2});
    ASSERT_EQ(m_wire.failed.size(), 1u);
    EXPECT_EQ(m_wire.failed[0].reason, Reason::IkeNoProposalChosen);
    EXPECT_EQ(m_wire.failed[0].notify, std::uint16_t{14}) << "NO-PROPOSAL-CHOSEN";
}

TEST_F(ServiceTest, AnOpenStackWhosePolicyWentWithItsSaGoesOnInClear)
{
    HostConfig client = MakeConfig("alice", CLIENT);
    HostConfig server = MakeServerConfig("office", SERVER);
    client.ipsec.onSaLoss = IpsecConfig::OnSaLoss::SendClear;
    server.ipsec.onSaLoss = IpsecConfig::OnSaLoss::SendClear;
    Build(client, server);
    Connect();
    EXPECT_EQ(ClearPackets(), 0u);
    m_wire.Do(m_wire.At("alice").Stop(Service::Ipsec, m_wire.Now()));
    m_wire.RunUntil(seconds{11});
    const std::size_t before = ClearPackets();
    m_wire.Do(m_wire.At("office").HangUp(1, m_wire.Now()));
    m_wire.RunUntil(minutes{2});
    EXPECT_GT(ClearPackets(), before) << "HELLO goes out in clear";
    EXPECT_GT(m_wire.Count(EventType::ClearText), 0u);
    for (const Event& e : m_wire.log.Events())
    {
        if (e.type == EventType::ClearText)
        {
            EXPECT_EQ(e.detail, "the SA is gone");
            EXPECT_EQ(e.tag.connection, 1u);
        }
    }
    EXPECT_TRUE(m_wire.down.empty()) << "the tunnel lives on";
}

TEST_F(ServiceTest, WindowsPolicyRefusesClearL2tpAfterItsSaIsGone)
{
    HostConfig server = MakeServerConfig("office", SERVER);
    server.ipsec.onSaLoss = IpsecConfig::OnSaLoss::SendClear;
    Build(MakeConfig("alice", CLIENT), server);
    Connect();
    m_wire.Do(m_wire.At("office").Stop(Service::Ipsec, m_wire.Now()));
    m_wire.RunUntil(minutes{1});
    EXPECT_GT(ClearPackets(), 0u);
    const std::vector<Reason> drops = m_wire.Drops();
    EXPECT_NE(std::find(drops.begin(), drops.end(), Reason::SpdClearRefused), drops.end());
}

TEST_F(ServiceTest, ABlockingRuleStopsPacketsBothWaysAndNamesItself)
{
    Build();
    m_wire.At("alice").SetPolicy({BlockPing()}, std::nullopt);
    m_wire.Do(m_wire.At("alice").StartTraffic(ProbePing(), m_wire.Now()));
    m_wire.RunUntil(seconds{10});
    ASSERT_EQ(m_wire.Drops(), std::vector<Reason>{Reason::SpdDiscard});
    for (const Event& e : m_wire.log.Events())
    {
        if (e.type == EventType::PacketDropped)
        {
            EXPECT_EQ(e.subject, "no ping");
        }
    }
    m_wire.At("alice").SetPolicy({}, std::nullopt);
    m_wire.At("office").SetPolicy({}, IpsecPolicy{"quiet", {BlockPing()}, {}, minutes{180}});
    m_wire.Do(m_wire.At("alice").StartTraffic(ProbePing(), m_wire.Now()));
    m_wire.RunUntil(seconds{20});
    EXPECT_EQ(m_wire.Drops().size(), 2u) << "the server's policy stops it on its way in";
    EXPECT_TRUE(m_wire.log.Leaks().empty());
}

TEST_F(ServiceTest, NoRuleStopsIkeOrEsp)
{
    Build();
    PolicyRule all = BlockPing();
    all.filters[0].selector.protocol = 0;
    m_wire.At("alice").SetPolicy({}, IpsecPolicy{"closed", {all}, {}, minutes{180}});
    Connect();
    EXPECT_EQ(Ping(9, seconds{30}), 3);
}

TEST_F(ServiceTest, AStoredPolicyProtectsL2tpWhereTheAutomaticOneIsOff)
{
    // Windows 2000 with a pre-shared key (KB240262): ProhibitIpSec = 1 and a policy of one's own.
    HostConfig client = MakeConfig("alice", CLIENT);
    client.ipsec.l2tp = IpsecConfig::L2tpPolicy::Clear;
    Build(client);
    CallRequest request = MakeRequest(SERVER);
    PolicyRule rule;
    rule.name = "L2TP by key";
    rule.presharedKey = request.presharedKey;
    PolicyFilter filter;
    filter.selector.protocol = IP_UDP;
    filter.selector.remotePort = 1701;
    rule.filters.push_back(filter);
    m_wire.At("alice").SetPolicy({}, IpsecPolicy{"by key", {rule}, {}, minutes{180}});
    request.presharedKey.reset();
    m_wire.Do(m_wire.At("alice").Dial(request, m_wire.Now()));
    m_wire.RunUntil(seconds{10});
    EXPECT_EQ(m_wire.up.size(), 2u);
    EXPECT_EQ(ClearPackets(), 0u);
    EXPECT_EQ(m_wire.At("alice").Security().Associations().Size(), 1u);
}

TEST_F(ServiceTest, StatusShowsWhatWentThroughAnSa)
{
    Build();
    Connect();
    ASSERT_EQ(Ping(9, seconds{30}), 3);
    const IpsecStatus status = m_wire.At("alice").Security().Status(m_wire.Now());
    ASSERT_EQ(status.peers.size(), 1u);
    EXPECT_TRUE(status.peers[0].established);
    EXPECT_TRUE(status.peers[0].initiator);
    ASSERT_TRUE(status.peers[0].transform);
    EXPECT_EQ(status.peers[0].transform->group, crypto::DhGroup::Modp1024);
    ASSERT_EQ(status.pairs.size(), 1u);
    EXPECT_TRUE(status.pairs[0].sending);
    EXPECT_EQ(status.pairs[0].selector.remotePort, 1701);
    EXPECT_GT(status.pairs[0].packetsSent, 10u);
    EXPECT_EQ(status.esp.bytesSent, status.pairs[0].bytesSent);
    EXPECT_EQ(status.ike.mainModes, 1u);
    EXPECT_EQ(status.ike.quickModes, 1u);
    const IpsecStatus other = m_wire.At("office").Security().Status(m_wire.Now());
    ASSERT_EQ(other.pairs.size(), 1u);
    EXPECT_EQ(other.pairs[0].inboundSpi, status.pairs[0].outboundSpi);
    EXPECT_EQ(other.pairs[0].packetsReceived, status.pairs[0].packetsSent);
    m_wire.Do(m_wire.At("alice").HangUp(1, m_wire.Now()));
    m_wire.RunUntil(minutes{2});
    const IpsecStatus after = m_wire.At("alice").Security().Status(m_wire.Now());
    EXPECT_TRUE(after.pairs.empty());
    EXPECT_GE(after.esp.bytesSent, status.esp.bytesSent) << "counters outlive their SAs";
    EXPECT_EQ(after.esp.keyDeletions, 1u);
}

TEST_F(ServiceTest, StartingWhatRunsAndStoppingWhatIsStoppedChangesNothing)
{
    Build();
    Connect();
    Host& alice = m_wire.At("alice");
    for (const Service service : {Service::Ipsec, Service::RemoteAccess})
    {
        m_wire.Do(alice.Start(service, alice.Config(), m_wire.Now()));
    }
    EXPECT_EQ(Ping(9, seconds{30}), 3);
    m_wire.Do(alice.Stop(Service::RemoteAccess, m_wire.Now()));
    const std::size_t sent = m_wire.seen.size();
    m_wire.Do(alice.Stop(Service::RemoteAccess, m_wire.Now()));
    EXPECT_EQ(m_wire.seen.size(), sent);
    m_wire.Do(alice.PowerOff(m_wire.Now()));
    m_wire.Do(alice.Stop(Service::Ipsec, m_wire.Now()));
    EXPECT_EQ(m_wire.seen.size(), sent) << "a computer that is off says nothing";
}

TEST_F(ServiceTest, ACallRightAfterTheLastOneIsNotTakenForIt)
{
    // The server's old tunnel lingers for 31 s (RFC 2661 5.7); its end must not end the new one.
    Build();
    Connect();
    m_wire.Do(m_wire.At("alice").HangUp(1, m_wire.Now()));
    m_wire.RunUntil(seconds{12});
    m_wire.Do(m_wire.At("alice").Dial(MakeRequest(SERVER), m_wire.Now()));
    m_wire.RunUntil(minutes{3});
    EXPECT_EQ(m_wire.up.size(), 4u);
    EXPECT_EQ(m_wire.down.size(), 2u) << "of the first call only";
}

TEST_F(ServiceTest, DiallingTheSameConnectionAgainDrawsOtherNumbers)
{
    Build();
    Connect();
    m_wire.Do(m_wire.At("alice").HangUp(1, m_wire.Now()));
    m_wire.RunUntil(minutes{1});
    m_wire.Do(m_wire.At("alice").Dial(MakeRequest(SERVER), m_wire.Now()));
    m_wire.RunUntil(minutes{2});
    ASSERT_EQ(m_wire.up.size(), 4u);
}
