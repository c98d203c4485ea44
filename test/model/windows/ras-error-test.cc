// SPDX-License-Identifier: GPL-2.0-only
#include "model/windows/ras-error.h"

#include <gtest/gtest.h>

using namespace nattlab;
using namespace nattlab::windows;

TEST(RasError, NamesWhatTheDiallerShows)
{
    struct Row
    {
        Generation generation;
        Stage stage;
        Reason reason;
        std::uint32_t number;
    };

    const Row rows[] = {
        {Generation::WindowsXp, Stage::IkeMain, Reason::IkeTimeout, 792},
        {Generation::WindowsVista, Stage::IkeMain, Reason::IkeTimeout, 809},
        {Generation::WindowsXp, Stage::IkeMain, Reason::IkeNoProposalChosen, 788},
        {Generation::WindowsXp, Stage::IkeMain, Reason::IkePeerNotify, 789},
        {Generation::WindowsXp, Stage::L2tp, Reason::L2tpNoAnswer, 678},
        {Generation::WindowsVista, Stage::L2tp, Reason::L2tpNoAnswer, 809},
        {Generation::WindowsXp, Stage::PppLcp, Reason::PppNoAnswer, 721},
        {Generation::WindowsXp, Stage::PppAuth, Reason::PppNoAnswer, 718},
        {Generation::WindowsXp, Stage::PppAuth, Reason::PppAuthFailed, 691},
        {Generation::WindowsXp, Stage::PppIpcp, Reason::PppTerminated, 736},
        {Generation::Windows2000, Stage::IkeMain, Reason::IkeNoPresharedKey, 781},
    };
    for (const Row& row : rows)
    {
        const RasError error = RasErrorFor(row.generation, row.stage, row.reason);
        EXPECT_EQ(error.number, row.number) << IdOf(row.reason);
        EXPECT_FALSE(error.text.empty());
    }
}

TEST(RasError, PassesOnWhatTheServerSaysOfAnAccount)
{
    for (const std::uint32_t code : {646u, 647u, 648u, 649u, 709u, 691u})
    {
        EXPECT_EQ(
            RasErrorFor(Generation::WindowsXp, Stage::PppAuth, Reason::PppAuthFailed, code).number,
            code);
    }
}

TEST(RasError, EveryReasonAtEveryStageHasAnError)
{
    for (const ReasonInfo& row : AllReasons())
    {
        for (const Stage stage : {Stage::IkeMain, Stage::L2tp, Stage::PppLcp, Stage::PppIpcp})
        {
            EXPECT_GT(RasErrorFor(Generation::WindowsXp, stage, row.reason).number, 600u) << row.id;
        }
    }
}
