// SPDX-License-Identifier: GPL-2.0-only
#ifndef NATTLAB_NAT_SESSION_COUNTS_H
#define NATTLAB_NAT_SESSION_COUNTS_H

#include "model/nat/nat-config.h"
#include "model/packet/hash-table.h"

#include <cstddef>

namespace nattlab::nat
{

/** The sessions that inside hosts have, in all and each: for the limits of RFC 6888 REQ-4, 5. */
class SessionCounts
{
  public:
    explicit SessionCounts(const NatConfig& config);

    /** \return true when this inside address may have one more. */
    bool HasRoom(Ipv4Address inside) const;

    void Add(Ipv4Address inside);
    void Remove(Ipv4Address inside);

  private:
    const NatConfig& m_config;
    std::size_t m_total{0};
    HashTable<Ipv4Address, std::size_t> m_perHost;
};

} // namespace nattlab::nat

#endif
