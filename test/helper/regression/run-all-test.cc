// SPDX-License-Identifier: GPL-2.0-only
#include "test/helper/regression/scratch.h"

#include "helper/regression/run-scenario.h"
#include "helper/regression/run-all.h"

#include <csignal>
#include <cstdlib>
#include <gmock/gmock.h>
#include <stdexcept>
#include <string>
#include <sys/wait.h>
#include <thread>
#include <unistd.h>

using namespace nattlab;
using namespace nattlab::regression;
using ::testing::HasSubstr;

namespace
{

/** Does what the name of the file says. */
TestResult
Obey(const std::string& file)
{
    if (file == "kill")
    {
        ::raise(SIGKILL);
    }
    if (file == "exit")
    {
        ::_exit(7);
    }
    if (file == "slow")
    {
        std::this_thread::sleep_for(std::chrono::milliseconds(50));
    }
    TestResult result;
    result.status = Status::AsExpected;
    result.title = file == "large" ? std::string(1000000, 'x') : "ran " + file;
    return result;
}

} // namespace

TEST(RunAll, KeepsTheOrderOfTheFilesWhateverEndsFirst)
{
    const std::vector<std::string> files{"slow", "b", "c", "d", "slow", "f"};
    for (const std::size_t workers : {1, 2, 3, 20})
    {
        std::size_t told = 0;
        const auto results = RunAll(files, workers, Obey, [&](const TestResult&) { ++told; });
        ASSERT_EQ(results.size(), files.size());
        for (std::size_t i = 0; i < files.size(); ++i)
        {
            EXPECT_EQ(results[i].file, files[i]);
            EXPECT_EQ(results[i].title, "ran " + files[i]);
        }
        EXPECT_EQ(told, files.size());
    }
}

TEST(RunAll, LosesNothingButTheScenarioThatKilledItsWorker)
{
    const std::vector<std::string> files{"a", "kill", "b", "exit", "kill", "c", "d"};
    for (const std::size_t workers : {1, 2, 7})
    {
        const auto results = RunAll(files, workers, Obey);
        ASSERT_EQ(results.size(), files.size());
        for (const TestResult& result : results)
        {
            const bool dies = result.file == "kill" || result.file == "exit";
            EXPECT_EQ(result.status, dies ? Status::Fault : Status::AsExpected) << result.file;
        }
        EXPECT_THAT(results[1].problem, HasSubstr("signal 9"));
        EXPECT_THAT(results[3].problem, HasSubstr("exit status 7"));
    }
}

TEST(RunAll, PassesLargeResultsOn)
{
    EXPECT_EQ(RunAll({"large", "large"}, 2, Obey)[1].title.size(), 1000000u);
}

TEST(RunAll, LeavesNoProcessBehind)
{
    RunAll({"a", "kill", "b"}, 3, Obey);
    EXPECT_EQ(::waitpid(-1, nullptr, WNOHANG), -1);
    EXPECT_EQ(errno, ECHILD);
}

TEST(RunAll, HasNothingToDoWithoutFiles)
{
    EXPECT_TRUE(RunAll({}, 4, Obey).empty());
}

class RunScenarios : public test::Scratch
{
};

TEST_F(RunScenarios, GivesTheSameBytesWithAnyNumberOfWorkers)
{
    const std::vector<std::string> files{
        Write("good.json", test::SmallScenario()),
        Write("password.json", test::SmallScenario("wrong")),
        Write("broken.json", "{"),
        Write("same.json", test::SmallScenario()),
        (m_folder / "missing.json").string(),
    };
    const auto one = RunAll(files, 1, RunScenario);
    ASSERT_EQ(one.size(), 5u);
    EXPECT_EQ(one[0].status, Status::AsExpected);
    EXPECT_EQ(one[1].status, Status::NotAsExpected);
    EXPECT_EQ(one[2].status, Status::BadInput);
    EXPECT_THAT(one[2].problem, HasSubstr("broken.json:1"));
    EXPECT_EQ(one[4].status, Status::BadInput);
    EXPECT_EQ(one[0].hash, one[3].hash);
    EXPECT_EQ(one[1].connections.at(0).reason, "ppp.auth-failed");
    EXPECT_EQ(one[1].connections.at(0).box, "server");
    EXPECT_EQ(WorstOf(one), Status::BadInput);
    EXPECT_EQ(MakeTestReport(one).dump(), MakeTestReport(RunAll(files, 4, RunScenario)).dump());
}
