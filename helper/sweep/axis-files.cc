// SPDX-License-Identifier: GPL-2.0-only
#include "helper/sweep/axis-files.h"

#include "helper/scenario/document.h"

#include <algorithm>
#include <array>
#include <cstddef>
#include <system_error>
#include <utility>

namespace nattlab::sweep
{

namespace
{

using scenario::Json;
using scenario::Problem;
using scenario::Report;
namespace fs = std::filesystem;

/** The keys that name files, and those that hold what is in them. */
constexpr std::array<std::pair<const char*, const char*>, 2> FILE_KEYS{
    {{"certificateFile", "certificate"}, {"keyFile", "key"}}};

/** \return whether \p name fits \p pattern, in which "*" stands for any characters. */
bool
Fits(const std::string& name, const std::string& pattern)
{
    std::size_t n = 0;
    std::size_t p = 0;
    std::size_t star = std::string::npos;
    std::size_t retry = 0;
    while (n < name.size())
    {
        if (p < pattern.size() && pattern[p] == '*')
        {
            star = p++;
            retry = n;
        }
        else if (p < pattern.size() && pattern[p] == name[n])
        {
            ++p;
            ++n;
        }
        else if (star != std::string::npos)
        {
            p = star + 1;
            n = ++retry;
        }
        else
        {
            return false;
        }
    }
    return pattern.find_first_not_of('*', p) == std::string::npos;
}

/** Refuse names of certificate files at any depth; a certificate of such a name is an object. */
void
RefuseFileKeys(const Json& value, const std::string& place, Report& report)
{
    for (const auto& [key, content] : FILE_KEYS)
    {
        if (value.is_object() && value.contains(key) && value[key].is_string())
        {
            report.Add(scenario::Join(place, key), CERTIFICATE_FILES);
        }
    }
    if (value.is_structured())
    {
        for (const auto& [key, member] : value.items())
        {
            RefuseFileKeys(member, scenario::Join(place, key), report);
        }
    }
}

} // namespace

std::vector<fs::path>
FilesLike(const fs::path& pattern)
{
    std::vector<fs::path> files;
    std::error_code error;
    fs::path folder = pattern.parent_path();
    folder = folder.empty() ? fs::path(".") : folder;
    fs::directory_iterator entry(folder, error);
    for (; !error && entry != fs::directory_iterator(); entry.increment(error))
    {
        const std::string name = entry->path().filename().string();
        std::error_code ignored;
        if (name.front() != '.' && Fits(name, pattern.filename().string()) &&
            entry->is_regular_file(ignored))
        {
            files.push_back(pattern.parent_path() / name);
        }
    }
    std::sort(files.begin(), files.end());
    return files;
}

void
TakeInCertificates(Json& scenario,
                   const std::string& folder,
                   const std::string& pointer,
                   std::vector<Problem>& problems)
{
    const auto certificates = scenario.find("certificates");
    if (certificates == scenario.end() || !certificates->is_object())
    {
        return;
    }
    for (auto& [name, certificate] : certificates->items())
    {
        for (const auto& [key, content] : FILE_KEYS)
        {
            if (!certificate.is_object() || !certificate.contains(key) ||
                !certificate[key].is_string())
            {
                continue;
            }
            const fs::path file = fs::path(folder) / certificate[key].get<std::string>();
            std::vector<Problem> unread;
            const auto text = scenario::ReadText(file.string(), unread);
            if (!text)
            {
                Problem problem;
                problem.pointer =
                    scenario::Join(scenario::Join(pointer + "/certificates", name), key);
                problem.expected = "a PEM file, relative to the file that names it";
                problem.found = file.string() + ", which cannot be read";
                problems.push_back(problem);
                continue;
            }
            certificate[content] = *text;
            certificate.erase(key);
        }
    }
}

void
RefuseCertificateFiles(const Json& value,
                       const std::vector<Path>& paths,
                       const std::string& place,
                       Report& report)
{
    const auto certificates = Path::Parse("/certificates");
    if (std::any_of(paths.begin(),
                    paths.end(),
                    [&](const Path& path) { return certificates->Contains(path); }))
    {
        RefuseFileKeys(value, place, report);
    }
}

} // namespace nattlab::sweep
