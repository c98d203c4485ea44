// SPDX-License-Identifier: GPL-2.0-only
#include "cli/commands.h"
#include "cli/regression-options.h"

#include "helper/regression/accept.h"
#include "helper/regression/summary.h"
#include "helper/report/write-file.h"
#include "helper/scenario/document.h"
#include "helper/scenario/load.h"
#include "helper/simulation/expectation.h"

#include <algorithm>
#include <iostream>
#include <memory>
#include <stdexcept>
#include <string>
#include <vector>

namespace nattlab
{

namespace
{

using regression::Status;
using regression::TestResult;

struct AcceptOptions
{
    RegressionOptions regression;
    bool dryRun{false};
};

std::string
Read(const std::string& path)
{
    std::vector<scenario::Problem> problems;
    const auto text = scenario::ReadText(path, problems);
    if (!text)
    {
        throw scenario::ScenarioErrors(problems);
    }
    return *text;
}

/**
 * Accept one scenario's verdicts.
 * \return what remains to be said about it
 * \throws std::runtime_error when its file cannot be written
 */
Status
AcceptOne(const TestResult& result, bool dryRun, std::size_t& changed)
{
    const std::string text = Read(result.file);
    const regression::Acceptance acceptance = regression::Accept(text, result);
    if (acceptance.text != text)
    {
        scenario::LoadOptions load;
        load.file = result.file;
        load.knownReasons = ReasonIds();
        scenario::LoadText(acceptance.text, load); // nothing is written that cannot be loaded
    }
    if (!acceptance.changes.empty() || !acceptance.left.empty())
    {
        std::cout << result.file << "\n";
    }
    for (const std::string& change : acceptance.changes)
    {
        std::cout << "  " << change << "\n";
    }
    for (const std::string& left : acceptance.left)
    {
        std::cout << "  not accepted: " << left << "\n";
    }
    if (acceptance.text != text)
    {
        std::cout << std::flush; // what changes is seen before it is changed
        if (!dryRun)
        {
            WriteFile(result.file, acceptance.text);
        }
        ++changed;
    }
    return acceptance.left.empty() ? Status::AsExpected : Status::NotAsExpected;
}

int
Accept(const AcceptOptions& options)
{
    Status worst = Status::AsExpected;
    std::size_t changed = 0;
    const std::vector<TestResult> results = RunScenarios(options.regression);
    const auto refuse = [&](Status status, const std::vector<std::string>& lines)
    {
        for (const std::string& line : lines)
        {
            std::cout << "  not accepted: " << line << "\n";
        }
        worst = std::max(worst, status);
    };
    for (const TestResult& result : results)
    {
        if (result.status == Status::BadInput || result.status == Status::Fault)
        {
            std::cout << result.file << "\n";
            refuse(result.status, regression::Explain(result));
            continue;
        }
        try
        {
            worst = std::max(worst, AcceptOne(result, options.dryRun, changed));
        }
        catch (const scenario::ScenarioErrors& errors)
        {
            refuse(Status::BadInput, {errors.what()});
        }
        catch (const std::runtime_error& error) // it cannot be written; others perhaps can
        {
            refuse(Status::Fault, {error.what()});
        }
    }
    std::cout << changed << " of " << results.size()
              << (options.dryRun ? " files would change\n" : " files changed\n");
    return ExitStatusOf(worst);
}

} // namespace

void
AddAcceptCommand(CLI::App& app, int& status)
{
    auto options = std::make_shared<AcceptOptions>();
    CLI::App* accept = app.add_subcommand(
        "accept", "Run scenarios and write what came of them into their files as expected.");
    AddRegressionOptions(*accept, options->regression);
    accept->add_flag("--dry-run", options->dryRun, "Show what would change, and write nothing.");
    accept->callback([options, &status] { status = Accept(*options); });
}

} // namespace nattlab
