// SPDX-License-Identifier: GPL-2.0-only
#include "helper/simulation/simulation.h"

#include "helper/scenario/load.h"
#include "helper/simulation/engine-config.h"

#include "ns3/simulator.h"

#include <gtest/gtest.h>

using namespace nattlab;

namespace
{

using Overrides = std::vector<std::pair<std::string, std::string>>;

scenario::Scenario
Load(const std::string& name, Overrides overrides)
{
    scenario::LoadOptions options;
    options.file = std::string(NATTLAB_SOURCE_DIR) + "/scenarios/article/" + name + ".json";
    options.overrides = std::move(overrides);
    options.overrides.emplace_back("/expect", "{}");
    return scenario::Load(options);
}

RunResult
Simulate(const std::string& name, Overrides overrides = {})
{
    Simulation simulation(Load(name, std::move(overrides)));
    RunResult result = simulation.Run();
    EXPECT_TRUE(result.leaks.empty()) << result.leaks.size() << " packets leak";
    return result;
}

std::size_t
Count(const RunResult& result, EventType type)
{
    std::size_t count = 0;
    for (const Event& event : result.log->Events())
    {
        count += event.type == type;
    }
    return count;
}

} // namespace

TEST(Simulation, TransfersTcpThroughTheTunnelBothWays)
{
    for (const char* direction : {"to-server", "to-client"})
    {
        const RunResult result = Simulate(
            "xp-behind-home-nat",
            {{"/traffic",
              std::string(R"({"bulk": {"kind": "tcp", "connection": "vpn", "bytes": "60 KB",
                                          "port": 5001, "direction": ")") +
                  direction + "\"}}"}});
        ASSERT_EQ(result.traffic.size(), 1u);
        EXPECT_EQ(result.traffic[0].arrived, 60u * 1024) << direction;
        EXPECT_EQ(result.traffic[0].expected, 60u * 1024);
    }
}

TEST(Simulation, PingsFromBothEndsAreAnsweredWithAnNs3StackAbove)
{
    scenario::Scenario scenario = Load("no-nat", {});
    Simulation simulation(scenario);
    simulation.InstallStack("client");
    simulation.InstallStack("server");
    const RunResult result = simulation.Run();
    EXPECT_TRUE(result.leaks.empty());
    ASSERT_EQ(result.traffic.size(), 1u);
    EXPECT_EQ(result.traffic[0].arrived, 3u);
}

TEST(Simulation, ALinkThatGoesDownBreaksTheConnectionAndIsToBlame)
{
    const RunResult result =
        Simulate("no-nat",
                 {{"/timetable", R"([{"at": "20 s", "action": "link-down", "link": "backbone"}])"},
                  {"/duration", "200 s"}});
    const ConnectionVerdict& v = result.connections.at(0);
    EXPECT_EQ(v.outcome, Outcome::Lost);
    EXPECT_EQ(v.stage, Stage::Data);
    EXPECT_EQ(v.symptom, Reason::L2tpPeerSilent);
    EXPECT_EQ(v.cause.reason, Reason::LinkDown);
    EXPECT_EQ(v.cause.box, "backbone");
    EXPECT_EQ(Count(result, EventType::FaultApplied), 1u);
}

TEST(Simulation, ALinkThatComesBackInTimeIsSurvived)
{
    const RunResult result =
        Simulate("no-nat",
                 {{"/timetable",
                   R"([{"at": "39 s", "action": "link-down", "link": "backbone"},
                  {"at": "50 s", "action": "link-up", "link": "backbone"}])"},
                  {"/duration", "200 s"}});
    EXPECT_EQ(result.connections.at(0).outcome, Outcome::Connected);
    EXPECT_GT(result.connections.at(0).lost, 0u);
}

