// SPDX-License-Identifier: GPL-2.0-only
#include "model/nat/session.h"

#include "model/packet/ipv4.h"

namespace nattlab::nat
{

namespace
{

constexpr std::uint16_t WELL_KNOWN_END = 1024;

void
AdvanceTcp(Session& s, Direction direction, std::uint8_t flags)
{
    if ((flags & TcpHeader::RST) != 0)
    {
        s.state = SessionState::Closing;
        return;
    }
    if (s.state == SessionState::Closing && (flags & TcpHeader::SYN) != 0 &&
        (flags & TcpHeader::ACK) == 0)
    {
        // The endpoints use the same ports for a new connection.
        s.state = SessionState::OneWay;
        s.seenOutbound = direction == Direction::Outbound;
        s.seenInbound = direction == Direction::Inbound;
        s.finOutbound = s.finInbound = false;
    }
    if ((flags & TcpHeader::FIN) != 0)
    {
        (direction == Direction::Outbound ? s.finOutbound : s.finInbound) = true;
    }
    if (s.finOutbound && s.finInbound)
    {
        s.state = SessionState::Closing;
    }
}

Duration
UdpTimeout(const Session& s, const NatConfig::Timeouts& timeouts, Instant now)
{
    if (timeouts.udpWellKnown && s.remote.port < WELL_KNOWN_END)
    {
        return *timeouts.udpWellKnown;
    }
    if (s.state == SessionState::Bidirectional && now - s.created >= timeouts.udpStreamAge)
    {
        return timeouts.udpBidirectional;
    }
    return s.packets == 1 && timeouts.udpFirst ? *timeouts.udpFirst : timeouts.udpOneWay;
}

Duration
Timeout(const Session& s, const NatConfig::Timeouts& timeouts, Instant now)
{
    switch (s.mapping->protocol)
    {
    case IP_UDP:
        return UdpTimeout(s, timeouts, now);
    case IP_TCP:
        return s.state == SessionState::Bidirectional ? timeouts.tcpEstablished
                                                      : timeouts.tcpTransitory;
    case IP_ICMP:
        return timeouts.icmp;
    default:
        return timeouts.other;
    }
}

} // namespace

void
Advance(Session& s,
        const NatConfig& config,
        Direction direction,
        std::uint8_t tcpFlags,
        Instant now)
{
    ++s.packets;
    (direction == Direction::Outbound ? s.seenOutbound : s.seenInbound) = true;
    if (s.mapping->protocol == IP_TCP)
    {
        AdvanceTcp(s, direction, tcpFlags);
    }
    if (s.state == SessionState::OneWay && s.seenOutbound && s.seenInbound)
    {
        s.state = SessionState::Bidirectional;
    }
    const bool refreshes =
        direction == Direction::Outbound ? config.refreshOutbound : config.refreshInbound;
    if (refreshes || s.packets == 1 || s.mapping->protocol != IP_UDP)
    {
        s.deadline = now + Timeout(s, config.timeouts, now);
    }
}

} // namespace nattlab::nat
