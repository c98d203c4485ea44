// SPDX-License-Identifier: GPL-2.0-only
#include "helper/store/point-table.h"

#include "helper/store/columns.h"
#include "helper/store/sql.h"

#include <optional>

namespace nattlab::store
{

namespace
{

constexpr std::size_t POINT_COLUMNS = 10; //!< without axes

/** \return "INSERT INTO table VALUES (?, ?, ...)". */
std::string
InsertInto(const char* table, std::size_t columns)
{
    std::string sql = std::string("INSERT INTO ") + table + " VALUES (?";
    for (std::size_t i = 1; i < columns; ++i)
    {
        sql += ", ?";
    }
    return sql + ")";
}

/** Execute an insertion and make the statement ready for the next. */
void
Execute(SQLite::Statement& statement)
{
    statement.exec();
    statement.reset();
}

std::string
SelectSql(std::size_t axes, PointId id, const Filter& filter)
{
    std::string sql =
        "SELECT p.id, p.status, p.seed, p.replicate, p.problem, p.simulated, p.packets, "
        "p.delivered, p.dropped, p.kinds";
    for (std::size_t axis = 0; axis < axes; ++axis)
    {
        sql += ", p." + AxisStorage(axis);
    }
    sql += ", c.number, c.name, c.client, c.server, c.verdict, c.stage, c.reason, c.box, c.rule, "
           "c.error, c.started, c.time_to_settle, c.time_ike_main, c.time_ike_quick, c.time_l2tp, "
           "c.time_ppp, c.packets, c.bytes, c.retransmissions, c.attempts, c.nat, c.nat_traversal, "
           "c.encapsulation, c.\"group\", c.clear_text "
           "FROM points p LEFT JOIN connections c ON c.point = p.id WHERE ";
    sql += filter.Sql();
    if (id != 0)
    {
        sql += " AND p.id = ?";
    }
    return sql + " ORDER BY p.id, c.number";
}

PointRow
ReadPoint(Row& row, std::size_t axes)
{
    PointRow point;
    point.id = row.Count();
    point.status = StatusOf(row.Text());
    point.seed = row.Count();
    point.replicate = row.Count();
    point.problem = row.Text();
    point.simulated = row.Real();
    point.packets = row.Count();
    point.delivered = row.Count();
    point.dropped = row.Count();
    const std::string kinds = row.Text();
    for (std::size_t axis = 0; axis < axes; ++axis)
    {
        point.values.push_back(row.Value(axis < kinds.size() ? kinds[axis] : 't'));
    }
    return point;
}

ConnectionRow
ReadConnection(Row& row)
{
    ConnectionRow connection;
    connection.name = row.Text();
    connection.client = row.Text();
    connection.server = row.Text();
    connection.verdict = row.Text();
    connection.stage = row.Text();
    connection.reason = row.Text();
    connection.box = row.Text();
    connection.rule = row.Text();
    connection.error = row.OptionalInteger();
    connection.started = row.OptionalReal();
    connection.timeToSettle = row.OptionalReal();
    connection.timeIkeMain = row.OptionalReal();
    connection.timeIkeQuick = row.OptionalReal();
    connection.timeL2tp = row.OptionalReal();
    connection.timePpp = row.OptionalReal();
    connection.packets = row.Count();
    connection.bytes = row.Count();
    connection.retransmissions = row.Count();
    connection.attempts = row.Count();
    connection.nat = row.Text();
    connection.natTraversal = row.Text();
    connection.encapsulation = row.Text();
    connection.group = row.Integer();
    connection.clearText = row.Integer() != 0;
    return connection;
}

/** Reads what hangs on points and connections, which most have not. */
class Attachments
{
  public:
    explicit Attachments(const SQLite::Database& database)
        : m_drops(database,
                  "SELECT reason, packets FROM drops WHERE point = ? AND connection = ? "
                  "ORDER BY number"),
          m_traffic(database,
                    "SELECT name, expected, arrived, reason, box, rule FROM traffic "
                    "WHERE point = ? ORDER BY number")
    {
    }

    Drops ReadDrops(PointId point, std::uint64_t connection)
    {
        Binder(m_drops).Count(point).Count(connection);
        Drops drops;
        while (m_drops.executeStep())
        {
            Row row(m_drops);
            std::string reason = row.Text();
            drops.emplace_back(std::move(reason), row.Count());
        }
        m_drops.reset();
        return drops;
    }

    std::vector<TrafficRow> ReadTraffic(PointId point)
    {
        Binder(m_traffic).Count(point);
        std::vector<TrafficRow> traffic;
        while (m_traffic.executeStep())
        {
            Row row(m_traffic);
            TrafficRow& source = traffic.emplace_back();
            source.name = row.Text();
            source.expected = row.Count();
            source.arrived = row.Count();
            source.reason = row.Text();
            source.box = row.Text();
            source.rule = row.Text();
        }
        m_traffic.reset();
        return traffic;
    }

