// SPDX-License-Identifier: GPL-2.0-only
#include "helper/scenario/batch.h"
#include "helper/scenario/document.h"

#include "test/helper/scenario/scenario-text.h"

#include <gtest/gtest.h>

#include <algorithm>
#include <filesystem>
#include <string>
#include <vector>

using namespace nattlab;
using namespace nattlab::scenario;

namespace
{

const std::string SCENARIOS = NATTLAB_SOURCE_DIR "/scenarios";
const std::string BROKEN = NATTLAB_SOURCE_DIR "/test/helper/scenario/broken";

/** \return the files that a folder has, of those that hold an object. */
std::vector<std::pair<std::string, Json>>
DocumentsIn(const std::string& folder)
{
    std::vector<std::pair<std::string, Json>> documents;
    for (const auto& entry : std::filesystem::directory_iterator(folder))
    {
        std::vector<Problem> problems;
        const auto document = Document::Read(entry.path().string(), problems);
        if (entry.path().extension() == ".json" && document)
        {
            documents.emplace_back(entry.path().string(), document->value);
        }
    }
    std::sort(documents.begin(), documents.end());
    return documents;
}

std::vector<std::pair<std::string, Json>>
Shipped()
{
    std::vector<std::pair<std::string, Json>> all;
    for (const char* folder : {"/article", "/labs", "/regressions"})
    {
        for (auto& document : DocumentsIn(SCENARIOS + folder))
        {
            all.push_back(std::move(document));
        }
    }
    return all;
}

LoadOptions
OptionsFor(const std::string& file)
{
    LoadOptions options;
    options.file = file;
    return options;
}

/** \return what a load gives, in full: the scenario, or its problems without their lines. */
template <typename Function>
std::string
WhatComesOf(Function load)
{
    try
    {
        const Scenario scenario = load();
        return scenario.Hash() + '\n' + scenario.document.Dump() + '\n' + test::TextOf(scenario);
    }
    catch (const ScenarioErrors& errors)
    {
        std::string text = "refused\n";
        for (Problem problem : errors.Problems())
        {
            problem.line = 0;
            problem.column = 0;
            text += problem.ToString() + '\n';
        }
        return text;
    }
}

/** Load \p document both ways and compare. */
void
ExpectSame(BatchLoader& loader, const Json& document, const LoadOptions& options)
{
    const auto ordinary = WhatComesOf([&] { return LoadText(document.dump(), options); });
    const auto batch = WhatComesOf([&] { return loader.Load(document); });
    EXPECT_EQ(ordinary == batch, true) << options.file << '\n'
                                       << ordinary.substr(0, 2000) << "---\n"
                                       << batch.substr(0, 2000);
}

/** \return \p document with each of the places that can have a preset of \p kind changed. */
std::vector<Json>
WithPreset(const Json& document, const PresetInfo& preset)
{
    std::vector<Json> changed;
    const bool system = preset.kind == "systems";
    const bool link = preset.kind == "links";
    const char* table = system ? "hosts" : link ? "links" : "boxes";
    const Json members = document.value(table, Json::object());
    for (const auto& [name, value] : members.items())
    {
        Json other = document;
        Json& machine = other[table][name];
        Json& place = system                 ? machine["system"]
                      : link                 ? machine["preset"]
                      : preset.kind == "nat" ? machine["nat"]["preset"]
                                             : machine["firewall"]["preset"];
        place = preset.name;
        changed.push_back(std::move(other));
    }
    return changed;
}

} // namespace

TEST(Batch, LoadsEveryShippedScenarioAsTheOrdinaryLoaderDoes)
{
    // One loader for all, in orders in which remembered sections come and go.
    const LoadOptions options = OptionsFor(SCENARIOS + "/article/mixed.json");
    BatchLoader loader(options);
    const auto documents = Shipped();
    EXPECT_GE(documents.size(), 90U);
    std::vector<std::string> ordinary;
    for (const auto& [file, document] : documents)
    {
        ordinary.push_back(
            WhatComesOf([&, &text = document] { return LoadText(text.dump(), options); }));
    }
    std::size_t loads = 0;
    for (const std::size_t step : {1U, 7U})
    {
        for (std::size_t i = 0; i < documents.size(); ++i, ++loads)
        {
            const std::size_t at = i * step % documents.size();
            EXPECT_TRUE(WhatComesOf([&] { return loader.Load(documents[at].second); }) ==
                        ordinary[at])
                << documents[at].first;
        }
    }
    EXPECT_EQ(loader.FastLoads(), loads);
}

TEST(Batch, LoadsEveryPresetInEveryPlaceAsTheOrdinaryLoaderDoes)
{
    const LoadOptions options = OptionsFor(SCENARIOS + "/article/double-nat.json");
    std::vector<Problem> problems;
    const Json document = Document::Read(options.file, problems).value().value;
    BatchLoader loader(options);
    std::size_t loads = 0;
    for (const auto& preset : ListPresets({}))
    {
        for (const Json& changed : WithPreset(document, preset))
        {
            ExpectSame(loader, changed, options);
            ++loads;
        }
    }
    EXPECT_GT(loader.FastLoads(), loads / 2);
    EXPECT_LT(loader.FastLoads(), loads) << "a plain host can be no server";
}

