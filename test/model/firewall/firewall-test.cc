// SPDX-License-Identifier: GPL-2.0-only
#include "model/firewall/firewall.h"

#include "model/firewall/reject.h"
#include "model/packet/checksum.h"
#include "model/packet/fragment.h"
#include "test/model/firewall/make-packet.h"

#include <gtest/gtest.h>
#include <random>

using namespace nattlab;

namespace
{

constexpr const char* A = "10.0.0.1";
constexpr const char* B = "192.0.2.1";
constexpr auto ACCEPT = FirewallAction::Accept;
constexpr auto DROP = FirewallAction::Drop;
const FirewallContext OUTWARD{FirewallChain::Forward, "lan", "wan"};
const FirewallContext INWARD{FirewallChain::Forward, "wan", "lan"};

FirewallRule
Rule(std::string name, FirewallAction action)
{
    FirewallRule rule;
    rule.name = std::move(name);
    rule.action = action;
    return rule;
}

/** Everything may go out, and what belongs to it may come in. */
FirewallConfig
Stateful()
{
    FirewallConfig config;
    config.rules = {Rule("known", ACCEPT), Rule("outward", ACCEPT)};
    config.rules[0].states = {ConnectionState::Established, ConnectionState::Related};
    config.rules[1].inInterface = "lan";
    config.rules[1].states = {ConnectionState::New};
    return config;
}

FirewallConfig
Stateless(std::vector<FirewallRule> rules)
{
    FirewallConfig config;
    config.rules = std::move(rules);
    config.stateful = false;
    return config;
}

void
ExpectDecision(const FirewallDecision& decision,
               FirewallAction action,
               Reason reason,
               const std::string& rule)
{
    EXPECT_EQ(decision.action, action);
    EXPECT_EQ(decision.reason, reason) << IdOf(decision.reason);
    EXPECT_EQ(decision.rule, rule);
}

} // namespace

TEST(Firewall, TheFirstRuleThatMatchesDecides)
{
    FirewallRule no500 = Rule("12", DROP);
    no500.destinationPorts.ranges = {{500, 500}};
    FirewallRule all = Rule("13", ACCEPT);
    Firewall firewall(Stateless({no500, all}));
    ExpectDecision(
        firewall.Decide(UdpPacket(A, 1, B, 500), OUTWARD, {}), DROP, Reason::FirewallRule, "12");
    ExpectDecision(
        firewall.Decide(UdpPacket(A, 1, B, 4500), OUTWARD, {}), ACCEPT, Reason::None, "13");
}

TEST(Firewall, WithoutAMatchTheDefaultOfTheChainDecides)
{
    FirewallConfig config = Stateless({});
    config.defaults.output = FirewallAction::Reject;
    config.defaults.reject = RejectKind::AdminProhibited;
    Firewall firewall(config);
    const Bytes packet = UdpPacket(A, 1, B, 500);
    ExpectDecision(
        firewall.Decide(packet, OUTWARD, {}), DROP, Reason::FirewallDefault, "default forward");
    ExpectDecision(firewall.Decide(packet, {FirewallChain::Input, "lan", {}}, {}),
                   ACCEPT,
                   Reason::None,
                   "default input");
    const auto out = firewall.Decide(packet, {FirewallChain::Output, {}, "lan"}, {});
    ExpectDecision(out, FirewallAction::Reject, Reason::FirewallDefault, "default output");
    EXPECT_EQ(out.reject, RejectKind::AdminProhibited);
}

TEST(Firewall, ARuleWithoutNameIsCalledByItsPlace)
{
    Firewall firewall(Stateless({Rule("first", ACCEPT), Rule("", DROP)}));
    firewall.SetRules({Rule("", DROP)}, {}, ConnectionsAtChange::Keep);
    EXPECT_EQ(firewall.Decide(UdpPacket(A, 1, B, 500), OUTWARD, {}).rule, "rule 1");
}

TEST(Firewall, TheRejectKindIsThatOfTheRule)
{
    FirewallRule rule = Rule("r", FirewallAction::Reject);
    rule.reject = RejectKind::HostProhibited;
    Firewall firewall(Stateless({rule}));
    EXPECT_EQ(firewall.Decide(UdpPacket(A, 1, B, 500), OUTWARD, {}).reject,
              RejectKind::HostProhibited);
}

