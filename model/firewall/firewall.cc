// SPDX-License-Identifier: GPL-2.0-only
#include "model/firewall/firewall.h"

#include <algorithm>
#include <utility>

namespace nattlab
{

namespace
{

constexpr std::string_view DEFAULT_NAMES[] = {"default forward", "default input", "default output"};

} // namespace

Firewall::Firewall(FirewallConfig config)
    : m_config(std::move(config)),
      m_connections(m_config.timeouts, m_config.tableSize, m_config.tcpPickup),
      m_fragments(m_config.timeouts.fragments, m_config.tableSize)
{
    NameRules();
    ResetCounters();
}

FirewallDecision
Firewall::Decide(ByteView packet, const FirewallContext& context, Instant now)
{
    FirewallPacket view = FirewallPacket::Read(packet);
    const TrackedPacket tracked = m_config.stateful ? Track(view, now) : TrackedPacket{};
    const std::size_t rule = FindRule(view, context, tracked.state);
    Count(rule, context.chain, view.flow.length);

    FirewallDecision decision;
    decision.action = ActionOf(rule, context.chain);
    decision.rule = NameOf(rule, context.chain);
    if (!decision.Accepted())
    {
        decision.reason = WhyRefused(rule, view, context, tracked);
        decision.reject =
            rule < m_config.rules.size() ? m_config.rules[rule].reject : m_config.defaults.reject;
    }
    else if (!m_connections.Commit(tracked, now))
    {
        decision.action = FirewallAction::Drop;
        decision.reason = Reason::FirewallTableFull;
    }
    return decision;
}

TrackedPacket
Firewall::Track(FirewallPacket& packet, Instant now)
{
    if (packet.laterFragment)
    {
        if (const FragmentMemory::First* first = m_fragments.Find(packet, now))
        {
            packet.InheritFrom(first->packet);
            return first->tracked;
        }
    }
    const TrackedPacket tracked = m_connections.Classify(packet, now);
    if (packet.firstFragment)
    {
        m_fragments.Remember(packet, tracked, now);
    }
    return tracked;
}

std::size_t
Firewall::FindRule(const FirewallPacket& packet,
                   const FirewallContext& context,
                   ConnectionState state) const
{
    const auto it = std::find_if(m_config.rules.begin(),
                                 m_config.rules.end(),
                                 [&](const FirewallRule& rule)
                                 { return Matches(rule, packet, context, state); });
    return static_cast<std::size_t>(it - m_config.rules.begin());
}

FirewallAction
Firewall::ActionOf(std::size_t rule, FirewallChain chain) const
{
    return rule < m_config.rules.size() ? m_config.rules[rule].action : m_config.defaults.Of(chain);
}

void
Firewall::NameRules()
{
    for (std::size_t i = 0; i < m_config.rules.size(); ++i)
    {
        std::string& name = m_config.rules[i].name;
        if (name.empty())
        {
            name = "rule " + std::to_string(i + 1);
        }
    }
}

std::string_view
Firewall::NameOf(std::size_t rule, FirewallChain chain) const
{
    return rule == m_config.rules.size() ? DEFAULT_NAMES[static_cast<std::size_t>(chain)]
                                         : std::string_view{m_config.rules[rule].name};
}

void
Firewall::Count(std::size_t rule, FirewallChain chain, std::uint16_t bytes)
{
    FirewallCounter& counter = rule < m_counters.size()
                                   ? m_counters[rule]
                                   : m_defaultCounters[static_cast<std::size_t>(chain)];
    ++counter.packets;
    counter.bytes += bytes;
}

Reason
Firewall::WhyRefused(std::size_t rule,
                     const FirewallPacket& packet,
                     const FirewallContext& context,
                     const TrackedPacket& tracked) const
{
    const auto acceptedAs = [&](ConnectionState state)
    { return ActionOf(FindRule(packet, context, state), context.chain) == FirewallAction::Accept; };
    const ConnectionState fitting =
        packet.quoted ? ConnectionState::Related : ConnectionState::Established;
    if (tracked.expired && acceptedAs(fitting))
    {
        return Reason::FirewallStateExpired;
    }
    const ConnectionState valid = packet.quoted ? ConnectionState::Related : ConnectionState::New;
    if (tracked.state == ConnectionState::Invalid && acceptedAs(valid))
    {
        return Reason::FirewallInvalidState;
    }
    return rule < m_config.rules.size() ? Reason::FirewallRule : Reason::FirewallDefault;
}

void
Firewall::SetRules(std::vector<FirewallRule> rules,
                   FirewallDefaults defaults,
                   ConnectionsAtChange connections)
{
    m_config.rules = std::move(rules);
    m_config.defaults = defaults;
    NameRules();
    ResetCounters();
    if (connections == ConnectionsAtChange::Flush)
    {
        m_connections.Clear();
        m_fragments.Clear();
    }
}

void
Firewall::Reboot()
{
    m_connections.Clear();
    m_fragments.Clear();
    ResetCounters();
}

void
Firewall::ResetCounters()
{
    m_counters.assign(m_config.rules.size(), {});
    m_defaultCounters = {};
}

} // namespace nattlab
