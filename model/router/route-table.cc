// SPDX-License-Identifier: GPL-2.0-only
#include "model/router/route-table.h"

#include <algorithm>

namespace nattlab
{

void
RouteTable::Add(const Route& route)
{
    const std::uint8_t length = route.destination.length;
    auto it = std::find_if(m_lengths.begin(),
                           m_lengths.end(),
                           [length](const auto& entry) { return entry.first <= length; });
    if (it == m_lengths.end() || it->first != length)
    {
        it = m_lengths.insert(it, {length, Networks{}});
    }
    it->second.emplace(route.destination.Network().value, route);
}

const Route*
RouteTable::Find(Ipv4Address destination) const
{
    for (const auto& [length, networks] : m_lengths)
    {
        const auto it = networks.find(Ipv4Prefix{destination, length}.Network().value);
        if (it != networks.end())
        {
            return &it->second;
        }
    }
    return nullptr;
}

} // namespace nattlab
