// SPDX-License-Identifier: GPL-2.0-only
/**
 * \file
 * The command as its users run it: exit statuses, outputs, messages.
 */
#include <nlohmann/json.hpp>

#include <array>
#include <cstdio>
#include <filesystem>
#include <fstream>
#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <sstream>
#include <sys/wait.h>
#include <unistd.h>

using ::testing::HasSubstr;
using ::testing::Not;

namespace
{

struct Result
{
    int status;
    std::string out; //!< standard output
    std::string err; //!< standard error
};

class Cli : public ::testing::Test
{
  protected:
    Cli()
        : m_folder(std::filesystem::path(testing::TempDir()) /
                   ("nattlab-cli-" + std::to_string(::getpid())))
    {
        std::filesystem::create_directories(m_folder);
    }

    ~Cli() override
    {
        std::filesystem::remove_all(m_folder);
    }

    Result Nattlab(const std::string& arguments) const
    {
        const std::filesystem::path errors = m_folder / "errors";
        const std::string command = "'" + std::string(NATTLAB_COMMAND) + "' " + arguments + " 2>'" +
                                    errors.string() + "' </dev/null";
        FILE* pipe = ::popen(command.c_str(), "r");
        Result run{-1, {}, {}};
        std::array<char, 4096> part;
        while (pipe && std::fgets(part.data(), part.size(), pipe))
        {
            run.out += part.data();
        }
        const int status = ::pclose(pipe);
        run.status = WIFEXITED(status) ? WEXITSTATUS(status) : -1;
        run.err = Read(errors);
        return run;
    }

    static std::string Read(const std::filesystem::path& path)
    {
        std::ostringstream text;
        text << std::ifstream(path, std::ios::binary).rdbuf();
        return text.str();
    }

    static std::string Article(const std::string& name)
    {
        return "'" + std::string(NATTLAB_SOURCE_DIR) + "/scenarios/article/" + name + ".json'";
    }

    std::filesystem::path m_folder;
};

} // namespace

TEST_F(Cli, EndsWithZeroWhenAllIsAsExpected)
{
    const Result run = Nattlab("run " + Article("no-nat"));
    EXPECT_EQ(run.status, 0) << run.err;
    EXPECT_THAT(run.out, HasSubstr("connected"));
    EXPECT_THAT(run.out, HasSubstr("Everything is as the scenario expects."));
    EXPECT_THAT(run.err, ::testing::IsEmpty());
}

TEST_F(Cli, EndsWithOneWhenSomethingIsNot)
{
    const Result run =
        Nattlab("run " + Article("no-nat") + " --set '/connections/vpn/password=something else'");
    EXPECT_EQ(run.status, 1);
    EXPECT_THAT(run.out, HasSubstr("ppp.auth-failed"));
    EXPECT_THAT(run.out, HasSubstr("Not as expected:"));
}

TEST_F(Cli, EndsWithTwoForBadInputAndNamesThePlace)
{
    EXPECT_EQ(Nattlab("run /nowhere/at-all.json").status, 2);
    EXPECT_THAT(Nattlab("run /nowhere/at-all.json").err, HasSubstr("/nowhere/at-all.json"));
    const Result unknown = Nattlab("run " + Article("no-nat") + " --set /hosts/client/sistem=x");
    EXPECT_EQ(unknown.status, 2);
    EXPECT_THAT(unknown.err, HasSubstr("/hosts/client/sistem"));
    EXPECT_THAT(unknown.err, HasSubstr("system"));
    EXPECT_THAT(unknown.out, ::testing::IsEmpty());
}

TEST_F(Cli, EndsWithTwoForABadCommandLine)
{
    for (const char* arguments : {"",
                                  "fly",
                                  "run",
                                  "run --no-such x.json",
                                  "list bananas",
                                  "run x.json --seed minus",
                                  "run x.json --timeline many"})
    {
        const Result run = Nattlab(arguments);
        EXPECT_EQ(run.status, 2) << arguments;
        EXPECT_FALSE(run.err.empty()) << arguments;
    }
    EXPECT_THAT(Nattlab("run " + Article("no-nat") + " --set nonsense").err,
                HasSubstr("POINTER=VALUE"));
}

TEST_F(Cli, ExplainsItself)
{
    for (const char* arguments : {"--help", "run --help", "list --help", "validate --help"})
    {
        const Result run = Nattlab(arguments);
        EXPECT_EQ(run.status, 0) << arguments;
        EXPECT_THAT(run.out, HasSubstr("Usage:")) << arguments;
    }
    EXPECT_THAT(Nattlab("--version").out, HasSubstr("nattlab 0."));
    for (const char* option : {"--set", "--seed", "--json", "--pcap", "--events", "--timeline"})
    {
        EXPECT_THAT(Nattlab("run --help").out, HasSubstr(option));
    }
}

