// SPDX-License-Identifier: GPL-2.0-only
#include "model/router/route-table.h"

#include <algorithm>

namespace nattlab
{

namespace
{

bool
IsBefore(const Route& route, Ipv4Address network)
{
    return route.destination.address < network;
}

} // namespace

void
RouteTable::Add(const Route& route)
{
    const std::uint8_t length = route.destination.length;
    Group* group = std::find_if(m_groups.begin(),
                                m_groups.end(),
                                [length](const Group& other) { return other.length <= length; });
    const std::uint32_t begin = group == m_groups.begin() ? 0 : (group - 1)->end;
    if (group == m_groups.end() || group->length != length)
    {
        group = m_groups.insert(group, {length, begin});
    }
    const Ipv4Address network = route.destination.Network();
    Route* end = m_routes.begin() + group->end;
    Route* place = std::lower_bound(m_routes.begin() + begin, end, network, IsBefore);
    if (place != end && place->destination.address == network)
    {
        return;
    }
    m_routes.insert(place, route)->destination.address = network;
    for (; group != m_groups.end(); ++group)
    {
        ++group->end;
    }
}

const Route*
RouteTable::Find(Ipv4Address destination) const
{
    const Route* first = m_routes.begin();
    for (const Group& group : m_groups)
    {
        const Route* end = m_routes.begin() + group.end;
        const Ipv4Address network = Ipv4Prefix{destination, group.length}.Network();
        first = std::lower_bound(first, end, network, IsBefore);
        if (first != end && first->destination.address == network)
        {
            return first;
        }
        first = end;
    }
    return nullptr;
}

} // namespace nattlab
