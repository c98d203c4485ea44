// SPDX-License-Identifier: GPL-2.0-only
#include "helper/store/writer.h"

#include "helper/store/database.h"
#include "helper/store/identity.h"
#include "helper/store/lock-file.h"
#include "helper/store/point-table.h"
#include "helper/store/sql.h"

#include <SQLiteCpp/Statement.h>
#include <SQLiteCpp/Transaction.h>

#include <functional>
#include <map>
#include <optional>
#include <unistd.h>

namespace nattlab::store
{

struct Writer::State
{
    State(const std::string& directory, const SweepIdentity& sweep, Guard beforeCommit)
        : identity(sweep),
          guard(std::move(beforeCommit)),
          path(DatabasePath(directory)),
          lock(LockPath(directory)),
          database(OpenForWriting(path)),
          done(sweep.points + 1)
    {
    }

    void Open(Mode mode, const Invocation& use);
    void CheckSame() const;
    void ReadDone();
    void Insert(const PointRow& point);
    void Commit();
    void Finish(double seconds, bool finished);
    void Try(const char* what, const std::function<void()>& work);

    SweepIdentity identity;
    Guard guard;
    std::string path;
    LockFile lock;
    SQLite::Database database;
    std::vector<bool> done; //!< by id
    std::map<PointStatus, std::uint64_t> counts; //!< of the done
    std::int64_t invocation{0};
    std::uint64_t added{0}; //!< in this invocation
    std::size_t uncommitted{0};
    std::optional<PointInserter> inserter;
    std::optional<SQLite::Transaction> transaction; //!< of the batch
    bool broken{false}; //!< an Add or Commit failed, and its batch is lost
    pid_t process{::getpid()};
};

void
Writer::State::Open(Mode mode, const Invocation& use)
{
    const bool there = HasResults(database, path);
    if (there && mode == Mode::Create)
    {
        throw Refusal(path + ": results are there already; --resume goes on with them");
    }
    database.exec("PRAGMA journal_mode = WAL");
    // Not every commit waits for the disk. The file is sound whenever power fails; the last batches
    // may then be missing.
    database.exec("PRAGMA synchronous = NORMAL");
    database.exec("PRAGMA cache_size = -65536");        // 64 MiB: points come in any order
    database.exec("PRAGMA wal_autocheckpoint = 16384"); // pages, 64 MiB: each that is moved once
    SQLite::Transaction creation(database, SQLite::TransactionBehavior::IMMEDIATE);
    if (!there)
    {
        CreateTables(database, identity);
    }
    CheckSame();
    ReadDone();
    Invocation begun = use;
    begun.points = 0;
    begun.seconds = 0;
    begun.finished = false;
    invocation = InsertInvocation(database, begun);
    creation.commit();
    inserter.emplace(database, identity.axes.size());
}

void
Writer::State::CheckSame() const
{
    const std::string difference = FirstDifference(ReadIdentity(database), identity);
    if (!difference.empty())
    {
        throw Refusal(path + ": results do not mix: these are " + difference);
    }
}

void
Writer::State::ReadDone()
{
    SQLite::Statement points(database, "SELECT id, status FROM points");
    while (points.executeStep())
    {
        Row row(points);
        const PointId id = row.Count();
        if (id == 0 || id >= done.size())
        {
            throw StoreError(path + ": is damaged: expected points from 1 to " +
                             std::to_string(identity.points) + ", found " + std::to_string(id));
        }
        done[id] = true;
        ++counts[StatusOf(row.Text())];
    }
}

void
Writer::State::Insert(const PointRow& point)
{
    if (!transaction)
    {
        transaction.emplace(database, SQLite::TransactionBehavior::IMMEDIATE);
    }
    inserter->Insert(point);
}

void
Writer::State::Commit()
{
    if (!transaction)
    {
        return;
    }
    if (guard)
    {
        guard();
    }
    SQLite::Statement count(database, "UPDATE invocations SET points = ? WHERE number = ?");
    Binder(count).Count(added).Count(static_cast<std::uint64_t>(invocation));
    count.exec();
    transaction->commit();
    transaction.reset();
    uncommitted = 0;
}

void
Writer::State::Finish(double seconds, bool finished)
{
    Commit();
    SQLite::Statement complete(database,
                               "UPDATE invocations SET seconds = ?, finished = ? WHERE number = ?");
    Binder(complete)
        .Real(seconds)
        .Count(finished ? 1 : 0)
        .Count(static_cast<std::uint64_t>(invocation));
    complete.exec();
    database.exec("PRAGMA wal_checkpoint(TRUNCATE)");
}

/** A batch is kept as a whole or not at all: half a point must never be. */
void
Writer::State::Try(const char* what, const std::function<void()>& work)
{
    if (broken)
    {
        throw StoreError(path + ": cannot " + what + ": an earlier attempt failed");
    }
    broken = true;
    Guarded(path, what, work);
    broken = false;
}

Writer::Writer(const std::string& directory,
               const SweepIdentity& identity,
               const Invocation& invocation,
               Mode mode,
               Guard guard)
{
    MakeDirectory(directory);
    m_state = std::make_unique<State>(directory, identity, std::move(guard));
    Guarded(m_state->path, "begin", [&] { m_state->Open(mode, invocation); });
}

Writer::~Writer()
{
    if (m_state->process != ::getpid())
    {
        // A fork. SQLite's handles are its parent's: closing them here could spoil the file.
        [[maybe_unused]] State* leftToParent = m_state.release();
        return;
    }
    if (m_state->broken)
    {
        return;
    }
    try
    {
        m_state->Commit();
    }
    catch (const std::exception&)
    {
        // The batch is lost, as it is when the process dies; a resumed run makes it again.
    }
}

const std::vector<bool>&
Writer::Done() const
{
    return m_state->done;
}

std::uint64_t
Writer::DoneCount() const
{
    std::uint64_t all = 0;
    for (const auto& [status, count] : m_state->counts)
    {
        all += count;
    }
    return all;
}

std::uint64_t
Writer::Count(PointStatus status) const
{
    const auto it = m_state->counts.find(status);
    return it == m_state->counts.end() ? 0 : it->second;
}

void
Writer::Add(const PointRow& point)
{
    State& state = *m_state;
    const auto complain = [&state, &point](const std::string& problem)
    {
        throw StoreError(state.path + ": cannot add point " + std::to_string(point.id) + ": " +
                         problem);
    };
    if (point.id == 0 || point.id >= state.done.size())
    {
        complain("the sweep has points 1 to " + std::to_string(state.identity.points));
    }
    if (state.done[point.id])
    {
        complain("it is there already");
    }
    if (point.values.size() != state.identity.axes.size())
    {
        complain("expected " + std::to_string(state.identity.axes.size()) +
                 " values of axes, found " + std::to_string(point.values.size()));
    }
    state.Try("add points", [&state, &point] { state.Insert(point); });
    state.done[point.id] = true;
    ++state.counts[point.status];
    ++state.added;
    if (++state.uncommitted >= BATCH)
    {
        Commit();
    }
}

void
Writer::Commit()
{
    m_state->Try("add points", [this] { m_state->Commit(); });
}

void
Writer::Finish(double seconds, bool finished)
{
    m_state->Try("finish", [&] { m_state->Finish(seconds, finished); });
}

} // namespace nattlab::store
