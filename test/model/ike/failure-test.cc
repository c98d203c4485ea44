// SPDX-License-Identifier: GPL-2.0-only
/**
 * \file
 * What happens when messages are lost, changed, doubled, or not acceptable.
 */
#include "model/crypto/random.h"
#include "test/model/ike/lab.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <set>

namespace nattlab::ike::test
{
namespace
{

using ::testing::ElementsAre;
using ::testing::IsEmpty;
using ::testing::SizeIs;

const std::vector<std::string>
    MESSAGES{"MM1", "MM2", "MM3", "MM4", "MM5", "MM6", "QM1", "QM2", "QM3", "QM4"};

TEST(IkeLoss, OfAnyMessageOnceIsMadeGood)
{
    for (const bool nat : {false, true})
    {
        for (const bool commit : {false, true})
        {
            for (const std::string& name : MESSAGES)
            {
                Profile server = Server2003();
                server.fourthMessage = commit ? FourthMessage::InitialContact : FourthMessage::None;
                Lab lab{XpWithUpdate(), server, {nat, false}};
                bool lost = false;
                lab.alter = [&](Flight& flight)
                {
                    const bool keep = lost || flight.name != name;
                    lost = lost || !keep;
                    return keep;
                };
                lab.Acquire();
                lab.Run(seconds{5});
                EXPECT_EQ(lost, commit || name != "QM4");
                EXPECT_TRUE(lab.Agreed()) << name << " lost, NAT " << nat << " QM4 " << commit;
                EXPECT_THAT(lab.client.All<Failed>(), IsEmpty());
                EXPECT_THAT(lab.server.All<Failed>(), IsEmpty());
            }
        }
    }
}

TEST(IkeLoss, OfAnyMessageOnceIsMadeGoodByTheInitiatorAloneWhenQm4Confirms)
{
    Profile server = Server2003();
    server.responderRetransmits = false;
    for (const std::string& name : MESSAGES)
    {
        Lab lab{XpWithUpdate(), server};
        bool lost = false;
        lab.alter = [&](Flight& flight)
        {
            const bool keep = lost || flight.name != name;
            lost = lost || !keep;
            return keep;
        };
        lab.Acquire();
        lab.Run(seconds{5});
        EXPECT_TRUE(lab.Agreed()) << name;
    }
}

struct Loss
{
    std::string lost;
    bool commit;
    Failed::Phase phase;
    std::string unanswered; //!< at the client; empty: it is up
    std::string atServer;   //!< empty: nothing fails
};

TEST(IkeLoss, ForGoodEndsWithTheMessageThatHadNoAnswer)
{
    const auto main = Failed::Phase::Main;
    const auto quick = Failed::Phase::Quick;
    const std::vector<Loss> cases{
        {"MM1", false, main, "MM1", ""},
        {"MM2", false, main, "MM1", "MM2"},
        {"MM3", false, main, "MM3", "MM2"},
        {"MM4", false, main, "MM3", "MM4"},
        {"MM5", false, main, "MM5", "MM4"},
        {"MM6", false, main, "MM5", ""},
        {"QM1", false, quick, "QM1", ""},
        {"QM2", false, quick, "QM1", "QM2"},
        {"QM3", false, quick, "", "QM2"},
        {"QM3", true, quick, "QM3", "QM2"},
        {"QM4", true, quick, "QM3", ""},
    };
    for (const Loss& c : cases)
    {
        Profile server = Server2003();
        server.fourthMessage = c.commit ? FourthMessage::Connected : FourthMessage::None;
        Lab lab{XpWithUpdate(), server};
        lab.alter = [&](Flight& flight) { return flight.name != c.lost; };
        lab.Acquire();
        lab.Run(milliseconds{94999});
        EXPECT_THAT(lab.client.All<Failed>(), IsEmpty()) << c.lost;
        lab.Run(milliseconds{2});
        const auto failed = lab.client.All<Failed>();
        ASSERT_THAT(failed, SizeIs(c.unanswered.empty() ? 0 : 1)) << c.lost;
        if (!c.unanswered.empty())
        {
            EXPECT_EQ(failed[0].message, c.unanswered) << c.lost;
            EXPECT_EQ(failed[0].reason, Reason::IkeTimeout);
            EXPECT_EQ(failed[0].phase, c.phase);
            EXPECT_EQ(failed[0].connection, 7U);
            EXPECT_TRUE(failed[0].initiator);
            EXPECT_THAT(lab.Times(c.unanswered), ::testing::Contains(63.0));
        }
        lab.Run(seconds{70});
        const auto atServer = lab.server.All<Failed>();
        ASSERT_THAT(atServer, SizeIs(c.atServer.empty() ? 0 : 1)) << c.lost;
        if (!c.atServer.empty())
        {
            EXPECT_EQ(atServer[0].message, c.atServer) << c.lost;
            EXPECT_FALSE(atServer[0].initiator);
        }
    }
}

TEST(IkeLoss, FollowsTheScheduleOfWindows)
{
    Lab lab{XpWithUpdate(), Server2003()};
    lab.alter = [](Flight&) { return false; };
    lab.Acquire();
    lab.Run(seconds{200});
    EXPECT_THAT(lab.Times("MM1"), ElementsAre(0, 1, 3, 7, 15, 31, 63));
    const auto resent = lab.client.Events(EventType::MessageResent);
    ASSERT_THAT(resent, SizeIs(6));
    EXPECT_EQ(resent[5].value, 6);
    EXPECT_EQ(lab.client.engine.PeerCount(), 0U);
    EXPECT_FALSE(lab.client.engine.Deadline());
}

TEST(IkeLoss, IsAnsweredByAResponderOnItsOwnClockOrNot)
{
    for (const bool repeats : {false, true})
    {
        Profile server = Server2003();
        server.responderRetransmits = repeats;
        Profile client = XpWithUpdate();
        client.retransmitGaps.clear(); // MM1 is sent once
        Lab lab{client, server};
        lab.alter = [](Flight& flight) { return flight.fromClient; };
        lab.Acquire();
        lab.Run(seconds{200});
        EXPECT_THAT(lab.Times("MM2"), SizeIs(repeats ? 7 : 1));
        ASSERT_THAT(lab.server.All<Failed>(), SizeIs(1));
        EXPECT_EQ(lab.server.engine.PeerCount(), 0U);
    }
}

TEST(IkeFailure, WrongKeyShowsAsUndecryptableMm5AndATimeOut)
{
    Lab lab{XpWithUpdate(), Server2003()};
    lab.server.engine.SetPresharedKey(lab.places.Client(), {1, 2, 3});
    lab.Acquire();
    lab.Run(seconds{200});
    EXPECT_TRUE(lab.server.Refused(Reason::IkeDecryption));
    ASSERT_THAT(lab.server.All<Failed>(), SizeIs(1));
    EXPECT_EQ(lab.server.All<Failed>()[0].reason, Reason::IkeDecryption);
    EXPECT_EQ(lab.server.All<Failed>()[0].message, "MM5");
    ASSERT_THAT(lab.client.All<Failed>(), SizeIs(1));
    EXPECT_EQ(lab.client.All<Failed>()[0].reason, Reason::IkeTimeout);
    EXPECT_EQ(lab.client.All<Failed>()[0].message, "MM5");
    EXPECT_THAT(lab.client.keys.ike, SizeIs(1)); // a capture shows what was in MM5
    EXPECT_THAT(lab.server.keys.ike, IsEmpty());
}

TEST(IkeFailure, AnUnprotectedNotifyEndsTheNegotiationOrIsOnlyRecorded)
{
    for (const bool ends : {true, false})
    {
        Profile client = XpWithUpdate();
        client.unprotectedNotify =
            ends ? UnprotectedNotify::EndsNegotiation : UnprotectedNotify::IsRecorded;
        Profile server = Server2003();
        server.notifyUndecryptable = true;
        Lab lab{client, server};
        lab.server.engine.SetPresharedKey(lab.places.Client(), {1, 2, 3});
        lab.Acquire();
        lab.Settle();
        EXPECT_THAT(lab.client.All<Failed>(), SizeIs(ends ? 1 : 0));
        lab.Run(seconds{200});
        ASSERT_THAT(lab.client.All<Failed>(), SizeIs(1));
        EXPECT_EQ(lab.client.All<Failed>()[0].reason,
                  ends ? Reason::IkePeerNotify : Reason::IkeTimeout);
        EXPECT_EQ(lab.client.All<Failed>()[0].notify, 16);
    }
}

TEST(IkeFailure, WithoutAKeyNothingIsSent)
{
    Lab lab{XpWithUpdate(), Server2003()};
    End bare{"bare", XpWithUpdate(), lab.places.Client()};
    const Output out = bare.engine.Acquire(lab.Wanted(), lab.now);
    EXPECT_THAT(out.messages, IsEmpty());
    ASSERT_THAT(out.notices, SizeIs(1));
    EXPECT_EQ(std::get<Failed>(out.notices[0]).reason, Reason::IkeNoPresharedKey);
}

TEST(IkeFailure, AHostThatDoesNotListenAnswersNothing)
{
    Lab lab{XpWithUpdate(), Server2003()};
    lab.server.engine.Listen(false);
    lab.Acquire();
    lab.Settle();
    EXPECT_THAT(lab.sent, SizeIs(1));
    EXPECT_TRUE(lab.server.Refused(Reason::IkeNoPolicy));
}

TEST(IkeFailure, NoCommonPhase1ProposalIsNotified)
{
    Profile server = Server2003();
    server.phase1 = {Phase1Transform{crypto::CipherAlgorithm::AesCbc, 256}};
    Lab lab{XpWithUpdate(), server};
    lab.Acquire();
    lab.Settle();
    EXPECT_THAT(lab.Times("INFO N(14 NO-PROPOSAL-CHOSEN)"), SizeIs(1));
    for (const End* end : {&lab.client, &lab.server})
    {
        ASSERT_THAT(end->All<Failed>(), SizeIs(1));
        EXPECT_EQ(end->All<Failed>()[0].reason, Reason::IkeNoProposalChosen);
        EXPECT_EQ(end->All<Failed>()[0].phase, Failed::Phase::Main);
        EXPECT_EQ(end->All<Failed>()[0].message, "MM1");
    }
    EXPECT_EQ(lab.client.All<Failed>()[0].notify, 14);
    EXPECT_EQ(lab.server.engine.PeerCount(), 0U);
}

TEST(IkeFailure, NoCommonPhase2ProposalIsNotifiedUnderProtection)
{
    for (const bool windowsStyle : {false, true})
    {
        Profile server = Server2003();
        server.phase2 = {Phase2Proposal{crypto::CipherAlgorithm::AesCbc, 256}};
        server.notifyCarriesMessageId = windowsStyle;
        Lab lab{XpWithUpdate(), server};
        lab.Acquire();
        lab.Settle();
        for (const End* end : {&lab.client, &lab.server})
        {
            EXPECT_THAT(end->All<PeerUp>(), SizeIs(1));
            ASSERT_THAT(end->All<Failed>(), SizeIs(1));
            EXPECT_EQ(end->All<Failed>()[0].reason, Reason::IkeNoProposalChosen);
            EXPECT_EQ(end->All<Failed>()[0].phase, Failed::Phase::Quick);
            EXPECT_EQ(end->All<Failed>()[0].message, "QM1");
        }
        const std::size_t sent = lab.sent.size();
        lab.Run(seconds{200});
        EXPECT_EQ(lab.sent.size(), sent); // nobody sends again what is refused
    }
}

TEST(IkeFailure, ALostRefusalIsRepeatedForTheRepeatedQuestion)
{
    Profile server = Server2003();
    server.phase2 = {Phase2Proposal{crypto::CipherAlgorithm::AesCbc, 256}};
    Lab lab{XpWithUpdate(), server};
    int refusals = 0;
    lab.alter = [&](Flight& flight) { return flight.name[0] != 'I' || ++refusals > 2; };
    lab.Acquire();
    lab.Run(seconds{10});
    EXPECT_THAT(lab.Times("INFO N(14 NO-PROPOSAL-CHOSEN)"), ElementsAre(0, 1, 3));
    EXPECT_THAT(lab.server.All<Failed>(), SizeIs(1));
    EXPECT_THAT(lab.client.All<Failed>(), SizeIs(1));
}

TEST(IkeFailure, NotifiesAreProtectedFromMm5OnWithEitherIv)
{
    for (const EarlyNotifyIv iv : {EarlyNotifyIv::LastReceived, EarlyNotifyIv::LastSent})
    {
        Profile server = Generic();
        server.checkMainModeAddress = true;
        server.earlyNotifyIv = iv;
        Lab lab{XpWithoutNatT(), server, {true, false}};
        lab.Acquire();
        lab.Settle();
        ASSERT_THAT(lab.client.All<Failed>(), SizeIs(1));
        EXPECT_EQ(lab.client.All<Failed>()[0].reason, Reason::IkeInvalidId);
        EXPECT_EQ(lab.client.All<Failed>()[0].notify, 18);
        EXPECT_TRUE(DecodeHeader(lab.sent.back().message.payload)->Encrypted());
    }
}

TEST(IkeFailure, AFloatedNegotiationRefusesPort500)
{
    Lab lab{XpWithUpdate(), Server2003(), {true, false}};
    lab.Acquire();
    lab.Settle();
    ASSERT_TRUE(lab.Agreed());
    const Message mm3 = lab.sent.at(2).message;
    EXPECT_THAT(lab.server.engine.Receive(lab.places.ToServer(mm3), lab.now).messages, IsEmpty());
    EXPECT_TRUE(lab.server.Refused(Reason::IkeStalePort));
    const Message mm4 = lab.sent.at(3).message;
    EXPECT_THAT(lab.client.engine.Receive(lab.places.ToClient(mm4), lab.now).messages, IsEmpty());
    EXPECT_TRUE(lab.client.Refused(Reason::IkeStalePort));
}

TEST(IkeFailure, EveryMessageTwiceMakesOneSa)
{
    for (const bool nat : {false, true})
    {
        Lab lab{XpWithUpdate(), Server2003(), {nat, false}};
        std::set<Bytes> seen;
        lab.alter = [&](Flight& flight)
        {
            if (seen.insert(flight.message.payload).second)
            {
                lab.flights.push_back(flight);
            }
            return true;
        };
        lab.Acquire();
        lab.Run(seconds{5});
        EXPECT_TRUE(lab.Agreed());
        EXPECT_TRUE(lab.server.Refused(Reason::IkeDuplicate));
        EXPECT_EQ(lab.client.engine.ChildCount(), 1U);
    }
}

TEST(IkeFailure, UnknownCookiesAndOtherExchangesAreRefused)
{
    Lab lab{XpWithUpdate(), Server2003()};
    Header header{1, 2, 0, EXCHANGE_MAIN, 0, 0};
    const Payload nonce = NoncePayload{Bytes(20, 1)};
    const auto give = [&](const Header& h)
    {
        return lab.server.engine
            .Receive({{lab.places.Server(), 500},
                      {lab.places.Client(), 500},
                      EncodeMessage(h, {nonce}),
                      false,
                      {}},
                     lab.now)
            .messages.size();
    };
    EXPECT_EQ(give(header), 0U);
    header.exchange = EXCHANGE_QUICK;
    EXPECT_EQ(give(header), 0U);
    header.exchange = EXCHANGE_INFORMATIONAL;
    EXPECT_EQ(give(header), 0U);
    EXPECT_TRUE(lab.server.Refused(Reason::IkeUnknownCookie));
    header.exchange = EXCHANGE_AGGRESSIVE;
    EXPECT_EQ(give(header), 0U);
    EXPECT_TRUE(lab.server.Refused(Reason::IkeUnsupportedExchange));
    EXPECT_EQ(lab.server.engine.PeerCount(), 0U);
}

TEST(IkeFailure, HalfOpenNegotiationsAreLimited)
{
    Profile server = Server2003();
    server.halfOpenLimit = 3;
    Lab lab{XpWithUpdate(), server};
    for (std::uint32_t i = 0; i < 5; ++i)
    {
        End client{"c" + std::to_string(i), XpWithUpdate(), Ipv4Address{0x0A000001 + i}};
        client.engine.SetPresharedKey(std::nullopt, {1});
        Request request = lab.Wanted();
        request.local.value = 0x0A000001 + i;
        Message mm1 = client.engine.Acquire(request, lab.now).messages.at(0);
        std::swap(mm1.local, mm1.remote);
        EXPECT_EQ(lab.server.engine.Receive(mm1, lab.now).messages.size(), i < 3 ? 1U : 0U);
    }
    EXPECT_TRUE(lab.server.Refused(Reason::IkeTableFull));
    lab.Run(seconds{200});
    EXPECT_EQ(lab.server.engine.PeerCount(), 0U);
    lab.Acquire();
    lab.Settle();
    EXPECT_TRUE(lab.Agreed()); // the table is free again
}

/** Run a whole negotiation in which one message comes changed, and look for wrong SAs. */
void
RunChanged(const std::string& name, const std::function<void(Bytes&)>& change)
{
    Lab lab{XpWithUpdate(), Server2003(), {true, false}};
    bool done = false;
    lab.alter = [&](Flight& flight)
    {
        if (!done && flight.name == name)
        {
            done = true;
            change(flight.message.payload);
        }
        return true;
    };
    lab.Acquire();
    lab.Run(seconds{100});
    for (const ChildUp& up : lab.client.All<ChildUp>())
    {
        for (const ChildUp& other : lab.server.All<ChildUp>())
        {
            if (up.sa.inboundSpi == other.sa.outboundSpi)
            {
                EXPECT_TRUE(Lab::Fit(up, other)) << name;
            }
        }
    }
    EXPECT_TRUE(lab.Agreed() || !lab.client.All<Failed>().empty() ||
                !lab.server.All<Failed>().empty())
        << name;
}

TEST(IkeRobustness, ChangedMessagesNeverMakeAWrongSa)
{
    RandomStream random{1, "test", "flip"};
    for (const std::string& name : MESSAGES)
    {
        for (int i = 0; i < 12; ++i)
        {
            RunChanged(name,
                       [&](Bytes& bytes) {
                           bytes[random.Below(bytes.size())] ^=
                               static_cast<std::uint8_t>(1U << random.Below(8));
                       });
        }
        RunChanged(name, [&](Bytes& bytes) { bytes.resize(random.Below(bytes.size())); });
        RunChanged(name,
                   [&](Bytes& bytes)
                   {
                       bytes.resize(Header::SIZE + random.Below(bytes.size() - Header::SIZE));
                       Store32(bytes.data() + 24, static_cast<std::uint32_t>(bytes.size()));
                   });
    }
}

TEST(IkeRobustness, RandomMessagesNeverCrash)
{
    RandomStream random{2, "test", "noise"};
    Lab lab{XpWithUpdate(), Server2003(), {true, false}};
    lab.Acquire();
    lab.Settle();
    ASSERT_TRUE(lab.Agreed());
    const auto real = DecodeHeader(lab.sent.at(7).message.payload);
    const std::uint8_t exchanges[] = {EXCHANGE_MAIN, EXCHANGE_QUICK, EXCHANGE_INFORMATIONAL};
    for (int i = 0; i < 5000; ++i)
    {
        Header header = *real;
        header.responderCookie = random.Below(4) != 0 ? header.responderCookie : 0;
        header.exchange = exchanges[random.Below(3)];
        header.flags = static_cast<std::uint8_t>(random.Below(4));
        header.next = static_cast<std::uint8_t>(random.Below(22));
        header.messageId = random.Below(2) != 0 ? random.NonZero32() : header.messageId;
        const Bytes body = random.Take(8 * random.Below(20));
        const Message message{{lab.places.Server(), NAT_T_PORT},
                              {lab.places.ClientOutside(), 14500},
                              EncodeMessage(header, body),
                              false,
                              {}};
        lab.server.engine.Receive(message, lab.now);
        lab.server.engine.Receive({message.local, message.remote, body, false, {}}, lab.now);
    }
    EXPECT_EQ(lab.server.engine.ChildCount(), 1U);
    EXPECT_EQ(lab.server.engine.PeerCount(), 1U);
}

TEST(IkeRobustness, ImpossibleProfilesAreRefused)
{
    Profile profile = Generic();
    profile.nonceSize = 7;
    EXPECT_THROW((End{"x", profile, {}}), std::invalid_argument);
    profile = Generic();
    profile.phase1[0].cipher = crypto::CipherAlgorithm::Null;
    EXPECT_THROW((End{"x", profile, {}}), std::invalid_argument);
    profile = Generic();
    profile.phase2[0].keyBits = 40;
    EXPECT_THROW((End{"x", profile, {}}), std::invalid_argument);
}

} // namespace
} // namespace nattlab::ike::test
