// SPDX-License-Identifier: GPL-2.0-only
#include "helper/regression/changes.h"

#include "helper/regression/summary.h"
#include "helper/regression/utf8.h"
#include "helper/scenario/document.h"

#include <algorithm>
#include <fstream>
#include <map>
#include <sstream>
#include <stdexcept>

namespace nattlab::regression
{

namespace
{

using Json = nlohmann::ordered_json;

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

/** \return the content of the file. */
std::string
ReadReport(const std::string& file)
{
    const std::ifstream stream(file, std::ios::binary);
    std::ostringstream text;
    if (stream)
    {
        text << stream.rdbuf();
    }
    if (!stream || text.bad()) // a folder can be opened, and not be read
    {
        throw std::runtime_error(file + ": cannot be read");
    }
    return text.str();
}

/** \return the object that the text holds. */
Json
ParseReport(const std::string& text, const std::string& file)
{
    Json report = Json::parse(text, nullptr, false);
    if (!report.is_object())
    {
        // The limits of scenario files are not those of reports: asked only why this is none.
        std::vector<scenario::Problem> problems;
        scenario::Document::Parse(text, file, problems);
        throw std::runtime_error(problems.empty() ? file + ": not valid JSON"
                                                  : problems.front().ToString());
    }
    return report;
}

/** \return the library's message without its number, "[json.exception.out_of_range.403] ". */
std::string
WithoutNumber(const std::string& what)
{
    const std::size_t end = what.find("] ");
    return what.front() == '[' && end != std::string::npos ? what.substr(end + 2) : what;
}

[[noreturn]] void
FailForeign(const std::string& file, const std::string& pointer, const std::string& why)
{
    throw std::runtime_error(file + ": " + pointer +
                             ": not written by nattlab test --json: " + why);
}

} // namespace

std::vector<TestResult>
ReadTestReport(const std::string& file)
{
    const Json report = ParseReport(ReadReport(file), file);
    const auto scenarios = report.find("scenarios");
    if (scenarios == report.end() || !scenarios->is_array())
    {
        FailForeign(file,
                    "/scenarios",
                    "expected an array, found " +
                        (scenarios == report.end() ? "nothing" : scenario::Describe(*scenarios)));
    }
    std::vector<TestResult> results;
    for (const Json& result : *scenarios)
    {
        try
        {
            results.push_back(FromJson(result));
        }
        catch (const std::exception& error)
        {
            FailForeign(
                file, "/scenarios/" + std::to_string(results.size()), WithoutNumber(error.what()));
        }
    }
    return results;
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
