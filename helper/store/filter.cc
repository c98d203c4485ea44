// SPDX-License-Identifier: GPL-2.0-only
#include "helper/store/filter.h"

#include "helper/store/columns.h"

#include <algorithm>
#include <array>
#include <charconv>
#include <cmath>
#include <optional>
#include <utility>

namespace nattlab::store
{

namespace
{

/** A term, cut into its parts. */
struct Term
{
    std::string text; //!< the whole
    std::string name;
    std::string comparison; //!< as in the term, which is also SQL's, but for = and !=
    std::string value;

    bool IsOrder() const
    {
        return comparison != "=" && comparison != "!=";
    }

    /** \return as SQL writes it; IS and IS NOT take NULL for a value like others. */
    std::string SqlComparison() const
    {
        return comparison == "=" ? "IS" : comparison == "!=" ? "IS NOT" : comparison;
    }
};

struct Condition
{
    std::string sql;
    std::vector<AxisValue> values;
};

/** \return the comparison that \p text begins with; empty: none. */
std::string
ComparisonAt(std::string_view text)
{
    for (const std::string_view comparison : {"!=", "<=", ">=", "=", "<", ">"})
    {
        if (text.substr(0, comparison.size()) == comparison)
        {
            return std::string(comparison);
        }
    }
    return "";
}

/** Cut behind the longest column that the text begins with: names of axes are free. */
Term
Cut(const std::string& text, const std::vector<std::string>& columns)
{
    Term term;
    term.text = text;
    for (const std::string& column : columns)
    {
        if (column.size() < term.name.size() || text.compare(0, column.size(), column) != 0)
        {
            continue;
        }
        const std::string comparison = ComparisonAt(std::string_view(text).substr(column.size()));
        if (!comparison.empty())
        {
            term.name = column;
            term.comparison = comparison;
        }
    }
    if (term.comparison.empty())
    {
        const std::size_t end = text.find_first_of("!<>=");
        if (end == std::string::npos || ComparisonAt(std::string_view(text).substr(end)).empty())
        {
            throw FilterError(text + ": expected NAME=VALUE, NAME!=VALUE, NAME<VALUE, NAME<=VALUE, "
                                     "NAME>VALUE or NAME>=VALUE");
        }
        throw UnknownColumn(text, text.substr(0, end), columns);
    }
    term.value = text.substr(term.name.size() + term.comparison.size());
    return term;
}

template <class Number>
bool
Parse(const std::string& text, Number& number)
{
    const char* end = text.data() + text.size();
    const auto [stop, error] = std::from_chars(text.data(), end, number);
    return error == std::errc() && stop == end;
}

/** \return a number as the database holds it. */
std::optional<AxisValue>
ParseNumber(const std::string& text)
{
    std::int64_t integer = 0;
    std::uint64_t large = 0;
    double real = 0;
    if (Parse(text, integer))
    {
        return integer;
    }
    if (Parse(text, large))
    {
        return static_cast<std::int64_t>(large);
    }
    if (Parse(text, real) && std::isfinite(real))
    {
        return real;
    }
    return std::nullopt;
}

std::optional<bool>
ParseTruth(const std::string& text)
{
    if (text != "true" && text != "false")
    {
        return std::nullopt;
    }
    return text == "true";
}

/** \return the number of a term that needs one. */
AxisValue
Demand(const std::optional<AxisValue>& number, const Term& term)
{
    if (!number)
    {
        throw FilterError(term.text + ": expected a number, found \"" + term.value + "\"");
    }
    return *number;
}

Condition
ConditionOn(const Column& column, const Term& term)
{
    const std::string left = std::string(column.sql) + " " + term.SqlComparison();
    if (term.IsOrder() && column.kind != ColumnKind::Number)
    {
        throw FilterError(term.text + ": " + column.name + " is no number: use = or !=");
    }
    if (term.value.empty() && !term.IsOrder())
    {
        return {left + " NULL", {}};
    }
    switch (column.kind)
    {
    case ColumnKind::Text:
        return {left + " ?", {term.value}};
    case ColumnKind::Number:
        return {left + " ?", {Demand(ParseNumber(term.value), term)}};
    case ColumnKind::Boolean:
        break;
    }
    const std::optional<bool> truth = ParseTruth(term.value);
    if (!truth)
    {
        throw FilterError(term.text + ": expected true or false, found \"" + term.value + "\"");
    }
    return {left + " ?", {*truth}};
}

/** An axis may have values of several kinds; a term means those that look the same. */
Condition
ConditionOnAxis(std::size_t axis, const Term& term, const Filter::Quantities& quantities)
{
    const std::string column = "p." + AxisStorage(axis);
    const std::string kind = "substr(p.kinds, " + std::to_string(axis + 1) + ", 1)";
    const std::string isNumber = kind + " IN ('i', 'r')";
    std::optional<AxisValue> number = ParseNumber(term.value);
    if (!number && quantities)
    {
        number = quantities(axis, term.value);
    }
    if (term.IsOrder())
    {
        return {isNumber + " AND " + column + " " + term.comparison + " ?", {Demand(number, term)}};
    }
    Condition same{"(" + kind + " = 't' AND " + column + " IS ?)", {term.value}};
    if (const auto truth = ParseTruth(term.value))
    {
        same.sql += " OR (" + kind + " = 'b' AND " + column + " = ?)";
        same.values.emplace_back(*truth);
    }
    else if (number)
    {
        same.sql += " OR (" + isNumber + " AND " + column + " = ?)";
        same.values.push_back(*number);
    }
    if (term.comparison == "!=")
    {
        same.sql = "NOT (" + same.sql + ")";
    }
    return same;
}

Condition
ConditionOf(const Term& term,
            const std::vector<std::string>& axes,
            const Filter::Quantities& quantities)
{
    const std::vector<std::string> names = AxisColumns(axes);
    const auto axis = std::find(names.begin(), names.end(), term.name);
    if (axis != names.end())
    {
        return ConditionOnAxis(static_cast<std::size_t>(axis - names.begin()), term, quantities);
    }
    const std::vector<Column>& columns = ColumnsOf(ExportForm::Connections);
    return ConditionOn(*std::find_if(columns.begin(),
                                     columns.end(),
                                     [&term](const Column& column)
                                     { return column.name == term.name; }),
                       term);
}

std::string
Listed(const std::vector<std::string>& names)
{
    std::string list;
    for (const std::string& name : names)
    {
        list += (list.empty() ? "" : ", ") + name;
    }
    return list;
}

} // namespace

UnknownColumn::UnknownColumn(const std::string& term,
                             std::string column,
                             std::vector<std::string> columns)
    : FilterError(term + ": there is no column \"" + column + "\"; there are " + Listed(columns)),
      name(std::move(column)),
      known(std::move(columns))
{
}

Filter::Filter(const std::vector<std::string>& terms,
               const std::vector<std::string>& axes,
               const Quantities& quantities)
    : m_admitsAll(terms.empty())
{
    const std::vector<std::string> columns = HeaderOf(ExportForm::Connections, axes);
    for (const std::string& text : terms)
    {
        Condition condition = ConditionOf(Cut(text, columns), axes, quantities);
        m_sql += " AND (" + condition.sql + ")";
        std::move(condition.values.begin(), condition.values.end(), std::back_inserter(m_values));
    }
}

bool
Filter::AdmitsAll() const
{
    return m_admitsAll;
}

const std::string&
Filter::Sql() const
{
    return m_sql;
}

const std::vector<AxisValue>&
Filter::Values() const
{
    return m_values;
}

} // namespace nattlab::store
