// SPDX-License-Identifier: GPL-2.0-only
#include "model/l2tp/engine-core.h"

#include <algorithm>
#include <set>
#include <utility>

namespace nattlab::l2tp
{

namespace
{

/** Values that would make no sense on the wire or stand still in time are put right. */
std::shared_ptr<const Config>
Checked(std::shared_ptr<const Config> config)
{
    constexpr Duration leastInterval = milliseconds{1};
    constexpr std::uint16_t mostPadding = 64;
    if (!config->hostName.empty() && config->retransmitInitial >= leastInterval &&
        config->hiddenPadding <= mostPadding)
    {
        return config;
    }
    auto own = std::make_shared<Config>(*config);
    own->hostName = own->hostName.empty() ? "host" : own->hostName;
    own->retransmitInitial = std::max(own->retransmitInitial, leastInterval);
    own->hiddenPadding = std::min(own->hiddenPadding, mostPadding);
    return own;
}

bool
IsAnythingDrawn(const Config& config)
{
    return config.randomIds || config.correlationId || config.tunnelSecret;
}

} // namespace

Engine::Core::Streams::Streams(std::uint64_t seed, const std::string& device)
    : id(seed, device, "l2tp.id"),
      challenge(seed, device, "l2tp.challenge"),
      hiding(seed, device, "l2tp.hiding"),
      correlation(seed, device, "l2tp.correlation")
{
}

Engine::Core::Core(std::shared_ptr<const Config> config,
                   const std::string& device,
                   std::uint64_t seed,
                   Tracer tracer)
    : m_config(Checked(std::move(config))),
      m_tracer(tracer),
      m_random(IsAnythingDrawn(*m_config) ? std::make_unique<Streams>(seed, device) : nullptr)
{
}

void
Engine::Core::Begin(Output& out, Instant now)
{
    m_out = &out;
    m_now = now;
}

Tunnel*
Engine::Core::Find(std::uint16_t id)
{
    return id < m_tunnels.size() ? m_tunnels[id].get() : nullptr;
}

Session*
Engine::Core::Find(SessionKey key)
{
    Tunnel* tunnel = Find(key.tunnel);
    if (!tunnel)
    {
        return nullptr;
    }
    const auto it = tunnel->sessions.find(key.session);
    return it == tunnel->sessions.end() ? nullptr : &it->second;
}

std::vector<std::uint16_t>
Engine::Core::TunnelsOn(PathId path) const
{
    const std::set<std::uint16_t>& ids = m_byPath.Of(path);
    return {ids.begin(), ids.end()};
}

Tunnel*
Engine::Core::MakeTunnel(PathId path, ConnectionId connection, bool initiator)
{
    const std::uint16_t id = ChooseId(m_lastTunnel,
                                      m_config->randomIds ? &m_random->id : nullptr,
                                      [this](std::uint16_t used) { return Find(used) != nullptr; });
    if (id == 0)
    {
        return nullptr;
    }
    m_lastTunnel = id;
    if (m_tunnels.size() <= id)
    {
        m_tunnels.resize(std::size_t{id} + 1);
    }
    m_tunnels[id] = std::make_unique<Tunnel>(*m_config);
    Tunnel& tunnel = *m_tunnels[id];
    tunnel.id = id;
    tunnel.path = path;
    tunnel.connection = connection;
    tunnel.initiator = initiator;
    tunnel.made = m_now;
    tunnel.heard = m_now;
    m_byPath.Insert(path, id);
    ++m_liveTunnels;
    return &tunnel;
}

void
Engine::Core::Remove(Tunnel& tunnel)
{
    const std::uint16_t id = tunnel.id;
    for (const TimerKind kind : {TimerKind::Retransmit,
                                 TimerKind::Hello,
                                 TimerKind::Setup,
                                 TimerKind::Empty,
                                 TimerKind::Linger})
    {
        m_timers.Cancel({id, 0, kind});
    }
    m_byPath.Erase(tunnel.path, id);
    const auto remote = m_byRemote.find({tunnel.path, tunnel.peerId});
    if (!tunnel.initiator && remote != m_byRemote.end() && remote->second == id)
    {
        m_byRemote.erase(remote);
    }
    if (m_byPath.Of(tunnel.path).empty())
    {
        m_out->notices.emplace_back(TunnelGone{id, tunnel.path, tunnel.connection});
    }
    m_tunnels[id].reset();
}

void
Engine::Core::Settle(Tunnel& tunnel)
{
    while (const Outgoing* message = tunnel.channel.Next(m_now))
    {
        Transmit(tunnel, *message);
    }
    if (tunnel.acknowledge)
    {
        SendZlb(tunnel);
    }
    if (tunnel.state == ControlState::Stopping && !tunnel.channel.Oldest())
    {
        // RFC 3193 3.1: the acknowledged StopCCN is proof that nothing is needed any more.
        if (!tunnel.stopReceived)
        {
            Remove(tunnel);
            return;
        }
        tunnel.state = ControlState::Lingering;
        SetTimer({tunnel.id, 0, TimerKind::Linger}, m_config->linger);
    }
    const TimerKey key{tunnel.id, 0, TimerKind::Retransmit};
    const std::optional<Instant> deadline = tunnel.channel.Deadline();
    if (deadline)
    {
        m_timers.Set(key, *deadline);
    }
    else
    {
        m_timers.Cancel(key);
    }
}

void
Engine::Core::SetTimer(TimerKey key, Duration wait)
{
    m_timers.Set(key, m_now + wait);
}

DialResult
Engine::Core::Dial(PathId path, ConnectionId connection, Instant now)
{
    DialResult result;
    Begin(result.output, now);
    Tunnel* tunnel = MakeTunnel(path, connection, true);
    result.session =
        tunnel ? Call(*tunnel, connection) : CannotCall(path, connection, Reason::L2tpSessionLimit);
    return result;
}

DialResult
Engine::Core::AddSession(std::uint16_t id, ConnectionId connection, Instant now)
{
    DialResult result;
    Begin(result.output, now);
    Tunnel* tunnel = Find(id);
    result.session = tunnel && IsLive(*tunnel)
                         ? Call(*tunnel, connection)
                         : CannotCall(0, connection, Reason::L2tpUnknownTunnel);
    return result;
}

Output
Engine::Core::HangUp(SessionKey key, Instant now)
{
    Output out;
    Begin(out, now);
    if (Session* session = Find(key))
    {
        Tunnel& tunnel = *Find(key.tunnel);
        OnSession(tunnel,
                  *session,
                  SessionEvent::CloseRequest,
                  nullptr,
                  {Reason::UserHangUp, "", {CDN_ADMINISTRATIVE, ERROR_NONE, ""}});
        Settle(tunnel);
    }
    return out;
}

Output
Engine::Core::Stop(Instant now)
{
    Output out;
    Begin(out, now);
    for (std::size_t id = 0; id < m_tunnels.size(); ++id)
    {
        if (m_tunnels[id] && IsLive(*m_tunnels[id]))
        {
            Tunnel& tunnel = *m_tunnels[id];
            OnControl(tunnel,
                      ControlEvent::CloseRequest,
                      nullptr,
                      {Reason::UserHangUp, "", {STOP_SHUTTING_DOWN, ERROR_NONE, ""}});
            Settle(tunnel);
        }
    }
    return out;
}

Output
Engine::Core::PathLost(PathId path, Reason reason, Instant now)
{
    Output out;
    Begin(out, now);
    for (const std::uint16_t id : TunnelsOn(path))
    {
        Tunnel& tunnel = *m_tunnels[id];
        if (IsLive(tunnel))
        {
            EndTunnel(tunnel, {reason, "", {}});
        }
        Remove(tunnel);
    }
    return out;
}

Output
Engine::Core::Expire(Instant now)
{
    Output out;
    Begin(out, now);
    while (const std::optional<TimerKey> key = m_timers.PopDue(now))
    {
        ExpireTimer(*key);
    }
    return out;
}

void
Engine::Core::ExpireTimer(const TimerKey& key)
{
    Tunnel& tunnel = *m_tunnels[key.tunnel];
    switch (key.kind)
    {
    case TimerKind::Retransmit:
        if (tunnel.channel.Expire(m_now) == ControlChannel::Timeout::GiveUp)
        {
            GiveUp(tunnel);
            return;
        }
        break;
    case TimerKind::Hello:
        ExpireHello(tunnel);
        break;
    case TimerKind::Setup:
        ExpireSetup(tunnel, key.session);
        break;
    case TimerKind::Empty:
        OnControl(tunnel,
                  ControlEvent::CloseRequest,
                  nullptr,
                  {tunnel.endOfLastCall, "", {STOP_GENERAL, ERROR_NONE, ""}});
        break;
    case TimerKind::Linger:
        Remove(tunnel);
        return;
    }
    Settle(tunnel);
}

void
Engine::Core::ExpireHello(Tunnel& tunnel)
{
    const TimerKey key{tunnel.id, 0, TimerKind::Hello};
    const Instant due = tunnel.heard + m_config->helloInterval;
    if (due > m_now)
    {
        m_timers.Set(key, due);
        return;
    }
    // A message on its way already finds out whether the peer is there (RFC 2661 6.5).
    if (!tunnel.channel.Oldest())
    {
        Send(tunnel, Draft(MessageType::Hello), 0, tunnel.connection);
    }
    SetTimer(key, m_config->helloInterval);
}

void
Engine::Core::ExpireSetup(Tunnel& tunnel, std::uint16_t session)
{
    if (session != 0)
    {
        Session& late = tunnel.sessions.at(session);
        const char* message = late.state == SessionState::WaitReply ? "ICRQ" : "ICRP";
        OnSession(tunnel,
                  late,
                  SessionEvent::Refused,
                  nullptr,
                  {Reason::L2tpNoAnswer, message, {CDN_TIMEOUT, ERROR_NONE, ""}});
        return;
    }
    const char* message = tunnel.state == ControlState::WaitCtlReply  ? "SCCRQ"
                          : tunnel.state == ControlState::WaitCtlConn ? "SCCRP"
                                                                      : "";
    OnControl(tunnel,
              ControlEvent::CloseRequest,
              nullptr,
              {Reason::L2tpNoAnswer, message, {STOP_GENERAL, ERROR_NONE, ""}});
}

void
Engine::Core::GiveUp(Tunnel& tunnel)
{
    if (IsLive(tunnel))
    {
        const MessageType unanswered = tunnel.channel.Oldest()->type;
        const Reason reason =
            unanswered == MessageType::Hello ? Reason::L2tpPeerSilent : Reason::L2tpNoAnswer;
        EndTunnel(tunnel, {reason, NameOf(unanswered), {}});
    }
    Remove(tunnel);
}

void
Engine::Core::Reset()
{
    m_tunnels.clear();
    m_byRemote.clear();
    m_byPath.Clear();
    m_timers = {};
    m_lastTunnel = 0;
    m_lastSerial = 0;
    m_liveTunnels = 0;
    m_liveSessions = 0;
    m_acceptedSessions = 0;
}

} // namespace nattlab::l2tp
