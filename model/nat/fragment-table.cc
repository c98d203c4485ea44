// SPDX-License-Identifier: GPL-2.0-only
#include "model/nat/fragment-table.h"

#include <iterator>

namespace nattlab::nat
{

FragmentTable::FragmentTable(const NatConfig& config)
    : m_config(config)
{
}

FlowKey
FragmentTable::KeyOf(const Ipv4Header& header)
{
    return {header.source, header.destination, header.identification, 0, header.protocol};
}

std::string
FragmentTable::TextOf(const Ipv4Header& header)
{
    return ProtocolName(header.protocol) + " " + header.source.ToString() + " > " +
           header.destination.ToString() + " fragment " + std::to_string(header.identification) +
           "@" + std::to_string(header.fragmentOffset);
}

const FragmentTable::Treatment*
FragmentTable::Find(const FlowKey& key) const
{
    const auto it = m_datagrams.find(key);
    return it != m_datagrams.end() && it->second.treatment ? &*it->second.treatment : nullptr;
}

void
FragmentTable::PopOldest(std::vector<Held>& dropped)
{
    const auto it = m_datagrams.find(m_order.front().second);
    m_order.pop_front();
    m_heldCount -= it->second.held.size();
    std::move(it->second.held.begin(), it->second.held.end(), std::back_inserter(dropped));
    m_datagrams.erase(it);
}

FragmentTable::Datagram&
FragmentTable::At(const FlowKey& key, Instant now, std::vector<Held>& dropped)
{
    const auto it = m_datagrams.find(key);
    if (it != m_datagrams.end())
    {
        return it->second;
    }
    while (!m_order.empty() && m_datagrams.size() >= m_config.mostFragmented)
    {
        PopOldest(dropped);
    }
    const Instant until = now + m_config.fragmentTimeout;
    m_order.emplace_back(until, key);
    return m_datagrams.emplace(key, Datagram{until, std::nullopt, {}}).first->second;
}

std::vector<FragmentTable::Held>
FragmentTable::Learn(const FlowKey& key,
                     Treatment treatment,
                     Instant now,
                     std::vector<Held>& dropped)
{
    Datagram& datagram = At(key, now, dropped);
    datagram.treatment = std::move(treatment);
    m_heldCount -= datagram.held.size();
    return std::exchange(datagram.held, {});
}

bool
FragmentTable::Hold(const FlowKey& key,
                    Packet& packet,
                    bool fromInside,
                    Instant now,
                    std::vector<Held>& dropped)
{
    if (m_heldCount >= m_config.mostFragmentHeld)
    {
        return false;
    }
    At(key, now, dropped).held.push_back({std::exchange(packet, {}), fromInside});
    ++m_heldCount;
    return true;
}

std::vector<FragmentTable::Held>
FragmentTable::Expire(Instant now)
{
    std::vector<Held> dropped;
    while (!m_order.empty() && m_order.front().first <= now)
    {
        PopOldest(dropped);
    }
    return dropped;
}

std::optional<Instant>
FragmentTable::Deadline() const
{
    return m_order.empty() ? std::nullopt : std::optional<Instant>{m_order.front().first};
}

std::vector<FragmentTable::Held>
FragmentTable::Clear()
{
    std::vector<Held> dropped;
    while (!m_order.empty())
    {
        PopOldest(dropped);
    }
    return dropped;
}

} // namespace nattlab::nat
