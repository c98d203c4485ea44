// SPDX-License-Identifier: GPL-2.0-only
#include "model/ppp/automaton.h"

#include <algorithm>
#include <array>
#include <gtest/gtest.h>

using namespace nattlab;
using namespace nattlab::ppp;

namespace
{

struct Row
{
    Input input;
    const char* name;
    std::array<const char*, STATE_COUNT> cells;
};

// RFC 1661 4.1, transcribed from its text; the footnote letters p, r and x are left out.
const Row ROWS[] = {
    {Input::Up, "Up", {"2", "irc,scr/6", "-", "-", "-", "-", "-", "-", "-", "-"}},
    {Input::Down, "Down", {"-", "-", "0", "tls/1", "0", "1", "1", "1", "1", "tld/1"}},
    {Input::Open, "Open", {"tls/1", "1", "irc,scr/6", "3", "5", "5", "6", "7", "8", "9"}},
    {Input::Close,
     "Close",
     {"0", "tlf/0", "2", "2", "4", "4", "irc,str/4", "irc,str/4", "irc,str/4", "tld,irc,str/4"}},
    {Input::TimeoutAgain,
     "TO+",
     {"-", "-", "-", "-", "str/4", "str/5", "scr/6", "scr/6", "scr/8", "-"}},
    {Input::TimeoutLast,
     "TO-",
     {"-", "-", "-", "-", "tlf/2", "tlf/3", "tlf/3", "tlf/3", "tlf/3", "-"}},
    {Input::GoodRequest,
     "RCR+",
     {"-",
      "-",
      "sta/2",
      "irc,scr,sca/8",
      "4",
      "5",
      "sca/8",
      "sca,tlu/9",
      "sca/8",
      "tld,scr,sca/8"}},
    {Input::BadRequest,
     "RCR-",
     {"-", "-", "sta/2", "irc,scr,scn/6", "4", "5", "scn/6", "scn/7", "scn/6", "tld,scr,scn/6"}},
    {Input::Ack,
     "RCA",
     {"-", "-", "sta/2", "sta/3", "4", "5", "irc/7", "scr/6", "irc,tlu/9", "tld,scr/6"}},
    {Input::NakOrReject,
     "RCN",
     {"-", "-", "sta/2", "sta/3", "4", "5", "irc,scr/6", "scr/6", "irc,scr/8", "tld,scr/6"}},
    {Input::TerminateRequest,
     "RTR",
     {"-", "-", "sta/2", "sta/3", "sta/4", "sta/5", "sta/6", "sta/6", "sta/6", "tld,zrc,sta/5"}},
    {Input::TerminateAck,
     "RTA",
     {"-", "-", "2", "3", "tlf/2", "tlf/3", "6", "6", "8", "tld,scr/6"}},
    {Input::UnknownCode,
     "RUC",
     {"-", "-", "scj/2", "scj/3", "scj/4", "scj/5", "scj/6", "scj/7", "scj/8", "scj/9"}},
    {Input::RejectBenign, "RXJ+", {"-", "-", "2", "3", "4", "5", "6", "6", "8", "9"}},
    {Input::RejectFatal,
     "RXJ-",
     {"-", "-", "tlf/2", "tlf/3", "tlf/2", "tlf/3", "tlf/3", "tlf/3", "tlf/3", "tld,irc,str/5"}},
    {Input::Echo, "RXR", {"-", "-", "2", "3", "4", "5", "6", "7", "8", "ser/9"}},
};

constexpr Instant T0{};

/** An automaton taken to \p state by legal events. */
Automaton In(const Timers& timers, State state)
{
    Automaton automaton(timers);
    const auto take = [&automaton](std::initializer_list<Input> inputs)
    {
        for (const Input input : inputs)
        {
            automaton.Take(input, T0);
        }
    };
    switch (state)
    {
    case State::Initial:
        break;
    case State::Starting:
        take({Input::Open});
        break;
    case State::Closed:
        take({Input::Up});
        break;
    case State::Stopped:
        take({Input::Open, Input::Up, Input::RejectFatal});
        break;
    case State::Closing:
        take({Input::Open, Input::Up, Input::Close});
        break;
    case State::Stopping:
        take({Input::Open, Input::Up, Input::GoodRequest, Input::Ack, Input::TerminateRequest});
        break;
    case State::ReqSent:
        take({Input::Open, Input::Up});
        break;
    case State::AckRcvd:
        take({Input::Open, Input::Up, Input::Ack});
        break;
    case State::AckSent:
        take({Input::Open, Input::Up, Input::GoodRequest});
        break;
    case State::Opened:
        take({Input::Open, Input::Up, Input::GoodRequest, Input::Ack});
        break;
    }
    return automaton;
}

} // namespace

