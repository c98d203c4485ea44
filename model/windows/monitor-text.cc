// SPDX-License-Identifier: GPL-2.0-only
#include "model/windows/monitor-rows.h"
#include "model/windows/text-table.h"

namespace nattlab::windows
{

namespace
{

std::string
Section(const std::string& title, const Rows& rows)
{
    return "\n" + title + "\n" + (rows.size() > 1 ? TextTable(rows) : "  none\n");
}

/** Nine columns do not fit a page: the table is cut in two, which a number joins. */
std::string
Associations(const std::vector<MonitorSa>& associations)
{
    Rows names{{"#", "Policy Name", "Security", "Filter Name"}};
    Rows ends{{"#", "Source", "Destination", "Protocol", "Src. Port", "Dest. Port", "Tunnel"}};
    for (const MonitorSa& row : associations)
    {
        const std::string number = std::to_string(names.size());
        names.push_back({number, row.policyName, row.security, row.filterName});
        ends.push_back({number,
                        row.source,
                        row.destination,
                        row.protocol,
                        row.sourcePort,
                        row.destinationPort,
                        row.tunnelEndpoint});
    }
    return Section("Security Associations", names) +
           (associations.empty() ? "" : "\n" + TextTable(ends));
}

} // namespace

MonitorRecord
RecordOf(const MonitorSa& row)
{
    return {{"policyName", row.policyName},
            {"security", row.security},
            {"filterName", row.filterName},
            {"source", row.source},
            {"destination", row.destination},
            {"protocol", row.protocol},
            {"sourcePort", row.sourcePort},
            {"destinationPort", row.destinationPort},
            {"tunnelEndpoint", row.tunnelEndpoint}};
}

MonitorRecord
RecordOf(const MonitorMainMode& row)
{
    return {{"me", row.me},
            {"peer", row.peer},
            {"authentication", row.authentication},
            {"encryption", row.encryption},
            {"integrity", row.integrity},
            {"dhGroup", row.dhGroup}};
}

MonitorRecord
RecordOf(const MonitorFilter& row)
{
    return {{"name", row.name},
            {"source", row.source},
            {"destination", row.destination},
            {"protocol", row.protocol},
            {"sourcePort", row.sourcePort},
            {"destinationPort", row.destinationPort},
            {"direction", row.direction},
            {"action", row.action}};
}

std::string
MonitorText(const MonitorView& view)
{
    const auto now = std::chrono::duration_cast<milliseconds>(view.time.time_since_epoch());
    std::string text = (view.tool.empty() ? "no IPsec monitor" : view.tool) + " - " +
                       view.computer + " at " + ClockText(now.count()) + "\n";
    if (!view.statistics.empty())
    {
        text += "Assigned policy: " + (view.assignedPolicy.empty() ? "none" : view.assignedPolicy) +
                "\n";
        text += Associations(view.associations) +
                Section("Main Mode Security Associations", MainModeRows(view.mainModes)) +
                Section("Filters", FilterRows(view.filters));
        for (const MonitorStatistics& statistics : view.statistics)
        {
            text += Section(statistics.title, StatisticsRows(statistics));
        }
    }
    for (const std::string& note : view.notes)
    {
        text += "\n" + WrappedText("Note: " + note);
    }
    return text;
}

} // namespace nattlab::windows
