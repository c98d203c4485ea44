// SPDX-License-Identifier: GPL-2.0-only
#include "test/helper/sweep/small-sweep.h"

#include "helper/store/merge.h"
#include "helper/sweep/run-sweep.h"

#include "model/crypto/random.h"

#include <csignal>
#include <fstream>
#include <gmock/gmock.h>
#include <set>
#include <string>
#include <sys/wait.h>
#include <unistd.h>

using namespace nattlab;
using namespace nattlab::sweep;
using ::testing::HasSubstr;

namespace
{

SweepOptions
Options(const std::string& directory, std::size_t workers = 1)
{
    SweepOptions options;
    options.directory = directory;
    options.workers = workers;
    options.command = "nattlab sweep small-sweep.json";
    return options;
}

/** \return the processes whose parent is \p parent. */
std::vector<pid_t>
ChildrenOf(pid_t parent)
{
    const std::string pid = std::to_string(parent);
    std::ifstream file("/proc/" + pid + "/task/" + pid + "/children");
    std::vector<pid_t> children;
    for (pid_t child = 0; file >> child;)
    {
        children.push_back(child);
    }
    return children;
}

/** \return whether a child has not ended; it can still be waited for. */
bool
IsRunning(pid_t child)
{
    siginfo_t ended{};
    return ::waitid(P_PID, static_cast<id_t>(child), &ended, WEXITED | WNOHANG | WNOWAIT) == 0 &&
           ended.si_pid == 0;
}

} // namespace

using RunSweepTest = test::SmallSweep;

TEST_F(RunSweepTest, KeepsWhatBecameOfEveryPoint)
{
    const Plan plan = MakePlan();
    ASSERT_EQ(plan.Size(), 24u);
    const Progress progress = RunSweep(plan, Load(), Options(Folder("r")));
    EXPECT_EQ(progress.done, 24u);
    EXPECT_EQ(progress.ran, 24u);
    EXPECT_EQ(progress.invalid + progress.faults, 0u);
    EXPECT_FALSE(progress.stopped);

    const store::Reader reader(Folder("r"));
    EXPECT_EQ(reader.PointCount(), 24u);
    const auto first = reader.Find(1);
    ASSERT_TRUE(first);
    EXPECT_EQ(first->connections.at(0).verdict, "connected");
    EXPECT_GT(first->connections.at(0).timeToSettle, 0.1);
    EXPECT_TRUE(first->connections.at(0).timeIkeMain);
    EXPECT_TRUE(first->connections.at(0).timePpp);
    EXPECT_EQ(first->traffic.at(0).arrived, 2u);
    const auto wrong = reader.Find(13);
    ASSERT_TRUE(wrong);
    EXPECT_EQ(wrong->connections.at(0).reason, "ppp.auth-failed");
    EXPECT_EQ(wrong->connections.at(0).box, "server");
    EXPECT_FALSE(wrong->connections.at(0).timePpp);
    const auto dead = reader.Find(10);
    ASSERT_TRUE(dead);
    EXPECT_EQ(dead->connections.at(0).reason, "link.loss");
    ASSERT_EQ(dead->connections.at(0).drops.size(), 1u);
    EXPECT_EQ(dead->connections.at(0).drops[0].first, "link.loss");
    EXPECT_GT(dead->connections.at(0).drops[0].second, 3u);
}

TEST_F(RunSweepTest, ExportsTheSameBytesWithAnyWorkersAndOrder)
{
    const Plan plan = MakePlan();
    RunSweep(plan, Load(), Options(Folder("one")));
    const std::string one = Exports("one");
    EXPECT_THAT(one, HasSubstr("connected"));
    for (const std::size_t workers : {2, 7})
    {
        const std::string name = "workers-" + std::to_string(workers);
        RunSweep(plan, Load(), Options(Folder(name), workers));
        EXPECT_EQ(Exports(name), one);
    }
    SweepOptions shuffled = Options(Folder("shuffled"), 2);
    shuffled.shuffle = 5;
    RunSweep(plan, Load(), shuffled);
    EXPECT_EQ(Exports("shuffled"), one);
}

