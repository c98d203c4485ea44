// SPDX-License-Identifier: GPL-2.0-only
/**
 * \file
 * `nattlab sweep` and `nattlab rerun` as their users run them.
 */
#include "test/cli/command-test.h"
#include "test/helper/sweep/small-sweep.h"

#include <nlohmann/json.hpp>

#include <csignal>
#include <gmock/gmock.h>
#include <vector>

using ::testing::HasSubstr;
using ::testing::IsEmpty;
using ::testing::StartsWith;

namespace
{

class SweepCommand : public nattlab::test::CommandTest
{
  protected:
    SweepCommand()
    {
        Write("small.json", nattlab::test::SMALL_SWEEP);
    }

    /** Write the small sweep with one text in place of another. */
    void WriteChanged(const std::string& name, const std::string& from, const std::string& to)
    {
        std::string text = nattlab::test::SMALL_SWEEP;
        ASSERT_NE(text.find(from), std::string::npos);
        Write(name, text.replace(text.find(from), from.size(), to));
    }
};

} // namespace

TEST_F(SweepCommand, RunsASweepThatOtherCommandsThenShow)
{
    EXPECT_EQ(Nattlab("sweep small.json -o r -j 2"), 0) << m_err;
    EXPECT_THAT(m_out, StartsWith("24 of 24 points done, in 0:0"));
    EXPECT_THAT(m_out, HasSubstr("24 connections: "));
    EXPECT_THAT(m_out, HasSubstr("ppp.auth-failed\n"));
    EXPECT_THAT(m_out, HasSubstr("nattlab results r shows them\n"));
    EXPECT_THAT(m_err, IsEmpty());
    EXPECT_EQ(Nattlab("results r --by loss --by password"), 0);
    EXPECT_THAT(m_out, HasSubstr("\n0                100 %    0 %\n"));
    EXPECT_EQ(Nattlab("results r --csv --where point=13"), 0);
    EXPECT_THAT(m_out, HasSubstr("\r\n13,wrong,0,1,1,done,vpn,client,server,failed,ppp-auth,"));
}

TEST_F(SweepCommand, ShowsThePlanAndAnEstimate)
{
    EXPECT_EQ(Nattlab("sweep small.json --plan -j 3"), 0) << m_err;
    EXPECT_THAT(m_out, HasSubstr("Points: 24\n"));
    EXPECT_THAT(m_out, HasSubstr(" with 3 workers (from "));
    EXPECT_EQ(Nattlab("sweep small.json --plan --json"), 0) << m_err;
    const auto json = nlohmann::json::parse(m_out);
    EXPECT_EQ(json.at("points"), 24);
    EXPECT_GT(json.at("estimate").at("secondsEach"), 0);
    EXPECT_FALSE(std::filesystem::exists(m_folder / "r"));
}

TEST_F(SweepCommand, RerunsAPointAndHoldsItAgainstTheResults)
{
    ASSERT_EQ(Nattlab("sweep small.json -o r"), 0) << m_err;
    EXPECT_EQ(Nattlab("rerun r 14 --pcap captures --events events.jsonl --scenario p.json"), 0)
        << m_err;
    EXPECT_THAT(m_out, HasSubstr("ppp.auth-failed"));
    EXPECT_THAT(m_out, HasSubstr("\nr, point 14, seed 2, "));
    EXPECT_THAT(m_out, testing::Not(HasSubstr("xpected")));
    EXPECT_THAT(m_err, IsEmpty());
    EXPECT_TRUE(std::filesystem::exists(m_folder / "captures/wan.pcap"));
    EXPECT_THAT(Read("events.jsonl"), HasSubstr("\"connection.failed\""));
    EXPECT_EQ(nlohmann::json::parse(Read("p.json")).at("seed"), 2);
    const std::string events = Read("events.jsonl");
    EXPECT_EQ(NattlabWithinBlocks(8, "run p.json --events events.jsonl"), 3);
    EXPECT_EQ(m_err, "nattlab: events.jsonl: cannot be written: File too large\n");
    EXPECT_EQ(Read("events.jsonl"), events); // what was there is not lost
    EXPECT_EQ(Nattlab("run p.json --json"), 1); // nothing is expected to fail
    EXPECT_THAT(m_out, HasSubstr("ppp.auth-failed"));
    EXPECT_EQ(Nattlab("rerun r 25"), 2);
    EXPECT_THAT(m_err, HasSubstr("expected a number from 1 to 24, found 25"));
    EXPECT_EQ(Nattlab("rerun nowhere 1"), 2);
    EXPECT_EQ(NattlabOntoAFullDisk("rerun r 14"), 3);
    EXPECT_EQ(m_err, "nattlab: standard output: cannot be written\n");
}

TEST_F(SweepCommand, TakesOnlyWholeNumbersThatFit)
{
    for (const std::string number : {"-1", "99999999999999999999", "1x", "0x1"})
    {
        const std::string expected = ": expected a whole number, found \"" + number + "\"";
        EXPECT_EQ(Nattlab("rerun r " + number), 2) << number;
        EXPECT_THAT(m_err, HasSubstr("POINT" + expected));
        EXPECT_EQ(Nattlab("sweep small.json --plan --shuffle " + number), 2) << number;
        EXPECT_THAT(m_err, HasSubstr("--shuffle" + expected));
    }
}

