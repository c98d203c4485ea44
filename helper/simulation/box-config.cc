// SPDX-License-Identifier: GPL-2.0-only
#include "helper/simulation/choice.h"
#include "helper/simulation/engine-config.h"

#include "helper/scenario/unit.h"

#include <algorithm>
#include <charconv>

namespace nattlab
{

namespace
{

using scenario::Section;

/** Names of IP protocols that the file format knows; numbers are taken as they are. */
std::uint8_t
Protocol(const Section& s, std::string_view key)
{
    const scenario::Json* value = s.Find(key);
    if (value && value->is_number())
    {
        return static_cast<std::uint8_t>(s.Number(key, 0));
    }
    return Choose<std::uint8_t>(s,
                                key,
                                0,
                                {{"icmp", IP_ICMP},
                                 {"tcp", IP_TCP},
                                 {"udp", IP_UDP},
                                 {"gre", IP_GRE},
                                 {"esp", IP_ESP},
                                 {"ah", IP_AH}});
}

NatConfig::Timeouts
MakeNatTimeouts(const Section& s)
{
    NatConfig::Timeouts t;
    t.udpOneWay = s.Time("udpOneWay", t.udpOneWay);
    t.udpBidirectional = s.Time("udpBidirectional", t.udpBidirectional);
    t.udpFirst = s.OptionalTime("udpFirst");
    t.udpWellKnown = s.OptionalTime("udpWellKnown");
    t.udpStreamAge = s.Time("udpStreamAge", t.udpStreamAge);
    t.tcpEstablished = s.Time("tcpEstablished", t.tcpEstablished);
    t.tcpTransitory = s.Time("tcpTransitory", t.tcpTransitory);
    t.icmp = s.Time("icmp", t.icmp);
    t.other = s.Time("other", t.other);
    t.spiPending = s.Time("spiPending", t.spiPending);
    return t;
}

NatConfig::Forward
MakeForward(const Section& s)
{
    NatConfig::Forward f;
    f.protocol = Protocol(s, "protocol");
    f.externalAddress = s.Address("externalAddress").value_or(Ipv4Address{});
    ReadNumber(s, "externalPort", f.externalPort);
    f.inside = s.Address("inside").value_or(Ipv4Address{});
    ReadNumber(s, "insidePort", f.insidePort);
    return f;
}

AddressMatch
MakeAddressMatch(const Section& s, std::string_view key, std::string_view notKey)
{
    AddressMatch match;
    match.negated = s.Has(notKey);
    const std::string_view used = match.negated ? notKey : key;
    for (const std::string& text : s.Texts(used))
    {
        const auto prefix = Ipv4Prefix::Parse(text);
        if (!prefix)
        {
            s.Fail(used, "IPv4 prefixes");
        }
        match.prefixes.push_back(*prefix);
    }
    return match;
}

PortMatch
MakePortMatch(const Section& s, std::string_view key, std::string_view notKey)
{
    PortMatch match;
    match.negated = s.Has(notKey);
    const std::string_view used = match.negated ? notKey : key;
    const scenario::Json* list = s.Find(used);
    if (!list)
    {
        return match;
    }
    for (const scenario::Json& item : *list)
    {
        if (item.is_number())
        {
            const auto port = item.get<std::uint16_t>();
            match.ranges.push_back({port, port});
            continue;
        }
        const std::string text = item.get<std::string>();
        const std::size_t dash = text.find('-');
        PortRange range;
        const char* const end = text.data() + text.size();
        const auto first = std::from_chars(text.data(), end, range.first);
        range.last = range.first;
        if (dash != std::string::npos)
        {
            std::from_chars(text.data() + dash + 1, end, range.last);
        }
        if (first.ec != std::errc{})
        {
            s.Fail(used, "ports and ranges of ports");
        }
        match.ranges.push_back(range);
    }
    return match;
}

const Choices<FirewallAction> ACTIONS{{"accept", FirewallAction::Accept},
                                      {"drop", FirewallAction::Drop},
                                      {"reject", FirewallAction::Reject}};

const Choices<RejectKind> REJECTS{{"net-unreachable", RejectKind::NetUnreachable},
                                  {"host-unreachable", RejectKind::HostUnreachable},
                                  {"protocol-unreachable", RejectKind::ProtocolUnreachable},
                                  {"port-unreachable", RejectKind::PortUnreachable},
                                  {"net-prohibited", RejectKind::NetProhibited},
                                  {"host-prohibited", RejectKind::HostProhibited},
                                  {"admin-prohibited", RejectKind::AdminProhibited},
                                  {"tcp-reset", RejectKind::TcpReset}};

FirewallRule
MakeRule(const Section& s)
{
    FirewallRule r;
    r.name = s.Text("name", "");
    r.action = Choose(s, "action", r.action, ACTIONS);
    r.reject = Choose(s, "reject", r.reject, REJECTS);
    if (s.Has("chain"))
    {
        r.chain = Choose(s,
                         "chain",
                         FirewallChain::Forward,
                         {{"forward", FirewallChain::Forward},
                          {"input", FirewallChain::Input},
                          {"output", FirewallChain::Output}});
    }
    r.inInterface = s.Text("inInterface", "");
    r.outInterface = s.Text("outInterface", "");
    r.source = MakeAddressMatch(s, "source", "notSource");
    r.destination = MakeAddressMatch(s, "destination", "notDestination");
    if (s.Has("protocol"))
    {
        r.protocol = Protocol(s, "protocol");
    }
    r.sourcePorts = MakePortMatch(s, "sourcePorts", "notSourcePorts");
    r.destinationPorts = MakePortMatch(s, "destinationPorts", "notDestinationPorts");
    if (s.Has("icmpType"))
    {
        r.icmpType = static_cast<std::uint8_t>(s.Number("icmpType", 0));
    }
    if (s.Has("icmpCode"))
    {
        r.icmpCode = static_cast<std::uint8_t>(s.Number("icmpCode", 0));
    }
    r.fragment = Choose(s,
                        "fragment",
                        r.fragment,
                        {{"any", FragmentMatch::Any},
                         {"fragment", FragmentMatch::Fragment},
                         {"first", FragmentMatch::First},
                         {"later", FragmentMatch::Later},
                         {"whole", FragmentMatch::Whole}});
    for (const std::string& state : s.Texts("states"))
    {
        r.states.push_back(
            ChooseItem<ConnectionState>(s,
                                        "states",
                                        state,
                                        {{"new", ConnectionState::New},
                                         {"established", ConnectionState::Established},
                                         {"related", ConnectionState::Related},
                                         {"invalid", ConnectionState::Invalid}}));
    }
    r.minLength = static_cast<std::uint16_t>(s.Bytes("minLength", r.minLength));
    r.maxLength = static_cast<std::uint16_t>(s.Bytes("maxLength", r.maxLength));
    return r;
}

FirewallTimeouts
MakeFirewallTimeouts(const Section& s)
{
    FirewallTimeouts t;
    t.udpOneWay = s.Time("udpOneWay", t.udpOneWay);
    t.udpStream = s.Time("udpStream", t.udpStream);
    t.udpStreamAfter = s.Time("udpStreamAfter", t.udpStreamAfter);
    t.tcpEstablished = s.Time("tcpEstablished", t.tcpEstablished);
    t.tcpTransitory = s.Time("tcpTransitory", t.tcpTransitory);
    t.tcpClosed = s.Time("tcpClosed", t.tcpClosed);
    t.icmp = s.Time("icmp", t.icmp);
    t.other = s.Time("other", t.other);
    t.fragments = s.Time("fragments", t.fragments);
    t.expiredMemory = s.Time("expiredMemory", t.expiredMemory);
    return t;
}

} // namespace

NatConfig
MakeNatConfig(const Section& s)
{
    NatConfig c;
    for (const std::string& text : s.Texts("pool"))
    {
        const auto range = scenario::ParseRange(text);
        if (!range)
        {
            s.Fail("pool", "addresses and ranges of addresses");
        }
        for (std::uint64_t a = range->first.value; a <= range->last.value; ++a)
        {
            c.pool.push_back({static_cast<std::uint32_t>(a)});
        }
    }
    using M = NatConfig::Mapping;
    c.mapping = Choose(s,
                       "mapping",
                       c.mapping,
                       {{"endpoint-independent", M::EndpointIndependent},
                        {"address-dependent", M::AddressDependent},
                        {"address-and-port-dependent", M::AddressAndPortDependent}});
    using F = NatConfig::Filtering;
    c.filtering = Choose(s,
                         "filtering",
                         c.filtering,
                         {{"endpoint-independent", F::EndpointIndependent},
                          {"address-dependent", F::AddressDependent},
                          {"address-and-port-dependent", F::AddressAndPortDependent}});
    using A = NatConfig::PortAllocation;
    c.portAllocation = Choose(s,
                              "portAllocation",
                              c.portAllocation,
                              {{"preserve", A::Preserve},
                               {"sequential", A::Sequential},
                               {"random", A::Random},
                               {"range", A::Range}});
    ReadNumber(s, "portFirst", c.portFirst);
    ReadNumber(s, "portLast", c.portLast);
    ReadNumber(s, "blockSize", c.blockSize);
    c.pooling = Choose(
        s,
        "pooling",
        c.pooling,
        {{"paired", NatConfig::Pooling::Paired}, {"arbitrary", NatConfig::Pooling::Arbitrary}});
    c.keepParity = s.Bool("keepParity", c.keepParity);
    c.portOverloading = s.Bool("portOverloading", c.portOverloading);
    c.timeouts = MakeNatTimeouts(s.Sub("timeouts"));
    c.refreshOutbound = s.Bool("refreshOutbound", c.refreshOutbound);
    c.refreshInbound = s.Bool("refreshInbound", c.refreshInbound);
    c.hairpinning = s.Bool("hairpinning", c.hairpinning);
    using P = NatConfig::ProtocolHandling;
    c.otherProtocols = Choose(s,
                              "otherProtocols",
                              c.otherProtocols,
                              {{"drop", P::Drop},
                               {"address-only", P::AddressOnly},
                               {"spi-learning", P::SpiLearning},
                               {"pinned-port-owner", P::PinnedPortOwner}});
    if (const scenario::Json* ports = s.Find("pinnedPorts"))
    {
        c.pinnedPorts = ports->get<std::vector<std::uint16_t>>();
    }
    c.pinnedConflict = Choose(s,
                              "pinnedConflict",
                              c.pinnedConflict,
                              {{"refuse", NatConfig::PinnedConflict::Refuse},
                               {"displace", NatConfig::PinnedConflict::Displace}});
    c.fragments = Choose(s,
                         "fragments",
                         c.fragments,
                         {{"none", NatConfig::Fragments::None},
                          {"ordered", NatConfig::Fragments::Ordered},
                          {"out-of-order", NatConfig::Fragments::OutOfOrder}});
    c.fragmentTimeout = s.Time("fragmentTimeout", c.fragmentTimeout);
    ReadNumber(s, "mostFragmentHeld", c.mostFragmentHeld);
    ReadNumber(s, "mostFragmented", c.mostFragmented);
    ReadNumber(s, "maxSessions", c.maxSessions);
    ReadNumber(s, "maxPerHost", c.maxPerHost);
    c.portReuseDelay = s.Time("portReuseDelay", c.portReuseDelay);
    for (const Section& forward : s.Items("forwards"))
    {
        c.forwards.push_back(MakeForward(forward));
    }
    c.rememberExpired = s.Time("rememberExpired", c.rememberExpired);
    ReadNumber(s, "mostRemembered", c.mostRemembered);
    return c;
}

FirewallConfig
MakeFirewallConfig(const Section& s)
{
    FirewallConfig c;
    for (const Section& rule : s.Items("rules"))
    {
        c.rules.push_back(MakeRule(rule));
    }
    const Section defaults = s.Sub("defaults");
    c.defaults.forward = Choose(defaults, "forward", c.defaults.forward, ACTIONS);
    c.defaults.input = Choose(defaults, "input", c.defaults.input, ACTIONS);
    c.defaults.output = Choose(defaults, "output", c.defaults.output, ACTIONS);
    c.defaults.reject = Choose(defaults, "reject", c.defaults.reject, REJECTS);
    c.stateful = s.Bool("stateful", c.stateful);
    c.tcpPickup = s.Bool("tcpPickup", c.tcpPickup);
    c.timeouts = MakeFirewallTimeouts(s.Sub("timeouts"));
    ReadNumber(s, "tableSize", c.tableSize);
    return c;
}

} // namespace nattlab
