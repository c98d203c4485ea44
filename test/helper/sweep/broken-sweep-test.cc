// SPDX-License-Identifier: GPL-2.0-only
#include "test/helper/sweep/sweep-text.h"

#include "helper/scenario/document.h"
#include "model/crypto/random.h"

#include <algorithm>
#include <filesystem>
#include <gtest/gtest.h>
#include <set>

using namespace nattlab;
using namespace nattlab::sweep;
using scenario::Json;
using scenario::Problem;
using scenario::ScenarioErrors;

namespace
{

const std::string FOLDER = NATTLAB_SOURCE_DIR "/test/helper/sweep/broken";

std::string
FileText(const std::string& file)
{
    std::vector<Problem> problems;
    return scenario::ReadText(file, problems).value();
}

/** \return what is wrong with a sweep: found by reading it, else by validation. */
std::vector<Problem>
ProblemsOf(const std::string& file)
{
    try
    {
        return Plan::Read(file, {}).Validate();
    }
    catch (const ScenarioErrors& errors)
    {
        return errors.Problems();
    }
}

/** Read a text that may be anything, and use the plan if it is one. \return whether it is one. */
bool
Try(const std::string& text)
{
    try
    {
        const Plan plan = Plan::ReadText(text, test::SWEEP_FILE, {});
        for (const store::PointId id : {std::uint64_t{1}, plan.Size() / 2 + 1, plan.Size()})
        {
            EXPECT_TRUE(plan.DocumentOf(plan.At(id)).is_object());
        }
        EXPECT_FALSE(plan.Describe().empty());
        return true;
    }
    catch (const ScenarioErrors& errors)
    {
        EXPECT_FALSE(errors.Problems().empty());
        return false;
    }
}

/** A small sweep with one of everything. */
const std::string WHOLE = R"({
  "title": "t",
  "base": {"title": "b", "links": {"l": {}}, "hosts": {"h": {"link": "l", "list": [1, 2]}}},
  "axes": {
    "a": {"pointer": "/hosts/h/list/0", "values": [1, 2.5, true, "10 s", null]},
    "b": {"pointers": ["/links/l/delay"], "range": {"from": "1 ms", "to": "1 s", "count": 5, "scale": "log"}},
    "c": {"pointer": "/links/l/loss", "range": {"from": "0 %", "to": "9 %", "step": "3 %"}},
    "d": {"pointer": "/links", "patches": {"x": {"m": {}}, "y": {"l": null}}},
    "e": {"pointer": "/hosts/h/n", "range": {"from": 1, "to": 4}},
    "f": {"pointer": "/hosts/h/m", "values": [1, 2, 3, 4, 5]}
  },
  "zip": [["a", "f"]],
  "sample": {"kind": "latin-hypercube", "points": 9, "seed": 3},
  "replicates": 2,
  "when": [{"b": {"atMost": "2 s"}}, {"any": [{"d": "x"}, {"not": {"a": [1]}}]}],
  "derive": [{"pointer": "/q", "text": "{a} {seed}"}, {"pointer": "/r", "of": "b", "times": 2, "plus": 1, "unit": "s"},
             {"pointer": "/s", "of": "d", "map": {"x": 1}}, {"patch": {"z": 1}, "when": {"a": true}}]
}
)";

} // namespace

TEST(BrokenSweep, EveryFileIsRefusedWithPlaceAndMessageOnce)
{
    const Json table = Json::parse(FileText(FOLDER + ".json"));
    EXPECT_GE(table.size(), 80U);
    for (const auto& row : table)
    {
        const std::string file = FOLDER + '/' + row["file"].get<std::string>();
        SCOPED_TRACE(file);
        const auto problems = ProblemsOf(file);
        ASSERT_FALSE(problems.empty()) << "it was accepted";
        EXPECT_EQ(problems[0].pointer, row["pointer"]);
        const std::string text = problems[0].ToString();
        EXPECT_NE(text.find(row["message"].get<std::string>()), std::string::npos) << text;
        EXPECT_EQ(problems[0].file,
                  row.contains("of") ? FOLDER + '/' + row["of"].get<std::string>() : file);
        EXPECT_TRUE(problems[0].line > 0 || row.contains("of"));
        for (std::size_t i = 1; i < problems.size(); ++i)
        {
            EXPECT_TRUE(row.value("several", false)) << problems[i].ToString();
        }
    }
}

TEST(BrokenSweep, EveryFileOfTheFolderIsInTheTable)
{
    std::set<std::string> listed;
    for (const auto& row : Json::parse(FileText(FOLDER + ".json")))
    {
        EXPECT_TRUE(listed.insert(row["file"].get<std::string>()).second) << row;
    }
    std::set<std::string> present;
    for (const auto& entry : std::filesystem::directory_iterator(FOLDER))
    {
        present.insert(entry.path().filename().string());
    }
    EXPECT_EQ(listed, present);
}

TEST(BrokenSweep, AMissingFileIsTold)
{
    const auto problems = ProblemsOf(FOLDER + "/none.json");
    ASSERT_EQ(problems.size(), 1U);
    EXPECT_EQ(problems[0].message, "no such file");
}

TEST(BrokenSweep, ATruncatedSweepNeverCrashes)
{
    EXPECT_TRUE(Try(WHOLE));
    for (std::size_t size = 0; size + 2 < WHOLE.size(); size += 5)
    {
        EXPECT_FALSE(Try(WHOLE.substr(0, size)));
    }
}

TEST(BrokenSweep, FlippedBitsNeverCrash)
{
    RandomStream random(1, "test", "flips");
    std::size_t refused = 0;
    for (int i = 0; i < 1500; ++i)
    {
        std::string text = WHOLE;
        for (std::uint64_t flips = random.Below(3) + 1; flips > 0; --flips)
        {
            text[random.Below(text.size())] ^= static_cast<char>(1U << random.Below(8));
        }
        refused += Try(text) ? 0 : 1;
    }
    EXPECT_GT(refused, 1000U);
}

TEST(BrokenSweep, AnyMemberOfAnotherTypeNeverCrashes)
{
    const std::vector<std::string> others{"5",
                                          "-1",
                                          "1e300",
                                          "\"\"",
                                          "\"x\"",
                                          "\"10 s\"",
                                          "[]",
                                          "{}",
                                          "true",
                                          "null",
                                          "[{}]",
                                          "[[]]"};
    const Json whole = Json::parse(WHOLE);
    std::set<std::string> places;
    const Json leaves = whole.flatten();
    for (const auto& [leaf, ignored] : leaves.items())
    {
        for (std::string place = leaf; !place.empty(); place.resize(place.rfind('/')))
        {
            places.insert(place);
        }
    }
    std::size_t refused = 0;
    for (const std::string& place : places)
    {
        for (const std::string& other : others)
        {
            Json changed = whole;
            changed[Json::json_pointer(place)] = Json::parse(other);
            refused += Try(changed.dump()) ? 0 : 1;
        }
    }
    EXPECT_GT(refused, places.size());
}
