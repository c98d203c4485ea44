// SPDX-License-Identifier: GPL-2.0-only
#include "model/nat/expired-mappings.h"

namespace nattlab::nat
{

ExpiredMappings::ExpiredMappings(const NatConfig& config)
    : m_config(config)
{
}

void
ExpiredMappings::Remember(const FlowKey& key, std::string text, Reason reason, Instant now)
{
    const Instant until = now + m_config.rememberExpired;
    m_records[key] = {std::move(text), reason, until};
    m_order.emplace_back(until, key);
    while (!m_order.empty() &&
           (m_order.front().first <= now || m_order.size() > m_config.mostRemembered))
    {
        // A record that was renewed has a later place as well.
        const auto it = m_records.find(m_order.front().second);
        if (it != m_records.end() && it->second.until == m_order.front().first)
        {
            m_records.erase(it);
        }
        m_order.pop_front();
    }
}

void
ExpiredMappings::Forget(const FlowKey& key)
{
    m_records.erase(key);
}

const ExpiredMappings::Record*
ExpiredMappings::Find(const FlowKey& key, Instant now) const
{
    const auto it = m_records.find(key);
    return it != m_records.end() && it->second.until > now ? &it->second : nullptr;
}

} // namespace nattlab::nat
