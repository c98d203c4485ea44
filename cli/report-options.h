// SPDX-License-Identifier: GPL-2.0-only
#ifndef NATTLAB_CLI_REPORT_OPTIONS_H
#define NATTLAB_CLI_REPORT_OPTIONS_H

#include "helper/simulation/simulation.h"

#include <CLI/CLI.hpp>

#include <string>

namespace nattlab
{

/** What every command that runs one scenario and reports it takes. */
struct ReportOptions
{
    bool json{false};
    std::string pcap;
    std::string events;
    std::string oakley;
    std::string timeline{"auto"};
};

/** Add --json, --pcap, --events, --oakley and --timeline. \param options must outlive the command
 */
void AddReportOptions(CLI::App& command, ReportOptions& options);

/** A run, and the exit status that it is worth. */
struct ReportedRun
{
    RunResult result;
    int status;
};

/** Whether a run is held against what its scenario expects. */
enum class Judged
{
    Yes,
    No,
};

/** Run a scenario, write the files that were asked for, and report on standard output. */
ReportedRun RunAndReport(const scenario::Scenario& scenario,
                         const ReportOptions& options,
                         Judged judged = Judged::Yes);

} // namespace nattlab

#endif
