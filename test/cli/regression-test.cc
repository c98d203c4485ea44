// SPDX-License-Identifier: GPL-2.0-only
/**
 * \file
 * `nattlab test` and `nattlab accept` as their users run them.
 */
#include "test/cli/command-test.h"

#include <nlohmann/json.hpp>

#include <algorithm>
#include <array>
#include <cstdio>
#include <filesystem>
#include <fstream>
#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <iterator>
#include <sstream>
#include <string>
#include <sys/wait.h>
#include <unistd.h>

using ::testing::EndsWith;
using ::testing::HasSubstr;
using ::testing::IsEmpty;
using ::testing::Not;

namespace
{

class Regression : public nattlab::test::CommandTest
{
  protected:
    Regression()
    {
        std::filesystem::create_directories(m_folder / "set");
    }

    /** Copy a shipped scenario into set/, with one text in place of another. */
    void Ship(const std::string& name, const std::string& from = "", const std::string& to = "")
    {
        std::ostringstream text;
        text << std::ifstream(std::string(NATTLAB_SOURCE_DIR) + "/scenarios/article/" + name +
                              ".json")
                    .rdbuf();
        std::string changed = text.str();
        if (!from.empty())
        {
            ASSERT_NE(changed.find(from), std::string::npos);
            changed.replace(changed.find(from), from.size(), to);
        }
        Write("set/" + name + ".json", changed);
    }

    /** \return how many entries a folder has. */
    std::ptrdiff_t Entries(const std::string& folder) const
    {
        const std::filesystem::directory_iterator entries(m_folder / folder);
        return std::distance(begin(entries), end(entries));
    }
};

} // namespace

TEST_F(Regression, EndsWithZeroWhenAllIsAsExpected)
{
    Ship("no-nat");
    Ship("closed-udp-500");
    EXPECT_EQ(Nattlab("test set"), 0) << m_out;
    EXPECT_EQ(m_out, "2 scenarios: 2 as expected\n");
    EXPECT_THAT(m_err, IsEmpty()); // no progress bar without a terminal
}

TEST_F(Regression, TellsFilePointerExpectedFoundAndVerdictOfAFailure)
{
    Ship("no-nat");
    Ship("closed-udp-500", "\"rule\": \"", "\"rule\": \"other-");
    EXPECT_EQ(Nattlab("test set"), 1);
    EXPECT_THAT(m_out, HasSubstr("not as expected  set/closed-udp-500.json\n"));
    EXPECT_THAT(m_out, HasSubstr("/expect/connections/vpn/rule: expected other-"));
    EXPECT_THAT(m_out, HasSubstr("vpn: failed at ike-main: firewall.rule at isp, rule \""));
    EXPECT_THAT(m_out, EndsWith("2 scenarios: 1 as expected, 1 not as expected\n"));
}

TEST_F(Regression, ABadScenarioIsAnErrorAndTheOthersRun)
{
    Ship("no-nat");
    Write("set/broken.json", "{\"links\": ");
    EXPECT_EQ(Nattlab("test set --junit junit.xml"), 2);
    EXPECT_THAT(m_out, HasSubstr("set/broken.json:1"));
    EXPECT_THAT(m_out, HasSubstr("2 scenarios: 1 as expected, 1 error"));
    EXPECT_THAT(Read("junit.xml"), HasSubstr("<error type=\"bad-input\""));
}

TEST_F(Regression, EndsWithTwoWithoutScenariosOrForABadCommandLine)
{
    Ship("no-nat");
    for (const char* arguments : {"test",
                                  "test set --filter nowhere",
                                  "test set -j 0",
                                  "test set -j many",
                                  "test set --changed-only missing.json",
                                  "test missing.json",
                                  "accept",
                                  "accept missing.json"})
    {
        EXPECT_EQ(Nattlab(arguments), 2) << arguments;
        EXPECT_FALSE(m_err.empty() && m_out.empty()) << arguments;
    }
    Nattlab("test set --tag nowhere");
    EXPECT_THAT(m_err, HasSubstr("no scenario found"));
}

