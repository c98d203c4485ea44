// SPDX-License-Identifier: GPL-2.0-only
#ifndef NATTLAB_FIREWALL_FRAGMENT_MEMORY_H
#define NATTLAB_FIREWALL_FRAGMENT_MEMORY_H

#include "model/firewall/connection-table.h"
#include "model/firewall/firewall-packet.h"
#include "model/packet/fifo.h"
#include "model/packet/time.h"

#include <cstddef>
#include <cstdint>
#include <unordered_map>

namespace nattlab
{

/**
 * Remembers first fragments by (source, destination, protocol, identification), so that later
 * fragments, which have no ports, are judged as their first one was (RFC 1858 2.1).
 */
class FragmentMemory
{
  public:
    /** What the first fragment was. */
    struct First
    {
        FirewallPacket packet;
        TrackedPacket tracked;
        Instant until;
    };

    /**
     * \param memory how long a first fragment is remembered
     * \param most how many are
     */
    FragmentMemory(Duration memory, std::size_t most);

    /** Keep a first fragment. */
    void Remember(const FirewallPacket& first, const TrackedPacket& tracked, Instant now);

    /** \return the first fragment of the datagram that \p later is of; null when it is not known.
     */
    const First* Find(const FirewallPacket& later, Instant now) const;

    /** Forget everything. */
    void Clear();

  private:
    struct Turn
    {
        FlowKey key;
        Instant until;
    };

    Duration m_memory;
    std::size_t m_most;
    std::unordered_map<FlowKey, First> m_firsts; //!< the identification stands in for a port
    Fifo<Turn> m_order;                          //!< oldest first; a key may stand in it twice
};

} // namespace nattlab

#endif
