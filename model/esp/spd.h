// SPDX-License-Identifier: GPL-2.0-only
#ifndef NATTLAB_ESP_SPD_H
#define NATTLAB_ESP_SPD_H

#include "model/esp/selector.h"

#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

namespace nattlab::esp
{

/** What a policy says about a packet (RFC 2401 4.4.1). */
enum class PolicyAction : std::uint8_t
{
    Protect,
    Bypass,
    Discard,
};

/** The way of a packet, seen from the host that has the policy. */
enum class Direction : std::uint8_t
{
    Outbound,
    Inbound,
};

/** Which packets a policy looks at. */
enum class PolicyDirection : std::uint8_t
{
    Both,
    Outbound,
    Inbound,
};

/** One row of the policy database. */
struct Policy
{
    std::string name;
    Selector selector;
    PolicyAction action{PolicyAction::Protect};
    PolicyDirection direction{PolicyDirection::Both};
};

/** \return "protect", "bypass" or "discard". */
std::string_view NameOf(PolicyAction action);

/**
 * The security policy database (RFC 2401 4.4.1): an ordered list, in which the first policy that
 * matches decides. A packet that none matches is the caller's to judge.
 *
 * A look-up reads the list from its start: the list holds policies, which are few on a client and
 * on a server, and not the clients of a server, which have their place in the Sad.
 */
class Spd
{
  public:
    /** Append a policy: it is asked after those that are there. */
    void Add(Policy policy);

    /** Put a policy before all others, as for a filter that is made for one connection. */
    void AddFirst(Policy policy);

    /** Remove all policies of this name. \return how many there were. */
    std::size_t Remove(std::string_view name);

    /** \return the first policy that matches, or null; valid until the list changes. */
    const Policy* Lookup(Direction direction,
                         Ipv4Address local,
                         Ipv4Address remote,
                         std::uint8_t protocol,
                         std::uint16_t localPort,
                         std::uint16_t remotePort) const;

    /** \return the policies in their order. */
    const std::vector<Policy>& Policies() const
    {
        return m_policies;
    }

  private:
    std::vector<Policy> m_policies;
};

} // namespace nattlab::esp

#endif
