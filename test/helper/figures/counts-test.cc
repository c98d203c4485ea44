// SPDX-License-Identifier: GPL-2.0-only
/**
 * \file
 * The numbers behind grid and reasons.
 */
#include "helper/figures/grid.h"
#include "helper/figures/reason-bars.h"
#include "test/helper/figures/sample.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

namespace nattlab::figures
{

namespace
{

using ::testing::ElementsAre;

/** \return as many ends as the counts say, at one place. */
ReasonBars
BarsOf(const std::vector<std::pair<std::string, int>>& ends, std::size_t most)
{
    ReasonCounter counter{Scale()};
    for (const auto& [reason, count] : ends)
    {
        for (int i = 0; i < count; ++i)
        {
            counter.Add(Point({}, {reason == "connected" ? Connected(1) : Failed(reason, "")}));
        }
    }
    return counter.Bars(most);
}

} // namespace

TEST(Grid, CountsTheConnectionsOfEachCell)
{
    const std::vector<store::PointRow> points{
        Point({"a", 1.0}, {Connected(1), Failed("r")}, 1),
        Point({"a", 1.0}, {Connected(1), Connected(1)}, 2),
        Point({"b", 1.0}, {Failed("r")}),
        Point({"b", 2.0}, {Connected(1)}),
    };
    const Survey survey = SurveyOf(Identity({"nat", "loss"}), points);
    Grid grid(survey.ScaleOf(1, 60, "--x"), survey.ScaleOf(0, 60, "--y"), Scale());
    for (const store::PointRow& point : points)
    {
        grid.Add(point);
    }
    EXPECT_EQ(grid.At(0, 0, 0).connections, 4U);
    EXPECT_EQ(grid.At(0, 0, 0).Share(), 0.75);
    EXPECT_EQ(grid.At(0, 0, 1).connections, 0U); // no run
    EXPECT_EQ(grid.At(0, 1, 0).Share(), 0);
    EXPECT_EQ(grid.At(0, 1, 0).connections, 1U);
    EXPECT_EQ(grid.At(0, 1, 1).Share(), 1);
}

TEST(Grid, KeepsSmallMultiplesApart)
{
    const std::vector<store::PointRow> points{
        Point({"a", "first"}, {Connected(1)}),
        Point({"a", "second"}, {Failed("r")}),
    };
    const Survey survey = SurveyOf(Identity({"x", "facet"}), points);
    Grid grid(survey.ScaleOf(0, 60, "--x"), Scale(), survey.ScaleOf(1, 12, "--facet"));
    for (const store::PointRow& point : points)
    {
        grid.Add(point);
    }
    EXPECT_EQ(grid.At(0, 0, 0).Share(), 1);
    EXPECT_EQ(grid.At(1, 0, 0).Share(), 0);
}

TEST(Grid, DoesNotTakeLostConnectionsForConnected)
{
    store::ConnectionRow lost = Connected(1);
    lost.verdict = "lost";
    Grid grid{Scale(), Scale(), Scale()};
    grid.Add(Point({}, {lost, Connected(1)}));
    EXPECT_EQ(grid.At(0, 0, 0).Share(), 0.5);
}

TEST(Reasons, NameReasonAndStage)
{
    EXPECT_EQ(EndOf(Connected(1)), "connected");
    EXPECT_EQ(EndOf(Failed("nat.filtered", "ike-main")), "nat.filtered (ike-main)");
    EXPECT_EQ(EndOf(Failed("nat.filtered", "")), "nat.filtered");
    EXPECT_EQ(EndOf(Failed("", "ike-main")), "failed (ike-main)");
    store::ConnectionRow lost = Failed("nat.expired", "data");
    lost.verdict = "lost";
    EXPECT_EQ(EndOf(lost), "lost: nat.expired (data)");
    store::ConnectionRow waiting;
    waiting.verdict = "not-started";
    EXPECT_EQ(EndOf(waiting), "not-started");
}

TEST(Reasons, BeginWithConnectedAndGoOnWithTheMostFrequent)
{
    const ReasonBars bars =
        BarsOf({{"rare", 1}, {"frequent", 5}, {"b", 2}, {"connected", 1}, {"a", 2}}, 7);
    EXPECT_THAT(bars.ends, ElementsAre("connected", "frequent", "a", "b", "rare"));
    EXPECT_THAT(bars.counts, ElementsAre(ElementsAre(1, 5, 2, 2, 1)));
    EXPECT_EQ(bars.Total(0), 11U);
}

TEST(Reasons, PutTheRestTogether)
{
    const ReasonBars bars = BarsOf({{"a", 4}, {"b", 3}, {"c", 2}, {"d", 1}}, 2);
    EXPECT_THAT(bars.ends, ElementsAre("connected", "a", "b", "other"));
    EXPECT_THAT(bars.counts, ElementsAre(ElementsAre(0, 4, 3, 3)));
}

TEST(Reasons, NameTheLastOneWhenItIsAlone)
{
    EXPECT_THAT(BarsOf({{"a", 4}, {"b", 3}, {"c", 2}}, 2).ends,
                ElementsAre("connected", "a", "b", "c"));
}

TEST(Reasons, AreCountedForEachBar)
{
    const std::vector<store::PointRow> points{
        Point({"x"}, {Connected(1), Failed("a", "")}),
        Point({"y"}, {Failed("a", ""), Failed("b", "")}),
        Point({"y"}, {Failed("a", "")}),
    };
    ReasonCounter counter(SurveyOf(Identity({"axis"}), points).ScaleOf(0, 60, "--x"));
    for (const store::PointRow& point : points)
    {
        counter.Add(point);
    }
    EXPECT_THAT(counter.Bars(7).counts, ElementsAre(ElementsAre(1, 1, 0), ElementsAre(0, 2, 1)));
}

} // namespace nattlab::figures
