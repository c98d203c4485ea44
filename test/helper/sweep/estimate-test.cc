// SPDX-License-Identifier: GPL-2.0-only
#include "helper/sweep/estimate.h"

#include "test/helper/sweep/small-sweep.h"

#include <limits>
#include <string>

using namespace nattlab;
using namespace nattlab::sweep;

namespace
{

constexpr double ANY_TIME = std::numeric_limits<double>::infinity();

/** The small sweep with so many seeds for each of 8 points. */
std::string
WithReplicates(int replicates)
{
    std::string text = test::SMALL_SWEEP;
    const std::string three = "\"replicates\": 3";
    return text.replace(
        text.find(three), three.size(), "\"replicates\": " + std::to_string(replicates));
}

} // namespace

using EstimateTest = test::SmallSweep;

TEST_F(EstimateTest, RunsAllOfAFewPoints)
{
    const Estimate estimate = EstimateCost(MakePlan(), Load(), ANY_TIME);
    EXPECT_EQ(estimate.tried, 24u);
    EXPECT_EQ(estimate.invalid, 0u);
    EXPECT_GT(estimate.secondsEach, 0);
}

TEST_F(EstimateTest, RunsAtMost200OfMany)
{
    const Plan plan = MakePlan(WithReplicates(49)); // 392 points
    EXPECT_EQ(EstimateCost(plan, Load(), ANY_TIME).tried, 196u);
}

TEST_F(EstimateTest, RunsOnePointWhenThereIsNoTime)
{
    EXPECT_EQ(EstimateCost(MakePlan(), Load(), 0).tried, 1u);
}
