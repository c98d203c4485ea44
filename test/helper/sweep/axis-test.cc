// SPDX-License-Identifier: GPL-2.0-only
#include "test/helper/sweep/sweep-text.h"

#include <filesystem>
#include <fstream>
#include <gmock/gmock.h>
#include <unistd.h>

using namespace nattlab;
using namespace nattlab::sweep;
using namespace nattlab::test;
using scenario::Json;
using ::testing::Contains;
using ::testing::ElementsAre;
using ::testing::HasSubstr;
using ::testing::Not;

namespace
{

std::string
RangeAxis(const std::string& range, const std::string& pointer = "/links/access/delay")
{
    return R"("x": {"pointer": ")" + pointer + R"(", "range": )" + range + "}";
}

/** \return what an axis puts into the scenario, at each of its points. */
std::vector<Json>
PutBy(const std::string& axis, const std::string& pointer = "/links/access/delay")
{
    const Plan plan = PlanOf(axis);
    std::vector<Json> values;
    for (store::PointId id = 1; id <= plan.Size(); ++id)
    {
        values.push_back(ValueAt(plan, id, pointer));
    }
    return values;
}

} // namespace

TEST(Axis, AListPutsItsValuesAtItsPointer)
{
    const std::string nat = "/boxes/home/nat/preset";
    EXPECT_THAT(
        PutBy(R"("x": {"pointer": ")" + nat + R"(", "values": ["symmetric", "pf-like"]})", nat),
        ElementsAre("symmetric", "pf-like"));
}

TEST(Axis, AValueGoesToEachOfItsPointers)
{
    const Plan plan = PlanOf(
        R"("x": {"pointers": ["/links/lan/delay", "/links/access/delay"], "values": ["7 ms"]})");
    EXPECT_EQ(ValueAt(plan, 1, "/links/lan/delay"), "7 ms");
    EXPECT_EQ(ValueAt(plan, 1, "/links/access/delay"), "7 ms");
}

TEST(Axis, ObjectsOnTheWayAreMadeAndElementsOfArraysMustBeThere)
{
    const Plan made =
        PlanOf(R"("x": {"pointer": "/boxes/home/nat/timeouts/udpOneWay", "values": ["9 s"]})");
    EXPECT_EQ(ValueAt(made, 1, "/boxes/home/nat"),
              Json::parse(R"({"preset": "home-router", "timeouts": {"udpOneWay": "9 s"}})"));
    const Plan element =
        PlanOf(R"("x": {"pointer": "/hosts/server/server/dns/0", "values": ["10.0.0.9"]})");
    EXPECT_EQ(ValueAt(element, 1, "/hosts/server/server/dns"), Json::array({"10.0.0.9"}));
}

TEST(Axis, NullStaysSoThatItRemovesWhatAPresetGivesAndGoesFromArrays)
{
    const Plan plan = PlanOf(R"("x": {"pointer": "/hosts/client/fqdn", "values": [null, "a.b"]})");
    const auto document = plan.DocumentOf(plan.At(1));
    EXPECT_TRUE(document["hosts"]["client"].contains("fqdn"));
    EXPECT_TRUE(document["hosts"]["client"]["fqdn"].is_null());
    EXPECT_THAT(PointsOf(plan), ElementsAre("null", "a.b"));
    const Plan inArray = PlanOf(
        R"("p": {"patches": {"a": {"traffic": {"rows": [{"k": 1, "l": 2}]}}}},
           "x": {"pointer": "/traffic/rows/0/k", "values": [null]})");
    EXPECT_EQ(ValueAt(inArray, 1, "/traffic/rows").dump(), R"([{"l":2}])");
}

