// SPDX-License-Identifier: GPL-2.0-only
#include "helper/regression/find-scenarios.h"

#include "helper/scenario/document.h"

#include <algorithm>
#include <filesystem>
#include <optional>
#include <set>
#include <system_error>

namespace nattlab::regression
{

namespace
{

namespace fs = std::filesystem;
using scenario::Json;

std::string
TextOf(const Json& object, const char* key)
{
    const auto member = object.find(key);
    return member != object.end() && member->is_string() ? member->get<std::string>() : "";
}

/** What a file holds; nothing where it is no JSON. */
std::optional<Json>
ReadJson(const std::string& file)
{
    std::vector<scenario::Problem> problems;
    const auto text = scenario::ReadText(file, problems);
    return text ? scenario::ParseValue(*text) : std::nullopt;
}

bool
IsScenario(const Json& value)
{
    const bool preset =
        value.is_object() && TextOf(value, "$schema").find("#/definitions/") != std::string::npos;
    return value.is_object() && !preset && (value.contains("links") || value.contains("hosts"));
}

FoundScenario
Describe(const std::string& file, const std::optional<Json>& value)
{
    FoundScenario found;
    found.file = file;
    found.readable = value && value->is_object();
    if (!found.readable)
    {
        return found;
    }
    found.title = TextOf(*value, "title");
    const auto tags = value->find("tags");
    if (tags != value->end() && tags->is_array())
    {
        for (const Json& tag : *tags)
        {
            if (tag.is_string())
            {
                found.tags.push_back(tag.get<std::string>());
            }
        }
    }
    return found;
}

/** \return whether this is a file, or a link that should lead to one and leads nowhere. */
bool
IsFileOrBrokenLink(const fs::directory_entry& entry)
{
    std::error_code ignored;
    const fs::file_status status = entry.status(ignored);
    return fs::is_regular_file(status) || (!fs::exists(status) && entry.is_symlink(ignored));
}

/** \return the path by which a file is known, whatever it was called by. */
fs::path
KeyOf(const std::string& file)
{
    std::error_code error;
    const fs::path path = fs::weakly_canonical(file, error);
    return error || path.empty() ? fs::path(file).lexically_normal() : path;
}

/** \return the `.json` files below a folder, by name. */
std::vector<std::string>
JsonFilesBelow(const std::string& folder)
{
    std::vector<std::string> files;
    std::error_code error;
    fs::recursive_directory_iterator entry(
        folder, fs::directory_options::skip_permission_denied, error);
    for (; !error && entry != fs::recursive_directory_iterator(); entry.increment(error))
    {
        const fs::path& path = entry->path();
        if (path.filename().string().front() == '.')
        {
            entry.disable_recursion_pending();
        }
        else if (path.extension() == ".json" && path.filename() != "schema.json" &&
                 IsFileOrBrokenLink(*entry))
        {
            files.push_back(path.lexically_normal().generic_string());
        }
    }
    std::sort(files.begin(), files.end());
    return files;
}

bool
IsWanted(const FoundScenario& scenario, const Selection& selection)
{
    const auto& tags = scenario.tags;
    const bool tagged =
        selection.tags.empty() || !scenario.readable ||
        std::any_of(selection.tags.begin(),
                    selection.tags.end(),
                    [&](const std::string& tag)
                    { return std::find(tags.begin(), tags.end(), tag) != tags.end(); });
    return tagged && (scenario.file.find(selection.text) != std::string::npos ||
                      scenario.title.find(selection.text) != std::string::npos);
}

} // namespace

std::vector<FoundScenario>
FindScenarios(const std::vector<std::string>& paths)
{
    std::vector<FoundScenario> found;
    std::set<fs::path> seen;
    const auto add = [&](const std::string& file, const std::optional<Json>& value)
    {
        if (seen.insert(KeyOf(file)).second)
        {
            found.push_back(Describe(file, value));
        }
    };
    for (const std::string& path : paths)
    {
        std::error_code ignored;
        if (!fs::is_directory(path, ignored))
        {
            add(path, ReadJson(path));
            continue;
        }
        for (const std::string& file : JsonFilesBelow(path))
        {
            const auto value = ReadJson(file);
            if (!value || IsScenario(*value))
            {
                add(file, value);
            }
        }
    }
    return found;
}

std::vector<std::string>
Select(const std::vector<FoundScenario>& found, const Selection& selection)
{
    std::vector<std::string> files;
    for (const FoundScenario& scenario : found)
    {
        if (IsWanted(scenario, selection))
        {
            files.push_back(scenario.file);
        }
    }
    return files;
}

} // namespace nattlab::regression
