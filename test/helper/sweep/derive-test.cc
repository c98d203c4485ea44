// SPDX-License-Identifier: GPL-2.0-only
#include "test/helper/sweep/sweep-text.h"

#include <gmock/gmock.h>

using namespace nattlab;
using namespace nattlab::sweep;
using namespace nattlab::test;
using scenario::Json;
using ::testing::HasSubstr;

namespace
{

const std::string AXES = R"(
    "credential": {"patches": {"key": {}, "certificate": {}}},
    "delay": {"pointer": "/links/access/delay", "values": ["5 ms", "20 ms"]},
    "clients": {"pointer": "/x", "values": [1, 3]})";

/** \return what the last point has at a pointer: "certificate", "20 ms", 3. */
Json
Derived(const std::string& derive, const std::string& pointer = "/links/lan/delay")
{
    const Plan plan = PlanOf(AXES, "\"seeds\": [4, 9], \"derive\": [" + derive + "]");
    return ValueAt(plan, plan.Size(), pointer);
}

} // namespace

TEST(Derive, ATextNamesAxesSeedAndReplicate)
{
    EXPECT_EQ(Derived(R"({"pointer": "/a", "text": "{credential}-{delay}-{clients}"})", "/a"),
              "certificate-20 ms-3");
    EXPECT_EQ(Derived(R"({"pointer": "/a", "text": "{{{seed}}} {replicate}"})", "/a"), "{9} 2");
}

TEST(Derive, ANumberIsMultipliedAndAddedTo)
{
    EXPECT_EQ(Derived(R"({"pointer": "/links/lan/delay", "of": "delay", "times": 2, "plus": 1})"),
              "41 ms");
    EXPECT_EQ(Derived(R"({"pointer": "/links/lan/delay", "of": "delay"})"), "20 ms");
    EXPECT_EQ(Derived(R"({"pointer": "/a", "of": "clients", "times": 4, "plus": -1})", "/a"), 11);
    EXPECT_TRUE(Derived(R"({"pointer": "/a", "of": "clients"})", "/a").is_number_integer());
    EXPECT_EQ(Derived(R"({"pointer": "/a", "of": "clients", "times": 0.5})", "/a"), 1.5);
}

TEST(Derive, ANumberIsTurnedIntoTheUnitThatIsAskedFor)
{
    EXPECT_EQ(Derived(R"({"pointer": "/a", "of": "delay", "plus": 1, "unit": "s"})", "/a"),
              "1.02 s");
    EXPECT_EQ(
        Derived(R"({"pointer": "/a", "of": "delay", "times": 0.26, "unit": "packets"})", "/a"),
        "5 packets");
    EXPECT_EQ(Derived(R"({"pointer": "/a", "of": "clients", "times": 3, "unit": "Mbit/s"})", "/a"),
              "9 Mbit/s");
}

TEST(Derive, AMapSaysTheValueForEach)
{
    const std::string map = R"({"pointer": "/connections/vpn/presharedKey", "of": "credential",
                                "map": {"certificate": null}})";
    const Plan plan = PlanOf(AXES, "\"derive\": [" + map + "]");
    const std::string key = "/connections/vpn/presharedKey";
    EXPECT_EQ(ValueAt(plan, 1, key), "a shared secret");
    EXPECT_TRUE(ValueAt(plan, plan.Size(), key).is_null());
    EXPECT_EQ(
        Derived(R"({"pointer": "/a", "of": "delay", "map": {"20 ms": {"b": 1}}})", "/a").dump(),
        R"({"b":1})");
    EXPECT_EQ(Derived(R"({"pointer": "/a", "of": "clients", "map": {"3": "three"}})", "/a"),
              "three");
}

TEST(Derive, APatchAndAValueMayHaveACondition)
{
    const std::string when = R"("when": {"credential": "key", "delay": {"above": "6 ms"}})";
    const Plan plan = PlanOf(AXES,
                             R"("derive": [{"patch": {"links": {"lan": null}}, )" + when +
                                 R"(}, {"pointer": "/b", "value": [1], )" + when +
                                 R"(}, {"pointer": "/links/access", "patch": {"loss": "1 %"}}])");
    for (store::PointId id = 1; id <= plan.Size(); ++id)
    {
        const Point point = plan.At(id);
        const bool holds = point.values[0] == store::AxisValue(std::string("key")) &&
                           point.values[1] == store::AxisValue(20.0);
        EXPECT_EQ(plan.DocumentOf(point)["links"].contains("lan"), !holds);
        EXPECT_EQ(ValueAt(plan, id, "/b").is_array(), holds);
        EXPECT_EQ(ValueAt(plan, id, "/links/access/loss"), "1 %");
    }
}

TEST(Derive, LaterElementsSeeEarlierOnes)
{
    EXPECT_EQ(
        Derived(R"({"pointer": "/a", "value": {"b": 1}}, {"pointer": "/a/c", "text": "x"})", "/a")
            .dump(),
        R"({"b":1,"c":"x"})");
}

TEST(Derive, APointerThatLeadsNowhereIsTold)
{
    const Plan plan = PlanOf(AXES, R"("derive": [{"pointer": "/title/x", "value": 1}])");
    try
    {
        plan.DocumentOf(plan.At(1));
        ADD_FAILURE() << "it was made";
    }
    catch (const scenario::ScenarioErrors& errors)
    {
        EXPECT_THAT(errors.what(), HasSubstr("/derive/0: /title/x: leads into /title"));
    }
}

TEST(Derive, ASeedOrAnExpectationBelowTheRootIsNotTheSweeps)
{
    EXPECT_EQ(Derived(R"({"pointer": "/y/seed", "value": 3})", "/y/seed"), 3);
    EXPECT_EQ(Derived(R"({"pointer": "/y", "patch": {"seed": 3, "expect": 1}})", "/y").dump(),
              R"({"expect":1,"seed":3})");
    EXPECT_EQ(Derived(R"({"pointer": "/seeds", "value": 3})", "/seeds"), 3);
}

TEST(Derive, CertificatesByTheirTextGoAnywhereAndNamesMayBeThoseOfKeys)
{
    EXPECT_EQ(Derived(R"({"pointer": "/certificates/ca", "value": {"certificate": "PEM"}})",
                      "/certificates/ca/certificate"),
              "PEM");
    EXPECT_EQ(Derived(R"({"pointer": "/certificates", "value": {"keyFile": {"key": "PEM"}}})",
                      "/certificates/keyFile/key"),
              "PEM");
    EXPECT_EQ(
        Derived(R"({"pointer": "/hosts/h", "value": {"keyFile": "a text"}})", "/hosts/h/keyFile"),
        "a text");
}

TEST(Derive, OfNeedsNumbersAndMapNothingElse)
{
    EXPECT_THAT(Refusal(AXES, R"("derive": [{"pointer": "/a", "of": "credential"}])"),
                HasSubstr("/derive/0/of: expected an axis of numbers"));
    EXPECT_THAT(Refusal(AXES, R"("derive": [{"pointer": "/a", "of": "clients", "plus": 1,
                                             "map": {"3": 1}}])"),
                HasSubstr("/derive/0/plus: `map` says all"));
    EXPECT_THAT(Refusal(AXES, R"("derive": [{"pointer": "/a", "value": 1, "plus": 1}])"),
                HasSubstr("/derive/0/plus: expected `of` beside it"));
}
