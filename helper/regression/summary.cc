// SPDX-License-Identifier: GPL-2.0-only
#include "helper/regression/summary.h"

#include "helper/regression/utf8.h"

#include <algorithm>
#include <sstream>

namespace nattlab::regression
{

namespace
{

constexpr std::size_t BAR = 30;                //!< columns
constexpr const char* CLEAR_LINE = "\r\x1b[K"; // ECMA-48: erase to the end of the line

void
AddLines(const std::string& text, std::vector<std::string>& lines)
{
    std::istringstream stream(text);
    for (std::string line; std::getline(stream, line);)
    {
        lines.push_back(line);
    }
}

} // namespace

std::string
ToString(const Surprise& difference)
{
    return difference.pointer + ": expected " + difference.expected + ", found " + difference.found;
}

std::vector<std::string>
Explain(const TestResult& result)
{
    std::vector<std::string> lines;
    AddLines(result.problem, lines);
    for (const Surprise& difference : result.differences)
    {
        AddLines(ToString(difference), lines);
    }
    for (const ConnectionResult& connection : result.connections)
    {
        lines.push_back(connection.ToString());
    }
    for (const TrafficResult& traffic : result.traffic)
    {
        lines.push_back(traffic.ToString());
    }
    return lines;
}

std::string
TotalsText(const std::vector<TestResult>& results)
{
    const Totals totals = Count(results);
    std::string text = std::to_string(results.size()) +
                       (results.size() == 1 ? " scenario: " : " scenarios: ") +
                       std::to_string(totals.asExpected) + " as expected";
    const auto add = [&](std::size_t count, const std::string& what)
    { text += count == 0 ? "" : ", " + std::to_string(count) + " " + what; };
    add(totals.notAsExpected, "not as expected");
    add(totals.errors, totals.errors == 1 ? "error" : "errors");
    add(totals.faults, totals.faults == 1 ? "fault of nattlab" : "faults of nattlab");
    return text;
}

void
WriteSummary(const std::vector<TestResult>& results, bool color, std::ostream& out)
{
    const char* red = color ? "\x1b[31m" : "";
    const char* green = color ? "\x1b[32m" : "";
    const char* plain = color ? "\x1b[0m" : "";
    for (const TestResult& result : results)
    {
        if (result.status == Status::AsExpected)
        {
            continue;
        }
        out << red << NameOf(result.status) << plain << "  " << ToValidUtf8(result.file) << "\n";
        for (const std::string& line : Explain(result))
        {
            out << "  " << ToValidUtf8(line) << "\n";
        }
        out << "\n";
    }
    const bool good = WorstOf(results) == Status::AsExpected;
    out << (good ? green : red) << TotalsText(results) << plain << "\n";
}

ProgressBar::ProgressBar(std::size_t scenarios, std::ostream& out)
    : m_scenarios(std::max<std::size_t>(scenarios, 1)),
      m_out(out)
{
}

void
ProgressBar::Done(const TestResult& result)
{
    m_bad += result.status != Status::AsExpected;
    ++m_done;
    const std::size_t full = std::min(BAR, BAR * m_done / m_scenarios);
    m_out << CLEAR_LINE << "[" << std::string(full, '#') << std::string(BAR - full, '.') << "] "
          << m_done << "/" << m_scenarios;
    if (m_bad > 0)
    {
        m_out << ", " << m_bad << " not as expected";
    }
    m_out << std::flush;
}

void
ProgressBar::Clear()
{
    m_out << CLEAR_LINE << std::flush;
}

} // namespace nattlab::regression
