// SPDX-License-Identifier: GPL-2.0-only
#ifndef NATTLAB_SCENARIO_LOAD_H
#define NATTLAB_SCENARIO_LOAD_H

#include "helper/scenario/problem.h"
#include "helper/scenario/scenario.h"

#include <string>
#include <string_view>
#include <utility>
#include <vector>

namespace nattlab::scenario
{

struct LoadOptions
{
    std::string file;
    /**
     * Values to put in place of the file's: JSON Pointer and text. A text that is not JSON is a
     * string, so that `30 ms` needs no quotes. Missing objects on the way are made.
     */
    std::vector<std::pair<std::string, std::string>> overrides;
    std::string dataDirectory; //!< holds schema.json and presets/; empty: FindDataDirectory(file)
    std::vector<std::string> presetDirectories; //!< looked into before the data directory's
    std::vector<std::string> knownReasons;      //!< stable ids that `expect` may name; empty: any
};

/**
 * Read a scenario, put the overrides in, apply presets, check, and convert.
 * \throws ScenarioErrors with every problem found.
 */
Scenario Load(const LoadOptions& options);

/** The same for a text in memory; `options.file` is only its name in messages. */
Scenario LoadText(std::string_view text, const LoadOptions& options);

/**
 * Where schema.json and presets/ are: $NATTLAB_DATA, the source tree known at compile time, or
 * the nearest folder above \p file (or above the current folder) that has them, itself or in
 * `scenarios/`.
 * \return the folder, or "" when there is none.
 */
std::string FindDataDirectory(const std::string& file);

struct PresetInfo
{
    std::string kind; //!< "systems", "nat", "firewalls", "links"
    std::string name;
    std::string title;
    std::string extends; //!< empty when it stands alone
    std::string file;
    std::vector<std::string> tags; //!< by which axes of sweeps choose it
};

/** Every preset that can be named, by kind and name. \throws ScenarioErrors for unreadable ones. */
std::vector<PresetInfo> ListPresets(const LoadOptions& options);

} // namespace nattlab::scenario

#endif
