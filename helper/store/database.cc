// SPDX-License-Identifier: GPL-2.0-only
#include "helper/store/database.h"

#include "helper/store/columns.h"
#include "helper/store/sql.h"

#include <SQLiteCpp/Statement.h>
#include <sqlite3.h>

#include <filesystem>
#include <system_error>

namespace nattlab::store
{

namespace
{

constexpr int BUSY_MILLISECONDS = 5000; //!< how long a checkpoint waits for readers

// Connections and what hangs on them are found by their point: its rows lie side by side.
constexpr const char* TABLES = R"(
CREATE TABLE sweep (
    version TEXT NOT NULL,
    schema TEXT NOT NULL,
    sweep TEXT NOT NULL,
    title TEXT NOT NULL,
    document TEXT NOT NULL,
    points INTEGER NOT NULL,
    shard INTEGER NOT NULL,
    shards INTEGER NOT NULL
);
CREATE TABLE axes (
    number INTEGER PRIMARY KEY,
    name TEXT NOT NULL,
    label TEXT NOT NULL
);
CREATE TABLE invocations (
    number INTEGER PRIMARY KEY,
    started TEXT NOT NULL,
    host TEXT NOT NULL,
    command TEXT NOT NULL,
    workers INTEGER NOT NULL,
    points INTEGER NOT NULL,
    seconds REAL NOT NULL,
    finished INTEGER NOT NULL
);
CREATE TABLE connections (
    point INTEGER NOT NULL,
    number INTEGER NOT NULL,
    name TEXT NOT NULL,
    client TEXT,
    server TEXT,
    verdict TEXT NOT NULL,
    stage TEXT,
    reason TEXT,
    box TEXT,
    rule TEXT,
    error INTEGER,
    started REAL,
    time_to_settle REAL,
    time_ike_main REAL,
    time_ike_quick REAL,
    time_l2tp REAL,
    time_ppp REAL,
    packets INTEGER NOT NULL,
    bytes INTEGER NOT NULL,
    retransmissions INTEGER NOT NULL,
    attempts INTEGER NOT NULL,
    nat TEXT,
    nat_traversal TEXT,
    encapsulation TEXT,
    "group" INTEGER,
    clear_text INTEGER NOT NULL,
    PRIMARY KEY (point, number)
) WITHOUT ROWID;
CREATE TABLE drops (
    point INTEGER NOT NULL,
    connection INTEGER NOT NULL,
    number INTEGER NOT NULL,
    reason TEXT NOT NULL,
    packets INTEGER NOT NULL,
    PRIMARY KEY (point, connection, number)
) WITHOUT ROWID;
CREATE TABLE traffic (
    point INTEGER NOT NULL,
    number INTEGER NOT NULL,
    name TEXT NOT NULL,
    expected INTEGER NOT NULL,
    arrived INTEGER NOT NULL,
    reason TEXT,
    box TEXT,
    rule TEXT,
    PRIMARY KEY (point, number)
) WITHOUT ROWID;
)";

std::string
PointsTable(std::size_t axes)
{
    std::string sql = "CREATE TABLE points (id INTEGER PRIMARY KEY, status TEXT NOT NULL, "
                      "seed INTEGER NOT NULL, replicate INTEGER NOT NULL, problem TEXT, "
                      "simulated REAL NOT NULL, packets INTEGER NOT NULL, "
                      "delivered INTEGER NOT NULL, dropped INTEGER NOT NULL, kinds TEXT NOT NULL";
    for (std::size_t axis = 0; axis < axes; ++axis)
    {
        sql += ", " + AxisStorage(axis); // without a type: each value keeps its own
    }
    return sql + ")";
}

void
InsertIdentity(const SQLite::Database& database, const SweepIdentity& identity)
{
    SQLite::Statement sweep(database, "INSERT INTO sweep VALUES (?, ?, ?, ?, ?, ?, ?, ?)");
    Binder(sweep)
        .Text(identity.version)
        .Text(identity.schema)
        .Text(identity.sweep)
        .Text(identity.title)
        .Text(identity.document)
        .Count(identity.points)
        .Count(identity.shard)
        .Count(identity.shards);
    sweep.exec();
    const std::vector<std::string> labels = AxisColumns(identity.axes);
    SQLite::Statement axis(database, "INSERT INTO axes VALUES (?, ?, ?)");
    for (std::size_t i = 0; i < labels.size(); ++i)
    {
        axis.reset();
        Binder(axis).Count(i + 1).Text(identity.axes[i]).Text(labels[i]);
        axis.exec();
    }
}

bool
IsEmptyOrMissing(const std::string& path)
{
    std::error_code error;
    const auto size = std::filesystem::file_size(path, error);
    return error || size == 0;
}

/** \return \p path as a URI (RFC 3986). */
std::string
ToUri(const std::string& path)
{
    static constexpr char DIGITS[] = "0123456789ABCDEF";
    std::string uri = "file:";
    for (const char c : path)
    {
        const auto byte = static_cast<unsigned char>(c);
        if (c == '%' || c == '?' || c == '#' || byte <= ' ' || byte >= 0x7F)
        {
            uri += {'%', DIGITS[byte >> 4], DIGITS[byte & 15]};
            continue;
        }
        uri += c;
    }
    return uri;
}

} // namespace

std::string
DatabasePath(const std::string& directory)
{
    return (std::filesystem::path(directory) / "results.sqlite").string();
}

