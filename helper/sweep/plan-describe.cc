// SPDX-License-Identifier: GPL-2.0-only
#include "helper/sweep/plan-impl.h"

#include <algorithm>
#include <sstream>

namespace nattlab::sweep
{

namespace
{

using scenario::Json;

constexpr std::size_t FEW = 4; //!< values that are all named
constexpr std::size_t MOST_UNUSED = 10;

Json
JsonOf(const store::AxisValue& value)
{
    return std::visit([](const auto& held) { return Json(held); }, value);
}

/** \return the first and last values of an axis. */
std::string
Values(const AxisInfo& axis)
{
    if (axis.continuous)
    {
        return ValueText(axis.first) + " to " + ValueText(axis.last, axis.unit) + ", any number";
    }
    std::string text;
    for (std::size_t i = 0; i < axis.labels.size(); ++i)
    {
        const bool shown = axis.labels.size() <= FEW || i < 2 || i + 1 == axis.labels.size();
        if (shown)
        {
            text += (text.empty() ? "" : ", ") + ValueText(axis.labels[i], axis.unit);
        }
        else if (i == 2)
        {
            text += ", ...";
        }
    }
    return text;
}

std::string
Goals(const AxisInfo& axis)
{
    std::string text;
    for (const std::string& pointer : axis.pointers)
    {
        text += (text.empty() ? "" : ", ") + pointer;
    }
    return text.empty() ? "patches" : text;
}

std::string
NameOf(Sampling::Kind kind)
{
    return kind == Sampling::Kind::Random           ? "random"
           : kind == Sampling::Kind::LatinHypercube ? "latin-hypercube"
                                                    : "cartesian";
}

/** \return values that no point has: `axis "nat": symmetric`. */
std::vector<std::string>
Unused(const std::vector<Axis>& axes, const Sample& sample)
{
    std::vector<std::string> unused;
    const auto uses = sample.FirstUses(axes);
    for (std::size_t i = 0; i < axes.size(); ++i)
    {
        for (std::size_t value = 0; value < axes[i].entries.size(); ++value)
        {
            if (uses[i][value] == sample.Size())
            {
                unused.push_back("axis \"" + axes[i].name + "\": " + axes[i].entries[value].text);
            }
        }
    }
    return unused;
}

void
PrintAxes(std::ostream& out, const std::vector<AxisInfo>& axes)
{
    std::size_t widest = 0;
    std::size_t longest = 0;
    for (const AxisInfo& axis : axes)
    {
        widest = std::max(widest, axis.name.size());
        longest = std::max(longest, std::to_string(axis.values).size());
    }
    for (const AxisInfo& axis : axes)
    {
        const std::string count = axis.continuous ? "-" : std::to_string(axis.values);
        out << "  " << axis.name << std::string(widest - axis.name.size() + 2, ' ')
            << std::string(longest - std::min(longest, count.size()), ' ') << count << "  "
            << Goals(axis) << ": " << Values(axis) << '\n';
    }
}

} // namespace

std::string
Plan::Describe() const
{
    const SweepFile& sweep = m_impl->sweep;
    std::ostringstream out;
    out << sweep.title << "\nBase: " << (sweep.baseIsInside ? "in the sweep file" : sweep.baseFile)
        << "\nAxes: " << (sweep.axes.empty() ? "none" : "") << '\n';
    PrintAxes(out, m_impl->axes);
    for (const AxisGroup& group : sweep.groups)
    {
        for (std::size_t i = 0; group.size() > 1 && i < group.size(); ++i)
        {
            out << (i == 0 ? "Together: " : ", ") << sweep.axes[group[i]].name
                << (i + 1 == group.size() ? "\n" : "");
        }
    }
    if (sweep.sampling.kind != Sampling::Kind::Cartesian)
    {
        out << "Sample: " << NameOf(sweep.sampling.kind) << ", seed " << sweep.sampling.seed
            << '\n';
    }
    if (!sweep.derivations.empty())
    {
        out << "Derived: " << sweep.derivations.size()
            << (sweep.derivations.size() == 1 ? " value\n" : " values\n");
    }
    out << "Combinations: " << Combinations();
    out << (sweep.when.Always() ? "" : ", of which the filters leave " + std::to_string(Kept()));
    const auto unused = Unused(sweep.axes, m_impl->sample);
    for (std::size_t i = 0; i < std::min(unused.size(), MOST_UNUSED); ++i)
    {
        out << "\nNo point has " << unused[i];
    }
    if (unused.size() > MOST_UNUSED)
    {
        out << "\nNo point has " << unused.size() - MOST_UNUSED << " more values";
    }
    const auto [low, high] = std::minmax_element(sweep.seeds.begin(), sweep.seeds.end());
    out << "\nReplicates: " << Replicates() << " (seed" << (low == high ? " " : "s ") << *low
        << (low == high ? "" : " to " + std::to_string(*high)) << ")\nPoints: " << Size() << '\n';
    return out.str();
}

Json
Plan::Summary() const
{
    const SweepFile& sweep = m_impl->sweep;
    Json summary{{"title", sweep.title},
                 {"base", sweep.baseIsInside ? Json() : Json(sweep.baseFile)},
                 {"hash", Hash()},
                 {"axes", Json::array()},
                 {"zip", Json::array()},
                 {"sample", {{"kind", NameOf(sweep.sampling.kind)}}},
                 {"seeds", sweep.seeds},
                 {"combinations", Combinations()},
                 {"kept", Kept()},
                 {"points", Size()},
                 {"unused", Unused(sweep.axes, m_impl->sample)}};
    if (sweep.sampling.kind != Sampling::Kind::Cartesian)
    {
        summary["sample"]["seed"] = sweep.sampling.seed;
    }
    for (const AxisInfo& axis : m_impl->axes)
    {
        Json json{{"name", axis.name},
                  {"unit", axis.unit},
                  {"pointers", axis.pointers},
                  {"values", axis.values},
                  {"continuous", axis.continuous},
                  {"first", JsonOf(axis.first)},
                  {"last", JsonOf(axis.last)}};
        summary["axes"].push_back(std::move(json));
    }
    for (const AxisGroup& group : sweep.groups)
    {
        Json names = Json::array();
        for (const std::size_t axis : group)
        {
            names.push_back(sweep.axes[axis].name);
        }
        if (group.size() > 1)
        {
            summary["zip"].push_back(std::move(names));
        }
    }
    return summary;
}

std::string
DescribePlan(const Plan& plan)
{
    return plan.Describe();
}

} // namespace nattlab::sweep
