// SPDX-License-Identifier: GPL-2.0-only
#include "helper/scenario/load.h"

#include "helper/scenario/build.h"
#include "helper/scenario/document.h"
#include "helper/scenario/override.h"
#include "helper/scenario/preset.h"
#include "helper/scenario/schema.h"

#include <algorithm>
#include <cstdlib>
#include <filesystem>
#include <fstream>
#include <iterator>
#include <optional>
#include <set>
#include <string_view>
#include <system_error>
#include <utility>

namespace nattlab::scenario
{

namespace
{

/** \return \p directory or its folder scenarios/, where one of them holds the data; else "". */
std::string
DataIn(const std::filesystem::path& directory)
{
    for (const auto& candidate : {directory, directory / "scenarios"})
    {
        std::error_code error;
        if (std::filesystem::is_regular_file(candidate / "schema.json", error) &&
            std::filesystem::is_directory(candidate / "presets", error))
        {
            return candidate.string();
        }
    }
    return "";
}

/** \return the nearest folder above \p start that holds the data; else "". */
std::string
DataAbove(const std::filesystem::path& start)
{
    std::error_code error;
    auto directory = std::filesystem::weakly_canonical(start, error);
    while (!error && !directory.empty())
    {
        const std::string found = DataIn(directory);
        if (!found.empty() || directory == directory.parent_path())
        {
            return found;
        }
        directory = directory.parent_path();
    }
    return "";
}

constexpr UnixTime DEFAULT_CLOCK = 1054454400; //!< 2003-06-01 08:00:00 UTC

/** Put the content of certificate files in the place of their names. */
void
ReadCertificateFiles(Json& document, const std::string& file, std::vector<Problem>& problems)
{
    constexpr std::uintmax_t LARGEST = 1 << 20;
    const auto certificates = document.find("certificates");
    if (certificates == document.end() || !certificates->is_object())
    {
        return;
    }
    for (auto& [name, certificate] : certificates->items())
    {
        for (const auto& [key, content] :
             {std::pair("certificateFile", "certificate"), std::pair("keyFile", "key")})
        {
            if (!certificate.is_object() || !certificate.contains(key) ||
                !certificate[key].is_string())
            {
                continue;
            }
            const auto path =
                std::filesystem::path(file).parent_path() / certificate[key].get<std::string>();
            std::error_code error;
            std::ifstream in(path, std::ios::binary);
            if (!std::filesystem::is_regular_file(path, error) ||
                std::filesystem::file_size(path, error) > LARGEST || !in)
            {
                Problem problem;
                problem.pointer = Join(Join("/certificates", name), key);
                problem.expected = "a PEM file of at most 1 MB, relative to the scenario";
                problem.found = path.string() + ", which cannot be read";
                problems.push_back(problem);
                continue;
            }
            certificate[content] = std::string(std::istreambuf_iterator<char>(in), {});
            certificate.erase(key);
        }
    }
}

/** The folders and the schema that a load works with. */
struct Library
{
    const Schema* schema{nullptr};
    std::vector<std::string> presetDirectories;
};

Library
OpenLibrary(const LoadOptions& options, std::vector<Problem>& problems)
{
    Library library;
    library.presetDirectories = options.presetDirectories;
    const std::string data =
        options.dataDirectory.empty() ? FindDataDirectory(options.file) : options.dataDirectory;
    if (data.empty())
    {
        Problem problem;
        problem.file = options.file;
        problem.message = "the folder with schema.json and presets/ cannot be found; set "
                          "NATTLAB_DATA to its path";
        problems.push_back(problem);
        return library;
    }
    library.schema = Schema::Of(data, problems);
    library.presetDirectories.push_back(data + "/presets");
    return library;
}

/** Give each problem its file and line; \p overridden are the pointers of overrides. */
void
LocateAll(std::vector<Problem>& problems,
          const Document& document,
          const std::vector<std::string>& overridden)
{
    for (auto& problem : problems)
    {
        if (!problem.file.empty())
        {
            continue;
        }
        const bool isSet =
            std::any_of(overridden.begin(),
                        overridden.end(),
                        [&](const auto& set) {
                            return problem.pointer == set ||
                                   problem.pointer.compare(0, set.size() + 1, set + '/') == 0;
                        });
        if (isSet)
        {
            problem.file = "--set";
        }
        else
        {
            document.Locate(problem);
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
    scenario.document = std::move(document);
    scenario.file = options.file;
    Report report(problems);
    const Reader root(scenario.document, "", report);
    scenario.title = root.Text("title");
    scenario.description = root.Text("description");
    scenario.tags = root.Texts("tags");
    scenario.seed = root.Number("seed", scenario.seed);
    scenario.clock = root.Date("clock").value_or(DEFAULT_CLOCK);
    scenario.duration = root.Time("duration").value_or(seconds{180});
    if (scenario.duration <= Duration{0})
    {
        root.Fail("duration", "", "a time above zero");
        scenario.duration = Duration::max();
    }
    BuildTopology(scenario, root, report);
    BuildActivity(scenario, root);
    BuildExpect(scenario, root, options.knownReasons);
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

Scenario
LoadDocument(Document document, const LoadOptions& options, std::vector<Problem>& problems)
{
    const Library library = OpenLibrary(options, problems);
    if (!library.schema)
    {
        throw ScenarioErrors(problems);
    }
    const auto overridden = ApplyOverrides(document.value, options.overrides, problems);
    PresetShelf shelf(library.presetDirectories, *library.schema, problems);
    Json merged = document.value;
    ApplyPresets(merged, shelf, problems);
    ReadCertificateFiles(merged, options.file, problems);
    library.schema->Check(merged, "", problems);
    Scenario scenario = Build(std::move(merged), options, problems);
    if (!problems.empty())
    {
        DropInherited(problems);
        LocateAll(problems, document, overridden);
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

std::string
FindDataDirectory(const std::string& file)
{
    if (const char* data = std::getenv("NATTLAB_DATA"))
    {
        return data;
    }
#ifdef NATTLAB_SOURCE_DIR
    const std::string source = DataIn(NATTLAB_SOURCE_DIR);
    if (!source.empty())
    {
        return source;
    }
#endif
    std::error_code error;
    for (const auto& start : {std::filesystem::path(file).parent_path(),
                              std::filesystem::current_path(error),
                              std::filesystem::read_symlink("/proc/self/exe", error)})
    {
        const std::string found = DataAbove(start);
        if (!found.empty())
        {
            return found;
        }
    }
    return "";
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
