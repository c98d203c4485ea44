// SPDX-License-Identifier: GPL-2.0-only
#include "test/model/endpoint/wire.h"

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
const char* const NAT = "203.0.113.7";

class HostTest : public ::testing::Test
{
  protected:
    void Build(HostConfig client = MakeConfig("alice", CLIENT),
               HostConfig server = MakeServerConfig("office", SERVER))
    {
        m_wire.Add(std::move(client));
        m_wire.Add(std::move(server));
    }

    void Dial(CallRequest request = MakeRequest(SERVER))
    {
        m_wire.Do(m_wire.At("alice").Dial(request, m_wire.Now()));
    }

    /** Put a NAT that keeps ports before the client; bare ESP passes as well. */
    void PutNatBefore(const char* client)
    {
        const Ipv4Address inside = *Ipv4Address::Parse(client);
        const Ipv4Address outside = *Ipv4Address::Parse(NAT);
        m_wire.SetMiddle(
            [inside, outside](Packet packet)
            {
                const auto header = Ipv4Header::Parse(packet.bytes);
                Ipv4Header changed = *header;
                changed.source = header->source == inside ? outside : header->source;
                changed.destination = header->destination == outside ? inside : header->destination;
                Bytes segment = ip::Payload(packet.bytes).ToBytes();
                if (header->protocol == IP_UDP && Load16(&segment[6]) != 0)
                {
                    const auto udp = UdpHeader::Parse(segment);
                    segment = BuildUdp({changed.source, udp->sourcePort},
                                       {changed.destination, udp->destinationPort},
                                       ByteView{segment}.Sub(UdpHeader::SIZE));
                }
                packet.bytes = changed.Build(segment);
                return std::vector<Packet>{packet};
            });
    }

    TrafficRequest Ping(ConnectionId id = 9)
    {
        TrafficRequest request;
        request.id = id;
        request.name = "ping";
        request.tunnel = 1;
        request.count = 3;
        return request;
    }

    std::int64_t Answered() const
    {
        for (const Event& e : m_wire.log.Events())
        {
            if (e.type == EventType::TrafficDone)
            {
                return e.value;
            }
        }
        return -1;
    }

    Wire m_wire;
};

} // namespace

TEST_F(HostTest, ConnectsWithBareEspWhereThereIsNoNat)
{
    Build();
    Dial();
    m_wire.RunUntil(seconds{20});
    ASSERT_EQ(m_wire.up.size(), 2u);
    EXPECT_EQ(m_wire.up[0].own, m_wire.up[1].peer);
    EXPECT_EQ(m_wire.up[0].peer, m_wire.up[1].own);
    EXPECT_TRUE(m_wire.failed.empty());
    EXPECT_TRUE(m_wire.Drops().empty());
    bool esp = false;
    for (const Packet& packet : m_wire.seen)
    {
        const Flow flow = FlowOf(packet.bytes);
        esp = esp || flow.protocol == IP_ESP;
        EXPECT_NE(flow.destinationPort, 4500);
        EXPECT_NE(flow.destinationPort, 1701) << "L2TP in clear";
    }
    EXPECT_TRUE(esp);
    EXPECT_TRUE(m_wire.log.Leaks().empty());
}

TEST_F(HostTest, GoesThroughItsStagesInOrder)
{
    Build();
    Dial();
    m_wire.RunUntil(seconds{20});
    std::vector<std::string> stages;
    for (const Event& e : m_wire.log.Events())
    {
        if (e.type == EventType::StageEnded)
        {
            EXPECT_EQ(e.reason, Reason::None);
            stages.push_back(e.subject);
        }
    }
    EXPECT_EQ(stages,
              (std::vector<std::string>{
                  "ike-main", "ike-quick", "l2tp", "ppp-lcp", "ppp-auth", "ppp-ipcp"}));
    EXPECT_EQ(m_wire.Count(EventType::ConnectionUp), 1u);
}

TEST_F(HostTest, ConnectsInUdpBehindANat)
{
    Build();
    PutNatBefore(CLIENT);
    Dial();
    m_wire.RunUntil(seconds{20});
    EXPECT_EQ(m_wire.up.size(), 2u);
    for (const Packet& packet : m_wire.seen)
    {
        EXPECT_EQ(ip::Protocol(packet.bytes), IP_UDP);
    }
}

