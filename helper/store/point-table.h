// SPDX-License-Identifier: GPL-2.0-only
/**
 * \file
 * Points into and out of their tables.
 */
#ifndef NATTLAB_STORE_POINT_TABLE_H
#define NATTLAB_STORE_POINT_TABLE_H

#include "helper/store/filter.h"
#include "helper/store/rows.h"

#include <SQLiteCpp/Database.h>
#include <SQLiteCpp/Statement.h>

#include <functional>

namespace nattlab::store
{

/** Inserts points with all that hangs on them; the caller sees to transactions. */
class PointInserter
{
  public:
    /** \param axes how many there are */
    PointInserter(const SQLite::Database& database, std::size_t axes);

    /** \throws SQLite::Exception */
    void Insert(const PointRow& point);

  private:
    SQLite::Statement m_point;
    SQLite::Statement m_connection;
    SQLite::Statement m_drop;
    SQLite::Statement m_traffic;
};

/**
 * Hand over the points that a filter wants, in the order of their ids.
 * \param axes how many there are
 * \param id of the one point that is wanted; 0: all
 * \throws SQLite::Exception
 */
void SelectPoints(const SQLite::Database& database,
                  std::size_t axes,
                  PointId id,
                  const Filter& filter,
                  const std::function<void(const PointRow&)>& use);

/** \return the status of that name; of an unknown one Fault. */
PointStatus StatusOf(const std::string& name);

/** Bind what a filter compares with to the parameters of a statement, the first ones. */
void BindFilter(SQLite::Statement& statement, const Filter& filter);

} // namespace nattlab::store

#endif