TEST(Firewall, AnswersComeInAndUnaskedPacketsDoNot)
{
    Firewall firewall(Stateful());
    ExpectDecision(firewall.Decide(UdpPacket(B, 500, A, 500), INWARD, {}),
                   DROP,
                   Reason::FirewallDefault,
                   "default forward");
    ExpectDecision(
        firewall.Decide(UdpPacket(A, 500, B, 500), OUTWARD, {}), ACCEPT, Reason::None, "outward");
    ExpectDecision(
        firewall.Decide(UdpPacket(B, 500, A, 500), INWARD, {}), ACCEPT, Reason::None, "known");
}

TEST(Firewall, ARefusedPacketStartsNoConnection)
{
    Firewall firewall(Stateful());
    firewall.Decide(UdpPacket(B, 500, A, 500), INWARD, {});
    EXPECT_EQ(firewall.ConnectionCount(), 0u);
    // So the inside host's packet is not taken for an answer.
    EXPECT_EQ(firewall.Decide(UdpPacket(A, 500, B, 500), OUTWARD, {}).rule, "outward");
}

TEST(Firewall, ALatePacketIsToldThatTheStateExpired)
{
    Firewall firewall(Stateful());
    firewall.Decide(UdpPacket(A, 4500, B, 4500), OUTWARD, {});
    const Bytes late = UdpPacket(B, 4500, A, 4500);
    ExpectDecision(firewall.Decide(late, INWARD, Instant{seconds(31)}),
                   DROP,
                   Reason::FirewallStateExpired,
                   "default forward");
    ExpectDecision(firewall.Decide(late, INWARD, Instant{seconds(700)}),
                   DROP,
                   Reason::FirewallDefault,
                   "default forward");
}

TEST(Firewall, AnExpiredStateIsNotBlamedForWhatARuleForbids)
{
    Firewall firewall(Stateful());
    firewall.Decide(UdpPacket(A, 4500, B, 4500), OUTWARD, {});
    FirewallRule no4500 = Rule("no 4500", DROP);
    no4500.protocol = IP_UDP;
    no4500.destinationPorts.ranges = {{4500, 4500}};
    std::vector<FirewallRule> rules = Stateful().rules;
    rules.insert(rules.begin(), no4500);
    firewall.SetRules(rules, {}, ConnectionsAtChange::Keep);
    ExpectDecision(firewall.Decide(UdpPacket(B, 4500, A, 4500), INWARD, Instant{seconds(31)}),
                   DROP,
                   Reason::FirewallRule,
                   "no 4500");
}

TEST(Firewall, AnErrorAboutAnExpiredConnectionIsToldSo)
{
    Firewall firewall(Stateful());
    const Bytes out = UdpPacket(A, 4500, B, 4500);
    const Bytes error = *BuildIcmpError(At(B), out, ICMP_UNREACHABLE, 3);
    ExpectDecision(
        firewall.Decide(error, INWARD, {}), DROP, Reason::FirewallInvalidState, "default forward");
    firewall.Decide(out, OUTWARD, {});
    EXPECT_EQ(firewall.Decide(error, INWARD, {}).rule, "known");
    EXPECT_EQ(firewall.Decide(error, INWARD, Instant{seconds(31)}).reason,
              Reason::FirewallStateExpired);
}

TEST(Firewall, AMidstreamSegmentFailsForItsState)
{
    Firewall firewall(Stateful());
    ExpectDecision(firewall.Decide(TcpPacket(A, 1025, B, 80, TcpHeader::ACK), OUTWARD, {}),
                   DROP,
                   Reason::FirewallInvalidState,
                   "default forward");
    // Inward a SYN would have been refused as well: the default is at fault.
    ExpectDecision(firewall.Decide(TcpPacket(B, 1025, A, 80, TcpHeader::ACK), INWARD, {}),
                   DROP,
                   Reason::FirewallDefault,
                   "default forward");
}