TEST(Axis, ValuesOfAllTypesKeepThem)
{
    const Plan plan = PlanOf(
        R"("x": {"pointer": "/traffic/ping/x", "values": [true, 3, "text", [500, "1-2"], {"a": 1}]})");
    const auto& labels = plan.Axes()[0].labels;
    EXPECT_EQ(labels[0], store::AxisValue(true));
    EXPECT_EQ(labels[1], store::AxisValue(std::int64_t{3}));
    EXPECT_EQ(labels[2], store::AxisValue(std::string("text")));
    EXPECT_EQ(labels[3], store::AxisValue(std::string(R"([500,"1-2"])")));
    EXPECT_EQ(ValueAt(plan, 4, "/traffic/ping/x").dump(), R"([500,"1-2"])");
    EXPECT_EQ(ValueAt(plan, 5, "/traffic/ping/x").dump(), R"({"a":1})");
    EXPECT_EQ(plan.Axes()[0].unit, "");
}

TEST(Axis, WholeNumbersBesideFractionsAreFractionsInResults)
{
    const Plan plan = PlanOf(R"("x": {"pointer": "/traffic/ping/x", "values": [1, 2.5]})");
    EXPECT_EQ(plan.Axes()[0].labels[0], store::AxisValue(1.0));
    EXPECT_TRUE(ValueAt(plan, 1, "/traffic/ping/x").is_number_integer());
}

TEST(Axis, QuantitiesInAListAreNumbersInTheUnitOfTheFirst)
{
    const Plan plan =
        PlanOf(R"("x": {"pointer": "/links/access/delay", "values": ["500 ms", "2 s", "1 min"]})");
    EXPECT_EQ(plan.Axes()[0].unit, "ms");
    EXPECT_THAT(plan.Axes()[0].labels, ElementsAre(500.0, 2000.0, 60000.0));
    EXPECT_EQ(ValueAt(plan, 3, "/links/access/delay"), "1 min");
}

TEST(Axis, TheSameQuantityOrNumberTwiceIsRefused)
{
    const auto refusal = [](const std::string& values)
    { return Refusal(R"("x": {"pointer": "/links/access/delay", "values": )" + values + "}"); };
    EXPECT_THAT(refusal(R"(["1 ms", "1000 us", "1 s"])"),
                HasSubstr("/axes/x/values/1: the value stands twice, found \"1000 us\""));
    EXPECT_THAT(refusal(R"(["0.3 s", "300 ms"])"), HasSubstr("/axes/x/values/1: the value"));
    EXPECT_THAT(refusal("[1, 2, 1.0]"), HasSubstr("/axes/x/values/2: the value stands twice"));
    EXPECT_THAT(refusal(R"([0.5, "x", 2.0, 2])"), HasSubstr("/axes/x/values/3: the value"));
    EXPECT_EQ(refusal(R"(["1 ms", "1000 us", "soon"])"), "accepted");
    EXPECT_EQ(refusal("[1, true, 9007199254740992, 9007199254740993]"), "accepted");
}

TEST(Axis, TextsBesideQuantitiesMakeAllOfThemTexts)
{
    const Plan plan = PlanOf(R"("x": {"pointer": "/links/access/delay", "values": ["5 ms", "x"]})");
    EXPECT_EQ(plan.Axes()[0].unit, "");
    EXPECT_EQ(plan.Axes()[0].labels[0], store::AxisValue(std::string("5 ms")));
}

TEST(Range, StepsFromOneEndToTheOther)
{
    EXPECT_THAT(PutBy(RangeAxis(R"({"from": "10 s", "to": "30 s", "step": "10 s"})")),
                ElementsAre("10 s", "20 s", "30 s"));
    EXPECT_THAT(PutBy(RangeAxis(R"({"from": "10 s", "to": "39 s", "step": "10 s"})")),
                ElementsAre("10 s", "20 s", "30 s"));
    EXPECT_THAT(PutBy(RangeAxis(R"({"from": "0.1 %", "to": "0.4 %", "step": "0.1 %"})")),
                ElementsAre("0.1 %", "0.2 %", "0.3 %", "0.4 %"));
}

