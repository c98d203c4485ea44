// SPDX-License-Identifier: GPL-2.0-only
/**
 * \file
 * Configuration options (RFC 1661 6), read where they stand and kept as they go onto the wire.
 */
#ifndef NATTLAB_PPP_OPTIONS_H
#define NATTLAB_PPP_OPTIONS_H

#include "model/packet/bytes.h"

#include <cstdint>
#include <optional>

namespace nattlab::ppp
{

/** A configuration option; the value belongs to whoever has the packet. */
struct Option
{
    std::uint8_t type{0};
    ByteView data;
};

inline bool operator==(const Option& a, const Option& b)
{
    return a.type == b.type && a.data == b.data;
}

/** The options of a packet, one after the other. */
class Options
{
  public:
    /** Goes from option to option. */
    class Iterator
    {
      public:
        explicit Iterator(const std::uint8_t* at)
            : m_at(at)
        {
        }

        Option operator*() const
        {
            return {m_at[0], ByteView(m_at + 2, m_at[1] - 2u)};
        }

        Iterator& operator++()
        {
            m_at += m_at[1];
            return *this;
        }

        bool operator!=(Iterator other) const
        {
            return m_at != other.m_at;
        }

      private:
        const std::uint8_t* m_at;
    };

    Options() = default;

    /** \param wellFormed bytes that Parse would take */
    explicit Options(ByteView wellFormed)
        : m_data(wellFormed)
    {
    }

    /** \return the options; nothing when a length is under 2 or over the data. */
    static std::optional<Options> Parse(ByteView data);

    Iterator begin() const
    {
        return Iterator(m_data.begin());
    }

    Iterator end() const
    {
        return Iterator(m_data.end());
    }

    /** \return the first option of this type. */
    std::optional<Option> Find(std::uint8_t type) const;

    bool Contains(const Option& option) const;

  private:
    ByteView m_data;
};

/** Options of one's own, as they go onto the wire. */
class OptionList
{
  public:
    /** Add an option at the end; a value longer than 253 bytes is cut. */
    void Add(std::uint8_t type, ByteView value = {});
    void Add16(std::uint8_t type, std::uint16_t value);
    void Add32(std::uint8_t type, std::uint32_t value);

    /** Give the first option of this type, if there is one, another value. */
    void Set(std::uint8_t type, ByteView value);
    void Set32(std::uint8_t type, std::uint32_t value);

    /** Remove the first option of this type. */
    void Remove(std::uint8_t type);

    Options View() const
    {
        return Options(m_bytes);
    }

    ByteView Wire() const
    {
        return m_bytes;
    }

    bool Empty() const
    {
        return m_bytes.empty();
    }

  private:
    Bytes m_bytes;
};

} // namespace nattlab::ppp

#endif