TEST_F(Regression, WritesTheSameFilesWithAnyNumberOfWorkers)
{
    Ship("no-nat");
    Ship("closed-udp-500");
    Ship("closed-udp-4500-nat", "\"outcome\": \"failed\"", "\"outcome\": \"lost\"");
    Write("set/broken.json", "{");
    EXPECT_EQ(Nattlab("test set -j 1 --json one.json --junit one.xml"), 2);
    const std::string out = m_out;
    EXPECT_EQ(Nattlab("test set -j 3 --json many.json --junit many.xml"), 2);
    EXPECT_EQ(m_out, out);
    EXPECT_EQ(Read("one.json"), Read("many.json"));
    EXPECT_EQ(Read("one.xml"), Read("many.xml"));
    const auto json = nlohmann::json::parse(Read("one.json"));
    EXPECT_EQ(json.at("totals").at("scenarios"), 4);
    EXPECT_EQ(json.at("scenarios").at(0).at("file"), "set/broken.json");
    EXPECT_EQ(json.at("scenarios").at(3).at("asExpected"), true);
    EXPECT_EQ(json.at("scenarios").at(3).at("hash").get<std::string>().size(), 64u);
}

TEST_F(Regression, FiltersByTextAndTag)
{
    Ship("no-nat");
    Ship("closed-udp-500");
    EXPECT_EQ(Nattlab("test set --filter closed"), 0);
    EXPECT_THAT(m_out, HasSubstr("1 scenario:"));
    EXPECT_EQ(Nattlab("test set --tag A14"), 0);
    EXPECT_THAT(m_out, HasSubstr("1 scenario:"));
}

TEST_F(Regression, ShowsOnlyWhatChanged)
{
    Ship("no-nat");
    Ship("closed-udp-500");
    EXPECT_EQ(Nattlab("test set --json old.json"), 0);
    EXPECT_EQ(Nattlab("test set --changed-only old.json"), 0);
    EXPECT_THAT(m_out, EndsWith("0 of 2 changed; 2 scenarios: 2 as expected\n"));
    Ship("closed-udp-500", "\"action\": \"drop\"", "\"action\": \"accept\"");
    EXPECT_EQ(Nattlab("test set --changed-only old.json --json old.json"), 1);
    EXPECT_THAT(m_out, HasSubstr("changed  set/closed-udp-500.json\n  - as expected\n"));
    EXPECT_THAT(m_out, HasSubstr("  + vpn: connected"));
    EXPECT_THAT(m_out, Not(HasSubstr("no-nat")));
}

TEST_F(Regression, AcceptsWhatCameOfAScenario)
{
    Ship("no-nat");
    Ship("closed-udp-500", "\"action\": \"drop\"", "\"action\": \"accept\"");
    const std::string same = Read("set/no-nat.json");
    const std::string before = Read("set/closed-udp-500.json");
    EXPECT_EQ(Nattlab("accept --dry-run set"), 0) << m_err;
    EXPECT_THAT(m_out, HasSubstr("/expect/connections/vpn/outcome: \"failed\" -> \"connected\""));
    EXPECT_THAT(m_out, HasSubstr("1 of 2 files would change"));
    EXPECT_EQ(Read("set/closed-udp-500.json"), before);

    EXPECT_EQ(Nattlab("accept set"), 0) << m_err;
    EXPECT_THAT(m_out, HasSubstr("1 of 2 files changed"));
    EXPECT_EQ(Read("set/no-nat.json"), same);
    const std::string after = Read("set/closed-udp-500.json");
    EXPECT_EQ(after.substr(0, after.find("\"expect\"")),
              before.substr(0, before.find("\"expect\"")));
    EXPECT_EQ(Nattlab("test set"), 0) << m_out;
    EXPECT_EQ(Nattlab("accept set"), 0);
    EXPECT_THAT(m_out, HasSubstr("0 of 2 files changed"));
}

TEST_F(Regression, SaysWhatCannotBeAccepted)
{
    Ship("closed-udp-500", "\"title\"", "\"duration\": \"5 s\",\n  \"title\"");
    EXPECT_EQ(Nattlab("accept set"), 1);
    EXPECT_THAT(m_out, HasSubstr("not accepted: /connections/vpn: trying when the run ended"));
    Write("set/broken.json", "{");
    EXPECT_EQ(Nattlab("accept set"), 2);
    EXPECT_THAT(m_out, HasSubstr("not accepted: set/broken.json:1"));
}

