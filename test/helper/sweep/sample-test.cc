// SPDX-License-Identifier: GPL-2.0-only
#include "test/helper/sweep/sweep-text.h"

#include <algorithm>
#include <cmath>
#include <gmock/gmock.h>
#include <map>
#include <set>

using namespace nattlab;
using namespace nattlab::sweep;
using namespace nattlab::test;
using ::testing::HasSubstr;

namespace
{

const std::string DELAY =
    R"("delay": {"pointer": "/links/access/delay", "range": {"from": "1 ms", "to": "1 s", "scale": "log"}})";
const std::string LOSS =
    R"("loss": {"pointer": "/links/access/loss", "range": {"from": "0 %", "to": "30 %"}})";
const std::string NAT =
    R"("nat": {"pointer": "/boxes/home/nat/preset", "values": ["home-router", "symmetric", "pf-like"]})";

std::string
Drawn(const std::string& kind, int points, int seed = 7)
{
    return R"("sample": {"kind": ")" + kind + R"(", "points": )" + std::to_string(points) +
           R"(, "seed": )" + std::to_string(seed) + "}";
}

/** \return the numbers of an axis at all points. */
std::vector<double>
Numbers(const Plan& plan, std::size_t axis)
{
    std::vector<double> numbers;
    for (store::PointId id = 1; id <= plan.Size(); ++id)
    {
        numbers.push_back(std::get<double>(plan.At(id).values[axis]));
    }
    return numbers;
}

double
Correlation(const std::vector<double>& a, const std::vector<double>& b)
{
    double sumA = 0;
    double sumB = 0;
    for (std::size_t i = 0; i < a.size(); ++i)
    {
        sumA += a[i];
        sumB += b[i];
    }
    double ab = 0;
    double aa = 0;
    double bb = 0;
    for (std::size_t i = 0; i < a.size(); ++i)
    {
        const double x = a[i] - sumA / static_cast<double>(a.size());
        const double y = b[i] - sumB / static_cast<double>(b.size());
        ab += x * y;
        aa += x * x;
        bb += y * y;
    }
    return ab / std::sqrt(aa * bb);
}

} // namespace

TEST(Sample, ALatinHypercubeMeetsEachPartOfEachAxisOnce)
{
    const Plan plan = PlanOf(DELAY + "," + LOSS, Drawn("latin-hypercube", 100));
    EXPECT_EQ(plan.Size(), 100U);
    std::set<int> delays;
    std::set<int> losses;
    for (const double delay : Numbers(plan, 0))
    {
        EXPECT_GE(delay, 1);
        EXPECT_LE(delay, 1000);
        delays.insert(static_cast<int>(std::log10(delay) / 3 * 100));
    }
    for (const double loss : Numbers(plan, 1))
    {
        losses.insert(static_cast<int>(loss / 30 * 100));
    }
    EXPECT_EQ(delays.size(), 100U);
    EXPECT_EQ(losses.size(), 100U);
    EXPECT_LT(std::fabs(Correlation(Numbers(plan, 0), Numbers(plan, 1))), 0.3);
}

TEST(Sample, ALatinHypercubeTakesTheValuesOfAListEquallyOften)
{
    const Plan plan = PlanOf(NAT + "," + DELAY, Drawn("latin-hypercube", 100));
    std::map<std::string, int> counts;
    for (store::PointId id = 1; id <= plan.Size(); ++id)
    {
        ++counts[std::get<std::string>(plan.At(id).values[0])];
    }
    ASSERT_EQ(counts.size(), 3U);
    for (const auto& [nat, count] : counts)
    {
        EXPECT_GE(count, 33) << nat;
        EXPECT_LE(count, 34) << nat;
    }
    const auto points = PointsOf(plan);
    EXPECT_FALSE(std::is_sorted(points.begin(), points.end()));
}

TEST(Sample, RandomDrawsAreUniformAndIndependent)
{
    const Plan plan = PlanOf(DELAY + "," + LOSS + "," + NAT, Drawn("random", 2000));
    const auto losses = Numbers(plan, 1);
    std::vector<double> logs = Numbers(plan, 0);
    std::transform(
        logs.begin(), logs.end(), logs.begin(), [](double delay) { return std::log10(delay); });
    EXPECT_NEAR(static_cast<double>(
                    std::count_if(logs.begin(), logs.end(), [](double log) { return log < 1; })),
                667,
                90);
    EXPECT_NEAR(static_cast<double>(std::count_if(
                    losses.begin(), losses.end(), [](double loss) { return loss < 15; })),
                1000,
                100);
    EXPECT_LT(std::fabs(Correlation(logs, losses)), 0.08);
    EXPECT_LT(std::fabs(Correlation({losses.begin(), losses.end() - 1},
                                    {losses.begin() + 1, losses.end()})),
              0.08);
    std::map<std::string, int> counts;
    for (store::PointId id = 1; id <= plan.Size(); ++id)
    {
        ++counts[std::get<std::string>(plan.At(id).values[2])];
    }
    for (const auto& [nat, count] : counts)
    {
        EXPECT_NEAR(count, 667, 90) << nat;
    }
}

