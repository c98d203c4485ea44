// SPDX-License-Identifier: GPL-2.0-only
#include "helper/scenario/nearest.h"

#include <algorithm>
#include <cctype>
#include <cstddef>

namespace nattlab::scenario
{

namespace
{

constexpr std::size_t LONGEST_NAME = 64;

std::string
Lower(std::string_view text)
{
    std::string lower(text);
    std::transform(lower.begin(),
                   lower.end(),
                   lower.begin(),
                   [](unsigned char c) { return static_cast<char>(std::tolower(c)); });
    return lower;
}

/** Optimal string alignment distance. */
std::size_t
Distance(const std::string& a, const std::string& b)
{
    std::vector<std::vector<std::size_t>> cost(a.size() + 1,
                                               std::vector<std::size_t>(b.size() + 1));
    for (std::size_t i = 0; i <= a.size(); ++i)
    {
        for (std::size_t j = 0; j <= b.size(); ++j)
        {
            if (i == 0 || j == 0)
            {
                cost[i][j] = i + j;
                continue;
            }
            const std::size_t replace = cost[i - 1][j - 1] + (a[i - 1] == b[j - 1] ? 0 : 1);
            cost[i][j] = std::min({replace, cost[i - 1][j] + 1, cost[i][j - 1] + 1});
            if (i > 1 && j > 1 && a[i - 1] == b[j - 2] && a[i - 2] == b[j - 1])
            {
                cost[i][j] = std::min(cost[i][j], cost[i - 2][j - 2] + 1);
            }
        }
    }
    return cost[a.size()][b.size()];
}

} // namespace

std::string
Nearest(std::string_view name, const std::vector<std::string>& known)
{
    if (name.empty() || name.size() > LONGEST_NAME)
    {
        return "";
    }
    const std::string wanted = Lower(name);
    std::string best;
    std::size_t least = LONGEST_NAME;
    for (const auto& candidate : known)
    {
        if (candidate.size() > LONGEST_NAME)
        {
            continue;
        }
        const std::size_t distance = Distance(wanted, Lower(candidate));
        const std::size_t limit = std::max(wanted.size(), candidate.size()) / 3 + 1;
        if (distance < least && distance <= limit && distance < wanted.size())
        {
            least = distance;
            best = candidate;
        }
    }
    return best;
}

} // namespace nattlab::scenario
