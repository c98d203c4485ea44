// SPDX-License-Identifier: GPL-2.0-only
#include "cli/commands.h"

#include "helper/scenario/problem.h"
#include "helper/simulation/nattlab-version.h"
#include "helper/store/store-error.h"

#include <CLI/CLI.hpp>

#include <iostream>
#include <string>

namespace
{

/** \return the command as a shell would take it: words with other than plain characters quoted. */
std::string
CommandLine(int argc, char** argv)
{
    constexpr const char* PLAIN = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789"
                                  "@%+=:,./_-";
    std::string line = "nattlab";
    for (int i = 1; i < argc; ++i)
    {
        const std::string word = argv[i];
        line += ' ';
        if (!word.empty() && word.find_first_not_of(PLAIN) == std::string::npos)
        {
            line += word;
            continue;
        }
        line += '\'';
        for (const char c : word)
        {
            line += c == '\'' ? "'\\''" : std::string(1, c);
        }
        line += '\'';
    }
    return line;
}

/** Do what the command line says. \return the exit status */
int
Run(int argc, char** argv)
{
    CLI::App app{"Simulate L2TP/IPsec connections through NAT devices and firewalls.", "nattlab"};
    app.set_version_flag("--version", std::string("nattlab ") + nattlab::VERSION);
    app.require_subcommand(1);
    app.footer("Exit status: 0 as expected, 1 not as expected, 2 bad input or usage, 3 a fault of "
               "nattlab.\nDocumentation: doc/ and README.md of the source tree.");
    int status = 0;
    nattlab::AddRunCommand(app, status);
    nattlab::AddValidateCommand(app, status);
    nattlab::AddListCommand(app, status);
    nattlab::AddMonitorCommand(app, status);
    nattlab::AddIpseccmdCommand(app, status);
    nattlab::AddTestCommand(app, status);
    nattlab::AddAcceptCommand(app, status);
    nattlab::AddSweepCommand(app, status, CommandLine(argc, argv));
    nattlab::AddRerunCommand(app, status);
    nattlab::AddAuditCommand(app, status);
    nattlab::AddResultsCommand(app, status);
    nattlab::AddMergeCommand(app, status);
    nattlab::AddPlotCommand(app, status, CommandLine(argc, argv));
    try
    {
        app.parse(argc, argv);
    }
    catch (const CLI::ParseError& error)
    {
        return app.exit(error) == 0 ? 0 : nattlab::EXIT_BAD_INPUT;
    }
    catch (const nattlab::scenario::ScenarioErrors& errors)
    {
        std::cerr << errors.what() << "\n";
        return nattlab::EXIT_BAD_INPUT;
    }
    catch (const nattlab::store::Refusal& refusal)
    {
        std::cerr << "nattlab: " << refusal.what() << "\n";
        return nattlab::EXIT_BAD_INPUT;
    }
    catch (const std::exception& error)
    {
        std::cerr << "nattlab: " << error.what() << "\n";
        return nattlab::EXIT_FAULT;
    }
    return status;
}

} // namespace

int
main(int argc, char** argv)
{
    const int status = Run(argc, argv);
    if (!std::cout.flush())
    {
        std::cerr << "nattlab: standard output: cannot be written\n";
        return nattlab::EXIT_FAULT;
    }
    return status;
}
