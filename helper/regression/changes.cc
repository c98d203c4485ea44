// SPDX-License-Identifier: GPL-2.0-only
#include "helper/regression/changes.h"

#include "helper/regression/summary.h"
#include "helper/regression/utf8.h"

#include <algorithm>
#include <fstream>
#include <map>
#include <stdexcept>

namespace nattlab::regression
{

namespace
{

bool
IsSame(const TestResult& a, const TestResult& b)
{
    return a.status == b.status && a.connections == b.connections && a.traffic == b.traffic;
}

bool
Holds(const std::vector<std::string>& lines, const std::string& line)
{
    return std::find(lines.begin(), lines.end(), line) != lines.end();
}

/** Everything that can differ, a line each. */
std::vector<std::string>
Lines(const TestResult& result)
{
    std::vector<std::string> lines{std::string(NameOf(result.status))};
    const std::vector<std::string> why = Explain(result);
    lines.insert(lines.end(), why.begin(), why.end());
    for (const ConnectionResult& c : result.connections)
    {
        lines.push_back(
            c.name + ": NAT traversal " + (c.natTraversal.empty() ? "not known" : c.natTraversal) +
            ", encapsulation " + (c.encapsulation.empty() ? "none" : c.encapsulation) + ", group " +
            std::to_string(c.group) + ", dialled " + std::to_string(c.attempts) + " times");
    }
    return lines;
}

void
WriteLines(const std::vector<std::string>& lines,
           const std::vector<std::string>& others,
           const char* mark,
           std::ostream& out)
{
    for (const std::string& line : lines)
    {
        if (!Holds(others, line))
        {
            out << "  " << mark << " " << ToValidUtf8(line) << "\n";
        }
    }
}

} // namespace

std::vector<TestResult>
ReadTestReport(const std::string& file)
{
    std::ifstream stream(file, std::ios::binary);
    if (!stream)
    {
        throw std::runtime_error(file + ": cannot be read");
    }
    try
    {
        std::vector<TestResult> results;
        const auto report = nlohmann::ordered_json::parse(stream);
        for (const auto& scenario : report.at("scenarios"))
        {
            results.push_back(FromJson(scenario));
        }
        return results;
    }
    catch (const std::exception& error)
    {
        throw std::runtime_error(file + ": not written by nattlab test --json: " + error.what());
    }
}

std::vector<Change>
FindChanges(const std::vector<TestResult>& before, const std::vector<TestResult>& now)
{
    std::map<std::string, const TestResult*> known;
    for (const TestResult& result : before)
    {
        known[result.file] = &result;
    }
    std::vector<Change> changes;
    for (const TestResult& result : now)
    {
        const auto old = known.find(ToValidUtf8(result.file));
        if (old == known.end())
        {
            changes.push_back({std::nullopt, result});
        }
        else if (!IsSame(*old->second, result))
        {
            changes.push_back({*old->second, result});
        }
    }
    return changes;
}

void
WriteChanges(const std::vector<Change>& changes,
             const std::vector<TestResult>& now,
             std::ostream& out)
{
    for (const Change& change : changes)
    {
        const std::vector<std::string> lines = Lines(change.now);
        out << (change.before ? "changed  " : "new  ") << ToValidUtf8(change.now.file) << "\n";
        if (change.before)
        {
            const std::vector<std::string> old = Lines(*change.before);
            WriteLines(old, lines, "-", out);
            WriteLines(lines, old, "+", out);
        }
        else
        {
            WriteLines(lines, {}, "+", out);
        }
        out << "\n";
    }
    out << changes.size() << " of " << now.size() << " changed; " << TotalsText(now) << "\n";
}

} // namespace nattlab::regression
