// SPDX-License-Identifier: GPL-2.0-only
#ifndef NATTLAB_ROUTER_ROUTE_TABLE_H
#define NATTLAB_ROUTER_ROUTE_TABLE_H

#include "model/packet/address.h"
#include "model/packet/hash-table.h"
#include "model/router/router-config.h"

#include <cstddef>
#include <cstdint>
#include <utility>
#include <vector>

namespace nattlab
{

/**
 * Longest-prefix match. A look-up costs one hash look-up per prefix length in use, however many
 * routes there are.
 */
class RouteTable
{
  public:
    /** Add a route; of two to one network the first one holds. */
    void Add(const Route& route);

    /** \return the most specific route to \p destination, or null. */
    const Route* Find(Ipv4Address destination) const;

  private:
    using Networks = HashTable<std::uint32_t, Route>;

    std::vector<std::pair<std::uint8_t, Networks>> m_lengths; //!< longest first
};

} // namespace nattlab

#endif