TEST(Range, EndsMayHaveOtherUnitsOfTheSameKind)
{
    const Plan plan = PlanOf(RangeAxis(R"({"from": "250 ms", "to": "1 s", "step": "0.25 s"})"));
    EXPECT_EQ(plan.Axes()[0].unit, "ms");
    EXPECT_THAT(PointsOf(plan), ElementsAre("250", "500", "750", "1000"));
}

TEST(Range, ALogarithmicOneHasEqualRatiosAndItsEndsExactly)
{
    const Plan plan =
        PlanOf(RangeAxis(R"({"from": "1 ms", "to": "1 s", "count": 7, "scale": "log"})"));
    const auto& labels = plan.Axes()[0].labels;
    ASSERT_EQ(labels.size(), 7U);
    EXPECT_EQ(labels.front(), store::AxisValue(1.0));
    EXPECT_EQ(labels.back(), store::AxisValue(1000.0));
    for (std::size_t i = 1; i < labels.size(); ++i)
    {
        EXPECT_NEAR(std::get<double>(labels[i]) / std::get<double>(labels[i - 1]), 3.1623, 1e-4);
    }
    EXPECT_EQ(ValueAt(plan, 2, "/links/access/delay"), "3.16228 ms");
    EXPECT_EQ(ValueAt(plan, 7, "/links/access/delay"), "1000 ms");
}

TEST(Range, CountsOutEqualDistances)
{
    EXPECT_THAT(PutBy(RangeAxis(R"({"from": 0.0, "to": 1.0, "count": 4})")),
                ElementsAre(0.0, 0.333333, 0.666667, 1.0));
}

TEST(Range, WholeNumbersStayWhole)
{
    const Plan plan = PlanOf(RangeAxis(R"({"from": 1, "to": 100, "count": 5, "scale": "log"})"));
    EXPECT_THAT(PointsOf(plan), ElementsAre("1", "3", "10", "32", "100"));
    EXPECT_EQ(plan.Axes()[0].first, store::AxisValue(std::int64_t{1}));
    EXPECT_TRUE(ValueAt(plan, 2, "/links/access/delay").is_number_integer());
    EXPECT_THAT(PutBy(RangeAxis(R"({"from": -2, "to": 2, "step": 2})")), ElementsAre(-2, 0, 2));
    EXPECT_THAT(Refusal(RangeAxis(R"({"from": 1, "to": 3, "count": 9})")),
                HasSubstr("no value stands twice"));
}

TEST(Range, PacketsAndDataAreWhole)
{
    EXPECT_THAT(PutBy(RangeAxis(R"({"from": "1 packet", "to": "10 packets", "count": 3})")),
                ElementsAre("1 packets", "6 packets", "10 packets"));
    EXPECT_THAT(PutBy(RangeAxis(R"({"from": "1 KB", "to": "4 KB", "count": 3})")),
                ElementsAre("1 KB", "3 KB", "4 KB"));
    EXPECT_THAT(PutBy(RangeAxis(R"({"from": "0.5 KB", "to": "1 KB", "step": "0.25 KB"})")),
                ElementsAre("0.5 KB", "0.75 KB", "1 KB"));
}

TEST(Range, HasAtMostAMillionValues)
{
    EXPECT_THAT(Refusal(RangeAxis(R"({"from": 0, "to": 9000000000000000, "step": 1})")),
                HasSubstr("at most 1000000 values"));
    EXPECT_THAT(Refusal(RangeAxis(R"({"from": 0, "to": 1e300, "step": 1})")),
                HasSubstr("expected a number"));
}

TEST(PresetAxis, HasAllPresetsOfAKindByName)
{
    const Plan plan =
        PlanOf(R"("x": {"pointer": "/boxes/home/nat/preset", "presets": {"kind": "nat"}})");
    const auto points = PointsOf(plan);
    EXPECT_TRUE(std::is_sorted(points.begin(), points.end()));
    EXPECT_THAT(points, Contains("symmetric"));
    EXPECT_GE(points.size(), 11U);
}

