// SPDX-License-Identifier: GPL-2.0-only
#include "helper/store/columns.h"

#include <algorithm>
#include <optional>
#include <set>

namespace nattlab::store
{

namespace
{

Cell
OrAbsent(const std::string& text)
{
    return text.empty() ? Cell{} : Cell{text};
}

template <class Number>
Cell
OrAbsent(const std::optional<Number>& number)
{
    return number ? Cell{*number} : Cell{};
}

/** A column of connections whose absent values are absent in the row, too. */
template <auto Member>
Cell
OfConnection(const RowSource& row)
{
    return row.connection == nullptr ? Cell{} : OrAbsent(row.connection->*Member);
}

/** A column of connections that every connection has. */
template <auto Member>
Cell
CountOfConnection(const RowSource& row)
{
    return row.connection == nullptr ? Cell{} : Cell{row.connection->*Member};
}

template <auto Member>
Cell
OfTraffic(const RowSource& row)
{
    return row.traffic == nullptr ? Cell{} : OrAbsent(row.traffic->*Member);
}

template <auto Member>
Cell
CountOfTraffic(const RowSource& row)
{
    return row.traffic == nullptr ? Cell{} : Cell{row.traffic->*Member};
}

template <auto Member>
Cell
OfPoint(const RowSource& row)
{
    return Cell{row.point.*Member};
}

Cell
StatusOfPoint(const RowSource& row)
{
    return std::string(NameOf(row.point.status));
}

Cell
ProblemOfPoint(const RowSource& row)
{
    return OrAbsent(row.point.problem);
}

Cell
GroupOfConnection(const RowSource& row)
{
    return row.connection == nullptr || row.connection->group == 0 ? Cell{}
                                                                   : Cell{row.connection->group};
}

constexpr ColumnKind TEXT = ColumnKind::Text;
constexpr ColumnKind NUMBER = ColumnKind::Number;
constexpr ColumnKind BOOLEAN = ColumnKind::Boolean;

constexpr const char* DROPS_SQL =
    "(SELECT group_concat(d.reason || '=' || d.packets, ' ') FROM drops d "
    "WHERE d.point = c.point AND d.connection = c.number)";

const Column POINT{"point", NUMBER, "p.id", OfPoint<&PointRow::id>};
const Column REPLICATE{"replicate", NUMBER, "p.replicate", OfPoint<&PointRow::replicate>};
const Column SEED{"seed", NUMBER, "p.seed", OfPoint<&PointRow::seed>};
const Column STATUS{"status", TEXT, "p.status", StatusOfPoint};
const Column PROBLEM{"problem", TEXT, "p.problem", ProblemOfPoint};

using C = ConnectionRow;
using T = TrafficRow;

// clang-format off
const std::vector<Column> CONNECTION_COLUMNS{
    POINT,
    REPLICATE,
    SEED,
    STATUS,
    {"connection", TEXT, "c.name", CountOfConnection<&C::name>},
    {"client", TEXT, "c.client", OfConnection<&C::client>},
    {"server", TEXT, "c.server", OfConnection<&C::server>},
    {"verdict", TEXT, "c.verdict", OfConnection<&C::verdict>},
    {"stage", TEXT, "c.stage", OfConnection<&C::stage>},
    {"reason", TEXT, "c.reason", OfConnection<&C::reason>},
    {"box", TEXT, "c.box", OfConnection<&C::box>},
    {"rule", TEXT, "c.rule", OfConnection<&C::rule>},
    {"error", NUMBER, "c.error", OfConnection<&C::error>},
    {"started", NUMBER, "c.started", OfConnection<&C::started>},
    {"time_to_settle", NUMBER, "c.time_to_settle", OfConnection<&C::timeToSettle>},
    {"time_ike_main", NUMBER, "c.time_ike_main", OfConnection<&C::timeIkeMain>},
    {"time_ike_quick", NUMBER, "c.time_ike_quick", OfConnection<&C::timeIkeQuick>},
    {"time_l2tp", NUMBER, "c.time_l2tp", OfConnection<&C::timeL2tp>},
    {"time_ppp", NUMBER, "c.time_ppp", OfConnection<&C::timePpp>},
    {"packets", NUMBER, "c.packets", CountOfConnection<&C::packets>},
    {"bytes", NUMBER, "c.bytes", CountOfConnection<&C::bytes>},
    {"retransmissions", NUMBER, "c.retransmissions", CountOfConnection<&C::retransmissions>},
    {"attempts", NUMBER, "c.attempts", CountOfConnection<&C::attempts>},
    {"nat", TEXT, "c.nat", OfConnection<&C::nat>},
    {"nat_traversal", TEXT, "c.nat_traversal", OfConnection<&C::natTraversal>},
    {"encapsulation", TEXT, "c.encapsulation", OfConnection<&C::encapsulation>},
    {"group", NUMBER, "c.\"group\"", GroupOfConnection},
    {"clear_text", BOOLEAN, "c.clear_text", CountOfConnection<&C::clearText>},
    {"drops", TEXT, DROPS_SQL, CountOfConnection<&C::drops>},
    PROBLEM,
};

const std::vector<Column> POINT_COLUMNS{
    POINT,
    REPLICATE,
    SEED,
    STATUS,
    {"simulated", NUMBER, "p.simulated", OfPoint<&PointRow::simulated>},
    {"packets", NUMBER, "p.packets", OfPoint<&PointRow::packets>},
    {"delivered", NUMBER, "p.delivered", OfPoint<&PointRow::delivered>},
    {"dropped", NUMBER, "p.dropped", OfPoint<&PointRow::dropped>},
    PROBLEM,
};

const std::vector<Column> TRAFFIC_COLUMNS{
    POINT,
    REPLICATE,
    SEED,
    STATUS,
    {"traffic", TEXT, "t.name", CountOfTraffic<&T::name>},
    {"expected", NUMBER, "t.expected", CountOfTraffic<&T::expected>},
    {"arrived", NUMBER, "t.arrived", CountOfTraffic<&T::arrived>},
    {"reason", TEXT, "t.reason", OfTraffic<&T::reason>},
    {"box", TEXT, "t.box", OfTraffic<&T::box>},
    {"rule", TEXT, "t.rule", OfTraffic<&T::rule>},
};

// clang-format on

/** \return \p name in the one sense in which SQL tells names apart. */
std::string
Folded(std::string name)
{
    for (char& c : name)
    {
        c = c >= 'A' && c <= 'Z' ? static_cast<char>(c - 'A' + 'a') : c;
    }
    return name;
}

std::string
Quoted(const std::string& name)
{
    std::string quoted = "\"";
    for (const char c : name)
    {
        quoted += c;
        if (c == '"')
        {
            quoted += c;
        }
    }
    return quoted + "\"";
}

const char*
TablesOf(ExportForm form)
{
    switch (form)
    {
    case ExportForm::Connections:
        return "points p LEFT JOIN connections c ON c.point = p.id";
    case ExportForm::Points:
        return "points p";
    case ExportForm::Traffic:
        return "points p JOIN traffic t ON t.point = p.id";
    }
    return "";
}

} // namespace

const std::vector<Column>&
ColumnsOf(ExportForm form)
{
    switch (form)
    {
    case ExportForm::Points:
        return POINT_COLUMNS;
    case ExportForm::Traffic:
        return TRAFFIC_COLUMNS;
    case ExportForm::Connections:
        break;
    }
    return CONNECTION_COLUMNS;
}

std::vector<std::string>
AxisColumns(const std::vector<std::string>& axes)
{
    std::set<std::string> taken;
    for (const ExportForm form : {ExportForm::Connections, ExportForm::Points, ExportForm::Traffic})
    {
        for (const Column& column : ColumnsOf(form))
        {
            taken.insert(column.name);
        }
    }
    std::vector<std::string> columns;
    for (const std::string& axis : axes)
    {
        std::string name = axis;
        while (!taken.insert(Folded(name)).second)
        {
            name = "axis." + name;
        }
        columns.push_back(name);
    }
    return columns;
}

std::string
AxisStorage(std::size_t axis)
{
    return "axis_" + std::to_string(axis + 1);
}

std::vector<std::string>
HeaderOf(ExportForm form, const std::vector<std::string>& axes)
{
    std::vector<std::string> header = AxisColumns(axes);
    const std::vector<Column>& columns = ColumnsOf(form);
    header.insert(header.begin(), columns.front().name);
    std::transform(columns.begin() + 1,
                   columns.end(),
                   std::back_inserter(header),
                   [](const Column& column) { return column.name; });
    return header;
}

std::string
SelectOf(ExportForm form, const std::vector<std::string>& axes)
{
    const std::vector<Column>& columns = ColumnsOf(form);
    const auto selected = [](const Column& column)
    { return std::string(column.sql) + " AS " + Quoted(column.name); };
    std::string sql = "SELECT " + selected(columns.front());
    const std::vector<std::string> names = AxisColumns(axes);
    for (std::size_t axis = 0; axis < names.size(); ++axis)
    {
        sql += ", p." + AxisStorage(axis) + " AS " + Quoted(names[axis]);
    }
    for (std::size_t i = 1; i < columns.size(); ++i)
    {
        sql += ", " + selected(columns[i]);
    }
    return sql + " FROM " + TablesOf(form);
}

} // namespace nattlab::store