TEST(Simulation, ANatThatStartsAgainIsSurvivedBecauseTheServerFollowsTheClient)
{
    const RunResult result =
        Simulate("xp-behind-home-nat",
                 {{"/timetable", R"([{"at": "15 s", "action": "reboot", "box": "home",
                                 "downTime": "2 s"}])"},
                  {"/hosts/server/ike/followMovedPeer", "true"},
                  {"/traffic", R"({"ping": {"kind": "ping", "connection": "vpn", "start": "30 s",
                                       "count": 3}})"},
                  {"/duration", "120 s"}});
    EXPECT_EQ(result.connections.at(0).outcome, Outcome::Connected);
    EXPECT_EQ(result.traffic.at(0).arrived, 3u);
}

TEST(Simulation, ARuleThatIsChangedDuringTheCallIsNamed)
{
    const RunResult result =
        Simulate("closed-udp-1701",
                 {{"/timetable",
                   R"([{"at": "20 s", "action": "change-firewall", "box": "isp",
                   "firewall": {"stateful": false,
                                "rules": [{"name": "new policy", "action": "drop",
                                           "protocol": "esp"}],
                                "defaults": {"forward": "accept"}}}])"},
                  {"/duration", "200 s"}});
    const ConnectionVerdict& v = result.connections.at(0);
    EXPECT_EQ(v.outcome, Outcome::Lost);
    EXPECT_EQ(v.cause.reason, Reason::FirewallRule);
    EXPECT_EQ(v.cause.box, "isp");
    EXPECT_EQ(v.cause.rule, "new policy");
}

TEST(Simulation, AHangUpOfTheTimetableIsNoFailure)
{
    const RunResult result =
        Simulate("no-nat",
                 {{"/timetable", R"([{"at": "20 s", "action": "hang-up", "connection": "vpn"}])"}});
    EXPECT_EQ(result.connections.at(0).outcome, Outcome::Connected);
    EXPECT_EQ(Count(result, EventType::ConnectionDown), 1u);
}

TEST(Simulation, ARunThatEndsTooSoonLeavesTheConnectionTrying)
{
    const RunResult result = Simulate("closed-udp-500", {{"/duration", "20 s"}});
    const ConnectionVerdict& v = result.connections.at(0);
    EXPECT_EQ(v.outcome, Outcome::Trying);
    EXPECT_EQ(v.stage, Stage::IkeMain);
    EXPECT_EQ(v.symptom, Reason::RunEnded);
    EXPECT_EQ(v.cause.reason, Reason::FirewallRule)
        << "what stands in the way is told all the same";
}

TEST(Simulation, RecoversFromRandomLossWithoutLeaks)
{
    unsigned connected = 0;
    for (int seed = 1; seed <= 12; ++seed)
    {
        const RunResult result = Simulate("xp-behind-home-nat",
                                          {{"/links/access/loss", "10 %"},
                                           {"/seed", std::to_string(seed)},
                                           {"/duration", "150 s"}});
        connected += result.connections.at(0).outcome == Outcome::Connected;
        EXPECT_GT(result.packets.dropped, 0u);
    }
    EXPECT_GE(connected, 9u) << "every layer sends again";
}

TEST(Simulation, LosesExactlyThePacketsThatTheScenarioPlans)
{
    const RunResult result = Simulate(
        "no-nat", {{"/links/backbone/drop", R"([{"protocol": "udp", "port": 500, "first": 3,
                                           "count": 2}])"}});
    std::size_t planned = 0;
    for (const Event& event : result.log->Events())
    {
        planned += event.reason == Reason::LinkInjectedDrop;
    }
    EXPECT_EQ(planned, 2u);
    EXPECT_EQ(result.connections.at(0).outcome, Outcome::Connected);
    EXPECT_GE(result.connections.at(0).retransmissions, 1u);
}

TEST(Simulation, ASmallPathMtuFragmentsAndStillConnects)
{
    const RunResult result =
        Simulate("xp-behind-home-nat",
                 {{"/links/access/mtu", "300 bytes"},
                  {"/traffic", R"({"ping": {"kind": "ping", "connection": "vpn",
                                                            "count": 2, "size": "1200 bytes"}})"}});
    EXPECT_EQ(result.connections.at(0).outcome, Outcome::Connected);
    EXPECT_EQ(result.traffic.at(0).arrived, 2u);
    EXPECT_GT(Count(result, EventType::PacketFragmented), 0u);
    EXPECT_GT(Count(result, EventType::PacketReassembled), 0u);
}

