// SPDX-License-Identifier: GPL-2.0-only
#include "helper/sweep/data-hash.h"

#include "helper/scenario/document.h"

#include "model/crypto/hash.h"

#include <filesystem>
#include <optional>
#include <set>
#include <sys/stat.h>
#include <utility>

namespace nattlab::sweep
{

namespace
{

/** \return the content of a file. */
std::string
Content(const std::string& file)
{
    std::vector<scenario::Problem> problems;
    auto text = scenario::ReadText(file, problems);
    if (!text)
    {
        throw scenario::ScenarioErrors(problems);
    }
    return *text;
}

/** Lengths stand before texts, so that no two lists of them read alike. */
void
Append(std::string& all, const std::string& text)
{
    all += std::to_string(text.size()) + ':' + text;
}

std::string
SchemaFile(const scenario::LoadOptions& options)
{
    const std::string data = options.dataDirectory.empty()
                                 ? scenario::FindDataDirectory(options.file)
                                 : options.dataDirectory;
    return data + "/schema.json";
}

std::string
HashOf(const scenario::LoadOptions& options, const std::vector<scenario::PresetInfo>& presets)
{
    std::string all;
    Append(all, Content(SchemaFile(options)));
    for (const scenario::PresetInfo& preset : presets)
    {
        Append(all, preset.kind);
        Append(all, preset.name);
        Append(all, Content(preset.file));
    }
    return ToHex(crypto::Sha256(ByteView{all}));
}

} // namespace

std::string
HashOfData(const scenario::LoadOptions& options)
{
    return HashOf(options, scenario::ListPresets(options));
}

DataWatch::DataWatch(scenario::LoadOptions options)
    : m_options(std::move(options)),
      m_paths{SchemaFile(m_options)}
{
    const std::vector<scenario::PresetInfo> presets = scenario::ListPresets(m_options);
    std::set<std::string> folders;
    for (const scenario::PresetInfo& preset : presets)
    {
        m_paths.push_back(preset.file);
        folders.insert(std::filesystem::path(preset.file).parent_path().string());
    }
    m_paths.insert(m_paths.end(), folders.begin(), folders.end());
    m_seen = Look(); // before they are read: a change after that is seen later
    m_hash = HashOf(m_options, presets);
}

std::string
DataWatch::Look() const
{
    std::string seen;
    for (const std::string& path : m_paths)
    {
        struct stat status = {};
        if (::stat(path.c_str(), &status) == 0)
        {
            Append(seen,
                   std::to_string(status.st_ino) + ' ' + std::to_string(status.st_size) + ' ' +
                       std::to_string(status.st_mtim.tv_sec) + ' ' +
                       std::to_string(status.st_mtim.tv_nsec));
        }
        else
        {
            Append(seen, "gone");
        }
    }
    return seen;
}

bool
DataWatch::IsSame()
{
    std::string seen = Look();
    if (seen == m_seen)
    {
        return true;
    }
    try
    {
        if (HashOfData(m_options) != m_hash)
        {
            return false;
        }
    }
    catch (const scenario::ScenarioErrors&)
    {
        return false;
    }
    m_seen = std::move(seen);
    return true;
}

} // namespace nattlab::sweep
