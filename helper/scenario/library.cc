// SPDX-License-Identifier: GPL-2.0-only
#include "helper/scenario/library.h"

#include "helper/scenario/document.h"

#include <cstdint>
#include <cstdlib>
#include <filesystem>
#include <fstream>
#include <iterator>
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

} // namespace

std::string
FindDataDirectory(const std::string& file)
{
    if (const char* data = std::getenv("NATTLAB_DATA"); data && *data)
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

} // namespace nattlab::scenario
