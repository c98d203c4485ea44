// SPDX-License-Identifier: GPL-2.0-only
#include "model/ppp/automaton.h"

#include <array>

namespace nattlab::ppp
{

namespace
{

constexpr Transition To(int state, unsigned actions = 0)
{
    return {true, static_cast<std::uint16_t>(actions), static_cast<State>(state)};
}

constexpr Transition NO{};

// clang-format off
// RFC 1661 4.1: a row per event; columns Initial, Starting, Closed, Stopped, Closing, Stopping and,
// on the second line, Req-Sent, Ack-Rcvd, Ack-Sent, Opened.
constexpr Transition TABLE[INPUT_COUNT][STATE_COUNT] = {
    /* Up   */ {To(2), To(6, IRC | SCR), NO, NO, NO, NO,
                NO, NO, NO, NO},
    /* Down */ {NO, NO, To(0), To(1, TLS), To(0), To(1),
                To(1), To(1), To(1), To(1, TLD)},
    /* Open */ {To(1, TLS), To(1), To(6, IRC | SCR), To(3), To(5), To(5),
                To(6), To(7), To(8), To(9)},
    /* Close*/ {To(0), To(0, TLF), To(2), To(2), To(4), To(4),
                To(4, IRC | STR), To(4, IRC | STR), To(4, IRC | STR), To(4, TLD | IRC | STR)},
    /* TO+  */ {NO, NO, NO, NO, To(4, STR), To(5, STR),
                To(6, SCR), To(6, SCR), To(8, SCR), NO},
    /* TO-  */ {NO, NO, NO, NO, To(2, TLF), To(3, TLF),
                To(3, TLF), To(3, TLF), To(3, TLF), NO},
    /* RCR+ */ {NO, NO, To(2, STA), To(8, IRC | SCR | SCA), To(4), To(5),
                To(8, SCA), To(9, SCA | TLU), To(8, SCA), To(8, TLD | SCR | SCA)},
    /* RCR- */ {NO, NO, To(2, STA), To(6, IRC | SCR | SCN), To(4), To(5),
                To(6, SCN), To(7, SCN), To(6, SCN), To(6, TLD | SCR | SCN)},
    /* RCA  */ {NO, NO, To(2, STA), To(3, STA), To(4), To(5),
                To(7, IRC), To(6, SCR), To(9, IRC | TLU), To(6, TLD | SCR)},
    /* RCN  */ {NO, NO, To(2, STA), To(3, STA), To(4), To(5),
                To(6, IRC | SCR), To(6, SCR), To(8, IRC | SCR), To(6, TLD | SCR)},
    /* RTR  */ {NO, NO, To(2, STA), To(3, STA), To(4, STA), To(5, STA),
                To(6, STA), To(6, STA), To(6, STA), To(5, TLD | ZRC | STA)},
    /* RTA  */ {NO, NO, To(2), To(3), To(2, TLF), To(3, TLF),
                To(6), To(6), To(8), To(6, TLD | SCR)},
    /* RUC  */ {NO, NO, To(2, SCJ), To(3, SCJ), To(4, SCJ), To(5, SCJ),
                To(6, SCJ), To(7, SCJ), To(8, SCJ), To(9, SCJ)},
    /* RXJ+ */ {NO, NO, To(2), To(3), To(4), To(5),
                To(6), To(6), To(8), To(9)},
    /* RXJ- */ {NO, NO, To(2, TLF), To(3, TLF), To(2, TLF), To(3, TLF),
                To(3, TLF), To(3, TLF), To(3, TLF), To(5, TLD | IRC | STR)},
    /* RXR  */ {NO, NO, To(2), To(3), To(4), To(5),
                To(6), To(7), To(8), To(9, SER)},
};
// clang-format on

constexpr std::array<std::string_view, STATE_COUNT> STATES = {"Initial",
                                                              "Starting",
                                                              "Closed",
                                                              "Stopped",
                                                              "Closing",
                                                              "Stopping",
                                                              "Req-Sent",
                                                              "Ack-Rcvd",
                                                              "Ack-Sent",
                                                              "Opened"};
constexpr std::array<std::string_view, INPUT_COUNT> INPUTS = {"Up",
                                                              "Down",
                                                              "Open",
                                                              "Close",
                                                              "TO+",
                                                              "TO-",
                                                              "RCR+",
                                                              "RCR-",
                                                              "RCA",
                                                              "RCN",
                                                              "RTR",
                                                              "RTA",
                                                              "RUC",
                                                              "RXJ+",
                                                              "RXJ-",
                                                              "RXR"};
constexpr std::array<std::string_view, 13> ACTIONS =
    {"tld", "irc", "zrc", "scr", "str", "sca", "scn", "sta", "scj", "ser", "tlu", "tls", "tlf"};

/** RFC 1661 4.1: the states in which the Restart timer runs are those with TO events. */
bool TimerRuns(State state)
{
    return TransitionOf(state, Input::TimeoutLast).legal;
}

} // namespace

const Transition& TransitionOf(State state, Input input)
{
    return TABLE[static_cast<std::size_t>(input)][static_cast<std::size_t>(state)];
}

std::string_view NameOf(State state)
{
    return STATES[static_cast<std::size_t>(state)];
}

std::string_view NameOf(Input input)
{
    return INPUTS[static_cast<std::size_t>(input)];
}

std::string ToString(const Transition& transition)
{
    if (!transition.legal)
    {
        return "-";
    }
    std::string text;
    for (std::size_t bit = 0; bit < ACTIONS.size(); ++bit)
    {
        if ((transition.actions >> bit & 1) != 0)
        {
            text += (text.empty() ? "" : ",") + std::string(ACTIONS[bit]);
        }
    }
    const std::string next = std::to_string(static_cast<int>(transition.next));
    return text.empty() ? next : text + "/" + next;
}

std::string PrintTable()
{
    std::string text;
    for (std::size_t input = 0; input < INPUT_COUNT; ++input)
    {
        text += INPUTS[input];
        for (std::size_t state = 0; state < STATE_COUNT; ++state)
        {
            text += "\t" + ToString(TABLE[input][state]);
        }
        text += "\n";
    }
    return text;
}

std::uint16_t Automaton::Take(Input input, Instant now)
{
    const Transition& cell = TransitionOf(m_state, input);
    if (!cell.legal)
    {
        return 0;
    }
    m_state = cell.next;
    if ((cell.actions & IRC) != 0)
    {
        m_count = (cell.actions & STR) != 0 ? m_timers->maxTerminate : m_timers->maxConfigure;
    }
    if ((cell.actions & ZRC) != 0)
    {
        m_count = 0;
    }
    if ((cell.actions & (SCR | STR)) != 0 && m_count > 0)
    {
        --m_count; // RFC 1661 4.4: for each transmission, including the first
    }
    if ((cell.actions & (SCR | STR | ZRC)) != 0)
    {
        m_deadline = now + m_timers->restart;
    }
    if (!TimerRuns(m_state))
    {
        m_deadline.reset();
    }
    return cell.actions;
}

} // namespace nattlab::ppp
