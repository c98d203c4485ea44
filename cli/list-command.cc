// SPDX-License-Identifier: GPL-2.0-only
#include "cli/commands.h"

#include "helper/scenario/load.h"
#include "model/trace/reason.h"

#include <nlohmann/json.hpp>

#include <iomanip>
#include <iostream>
#include <memory>
#include <string>
#include <vector>

namespace nattlab
{

namespace
{

struct ListOptions
{
    std::string what{"all"};
    bool json{false};
};

void
PrintPresets(const std::vector<scenario::PresetInfo>& presets)
{
    std::string kind;
    for (const scenario::PresetInfo& preset : presets)
    {
        if (preset.kind != kind)
        {
            std::cout << (kind.empty() ? "" : "\n") << "Presets: " << preset.kind << "\n";
            kind = preset.kind;
        }
        std::cout << "  " << std::left << std::setw(32) << preset.name << preset.title << "\n";
    }
}

void
PrintReasons()
{
    std::cout << "Reasons\n";
    for (const ReasonInfo& row : AllReasons())
    {
        std::cout << "  " << std::left << std::setw(32) << row.id << row.meaning << "\n";
    }
}

int
List(const ListOptions& options)
{
    const bool presets = options.what != "reasons";
    const bool reasons = options.what != "presets";
    std::vector<scenario::PresetInfo> found;
    if (presets)
    {
        found = scenario::ListPresets({});
    }
    if (!options.json)
    {
        PrintPresets(found);
        std::cout << (presets && reasons ? "\n" : "");
        if (reasons)
        {
            PrintReasons();
        }
        return EXIT_AS_EXPECTED;
    }
    nlohmann::ordered_json json = nlohmann::ordered_json::object();
    for (const scenario::PresetInfo& preset : found)
    {
        json["presets"][preset.kind].push_back({{"name", preset.name},
                                                {"title", preset.title},
                                                {"extends", preset.extends},
                                                {"tags", preset.tags}});
    }
    if (reasons)
    {
        for (const ReasonInfo& row : AllReasons())
        {
            json["reasons"].push_back({{"id", row.id},
                                       {"raisedBy", row.who},
                                       {"meaning", row.meaning},
                                       {"userSees", row.user}});
        }
    }
    std::cout << json.dump(2) << "\n";
    return EXIT_AS_EXPECTED;
}

} // namespace

void
AddListCommand(CLI::App& app, int& status)
{
    auto options = std::make_shared<ListOptions>();
    CLI::App* list = app.add_subcommand("list", "List presets and reasons.");
    list->add_option("WHAT", options->what, "presets, reasons or all.")
        ->capture_default_str()
        ->check(CLI::IsMember({"presets", "reasons", "all"}));
    list->add_flag("--json", options->json, "Print JSON.");
    list->callback([options, &status] { status = List(*options); });
}

} // namespace nattlab
