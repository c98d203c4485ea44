// SPDX-License-Identifier: GPL-2.0-only
/**
 * \file
 * The columns of the tidy table of results: the one list that exports, filters and the views in the
 * database share.
 */
#ifndef NATTLAB_STORE_COLUMNS_H
#define NATTLAB_STORE_COLUMNS_H

#include "helper/store/export.h"
#include "helper/store/rows.h"

#include <string>
#include <utility>
#include <variant>
#include <vector>

namespace nattlab::store
{

/** Lost packets by reason. */
using Drops = std::vector<std::pair<std::string, std::uint64_t>>;

/** A cell of the table; the first is an absent value. */
using Cell =
    std::variant<std::monostate, std::int64_t, std::uint64_t, double, bool, std::string, Drops>;

/** What a row of the table is made from; \p connection and \p traffic may be null. */
struct RowSource
{
    const PointRow& point;
    const ConnectionRow* connection{nullptr};
    const TrafficRow* traffic{nullptr};
};

/** What a filter can do with a column. */
enum class ColumnKind : std::uint8_t
{
    Text,
    Number,
    Boolean,
};

/** A column that every sweep has. */
struct Column
{
    const char* name;
    ColumnKind kind;
    const char* sql; //!< over points p, connections c, traffic t
    Cell (*cell)(const RowSource& row);
};

/** \return all columns but those of the axes, which stand behind the first. */
const std::vector<Column>& ColumnsOf(ExportForm form);

/**
 * \return for each axis the name of its column: its own name, with "axis." before it where it is
 * taken, in SQL's sense, by a fixed column or an earlier axis
 */
std::vector<std::string> AxisColumns(const std::vector<std::string>& axes);

/** \return the column of points that holds an axis, counted from 0: "axis_1". */
std::string AxisStorage(std::size_t axis);

/** \return all column names of a form, in order. */
std::vector<std::string> HeaderOf(ExportForm form, const std::vector<std::string>& axes);

/** \return the select of SQL that makes the table of a form. */
std::string SelectOf(ExportForm form, const std::vector<std::string>& axes);

} // namespace nattlab::store

#endif
