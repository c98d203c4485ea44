// SPDX-License-Identifier: GPL-2.0-only
#include "helper/figures/reason-bars.h"

#include <algorithm>
#include <numeric>
#include <utility>

namespace nattlab::figures
{

namespace
{

constexpr const char* CONNECTED = "connected";

} // namespace

std::string
EndOf(const store::ConnectionRow& connection)
{
    const std::string& verdict = connection.verdict;
    if (verdict == CONNECTED)
    {
        return CONNECTED;
    }
    std::string end = connection.reason.empty() ? verdict : connection.reason;
    if (verdict != "failed" && !connection.reason.empty())
    {
        end = verdict + ": " + end;
    }
    return connection.stage.empty() ? end : end + " (" + connection.stage + ")";
}

std::uint64_t
ReasonBars::Total(std::size_t bar) const
{
    return std::accumulate(counts.at(bar).begin(), counts.at(bar).end(), std::uint64_t{0});
}

ReasonCounter::ReasonCounter(Scale x)
    : m_x(std::move(x)),
      m_counts(m_x.Size())
{
}

void
ReasonCounter::Add(const store::PointRow& point)
{
    const auto bar = m_x.Place(point);
    for (const store::ConnectionRow& connection : point.connections)
    {
        if (bar)
        {
            ++m_counts[*bar][EndOf(connection)];
        }
    }
}

ReasonBars
ReasonCounter::Bars(std::size_t most) const
{
    std::map<std::string, std::uint64_t> all;
    for (const auto& bar : m_counts)
    {
        for (const auto& [end, count] : bar)
        {
            all[end] += count;
        }
    }
    all.erase(CONNECTED);
    std::vector<std::pair<std::string, std::uint64_t>> ranked(all.begin(), all.end());
    std::stable_sort(ranked.begin(),
                     ranked.end(),
                     [](const auto& a, const auto& b) { return a.second > b.second; });
    const std::size_t named = ranked.size() <= most + 1 ? ranked.size() : most;

    ReasonBars result{m_x, {CONNECTED}, {}};
    std::map<std::string, std::size_t> places{{CONNECTED, 0}};
    for (std::size_t i = 0; i < named; ++i)
    {
        places.emplace(ranked[i].first, result.ends.size());
        result.ends.push_back(ranked[i].first);
    }
    const std::size_t other = result.ends.size();
    if (named < ranked.size())
    {
        result.ends.emplace_back("other");
    }
    for (const auto& bar : m_counts)
    {
        std::vector<std::uint64_t> counts(result.ends.size());
        for (const auto& [end, count] : bar)
        {
            const auto place = places.find(end);
            counts[place == places.end() ? other : place->second] += count;
        }
        result.counts.push_back(std::move(counts));
    }
    return result;
}

} // namespace nattlab::figures
