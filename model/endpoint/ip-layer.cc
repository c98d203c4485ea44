// SPDX-License-Identifier: GPL-2.0-only
#include "model/endpoint/ip-layer.h"

#include "model/firewall/reject.h"

#include <string>
#include <utility>

namespace nattlab
{

IpLayer::IpLayer(IpConfig config, Tracer tracer)
    : m_tracer(tracer),
      m_reassembler(config.reassembly),
      m_config(std::move(config))
{
    if (m_config.firewall)
    {
        m_firewall = std::make_unique<Firewall>(*m_config.firewall);
    }
}

void
IpLayer::Send(Ipv4Address destination,
              std::uint8_t protocol,
              ByteView segment,
              ConnectionId connection,
              Instant now,
              HostTransmissions& out)
{
    Ipv4Header header;
    header.source = Address();
    header.destination = destination;
    header.protocol = protocol;
    header.ttl = m_config.ttl;
    header.identification = m_nextId++;
    SendWhole(header.Build(segment), connection, now, out);
}

void
IpLayer::SendWhole(Bytes bytes, ConnectionId connection, Instant now, HostTransmissions& out)
{
    if (EventLog* log = m_tracer.Log())
    {
        log->CountSent(connection, bytes.size());
    }
    Packet packet{m_tracer.NewPacket(connection), std::move(bytes)};
    Record(EventType::PacketSent, packet, now, 0);
    if (Forbids(packet, true, now))
    {
        return;
    }
    if (m_firewall)
    {
        const FirewallDecision decision =
            m_firewall->Decide(packet.bytes, {FirewallChain::Output, "", "link"}, now);
        if (!decision.Accepted())
        {
            m_tracer.Dropped(
                packet, now, Layer::Firewall, decision.reason, std::string(decision.rule));
            return;
        }
    }
    Transmit(std::move(packet), now, out);
}

void
IpLayer::Record(EventType type, const Packet& packet, Instant now, std::size_t value) const
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
    event.value = static_cast<std::int64_t>(value);
    m_tracer.Record(std::move(event));
}

void
IpLayer::SendIcmpError(const Packet& about,
                       std::uint8_t type,
                       std::uint8_t code,
                       Instant now,
                       HostTransmissions& out)
{
    if (auto error = BuildIcmpError(Address(), about.bytes, type, code))
    {
        Store16(&(*error)[4], m_nextId++);
        (*error)[8] = m_config.ttl;
        ip::FixChecksum(*error);
        SendWhole(std::move(*error), about.tag.connection, now, out);
    }
}

void
IpLayer::Transmit(Packet packet, Instant now, HostTransmissions& out)
{
    const Ipv4Address destination = ip::Destination(packet.bytes);
    const bool onLink = m_config.address.Contains(destination);
    if (!onLink && !m_config.gateway)
    {
        m_tracer.Dropped(packet, now, Layer::Ip, Reason::IpNoRoute);
        return;
    }
    const Ipv4Address nextHop = onLink ? destination : *m_config.gateway;
    if (packet.bytes.size() <= m_config.mtu)
    {
        out.push_back({nextHop, std::move(packet)});
        return;
    }
    const auto header = Ipv4Header::Parse(packet.bytes);
    std::vector<Bytes> pieces;
    if (header && !header->dontFragment)
    {
        pieces = FragmentPacket(packet.bytes, m_config.mtu);
    }
    if (pieces.empty())
    {
        m_tracer.Dropped(packet, now, Layer::Ip, Reason::IpFragmentationNeeded);
        return;
    }
    Record(EventType::PacketFragmented, packet, now, pieces.size());
    m_tracer.Consumed(packet.tag);
    for (Bytes& piece : pieces)
    {
        out.push_back(
            {nextHop, Packet{m_tracer.NewPacket(packet.tag.connection), std::move(piece)}});
    }
}

std::optional<Packet>
IpLayer::Receive(Packet packet, Instant now, HostTransmissions& out)
{
    const auto header = Ipv4Header::Parse(packet.bytes);
    if (!header)
    {
        m_tracer.Dropped(packet, now, Layer::Ip, Reason::IpMalformed);
        return std::nullopt;
    }
    if (header->destination != Address())
    {
        m_tracer.Dropped(packet, now, Layer::Ip, Reason::IpNotForUs);
        return std::nullopt;
    }
    if (header->IsFragment())
    {
        Reassembler::Result result = m_reassembler.Receive(std::move(packet), now);
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
            return std::nullopt;
        }
        for (const TraceTag& tag : result.merged)
        {
            m_tracer.Consumed(tag);
        }
        packet = std::move(*result.whole);
        Record(EventType::PacketReassembled, packet, now, result.merged.size() + 1);
    }
    if (m_firewall)
    {
        const FirewallDecision decision =
            m_firewall->Decide(packet.bytes, {FirewallChain::Input, "link", ""}, now);
        if (!decision.Accepted())
        {
            m_tracer.Dropped(
                packet, now, Layer::Firewall, decision.reason, std::string(decision.rule));
            if (decision.action == FirewallAction::Reject)
            {
                if (auto answer = BuildReject(decision.reject, Address(), packet.bytes))
                {
                    SendWhole(std::move(*answer), packet.tag.connection, now, out);
                }
            }
            return std::nullopt;
        }
    }
    if (Forbids(packet, false, now))
    {
        return std::nullopt;
    }
    return packet;
}

void
IpLayer::SetGuard(Guard guard)
{
    m_guard = std::move(guard);
}

/** Account for a packet that the IPsec policy forbids. */
bool
IpLayer::Forbids(const Packet& packet, bool outbound, Instant now) const
{
    const auto rule = m_guard ? m_guard(packet.bytes, outbound) : std::nullopt;
    if (rule)
    {
        m_tracer.Dropped(packet, now, Layer::Esp, Reason::SpdDiscard, *rule);
    }
    return rule.has_value();
}

FirewallDecision
IpLayer::DecideInner(ByteView packet, const char* interface, Instant now)
{
    return m_firewall ? m_firewall->Decide(packet, {FirewallChain::Input, interface, ""}, now)
                      : FirewallDecision{};
}

void
IpLayer::Expire(Instant now)
{
    for (const std::vector<Packet>& fragments : m_reassembler.Expire(now))
    {
        for (const Packet& fragment : fragments)
        {
            m_tracer.Dropped(fragment, now, Layer::Ip, Reason::IpReassemblyTimeout);
        }
    }
    if (m_firewall)
    {
        m_firewall->Expire(now);
    }
}

std::optional<Instant>
IpLayer::Deadline() const
{
    return m_reassembler.Deadline();
}

void
IpLayer::Reset(Instant now, Reason reason)
{
    for (const Packet& fragment : m_reassembler.Clear())
    {
        m_tracer.Dropped(fragment, now, Layer::Ip, reason);
    }
    if (m_firewall)
    {
        m_firewall->Reboot();
    }
}

void
IpLayer::SetFirewall(FirewallConfig config)
{
    m_config.firewall = std::move(config);
    m_firewall = std::make_unique<Firewall>(*m_config.firewall);
}

} // namespace nattlab
