// SPDX-License-Identifier: GPL-2.0-only
#include "model/nat/port-allocator.h"

#include "model/packet/ipv4.h"

#include <algorithm>
#include <array>

namespace nattlab::nat
{

namespace
{

/** RFC 4787 REQ-3a keeps the well-known ports apart; Linux also divides them at 512. */
constexpr std::array<PortSet::Choice, 3> PORT_CLASSES{{
    {1, 511, std::nullopt},
    {512, 1023, std::nullopt},
    {1024, 65535, std::nullopt},
}};

PortSet::Choice
ClassOf(std::uint8_t protocol, std::uint16_t port)
{
    if (protocol == IP_ICMP)
    {
        return {}; // echo identifiers have no classes
    }
    const auto* found = std::find_if(
        PORT_CLASSES.begin(), PORT_CLASSES.end(), [port](const auto& c) { return port <= c.last; });
    return *found;
}

FlowKey
SpaceOf(std::uint8_t protocol, Ipv4Address external, Endpoint remote)
{
    return {external, remote.address, 0, remote.port, protocol};
}

} // namespace

PortAllocator::PortAllocator(const NatConfig& config, std::string_view device, std::uint64_t seed)
    : m_config(config),
      m_random(seed, device, "nat.port"),
      m_freeBlocks(config.pool.size()),
      m_nextBlock(config.pool.size(), 0)
{
}

PortAllocator::Host&
PortAllocator::HostOf(Ipv4Address inside)
{
    const auto [it, isNew] = m_hosts.try_emplace(inside);
    if (isNew)
    {
        it->second.address = m_nextAddress;
        m_nextAddress = (m_nextAddress + 1) % m_config.pool.size();
    }
    return it->second;
}

std::vector<Ipv4Address>
PortAllocator::Candidates(Ipv4Address inside)
{
    const std::size_t size = m_config.pool.size();
    if (size <= 1)
    {
        return m_config.pool;
    }
    if (m_config.pooling == NatConfig::Pooling::Paired)
    {
        return {m_config.pool[HostOf(inside).address]};
    }
    std::vector<Ipv4Address> all(size);
    std::rotate_copy(m_config.pool.begin(),
                     m_config.pool.begin() + static_cast<std::ptrdiff_t>(m_nextAddress),
                     m_config.pool.end(),
                     all.begin());
    m_nextAddress = (m_nextAddress + 1) % size;
    return all;
}

PortSet&
PortAllocator::Used(const Key& space)
{
    const auto it = m_used.find(space);
    if (it != m_used.end())
    {
        return it->second;
    }
    const auto reserved = m_reserved.find(SpaceOf(space.protocol, space.source, {}));
    return m_used.emplace(space, reserved == m_reserved.end() ? PortSet{} : reserved->second)
        .first->second;
}

std::optional<bool>
PortAllocator::Parity(Endpoint inside) const
{
    return m_config.keepParity ? std::optional<bool>{inside.port % 2 == 1} : std::nullopt;
}

std::optional<std::uint16_t>
PortAllocator::Preserve(const Key& space, Endpoint inside)
{
    PortSet::Choice choice = ClassOf(space.protocol, inside.port);
    choice.odd = Parity(inside);
    Key same = space;
    same.sourcePort = inside.port;
    const auto resting = m_resting.find(same);
    if (resting != m_resting.end() && resting->second.lastUser == inside.address)
    {
        m_resting.erase(resting);
        return inside.port;
    }
    return Used(space).FindFree(choice, inside.port);
}

std::optional<std::uint16_t>
PortAllocator::Choose(const Key& space, Endpoint inside)
{
    const PortSet::Choice choice{m_config.portFirst, m_config.portLast, Parity(inside)};
    if (m_config.portAllocation == NatConfig::PortAllocation::Preserve)
    {
        return Preserve(space, inside);
    }
    if (choice.first > choice.last)
    {
        return std::nullopt;
    }
    if (m_config.portAllocation == NatConfig::PortAllocation::Random)
    {
        const std::uint64_t count = std::uint64_t{choice.last} - choice.first + 1;
        return Used(space).FindFree(
            choice, static_cast<std::uint16_t>(choice.first + m_random.Below(count)));
    }
    const auto [last, isFirst] =
        m_last.try_emplace(SpaceOf(space.protocol, space.source, {}), choice.last);
    const bool wraps = last->second >= choice.last;
    const auto start = wraps ? choice.first : static_cast<std::uint16_t>(last->second + 1);
    const auto port = Used(space).FindFree(choice, start);
    if (port)
    {
        last->second = *port;
    }
    return port;
}

bool
PortAllocator::TakeBlock(Host& host)
{
    const std::size_t size = m_config.blockSize;
    const std::size_t ports = m_config.portFirst <= m_config.portLast
                                  ? m_config.portLast - m_config.portFirst + std::size_t{1}
                                  : 0;
    const std::size_t blocks = size == 0 ? 0 : ports / size;
    for (std::size_t i = 0; i < m_config.pool.size(); ++i)
    {
        const std::size_t address = (host.address + i) % m_config.pool.size();
        std::set<std::size_t>& freed = m_freeBlocks[address];
        if (freed.empty() && m_nextBlock[address] >= blocks)
        {
            continue;
        }
        std::size_t number = 0;
        if (freed.empty())
        {
            number = m_nextBlock[address]++;
        }
        else
        {
            number = *freed.begin();
            freed.erase(freed.begin());
        }
        host.address = address;
        host.block = Block{address, number};
        return true;
    }
    return false;
}

std::optional<Endpoint>
PortAllocator::AllocateInBlock(std::uint8_t protocol, Endpoint inside, Endpoint remote)
{
    Host& host = HostOf(inside.address);
    if (!host.block && !TakeBlock(host))
    {
        return std::nullopt;
    }
    const std::size_t first = m_config.portFirst + host.block->number * m_config.blockSize;
    const PortSet::Choice choice{static_cast<std::uint16_t>(first),
                                 static_cast<std::uint16_t>(first + m_config.blockSize - 1),
                                 Parity(inside)};
    const Ipv4Address external = m_config.pool[host.block->address];
    PortSet& used = Used(SpaceOf(protocol, external, remote));
    const auto port = used.FindFree(choice, choice.first);
    if (!port)
    {
        return std::nullopt;
    }
    used.Add(*port);
    ++host.portsInBlock;
    return Endpoint{external, *port};
}

std::optional<Endpoint>
PortAllocator::Allocate(std::uint8_t protocol, Endpoint inside, Endpoint remote, Instant now)
{
    if (m_config.pool.empty())
    {
        return std::nullopt;
    }
    Wake(now);
    if (m_config.portAllocation == NatConfig::PortAllocation::Range)
    {
        return AllocateInBlock(protocol, inside, remote);
    }
    for (const Ipv4Address external : Candidates(inside.address))
    {
        const Key space = SpaceOf(protocol, external, remote);
        const auto port = Choose(space, inside);
        if (port)
        {
            Used(space).Add(*port);
            return Endpoint{external, *port};
        }
    }
    return std::nullopt;
}

void
PortAllocator::Free(std::uint8_t protocol,
                    Endpoint external,
                    Endpoint inside,
                    Endpoint remote,
                    Instant now)
{
    Key key = SpaceOf(protocol, external.address, remote);
    key.sourcePort = external.port;
    if (m_config.portReuseDelay > Duration{0})
    {
        const Instant until = now + m_config.portReuseDelay;
        m_resting[key] = {until, inside.address};
        m_wakeUps.emplace_back(until, key);
    }
    else
    {
        Release(key);
    }
    const auto host = m_hosts.find(inside.address);
    if (host != m_hosts.end() && host->second.block && --host->second.portsInBlock == 0)
    {
        m_freeBlocks[host->second.block->address].insert(host->second.block->number);
        host->second.block.reset();
    }
}

void
PortAllocator::Release(const Key& port)
{
    Key space = port;
    space.sourcePort = 0;
    PortSet& used = Used(space);
    used.Remove(port.sourcePort);
    const auto reserved = m_reserved.find(SpaceOf(space.protocol, space.source, {}));
    if (used.Size() == (reserved == m_reserved.end() ? 0 : reserved->second.Size()))
    {
        m_used.erase(space);
    }
}

void
PortAllocator::Wake(Instant now)
{
    while (!m_wakeUps.empty() && m_wakeUps.front().first <= now)
    {
        const auto [until, key] = m_wakeUps.front();
        m_wakeUps.pop_front();
        const auto resting = m_resting.find(key);
        // Its last user may have taken it again, and even freed it again.
        if (resting != m_resting.end() && resting->second.until == until)
        {
            m_resting.erase(resting);
            Release(key);
        }
    }
}

void
PortAllocator::Reserve(std::uint8_t protocol, Endpoint external)
{
    m_reserved[SpaceOf(protocol, external.address, {})].Add(external.port);
}

void
PortAllocator::Reset()
{
    m_nextAddress = 0;
    m_hosts.clear();
    m_used.clear();
    m_last.clear();
    m_resting.clear();
    m_wakeUps.clear();
    m_freeBlocks.assign(m_config.pool.size(), {});
    m_nextBlock.assign(m_config.pool.size(), 0);
}

} // namespace nattlab::nat
