// SPDX-License-Identifier: GPL-2.0-only
#include "helper/sweep/row-codec.h"

#include <cstdint>
#include <cstring>
#include <optional>
#include <stdexcept>
#include <type_traits>
#include <utility>

namespace nattlab::sweep
{

namespace
{

/** Writes members one after the other. */
class Packer
{
  public:
    void operator()(const std::string& text)
    {
        (*this)(static_cast<std::uint64_t>(text.size()));
        m_out += text;
    }

    template <typename T>
    std::enable_if_t<std::is_arithmetic_v<T> || std::is_enum_v<T>> operator()(const T& number)
    {
        m_out.append(reinterpret_cast<const char*>(&number), sizeof number);
    }

    template <typename T>
    void operator()(const std::optional<T>& value)
    {
        (*this)(value.has_value());
        if (value)
        {
            (*this)(*value);
        }
    }

    template <typename A, typename B>
    void operator()(const std::pair<A, B>& pair)
    {
        (*this)(pair.first);
        (*this)(pair.second);
    }

    template <typename T>
    void operator()(const std::vector<T>& items)
    {
        (*this)(static_cast<std::uint64_t>(items.size()));
        for (const T& item : items)
        {
            (*this)(item);
        }
    }

    void operator()(const store::ConnectionRow& row);
    void operator()(const store::TrafficRow& row);
    void operator()(const store::PointRow& row);

    std::string Take()
    {
        return std::move(m_out);
    }

  private:
    std::string m_out;
};

/** Reads them again, in the same order. */
class Unpacker
{
  public:
    explicit Unpacker(const std::string& text)
        : m_text(text)
    {
    }

    void operator()(std::string& text)
    {
        std::uint64_t size = 0;
        (*this)(size);
        text.assign(Next(size), size);
    }

    template <typename T>
    std::enable_if_t<std::is_arithmetic_v<T> || std::is_enum_v<T>> operator()(T& number)
    {
        std::memcpy(&number, Next(sizeof number), sizeof number);
    }

    template <typename T>
    void operator()(std::optional<T>& value)
    {
        std::uint8_t given = 0;
        (*this)(given);
        value.reset();
        if (given != 0)
        {
            (*this)(value.emplace());
        }
    }

    template <typename A, typename B>
    void operator()(std::pair<A, B>& pair)
    {
        (*this)(pair.first);
        (*this)(pair.second);
    }

    template <typename T>
    void operator()(std::vector<T>& items)
    {
        std::uint64_t size = 0;
        (*this)(size);
        items.clear();
        while (size-- > 0)
        {
            (*this)(items.emplace_back());
        }
    }

    void operator()(store::ConnectionRow& row);
    void operator()(store::TrafficRow& row);
    void operator()(store::PointRow& row);

    bool AtEnd() const
    {
        return m_at == m_text.size();
    }

  private:
    const char* Next(std::uint64_t size)
    {
        if (size > m_text.size() - m_at)
        {
            throw std::runtime_error("a result of a worker is cut off");
        }
        const char* here = m_text.data() + m_at;
        m_at += size;
        return here;
    }

    const std::string& m_text;
    std::size_t m_at{0};
};

/** The members that travel, once for both ways. */
template <typename Codec, typename Row>
void
VisitConnection(Codec& codec, Row& row)
{
    codec(row.name);
    codec(row.client);
    codec(row.server);
    codec(row.verdict);
    codec(row.stage);
    codec(row.reason);
    codec(row.box);
    codec(row.rule);
    codec(row.error);
    codec(row.started);
    codec(row.timeToSettle);
    codec(row.timeIkeMain);
    codec(row.timeIkeQuick);
    codec(row.timeL2tp);
    codec(row.timePpp);
    codec(row.packets);
    codec(row.bytes);
    codec(row.retransmissions);
    codec(row.attempts);
    codec(row.nat);
    codec(row.natTraversal);
    codec(row.encapsulation);
    codec(row.group);
    codec(row.clearText);
    codec(row.drops);
}

template <typename Codec, typename Row>
void
VisitTraffic(Codec& codec, Row& row)
{
    codec(row.name);
    codec(row.expected);
    codec(row.arrived);
    codec(row.reason);
    codec(row.box);
    codec(row.rule);
}

template <typename Codec, typename Row>
void
VisitPoint(Codec& codec, Row& row)
{
    codec(row.id);
    codec(row.status);
    codec(row.problem);
    codec(row.simulated);
    codec(row.packets);
    codec(row.delivered);
    codec(row.dropped);
    codec(row.connections);
    codec(row.traffic);
}

void
Packer::operator()(const store::ConnectionRow& row)
{
    VisitConnection(*this, row);
}

void
Packer::operator()(const store::TrafficRow& row)
{
    VisitTraffic(*this, row);
}

void
Packer::operator()(const store::PointRow& row)
{
    VisitPoint(*this, row);
}

void
Unpacker::operator()(store::ConnectionRow& row)
{
    VisitConnection(*this, row);
}

void
Unpacker::operator()(store::TrafficRow& row)
{
    VisitTraffic(*this, row);
}

void
Unpacker::operator()(store::PointRow& row)
{
    VisitPoint(*this, row);
}

} // namespace

std::string
Pack(const std::vector<store::PointRow>& rows)
{
    Packer packer;
    packer(rows);
    return packer.Take();
}

std::vector<store::PointRow>
Unpack(const std::string& text)
{
    Unpacker unpacker(text);
    std::vector<store::PointRow> rows;
    unpacker(rows);
    if (!unpacker.AtEnd())
    {
        throw std::runtime_error("a result of a worker is too long");
    }
    return rows;
}

} // namespace nattlab::sweep