TEST(Firewall, AFullTableRefusesNewConnections)
{
    FirewallConfig config = Stateful();
    config.tableSize = 1;
    Firewall firewall(config);
    EXPECT_TRUE(firewall.Decide(UdpPacket(A, 1, B, 500), OUTWARD, {}).Accepted());
    ExpectDecision(firewall.Decide(UdpPacket(A, 2, B, 500), OUTWARD, {}),
                   DROP,
                   Reason::FirewallTableFull,
                   "outward");
    EXPECT_TRUE(firewall.Decide(UdpPacket(A, 2, B, 500), OUTWARD, Instant{seconds(30)}).Accepted());
}

TEST(Firewall, WithoutTrackingEveryPacketIsNew)
{
    FirewallConfig config = Stateful();
    config.stateful = false;
    Firewall firewall(config);
    EXPECT_EQ(firewall.Decide(TcpPacket(A, 1, B, 80, TcpHeader::ACK), OUTWARD, {}).rule, "outward");
    EXPECT_FALSE(firewall.Decide(TcpPacket(B, 80, A, 1, TcpHeader::ACK), INWARD, {}).Accepted());
    EXPECT_EQ(firewall.ConnectionCount(), 0u);
}

TEST(Firewall, LaterFragmentsGoTheWayOfTheFirst)
{
    FirewallRule only500 = Rule("500", ACCEPT);
    only500.destinationPorts.ranges = {{500, 500}};
    FirewallConfig config;
    config.rules = {only500};
    Firewall firewall(config);
    for (const auto& [port, rule] : {std::pair{500, "500"}, {501, "default forward"}})
    {
        const Bytes whole = UdpPacket(A, 500, B, static_cast<std::uint16_t>(port), 3000);
        for (const Bytes& part : FragmentPacket(whole, 1500))
        {
            EXPECT_EQ(firewall.Decide(part, OUTWARD, {}).rule, rule);
        }
    }
    EXPECT_EQ(firewall.ConnectionCount(), 1u);
}

TEST(Firewall, ALaterFragmentThatComesFirstIsInvalid)
{
    Firewall firewall(Stateful());
    const auto parts = FragmentPacket(UdpPacket(A, 500, B, 500, 2000), 1500);
    ExpectDecision(firewall.Decide(parts[1], OUTWARD, {}),
                   DROP,
                   Reason::FirewallInvalidState,
                   "default forward");
    EXPECT_TRUE(firewall.Decide(parts[0], OUTWARD, {}).Accepted());
    EXPECT_TRUE(firewall.Decide(parts[1], OUTWARD, {}).Accepted());
    EXPECT_FALSE(firewall.Decide(parts[1], OUTWARD, Instant{seconds(31)}).Accepted());
}

TEST(Firewall, ARuleAboutFragmentsHoldsForTrackedOnesToo)
{
    FirewallConfig config = Stateful();
    FirewallRule later = Rule("no fragments", DROP);
    later.fragment = FragmentMatch::Later;
    config.rules.insert(config.rules.begin(), later);
    Firewall firewall(config);
    const auto parts = FragmentPacket(UdpPacket(A, 500, B, 500, 2000), 1500);
    EXPECT_TRUE(firewall.Decide(parts[0], OUTWARD, {}).Accepted());
    ExpectDecision(
        firewall.Decide(parts[1], OUTWARD, {}), DROP, Reason::FirewallRule, "no fragments");
}

TEST(Firewall, FirstFragmentsRememberedAreBounded)
{
    FirewallConfig config = Stateful();
    config.tableSize = 2;
    Firewall firewall(config);
    std::vector<std::vector<Bytes>> datagrams;
    for (std::uint16_t id = 1; id <= 3; ++id)
    {
        Bytes whole = UdpPacket(A, 500, B, 500, 2000);
        Store16(&whole[4], id);
        ip::FixChecksum(whole);
        datagrams.push_back(FragmentPacket(whole, 1500));
        firewall.Decide(datagrams.back()[0], OUTWARD, {});
    }
    EXPECT_FALSE(firewall.Decide(datagrams[0][1], OUTWARD, {}).Accepted());
    EXPECT_TRUE(firewall.Decide(datagrams[1][1], OUTWARD, {}).Accepted());
    EXPECT_TRUE(firewall.Decide(datagrams[2][1], OUTWARD, {}).Accepted());
}

