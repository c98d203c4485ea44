// SPDX-License-Identifier: GPL-2.0-only
#include "model/firewall/fragment-memory.h"

namespace nattlab
{

namespace
{

FlowKey
KeyOfDatagram(const FirewallPacket& fragment)
{
    const Flow& flow = fragment.flow;
    return {flow.source, flow.destination, fragment.identification, 0, flow.protocol};
}

} // namespace

FragmentMemory::FragmentMemory(Duration memory, std::size_t most)
    : m_memory(memory),
      m_most(most)
{
}

void
FragmentMemory::Remember(const FirewallPacket& first, const TrackedPacket& tracked, Instant now)
{
    const FlowKey key = KeyOfDatagram(first);
    const Instant until = now + m_memory;
    m_firsts.insert_or_assign(key, First{first, tracked, until});
    m_order.push_back({key, until});
    while (!m_order.empty() && (m_order.front().until <= now || m_order.size() > m_most))
    {
        const auto it = m_firsts.find(m_order.front().key);
        // A datagram whose identification came again is kept as long as its last first fragment.
        if (it != m_firsts.end() && it->second.until == m_order.front().until)
        {
            m_firsts.erase(it);
        }
        m_order.pop_front();
    }
}

const FragmentMemory::First*
FragmentMemory::Find(const FirewallPacket& later, Instant now) const
{
    const auto it = m_firsts.find(KeyOfDatagram(later));
    return it != m_firsts.end() && it->second.until > now ? &it->second : nullptr;
}

void
FragmentMemory::Clear()
{
    m_firsts.clear();
    m_order.clear();
}

} // namespace nattlab
