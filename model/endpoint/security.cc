// SPDX-License-Identifier: GPL-2.0-only
#include "model/endpoint/security.h"

#include <algorithm>
#include <utility>

namespace nattlab
{

namespace
{

using ike::IKE_PORT;
using ike::NAT_T_PORT;
constexpr std::uint16_t L2TP_PORT = 1701; // RFC 2661 8.1; Windows uses it on both ends

/** The selector of L2TP to one peer (MS-L2TPIE 4), as IKE negotiates it. */
ike::Selector
L2tpSelector(Ipv4Address local, Ipv4Address remote)
{
    return {local, remote, IP_UDP, L2TP_PORT, L2TP_PORT};
}

esp::SaPair
MakePair(const ike::ChildSa& sa, const IpsecConfig& config, ConnectionId connection)
{
    esp::SaPair pair;
    pair.inboundSpi = sa.inboundSpi;
    pair.outboundSpi = sa.outboundSpi;
    pair.cipher = sa.cipher;
    pair.integrity = sa.integrity == crypto::HashAlgorithm::Md5 ? esp::Integrity::HmacMd5_96
                                                                : esp::Integrity::HmacSha1_96;
    pair.inboundCipherKey = sa.inboundCipherKey;
    pair.inboundAuthKey = sa.inboundAuthKey;
    pair.outboundCipherKey = sa.outboundCipherKey;
    pair.outboundAuthKey = sa.outboundAuthKey;
    pair.encapsulation =
        sa.udpEncapsulated ? esp::Encapsulation::UdpTransport : esp::Encapsulation::Transport;
    pair.local = sa.local;
    pair.remote = sa.remote;
    pair.selector.local = {sa.selector.local, 32};
    pair.selector.remote = {sa.selector.remote, 32};
    pair.selector.protocol = sa.selector.protocol;
    pair.selector.localPort = sa.selector.localPort;
    pair.selector.remotePort = sa.selector.remotePort;
    pair.peerOriginalAddress = sa.peerOriginalAddress;
    pair.ownOriginalAddress = sa.ownOriginalAddress;
    pair.hardLifetime = sa.lifetime;
    pair.hardBytes = sa.lifetimeKilobytes * 1024;
    if (sa.initiator) // the initiator of an SA renews it, so that both ends do not at once
    {
        pair.softLifetime = std::chrono::duration_cast<Duration>(sa.lifetime * config.softLifetime);
        pair.softBytes =
            static_cast<std::uint64_t>(static_cast<double>(pair.hardBytes) * config.softLifetime);
    }
    pair.idleTimeout = config.idleTimeout;
    pair.connection = connection;
    return pair;
}

} // namespace

SecurityLayer::SecurityLayer(IpsecConfig config,
                             ike::Profile profile,
                             ike::Engine::Host host,
                             std::uint64_t seed,
                             IpLayer& ip,
                             KeyLog* keys)
    : m_config(config),
      m_ip(ip),
      m_ike(std::move(profile), host, seed, ip.Trace(), keys),
      m_sad(esp::SadConfig{config.replayWindow}, RandomStream(seed, host.name, "esp.iv"), keys)
{
    if (config.l2tp == IpsecConfig::L2tpPolicy::Protect)
    {
        // MS-L2TPIE 4: any:1701 to us and from us, both ways.
        esp::Selector selector;
        selector.local = {ip.Address(), 32};
        selector.remote = {Ipv4Address{}, 0};
        selector.protocol = IP_UDP;
        selector.localPort = L2TP_PORT;
        m_spd.Add({"l2tp", selector, esp::PolicyAction::Protect});
    }
}

void
SecurityLayer::SetPresharedKey(std::optional<Ipv4Address> peer, Bytes key)
{
    m_ike.SetPresharedKey(peer, std::move(key));
}

void
SecurityLayer::Listen(bool on)
{
    m_ike.Listen(on);
}

PathId
SecurityLayer::NewPath(Endpoint remote, ConnectionId connection, bool initiator)
{
    const PathId id = m_nextPath++;
    Path& path = m_paths[id];
    path.remote = remote;
    path.connection = connection;
    path.initiator = initiator;
    return id;
}

PathId
SecurityLayer::Open(Ipv4Address remote,
                    ConnectionId connection,
                    Instant now,
                    HostTransmissions& out)
{
    const PathId id = NewPath({remote, L2TP_PORT}, connection, true);
    Path& path = m_paths[id];
    if (m_config.l2tp == IpsecConfig::L2tpPolicy::Clear || !m_config.enabled)
    {
        path.clear = true;
        path.announced = true;
        m_clearPaths[path.remote] = id;
        m_notices.push_back(PathUp{id, connection, true});
        return id;
    }
    Acquire(id, path, now, out);
    return id;
}

void
SecurityLayer::Acquire(PathId, Path& path, Instant now, HostTransmissions& out)
{
    path.acquiring = true;
    ike::Request request;
    request.local = m_ip.Address();
    request.remote = path.remote.address;
    request.selector = L2tpSelector(m_ip.Address(), path.remote.address);
    request.connection = path.connection;
    Handle(m_ike.Acquire(request, now), now, out);
}

void
SecurityLayer::Close(PathId id, Instant now, HostTransmissions& out)
{
    const auto it = m_paths.find(id);
    if (it == m_paths.end())
    {
        return;
    }
    const Path path = std::move(it->second);
    m_paths.erase(it);
    if (path.clear)
    {
        m_clearPaths.erase(path.remote);
    }
    for (const esp::PairId pair : path.pairs)
    {
        RemovePair(pair);
    }
    if (path.peer)
    {
        m_pathOfPeer.erase(*path.peer);
        Handle(m_ike.DeletePeer(*path.peer, now), now, out);
    }
}

void
SecurityLayer::Send(PathId id,
                    ByteView payload,
                    ConnectionId connection,
                    Instant now,
                    HostTransmissions& out)
{
    const auto it = m_paths.find(id);
    if (it == m_paths.end())
    {
        return;
    }
    Path& path = it->second;
    const Bytes segment = BuildUdp({m_ip.Address(), L2TP_PORT}, path.remote, payload);
    if (path.clear)
    {
        Event event;
        event.time = now;
        event.type = EventType::ClearText;
        event.layer = Layer::L2tp;
        event.tag.connection = connection;
        event.flow.source = m_ip.Address();
        event.flow.destination = path.remote.address;
        event.flow.protocol = IP_UDP;
        event.flow.sourcePort = L2TP_PORT;
        event.flow.destinationPort = path.remote.port;
        event.flow.length = static_cast<std::uint16_t>(segment.size() + 20);
        m_ip.Trace().Record(std::move(event));
        m_ip.Send(path.remote.address, IP_UDP, segment, connection, now, out);
        return;
    }
    SendSegment(id, path, segment, connection, now, out);
}

void
SecurityLayer::SendSegment(PathId id,
                           Path& path,
                           ByteView segment,
                           ConnectionId connection,
                           Instant now,
                           HostTransmissions& out)
{
    std::optional<esp::PairId> pair = path.pair;
    if (m_config.outboundSa == IpsecConfig::OutboundSa::NewestForAddress)
    {
        const auto newest = m_newestPair.find(path.remote.address);
        if (newest != m_newestPair.end() && pair != newest->second)
        {
            pair = newest->second;
            m_ip.Trace().Message(EventType::MessageRefused,
                                 Layer::Esp,
                                 {0, connection},
                                 now,
                                 "L2TP by its own SA",
                                 Reason::IkeSelectorCollision);
        }
    }
    const esp::SaPair* sa = pair ? m_sad.Find(*pair) : nullptr;
    if (!sa)
    {
        if (path.waiting.size() >= m_config.waiting)
        {
            m_ip.Trace().Message(EventType::MessageRefused,
                                 Layer::Esp,
                                 {0, connection},
                                 now,
                                 "L2TP",
                                 Reason::SpdQueueFull);
            return;
        }
        path.waiting.push_back({segment.ToBytes(), connection});
        if (!path.acquiring)
        {
            Acquire(id, path, now, out);
        }
        return;
    }
    esp::Sad::Protected result = m_sad.Protect(*pair, IP_UDP, segment, now);
    if (result.reason != Reason::None)
    {
        m_ip.Trace().Message(
            EventType::MessageRefused, Layer::Esp, {0, connection}, now, "L2TP", result.reason);
        return;
    }
    if (sa->encapsulation == esp::Encapsulation::UdpTransport)
    {
        const Bytes udp = BuildUdp(sa->local, sa->remote, result.packet, UdpChecksum::Zero);
        m_ip.Send(sa->remote.address, IP_UDP, udp, connection, now, out);
        if (path.peer)
        {
            m_ike.NoteSent(*path.peer, now);
        }
        return;
    }
    m_ip.Send(sa->remote.address, IP_ESP, result.packet, connection, now, out);
}

bool
SecurityLayer::Receive(const Packet& packet, Instant now, HostTransmissions& out)
{
    const std::uint8_t protocol = ip::Protocol(packet.bytes);
    const Ipv4Address source = ip::Source(packet.bytes);
    const ByteView payload = ip::Payload(packet.bytes);
    if (protocol == IP_ESP && m_config.enabled)
    {
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
        (udp->destinationPort != IKE_PORT && udp->destinationPort != NAT_T_PORT))
    {
        return false;
    }
    if (!UdpChecksumOk(source, m_ip.Address(), payload))
    {
        m_ip.Trace().Dropped(packet, now, Layer::Ip, Reason::IpBadChecksum);
        return true;
    }
    const Endpoint local{m_ip.Address(), udp->destinationPort};
    const Endpoint remote{source, udp->sourcePort};
    const ByteView data = payload.Sub(UdpHeader::SIZE, udp->length - UdpHeader::SIZE);
    if (udp->destinationPort == IKE_PORT)
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
    const auto owner = m_pathOfPair.find(result.pair);
    const esp::SaPair* sa = m_sad.Find(result.pair);
    const auto udp = UdpHeader::Parse(result.segment);
    // RFC 2401 5.2.1: what came out must fit the selectors of the SA that it came through.
    if (owner == m_pathOfPair.end() || !sa || result.protocol != IP_UDP || !udp ||
        udp->destinationPort != L2TP_PORT ||
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
    if (m_ip.Config().firewall)
    {
        const FirewallDecision decision =
            m_ip.DecideInner(inner.Build(result.segment), "ipsec", now);
        if (!decision.Accepted())
        {
            trace.Dropped(packet, now, Layer::Firewall, decision.reason, decision.rule);
            return;
        }
    }
    trace.Delivered(packet, now);
    const PathId id = owner->second;
    Path& path = m_paths.at(id);
    path.remote.port = udp->sourcePort;
    if (path.peer && sa->encapsulation == esp::Encapsulation::UdpTransport)
    {
        Handle(m_ike.NoteAuthenticatedSource(*path.peer, local, remote, now), now, out);
    }
    m_notices.push_back(TunnelPayload{
        id,
        ByteView{result.segment}.Sub(UdpHeader::SIZE, udp->length - UdpHeader::SIZE).ToBytes(),
        packet.tag});
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
    if (policy && policy->action == esp::PolicyAction::Protect)
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
        m_paths[id].clear = true;
        m_paths[id].announced = true;
        it = m_clearPaths.emplace(remote, id).first;
        m_notices.push_back(PathUp{id, packet.tag.connection, false});
    }
    m_notices.push_back(
        TunnelPayload{it->second,
                      segment.Sub(UdpHeader::SIZE, udp->length - UdpHeader::SIZE).ToBytes(),
                      packet.tag});
}

void
SecurityLayer::Handle(ike::Output output, Instant now, HostTransmissions& out)
{
    for (const ike::Message& message : output.messages)
    {
        const bool marker = message.local.port == NAT_T_PORT && !message.keepalive;
        const Bytes data = marker ? esp::AddNonEspMarker(message.payload) : Bytes{};
        const Bytes segment =
            BuildUdp(message.local, message.remote, marker ? data : message.payload);
        m_ip.Send(message.remote.address, IP_UDP, segment, message.tag.connection, now, out);
    }
    for (const ike::Notice& notice : output.notices)
    {
        std::visit([&](const auto& what) { On(what, now, out); }, notice);
    }
}

PathId
SecurityLayer::PathFor(const ike::ChildUp& up)
{
    if (up.sa.replaces)
    {
        if (const auto pair = m_sad.FindByInboundSpi(*up.sa.replaces))
        {
            const auto it = m_pathOfPair.find(*pair);
            if (it != m_pathOfPair.end())
            {
                return it->second;
            }
        }
    }
    const auto known = m_pathOfPeer.find(up.sa.peer);
    if (known != m_pathOfPeer.end())
    {
        return known->second;
    }
    if (up.sa.initiator)
    {
        for (const auto& [id, path] : m_paths)
        {
            if (path.acquiring && path.remote.address == up.sa.remote.address)
            {
                return id;
            }
        }
    }
    return NewPath({up.sa.remote.address, L2TP_PORT}, up.tag.connection, false);
}

void
SecurityLayer::On(const ike::ChildUp& up, Instant now, HostTransmissions& out)
{
    const PathId id = PathFor(up);
    Path& path = m_paths.at(id);
    const esp::PairId pair = m_sad.Install(MakePair(up.sa, m_config, path.connection), now);
    if (path.peer && *path.peer != up.sa.peer)
    {
        m_pathOfPeer.erase(*path.peer);
    }
    path.peer = up.sa.peer;
    path.pair = pair;
    path.pairs.push_back(pair);
    path.acquiring = false;
    path.remote.address = up.sa.remote.address;
    m_pathOfPeer[up.sa.peer] = id;
    m_pathOfPair[pair] = id;
    m_newestPair[up.sa.remote.address] = pair;
    if (!path.announced)
    {
        path.announced = true;
        m_notices.push_back(PathUp{id, path.connection, path.initiator});
    }
    std::deque<Waiting> waiting = std::move(path.waiting);
    path.waiting.clear();
    for (const Waiting& item : waiting)
    {
        SendSegment(id, path, item.segment, item.connection, now, out);
    }
}

void
SecurityLayer::RemovePair(esp::PairId pair)
{
    if (const esp::SaPair* sa = m_sad.Find(pair))
    {
        const auto newest = m_newestPair.find(sa->remote.address);
        if (newest != m_newestPair.end() && newest->second == pair)
        {
            m_newestPair.erase(newest);
        }
    }
    const auto owner = m_pathOfPair.find(pair);
    if (owner != m_pathOfPair.end())
    {
        const auto path = m_paths.find(owner->second);
        if (path != m_paths.end())
        {
            auto& pairs = path->second.pairs;
            pairs.erase(std::remove(pairs.begin(), pairs.end(), pair), pairs.end());
        }
        m_pathOfPair.erase(owner);
    }
    m_sad.Remove(pair);
}

void
SecurityLayer::Lose(PathId id, Path& path, Reason reason)
{
    path.pair.reset();
    if (m_config.onSaLoss == IpsecConfig::OnSaLoss::EndTunnel)
    {
        m_notices.push_back(PathLost{id, reason});
    }
}

void
SecurityLayer::On(const ike::ChildDown& down, Instant, HostTransmissions&)
{
    const auto pair = m_sad.FindByInboundSpi(down.inboundSpi);
    if (!pair)
    {
        return;
    }
    const auto owner = m_pathOfPair.find(*pair);
    const PathId id = owner == m_pathOfPair.end() ? 0 : owner->second;
    RemovePair(*pair);
    const auto it = m_paths.find(id);
    if (it != m_paths.end() && it->second.pair == *pair)
    {
        Lose(id, it->second, down.reason);
    }
}

void
SecurityLayer::On(const ike::PeerUp& up, Instant, HostTransmissions&)
{
    m_notices.push_back(MainModeDone{up.connection});
}

void
SecurityLayer::On(const ike::PeerDown& down, Instant, HostTransmissions&)
{
    const auto it = m_pathOfPeer.find(down.peer);
    if (it != m_pathOfPeer.end())
    {
        m_paths.at(it->second).peer.reset();
        m_pathOfPeer.erase(it);
    }
}

void
SecurityLayer::On(const ike::Failed& failed, Instant, HostTransmissions&)
{
    if (!failed.initiator)
    {
        return;
    }
    for (auto& [id, path] : m_paths)
    {
        if (path.acquiring && path.remote.address == failed.remote.address)
        {
            path.acquiring = false;
            path.waiting.clear();
            if (path.announced)
            {
                m_notices.push_back(PathLost{id, failed.reason});
                continue;
            }
            const Stage stage =
                failed.phase == ike::Failed::Phase::Main ? Stage::IkeMain : Stage::IkeQuick;
            m_notices.push_back(
                PathFailed{id, path.connection, stage, failed.reason, failed.message});
        }
    }
}

void
SecurityLayer::On(const ike::Moved& moved, Instant, HostTransmissions&)
{
    const auto it = m_pathOfPeer.find(moved.peer);
    if (it == m_pathOfPeer.end())
    {
        return;
    }
    Path& path = m_paths.at(it->second);
    path.remote.address = moved.remote.address;
    for (const esp::PairId pair : path.pairs)
    {
        m_sad.MoveRemote(pair, moved.remote);
    }
    if (path.pair)
    {
        m_newestPair[moved.remote.address] = *path.pair;
    }
}

void
SecurityLayer::Expire(Instant now, HostTransmissions& out)
{
    Handle(m_ike.Expire(now), now, out);
    for (const esp::Sad::Expiry& expiry : m_sad.Expire(now))
    {
        const esp::SaPair* sa = m_sad.Find(expiry.pair);
        if (!sa)
        {
            continue;
        }
        const std::uint32_t spi = sa->inboundSpi;
        if (expiry.kind == esp::Sad::Expiry::Kind::Soft)
        {
            Handle(m_ike.Rekey(spi, now), now, out);
            continue;
        }
        const auto owner = m_pathOfPair.find(expiry.pair);
        const PathId id = owner == m_pathOfPair.end() ? 0 : owner->second;
        Handle(m_ike.DeleteChild(spi, now), now, out);
        RemovePair(expiry.pair);
        const auto it = m_paths.find(id);
        if (it != m_paths.end() && it->second.pair == expiry.pair)
        {
            Lose(id, it->second, Reason::EspSaExpired);
        }
    }
}

std::optional<Instant>
SecurityLayer::Deadline() const
{
    return Earlier(m_ike.Deadline(), m_sad.Deadline());
}

std::deque<SecurityNotice>
SecurityLayer::TakeNotices()
{
    return std::exchange(m_notices, {});
}

void
SecurityLayer::Reset()
{
    m_ike.Reset();
    for (const esp::PairId pair : m_sad.Pairs())
    {
        m_sad.Remove(pair);
    }
    m_paths.clear();
    m_pathOfPeer.clear();
    m_pathOfPair.clear();
    m_clearPaths.clear();
    m_newestPair.clear();
    m_notices.clear();
}

std::optional<Ipv4Address>
SecurityLayer::RemoteOf(PathId path) const
{
    const auto it = m_paths.find(path);
    return it == m_paths.end() ? std::nullopt
                               : std::optional<Ipv4Address>{it->second.remote.address};
}

} // namespace nattlab
