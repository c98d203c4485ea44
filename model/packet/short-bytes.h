// SPDX-License-Identifier: GPL-2.0-only
#ifndef NATTLAB_PACKET_SHORT_BYTES_H
#define NATTLAB_PACKET_SHORT_BYTES_H

#include "model/packet/bytes.h"

#include <algorithm>
#include <cstddef>
#include <functional>
#include <string_view>
#include <type_traits>
#include <utility>

namespace nattlab
{

/**
 * Bytes of which there are nearly always few: keys, nonces, hashes, SPIs, addresses. Up to INSIDE
 * of them live in the object itself, and only more of them are allocated. Their number is given
 * when they are made.
 */
class ShortBytes
{
  public:
    static constexpr std::size_t INSIDE = 24; //!< a key of 3DES, or a digest of SHA-1

    using value_type = std::uint8_t;
    using const_iterator = const std::uint8_t*;

    ShortBytes() = default;

    ShortBytes(ByteView bytes)
        : m_size(bytes.size())
    {
        if (m_size > INSIDE)
        {
            m_outside = new std::uint8_t[m_size];
        }
        std::copy(bytes.begin(), bytes.end(), data());
    }

    ShortBytes(const std::uint8_t* first, const std::uint8_t* last)
        : ShortBytes(ByteView{first, static_cast<std::size_t>(last - first)})
    {
    }

    ShortBytes(const Bytes& bytes)
        : ShortBytes(ByteView{bytes})
    {
    }

    ShortBytes(std::initializer_list<std::uint8_t> bytes)
        : ShortBytes(ByteView{bytes.begin(), bytes.size()})
    {
    }

    ShortBytes(const ShortBytes& other)
        : ShortBytes(ByteView{other})
    {
    }

    ShortBytes(ShortBytes&& other) noexcept
    {
        Swap(other);
    }

    ShortBytes& operator=(ShortBytes other) noexcept
    {
        Swap(other);
        return *this;
    }

    ~ShortBytes()
    {
        if (m_size > INSIDE)
        {
            delete[] m_outside;
        }
    }

    /** \return so many bytes, all 0. */
    static ShortBytes Zeros(std::size_t size)
    {
        ShortBytes bytes;
        if (size > INSIDE)
        {
            bytes.m_outside = new std::uint8_t[size]();
        }
        bytes.m_size = size;
        return bytes;
    }

    /** \return a number in network order. */
    static ShortBytes Of16(std::uint16_t value)
    {
        ShortBytes bytes = Zeros(2);
        Store16(bytes.data(), value);
        return bytes;
    }

    /** \return a number in network order. */
    static ShortBytes Of32(std::uint32_t value)
    {
        ShortBytes bytes = Zeros(4);
        Store32(bytes.data(), value);
        return bytes;
    }

    /** \return a number in network order. */
    static ShortBytes Of64(std::uint64_t value)
    {
        ShortBytes bytes = Zeros(8);
        Store64(bytes.data(), value);
        return bytes;
    }

    operator ByteView() const
    {
        return {data(), m_size};
    }

    Bytes ToBytes() const
    {
        return Bytes(begin(), end());
    }

    std::uint8_t* data()
    {
        return m_size > INSIDE ? m_outside : m_inside;
    }

    const std::uint8_t* data() const
    {
        return m_size > INSIDE ? m_outside : m_inside;
    }

    std::size_t size() const
    {
        return m_size;
    }

    bool empty() const
    {
        return m_size == 0;
    }

    const std::uint8_t* begin() const
    {
        return data();
    }

    const std::uint8_t* end() const
    {
        return data() + m_size;
    }

  private:
    void Swap(ShortBytes& other) noexcept
    {
        std::swap(m_inside, other.m_inside); // the pointer lies in the same place
        std::swap(m_size, other.m_size);
    }

    union
    {
        std::uint8_t m_inside[INSIDE]{};
        std::uint8_t* m_outside;
    };

    std::size_t m_size{0};
};

/** Compares with ShortBytes, Bytes and views. */
template <typename T, typename = std::enable_if_t<std::is_convertible_v<const T&, ByteView>>>
bool
operator==(const ShortBytes& a, const T& b)
{
    return ByteView{a} == ByteView{b};
}

template <typename T, typename = std::enable_if_t<std::is_convertible_v<const T&, ByteView>>>
bool
operator!=(const ShortBytes& a, const T& b)
{
    return !(a == b);
}

/** Byte by byte, as for Bytes. */
inline bool
operator<(const ShortBytes& a, const ShortBytes& b)
{
    return std::lexicographical_compare(a.begin(), a.end(), b.begin(), b.end());
}

} // namespace nattlab

template <>
struct std::hash<nattlab::ShortBytes>
{
    std::size_t operator()(const nattlab::ShortBytes& bytes) const
    {
        return std::hash<std::string_view>()(
            {reinterpret_cast<const char*>(bytes.data()), bytes.size()});
    }
};

#endif
