// SPDX-License-Identifier: GPL-2.0-only
/**
 * \file
 * The query mode: "show gpo|filters|policies|auth|stats|sas|all". Names of columns and counters
 * are those of the monitor of the same system.
 */
#include "model/windows/ipseccmd-command.h"
#include "model/windows/monitor-rows.h"
#include "model/windows/text-table.h"

namespace nattlab::windows::ipseccmd
{

namespace
{

std::string
Page(const std::string& title, const Rows& rows)
{
    return title + "\n" + (rows.size() > 1 ? TextTable(rows) : "  none\n");
}

std::string
Lines(const std::string& title, const std::vector<std::string>& lines)
{
    std::string text = title + "\n";
    for (const std::string& line : lines)
    {
        text += "  " + line + "\n";
    }
    return lines.empty() ? text + "  none\n" : text;
}

/** The rules in force: dynamic ones, then those of the assigned policy. */
std::vector<const PolicyRule*>
RulesInForce(const ToolContext& context)
{
    std::vector<const PolicyRule*> rules;
    for (const PolicyRule& rule : context.dynamic)
    {
        rules.push_back(&rule);
    }
    if (context.status.policy)
    {
        for (const PolicyRule& rule : context.status.policy->rules)
        {
            rules.push_back(&rule);
        }
    }
    return rules;
}

std::string
ShowGpo(const ToolContext& context)
{
    if (!context.status.policy)
    {
        return Lines("Active IPsec policy", {});
    }
    const IpsecPolicy& policy = *context.status.policy;
    const auto interval = std::chrono::duration_cast<minutes>(policy.pollInterval).count();
    std::vector<std::string> lines{
        "Name: " + policy.name,
        "Source: local registry",
        "Asked for changes every " + std::to_string(interval) + " minutes",
    };
    for (const PolicyRule& rule : policy.rules)
    {
        lines.push_back("Rule " + DescribeRule(rule));
    }
    return Lines("Active IPsec policy", lines);
}

std::string
ShowFilters(const MonitorView& view)
{
    return Page("Filters", FilterRows(view.filters));
}

std::string
ShowPolicies(const ToolContext& context)
{
    std::vector<std::string> lines;
    for (const PolicyRule* rule : RulesInForce(context))
    {
        lines.push_back(DescribeRule(*rule));
    }
    return Lines("Rules of dynamic and assigned policies", lines);
}

std::string
ShowAuthentication(const ToolContext& context)
{
    std::vector<std::string> lines;
    for (const PolicyRule* rule : RulesInForce(context))
    {
        if (rule->action != PolicyRule::Action::Negotiate)
        {
            continue;
        }
        const char* methods = rule->presharedKey && rule->certificate ? "Preshared Key, Certificate"
                              : rule->presharedKey                    ? "Preshared Key"
                                                                      : "Certificate";
        lines.push_back("\"" + rule->name + "\": " + methods);
    }
    return Lines("Authentication methods of dynamic and assigned policies", lines);
}

std::string
ShowStatistics(const MonitorView& view)
{
    std::string text;
    for (const MonitorStatistics& statistics : view.statistics)
    {
        text += (text.empty() ? "" : "\n") + Page(statistics.title, StatisticsRows(statistics));
    }
    return text;
}

std::string
ShowAssociations(const MonitorView& view)
{
    Rows quick{{"Source", "Destination", "Protocol", "Ports", "Security", "Filter Name"}};
    for (const MonitorSa& row : view.associations)
    {
        quick.push_back({row.source,
                         row.destination,
                         row.protocol,
                         row.sourcePort + " > " + row.destinationPort,
                         row.security,
                         row.filterName});
    }
    std::string text = Page("Main Mode Security Associations", MainModeRows(view.mainModes)) +
                       "\n" + Page("Quick Mode Security Associations", quick);
    for (const std::string& note : view.notes)
    {
        text += WrappedText("Note: " + note);
    }
    return text;
}

} // namespace

std::string
ShowText(const std::string& topic, const ToolContext& context)
{
    const MonitorView view =
        MakeMonitorView(context.system, context.system, context.computer, context.status);
    if (topic == "GPO")
    {
        return ShowGpo(context);
    }
    if (topic == "FILTERS")
    {
        return ShowFilters(view);
    }
    if (topic == "POLICIES")
    {
        return ShowPolicies(context);
    }
    if (topic == "AUTH")
    {
        return ShowAuthentication(context);
    }
    return topic == "STATS" ? ShowStatistics(view) : ShowAssociations(view);
}

} // namespace nattlab::windows::ipseccmd
