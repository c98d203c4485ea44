// SPDX-License-Identifier: GPL-2.0-only
#include "model/firewall/firewall-packet.h"

#include "model/packet/ipv4.h"

#include <algorithm>

namespace nattlab
{

namespace
{

constexpr std::size_t TCP_FLAGS_OFFSET = 13;

/** \return the flow that an ICMP error quotes, where it can be one that this firewall tracks. */
std::optional<FlowKey>
QuotedFlow(const Flow& outer, ByteView quote)
{
    if (quote.size() < 20 || quote[0] >> 4 != 4)
    {
        return std::nullopt;
    }
    const Flow inner = FlowOf(quote);
    // The error goes to the sender of what it quotes (RFC 792).
    if (inner.source != outer.destination)
    {
        return std::nullopt;
    }
    return KeyOf(inner);
}

bool
FragmentMatches(FragmentMatch match, const FirewallPacket& packet)
{
    switch (match)
    {
    case FragmentMatch::Any:
        return true;
    case FragmentMatch::Fragment:
        return packet.flow.fragment;
    case FragmentMatch::First:
        return packet.firstFragment;
    case FragmentMatch::Later:
        return packet.laterFragment;
    case FragmentMatch::Whole:
        return !packet.flow.fragment;
    }
    return false;
}

bool
IcmpMatches(const FirewallRule& rule, const FirewallPacket& packet)
{
    if (!rule.icmpType && !rule.icmpCode)
    {
        return true;
    }
    return packet.hasIcmpType && (!rule.icmpType || *rule.icmpType == packet.icmpType) &&
           (!rule.icmpCode || *rule.icmpCode == packet.icmpCode);
}

bool
InterfaceMatches(const std::string& wanted, std::string_view name)
{
    return wanted.empty() || wanted == name;
}

} // namespace

bool
AddressMatch::Matches(Ipv4Address address) const
{
    if (prefixes.empty())
    {
        return true;
    }
    const bool listed = std::any_of(prefixes.begin(),
                                    prefixes.end(),
                                    [address](const Ipv4Prefix& p) { return p.Contains(address); });
    return listed != negated;
}

bool
PortMatch::Matches(std::optional<std::uint16_t> port) const
{
    if (ranges.empty())
    {
        return true;
    }
    if (!port)
    {
        return false;
    }
    const bool listed =
        std::any_of(ranges.begin(),
                    ranges.end(),
                    [port](const PortRange& r) { return r.first <= *port && *port <= r.last; });
    return listed != negated;
}

FirewallPacket
FirewallPacket::Read(ByteView packet)
{
    FirewallPacket p;
    p.flow = FlowOf(packet);
    if (packet.size() < 20)
    {
        return p;
    }
    p.identification = Load16(packet.data() + 4);
    p.laterFragment = (Load16(packet.data() + 6) & 0x1fff) != 0;
    p.firstFragment = p.flow.fragment && !p.laterFragment;
    if (p.laterFragment)
    {
        return p;
    }
    const ByteView payload = ip::Payload(packet);
    if (p.flow.protocol == IP_UDP || p.flow.protocol == IP_TCP)
    {
        p.hasPorts = payload.size() >= 4;
        if (p.flow.protocol == IP_TCP && payload.size() > TCP_FLAGS_OFFSET)
        {
            p.tcpFlags = payload[TCP_FLAGS_OFFSET];
        }
    }
    else if (p.flow.protocol == IP_ICMP && payload.size() >= IcmpHeader::SIZE)
    {
        p.hasIcmpType = true;
        p.icmpType = payload[0];
        p.icmpCode = payload[1];
        if (IcmpHeader{p.icmpType, p.icmpCode, 0}.IsError())
        {
            p.quoted = QuotedFlow(p.flow, payload.Sub(IcmpHeader::SIZE));
        }
    }
    return p;
}

void
FirewallPacket::InheritFrom(const FirewallPacket& first)
{
    flow.sourcePort = first.flow.sourcePort;
    flow.destinationPort = first.flow.destinationPort;
    hasPorts = first.hasPorts;
    hasIcmpType = first.hasIcmpType;
    icmpType = first.icmpType;
    icmpCode = first.icmpCode;
}

bool
Matches(const FirewallRule& rule,
        const FirewallPacket& packet,
        const FirewallContext& context,
        ConnectionState state)
{
    const Flow& flow = packet.flow;
    const auto port = [&packet](std::uint16_t value)
    { return packet.hasPorts ? std::optional<std::uint16_t>{value} : std::nullopt; };
    const bool stateMatches =
        rule.states.empty() ||
        std::find(rule.states.begin(), rule.states.end(), state) != rule.states.end();
    return (!rule.chain || *rule.chain == context.chain) &&
           (!rule.protocol || *rule.protocol == flow.protocol) && stateMatches &&
           InterfaceMatches(rule.inInterface, context.inInterface) &&
           InterfaceMatches(rule.outInterface, context.outInterface) &&
           rule.source.Matches(flow.source) && rule.destination.Matches(flow.destination) &&
           rule.sourcePorts.Matches(port(flow.sourcePort)) &&
           rule.destinationPorts.Matches(port(flow.destinationPort)) && IcmpMatches(rule, packet) &&
           FragmentMatches(rule.fragment, packet) && rule.minLength <= flow.length &&
           flow.length <= rule.maxLength;
}

} // namespace nattlab
