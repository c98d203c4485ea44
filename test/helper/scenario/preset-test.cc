// SPDX-License-Identifier: GPL-2.0-only
#include "helper/scenario/load.h"

#include <gtest/gtest.h>

#include <filesystem>
#include <fstream>
#include <string>
#include <unistd.h>

using namespace nattlab;
using namespace nattlab::scenario;

namespace
{

/** A folder of presets that the test writes. */
class Presets : public testing::Test
{
  protected:
    Presets()
        : m_folder(std::filesystem::temp_directory_path() /
                   ("nattlab-presets-" + std::to_string(getpid())))
    {
        std::filesystem::remove_all(m_folder);
        std::filesystem::create_directories(m_folder / "nat");
    }

    ~Presets() override
    {
        std::filesystem::remove_all(m_folder);
    }

    void Write(const std::string& name, const std::string& text)
    {
        std::ofstream(m_folder / "nat" / (name + ".json")) << text;
    }

    /** \return the NAT of a scenario that uses a preset. */
    Section LoadNat(const std::string& preset, const std::string& own = "{}")
    {
        LoadOptions options;
        options.file = NATTLAB_SOURCE_DIR "/scenarios/article/xp-behind-home-nat.json";
        options.presetDirectories = {m_folder.string()};
        options.overrides = {{"/boxes/home/nat", own}, {"/boxes/home/nat/preset", preset}};
        return Load(options).FindBox("home")->nat.value();
    }

    std::string Refusal(const std::string& preset)
    {
        try
        {
            LoadNat(preset);
        }
        catch (const ScenarioErrors& errors)
        {
            return errors.what();
        }
        return "accepted";
    }

    std::filesystem::path m_folder;
};

} // namespace

TEST_F(Presets, AChildOverridesItsParentAndTheScenarioOverridesBoth)
{
    Write("parent", R"({"title": "p", "values": {"blockSize": 1, "portFirst": 1, "portLast": 1,
                        "timeouts": {"icmp": "1 s", "other": "1 s"}}})");
    Write("child", R"({"title": "c", "extends": "parent", "values": {"portFirst": 2, "portLast": 2,
                       "timeouts": {"other": "2 s"}}})");
    const Section nat = LoadNat("child", R"({"portLast": 3})");
    EXPECT_EQ(nat.Number("blockSize", 0), 1U);
    EXPECT_EQ(nat.Number("portFirst", 0), 2U);
    EXPECT_EQ(nat.Number("portLast", 0), 3U);
    EXPECT_EQ(nat.Time("/timeouts/icmp", Duration{0}), seconds{1});
    EXPECT_EQ(nat.Time("/timeouts/other", Duration{0}), seconds{2});
}

TEST_F(Presets, NullRemovesAValueAndAListReplacesAList)
{
    Write("parent", R"({"title": "p", "values": {"blockSize": 1, "pinnedPorts": [1, 2, 3],
                        "timeouts": {"udpFirst": "9 s"}}})");
    Write("child", R"({"title": "c", "extends": "parent", "values": {"blockSize": null}})");
    const Section nat =
        LoadNat("child", R"({"pinnedPorts": [500], "timeouts": {"udpFirst": null}})");
    EXPECT_FALSE(nat.Has("blockSize"));
    EXPECT_FALSE(nat.OptionalTime("/timeouts/udpFirst"));
    EXPECT_EQ(nat.Find("pinnedPorts")->dump(), "[500]");
}

TEST_F(Presets, NullIsForValuesAlone)
{
    Write("a", R"({"title": "a", "extends": null, "values": {}})");
    EXPECT_NE(Refusal("a").find("/extends"), std::string::npos) << Refusal("a");
    Write("a", R"({"title": null, "values": {}})");
    EXPECT_NE(Refusal("a").find("/title"), std::string::npos) << Refusal("a");
    Write("a", R"({"title": "a", "values": null})");
    EXPECT_NE(Refusal("a").find("/values"), std::string::npos) << Refusal("a");
}

TEST_F(Presets, AFolderOfTheUserHidesTheShippedOnes)
{
    Write("rfc4787", R"({"title": "mine", "values": {"blockSize": 77}})");
    EXPECT_EQ(LoadNat("rfc4787").Number("blockSize", 0), 77U);
}

TEST_F(Presets, AUserPresetExtendsAShippedOne)
{
    Write("mine", R"({"title": "mine", "extends": "routeros6", "values": {}})");
    EXPECT_EQ(LoadNat("mine").Time("/timeouts/udpOneWay", Duration{0}), seconds{10});
}

TEST_F(Presets, APresetThatExtendsItselfIsRefused)
{
    Write("a", R"({"title": "a", "extends": "b", "values": {}})");
    Write("b", R"({"title": "b", "extends": "c", "values": {}})");
    Write("c", R"({"title": "c", "extends": "a", "values": {}})");
    EXPECT_NE(Refusal("a").find("the preset extends itself, found a, b, c, a"), std::string::npos)
        << Refusal("a");
    Write("self", R"({"title": "s", "extends": "self", "values": {}})");
    EXPECT_NE(Refusal("self").find("the preset extends itself"), std::string::npos);
}

TEST_F(Presets, AFaultInAPresetNamesThePresetsFile)
{
    Write("typo", "{\n  \"title\": \"t\",\n  \"values\": {\n    \"maping\": \"x\" }\n}");
    EXPECT_NE(Refusal("typo").find("typo.json:4:5: /values/maping: unknown key \"maping\"; did you "
                                   "mean \"mapping\"?"),
              std::string::npos)
        << Refusal("typo");
    Write("broken", "{");
    EXPECT_NE(Refusal("broken").find("broken.json:1:2: not valid JSON"), std::string::npos)
        << Refusal("broken");
    Write("orphan", R"({"title": "o", "extends": "symetric", "values": {}})");
    EXPECT_NE(Refusal("orphan").find("did you mean \"symmetric\"?"), std::string::npos);
    Write("wrong-parent", R"({"title": "w", "values": {"preset": "symmetric"}})");
    EXPECT_NE(Refusal("wrong-parent").find("by \"extends\""), std::string::npos);
}

TEST_F(Presets, ListShowsThoseOfTheUserToo)
{
    Write("mine", R"({"title": "My box", "extends": "symmetric", "values": {}})");
    LoadOptions options;
    options.dataDirectory = NATTLAB_SOURCE_DIR "/scenarios";
    options.presetDirectories = {m_folder.string()};
    bool found = false;
    for (const auto& preset : ListPresets(options))
    {
        found = found || (preset.kind == "nat" && preset.name == "mine" &&
                          preset.title == "My box" && preset.extends == "symmetric");
    }
    EXPECT_TRUE(found);
}
