// SPDX-License-Identifier: GPL-2.0-only
#include "test/helper/report/shipped.h"

#include "helper/report/capture.h"
#include "helper/report/json-report.h"
#include "helper/report/text-report.h"
#include "helper/simulation/expectation.h"

#include <filesystem>
#include <fstream>
#include <gtest/gtest.h>
#include <map>
#include <set>
#include <sstream>
#include <unistd.h>

using namespace nattlab;
using nattlab::test::LoadShipped;
using nattlab::test::ShippedScenarios;

namespace
{

std::string
ReadFile(const std::filesystem::path& path)
{
    std::ifstream file(path, std::ios::binary);
    std::ostringstream text;
    text << file.rdbuf();
    return text.str();
}

/** Everything that a run writes, as bytes by file name. */
std::map<std::string, std::string>
RunToBytes(const scenario::Scenario& scenario, TraceLevel level = TraceLevel::Full)
{
    const std::filesystem::path folder =
        std::filesystem::path(testing::TempDir()) /
        ("nattlab-" + std::to_string(::getpid()) + "-" + std::to_string(scenario.seed));
    std::map<std::string, std::string> files;
    Simulation simulation(scenario, level);
    CaptureWriter captures(simulation, scenario, folder.string());
    const RunResult result = simulation.Run();
    captures.Finish(result.keys);
    for (const auto& entry : std::filesystem::directory_iterator(folder))
    {
        files[entry.path().filename().string()] = ReadFile(entry.path());
    }
    std::filesystem::remove_all(folder);
    files["report.json"] =
        MakeJsonReport(scenario, result, CheckExpectations(scenario, result)).dump(2);
    std::ostringstream events;
    WriteEvents(result, events);
    files["events.jsonl"] = events.str();
    return files;
}

class Shipped : public ::testing::TestWithParam<std::string>
{
};

} // namespace

TEST_P(Shipped, RunsAsItExpects)
{
    const scenario::Scenario scenario = LoadShipped(GetParam());
    EXPECT_FALSE(scenario.expect.Empty()) << "a shipped scenario says what it expects";
    Simulation simulation(scenario);
    const RunResult result = simulation.Run();
    for (const Surprise& s : CheckExpectations(scenario, result))
    {
        ADD_FAILURE() << s.pointer << ": expected " << s.expected << ", found " << s.found;
    }
    EXPECT_TRUE(result.leaks.empty()) << result.leaks.size() << " packets leak";
}

TEST_P(Shipped, GivesTheSameBytesTwice)
{
    const scenario::Scenario scenario = LoadShipped(GetParam());
    const auto first = RunToBytes(scenario);
    const auto second = RunToBytes(scenario);
    ASSERT_EQ(first.size(), second.size());
    for (const auto& [name, bytes] : first)
    {
        EXPECT_TRUE(second.at(name) == bytes) << name << " differs";
    }
}

TEST_P(Shipped, HasTheSameVerdictWhenOnlyTheVerdictIsRecorded)
{
    const scenario::Scenario scenario = LoadShipped(GetParam());
    EXPECT_EQ(RunToBytes(scenario, TraceLevel::Full).at("report.json"),
              RunToBytes(scenario, TraceLevel::Verdict).at("report.json"));
}

INSTANTIATE_TEST_SUITE_P(Scenarios,
                         Shipped,
                         ::testing::ValuesIn(ShippedScenarios()),
                         [](const auto& shipped)
                         { return nattlab::test::TestName(shipped.param); });

TEST(Determinism, AnotherSeedGivesOtherCookies)
{
    const auto cookies = [](const char* seed)
    {
        Simulation simulation(LoadShipped("article/no-nat", {{"/seed", seed}}));
        std::set<std::uint64_t> found;
        for (const KeyLog::Ike& row : simulation.Run().keys.ike)
        {
            found.insert(row.initiatorCookie);
        }
        return found;
    };
    const auto one = cookies("1");
    ASSERT_FALSE(one.empty());
    EXPECT_EQ(one, cookies("1"));
    EXPECT_NE(one, cookies("2"));
}

TEST(Determinism, ARunBeforeLeavesNoTrace)
{
    const scenario::Scenario scenario = LoadShipped("article/xp-behind-home-nat");
    const auto alone = RunToBytes(scenario);
    RunToBytes(LoadShipped("article/two-clients-one-nat"));
    EXPECT_TRUE(RunToBytes(scenario) == alone);
}

TEST(TextReport, NamesTheBoxTheReasonAndTheRule)
{
    const scenario::Scenario scenario = LoadShipped("article/closed-udp-500");
    Simulation simulation(scenario);
    const RunResult result = simulation.Run();
    std::ostringstream out;
    WriteTextReport(scenario, result, CheckExpectations(scenario, result), {}, out);
    ASSERT_EQ(result.connections.size(), 1u);
    const Blame& cause = result.connections[0].cause;
    EXPECT_NE(out.str().find(scenario.title), std::string::npos);
    EXPECT_NE(out.str().find("firewall.rule at " + cause.box), std::string::npos) << out.str();
    EXPECT_NE(out.str().find(cause.rule), std::string::npos);
    EXPECT_NE(out.str().find("error 792"), std::string::npos);
    EXPECT_EQ(out.str().find('\033'), std::string::npos) << "no colours unless asked for";
}

TEST(TextReport, ManyConnectionsAreNoWallOfText)
{
    const scenario::Scenario scenario = LoadShipped("article/two-clients-one-nat");
    Simulation simulation(scenario);
    const RunResult result = simulation.Run();
    TextStyle style;
    std::ostringstream whole;
    WriteTextReport(scenario, result, {}, style, whole);
    EXPECT_NE(whole.str().find("Exchange of vpn-2"), std::string::npos);
    EXPECT_NE(whole.str().find("ike-main"), std::string::npos);
    style.timelineMost = 1;
    style.detailMost = 1;
    std::ostringstream brief;
    WriteTextReport(scenario, result, {}, style, brief);
    EXPECT_EQ(brief.str().find("Exchange of"), std::string::npos);
    EXPECT_EQ(brief.str().find("ike-main"), std::string::npos);
    EXPECT_NE(brief.str().find("vpn-2"), std::string::npos);
}

TEST(Expectations, EveryDifferenceIsToldWithItsPlace)
{
    scenario::Scenario scenario = LoadShipped("article/no-nat");
    ASSERT_FALSE(scenario.expect.connections.empty());
    scenario::ExpectConnection& e = scenario.expect.connections[0];
    e.outcome = scenario::Outcome::Failed;
    e.stage = "l2tp";
    e.error = 678;
    e.group = 5;
    e.encapsulation = "udp";
    e.within = microseconds{1};
    scenario::Sighting ike;
    ike.link = scenario.links[0].name;
    ike.protocol = IP_UDP;
    ike.port = 500;
    ike.pointer = "/expect/never/0";
    scenario.expect.never.push_back(ike);
    ike.port = 1701;
    ike.pointer = "/expect/seen/0";
    scenario.expect.seen.push_back(ike);
    Simulation simulation(scenario);
    const RunResult result = simulation.Run();
    std::set<std::string> places;
    for (const Surprise& s : CheckExpectations(scenario, result))
    {
        places.insert(s.pointer);
    }
    for (const char* key : {"outcome", "stage", "error", "group", "encapsulation", "within"})
    {
        EXPECT_EQ(places.count(e.pointer + "/" + key), 1u) << key;
    }
    EXPECT_EQ(places.count("/expect/never/0"), 1u);
    EXPECT_EQ(places.count("/expect/seen/0"), 1u);
}