TEST(Simulation, OneClientWithoutTheUpdatePassesANatThatTranslatesEsp)
{
    const RunResult result = Simulate(
        "xp-before-update", {{"/boxes/home/nat", R"({"preset": "home-router-passthrough"})"}});
    EXPECT_EQ(result.connections.at(0).outcome, Outcome::Connected);
    EXPECT_EQ(result.connections.at(0).encapsulation, "esp");
}

TEST(Simulation, ACollisionOfSelectorsIsNamedWhateverTheServerDoesAboutIt)
{
    const RunResult refused =
        Simulate("two-clients-one-nat", {{"/hosts/server/ike/selectorCollision", "refuse"}});
    EXPECT_EQ(refused.connections.at(1).outcome, Outcome::Failed);
    EXPECT_EQ(refused.connections.at(1).cause.reason, Reason::IkeSelectorCollision);
    EXPECT_EQ(refused.connections.at(1).cause.box, "server");
    const RunResult newest = Simulate(
        "two-clients-one-nat",
        {{"/hosts/server/ipsec/outboundSa", "newest-for-address"}, {"/duration", "200 s"}});
    EXPECT_EQ(newest.connections.at(0).outcome, Outcome::Lost);
    EXPECT_EQ(newest.connections.at(0).cause.reason, Reason::IkeSelectorCollision);
    EXPECT_EQ(newest.connections.at(0).cause.box, "server");
}

TEST(Simulation, TrafficOfAConnectionThatFailedSaysSo)
{
    const RunResult result = Simulate(
        "closed-udp-500", {{"/traffic", R"({"ping": {"kind": "ping", "connection": "vpn"}})"}});
    EXPECT_EQ(result.traffic.at(0).arrived, 0u);
    EXPECT_EQ(result.traffic.at(0).cause.reason, Reason::DataNoConnection);
}

TEST(Simulation, ClearL2tpIsLoud)
{
    const RunResult result = Simulate(
        "no-nat", {{"/hosts/client/ipsec/l2tp", "clear"}, {"/hosts/server/ipsec/l2tp", "clear"}});
    EXPECT_EQ(result.connections.at(0).outcome, Outcome::Connected);
    EXPECT_TRUE(result.connections.at(0).clearText);
}

TEST(Simulation, NamesThatAreNotThereAreRefused)
{
    Simulation simulation(Load("no-nat", {}));
    EXPECT_THROW(simulation.GetNode("nobody"), std::out_of_range);
    EXPECT_THROW(simulation.GetBox("client"), std::out_of_range);
    EXPECT_THROW(simulation.GetHost("isp"), std::out_of_range);
    EXPECT_THROW(simulation.WhenUp("nothing", {}), std::out_of_range);
}

TEST(Verdict, OfAnEmptyLogIsNotStarted)
{
    EventLog log;
    const auto verdicts = JudgeConnections(log, {{1, "c", "a", "b"}});
    ASSERT_EQ(verdicts.size(), 1u);
    EXPECT_EQ(verdicts[0].outcome, Outcome::NotStarted);
    EXPECT_FALSE(verdicts[0].stage);
    const auto traffic = JudgeTraffic(log, {{2, "t", 3, "a"}});
    EXPECT_EQ(traffic[0].arrived, 0u);
    EXPECT_EQ(traffic[0].cause.reason, Reason::RunEnded);
}

TEST(Config, EveryPresetIsUnderstoodByTheEngines)
{
    scenario::LoadOptions options;
    for (const scenario::PresetInfo& preset : scenario::ListPresets(options))
    {
        const std::string pointer = preset.kind == "systems"     ? "/hosts/client/system"
                                    : preset.kind == "nat"       ? "/boxes/home/nat/preset"
                                    : preset.kind == "firewalls" ? "/boxes/home/firewall/preset"
                                                                 : "/links/access/preset";
        if (preset.name == "plain-host")
        {
            continue; // cannot dial
        }
        EXPECT_NO_THROW(Simulate("xp-behind-home-nat", {{pointer, preset.name}})) << preset.name;
    }
}
