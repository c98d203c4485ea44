// SPDX-License-Identifier: GPL-2.0-only
#include "model/esp/spd.h"

#include <algorithm>

namespace nattlab::esp
{

namespace
{

bool
Looks(PolicyDirection policy, Direction packet)
{
    return policy == PolicyDirection::Both ||
           (policy == PolicyDirection::Outbound) == (packet == Direction::Outbound);
}

} // namespace

std::string_view
NameOf(PolicyAction action)
{
    switch (action)
    {
    case PolicyAction::Protect:
        return "protect";
    case PolicyAction::Bypass:
        return "bypass";
    case PolicyAction::Discard:
        return "discard";
    }
    return "?";
}

void
Spd::Add(Policy policy)
{
    m_policies.push_back(std::move(policy));
}

void
Spd::AddFirst(Policy policy)
{
    m_policies.insert(m_policies.begin(), std::move(policy));
}

std::size_t
Spd::Remove(std::string_view name)
{
    const auto rest = std::remove_if(m_policies.begin(),
                                     m_policies.end(),
                                     [name](const Policy& policy) { return policy.name == name; });
    const auto removed = static_cast<std::size_t>(m_policies.end() - rest);
    m_policies.erase(rest, m_policies.end());
    return removed;
}

const Policy*
Spd::Lookup(Direction direction,
            Ipv4Address local,
            Ipv4Address remote,
            std::uint8_t protocol,
            std::uint16_t localPort,
            std::uint16_t remotePort) const
{
    for (const Policy& policy : m_policies)
    {
        if (Looks(policy.direction, direction) &&
            policy.selector.Matches(local, remote, protocol, localPort, remotePort))
        {
            return &policy;
        }
    }
    return nullptr;
}

} // namespace nattlab::esp
