// SPDX-License-Identifier: GPL-2.0-only
#include "model/nat/engine.h"

#include <utility>

namespace nattlab
{

namespace
{

using nat::Transport;

/** The configuration as it is used: a forward's inside port is filled in. */
NatConfig
Completed(NatConfig config)
{
    for (NatConfig::Forward& forward : config.forwards)
    {
        forward.insidePort = forward.insidePort == 0 ? forward.externalPort : forward.insidePort;
    }
    return config;
}

} // namespace

Nat::Engine::Engine(NatConfig config, const std::string& device, std::uint64_t seed, Tracer tracer)
    : m_config(Completed(std::move(config))),
      m_tracer(tracer),
      m_ports(m_config, device, seed),
      m_counts(m_config),
      m_expired(m_config),
      m_mappings(m_config, m_ports, m_counts, m_expired, tracer),
      m_spis(m_config, m_counts, m_expired, tracer),
      m_inboundFragments(m_config),
      m_outboundFragments(m_config),
      m_identification(
          static_cast<std::uint16_t>(RandomStream(seed, device, "nat.identification").Below(65536)))
{
    for (const Ipv4Address address : m_config.pool)
    {
        m_pool.Insert(address);
    }
    for (const NatConfig::Forward& forward : m_config.forwards)
    {
        for (const Ipv4Address address : m_config.pool)
        {
            if (forward.externalAddress.IsAny() || forward.externalAddress == address)
            {
                const Endpoint external{address, forward.externalPort};
                m_mappings.AddForward(
                    forward.protocol, external, {forward.inside, forward.insidePort});
                m_ports.Reserve(forward.protocol, external);
            }
        }
    }
    for (const std::uint16_t port : m_config.pinnedPorts)
    {
        for (const Ipv4Address address : m_config.pool)
        {
            m_ports.Reserve(IP_UDP, {address, port});
        }
    }
}

bool
Nat::Engine::OwnsAddress(Ipv4Address address) const
{
    return m_pool.Contains(address);
}

NatResult
Nat::Engine::Refused(NatOutcome outcome, Reason reason, std::string subject)
{
    return {outcome, reason, std::move(subject), false};
}

NatResult
Nat::Engine::Translate(Job& job, Side side, Endpoint to, const std::string& subject)
{
    if (!m_tracer.Wants(EventType::PacketTranslated))
    {
        nat::Rewrite(job.packet.bytes, side, to);
        return {NatOutcome::Translated, Reason::None, {}, false};
    }
    Event event;
    event.time = job.now;
    event.type = EventType::PacketTranslated;
    event.layer = Layer::Nat;
    event.tag = job.packet.tag;
    event.flow = FlowOf(job.packet.bytes);
    nat::Rewrite(job.packet.bytes, side, to);
    event.flowAfter = FlowOf(job.packet.bytes);
    event.subject = subject;
    m_tracer.Record(std::move(event));
    return {NatOutcome::Translated, Reason::None, subject, false};
}

NatResult
Nat::Engine::TranslateDestination(Packet& packet, bool fromInside, Instant now)
{
    Expire(now);
    m_hairpin.reset();
    const auto headers = nat::ReadHeaders(packet.bytes);
    if (!headers)
    {
        return Refused(NatOutcome::Drop, Reason::IpMalformed, "IPv4 header");
    }
    if (!OwnsAddress(headers->ip.destination))
    {
        return {};
    }
    Job job{packet, *headers, now};
    if (!headers->ip.IsFragment())
    {
        return Destination(job, fromInside);
    }
    if (headers->transport == Transport::Later)
    {
        return LaterFragment(m_inboundFragments, job, Side::Destination, fromInside);
    }
    NatResult result = Destination(job, fromInside);
    return FirstFragment(
        m_inboundFragments, job, Side::Destination, std::move(result), std::nullopt);
}

NatResult
Nat::Engine::Destination(Job& job, bool fromInside)
{
    const Headers& h = job.headers;
    const bool fragment = h.ip.IsFragment();
    if (fragment && (m_config.fragments == NatConfig::Fragments::None ||
                     h.transport == Transport::Truncated || h.transport == Transport::IcmpError))
    {
        return Refused(NatOutcome::Drop, Reason::NatFragmentRefused, FragmentTable::TextOf(h.ip));
    }
    switch (h.transport)
    {
    case Transport::Ports:
        return fromInside ? HairpinDestination(job) : Inbound(job);
    case Transport::EchoReply:
        return fromInside ? Refusal(h.ip.protocol, h.Destination(), h.Source(), job.now)
                          : Inbound(job);
    case Transport::Portless:
        if (fromInside && m_mappings.Forward(h.ip.protocol, {h.ip.destination, 0}))
        {
            // There is no port to tell the two directions of such a turn apart.
            return Refused(NatOutcome::Drop,
                           Reason::NatHairpinRefused,
                           ProtocolName(h.ip.protocol) + " " + h.ip.destination.ToString());
        }
        return fromInside ? Refusal(h.ip.protocol, h.Destination(), h.Source(), job.now)
                          : InboundPortless(job);
    case Transport::IcmpError:
        return fromInside ? HairpinError(job) : InboundError(job);
    case Transport::EchoRequest:
    case Transport::IcmpOther:
        // Mappings of echo identifiers are for replies: the box itself is asked.
        return Refused(
            NatOutcome::Local, Reason::NatNoMapping, "icmp " + h.ip.destination.ToString());
    case Transport::Later:
    case Transport::Truncated:
        break;
    }
    return Refused(NatOutcome::Drop,
                   Reason::IpMalformed,
                   ProtocolName(h.ip.protocol) + " " + h.ip.destination.ToString());
}

NatResult
Nat::Engine::TranslateSource(Packet& packet, bool fromInside, bool toOutside, Instant now)
{
    Expire(now);
    if (!fromInside && !toOutside)
    {
        return {};
    }
    const auto headers = nat::ReadHeaders(packet.bytes);
    if (!headers)
    {
        return Refused(NatOutcome::Drop, Reason::IpMalformed, "IPv4 header");
    }
    Job job{packet, *headers, now};
    if (!toOutside)
    {
        return HairpinSource(job);
    }
    if (headers->transport == Transport::IcmpError && !headers->ip.IsFragment())
    {
        return OutboundError(job, fromInside);
    }
    if (!fromInside || OwnsAddress(headers->ip.source))
    {
        return {};
    }
    if (!headers->ip.IsFragment())
    {
        return OutboundSource(job);
    }
    if (headers->transport == Transport::Later)
    {
        return LaterFragment(m_outboundFragments, job, Side::Source, fromInside);
    }
    NatResult result = OutboundSource(job);
    return FirstFragment(
        m_outboundFragments, job, Side::Source, std::move(result), ++m_identification);
}

NatResult
Nat::Engine::OutboundSource(Job& job)
{
    const Headers& h = job.headers;
    if (h.ip.IsFragment() &&
        (m_config.fragments == NatConfig::Fragments::None || h.transport == Transport::Truncated ||
         h.transport == Transport::IcmpError))
    {
        return Refused(NatOutcome::Drop, Reason::NatFragmentRefused, FragmentTable::TextOf(h.ip));
    }
    const auto subject = [&h]
    { return ProtocolName(h.ip.protocol) + " " + h.ip.source.ToString(); };
    switch (h.transport)
    {
    case Transport::Ports:
    case Transport::EchoRequest:
        return Outbound(job);
    case Transport::Portless:
        return OutboundPortless(job);
    case Transport::EchoReply:
    case Transport::IcmpOther:
        // RFC 5508 REQ-11: other ICMP may be dropped. Nobody outside can ask an inside host.
        return Refused(NatOutcome::Drop, Reason::NatProtocolDropped, subject());
    default:
        return Refused(NatOutcome::Drop, Reason::IpMalformed, subject());
    }
}

NatResult
Nat::Engine::HairpinSource(Job& job)
{
    if (job.headers.transport == Transport::Later)
    {
        const auto* treatment = m_outboundFragments.Find(FragmentTable::KeyOf(job.headers.ip));
        if (!treatment || !treatment->result.hairpin)
        {
            return {};
        }
        Apply(*treatment, job.packet, Side::Source, job.now);
        return treatment->result;
    }
    if (!m_hairpin || !(m_hairpin->flow == KeyOf(FlowOf(job.packet.bytes))))
    {
        return {};
    }
    const Hairpin hairpin = *std::exchange(m_hairpin, std::nullopt);
    if (hairpin.identification)
    {
        nat::RewriteIdentification(job.packet.bytes, *hairpin.identification);
    }
    NatResult result = Translate(job, Side::Source, hairpin.external, hairpin.subject);
    result.hairpin = true;
    return result;
}

std::vector<NatReleased>
Nat::Engine::TakeReleased()
{
    return std::exchange(m_released, {});
}

void
Nat::Engine::Expire(Instant now)
{
    m_mappings.Expire(now);
    m_spis.Expire(now);
    DropHeld(m_inboundFragments.Expire(now), now, Reason::NatFragmentRefused);
    DropHeld(m_outboundFragments.Expire(now), now, Reason::NatFragmentRefused);
}

std::optional<Instant>
Nat::Engine::Deadline() const
{
    return Earlier(Earlier(m_mappings.Deadline(), m_spis.Deadline()),
                   Earlier(m_inboundFragments.Deadline(), m_outboundFragments.Deadline()));
}

void
Nat::Engine::Reboot(Instant now)
{
    Expire(now);
    m_mappings.Clear(Reason::NatRebooted, now);
    m_spis.Clear(Reason::NatRebooted, now);
    DropHeld(m_inboundFragments.Clear(), now, Reason::NatRebooted);
    DropHeld(m_outboundFragments.Clear(), now, Reason::NatRebooted);
    m_ports.Reset();
    m_hairpin.reset();
}

std::size_t
Nat::Engine::MappingCount() const
{
    return m_mappings.DynamicCount() + m_spis.Associations().size();
}

std::vector<NatMappingView>
Nat::Engine::Mappings() const
{
    std::vector<NatMappingView> views;
    for (const auto& [id, mapping] : m_mappings.Mappings())
    {
        views.push_back({mapping.protocol,
                         mapping.inside,
                         mapping.external,
                         mapping.forward,
                         mapping.sessions.size(),
                         m_mappings.EndOf(mapping),
                         mapping.text});
    }
    for (const auto& [id, a] : m_spis.Associations())
    {
        views.push_back({IP_ESP, {a.inside, 0}, {a.external, 0}, false, 1, a.deadline, a.text});
    }
    return views;
}

const NatConfig&
Nat::Engine::Config() const
{
    return m_config;
}

} // namespace nattlab
