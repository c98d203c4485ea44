// SPDX-License-Identifier: GPL-2.0-only
#include "model/nat/engine.h"

#include <utility>

namespace nattlab
{

namespace
{

using Handling = NatConfig::ProtocolHandling;

std::string
SpiText(Ipv4Address external, std::uint32_t spi)
{
    Bytes bytes;
    Append32(bytes, spi);
    return "esp " + external.ToString() + " spi 0x" + ToHex(bytes);
}

std::string
PairText(std::uint8_t protocol, Ipv4Address inside, Ipv4Address external)
{
    return ProtocolName(protocol) + " " + inside.ToString() + " <> " + external.ToString();
}

} // namespace

NatResult
Nat::Engine::InboundPortless(Job& job)
{
    const Headers& h = job.headers;
    const bool forwarded = m_mappings.Forward(h.ip.protocol, h.Destination()) != nullptr;
    switch (m_config.otherProtocols)
    {
    case Handling::Drop:
        return forwarded ? Inbound(job)
                         : Refused(NatOutcome::Drop,
                                   Reason::NatProtocolDropped,
                                   ProtocolName(h.ip.protocol) + " " + h.ip.destination.ToString());
    case Handling::PinnedPortOwner:
        return forwarded ? Inbound(job) : InboundToOwner(job);
    case Handling::SpiLearning:
        return h.ip.protocol == IP_ESP ? InboundBySpi(job) : Inbound(job);
    case Handling::AddressOnly:
        break;
    }
    return Inbound(job);
}

NatResult
Nat::Engine::OutboundPortless(Job& job)
{
    const Headers& h = job.headers;
    const nat::Mapping* mapping = m_mappings.FromInside(h.ip.protocol, h.Source(), h.Destination());
    const bool forwarded = mapping && mapping->forward;
    switch (m_config.otherProtocols)
    {
    case Handling::Drop:
        return forwarded ? Outbound(job)
                         : Refused(NatOutcome::Drop,
                                   Reason::NatProtocolDropped,
                                   ProtocolName(h.ip.protocol) + " " + h.ip.source.ToString());
    case Handling::PinnedPortOwner:
        return forwarded ? Outbound(job) : OutboundOfOwner(job);
    case Handling::SpiLearning:
        return h.ip.protocol == IP_ESP && !forwarded ? OutboundBySpi(job) : Outbound(job);
    case Handling::AddressOnly:
        break;
    }
    return Outbound(job);
}

nat::Mapping*
Nat::Engine::PinnedOwner(Ipv4Address external)
{
    return m_config.pinnedPorts.empty()
               ? nullptr
               : m_mappings.FromOutside(IP_UDP, {external, m_config.pinnedPorts.front()}, {});
}

NatResult
Nat::Engine::InboundToOwner(Job& job)
{
    const Ipv4Header& h = job.headers.ip;
    nat::Mapping* owner = PinnedOwner(h.destination);
    if (!owner)
    {
        return Refused(NatOutcome::Local,
                       Reason::NatNoMapping,
                       ProtocolName(h.protocol) + " " + h.destination.ToString());
    }
    m_mappings.Prolong(*owner, job.now + m_config.timeouts.other);
    return Translate(job,
                     Side::Destination,
                     {owner->inside.address, 0},
                     PairText(h.protocol, owner->inside.address, h.destination));
}

NatResult
Nat::Engine::OutboundOfOwner(Job& job)
{
    const Ipv4Header& h = job.headers.ip;
    for (const Ipv4Address external : m_config.pool)
    {
        nat::Mapping* owner = PinnedOwner(external);
        if (owner && owner->inside.address == h.source)
        {
            m_mappings.Prolong(*owner, job.now + m_config.timeouts.other);
            return Translate(
                job, Side::Source, {external, 0}, PairText(h.protocol, h.source, external));
        }
    }
    const auto candidates = m_ports.Candidates(h.source);
    const std::string subject = ProtocolName(h.protocol) + " " + h.source.ToString();
    return candidates.empty() ? Refused(NatOutcome::Drop, Reason::NatPortsExhausted, subject)
                              : Translate(job,
                                          Side::Source,
                                          {candidates.front(), 0},
                                          PairText(h.protocol, h.source, candidates.front()));
}

NatResult
Nat::Engine::InboundBySpi(Job& job)
{
    const Ipv4Header& h = job.headers.ip;
    const std::uint32_t spi = job.headers.spi;
    if (auto* association = m_spis.Receive(h.destination, h.source, spi, job.now))
    {
        m_spis.Refresh(*association, job.now);
        return Translate(job, Side::Destination, {association->inside, 0}, association->text);
    }
    if (m_mappings.Forward(h.protocol, {h.destination, 0}))
    {
        return Inbound(job);
    }
    const auto* expired =
        m_expired.Find(nat::SpiTable::InboundKey(h.destination, h.source, spi), job.now);
    return expired ? Refused(NatOutcome::Local, expired->reason, expired->text)
                   : Refused(NatOutcome::Local, Reason::NatNoMapping, SpiText(h.destination, spi));
}

NatResult
Nat::Engine::OutboundBySpi(Job& job)
{
    const Ipv4Header& h = job.headers.ip;
    auto* association = m_spis.FindOutbound(h.source, h.destination, job.headers.spi);
    if (!association)
    {
        const auto candidates = m_ports.Candidates(h.source);
        if (candidates.empty() || !m_counts.HasRoom(h.source))
        {
            return Refused(NatOutcome::Drop,
                           candidates.empty() ? Reason::NatPortsExhausted : Reason::NatSessionLimit,
                           "esp " + h.source.ToString());
        }
        association = &m_spis.Open(
            h.source, candidates.front(), h.destination, job.headers.spi, job.packet.tag, job.now);
    }
    m_spis.Refresh(*association, job.now);
    return Translate(job, Side::Source, {association->external, 0}, association->text);
}

} // namespace nattlab
