// SPDX-License-Identifier: GPL-2.0-only
#ifndef NATTLAB_SCENARIO_PRESET_H
#define NATTLAB_SCENARIO_PRESET_H

#include "helper/scenario/load.h"
#include "helper/scenario/problem.h"
#include "helper/scenario/schema.h"
#include "helper/scenario/section.h"

#include <map>
#include <optional>
#include <string>
#include <vector>

namespace nattlab::scenario
{

/** The presets of some folders. Each file is read when it is first asked for. */
class PresetShelf
{
  public:
    /**
     * \param directories hold systems/, nat/, firewalls/, links/; the first that has a name wins
     * \param schema checks the files
     * \param problems gets what is wrong with files
     */
    PresetShelf(std::vector<std::string> directories,
                const Schema& schema,
                std::vector<Problem>& problems);

    /** \return the values of a preset with those of its parents below them; null when it cannot be
     * had: unknown, or at fault and told so. */
    const Json* Find(const std::string& kind, const std::string& name);

    /** \return the names of all presets of a kind. */
    std::vector<std::string> Names(const std::string& kind) const;

    bool Has(const std::string& kind, const std::string& name) const;

    /** \return every preset, by kind and name. */
    std::vector<PresetInfo> List();

  private:
    struct Preset
    {
        PresetInfo info;
        std::optional<Json> values; //!< nothing when the file is at fault
    };

    const Preset&
    Get(const std::string& kind, const std::string& name, std::vector<std::string>& children);
    std::string FileOf(const std::string& kind, const std::string& name) const;

    std::vector<std::string> m_directories;
    const Schema& m_schema;
    std::vector<Problem>& m_problems;
    std::map<std::string, Preset> m_presets; //!< by "kind/name"
};

/**
 * Put the presets that a scenario names below its own keys (JSON Merge Patch, RFC 7396), and remove
 * members that are null.
 */
void ApplyPresets(Json& document, PresetShelf& shelf, std::vector<Problem>& problems);

} // namespace nattlab::scenario

#endif
