// SPDX-License-Identifier: GPL-2.0-only
#include "model/ppp/negotiation.h"

#include <utility>

namespace nattlab::ppp
{

namespace
{

/** \return true in the states in which the content of a Configure-Request decides the event. */
bool Negotiates(State state)
{
    return state == State::Stopped || state >= State::ReqSent;
}

/** \return true in the states in which an answer to the last Configure-Request is awaited. */
bool Configures(State state)
{
    return state == State::ReqSent || state == State::AckRcvd || state == State::AckSent;
}

} // namespace

void Send(Frames& out, std::uint16_t protocol, const ControlPacket& packet, std::uint32_t resent)
{
    out.push_back({BuildControlFrame(protocol, packet), {}, resent});
}

void OptionPolicy::AddMissing(Options, OptionList&) const
{
}

Negotiation::Negotiation(std::uint16_t protocol, const Timers& timers, OptionPolicy& policy)
    : m_protocol(protocol),
      m_timers(&timers),
      m_policy(&policy),
      m_automaton(timers)
{
}

Signals Negotiation::Up(Instant now, Frames& out)
{
    m_naksSent = 0;
    m_rejectsSent = 0;
    m_refused = 0;
    return Step(Input::Up, now, out);
}

Signals Negotiation::Down(Instant now, Frames& out)
{
    return Step(Input::Down, now, out);
}

Signals Negotiation::Open(Instant now, Frames& out)
{
    return Step(Input::Open, now, out);
}

Signals Negotiation::Close(Instant now, Frames& out)
{
    return Step(Input::Close, now, out);
}

Signals Negotiation::Receive(const ControlPacket& packet, Instant now, Frames& out)
{
    if (Current() <= State::Starting)
    {
        Signals signals;
        signals.refused = Reason::PppNotOpen;
        return signals;
    }
    switch (packet.code)
    {
    case CONFIGURE_REQUEST:
        return ReceiveRequest(packet, now, out);
    case CONFIGURE_ACK:
    case CONFIGURE_NAK:
    case CONFIGURE_REJECT:
        return ReceiveAnswer(packet, now, out);
    case TERMINATE_REQUEST:
        return Step(Input::TerminateRequest, now, out, &packet);
    case TERMINATE_ACK:
        return Step(Input::TerminateAck, now, out);
    case CODE_REJECT:
        return ReceiveCodeReject(packet, now, out);
    default:
        return Step(Input::UnknownCode, now, out, &packet);
    }
}

Signals Negotiation::ReceiveRequest(const ControlPacket& packet, Instant now, Frames& out)
{
    const auto asked = Options::Parse(packet.data);
    if (!asked)
    {
        Signals signals;
        signals.refused = Reason::PppMalformed;
        return signals;
    }
    if (!Negotiates(Current()))
    {
        return Step(Input::GoodRequest, now, out, &packet);
    }
    Verdict verdict = Judge(*asked);
    CountAnswer(verdict);
    const bool good = verdict.code == CONFIGURE_ACK;
    if (good)
    {
        m_policy->Granted(*asked);
    }
    Signals signals =
        Step(good ? Input::GoodRequest : Input::BadRequest, now, out, &packet, &verdict);
    if (verdict.failure)
    {
        signals.failure = verdict.failure;
    }
    return signals;
}

Negotiation::Verdict Negotiation::Judge(Options asked)
{
    // RFC 1661 4.6: after Max-Failure Naks, what would be a Nak becomes a Reject.
    const bool mayNak = m_naksSent < m_timers->maxFailure;
    OptionList naks;
    OptionList rejects;
    Verdict verdict;
    for (const Option option : asked)
    {
        Judgement judgement = m_policy->Judge(option, naks);
        if (judgement.failure && !verdict.failure)
        {
            verdict.failure = std::move(judgement.failure);
        }
        const bool nak = judgement.kind == Judgement::Kind::Nak && mayNak;
        if (judgement.kind != Judgement::Kind::Accept && !nak)
        {
            rejects.Add(option.type, option.data);
        }
    }
    if (mayNak)
    {
        m_policy->AddMissing(asked, naks);
    }
    // RFC 1661 5.3, 5.4: what must be rejected goes first; Naks wait for the next request.
    if (!rejects.Empty())
    {
        verdict.code = CONFIGURE_REJECT;
        verdict.options = std::move(rejects);
    }
    else if (!naks.Empty())
    {
        verdict.code = CONFIGURE_NAK;
        verdict.options = std::move(naks);
    }
    return verdict;
}

void Negotiation::CountAnswer(Verdict& verdict)
{
    switch (verdict.code)
    {
    case CONFIGURE_ACK:
        m_naksSent = 0;
        m_rejectsSent = 0;
        break;
    case CONFIGURE_NAK:
        ++m_naksSent;
        break;
    default:
        ++m_rejectsSent;
        if (m_rejectsSent > m_timers->maxReject && !verdict.failure)
        {
            verdict.failure =
                Failure{Reason::PppNotConverging, MessageName(m_protocol, CONFIGURE_REJECT)};
        }
        break;
    }
}

Signals Negotiation::ReceiveAnswer(const ControlPacket& packet, Instant now, Frames& out)
{
    Signals signals;
    const bool ack = packet.code == CONFIGURE_ACK;
    if (Current() < State::ReqSent)
    {
        return Step(ack ? Input::Ack : Input::NakOrReject, now, out, &packet);
    }
    const auto options = Options::Parse(packet.data);
    if (!options)
    {
        signals.refused = Reason::PppMalformed;
        return signals;
    }
    // RFC 1661 5.2 to 5.4: an Ack repeats the request, a Reject a part of it.
    bool fits = m_requestPending && packet.id == m_requestId;
    if (ack)
    {
        fits = fits && packet.data == m_policy->Wanted();
    }
    else if (packet.code == CONFIGURE_REJECT)
    {
        const Options sent(m_policy->Wanted());
        for (const Option option : *options)
        {
            fits = fits && sent.Contains(option);
        }
    }
    if (!fits)
    {
        signals.refused = Reason::PppUnexpectedMessage;
        return signals;
    }
    m_requestPending = false;
    m_refused = ack ? 0 : m_refused + 1;
    if (m_refused > m_timers->maxRefused)
    {
        signals.failure = Failure{Reason::PppNotConverging, MessageName(m_protocol, packet.code)};
    }
    else
    {
        signals.failure = ack                            ? m_policy->Acked()
                          : packet.code == CONFIGURE_NAK ? m_policy->Naked(*options)
                                                         : m_policy->Rejected(*options);
    }
    if (signals.failure)
    {
        return signals;
    }
    return Step(ack ? Input::Ack : Input::NakOrReject, now, out, &packet);
}

Signals Negotiation::ReceiveCodeReject(const ControlPacket& packet, Instant now, Frames& out)
{
    if (packet.data.empty())
    {
        Signals signals;
        signals.refused = Reason::PppMalformed;
        return signals;
    }
    // RFC 1661 4.3, RXJ: without the codes of the automaton itself nothing can be negotiated.
    const std::uint8_t code = packet.data[0];
    if (code >= CONFIGURE_REQUEST && code <= CODE_REJECT)
    {
        return Fatal(now, out, MessageName(m_protocol, code));
    }
    return Step(Input::RejectBenign, now, out);
}

Signals Negotiation::ProtocolRejected(Instant now, Frames& out)
{
    return Fatal(now, out, ProtocolName(m_protocol));
}

Signals Negotiation::Fatal(Instant now, Frames& out, std::string detail)
{
    const bool closing = Current() == State::Closing || Current() == State::Stopping;
    Signals signals = Step(Input::RejectFatal, now, out);
    if (!closing)
    {
        signals.failure = Failure{Reason::PppProtocolRejected, std::move(detail)};
    }
    return signals;
}

Signals Negotiation::Expire(Instant now, Frames& out)
{
    const auto deadline = m_automaton.Deadline();
    if (!deadline || *deadline > now)
    {
        return {};
    }
    const bool configuring = Configures(Current());
    const Input timeout = m_automaton.TimeoutKind();
    Signals signals = Step(timeout, now, out);
    if (timeout == Input::TimeoutLast && configuring)
    {
        signals.failure = Failure{Reason::PppNoAnswer, MessageName(m_protocol, CONFIGURE_REQUEST)};
    }
    return signals;
}

Signals Negotiation::Step(Input input,
                          Instant now,
                          Frames& out,
                          const ControlPacket* cause,
                          const Verdict* verdict)
{
    const std::uint16_t actions = m_automaton.Take(input, now);
    const bool again = input == Input::TimeoutAgain;
    Signals signals;
    signals.down = (actions & TLD) != 0;
    signals.up = (actions & TLU) != 0;
    signals.finished = (actions & TLF) != 0;
    if ((actions & SCR) != 0)
    {
        SendRequest(again, out);
    }
    if ((actions & STR) != 0)
    {
        SendTerminate(again, out);
    }
    if (cause && (actions & SCA) != 0)
    {
        Send(out, m_protocol, {CONFIGURE_ACK, cause->id, cause->data});
    }
    if (cause && verdict && (actions & SCN) != 0)
    {
        Send(out, m_protocol, {verdict->code, cause->id, verdict->options.Wire()});
    }
    if (cause && (actions & STA) != 0)
    {
        Send(out, m_protocol, {TERMINATE_ACK, cause->id, {}});
    }
    if (cause && (actions & SCJ) != 0)
    {
        const Bytes rejected = cause->Build();
        Send(out, m_protocol, {CODE_REJECT, NextId(), ByteView(rejected).Sub(0, m_mru - 4u)});
    }
    return signals;
}

void Negotiation::SendRequest(bool again, Frames& out)
{
    m_resent = again ? m_resent + 1 : 0;
    // RFC 1661 5.1: a new identifier unless the same request is sent again without an answer.
    if (!again || !m_requestPending)
    {
        m_requestId = NextId();
        m_requestPending = true;
    }
    Send(out, m_protocol, {CONFIGURE_REQUEST, m_requestId, m_policy->Wanted()}, m_resent);
}

void Negotiation::SendTerminate(bool again, Frames& out)
{
    m_resent = again ? m_resent + 1 : 0;
    if (!again)
    {
        m_terminateId = NextId();
    }
    Send(out, m_protocol, {TERMINATE_REQUEST, m_terminateId, {}}, m_resent);
}

} // namespace nattlab::ppp
