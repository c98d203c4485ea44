// SPDX-License-Identifier: GPL-2.0-only
#include "cli/commands.h"
#include "cli/filter-option.h"

#include "helper/figures/plot.h"
#include "helper/simulation/nattlab-version.h"
#include "helper/store/reader.h"

#include <algorithm>
#include <filesystem>
#include <iostream>
#include <map>
#include <memory>
#include <string>
#include <vector>

namespace nattlab
{

namespace
{

using figures::Format;
using figures::Kind;

const std::map<std::string, std::vector<Kind>> KINDS{
    {"grid", {Kind::Grid}},
    {"reasons", {Kind::Reasons}},
    {"time", {Kind::Time}},
    {"all", {Kind::Grid, Kind::Reasons, Kind::Time}},
};

const std::map<std::string, Format> FORMATS{{"svg", Format::Svg}, {"png", Format::Png}};

struct PlotCommand
{
    std::string results;
    std::string kind{"all"};
    std::string output;
    std::vector<std::string> formats;
    std::vector<std::string> where;
    figures::PlotOptions options;
};

/** Take --output apart: a file where it ends like a figure, else a directory. */
void
SetOutput(PlotCommand& command)
{
    figures::PlotOptions& options = command.options;
    const std::filesystem::path output(command.output);
    const std::string ending = output.extension().string();
    const auto format = FORMATS.find(ending.empty() ? "" : ending.substr(1));
    if (command.output.empty() || format == FORMATS.end())
    {
        options.directory = command.output.empty()
                                ? (std::filesystem::path(command.results) / "figures").string()
                                : command.output;
        return;
    }
    if (options.kinds.size() > 1)
    {
        throw CLI::ValidationError("--output",
                                   "expected a directory for several figures, found \"" +
                                       command.output + "\"; or name one KIND");
    }
    if (command.formats.empty())
    {
        options.formats = {format->second};
    }
    else if (options.formats != std::vector<Format>{format->second})
    {
        throw CLI::ValidationError("--format", "\"" + command.output + "\" is of another format");
    }
    options.directory = output.has_parent_path() ? output.parent_path().string() : ".";
    options.stem = output.stem().string();
}

int
Plot(PlotCommand& command)
{
    figures::PlotOptions& options = command.options;
    options.kinds = KINDS.at(command.kind);
    options.version = VERSION;
    if (!command.formats.empty())
    {
        options.formats.clear();
    }
    for (const std::string& name : command.formats)
    {
        const Format format = FORMATS.at(name);
        if (std::find(options.formats.begin(), options.formats.end(), format) ==
            options.formats.end())
        {
            options.formats.push_back(format);
        }
    }
    SetOutput(command);
    try
    {
        const store::Reader reader(command.results);
        options.filter = MakeFilter(command.where, reader.Identity());
        const figures::PlotResult result = figures::Plot(reader, options);
        std::cerr << result.warnings;
        for (const std::string& file : result.files)
        {
            std::cout << file << "\n";
        }
        return EXIT_AS_EXPECTED;
    }
    catch (const figures::BadRequest& problem)
    {
        std::cerr << "nattlab: " << problem.what() << "\n";
    }
    catch (const figures::GnuplotMissing& problem)
    {
        std::cerr << "nattlab: " << problem.what() << "\n";
    }
    return EXIT_BAD_INPUT;
}

void
AddAxes(CLI::App& sub, figures::PlotOptions& options)
{
    sub.add_option("--x", options.x, "Axis from left to right, of grid and reasons.")
        ->type_name("AXIS");
    sub.add_option("--y", options.y, "Axis from top to bottom, of grid.")->type_name("AXIS");
    sub.add_option(
           "--facet", options.facet, "Axis of which each value has a grid of its own; at most 12.")
        ->type_name("AXIS");
    sub.add_option("--by",
                   options.by,
                   "Axis of which each value has a curve in time; at most 8. - for one curve of "
                   "all.")
        ->type_name("AXIS");
}

} // namespace

void
AddPlotCommand(CLI::App& app, int& status, const std::string& commandLine)
{
    auto command = std::make_shared<PlotCommand>();
    figures::PlotOptions& options = command->options;
    options.command = commandLine;
    CLI::App* sub = app.add_subcommand("plot", "Draw figures of the results of a sweep.");
    sub->add_option("DIR", command->results, "Results of nattlab sweep.")->required();
    sub->add_option("KIND",
                    command->kind,
                    "grid: share of connections that come up, over two axes; reasons: what becomes "
                    "of connections, over an axis; time: distribution of the time to connect; all.")
        ->check(CLI::IsMember({"grid", "reasons", "time", "all"}));
    AddAxes(*sub, options);
    sub->add_option("--where",
                    command->where,
                    "Only connections for which this holds: a term as nattlab results has it. Can "
                    "be given several times; then all must hold.")
        ->type_name("TERM")
        ->expected(1)
        ->multi_option_policy(CLI::MultiOptionPolicy::TakeAll);
    sub->add_option("--reasons", options.reasons, "How many reasons have a name; 7.")
        ->type_name("N")
        ->check(CLI::Range(1, 7));
    sub->add_option("-o,--output",
                    command->output,
                    "Directory for the figures, or one file that ends in .svg or .png; "
                    "DIR/figures. Beside each figure NAME stand its script NAME.gp and its data "
                    "NAME.tsv.")
        ->type_name("DIR|FILE");
    sub->add_option("--format", command->formats, "svg, png, or both when given twice; svg.")
        ->type_name("FORMAT")
        ->expected(1)
        ->multi_option_policy(CLI::MultiOptionPolicy::TakeAll)
        ->check(CLI::IsMember({"svg", "png"}));
    sub->add_option("--title", options.title, "Title of the figures; the sweep's.")
        ->type_name("TEXT");
    sub->add_option("--width", options.width, "Pixels; as wide as the figure needs.")
        ->type_name("N")
        ->check(CLI::Range(300, 8000));
    sub->add_option("--height", options.height, "Pixels; as high as the figure needs.")
        ->type_name("N")
        ->check(CLI::Range(200, 8000));
    sub->footer("Prints the files it makes. Axes that are not named are those with most effect.\n"
                "Exit status: 0 done, 2 bad input or usage, or gnuplot is not installed, 3 a fault "
                "of nattlab or of gnuplot.");
    sub->callback([command, &status] { status = Plot(*command); });
}

} // namespace nattlab
