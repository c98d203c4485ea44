// SPDX-License-Identifier: GPL-2.0-only
#include "helper/scenario/load.h"

#include "helper/scenario/build.h"
#include "helper/scenario/copies.h"
#include "helper/scenario/document.h"
#include "helper/scenario/library.h"
#include "helper/scenario/override.h"
#include "helper/scenario/preset.h"
#include "helper/scenario/schema.h"

#include <algorithm>
#include <optional>
#include <set>
#include <string_view>
#include <utility>

namespace nattlab::scenario
{

namespace
{

/** Give each problem its file and line; \p overridden are the pointers of overrides. */
void
LocateAll(std::vector<Problem>& problems,
          const Document& document,
          const CopyOrigins& origins,
          const std::vector<std::string>& overridden)
{
    for (auto& problem : problems)
    {
        if (!problem.file.empty())
        {
            continue;
        }
        Problem place;
        place.pointer = origins.Of(problem.pointer);
        const bool isSet =
            std::any_of(overridden.begin(),
                        overridden.end(),
                        [&](const auto& set) {
                            return place.pointer == set ||
                                   place.pointer.compare(0, set.size() + 1, set + '/') == 0;
                        });
        if (isSet)
        {
            problem.file = "--set";
        }
        else
        {
            document.Locate(place);
            problem.file = place.file;
            problem.line = place.line;
            problem.column = place.column;
        }
    }
    std::stable_sort(problems.begin(),
                     problems.end(),
                     [](const Problem& a, const Problem& b)
                     { return std::pair(a.line, a.column) < std::pair(b.line, b.column); });
}

Scenario
Build(Json document, const LoadOptions& options, std::vector<Problem>& problems)
{
    Scenario scenario;
    scenario.document = MergedDocument(std::move(document));
    scenario.file = options.file;
    Report report(problems);
    const Reader root(scenario.document.Rest(), "", report);
    auto reasons = options.knownReasons;
    std::sort(reasons.begin(), reasons.end());
    BuildHead(scenario, root);
    BuildTopology(scenario, root);
    CheckTopology(scenario, root, report);
    BuildActivity(scenario, root);
    BuildExpect(scenario, root, reasons);
    return scenario;
}

/**
 * \return where a problem of a host's update would stand if the host itself had it: without
 * "/updates/NAME"; nothing for other pointers.
 */
std::optional<std::string>
PlaceInHost(const std::string& pointer)
{
    constexpr std::string_view HOSTS = "/hosts/";
    constexpr std::string_view UPDATES = "/updates/";
    const std::size_t host =
        pointer.compare(0, HOSTS.size(), HOSTS) == 0 ? pointer.find('/', HOSTS.size()) : 0;
    if (host == 0 || host == std::string::npos ||
        pointer.compare(host, UPDATES.size(), UPDATES) != 0)
    {
        return std::nullopt;
    }
    const std::size_t rest = pointer.find('/', host + UPDATES.size());
    return pointer.substr(0, host) + (rest == std::string::npos ? "" : pointer.substr(rest));
}

/** An update takes over its host's own keys, and their faults: one fault is told once. */
void
DropInherited(std::vector<Problem>& problems)
{
    std::set<std::string> told;
    for (const Problem& problem : problems)
    {
        told.insert(problem.pointer);
    }
    problems.erase(std::remove_if(problems.begin(),
                                  problems.end(),
                                  [&](const Problem& problem)
                                  {
                                      const auto place = PlaceInHost(problem.pointer);
                                      return place && told.count(*place) > 0;
                                  }),
                   problems.end());
}

/** What is wrong with an item is wrong with all its copies: it is told of the first one. */
void
DropRepeated(std::vector<Problem>& problems, const CopyOrigins& origins)
{
    std::set<std::string> told;
    problems.erase(std::remove_if(problems.begin(),
                                  problems.end(),
                                  [&](const Problem& problem)
                                  {
                                      const auto place = origins.Of(problem.pointer);
                                      return problem.file.empty() && place != problem.pointer &&
                                             !told.insert(place).second;
                                  }),
                   problems.end());
}

Scenario
LoadDocument(Document document, const LoadOptions& options, std::vector<Problem>& problems)
{
    const Library library = OpenLibrary(options, problems);
    if (!library.schema)
    {
        throw ScenarioErrors(problems);
    }
    const auto overridden = ApplyOverrides(document.value, options.overrides, problems);
    const auto origins = ExpandCopies(document.value, library.schema, problems);
    PresetShelf shelf(library.presetDirectories, *library.schema, problems);
    Json merged = std::move(document.value);
    ApplyPresets(merged, shelf, problems);
    ReadCertificateFiles(merged, options.file, problems);
    library.schema->Check(merged, "", problems);
    Scenario scenario = Build(std::move(merged), options, problems);
    if (!problems.empty())
    {
        DropInherited(problems);
        DropRepeated(problems, origins);
        LocateAll(problems, document, origins, overridden);
        throw ScenarioErrors(problems);
    }
    return scenario;
}

} // namespace

Scenario
Load(const LoadOptions& options)
{
    std::vector<Problem> problems;
    auto document = Document::Read(options.file, problems);
    if (!document)
    {
        throw ScenarioErrors(problems);
    }
    return LoadDocument(std::move(*document), options, problems);
}

Scenario
LoadText(std::string_view text, const LoadOptions& options)
{
    std::vector<Problem> problems;
    auto document = Document::Parse(text, options.file, problems);
    if (!document)
    {
        throw ScenarioErrors(problems);
    }
    return LoadDocument(std::move(*document), options, problems);
}

std::vector<PresetInfo>
ListPresets(const LoadOptions& options)
{
    std::vector<Problem> problems;
    const Library library = OpenLibrary(options, problems);
    std::vector<PresetInfo> presets;
    if (library.schema)
    {
        presets = PresetShelf(library.presetDirectories, *library.schema, problems).List();
    }
    if (!problems.empty())
    {
        throw ScenarioErrors(problems);
    }
    return presets;
}

} // namespace nattlab::scenario
