// SPDX-License-Identifier: GPL-2.0-only
#include "cli/commands.h"

#include "helper/audit/write.h"
#include "helper/report/write-file.h"

#include <iostream>
#include <memory>
#include <sstream>
#include <string>

namespace nattlab
{

namespace
{

struct AuditCommand
{
    std::string directory;
    std::string markdown;
    std::string csv;
    bool json{false};
    std::string madeBy;
    audit::AuditOptions axes;
};

int
RunAudit(const AuditCommand& command)
{
    const store::Reader reader(command.directory);
    const audit::Audit audit = audit::MakeAudit(reader, command.axes);
    if (!command.markdown.empty())
    {
        std::ostringstream text;
        WritePage(audit, command.madeBy, text);
        WriteFile(command.markdown, text.str());
    }
    if (!command.csv.empty())
    {
        std::ostringstream text;
        WriteCsv(audit, text);
        WriteFile(command.csv, text.str());
    }
    if (command.json)
    {
        WriteJson(audit, std::cout);
    }
    else if (command.markdown.empty() && command.csv.empty())
    {
        WriteText(audit, command.directory, std::cout);
    }
    return EXIT_AS_EXPECTED;
}

} // namespace

void
AddAuditCommand(CLI::App& app, int& status)
{
    auto command = std::make_shared<AuditCommand>();
    CLI::App* audit = app.add_subcommand(
        "audit",
        "Tell which statements of a port policy are needed, useless or wrong, from a sweep that "
        "opened and closed each alone; doc/audit.md describes it.");
    audit->add_option("DIR", command->directory, "Results of nattlab sweep.")->required();
    audit->add_option("--markdown", command->markdown, "Write the audit as a page.")
        ->type_name("FILE");
    audit->add_option("--csv", command->csv, "Write all answers as CSV.")->type_name("FILE");
    audit->add_flag("--json", command->json, "Print one JSON document.");
    audit
        ->add_option("--made-by",
                     command->madeBy,
                     "The command that made the results, to stand in the page.")
        ->type_name("TEXT");
    audit->add_option("--policies", command->axes.policyAxis, "The axis of policies; policy.")
        ->type_name("AXIS");
    audit
        ->add_option("--places",
                     command->axes.placeAxis,
                     "The axis whose values are the columns of the tables; topology.")
        ->type_name("AXIS");
    audit->footer("Exit status: 0 the audit is made, 2 bad input or usage, points that are missing "
                  "among it, 3 a fault of nattlab.");
    audit->callback([command, &status] { status = RunAudit(*command); });
}

} // namespace nattlab
