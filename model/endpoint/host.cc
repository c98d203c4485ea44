// SPDX-License-Identifier: GPL-2.0-only
#include "model/endpoint/host.h"

#include "model/packet/prefetch.h"

#include <utility>

namespace nattlab
{

namespace
{

ike::Engine::Host
IkeHost(const HostConfig& config)
{
    return {config.name, config.fqdn, {config.ip.address.address}, config.clock};
}

std::shared_ptr<const l2tp::Config>
L2tpConfig(const HostConfig& config)
{
    Shared<l2tp::Config> l2tp = config.l2tp;
    const bool listen = config.server && config.takesL2tp;
    if (l2tp->listen != listen)
    {
        l2tp.Edit().listen = listen;
    }
    return l2tp.Pointer();
}

} // namespace

Host::Host(HostConfig config, std::uint64_t seed, Tracer tracer, KeyLog* keys)
    : m_tracer(tracer),
      m_traffic(tracer),
      m_ip(config.ip, tracer),
      m_security(config.ipsec, config.ike.Pointer(), IkeHost(config), seed, m_ip, keys),
      m_tunnels(L2tpConfig(config),
                config.ppp.Pointer(),
                config.addresses,
                config.name,
                seed,
                m_security,
                tracer),
      m_config(std::move(config))
{
    if (m_config.presharedKey)
    {
        m_security.SetPresharedKey(std::nullopt, *m_config.presharedKey);
    }
    if (m_config.certificates)
    {
        m_security.SetCertificates(m_config.certificates);
    }
    m_security.Listen(m_config.server);
}

void
Host::SetStackAbove(bool above)
{
    m_stackAbove = above;
}

void
Host::Prefetch(ConnectionId connection) const
{
    if (const EventLog* log = m_tracer.Log())
    {
        log->Prefetch(connection);
    }
    nattlab::Prefetch(m_ip);
    nattlab::Prefetch(m_security);
    nattlab::Prefetch(m_tunnels);
}

HostOutput
Host::Receive(Packet packet, Instant now)
{
    HostOutput out;
    if (!m_on)
    {
        m_tracer.Dropped(packet, now, Layer::Ip, Reason::HostDown);
        return out;
    }
    auto whole = m_ip.Receive(std::move(packet), now, out.transmissions);
    if (whole && !(m_config.vpn && m_security.Receive(*whole, now, out.transmissions)))
    {
        TakePlain(std::move(*whole), now, out);
    }
    Settle(now, out);
    return out;
}

void
Host::TakePlain(Packet packet, Instant now, HostOutput& out)
{
    const Ipv4Address source = ip::Source(packet.bytes);
    const std::uint8_t protocol = ip::Protocol(packet.bytes);
    if (m_traffic.Take(packet.bytes, now))
    {
        m_tracer.Delivered(packet, now);
        return;
    }
    if (m_stackAbove)
    {
        m_tracer.Delivered(packet, now);
        out.clear.push_back(std::move(packet));
        return;
    }
    if (const auto answer = protocol == IP_ICMP && !m_config.answersPing
                                ? std::nullopt
                                : AnswerTo(packet.bytes, m_ip.Address()))
    {
        m_tracer.Delivered(packet, now);
        m_ip.Send(source, protocol, *answer, packet.tag.connection, now, out.transmissions);
        return;
    }
    if (protocol == IP_ICMP)
    {
        m_tracer.Delivered(packet, now); // an error or an answer that came too late
        return;
    }
    const bool ports = protocol == IP_UDP || protocol == IP_TCP;
    m_tracer.Dropped(
        packet, now, Layer::Ip, ports ? Reason::IpPortUnreachable : Reason::IpProtocolUnreachable);
    if (m_config.sendsUnreachable && protocol != IP_TCP)
    {
        m_ip.SendIcmpError(packet,
                           ICMP_UNREACHABLE,
                           ports ? ICMP_PORT_UNREACHABLE : ICMP_PROTOCOL_UNREACHABLE,
                           now,
                           out.transmissions);
    }
}

void
Host::TakeInner(InnerPacket packet, Instant now, HostOutput& out)
{
    const auto header = Ipv4Header::Parse(packet.bytes);
    const auto link = m_up.find(packet.session);
    if (!header || link == m_up.end() || m_traffic.Take(packet.bytes, now))
    {
        return;
    }
    if (m_stackAbove)
    {
        out.inner.push_back(std::move(packet));
        return;
    }
    if (const auto answer = AnswerTo(packet.bytes, link->second.own))
    {
        SendInnerSegment(link->second,
                         header->source,
                         header->protocol,
                         *answer,
                         packet.tag.connection,
                         now,
                         out);
    }
}

void
Host::SendInnerSegment(const LinkUp& link,
                       Ipv4Address destination,
                       std::uint8_t protocol,
                       ByteView segment,
                       ConnectionId connection,
                       Instant now,
                       HostOutput& out)
{
    Ipv4Header header;
    header.source = link.own;
    header.destination = destination;
    header.protocol = protocol;
    header.ttl = m_config.ip.ttl;
    header.identification = m_nextInnerId++;
    for (const Bytes& piece : FragmentPacket(header.Build(segment), link.mtu))
    {
        m_tunnels.SendInner(piece, connection, now, out.transmissions);
    }
}

void
Host::SendTraffic(const TrafficPacket& packet, Instant now, HostOutput& out)
{
    if (packet.tunnel == 0)
    {
        m_ip.Send(packet.destination,
                  packet.protocol,
                  BuildTrafficSegment(packet, m_ip.Address()),
                  packet.id,
                  now,
                  out.transmissions);
        return;
    }
    const auto link = m_tunnels.LinkOf(packet.tunnel);
    if (!link)
    {
        m_traffic.NotSent(packet.id, Reason::PppNotOpen);
        return;
    }
    TrafficPacket addressed = packet;
    if (addressed.destination.IsAny())
    {
        addressed.destination = link->peer;
    }
    SendInnerSegment(*link,
                     addressed.destination,
                     addressed.protocol,
                     BuildTrafficSegment(addressed, link->own),
                     packet.id,
                     now,
                     out);
}

void
Host::Settle(Instant now, HostOutput& out)
{
    // One layer's notices make the other one act, until both are quiet.
    for (bool quiet = false; !quiet;)
    {
        quiet = true;
        for (const SecurityNotice& notice : m_security.TakeNotices())
        {
            quiet = false;
            m_tunnels.Take(notice, now, out.transmissions);
        }
        for (TunnelNotice& notice : m_tunnels.TakeNotices())
        {
            quiet = false;
            if (auto* up = std::get_if<LinkUp>(&notice))
            {
                m_up[up->session] = *up;
                out.up.push_back(*up);
            }
            else if (auto* down = std::get_if<LinkDown>(&notice))
            {
                m_up.erase(down->session);
                out.down.push_back(*down);
            }
            else if (auto* failed = std::get_if<CallFailed>(&notice))
            {
                out.failed.push_back(*failed);
            }
            else if (auto* inner = std::get_if<InnerPacket>(&notice))
            {
                TakeInner(std::move(*inner), now, out);
            }
        }
    }
}

HostOutput
Host::Expire(Instant now)
{
    HostOutput out;
    if (!m_on)
    {
        return out;
    }
    m_ip.Expire(now);
    m_security.Expire(now, out.transmissions);
    m_tunnels.Expire(now, out.transmissions);
    for (const TrafficPacket& packet : m_traffic.Expire(now))
    {
        SendTraffic(packet, now, out);
    }
    Settle(now, out);
    return out;
}

std::optional<Instant>
Host::Deadline() const
{
    if (!m_on)
    {
        return std::nullopt;
    }
    return Earlier(Earlier(m_ip.Deadline(), m_security.Deadline()),
                   Earlier(m_tunnels.Deadline(), m_traffic.Deadline()));
}

HostOutput
Host::Dial(const CallRequest& request, Instant now)
{
    HostOutput out;
    m_tunnels.Dial(request, now, out.transmissions);
    if (!m_on)
    {
        m_tunnels.Reset(now);
    }
    Settle(now, out);
    return out;
}

HostOutput
Host::HangUp(ConnectionId connection, Instant now)
{
    HostOutput out;
    m_tunnels.HangUp(connection, now, out.transmissions);
    Settle(now, out);
    return out;
}

HostOutput
Host::StartTraffic(const TrafficRequest& request, Instant now)
{
    m_traffic.Start(request, now);
    return Expire(now);
}

HostOutput
Host::SendClear(Bytes packet, Instant now)
{
    HostOutput out;
    if (m_on)
    {
        m_ip.SendWhole(std::move(packet), 0, now, out.transmissions);
    }
    return out;
}

HostOutput
Host::SendInner(ByteView packet, Instant now)
{
    HostOutput out;
    if (m_on)
    {
        m_tunnels.SendInner(packet, 0, now, out.transmissions);
        Settle(now, out);
    }
    return out;
}

HostOutput
Host::PowerOff(Instant now)
{
    HostOutput out;
    m_traffic.Finish(now);
    m_security.Reset();
    m_tunnels.Reset(now);
    m_ip.Reset(now, Reason::HostDown);
    Settle(now, out);
    m_on = false;
    return out;
}

HostOutput
Host::Stop(Service service, Instant now)
{
    HostOutput out;
    if (!m_on)
    {
        return out;
    }
    if (service == Service::Ipsec)
    {
        m_security.Stop(now, out.transmissions);
    }
    else
    {
        m_tunnels.Stop(now, out.transmissions);
        m_security.Listen(false); // without the service's filters nobody is answered
    }
    Settle(now, out);
    return out;
}

HostOutput
Host::Start(Service service, const HostConfig& config, Instant now)
{
    HostOutput out;
    const bool runs = service == Service::Ipsec ? m_security.IsRunning() : m_tunnels.IsRunning();
    if (!m_on || runs)
    {
        return out;
    }
    if (service == Service::Ipsec)
    {
        m_security.Start(config.ipsec, config.ike.Pointer());
    }
    else
    {
        m_tunnels.Start(L2tpConfig(config), config.ppp.Pointer());
        // The service plumbs its own policy.
        m_security.Configure(config.ipsec, config.ike.Pointer());
        m_security.Listen(config.server);
    }
    m_config.ipsec = config.ipsec;
    m_config.ike = config.ike;
    Settle(now, out);
    return out;
}

void
Host::SetPolicy(std::vector<PolicyRule> dynamic, std::optional<IpsecPolicy> stored)
{
    m_security.SetPolicy(std::move(dynamic), std::move(stored));
}

void
Host::SetFirewall(FirewallConfig config)
{
    m_ip.SetFirewall(std::move(config));
}

void
Host::Finish(Instant now)
{
    m_traffic.Finish(now);
    m_ip.Reset(now, Reason::RunEnded);
}

} // namespace nattlab
