// SPDX-License-Identifier: GPL-2.0-only
#include "helper/audit/table.h"

#include "helper/audit/findings.h"

#include <algorithm>
#include <tuple>
#include <utility>

namespace nattlab::audit
{

namespace
{

using Line = std::vector<std::string>;

std::string
Bold(const std::string& text)
{
    return "**" + text + "**";
}

Line
Head(const std::string& first, const Group& group)
{
    Line head{first};
    for (const Place& place : group.places)
    {
        head.push_back(place.name.empty() ? "answer" : place.name);
    }
    return head;
}

std::string
StatementCell(const Place& place, const Finding& finding, Style style)
{
    const std::string answer = NameOf(finding.answer);
    if (style == Style::Plain)
    {
        return answer + " (" + std::to_string(place.runs[finding.shown].point) + ")";
    }
    std::string cell = finding.answer == Answer::Useless ? answer : Bold(answer);
    cell += "<br>" + std::to_string(finding.allStatements);
    for (const store::PointId point : {finding.allBut, finding.nothing, finding.only})
    {
        cell += ", " + std::to_string(point);
    }
    return cell + (finding.allButMeant == 0 ? "" : ", " + std::to_string(finding.allButMeant));
}

std::string
PolicyCell(const Run& run, Style style)
{
    if (run.point == 0)
    {
        return "";
    }
    std::string cell = style == Style::Markdown ? Bold("no") : "no";
    if (run.Connects())
    {
        const std::string& encapsulation = run.Shown().encapsulation;
        cell = encapsulation.empty() ? "yes" : "yes, " + encapsulation;
    }
    return cell + " (" + std::to_string(run.point) + ")";
}

/** \return \p text as it stands in a cell of Markdown. */
std::string
Escaped(const std::string& text)
{
    std::string escaped;
    for (const char c : text)
    {
        escaped += c == '|' ? "\\|" : std::string(1, c == '\n' ? ' ' : c);
    }
    return escaped;
}

/** \return how many characters of UTF-8 there are. */
std::size_t
Width(const std::string& text)
{
    return static_cast<std::size_t>(
        std::count_if(text.begin(),
                      text.end(),
                      [](char c) { return (static_cast<unsigned>(c) & 0xC0) != 0x80; }));
}

} // namespace

Table
StatementTable(const Audit& audit, const Group& group, Style style)
{
    Table table{Head("statement", group)};
    for (std::size_t s = 0; s < audit.statements.size(); ++s)
    {
        Line& line = table.emplace_back(Line{StatementText(audit.statements[s])});
        for (const Place& place : group.places)
        {
            line.push_back(StatementCell(place, place.findings[s], style));
        }
    }
    return table;
}

Table
PolicyTable(const Audit& audit, const Group& group, Style style)
{
    Table table{Head("open", group)};
    for (std::size_t p = 0; p < audit.policies.size(); ++p)
    {
        Line& line = table.emplace_back(Line{audit.policies[p].label});
        for (const Place& place : group.places)
        {
            line.push_back(PolicyCell(place.runs[p], style));
        }
    }
    return table;
}

Table
FailureTable(const Group& group)
{
    using Failure = std::pair<Line, std::vector<store::PointId>>;
    std::vector<Failure> failures;
    for (const Place& place : group.places)
    {
        for (const Run& run : place.runs)
        {
            if (run.point == 0 || run.Connects())
            {
                continue;
            }
            const store::ConnectionRow& row = run.Shown();
            const Line what{row.verdict,
                            row.stage,
                            row.reason,
                            row.box,
                            row.rule,
                            row.error ? std::to_string(*row.error) : ""};
            const auto known = std::find_if(failures.begin(),
                                            failures.end(),
                                            [&](const Failure& f) { return f.first == what; });
            auto& points = known == failures.end()
                               ? failures.emplace_back(what, std::vector<store::PointId>{}).second
                               : known->second;
            points.push_back(run.point);
        }
    }
    Table table{{"verdict", "stage", "reason", "box", "rule", "error", "points"}};
    for (auto& [what, points] : failures)
    {
        std::sort(points.begin(), points.end());
        Line& line = table.emplace_back(what);
        line.push_back(PointsText(points));
    }
    return table;
}

void
WriteAligned(const Table& table, std::ostream& out)
{
    std::vector<std::size_t> widths(table.front().size(), 0);
    for (const Line& line : table)
    {
        for (std::size_t i = 0; i < line.size(); ++i)
        {
            widths[i] = std::max(widths[i], Width(line[i]));
        }
    }
    for (const Line& line : table)
    {
        std::string text;
        for (std::size_t i = 0; i < line.size(); ++i)
        {
            text += "  " + line[i] + std::string(widths[i] - Width(line[i]), ' ');
        }
        text.erase(text.find_last_not_of(' ') + 1);
        out << text << "\n";
    }
}

void
WriteMarkdown(const Table& table, std::ostream& out)
{
    for (std::size_t l = 0; l < table.size(); ++l)
    {
        for (const std::string& cell : table[l])
        {
            out << "| " << Escaped(cell) << (cell.empty() ? "" : " ");
        }
        out << "|\n";
        for (std::size_t i = 0; l == 0 && i < table[l].size(); ++i)
        {
            out << "| --- ";
        }
        out << (l == 0 ? "|\n" : "");
    }
}

} // namespace nattlab::audit
