// SPDX-License-Identifier: GPL-2.0-only
#ifndef NATTLAB_SWEEP_AXIS_RANGE_H
#define NATTLAB_SWEEP_AXIS_RANGE_H

#include "helper/scenario/reader.h"
#include "helper/scenario/section.h"
#include "helper/store/rows.h"

#include <cstddef>
#include <optional>
#include <string>
#include <vector>

namespace nattlab::sweep
{

/** The numbers from one to another: in steps, so many, or any. */
class Range
{
  public:
    /**
     * \param value `range` of an axis, checked against the schema
     * \param pointer where it stands
     * \param report gets what is wrong
     */
    static std::optional<Range>
    Parse(const scenario::Json& value, const std::string& pointer, scenario::Report& report);

    const std::string& Unit() const
    {
        return m_unit;
    }

    /** \return whether it has neither step nor count. */
    bool Continuous() const
    {
        return m_continuous;
    }

    /** \return the numbers in order; none when it is continuous. */
    const std::vector<double>& Numbers() const
    {
        return m_numbers;
    }

    double From() const
    {
        return m_from;
    }

    double To() const
    {
        return m_to;
    }

    /** \return the number at \p place, 0 to 1, of a continuous range. */
    double Draw(double place) const;

    /** \return a number as results show it. */
    store::AxisValue Label(double number) const;
    /** \return a number as it is put into a scenario. */
    scenario::Json Value(double number) const;

  private:
    void Step(double step);
    void Count(std::size_t count);
    double Between(double place, double to) const;

    double m_from{0};
    double m_to{0};
    std::string m_unit;
    bool m_log{false};
    bool m_integer{false}; //!< numbers without unit, written without a decimal point
    bool m_whole{false};   //!< what is drawn or counted out is rounded to whole numbers
    bool m_continuous{false};
    std::vector<double> m_numbers;
};

} // namespace nattlab::sweep

#endif