TEST_F(HostTest, AnswersPingsThroughTheTunnelBothWays)
{
    Build();
    PutNatBefore(CLIENT);
    Dial();
    m_wire.RunUntil(seconds{5});
    m_wire.Do(m_wire.At("alice").StartTraffic(Ping(), m_wire.Now()));
    m_wire.RunUntil(seconds{20});
    EXPECT_EQ(Answered(), 3);
    TrafficRequest back = Ping(10);
    m_wire.Do(m_wire.At("office").StartTraffic(back, m_wire.Now()));
    m_wire.RunUntil(seconds{40});
    EXPECT_EQ(m_wire.Count(EventType::TrafficDone), 2u);
    EXPECT_EQ(m_wire.Count(EventType::TrafficDone, Reason::DataLost), 0u);
}

TEST_F(HostTest, TrafficWithoutATunnelIsReportedAsNotSent)
{
    Build();
    m_wire.Do(m_wire.At("alice").StartTraffic(Ping(), m_wire.Now()));
    m_wire.RunUntil(seconds{20});
    EXPECT_EQ(Answered(), 0);
    EXPECT_EQ(m_wire.Count(EventType::TrafficDone, Reason::PppNotOpen), 1u);
}

TEST_F(HostTest, WrongPasswordFailsAtAuthentication)
{
    Build();
    CallRequest request = MakeRequest(SERVER);
    request.password = "wrong";
    Dial(request);
    m_wire.RunUntil(minutes{2});
    ASSERT_EQ(m_wire.failed.size(), 1u);
    EXPECT_EQ(m_wire.failed[0].stage, Stage::PppAuth);
    EXPECT_EQ(m_wire.failed[0].reason, Reason::PppAuthFailed);
    EXPECT_EQ(m_wire.At("alice").Security().Associations().Size(), 0u) << "SAs are deleted";
    EXPECT_EQ(m_wire.At("office").Security().Associations().Size(), 0u);
}

TEST_F(HostTest, WrongPresharedKeyFailsInMainMode)
{
    Build();
    CallRequest request = MakeRequest(SERVER);
    request.presharedKey = Bytes{1, 2, 3};
    Dial(request);
    m_wire.RunUntil(minutes{5});
    ASSERT_EQ(m_wire.failed.size(), 1u);
    EXPECT_EQ(m_wire.failed[0].stage, Stage::IkeMain);
    EXPECT_GE(m_wire.Count(EventType::MessageRefused, Reason::IkeDecryption), 1u);
}

TEST_F(HostTest, ASilentServerFailsInMainModeAfterTheSchedule)
{
    Build();
    m_wire.SetMiddle(
        [this](Packet packet)
        {
            Tracer(m_wire.log, 0).Consumed(packet.tag);
            return std::vector<Packet>{};
        });
    Dial();
    m_wire.RunUntil(minutes{5});
    ASSERT_EQ(m_wire.failed.size(), 1u);
    EXPECT_EQ(m_wire.failed[0].reason, Reason::IkeTimeout);
    EXPECT_EQ(m_wire.failed[0].message, "MM1");
    EXPECT_EQ(m_wire.seen.size(), 7u);
    EXPECT_TRUE(m_wire.log.Leaks().empty());
}

TEST_F(HostTest, LostEspFailsAtL2tp)
{
    Build();
    m_wire.SetMiddle(
        [this](Packet packet)
        {
            if (ip::Protocol(packet.bytes) != IP_ESP)
            {
                return std::vector<Packet>{packet};
            }
            Tracer(m_wire.log, 0).Consumed(packet.tag);
            return std::vector<Packet>{};
        });
    Dial();
    m_wire.RunUntil(minutes{5});
    ASSERT_EQ(m_wire.failed.size(), 1u);
    EXPECT_EQ(m_wire.failed[0].stage, Stage::L2tp);
    EXPECT_EQ(m_wire.failed[0].reason, Reason::L2tpNoAnswer);
    EXPECT_EQ(m_wire.failed[0].message, "SCCRQ");
}

TEST_F(HostTest, HangUpEndsEverythingOnBothSides)
{
    Build();
    Dial();
    m_wire.RunUntil(seconds{10});
    ASSERT_EQ(m_wire.up.size(), 2u);
    m_wire.Do(m_wire.At("alice").HangUp(1, m_wire.Now()));
    m_wire.RunUntil(minutes{3});
    EXPECT_EQ(m_wire.down.size(), 2u);
    EXPECT_EQ(m_wire.Count(EventType::ConnectionDown, Reason::UserHangUp), 1u);
    EXPECT_EQ(m_wire.At("alice").Security().Associations().Size(), 0u);
    EXPECT_EQ(m_wire.At("office").Security().Associations().Size(), 0u);
    EXPECT_TRUE(m_wire.log.Leaks().empty());
}