TEST(Automaton, EveryCellOfTheTableIsThatOfRfc1661)
{
    ASSERT_EQ(std::size(ROWS), INPUT_COUNT);
    for (std::size_t i = 0; i < INPUT_COUNT; ++i)
    {
        const Row& row = ROWS[i];
        EXPECT_EQ(static_cast<std::size_t>(row.input), i);
        EXPECT_EQ(NameOf(row.input), row.name);
        for (std::size_t s = 0; s < STATE_COUNT; ++s)
        {
            const State state = static_cast<State>(s);
            EXPECT_EQ(ToString(TransitionOf(state, row.input)), row.cells[s])
                << row.name << " in " << NameOf(state);
        }
    }
}

TEST(Automaton, TakesEveryEventInEveryStateAsTheTableSays)
{
    const Timers timers;
    for (const Row& row : ROWS)
    {
        for (std::size_t s = 0; s < STATE_COUNT; ++s)
        {
            const State state = static_cast<State>(s);
            Automaton automaton = In(timers, state);
            ASSERT_EQ(automaton.Current(), state);
            const Transition& cell = TransitionOf(state, row.input);
            EXPECT_EQ(automaton.Take(row.input, T0), cell.actions);
            EXPECT_EQ(automaton.Current(), cell.legal ? cell.next : state);
        }
    }
}

TEST(Automaton, RunsItsTimerExactlyInTheStatesWithTimeouts)
{
    const Timers timers;
    for (std::size_t s = 0; s < STATE_COUNT; ++s)
    {
        const State state = static_cast<State>(s);
        EXPECT_EQ(In(timers, state).Deadline().has_value(),
                  TransitionOf(state, Input::TimeoutAgain).legal)
            << NameOf(state);
    }
}

TEST(Automaton, SendsTenRequestsThreeSecondsApartBeforeItGivesUp)
{
    const Timers timers;
    Automaton automaton = In(timers, State::Starting);
    Instant now = T0;
    int sent = (automaton.Take(Input::Up, now) & SCR) != 0 ? 1 : 0;
    while (automaton.Deadline())
    {
        ASSERT_EQ(*automaton.Deadline(), now + seconds(3));
        now = *automaton.Deadline();
        sent += (automaton.Take(automaton.TimeoutKind(), now) & SCR) != 0 ? 1 : 0;
    }
    EXPECT_EQ(sent, 10);
    EXPECT_EQ(now, T0 + seconds(30));
    EXPECT_EQ(automaton.Current(), State::Stopped);
}

TEST(Automaton, SendsTwoTerminateRequestsBeforeItCloses)
{
    const Timers timers;
    Automaton automaton = In(timers, State::Opened);
    int sent = (automaton.Take(Input::Close, T0) & STR) != 0 ? 1 : 0;
    sent += (automaton.Take(automaton.TimeoutKind(), T0 + seconds(3)) & STR) != 0 ? 1 : 0;
    EXPECT_EQ(automaton.Take(automaton.TimeoutKind(), T0 + seconds(6)), TLF);
    EXPECT_EQ(sent, 2);
    EXPECT_EQ(automaton.Current(), State::Closed);
}

TEST(Automaton, PrintsATableOfOneLinePerEvent)
{
    const std::string table = PrintTable();
    EXPECT_EQ(std::count(table.begin(), table.end(), '\n'), 16);
    EXPECT_NE(table.find("RCR+\t-\t-\tsta/2\tirc,scr,sca/8\t4\t5\tsca/8\tsca,tlu/9\tsca/8\t"
                         "tld,scr,sca/8\n"),
              std::string::npos);
}
