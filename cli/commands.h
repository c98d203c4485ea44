// SPDX-License-Identifier: GPL-2.0-only
#ifndef NATTLAB_CLI_COMMANDS_H
#define NATTLAB_CLI_COMMANDS_H

#include <CLI/CLI.hpp>

namespace nattlab
{

/** Exit statuses of the command. */
enum ExitStatus
{
    EXIT_AS_EXPECTED = 0,
    EXIT_NOT_AS_EXPECTED = 1,
    EXIT_BAD_INPUT = 2,
    EXIT_FAULT = 3,
};

/** Each adds one subcommand to \p app; when chosen it runs and stores its exit \p status. */
void AddRunCommand(CLI::App& app, int& status);
void AddValidateCommand(CLI::App& app, int& status);
void AddListCommand(CLI::App& app, int& status);
void AddMonitorCommand(CLI::App& app, int& status);
void AddIpseccmdCommand(CLI::App& app, int& status);
void AddTestCommand(CLI::App& app, int& status);
void AddAcceptCommand(CLI::App& app, int& status);

} // namespace nattlab

#endif
