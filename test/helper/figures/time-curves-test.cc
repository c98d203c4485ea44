// SPDX-License-Identifier: GPL-2.0-only
/**
 * \file
 * The numbers behind the distribution of times, and its bands.
 */
#include "helper/figures/time-curves.h"
#include "test/helper/figures/sample.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

namespace nattlab::figures
{

namespace
{

using ::testing::DoubleEq;
using ::testing::Each;
using ::testing::ElementsAre;

TimeCurves
CurvesOf(const std::vector<store::PointRow>& points)
{
    TimeCollector collector{Scale()};
    for (const store::PointRow& point : points)
    {
        collector.Add(point);
    }
    return collector.Curves();
}

/** \return points of so many replicates, of which each odd one connects after a second. */
std::vector<store::PointRow>
HalfConnected(std::uint64_t replicates)
{
    std::vector<store::PointRow> points;
    for (std::uint64_t replicate = 1; replicate <= replicates; ++replicate)
    {
        points.push_back(Point({}, {replicate % 2 == 1 ? Connected(1) : Failed("r")}, replicate));
    }
    return points;
}

} // namespace

TEST(TimeCurves, EndAtTheShareOfAllThatConnects)
{
    const TimeCurves curves =
        CurvesOf({Point({}, {Connected(2), Connected(1), Connected(2), Failed("r")})});
    ASSERT_EQ(curves.curves.size(), 1U);
    const TimeCurve& curve = curves.curves.front();
    EXPECT_THAT(curves.times, ElementsAre(1, 2));
    EXPECT_THAT(curve.share, ElementsAre(0.25, 0.75));
    EXPECT_EQ(curve.connections, 4U);
    EXPECT_EQ(curve.connected, 3U);
    EXPECT_FALSE(curves.thinned);
}

TEST(TimeCurves, LeaveOutTheTimesOfConnectionsThatFail)
{
    const TimeCurves curves = CurvesOf({Point({}, {Failed("r"), Failed("r")})});
    EXPECT_TRUE(curves.times.empty());
    ASSERT_EQ(curves.curves.size(), 1U);
    EXPECT_EQ(curves.curves.front().connected, 0U);
    EXPECT_EQ(curves.curves.front().connections, 2U);
}

TEST(TimeCurves, ShareTheirTimes)
{
    const std::vector<store::PointRow> points{
        Point({"a"}, {Connected(1)}),
        Point({"b"}, {Connected(3)}),
        Point({"c"}, {}),
    };
    TimeCollector collector(SurveyOf(Identity({"axis"}), points).ScaleOf(0, 8, "--by"));
    for (const store::PointRow& point : points)
    {
        collector.Add(point);
    }
    const TimeCurves curves = collector.Curves();
    ASSERT_EQ(curves.curves.size(), 2U); // none where nothing ran
    EXPECT_EQ(curves.curves[0].label, "a");
    EXPECT_THAT(curves.curves[0].share, ElementsAre(1, 1));
    EXPECT_THAT(curves.curves[1].share, ElementsAre(0, 1));
}

TEST(TimeCurves, AreExactWhereTheyAreThinned)
{
    std::vector<store::PointRow> points;
    for (int i = 1; i <= 5000; ++i)
    {
        points.push_back(Point({}, {Connected(1 + i * 0.001)}));
    }
    const TimeCurves curves = CurvesOf(points);
    EXPECT_TRUE(curves.thinned);
    ASSERT_EQ(curves.times.size(), TimeCollector::MOST_TIMES);
    EXPECT_EQ(curves.times.back(), 6);
    EXPECT_EQ(curves.curves.front().share.back(), 1);
    for (std::size_t i = 0; i < curves.times.size(); ++i)
    {
        EXPECT_NEAR(curves.curves.front().share[i], (curves.times[i] - 1) / 5, 0.0003);
    }
}

TEST(TimeCurves, AreLogarithmicWhereTimesAreFarApart)
{
    EXPECT_FALSE(CurvesOf({Point({}, {Connected(1), Connected(29)})}).logarithmic);
    EXPECT_TRUE(CurvesOf({Point({}, {Connected(1), Connected(31)})}).logarithmic);
    EXPECT_FALSE(CurvesOf({Point({}, {Connected(0), Connected(31)})}).logarithmic);
}

TEST(TimeCurves, HaveTheBandOfDvoretzkyKieferAndWolfowitzForOneSeed)
{
    EXPECT_NEAR(DkwHalfWidth(100), 0.1358102, 1e-6); // sqrt(ln 40 / 200)
    std::vector<store::ConnectionRow> connections(50, Connected(1));
    connections.resize(100, Failed("r"));
    const TimeCurves curves = CurvesOf({Point({}, connections)});
    EXPECT_EQ(curves.band, BandKind::Dkw);
    EXPECT_NEAR(curves.curves.front().low.front(), 0.3641898, 1e-6);
    EXPECT_NEAR(curves.curves.front().high.front(), 0.6358102, 1e-6);
}

TEST(TimeCurves, KeepTheBandBetweenNoneAndAll)
{
    const TimeCurves curves = CurvesOf({Point({}, {Connected(1), Connected(2)})});
    EXPECT_THAT(curves.curves.front().low, ElementsAre(0, DoubleEq(1 - DkwHalfWidth(2))));
    EXPECT_THAT(curves.curves.front().high, Each(1));
}

TEST(TimeCurves, HaveABandOfSeedsWhereThereAreEnough)
{
    EXPECT_EQ(CurvesOf(HalfConnected(4)).band, BandKind::Dkw);
    const TimeCurves curves = CurvesOf(HalfConnected(100));
    EXPECT_EQ(curves.band, BandKind::Bootstrap);
    EXPECT_EQ(curves.replicates, 100U);
    const TimeCurve& curve = curves.curves.front();
    EXPECT_THAT(curve.share, ElementsAre(0.5));
    // The number of ones among 100 draws has the standard deviation 5: 1.96 of them each way.
    EXPECT_NEAR(curve.low.front(), 0.402, 0.02);
    EXPECT_NEAR(curve.high.front(), 0.598, 0.02);
}

TEST(TimeCurves, HaveABandWithoutHeightWhereAllSeedsAgree)
{
    std::vector<store::PointRow> points;
    for (std::uint64_t replicate = 1; replicate <= 10; ++replicate)
    {
        points.push_back(Point({}, {Connected(1), Connected(2), Failed("r")}, replicate));
    }
    const TimeCurve curve = CurvesOf(points).curves.front();
    EXPECT_THAT(curve.low, ElementsAre(DoubleEq(1 / 3.0), DoubleEq(2 / 3.0)));
    EXPECT_EQ(curve.low, curve.high);
}

TEST(TimeCurves, TakeManyReplicatesTogether)
{
    const TimeCurves curves = CurvesOf(HalfConnected(1000));
    EXPECT_EQ(curves.replicates, TimeCollector::GROUPS + 1);
    EXPECT_EQ(curves.curves.front().connections, 1000U);
}

TEST(TimeCurves, AreTheSameWhateverTheOrderOfPoints)
{
    std::vector<store::PointRow> points;
    for (std::uint64_t i = 0; i < 600; ++i)
    {
        points.push_back(Point({}, {Connected(1 + static_cast<double>(i * 37 % 601))}, i % 20));
    }
    const TimeCurves forward = CurvesOf(points);
    const TimeCurves backward = CurvesOf({points.rbegin(), points.rend()});
    EXPECT_EQ(forward.times, backward.times);
    EXPECT_EQ(forward.curves.front().share, backward.curves.front().share);
    EXPECT_EQ(forward.curves.front().low, backward.curves.front().low);
    EXPECT_EQ(forward.curves.front().high, backward.curves.front().high);
}

} // namespace nattlab::figures
