// SPDX-License-Identifier: GPL-2.0-only
#include "model/nat/engine.h"

#include <utility>

namespace nattlab
{

namespace
{

using nat::Transport;

std::string
QuotedText(const nat::Headers& quoted)
{
    return "icmp error about " + ProtocolName(quoted.ip.protocol) + " " +
           quoted.Source().ToString() + " > " + quoted.Destination().ToString();
}

} // namespace

// An ICMP error never touches a session: RFC 4787 REQ-12, RFC 5508 REQ-6.

std::optional<nat::Headers>
Nat::Engine::ReadError(const Job& job, NatResult& refused)
{
    // RFC 5508 REQ-3: neither checksum may be wrong.
    const bool intact = IcmpHeader::Parse(ip::Payload(job.packet.bytes)).has_value();
    const auto quoted = intact ? nat::ReadQuoted(job.packet.bytes) : std::nullopt;
    if (!quoted)
    {
        refused = Refused(NatOutcome::Drop,
                          intact ? Reason::IpMalformed : Reason::IpBadChecksum,
                          "icmp error to " + job.headers.ip.destination.ToString());
    }
    return quoted;
}

std::optional<Nat::Engine::End>
Nat::Engine::InsideOf(const Headers& quoted, Endpoint external, Endpoint remote)
{
    const std::uint8_t protocol = quoted.ip.protocol;
    if (quoted.transport == Transport::Portless)
    {
        const auto* association = m_spis.FindQuoted(external.address, remote.address, quoted.spi);
        if (association)
        {
            return End{{association->inside, 0}, association->text};
        }
        const nat::Mapping* owner = PinnedOwner(external.address);
        if (owner && m_config.otherProtocols == NatConfig::ProtocolHandling::PinnedPortOwner)
        {
            return End{{owner->inside.address, 0}, owner->text};
        }
    }
    const nat::Session* session = m_mappings.SessionFromOutside(protocol, external, remote);
    const nat::Mapping* mapping =
        session ? session->mapping : m_mappings.FromOutside(protocol, external, remote);
    return mapping ? std::optional<End>{End{mapping->inside, mapping->text}} : std::nullopt;
}

std::optional<Nat::Engine::End>
Nat::Engine::ExternalOf(const Headers& quoted, Endpoint inside, Endpoint remote)
{
    const std::uint8_t protocol = quoted.ip.protocol;
    for (const Ipv4Address external : m_config.pool)
    {
        if (quoted.transport != Transport::Portless)
        {
            break;
        }
        const auto* association = m_spis.FindInbound(external, remote.address, quoted.spi);
        if (association && association->inside == inside.address)
        {
            return End{{external, 0}, association->text};
        }
        const nat::Mapping* owner = PinnedOwner(external);
        if (owner && owner->inside.address == inside.address &&
            m_config.otherProtocols == NatConfig::ProtocolHandling::PinnedPortOwner)
        {
            return End{{external, 0}, owner->text};
        }
    }
    const nat::Session* session = m_mappings.SessionFromInside(protocol, inside, remote);
    const nat::Mapping* mapping =
        session ? session->mapping : m_mappings.FromInside(protocol, inside, remote);
    return mapping ? std::optional<End>{End{mapping->external, mapping->text}} : std::nullopt;
}

NatResult
Nat::Engine::InboundError(Job& job)
{
    NatResult refused;
    const auto quoted = ReadError(job, refused);
    if (!quoted)
    {
        return refused;
    }
    const bool echo = quoted->transport == Transport::EchoRequest;
    const bool known =
        echo || quoted->transport == Transport::Ports || quoted->transport == Transport::Portless;
    const Endpoint remote{quoted->ip.destination,
                          echo ? std::uint16_t{0} : quoted->destinationPort};
    const auto inside = known ? InsideOf(*quoted, quoted->Source(), remote) : std::nullopt;
    if (!inside)
    {
        return Refused(NatOutcome::Drop, Reason::NatIcmpUnmatched, QuotedText(*quoted));
    }
    // RFC 5508 REQ-4: the inside host gets back what it sent.
    nat::RewriteQuoted(job.packet.bytes, Side::Source, inside->endpoint);
    return Translate(job, Side::Destination, inside->endpoint, inside->subject);
}

NatResult
Nat::Engine::OutboundError(Job& job, bool fromInside)
{
    NatResult refused;
    const auto quoted = ReadError(job, refused);
    if (!quoted)
    {
        return fromInside ? refused : NatResult{};
    }
    const bool echo = quoted->transport == Transport::EchoReply;
    const bool known =
        echo || quoted->transport == Transport::Ports || quoted->transport == Transport::Portless;
    const Endpoint remote{quoted->ip.source, echo ? std::uint16_t{0} : quoted->sourcePort};
    const auto external = known ? ExternalOf(*quoted, quoted->Destination(), remote) : std::nullopt;
    if (!external)
    {
        return fromInside ? Refused(NatOutcome::Drop, Reason::NatIcmpUnmatched, QuotedText(*quoted))
                          : NatResult{};
    }
    // RFC 5508 REQ-5: the remote host gets back what it sent.
    nat::RewriteQuoted(job.packet.bytes, Side::Destination, external->endpoint);
    const Endpoint from = fromInside ? external->endpoint : Endpoint{job.headers.ip.source, 0};
    return Translate(job, Side::Source, from, external->subject);
}

NatResult
Nat::Engine::HairpinError(Job& job)
{
    NatResult refused;
    const auto quoted = ReadError(job, refused);
    if (!quoted)
    {
        return refused;
    }
    const bool known = quoted->transport == Transport::Ports;
    const auto external =
        known ? ExternalOf(*quoted, quoted->Destination(), quoted->Source()) : std::nullopt;
    const auto inside =
        external ? InsideOf(*quoted, quoted->Source(), external->endpoint) : std::nullopt;
    if (!inside)
    {
        return Refused(NatOutcome::Drop, Reason::NatIcmpUnmatched, QuotedText(*quoted));
    }
    if (!m_config.hairpinning)
    {
        return Refused(NatOutcome::Drop, Reason::NatHairpinRefused, QuotedText(*quoted));
    }
    // RFC 5508 REQ-7: both quoted ends change, as both did on the way there.
    nat::RewriteQuoted(job.packet.bytes, Side::Destination, external->endpoint);
    nat::RewriteQuoted(job.packet.bytes, Side::Source, inside->endpoint);
    NatResult result = Translate(job, Side::Destination, inside->endpoint, inside->subject);
    m_hairpin = Hairpin{
        KeyOf(FlowOf(job.packet.bytes)), external->endpoint, std::nullopt, external->subject};
    result.hairpin = true;
    return result;
}

} // namespace nattlab
