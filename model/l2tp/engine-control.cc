// SPDX-License-Identifier: GPL-2.0-only
#include "model/l2tp/compose.h"
#include "model/l2tp/engine-core.h"
#include "model/l2tp/tunnel-secret.h"

#include <utility>

namespace nattlab::l2tp
{

namespace
{

constexpr std::size_t CHALLENGE_SIZE = 16;

ControlEvent
EventOf(MessageType type)
{
    switch (type)
    {
    case MessageType::Sccrq:
        return ControlEvent::Sccrq;
    case MessageType::Sccrp:
        return ControlEvent::Sccrp;
    default:
        return ControlEvent::Scccn;
    }
}

/** \return our message that a StopCCN in this state answers; in a tunnel that was up, StopCCN. */
const char*
StoppedMessage(ControlState state)
{
    return state == ControlState::WaitCtlReply  ? "SCCRQ"
           : state == ControlState::WaitCtlConn ? "SCCRP"
                                                : "StopCCN";
}

ResultCode
ReadResult(const Message& message)
{
    const Avp* avp = message.Find(AvpType::ResultCode);
    return avp ? ResultCode::Parse(avp->value) : ResultCode{};
}

} // namespace

ResultCode
Engine::Core::CodeOf(const Fault& fault) const
{
    return {fault.resultCode, fault.errorCode, m_config->sendErrorText ? fault.detail : ""};
}

void
Engine::Core::ReceiveTunnelMessage(Tunnel& tunnel, const Decoded& decoded, TraceTag tag)
{
    const Message& message = decoded.message;
    if (message.type == MessageType::StopCcn)
    {
        tunnel.stopReceived = true;
        tunnel.peerId = tunnel.peerId != 0
                            ? tunnel.peerId
                            : message.Number16(AvpType::AssignedTunnelId).value_or(0);
        OnControl(tunnel,
                  ControlEvent::StopCcn,
                  &message,
                  {Reason::L2tpRefused, StoppedMessage(tunnel.state), ReadResult(message)});
        return;
    }
    // Our StopCCN, too, can go out under the peer's identifier once SCCRP has told it.
    if (message.type == MessageType::Sccrp && tunnel.initiator && tunnel.peerId == 0)
    {
        Learn(tunnel, message);
    }
    if (!IsLive(tunnel) || (message.type == MessageType::Hello && !decoded.fault))
    {
        return;
    }
    if (message.type == MessageType::Sccrq && tunnel.state == ControlState::Idle)
    {
        Learn(tunnel, message);
    }
    std::optional<Fault> fault = decoded.fault ? decoded.fault : Judge(tunnel, message);
    ControlEvent event = ControlEvent::Refused;
    if (!fault)
    {
        event = EventOf(message.type);
        if (Step(tunnel.state, event).action == ControlAction::SendStateError)
        {
            fault = Fault{Reason::L2tpUnexpectedMessage,
                          STOP_STATE,
                          ERROR_NONE,
                          std::string(NameOf(tunnel.state))};
        }
    }
    if (fault)
    {
        NoteRefused(tag, message.type, *fault);
        OnControl(tunnel, event, &message, {fault->reason, NameOf(message.type), CodeOf(*fault)});
        return;
    }
    OnControl(tunnel, event, &message, {});
}

void
Engine::Core::Learn(Tunnel& tunnel, const Message& message) const
{
    if (const auto id = message.Number16(AvpType::AssignedTunnelId))
    {
        tunnel.peerId = *id;
    }
    if (const auto window = message.Number16(AvpType::ReceiveWindowSize))
    {
        tunnel.channel.SetPeerWindow(*window);
    }
    if (const Avp* name = message.Find(AvpType::HostName))
    {
        tunnel.peerName.assign(name->value.begin(), name->value.end());
    }
}

std::optional<Fault>
Engine::Core::Judge(const Tunnel& tunnel, const Message& message) const
{
    const bool greeting =
        (message.type == MessageType::Sccrq && tunnel.state == ControlState::Idle) ||
        (message.type == MessageType::Sccrp && tunnel.state == ControlState::WaitCtlReply);
    if (greeting && message.Number16(AvpType::ProtocolVersion) != PROTOCOL_VERSION)
    {
        // RFC 2661 4.4.2: the error code is the highest version that is spoken.
        return Fault{Reason::L2tpMalformed, STOP_VERSION, PROTOCOL_VERSION, "protocol version"};
    }
    if (greeting && message.Find(AvpType::Challenge) && !m_config->tunnelSecret)
    {
        return Fault{Reason::L2tpAuthentication,
                     STOP_NOT_AUTHORISED,
                     ERROR_NONE,
                     "no secret to answer the challenge with"};
    }
    const bool answer =
        (message.type == MessageType::Sccrp && tunnel.state == ControlState::WaitCtlReply) ||
        (message.type == MessageType::Scccn && tunnel.state == ControlState::WaitCtlConn);
    return answer ? CheckResponse(tunnel, message) : std::nullopt;
}

std::optional<Fault>
Engine::Core::CheckResponse(const Tunnel& tunnel, const Message& message) const
{
    if (tunnel.challenge.empty())
    {
        return std::nullopt;
    }
    const Avp* response = message.Find(AvpType::ChallengeResponse);
    if (!response)
    {
        return Fault{Reason::L2tpAuthentication,
                     STOP_NOT_AUTHORISED,
                     ERROR_NONE,
                     "challenge response missing"};
    }
    const Bytes expected = ChallengeResponse(static_cast<std::uint8_t>(message.type),
                                             ByteView(*m_config->tunnelSecret),
                                             tunnel.challenge);
    if (response->value != expected)
    {
        return Fault{Reason::L2tpAuthentication,
                     STOP_NOT_AUTHORISED,
                     ERROR_NONE,
                     "challenge response wrong"};
    }
    return std::nullopt;
}

Bytes
Engine::Core::ResponseTo(const Message& challenger, MessageType answer) const
{
    const Avp* challenge = challenger.Find(AvpType::Challenge);
    return challenge ? ChallengeResponse(static_cast<std::uint8_t>(answer),
                                         ByteView(*m_config->tunnelSecret),
                                         challenge->value)
                     : Bytes{};
}

Bytes
Engine::Core::NewChallenge()
{
    return m_config->tunnelSecret && m_config->challengePeer
               ? m_random->challenge.Take(CHALLENGE_SIZE)
               : Bytes{};
}

void
Engine::Core::OnControl(Tunnel& tunnel,
                        ControlEvent event,
                        const Message* message,
                        const Ending& ending)
{
    const ControlRow row = Step(tunnel.state, event);
    tunnel.state = row.next;
    switch (row.action)
    {
    case ControlAction::Nothing:
        break;
    case ControlAction::SendSccrq:
        tunnel.challenge = NewChallenge();
        Send(tunnel, ComposeSccrq(*m_config, tunnel.id, tunnel.challenge), 0, tunnel.connection);
        AwaitSetup({tunnel.id, 0, TimerKind::Setup});
        break;
    case ControlAction::SendSccrp:
        tunnel.challenge = NewChallenge();
        Send(tunnel,
             ComposeSccrp(
                 *m_config, tunnel.id, tunnel.challenge, ResponseTo(*message, MessageType::Sccrp)),
             0,
             tunnel.connection);
        AwaitSetup({tunnel.id, 0, TimerKind::Setup});
        break;
    case ControlAction::SendScccn:
        Send(tunnel, ComposeScccn(ResponseTo(*message, MessageType::Scccn)), 0, tunnel.connection);
        Opened(tunnel);
        break;
    case ControlAction::Open:
        Opened(tunnel);
        break;
    case ControlAction::SendStopCcn:
    case ControlAction::SendStateError:
        Send(tunnel, ComposeStopCcn(tunnel.id, ending.code), 0, tunnel.connection);
        EndTunnel(tunnel, ending);
        break;
    case ControlAction::Linger:
        EndTunnel(tunnel, ending);
        tunnel.channel.Abandon();
        SetTimer({tunnel.id, 0, TimerKind::Linger}, m_config->linger);
        break;
    }
}

void
Engine::Core::Opened(Tunnel& tunnel)
{
    const TimerKey setup{tunnel.id, 0, TimerKind::Setup};
    tunnel.wasUp = true;
    m_timers.Cancel(setup);
    m_out->notices.emplace_back(TunnelUp{tunnel.id,
                                         tunnel.path,
                                         tunnel.connection,
                                         tunnel.initiator,
                                         std::exchange(tunnel.peerName, {})});
    if (m_config->helloInterval > Duration::zero())
    {
        SetTimer({tunnel.id, 0, TimerKind::Hello}, m_config->helloInterval);
    }
    for (auto& [id, session] : tunnel.sessions)
    {
        OnSession(tunnel, session, SessionEvent::TunnelOpen, nullptr, {});
    }
    if (tunnel.sessions.empty())
    {
        AwaitSetup(setup);
    }
}

void
Engine::Core::AwaitSetup(TimerKey key)
{
    if (m_config->setupTimeout > Duration::zero())
    {
        SetTimer(key, m_config->setupTimeout);
    }
}

void
Engine::Core::EndTunnel(Tunnel& tunnel, const Ending& ending)
{
    while (!tunnel.sessions.empty())
    {
        EndSession(tunnel, tunnel.sessions.begin()->second, ending);
    }
    for (const TimerKind kind : {TimerKind::Hello, TimerKind::Setup, TimerKind::Empty})
    {
        m_timers.Cancel({tunnel.id, 0, kind});
    }
    --m_liveTunnels;
    m_out->notices.emplace_back(TunnelDown{tunnel.id,
                                           tunnel.path,
                                           tunnel.connection,
                                           ending.reason,
                                           tunnel.wasUp,
                                           ending.message,
                                           ending.code.result,
                                           ending.code.error});
}

void
Engine::Core::BeatenByTieBreaker(PathId path)
{
    for (const std::uint16_t id : TunnelsOn(path))
    {
        // RFC 2661 4.4.3: the one that sent no tie breaker discards its tunnel without a word.
        if (m_tunnels[id]->state == ControlState::WaitCtlReply)
        {
            EndTunnel(*m_tunnels[id],
                      {Reason::L2tpRefused, "SCCRQ", {STOP_EXISTS, ERROR_NONE, ""}});
            Remove(*m_tunnels[id]);
        }
    }
}

} // namespace nattlab::l2tp
