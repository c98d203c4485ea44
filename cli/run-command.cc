// SPDX-License-Identifier: GPL-2.0-only
#include "cli/commands.h"
#include "cli/report-options.h"
#include "cli/scenario-options.h"

#include <memory>

namespace nattlab
{

namespace
{

struct RunOptions
{
    ScenarioOptions scenario;
    ReportOptions report;
};

} // namespace

void
AddRunCommand(CLI::App& app, int& status)
{
    auto options = std::make_shared<RunOptions>();
    CLI::App* run = app.add_subcommand("run", "Run a scenario and report what became of it.");
    AddScenarioOptions(*run, options->scenario);
    AddReportOptions(*run, options->report);
    run->callback(
        [options, &status]
        { status = RunAndReport(LoadScenario(options->scenario), options->report).status; });
}

} // namespace nattlab
