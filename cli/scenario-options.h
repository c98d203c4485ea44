// SPDX-License-Identifier: GPL-2.0-only
#ifndef NATTLAB_CLI_SCENARIO_OPTIONS_H
#define NATTLAB_CLI_SCENARIO_OPTIONS_H

#include "helper/scenario/load.h"
#include "helper/scenario/scenario.h"

#include <CLI/CLI.hpp>

#include <cstdint>
#include <optional>
#include <string>
#include <vector>

namespace nattlab
{

/** What every command that runs a scenario takes. */
struct ScenarioOptions
{
    std::string file;
    std::vector<std::string> set;
    std::optional<std::uint64_t> seed;
};

/** Add FILE, --set and --seed. \param options must outlive the command */
void AddScenarioOptions(CLI::App& command, ScenarioOptions& options);

/**
 * \throws scenario::ScenarioErrors when the scenario is at fault
 * \throws CLI::ValidationError when an option is
 */
scenario::Scenario LoadScenario(const ScenarioOptions& options);

/**
 * Read a point in time of a run.
 * \throws CLI::ValidationError when it is none, or lies at or after the end
 */
Duration
ParseTime(const std::string& option, const std::string& text, const scenario::Scenario& scenario);

/** \throws CLI::ValidationError unless the scenario has such a host and it is Windows. */
void CheckWindowsHost(const std::string& option,
                      const std::string& name,
                      const scenario::Scenario& scenario);

} // namespace nattlab

#endif
