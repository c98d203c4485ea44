// SPDX-License-Identifier: GPL-2.0-only
#include "cli/commands.h"
#include "cli/whole-number.h"

#include "helper/simulation/expectation.h"
#include "helper/sweep/estimate.h"
#include "helper/sweep/plan.h"
#include "helper/sweep/progress.h"
#include "helper/sweep/run-sweep.h"
#include "helper/workers/worker-pool.h"

#include <chrono>
#include <csignal>
#include <iomanip>
#include <iostream>
#include <memory>
#include <sstream>
#include <stdexcept>
#include <string>
#include <unistd.h>

namespace nattlab
{

namespace
{

struct SweepCommand
{
    std::string file;
    bool plan{false};
    bool json{false};
    std::string shard{"1/1"};
    sweep::SweepOptions options;
};

volatile std::sig_atomic_t g_interrupted = 0;

/** The first interrupt ends the sweep in order; the second one ends the process. */
extern "C" void
OnInterrupt(int signal)
{
    g_interrupted = 1;
    std::signal(signal, SIG_DFL);
}

scenario::LoadOptions
LoadOptionsFor(const std::string& file)
{
    scenario::LoadOptions load;
    load.file = file;
    load.knownReasons = ReasonIds();
    return load;
}

sweep::Plan
ReadPlan(const SweepCommand& command, scenario::LoadOptions& load)
{
    load = LoadOptionsFor(command.file);
    sweep::Plan plan = sweep::Plan::Read(command.file, load);
    load.file = plan.BaseFile();
    if (const auto problems = plan.Validate(); !problems.empty())
    {
        throw scenario::ScenarioErrors(problems);
    }
    return plan;
}

/** \return "0.71 ms" or "1.25 s". */
std::string
ShortTime(double seconds)
{
    std::ostringstream text;
    text << std::fixed << std::setprecision(2) << (seconds < 1 ? seconds * 1e3 : seconds)
         << (seconds < 1 ? " ms" : " s");
    return text.str();
}

int
ShowPlan(const SweepCommand& command)
{
    constexpr double BUDGET = 2; // seconds
    scenario::LoadOptions load;
    const sweep::Plan plan = ReadPlan(command, load);
    const sweep::Estimate estimate = sweep::EstimateCost(plan, load, BUDGET);
    const auto workers = static_cast<double>(command.options.workers);
    const double all = estimate.secondsEach * static_cast<double>(plan.Size()) / workers;
    if (command.json)
    {
        scenario::Json json = plan.Summary();
        json["estimate"] = {{"tried", estimate.tried},
                            {"invalid", estimate.invalid},
                            {"secondsEach", estimate.secondsEach},
                            {"workers", command.options.workers},
                            {"seconds", all}};
        std::cout << json.dump(2) << "\n";
        return EXIT_AS_EXPECTED;
    }
    std::cout << plan.Describe();
    if (estimate.tried > 0)
    {
        std::cout << "estimate: " << ShortTime(estimate.secondsEach) << " each, about "
                  << sweep::ClockText(all) << " with " << command.options.workers
                  << (command.options.workers == 1 ? " worker" : " workers") << " (from "
                  << estimate.tried << (estimate.tried == 1 ? " point" : " points") << ")\n";
    }
    if (estimate.invalid > 0)
    {
        std::cout << estimate.invalid << " of " << estimate.tried
                  << " points that were tried cannot be run: their values do not go together\n";
    }
    return EXIT_AS_EXPECTED;
}

/** Shows how far the sweep is: a line that changes on a terminal, else a line now and then. */
class ProgressView
{
  public:
    void operator()(const sweep::Progress& progress)
    {
        const auto now = std::chrono::steady_clock::now();
        if (now - m_shown < (m_terminal ? TERMINAL_PAUSE : LOG_PAUSE))
        {
            return;
        }
        m_shown = now;
        std::cerr << (m_terminal ? CLEAR_LINE : "") << sweep::ProgressLine(progress)
                  << (m_terminal ? "" : "\n") << std::flush;
    }

    void Clear() const
    {
        if (m_terminal)
        {
            std::cerr << CLEAR_LINE << std::flush;
        }
    }

