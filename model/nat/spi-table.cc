// SPDX-License-Identifier: GPL-2.0-only
#include "model/nat/spi-table.h"

#include "model/packet/ipv4.h"

namespace nattlab::nat
{

namespace
{

FlowKey
SpiKey(Ipv4Address local, Ipv4Address remote, std::uint32_t spi)
{
    return {local,
            remote,
            static_cast<std::uint16_t>(spi >> 16),
            static_cast<std::uint16_t>(spi),
            IP_ESP};
}

std::string
SpiText(std::uint32_t spi)
{
    Bytes bytes;
    Append32(bytes, spi);
    return "0x" + ToHex(bytes);
}

void
EraseIf(HashTable<FlowKey, std::uint64_t>& index, const FlowKey& key, std::uint64_t id)
{
    const auto it = index.find(key);
    if (it != index.end() && it->second == id)
    {
        index.erase(it);
    }
}

} // namespace

SpiTable::SpiTable(const NatConfig& config,
                   SessionCounts& counts,
                   ExpiredMappings& expired,
                   Tracer tracer)
    : m_config(config),
      m_counts(counts),
      m_expired(expired),
      m_tracer(tracer)
{
}

FlowKey
SpiTable::InboundKey(Ipv4Address external, Ipv4Address remote, std::uint32_t spi)
{
    return SpiKey(external, remote, spi);
}

SpiTable::Association*
SpiTable::FindOutbound(Ipv4Address inside, Ipv4Address remote, std::uint32_t spi)
{
    const auto it = m_outbound.find(SpiKey(inside, remote, spi));
    return it == m_outbound.end() ? nullptr : &m_associations.at(it->second);
}

SpiTable::Association&
SpiTable::Open(Ipv4Address inside,
               Ipv4Address external,
               Ipv4Address remote,
               std::uint32_t spi,
               TraceTag tag,
               Instant now)
{
    const std::uint64_t id = ++m_last;
    Association& a = m_associations[id];
    a.id = id;
    a.inside = inside;
    a.external = external;
    a.remote = remote;
    a.outboundSpi = spi;
    a.tag = tag;
    a.deadline = now + m_config.timeouts.spiPending;
    a.text = "esp " + inside.ToString() + " <> " + external.ToString() + " to " +
             remote.ToString() + " spi " + SpiText(spi);
    m_outbound[SpiKey(inside, remote, spi)] = id;
    m_quoted[SpiKey(external, remote, spi)] = id;
    m_waiting[{external, remote}].insert(id);
    m_timers.Set(id, a.deadline);
    m_counts.Add(inside);
    RecordEvent(EventType::MappingCreated, a, Reason::None, now);
    return a;
}

SpiTable::Association*
SpiTable::Receive(Ipv4Address external, Ipv4Address remote, std::uint32_t spi, Instant now)
{
    const FlowKey key = SpiKey(external, remote, spi);
    const auto known = m_inbound.find(key);
    if (known != m_inbound.end())
    {
        return &m_associations.at(known->second);
    }
    const auto waiting = m_waiting.find({external, remote});
    if (waiting == m_waiting.end())
    {
        return nullptr;
    }
    Association& a = m_associations.at(*waiting->second.begin());
    waiting->second.erase(waiting->second.begin());
    if (waiting->second.empty())
    {
        m_waiting.erase(waiting);
    }
    a.inboundSpi = spi;
    a.text += ", inbound spi " + SpiText(spi);
    m_inbound[key] = a.id;
    m_expired.Forget(key);
    RecordEvent(EventType::MappingCreated, a, Reason::None, now);
    return &a;
}

void
SpiTable::Refresh(Association& association, Instant now)
{
    if (!association.inboundSpi)
    {
        return;
    }
    association.deadline = now + m_config.timeouts.other;
    const auto wakeUp = m_timers.At(association.id);
    if (!wakeUp || *wakeUp > association.deadline)
    {
        m_timers.Set(association.id, association.deadline);
    }
}

const SpiTable::Association*
SpiTable::FindQuoted(Ipv4Address external, Ipv4Address remote, std::uint32_t spi) const
{
    const auto it = m_quoted.find(SpiKey(external, remote, spi));
    return it == m_quoted.end() ? nullptr : &m_associations.at(it->second);
}

const SpiTable::Association*
SpiTable::FindInbound(Ipv4Address external, Ipv4Address remote, std::uint32_t spi) const
{
    const auto it = m_inbound.find(SpiKey(external, remote, spi));
    return it == m_inbound.end() ? nullptr : &m_associations.at(it->second);
}

void
SpiTable::Expire(Instant now)
{
    while (const auto id = m_timers.PopDue(now))
    {
        const Association& a = m_associations.at(*id);
        if (a.deadline > now)
        {
            m_timers.Set(*id, a.deadline);
        }
        else
        {
            Remove(*id, Reason::None, now);
        }
    }
}

std::optional<Instant>
SpiTable::Deadline() const
{
    return m_timers.Next();
}

void
SpiTable::Clear(Reason reason, Instant now)
{
    while (!m_associations.empty())
    {
        Remove(m_associations.begin()->first, reason, now);
    }
}

const std::map<std::uint64_t, SpiTable::Association>&
SpiTable::Associations() const
{
    return m_associations;
}

void
SpiTable::Remove(std::uint64_t id, Reason reason, Instant now)
{
    const auto it = m_associations.find(id);
    const Association& a = it->second;
    EraseIf(m_outbound, SpiKey(a.inside, a.remote, a.outboundSpi), id);
    EraseIf(m_quoted, SpiKey(a.external, a.remote, a.outboundSpi), id);
    if (a.inboundSpi)
    {
        const FlowKey key = SpiKey(a.external, a.remote, *a.inboundSpi);
        EraseIf(m_inbound, key, id);
        m_expired.Remember(
            key, a.text, reason == Reason::None ? Reason::NatMappingExpired : reason, now);
    }
    const auto waiting = m_waiting.find({a.external, a.remote});
    if (waiting != m_waiting.end())
    {
        waiting->second.erase(id);
        if (waiting->second.empty())
        {
            m_waiting.erase(waiting);
        }
    }
    m_timers.Cancel(id);
    m_counts.Remove(a.inside);
    RecordEvent(EventType::MappingExpired, a, reason, now);
    m_associations.erase(it);
}

void
SpiTable::RecordEvent(EventType type, const Association& a, Reason reason, Instant now) const
{
    if (!m_tracer.Wants(type))
    {
        return;
    }
    Event event;
    event.time = now;
    event.type = type;
    event.layer = Layer::Nat;
    event.reason = reason;
    event.tag = {type == EventType::MappingCreated ? a.tag.packet : 0, a.tag.connection};
    event.subject = a.text;
    m_tracer.Record(std::move(event));
}

} // namespace nattlab::nat
