// SPDX-License-Identifier: GPL-2.0-only
#include "cli/commands.h"
#include "cli/scenario-options.h"

#include "helper/simulation/simulation.h"

#include <nlohmann/json.hpp>

#include <iostream>
#include <memory>
#include <string>
#include <vector>

namespace nattlab
{

namespace
{

struct ToolOptions
{
    ScenarioOptions scenario;
    std::string host;
    std::string at;
    bool json{false};
    std::vector<std::string> words;
};

/** \return one command line, with quotes around words that need them. */
std::string
LineOf(const std::vector<std::string>& words)
{
    std::string line = "ipseccmd";
    for (const std::string& word : words)
    {
        const bool quoted = word.empty() || word.find(' ') != std::string::npos;
        line += quoted ? " \"" + word + "\"" : " " + word;
    }
    return line;
}

int
RunTool(const ToolOptions& options)
{
    const scenario::Scenario scenario = LoadScenario(options.scenario);
    CheckWindowsHost("--host", options.host, scenario);
    const Duration at = options.at.empty() ? scenario.duration - nanoseconds{1}
                                           : ParseTime("--at", options.at, scenario);
    Simulation simulation(scenario);
    windows::ToolResult shown;
    simulation.At(at, [&] { shown = simulation.RunTool(options.host, LineOf(options.words)); });
    simulation.Run();
    if (options.json)
    {
        nlohmann::ordered_json json;
        json["host"] = options.host;
        json["time"] = static_cast<double>(at.count()) / 1e9;
        json["command"] = LineOf(options.words);
        json["exitCode"] = shown.exitCode;
        json["text"] = shown.text;
        std::cout << json.dump(2) << "\n";
    }
    else
    {
        (shown.exitCode == 0 ? std::cout : std::cerr) << shown.text;
    }
    return shown.exitCode == 0 ? EXIT_AS_EXPECTED : EXIT_NOT_AS_EXPECTED;
}

} // namespace

void
AddIpseccmdCommand(CLI::App& app, int& status)
{
    auto options = std::make_shared<ToolOptions>();
    CLI::App* command =
        app.add_subcommand("ipseccmd",
                           "Run ipseccmd (Windows 2000: ipsecpol) on a host during a run: "
                           "nattlab ipseccmd FILE --host HOST --at TIME -- show all.");
    AddScenarioOptions(*command, options->scenario);
    command->add_option("--host", options->host, "The host that the tool runs on.")
        ->required()
        ->type_name("HOST");
    command->add_option("--at", options->at, "When, as in \"30 s\"; the end by default.")
        ->type_name("TIME");
    command->add_flag("--json", options->json, "Print one JSON object.");
    command->add_option("ARGUMENTS", options->words, "Arguments of the tool, after --.")
        ->allow_extra_args();
    command->footer("Exit status: 0 the tool succeeded, 1 it failed, 2 bad input or usage.");
    command->callback([options, &status] { status = RunTool(*options); });
}

} // namespace nattlab
