// SPDX-License-Identifier: GPL-2.0-only
#include "helper/regression/find-scenarios.h"
#include "helper/regression/run-scenario.h"
#include "helper/regression/summary.h"
#include "helper/regression/run-all.h"
#include "helper/scenario/load.h"

#include <filesystem>
#include <fstream>
#include <gmock/gmock.h>
#include <sstream>

using namespace nattlab;
using namespace nattlab::regression;

namespace
{

const std::string FOLDER = std::string(NATTLAB_SOURCE_DIR) + "/scenarios/regressions";

using Overrides = std::vector<std::pair<std::string, std::string>>;

const std::string RULES = "/boxes/office/firewall/rules/";
const std::string FORWARDS = "/boxes/office/nat/forwards/";

/** How each slip is mended, as the description of its scenario says. */
const std::vector<std::pair<std::string, Overrides>> MENDS{
    {"deny-before-allow",
     {{RULES + "-", R"({"name": "deny-new", "action": "drop", "states": ["new"]})"},
      {RULES + "2", R"({"name": "before", "action": "accept", "protocol": "udp"})"}}},
    {"forward-4500-to-wrong-host", {{FORWARDS + "1/inside", "192.168.2.10"}}},
    {"forward-500-alone",
     {{FORWARDS + "-", R"({"protocol": "udp", "externalPort": 4500, "inside": "192.168.2.10"})"}}},
    {"fragments-dropped-certificates",
     {{RULES + "0", R"({"name": "udp-fragments", "action": "accept", "protocol": "udp",
                        "fragment": "fragment"})"}}},
    {"guest-network-web-only",
     {{"/boxes/home/firewall/rules/-",
       R"({"name": "ike", "action": "accept", "protocol": "udp", "inInterface": "inside",
           "destinationPorts": [500, 4500]})"}}},
    {"no-rule-for-esp",
     {{RULES + "-", R"({"name": "esp", "action": "accept", "protocol": "esp"})"}}},
    {"protocol-50-only-outbound", {{RULES + "3/action", "accept"}}},
    {"server-side-output-forgets-4500",
     {{RULES + "-", R"({"name": "nat-t-answers", "action": "accept", "inInterface": "inside",
                        "protocol": "udp", "sourcePorts": [4500]})"}}},
    {"source-is-private-address",
     {{RULES + "2/source", R"(["203.0.113.2/32"])"},
      {RULES + "3/source", R"(["203.0.113.2/32"])"},
      {RULES + "4/source", R"(["203.0.113.2/32"])"}}},
    {"tcp-4500-instead-of-udp", {{RULES + "3/protocol", "udp"}}},
    {"udp-1701-open-to-the-world", {{RULES + "5/action", "drop"}}},
    {"udp-4500-from-4500-only", {{RULES + "3/sourcePorts", R"(["1-65535"])"}}},
    {"udp-500-from-500-only", {{RULES + "2/sourcePorts", R"(["1-65535"])"}}},
    {"udp-state-shorter-than-keepalive",
     {{"/boxes/home/firewall/timeouts/udpOneWay", "30 s"},
      {"/boxes/home/firewall/timeouts/udpStream", "30 s"}}},
};

} // namespace

TEST(ShippedRegressions, ConnectOnceTheSlipIsMended)
{
    EXPECT_EQ(MENDS.size(), FindScenarios({FOLDER}).size());
    for (const auto& [name, mend] : MENDS)
    {
        Overrides overrides = mend;
        overrides.emplace_back("/expect", "{}");
        const scenario::Scenario scenario =
            scenario::Load({FOLDER + "/" + name + ".json", overrides, {}, {}, {}});
        Simulation simulation(scenario);
        const TestResult result = Judge(scenario, simulation.Run());
        EXPECT_EQ(result.status, Status::AsExpected) << name << "\n"
                                                     << ::testing::PrintToString(Explain(result));
        for (const TrafficResult& traffic : result.traffic)
        {
            const bool probe = traffic.name == "probe-l2tp"; // a stranger's
            EXPECT_EQ(traffic.arrived, probe ? 0 : traffic.expected) << name;
        }
    }
}

TEST(ShippedRegressions, AreAsExpectedAndSayWhoIsToBlame)
{
    const auto files = Select(FindScenarios({FOLDER}), {"", {"port-policy"}});
    EXPECT_GE(files.size(), 10u);
    std::size_t blamed = 0;
    for (const TestResult& result : RunAll(files, 2, RunScenario))
    {
        EXPECT_EQ(result.status, Status::AsExpected) << result.file << "\n"
                                                     << ::testing::PrintToString(Explain(result));
        const scenario::Scenario scenario = scenario::Load({result.file, {}, {}, {}, {}});
        EXPECT_FALSE(scenario.description.empty()) << result.file;
        for (const scenario::ExpectConnection& e : scenario.expect.connections)
        {
            EXPECT_EQ(*e.outcome == scenario::Outcome::Failed, e.reason && e.box) << result.file;
            blamed += e.rule.has_value();
        }
    }
    EXPECT_GE(blamed, 10u);
}

TEST(ShippedRegressions, AreAllInTheReadme)
{
    std::ostringstream text;
    text << std::ifstream(FOLDER + "/README.md").rdbuf();
    for (const FoundScenario& found : FindScenarios({FOLDER}))
    {
        const std::string name = std::filesystem::path(found.file).stem().string();
        EXPECT_THAT(
            text.str(),
            ::testing::HasSubstr("| [" + name + "](" + name + ".json) | " + found.title + " |"));
    }
}
