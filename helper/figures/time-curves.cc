// SPDX-License-Identifier: GPL-2.0-only
#include "helper/figures/time-curves.h"

#include "model/crypto/random.h"

#include <algorithm>
#include <cmath>
#include <functional>
#include <utility>

namespace nattlab::figures
{

namespace
{

constexpr double MISSED = 0.05;      //!< what the bands leave out
constexpr double WIDE_SPREAD = 30.0; //!< ratio of times that linear axes cannot show

/** \return how many of the sorted times are not above each of \p at. */
std::vector<std::uint32_t>
CountUpTo(const std::vector<double>& sorted, const std::vector<double>& at)
{
    std::vector<std::uint32_t> counts;
    counts.reserve(at.size());
    for (const double time : at)
    {
        counts.push_back(static_cast<std::uint32_t>(
            std::upper_bound(sorted.begin(), sorted.end(), time) - sorted.begin()));
    }
    return counts;
}

} // namespace

double
DkwHalfWidth(std::uint64_t connections)
{
    // Massart 1990: P(sup |F_n - F| > e) <= 2 exp(-2 n e^2)
    return std::sqrt(std::log(2 / MISSED) / (2 * static_cast<double>(connections)));
}

TimeCollector::TimeCollector(Scale by)
    : m_by(std::move(by)),
      m_curves(m_by.Size())
{
}

void
TimeCollector::Add(const store::PointRow& point)
{
    const auto place = m_by.Place(point);
    if (!place || point.connections.empty())
    {
        return;
    }
    if (m_replicates.size() <= GROUPS)
    {
        m_replicates.insert(point.replicate);
    }
    Group& group = m_curves[*place][point.replicate % GROUPS];
    for (const store::ConnectionRow& connection : point.connections)
    {
        ++group.connections;
        if (connection.verdict == "connected" && connection.timeToSettle)
        {
            group.times.push_back(*connection.timeToSettle);
        }
    }
}

std::vector<double>
TimeCollector::ChooseTimes(TimeCurves& result) const
{
    std::set<double> different;
    double least = 0;
    double greatest = 0;
    bool any = false;
    for (const Groups& groups : m_curves)
    {
        for (const Group& group : groups)
        {
            for (const double time : group.times)
            {
                least = any ? std::min(least, time) : time;
                greatest = any ? std::max(greatest, time) : time;
                any = true;
                if (different.size() <= MOST_TIMES)
                {
                    different.insert(time);
                }
            }
        }
    }
    result.logarithmic = least > 0 && greatest / least > WIDE_SPREAD;
    result.thinned = different.size() > MOST_TIMES;
    if (!result.thinned)
    {
        return {different.begin(), different.end()};
    }
    std::vector<double> times;
    for (std::size_t i = 0; i < MOST_TIMES; ++i)
    {
        const double part = static_cast<double>(i) / (MOST_TIMES - 1);
        times.push_back(result.logarithmic ? least * std::pow(greatest / least, part)
                                           : least + (greatest - least) * part);
    }
    times.back() = greatest;
    return times;
}

void
TimeCollector::Bootstrap(const Groups& groups, const std::vector<double>& times, TimeCurve& curve)
{
    std::vector<const Group*> there;
    std::vector<std::vector<std::uint32_t>> counts;
    for (const Group& group : groups)
    {
        if (group.connections > 0)
        {
            there.push_back(&group);
            counts.push_back(CountUpTo(group.times, times));
        }
    }
    RandomStream random(1, curve.label, "figures.bootstrap");
    std::vector<std::vector<double>> samples(times.size(), std::vector<double>(RESAMPLES));
    std::vector<std::uint64_t> sum(times.size());
    for (std::size_t sample = 0; sample < RESAMPLES; ++sample)
    {
        std::fill(sum.begin(), sum.end(), 0);
        std::uint64_t connections = 0;
        for (std::size_t draw = 0; draw < there.size(); ++draw)
        {
            const std::size_t group = random.Below(there.size());
            connections += there[group]->connections;
            for (std::size_t i = 0; i < times.size(); ++i)
            {
                sum[i] += counts[group][i];
            }
        }
        for (std::size_t i = 0; i < times.size(); ++i)
        {
            samples[i][sample] = static_cast<double>(sum[i]) / static_cast<double>(connections);
        }
    }
    const auto edge = static_cast<std::ptrdiff_t>(MISSED / 2 * (RESAMPLES + 1)); // 25th from an end
    for (std::vector<double>& sample : samples)
    {
        std::nth_element(sample.begin(), sample.begin() + edge - 1, sample.end());
        curve.low.push_back(sample[static_cast<std::size_t>(edge) - 1]);
        std::nth_element(sample.begin(), sample.end() - edge, sample.end());
        curve.high.push_back(sample[RESAMPLES - static_cast<std::size_t>(edge)]);
    }
}

TimeCurves
TimeCollector::Curves()
{
    TimeCurves result;
    result.by = m_by;
    result.replicates = m_replicates.size();
    const bool enough =
        std::all_of(m_curves.begin(),
                    m_curves.end(),
                    [](const Groups& groups)
                    {
                        const auto there =
                            std::count_if(groups.begin(),
                                          groups.end(),
                                          [](const Group& group) { return group.connections > 0; });
                        return there == 0 || there >= std::ptrdiff_t{ENOUGH_REPLICATES};
                    });
    result.band = enough ? BandKind::Bootstrap : BandKind::Dkw;
    result.times = ChooseTimes(result);
    for (std::size_t i = 0; i < m_curves.size(); ++i)
    {
        TimeCurve curve;
        curve.label = m_by.Labels()[i];
        std::vector<std::uint64_t> upTo(result.times.size());
        for (Group& group : m_curves[i])
        {
            std::sort(group.times.begin(), group.times.end());
            curve.connections += group.connections;
            curve.connected += group.times.size();
            const std::vector<std::uint32_t> counts = CountUpTo(group.times, result.times);
            std::transform(upTo.begin(), upTo.end(), counts.begin(), upTo.begin(), std::plus<>());
        }
        if (curve.connections == 0)
        {
            continue;
        }
        for (const std::uint64_t count : upTo)
        {
            curve.share.push_back(static_cast<double>(count) /
                                  static_cast<double>(curve.connections));
        }
        if (result.band == BandKind::Bootstrap)
        {
            Bootstrap(m_curves[i], result.times, curve);
        }
        else
        {
            const double half = DkwHalfWidth(curve.connections);
            for (const double share : curve.share)
            {
                curve.low.push_back(std::max(share - half, 0.0));
                curve.high.push_back(std::min(share + half, 1.0));
            }
        }
        result.curves.push_back(std::move(curve));
    }
    return result;
}

} // namespace nattlab::figures