TEST_F(RunSweepTest, ExportsTheSameBytesFromShards)
{
    const Plan plan = MakePlan();
    RunSweep(plan, Load(), Options(Folder("one")));
    std::vector<std::string> parts;
    std::uint64_t points = 0;
    for (std::uint64_t shard = 1; shard <= 3; ++shard)
    {
        parts.insert(parts.begin(), Folder("part-" + std::to_string(shard)));
        SweepOptions options = Options(parts.front(), 2);
        options.shard = shard;
        options.shards = 3;
        points += RunSweep(plan, Load(), options).done;
    }
    EXPECT_EQ(points, 24u);
    store::Merge(parts, Folder("merged"));
    EXPECT_EQ(Exports("merged"), Exports("one"));
}

TEST_F(RunSweepTest, GoesOnWhereItWasStopped)
{
    const Plan plan = MakePlan();
    RunSweep(plan, Load(), Options(Folder("one")));
    SweepOptions options = Options(Folder("stopped"), 2);
    options.resume = true;
    std::size_t uses = 0;
    for (bool more = true; more; ++uses)
    {
        std::uint64_t ran = 0;
        const Progress progress = RunSweep(
            plan,
            Load(),
            options,
            [&](const Progress& now) { ran = now.ran; },
            [&] { return ran >= 3; });
        more = progress.stopped;
        ASSERT_LT(uses, 24u);
    }
    EXPECT_GT(uses, 1u);
    EXPECT_EQ(Exports("stopped"), Exports("one"));
    EXPECT_EQ(RunSweep(plan, Load(), options).ran, 0u);
}

TEST_F(RunSweepTest, HasTheSameContentsAfterKillsAtAnyMoment)
{
    std::string text = test::SMALL_SWEEP;
    text.replace(text.find("\"replicates\": 3"), 15, "\"replicates\": 60"); // 480 points
    const Plan plan = MakePlan(text);
    RunSweep(plan, Load(), Options(Folder("one"), 2));
    SweepOptions options = Options(Folder("killed"), 2);
    options.resume = true;
    RandomStream random(1, "test", "kill");
    std::size_t parents = 0;
    std::size_t children = 0;
    for (bool finished = false; !finished;)
    {
        const pid_t pid = ::fork();
        if (pid == 0)
        {
            const Progress progress = RunSweep(plan, Load(), options);
            ::_exit(progress.done == progress.points ? 0 : 1);
        }
        // Workers first, then the one that writes. Every second round begins at any moment, the
        // others not before there are workers, however slow the machine is.
        bool kill = parents < 20;
        while (kill && parents % 2 == 0 && ChildrenOf(pid).empty() && IsRunning(pid))
        {
            ::usleep(1000);
        }
        for (int i = 0; kill && i < 2; ++i)
        {
            ::usleep(static_cast<useconds_t>(random.Below(25000)));
            const auto workers = ChildrenOf(pid);
            if (!workers.empty())
            {
                ::kill(workers[random.Below(workers.size())], SIGKILL);
                ++children;
            }
        }
        if (kill)
        {
            ::usleep(static_cast<useconds_t>(random.Below(60000)));
            ::kill(pid, SIGKILL);
        }
        int status = 0;
        ::waitpid(pid, &status, 0);
        parents += WIFSIGNALED(status);
        finished = WIFEXITED(status) && (parents >= 20 || !kill);
        if (WIFEXITED(status) && !finished)
        {
            ASSERT_EQ(WEXITSTATUS(status), 0);
            // Done before it could be killed often enough: once more from the start.
            EXPECT_EQ(Exports("killed"), Exports("one"));
            std::filesystem::remove_all(Folder("killed"));
        }
    }
    EXPECT_GE(parents, 20u);
    EXPECT_GE(children, 10u);
    EXPECT_EQ(Exports("killed"), Exports("one"));
}

TEST_F(RunSweepTest, LeavesOutPointsThatCannotBeLoadedAndSaysWhy)
{
    std::string text = test::SMALL_SWEEP;
    text.replace(text.find("\"replicates\": 3"),
                 15,
                 R"("derive": [{"pointer": "/links/wan/rate", "of": "loss",
                     "map": {"0 %": "1 Mbit/s", "10 %": "fast", "30 %": null, "100 %": null}}])");
    const Progress progress = RunSweep(MakePlan(text), Load(), Options(Folder("r"), 2));
    EXPECT_EQ(progress.done, 8u);
    EXPECT_EQ(progress.invalid, 2u);
    const store::Reader reader(Folder("r"));
    const auto row = reader.Find(2);
    ASSERT_TRUE(row);
    EXPECT_EQ(row->status, store::PointStatus::Invalid);
    EXPECT_THAT(row->problem, HasSubstr("/links/wan/rate"));
}

