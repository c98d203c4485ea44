// SPDX-License-Identifier: GPL-2.0-only
#include "cli/report-options.h"

#include "cli/commands.h"

#include "helper/report/capture.h"
#include "helper/report/json-report.h"
#include "helper/report/text-report.h"
#include "helper/report/write-file.h"
#include "helper/simulation/expectation.h"
#include "helper/simulation/simulation.h"

#include <cstdlib>
#include <filesystem>
#include <iostream>
#include <memory>
#include <sstream>
#include <string>
#include <unistd.h>
#include <vector>

namespace nattlab
{

namespace
{

constexpr std::size_t AUTO_TIMELINES = 4; //!< more connections would be a wall of text

bool
WantsColor()
{
    return isatty(STDOUT_FILENO) != 0 && std::getenv("NO_COLOR") == nullptr;
}

TextStyle
MakeStyle(const ReportOptions& options, Judged judged)
{
    TextStyle style;
    style.judged = judged == Judged::Yes;
    style.color = WantsColor();
    style.timeline = options.timeline != "none";
    if (options.timeline == "auto")
    {
        style.timelineMost = AUTO_TIMELINES;
    }
    else if (options.timeline == "all")
    {
        style.timelineRows = 0;
    }
    else if (style.timeline)
    {
        style.timelineRows = std::stoul(options.timeline);
    }
    return style;
}

} // namespace

ReportedRun
RunAndReport(const scenario::Scenario& scenario, const ReportOptions& options, Judged judged)
{
    Simulation simulation(scenario);
    std::unique_ptr<CaptureWriter> captures;
    if (!options.pcap.empty())
    {
        captures = std::make_unique<CaptureWriter>(simulation, scenario, options.pcap);
    }
    RunResult result = simulation.Run();
    const std::vector<Surprise> surprises =
        judged == Judged::Yes ? CheckExpectations(scenario, result) : std::vector<Surprise>{};
    if (captures)
    {
        captures->Finish(result.keys);
    }
    if (!options.events.empty())
    {
        std::ostringstream text;
        WriteEvents(result, text);
        WriteFile(options.events, text.str());
    }
    if (!options.oakley.empty())
    {
        std::filesystem::create_directories(options.oakley);
        for (const auto& [host, text] : result.oakley)
        {
            WriteFile(options.oakley + "/" + host + ".log", text);
        }
    }
    if (options.json)
    {
        auto json = MakeJsonReport(scenario, result, surprises);
        if (judged == Judged::No)
        {
            json.erase("asExpected");
            json.erase("differences");
        }
        std::cout << json.dump(2) << "\n";
    }
    else
    {
        WriteTextReport(scenario, result, surprises, MakeStyle(options, judged), std::cout);
    }
    if (!result.leaks.empty())
    {
        std::cerr << "nattlab: " << result.leaks.size()
                  << " packets without exactly one end: please report this scenario\n";
        return {std::move(result), EXIT_FAULT};
    }
    return {std::move(result), surprises.empty() ? EXIT_AS_EXPECTED : EXIT_NOT_AS_EXPECTED};
}

void
AddReportOptions(CLI::App& command, ReportOptions& options)
{
    command.add_flag("--json", options.json, "Print one JSON document instead of tables.");
    command
        .add_option("--pcap",
                    options.pcap,
                    "Write a capture of every link into DIR, with the keys: "
                    "WIRESHARK_CONFIG_DIR=DIR wireshark DIR/LINK.pcap shows them decrypted.")
        ->type_name("DIR");
    command.add_option("--events", options.events, "Write the event log as JSON Lines.")
        ->type_name("FILE");
    command
        .add_option("--oakley",
                    options.oakley,
                    "Write the Oakley.log of each host that logs IKE into DIR, as HOST.log.")
        ->type_name("DIR");
    command
        .add_option(
            "--timeline",
            options.timeline,
            "Rows of each connection's exchange: a number, all, none, or auto (60 where there "
            "are up to 4 connections, else none).")
        ->capture_default_str()
        ->type_name("ROWS")
        ->check(
            [](const std::string& text)
            {
                const bool number = !text.empty() && text.size() < 10 &&
                                    text.find_first_not_of("0123456789") == std::string::npos;
                return number || text == "all" || text == "none" || text == "auto"
                           ? std::string{}
                           : "expected a number, all, none or auto, found \"" + text + "\"";
            });
}

} // namespace nattlab
