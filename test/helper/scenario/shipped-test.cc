// SPDX-License-Identifier: GPL-2.0-only
#include "helper/scenario/document.h"
#include "helper/scenario/load.h"

#include <gtest/gtest.h>

#include <algorithm>
#include <filesystem>
#include <fstream>
#include <functional>
#include <set>
#include <sstream>
#include <string>
#include <vector>

using namespace nattlab;
using namespace nattlab::scenario;

namespace
{

const std::string DATA = NATTLAB_SOURCE_DIR "/scenarios";

std::vector<std::string>
FilesIn(const std::string& folder)
{
    std::vector<std::string> files;
    for (const auto& entry : std::filesystem::recursive_directory_iterator(folder))
    {
        if (entry.path().extension() == ".json")
        {
            files.push_back(entry.path().string());
        }
    }
    std::sort(files.begin(), files.end());
    return files;
}

std::string
TextOf(const std::string& file)
{
    std::ifstream stream(file);
    std::ostringstream text;
    text << stream.rdbuf();
    return text.str();
}

Json
JsonOf(const std::string& file)
{
    std::vector<Problem> problems;
    return Document::Read(file, problems).value().value;
}

void
ForEachLeaf(const Json& value,
            const std::string& pointer,
            const std::function<void(const std::string&)>& visit)
{
    if (!value.is_object() || value.empty())
    {
        visit(pointer);
        return;
    }
    for (const auto& [key, member] : value.items())
    {
        ForEachLeaf(member, Join(pointer, key), visit);
    }
}

void
CollectPropertyNames(const Json& node, std::set<std::string>& names)
{
    if (node.is_object() && node.contains("properties"))
    {
        for (const auto& [name, ignored] : node["properties"].items())
        {
            names.insert(name);
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

TEST(Shipped, EveryArticleScenarioLoadsAndSaysWhatItShows)
{
    const auto files = FilesIn(DATA + "/article");
    EXPECT_GE(files.size(), 28U);
    for (const auto& file : files)
    {
        SCOPED_TRACE(file);
        LoadOptions options;
        options.file = file;
        try
        {
            const Scenario scenario = Load(options);
            EXPECT_FALSE(scenario.title.empty());
            EXPECT_FALSE(scenario.description.empty());
            EXPECT_FALSE(scenario.expect.Empty());
            for (const auto& connection : scenario.connections)
            {
                const Host* host = scenario.FindHost(connection.serverHost);
                ASSERT_NE(host, nullptr);
                EXPECT_TRUE(host->server.has_value());
            }
        }
        catch (const ScenarioErrors& errors)
        {
            ADD_FAILURE() << errors.what();
        }
    }
}

TEST(Shipped, EveryPresetIsValidAndHasATitle)
{
    const auto presets = ListPresets({});
    EXPECT_EQ(presets.size(), FilesIn(DATA + "/presets").size());
    for (const auto& preset : presets)
    {
        EXPECT_FALSE(preset.title.empty()) << preset.file;
    }
}

TEST(Shipped, EveryPresetCanBeUsedByAScenario)
{
    for (const auto& preset : ListPresets({}))
    {
        SCOPED_TRACE(preset.file);
        LoadOptions options;
        const bool passive = preset.name == "plain-host";
        options.file =
            DATA + "/article/" + (passive ? "unsolicited-inbound.json" : "xp-behind-home-nat.json");
        const std::string pointer = preset.kind == "systems"     ? "/hosts/client/system"
                                    : preset.kind == "nat"       ? "/boxes/home/nat/preset"
                                    : preset.kind == "firewalls" ? "/boxes/home/firewall/preset"
                                                                 : "/links/lan/preset";
        options.overrides = {{passive ? "/hosts/stranger/system" : pointer, preset.name}};
        EXPECT_NO_THROW(Load(options));
    }
}

TEST(Shipped, EveryPresetValueHasASource)
{
    for (const auto& file : FilesIn(DATA + "/presets"))
    {
        const Json preset = JsonOf(file);
        std::set<std::string> used;
        ForEachLeaf(preset["values"],
                    "",
                    [&](const std::string& leaf)
                    {
                        std::string pointer = leaf;
                        while (!pointer.empty() && !preset["sources"].contains(pointer))
                        {
                            pointer.resize(pointer.rfind('/'));
                        }
                        EXPECT_FALSE(pointer.empty()) << file << ": no source for " << leaf;
                        used.insert(pointer);
                    });
        for (const auto& [pointer, text] : preset["sources"].items())
        {
            EXPECT_FALSE(text.get<std::string>().empty());
            EXPECT_EQ(used.count(pointer), 1U) << file << ": source without value " << pointer;
        }
    }
}

TEST(Shipped, EveryKeyOfTheSchemaIsDescribed)
{
    const std::string reference = TextOf(NATTLAB_SOURCE_DIR "/doc/scenario.md");
    std::set<std::string> names;
    CollectPropertyNames(JsonOf(DATA + "/schema.json"), names);
    EXPECT_GT(names.size(), 150U);
    for (const auto& name : names)
    {
        EXPECT_NE(reference.find("| `" + name + "` |"), std::string::npos) << name;
    }
}

TEST(Shipped, NoPatternOfTheSchemaRepeatsWithoutBound)
{
    // std::regex recurses for each repetition, so that a long text would exhaust the stack.
    const Json schema = JsonOf(DATA + "/schema.json").flatten();
    std::size_t patterns = 0;
    for (const auto& [pointer, value] : schema.items())
    {
        if (pointer.size() > 8 && pointer.substr(pointer.size() - 8) == "/pattern")
        {
            ++patterns;
            EXPECT_EQ(value.get<std::string>().find_first_of("*+"), std::string::npos) << pointer;
        }
    }
    EXPECT_GT(patterns, 50U);
}

TEST(Shipped, EveryDefaultOfTheSchemaIsValid)
{
    // A scenario with every scalar default written out means the same as one without.
    const Json schema = JsonOf(DATA + "/schema.json");
    LoadOptions options;
    options.file = DATA + "/article/xp-behind-home-nat.json";
    for (const auto& [definition, place] :
         {std::pair("ike", "/hosts/client/ike/"),
          std::pair("ipsec", "/hosts/client/ipsec/"),
          std::pair("l2tp", "/hosts/client/l2tp/"),
          std::pair("ppp", "/hosts/client/ppp/"),
          std::pair("link", "/links/lan/"),
          std::pair("nat", "/boxes/home/nat/"),
          std::pair("natTimeouts", "/boxes/home/nat/timeouts/"),
          std::pair("firewall", "/boxes/home/firewall/"),
          std::pair("firewallTimeouts", "/boxes/home/firewall/timeouts/")})
    {
        for (const auto& [key, node] : schema["definitions"][definition]["properties"].items())
        {
            if (node.contains("default") && node["default"] != Json::array())
            {
                options.overrides.emplace_back(place + key, node["default"].dump());
            }
        }
    }
    EXPECT_GT(options.overrides.size(), 80U);
    try
    {
        Load(options);
    }
    catch (const ScenarioErrors& errors)
    {
        ADD_FAILURE() << errors.what();
    }
}
