// SPDX-License-Identifier: GPL-2.0-only
#include "model/router/router.h"

#include "model/firewall/reject.h"
#include "model/packet/ipv4.h"

#include <algorithm>
#include <utility>

namespace nattlab
{

namespace
{

constexpr std::uint8_t REASSEMBLY_TIME_EXCEEDED = 1; // code of ICMP_TIME_EXCEEDED, RFC 792
constexpr std::uint16_t DONT_FRAGMENT = 0x4000;

} // namespace

Router::Router(RouterConfig config, std::uint64_t seed, Tracer tracer)
    : m_tracer(tracer),
      m_reassembler(config.reassembly),
      m_config(std::move(config))
{
    for (std::size_t i = 0; i < m_config.interfaces.size(); ++i)
    {
        const Ipv4Prefix& address = m_config.interfaces[i].address;
        m_own.Insert(address.address);
        if (address.length <= 30) // RFC 3021: a /31 has no broadcast address
        {
            m_broadcast.Insert(address.Broadcast());
        }
        m_routes.Add({address, std::nullopt, i});
    }
    for (const Route& route : m_config.routes)
    {
        m_config.interfaces.at(route.interface);
        m_routes.Add(route);
    }
    if (m_config.nat)
    {
        std::vector<Ipv4Address>& pool = m_config.nat->pool;
        const bool interfaceAddresses = pool.empty();
        for (std::size_t i = 0; i < m_config.interfaces.size(); ++i)
        {
            if (interfaceAddresses && IsOutside(i))
            {
                pool.push_back(m_config.interfaces[i].address.address);
            }
        }
        m_nat.emplace(*m_config.nat, m_config.name, seed, tracer);
    }
    if (m_config.firewall)
    {
        m_firewall = std::make_unique<Firewall>(*m_config.firewall);
    }
}

Transmissions
Router::Receive(std::size_t interface, Packet packet, Instant now)
{
    m_config.interfaces.at(interface);
    Transmissions out;
    const auto header = Ipv4Header::Parse(packet.bytes);
    if (!header)
    {
        m_tracer.Dropped(packet, now, Layer::Ip, Reason::IpMalformed);
        return out;
    }
    if (header->destination.IsMulticast() || IsBroadcast(header->destination))
    {
        m_tracer.Dropped(packet, now, Layer::Ip, Reason::IpMulticast);
        return out;
    }
    packet.bytes.resize(header->totalLength); // without a link's padding
    if (m_config.reassembles && header->IsFragment() && !Reassemble(packet, now))
    {
        return out;
    }
    const ReceivedHead received(packet.bytes);
    Process({interface, std::move(packet), received}, out, now);
    ProcessReleased(interface, out, now);
    return out;
}

void
Router::Prefetch() const
{
    nattlab::Prefetch(Hot());
    __builtin_prefetch(m_config.interfaces.data());
    if (m_nat)
    {
        m_nat->Prefetch();
    }
}

bool
Router::Reassemble(Packet& packet, Instant now)
{
    Reassembler::Result result = m_reassembler.Receive(std::move(packet), now);
    for (const TraceTag tag : result.merged)
    {
        m_tracer.Consumed(tag);
    }
    for (const Packet& refused : result.refused)
    {
        m_tracer.Dropped(refused, now, Layer::Ip, Reason::IpFragmentRefused);
    }
    for (const Packet& evicted : result.evicted)
    {
        m_tracer.Dropped(evicted, now, Layer::Ip, Reason::IpReassemblyFull);
    }
    if (!result.whole)
    {
        return false;
    }
    packet = std::move(*result.whole);
    Record(EventType::PacketReassembled,
           packet,
           now,
           static_cast<std::int64_t>(result.merged.size() + 1));
    return true;
}

void
Router::Process(Transit transit, Transmissions& out, Instant now)
{
    NatResult nat;
    if (m_nat)
    {
        nat = m_nat->TranslateDestination(transit.packet, IsInside(transit.in), now);
        if (nat.outcome == NatOutcome::Held)
        {
            return;
        }
        if (nat.outcome == NatOutcome::Drop)
        {
            m_tracer.Dropped(transit.packet, now, Layer::Nat, nat.reason, nat.subject);
            return;
        }
        transit.admittedBy = nat.subject;
    }
    if (OwnsAddress(ip::Destination(transit.packet.bytes)))
    {
        Deliver(std::move(transit), nat, out, now);
    }
    else
    {
        Forward(std::move(transit), out, now);
    }
}

void
Router::ProcessReleased(std::size_t in, Transmissions& out, Instant now)
{
    if (!m_nat)
    {
        return;
    }
    for (auto batch = m_nat->TakeReleased(); !batch.empty(); batch = m_nat->TakeReleased())
    {
        for (NatReleased& released : batch)
        {
            // Only later fragments are ever held, and errors never quote those.
            Transit transit{in, std::move(released.packet), {}, released.result.subject};
            const Ipv4Address destination = ip::Destination(transit.packet.bytes);
            const Route* route = m_routes.Find(destination);
            if (!released.sourceDone && OwnsAddress(destination))
            {
                Deliver(std::move(transit), released.result, out, now);
            }
            else if (released.sourceDone && route)
            {
                Emit(std::move(transit), *route, out, now);
            }
            else
            {
                Forward(std::move(transit), out, now);
            }
        }
    }
}

void
Router::Forward(Transit transit, Transmissions& out, Instant now)
{
    Packet& packet = transit.packet;
    if (ip::Ttl(packet.bytes) <= 1)
    {
        m_tracer.Dropped(packet, now, Layer::Ip, Reason::IpTtlExceeded);
        SendError(transit, ICMP_TIME_EXCEEDED, 0, 0, out, now);
        return;
    }
    const Route* route = m_routes.Find(ip::Destination(packet.bytes));
    if (!route)
    {
        m_tracer.Dropped(packet, now, Layer::Ip, Reason::IpNoRoute);
        SendError(transit, ICMP_UNREACHABLE, ICMP_NET_UNREACHABLE, 0, out, now);
        return;
    }
    ip::DecrementTtl(packet.bytes);
    const FirewallContext context{FirewallChain::Forward,
                                  m_config.interfaces[transit.in].name,
                                  m_config.interfaces[route->interface].name};
    if (Filter(transit, context, out, now) && TranslateSource(transit, route->interface, now))
    {
        Emit(std::move(transit), *route, out, now);
    }
}

bool
Router::Filter(Transit& transit, const FirewallContext& context, Transmissions& out, Instant now)
{
    if (!m_firewall)
    {
        return true;
    }
    Packet& packet = transit.packet;
    const FirewallDecision decision = m_firewall->Decide(packet.bytes, context, now);
    if (decision.Accepted())
    {
        if (m_tracer.Wants(EventType::PacketForwarded))
        {
            transit.admittedBy = decision.rule;
        }
        return true;
    }
    m_tracer.Dropped(packet, now, Layer::Firewall, decision.reason, std::string(decision.rule));
    if (decision.action == FirewallAction::Reject)
    {
        const Bytes received = transit.received.Restore(packet.bytes);
        const Ipv4Address from = AddressTowards(ip::Source(received), transit.in);
        if (auto answer = BuildReject(decision.reject, from, received))
        {
            SendOwn(std::move(*answer), packet.tag.connection, out, now);
        }
    }
    return false;
}

bool
Router::TranslateSource(Transit& transit, std::size_t interface, Instant now)
{
    if (!m_nat)
    {
        return true;
    }
    Packet& packet = transit.packet;
    NatResult nat = m_nat->TranslateSource(packet, IsInside(transit.in), IsOutside(interface), now);
    if (nat.outcome == NatOutcome::Drop)
    {
        m_tracer.Dropped(packet, now, Layer::Nat, nat.reason, std::move(nat.subject));
    }
    else if (transit.admittedBy.empty())
    {
        transit.admittedBy = std::move(nat.subject);
    }
    return nat.outcome != NatOutcome::Drop && nat.outcome != NatOutcome::Held;
}

void
Router::Emit(Transit transit, const Route& route, Transmissions& out, Instant now)
{
    Packet& packet = transit.packet;
    const std::size_t mtu = m_config.interfaces[route.interface].mtu;
    if (packet.bytes.size() > mtu && (Load16(&packet.bytes[6]) & DONT_FRAGMENT) != 0)
    {
        m_tracer.Dropped(packet,
                         now,
                         Layer::Ip,
                         Reason::IpFragmentationNeeded,
                         {},
                         "mtu " + std::to_string(mtu));
        // RFC 1191 4: the next hop's MTU stands in the low 16 bits.
        const auto rest = static_cast<std::uint16_t>(std::min<std::size_t>(mtu, 65535));
        SendError(transit, ICMP_UNREACHABLE, ICMP_FRAGMENTATION_NEEDED, rest, out, now);
        return;
    }
    Record(EventType::PacketForwarded, packet, now, 0, std::move(transit.admittedBy));
    Transmit(std::move(packet), route, out, now);
}

void
Router::Transmit(Packet packet, const Route& route, Transmissions& out, Instant now)
{
    const Ipv4Address hop = route.gateway.value_or(ip::Destination(packet.bytes));
    const std::size_t mtu = m_config.interfaces[route.interface].mtu;
    if (packet.bytes.size() <= mtu)
    {
        out.push_back({route.interface, hop, std::move(packet)});
        return;
    }
    std::vector<Bytes> pieces = FragmentPacket(packet.bytes, mtu);
    if (pieces.empty())
    {
        m_tracer.Dropped(packet, now, Layer::Ip, Reason::IpFragmentationNeeded);
        return;
    }
    Record(EventType::PacketFragmented, packet, now, static_cast<std::int64_t>(pieces.size()));
    m_tracer.Consumed(packet.tag);
    for (Bytes& piece : pieces)
    {
        const TraceTag tag = m_tracer.NewPacket(packet.tag.connection);
        out.push_back({route.interface, hop, {tag, std::move(piece)}});
    }
}

Transmissions
Router::Expire(Instant now)
{
    Transmissions out;
    for (std::vector<Packet>& parts : m_reassembler.Expire(now))
    {
        for (Packet& part : parts)
        {
            m_tracer.Dropped(part, now, Layer::Ip, Reason::IpReassemblyTimeout);
        }
        // RFC 792: only the first fragment may be quoted.
        const ReceivedHead received(parts.front().bytes);
        SendError({0, std::move(parts.front()), received},
                  ICMP_TIME_EXCEEDED,
                  REASSEMBLY_TIME_EXCEEDED,
                  0,
                  out,
                  now);
    }
    if (m_nat)
    {
        m_nat->Expire(now);
    }
    if (m_firewall)
    {
        m_firewall->Expire(now);
    }
    return out;
}

std::optional<Instant>
Router::Deadline() const
{
    const auto nat = m_nat ? m_nat->Deadline() : std::nullopt;
    return Earlier(m_reassembler.Deadline(), nat);
}

void
Router::Reboot(Instant now)
{
    for (const Packet& part : m_reassembler.Clear())
    {
        m_tracer.Dropped(part, now, Layer::Ip, Reason::HostDown);
    }
    if (m_nat)
    {
        m_nat->Reboot(now);
    }
    if (m_firewall)
    {
        m_firewall->Reboot();
    }
}

void
Router::SetFirewallRules(std::vector<FirewallRule> rules,
                         FirewallDefaults defaults,
                         ConnectionsAtChange connections)
{
    if (!m_firewall)
    {
        m_firewall = std::make_unique<Firewall>(FirewallConfig{});
    }
    m_firewall->SetRules(std::move(rules), defaults, connections);
}

bool
Router::OwnsAddress(Ipv4Address address) const
{
    return m_own.Contains(address) || (m_nat && m_nat->OwnsAddress(address));
}

std::vector<Ipv4Address>
Router::AddressesOn(std::size_t interface) const
{
    std::vector<Ipv4Address> addresses{m_config.interfaces.at(interface).address.address};
    if (m_nat && IsOutside(interface))
    {
        for (const Ipv4Address address : m_config.nat->pool)
        {
            if (std::find(addresses.begin(), addresses.end(), address) == addresses.end())
            {
                addresses.push_back(address);
            }
        }
    }
    return addresses;
}

bool
Router::IsInside(std::size_t interface) const
{
    return m_config.interfaces[interface].side == RouterInterface::Side::Inside;
}

bool
Router::IsOutside(std::size_t interface) const
{
    return m_config.interfaces[interface].side == RouterInterface::Side::Outside;
}

bool
Router::IsBroadcast(Ipv4Address address) const
{
    return address.value == 0xffffffff || m_broadcast.Contains(address);
}

void
Router::Record(EventType type,
               const Packet& packet,
               Instant now,
               std::int64_t value,
               std::string subject) const
{
    if (!m_tracer.Wants(type))
    {
        return;
    }
    Event event;
    event.time = now;
    event.type = type;
    event.layer = Layer::Ip;
    event.tag = packet.tag;
    event.flow = FlowOf(packet.bytes);
    event.value = value;
    event.subject = std::move(subject);
    m_tracer.Record(std::move(event));
}

} // namespace nattlab
