// SPDX-License-Identifier: GPL-2.0-only
#include "helper/store/merge.h"

#include "helper/store/database.h"
#include "helper/store/identity.h"
#include "helper/store/lock-file.h"
#include "helper/store/point-table.h"
#include "helper/store/reader.h"

#include <SQLiteCpp/Transaction.h>

#include <algorithm>
#include <map>
#include <memory>

namespace nattlab::store
{

namespace
{

/** The results of one shard. */
struct Shard
{
    std::string directory;
    std::unique_ptr<Reader> reader;
};

using Shards = std::map<std::uint64_t, Shard>; //!< by number

void
CheckComplete(const Shard& shard)
{
    const std::vector<Invocation> invocations = shard.reader->Invocations();
    const auto isFinished = [](const Invocation& use) { return use.finished; };
    if (std::none_of(invocations.begin(), invocations.end(), isFinished))
    {
        const SweepIdentity& identity = shard.reader->Identity();
        throw Refusal(shard.directory + ": " + ShardText(identity.shard, identity.shards) +
                      " is not complete; finish it with --resume");
    }
}

/** Open all shards, and see that they are one sweep. */
Shards
OpenShards(const std::vector<std::string>& directories)
{
    Shards shards;
    std::string first;
    SweepIdentity expected;
    for (const std::string& directory : directories)
    {
        auto reader = std::make_unique<Reader>(directory);
        SweepIdentity identity = reader->Identity();
        const std::uint64_t number = identity.shard;
        if (first.empty())
        {
            first = directory;
            expected = identity;
        }
        expected.shard = number;
        const std::string difference = FirstDifference(identity, expected);
        if (!difference.empty())
        {
            throw Refusal(directory + ": does not go with " + first + ": these results are " +
                          difference);
        }
        if (shards.count(number) != 0)
        {
            throw Refusal(directory + ": " + ShardText(number, identity.shards) +
                          " is there twice, also in " + shards[number].directory);
        }
        shards[number] = {directory, std::move(reader)};
        CheckComplete(shards[number]);
    }
    return shards;
}

/** See that no shard is missing. */
void
CheckAllThere(const Shards& shards)
{
    if (shards.empty())
    {
        throw Refusal("no shards to merge");
    }
    const Shard& first = shards.begin()->second;
    const std::uint64_t all = first.reader->Identity().shards;
    std::uint64_t number = 1;
    for (const auto& [found, shard] : shards)
    {
        if (found != number || found > all)
        {
            break;
        }
        ++number;
    }
    if (number <= all || shards.size() != all)
    {
        throw Refusal(ShardText(number, all) + " is missing: " + first.directory +
                      " is of a sweep in so many parts");
    }
    std::uint64_t points = 0;
    for (const auto& [unused, shard] : shards)
    {
        points += shard.reader->PointCount();
    }
    const std::uint64_t wanted = first.reader->Identity().points;
    if (points != wanted)
    {
        throw Refusal("the shards do not make up the sweep: expected " + std::to_string(wanted) +
                      " points, found " + std::to_string(points));
    }
}

/** Copy everything in one transaction: the target is whole, or empty. */
void
Copy(const Shards& shards, SQLite::Database& target, const std::string& path)
{
    SweepIdentity identity = shards.begin()->second.reader->Identity();
    identity.shard = 1;
    identity.shards = 1;
    target.exec("PRAGMA journal_mode = WAL");
    target.exec("PRAGMA synchronous = NORMAL");
    SQLite::Transaction transaction(target, SQLite::TransactionBehavior::IMMEDIATE);
    CreateTables(target, identity);
    PointInserter points(target, identity.axes.size());
    for (const auto& [number, shard] : shards)
    {
        for (const Invocation& use : shard.reader->Invocations())
        {
            InsertInvocation(target, use);
        }
        shard.reader->ForEach(
            Filter(),
            [&points, &path](const PointRow& point)
            { Guarded(path, "be written", [&points, &point] { points.Insert(point); }); });
    }
    transaction.commit();
    target.exec("PRAGMA wal_checkpoint(TRUNCATE)");
}

} // namespace

void
Merge(const std::vector<std::string>& directories, const std::string& target)
{
    const Shards shards = OpenShards(directories);
    CheckAllThere(shards);
    MakeDirectory(target);
    const LockFile lock(LockPath(target));
    const std::string path = DatabasePath(target);
    SQLite::Database database = OpenForWriting(path);
    Guarded(path,
            "be written",
            [&]
            {
                if (HasResults(database, path))
                {
                    throw Refusal(path + ": results are there already");
                }
                Copy(shards, database, path);
            });
}

} // namespace nattlab::store