std::string
LockPath(const std::string& directory)
{
    return (std::filesystem::path(directory) / "results.lock").string();
}

void
MakeDirectory(const std::string& directory)
{
    std::error_code error;
    std::filesystem::create_directories(directory, error);
    if (std::filesystem::is_directory(directory))
    {
        return; // create_directories fails where the path ends in "/."
    }
    if (std::filesystem::exists(directory))
    {
        throw Refusal(directory + ": is a file, and not a directory for results");
    }
    throw StoreError(directory + ": cannot be made: " + error.message());
}

SQLite::Database
OpenForWriting(const std::string& path)
{
    return Guarded(path,
                   "be opened for writing",
                   [&path]
                   {
                       return SQLite::Database(
                           path, SQLite::OPEN_READWRITE | SQLite::OPEN_CREATE, BUSY_MILLISECONDS);
                   });
}

SQLite::Database
OpenForReading(const std::string& path)
{
    std::error_code error;
    if (!std::filesystem::exists(path, error))
    {
        throw Refusal(path + ": no results are there");
    }
    try
    {
        SQLite::Database database(path, SQLite::OPEN_READONLY, BUSY_MILLISECONDS);
        database.execAndGet("SELECT count(*) FROM sqlite_master");
        return database;
    }
    catch (const SQLite::Exception& problem)
    {
        // SQLite wants to write beside the file even to read it. Where it may not, and nothing
        // waits to be moved into the file, the file alone is the truth.
        const int code = problem.getErrorCode();
        if ((code != SQLITE_CANTOPEN && code != SQLITE_READONLY) ||
            !IsEmptyOrMissing(path + "-wal"))
        {
            Rethrow(path, "be read", problem);
        }
    }
    return Guarded(path,
                   "be read",
                   [&path]
                   {
                       return SQLite::Database(
                           ToUri(std::filesystem::absolute(path).lexically_normal()) +
                               "?immutable=1",
                           SQLite::OPEN_READONLY | SQLite::OPEN_URI);
                   });
}

bool
HasResults(SQLite::Database& database, const std::string& path)
{
    const int application = database.execAndGet("PRAGMA application_id").getInt();
    const int layout = database.execAndGet("PRAGMA user_version").getInt();
    const int tables = database.execAndGet("SELECT count(*) FROM sqlite_master").getInt();
    if (application == 0 && tables == 0)
    {
        return false; // a writer was stopped before it had made the tables, or is about to
    }
    if (application != APPLICATION_ID)
    {
        throw Refusal(path + ": is a database of another program: expected application_id " +
                      std::to_string(APPLICATION_ID) + ", found " + std::to_string(application));
    }
    if (layout != LAYOUT)
    {
        throw Refusal(path + ": was made by another version of nattlab: expected layout " +
                      std::to_string(LAYOUT) + " of tables, found " + std::to_string(layout));
    }
    return true;
}

void
CreateTables(SQLite::Database& database, const SweepIdentity& identity)
{
    database.exec(TABLES);
    database.exec(PointsTable(identity.axes.size()));
    database.exec("CREATE VIEW results AS " + SelectOf(ExportForm::Connections, identity.axes));
    database.exec("CREATE VIEW point_results AS " + SelectOf(ExportForm::Points, identity.axes));
    database.exec("CREATE VIEW traffic_results AS " + SelectOf(ExportForm::Traffic, identity.axes));
    InsertIdentity(database, identity);
    database.exec("PRAGMA application_id = " + std::to_string(APPLICATION_ID));
    database.exec("PRAGMA user_version = " + std::to_string(LAYOUT));
}

std::int64_t
InsertInvocation(const SQLite::Database& database, const Invocation& invocation)
{
    SQLite::Statement insert(database,
                             "INSERT INTO invocations (started, host, command, workers, points, "
                             "seconds, finished) VALUES (?, ?, ?, ?, ?, ?, ?)");
    Binder(insert)
        .Text(invocation.started)
        .Text(invocation.host)
        .Text(invocation.command)
        .Count(invocation.workers)
        .Count(invocation.points)
        .Real(invocation.seconds)
        .Count(invocation.finished ? 1 : 0);
    insert.exec();
    return database.getLastInsertRowid();
}

SweepIdentity
ReadIdentity(const SQLite::Database& database)
{
    SweepIdentity identity;
    SQLite::Statement sweep(database,
                            "SELECT version, schema, sweep, title, document, points, shard, shards "
                            "FROM sweep");
    if (sweep.executeStep())
    {
        Row row(sweep);
        identity.version = row.Text();
        identity.schema = row.Text();
        identity.sweep = row.Text();
        identity.title = row.Text();
        identity.document = row.Text();
        identity.points = row.Count();
        identity.shard = row.Count();
        identity.shards = row.Count();
    }
    SQLite::Statement axis(database, "SELECT name FROM axes ORDER BY number");
    while (axis.executeStep())
    {
        identity.axes.push_back(Row(axis).Text());
    }
    return identity;
}

void
Rethrow(const std::string& path, const std::string& what, const SQLite::Exception& error)
{
    if (error.getErrorCode() == SQLITE_NOTADB)
    {
        throw Refusal(path + ": is no database of results");
    }
    throw StoreError(path + ": cannot " + what + ": " + error.what());
}

} // namespace nattlab::store
