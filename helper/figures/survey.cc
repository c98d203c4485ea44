// SPDX-License-Identifier: GPL-2.0-only
#include "helper/figures/survey.h"

#include <algorithm>

namespace nattlab::figures
{

Survey::Survey(const store::SweepIdentity& identity)
    : m_names(identity.axes),
      m_notes(ReadNotes(identity)),
      m_axes(identity.axes.size())
{
}

void
Survey::Add(const store::PointRow& point)
{
    ++m_points;
    m_notRun += point.status == store::PointStatus::Done ? 0 : 1;
    Tally tally;
    tally.Add(point);
    m_all.connections += tally.connections;
    m_all.connected += tally.connected;
    for (std::size_t i = 0; i < m_axes.size(); ++i)
    {
        m_axes[i].Add(point.values.at(i), tally);
    }
}

std::uint64_t
Survey::Points() const
{
    return m_points;
}

std::uint64_t
Survey::NotRun() const
{
    return m_notRun;
}

const Tally&
Survey::Connections() const
{
    return m_all;
}

std::size_t
Survey::Find(const std::string& name, const std::string& use) const
{
    const auto found = std::find(m_names.begin(), m_names.end(), name);
    if (found == m_names.end())
    {
        std::string known;
        for (const std::string& one : m_names)
        {
            known += (known.empty() ? "" : ", ") + one;
        }
        throw BadRequest(use + ": no axis \"" + name + "\"; the sweep has " +
                         (known.empty() ? "none" : known));
    }
    return static_cast<std::size_t>(found - m_names.begin());
}

std::optional<std::size_t>
Survey::Strongest(const std::vector<std::size_t>& taken, std::size_t most) const
{
    std::optional<std::size_t> best;
    for (std::size_t i = 0; i < m_axes.size(); ++i)
    {
        const AxisSurvey& axis = m_axes[i];
        const bool fits = axis.Size() > 1 &&
                          (axis.Size() <= most || (axis.Crowded() && axis.Numeric() && most > 1));
        const bool apart =
            std::none_of(taken.begin(),
                         taken.end(),
                         [&](std::size_t other) {
                             return other == i || (m_notes[i].group != 0 &&
                                                   m_notes[i].group == m_notes[other].group);
                         });
        if (!fits || !apart)
        {
            continue;
        }
        const bool better = !best || (axis.Crowded() != m_axes[*best].Crowded()
                                          ? !axis.Crowded()
                                          : axis.Effect() >= m_axes[*best].Effect());
        best = better ? i : best;
    }
    return best;
}

const AxisSurvey&
Survey::Axis(std::size_t axis) const
{
    return m_axes.at(axis);
}

Scale
Survey::ScaleOf(std::optional<std::size_t> axis, std::size_t most, const std::string& use) const
{
    return axis ? Scale(*axis, m_names[*axis], m_notes[*axis], m_axes[*axis], most, use) : Scale();
}

} // namespace nattlab::figures
