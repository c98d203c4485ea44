// SPDX-License-Identifier: GPL-2.0-only
#ifndef NATTLAB_FIGURES_SURVEY_H
#define NATTLAB_FIGURES_SURVEY_H

#include "helper/figures/scale.h"
#include "helper/figures/sweep-notes.h"
#include "helper/store/rows.h"

#include <cstddef>
#include <cstdint>
#include <optional>
#include <string>
#include <vector>

namespace nattlab::figures
{

/** The first look at the points, from which the axes of figures are chosen. */
class Survey
{
  public:
    explicit Survey(const store::SweepIdentity& identity);

    void Add(const store::PointRow& point);

    /** \return how many points there are. */
    std::uint64_t Points() const;
    /** \return how many of them could not be run. */
    std::uint64_t NotRun() const;
    /** \return all connections. */
    const Tally& Connections() const;

    /** \throws BadRequest with all names when there is no such axis */
    std::size_t Find(const std::string& name, const std::string& use) const;

    /**
     * \return the axis with the greatest effect among those that have more than one value, at most
     * \p most, and do not go together with any of \p taken; the last one of several; nothing when
     * there is none. Crowds of numbers come last.
     */
    std::optional<std::size_t> Strongest(const std::vector<std::size_t>& taken,
                                         std::size_t most) const;

    const AxisSurvey& Axis(std::size_t axis) const;

    /** \return see Scale. \param axis nothing: one place for all */
    Scale ScaleOf(std::optional<std::size_t> axis, std::size_t most, const std::string& use) const;

  private:
    std::vector<std::string> m_names;
    std::vector<AxisNotes> m_notes;
    std::vector<AxisSurvey> m_axes;
    std::uint64_t m_points{0};
    std::uint64_t m_notRun{0};
    Tally m_all;
};

} // namespace nattlab::figures

#endif
