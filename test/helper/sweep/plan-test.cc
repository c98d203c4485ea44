// SPDX-License-Identifier: GPL-2.0-only
#include "test/helper/sweep/sweep-text.h"

#include "helper/scenario/document.h"

#include <gmock/gmock.h>

using namespace nattlab;
using namespace nattlab::sweep;
using namespace nattlab::test;
using scenario::Json;
using ::testing::ElementsAre;
using ::testing::HasSubstr;
using ::testing::Not;

namespace
{

const std::string NAT = R"("nat": {"pointer": "/boxes/home/nat/preset",
                                   "values": ["home-router", "symmetric"]})";
const std::string DELAY = R"("delay": {"pointer": "/links/access/delay",
                                       "range": {"from": "1 ms", "to": "3 ms", "step": "1 ms"}})";
const std::string MTU = R"("mtu": {"pointer": "/links/access/mtu",
                                   "values": ["1500 bytes", "1400 bytes"]})";

/** A sweep with one of everything. */
const std::string RICH_AXES = NAT + "," + DELAY + "," + MTU + R"(, "policy": {"patches": {
    "open": {}, "home": {"boxes": {"home": {"firewall": {"preset": "stateful-home"}}}}}})";
const std::string RICH_REST = R"("zip": [["nat", "mtu"]], "replicates": 2,
    "when": [{"not": {"policy": "home", "delay": "2 ms"}}],
    "derive": [{"pointer": "/hosts/client/fqdn", "text": "{nat}.{seed}.example.net"},
               {"pointer": "/links/lan/delay", "of": "delay", "times": 2}])";

} // namespace

TEST(Plan, TheLastAxisVariesFastestAndReplicatesFastestOfAll)
{
    const Plan plan = PlanOf(NAT + "," + MTU, R"("replicates": 2)");
    EXPECT_THAT(PointsOf(plan),
                ElementsAre("home-router 1500",
                            "home-router 1500",
                            "home-router 1400",
                            "home-router 1400",
                            "symmetric 1500",
                            "symmetric 1500",
                            "symmetric 1400",
                            "symmetric 1400"));
}

TEST(Plan, AxesKeepTheOrderOfTheFile)
{
    EXPECT_EQ(PlanOf(NAT + "," + MTU + "," + DELAY).Axes()[2].name, "delay");
    EXPECT_EQ(PlanOf(DELAY + "," + NAT + "," + MTU).Axes()[2].name, "mtu");
}

TEST(Plan, ZippedAxesGoTogetherWhereTheirFirstOneStands)
{
    EXPECT_THAT(PointsOf(PlanOf(NAT + "," + DELAY + "," + MTU, R"("zip": [["mtu", "nat"]])")),
                ElementsAre("home-router 1 1500",
                            "home-router 2 1500",
                            "home-router 3 1500",
                            "symmetric 1 1400",
                            "symmetric 2 1400",
                            "symmetric 3 1400"));
}

TEST(Plan, WithoutAxesItIsTheBaseWithItsReplicates)
{
    const Plan plan = PlanOf("", R"("replicates": 3)");
    EXPECT_EQ(plan.Size(), 3U);
    EXPECT_TRUE(plan.At(3).values.empty());
    EXPECT_TRUE(plan.Validate().empty());
}

TEST(Plan, ReplicatesCountTheBasesSeedUp)
{
    const Plan plan = PlanOf(NAT, R"("replicates": 3)");
    EXPECT_EQ(plan.At(5).replicate, 2U);
    EXPECT_EQ(plan.At(5).seed, 2U);
    EXPECT_EQ(ValueAt(plan, 6, "/seed"), 3);
    scenario::LoadOptions options;
    options.overrides = {{"/seed", "70"}};
    const Plan other = Plan::ReadText(SweepText(NAT, R"("replicates": 3)"), SWEEP_FILE, options);
    EXPECT_EQ(other.At(2).seed, 71U);
}

TEST(Plan, SeedsCanBeNamed)
{
    const Plan plan = PlanOf(NAT, R"("seeds": [9, 4])");
    EXPECT_EQ(plan.Size(), 4U);
    EXPECT_EQ(plan.At(2).seed, 4U);
    EXPECT_EQ(plan.At(2).replicate, 2U);
    EXPECT_EQ(ValueAt(plan, 3, "/seed"), 9);
}

TEST(Plan, FiltersLeaveOutAndNumbersHaveNoGaps)
{
    const Plan plan = PlanOf(RICH_AXES, RICH_REST);
    EXPECT_EQ(plan.Combinations(), 12U);
    EXPECT_EQ(plan.Kept(), 10U);
    EXPECT_EQ(plan.Size(), 20U);
    for (store::PointId id = 1; id <= plan.Size(); ++id)
    {
        const Point point = plan.At(id);
        EXPECT_EQ(point.id, id);
        EXPECT_FALSE(point.values[3] == store::AxisValue(std::string("home")) &&
                     point.values[1] == store::AxisValue(2.0));
    }
}

