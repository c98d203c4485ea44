// SPDX-License-Identifier: GPL-2.0-only
#include "cli/commands.h"
#include "cli/scenario-options.h"

#include "helper/report/monitor-report.h"
#include "helper/simulation/simulation.h"

#include <iostream>
#include <memory>
#include <string>
#include <vector>

namespace nattlab
{

namespace
{

struct MonitorOptions
{
    ScenarioOptions scenario;
    std::string host;
    std::string computer;
    std::string at;
    std::string every;
    bool json{false};
};

/** \return the times at which to look; none: at the end of the run. */
std::vector<Duration>
TimesOf(const MonitorOptions& options, const scenario::Scenario& scenario)
{
    std::vector<Duration> times;
    if (!options.at.empty())
    {
        times.push_back(ParseTime("--at", options.at, scenario));
    }
    if (!options.every.empty())
    {
        const Duration step = ParseTime("--every", options.every, scenario);
        if (step <= Duration{0})
        {
            throw CLI::ValidationError("--every", "expected a time above zero");
        }
        for (Duration time = step; time < scenario.duration; time += step)
        {
            times.push_back(time);
        }
    }
    return times;
}

int
Monitor(const MonitorOptions& options)
{
    const scenario::Scenario scenario = LoadScenario(options.scenario);
    const std::string computer = options.computer.empty() ? options.host : options.computer;
    CheckWindowsHost("--host", options.host, scenario);
    CheckWindowsHost("--computer", computer, scenario);
    Simulation simulation(scenario);
    nlohmann::ordered_json views = nlohmann::ordered_json::array();
    const auto look = [&]
    {
        const windows::MonitorView view = simulation.Monitor(options.host, computer);
        if (options.json)
        {
            views.push_back(MakeMonitorJson(view));
            return;
        }
        std::cout << windows::MonitorText(view) << "\n" << std::flush;
    };
    const std::vector<Duration> times = TimesOf(options, scenario);
    for (const Duration time : times)
    {
        simulation.At(time, look);
    }
    if (times.empty())
    {
        simulation.At(scenario.duration - nanoseconds{1}, look);
    }
    simulation.Run();
    if (options.json)
    {
        std::cout << views.dump(2) << "\n";
    }
    return EXIT_AS_EXPECTED;
}

} // namespace

void
AddMonitorCommand(CLI::App& app, int& status)
{
    auto options = std::make_shared<MonitorOptions>();
    CLI::App* command = app.add_subcommand(
        "monitor", "Show what the IPsec monitor of a Windows host shows during a run.");
    AddScenarioOptions(*command, options->scenario);
    command->add_option("--host", options->host, "The host that runs the monitor.")
        ->required()
        ->type_name("HOST");
    command
        ->add_option("--computer",
                     options->computer,
                     "The host that it looks at, if not the one that it runs on.")
        ->type_name("HOST");
    CLI::Option* at =
        command->add_option("--at", options->at, "When, as in \"30 s\"; the end by default.");
    at->type_name("TIME");
    command->add_option("--every", options->every, "Again and again, as in \"15 s\".")
        ->type_name("TIME")
        ->excludes(at);
    command->add_flag("--json", options->json, "Print a JSON array of views instead of tables.");
    command->callback([options, &status] { status = Monitor(*options); });
}

} // namespace nattlab
