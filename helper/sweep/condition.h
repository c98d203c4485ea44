// SPDX-License-Identifier: GPL-2.0-only
#ifndef NATTLAB_SWEEP_CONDITION_H
#define NATTLAB_SWEEP_CONDITION_H

#include "helper/scenario/reader.h"
#include "helper/scenario/section.h"
#include "helper/sweep/axis.h"

#include <cstddef>
#include <string>
#include <vector>

namespace nattlab::sweep
{

/** A condition on the values of axes, made once and asked for many points. */
class Condition
{
  public:
    /** True for every point. */
    Condition() = default;

    /**
     * \param value a condition, or an array of those that must all hold
     * \param pointer where it stands
     * \param axes that it may name
     * \param report gets what is wrong
     */
    static Condition Parse(const scenario::Json& value,
                           const std::string& pointer,
                           const std::vector<Axis>& axes,
                           scenario::Report& report);

    /** \param choices one for each axis */
    bool Holds(const std::vector<Choice>& choices) const;

    bool Always() const
    {
        return m_kind == Kind::All && m_parts.empty();
    }

  private:
    enum class Kind
    {
        All,      //!< of the parts
        Any,      //!< of the parts
        Not,      //!< the one part
        Among,    //!< the axis has one of the values
        Interval, //!< the number of the continuous axis lies there
    };

    struct Bounds
    {
        double low;
        double high;
        bool lowIncluded;
        bool highIncluded;
    };

    static Condition ParseTest(const scenario::Json& value,
                               const std::string& pointer,
                               const std::vector<Axis>& axes,
                               std::size_t axis,
                               scenario::Report& report);
    static Condition ParseEqual(const scenario::Json& value,
                                const std::string& pointer,
                                const Axis& axis,
                                scenario::Report& report);
    static Condition ParseBounds(const scenario::Json& value,
                                 const std::string& pointer,
                                 const Axis& axis,
                                 scenario::Report& report);

    Kind m_kind{Kind::All};
    std::size_t m_axis{0};
    std::vector<Condition> m_parts;
    std::vector<bool> m_among; //!< by index of the value
    Bounds m_bounds{};
};

} // namespace nattlab::sweep

#endif
