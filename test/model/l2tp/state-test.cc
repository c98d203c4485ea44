// SPDX-License-Identifier: GPL-2.0-only
#include "model/l2tp/state.h"

#include <algorithm>
#include <gtest/gtest.h>
#include <set>
#include <utility>

using namespace nattlab::l2tp;

TEST(L2tpStates, NoStateHasTwoRowsForOneEvent)
{
    std::set<std::pair<ControlState, ControlEvent>> control;
    for (const ControlRow& row : ControlTable())
    {
        EXPECT_TRUE(control.insert({row.state, row.event}).second)
            << NameOf(row.state) << " " << NameOf(row.event);
    }
    std::set<std::pair<SessionState, SessionEvent>> session;
    for (const SessionRow& row : SessionTable())
    {
        EXPECT_TRUE(session.insert({row.state, row.event}).second)
            << NameOf(row.state) << " " << NameOf(row.event);
    }
}

TEST(L2tpStates, AnEventWithoutARowChangesNothing)
{
    const ControlRow row = Step(ControlState::Lingering, ControlEvent::Sccrq);
    EXPECT_EQ(row.action, ControlAction::Nothing);
    EXPECT_EQ(row.next, ControlState::Lingering);
}

TEST(L2tpStates, EveryLiveStateCanBeEndedByEitherSide)
{
    for (const ControlState state :
         {ControlState::WaitCtlReply, ControlState::WaitCtlConn, ControlState::Established})
    {
        EXPECT_EQ(Step(state, ControlEvent::CloseRequest).next, ControlState::Stopping);
        EXPECT_EQ(Step(state, ControlEvent::StopCcn).next, ControlState::Lingering);
    }
    for (const SessionState state :
         {SessionState::WaitReply, SessionState::WaitConnect, SessionState::Established})
    {
        EXPECT_EQ(Step(state, SessionEvent::CloseRequest).next, SessionState::Idle);
        EXPECT_EQ(Step(state, SessionEvent::Cdn).next, SessionState::Idle);
    }
}

TEST(L2tpStates, TheTablesPrintOneRowALine)
{
    const std::string text = PrintStateTables();
    EXPECT_EQ(static_cast<std::size_t>(std::count(text.begin(), text.end(), '\n')),
              ControlTable().size() + SessionTable().size() + 1);
    EXPECT_NE(text.find("wait-ctl-reply    SCCRP             send SCCCN        established\n"),
              std::string::npos)
        << text;
}
