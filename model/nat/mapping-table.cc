// SPDX-License-Identifier: GPL-2.0-only
#include "model/nat/mapping-table.h"

#include "model/packet/ipv4.h"

#include <algorithm>

namespace nattlab::nat
{

namespace
{

FlowKey
KeyFor(std::uint8_t protocol, Endpoint local, Endpoint remote)
{
    return {local.address, remote.address, local.port, remote.port, protocol};
}

FlowKey
ContactKey(const Mapping& mapping, Endpoint remote)
{
    return KeyFor(mapping.protocol, mapping.external, {remote.address, 0});
}

bool
HasPorts(std::uint8_t protocol)
{
    return protocol == IP_UDP || protocol == IP_TCP || protocol == IP_ICMP;
}

template <typename Map>
auto
FindPointer(Map& map, const FlowKey& key) -> typename Map::mapped_type
{
    const auto it = map.find(key);
    return it == map.end() ? nullptr : it->second;
}

void
Decrement(HashTable<FlowKey, std::size_t>& counts, const FlowKey& key)
{
    const auto it = counts.find(key);
    if (it != counts.end() && --it.value() == 0)
    {
        counts.erase(it);
    }
}

std::string
EndText(std::uint8_t protocol, Endpoint end)
{
    return HasPorts(protocol) ? end.ToString() : end.address.ToString();
}

std::string
TextOf(const Mapping& mapping)
{
    std::string text = ProtocolName(mapping.protocol) + " " +
                       EndText(mapping.protocol, mapping.inside) + " <> " +
                       EndText(mapping.protocol, mapping.external);
    if (!mapping.remote.address.IsAny())
    {
        text += " to " + (mapping.remote.port != 0 ? mapping.remote.ToString()
                                                   : mapping.remote.address.ToString());
    }
    return mapping.forward ? text + " (forward)" : text;
}

} // namespace

MappingTable::MappingTable(const NatConfig& config,
                           PortAllocator& ports,
                           SessionCounts& counts,
                           ExpiredMappings& expired,
                           Tracer tracer)
    : m_config(config),
      m_ports(ports),
      m_counts(counts),
      m_expired(expired),
      m_tracer(tracer)
{
}

bool
MappingTable::IsPinned(std::uint8_t protocol, std::uint16_t port) const
{
    const auto& pinned = m_config.pinnedPorts;
    return protocol == IP_UDP && std::find(pinned.begin(), pinned.end(), port) != pinned.end();
}

Endpoint
MappingTable::InsideRemote(std::uint8_t protocol, std::uint16_t port, Endpoint remote) const
{
    if (!HasPorts(protocol))
    {
        return {remote.address, 0}; // one inside host per remote address
    }
    if (IsPinned(protocol, port))
    {
        return {}; // whoever has the port has all of it
    }
    switch (m_config.mapping)
    {
    case NatConfig::Mapping::EndpointIndependent:
        return {};
    case NatConfig::Mapping::AddressDependent:
        return {remote.address, 0};
    case NatConfig::Mapping::AddressAndPortDependent:
        return remote;
    }
    return remote;
}

Endpoint
MappingTable::OutsideRemote(std::uint8_t protocol, std::uint16_t port, Endpoint remote) const
{
    return !HasPorts(protocol) || m_config.portOverloading ? InsideRemote(protocol, port, remote)
                                                           : Endpoint{};
}

FlowKey
MappingTable::OutsideKey(std::uint8_t protocol, Endpoint external, Endpoint remote) const
{
    return KeyFor(protocol, external, OutsideRemote(protocol, external.port, remote));
}

void
MappingTable::AddForward(std::uint8_t protocol, Endpoint external, Endpoint inside)
{
    const FlowKey key = KeyFor(protocol, external, {});
    if (m_forwards.count(key) != 0)
    {
        return;
    }
    Mapping& mapping = m_mappings[++m_lastMapping];
    mapping.id = m_lastMapping;
    mapping.protocol = protocol;
    mapping.inside = inside;
    mapping.external = external;
    mapping.forward = true;
    mapping.text = TextOf(mapping);
    ++m_forwardCount;
    m_forwards[key] = &mapping;
    m_forwardsInside.emplace(KeyFor(protocol, inside, {}), &mapping);
}

Mapping&
MappingTable::Add(std::uint8_t protocol,
                  Endpoint inside,
                  Endpoint external,
                  Endpoint remote,
                  bool allocated,
                  TraceTag tag,
                  Instant now)
{
    Mapping& mapping = m_mappings[++m_lastMapping];
    mapping.id = m_lastMapping;
    mapping.protocol = protocol;
    mapping.inside = inside;
    mapping.external = external;
    mapping.remote = InsideRemote(protocol, inside.port, remote);
    mapping.allocated = allocated;
    mapping.tag = tag;
    mapping.text = TextOf(mapping);
    m_fromInside[KeyFor(protocol, inside, mapping.remote)] = &mapping;
    const FlowKey outside = OutsideKey(protocol, external, remote);
    m_fromOutside[outside] = &mapping;
    ++m_inUse[KeyFor(protocol, external, {})];
    m_expired.Forget(outside);
    RecordEvent(EventType::MappingCreated, mapping, Reason::None, now);
    return mapping;
}

Session&
MappingTable::AddSession(Mapping& mapping, Endpoint remote, Instant now)
{
    const SessionId id = ++m_lastSession;
    Session& session = m_sessions[id];
    session.id = id;
    session.mapping = &mapping;
    session.remote = remote;
    session.created = session.deadline = session.wakeUp = now;
    mapping.sessions.insert(id);
    m_sessionsInside[KeyFor(mapping.protocol, mapping.inside, remote)] = &session;
    m_sessionsOutside[KeyFor(mapping.protocol, mapping.external, remote)] = &session;
    ++m_contacts[ContactKey(mapping, remote)];
    m_counts.Add(mapping.inside.address);
    m_timers.Set(id, now);
    return session;
}

void
MappingTable::Touch(Session& session, Direction direction, std::uint8_t tcpFlags, Instant now)
{
    Advance(session, m_config, direction, tcpFlags, now);
    // A new session has its first deadline; an old one perhaps an earlier one, as a closing one.
    if (session.packets == 1 || session.deadline < session.wakeUp)
    {
        session.wakeUp = session.deadline;
        m_timers.Set(session.id, session.wakeUp);
    }
}

void
MappingTable::Prolong(Mapping& mapping, Instant deadline)
{
    for (const SessionId id : mapping.sessions)
    {
        Session& session = m_sessions.at(id);
        session.deadline = std::max(session.deadline, deadline);
    }
}

void
MappingTable::RemoveSession(SessionId id)
{
    const auto it = m_sessions.find(id);
    Session& session = it->second;
    Mapping& mapping = *session.mapping;
    const auto erase = [&session](auto& index, const FlowKey& key)
    {
        const auto at = index.find(key);
        if (at != index.end() && at->second == &session)
        {
            index.erase(at);
        }
    };
    erase(m_sessionsInside, KeyFor(mapping.protocol, mapping.inside, session.remote));
    erase(m_sessionsOutside, KeyFor(mapping.protocol, mapping.external, session.remote));
    Decrement(m_contacts, ContactKey(mapping, session.remote));
    m_counts.Remove(mapping.inside.address);
    m_timers.Cancel(id);
    mapping.sessions.erase(id);
    m_sessions.erase(it);
}

void
MappingTable::RemoveIfUnused(Mapping& mapping, Reason reason, Instant now)
{
    if (mapping.forward || !mapping.sessions.empty())
    {
        return;
    }
    const Endpoint outsideRemote =
        OutsideRemote(mapping.protocol, mapping.external.port, mapping.remote);
    const FlowKey outside = KeyFor(mapping.protocol, mapping.external, outsideRemote);
    m_fromInside.erase(KeyFor(mapping.protocol, mapping.inside, mapping.remote));
    m_fromOutside.erase(outside);
    Decrement(m_inUse, KeyFor(mapping.protocol, mapping.external, {}));
    if (mapping.allocated)
    {
        m_ports.Free(mapping.protocol, mapping.external, mapping.inside, outsideRemote, now);
    }
    RecordEvent(EventType::MappingExpired, mapping, reason, now);
    m_expired.Remember(outside,
                       std::move(mapping.text),
                       reason == Reason::None ? Reason::NatMappingExpired : reason,
                       now);
    m_mappings.erase(mapping.id);
}

void
MappingTable::Remove(Mapping& mapping, Reason reason, Instant now)
{
    while (!mapping.sessions.empty())
    {
        RemoveSession(*mapping.sessions.begin());
    }
    RemoveIfUnused(mapping, reason, now);
}

Session*
MappingTable::SessionFromInside(std::uint8_t protocol, Endpoint inside, Endpoint remote)
{
    return FindPointer(m_sessionsInside, KeyFor(protocol, inside, remote));
}

Session*
MappingTable::SessionFromOutside(std::uint8_t protocol, Endpoint external, Endpoint remote)
{
    return FindPointer(m_sessionsOutside, KeyFor(protocol, external, remote));
}

Mapping*
MappingTable::FromInside(std::uint8_t protocol, Endpoint inside, Endpoint remote)
{
    Mapping* forward = FindPointer(m_forwardsInside, KeyFor(protocol, inside, {}));
    return forward
               ? forward
               : FindPointer(m_fromInside,
                             KeyFor(protocol, inside, InsideRemote(protocol, inside.port, remote)));
}

Mapping*
MappingTable::FromOutside(std::uint8_t protocol, Endpoint external, Endpoint remote)
{
    Mapping* forward = Forward(protocol, external);
    return forward ? forward : FindPointer(m_fromOutside, OutsideKey(protocol, external, remote));
}

Mapping*
MappingTable::Forward(std::uint8_t protocol, Endpoint external)
{
    return FindPointer(m_forwards, KeyFor(protocol, external, {}));
}

bool
MappingTable::InUse(std::uint8_t protocol, Endpoint external) const
{
    return m_inUse.count(KeyFor(protocol, external, {})) != 0;
}

bool
MappingTable::Admits(const Mapping& mapping, Endpoint remote)
{
    if (mapping.forward || m_config.filtering == NatConfig::Filtering::EndpointIndependent)
    {
        return true;
    }
    if (m_config.filtering == NatConfig::Filtering::AddressDependent)
    {
        return m_contacts.count(ContactKey(mapping, remote)) != 0;
    }
    return SessionFromOutside(mapping.protocol, mapping.external, remote) != nullptr;
}

void
MappingTable::Expire(Instant now)
{
    while (const auto id = m_timers.PopDue(now))
    {
        Session& session = m_sessions.at(*id);
        if (session.deadline > now)
        {
            session.wakeUp = session.deadline;
            m_timers.Set(*id, session.wakeUp);
            continue;
        }
        Mapping& mapping = *session.mapping;
        RemoveSession(*id);
        RemoveIfUnused(mapping, Reason::None, now);
    }
}

std::optional<Instant>
MappingTable::Deadline() const
{
    return m_timers.Next();
}

void
MappingTable::Clear(Reason reason, Instant now)
{
    for (auto it = m_mappings.begin(); it != m_mappings.end();)
    {
        Mapping& mapping = it->second;
        ++it; // Remove takes the mapping out of the map
        Remove(mapping, reason, now);
    }
}

const std::map<MappingId, Mapping>&
MappingTable::Mappings() const
{
    return m_mappings;
}

std::optional<Instant>
MappingTable::EndOf(const Mapping& mapping) const
{
    std::optional<Instant> end;
    for (const SessionId id : mapping.sessions)
    {
        const Instant deadline = m_sessions.at(id).deadline;
        end = end ? std::max(*end, deadline) : deadline;
    }
    return mapping.forward ? std::nullopt : end;
}

std::size_t
MappingTable::DynamicCount() const
{
    return m_mappings.size() - m_forwardCount;
}

void
MappingTable::RecordEvent(EventType type, const Mapping& mapping, Reason reason, Instant now) const
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
    event.tag = {type == EventType::MappingCreated ? mapping.tag.packet : 0,
                 mapping.tag.connection};
    event.subject = mapping.text;
    m_tracer.Record(std::move(event));
}

} // namespace nattlab::nat