  private:
    SQLite::Statement m_drops;
    SQLite::Statement m_traffic;
};

} // namespace

PointStatus
StatusOf(const std::string& name)
{
    for (const PointStatus status : {PointStatus::Done, PointStatus::Invalid})
    {
        if (name == NameOf(status))
        {
            return status;
        }
    }
    return PointStatus::Fault;
}

PointInserter::PointInserter(const SQLite::Database& database, std::size_t axes)
    : m_point(database, InsertInto("points", POINT_COLUMNS + axes)),
      m_connection(database, InsertInto("connections", 26)),
      m_drop(database, InsertInto("drops", 5)),
      m_traffic(database, InsertInto("traffic", 8))
{
}

void
PointInserter::Insert(const PointRow& point)
{
    const std::string status = NameOf(point.status);
    std::string kinds;
    for (const AxisValue& value : point.values)
    {
        kinds += KindOf(value);
    }
    Binder binder(m_point);
    binder.Count(point.id)
        .Text(status)
        .Count(point.seed)
        .Count(point.replicate)
        .OptionalText(point.problem)
        .Real(point.simulated)
        .Count(point.packets)
        .Count(point.delivered)
        .Count(point.dropped)
        .Text(kinds);
    for (const AxisValue& value : point.values)
    {
        binder.Value(value);
    }
    Execute(m_point);

    std::uint64_t number = 0;
    for (const ConnectionRow& connection : point.connections)
    {
        const auto group = connection.group == 0 ? std::nullopt : std::optional(connection.group);
        Binder(m_connection)
            .Count(point.id)
            .Count(++number)
            .Text(connection.name)
            .OptionalText(connection.client)
            .OptionalText(connection.server)
            .Text(connection.verdict)
            .OptionalText(connection.stage)
            .OptionalText(connection.reason)
            .OptionalText(connection.box)
            .OptionalText(connection.rule)
            .OptionalInteger(connection.error)
            .OptionalReal(connection.started)
            .OptionalReal(connection.timeToSettle)
            .OptionalReal(connection.timeIkeMain)
            .OptionalReal(connection.timeIkeQuick)
            .OptionalReal(connection.timeL2tp)
            .OptionalReal(connection.timePpp)
            .Count(connection.packets)
            .Count(connection.bytes)
            .Count(connection.retransmissions)
            .Count(connection.attempts)
            .OptionalText(connection.nat)
            .OptionalText(connection.natTraversal)
            .OptionalText(connection.encapsulation)
            .OptionalInteger(group)
            .Count(connection.clearText ? 1 : 0);
        Execute(m_connection);
        std::uint64_t drop = 0;
        for (const auto& [reason, packets] : connection.drops)
        {
            Binder(m_drop).Count(point.id).Count(number).Count(++drop).Text(reason).Count(packets);
            Execute(m_drop);
        }
    }

    number = 0;
    for (const TrafficRow& traffic : point.traffic)
    {
        Binder(m_traffic)
            .Count(point.id)
            .Count(++number)
            .Text(traffic.name)
            .Count(traffic.expected)
            .Count(traffic.arrived)
            .OptionalText(traffic.reason)
            .OptionalText(traffic.box)
            .OptionalText(traffic.rule);
        Execute(m_traffic);
    }
}

void
BindFilter(SQLite::Statement& statement, const Filter& filter)
{
    Binder binder(statement);
    for (const AxisValue& value : filter.Values())
    {
        binder.Value(value);
    }
}

void
SelectPoints(const SQLite::Database& database,
             std::size_t axes,
             PointId id,
             const Filter& filter,
             const std::function<void(const PointRow&)>& use)
{
    SQLite::Statement select(database, SelectSql(axes, id, filter));
    BindFilter(select, filter);
    if (id != 0)
    {
        select.bind(static_cast<int>(filter.Values().size()) + 1, static_cast<std::int64_t>(id));
    }
    Attachments attachments(database);
    std::optional<PointRow> point;
    const auto finish = [&]
    {
        if (point)
        {
            point->traffic = attachments.ReadTraffic(point->id);
            use(*point);
        }
    };
    while (select.executeStep())
    {
        Row row(select);
        if (!point || point->id != Row(select).Count())
        {
            finish();
            point = ReadPoint(row, axes);
        }
        else
        {
            row.Skip(static_cast<int>(POINT_COLUMNS + axes));
        }
        if (!row.IsNull())
        {
            const std::uint64_t number = row.Count();
            ConnectionRow connection = ReadConnection(row);
            connection.drops = attachments.ReadDrops(point->id, number);
            point->connections.push_back(std::move(connection));
        }
    }
    finish();
}

} // namespace nattlab::store
