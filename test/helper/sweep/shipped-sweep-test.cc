// SPDX-License-Identifier: GPL-2.0-only
#include "test/helper/sweep/sweep-text.h"

#include "helper/scenario/document.h"

#include <algorithm>
#include <filesystem>
#include <gmock/gmock.h>
#include <set>

using namespace nattlab;
using namespace nattlab::sweep;
using scenario::Json;
using ::testing::AnyOf;
using ::testing::Contains;

namespace
{

const std::string DATA = NATTLAB_SOURCE_DIR "/scenarios";

Json
JsonOf(const std::string& file)
{
    std::vector<scenario::Problem> problems;
    return scenario::Document::Read(file, problems).value().value;
}

std::vector<std::string>
ShippedSweeps()
{
    std::vector<std::string> files;
    for (const auto& entry : std::filesystem::directory_iterator(DATA + "/sweeps"))
    {
        if (entry.path().extension() == ".json")
        {
            files.push_back(entry.path().string());
        }
    }
    std::sort(files.begin(), files.end());
    return files;
}

void
CollectPropertyNames(const Json& node, std::set<std::string>& names)
{
    if (node.is_object() && node.contains("properties"))
    {
        for (const auto& [name, property] : node["properties"].items())
        {
            names.insert(name);
            const bool described = property.contains("description") || property.contains("$ref");
            EXPECT_TRUE(described) << name;
        }
    }
    if (node.is_structured())
    {
        for (const auto& member : node)
        {
            CollectPropertyNames(member, names);
        }
    }
}

} // namespace

TEST(ShippedSweep, EachIsValidAndSaysWhatItAsks)
{
    const auto files = ShippedSweeps();
    EXPECT_GE(files.size(), 3U);
    for (const auto& file : files)
    {
        SCOPED_TRACE(file);
        try
        {
            const Plan plan = Plan::Read(file, {});
            EXPECT_FALSE(plan.Title().empty());
            EXPECT_GT(plan.Size(), 100U);
            for (const auto& problem : plan.Validate())
            {
                ADD_FAILURE() << problem.ToString();
            }
            EXPECT_TRUE(plan.Summary()["unused"].empty()) << plan.Describe();
        }
        catch (const scenario::ScenarioErrors& errors)
        {
            ADD_FAILURE() << errors.what();
        }
    }
}

TEST(ShippedSweep, TheSmallOnesAreSmall)
{
    for (const std::string name : {"nat-timeouts", "loss-and-delay", "systems-and-nats"})
    {
        EXPECT_LT(Plan::Read(DATA + "/sweeps/" + name + ".json", {}).Size(), 2000U) << name;
    }
}

TEST(ShippedSweep, EveryKeyOfTheSchemaIsDescribed)
{
    std::vector<scenario::Problem> problems;
    const std::string reference =
        scenario::ReadText(NATTLAB_SOURCE_DIR "/doc/sweeps.md", problems).value();
    std::set<std::string> names;
    CollectPropertyNames(JsonOf(DATA + "/sweep-schema.json"), names);
    EXPECT_GT(names.size(), 35U);
    for (const auto& name : names)
    {
        EXPECT_NE(reference.find("| `" + name + "` |"), std::string::npos) << name;
    }
}

TEST(ShippedSweep, EverySystemPresetHasTagsAndARole)
{
    for (const auto& preset : scenario::ListPresets({}))
    {
        EXPECT_FALSE(preset.tags.empty()) << preset.file;
        if (preset.kind == "systems")
        {
            EXPECT_THAT(
                preset.tags,
                AnyOf(
                    Contains("client"), Contains("server"), Contains("no-vpn"), Contains("common")))
                << preset.file;
        }
    }
}

TEST(ShippedSweep, TagsDoNotEnterScenarios)
{
    scenario::LoadOptions options;
    options.file = DATA + "/article/xp-behind-home-nat.json";
    const auto nat = scenario::Load(options).FindBox("home")->nat;
    ASSERT_TRUE(nat.has_value());
    EXPECT_TRUE(nat->Has("mapping"));
    EXPECT_FALSE(nat->Has("tags"));
}
