// SPDX-License-Identifier: GPL-2.0-only
#include "model/endpoint/security.h"

#include <algorithm>
#include <utility>

namespace nattlab
{

namespace
{

/** The selector of L2TP to one peer (MS-L2TPIE 4), as IKE negotiates it. */
ike::Selector
L2tpSelector(Ipv4Address local, Ipv4Address remote)
{
    return {local, remote, IP_UDP, L2TP_PORT, L2TP_PORT};
}

} // namespace

SecurityLayer::SecurityLayer(IpsecConfig config,
                             std::shared_ptr<const ike::Profile> profile,
                             ike::Engine::Host host,
                             std::uint64_t seed,
                             IpLayer& ip,
                             KeyLog* keys)
    : m_config(config),
      m_ip(ip),
      m_sad(esp::SadConfig{config.replayWindow}, RandomStream(seed, host.name, "esp.iv"), keys),
      m_profile(std::move(profile)),
      m_ike(m_profile, host, seed, ip.Trace(), keys)
{
    PlumbFilters();
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
    Path& path = m_paths.Put(id, std::make_unique<Path>());
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
    Path& path = m_paths.At(id);
    const esp::PolicyAction action = ActionFor(path.remote);
    if (action == esp::PolicyAction::Protect && !m_running)
    {
        m_notices.emplace_back(PathFailed{
            id, connection, Stage::IkeMain, Reason::HostServiceStopped, {}, std::nullopt, true});
        return id;
    }
    if (action != esp::PolicyAction::Protect)
    {
        path.clear = true;
        path.announced = true;
        m_clearPaths[path.remote] = id;
        m_notices.emplace_back(PathUp{id, connection, true});
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
    const std::unique_ptr<const Path> path = m_paths.Take(id);
    if (!path)
    {
        return;
    }
    if (path->clear)
    {
        m_clearPaths.erase(path->remote);
    }
    const auto orphan = m_orphans.find(path->outer);
    if (orphan != m_orphans.end() && orphan->second == id)
    {
        m_orphans.erase(orphan);
    }
    for (const esp::PairId pair : path->pairs)
    {
        RemovePair(pair);
    }
    if (path->peer)
    {
        m_pathOfPeer.erase(*path->peer);
        Handle(m_ike.DeletePeer(*path->peer, now), now, out);
    }
}

void
SecurityLayer::Send(PathId id,
                    ByteView payload,
                    ConnectionId connection,
                    Instant now,
                    HostTransmissions& out)
{
    Path* found = m_paths.Find(id);
    if (!found)
    {
        return;
    }
    Path& path = *found;
    const Bytes segment = BuildUdp({m_ip.Address(), L2TP_PORT}, path.remote, payload);
    if (path.clear)
    {
        SendClear(path, segment, connection, path.lost ? "the SA is gone" : "policy", now, out);
        return;
    }
    SendSegment(id, path, segment, connection, now, out);
}

void
SecurityLayer::SendClear(const Path& path,
                         ByteView segment,
                         ConnectionId connection,
                         const char* why,
                         Instant now,
                         HostTransmissions& out)
{
    Event event;
    event.time = now;
    event.type = EventType::ClearText;
    event.layer = Layer::L2tp;
    event.tag.connection = path.connection != 0 ? path.connection : connection; // not traffic's
    event.flow.source = m_ip.Address();
    event.flow.destination = path.remote.address;
    event.flow.protocol = IP_UDP;
    event.flow.sourcePort = L2TP_PORT;
    event.flow.destinationPort = path.remote.port;
    event.flow.length = static_cast<std::uint16_t>(segment.size() + 20);
    event.detail = why;
    m_ip.Trace().Record(std::move(event));
    m_ip.Send(path.remote.address, IP_UDP, segment, connection, now, out);
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
    if (!sa && !m_running)
    {
        m_ip.Trace().Message(EventType::MessageRefused,
                             Layer::Esp,
                             {0, connection},
                             now,
                             "L2TP",
                             Reason::HostServiceStopped);
        return;
    }
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

/** \return the path that a pair is part of, or null. */
SecurityLayer::Path*
SecurityLayer::PathOf(esp::PairId pair) const
{
    const esp::SaPair* sa = m_sad.Find(pair);
    return sa ? m_paths.Find(sa->owner) : nullptr;
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
    if (Path* path = PathOf(pair))
    {
        auto& pairs = path->pairs;
        pairs.erase(std::remove(pairs.begin(), pairs.end(), pair), pairs.end());
    }
    if (const esp::PairCounters* counters = m_sad.CountersOf(pair))
    {
        Count(*counters, m_ended);
    }
    m_sad.Remove(pair);
}

void
SecurityLayer::Lose(PathId id, Path& path, Reason reason)
{
    path.pair.reset();
    if (m_config.onSaLoss == IpsecConfig::OnSaLoss::EndTunnel)
    {
        m_notices.emplace_back(PathLost{id, reason});
    }
    else if (m_config.onSaLoss == IpsecConfig::OnSaLoss::SendClear)
    {
        GoClear(id, path);
    }
}

void
SecurityLayer::GoClear(PathId id, Path& path)
{
    path.clear = true;
    path.lost = true;
    m_clearPaths[path.remote] = id;
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
        const PathId id = sa->owner;
        Handle(m_ike.DeleteChild(spi, now), now, out);
        RemovePair(expiry.pair);
        Path* path = m_paths.Find(id);
        if (path && path->pair == expiry.pair)
        {
            Lose(id, *path, Reason::EspSaExpired);
        }
    }
}

std::optional<Instant>
SecurityLayer::Deadline() const
{
    return Earlier(m_ike.Deadline(), m_sad.Deadline());
}

std::vector<SecurityNotice>
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
    m_paths.Clear();
    m_pathOfPeer.clear();
    m_clearPaths.clear();
    m_newestPair.clear();
    m_orphans.clear();
    m_notices.clear();
}

void
SecurityLayer::Adopt(PathId id)
{
    if (Path* path = m_paths.Find(id))
    {
        path->abandoned = false;
    }
}

void
SecurityLayer::Abandon(PathId id)
{
    Path* path = m_paths.Find(id);
    if (!path)
    {
        return;
    }
    path->abandoned = true;
    const auto orphan = m_orphans.find(path->outer);
    if (orphan != m_orphans.end() && orphan->second == id)
    {
        m_orphans.erase(orphan);
    }
}

void
SecurityLayer::CloseAll(Instant now, HostTransmissions& out)
{
    for (const PathId id : m_paths.Numbers())
    {
        Close(id, now, out);
    }
}

void
SecurityLayer::ForgetPresharedKey(Ipv4Address peer)
{
    m_ike.ForgetPresharedKey(peer);
}

void
SecurityLayer::SetCertificates(std::shared_ptr<const pki::Store> certificates)
{
    m_ike.SetCertificates(std::move(certificates));
}

void
SecurityLayer::Stop(Instant now, HostTransmissions& out)
{
    m_running = false;
    Handle(m_ike.Shutdown(now), now, out);
    for (const esp::PairId pair : m_sad.Pairs())
    {
        RemovePair(pair);
    }
    for (const PathId id : m_paths.Numbers())
    {
        Path& path = m_paths.At(id);
        path.pair.reset();
        path.peer.reset();
        path.waiting.clear();
        if (path.acquiring)
        {
            path.acquiring = false;
            m_notices.emplace_back(PathFailed{id,
                                              path.connection,
                                              Stage::IkeMain,
                                              Reason::HostServiceStopped,
                                              {},
                                              std::nullopt,
                                              true});
        }
    }
    m_pathOfPeer.clear();
    for (const PathId id : m_paths.Numbers())
    {
        NoteOrphan(id, m_paths.At(id));
    }
}

void
SecurityLayer::Start(IpsecConfig config, std::shared_ptr<const ike::Profile> profile)
{
    m_running = true;
    Configure(config, std::move(profile));
}

void
SecurityLayer::Configure(IpsecConfig config, std::shared_ptr<const ike::Profile> profile)
{
    m_config = config;
    m_profile = std::move(profile);
    PlumbFilters();
}

std::optional<Ipv4Address>
SecurityLayer::RemoteOf(PathId path) const
{
    const Path* found = m_paths.Find(path);
    return found ? std::optional<Ipv4Address>{found->remote.address} : std::nullopt;
}

} // namespace nattlab
