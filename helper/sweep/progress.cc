// SPDX-License-Identifier: GPL-2.0-only
#include "helper/sweep/progress.h"

#include <algorithm>
#include <cmath>
#include <utility>
#include <vector>

namespace nattlab::sweep
{

namespace
{

constexpr std::size_t BAR = 24;          //!< columns
constexpr std::size_t REASONS_SHOWN = 3; //!< in a line

std::uint64_t
Sum(const std::map<std::string, std::uint64_t>& counts)
{
    std::uint64_t sum = 0;
    for (const auto& [name, count] : counts)
    {
        sum += count;
    }
    return sum;
}

/** \return the largest first, then by name. */
std::vector<std::pair<std::string, std::uint64_t>>
Ranked(const std::map<std::string, std::uint64_t>& counts)
{
    std::vector<std::pair<std::string, std::uint64_t>> ranked(counts.begin(), counts.end());
    std::stable_sort(ranked.begin(),
                     ranked.end(),
                     [](const auto& a, const auto& b) { return a.second > b.second; });
    return ranked;
}

std::string
Percent(std::uint64_t part, std::uint64_t whole)
{
    return std::to_string(whole == 0 ? 0 : (100 * part + whole / 2) / whole) + " %";
}

double
Rate(const Progress& progress)
{
    return progress.seconds > 0 ? static_cast<double>(progress.ran) / progress.seconds : 0;
}

/** \return "812/s", or "0.4/s" where that says more. */
std::string
RateText(double rate)
{
    const auto tenths = static_cast<std::uint64_t>(std::lround(rate * 10));
    return tenths >= 100 ? std::to_string((tenths + 5) / 10) + "/s"
                         : std::to_string(tenths / 10) + "." + std::to_string(tenths % 10) + "/s";
}

/** \return "1 point", "2 points". */
std::string
Counted(std::uint64_t count, const std::string& what)
{
    return std::to_string(count) + " " + what + (count == 1 ? "" : "s");
}

} // namespace

std::string
ClockText(double seconds)
{
    const auto whole = static_cast<std::uint64_t>(std::llround(std::max(seconds, 0.0)));
    const auto two = [](std::uint64_t n) { return (n < 10 ? "0" : "") + std::to_string(n); };
    return whole < 3600
               ? std::to_string(whole / 60) + ":" + two(whole % 60)
               : std::to_string(whole / 3600) + ":" + two(whole / 60 % 60) + ":" + two(whole % 60);
}

std::string
ProgressLine(const Progress& progress)
{
    const std::uint64_t points = std::max<std::uint64_t>(progress.points, 1);
    const std::size_t full = std::min<std::size_t>(BAR, BAR * progress.done / points);
    std::string line = "[" + std::string(full, '#') + std::string(BAR - full, '.') + "] " +
                       std::to_string(progress.done) + "/" + std::to_string(progress.points);
    const double rate = Rate(progress);
    if (rate > 0)
    {
        line += ", " + RateText(rate) + ", " +
                ClockText(static_cast<double>(progress.points - progress.done) / rate) + " left";
    }
    const std::uint64_t connections = Sum(progress.verdicts);
    if (connections > 0)
    {
        const auto up = progress.verdicts.find("connected");
        line += ", " + Percent(up == progress.verdicts.end() ? 0 : up->second, connections) +
                " connected";
        auto ranked = Ranked(progress.reasons);
        ranked.resize(std::min(ranked.size(), REASONS_SHOWN));
        for (const auto& [reason, count] : ranked)
        {
            line += ", " + reason + " " + Percent(count, connections);
        }
    }
    line += progress.invalid > 0 ? ", " + std::to_string(progress.invalid) + " invalid" : "";
    line += progress.faults > 0 ? ", " + Counted(progress.faults, "fault") : "";
    return line;
}

std::string
ProgressSummary(const Progress& progress)
{
    std::string text =
        std::to_string(progress.done) + " of " + Counted(progress.points, "point") + " done";
    if (progress.ran == 0)
    {
        text += ", nothing was left to run\n";
    }
    else
    {
        text += progress.ran < progress.done ? ", " + std::to_string(progress.ran) + " now" : "";
        text += ", in " + ClockText(progress.seconds) + " (" + RateText(Rate(progress)) + ")\n";
    }
    const std::uint64_t connections = Sum(progress.verdicts);
    if (connections > 0)
    {
        text += Counted(connections, "connection") + ":";
        std::string separator = " ";
        for (const auto& [verdict, count] : Ranked(progress.verdicts))
        {
            text += separator + std::to_string(count) + " " + verdict;
            separator = ", ";
        }
        text += "\n";
    }
    for (const auto& [reason, count] : Ranked(progress.reasons))
    {
        text += "  " + std::to_string(count) + "  " + reason + "\n";
    }
    if (progress.invalid > 0)
    {
        text += Counted(progress.invalid, "point") +
                " could not be run: their values do not go together\n";
    }
    if (progress.faults > 0)
    {
        text += Counted(progress.faults, "point") + (progress.faults == 1 ? " shows" : " show") +
                " a fault of nattlab\n";
    }
    if (!progress.abandoned.empty())
    {
        text += Counted(progress.abandoned.size(), "point") +
                " not run, because their workers were killed again and again (too little "
                "memory?), the first being point " +
                std::to_string(progress.abandoned.front()) + "\n";
    }
    return text;
}

} // namespace nattlab::sweep