TEST(Batch, RefusesBrokenScenariosInTheSameWords)
{
    const auto documents = DocumentsIn(BROKEN);
    EXPECT_GE(documents.size(), 60U);
    const LoadOptions options = OptionsFor(BROKEN + "/some.json");
    BatchLoader loader(options); // remembers the sound sections of other files
    for (const auto& [file, document] : documents)
    {
        SCOPED_TRACE(file);
        ExpectSame(loader, document, options);
    }
}

TEST(Batch, AgreesWithTheOrdinaryLoaderWhenAnythingIsOfAnotherType)
{
    const std::vector<Json> others{5,
                                   -1,
                                   "",
                                   "x",
                                   Json::array(),
                                   Json::object(),
                                   true,
                                   nullptr,
                                   Json::array({Json::object()}),
                                   1.0};
    std::size_t next = 0;
    for (const char* name : {"article/sa-loss-windows-server", "labs/thirty-laptops"})
    {
        const LoadOptions options = OptionsFor(SCENARIOS + '/' + name + ".json");
        std::vector<Problem> problems;
        Json document = Document::Read(options.file, problems).value().value;
        if (document.contains("copies"))
        {
            document["copies"]["laptops"]["count"] = 2;
        }
        BatchLoader loader(options);
        const Json leaves = document.flatten();
        for (const auto& [pointer, ignored] : leaves.items())
        {
            const auto place = next % 2 == 0 ? pointer : pointer.substr(0, pointer.rfind('/'));
            Json changed = document;
            changed[Json::json_pointer(place)] = others[next++ / 2 % others.size()];
            ExpectSame(loader, changed, options);
        }
        EXPECT_GT(loader.FastLoads(), 0U);
    }
}

TEST(Batch, KnowsThatSectionsDependOnOthers)
{
    const LoadOptions options = OptionsFor(SCENARIOS + "/article/certificate-direct.json");
    std::vector<Problem> problems;
    const Json document = Document::Read(options.file, problems).value().value;
    BatchLoader loader(options);
    ExpectSame(loader, document, options);
    Json without = document;
    without.erase("certificates"); // the hosts, which name them, are remembered
    ExpectSame(loader, without, options);
    Json taken = document;
    taken["hosts"]["client"]["address"] = taken["hosts"]["server"]["address"];
    ExpectSame(loader, taken, options);
    Json nobody = document;
    nobody["connections"].begin().value()["to"] = "198.51.100.77";
    ExpectSame(loader, nobody, options);
    EXPECT_EQ(loader.FastLoads(), 2U);
}

TEST(Batch, BuildsAChangedFirewallUponTheMachinesOwn)
{
    const LoadOptions options = OptionsFor(SCENARIOS + "/article/xp-behind-home-nat.json");
    std::vector<Problem> problems;
    Json document = Document::Read(options.file, problems).value().value;
    document["timetable"] = Json::parse(R"([
        {"at": "20 s", "action": "change-firewall", "box": "home",
         "firewall": {"defaults": {"forward": "deny"}}},
        {"at": "30 s", "action": "change-firewall", "host": "client",
         "firewall": {"defaults": {"in": null}}},
        {"at": "40 s", "action": "change-firewall", "box": "home",
         "firewall": {"preset": "open"}}])");
    BatchLoader loader(options);
    for (const char* policy : {"allow", "deny", "allow"})
    {
        document["boxes"]["home"]["firewall"]["defaults"]["forward"] = policy;
        ExpectSame(loader, document, options);
    }
}

TEST(Batch, AppliesOverridesToEachDocument)
{
    LoadOptions options = OptionsFor(SCENARIOS + "/labs/thirty-laptops.json");
    options.overrides = {{"/copies/laptops/count", "3"}, {"/links/access/delay", "7 ms"}};
    std::vector<Problem> problems;
    const Json document = Document::Read(options.file, problems).value().value;
    BatchLoader loader(options);
    ExpectSame(loader, document, options);
    EXPECT_EQ(loader.FastLoads(), 1U);
    EXPECT_EQ(loader.Load(document).hosts.size(), 4U);
    options.overrides.emplace_back("/hosts/nobody/system", "windows-xp");
    BatchLoader faulty(options);
    ExpectSame(faulty, document, options);
}

TEST(Batch, RefusesWhatIsNoDocumentAtAll)
{
    const LoadOptions options = OptionsFor("none.json");
    BatchLoader loader(options);
    for (const Json& document : {Json(), Json(5), Json::array(), Json::object(), Json("x")})
    {
        ExpectSame(loader, document, options);
    }
    EXPECT_THROW(loader.Load(Json{{"title", "\xff"}}), ScenarioErrors);
    Json deep = 1;
    for (int i = 0; i < 100; ++i)
    {
        deep = Json::array({deep});
    }
    Json document = DocumentsIn(SCENARIOS + "/article").front().second;
    document["boxes"]["deep"] = deep;
    ExpectSame(loader, document, options);
    document.erase("boxes");
    document["title"] = std::string(20000, 'x');
    ExpectSame(loader, document, options);
    EXPECT_EQ(loader.FastLoads(), 0U);
}

TEST(Batch, NeedsTheSchema)
{
    LoadOptions options = OptionsFor("none.json");
    options.dataDirectory = "/nowhere";
    EXPECT_THROW(BatchLoader{options}, ScenarioErrors);
}