TEST_F(HostTest, RefusesClearL2tpWhereItsPolicyWantsProtection)
{
    HostConfig client = MakeConfig("alice", CLIENT);
    client.ipsec.l2tp = IpsecConfig::L2tpPolicy::Clear;
    Build(client);
    Dial();
    m_wire.RunUntil(minutes{2});
    ASSERT_EQ(m_wire.failed.size(), 1u);
    EXPECT_EQ(m_wire.failed[0].stage, Stage::L2tp);
    const auto drops = m_wire.Drops();
    ASSERT_FALSE(drops.empty());
    EXPECT_EQ(drops[0], Reason::SpdClearRefused);
    EXPECT_GE(m_wire.Count(EventType::ClearText), 1u) << "the log is loud about it";
}

TEST_F(HostTest, ConnectsInClearWhereBothPoliciesSaySo)
{
    HostConfig client = MakeConfig("alice", CLIENT);
    HostConfig server = MakeServerConfig("office", SERVER);
    client.ipsec.l2tp = IpsecConfig::L2tpPolicy::Clear;
    server.ipsec.l2tp = IpsecConfig::L2tpPolicy::Clear;
    Build(client, server);
    Dial();
    m_wire.RunUntil(seconds{20});
    EXPECT_EQ(m_wire.up.size(), 2u);
    EXPECT_GE(m_wire.Count(EventType::ClearText), 1u);
}

TEST_F(HostTest, RenewsItsAssociationsUnderTraffic)
{
    HostConfig client = MakeConfig("alice", CLIENT);
    client.ike.Edit().phase2[0].lifeSeconds = 120;
    Build(client);
    Dial();
    m_wire.RunUntil(seconds{5});
    TrafficRequest ping = Ping();
    ping.count = 300;
    m_wire.Do(m_wire.At("alice").StartTraffic(ping, m_wire.Now()));
    m_wire.RunUntil(seconds{330});
    EXPECT_EQ(Answered(), 300);
    EXPECT_GE(m_wire.Count(EventType::SaRekeyed), 2u);
    EXPECT_TRUE(m_wire.down.empty());
    EXPECT_LE(m_wire.At("office").Security().Associations().Size(), 2u) << "old ones are removed";
}

TEST_F(HostTest, AServerThatIsSwitchedOffIsNoticedByHello)
{
    Build();
    Dial();
    m_wire.RunUntil(seconds{10});
    m_wire.Do(m_wire.At("office").PowerOff(m_wire.Now()));
    m_wire.RunUntil(minutes{5});
    ASSERT_EQ(m_wire.down.size(), 2u);
    EXPECT_EQ(m_wire.down[1].reason, Reason::L2tpPeerSilent);
    for (const Reason reason : m_wire.Drops())
    {
        EXPECT_EQ(reason, Reason::HostDown);
    }
}

