// SPDX-License-Identifier: GPL-2.0-only
#include "test/helper/store/sample.h"

#include <algorithm>
#include <csignal>
#include <fstream>
#include <sys/resource.h>
#include <sys/wait.h>
#include <thread>
#include <unistd.h>

using ::testing::AllOf;
using ::testing::EndsWith;
using ::testing::HasSubstr;
using ::testing::IsEmpty;

namespace nattlab::store
{

namespace
{

using Writing = StoreTest;

/** \return what a child process that does \p work says. */
std::string
SaidByChild(const std::function<std::string()>& work)
{
    int ends[2];
    EXPECT_EQ(::pipe(ends), 0);
    const pid_t child = ::fork();
    if (child == 0)
    {
        const std::string said = work();
        [[maybe_unused]] const ssize_t written = ::write(ends[1], said.data(), said.size());
        ::_exit(0);
    }
    ::close(ends[1]);
    std::string said;
    char buffer[512];
    for (ssize_t length = 0; (length = ::read(ends[0], buffer, sizeof buffer)) > 0;)
    {
        said.append(buffer, static_cast<std::size_t>(length));
    }
    ::close(ends[0]);
    int status = 0;
    ::waitpid(child, &status, 0);
    EXPECT_TRUE(WIFEXITED(status)) << "signal " << WTERMSIG(status);
    return said;
}

/** From when on the time runs to the death of a process that writes. */
enum class From
{
    Start,
    Opened,
};

/** Start to write what is missing, in batches of the Writer's own, and kill it with SIGKILL. */
void
WriteAndBeKilled(const std::string& directory,
                 const SweepIdentity& identity,
                 From from,
                 int microseconds)
{
    int ends[2];
    ASSERT_EQ(::pipe(ends), 0);
    const pid_t child = ::fork();
    if (child == 0)
    {
        Writer writer(directory, identity, SampleInvocation(), Writer::Mode::Resume);
        [[maybe_unused]] const ssize_t written = ::write(ends[1], "o", 1);
        for (const PointId id : Ids(identity.points))
        {
            if (!writer.Done()[id])
            {
                writer.Add(SamplePoint(id));
            }
        }
        ::_exit(0); // too fast; the batch that is open is lost as well
    }
    ::close(ends[1]);
    if (from == From::Opened)
    {
        char byte = 0;
        EXPECT_EQ(::read(ends[0], &byte, 1), 1);
    }
    ::close(ends[0]);
    std::this_thread::sleep_for(std::chrono::microseconds(microseconds));
    ::kill(child, SIGKILL);
    int status = 0;
    ::waitpid(child, &status, 0);
}

void
Resume(const std::string& directory, const SweepIdentity& identity)
{
    Writer writer(directory, identity, SampleInvocation(), Writer::Mode::Resume);
}

} // namespace

TEST_F(Writing, KeepsEveryFieldOfEveryRow)
{
    WriteSample(Path("a"), SampleIdentity(), Ids(10));
    const Reader reader(Path("a"));
    EXPECT_TRUE(reader.Identity() == SampleIdentity());
    EXPECT_EQ(reader.PointCount(), 10u);
    for (const PointId id : Ids(10))
    {
        const auto point = reader.Find(id);
        ASSERT_TRUE(point) << id;
        EXPECT_TRUE(*point == SamplePoint(id)) << id;
    }
    EXPECT_FALSE(reader.Find(0));
    EXPECT_FALSE(reader.Find(11));
}

TEST_F(Writing, KeepsWhoWroteAndWhen)
{
    {
        Writer writer(Path("a"), SampleIdentity(), SampleInvocation(), Writer::Mode::Create);
        writer.Add(SamplePoint(1));
    }
    WriteSample(Path("a"), SampleIdentity(), {2, 3}, Writer::Mode::Resume);
    const std::vector<Invocation> invocations = Reader(Path("a")).Invocations();
    ASSERT_EQ(invocations.size(), 2u);
    EXPECT_EQ(invocations[0].points, 1u);
    EXPECT_FALSE(invocations[0].finished);
    EXPECT_EQ(invocations[1].started, "2026-11-22T14:03:11Z");
    EXPECT_EQ(invocations[1].host, "lab");
    EXPECT_EQ(invocations[1].command, "nattlab sweep made-up.json");
    EXPECT_EQ(invocations[1].workers, 2u);
    EXPECT_EQ(invocations[1].points, 2u);
    EXPECT_EQ(invocations[1].seconds, 1.5);
    EXPECT_TRUE(invocations[1].finished);
}

TEST_F(Writing, CanBeReadMeanwhile)
{
    Writer writer(Path("a"), SampleIdentity(), SampleInvocation(), Writer::Mode::Create);
    const Reader reader(Path("a"));
    writer.Add(SamplePoint(7));
    EXPECT_EQ(reader.PointCount(), 0u);
    writer.Commit();
    EXPECT_EQ(reader.PointCount(), 1u);
    EXPECT_TRUE(reader.Find(7));
}

TEST_F(Writing, CommitsEachBatchByItself)
{
    Writer writer(Path("a"), SampleIdentity(1000), SampleInvocation(), Writer::Mode::Create);
    for (const PointId id : Ids(Writer::BATCH + 1))
    {
        writer.Add(SamplePoint(id));
    }
    EXPECT_EQ(Reader(Path("a")).PointCount(), Writer::BATCH);
    EXPECT_EQ(writer.DoneCount(), Writer::BATCH + 1);
}

TEST_F(Writing, SaysWhichPointsAreThere)
{
    WriteSample(Path("a"), SampleIdentity(), {2, 9});
    Writer writer(Path("a"), SampleIdentity(), SampleInvocation(), Writer::Mode::Resume);
    writer.Add(SamplePoint(4));
    EXPECT_EQ(writer.DoneCount(), 3u);
    ASSERT_EQ(writer.Done().size(), 11u);
    for (const PointId id : Ids(10))
    {
        EXPECT_EQ(writer.Done()[id], id == 2 || id == 9 || id == 4) << id;
    }
}

TEST_F(Writing, LosesNoMoreThanTheOpenBatchWhenKilled)
{
    constexpr PointId POINTS = 3000;
    const SweepIdentity identity = SampleIdentity(POINTS);
    WriteSample(Path("undisturbed"), identity, Ids(POINTS));
    const std::string expected = AllExports(Path("undisturbed"));
    std::uint64_t before = 0;
    for (int i = 0; i < 24; ++i)
    {
        const bool opening = i % 3 == 0;
        WriteAndBeKilled(Path("killed"),
                         identity,
                         opening ? From::Start : From::Opened,
                         opening ? 500 + i * 1111 : i * 1111);
        const Writer writer(Path("killed"), identity, SampleInvocation(), Writer::Mode::Resume);
        EXPECT_GE(writer.DoneCount(), before);
        EXPECT_EQ(writer.DoneCount() % Writer::BATCH, 0u) << "a part of a batch";
        before = writer.DoneCount();
    }
    EXPECT_GT(before, 0u) << "it never had the time for a batch";
    EXPECT_LT(before, POINTS) << "it was never disturbed";
    std::vector<PointId> rest;
    {
        const Writer writer(Path("killed"), identity, SampleInvocation(), Writer::Mode::Resume);
        for (const PointId id : Ids(POINTS))
        {
            if (!writer.Done()[id])
            {
                rest.push_back(id);
            }
        }
    }
    WriteSample(Path("killed"), identity, rest, Writer::Mode::Resume);
    EXPECT_TRUE(AllExports(Path("killed")) == expected);
}

TEST_F(Writing, CanBeReadAfterTheWriterWasKilled)
{
    const pid_t child = ::fork();
    if (child == 0)
    {
        Writer writer(Path("a"), SampleIdentity(), SampleInvocation(), Writer::Mode::Create);
        writer.Add(SamplePoint(1));
        writer.Commit();
        writer.Add(SamplePoint(2));
        ::raise(SIGKILL);
    }
    int status = 0;
    ::waitpid(child, &status, 0);
    EXPECT_TRUE(*Reader(Path("a")).Find(1) == SamplePoint(1));
    EXPECT_EQ(Reader(Path("a")).PointCount(), 1u);
}

TEST_F(Writing, ToCreateIsRefusedWhereResultsAre)
{
    WriteSample(Path("a"), SampleIdentity(), {1});
    const std::string message = MessageOf<Refusal>(
        [this] {
            const Writer writer(
                Path("a"), SampleIdentity(), SampleInvocation(), Writer::Mode::Create);
        });
    EXPECT_EQ(message,
              Path("a/results.sqlite") + ": results are there already; --resume goes on with them");
}

TEST_F(Writing, ToResumeBeginsWhereNothingIs)
{
    WriteSample(Path("deep/er"), SampleIdentity(), {1}, Writer::Mode::Resume);
    EXPECT_EQ(Reader(Path("deep/er")).PointCount(), 1u);
}

TEST_F(Writing, BeginsInAFileThatIsStillEmpty)
{
    std::ofstream(Path("results.sqlite")).flush();
    EXPECT_THAT(MessageOf<Refusal>([this] { const Reader reader(m_folder.string()); }),
                EndsWith("no results are there"));
    WriteSample(m_folder.string(), SampleIdentity(), {1});
    EXPECT_EQ(Reader(m_folder.string()).PointCount(), 1u);
}

TEST_F(Writing, NeverMixesWhatDoesNotGoTogether)
{
    WriteSample(Path("a"), SampleIdentity(), {1});
    const auto refusal = [this](const std::function<void(SweepIdentity&)>& change)
    {
        SweepIdentity identity = SampleIdentity();
        change(identity);
        return MessageOf<Refusal>([&] { Resume(Path("a"), identity); });
    };
    EXPECT_THAT(refusal([](SweepIdentity& i) { i.version = "0.2.0"; }),
                EndsWith("these are made by nattlab 0.1.0, this is nattlab 0.2.0"));
    EXPECT_THAT(refusal([](SweepIdentity& i) { i.schema = "c"; }),
                EndsWith("made with schema and presets " + std::string(64, 'a') + ", this is c"));
    EXPECT_THAT(refusal([](SweepIdentity& i) { i.sweep = "c"; }),
                EndsWith("of the sweep \"Made up\" (" + std::string(64, 'b') +
                         "), this is \"Made up\" (c)"));
    EXPECT_THAT(refusal([](SweepIdentity& i) { i.axes.pop_back(); }),
                EndsWith("axes system, clients, loss, forward, Reason, this is one with axes "
                         "system, clients, loss, forward"));
    EXPECT_THAT(refusal([](SweepIdentity& i) { std::swap(i.axes[0], i.axes[1]); }),
                HasSubstr("axes"));
    EXPECT_THAT(refusal([](SweepIdentity& i) { i.points = 11; }),
                EndsWith("of a sweep of 10 points, this is one of 11"));
    EXPECT_THAT(refusal([](SweepIdentity& i) { i.shards = 2; }),
                EndsWith("shard 1 of 1, this is shard 1 of 2"));
    EXPECT_THAT(refusal([](SweepIdentity& i) { i.document = "{}"; }), HasSubstr("document"));
    EXPECT_THAT(refusal([](SweepIdentity& i) { i.title = "Other"; }), HasSubstr("\"Other\""));
    EXPECT_THAT(refusal([](SweepIdentity& /*same*/) {}), IsEmpty());
}

TEST_F(Writing, RefusesASecondWriterAndNamesTheFirst)
{
    const Writer first(Path("a"), SampleIdentity(), SampleInvocation(), Writer::Mode::Create);
    const auto attempt = [this]
    { return MessageOf<Refusal>([this] { Resume(Path("a"), SampleIdentity()); }); };
    EXPECT_THAT(attempt(), EndsWith("results are being written by this process"));
    EXPECT_THAT(
        SaidByChild(attempt),
        HasSubstr("results are being written by process " + std::to_string(::getpid()) + " on "));
}

TEST_F(Writing, IsFreeForOthersOnceTheWriterDiedEvenIfItsChildrenLive)
{
    int ends[2];
    ASSERT_EQ(::pipe(ends), 0);
    const pid_t child = ::fork();
    if (child == 0)
    {
        Writer writer(Path("a"), SampleIdentity(), SampleInvocation(), Writer::Mode::Create);
        writer.Add(SamplePoint(1));
        writer.Commit();
        if (::fork() == 0)
        {
            ::close(ends[1]);
            char byte = 0;
            [[maybe_unused]] const ssize_t got =
                ::read(ends[0], &byte, 1); // until the test is over
            ::_exit(0);
        }
        ::raise(SIGKILL);
    }
    int status = 0;
    ::waitpid(child, &status, 0);
    EXPECT_THAT(MessageOf<StoreError>([this] { Resume(Path("a"), SampleIdentity()); }), IsEmpty());
    EXPECT_EQ(Reader(Path("a")).PointCount(), 1u);
    ::close(ends[1]);
    ::close(ends[0]);
}

TEST_F(Writing, IsNotDisturbedWhenAForkedChildDestroysTheWriter)
{
    auto writer = std::make_unique<Writer>(
        Path("a"), SampleIdentity(), SampleInvocation(), Writer::Mode::Create);
    writer->Add(SamplePoint(1));
    SaidByChild(
        [&writer]
        {
            writer.reset();
            return std::string();
        });
    EXPECT_EQ(Reader(Path("a")).PointCount(), 0u) << "the child committed the batch";
    writer->Add(SamplePoint(2));
    writer->Finish(1, true);
    EXPECT_EQ(Reader(Path("a")).PointCount(), 2u);
}

TEST_F(Writing, TakesAPointOnceAndOnlyIfItIsOneOfTheSweep)
{
    Writer writer(Path("a"), SampleIdentity(), SampleInvocation(), Writer::Mode::Create);
    writer.Add(SamplePoint(1));
    const auto refusal = [&writer](const PointRow& point)
    { return MessageOf<StoreError>([&] { writer.Add(point); }); };
    EXPECT_THAT(refusal(SamplePoint(1)), EndsWith("cannot add point 1: it is there already"));
    EXPECT_THAT(refusal(SamplePoint(0)), EndsWith("the sweep has points 1 to 10"));
    EXPECT_THAT(refusal(SamplePoint(11)), EndsWith("the sweep has points 1 to 10"));
    PointRow lacking = SamplePoint(2);
    lacking.values.pop_back();
    EXPECT_THAT(refusal(lacking), EndsWith("expected 5 values of axes, found 4"));
    writer.Add(SamplePoint(2));
    writer.Finish(1, false);
    EXPECT_EQ(Reader(Path("a")).PointCount(), 2u);
}

TEST_F(Writing, KeepsWhatWasCommittedWhenTheDiskIsFull)
{
    const std::string said = SaidByChild(
        [this]
        {
            Writer writer(
                Path("a"), SampleIdentity(100000), SampleInvocation(), Writer::Mode::Create);
            ::signal(SIGXFSZ, SIG_IGN);
            const rlimit limit{1 << 20, 1 << 20};
            ::setrlimit(RLIMIT_FSIZE, &limit);
            std::string first;
            for (const PointId id : Ids(100000))
            {
                first = MessageOf<StoreError>([&] { writer.Add(SamplePoint(id)); });
                if (!first.empty())
                {
                    break;
                }
            }
            const auto again = MessageOf<StoreError>([&] { writer.Commit(); });
            return first + "\n" + again;
        });
    EXPECT_THAT(said,
                AllOf(HasSubstr(Path("a/results.sqlite") + ": cannot add points: disk"),
                      EndsWith("cannot add points: an earlier attempt failed")));
    Writer writer(Path("a"), SampleIdentity(100000), SampleInvocation(), Writer::Mode::Resume);
    EXPECT_GT(writer.DoneCount(), 0u);
    EXPECT_EQ(writer.DoneCount() % Writer::BATCH, 0u);
    EXPECT_TRUE(*Reader(Path("a")).Find(1) == SamplePoint(1));
}

TEST_F(Writing, SaysWhatIsWrongWithAPlaceForResults)
{
    std::ofstream(Path("file")) << "text";
    EXPECT_THAT(MessageOf<Refusal>([this] { Resume(Path("file"), SampleIdentity()); }),
                EndsWith("is a file, and not a directory for results"));
    EXPECT_THAT(MessageOf<StoreError>([this] { Resume(Path("file/below"), SampleIdentity()); }),
                HasSubstr(Path("file/below") + ": cannot be made: "));
    EXPECT_THAT(MessageOf<StoreError>([] { Resume("/proc/results", SampleIdentity()); }),
                HasSubstr("/proc/results: cannot be made: "));
}

} // namespace nattlab::store
