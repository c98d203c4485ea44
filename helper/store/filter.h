// SPDX-License-Identifier: GPL-2.0-only
#ifndef NATTLAB_STORE_FILTER_H
#define NATTLAB_STORE_FILTER_H

#include "helper/store/rows.h"

#include <cstddef>
#include <functional>
#include <optional>
#include <stdexcept>
#include <string>
#include <string_view>
#include <vector>

namespace nattlab::store
{

/** A term of a filter cannot be understood; the text tells the term and what was expected. */
struct FilterError : std::invalid_argument
{
    using std::invalid_argument::invalid_argument;
};

/** A term of a filter is about a column that there is not. */
struct UnknownColumn : FilterError
{
    UnknownColumn(const std::string& term, std::string column, std::vector<std::string> columns);

    std::string name;               //!< as it was given
    std::vector<std::string> known; //!< columns, in the order of an export
};

/**
 * Which rows are wanted: those for which every term holds. A term is NAME=VALUE, NAME!=VALUE or,
 * where values are numbers, NAME<VALUE, NAME<=VALUE, NAME>VALUE, NAME>=VALUE; NAME is a column of
 * the export of connections, an axis for example. NAME= asks for rows without a value. A number of
 * an axis may be given with a unit.
 */
class Filter
{
  public:
    /**
     * Reads a number with a unit: an axis, counted from 0, and a text such as "2 s"
     * \return the number as the results hold it for this axis; nothing where the text is none
     */
    using Quantities = std::function<std::optional<double>(std::size_t, const std::string&)>;

    /** Admits all. */
    Filter() = default;

    /**
     * \param terms "NAME=VALUE" and the like
     * \param axes of the sweep, SweepIdentity::axes
     * \param quantities of the sweep's axes; without, units are not understood
     * \throws FilterError
     */
    Filter(const std::vector<std::string>& terms,
           const std::vector<std::string>& axes,
           const Quantities& quantities = {});

    /** \return whether there is no term. */
    bool AdmitsAll() const;

    /** \return a condition of SQL over points p and connections c, with a ? for each of Values. */
    const std::string& Sql() const;

    /** \return what the condition compares with, in order. */
    const std::vector<AxisValue>& Values() const;

  private:
    bool m_admitsAll{true};
    std::string m_sql{"1"};
    std::vector<AxisValue> m_values;
};

} // namespace nattlab::store

#endif