TEST_F(Regression, AFileThatCannotBeAcceptedKeepsItsBytesAndTheOthersAreAccepted)
{
    Ship("closed-udp-500", "\"action\": \"drop\"", "\"action\": \"accept\"");
    const std::string before = Read("set/closed-udp-500.json");
    const std::string large = before + std::string(100000, '\n');
    Write("set/a.json", large);
    EXPECT_EQ(NattlabWithinBlocks(32, "accept set"), 3) << m_err;
    EXPECT_EQ(Read("set/a.json"), large);
    EXPECT_NE(Read("set/closed-udp-500.json"), before);
    EXPECT_EQ(Entries("set"), 2);
    const std::string change = "  /expect/connections/vpn/outcome: \"failed\" -> \"connected\"\n";
    const std::size_t refused = m_out.find("  not accepted: set/a.json: cannot be written: ");
    EXPECT_LT(m_out.find(change), refused); // what would have changed is shown, then the refusal
    EXPECT_LT(refused, m_out.find("set/closed-udp-500.json\n" + change));
    EXPECT_THAT(m_out, EndsWith("1 of 2 files changed\n"));
}

TEST_F(Regression, AcceptsThroughALinkAndKeepsTheMode)
{
    namespace fs = std::filesystem;
    Ship("closed-udp-500", "\"action\": \"drop\"", "\"action\": \"accept\"");
    fs::rename(m_folder / "set/closed-udp-500.json", m_folder / "real.json");
    fs::permissions(m_folder / "real.json", fs::perms{0640});
    fs::create_symlink("../real.json", m_folder / "set/link.json");
    EXPECT_EQ(Nattlab("accept set"), 0) << m_out << m_err;
    EXPECT_TRUE(fs::is_symlink(m_folder / "set/link.json"));
    EXPECT_EQ(fs::status(m_folder / "real.json").permissions(), fs::perms{0640});
    EXPECT_EQ(Nattlab("test real.json"), 0) << m_out;
}

TEST_F(Regression, AReportThatCannotBeWrittenLeavesTheEarlierOne)
{
    Ship("no-nat");
    for (const char name : {'a', 'b', 'c', 'd', 'e'})
    {
        Write("set/" + std::string(200, name) + ".json", Read("set/no-nat.json"));
    }
    ASSERT_EQ(Nattlab("test set --json old.json --junit old.xml"), 0) << m_err;
    const std::string json = Read("old.json");
    const std::string junit = Read("old.xml");
    ASSERT_GT(std::min(json.size(), junit.size()), 1024u);
    EXPECT_EQ(NattlabWithinBlocks(1, "test set --changed-only old.json --json old.json"), 3);
    EXPECT_THAT(m_out, HasSubstr("0 of 6 changed"));
    EXPECT_THAT(m_err, HasSubstr("nattlab: old.json: cannot be written: "));
    EXPECT_EQ(Read("old.json"), json);
    EXPECT_EQ(NattlabWithinBlocks(1, "test set --junit old.xml"), 3);
    EXPECT_THAT(m_err, HasSubstr("nattlab: old.xml: cannot be written: "));
    EXPECT_EQ(Read("old.xml"), junit);
    EXPECT_EQ(Entries(""), 5); // set, the reports, out and err
}

TEST_F(Regression, EndsWithThreeWhenStandardOutputCannotBeWritten)
{
    Ship("no-nat");
    for (const char* arguments : {"test set", "accept set", "accept --dry-run set"})
    {
        EXPECT_EQ(NattlabOntoAFullDisk(arguments), 3) << arguments;
        EXPECT_EQ(m_err, "nattlab: standard output: cannot be written\n") << arguments;
    }
}

TEST_F(Regression, WritesAReportToStandardOutput)
{
    Ship("no-nat");
    EXPECT_EQ(Shell(CommandLine("test set --json /dev/stdout") + " 2>err | cat >out"), 0);
    EXPECT_THAT(m_out, HasSubstr("\"status\": \"as expected\""));
}

TEST_F(Regression, SaysWhatIsWrongWithAnEarlierReport)
{
    Ship("no-nat");
    Write("old.json", "{\n  \"scenarios\": [}");
    EXPECT_EQ(Nattlab("test set --changed-only old.json"), 2);
    EXPECT_THAT(m_err, HasSubstr("--changed-only: old.json:2:17: not valid JSON: syntax error"));
    EXPECT_THAT(m_err, Not(HasSubstr("json.exception")));
}

TEST_F(Regression, ALinkThatLeadsNowhereIsAnError)
{
    Ship("no-nat");
    std::filesystem::create_symlink("gone.json", m_folder / "set/link.json");
    EXPECT_EQ(Nattlab("test set"), 2);
    EXPECT_THAT(m_out, HasSubstr("set/link.json"));
    EXPECT_THAT(m_out, EndsWith("2 scenarios: 1 as expected, 1 error\n"));
}
