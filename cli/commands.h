// SPDX-License-Identifier: GPL-2.0-only
#ifndef NATTLAB_CLI_COMMANDS_H
#define NATTLAB_CLI_COMMANDS_H

#include <CLI/CLI.hpp>

#include <string>

namespace nattlab
{

/** Exit statuses of the command. */
enum ExitStatus
{
    EXIT_AS_EXPECTED = 0,
    EXIT_NOT_AS_EXPECTED = 1,
    EXIT_BAD_INPUT = 2,
    EXIT_FAULT = 3,
    EXIT_INTERRUPTED = 130, //!< stopped by the user before its end
};

/** Each adds one subcommand to \p app; when chosen it runs and stores its exit \p status. */
void AddRunCommand(CLI::App& app, int& status);
void AddValidateCommand(CLI::App& app, int& status);
void AddListCommand(CLI::App& app, int& status);
void AddMonitorCommand(CLI::App& app, int& status);
void AddIpseccmdCommand(CLI::App& app, int& status);
void AddTestCommand(CLI::App& app, int& status);
void AddAcceptCommand(CLI::App& app, int& status);
/** \param commandLine as it was typed */
void AddSweepCommand(CLI::App& app, int& status, const std::string& commandLine);
void AddRerunCommand(CLI::App& app, int& status);
void AddAuditCommand(CLI::App& app, int& status);
void AddResultsCommand(CLI::App& app, int& status);
void AddMergeCommand(CLI::App& app, int& status);
/** \param commandLine as it was typed */
void AddPlotCommand(CLI::App& app, int& status, const std::string& commandLine);

} // namespace nattlab

#endif
