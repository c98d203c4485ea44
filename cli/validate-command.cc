// SPDX-License-Identifier: GPL-2.0-only
#include "cli/commands.h"

#include "helper/scenario/load.h"
#include "helper/simulation/expectation.h"
#include "helper/simulation/simulation.h"

#include <iostream>
#include <memory>
#include <string>
#include <vector>

namespace nattlab
{

namespace
{

int
Validate(const std::vector<std::string>& files)
{
    int status = EXIT_AS_EXPECTED;
    for (const std::string& file : files)
    {
        try
        {
            scenario::LoadOptions options;
            options.file = file;
            options.knownReasons = ReasonIds();
            const scenario::Scenario scenario = scenario::Load(options);
            const Simulation simulation(scenario); // the engines have a say, too
            std::cout << file << ": valid\n";
        }
        catch (const scenario::ScenarioErrors& errors)
        {
            std::cerr << errors.what() << "\n";
            status = EXIT_BAD_INPUT;
        }
    }
    return status;
}

} // namespace

void
AddValidateCommand(CLI::App& app, int& status)
{
    auto files = std::make_shared<std::vector<std::string>>();
    CLI::App* validate = app.add_subcommand("validate", "Check scenarios without running them.");
    validate->add_option("FILE", *files, "Scenarios, JSON files.")->required();
    validate->callback([files, &status] { status = Validate(*files); });
}

} // namespace nattlab