TEST_F(SweepCommand, EndsWithThreeWhenStandardOutputCannotBeWritten)
{
    for (const char* arguments : {"sweep small.json --plan --json", "sweep small.json -o r"})
    {
        EXPECT_EQ(NattlabOntoAFullDisk(arguments), 3) << arguments;
        EXPECT_THAT(m_err, HasSubstr("nattlab: standard output: cannot be written\n"));
    }
    EXPECT_EQ(Nattlab("results r"), 0) << m_err; // the sweep is there all the same
}

TEST_F(SweepCommand, MakesTheSameFromShards)
{
    ASSERT_EQ(Nattlab("sweep small.json -o all -j 2"), 0) << m_err;
    ASSERT_EQ(Nattlab("results all --csv"), 0);
    const std::string all = m_out;
    EXPECT_EQ(Nattlab("sweep small.json -o a --shard 1/2"), 0) << m_err;
    EXPECT_THAT(m_out, StartsWith("12 of 12 points done"));
    EXPECT_EQ(Nattlab("sweep small.json -o b --shard 2/2 --shuffle 3"), 0) << m_err;
    EXPECT_EQ(Nattlab("merge a b -o m"), 0) << m_err;
    EXPECT_EQ(Nattlab("results m --csv"), 0) << m_err;
    EXPECT_EQ(m_out, all);
    EXPECT_EQ(Nattlab("merge a a -o n"), 2);
    for (const std::string shard : {"3/2", "0/2", "1", "a/b", "1/2/3", "-1/2", ""})
    {
        EXPECT_EQ(Nattlab("sweep small.json -o c --shard '" + shard + "'"), 2) << shard;
        EXPECT_THAT(m_err, HasSubstr("--shard")) << shard;
    }
}

TEST_F(SweepCommand, StopsInOrderWhenItIsInterruptedAndGoesOnLater)
{
    WriteChanged("long.json", "\"replicates\": 3", "\"replicates\": 1600"); // 12800 points: seconds
    for (const int signal : {SIGINT, SIGTERM})
    {
        const std::string stopped = "r" + std::to_string(signal);
        const std::string script = "cd '" + m_folder.string() + "'; '" + NATTLAB_COMMAND +
                                   "' sweep long.json -j 2 -o " + stopped +
                                   " >out 2>err & pid=$!; sleep 0.5; kill -" +
                                   std::to_string(signal) + " $pid; wait $pid";
        // A shell without job control starts background commands with SIGINT ignored: bash -m.
        const int status = std::system(("bash -mc '" +
                                        [&]
                                        {
                                            std::string quoted;
                                            for (const char c : script)
                                            {
                                                quoted += c == '\'' ? "'\\''" : std::string(1, c);
                                            }
                                            return quoted;
                                        }() +
                                        "' 2>/dev/null")
                                           .c_str());
        ASSERT_EQ(WEXITSTATUS(status), 130) << Read("err");
        EXPECT_THAT(Read("out"), HasSubstr("stopped; the same command with --resume goes on\n"));
        EXPECT_EQ(Nattlab("sweep long.json -o " + stopped), 2);
        EXPECT_THAT(m_err, HasSubstr("--resume"));
    }
    EXPECT_EQ(Nattlab("sweep long.json -j 2 --resume -o r2"), 0) << m_err;
    EXPECT_THAT(m_out, StartsWith("12800 of 12800 points done, "));
    ASSERT_EQ(Nattlab("sweep long.json -j 2 -o whole"), 0) << m_err;
    Nattlab("results whole --csv");
    const std::string whole = m_out;
    Nattlab("results r2 --csv");
    EXPECT_TRUE(m_out == whole);
}

TEST_F(SweepCommand, NamesAxisAndValueAtFaultBeforeAnythingRuns)
{
    WriteChanged("bad.json", "\"30 %\"", "\"30 apples\"");
    EXPECT_EQ(Nattlab("sweep bad.json -o r"), 2);
    EXPECT_THAT(m_err, HasSubstr("bad.json:"));
    EXPECT_THAT(m_err, HasSubstr("axis \"loss\""));
    EXPECT_THAT(m_err, HasSubstr("30 apples"));
    EXPECT_FALSE(std::filesystem::exists(m_folder / "r"));
    EXPECT_EQ(Nattlab("sweep missing.json -o r"), 2);
    EXPECT_EQ(Nattlab("sweep small.json"), 2);
    EXPECT_THAT(m_err, HasSubstr("--output"));
    EXPECT_EQ(Nattlab("sweep small.json -o small.json"), 2);
    EXPECT_THAT(m_err, HasSubstr("small.json"));
}

TEST_F(SweepCommand, DoesNotMixSweepsAndSaysSo)
{
    WriteChanged("other.json", "10 ms", "11 ms");
    ASSERT_EQ(Nattlab("sweep small.json -o r"), 0) << m_err;
    EXPECT_EQ(Nattlab("sweep other.json -o r --resume"), 2);
    EXPECT_THAT(m_err, HasSubstr("sweep"));
    EXPECT_EQ(Nattlab("sweep small.json -o r --resume"), 0) << m_err;
    EXPECT_THAT(m_out, HasSubstr("nothing was left to run"));
}