TEST_F(RunSweepTest, DoesNotMixSweeps)
{
    RunSweep(MakePlan(), Load(), Options(Folder("r")));
    std::string text = test::SMALL_SWEEP;
    text.replace(text.find("10 ms"), 5, "11 ms");
    SweepOptions options = Options(Folder("r"));
    EXPECT_THROW(RunSweep(MakePlan(text), Load(), options), store::Refusal);
    options.resume = true;
    EXPECT_THROW(RunSweep(MakePlan(text), Load(), options), store::Refusal);
    options.shards = 2;
    EXPECT_THROW(RunSweep(MakePlan(), Load(), options), store::Refusal);
}

namespace
{

/** The small sweep with client and server at all pairs of two addresses: half of them collide. */
std::string
WithCollisions()
{
    std::string text = test::SMALL_SWEEP;
    const std::string axes = "\"axes\": {";
    return text.replace(
        text.find(axes), axes.size(), axes + R"("there": {"pointer": "/hosts/server/address",
                            "values": ["192.0.2.20/24", "192.0.2.10/24"]},)");
}

} // namespace

TEST_F(RunSweepTest, TellsWhatIsWrongAlikeWhereverTheSweepStands)
{
    for (const std::string file : {"small-sweep.json", "../elsewhere/small-sweep.json"})
    {
        scenario::LoadOptions load = Load();
        load.file = file;
        const Plan plan = Plan::ReadText(WithCollisions(), file, load);
        const std::string folder = file == "small-sweep.json" ? "here" : "there";
        EXPECT_EQ(RunSweep(plan, load, Options(Folder(folder))).invalid, 24u);
    }
    EXPECT_THAT(Exports("here"), HasSubstr("192.0.2.10"));
    EXPECT_EQ(Exports("here"), Exports("there"));
}

TEST_F(RunSweepTest, CountsInvalidPointsOfEarlierUsesToo)
{
    const Plan plan = MakePlan(WithCollisions());
    EXPECT_EQ(RunSweep(plan, Load(), Options(Folder("r"))).invalid, 24u);
    SweepOptions again = Options(Folder("r"));
    again.resume = true;
    const Progress progress = RunSweep(plan, Load(), again);
    EXPECT_EQ(progress.ran, 0u);
    EXPECT_EQ(progress.invalid, 24u);
}

TEST_F(RunSweepTest, DropsWhatItFoundWhilePresetsWereChanged)
{
    const std::string preset = Folder("links") + "/line.json";
    std::filesystem::create_directories(Folder("links"));
    const auto write = [&preset](const std::string& delay)
    { std::ofstream(preset) << R"({"title": "A line", "values": {"delay": ")" << delay << "\"}}"; };
    write("10 ms");
    std::string text = test::SMALL_SWEEP;
    const std::string own = "\"delay\": \"10 ms\"";
    text.replace(text.find(own), own.size(), "\"preset\": \"line\"");
    scenario::LoadOptions load = Load();
    load.presetDirectories = {m_folder.string()};
    const Plan plan = Plan::ReadText(text, "small-sweep.json", load);
    RunSweep(plan, load, Options(Folder("undisturbed")));

    SweepOptions options = Options(Folder("disturbed"));
    EXPECT_THROW(RunSweep(plan, load, options, [&write](const Progress&) { write("77 ms"); }),
                 store::Refusal);
    EXPECT_EQ(store::Reader(Folder("disturbed")).PointCount(), 0u);
    options.resume = true;
    EXPECT_THROW(RunSweep(plan, load, options), store::Refusal); // results of other presets
    write("10 ms");
    EXPECT_EQ(RunSweep(plan, load, options).ran, 24u);
    EXPECT_EQ(Exports("disturbed"), Exports("undisturbed"));
}
