// SPDX-License-Identifier: GPL-2.0-only
#ifndef NATTLAB_PPP_AUTOMATON_H
#define NATTLAB_PPP_AUTOMATON_H

#include "model/packet/time.h"
#include "model/ppp/config.h"

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

namespace nattlab::ppp
{

/** The states of RFC 1661 4.2, with its numbers. */
enum class State : std::uint8_t
{
    Initial,
    Starting,
    Closed,
    Stopped,
    Closing,
    Stopping,
    ReqSent,
    AckRcvd,
    AckSent,
    Opened,
};

/** The events of RFC 1661 4.3, in the order of its table. */
enum class Input : std::uint8_t
{
    Up,
    Down,
    Open,
    Close,
    TimeoutAgain,     //!< TO+
    TimeoutLast,      //!< TO-
    GoodRequest,      //!< RCR+
    BadRequest,       //!< RCR-
    Ack,              //!< RCA
    NakOrReject,      //!< RCN
    TerminateRequest, //!< RTR
    TerminateAck,     //!< RTA
    UnknownCode,      //!< RUC
    RejectBenign,     //!< RXJ+
    RejectFatal,      //!< RXJ-
    Echo,             //!< RXR
};

constexpr std::size_t STATE_COUNT = 10;
constexpr std::size_t INPUT_COUNT = 16;

/** The actions of RFC 1661 4.4: a set of bits, carried out from the lowest to the highest. */
enum Action : std::uint16_t
{
    TLD = 1 << 0,  //!< This-Layer-Down
    IRC = 1 << 1,  //!< Initialize-Restart-Count
    ZRC = 1 << 2,  //!< Zero-Restart-Count
    SCR = 1 << 3,  //!< Send-Configure-Request
    STR = 1 << 4,  //!< Send-Terminate-Request
    SCA = 1 << 5,  //!< Send-Configure-Ack
    SCN = 1 << 6,  //!< Send-Configure-Nak or -Reject
    STA = 1 << 7,  //!< Send-Terminate-Ack
    SCJ = 1 << 8,  //!< Send-Code-Reject
    SER = 1 << 9,  //!< Send-Echo-Reply
    TLU = 1 << 10, //!< This-Layer-Up
    TLS = 1 << 11, //!< This-Layer-Started
    TLF = 1 << 12, //!< This-Layer-Finished
};

/** A cell of the state transition table. */
struct Transition
{
    bool legal{false}; //!< false: the dash of the table
    std::uint16_t actions{0};
    State next{State::Initial};
};

/** \return the cell of RFC 1661 4.1 for this state and event. */
const Transition& TransitionOf(State state, Input input);

/** \return the name in the table's head: "Initial", "Req-Sent"... */
std::string_view NameOf(State state);

/** \return the event's short name: "Up", "TO+", "RCR-"... */
std::string_view NameOf(Input input);

/** \return a cell as the RFC writes it: "irc,scr/6", or "-". */
std::string ToString(const Transition& transition);

/** \return the whole table as text, one event a line. */
std::string PrintTable();

/**
 * The option negotiation automaton of RFC 1661 4, with its restart counter and timer. The restart
 * option [r] of the table is off (Open in Opened does nothing), the passive option [p] too.
 */
class Automaton
{
  public:
    /** \param timers must outlive the automaton */
    explicit Automaton(const Timers& timers)
        : m_timers(&timers)
    {
    }

    /**
     * Take an event. The caller carries out the actions returned, except irc and zrc, which are
     * the automaton's own. An illegal event changes nothing and asks for nothing.
     */
    std::uint16_t Take(Input input, Instant now);

    /** \return TO+ or TO-, by the restart counter. */
    Input TimeoutKind() const
    {
        return m_count > 0 ? Input::TimeoutAgain : Input::TimeoutLast;
    }

    State Current() const
    {
        return m_state;
    }

    /** \return when the Restart timer runs out, if it runs. */
    std::optional<Instant> Deadline() const
    {
        return m_deadline;
    }

  private:
    const Timers* m_timers;
    State m_state{State::Initial};
    std::uint32_t m_count{0};
    std::optional<Instant> m_deadline;
};

} // namespace nattlab::ppp

#endif
