// SPDX-License-Identifier: GPL-2.0-only
#include "model/ppp/address-pool.h"

namespace nattlab::ppp
{

AddressPool::AddressPool(Ipv4Address first, Ipv4Address last)
    : m_first(first.value),
      m_next(first.value),
      m_last(last.value)
{
}

std::optional<Ipv4Address> AddressPool::Take()
{
    if (!m_returned.empty())
    {
        const std::uint32_t lowest = *m_returned.begin();
        m_returned.erase(m_returned.begin());
        return Ipv4Address{lowest};
    }
    if (m_next > m_last)
    {
        return std::nullopt;
    }
    return Ipv4Address{static_cast<std::uint32_t>(m_next++)};
}

void AddressPool::Return(Ipv4Address address)
{
    if (address.value >= m_first && address.value < m_next)
    {
        m_returned.insert(address.value);
    }
}

std::size_t AddressPool::Taken() const
{
    return static_cast<std::size_t>(m_next - m_first) - m_returned.size();
}

} // namespace nattlab::ppp
