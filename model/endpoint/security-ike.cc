// SPDX-License-Identifier: GPL-2.0-only
#include "model/endpoint/security.h"

#include <utility>

namespace nattlab
{

namespace
{

esp::SaPair
MakePair(const ike::ChildUp& up, const IpsecConfig& config, PathId path, ConnectionId connection)
{
    const ike::ChildSa& sa = up.sa;
    esp::SaPair pair;
    pair.inboundSpi = sa.inboundSpi;
    pair.outboundSpi = sa.outboundSpi;
    pair.cipher = sa.cipher;
    pair.integrity = sa.integrity == crypto::HashAlgorithm::Md5 ? esp::Integrity::HmacMd5_96
                                                                : esp::Integrity::HmacSha1_96;
    pair.inboundCipherKey = up.keys.inboundCipher;
    pair.inboundAuthKey = up.keys.inboundAuth;
    pair.outboundCipherKey = up.keys.outboundCipher;
    pair.outboundAuthKey = up.keys.outboundAuth;
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
    pair.owner = path;
    return pair;
}

/** \return true when the fault lies with this host's certificate, and not with the peer's. */
bool
IsOwnCertificate(const ike::Failed& failed)
{
    switch (failed.reason)
    {
    case Reason::IkeNoCertificate:
    case Reason::IkeCertificateExpired:
    case Reason::IkeCertificateNotYetValid:
    case Reason::IkeCertificateUntrusted:
    case Reason::IkeCertificateUsage:
    case Reason::IkeCertificateInvalid:
        return failed.message == "MM1" || failed.message == "MM5"; // what an initiator sends
    default:
        return false;
    }
}

} // namespace

void
SecurityLayer::Handle(ike::Output output, Instant now, HostTransmissions& out)
{
    for (const ike::Message& message : output.messages)
    {
        const bool marker = message.local.port == ike::NAT_T_PORT && !message.keepalive;
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
            return m_sad.Find(*pair)->owner;
        }
    }
    const auto known = m_pathOfPeer.find(up.sa.peer);
    if (known != m_pathOfPeer.end())
    {
        return known->second;
    }
    if (up.sa.initiator)
    {
        for (const PathId id : m_paths.Numbers())
        {
            const Path& path = m_paths.At(id);
            if (path.acquiring && path.remote.address == up.sa.remote.address)
            {
                return id;
            }
        }
    }
    else
    {
        // The tunnel outlives its SAs: a peer that negotiates anew from where it was comes back.
        const auto orphan = m_orphans.find(up.sa.remote);
        const PathId id = orphan == m_orphans.end() ? 0 : orphan->second;
        const Path* path = m_paths.Find(id);
        if (path && !path->peer && path->pairs.empty())
        {
            m_orphans.erase(orphan);
            return id;
        }
    }
    return NewPath({up.sa.remote.address, L2TP_PORT}, up.tag.connection, false);
}

void
SecurityLayer::On(const ike::ChildUp& up, Instant now, HostTransmissions& out)
{
    const PathId id = PathFor(up);
    Path& path = m_paths.At(id);
    const esp::PairId pair = m_sad.Install(MakePair(up, m_config, id, path.connection), now);
    if (path.peer && *path.peer != up.sa.peer)
    {
        m_pathOfPeer.erase(*path.peer);
    }
    path.peer = up.sa.peer;
    path.pair = pair;
    path.pairs.push_back(pair);
    path.acquiring = false;
    if (std::exchange(path.lost, false))
    {
        path.clear = false;
        m_clearPaths.erase(path.remote);
    }
    path.remote.address = up.sa.remote.address;
    path.outer = up.sa.remote;
    m_pathOfPeer[up.sa.peer] = id;
    m_newestPair[up.sa.remote.address] = pair;
    m_ended.rekeys += up.sa.replaces.has_value();
    if (!path.announced)
    {
        path.announced = true;
        m_notices.emplace_back(PathUp{id, path.connection, path.initiator});
    }
    std::vector<Waiting> waiting = std::move(path.waiting);
    path.waiting.clear();
    for (const Waiting& item : waiting)
    {
        SendSegment(id, path, item.segment, item.connection, now, out);
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
    const PathId id = m_sad.Find(*pair)->owner;
    RemovePair(*pair);
    Path* path = m_paths.Find(id);
    if (path && path->pair == *pair)
    {
        Lose(id, *path, down.reason);
        NoteOrphan(id, *path);
    }
}

/** Remember where the peer of a path without SAs was. */
void
SecurityLayer::NoteOrphan(PathId id, const Path& path)
{
    if (!path.peer && path.pairs.empty() && !path.initiator && !path.abandoned)
    {
        m_orphans[path.outer] = id;
    }
}

void
SecurityLayer::On(const ike::PeerUp& up, Instant, HostTransmissions&)
{
    m_notices.emplace_back(MainModeDone{up.connection});
}

void
SecurityLayer::On(const ike::PeerDown& down, Instant, HostTransmissions&)
{
    const auto it = m_pathOfPeer.find(down.peer);
    if (it != m_pathOfPeer.end())
    {
        const PathId id = it->second;
        m_paths.At(id).peer.reset();
        m_pathOfPeer.erase(it);
        NoteOrphan(id, m_paths.At(id));
    }
}

void
SecurityLayer::On(const ike::Failed& failed, Instant, HostTransmissions&)
{
    if (!failed.initiator)
    {
        return;
    }
    for (const PathId id : m_paths.Numbers())
    {
        Path& path = m_paths.At(id);
        if (path.acquiring && path.remote.address == failed.remote.address)
        {
            path.acquiring = false;
            path.waiting.clear();
            if (path.announced)
            {
                m_notices.emplace_back(PathLost{id, failed.reason});
                continue;
            }
            const Stage stage =
                failed.phase == ike::Failed::Phase::Main ? Stage::IkeMain : Stage::IkeQuick;
            m_notices.emplace_back(PathFailed{id,
                                              path.connection,
                                              stage,
                                              failed.reason,
                                              failed.message,
                                              failed.notify,
                                              IsOwnCertificate(failed)});
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
    Path& path = m_paths.At(it->second);
    path.remote.address = moved.remote.address;
    path.outer = moved.remote;
    for (const esp::PairId pair : path.pairs)
    {
        m_sad.MoveRemote(pair, moved.remote);
    }
    if (path.pair)
    {
        m_newestPair[moved.remote.address] = *path.pair;
    }
}

} // namespace nattlab
