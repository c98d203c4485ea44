// SPDX-License-Identifier: GPL-2.0-only
#include "model/nat/engine.h"

#include <utility>

namespace nattlab
{

namespace
{

using nat::Direction;
using nat::Mapping;
using nat::Session;

/** The far end of a session: for echo the identifier belongs to the near end alone. */
Endpoint
Far(std::uint8_t protocol, Endpoint end)
{
    return protocol == IP_ICMP ? Endpoint{end.address, 0} : end;
}

std::string
TextOf(std::uint8_t protocol, Endpoint end)
{
    return ProtocolName(protocol) + " " + (end.port != 0 ? end.ToString() : end.address.ToString());
}

} // namespace

NatResult
Nat::Engine::Inbound(Job& job)
{
    const std::uint8_t protocol = job.headers.ip.protocol;
    const Endpoint external = job.headers.Destination();
    const Endpoint remote = Far(protocol, job.headers.Source());
    Session* session = m_mappings.SessionFromOutside(protocol, external, remote);
    Mapping* mapping =
        session ? session->mapping : m_mappings.FromOutside(protocol, external, remote);
    if (!mapping || !m_mappings.Admits(*mapping, remote))
    {
        return Refusal(protocol, external, remote, job.now);
    }
    NatResult refused;
    if (!CountInbound(job, *mapping, remote, refused))
    {
        return refused;
    }
    return Translate(job, Side::Destination, mapping->inside, mapping->text);
}

bool
Nat::Engine::CountInbound(Job& job, Mapping& mapping, Endpoint remote, NatResult& refused)
{
    Session* session = m_mappings.SessionFromOutside(mapping.protocol, mapping.external, remote);
    if (!session)
    {
        // RFC 4787 REQ-6: without inbound refresh a stranger's packets must not keep a mapping.
        if (mapping.protocol == IP_UDP && !m_config.refreshInbound)
        {
            return true;
        }
        if (!m_counts.HasRoom(mapping.inside.address))
        {
            refused = Refused(NatOutcome::Drop, Reason::NatSessionLimit, mapping.text);
            return false;
        }
        session = &m_mappings.AddSession(mapping, remote, job.now);
    }
    m_mappings.Touch(*session, Direction::Inbound, job.headers.tcpFlags, job.now);
    return true;
}

NatResult
Nat::Engine::Refusal(std::uint8_t protocol, Endpoint external, Endpoint remote, Instant now)
{
    if (const Mapping* mapping = m_mappings.FromOutside(protocol, external, remote))
    {
        return Refused(NatOutcome::Local, Reason::NatFiltered, mapping->text);
    }
    if (const auto* expired =
            m_expired.Find(m_mappings.OutsideKey(protocol, external, remote), now))
    {
        return Refused(NatOutcome::Local, expired->reason, expired->text);
    }
    return Refused(NatOutcome::Local,
                   m_mappings.InUse(protocol, external) ? Reason::NatFiltered
                                                        : Reason::NatNoMapping,
                   TextOf(protocol, external));
}

NatResult
Nat::Engine::Outbound(Job& job)
{
    NatResult refused;
    const Endpoint remote = Far(job.headers.ip.protocol, job.headers.Destination());
    Session* session = OpenOutbound(job, job.headers.Source(), remote, refused);
    if (!session)
    {
        return refused;
    }
    m_mappings.Touch(*session, Direction::Outbound, job.headers.tcpFlags, job.now);
    const Mapping& mapping = *session->mapping;
    return Translate(job, Side::Source, mapping.external, mapping.text);
}

Session*
Nat::Engine::OpenOutbound(Job& job, Endpoint inside, Endpoint remote, NatResult& refused)
{
    const std::uint8_t protocol = job.headers.ip.protocol;
    if (Session* session = m_mappings.SessionFromInside(protocol, inside, remote))
    {
        return session;
    }
    if (!m_counts.HasRoom(inside.address))
    {
        // RFC 6888 REQ-11: what is there already is never pushed out.
        refused = Refused(NatOutcome::Drop, Reason::NatSessionLimit, TextOf(protocol, inside));
        return nullptr;
    }
    Mapping* mapping = m_mappings.FromInside(protocol, inside, remote);
    if (!mapping)
    {
        mapping = MakeMapping(job, inside, remote, refused);
    }
    else if (Session* other = m_mappings.SessionFromOutside(protocol, mapping->external, remote))
    {
        // Only a forward without ports can meet somebody else's session.
        refused = Refused(NatOutcome::Drop, Reason::NatProtocolBusy, other->mapping->text);
        return nullptr;
    }
    return mapping ? &m_mappings.AddSession(*mapping, remote, job.now) : nullptr;
}

Mapping*
Nat::Engine::MakeMapping(Job& job, Endpoint inside, Endpoint remote, NatResult& refused)
{
    const Headers& h = job.headers;
    const std::uint8_t protocol = h.ip.protocol;
    if (h.transport == nat::Transport::Portless || m_mappings.IsPinned(protocol, inside.port))
    {
        return MakeBound(job, inside, remote, refused);
    }
    const auto external = m_ports.Allocate(
        protocol, inside, m_mappings.OutsideRemote(protocol, inside.port, remote), job.now);
    if (!external)
    {
        refused = Refused(NatOutcome::Drop, Reason::NatPortsExhausted, TextOf(protocol, inside));
        return nullptr;
    }
    return &m_mappings.Add(protocol, inside, *external, remote, true, job.packet.tag, job.now);
}

/** Make a mapping whose external port cannot be chosen: pinned, or none at all. */
Mapping*
Nat::Engine::MakeBound(Job& job, Endpoint inside, Endpoint remote, NatResult& refused)
{
    const std::uint8_t protocol = job.headers.ip.protocol;
    const bool pinned = m_mappings.IsPinned(protocol, inside.port);
    Mapping* holder = nullptr;
    for (const Ipv4Address address : m_ports.Candidates(inside.address))
    {
        const Endpoint external{address, inside.port};
        const Session* session = m_mappings.SessionFromOutside(protocol, external, remote);
        Mapping* taken = pinned ? m_mappings.FromOutside(protocol, external, remote)
                                : (session ? session->mapping : nullptr);
        if (!taken)
        {
            return &m_mappings.Add(
                protocol, inside, external, remote, false, job.packet.tag, job.now);
        }
        holder = holder ? holder : taken;
    }
    if (!holder)
    {
        refused = Refused(NatOutcome::Drop, Reason::NatPortsExhausted, TextOf(protocol, inside));
        return nullptr;
    }
    if (!pinned || holder->forward || m_config.pinnedConflict == NatConfig::PinnedConflict::Refuse)
    {
        refused = Refused(NatOutcome::Drop,
                          pinned ? Reason::NatPortPinned : Reason::NatProtocolBusy,
                          holder->text);
        return nullptr;
    }
    const Endpoint external = holder->external;
    m_mappings.Remove(*holder, Reason::NatPortPinned, job.now);
    return &m_mappings.Add(protocol, inside, external, remote, false, job.packet.tag, job.now);
}

NatResult
Nat::Engine::HairpinDestination(Job& job)
{
    const std::uint8_t protocol = job.headers.ip.protocol;
    const Endpoint target = job.headers.Destination();
    if (!m_mappings.InUse(protocol, target) && !m_mappings.Forward(protocol, target))
    {
        return Refusal(protocol, target, job.headers.Source(), job.now);
    }
    if (!m_config.hairpinning)
    {
        return Refused(NatOutcome::Drop, Reason::NatHairpinRefused, TextOf(protocol, target));
    }
    NatResult refused;
    Session* sender = OpenOutbound(job, job.headers.Source(), target, refused);
    if (!sender)
    {
        return refused;
    }
    m_mappings.Touch(*sender, Direction::Outbound, job.headers.tcpFlags, job.now);
    const Mapping& from = *sender->mapping;
    // RFC 4787 REQ-9: the other inside host sees, and filters, the sender's external endpoint.
    const Session* session = m_mappings.SessionFromOutside(protocol, target, from.external);
    Mapping* to =
        session ? session->mapping : m_mappings.FromOutside(protocol, target, from.external);
    if (!to || !m_mappings.Admits(*to, from.external))
    {
        return Refusal(protocol, target, from.external, job.now);
    }
    if (!CountInbound(job, *to, from.external, refused))
    {
        return refused;
    }
    NatResult result = Translate(job, Side::Destination, to->inside, to->text);
    m_hairpin = Hairpin{KeyOf(FlowOf(job.packet.bytes)), from.external, std::nullopt, from.text};
    result.hairpin = true;
    return result;
}

} // namespace nattlab
