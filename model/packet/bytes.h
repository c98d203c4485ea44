// SPDX-License-Identifier: GPL-2.0-only
/**
 * \file
 * Bytes in network order: views, readers that cannot run over the end, and writers.
 */
#ifndef NATTLAB_PACKET_BYTES_H
#define NATTLAB_PACKET_BYTES_H

#include <cstddef>
#include <cstdint>
#include <cstring>
#include <initializer_list>
#include <string>
#include <string_view>
#include <vector>

namespace nattlab
{

using Bytes = std::vector<std::uint8_t>;

/** A read-only view of bytes that somebody else owns. */
class ByteView
{
  public:
    ByteView() = default;

    ByteView(const std::uint8_t* data, std::size_t size)
        : m_data(data),
          m_size(size)
    {
    }

    ByteView(const Bytes& bytes)
        : m_data(bytes.data()),
          m_size(bytes.size())
    {
    }

    /** View the characters of a text as bytes. */
    explicit ByteView(std::string_view text)
        : m_data(reinterpret_cast<const std::uint8_t*>(text.data())),
          m_size(text.size())
    {
    }

    const std::uint8_t* data() const
    {
        return m_data;
    }

    std::size_t size() const
    {
        return m_size;
    }

    bool empty() const
    {
        return m_size == 0;
    }

    std::uint8_t operator[](std::size_t i) const
    {
        return m_data[i];
    }

    const std::uint8_t* begin() const
    {
        return m_data;
    }

    const std::uint8_t* end() const
    {
        return m_data + m_size;
    }

    /** \return the part from \p offset, at most \p count bytes; clipped to what there is. */
    ByteView Sub(std::size_t offset, std::size_t count = SIZE_MAX) const
    {
        if (offset >= m_size)
        {
            return {};
        }
        const std::size_t rest = m_size - offset;
        return {m_data + offset, count < rest ? count : rest};
    }

    Bytes ToBytes() const
    {
        return Bytes(begin(), end());
    }

    bool operator==(const ByteView& other) const
    {
        return m_size == other.m_size &&
               (m_size == 0 || std::memcmp(m_data, other.m_data, m_size) == 0);
    }

    bool operator!=(const ByteView& other) const
    {
        return !(*this == other);
    }

  private:
    const std::uint8_t* m_data{nullptr};
    std::size_t m_size{0};
};

inline std::uint16_t
Load16(const std::uint8_t* p)
{
    return static_cast<std::uint16_t>(p[0] << 8 | p[1]);
}

inline std::uint32_t
Load32(const std::uint8_t* p)
{
    return std::uint32_t{Load16(p)} << 16 | Load16(p + 2);
}

inline std::uint64_t
Load64(const std::uint8_t* p)
{
    return std::uint64_t{Load32(p)} << 32 | Load32(p + 4);
}

inline void
Store16(std::uint8_t* p, std::uint16_t v)
{
    p[0] = static_cast<std::uint8_t>(v >> 8);
    p[1] = static_cast<std::uint8_t>(v);
}

inline void
Store32(std::uint8_t* p, std::uint32_t v)
{
    Store16(p, static_cast<std::uint16_t>(v >> 16));
    Store16(p + 2, static_cast<std::uint16_t>(v));
}

inline void
Store64(std::uint8_t* p, std::uint64_t v)
{
    Store32(p, static_cast<std::uint32_t>(v >> 32));
    Store32(p + 4, static_cast<std::uint32_t>(v));
}

inline void
Append(Bytes& to, ByteView what)
{
    to.insert(to.end(), what.begin(), what.end());
}

inline void
Append8(Bytes& to, std::uint8_t v)
{
    to.push_back(v);
}

inline void
Append16(Bytes& to, std::uint16_t v)
{
    const std::uint8_t b[2] = {static_cast<std::uint8_t>(v >> 8), static_cast<std::uint8_t>(v)};
    to.insert(to.end(), b, b + 2);
}

inline void
Append32(Bytes& to, std::uint32_t v)
{
    Append16(to, static_cast<std::uint16_t>(v >> 16));
    Append16(to, static_cast<std::uint16_t>(v));
}

inline void
Append64(Bytes& to, std::uint64_t v)
{
    Append32(to, static_cast<std::uint32_t>(v >> 32));
    Append32(to, static_cast<std::uint32_t>(v));
}

/** \return the parts one after the other. */
inline Bytes
Concat(std::initializer_list<ByteView> parts)
{
    Bytes all;
    std::size_t size = 0;
    for (const ByteView& part : parts)
    {
        size += part.size();
    }
    all.reserve(size);
    for (const ByteView& part : parts)
    {
        Append(all, part);
    }
    return all;
}

/**
 * Reads network-order fields from a view. A read past the end gives zeros (or a clipped view) and
 * makes Ok() false from then on: a decoder reads a whole structure and asks once.
 */
class ByteReader
{
  public:
    explicit ByteReader(ByteView view)
        : m_view(view)
    {
    }

    std::uint8_t Read8()
    {
        const std::uint8_t* p = Take(1);
        return p ? *p : 0;
    }

    std::uint16_t Read16()
    {
        const std::uint8_t* p = Take(2);
        return p ? Load16(p) : 0;
    }

    std::uint32_t Read32()
    {
        const std::uint8_t* p = Take(4);
        return p ? Load32(p) : 0;
    }

    std::uint64_t Read64()
    {
        const std::uint8_t* p = Take(8);
        return p ? Load64(p) : 0;
    }

    /** \return the next \p count bytes, or an empty view (and not Ok) when there are fewer. */
    ByteView Read(std::size_t count)
    {
        const std::uint8_t* p = Take(count);
        return p ? ByteView{p, count} : ByteView{};
    }

    /** \return all that is left. */
    ByteView Rest()
    {
        return Read(Remaining());
    }

    std::size_t Remaining() const
    {
        return m_view.size() - m_at;
    }

    std::size_t Offset() const
    {
        return m_at;
    }

    /** \return false after any read went past the end. */
    bool Ok() const
    {
        return m_ok;
    }

  private:
    const std::uint8_t* Take(std::size_t count)
    {
        if (!m_ok || Remaining() < count)
        {
            m_ok = false;
            return nullptr;
        }
        const std::uint8_t* p = m_view.data() + m_at;
        m_at += count;
        return p;
    }

    ByteView m_view;
    std::size_t m_at{0};
    bool m_ok{true};
};

/** \return lower-case hexadecimal, without separators. */
std::string ToHex(ByteView bytes);

/**
 * Read hexadecimal; spaces, colons and line ends between bytes are allowed.
 * \throws std::invalid_argument when another character or half a byte is found.
 */
Bytes FromHex(std::string_view text);

} // namespace nattlab

#endif