TEST_F(Cli, PrintsOneJsonDocument)
{
    const Result run = Nattlab("run " + Article("closed-udp-500") + " --json");
    EXPECT_EQ(run.status, 0) << run.err;
    const auto json = nlohmann::json::parse(run.out);
    EXPECT_EQ(json.at("asExpected"), true);
    const auto& connection = json.at("connections").at(0);
    EXPECT_EQ(connection.at("outcome"), "failed");
    EXPECT_EQ(connection.at("stage"), "ike-main");
    EXPECT_EQ(connection.at("reason"), "firewall.rule");
    EXPECT_EQ(connection.at("symptom"), "ike.timeout");
    EXPECT_EQ(connection.at("error").at("number"), 792);
    EXPECT_EQ(json.at("packets").at("leaked"), 0);
}

TEST_F(Cli, WritesCapturesKeysAndEvents)
{
    const std::string folder = (m_folder / "captures").string();
    const std::string events = (m_folder / "events.jsonl").string();
    const Result run = Nattlab("run " + Article("xp-behind-home-nat") + " --pcap " + folder +
                               " --events " + events);
    EXPECT_EQ(run.status, 0) << run.err;
    for (const char* name :
         {"lan.pcap", "access.pcap", "ikev1_decryption_table", "esp_sa", "preferences"})
    {
        EXPECT_GT(Read(std::filesystem::path(folder) / name).size(), 24u) << name;
    }
    std::istringstream lines(Read(events));
    std::size_t count = 0;
    for (std::string line; std::getline(lines, line); ++count)
    {
        EXPECT_TRUE(nlohmann::json::parse(line).contains("type"));
    }
    EXPECT_GT(count, 100u);
}

TEST_F(Cli, SaysWhereItCannotWrite)
{
    const Result run = Nattlab("run " + Article("no-nat") + " --events /nowhere/at/all.jsonl");
    EXPECT_NE(run.status, 0);
    EXPECT_THAT(run.err, HasSubstr("/nowhere/at/all.jsonl"));
}

TEST_F(Cli, EndsWithThreeWhenStandardOutputCannotBeWritten)
{
    const std::string scenario = Article("no-nat");
    for (const std::string& arguments : {std::string("--help"),
                                         std::string("run --help"),
                                         std::string("--version"),
                                         std::string("list"),
                                         "run " + scenario,
                                         "run --json " + scenario,
                                         "validate " + scenario,
                                         "monitor --host server " + scenario})
    {
        const Result run = Nattlab(arguments + " >/dev/full");
        EXPECT_EQ(run.status, 3) << arguments;
        EXPECT_EQ(run.err, "nattlab: standard output: cannot be written\n") << arguments;
    }
}

TEST_F(Cli, TakesOnlyWholeNumbersThatFitForASeed)
{
    for (const char* seed : {"-1", "+1", "1.5", "0x10", "99999999999999999999"})
    {
        const Result run = Nattlab("run " + Article("no-nat") + " --seed " + seed);
        EXPECT_EQ(run.status, 2) << seed;
        EXPECT_THAT(
            run.err,
            HasSubstr("--seed: expected a whole number, found \"" + std::string(seed) + "\""));
    }
    const Result run = Nattlab("run " + Article("no-nat") + " --json --seed 010");
    EXPECT_EQ(nlohmann::json::parse(run.out).at("scenario").at("seed"), 10); // and not octal
}

TEST_F(Cli, TakesAnotherSeed)
{
    const auto hash = [&](const std::string& arguments)
    {
        const Result run = Nattlab("run " + Article("no-nat") + " --json " + arguments);
        return nlohmann::json::parse(run.out).at("scenario").at("seed");
    };
    EXPECT_EQ(hash(""), 1);
    EXPECT_EQ(hash("--seed 77"), 77);
}

TEST_F(Cli, ValidatesManyFilesAndReportsEachBadOne)
{
    const std::filesystem::path bad = m_folder / "bad.json";
    std::ofstream(bad) << "{\"links\": }";
    const Result run =
        Nattlab("validate " + Article("no-nat") + " " + bad.string() + " " + Article("cgn"));
    EXPECT_EQ(run.status, 2);
    EXPECT_THAT(run.out, HasSubstr("no-nat.json: valid"));
    EXPECT_THAT(run.out, HasSubstr("cgn.json: valid"));
    EXPECT_THAT(run.err, HasSubstr("bad.json:1"));
}

