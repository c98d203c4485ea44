// SPDX-License-Identifier: GPL-2.0-only
#include "helper/sweep/sample.h"

#include "model/crypto/random.h"

#include <algorithm>
#include <numeric>
#include <utility>

namespace nattlab::sweep
{

namespace
{

constexpr std::uint64_t MOST_DRAWN_FROM = std::uint64_t{1} << 40;

/** \return 0 to \p count - 1, shuffled (Fisher and Yates). */
std::vector<std::uint32_t>
Permutation(std::uint64_t count, RandomStream& random)
{
    std::vector<std::uint32_t> order(count);
    std::iota(order.begin(), order.end(), 0U);
    for (std::uint64_t i = count; i > 1; --i)
    {
        std::swap(order[i - 1], order[random.Below(i)]);
    }
    return order;
}

} // namespace

Sample::Sample(const std::vector<Axis>& axes,
               std::vector<AxisGroup> groups,
               const Sampling& sampling,
               const Condition& when,
               std::string& refusal)
    : m_groups(std::move(groups))
{
    const bool all = sampling.kind == Sampling::Kind::Cartesian;
    const std::uint64_t most = !all ? MOST_DRAWN_FROM : when.Always() ? MOST_KEPT : MOST_TRIED;
    m_combinations = 1;
    for (const Axis& axis : axes)
    {
        m_ranges.push_back(axis.Continuous() ? *axis.range : Range());
    }
    for (const AxisGroup& group : m_groups)
    {
        const Axis& first = axes[group.front()];
        m_sizes.push_back(first.Continuous() ? 0 : first.entries.size());
        m_combinations *= std::max<std::uint64_t>(m_sizes.back(), 1);
        if (m_combinations > most)
        {
            refusal = "more than " + std::to_string(most) + " combinations of values" +
                      (all ? "; take a sample, or make several sweeps of it" : "");
            m_combinations = 0;
            return;
        }
    }
    if (!all)
    {
        m_combinations = sampling.points;
        Draw(axes, sampling);
    }
    if (!when.Always())
    {
        Filter(when, axes.size(), refusal);
    }
}

void
Sample::Draw(const std::vector<Axis>& axes, const Sampling& sampling)
{
    const std::uint64_t points = sampling.points;
    for (std::size_t g = 0; g < m_groups.size(); ++g)
    {
        // The name of the axis makes the stream, so that other axes do not change these draws.
        RandomStream random(sampling.seed, "sweep", axes[m_groups[g].front()].name);
        const bool latin = sampling.kind == Sampling::Kind::LatinHypercube;
        const auto strata = latin ? Permutation(points, random) : std::vector<std::uint32_t>();
        Column column;
        for (std::uint64_t i = 0; i < points; ++i)
        {
            if (m_sizes[g] == 0)
            {
                const double place = random.Uniform();
                column.places.push_back(latin ? (strata[i] + place) / static_cast<double>(points)
                                              : place);
            }
            else
            {
                // Strata of a list: as many points for each value, but for the remainder.
                column.indexes.push_back(static_cast<std::uint32_t>(
                    latin ? strata[i] * m_sizes[g] / points : random.Below(m_sizes[g])));
            }
        }
        m_columns.push_back(std::move(column));
    }
}

void
Sample::Filter(const Condition& when, std::size_t axes, std::string& refusal)
{
    std::vector<Choice> choices(axes);
    for (std::uint64_t number = 0; number < m_combinations; ++number)
    {
        GetAny(number, choices);
        if (!when.Holds(choices))
        {
            continue;
        }
        if (m_kept.size() == MOST_KEPT)
        {
            refusal = "more than " + std::to_string(MOST_KEPT) +
                      " points pass the filters; make several sweeps of it";
            return;
        }
        m_kept.push_back(number);
    }
    m_filtered = true;
    m_kept.shrink_to_fit();
    if (m_kept.empty())
    {
        refusal = "no point passes the filters";
    }
}

void
Sample::GetAny(std::uint64_t number, std::vector<Choice>& choices) const
{
    std::uint64_t rest = number;
    for (std::size_t g = m_groups.size(); g-- > 0;)
    {
        std::uint32_t index = 0;
        if (m_columns.empty())
        {
            index = static_cast<std::uint32_t>(rest % m_sizes[g]);
            rest /= m_sizes[g];
        }
        else if (m_sizes[g] > 0)
        {
            index = m_columns[g].indexes[number];
        }
        for (const std::size_t axis : m_groups[g])
        {
            choices[axis].index = index;
            if (m_sizes[g] == 0)
            {
                choices[axis].number = m_ranges[axis].Draw(m_columns[g].places[number]);
            }
        }
    }
}

void
Sample::Get(std::uint64_t number, std::vector<Choice>& choices) const
{
    GetAny(m_filtered ? m_kept[number] : number, choices);
}

std::vector<std::vector<std::uint64_t>>
Sample::FirstUses(const std::vector<Axis>& axes) const
{
    std::vector<std::vector<std::uint64_t>> uses;
    std::size_t missing = 0;
    for (const Axis& axis : axes)
    {
        uses.emplace_back(std::max<std::size_t>(axis.entries.size(), 1), Size());
        missing += uses.back().size();
    }
    std::vector<Choice> choices(axes.size());
    for (std::uint64_t number = 0; number < Size() && missing > 0; ++number)
    {
        Get(number, choices);
        for (std::size_t axis = 0; axis < axes.size(); ++axis)
        {
            std::uint64_t& use = uses[axis][choices[axis].index];
            missing -= use == Size() ? 1 : 0;
            use = std::min(use, number);
        }
    }
    return uses;
}

} // namespace nattlab::sweep
