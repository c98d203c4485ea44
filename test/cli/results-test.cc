// SPDX-License-Identifier: GPL-2.0-only
/**
 * \file
 * `nattlab results` and `nattlab merge` as their users run them.
 */
#include "test/cli/command-test.h"

#include "helper/store/writer.h"

#include <nlohmann/json.hpp>

#include <algorithm>
#include <gmock/gmock.h>
#include <string>

using ::testing::EndsWith;
using ::testing::HasSubstr;
using ::testing::IsEmpty;
using ::testing::StartsWith;

namespace
{

class Results : public nattlab::test::CommandTest
{
  protected:
    /** Make the results of a sweep over delays of 500, 1000 and 2000 ms. */
    void MakeDelays(const std::string& name) const
    {
        using namespace nattlab::store;
        SweepIdentity identity;
        identity.version = "0.1.0";
        identity.document = R"({"axes": {"delay": {"values": ["500 ms", "1 s", "2 s"]}}})";
        identity.axes = {"delay"};
        identity.points = 3;
        Writer writer((m_folder / name).string(), identity, {}, Writer::Mode::Create);
        for (PointId id = 1; id <= 3; ++id)
        {
            PointRow point;
            point.id = id;
            point.values = {std::int64_t{250} << id};
            point.connections.emplace_back().name = "vpn";
            writer.Add(point);
        }
        writer.Finish(1, true);
    }

    /** Make the results of a shard of a sweep of six points. */
    void MakeResults(const std::string& name,
                     std::uint64_t shard = 1,
                     std::uint64_t shards = 1,
                     const std::string& version = "0.1.0") const
    {
        using namespace nattlab::store;
        SweepIdentity identity;
        identity.version = version;
        identity.title = "Six";
        identity.sweep = "abc";
        identity.axes = {"nat"};
        identity.points = 6;
        identity.shard = shard;
        identity.shards = shards;
        Writer writer((m_folder / name).string(), identity, {}, Writer::Mode::Create);
        for (PointId id = shard; id <= identity.points; id += shards)
        {
            PointRow point;
            point.id = id;
            point.values = {"cone"};
            ConnectionRow& connection = point.connections.emplace_back();
            connection.name = "vpn";
            connection.verdict = id == 2 ? "failed" : "connected";
            connection.reason = id == 2 ? "nat.filtered" : "";
            TrafficRow& traffic = point.traffic.emplace_back();
            traffic.name = "ping";
            writer.Add(point);
        }
        writer.Finish(1, true);
    }
};

} // namespace

TEST_F(Results, AreSummedUpForPeopleAndForPrograms)
{
    MakeResults("a");
    EXPECT_EQ(Nattlab("results a"), 0) << m_err;
    EXPECT_THAT(m_out, StartsWith("Six\nsweep abc\nnattlab 0.1.0\n6 of 6 points done\n"));
    EXPECT_THAT(m_out, EndsWith("\nRun one again: nattlab rerun a 2\n"));
    EXPECT_EQ(Nattlab("results a --json --where point=2"), 0) << m_err;
    EXPECT_EQ(nlohmann::json::parse(m_out).at("verdicts"), nlohmann::json({{"failed", 1}}));
}

TEST_F(Results, AreExported)
{
    MakeResults("a");
    EXPECT_EQ(Nattlab("results a --csv"), 0) << m_err;
    const std::string csv = m_out;
    EXPECT_THAT(csv, StartsWith("point,axis.nat,replicate,seed,status,connection,"));
    EXPECT_EQ(std::count(csv.begin(), csv.end(), '\n'), 7);
    EXPECT_EQ(Nattlab("results a --csv a.csv"), 0) << m_err;
    EXPECT_THAT(m_out, IsEmpty());
    EXPECT_EQ(Read("a.csv"), csv);
    EXPECT_EQ(Nattlab("results a --csv -"), 0);
    EXPECT_EQ(m_out, csv);
    EXPECT_EQ(m_err, "");
    EXPECT_EQ(Nattlab("results a --json --where point=4711"), 0);
    EXPECT_EQ(m_err, "nattlab: --where: no point is like that\n");
    EXPECT_EQ(Nattlab("results a --jsonl --where verdict=failed --where 'point<3'"), 0) << m_err;
    EXPECT_EQ(nlohmann::json::parse(m_out).at("point"), 2); // the one line
    EXPECT_EQ(Nattlab("results a --csv --traffic"), 0);
    EXPECT_THAT(m_out, HasSubstr(",ping,0,0,"));
    EXPECT_EQ(Nattlab("results a --jsonl=b.jsonl --points"), 0);
    EXPECT_THAT(Read("b.jsonl"), StartsWith("{\"point\":1,\"axis.nat\":\"cone\","));
}

TEST_F(Results, AreFilteredByAQuantityInAnyUnitOfItsKind)
{
    MakeDelays("d");
    EXPECT_EQ(Nattlab("results d --jsonl --points --where 'delay=1000 ms'"), 0) << m_err;
    EXPECT_EQ(nlohmann::json::parse(m_out).at("point"), 2); // the one line
    EXPECT_EQ(Nattlab("results d --jsonl --points --where 'delay>1 s'"), 0) << m_err;
    EXPECT_EQ(nlohmann::json::parse(m_out).at("point"), 3);
    EXPECT_EQ(Nattlab("results d --jsonl --points --where delay=500"), 0) << m_err;
    EXPECT_EQ(nlohmann::json::parse(m_out).at("point"), 1);
    EXPECT_EQ(Nattlab("results d --jsonl --points --where 'delay=1 kbit/s'"), 0);
    EXPECT_EQ(m_err, "nattlab: --where: no point is like that\n");
    EXPECT_EQ(Nattlab("results d --jsonl --points --where 'delay>1 kbit/s'"), 2);
    EXPECT_THAT(m_err, HasSubstr("delay>1 kbit/s: expected a number, found \"1 kbit/s\""));
}