TEST(Firewall, AnIdentificationThatComesAgainIsRememberedFromThenOn)
{
    Firewall firewall(Stateful());
    const auto parts = FragmentPacket(UdpPacket(A, 500, B, 500, 2000), 1500);
    const auto other = FragmentPacket(UdpPacket(A, 501, B, 500, 2000), 1500);
    Bytes another = other[0];
    Store16(&another[4], 1234);
    ip::FixChecksum(another);
    firewall.Decide(parts[0], OUTWARD, {});
    firewall.Decide(parts[0], OUTWARD, Instant{seconds(20)});
    firewall.Decide(another, OUTWARD, Instant{seconds(35)}); // what is too old goes
    EXPECT_TRUE(firewall.Decide(parts[1], OUTWARD, Instant{seconds(40)}).Accepted());
}

TEST(Firewall, EveryDecisionIsCounted)
{
    Firewall firewall(Stateful());
    firewall.Decide(UdpPacket(A, 500, B, 500, 72), OUTWARD, {}); // 100 bytes
    firewall.Decide(UdpPacket(B, 500, A, 500, 172), INWARD, {});
    firewall.Decide(UdpPacket(B, 500, A, 500, 22), INWARD, {});
    firewall.Decide(UdpPacket(B, 501, A, 500, 12), INWARD, {});
    ASSERT_EQ(firewall.Counters().size(), 2u);
    EXPECT_EQ(firewall.Counters()[0].packets, 2u);
    EXPECT_EQ(firewall.Counters()[0].bytes, 250u);
    EXPECT_EQ(firewall.Counters()[1].packets, 1u);
    EXPECT_EQ(firewall.Counters()[1].bytes, 100u);
    EXPECT_EQ(firewall.DefaultCounter(FirewallChain::Forward).packets, 1u);
    EXPECT_EQ(firewall.DefaultCounter(FirewallChain::Forward).bytes, 40u);
    EXPECT_EQ(firewall.DefaultCounter(FirewallChain::Input).packets, 0u);
}

TEST(Firewall, ARuleChangeKeepsOrFlushesConnections)
{
    for (const auto change : {ConnectionsAtChange::Keep, ConnectionsAtChange::Flush})
    {
        Firewall firewall(Stateful());
        firewall.Decide(UdpPacket(A, 500, B, 500), OUTWARD, {});
        std::vector<FirewallRule> onlyKnown = Stateful().rules;
        onlyKnown.pop_back();
        firewall.SetRules(onlyKnown, {}, change);
        EXPECT_EQ(firewall.Counters().size(), 1u);
        const bool kept = change == ConnectionsAtChange::Keep;
        EXPECT_EQ(firewall.Decide(UdpPacket(B, 500, A, 500), INWARD, {}).Accepted(), kept);
        EXPECT_EQ(firewall.Counters()[0].packets, kept ? 1u : 0u);
        EXPECT_FALSE(firewall.Decide(UdpPacket(A, 501, B, 500), OUTWARD, {}).Accepted());
    }
}

TEST(Firewall, ARebootLosesConnectionsAndCounters)
{
    Firewall firewall(Stateful());
    const auto parts = FragmentPacket(UdpPacket(A, 500, B, 500, 2000), 1500);
    firewall.Decide(parts[0], OUTWARD, {});
    EXPECT_TRUE(firewall.Deadline());
    firewall.Reboot();
    EXPECT_FALSE(firewall.Deadline());
    EXPECT_EQ(firewall.ConnectionCount(), 0u);
    EXPECT_EQ(firewall.Counters()[1].packets, 0u);
    EXPECT_FALSE(firewall.Decide(parts[1], OUTWARD, {}).Accepted());
    EXPECT_EQ(firewall.Decide(UdpPacket(B, 500, A, 500), INWARD, {}).reason,
              Reason::FirewallDefault);
}

