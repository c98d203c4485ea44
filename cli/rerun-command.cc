// SPDX-License-Identifier: GPL-2.0-only
#include "cli/commands.h"
#include "cli/report-options.h"
#include "cli/whole-number.h"

#include "helper/report/write-file.h"
#include "helper/scenario/load.h"
#include "helper/simulation/expectation.h"
#include "helper/simulation/nattlab-version.h"
#include "helper/store/reader.h"
#include "helper/sweep/data-hash.h"
#include "helper/sweep/plan.h"
#include "helper/sweep/run-point.h"

#include <iostream>
#include <memory>
#include <optional>
#include <string>

namespace nattlab
{

namespace
{

struct RerunOptions
{
    std::string directory;
    store::PointId point{0};
    std::string scenario;
    ReportOptions report;
};

/** Say on standard error what this run does not have in common with the sweep. */
void
TellDifferences(const store::SweepIdentity& identity, const scenario::LoadOptions& load)
{
    if (identity.version != VERSION)
    {
        std::cerr << "nattlab: the results were made by nattlab " << identity.version
                  << ", this is " << VERSION << "\n";
    }
    if (identity.schema != sweep::HashOfData(load))
    {
        std::cerr << "nattlab: schema or presets are not those that the results were made with\n";
    }
}

int
Rerun(const RerunOptions& options)
{
    const store::Reader reader(options.directory);
    const store::SweepIdentity& identity = reader.Identity();
    scenario::LoadOptions load;
    load.knownReasons = ReasonIds();
    const sweep::Plan plan = sweep::Plan::FromDocument(identity.document, load);
    if (options.point < 1 || options.point > plan.Size())
    {
        throw CLI::ValidationError("POINT",
                                   "expected a number from 1 to " + std::to_string(plan.Size()) +
                                       ", found " + std::to_string(options.point));
    }
    load.file = options.directory + ", point " + std::to_string(options.point);
    TellDifferences(identity, load);
    const sweep::Point point = plan.At(options.point);
    const std::string document = plan.DocumentOf(point).dump(2) + "\n";
    if (!options.scenario.empty())
    {
        WriteFile(options.scenario, document);
    }
    const ReportedRun run =
        RunAndReport(scenario::LoadText(document, load), options.report, Judged::No);
    const std::optional<store::PointRow> stored = reader.Find(options.point);
    if (!stored)
    {
        std::cerr << "nattlab: the results do not have point " << options.point << " yet\n";
        return run.status;
    }
    store::PointRow row = sweep::MakeRow(options.point, run.result);
    sweep::Complete(row, plan);
    if (!(row == *stored))
    {
        std::cerr << "nattlab: the results have something else for point " << options.point
                  << ": nattlab results " << options.directory << " --where point=" << options.point
                  << " --csv shows it\n";
        return EXIT_NOT_AS_EXPECTED;
    }
    return row.status == store::PointStatus::Fault ? EXIT_FAULT : EXIT_AS_EXPECTED;
}

} // namespace

void
AddRerunCommand(CLI::App& app, int& status)
{
    auto options = std::make_shared<RerunOptions>();
    CLI::App* rerun = app.add_subcommand(
        "rerun", "Run one point of a sweep alone, report it, and hold it against the results.");
    rerun->add_option("DIR", options->directory, "Results of nattlab sweep.")->required();
    rerun->add_option("POINT", options->point, "Number of the point, as the results name it.")
        ->required()
        ->transform(WholeNumber());
    rerun->add_option("--scenario", options->scenario, "Write the point's scenario, as JSON.")
        ->type_name("FILE");
    AddReportOptions(*rerun, options->report);
    rerun->footer("Exit status: 0 the run is as the results say, 1 it is not, 2 bad input or "
                  "usage, 3 a fault of nattlab.");
    rerun->callback([options, &status] { status = Rerun(*options); });
}

} // namespace nattlab
