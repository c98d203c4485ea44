// SPDX-License-Identifier: GPL-2.0-only
#include "cli/commands.h"
#include "cli/regression-options.h"

#include "helper/regression/changes.h"
#include "helper/regression/junit.h"
#include "helper/regression/summary.h"
#include "helper/report/write-file.h"

#include <cstdlib>
#include <iostream>
#include <memory>
#include <sstream>
#include <stdexcept>
#include <string>
#include <unistd.h>
#include <vector>

namespace nattlab
{

namespace
{

struct TestOptions
{
    RegressionOptions regression;
    std::string junit;
    std::string json;
    std::string changedOnly;
};

std::vector<regression::TestResult>
ReadEarlier(const std::string& file)
{
    try
    {
        return regression::ReadTestReport(file);
    }
    catch (const std::runtime_error& error)
    {
        throw CLI::ValidationError("--changed-only", error.what());
    }
}

int
Test(const TestOptions& options)
{
    std::vector<regression::TestResult> earlier;
    if (!options.changedOnly.empty())
    {
        earlier = ReadEarlier(options.changedOnly); // before --json may replace it
    }
    const std::vector<regression::TestResult> results = RunScenarios(options.regression);
    if (!options.changedOnly.empty())
    {
        WriteChanges(regression::FindChanges(earlier, results), results, std::cout);
    }
    else
    {
        const bool color = isatty(STDOUT_FILENO) != 0 && std::getenv("NO_COLOR") == nullptr;
        WriteSummary(results, color, std::cout);
    }
    std::cout << std::flush;
    if (!options.junit.empty())
    {
        std::ostringstream text;
        WriteJunit(results, text);
        WriteFile(options.junit, text.str());
    }
    if (!options.json.empty())
    {
        WriteFile(options.json, MakeTestReport(results).dump(2) + "\n");
    }
    return ExitStatusOf(WorstOf(results));
}

} // namespace

void
AddTestCommand(CLI::App& app, int& status)
{
    auto options = std::make_shared<TestOptions>();
    CLI::App* test =
        app.add_subcommand("test", "Run many scenarios and report those that are not as expected.");
    AddRegressionOptions(*test, options->regression);
    test->add_option("--junit", options->junit, "Write the results as JUnit XML.")
        ->type_name("FILE");
    test->add_option("--json", options->json, "Write the results as one JSON document.")
        ->type_name("FILE");
    test->add_option("--changed-only",
                     options->changedOnly,
                     "Show only the scenarios whose verdict is not the one in FILE, which an "
                     "earlier --json wrote; the exit status is about all.")
        ->type_name("FILE");
    test->callback([options, &status] { status = Test(*options); });
}

} // namespace nattlab