TEST(PresetAxis, WantsAllOfTheTagsAndLeavesOutExceptions)
{
    const std::string head = R"("x": {"pointer": "/hosts/client/system", "presets": )";
    const auto xp = PointsOf(PlanOf(head + R"({"kind": "systems", "tags": ["client", "windows-xp"],
                                               "except": ["windows-xp-sp3"]}})"));
    EXPECT_THAT(xp, Contains("windows-xp-sp2"));
    EXPECT_THAT(xp, Not(Contains("windows-xp-sp3")));
    EXPECT_THAT(xp, Not(Contains("windows-7")));
    const auto servers = PointsOf(PlanOf(head + R"({"kind": "systems", "tags": ["server"]}})"));
    EXPECT_THAT(servers, Contains("windows-server-2003"));
    EXPECT_THAT(servers, Not(Contains("windows-xp")));
}

TEST(PatchAxis, ChangesTheScenarioByMergePatch)
{
    const Plan plan = PlanOf(R"("policy": {"patches": {
        "zz-open": {},
        "closed": {"boxes": {"home": {"nat": null, "firewall": {"preset": "open"}}}}}})");
    EXPECT_THAT(PointsOf(plan), ElementsAre("zz-open", "closed"));
    EXPECT_EQ(ValueAt(plan, 1, "/boxes/home/nat/preset"), "home-router");
    EXPECT_FALSE(plan.DocumentOf(plan.At(2))["boxes"]["home"].contains("nat"));
    EXPECT_EQ(ValueAt(plan, 2, "/boxes/home/firewall/preset"), "open");
    EXPECT_EQ(ValueAt(plan, 2, "/boxes/home/gateway"), "203.0.113.1");
}

TEST(PatchAxis, ChangesWhatStandsAtItsPointer)
{
    const Plan plan = PlanOf(R"("p": {"pointer": "/boxes/home/nat", "patches": {
        "short": {"timeouts": {"icmp": "1 s"}}, "none": {"preset": null}}})");
    EXPECT_EQ(ValueAt(plan, 1, "/boxes/home/nat").dump(),
              R"({"preset":"home-router","timeouts":{"icmp":"1 s"}})");
    EXPECT_EQ(ValueAt(plan, 2, "/boxes/home/nat").dump(), "{}");
}

namespace
{

/** A folder of patches beside a sweep file. */
class FileAxis : public testing::Test
{
  protected:
    FileAxis()
        : m_folder(std::filesystem::path(testing::TempDir()) /
                   ("nattlab-sweep-" + std::to_string(::getpid())))
    {
        std::filesystem::create_directories(m_folder / "topologies");
    }

    ~FileAxis() override
    {
        std::filesystem::remove_all(m_folder);
    }

    void Write(const std::string& name, const std::string& text) const
    {
        std::ofstream(m_folder / name) << text;
    }

    Plan Read(const std::string& files, const std::string& rest = "") const
    {
        Write("sweep.json",
              R"({"title": "t", "base": {"title": "b", "hosts": {}}, "axes": {"t": {"files": )" +
                  files + "}}" + rest + "}");
        return Plan::Read((m_folder / "sweep.json").string(), {});
    }

    std::filesystem::path m_folder;
};

} // namespace