TEST(Sample, TheSameSeedDrawsTheSamePointsAndAnotherOneOthers)
{
    for (const std::string kind : {"random", "latin-hypercube"})
    {
        const auto points = PointsOf(PlanOf(DELAY + "," + NAT, Drawn(kind, 50)));
        EXPECT_EQ(PointsOf(PlanOf(DELAY + "," + NAT, Drawn(kind, 50))), points);
        EXPECT_NE(PointsOf(PlanOf(DELAY + "," + NAT, Drawn(kind, 50, 8))), points);
    }
}

TEST(Sample, DrawsDoNotDependOnMachineOrRun)
{
    EXPECT_THAT(
        PointsOf(PlanOf(DELAY + "," + NAT, Drawn("random", 3))),
        testing::ElementsAre("73.7128 home-router", "7.74531 symmetric", "16.2182 home-router"));
    EXPECT_THAT(
        PointsOf(PlanOf(DELAY + "," + NAT, Drawn("latin-hypercube", 3))),
        testing::ElementsAre("2.53124 symmetric", "27.6137 pf-like", "987.655 home-router"));
}

TEST(Sample, AnotherAxisDoesNotChangeTheDrawsOfTheFirst)
{
    EXPECT_EQ(Numbers(PlanOf(DELAY, Drawn("random", 20)), 0),
              Numbers(PlanOf(NAT + "," + DELAY, Drawn("random", 20)), 1));
}

TEST(Sample, AWholeRangeDrawsEachWholeNumberAlike)
{
    const Plan plan = PlanOf(R"("x": {"pointer": "/y", "range": {"from": 1, "to": 4}})",
                             Drawn("latin-hypercube", 400));
    std::map<std::int64_t, int> counts;
    for (store::PointId id = 1; id <= plan.Size(); ++id)
    {
        ++counts[std::get<std::int64_t>(plan.At(id).values[0])];
    }
    EXPECT_EQ(counts, (std::map<std::int64_t, int>{{1, 100}, {2, 100}, {3, 100}, {4, 100}}));
    EXPECT_TRUE(ValueAt(plan, 1, "/y").is_number_integer());
}

TEST(Sample, ZippedRangesShareTheirDraw)
{
    const Plan plan = PlanOf(
        LOSS +
            R"(, "other": {"pointer": "/links/lan/loss", "range": {"from": "0 %", "to": "60 %"}})",
        Drawn("random", 30) + R"(, "zip": [["loss", "other"]])");
    const auto losses = Numbers(plan, 0);
    const auto others = Numbers(plan, 1);
    for (std::size_t i = 0; i < losses.size(); ++i)
    {
        EXPECT_NEAR(others[i], 2 * losses[i], 1e-3);
    }
}

TEST(Sample, KeepsWhatIsDrawnTwice)
{
    const Plan plan = PlanOf(NAT, Drawn("random", 20));
    EXPECT_EQ(plan.Size(), 20U);
    const auto points = PointsOf(plan);
    EXPECT_EQ(std::set<std::string>(points.begin(), points.end()).size(), 3U);
}

TEST(Sample, WhatIsShownIsWhatStandsInTheScenario)
{
    const Plan plan = PlanOf(DELAY, Drawn("random", 200));
    for (store::PointId id = 1; id <= plan.Size(); ++id)
    {
        const store::AxisValue value = plan.At(id).values[0];
        const auto text = ValueAt(plan, id, "/links/access/delay").get<std::string>();
        EXPECT_EQ(ValueText(value, "ms"), text);
        EXPECT_EQ(std::stod(text), std::get<double>(value));
        EXPECT_LE(text.size(), std::string("0.000000 ms").size());
    }
}

TEST(Sample, DrawsFromManyMoreCombinationsThanItTakes)
{
    std::string axes;
    for (const char name : {'a', 'b', 'c', 'd'})
    {
        axes += std::string(axes.empty() ? "\"" : ", \"") + name + R"(": {"pointer": "/links/)" +
                name + R"(", "range": {"from": 1, "to": 1000, "step": 1}})";
    }
    EXPECT_EQ(PlanOf(axes, Drawn("random", 10)).Size(), 10U);
    EXPECT_THAT(Refusal(axes), HasSubstr("more than 10000000 combinations"));
    EXPECT_THAT(Refusal(axes, R"("when": {"a": 1})"),
                HasSubstr("more than 100000000 combinations"));
    EXPECT_THAT(Refusal(NAT, R"("replicates": 1000000,)" + Drawn("random", 11)),
                HasSubstr("more than 10000000 points with their replicates"));
}
