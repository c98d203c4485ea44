// SPDX-License-Identifier: GPL-2.0-only
#ifndef NATTLAB_PACKET_PREFETCH_H
#define NATTLAB_PACKET_PREFETCH_H

#include <cstddef>
#include <cstdint>

namespace nattlab
{

/** Where an object lies in memory. */
struct Region
{
    const void* first{nullptr};
    std::uint32_t size{0}; //!< bytes
};

template <typename Object>
inline Region
RegionOf(const Object& object)
{
    return {&object, static_cast<std::uint32_t>(sizeof(Object))};
}

/** \return all from the beginning of one thing to that of another, which comes after it. */
inline Region
RegionBetween(const void* first, const void* end)
{
    const auto size = static_cast<const char*>(end) - static_cast<const char*>(first);
    return {first, static_cast<std::uint32_t>(size)};
}

/**
 * Ask for all of an object at once, before its parts are wanted one after the other: in a large
 * simulation most of what a packet meets has left the processor's caches since the last one.
 * Changes nothing but the time.
 */
inline void
Prefetch(Region region)
{
    constexpr std::size_t LINE = 64; // bytes of a cache's line
    const auto begin = reinterpret_cast<std::uintptr_t>(region.first);
    for (std::uintptr_t at = begin / LINE * LINE; at < begin + region.size; at += LINE)
    {
        __builtin_prefetch(reinterpret_cast<const void*>(at));
    }
}

template <typename Object>
inline void
Prefetch(const Object& object)
{
    Prefetch(RegionOf(object));
}

} // namespace nattlab

#endif