TEST_F(Results, EndWithTwoForBadInput)
{
    MakeResults("a");
    std::ofstream(m_folder / "file") << "text";
    for (const char* arguments : {"results",
                                  "results nowhere",
                                  "results file",
                                  "results a --where verdict",
                                  "results a --where point=x",
                                  "results a --points",
                                  "results a --csv --json",
                                  "results a --csv --jsonl",
                                  "results a --csv --points --traffic",
                                  "merge a",
                                  "merge -o b",
                                  "merge nowhere -o b",
                                  "merge a -o a"})
    {
        EXPECT_EQ(Nattlab(arguments), 2) << arguments;
        EXPECT_FALSE(m_err.empty()) << arguments;
    }
    EXPECT_EQ(Nattlab("results nowhere"), 2);
    EXPECT_EQ(m_err, "nattlab: nowhere/results.sqlite: no results are there\n");
    EXPECT_EQ(Nattlab("results a --where verdikt=failed"), 2);
    EXPECT_THAT(m_err, HasSubstr("there is no column \"verdikt\"; there are point, axis.nat"));
    EXPECT_THAT(m_err, HasSubstr("did you mean \"verdict\"?"));
}

TEST_F(Results, EndWithThreeWhenTheExportCannotBeWritten)
{
    MakeResults("a");
    EXPECT_EQ(Nattlab("results a --csv nowhere/a.csv"), 3);
    EXPECT_EQ(m_err, "nattlab: nowhere/a.csv: cannot be written\n");
}

TEST_F(Results, EndWithThreeWhenStandardOutputCannotBeWritten)
{
    MakeResults("a");
    for (const char* arguments : {"results a",
                                  "results a --json",
                                  "results a --csv",
                                  "results a --jsonl -",
                                  "results a --by nat",
                                  "merge a -o b"})
    {
        EXPECT_EQ(NattlabOntoAFullDisk(arguments), 3) << arguments;
        EXPECT_EQ(m_err, "nattlab: standard output: cannot be written\n") << arguments;
    }
    EXPECT_EQ(Nattlab("results b"), 0); // it is merged all the same
}

TEST_F(Results, EndWithThreeWhenTheExportIsCutShort)
{
    MakeResults("a");
    EXPECT_EQ(Nattlab("results a --csv /dev/full"), 3);
    EXPECT_EQ(m_err, "nattlab: /dev/full: cannot be written\n");
}

TEST_F(Results, OfShardsAreMerged)
{
    MakeResults("whole");
    MakeResults("one", 1, 2);
    MakeResults("two", 2, 2);
    EXPECT_EQ(Nattlab("merge two one -o both"), 0) << m_err;
    EXPECT_EQ(m_out, "both: 6 points of 2 shards\n");
    EXPECT_EQ(Nattlab("results whole --jsonl"), 0);
    const std::string whole = m_out;
    EXPECT_EQ(Nattlab("results both --jsonl"), 0);
    EXPECT_EQ(m_out, whole);
}

TEST_F(Results, OfShardsThatDoNotGoTogetherAreNotMerged)
{
    MakeResults("one", 1, 2);
    MakeResults("two", 2, 2, "0.2.0");
    EXPECT_EQ(Nattlab("merge one two -o both"), 2);
    EXPECT_THAT(m_err, StartsWith("nattlab: two: does not go with one: these results are made by"));
    EXPECT_EQ(Nattlab("merge one -o both"), 2);
    EXPECT_THAT(m_err, HasSubstr("shard 2 of 2 is missing"));
}

TEST_F(Results, AreCountedByAxes)
{
    MakeResults("a");
    EXPECT_EQ(Nattlab("results a --by nat"), 0) << m_err;
    EXPECT_EQ(m_out, "nat   connected\ncone       83 %\n");
    EXPECT_EQ(Nattlab("results a --by nat --markdown"), 0) << m_err;
    EXPECT_EQ(m_out, "| nat | connected |\n| --- | ---: |\n| cone | 83 % |\n");
    EXPECT_EQ(Nattlab("results a --by nat --json"), 0) << m_err;
    EXPECT_EQ(nlohmann::json::parse(m_out).at(0).at("connected"), 5);
    EXPECT_EQ(Nattlab("results a --by nat --csv t.csv"), 0) << m_err;
    EXPECT_THAT(Read("t.csv"), StartsWith("nat,connections,connected,share,point\ncone,6,5,0.83"));
    EXPECT_EQ(Nattlab("results a --by net"), 2);
    EXPECT_THAT(m_err, HasSubstr("did you mean \"nat\"?"));
    EXPECT_EQ(Nattlab("results a --by nat --by nat --by nat"), 2);
    EXPECT_THAT(m_err, HasSubstr("--by"));
    EXPECT_EQ(Nattlab("results a --markdown"), 2);
}
