// SPDX-License-Identifier: GPL-2.0-only
#include "model/endpoint/tunnel.h"

#include <utility>

namespace nattlab
{

TunnelLayer::TunnelLayer(std::shared_ptr<const l2tp::Config> l2tp,
                         std::shared_ptr<const ppp::Config> ppp,
                         std::optional<ppp::AddressPool> pool,
                         std::string device,
                         std::uint64_t seed,
                         SecurityLayer& security,
                         Tracer tracer)
    : m_security(security),
      m_tracer(tracer),
      m_device(std::move(device)),
      m_seed(seed),
      m_l2tp(std::move(l2tp), m_device, seed, tracer),
      m_ppp(std::move(ppp)),
      m_pool(std::move(pool))
{
}

void
TunnelLayer::RecordStage(EventType type,
                         ConnectionId connection,
                         Stage stage,
                         Instant now,
                         Reason reason)
{
    Event event;
    event.time = now;
    event.type = type;
    event.layer = LayerOf(stage);
    event.reason = reason;
    event.tag.connection = connection;
    event.subject = NameOf(stage);
    m_tracer.Record(std::move(event));
}

void
TunnelLayer::Dial(const CallRequest& request, Instant now, HostTransmissions& out)
{
    Call& call = m_calls[request.connection];
    call = Call{};
    call.request = request;
    RecordStage(EventType::StageStarted, request.connection, call.stage, now);
    if (!m_running)
    {
        const PathFailed failed{0,
                                request.connection,
                                Stage::IkeMain,
                                Reason::HostServiceStopped,
                                {},
                                std::nullopt,
                                true};
        Fail(request.connection, failed.reason, {}, now, out, std::nullopt, std::nullopt, &failed);
        return;
    }
    if (request.presharedKey)
    {
        m_security.SetPresharedKey(request.server, *request.presharedKey);
    }
    else
    {
        m_security.ForgetPresharedKey(request.server);
    }
    call.path = m_security.Open(request.server, request.connection, now, out);
    m_callOfPath[call.path] = request.connection;
}

void
TunnelLayer::HangUp(ConnectionId connection, Instant now, HostTransmissions& out)
{
    const auto it = m_calls.find(connection);
    if (it == m_calls.end())
    {
        return;
    }
    if (!it->second.up)
    {
        Fail(connection, Reason::UserHangUp, {}, now, out);
        return;
    }
    const l2tp::SessionKey session = *it->second.session;
    if (Link* link = Find(session))
    {
        HandlePpp(session, link->session.Terminate(now, Reason::UserHangUp), now, out);
    }
}

void
TunnelLayer::Advance(Call& call, Stage next, Instant now)
{
    RecordStage(EventType::StageEnded, call.request.connection, call.stage, now);
    call.stage = next;
    RecordStage(EventType::StageStarted, call.request.connection, next, now);
}

void
TunnelLayer::Fail(ConnectionId connection,
                  Reason reason,
                  const std::string& message,
                  Instant now,
                  HostTransmissions& out,
                  std::optional<Stage> stage,
                  std::optional<std::uint32_t> errorCode,
                  const PathFailed* path)
{
    const auto it = m_calls.find(connection);
    if (it == m_calls.end())
    {
        return;
    }
    Call call = std::move(it->second);
    m_calls.erase(it);
    m_callOfPath.erase(call.path);
    if (stage && *stage != call.stage)
    {
        Advance(call, *stage, now);
    }
    RecordStage(EventType::StageEnded, connection, call.stage, now, reason);
    Event event;
    event.time = now;
    event.type = EventType::ConnectionFailed;
    event.layer = LayerOf(call.stage);
    event.reason = reason;
    event.tag.connection = connection;
    event.subject = NameOf(call.stage);
    event.detail = message;
    m_tracer.Record(std::move(event));
    m_notices.emplace_back(CallFailed{connection,
                                      call.stage,
                                      reason,
                                      message,
                                      errorCode,
                                      path ? path->notify : std::nullopt,
                                      path && path->local});
    if (call.session)
    {
        m_pppTimers.Cancel(*call.session);
        m_links.erase(*call.session);
        m_linkOfConnection.erase(connection);
        Handle(m_l2tp.HangUp(*call.session, now), now, out);
    }
    else
    {
        m_security.Close(call.path, now, out);
    }
}

void
TunnelLayer::Take(const SecurityNotice& notice, Instant now, HostTransmissions& out)
{
    if (!m_running)
    {
        return;
    }
    if (const auto* main = std::get_if<MainModeDone>(&notice))
    {
        const auto it = m_calls.find(main->connection);
        if (it != m_calls.end() && it->second.stage == Stage::IkeMain)
        {
            Advance(it->second, Stage::IkeQuick, now);
        }
    }
    else if (const auto* up = std::get_if<PathUp>(&notice))
    {
        const auto owner = m_callOfPath.find(up->path);
        const auto it = owner == m_callOfPath.end() ? m_calls.end() : m_calls.find(owner->second);
        if (!up->initiator || it == m_calls.end())
        {
            return;
        }
        Advance(it->second, Stage::L2tp, now);
        l2tp::DialResult result = m_l2tp.Dial(up->path, it->first, now);
        it->second.session = result.session;
        Handle(std::move(result.output), now, out);
    }
    else if (const auto* failed = std::get_if<PathFailed>(&notice))
    {
        const auto owner = m_callOfPath.find(failed->path);
        if (owner != m_callOfPath.end())
        {
            Fail(owner->second,
                 failed->reason,
                 failed->message,
                 now,
                 out,
                 failed->stage,
                 std::nullopt,
                 failed);
        }
    }
    else if (const auto* lost = std::get_if<PathLost>(&notice))
    {
        Handle(m_l2tp.PathLost(lost->path, lost->reason, now), now, out);
    }
    else if (const auto* payload = std::get_if<TunnelPayload>(&notice))
    {
        Handle(m_l2tp.Receive({payload->path, payload->payload, payload->tag}, now), now, out);
    }
}

void
TunnelLayer::Handle(l2tp::Output output, Instant now, HostTransmissions& out)
{
    for (const l2tp::Datagram& datagram : output.datagrams)
    {
        m_security.Send(datagram.path, datagram.payload, datagram.tag.connection, now, out);
    }
    for (const l2tp::Notice& notice : output.notices)
    {
        std::visit([&](const auto& what) { On(what, now, out); }, notice);
    }
    if (const std::optional<l2tp::Frame>& frame = output.frame)
    {
        if (Link* link = Find(frame->session))
        {
            HandlePpp(frame->session, link->session.Receive(frame->ppp, frame->tag, now), now, out);
        }
    }
}

void
TunnelLayer::On(const l2tp::TunnelUp& up, Instant, HostTransmissions&)
{
    m_security.Adopt(up.path);
}

void
TunnelLayer::On(const l2tp::SessionUp& up, Instant now, HostTransmissions& out)
{
    ppp::Login login;
    if (up.initiator)
    {
        const auto it = m_calls.find(up.connection);
        if (it == m_calls.end())
        {
            return;
        }
        Advance(it->second, Stage::PppLcp, now);
        const CallRequest& request = it->second.request;
        login = {request.user, request.password, request.retryPasswords};
    }
    const ppp::Role role = up.initiator ? ppp::Role::Client : ppp::Role::Server;
    const std::uint32_t times = ++m_sessions[up.connection]; // a second call draws other numbers
    const std::string device = times == 1 ? m_device : m_device + '#' + std::to_string(times);
    std::unique_ptr<Link>& link = m_links[up.session];
    link.reset(new Link{ppp::Session(m_ppp,
                                     role,
                                     device,
                                     m_seed,
                                     up.connection,
                                     m_pool ? &*m_pool : nullptr,
                                     m_tracer,
                                     std::move(login)),
                        up.path,
                        up.connection,
                        up.initiator,
                        std::nullopt});
    m_linkOfConnection[up.connection] = up.session;
    HandlePpp(up.session, link->session.Start(now), now, out);
}

void
TunnelLayer::On(const l2tp::SessionDown& down, Instant now, HostTransmissions& out)
{
    // PPP may know better why the call ended: its own reason comes before L2TP's.
    if (Link* link = Find(down.session))
    {
        HandlePpp(down.session, link->session.LowerDown(down.reason, now), now, out);
        LinkLost(down.session, down.reason, now);
    }
    const auto call = m_calls.find(down.connection);
    if (call != m_calls.end() && call->second.session == down.session && !call->second.up)
    {
        call->second.session.reset(); // L2TP has ended it already
        Fail(down.connection, down.reason, down.message, now, out);
    }
}

void
TunnelLayer::On(const l2tp::TunnelDown& down, Instant, HostTransmissions&)
{
    // SessionDown came before it; the security associations stay until TunnelGone.
    m_security.Abandon(down.path);
}

void
TunnelLayer::On(const l2tp::TunnelGone& gone, Instant now, HostTransmissions& out)
{
    // RFC 3193 3.1: once the tunnel is gone, its SAs are deleted.
    m_security.Close(gone.path, now, out);
}

void
TunnelLayer::HandlePpp(l2tp::SessionKey key,
                       ppp::Output output,
                       Instant now,
                       HostTransmissions& out)
{
    for (const ppp::Frame& frame : output.frames)
    {
        Handle(m_l2tp.SendFrame(key, frame.bytes, frame.tag, now), now, out);
    }
    if (output.packet)
    {
        m_notices.emplace_back(
            InnerPacket{key, std::move(output.packet->bytes), output.packet->tag});
    }
    for (const ppp::Notice& notice : output.notices)
    {
        Link* found = Find(key);
        if (!found)
        {
            return;
        }
        Link& link = *found;
        const auto call = m_calls.find(link.connection);
        const bool dialled = link.client && call != m_calls.end() && !call->second.up;
        if (const auto* phase = std::get_if<ppp::PhaseEntered>(&notice))
        {
            if (dialled && phase->phase == ppp::Phase::Authenticate)
            {
                Advance(call->second, Stage::PppAuth, now);
            }
            else if (dialled && phase->phase == ppp::Phase::Network)
            {
                Advance(call->second, Stage::PppIpcp, now);
            }
        }
        else if (const auto* up = std::get_if<ppp::Up>(&notice))
        {
            OnPppUp(key, link, *up, now);
        }
        else if (const auto* down = std::get_if<ppp::Down>(&notice))
        {
            OnPppDown(key, *down, now, out);
        }
    }
    Arm(key);
}

void
TunnelLayer::OnPppUp(l2tp::SessionKey key, Link& link, const ppp::Up& up, Instant now)
{
    link.up = LinkUp{link.connection, key, link.client, up.own, up.peer, up.mtu};
    m_linkOfPeer[up.peer] = key;
    m_notices.emplace_back(*link.up);
    const auto call = m_calls.find(link.connection);
    if (!link.client || call == m_calls.end())
    {
        return;
    }
    RecordStage(EventType::StageEnded, link.connection, call->second.stage, now);
    call->second.up = true;
    Event event;
    event.time = now;
    event.type = EventType::ConnectionUp;
    event.layer = Layer::Ppp;
    event.tag.connection = link.connection;
    event.subject = up.own.ToString();
    event.flow.source = up.own;
    event.flow.destination = up.peer;
    m_tracer.Record(std::move(event));
}

void
TunnelLayer::OnPppDown(l2tp::SessionKey key,
                       const ppp::Down& down,
                       Instant now,
                       HostTransmissions& out)
{
    const Link& link = *m_links.at(key);
    const auto call = m_calls.find(link.connection);
    if (link.client && call != m_calls.end() && !call->second.up)
    {
        Fail(link.connection, down.reason, down.detail, now, out, std::nullopt, down.errorCode);
        return;
    }
    LinkLost(key, down.reason, now);
    Handle(m_l2tp.HangUp(key, now), now, out);
}

void
TunnelLayer::LinkLost(l2tp::SessionKey key, Reason reason, Instant now)
{
    const auto it = m_links.find(key);
    if (it == m_links.end())
    {
        return;
    }
    const Link link = std::move(*it->second);
    m_links.erase(it);
    m_pppTimers.Cancel(key);
    const auto owner = m_linkOfConnection.find(link.connection);
    if (owner != m_linkOfConnection.end() && owner->second == key)
    {
        m_linkOfConnection.erase(owner);
    }
    if (!link.up)
    {
        return;
    }
    const auto peer = m_linkOfPeer.find(link.up->peer);
    if (peer != m_linkOfPeer.end() && peer->second == key)
    {
        m_linkOfPeer.erase(peer);
    }
    m_notices.emplace_back(
        LinkDown{link.connection, key, link.client, link.up->own, link.up->peer, reason});
    if (!link.client)
    {
        return;
    }
    m_calls.erase(link.connection);
    m_callOfPath.erase(link.path);
    Event event;
    event.time = now;
    event.type = EventType::ConnectionDown;
    event.layer = Layer::Ppp;
    event.reason = reason;
    event.tag.connection = link.connection;
    m_tracer.Record(std::move(event));
}

bool
TunnelLayer::SendInner(ByteView packet,
                       ConnectionId connection,
                       Instant now,
                       HostTransmissions& out)
{
    if (packet.size() < 20)
    {
        return false;
    }
    const auto peer = m_linkOfPeer.find(ip::Destination(packet));
    std::optional<l2tp::SessionKey> key;
    if (peer != m_linkOfPeer.end() && Find(peer->second))
    {
        key = peer->second;
    }
    else
    {
        // A client's tunnel is its default route ("use default gateway on remote network").
        key = SessionFrom(ip::Source(packet));
    }
    if (!key)
    {
        return false;
    }
    Link& link = *Find(*key);
    const TraceTag tag{0, connection != 0 ? connection : link.connection};
    HandlePpp(*key, link.session.SendIp(packet, tag, now), now, out);
    return true;
}

TunnelLayer::Link*
TunnelLayer::Find(l2tp::SessionKey key) const
{
    const auto it = m_links.find(key);
    return it == m_links.end() ? nullptr : it->second.get();
}

/** \return the first session that was dialled here and has this address of its own. */
std::optional<l2tp::SessionKey>
TunnelLayer::SessionFrom(Ipv4Address own) const
{
    std::optional<l2tp::SessionKey> first;
    for (const auto& [key, link] : m_links)
    {
        const bool fits = link->client && link->up && link->up->own == own;
        if (fits && (!first || key < *first))
        {
            first = key;
        }
    }
    return first;
}

std::optional<LinkUp>
TunnelLayer::LinkOf(ConnectionId connection) const
{
    const auto key = m_linkOfConnection.find(connection);
    const Link* link = key == m_linkOfConnection.end() ? nullptr : Find(key->second);
    return link ? link->up : std::nullopt;
}

void
TunnelLayer::Arm(l2tp::SessionKey key)
{
    const Link* link = Find(key);
    const auto deadline = link ? link->session.Deadline() : std::nullopt;
    if (deadline)
    {
        m_pppTimers.Set(key, *deadline);
    }
    else
    {
        m_pppTimers.Cancel(key);
    }
}

void
TunnelLayer::Expire(Instant now, HostTransmissions& out)
{
    Handle(m_l2tp.Expire(now), now, out);
    while (const auto key = m_pppTimers.PopDue(now))
    {
        if (Link* link = Find(*key))
        {
            HandlePpp(*key, link->session.Expire(now), now, out);
        }
    }
}

std::optional<Instant>
TunnelLayer::Deadline() const
{
    return Earlier(m_l2tp.Deadline(), m_pppTimers.Next());
}

std::vector<TunnelNotice>
TunnelLayer::TakeNotices()
{
    return std::exchange(m_notices, {});
}

void
TunnelLayer::Stop(Instant now, HostTransmissions& out)
{
    for (const l2tp::Datagram& datagram : m_l2tp.Stop(now).datagrams)
    {
        m_security.Send(datagram.path, datagram.payload, datagram.tag.connection, now, out);
    }
    for (const l2tp::SessionKey key : SortedKeys(m_links))
    {
        const Link& link = *Find(key);
        if (!link.client)
        {
            m_tracer.Message(EventType::MessageRefused,
                             Layer::Ppp,
                             {0, link.connection},
                             now,
                             "the call",
                             Reason::HostServiceStopped);
        }
    }
    Forget(Reason::HostServiceStopped, now);
    m_security.CloseAll(now, out);
    m_running = false;
}

void
TunnelLayer::Start(std::shared_ptr<const l2tp::Config> l2tp, std::shared_ptr<const ppp::Config> ppp)
{
    ++m_starts;
    m_l2tp =
        l2tp::Engine(std::move(l2tp), m_device + '#' + std::to_string(m_starts), m_seed, m_tracer);
    m_ppp = std::move(ppp);
    m_running = true;
}

void
TunnelLayer::Reset(Instant now)
{
    Forget(Reason::HostDown, now);
}

void
TunnelLayer::Forget(Reason reason, Instant now)
{
    m_l2tp.Reset();
    for (const l2tp::SessionKey key : SortedKeys(m_links))
    {
        LinkLost(key, reason, now);
    }
    HostTransmissions nothing;
    while (!m_calls.empty())
    {
        m_calls.begin()->second.session.reset();
        Fail(m_calls.begin()->first, reason, {}, now, nothing);
    }
    m_callOfPath.clear();
    m_linkOfPeer.clear();
    m_linkOfConnection.clear();
}

} // namespace nattlab
