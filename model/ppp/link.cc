// SPDX-License-Identifier: GPL-2.0-only
// The phases of a link and what moves it between them. Frames are taken apart in link-receive.cc.
#include "model/ppp/link.h"

#include <utility>

namespace nattlab::ppp
{

namespace
{

RandomStream StreamOf(const std::string& device,
                      std::uint64_t seed,
                      std::string_view what,
                      ConnectionId connection)
{
    return RandomStream(
        seed, device, "ppp." + std::string(what) + "." + std::to_string(connection));
}

} // namespace

Session::Impl::Impl(std::shared_ptr<const Config> config,
                    Role role,
                    std::string device,
                    std::uint64_t seed,
                    ConnectionId connection,
                    AddressPool* pool,
                    Tracer tracer,
                    Login login)
    : m_config(std::move(config)),
      m_role(role),
      m_device(std::move(device)),
      m_seed(seed),
      m_connection(connection),
      m_pool(pool),
      m_tracer(tracer),
      m_login(std::move(login)),
      m_lcpPolicy(*m_config, role, StreamOf(m_device, seed, "magic", connection)),
      m_lcp(PPP_LCP, m_config->timers, m_lcpPolicy),
      m_ipcpPolicy(*m_config, role),
      m_ipcp(PPP_IPCP, m_config->timers, m_ipcpPolicy),
      m_ccpPolicy(m_config->ccpBits),
      m_ccp(PPP_CCP, m_config->timers, m_ccpPolicy)
{
}

Session::Impl::~Impl()
{
    if (m_lease)
    {
        m_pool->Return(*m_lease);
    }
}

Output Session::Impl::Start(Instant now)
{
    Output out;
    m_out = &out;
    if (m_started)
    {
        return out;
    }
    m_started = true;
    Enter(Phase::Establish);
    m_negotiateBy = now + m_config->timers.negotiate;
    m_lcp.Open(now, m_out->frames);
    OnLcp(m_lcp.Up(now, m_out->frames), now);
    Flush(now);
    return out;
}

Output Session::Impl::SendIp(ByteView packet, TraceTag tag)
{
    Output out;
    if (m_phase != Phase::Open)
    {
        out.refused = Reason::PppNotOpen;
    }
    else if (packet.size() > m_lcpPolicy.PeerMru())
    {
        out.refused = Reason::IpFragmentationNeeded;
    }
    else
    {
        out.frames.push_back({BuildFrame(PPP_IP, packet, m_lcpPolicy.Compression()), tag});
    }
    return out;
}

Output Session::Impl::Terminate(Instant now, Reason why)
{
    Output out;
    m_out = &out;
    Fail({why, {}}, now);
    Flush(now);
    return out;
}

Output Session::Impl::LowerDown(Reason why, Instant now)
{
    if (m_phase == Phase::Dead)
    {
        return Terminate(now, why);
    }
    Output out;
    m_out = &out;
    Settle({why, {}});
    UpperDown(now);
    m_lcp.Down(now, m_out->frames);
    Finish();
    Flush(now);
    return out;
}

std::optional<Instant> Session::Impl::NextDeadline() const
{
    std::optional<Instant> earliest = Earlier(m_lcp.Deadline(), m_ipcp.Deadline());
    earliest = Earlier(earliest, m_ccp.Deadline());
    earliest = Earlier(earliest, m_negotiateBy);
    earliest = Earlier(earliest, m_echoAt);
    return m_auth ? Earlier(earliest, m_auth->Deadline()) : earliest;
}

Output Session::Impl::Expire(Instant now)
{
    Output out;
    m_out = &out;
    OnLcp(m_lcp.Expire(now, m_out->frames), now);
    if (m_auth)
    {
        OnAuthentication(m_auth->Expire(now, m_out->frames), now);
    }
    OnIpcp(m_ipcp.Expire(now, m_out->frames), now);
    OnCcp(m_ccp.Expire(now, m_out->frames), now);
    ExpireEcho(now);
    if (m_negotiateBy && *m_negotiateBy <= now)
    {
        m_negotiateBy.reset();
        Fail({m_heard ? Reason::PppNotConverging : Reason::PppNoAnswer, "NegotiateTime"}, now);
    }
    Flush(now);
    return out;
}

void Session::Impl::ExpireEcho(Instant now)
{
    if (!m_echoAt || *m_echoAt > now)
    {
        return;
    }
    if (m_echoUnanswered >= m_config->echoFailures)
    {
        Fail({Reason::PppEchoFailed, MessageName(PPP_LCP, ECHO_REQUEST)}, now);
        return;
    }
    ++m_echoUnanswered;
    m_echoAt = now + m_config->echoInterval;
    m_echoId = m_lcp.NextId();
    SendLcp(ECHO_REQUEST, m_echoId, WithMagic({}));
}

void Session::Impl::OnLcp(const Signals& signals, Instant now)
{
    if (signals.down && !signals.failure && !m_end)
    {
        const bool ending = m_lcp.Current() == State::Stopping;
        if (ending)
        {
            Settle(PeerTerminated());
        }
        UpperDown(now);
        Enter(ending ? Phase::Terminating : Phase::Establish); // or the peer negotiates anew
        if (!ending)
        {
            m_negotiateBy = now + m_config->timers.negotiate;
        }
    }
    if (signals.failure)
    {
        Fail(*signals.failure, now);
    }
    if (signals.up)
    {
        LcpUp(now);
    }
    if (signals.finished)
    {
        Finish();
    }
}

void Session::Impl::LcpUp(Instant now)
{
    for (Negotiation* negotiation : {&m_lcp, &m_ipcp, &m_ccp})
    {
        negotiation->LimitTo(m_lcpPolicy.PeerMru());
    }
    for (const std::string& text : m_config->identifications)
    {
        SendLcp(IDENTIFICATION, m_lcp.NextId(), WithMagic(ByteView(std::string_view(text))));
    }
    const auto method = m_lcpPolicy.Authentication();
    if (!method)
    {
        StartNetwork(now);
        return;
    }
    Enter(Phase::Authenticate);
    const bool client = m_role == Role::Client;
    switch (*method)
    {
    case AuthMethod::Eap:
        Fail({Reason::PppAuthRefused, std::string(NameOf(*method))}, now);
        return;
    case AuthMethod::Pap:
        m_auth = client ? MakePapClient(*m_config, m_login) : MakePapServer(*m_config);
        break;
    default:
    {
        // Counted, since LCP may come up again: a challenge is never used twice.
        const std::string what = "challenge" + std::to_string(++m_authentications);
        const RandomStream random = StreamOf(m_device, m_seed, what, m_connection);
        m_auth = client ? MakeChapClient(*m_config, m_login, *method, random)
                        : MakeChapServer(*m_config, *method, random);
        break;
    }
    }
    m_auth->Start(now, m_out->frames);
}

void Session::Impl::OnAuthentication(const AuthResult& result, Instant now)
{
    if (result.failure)
    {
        Fail(*result.failure, now);
    }
    else if (result.success && m_phase == Phase::Authenticate)
    {
        m_user = m_auth->User();
        StartNetwork(now);
    }
}

void Session::Impl::StartNetwork(Instant now)
{
    Enter(Phase::Network);
    if (m_role == Role::Server && m_pool && !m_lease)
    {
        m_lease = m_pool->Take();
        m_ipcpPolicy.Assign(m_lease);
    }
    m_ipcp.Open(now, m_out->frames);
    OnIpcp(m_ipcp.Up(now, m_out->frames), now);
    if (m_config->ccp == CcpMode::Offer)
    {
        m_ccp.Open(now, m_out->frames);
        m_ccp.Up(now, m_out->frames);
    }
}

void Session::Impl::OnIpcp(const Signals& signals, Instant now)
{
    if (signals.down && !m_end && !signals.failure)
    {
        m_echoAt.reset();
        Enter(Phase::Network); // the peer negotiates anew, or ends the protocol
        m_negotiateBy = now + m_config->timers.negotiate;
    }
    if (signals.failure)
    {
        Fail(*signals.failure, now);
    }
    if (signals.up)
    {
        Enter(Phase::Open);
        m_wasUp = true;
        m_negotiateBy.reset();
        if (m_config->echoInterval > Duration{0})
        {
            m_echoAt = now + m_config->echoInterval;
            m_echoUnanswered = 0;
        }
        m_out->notices.push_back(Up{m_ipcpPolicy.Own(),
                                    m_ipcpPolicy.Peer(),
                                    m_ipcpPolicy.Dns(),
                                    m_lcpPolicy.PeerMru(),
                                    m_user});
    }
    if (signals.finished)
    {
        Fail({Reason::PppTerminated, ProtocolName(PPP_IPCP)}, now);
    }
}

void Session::Impl::OnCcp(const Signals& signals, Instant now)
{
    if (signals.failure)
    {
        m_ccp.Close(now, m_out->frames); // the link goes on without compression
    }
}

void Session::Impl::Enter(Phase phase)
{
    if (phase == m_phase)
    {
        return;
    }
    m_phase = phase;
    m_heard = false;
    m_out->notices.push_back(PhaseEntered{phase});
}

void Session::Impl::UpperDown(Instant now)
{
    m_ipcp.Down(now, m_out->frames);
    m_ccp.Down(now, m_out->frames);
    m_auth.reset();
    m_echoAt.reset();
    m_negotiateBy.reset();
}

Failure Session::Impl::PeerTerminated() const
{
    if (const auto setback = m_auth ? m_auth->Setback() : std::nullopt)
    {
        return *setback;
    }
    const bool refused = m_phase == Phase::Establish && m_lcpPolicy.RefusedAuthentication();
    return {refused ? Reason::PppAuthRefused : Reason::PppTerminated,
            MessageName(PPP_LCP, TERMINATE_REQUEST)};
}

void Session::Impl::Settle(const Failure& failure)
{
    if (!m_end)
    {
        m_end = Down{failure.reason, m_phase, failure.errorCode, failure.detail, m_wasUp};
    }
}

void Session::Impl::Fail(const Failure& failure, Instant now)
{
    if (m_end)
    {
        return;
    }
    Settle(failure);
    if (m_phase == Phase::Dead)
    {
        m_started = true;
        m_out->notices.push_back(*m_end);
        return;
    }
    Enter(Phase::Terminating);
    UpperDown(now);
    const State before = m_lcp.Current();
    OnLcp(m_lcp.Close(now, m_out->frames), now);
    if (before == State::Stopped) // LCP itself has given up: there is nobody to take leave of
    {
        Finish();
    }
}

void Session::Impl::Finish()
{
    if (m_phase == Phase::Dead)
    {
        return;
    }
    Settle({Reason::PppTerminated, {}});
    m_phase = Phase::Dead;
    m_negotiateBy.reset();
    if (m_lease)
    {
        m_pool->Return(*m_lease);
        m_lease.reset();
    }
    m_out->notices.push_back(*m_end);
}

Bytes Session::Impl::WithMagic(ByteView data) const
{
    Bytes bytes;
    Append32(bytes, m_lcpPolicy.Magic());
    Append(bytes, data);
    return bytes;
}

void Session::Impl::SendLcp(std::uint8_t code, std::uint8_t id, ByteView data)
{
    Send(m_out->frames, PPP_LCP, {code, id, data});
}

bool Session::Impl::LcpOpen() const
{
    return m_lcp.Current() == State::Opened;
}

void Session::Impl::RecordSent(const Frame& frame, Instant now) const
{
    const EventType type = frame.resent > 0 ? EventType::MessageResent : EventType::MessageSent;
    if (!m_tracer.Wants(type))
    {
        return;
    }
    const auto view = ParseFrame(frame.bytes);
    const auto packet = view ? ControlPacket::Parse(view->information) : std::nullopt;
    if (packet)
    {
        m_tracer.Message(type,
                         Layer::Ppp,
                         frame.tag,
                         now,
                         MessageName(view->protocol, packet->code),
                         Reason::None,
                         frame.resent,
                         Describe(view->protocol, *packet));
    }
}

void Session::Impl::Flush(Instant now)
{
    for (Frame& frame : m_out->frames)
    {
        frame.tag.connection = m_connection;
        RecordSent(frame, now);
        Compress(frame.bytes, m_lcpPolicy.Compression());
    }
    m_deadline = NextDeadline();
}

} // namespace nattlab::ppp
