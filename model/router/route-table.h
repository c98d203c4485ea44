// SPDX-License-Identifier: GPL-2.0-only
#ifndef NATTLAB_ROUTER_ROUTE_TABLE_H
#define NATTLAB_ROUTER_ROUTE_TABLE_H

#include "model/packet/address.h"
#include "model/packet/short-list.h"
#include "model/router/router-config.h"

#include <cstdint>

namespace nattlab
{

/**
 * Longest-prefix match. A look-up costs one binary search per prefix length in use; most boxes have
 * two or three routes, which are in the table itself.
 */
class RouteTable
{
  public:
    /** Add a route; of two to one network the first one holds. */
    void Add(const Route& route);

    /** \return the most specific route to \p destination, or null; valid until the next Add. */
    const Route* Find(Ipv4Address destination) const;

  private:
    /** The routes of one prefix length. */
    struct Group
    {
        std::uint8_t length;
        std::uint32_t end; //!< in m_routes, where the next group begins
    };

    ShortList<Group, 3> m_groups; //!< longest first
    /** Of each group in the order of their networks, whose addresses are their destinations'. */
    ShortList<Route, 3> m_routes;
};

} // namespace nattlab

#endif
