// SPDX-License-Identifier: GPL-2.0-only
#ifndef NATTLAB_PACKET_ADDRESS_SET_H
#define NATTLAB_PACKET_ADDRESS_SET_H

#include "model/packet/address.h"
#include "model/packet/short-list.h"

#include <algorithm>

namespace nattlab
{

/** Addresses in order: mostly one or two, and asked for with every packet. */
class AddressSet
{
  public:
    /** An address that is there already is not put in again. */
    void Insert(Ipv4Address address)
    {
        Ipv4Address* place = std::lower_bound(m_addresses.begin(), m_addresses.end(), address);
        if (place == m_addresses.end() || *place != address)
        {
            m_addresses.insert(place, address);
        }
    }

    bool Contains(Ipv4Address address) const
    {
        return std::binary_search(m_addresses.begin(), m_addresses.end(), address);
    }

  private:
    ShortList<Ipv4Address, 2> m_addresses;
};

} // namespace nattlab

#endif
