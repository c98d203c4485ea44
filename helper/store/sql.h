// SPDX-License-Identifier: GPL-2.0-only
/**
 * \file
 * Values into and out of prepared statements, one after the other.
 */
#ifndef NATTLAB_STORE_SQL_H
#define NATTLAB_STORE_SQL_H

#include "helper/store/rows.h"

#include <SQLiteCpp/Statement.h>

#include <optional>
#include <string>

namespace nattlab::store
{

/** Binds the parameters of a statement in order. Texts must live until it was executed. */
class Binder
{
  public:
    explicit Binder(SQLite::Statement& statement)
        : m_statement(statement)
    {
    }

    Binder& Text(const std::string& text);

    /** An empty text as NULL. */
    Binder& OptionalText(const std::string& text);

    /** SQL knows signed numbers only: one from 2^63 becomes negative, and is the same when read. */
    Binder& Count(std::uint64_t number);

    Binder& Real(double number);
    Binder& OptionalReal(const std::optional<double>& number);
    Binder& OptionalInteger(const std::optional<std::int64_t>& number);

    /** Truth as 1 and 0. */
    Binder& Value(const AxisValue& value);

  private:
    SQLite::Statement& m_statement;
    int m_next{1};
};

/** The columns of a row in order. NULL is an empty text, 0, or an absent optional. */
class Row
{
  public:
    explicit Row(const SQLite::Statement& statement)
        : m_statement(statement)
    {
    }

    std::string Text();
    std::uint64_t Count();
    std::int64_t Integer();
    double Real();
    std::optional<double> OptionalReal();
    std::optional<std::int64_t> OptionalInteger();

    /** \param kind as KindOf gave it */
    AxisValue Value(char kind);

    bool IsNull() const;
    void Skip(int columns);

  private:
    const SQLite::Statement& m_statement;
    int m_next{0};
};

/** \return 'i', 'r', 'b' or 't': integer, real, boolean or text; SQL has no booleans. */
char KindOf(const AxisValue& value);

} // namespace nattlab::store

#endif
