// SPDX-License-Identifier: GPL-2.0-only
#ifndef NATTLAB_FIREWALL_FIREWALL_H
#define NATTLAB_FIREWALL_FIREWALL_H

#include "model/firewall/connection-table.h"
#include "model/firewall/firewall-packet.h"
#include "model/firewall/firewall-rule.h"
#include "model/firewall/fragment-memory.h"
#include "model/packet/bytes.h"
#include "model/packet/time.h"
#include "model/trace/reason.h"

#include <array>
#include <cstddef>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace nattlab
{

/** What a firewall says of one packet. */
struct FirewallDecision
{
    FirewallAction action{FirewallAction::Accept};
    Reason reason{Reason::None}; //!< why not, when not accepted
    std::string_view rule;       //!< its name, or "default forward"; for as long as the rules stand
    RejectKind reject{RejectKind::PortUnreachable}; //!< when rejected

    bool Accepted() const
    {
        return action == FirewallAction::Accept;
    }
};

/** How often a rule decided, and about how many bytes. */
struct FirewallCounter
{
    std::uint64_t packets{0};
    std::uint64_t bytes{0}; //!< total lengths of the IPv4 packets
};

/** What becomes of tracked connections when the rules change. */
enum class ConnectionsAtChange : std::uint8_t
{
    Keep,
    Flush,
};

/**
 * A packet filter: the first rule that matches decides, else the chain's default. It judges and
 * counts; the caller drops, and answers what is rejected (see reject.h).
 *
 * The reason of a refusal is what made the difference. It is FirewallStateExpired where the packet
 * would have been accepted had its connection not timed out, FirewallInvalidState where it would
 * have been accepted as the start of a connection, and FirewallRule or FirewallDefault otherwise.
 * The rule named is in each case the one that decided.
 *
 * A later fragment has the ports and the connection of its first one, when that came before it. A
 * later fragment that came first is Invalid and has no ports.
 */
class Firewall
{
  public:
    explicit Firewall(FirewallConfig config);

    /**
     * Judge a packet and count it. A connection begins or is refreshed only when it is accepted.
     * \param packet the IPv4 packet
     * \param context chain and interfaces
     * \param now the present
     */
    FirewallDecision Decide(ByteView packet, const FirewallContext& context, Instant now);

    /** Put other rules in place; all counters begin again. */
    void SetRules(std::vector<FirewallRule> rules,
                  FirewallDefaults defaults,
                  ConnectionsAtChange connections);

    /** Forget connections that have timed out. Decide does so too. */
    void Expire(Instant now)
    {
        m_connections.Expire(now);
    }

    /** \return when Expire may have something to do. Nothing outside is changed by it. */
    std::optional<Instant> Deadline() const
    {
        return m_connections.Deadline();
    }

    /** The machine starts again: connections, fragments and counters are lost. */
    void Reboot();

    /** \return the configuration with the rules now in force. */
    const FirewallConfig& Config() const
    {
        return m_config;
    }

    /** \return one counter per rule, in the rules' order. */
    const std::vector<FirewallCounter>& Counters() const
    {
        return m_counters;
    }

    /** \return the counter of packets that no rule matched. */
    const FirewallCounter& DefaultCounter(FirewallChain chain) const
    {
        return m_defaultCounters[static_cast<std::size_t>(chain)];
    }

    /** \return how many connections are tracked. */
    std::size_t ConnectionCount() const
    {
        return m_connections.Size();
    }

  private:
    std::size_t FindRule(const FirewallPacket& packet,
                         const FirewallContext& context,
                         ConnectionState state) const;
    FirewallAction ActionOf(std::size_t rule, FirewallChain chain) const;
    void NameRules();
    std::string_view NameOf(std::size_t rule, FirewallChain chain) const;
    void Count(std::size_t rule, FirewallChain chain, std::uint16_t bytes);
    Reason WhyRefused(std::size_t rule,
                      const FirewallPacket& packet,
                      const FirewallContext& context,
                      const TrackedPacket& tracked) const;
    TrackedPacket Track(FirewallPacket& packet, Instant now);
    void ResetCounters();

    FirewallConfig m_config;
    std::vector<FirewallCounter> m_counters;
    std::array<FirewallCounter, 3> m_defaultCounters; //!< by FirewallChain
    ConnectionTable m_connections;
    FragmentMemory m_fragments;
};

} // namespace nattlab

#endif
