// SPDX-License-Identifier: GPL-2.0-only
#ifndef NATTLAB_CLI_REGRESSION_OPTIONS_H
#define NATTLAB_CLI_REGRESSION_OPTIONS_H

#include "helper/regression/find-scenarios.h"
#include "helper/regression/test-result.h"

#include <CLI/CLI.hpp>

#include <cstddef>
#include <string>
#include <vector>

namespace nattlab
{

/** What every command that runs many scenarios takes. */
struct RegressionOptions
{
    std::vector<std::string> paths;
    std::size_t workers{1};
    regression::Selection selection;
};

/** Add PATH, --jobs, --filter and --tag. \param options must outlive the command */
void AddRegressionOptions(CLI::App& command, RegressionOptions& options);

/**
 * Find and run the scenarios, with a progress bar on standard error where that is a terminal.
 * \throws CLI::ValidationError when there is no scenario
 */
std::vector<regression::TestResult> RunScenarios(const RegressionOptions& options);

/** \return the exit status for the worst of the results. */
int ExitStatusOf(regression::Status worst);

} // namespace nattlab

#endif
