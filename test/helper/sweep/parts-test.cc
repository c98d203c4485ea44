// SPDX-License-Identifier: GPL-2.0-only
#include "helper/sweep/progress.h"
#include "helper/sweep/row-codec.h"
#include "helper/sweep/shard.h"

#include <algorithm>
#include <gmock/gmock.h>
#include <stdexcept>
#include <string>
#include <vector>

using namespace nattlab;
using namespace nattlab::sweep;
using ::testing::HasSubstr;
using ::testing::StartsWith;

namespace
{

store::PointRow
FullRow()
{
    store::PointRow row;
    row.id = 77;
    row.status = store::PointStatus::Fault;
    row.problem = "a problem\nof two lines";
    row.simulated = 180.25;
    row.packets = 5;
    row.delivered = 3;
    row.dropped = 2;
    store::ConnectionRow c;
    c.name = "vpn";
    c.client = "client";
    c.server = "server";
    c.verdict = "failed";
    c.stage = "ike-main";
    c.reason = "nat.filtered";
    c.box = "home";
    c.rule = "rule \"x\"";
    c.error = -792;
    c.started = 1.0;
    c.timeToSettle = 30.125;
    c.timeIkeMain = 0.5;
    c.timeIkeQuick = 0.25;
    c.timeL2tp = 0.1;
    c.timePpp = 0.2;
    c.packets = 1;
    c.bytes = 2;
    c.retransmissions = 3;
    c.attempts = 4;
    c.nat = "both";
    c.natTraversal = "rfc3947";
    c.encapsulation = "udp";
    c.group = 2;
    c.clearText = true;
    c.drops = {{"link.loss", 4}, {"nat.filtered", 1}};
    row.connections = {c, {}};
    row.traffic = {{"ping", 3, 1, "nat.filtered", "home", "m"}};
    return row;
}

} // namespace

TEST(RowCodec, BringsBackWhatItPacked)
{
    store::PointRow other;
    other.id = 78;
    const std::vector<store::PointRow> rows{FullRow(), other};
    EXPECT_TRUE(Unpack(Pack(rows)) == rows);
    EXPECT_TRUE(Unpack(Pack({})).empty());
}

TEST(RowCodec, RefusesWhatIsCutOff)
{
    const std::string text = Pack({FullRow()});
    for (std::size_t size = 0; size < text.size(); ++size)
    {
        EXPECT_THROW(Unpack(text.substr(0, size)), std::runtime_error);
    }
    EXPECT_THROW(Unpack(text + "x"), std::runtime_error);
}

TEST(Shards, AreEveryPointOnceAndOfEqualSize)
{
    for (const std::uint64_t points : {0, 1, 7, 100, 1001})
    {
        for (const std::uint64_t shards : {1, 2, 3, 7})
        {
            std::vector<store::PointId> all;
            for (std::uint64_t shard = 1; shard <= shards; ++shard)
            {
                const auto part = PointsOfShard(points, shard, shards);
                EXPECT_TRUE(std::is_sorted(part.begin(), part.end()));
                EXPECT_LE(part.size(), points / shards + 1);
                EXPECT_GE(part.size(), points / shards);
                all.insert(all.end(), part.begin(), part.end());
            }
            std::sort(all.begin(), all.end());
            EXPECT_EQ(all, PointsOfShard(points, 1, 1));
        }
    }
}

TEST(Shards, SpreadNeighbours)
{
    // Every second point costs much: no half may have all of those.
    const auto part = PointsOfShard(1000, 1, 2);
    const auto odd = std::count_if(part.begin(), part.end(), [](auto id) { return id % 2 == 1; });
    EXPECT_GT(odd, 200);
    EXPECT_LT(odd, 300);
}

TEST(Shuffle, IsAnotherOrderOfTheSamePoints)
{
    auto a = PointsOfShard(100, 1, 1);
    auto b = a;
    auto c = a;
    Shuffle(a, 1);
    Shuffle(b, 1);
    Shuffle(c, 2);
    EXPECT_EQ(a, b);
    EXPECT_NE(a, c);
    std::sort(c.begin(), c.end());
    EXPECT_EQ(c, PointsOfShard(100, 1, 1));
}

TEST(ProgressLine, SaysHowFarHowFastAndWhatFails)
{
    Progress progress;
    progress.points = 200;
    EXPECT_EQ(ProgressLine(progress), "[........................] 0/200");
    progress.done = 150;
    progress.ran = 100;
    progress.seconds = 10;
    progress.verdicts = {{"connected", 60}, {"failed", 40}};
    progress.reasons = {{"firewall.rule", 10}, {"nat.filtered", 30}};
    progress.invalid = 2;
    EXPECT_EQ(ProgressLine(progress),
              "[##################......] 150/200, 10/s, 0:05 left, 60 % connected, "
              "nat.filtered 30 %, firewall.rule 10 %, 2 invalid");
}

TEST(ProgressSummary, CountsWhatWasRun)
{
    Progress progress;
    progress.points = 4;
    progress.done = 4;
    EXPECT_EQ(ProgressSummary(progress), "4 of 4 points done, nothing was left to run\n");
    progress.ran = 3;
    progress.seconds = 65;
    progress.verdicts = {{"connected", 1}, {"failed", 2}};
    progress.reasons = {{"nat.filtered", 2}};
    progress.faults = 1;
    progress.abandoned = {9};
    const std::string text = ProgressSummary(progress);
    EXPECT_THAT(text, StartsWith("4 of 4 points done, 3 now, in 1:05 (0.0/s)\n"));
    EXPECT_THAT(text, HasSubstr("3 connections: 2 failed, 1 connected\n  2  nat.filtered\n"));
    EXPECT_THAT(text, HasSubstr("1 point shows a fault of nattlab\n"));
    EXPECT_THAT(text, HasSubstr("1 point not run"));
    EXPECT_THAT(text, HasSubstr("point 9"));
}

TEST(ClockText, ReadsLikeAClock)
{
    EXPECT_EQ(ClockText(0), "0:00");
    EXPECT_EQ(ClockText(125), "2:05");
    EXPECT_EQ(ClockText(3725.4), "1:02:05");
}
