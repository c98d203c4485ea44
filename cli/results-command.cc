// SPDX-License-Identifier: GPL-2.0-only
#include "cli/commands.h"
#include "cli/filter-option.h"

#include "helper/store/cross-table.h"
#include "helper/store/export.h"
#include "helper/store/summary.h"

#include <fstream>
#include <iostream>
#include <memory>
#include <stdexcept>
#include <string>
#include <vector>

namespace nattlab
{

namespace
{

struct ResultsOptions
{
    std::string directory;
    std::vector<std::string> where;
    std::string file; //!< of an export; empty or "-": standard output
    bool csv{false};
    bool jsonLines{false};
    bool json{false};
    bool points{false};
    bool traffic{false};
    std::vector<std::string> by;
    bool markdown{false};
};

/** Write the table of --by in the form that was asked for. */
void
WriteShares(const ResultsOptions& options,
            const store::Reader& reader,
            const store::Filter& filter,
            std::ostream& out)
{
    try
    {
        const store::CrossTable table =
            MakeCrossTable(reader,
                           options.traffic ? store::Subject::Traffic : store::Subject::Connections,
                           filter,
                           options.by);
        if (options.csv)
        {
            WriteCsv(table, out);
        }
        else if (options.json)
        {
            WriteJson(table, out);
        }
        else if (options.markdown)
        {
            WriteMarkdown(table, out);
        }
        else
        {
            WriteText(table, out);
        }
    }
    catch (const store::UnknownColumn& unknown)
    {
        FailColumn("--by", unknown);
    }
}

void
Export(const ResultsOptions& options,
       const store::Reader& reader,
       const store::Filter& filter,
       std::ostream& out)
{
    const store::ExportForm form = options.points    ? store::ExportForm::Points
                                   : options.traffic ? store::ExportForm::Traffic
                                                     : store::ExportForm::Connections;
    if (!options.by.empty())
    {
        WriteShares(options, reader, filter, out);
    }
    else if (options.csv)
    {
        ExportCsv(reader, filter, out, form);
    }
    else
    {
        ExportJsonLines(reader, filter, out, form);
    }
}

void
ShowResults(const ResultsOptions& options)
{
    const store::Reader reader(options.directory);
    const store::Filter filter = MakeFilter(options.where, reader.Identity());
    if (!filter.AdmitsAll() && reader.CountStatus(filter).empty())
    {
        // A column may have such values or not: that the term is wrong cannot be told from it.
        std::cerr << "nattlab: --where: no point is like that\n";
    }
    if (!options.csv && !options.jsonLines)
    {
        if (!options.by.empty())
        {
            WriteShares(options, reader, filter, std::cout);
        }
        else if (options.json)
        {
            WriteSummaryJson(reader, filter, std::cout);
        }
        else
        {
            WriteSummary(reader, filter, options.directory, std::cout);
        }
        return;
    }
    if (options.file.empty() || options.file == "-")
    {
        Export(options, reader, filter, std::cout);
        return;
    }
    std::ofstream file(options.file, std::ios::binary);
    Export(options, reader, filter, file);
    file.close();
    if (!file)
    {
        throw std::runtime_error(options.file + ": cannot be written");
    }
}

} // namespace

void
AddResultsCommand(CLI::App& app, int& status)
{
    auto options = std::make_shared<ResultsOptions>();
    CLI::App* results = app.add_subcommand("results", "Show or export the results of a sweep.");
    results->add_option("DIR", options->directory, "Where the sweep put them.")->required();
    results
        ->add_option("--where",
                     options->where,
                     "Only rows for which this holds: a column of the export, one of = != < <= > "
                     ">=, and a value, as in verdict=failed. Can be given several times; then all "
                     "must hold.")
        ->type_name("TERM")
        ->expected(1)
        ->multi_option_policy(CLI::MultiOptionPolicy::TakeAll);
    CLI::Option* csv = results->add_option(
        "--csv", options->file, "Export as CSV, to standard output without FILE.");
    CLI::Option* jsonLines = results->add_option("--jsonl",
                                                 options->file,
                                                 "Export as JSON Lines, to standard output "
                                                 "without FILE.");
    csv->type_name("FILE")->expected(0, 1)->excludes(jsonLines);
    jsonLines->type_name("FILE")->expected(0, 1);
    CLI::Option* json =
        results->add_flag("--json", options->json, "Show the summary as one JSON document.");
    json->excludes(csv)->excludes(jsonLines);
    CLI::Option* by =
        results
            ->add_option("--by",
                         options->by,
                         "Show the share of connections that come up by the values of "
                         "AXIS; given twice, of two axes.")
            ->type_name("AXIS")
            ->expected(1)
            ->multi_option_policy(CLI::MultiOptionPolicy::TakeAll);
    by->excludes(jsonLines);
    CLI::Option* markdown =
        results->add_flag("--markdown", options->markdown, "With --by: as a table of Markdown.");
    markdown->needs(by)->excludes(csv)->excludes(json);
    CLI::Option* points =
        results->add_flag("--points", options->points, "Export one row for each point.");
    CLI::Option* traffic =
        results->add_flag("--traffic",
                          options->traffic,
                          "Export one row for each traffic source of the wanted "
                          "points; with --by: count those of which all arrives.");
    points->excludes(traffic)->excludes(by);
    results->callback(
        [options, csv, jsonLines, &status]
        {
            options->csv = csv->count() != 0;
            options->jsonLines = jsonLines->count() != 0;
            if ((options->points || options->traffic) && options->by.empty() && !options->csv &&
                !options->jsonLines)
            {
                throw CLI::ValidationError(options->points ? "--points" : "--traffic",
                                           "is for an export: give --csv or --jsonl as well");
            }
            if (options->by.size() > 2)
            {
                throw CLI::ValidationError("--by", "can be given once or twice");
            }
            ShowResults(*options);
            status = EXIT_AS_EXPECTED;
        });
}

} // namespace nattlab