TEST_F(HostTest, TwoClientsBehindOneAddressAreKeptApart)
{
    m_wire.Add(MakeConfig("alice", "192.168.1.2"));
    m_wire.Add(MakeConfig("bob", "192.168.1.3"));
    m_wire.Add(MakeServerConfig("office", SERVER));
    // One outside address; bob's ports are moved by 10000.
    m_wire.SetMiddle(
        [](Packet packet)
        {
            const auto header = Ipv4Header::Parse(packet.bytes);
            Ipv4Header changed = *header;
            Bytes segment = ip::Payload(packet.bytes).ToBytes();
            const Ipv4Address outside = *Ipv4Address::Parse(NAT);
            Endpoint from{header->source, Load16(&segment[0])};
            Endpoint to{header->destination, Load16(&segment[2])};
            if (header->source == *Ipv4Address::Parse(SERVER))
            {
                const bool bob = to.port >= 10000;
                to = {*Ipv4Address::Parse(bob ? "192.168.1.3" : "192.168.1.2"),
                      static_cast<std::uint16_t>(bob ? to.port - 10000 : to.port)};
            }
            else
            {
                const bool bob = header->source == *Ipv4Address::Parse("192.168.1.3");
                from = {outside, static_cast<std::uint16_t>(bob ? from.port + 10000 : from.port)};
            }
            changed.source = from.address;
            changed.destination = to.address;
            const bool zero = Load16(&segment[6]) == 0;
            segment = BuildUdp(from,
                               to,
                               ByteView{segment}.Sub(UdpHeader::SIZE),
                               zero ? UdpChecksum::Zero : UdpChecksum::Computed);
            packet.bytes = changed.Build(segment);
            return std::vector<Packet>{packet};
        });
    m_wire.Do(m_wire.At("alice").Dial(MakeRequest(SERVER, 1), m_wire.Now()));
    m_wire.RunUntil(seconds{5});
    m_wire.Do(m_wire.At("bob").Dial(MakeRequest(SERVER, 2), m_wire.Now()));
    m_wire.RunUntil(seconds{10});
    EXPECT_EQ(m_wire.up.size(), 4u);
    for (const char* name : {"alice", "bob"})
    {
        TrafficRequest ping = Ping(name[0]);
        ping.tunnel = name[0] == 'a' ? 1 : 2;
        m_wire.Do(m_wire.At(name).StartTraffic(ping, m_wire.Now()));
    }
    m_wire.RunUntil(seconds{30});
    EXPECT_EQ(m_wire.Count(EventType::TrafficDone), 2u);
    EXPECT_EQ(m_wire.Count(EventType::TrafficDone, Reason::DataLost), 0u);
}

TEST_F(HostTest, DropsWhatIsNotItsBusinessWithAReason)
{
    Build();
    Ipv4Header header;
    header.source = *Ipv4Address::Parse(SERVER);
    header.destination = *Ipv4Address::Parse(CLIENT);
    const Tracer other(m_wire.log, m_wire.log.AddNode("other"));
    const auto receive = [&](std::uint8_t protocol, Bytes segment)
    {
        header.protocol = protocol;
        m_wire.Do(
            m_wire.At("alice").Receive({other.NewPacket(0), header.Build(segment)}, m_wire.Now()));
    };
    receive(IP_UDP, BuildUdp({header.source, 1}, {header.destination, 12345}, {}));
    receive(IP_GRE, Bytes(8));
    receive(IP_ESP, Bytes(40, 1));
    receive(IP_ESP, Bytes(4));
    m_wire.At("alice").Receive({other.NewPacket(0), Bytes(10)}, m_wire.Now());
    header.destination = {77};
    receive(IP_UDP, Bytes(8));
    EXPECT_EQ(m_wire.Drops(),
              (std::vector<Reason>{Reason::IpPortUnreachable,
                                   Reason::IpProtocolUnreachable,
                                   Reason::EspUnknownSpi,
                                   Reason::EspMalformed,
                                   Reason::IpMalformed,
                                   Reason::IpNotForUs}));
}

TEST_F(HostTest, SurvivesRandomBytes)
{
    Build();
    Dial();
    m_wire.RunUntil(seconds{5});
    const Tracer other(m_wire.log, m_wire.log.AddNode("other"));
    RandomStream random(7, "fuzz", "bytes");
    const std::vector<Packet> seeds = m_wire.seen;
    for (int i = 0; i < 20000; ++i)
    {
        Packet packet = seeds[random.Below(seeds.size())];
        packet.tag = other.NewPacket(0);
        const std::size_t size = packet.bytes.size();
        if (random.Below(4) == 0)
        {
            packet.bytes.resize(random.Below(size + 1));
        }
        for (std::uint64_t flips = random.Below(4); flips > 0 && !packet.bytes.empty(); --flips)
        {
            packet.bytes[random.Below(packet.bytes.size())] ^=
                static_cast<std::uint8_t>(1u << random.Below(8));
        }
        if (packet.bytes.size() >= 20 && random.Below(2) == 0)
        {
            packet.bytes[0] = 0x45;
            Store16(&packet.bytes[2], static_cast<std::uint16_t>(packet.bytes.size()));
            ip::FixChecksum(packet.bytes);
        }
        const char* name = random.Below(2) == 0 ? "alice" : "office";
        for (HostTransmission& t :
             m_wire.At(name).Receive(std::move(packet), m_wire.Now()).transmissions)
        {
            other.Consumed(t.packet.tag);
        }
    }
    m_wire.At("alice").Finish(m_wire.Now());
    m_wire.At("office").Finish(m_wire.Now());
    EXPECT_TRUE(m_wire.log.Leaks().empty());
}
