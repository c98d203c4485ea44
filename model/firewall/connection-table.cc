// SPDX-License-Identifier: GPL-2.0-only
#include "model/firewall/connection-table.h"

#include "model/packet/ipv4.h"

#include <tuple>

namespace nattlab
{

namespace
{

/** \return the one key that both directions of a flow have. */
FlowKey
Canonical(const FlowKey& key, bool& swapped)
{
    swapped = std::tie(key.destination, key.destinationPort) < std::tie(key.source, key.sourcePort);
    return swapped ? key.Reversed() : key;
}

bool
HasPorts(std::uint8_t protocol)
{
    return protocol == IP_UDP || protocol == IP_TCP;
}

/** \return true for a SYN that opens a connection: without ACK, RST and FIN. */
bool
IsOpening(std::uint8_t tcpFlags)
{
    constexpr std::uint8_t looked =
        TcpHeader::SYN | TcpHeader::ACK | TcpHeader::RST | TcpHeader::FIN;
    return (tcpFlags & looked) == TcpHeader::SYN;
}

bool
IsOver(TcpTracking state)
{
    return state == TcpTracking::TimeWait || state == TcpTracking::Closed;
}

} // namespace

ConnectionTable::ConnectionTable(const FirewallTimeouts& timeouts, std::size_t most, bool tcpPickup)
    : m_timeouts(timeouts),
      m_most(most),
      m_tcpPickup(tcpPickup)
{
}

ConnectionTable::Entry*
ConnectionTable::Find(const FlowKey& key, bool& reply)
{
    bool swapped = false;
    const auto it = m_entries.find(Canonical(key, swapped));
    if (it == m_entries.end())
    {
        return nullptr;
    }
    reply = swapped != it->second.swapped;
    return &it->second;
}

TrackedPacket
ConnectionTable::Classify(const FirewallPacket& packet, Instant now)
{
    Expire(now);
    const std::uint8_t protocol = packet.flow.protocol;
    TrackedPacket tracked;
    tracked.key = KeyOf(packet.flow);
    tracked.tcpFlags = packet.tcpFlags;
    tracked.state = ConnectionState::Invalid;
    bool reply = false;
    if (packet.quoted)
    {
        const Entry* about = Find(*packet.quoted, reply);
        tracked.expired = about && about->dead;
        if (about && !about->dead)
        {
            tracked.state = ConnectionState::Related;
        }
        return tracked;
    }
    const bool echo = packet.hasIcmpType && IcmpHeader{packet.icmpType, 0, 0}.IsEcho();
    if (packet.flow.length == 0 || packet.laterFragment || (protocol == IP_ICMP && !echo) ||
        (HasPorts(protocol) && !packet.hasPorts))
    {
        return tracked;
    }
    const Entry* entry = Find(tracked.key, reply);
    if (entry && !entry->dead)
    {
        tracked.state = StateOf(*entry, reply, packet.tcpFlags);
    }
    else
    {
        tracked.expired = entry != nullptr;
        tracked.state = MayStart(packet) ? ConnectionState::New : ConnectionState::Invalid;
    }
    tracked.trackable = tracked.state != ConnectionState::Invalid;
    return tracked;
}

bool
ConnectionTable::MayStart(const FirewallPacket& packet) const
{
    if (packet.flow.protocol == IP_ICMP)
    {
        return packet.icmpType == ICMP_ECHO;
    }
    if (packet.flow.protocol != IP_TCP || IsOpening(packet.tcpFlags))
    {
        return true;
    }
    return m_tcpPickup && (packet.tcpFlags & (TcpHeader::SYN | TcpHeader::RST)) == 0;
}

ConnectionState
ConnectionTable::StateOf(const Entry& entry, bool reply, std::uint8_t tcpFlags) const
{
    if (entry.tcp != TcpTracking::None)
    {
        if (IsOver(entry.tcp) && IsOpening(tcpFlags))
        {
            return ConnectionState::New;
        }
        const bool opens = (tcpFlags & TcpHeader::SYN) != 0;
        const bool ends = (tcpFlags & (TcpHeader::RST | TcpHeader::FIN)) != 0;
        const bool answers = (tcpFlags & (TcpHeader::SYN | TcpHeader::RST)) != 0;
        if ((opens && ends) || (entry.tcp == TcpTracking::SynSent && reply && !answers))
        {
            return ConnectionState::Invalid;
        }
    }
    return reply || entry.replied ? ConnectionState::Established : ConnectionState::New;
}

bool
ConnectionTable::Commit(const TrackedPacket& packet, Instant now)
{
    if (!packet.trackable)
    {
        return true;
    }
    bool swapped = false;
    const FlowKey canonical = Canonical(packet.key, swapped);
    auto it = m_entries.find(canonical);
    if (it == m_entries.end() || it->second.dead)
    {
        if (m_alive >= m_most)
        {
            return false;
        }
        Entry fresh;
        fresh.id = ++m_lastId;
        fresh.swapped = swapped;
        fresh.created = now;
        it = m_entries.insert_or_assign(canonical, fresh).first;
        ++m_alive;
    }
    Entry& entry = it->second;
    if (IsOver(entry.tcp) && IsOpening(packet.tcpFlags))
    {
        entry.swapped = swapped;
        entry.replied = entry.fin = entry.replyFin = false;
        entry.tcp = TcpTracking::None;
        entry.created = now;
    }
    const bool reply = swapped != entry.swapped;
    entry.replied = entry.replied || reply;
    if (canonical.protocol == IP_TCP)
    {
        Advance(entry, reply, packet.tcpFlags);
    }
    Refresh(entry, canonical, now);
    return true;
}

void
ConnectionTable::Advance(Entry& entry, bool reply, std::uint8_t tcpFlags) const
{
    if ((tcpFlags & TcpHeader::RST) != 0)
    {
        entry.tcp = TcpTracking::Closed;
        return;
    }
    if ((tcpFlags & TcpHeader::SYN) != 0)
    {
        if (entry.tcp == TcpTracking::None)
        {
            entry.tcp = TcpTracking::SynSent;
        }
        else if (entry.tcp == TcpTracking::SynSent && reply)
        {
            entry.tcp = TcpTracking::SynReceived;
        }
        return;
    }
    const bool completes =
        entry.tcp == TcpTracking::SynReceived && (tcpFlags & TcpHeader::ACK) != 0;
    if (entry.tcp == TcpTracking::None || completes)
    {
        entry.tcp = TcpTracking::Established;
    }
    if ((tcpFlags & TcpHeader::FIN) != 0)
    {
        (reply ? entry.replyFin : entry.fin) = true;
        entry.tcp = entry.fin && entry.replyFin ? TcpTracking::TimeWait : TcpTracking::Closing;
    }
}

Duration
ConnectionTable::IdleTime(const Entry& entry, std::uint8_t protocol, Instant now) const
{
    switch (protocol)
    {
    case IP_UDP:
        return entry.replied && now - entry.created >= m_timeouts.udpStreamAfter
                   ? m_timeouts.udpStream
                   : m_timeouts.udpOneWay;
    case IP_TCP:
        return entry.tcp == TcpTracking::Established ? m_timeouts.tcpEstablished
               : entry.tcp == TcpTracking::Closed    ? m_timeouts.tcpClosed
                                                     : m_timeouts.tcpTransitory;
    case IP_ICMP:
        return m_timeouts.icmp;
    default:
        return m_timeouts.other;
    }
}

void
ConnectionTable::Refresh(Entry& entry, const FlowKey& canonical, Instant now)
{
    entry.deadline = now + IdleTime(entry, canonical.protocol, now);
    // A later deadline is left to Expire, so that most packets do not touch the queue.
    if (!entry.check || entry.deadline < *entry.check)
    {
        entry.check = entry.deadline;
        m_checks.Set({entry.id, canonical}, entry.deadline);
    }
}

void
ConnectionTable::Expire(Instant now)
{
    while (const auto ticket = m_checks.PopDue(now))
    {
        Entry& entry = m_entries.at(ticket->key);
        if (entry.deadline > now)
        {
            entry.check = entry.deadline;
            m_checks.Set(*ticket, entry.deadline);
        }
        else
        {
            Bury(*ticket, entry);
        }
    }
    while (!m_tombs.empty() && (m_tombs.front().until <= now || m_tombs.size() > m_most))
    {
        ForgetOldestTomb();
    }
}

void
ConnectionTable::Bury(const Ticket& ticket, Entry& entry)
{
    --m_alive;
    if (IsOver(entry.tcp))
    {
        m_entries.erase(ticket.key); // it ended, it did not time out
        return;
    }
    entry.dead = true;
    m_tombs.push_back({ticket, entry.deadline + m_timeouts.expiredMemory});
}

void
ConnectionTable::ForgetOldestTomb()
{
    const Ticket ticket = m_tombs.front().ticket;
    m_tombs.pop_front();
    const auto it = m_entries.find(ticket.key);
    if (it != m_entries.end() && it->second.id == ticket.id)
    {
        m_entries.erase(it);
    }
}

void
ConnectionTable::Clear()
{
    m_entries.clear();
    m_checks = {};
    m_tombs.clear();
    m_alive = 0;
}

} // namespace nattlab
