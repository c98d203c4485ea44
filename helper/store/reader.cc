// SPDX-License-Identifier: GPL-2.0-only
#include "helper/store/reader.h"

#include "helper/store/columns.h"
#include "helper/store/database.h"
#include "helper/store/point-table.h"
#include "helper/store/sql.h"

#include <SQLiteCpp/Column.h>
#include <SQLiteCpp/Statement.h>

#include <algorithm>

namespace nattlab::store
{

namespace
{

constexpr const char* WHAT = "be read"; //!< of all that can go wrong here

std::vector<Invocation>
SelectInvocations(const SQLite::Database& database)
{
    SQLite::Statement select(database,
                             "SELECT started, host, command, workers, points, seconds, finished "
                             "FROM invocations ORDER BY number");
    std::vector<Invocation> invocations;
    while (select.executeStep())
    {
        Row row(select);
        Invocation& invocation = invocations.emplace_back();
        invocation.started = row.Text();
        invocation.host = row.Text();
        invocation.command = row.Text();
        invocation.workers = row.Count();
        invocation.points = row.Count();
        invocation.seconds = row.Real();
        invocation.finished = row.Integer() != 0;
    }
    return invocations;
}

std::vector<StatusCount>
SelectStatus(const SQLite::Database& database, const Filter& filter)
{
    // Without terms there is no need to look at connections.
    const std::string join = filter.AdmitsAll() ? "" : "LEFT JOIN connections c ON c.point = p.id ";
    SQLite::Statement select(database,
                             "SELECT p.status, count(DISTINCT p.id) FROM points p " + join +
                                 "WHERE " + filter.Sql() + " GROUP BY p.status");
    BindFilter(select, filter);
    std::vector<StatusCount> counts;
    while (select.executeStep())
    {
        Row row(select);
        const PointStatus status = StatusOf(row.Text());
        counts.push_back({status, row.Count()});
    }
    std::sort(counts.begin(),
              counts.end(),
              [](const StatusCount& a, const StatusCount& b) { return a.status < b.status; });
    return counts;
}

std::vector<OutcomeCount>
SelectOutcomes(const SQLite::Database& database, const Filter& filter)
{
    SQLite::Statement select(database,
                             "SELECT c.verdict, c.stage, c.reason, c.box, count(*), min(p.id) "
                             "FROM points p JOIN connections c ON c.point = p.id WHERE " +
                                 filter.Sql() + " GROUP BY 1, 2, 3, 4 ORDER BY 5 DESC, 1, 2, 3, 4");
    BindFilter(select, filter);
    std::vector<OutcomeCount> counts;
    while (select.executeStep())
    {
        Row row(select);
        OutcomeCount& count = counts.emplace_back();
        count.verdict = row.Text();
        count.stage = row.Text();
        count.reason = row.Text();
        count.box = row.Text();
        count.connections = row.Count();
        count.example = row.Count();
    }
    return counts;
}

/** \return points p with their traffic t, of the points that a filter wants. */
std::string
FromTraffic(const Filter& filter)
{
    const std::string wanted =
        filter.AdmitsAll()
            ? "1"
            : "p.id IN (SELECT p.id FROM points p LEFT JOIN connections c ON c.point = p.id "
              "WHERE " +
                  filter.Sql() + ")";
    return " FROM points p JOIN traffic t ON t.point = p.id WHERE " + wanted;
}

std::vector<TrafficCount>
SelectTraffic(const SQLite::Database& database, const Filter& filter)
{
    SQLite::Statement select(
        database,
        "SELECT t.arrived >= t.expected, t.reason, t.box, count(*), min(p.id)" +
            FromTraffic(filter) + " GROUP BY 1, 2, 3 ORDER BY 4 DESC, 1 DESC, 2, 3");
    BindFilter(select, filter);
    std::vector<TrafficCount> counts;
    while (select.executeStep())
    {
        Row row(select);
        TrafficCount& count = counts.emplace_back();
        count.arrived = row.Integer() != 0;
        count.reason = row.Text();
        count.box = row.Text();
        count.sources = row.Count();
        count.example = row.Count();
    }
    return counts;
}

std::vector<AxisShare>
SelectShares(const SQLite::Database& database,
             Subject what,
             const Filter& filter,
             std::size_t row,
             std::optional<std::size_t> column)
{
    const std::string columns =
        "p." + AxisStorage(row) + ", p." + AxisStorage(column.value_or(row));
    const std::string good = what == Subject::Connections ? "sum(c.verdict = 'connected')"
                                                          : "sum(t.arrived >= t.expected)";
    const std::string from =
        what == Subject::Connections
            ? " FROM points p JOIN connections c ON c.point = p.id WHERE " + filter.Sql()
            : FromTraffic(filter);
    // A bare column next to min() is that of the row with the minimum (SQLite, "Bare columns in an
    // aggregate query"): of the first point.
    SQLite::Statement select(database,
                             "SELECT min(p.id), p.kinds, " + columns + ", count(*), " + good +
                                 from + " GROUP BY " + columns + " ORDER BY 1");
    BindFilter(select, filter);
    std::vector<AxisShare> shares;
    while (select.executeStep())
    {
        Row fields(select);
        AxisShare& share = shares.emplace_back();
        share.example = fields.Count();
        const std::string kinds = fields.Text();
        const auto kindOf = [&kinds](std::size_t axis)
        { return axis < kinds.size() ? kinds[axis] : 't'; };
        share.row = fields.Value(kindOf(row));
        share.column = fields.Value(kindOf(column.value_or(row)));
        share.all = fields.Count();
        share.good = fields.Count();
    }
    return shares;
}

} // namespace

struct Reader::State
{
    std::string path;
    SQLite::Database database;
    SweepIdentity identity;
};

Reader::Reader(const std::string& directory)
{
    const std::string path = DatabasePath(directory);
    m_state = std::make_unique<State>(State{path, OpenForReading(path), {}});
    Guarded(path,
            WHAT,
            [this, &path]
            {
                if (!HasResults(m_state->database, path))
                {
                    throw Refusal(path + ": no results are there");
                }
                m_state->identity = ReadIdentity(m_state->database);
            });
}

Reader::~Reader() = default;

const SweepIdentity&
Reader::Identity() const
{
    return m_state->identity;
}

std::vector<Invocation>
Reader::Invocations() const
{
    return Guarded(m_state->path, WHAT, [this] { return SelectInvocations(m_state->database); });
}

std::uint64_t
Reader::PointCount() const
{
    return Guarded(m_state->path,
                   WHAT,
                   [this]
                   {
                       const auto count =
                           m_state->database.execAndGet("SELECT count(*) FROM points").getInt64();
                       return static_cast<std::uint64_t>(count);
                   });
}

std::optional<PointRow>
Reader::Find(PointId id) const
{
    std::optional<PointRow> found;
    if (id != 0) // which asks for all
    {
        Guarded(m_state->path,
                WHAT,
                [this, id, &found]
                {
                    SelectPoints(m_state->database,
                                 m_state->identity.axes.size(),
                                 id,
                                 Filter(),
                                 [&found](const PointRow& point) { found = point; });
                });
    }
    return found;
}

void
Reader::ForEach(const Filter& filter, const std::function<void(const PointRow&)>& use) const
{
    Guarded(m_state->path,
            WHAT,
            [this, &filter, &use]
            { SelectPoints(m_state->database, m_state->identity.axes.size(), 0, filter, use); });
}

std::vector<StatusCount>
Reader::CountStatus(const Filter& filter) const
{
    return Guarded(m_state->path, WHAT, [&] { return SelectStatus(m_state->database, filter); });
}

std::vector<OutcomeCount>
Reader::CountOutcomes(const Filter& filter) const
{
    return Guarded(m_state->path, WHAT, [&] { return SelectOutcomes(m_state->database, filter); });
}

std::vector<TrafficCount>
Reader::CountTraffic(const Filter& filter) const
{
    return Guarded(m_state->path, WHAT, [&] { return SelectTraffic(m_state->database, filter); });
}

std::vector<AxisShare>
Reader::CountShares(Subject what,
                    const Filter& filter,
                    std::size_t row,
                    std::optional<std::size_t> column) const
{
    return Guarded(m_state->path,
                   WHAT,
                   [&] { return SelectShares(m_state->database, what, filter, row, column); });
}

} // namespace nattlab::store