TEST(Firewall, SurvivesAnyBytes)
{
    Firewall firewall(Stateful());
    std::mt19937 random(1); // NOLINT: the same bytes in every run
    const std::vector<Bytes> seeds = {
        UdpPacket(A, 500, B, 500),
        TcpPacket(A, 500, B, 500, TcpHeader::SYN),
        *BuildIcmpError(At(B), UdpPacket(A, 500, B, 500), ICMP_UNREACHABLE, 3),
    };
    std::uint64_t decided = 0;
    for (int i = 0; i < 30000; ++i)
    {
        Bytes bytes = seeds[random() % seeds.size()];
        bytes.resize(random() % (bytes.size() + 1));
        for (std::uint32_t flips = random() % 8; flips > 0 && !bytes.empty(); --flips)
        {
            bytes[random() % bytes.size()] = static_cast<std::uint8_t>(random());
        }
        firewall.Decide(bytes, i % 2 == 0 ? OUTWARD : INWARD, Instant{milliseconds(i)});
        BuildReject(RejectKind::TcpReset, At(B), bytes);
        ++decided;
    }
    const auto& counters = firewall.Counters();
    EXPECT_EQ(counters[0].packets + counters[1].packets +
                  firewall.DefaultCounter(FirewallChain::Forward).packets,
              decided);
}

TEST(Reject, AResetAnswersASynAsRfc793Says)
{
    const Bytes reset = BuildTcpReset(TcpPacket(A, 1025, B, 80, TcpHeader::SYN)).value();
    const auto header = Ipv4Header::Parse(reset).value();
    EXPECT_EQ(header.source, At(B));
    EXPECT_EQ(header.destination, At(A));
    const ByteView segment = ip::Payload(reset);
    const auto tcp = TcpHeader::Parse(segment).value();
    EXPECT_EQ(tcp.sourcePort, 80);
    EXPECT_EQ(tcp.destinationPort, 1025);
    EXPECT_EQ(tcp.flags, TcpHeader::RST | TcpHeader::ACK);
    EXPECT_EQ(tcp.sequence, 0u);
    EXPECT_EQ(tcp.acknowledgment, 1001u);
    EXPECT_EQ(InternetChecksum(segment,
                               PseudoHeaderSum(header.source,
                                               header.destination,
                                               IP_TCP,
                                               static_cast<std::uint16_t>(segment.size()))),
              0);
}

TEST(Reject, AResetOfAnAcknowledgingSegmentTakesItsNumber)
{
    const Bytes reset = BuildTcpReset(TcpPacket(A, 1025, B, 80, TcpHeader::ACK)).value();
    const auto tcp = TcpHeader::Parse(ip::Payload(reset)).value();
    EXPECT_EQ(tcp.flags, TcpHeader::RST);
    EXPECT_EQ(tcp.sequence, 2000u);
}

TEST(Reject, NoResetAnswersAReset)
{
    EXPECT_FALSE(BuildTcpReset(TcpPacket(A, 1025, B, 80, TcpHeader::RST)));
    EXPECT_FALSE(BuildTcpReset(UdpPacket(A, 1025, B, 80)));
}

TEST(Reject, EveryKindHasItsAnswer)
{
    const Ipv4Address box = At("198.51.100.1");
    const Bytes udp = UdpPacket(A, 1025, B, 80);
    for (const auto& [kind, code] : {std::pair{RejectKind::NetUnreachable, 0},
                                     {RejectKind::HostUnreachable, 1},
                                     {RejectKind::ProtocolUnreachable, 2},
                                     {RejectKind::PortUnreachable, 3},
                                     {RejectKind::NetProhibited, 9},
                                     {RejectKind::HostProhibited, 10},
                                     {RejectKind::AdminProhibited, 13},
                                     {RejectKind::TcpReset, 3}})
    {
        const Bytes answer = BuildReject(kind, box, udp).value();
        EXPECT_EQ(ip::Source(answer), box);
        EXPECT_EQ(ip::Destination(answer), At(A));
        const auto icmp = IcmpHeader::Parse(ip::Payload(answer)).value();
        EXPECT_EQ(icmp.type, ICMP_UNREACHABLE);
        EXPECT_EQ(icmp.code, code);
    }
    const Bytes tcp = TcpPacket(A, 1025, B, 80, TcpHeader::SYN);
    EXPECT_EQ(ip::Protocol(BuildReject(RejectKind::TcpReset, box, tcp).value()), IP_TCP);
}
