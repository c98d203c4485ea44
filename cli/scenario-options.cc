// SPDX-License-Identifier: GPL-2.0-only
#include "cli/scenario-options.h"

#include "cli/whole-number.h"

#include "helper/scenario/nearest.h"
#include "helper/scenario/unit.h"
#include "helper/simulation/expectation.h"

#include <algorithm>

namespace nattlab
{

void
AddScenarioOptions(CLI::App& command, ScenarioOptions& options)
{
    command
        .add_option("FILE", options.file, "Scenario, a JSON file; doc/scenario.md describes it.")
        ->required();
    command
        .add_option("--set",
                    options.set,
                    "Put VALUE in place of what the JSON Pointer leads to, as in "
                    "/links/internet/delay=80 ms; may be given more than once.")
        ->type_name("POINTER=VALUE")
        ->expected(1)
        ->allow_extra_args(false)
        ->take_all();
    command.add_option("--seed", options.seed, "Seed in place of the scenario's.")
        ->type_name("N")
        ->transform(WholeNumber());
}

scenario::Scenario
LoadScenario(const ScenarioOptions& options)
{
    scenario::LoadOptions load;
    load.file = options.file;
    load.knownReasons = ReasonIds();
    for (const std::string& text : options.set)
    {
        const std::size_t equals = text.find('=');
        if (equals == std::string::npos)
        {
            throw CLI::ValidationError("--set", "expected POINTER=VALUE, found \"" + text + "\"");
        }
        load.overrides.emplace_back(text.substr(0, equals), text.substr(equals + 1));
    }
    if (options.seed)
    {
        load.overrides.emplace_back("/seed", std::to_string(*options.seed));
    }
    return scenario::Load(load);
}

Duration
ParseTime(const std::string& option, const std::string& text, const scenario::Scenario& scenario)
{
    const auto time = scenario::ParseDuration(text);
    if (!time)
    {
        throw CLI::ValidationError(option,
                                   "expected a time such as \"30 s\", found \"" + text + "\"");
    }
    if (*time >= scenario.duration)
    {
        throw CLI::ValidationError(option,
                                   "\"" + text +
                                       "\" is not before the end of the run, see "
                                       "/duration of the scenario");
    }
    return *time;
}

void
CheckWindowsHost(const std::string& option,
                 const std::string& name,
                 const scenario::Scenario& scenario)
{
    std::vector<std::string> known;
    for (const scenario::Host& host : scenario.hosts)
    {
        if (!host.release.empty())
        {
            known.push_back(host.name);
        }
    }
    if (std::find(known.begin(), known.end(), name) != known.end())
    {
        return;
    }
    if (scenario.FindHost(name))
    {
        throw CLI::ValidationError(option, "the host \"" + name + "\" is no Windows");
    }
    const std::string nearest = scenario::Nearest(name, known);
    throw CLI::ValidationError(option,
                               "the scenario has no Windows host \"" + name + "\"" +
                                   (nearest.empty() ? "" : "; did you mean \"" + nearest + "\"?"));
}

} // namespace nattlab
