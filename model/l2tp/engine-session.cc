// SPDX-License-Identifier: GPL-2.0-only
#include "model/l2tp/compose.h"
#include "model/l2tp/engine-core.h"

#include <utility>

namespace nattlab::l2tp
{

namespace
{

/** \return the event of a message that finds its session; outgoing calls are not spoken. */
SessionEvent
EventOf(MessageType type)
{
    switch (type)
    {
    case MessageType::Icrq:
        return SessionEvent::Icrq;
    case MessageType::Icrp:
        return SessionEvent::Icrp;
    case MessageType::Iccn:
        return SessionEvent::Iccn;
    default:
        return SessionEvent::Refused;
    }
}

/** \return our message that a CDN in this state answers; in a call that was up, CDN. */
const char*
ClearedMessage(SessionState state)
{
    return state == SessionState::WaitReply     ? "ICRQ"
           : state == SessionState::WaitConnect ? "ICRP"
                                                : "CDN";
}

Session*
FindByPeer(Tunnel& tunnel, std::optional<std::uint16_t> peerId)
{
    for (auto& [id, session] : tunnel.sessions)
    {
        if (peerId && session.peerId == *peerId)
        {
            return &session;
        }
    }
    return nullptr;
}

} // namespace

Session*
Engine::Core::MakeSession(Tunnel& tunnel, ConnectionId connection, bool initiator)
{
    const std::uint16_t id =
        ChooseId(tunnel.lastSession,
                 m_config->randomIds ? &m_random->id : nullptr,
                 [&tunnel](std::uint16_t used) { return tunnel.sessions.count(used) != 0; });
    if (id == 0)
    {
        return nullptr;
    }
    tunnel.lastSession = id;
    Session& session = tunnel.sessions[id];
    session.id = id;
    session.connection = connection != 0 ? connection : tunnel.connection;
    session.initiator = initiator;
    ++m_liveSessions;
    m_acceptedSessions += initiator ? 0 : 1;
    m_timers.Cancel({tunnel.id, 0, TimerKind::Empty});
    if (tunnel.state == ControlState::Established)
    {
        m_timers.Cancel({tunnel.id, 0, TimerKind::Setup});
    }
    return &session;
}

SessionKey
Engine::Core::Call(Tunnel& tunnel, ConnectionId connection)
{
    Session* session = MakeSession(tunnel, connection, true);
    if (!session)
    {
        return CannotCall(tunnel.path, connection, Reason::L2tpSessionLimit);
    }
    const SessionKey key{tunnel.id, session->id};
    OnSession(tunnel, *session, SessionEvent::CallRequest, nullptr, {});
    Settle(tunnel);
    return key;
}

SessionKey
Engine::Core::CannotCall(PathId path, ConnectionId connection, Reason reason)
{
    SessionDown down;
    down.path = path;
    down.connection = connection;
    down.reason = reason;
    m_out->notices.emplace_back(std::move(down));
    return {};
}

void
Engine::Core::ReceiveSessionMessage(Tunnel& tunnel,
                                    std::uint16_t id,
                                    const Decoded& decoded,
                                    TraceTag tag)
{
    const Message& message = decoded.message;
    const std::string name = NameOf(message.type);
    if (tunnel.state != ControlState::Established)
    {
        const Fault fault{Reason::L2tpUnexpectedMessage,
                          STOP_STATE,
                          ERROR_NONE,
                          std::string(NameOf(tunnel.state))};
        NoteRefused(tag, message.type, fault);
        OnControl(tunnel, ControlEvent::Refused, &message, {fault.reason, name, CodeOf(fault)});
        return;
    }
    Session* session = Find(SessionKey{tunnel.id, id});
    if (id == 0 && message.type == MessageType::Cdn)
    {
        session = FindByPeer(tunnel, message.Number16(AvpType::AssignedSessionId));
    }
    if (!session)
    {
        ReceiveRequest(tunnel, decoded, tag);
        return;
    }
    ReceiveCallMessage(tunnel, *session, decoded, tag);
}

void
Engine::Core::ReceiveCallMessage(Tunnel& tunnel,
                                 Session& session,
                                 const Decoded& decoded,
                                 TraceTag tag)
{
    const Message& message = decoded.message;
    if (message.type == MessageType::Cdn)
    {
        const Avp* result = message.Find(AvpType::ResultCode);
        OnSession(tunnel,
                  session,
                  SessionEvent::Cdn,
                  &message,
                  {Reason::L2tpRefused,
                   ClearedMessage(session.state),
                   result ? ResultCode::Parse(result->value) : ResultCode{}});
        return;
    }
    if (message.type == MessageType::Icrp && session.state == SessionState::WaitReply)
    {
        session.peerId = message.Number16(AvpType::AssignedSessionId).value_or(0);
    }
    const SessionEvent event = decoded.fault ? SessionEvent::Refused : EventOf(message.type);
    const std::optional<Fault> fault = Judge(session, event, decoded);
    if (fault)
    {
        NoteRefused(tag, message.type, *fault);
        OnSession(tunnel,
                  session,
                  SessionEvent::Refused,
                  &message,
                  {fault->reason, NameOf(message.type), CodeOf(*fault)});
        return;
    }
    if (message.type != MessageType::Wen && message.type != MessageType::Sli)
    {
        OnSession(tunnel, session, event, &message, {});
    }
}

std::optional<Fault>
Engine::Core::Judge(const Session& session, SessionEvent event, const Decoded& decoded) const
{
    const MessageType type = decoded.message.type;
    if (decoded.fault || type == MessageType::Wen || type == MessageType::Sli)
    {
        return decoded.fault;
    }
    if (event == SessionEvent::Refused ||
        Step(session.state, event).action == SessionAction::SendCdn)
    {
        return Fault{Reason::L2tpUnexpectedMessage,
                     CDN_ERROR,
                     ERROR_SESSION_ID,
                     std::string(NameOf(session.state))};
    }
    const std::uint32_t framing = decoded.message.Number32(AvpType::FramingType).value_or(0);
    if (event == SessionEvent::Iccn && !m_config->ignoreFramingMismatch &&
        (framing & m_config->framingCapabilities) == 0)
    {
        return Fault{Reason::L2tpMalformed, CDN_ERROR, ERROR_VALUE, "framing type"};
    }
    return std::nullopt;
}

void
Engine::Core::ReceiveRequest(Tunnel& tunnel, const Decoded& decoded, TraceTag tag)
{
    const Message& message = decoded.message;
    std::optional<Fault> fault;
    switch (message.type)
    {
    case MessageType::Icrq:
        fault = decoded.fault ? decoded.fault : JudgeRequest();
        break;
    case MessageType::Ocrq:
        fault = Fault{Reason::L2tpNoService, CDN_NO_FACILITIES, ERROR_NONE, "outgoing call"};
        break;
    case MessageType::Icrp:
    case MessageType::Ocrp:
        fault = Fault{Reason::L2tpUnknownSession, CDN_ERROR, ERROR_SESSION_ID, ""};
        break;
    case MessageType::Iccn:
    case MessageType::Occn:
        NoteRefused(tag, message.type, {Reason::L2tpUnknownSession, 0, 0, ""});
        return;
    default: // CDN, WEN and SLI of a call that is over
        return;
    }
    Session* session = fault ? nullptr : MakeSession(tunnel, tag.connection, false);
    if (!session)
    {
        RefuseCall(tunnel,
                   message,
                   fault.value_or(Fault{Reason::L2tpSessionLimit,
                                        CDN_NO_FACILITIES_NOW,
                                        ERROR_NONE,
                                        "no session identifier is free"}),
                   tag);
        return;
    }
    session->peerId = message.Number16(AvpType::AssignedSessionId).value_or(0);
    OnSession(tunnel, *session, SessionEvent::Icrq, &message, {});
}

std::optional<Fault>
Engine::Core::JudgeRequest() const
{
    if (!m_config->listen)
    {
        return Fault{Reason::L2tpNoService, CDN_NO_FACILITIES, ERROR_NONE, "incoming call"};
    }
    if (m_acceptedSessions >= m_config->sessionLimit)
    {
        return Fault{Reason::L2tpSessionLimit,
                     CDN_NO_FACILITIES_NOW,
                     ERROR_NONE,
                     std::to_string(m_config->sessionLimit) + " sessions"};
    }
    return std::nullopt;
}

void
Engine::Core::RefuseCall(Tunnel& tunnel, const Message& message, const Fault& fault, TraceTag tag)
{
    NoteRefused(tag, message.type, fault);
    // CDN names a session of ours (RFC 2661 6.12), and none was made: the identifier is spent.
    tunnel.lastSession =
        ChooseId(tunnel.lastSession,
                 m_config->randomIds ? &m_random->id : nullptr,
                 [&tunnel](std::uint16_t used) { return tunnel.sessions.count(used) != 0; });
    SendCdn(tunnel,
            tunnel.lastSession,
            message.Number16(AvpType::AssignedSessionId).value_or(0),
            tag.connection,
            CodeOf(fault));
    AfterLastCall(tunnel, fault.reason, false);
}

void
Engine::Core::OnSession(Tunnel& tunnel,
                        Session& session,
                        SessionEvent event,
                        const Message* message,
                        const Ending& ending)
{
    const SessionRow row = Step(session.state, event);
    session.state = row.next;
    switch (row.action)
    {
    case SessionAction::Nothing:
        break;
    case SessionAction::OpenTunnel:
        if (tunnel.state == ControlState::Established)
        {
            OnSession(tunnel, session, SessionEvent::TunnelOpen, nullptr, {});
        }
        else
        {
            OnControl(tunnel, ControlEvent::OpenRequest, nullptr, {});
        }
        break;
    case SessionAction::SendIcrq:
        SendIcrq(tunnel, session);
        break;
    case SessionAction::SendIcrp:
        Send(tunnel, ComposeIcrp(session.id), session.peerId, session.connection);
        AwaitSetup({tunnel.id, session.id, TimerKind::Setup});
        break;
    case SessionAction::SendIccn:
        Send(tunnel, ComposeIccn(*m_config), session.peerId, session.connection);
        session.sequencingRequired = m_config->sequencingRequired;
        session.sequencing = session.sequencingRequired;
        SessionOpened(tunnel, session, m_config->txConnectSpeed);
        break;
    case SessionAction::Open:
        session.sequencingRequired = message->Find(AvpType::SequencingRequired) != nullptr;
        session.sequencing = session.sequencingRequired || m_config->sequenceData;
        SessionOpened(
            tunnel,
            session,
            message->Number32(AvpType::TxConnectSpeed).value_or(m_config->missingTxSpeed));
        break;
    case SessionAction::SendCdn:
        SendCdn(tunnel, session.id, session.peerId, session.connection, ending.code);
        EndSession(tunnel, session, ending);
        AfterLastCall(tunnel, ending.reason, true);
        break;
    case SessionAction::CleanUp:
    {
        // The peer that ended a call ends the tunnel; one that refused it will not.
        const bool atOnce = session.initiator && !session.wasUp;
        EndSession(tunnel, session, ending);
        AfterLastCall(tunnel, ending.reason, atOnce);
        break;
    }
    }
}

void
Engine::Core::SendIcrq(Tunnel& tunnel, Session& session)
{
    const Bytes correlation = m_config->correlationId ? m_random->correlation.Take(16) : Bytes{};
    Send(tunnel,
         ComposeIcrq(*m_config, session.id, ++m_lastSerial, correlation),
         0,
         session.connection);
    AwaitSetup({tunnel.id, session.id, TimerKind::Setup});
}

void
Engine::Core::SessionOpened(Tunnel& tunnel, Session& session, std::uint32_t speed)
{
    session.wasUp = true;
    m_timers.Cancel({tunnel.id, session.id, TimerKind::Setup});
    m_out->notices.emplace_back(SessionUp{
        {tunnel.id, session.id}, tunnel.path, session.connection, session.initiator, speed});
}

void
Engine::Core::SendCdn(Tunnel& tunnel,
                      std::uint16_t own,
                      std::uint16_t peer,
                      ConnectionId connection,
                      const ResultCode& code)
{
    Send(tunnel, ComposeCdn(own, code), peer, connection);
}

void
Engine::Core::EndSession(Tunnel& tunnel, Session& session, const Ending& ending)
{
    const std::uint16_t id = session.id;
    m_timers.Cancel({tunnel.id, id, TimerKind::Setup});
    m_out->notices.emplace_back(SessionDown{{tunnel.id, id},
                                            tunnel.path,
                                            session.connection,
                                            ending.reason,
                                            session.wasUp,
                                            ending.message,
                                            ending.code.result,
                                            ending.code.error});
    --m_liveSessions;
    m_acceptedSessions -= session.initiator ? 0 : 1;
    tunnel.sessions.erase(id);
}

void
Engine::Core::AfterLastCall(Tunnel& tunnel, Reason reason, bool atOnce)
{
    if (!tunnel.sessions.empty() || !m_config->closeWithLastSession)
    {
        return;
    }
    if (atOnce)
    {
        OnControl(tunnel,
                  ControlEvent::CloseRequest,
                  nullptr,
                  {reason, "", {STOP_GENERAL, ERROR_NONE, ""}});
    }
    else if (m_config->emptyTunnelTimeout > Duration::zero())
    {
        tunnel.endOfLastCall = reason;
        SetTimer({tunnel.id, 0, TimerKind::Empty}, m_config->emptyTunnelTimeout);
    }
}

} // namespace nattlab::l2tp
