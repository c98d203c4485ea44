// SPDX-License-Identifier: GPL-2.0-only
#include "model/nat/session-counts.h"

namespace nattlab::nat
{

SessionCounts::SessionCounts(const NatConfig& config)
    : m_config(config)
{
}

bool
SessionCounts::HasRoom(Ipv4Address inside) const
{
    if (m_config.maxSessions != 0 && m_total >= m_config.maxSessions)
    {
        return false;
    }
    const auto it = m_perHost.find(inside);
    return m_config.maxPerHost == 0 || it == m_perHost.end() || it->second < m_config.maxPerHost;
}

void
SessionCounts::Add(Ipv4Address inside)
{
    ++m_total;
    ++m_perHost[inside];
}

void
SessionCounts::Remove(Ipv4Address inside)
{
    --m_total;
    const auto it = m_perHost.find(inside);
    if (it != m_perHost.end() && --it.value() == 0)
    {
        m_perHost.erase(it);
    }
}

} // namespace nattlab::nat