TEST(Plan, PointsAndScenariosAreThoseOfNestedLoops)
{
    const Plan plan = PlanOf(RICH_AXES, RICH_REST);
    std::vector<scenario::Problem> problems;
    const auto base = scenario::Document::Read(
        NATTLAB_SOURCE_DIR "/scenarios/article/xp-behind-home-nat.json", problems);
    store::PointId id = 0;
    for (const auto& [nat, mtu] :
         {std::pair("home-router", "1500 bytes"), std::pair("symmetric", "1400 bytes")})
    {
        for (const int delay : {1, 2, 3})
        {
            for (const bool home : {false, true})
            {
                for (int seed = 1; seed <= 2 && !(home && delay == 2); ++seed)
                {
                    Json expected = base->value;
                    expected.erase("$schema");
                    expected.erase("expect");
                    expected["boxes"]["home"]["nat"]["preset"] = nat;
                    expected["links"]["access"]["delay"] = std::to_string(delay) + " ms";
                    expected["links"]["access"]["mtu"] = mtu;
                    if (home)
                    {
                        expected["boxes"]["home"]["firewall"]["preset"] = "stateful-home";
                    }
                    expected["hosts"]["client"]["fqdn"] =
                        std::string(nat) + '.' + std::to_string(seed) + ".example.net";
                    expected["links"]["lan"]["delay"] = std::to_string(2 * delay) + " ms";
                    expected["seed"] = seed;
                    EXPECT_EQ(plan.DocumentOf(plan.At(++id)), expected) << id;
                }
            }
        }
    }
    EXPECT_EQ(id, plan.Size());
}

TEST(Plan, AResolvedDocumentMakesTheSamePlan)
{
    for (const std::string& sample :
         {std::string(), std::string(R"(, "sample": {"kind": "random", "points": 40})")})
    {
        const Plan plan = PlanOf(RICH_AXES + R"(, "s": {"pointer": "/hosts/client/system",
                                   "presets": {"kind": "systems", "tags": ["windows-xp"]}})",
                                 RICH_REST + sample);
        const Plan again = Plan::FromDocument(plan.Document(), {});
        EXPECT_EQ(again.Document(), plan.Document());
        EXPECT_EQ(again.Hash(), plan.Hash());
        EXPECT_EQ(again.Size(), plan.Size());
        EXPECT_EQ(PointsOf(again), PointsOf(plan));
        for (store::PointId id = 1; id <= plan.Size(); ++id)
        {
            EXPECT_EQ(again.DocumentOf(again.At(id)), plan.DocumentOf(plan.At(id)));
        }
    }
}

TEST(Plan, TheHashIsOfWhatIsAskedNotOfHowItIsWritten)
{
    const Plan plan = PlanOf(NAT);
    EXPECT_EQ(plan.Hash().size(), 64U);
    std::string spaced = SweepText(NAT, R"("description": "d")");
    spaced.insert(1, "\n  \"$schema\": \"../sweep-schema.json\",");
    EXPECT_EQ(Plan::ReadText(spaced, SWEEP_FILE, {}).Hash(), plan.Hash());
    EXPECT_NE(PlanOf(DELAY).Hash(), plan.Hash());
    EXPECT_NE(PlanOf(NAT, R"("replicates": 2)").Hash(), plan.Hash());
    EXPECT_NE(PlanOf(NAT + "," + MTU).Hash(), PlanOf(MTU + "," + NAT).Hash());
}

TEST(Plan, OverridesGoIntoTheBase)
{
    scenario::LoadOptions options;
    options.overrides = {{"/links/lan/delay", "77 ms"}};
    const Plan plan = Plan::ReadText(SweepText(NAT), SWEEP_FILE, options);
    EXPECT_EQ(ValueAt(plan, 1, "/links/lan/delay"), "77 ms");
    EXPECT_NE(plan.Hash(), PlanOf(NAT).Hash());
    const Plan again = Plan::FromDocument(plan.Document(), {});
    EXPECT_EQ(ValueAt(again, 1, "/links/lan/delay"), "77 ms");
}

TEST(Plan, TheBasesExpectationIsNotThatOfThePoints)
{
    const Plan plan = PlanOf(NAT);
    EXPECT_FALSE(plan.DocumentOf(plan.At(1)).contains("expect"));
}

TEST(Plan, RefusesNumbersThatAreNoPoint)
{
    const Plan plan = PlanOf(NAT);
    EXPECT_THROW(plan.At(0), std::out_of_range);
    EXPECT_THROW(plan.At(3), std::out_of_range);
}

