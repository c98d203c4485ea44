// SPDX-License-Identifier: GPL-2.0-only
#include "model/endpoint/security.h"

#include <utility>

namespace nattlab
{

bool
SecurityLayer::Receive(const Packet& packet, Instant now, HostTransmissions& out)
{
    const std::uint8_t protocol = ip::Protocol(packet.bytes);
    const Ipv4Address source = ip::Source(packet.bytes);
    const ByteView payload = ip::Payload(packet.bytes);
    if (protocol == IP_ESP && m_config.enabled)
    {
        if (!m_running)
        {
            m_ip.Trace().Dropped(packet, now, Layer::Esp, Reason::HostServiceStopped);
            return true;
        }
        ReceiveEsp(packet, {m_ip.Address(), 0}, {source, 0}, payload, now, out);
        return true;
    }
    const auto udp = protocol == IP_UDP ? UdpHeader::Parse(payload) : std::nullopt;
    if (!udp)
    {
        return false;
    }
    if (udp->destinationPort == L2TP_PORT)
    {
        ReceiveClear(packet, now);
        return true;
    }
    if (!m_config.enabled ||
        (udp->destinationPort != ike::IKE_PORT && udp->destinationPort != ike::NAT_T_PORT))
    {
        return false;
    }
    if (!m_running)
    {
        m_ip.Trace().Dropped(packet, now, Layer::Ike, Reason::HostServiceStopped);
        return true;
    }
    if (!UdpChecksumOk(source, m_ip.Address(), payload))
    {
        m_ip.Trace().Dropped(packet, now, Layer::Ip, Reason::IpBadChecksum);
        return true;
    }
    const Endpoint local{m_ip.Address(), udp->destinationPort};
    const Endpoint remote{source, udp->sourcePort};
    const ByteView data = payload.Sub(UdpHeader::SIZE, udp->length - UdpHeader::SIZE);
    if (udp->destinationPort == ike::IKE_PORT)
    {
        ReceiveIke(packet, local, remote, data, now, out);
        return true;
    }
    switch (esp::Classify(data))
    {
    case esp::NatTPayload::Ike:
        ReceiveIke(packet, local, remote, esp::StripNonEspMarker(data), now, out);
        break;
    case esp::NatTPayload::Esp:
        ReceiveEsp(packet, local, remote, data, now, out);
        break;
    case esp::NatTPayload::Keepalive: // RFC 3948 2.3: the receiver ignores it
        m_ip.Trace().Delivered(packet, now);
        break;
    case esp::NatTPayload::Malformed:
        m_ip.Trace().Dropped(packet, now, Layer::Esp, Reason::EspMalformed);
        break;
    }
    return true;
}

void
SecurityLayer::ReceiveIke(const Packet& packet,
                          Endpoint local,
                          Endpoint remote,
                          ByteView isakmp,
                          Instant now,
                          HostTransmissions& out)
{
    m_ip.Trace().Delivered(packet, now);
    ike::Message message;
    message.local = local;
    message.remote = remote;
    message.payload = isakmp.ToBytes();
    message.tag = packet.tag;
    Handle(m_ike.Receive(message, now), now, out);
}

void
SecurityLayer::ReceiveEsp(const Packet& packet,
                          Endpoint local,
                          Endpoint remote,
                          ByteView espPacket,
                          Instant now,
                          HostTransmissions& out)
{
    const Tracer& trace = m_ip.Trace();
    esp::Sad::Unprotected result = m_sad.Unprotect(espPacket, now);
    if (result.reason != Reason::None)
    {
        trace.Dropped(packet, now, Layer::Esp, result.reason);
        return;
    }
    const esp::SaPair* sa = result.sa;
    Path* path = m_paths.Find(sa->owner);
    const auto udp = UdpHeader::Parse(result.segment);
    // RFC 2401 5.2.1: what came out must fit the selectors of the SA that it came through.
    if (!path || result.protocol != IP_UDP || !udp || udp->destinationPort != L2TP_PORT ||
        !sa->selector.Matches(m_ip.Address(),
                              sa->selector.remote.address,
                              IP_UDP,
                              udp->destinationPort,
                              udp->sourcePort))
    {
        trace.Dropped(packet, now, Layer::Esp, Reason::SpdWrongSa);
        return;
    }
    // RFC 3948 3.1.2: NAT-OA tells what the sender computed its checksum over. A host that does not
    // look at UDP checksums inside ESP, since ESP has authenticated them, never looks.
    if (sa->encapsulation == esp::Encapsulation::UdpTransport ||
        m_config.checksumFix == esp::ChecksumFix::ZeroUdp)
    {
        esp::FixTransportChecksum(result.segment,
                                  IP_UDP,
                                  m_config.checksumFix,
                                  sa->peerOriginalAddress.value_or(remote.address),
                                  sa->ownOriginalAddress.value_or(m_ip.Address()),
                                  remote.address,
                                  m_ip.Address());
    }
    if (!UdpChecksumOk(remote.address, m_ip.Address(), result.segment))
    {
        trace.Dropped(packet, now, Layer::Esp, Reason::EspBadInnerChecksum);
        return;
    }
    Ipv4Header inner;
    inner.source = remote.address;
    inner.destination = m_ip.Address();
    inner.protocol = IP_UDP;
    if (m_ip.HasFirewall())
    {
        const FirewallDecision decision =
            m_ip.DecideInner(inner.Build(result.segment), "ipsec", now);
        if (!decision.Accepted())
        {
            trace.Dropped(
                packet, now, Layer::Firewall, decision.reason, std::string(decision.rule));
            return;
        }
    }
    trace.Delivered(packet, now);
    const PathId id = sa->owner;
    path->remote.port = udp->sourcePort;
    if (path->peer && sa->encapsulation == esp::Encapsulation::UdpTransport)
    {
        Handle(m_ike.NoteAuthenticatedSource(*path->peer, local, remote, now), now, out);
    }
    result.segment.resize(udp->length);
    result.segment.erase(result.segment.begin(), result.segment.begin() + UdpHeader::SIZE);
    m_notices.emplace_back(TunnelPayload{id, std::move(result.segment), packet.tag});
}

void
SecurityLayer::ReceiveClear(const Packet& packet, Instant now)
{
    const Tracer& trace = m_ip.Trace();
    const ByteView segment = ip::Payload(packet.bytes);
    const auto udp = UdpHeader::Parse(segment);
    const Endpoint remote{ip::Source(packet.bytes), udp->sourcePort};
    const esp::Policy* policy = m_spd.Lookup(esp::Direction::Inbound,
                                             m_ip.Address(),
                                             remote.address,
                                             IP_UDP,
                                             udp->destinationPort,
                                             remote.port);
    // Where the policy comes and goes with the SA, it protects while there is one.
    const bool inForce = m_config.onSaLoss != IpsecConfig::OnSaLoss::SendClear ||
                         m_newestPair.count(remote.address) > 0;
    if (policy && policy->action == esp::PolicyAction::Protect && inForce)
    {
        trace.Dropped(packet, now, Layer::Esp, Reason::SpdClearRefused, policy->name);
        return;
    }
    if (!UdpChecksumOk(remote.address, m_ip.Address(), segment))
    {
        trace.Dropped(packet, now, Layer::Ip, Reason::IpBadChecksum);
        return;
    }
    trace.Delivered(packet, now);
    auto it = m_clearPaths.find(remote);
    if (it == m_clearPaths.end())
    {
        const PathId id = NewPath(remote, packet.tag.connection, false);
        Path& path = m_paths.At(id);
        path.clear = true;
        path.announced = true;
        it = m_clearPaths.emplace(remote, id).first;
        m_notices.emplace_back(PathUp{id, packet.tag.connection, false});
    }
    m_notices.emplace_back(
        TunnelPayload{it->second,
                      segment.Sub(UdpHeader::SIZE, udp->length - UdpHeader::SIZE).ToBytes(),
                      packet.tag});
}

} // namespace nattlab
