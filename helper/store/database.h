// SPDX-License-Identifier: GPL-2.0-only
/**
 * \file
 * The database file: its tables, how to tell it from others, and what SQLite says when it cannot.
 */
#ifndef NATTLAB_STORE_DATABASE_H
#define NATTLAB_STORE_DATABASE_H

#include "helper/store/rows.h"
#include "helper/store/store-error.h"

#include <SQLiteCpp/Database.h>

#include <string>

namespace nattlab::store
{

/** PRAGMA application_id of results: "NatL". */
constexpr std::int32_t APPLICATION_ID = 0x4E61744C;

/** PRAGMA user_version: raised whenever tables change. */
constexpr std::int32_t LAYOUT = 1;

/** \return the file of results in a directory. */
std::string DatabasePath(const std::string& directory);

/** \return the lock file in a directory. */
std::string LockPath(const std::string& directory);

/**
 * Make a directory, with those above it.
 * \throws StoreError
 */
void MakeDirectory(const std::string& directory);

/** Open the file, or make an empty one. */
SQLite::Database OpenForWriting(const std::string& path);

/** \throws Refusal when there is no file */
SQLite::Database OpenForReading(const std::string& path);

/**
 * \return whether results are in it; false: nothing at all is
 * \throws Refusal when something else is
 */
bool HasResults(SQLite::Database& database, const std::string& path);

/** Make all tables and views; goes in a transaction of the caller. */
void CreateTables(SQLite::Database& database, const SweepIdentity& identity);

/** \return the number of its row. */
std::int64_t InsertInvocation(const SQLite::Database& database, const Invocation& invocation);

SweepIdentity ReadIdentity(const SQLite::Database& database);

/** Say what SQLite said as a StoreError, "FILE: cannot WHAT: REASON". */
[[noreturn]] void
Rethrow(const std::string& path, const std::string& what, const SQLite::Exception& error);

/** \return what \p work does, whose failures in SQLite are thrown as Rethrow does. */
template <class Work>
auto
Guarded(const std::string& path, const char* what, const Work& work)
{
    try
    {
        return work();
    }
    catch (const SQLite::Exception& error)
    {
        Rethrow(path, what, error);
    }
}

} // namespace nattlab::store

#endif