TEST(Plan, APointerThatAPatchBreaksNamesAxisAndValue)
{
    const Plan plan =
        PlanOf(R"("p": {"patches": {"fine": {}, "odd": {"links": {"access": "none"}}}},)" + DELAY);
    EXPECT_NO_THROW(plan.DocumentOf(plan.At(1)));
    try
    {
        plan.DocumentOf(plan.At(4));
        ADD_FAILURE() << "it was made";
    }
    catch (const scenario::ScenarioErrors& errors)
    {
        EXPECT_THAT(errors.what(),
                    HasSubstr("axis \"delay\", value \"1 ms\": /links/access/delay: leads into "
                              "/links/access, which is \"none\""));
    }
    EXPECT_FALSE(plan.Validate().empty());
}

TEST(Plan, ValidationIsSilentForAValidSweep)
{
    for (const auto& problem : PlanOf(RICH_AXES, RICH_REST).Validate())
    {
        ADD_FAILURE() << problem.ToString();
    }
}

TEST(Plan, ValidationTellsEachProblemOnceWithAxisAndValue)
{
    const Plan plan = PlanOf(R"("nat": {"pointer": "/boxes/home/nat/preset",
                                        "values": ["home-router", "home-ruoter", "x"]},
                                "mtu": {"pointer": "/links/access/mtu",
                                        "values": ["10 bytes", "1400 bytes"]})",
                             R"("replicates": 4)");
    std::vector<std::string> texts;
    for (const auto& problem : plan.Validate())
    {
        texts.push_back(problem.ToString());
        EXPECT_EQ(problem.file, SWEEP_FILE);
        EXPECT_GT(problem.line, 1U); // SweepText() begins in the first one
    }
    EXPECT_THAT(texts,
                testing::UnorderedElementsAre(
                    HasSubstr("/axes/mtu/values/0: axis \"mtu\", value \"10 bytes\": "
                              "/links/access/mtu: expected"),
                    HasSubstr("/axes/nat/values/1: axis \"nat\", value \"home-ruoter\": "
                              "/boxes/home/nat/preset: expected"),
                    HasSubstr("/axes/nat/values/2: axis \"nat\", value \"x\"")));
}

TEST(Plan, ValidationNamesAValueOfACombinationThatIsAtFault)
{
    // Neither address is wrong, but two hosts must not have the same one.
    const Plan plan = PlanOf(R"("a": {"pointer": "/boxes/internet/interfaces/inside/address",
                                      "values": ["203.0.113.1/24", "203.0.113.5/24"]},
                                "b": {"pointer": "/boxes/home/interfaces/outside/address",
                                      "values": ["203.0.113.5/24", "203.0.113.2/24"]})",
                             R"("derive": [{"pointer": "/boxes/home/gateway", "of": "a",
                                            "map": {"203.0.113.5/24": "203.0.113.5"}}],
                                "when": {"any": [{"a": "203.0.113.5/24"}, {"b": "203.0.113.2/24"}]})");
    std::string all;
    for (const auto& problem : plan.Validate())
    {
        all += problem.ToString() + '\n';
    }
    EXPECT_THAT(all, HasSubstr("axis \"a\", value \"203.0.113.5/24\""));
    EXPECT_THAT(all, HasSubstr("belongs to \"home\" already"));
}

TEST(Plan, DescribesItselfToPeople)
{
    const std::string text = DescribePlan(PlanOf(RICH_AXES, RICH_REST));
    EXPECT_THAT(text, HasSubstr("scenarios/article/xp-behind-home-nat.json"));
    EXPECT_THAT(text, HasSubstr("delay   3  /links/access/delay: 1 ms, 2 ms, 3 ms"));
    EXPECT_THAT(text, HasSubstr("Together: nat, mtu"));
    EXPECT_THAT(text, HasSubstr("Combinations: 12, of which the filters leave 10"));
    EXPECT_THAT(text, HasSubstr("Replicates: 2 (seeds 1 to 2)\nPoints: 20\n"));
    EXPECT_THAT(text, Not(HasSubstr("No point")));
    EXPECT_THAT(DescribePlan(PlanOf(NAT, R"("when": {"nat": "symmetric"})")),
                HasSubstr("No point has axis \"nat\": home-router"));
}

TEST(Plan, DescribesItselfToPrograms)
{
    const Json json = PlanOf(RICH_AXES, RICH_REST).Summary();
    EXPECT_EQ(json["points"], 20);
    EXPECT_EQ(json["kept"], 10);
    EXPECT_EQ(json["zip"].dump(), R"([["nat","mtu"]])");
    EXPECT_EQ(json["axes"][1]["unit"], "ms");
    EXPECT_EQ(json["axes"][1]["last"], 3.0);
}
