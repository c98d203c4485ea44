// SPDX-License-Identifier: GPL-2.0-only
#ifndef NATTLAB_PACKET_ADDRESS_H
#define NATTLAB_PACKET_ADDRESS_H

#include <cstddef>
#include <cstdint>
#include <functional>
#include <optional>
#include <string>
#include <string_view>
#include <tuple>

namespace nattlab
{

/** An IPv4 address, held in host order. */
struct Ipv4Address
{
    std::uint32_t value{0};

    /** \return the address in dotted form. */
    std::string ToString() const;

    /** Read four decimal numbers with dots; nothing else is accepted. */
    static std::optional<Ipv4Address> Parse(std::string_view text);

    /** \return true for 0.0.0.0. */
    bool IsAny() const
    {
        return value == 0;
    }

    /** \return true for 224.0.0.0/4. */
    bool IsMulticast() const
    {
        return value >> 28 == 14;
    }
};

inline bool
operator==(Ipv4Address a, Ipv4Address b)
{
    return a.value == b.value;
}

inline bool
operator!=(Ipv4Address a, Ipv4Address b)
{
    return a.value != b.value;
}

inline bool
operator<(Ipv4Address a, Ipv4Address b)
{
    return a.value < b.value;
}

/** An address block; as an interface address it also keeps the host part. */
struct Ipv4Prefix
{
    Ipv4Address address;
    std::uint8_t length{32}; //!< bits, 0 to 32

    std::uint32_t Mask() const
    {
        return length == 0 ? 0 : ~std::uint32_t{0} << (32 - length);
    }

    bool Contains(Ipv4Address a) const
    {
        return ((a.value ^ address.value) & Mask()) == 0;
    }

    Ipv4Address Network() const
    {
        return {address.value & Mask()};
    }

    Ipv4Address Broadcast() const
    {
        return {address.value | ~Mask()};
    }

    std::string ToString() const;

    /** Read "10.0.0.0/8"; a bare address means /32. The host part may be non-zero. */
    static std::optional<Ipv4Prefix> Parse(std::string_view text);
};

inline bool
operator==(const Ipv4Prefix& a, const Ipv4Prefix& b)
{
    return a.address == b.address && a.length == b.length;
}

/** A transport address: IPv4 address and UDP or TCP port. */
struct Endpoint
{
    Ipv4Address address;
    std::uint16_t port{0};

    /** \return "192.0.2.1:500". */
    std::string ToString() const;
};

inline bool
operator==(const Endpoint& a, const Endpoint& b)
{
    return a.address == b.address && a.port == b.port;
}

inline bool
operator!=(const Endpoint& a, const Endpoint& b)
{
    return !(a == b);
}

inline bool
operator<(const Endpoint& a, const Endpoint& b)
{
    return std::tie(a.address, a.port) < std::tie(b.address, b.port);
}

/** Mix \p v into \p seed; for hash maps whose order is never seen. */
inline std::size_t
HashCombine(std::size_t seed, std::uint64_t v)
{
    std::uint64_t x = (seed ^ v) + 0x9e3779b97f4a7c15ULL;
    x = (x ^ (x >> 30)) * 0xbf58476d1ce4e5b9ULL;
    x = (x ^ (x >> 27)) * 0x94d049bb133111ebULL;
    return static_cast<std::size_t>(x ^ (x >> 31));
}

} // namespace nattlab

template <>
struct std::hash<nattlab::Ipv4Address>
{
    std::size_t operator()(nattlab::Ipv4Address a) const
    {
        return nattlab::HashCombine(0, a.value);
    }
};

template <>
struct std::hash<nattlab::Endpoint>
{
    std::size_t operator()(const nattlab::Endpoint& e) const
    {
        return nattlab::HashCombine(0, std::uint64_t{e.address.value} << 16 | e.port);
    }
};

#endif
