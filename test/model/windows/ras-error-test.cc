// SPDX-License-Identifier: GPL-2.0-only
#include "model/windows/ras-error.h"

#include "model/windows/ike-error.h"

#include <gtest/gtest.h>

#include <algorithm>

using namespace nattlab;
using namespace nattlab::windows;

namespace
{

constexpr Generation GENERATIONS[] = {Generation::Windows2000,
                                      Generation::WindowsXp,
                                      Generation::WindowsVista};

} // namespace

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
        {Generation::WindowsXp, Stage::IkeMain, Reason::IkeFragmentTimeout, 792},
        {Generation::WindowsXp, Stage::IkeMain, Reason::IkeNoProposalChosen, 788},
        {Generation::WindowsXp, Stage::IkeMain, Reason::IkeAuthentication, 787},
        {Generation::WindowsXp, Stage::IkeMain, Reason::IkePeerNotify, 789},
        {Generation::WindowsXp, Stage::IkeMain, Reason::HostServiceStopped, 789},
        {Generation::WindowsXp, Stage::L2tp, Reason::L2tpNoAnswer, 678},
        {Generation::WindowsVista, Stage::L2tp, Reason::L2tpNoAnswer, 809},
        {Generation::WindowsXp, Stage::PppLcp, Reason::PppNoAnswer, 721},
        {Generation::WindowsXp, Stage::PppAuth, Reason::PppNoAnswer, 718},
        {Generation::WindowsXp, Stage::PppAuth, Reason::PppAuthFailed, 691},
        {Generation::WindowsXp, Stage::PppIpcp, Reason::PppTerminated, 736},
        {Generation::Windows2000, Stage::IkeMain, Reason::IkeNoPresharedKey, 781},
        {Generation::WindowsXp, Stage::IkeMain, Reason::IkeNoPresharedKey, 789},
    };
    for (const Row& row : rows)
    {
        const RasError error = RasErrorFor(row.generation, row.stage, row.reason);
        EXPECT_EQ(error.number, row.number) << IdOf(row.reason);
        EXPECT_FALSE(error.text.empty());
    }
}

TEST(RasError, TellsTheOwnCertificateFromThePeers)
{
    struct Row
    {
        Reason reason;
        bool own;
        std::uint32_t numbers[3]; // by generation
    };

    const Row rows[] = {
        {Reason::IkeNoCertificate, false, {781, 786, 766}},
        {Reason::IkeNoCertificate, true, {781, 786, 766}},
        {Reason::IkeCertificateExpired, true, {781, 786, 786}},
        {Reason::IkeCertificateExpired, false, {790, 790, 810}},
        {Reason::IkeCertificateNotYetValid, true, {781, 786, 786}},
        {Reason::IkeCertificateUntrusted, false, {790, 790, 810}},
        {Reason::IkeCertificateUsage, false, {790, 790, 810}},
        {Reason::IkeCertificateInvalid, false, {790, 790, 810}},
        {Reason::IkeNoPeerCertificate, false, {790, 790, 810}},
    };
    for (const Row& row : rows)
    {
        for (std::size_t i = 0; i < 3; ++i)
        {
            EXPECT_EQ(
                RasErrorFor(
                    GENERATIONS[i], Stage::IkeMain, row.reason, std::nullopt, std::nullopt, row.own)
                    .number,
                row.numbers[i])
                << IdOf(row.reason) << (row.own ? ", own" : ", the peer's");
        }
    }
}

TEST(RasError, HearsInANotificationThatThePeerRefusesThisHost)
{
    for (const Reason reason : {Reason::IkePeerNotify, Reason::IkeAuthentication})
    {
        for (std::uint16_t notify = 1; notify <= 30; ++notify)
        {
            const bool identity =
                notify == 20 || notify == 22 || notify == 24 || notify == 25 || notify == 28;
            EXPECT_EQ(
                RasErrorFor(Generation::WindowsXp, Stage::IkeMain, reason, std::nullopt, notify)
                    .number,
                identity ? 787u : 789u)
                << notify;
        }
    }
    EXPECT_EQ(RasErrorFor(Generation::WindowsXp,
                          Stage::IkeMain,
                          Reason::IkeNoProposalChosen,
                          std::nullopt,
                          std::uint16_t{14})
                  .number,
              788u);
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

TEST(RasError, EveryReasonAtEveryStageHasAnErrorThatTheReleaseKnows)
{
    for (const ReasonInfo& row : AllReasons())
    {
        for (const Generation generation : GENERATIONS)
        {
            for (const Stage stage : {Stage::IkeMain, Stage::L2tp, Stage::PppLcp, Stage::PppIpcp})
            {
                const RasError error = RasErrorFor(generation, stage, row.reason);
                EXPECT_GT(error.number, 600u) << row.id;
                EXPECT_TRUE(FindRasError(generation, error.number)) << row.id;
            }
        }
    }
}

TEST(RasError, TheTableIsInOrderAndGrowsWithTheReleases)
{
    std::size_t before = 0;
    for (const Generation generation : GENERATIONS)
    {
        const std::vector<RasError> errors = RasErrorsOf(generation);
        EXPECT_GT(errors.size(), before);
        before = errors.size();
        EXPECT_TRUE(std::is_sorted(errors.begin(),
                                   errors.end(),
                                   [](const RasError& a, const RasError& b)
                                   { return a.number < b.number; }));
        for (const RasError& error : errors)
        {
            EXPECT_EQ(error.name.rfind("ERROR_", 0), 0u) << error.number;
            EXPECT_FALSE(error.text.empty()) << error.number;
        }
    }
    EXPECT_FALSE(FindRasError(Generation::Windows2000, 786));
    EXPECT_FALSE(FindRasError(Generation::WindowsXp, 809));
    EXPECT_EQ(FindRasError(Generation::WindowsVista, 811)->name, "ERROR_VPN_BAD_PSK");
}

TEST(IkeError, EveryReasonOfIkeHasOne)
{
    for (const ReasonInfo& row : AllReasons())
    {
        const auto error = IkeErrorFor(row.reason);
        const bool silent = row.id == "ike.duplicate" || row.id == "ike.stale-port";
        const bool ike = row.id.rfind("ike.", 0) == 0 && !silent;
        EXPECT_EQ(error.has_value(), ike || row.id == "host.service-stopped") << row.id;
    }
    EXPECT_EQ(IkeErrorFor(Reason::IkeTimeout)->number, 13805u);
    EXPECT_EQ(IkeErrorFor(Reason::IkeNoProposalChosen)->number, 13802u);
    EXPECT_EQ(IkeErrorFor(Reason::IkeNoPeerCertificate)->number, 13847u);
}
