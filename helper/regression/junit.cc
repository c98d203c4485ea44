// SPDX-License-Identifier: GPL-2.0-only
#include "helper/regression/junit.h"

#include "helper/regression/summary.h"
#include "helper/regression/utf8.h"

#include <algorithm>
#include <cstdio>
#include <filesystem>
#include <string>

namespace nattlab::regression
{

namespace
{

struct Suite
{
    std::string folder;
    std::vector<TestResult> results;
};

std::string
FolderOf(const std::string& file)
{
    const std::string folder = std::filesystem::path(file).parent_path().generic_string();
    return folder.empty() ? "." : folder;
}

std::vector<Suite>
SplitByFolder(const std::vector<TestResult>& results)
{
    std::vector<Suite> suites;
    for (const TestResult& result : results)
    {
        const std::string folder = FolderOf(result.file);
        auto suite = std::find_if(
            suites.begin(), suites.end(), [&](const Suite& s) { return s.folder == folder; });
        if (suite == suites.end())
        {
            suite = suites.insert(suites.end(), {folder, {}});
        }
        suite->results.push_back(result);
    }
    return suites;
}

std::string
Attribute(const char* name, const std::string& value)
{
    return std::string(" ") + name + "=\"" + ToXml(value) + "\"";
}

std::string
Seconds(double seconds)
{
    char text[32];
    std::snprintf(text, sizeof text, "%.3f", seconds);
    return text;
}

std::string
CountAttributes(const std::vector<TestResult>& results)
{
    const Totals totals = Count(results);
    double seconds = 0;
    for (const TestResult& result : results)
    {
        seconds += result.simulated;
    }
    return Attribute("tests", std::to_string(results.size())) +
           Attribute("failures", std::to_string(totals.notAsExpected)) +
           Attribute("errors", std::to_string(totals.errors + totals.faults)) +
           Attribute("time", Seconds(seconds));
}

/** \return what stands in the one line that a list of failures shows. */
std::string
MessageOf(const TestResult& result)
{
    if (result.status != Status::NotAsExpected)
    {
        return result.problem.substr(0, result.problem.find('\n'));
    }
    std::string message = ToString(result.differences.front());
    if (result.differences.size() > 1)
    {
        message += " (and " + std::to_string(result.differences.size() - 1) + " more)";
    }
    return message;
}

void
WriteCase(const TestResult& result, const std::string& folder, std::ostream& out)
{
    const std::string name = std::filesystem::path(result.file).stem().string();
    out << "    <testcase" << Attribute("classname", folder) << Attribute("name", name)
        << Attribute("time", Seconds(result.simulated));
    if (result.status == Status::AsExpected)
    {
        out << "/>\n";
        return;
    }
    const bool failure = result.status == Status::NotAsExpected;
    const char* element = failure ? "failure" : "error";
    const char* type = failure                             ? "expectation"
                       : result.status == Status::BadInput ? "bad-input"
                                                           : "fault";
    out << ">\n      <" << element << Attribute("type", type)
        << Attribute("message", MessageOf(result)) << ">" << ToXml(result.file) << "\n";
    for (const std::string& line : Explain(result))
    {
        out << ToXml(line) << "\n";
    }
    out << "</" << element << ">\n    </testcase>\n";
}

} // namespace

void
WriteJunit(const std::vector<TestResult>& results, std::ostream& out)
{
    out << "<?xml version=\"1.0\" encoding=\"UTF-8\"?>\n"
        << "<!-- Times are simulated seconds: equal results are equal bytes. -->\n"
        << "<testsuites name=\"nattlab\"" << CountAttributes(results) << ">\n";
    for (const Suite& suite : SplitByFolder(results))
    {
        out << "  <testsuite" << Attribute("name", suite.folder) << CountAttributes(suite.results)
            << ">\n";
        for (const TestResult& result : suite.results)
        {
            WriteCase(result, suite.folder, out);
        }
        out << "  </testsuite>\n";
    }
    out << "</testsuites>\n";
}

} // namespace nattlab::regression
