// SPDX-License-Identifier: GPL-2.0-only
#include "cli/regression-options.h"

#include "cli/commands.h"

#include "helper/regression/run-all.h"
#include "helper/regression/run-scenario.h"
#include "helper/regression/summary.h"
#include "helper/workers/worker-pool.h"

#include <iostream>
#include <unistd.h>

namespace nattlab
{

void
AddRegressionOptions(CLI::App& command, RegressionOptions& options)
{
    options.workers = workers::ProcessorCount();
    command
        .add_option("PATH",
                    options.paths,
                    "Scenarios, and folders that are searched for scenarios, subfolders included.")
        ->required();
    command
        .add_option(
            "-j,--jobs", options.workers, "Processes that run scenarios; as many as processors.")
        ->type_name("N")
        ->check(CLI::Range(1, 1024));
    command
        .add_option("--filter",
                    options.selection.text,
                    "Only scenarios with TEXT in the file's path or in the title.")
        ->type_name("TEXT");
    command
        .add_option("--tag",
                    options.selection.tags,
                    "Only scenarios with TAG among their tags; given more than once, any of them.")
        ->type_name("TAG")
        ->expected(1)
        ->allow_extra_args(false)
        ->take_all();
}

std::vector<regression::TestResult>
RunScenarios(const RegressionOptions& options)
{
    const std::vector<std::string> files =
        regression::Select(regression::FindScenarios(options.paths), options.selection);
    if (files.empty())
    {
        throw CLI::ValidationError("PATH", "no scenario found");
    }
    if (isatty(STDERR_FILENO) == 0)
    {
        return regression::RunAll(files, options.workers, regression::RunScenario);
    }
    regression::ProgressBar bar(files.size(), std::cerr);
    const auto results =
        regression::RunAll(files,
                           options.workers,
                           regression::RunScenario,
                           [&](const regression::TestResult& result) { bar.Done(result); });
    bar.Clear();
    return results;
}

int
ExitStatusOf(regression::Status worst)
{
    switch (worst)
    {
    case regression::Status::AsExpected:
        return EXIT_AS_EXPECTED;
    case regression::Status::NotAsExpected:
        return EXIT_NOT_AS_EXPECTED;
    case regression::Status::BadInput:
        return EXIT_BAD_INPUT;
    case regression::Status::Fault:
        break;
    }
    return EXIT_FAULT;
}

} // namespace nattlab
