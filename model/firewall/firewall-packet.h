// SPDX-License-Identifier: GPL-2.0-only
#ifndef NATTLAB_FIREWALL_FIREWALL_PACKET_H
#define NATTLAB_FIREWALL_FIREWALL_PACKET_H

#include "model/firewall/firewall-rule.h"
#include "model/packet/bytes.h"
#include "model/packet/flow.h"

#include <cstdint>
#include <optional>
#include <string_view>

namespace nattlab
{

/** Where a packet meets the firewall. The names must outlive the call that they are given to. */
struct FirewallContext
{
    FirewallChain chain{FirewallChain::Forward};
    std::string_view inInterface{};  //!< empty in the output chain
    std::string_view outInterface{}; //!< empty in the input chain
};

/** What rules and connection tracking look at in a packet. */
struct FirewallPacket
{
    Flow flow;
    std::uint16_t identification{0};
    bool firstFragment{false};
    bool laterFragment{false};
    bool hasPorts{false};    //!< UDP or TCP with its header in this packet
    bool hasIcmpType{false}; //!< ICMP with its header in this packet
    std::uint8_t icmpType{0};
    std::uint8_t icmpCode{0};
    std::uint8_t tcpFlags{0};
    std::optional<FlowKey> quoted; //!< what an ICMP error complains about

    /** Read a packet; what cannot be read keeps its default. */
    static FirewallPacket Read(ByteView packet);

    /** Take over what only the first fragment of a datagram says. */
    void InheritFrom(const FirewallPacket& first);
};

/** \return true when the packet meets every criterion of \p rule. */
bool Matches(const FirewallRule& rule,
             const FirewallPacket& packet,
             const FirewallContext& context,
             ConnectionState state);

} // namespace nattlab

#endif
