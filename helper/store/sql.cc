// SPDX-License-Identifier: GPL-2.0-only
#include "helper/store/sql.h"

#include <SQLiteCpp/Column.h>

#include <array>
#include <limits>

namespace nattlab::store
{

Binder&
Binder::Text(const std::string& text)
{
    m_statement.bindNoCopy(m_next++, text);
    return *this;
}

Binder&
Binder::OptionalText(const std::string& text)
{
    if (text.empty())
    {
        m_statement.bind(m_next++);
        return *this;
    }
    return Text(text);
}

Binder&
Binder::Count(std::uint64_t number)
{
    m_statement.bind(m_next++, static_cast<std::int64_t>(number));
    return *this;
}

Binder&
Binder::Real(double number)
{
    m_statement.bind(m_next++, number);
    return *this;
}

Binder&
Binder::OptionalReal(const std::optional<double>& number)
{
    if (number)
    {
        return Real(*number);
    }
    m_statement.bind(m_next++);
    return *this;
}

Binder&
Binder::OptionalInteger(const std::optional<std::int64_t>& number)
{
    if (number)
    {
        m_statement.bind(m_next++, *number);
    }
    else
    {
        m_statement.bind(m_next++);
    }
    return *this;
}

Binder&
Binder::Value(const AxisValue& value)
{
    if (const auto* integer = std::get_if<std::int64_t>(&value))
    {
        m_statement.bind(m_next++, *integer);
    }
    else if (const auto* real = std::get_if<double>(&value))
    {
        m_statement.bind(m_next++, *real);
    }
    else if (const auto* truth = std::get_if<bool>(&value))
    {
        m_statement.bind(m_next++, *truth ? 1 : 0);
    }
    else
    {
        m_statement.bindNoCopy(m_next++, std::get<std::string>(value));
    }
    return *this;
}

std::string
Row::Text()
{
    return m_statement.getColumn(m_next++).getString();
}

std::uint64_t
Row::Count()
{
    return static_cast<std::uint64_t>(Integer());
}

std::int64_t
Row::Integer()
{
    return m_statement.getColumn(m_next++).getInt64();
}

double
Row::Real()
{
    return m_statement.getColumn(m_next++).getDouble();
}

std::optional<double>
Row::OptionalReal()
{
    if (IsNull())
    {
        ++m_next;
        return std::nullopt;
    }
    return Real();
}

std::optional<std::int64_t>
Row::OptionalInteger()
{
    if (IsNull())
    {
        ++m_next;
        return std::nullopt;
    }
    return Integer();
}

AxisValue
Row::Value(char kind)
{
    switch (kind)
    {
    case 'i':
        return Integer();
    case 'r': // a number that is none has no form in SQL but NULL
        return OptionalReal().value_or(std::numeric_limits<double>::quiet_NaN());
    case 'b':
        return Integer() != 0;
    default:
        return Text();
    }
}

bool
Row::IsNull() const
{
    return m_statement.isColumnNull(m_next);
}

void
Row::Skip(int columns)
{
    m_next += columns;
}

char
KindOf(const AxisValue& value)
{
    static constexpr std::array<char, std::variant_size_v<AxisValue>> KINDS{'i', 'r', 'b', 't'};
    return KINDS[value.index()];
}

} // namespace nattlab::store
