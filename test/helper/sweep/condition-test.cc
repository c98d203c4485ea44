// SPDX-License-Identifier: GPL-2.0-only
#include "test/helper/sweep/sweep-text.h"

#include <gmock/gmock.h>

using namespace nattlab;
using namespace nattlab::sweep;
using namespace nattlab::test;
using ::testing::ElementsAre;
using ::testing::HasSubstr;

namespace
{

const std::string AXES = R"(
    "nat": {"pointer": "/boxes/home/nat/preset", "values": ["home-router", "symmetric", "pf-like"]},
    "delay": {"pointer": "/links/access/delay", "range": {"from": "1 ms", "to": "3 ms", "step": "1 ms"}})";

/** \return the points that a condition lets through. */
std::vector<std::string>
Kept(const std::string& when)
{
    return PointsOf(PlanOf(AXES, "\"when\": " + when));
}

} // namespace

TEST(Condition, AValueOrOneOfSeveral)
{
    EXPECT_THAT(Kept(R"({"nat": "symmetric"})"),
                ElementsAre("symmetric 1", "symmetric 2", "symmetric 3"));
    EXPECT_THAT(Kept(R"({"nat": ["symmetric", "pf-like"], "delay": "2 ms"})"),
                ElementsAre("symmetric 2", "pf-like 2"));
}

TEST(Condition, AQuantityInAnyUnitOfItsKind)
{
    EXPECT_THAT(Kept(R"({"nat": "symmetric", "delay": "0.002 s"})"), ElementsAre("symmetric 2"));
}

TEST(Condition, ComparisonsHaveTheirEndsOrNot)
{
    const std::string head = R"({"nat": "symmetric", "delay": )";
    EXPECT_THAT(Kept(head + R"({"below": "2 ms"}})"), ElementsAre("symmetric 1"));
    EXPECT_THAT(Kept(head + R"({"atMost": "2 ms"}})"), ElementsAre("symmetric 1", "symmetric 2"));
    EXPECT_THAT(Kept(head + R"({"atLeast": "2 ms"}})"), ElementsAre("symmetric 2", "symmetric 3"));
    EXPECT_THAT(Kept(head + R"({"above": "2 ms"}})"), ElementsAre("symmetric 3"));
    EXPECT_THAT(Kept(head + R"({"above": "1 ms", "below": "3 ms"}})"), ElementsAre("symmetric 2"));
}

TEST(Condition, NotInsideAndOutsideOfAnAxis)
{
    EXPECT_THAT(Kept(R"({"nat": {"not": ["symmetric", "pf-like"]}, "delay": {"not": "2 ms"}})"),
                ElementsAre("home-router 1", "home-router 3"));
    EXPECT_EQ(Kept(R"({"not": {"nat": "symmetric", "delay": "2 ms"}})").size(), 8U);
    EXPECT_THAT(Kept(R"({"nat": "pf-like", "delay": {"not": {"above": "1 ms"}}})"),
                ElementsAre("pf-like 1"));
}

TEST(Condition, AnyAndAllJoinConditions)
{
    EXPECT_THAT(Kept(R"({"any": [{"nat": "symmetric", "delay": "1 ms"}, {"delay": "3 ms"}]})"),
                ElementsAre("home-router 3", "symmetric 1", "symmetric 3", "pf-like 3"));
    EXPECT_THAT(Kept(R"({"all": [{"nat": {"not": "pf-like"}}, {"delay": "3 ms"}]})"),
                ElementsAre("home-router 3", "symmetric 3"));
    EXPECT_THAT(Kept(R"([{"nat": {"not": "pf-like"}}, {"delay": "3 ms"}])"),
                ElementsAre("home-router 3", "symmetric 3"));
}

TEST(Condition, NumbersTruthsAndListsAreFoundAsTheyStand)
{
    const std::string axes =
        R"("x": {"pointer": "/traffic/ping/x", "values": [1, 2.5, true, null, [500]]})";
    EXPECT_THAT(PointsOf(PlanOf(axes, R"("when": {"x": [2.5, true]})")),
                ElementsAre("2.5", "true"));
    EXPECT_THAT(PointsOf(PlanOf(axes, R"("when": {"x": [[500], null]})")),
                ElementsAre("null", "[500]"));
    EXPECT_THAT(PointsOf(PlanOf(axes, R"("when": {"x": [500]})")), ElementsAre("[500]"));
    EXPECT_THAT(
        PointsOf(PlanOf(R"("x": {"pointer": "/y", "range": {"from": 1, "to": 9, "step": 1}})",
                        R"("when": {"x": {"above": 7}})")),
        ElementsAre("8", "9"));
}

TEST(Condition, PatchesAreNamedByTheirLabels)
{
    const std::string axes = R"("p": {"patches": {"a": {}, "b": {}, "10 s": {}}})";
    EXPECT_THAT(PointsOf(PlanOf(axes, R"("when": {"p": ["b", "10 s"]})")),
                ElementsAre("b", "10 s"));
}

TEST(Condition, AContinuousAxisIsCompared)
{
    const Plan plan = PlanOf(
        R"("d": {"pointer": "/links/access/delay", "range": {"from": "0 ms", "to": "10 ms"}})",
        R"("sample": {"kind": "random", "points": 1000},
           "when": [{"d": {"atLeast": "0.002 s", "below": "4 ms"}}])");
    EXPECT_EQ(plan.Combinations(), 1000U);
    EXPECT_NEAR(static_cast<double>(plan.Kept()), 200, 50);
    for (store::PointId id = 1; id <= plan.Size(); ++id)
    {
        const double delay = std::get<double>(plan.At(id).values[0]);
        EXPECT_GE(delay, 2);
        EXPECT_LT(delay, 4);
    }
}

TEST(Condition, EveryFaultIsToldWithItsPlace)
{
    EXPECT_THAT(Refusal(AXES, R"("when": {"any": []})"),
                HasSubstr("/when/any: expected at least one condition, found none"));
    EXPECT_THAT(Refusal(AXES, R"("when": {"any": [{"nt": 1}, 5]})"),
                testing::AllOf(HasSubstr("/when/any/0/nt: expected the name of an axis"),
                               HasSubstr("/when/any/1: expected a condition")));
    EXPECT_THAT(Refusal(AXES, R"("when": {"delay": {}})"), HasSubstr("expected a comparison"));
    EXPECT_THAT(Refusal(AXES, R"("when": {"delay": "7 ms"})"),
                HasSubstr("expected a value of axis \"delay\", found \"7 ms\""));
}