  private:
    static constexpr const char* CLEAR_LINE = "\r\x1b[K"; // ECMA-48: erase to the end of the line
    static constexpr std::chrono::milliseconds TERMINAL_PAUSE{250};
    static constexpr std::chrono::milliseconds LOG_PAUSE{10000};

    bool m_terminal{isatty(STDERR_FILENO) != 0};
    std::chrono::steady_clock::time_point m_shown{std::chrono::steady_clock::now()};
};

/** Read "i/n". */
void
ParseShard(const std::string& text, sweep::SweepOptions& options)
{
    std::istringstream stream(text);
    char slash = 0;
    std::uint64_t shard = 0;
    std::uint64_t shards = 0;
    if (text.find('-') != std::string::npos || !(stream >> shard >> slash >> shards) ||
        slash != '/' || stream.peek() != EOF || shard < 1 || shard > shards)
    {
        throw CLI::ValidationError("--shard",
                                   "expected I/N with I from 1 to N, found \"" + text + "\"");
    }
    options.shard = shard;
    options.shards = shards;
}

int
Sweep(SweepCommand& command)
{
    ParseShard(command.shard, command.options);
    if (command.plan)
    {
        return ShowPlan(command);
    }
    if (command.options.directory.empty())
    {
        throw CLI::RequiredError("--output");
    }
    scenario::LoadOptions load;
    const sweep::Plan plan = ReadPlan(command, load);
    std::signal(SIGINT, OnInterrupt);
    std::signal(SIGTERM, OnInterrupt);
    ProgressView view;
    const sweep::Progress progress = sweep::RunSweep(
        plan,
        load,
        command.options,
        [&view](const sweep::Progress& now) { view(now); },
        [] { return g_interrupted != 0; });
    view.Clear();
    std::cout << sweep::ProgressSummary(progress);
    if (progress.stopped)
    {
        std::cout << "stopped; the same command with --resume goes on\n";
        return EXIT_INTERRUPTED;
    }
    std::cout << "nattlab results " << command.options.directory << " shows them\n";
    if (progress.faults > 0)
    {
        return EXIT_FAULT;
    }
    return progress.invalid > 0 || !progress.abandoned.empty() ? EXIT_NOT_AS_EXPECTED
                                                               : EXIT_AS_EXPECTED;
}

} // namespace

void
AddSweepCommand(CLI::App& app, int& status, const std::string& commandLine)
{
    auto command = std::make_shared<SweepCommand>();
    command->options.command = commandLine;
    command->options.workers = workers::ProcessorCount();
    CLI::App* sub = app.add_subcommand(
        "sweep", "Run a scenario at every point of a space of values, and keep the results.");
    sub->add_option("FILE", command->file, "Sweep, a JSON file; doc/sweeps.md describes it.")
        ->required();
    sub->add_option("-o,--output", command->options.directory, "Keep the results in DIR.")
        ->type_name("DIR");
    sub->add_option("-j,--jobs",
                    command->options.workers,
                    "Processes that run points; as many as processors.")
        ->type_name("N")
        ->check(CLI::Range(1, 1024));
    sub->add_flag("--resume",
                  command->options.resume,
                  "Go on with the results in DIR: run what is not yet there.");
    sub->add_option("--shard",
                    command->shard,
                    "Run only part I of N; nattlab merge joins the results of all parts.")
        ->type_name("I/N");
    sub->add_option("--shuffle",
                    command->options.shuffle,
                    "Run the points in another order, named by a number; the results are the "
                    "same.")
        ->type_name("N")
        ->transform(WholeNumber());
    sub->add_flag("--plan",
                  command->plan,
                  "Run only a few points, and print what the sweep is and about how long it "
                  "takes.");
    sub->add_flag("--json", command->json, "With --plan: print one JSON document.")
        ->needs(sub->get_option("--plan"));
    sub->footer("Exit status: 0 all points ran, 1 some could not, 2 bad input or usage, 3 a fault "
                "of nattlab, 130 stopped before the end.");
    sub->callback([command, &status] { status = Sweep(*command); });
}

} // namespace nattlab