TEST_F(FileAxis, TakesPatchesFromFilesByName)
{
    Write("topologies/b.json", R"({"$schema": "x", "hosts": {"b": {"link": "l"}}})");
    Write("topologies/a.json", R"({"hosts": {"a": {}}})");
    Write("topologies/notes.txt", "none");
    const Plan plan = Read(R"("topologies/*.json")");
    EXPECT_THAT(PointsOf(plan), ElementsAre("a", "b"));
    EXPECT_EQ(plan.DocumentOf(plan.At(2)).dump(),
              R"({"hosts":{"b":{"link":"l"}},"seed":1,"title":"b"})");
    EXPECT_THAT(PointsOf(Read(R"(["topologies/b.json", "topologies/a.json"])")),
                ElementsAre("b", "a"));
}

TEST_F(FileAxis, ADocumentHoldsTheFilesSoThatTheyMayChangeOrGo)
{
    Write("pem", "CERTIFICATE");
    Write("topologies/a.json", R"({"certificates": {"ca": {"certificateFile": "../pem"}}})");
    const Plan plan = Read(R"("topologies/a.json")");
    const std::string before = plan.DocumentOf(plan.At(1)).dump();
    const std::string hash = plan.Hash();
    EXPECT_THAT(before, HasSubstr(R"("certificate":"CERTIFICATE")"));
    Write("topologies/a.json", "{}");
    const Plan again = Plan::FromDocument(plan.Document(), {});
    EXPECT_EQ(again.DocumentOf(again.At(1)).dump(), before);
    EXPECT_EQ(again.Hash(), hash);
    EXPECT_NE(Read(R"("topologies/a.json")").Hash(), hash);
}

TEST_F(FileAxis, ADocumentHoldsTheCertificatesOfDerivedPatches)
{
    Write("pem", "CERTIFICATE");
    const std::string rest = R"(, "derive": [{"when": {"t": "a"}, "patch":
        {"certificates": {"ca": {"certificateFile": "pem"}}}}])";
    Write("topologies/a.json", "{}");
    const Plan plan = Read(R"("topologies/a.json")", rest);
    const std::string before = plan.DocumentOf(plan.At(1)).dump();
    EXPECT_THAT(before, HasSubstr(R"({"ca":{"certificate":"CERTIFICATE"}})"));
    Write("pem", "ANOTHER");
    EXPECT_NE(Read(R"("topologies/a.json")", rest).Hash(), plan.Hash());
    const Plan again = Plan::FromDocument(plan.Document(), {});
    EXPECT_EQ(again.DocumentOf(again.At(1)).dump(), before);
    EXPECT_EQ(again.Hash(), plan.Hash());
}

TEST_F(FileAxis, ExpectationsOfAFileAreDroppedAndItsSeedIsRefused)
{
    Write("topologies/a.json", R"({"expect": {"connections": {}}, "hosts": {"a": {}}})");
    const Plan plan = Read(R"("topologies/a.json")");
    EXPECT_FALSE(plan.DocumentOf(plan.At(1)).contains("expect"));
    EXPECT_THAT(plan.Document(), Not(HasSubstr("expect")));
    Write("topologies/a.json", "{\n  \"seed\": 5\n}\n");
    try
    {
        Read(R"("topologies/a.json")");
        ADD_FAILURE() << "it was accepted";
    }
    catch (const scenario::ScenarioErrors& errors)
    {
        EXPECT_THAT(errors.what(),
                    HasSubstr("topologies/a.json:2:3: /seed: axis \"t\", value \"a\": seeds come "
                              "from `seeds` and `replicates`"));
    }
}

TEST_F(FileAxis, AFileForAPointerKeepsItsMembersButNamesNoCertificates)
{
    Write("topologies/a.json", R"({"expect": 1, "seed": 2})");
    const Plan plan = Read(R"("topologies/a.json", "pointer": "/hosts/h")");
    EXPECT_EQ(ValueAt(plan, 1, "/hosts/h").dump(), R"({"expect":1,"seed":2})");
    Write("topologies/a.json", R"({"ca": {"certificateFile": "pem"}})");
    EXPECT_THROW(Read(R"("topologies/a.json", "pointer": "/certificates")"),
                 scenario::ScenarioErrors);
}

TEST_F(FileAxis, AFaultInAFileIsToldWithItsPlace)
{
    Write("topologies/a.json", "{\n  \"hosts\": }\n");
    try
    {
        Read(R"("topologies/*.json")");
        ADD_FAILURE() << "it was accepted";
    }
    catch (const scenario::ScenarioErrors& errors)
    {
        EXPECT_THAT(errors.what(),
                    HasSubstr("topologies/a.json:2:12: axis \"t\", value \"a\": not "
                              "valid JSON"));
    }
}
