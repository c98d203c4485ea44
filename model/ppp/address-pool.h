// SPDX-License-Identifier: GPL-2.0-only
#ifndef NATTLAB_PPP_ADDRESS_POOL_H
#define NATTLAB_PPP_ADDRESS_POOL_H

#include "model/packet/address.h"

#include <cstddef>
#include <cstdint>
#include <optional>
#include <set>

namespace nattlab::ppp
{

/**
 * The addresses a server gives to its clients: a range, lowest free address first, so that two
 * runs give the same addresses. Shared by the sessions of one server, which it must outlive.
 */
class AddressPool
{
  public:
    /**
     * \param first the lowest address
     * \param last the highest address; a range whose last lies below its first is empty
     */
    AddressPool(Ipv4Address first, Ipv4Address last);

    /** \return the lowest free address, now taken; nothing when all are taken. O(log n). */
    std::optional<Ipv4Address> Take();

    /** Give an address back; one that is not taken is ignored. O(log n). */
    void Return(Ipv4Address address);

    /** \return how many addresses are taken. */
    std::size_t Taken() const;

  private:
    std::uint64_t m_first;
    std::uint64_t m_next; //!< lowest address never taken yet; all above are free
    std::uint64_t m_last;
    std::set<std::uint32_t> m_returned; //!< free addresses below m_next
};

} // namespace nattlab::ppp

#endif
