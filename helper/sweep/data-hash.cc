// SPDX-License-Identifier: GPL-2.0-only
#include "helper/sweep/data-hash.h"

#include "helper/scenario/document.h"

#include "model/crypto/hash.h"

#include <optional>
#include <vector>

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

} // namespace

std::string
HashOfData(const scenario::LoadOptions& options)
{
    const std::string data = options.dataDirectory.empty()
                                 ? scenario::FindDataDirectory(options.file)
                                 : options.dataDirectory;
    std::string all;
    Append(all, Content(data + "/schema.json"));
    for (const scenario::PresetInfo& preset : scenario::ListPresets(options))
    {
        Append(all, preset.kind);
        Append(all, preset.name);
        Append(all, Content(preset.file));
    }
    return ToHex(crypto::Sha256(ByteView{all}));
}

} // namespace nattlab::sweep
