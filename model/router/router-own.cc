// SPDX-License-Identifier: GPL-2.0-only
/**
 * \file
 * What a box takes in and what it makes: packets for its own addresses, answers, ICMP errors.
 */
#include "model/packet/ipv4.h"
#include "model/router/local-service.h"
#include "model/router/router.h"

#include <utility>

namespace nattlab
{

namespace
{

constexpr std::uint16_t FRAGMENT_MASK = 0x3fff; // more-fragments bit and offset

} // namespace

void
Router::Deliver(Transit transit, const NatResult& nat, Transmissions& out, Instant now)
{
    Packet& packet = transit.packet;
    if ((Load16(&packet.bytes[6]) & FRAGMENT_MASK) != 0)
    {
        if (!Reassemble(packet, now))
        {
            return;
        }
        transit.received = ReceivedHead(packet.bytes);
    }
    LocalOutcome outcome = ServeLocally(packet.bytes, m_config.answersPing);
    // To a NAT's address, everything without mapping is unsolicited, except echo requests.
    const bool served =
        outcome.reason == Reason::None && (outcome.answer || nat.reason == Reason::None);
    const bool unsolicited = !served && nat.reason != Reason::None;
    const FirewallContext context{FirewallChain::Input, m_config.interfaces[transit.in].name, {}};
    if (!unsolicited && !Filter(transit, context, out, now))
    {
        return;
    }
    if (served)
    {
        m_tracer.Consumed(packet.tag);
    }
    else if (unsolicited)
    {
        m_tracer.Dropped(packet, now, Layer::Nat, nat.reason, nat.subject);
    }
    else
    {
        m_tracer.Dropped(packet, now, Layer::Ip, outcome.reason);
    }
    const bool hidden =
        !served &&
        ((m_config.silentOutside && IsOutside(transit.in)) ||
         (unsolicited && m_firewall && !m_firewall->Decide(packet.bytes, context, now).Accepted()));
    if (outcome.answer && !hidden && (!outcome.answerIsIcmpError || m_config.sendsIcmpErrors))
    {
        SendOwn(std::move(*outcome.answer), packet.tag.connection, out, now);
    }
}

void
Router::SendError(const Transit& transit,
                  std::uint8_t type,
                  std::uint8_t code,
                  std::uint32_t rest,
                  Transmissions& out,
                  Instant now)
{
    if (!m_config.sendsIcmpErrors)
    {
        return;
    }
    const Bytes received = transit.received.Restore(transit.packet.bytes);
    const Ipv4Address from = AddressTowards(ip::Source(received), transit.in);
    if (auto error = BuildIcmpError(from, received, type, code, rest))
    {
        SendOwn(std::move(*error), transit.packet.tag.connection, out, now);
    }
}

void
Router::SendOwn(Bytes bytes, ConnectionId connection, Transmissions& out, Instant now)
{
    const Ipv4Address destination = ip::Destination(bytes);
    const Route* route = m_routes.Find(destination);
    // RFC 1122 3.2.2: no answer goes to an address that names no single other host.
    if (!route || destination.IsAny() || destination.IsMulticast() || IsBroadcast(destination) ||
        OwnsAddress(destination))
    {
        return;
    }
    bytes[8] = m_config.ttl;
    Store16(&bytes[4], ++m_identification);
    ip::FixChecksum(bytes);
    Packet packet{m_tracer.NewPacket(connection), std::move(bytes)};
    Record(EventType::PacketSent, packet, now);
    if (m_firewall)
    {
        const FirewallContext context{
            FirewallChain::Output, {}, m_config.interfaces[route->interface].name};
        FirewallDecision decision = m_firewall->Decide(packet.bytes, context, now);
        if (!decision.Accepted())
        {
            m_tracer.Dropped(
                packet, now, Layer::Firewall, decision.reason, std::string(decision.rule));
            return;
        }
    }
    Transmit(std::move(packet), *route, out, now);
}

Ipv4Address
Router::AddressTowards(Ipv4Address destination, std::size_t otherwise) const
{
    // RFC 1812 4.3.2.4: the address of the interface that the error goes out on.
    const Route* route = m_routes.Find(destination);
    return m_config.interfaces[route ? route->interface : otherwise].address.address;
}

} // namespace nattlab