TEST_F(Cli, ListsPresetsAndReasons)
{
    const Result all = Nattlab("list");
    EXPECT_EQ(all.status, 0) << all.err;
    EXPECT_THAT(all.out, HasSubstr("windows-xp-sp1-kb818043"));
    EXPECT_THAT(all.out, HasSubstr("nat.filtered"));
    EXPECT_THAT(Nattlab("list reasons").out, Not(HasSubstr("windows-xp-sp1")));
    const auto json = nlohmann::json::parse(Nattlab("list --json").out);
    EXPECT_TRUE(json.at("presets").contains("nat"));
    EXPECT_GT(json.at("reasons").size(), 50u);
}

TEST_F(Cli, EveryBrokenScenarioEndsWithTwo)
{
    std::size_t files = 0;
    for (const auto& entry : std::filesystem::directory_iterator(std::string(NATTLAB_SOURCE_DIR) +
                                                                 "/test/helper/scenario/broken"))
    {
        if (entry.path().extension() == ".json")
        {
            const Result run = Nattlab("run '" + entry.path().string() + "'");
            EXPECT_EQ(run.status, 2) << entry.path();
            EXPECT_THAT(run.err, HasSubstr(entry.path().filename().string()));
            ++files;
        }
    }
    EXPECT_GE(files, 60u);
}

TEST_F(Cli, ShowsWhatAMonitorShowsAtATimeAndAgainAndAgain)
{
    const Result once = Nattlab("monitor " + Article("no-nat") + " --host server --at '20 s'");
    EXPECT_EQ(once.status, 0) << once.err;
    EXPECT_THAT(once.out, HasSubstr("IP Security Monitor"));
    EXPECT_THAT(once.out, HasSubstr("3DES"));
    const Result often =
        Nattlab("monitor " + Article("no-nat") + " --host server --every '15 s' --json");
    EXPECT_EQ(often.status, 0) << often.err;
    const auto views = nlohmann::json::parse(often.out);
    ASSERT_GE(views.size(), 3u);
    EXPECT_EQ(views[1]["time"], 30.0);
    EXPECT_EQ(views[0]["computer"], "server");
    EXPECT_EQ(views[0]["associations"].size(), 1u);
}

TEST_F(Cli, RefusesToMonitorWhatIsNotThere)
{
    const Result unknown = Nattlab("monitor " + Article("no-nat") + " --host serve");
    EXPECT_EQ(unknown.status, 2);
    EXPECT_THAT(unknown.err, HasSubstr("did you mean \"server\"?"));
    const Result late = Nattlab("monitor " + Article("no-nat") + " --host server --at '9 d'");
    EXPECT_EQ(late.status, 2);
    EXPECT_THAT(late.err, HasSubstr("not before the end of the run"));
    const Result word = Nattlab("monitor " + Article("no-nat") + " --host server --at soon");
    EXPECT_EQ(word.status, 2);
    EXPECT_THAT(word.err, HasSubstr("found \"soon\""));
}

TEST_F(Cli, RunsIpseccmdOnAHost)
{
    const std::string file = Article("xp-behind-home-nat");
    const std::string tools = " --set /hosts/client/tools=new --host client --at '20 s'";
    const Result shown = Nattlab("ipseccmd " + file + tools + " -- show sas");
    EXPECT_EQ(shown.status, 0) << shown.err;
    EXPECT_THAT(shown.out, HasSubstr("198.51.100.10"));
    const Result wrong = Nattlab("ipseccmd " + file + tools + " -- show nonsense");
    EXPECT_EQ(wrong.status, 1);
    EXPECT_THAT(wrong.err, HasSubstr("nonsense"));
    const Result json = Nattlab("ipseccmd " + file + tools + " --json -- show sas");
    EXPECT_EQ(json.status, 0);
    EXPECT_EQ(nlohmann::json::parse(json.out)["exitCode"], 0);
    const Result none =
        Nattlab("ipseccmd " + file + " --set /hosts/client/tools=none --host client -- show sas");
    EXPECT_EQ(none.status, 1);
    EXPECT_THAT(none.err, HasSubstr("not installed"));
}

TEST_F(Cli, WritesOakleyLogsOfHostsThatLog)
{
    const std::filesystem::path folder = m_folder / "oakley";
    const Result run =
        Nattlab("run " + Article("no-nat") +
                " --set '/hosts/server/registry={\"HKLM\\\\SYSTEM\\\\CurrentControlSet\\\\Services"
                "\\\\PolicyAgent\\\\Oakley\\\\EnableLogging\": 1}' --oakley '" +
                folder.string() + "'");
    EXPECT_EQ(run.status, 0) << run.err;
    EXPECT_THAT(Read(folder / "server.log"), HasSubstr("MM1"));
    EXPECT_FALSE(std::filesystem::exists(folder / "client.log"));
}
