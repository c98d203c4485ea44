// SPDX-License-Identifier: GPL-2.0-only
/**
 * \file
 * Cookies against floods of MM1 (MS-IKEE 3.9).
 */
#include "model/ike/proposal.h"
#include "test/model/ike/lab.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

namespace nattlab::ike::test
{
namespace
{

using ::testing::ElementsAre;
using ::testing::IsEmpty;
using ::testing::SizeIs;

constexpr const char* CHALLENGE = "INFO N(40004 DOS_COOKIE)";

Profile
Answering()
{
    Profile p = XpWithUpdate();
    p.answersCookie = true;
    return p;
}

Profile
Protected(std::optional<std::size_t> threshold = 0)
{
    Profile p = Server2003();
    p.cookieThreshold = threshold;
    return p;
}

/** \return the names of all messages in the order in which they were sent. */
std::vector<std::string>
Names(const Lab& lab)
{
    std::vector<std::string> names;
    for (const Flight& flight : lab.sent)
    {
        names.push_back(flight.name);
    }
    return names;
}

Bytes
CookieIn(const Message& challenge)
{
    const Header header = *DecodeHeader(challenge.payload);
    const Chain chain =
        *DecodeChain(header.next, ByteView{challenge.payload}.Sub(Header::SIZE).ToBytes());
    return chain.Find<NotifyPayload>()->data.ToBytes();
}

TEST(IkeFloodProtection, AsksForACookieAndRemembersNothingUntilItComesBack)
{
    for (const bool nat : {false, true})
    {
        Lab lab{Answering(), Protected(), {nat, false}};
        lab.alter = [&](Flight& flight)
        {
            if (flight.name == CHALLENGE)
            {
                EXPECT_EQ(lab.server.engine.PeerCount(), 0U);
                EXPECT_EQ(lab.server.engine.Deadline(), std::nullopt);
            }
            return true;
        };
        lab.Acquire();
        lab.Settle();
        EXPECT_TRUE(lab.Agreed());
        ASSERT_GE(lab.sent.size(), 4U);
        EXPECT_EQ(lab.sent[0].name, "MM1");
        EXPECT_EQ(lab.sent[1].name, CHALLENGE);
        EXPECT_EQ(lab.sent[2].name, "MM1");
        EXPECT_EQ(lab.sent[3].name, "MM2");
        EXPECT_TRUE(lab.server.Refused(Reason::IkeCookieRequired));
        // The second MM1 is the first with the cookie in it, which stays the responder's.
        const Bytes cookie = CookieIn(lab.sent[1].message);
        ASSERT_THAT(cookie, SizeIs(8));
        Bytes expected = lab.sent[0].message.payload;
        std::copy(cookie.begin(), cookie.end(), expected.begin() + 8);
        EXPECT_EQ(lab.sent[2].message.payload, expected);
        EXPECT_EQ(DecodeHeader(lab.sent[3].message.payload)->responderCookie,
                  Load64(cookie.data()));
    }
}

TEST(IkeFloodProtection, BeginsWithAsManyHalfOpenAsTheProfileSays)
{
    for (const std::uint32_t others : {2U, 3U})
    {
        Lab lab{Answering(), Protected(3)};
        for (std::uint32_t i = 0; i < others; ++i)
        {
            Message mm1;
            mm1.local = {lab.places.Server(), IKE_PORT};
            mm1.remote = {Ipv4Address{0xCB007100 + i}, IKE_PORT};
            mm1.payload = EncodeMessage(Header{1000 + i, 0, 0, EXCHANGE_MAIN, 0, 0},
                                        {OfferPhase1(XpWithUpdate(), {AuthMethod::PresharedKey})});
            lab.server.engine.Receive(mm1, lab.now);
        }
        lab.server.eventsSeen = lab.server.log.Events().size();
        lab.Acquire();
        lab.Settle();
        EXPECT_TRUE(lab.Agreed());
        EXPECT_EQ(lab.server.Refused(Reason::IkeCookieRequired), others == 3);
    }
}

TEST(IkeFloodProtection, IsOffWithoutAThreshold)
{
    Lab lab{Answering(), Protected(std::nullopt)};
    lab.Acquire();
    lab.Settle();
    EXPECT_TRUE(lab.Agreed());
    EXPECT_FALSE(lab.server.Refused(Reason::IkeCookieRequired));
}

TEST(IkeFloodProtection, ShutsOutInitiatorsThatDoNotKnowIt)
{
    Lab lab{XpWithUpdate(), Protected()};
    lab.Acquire();
    lab.Run(seconds{100});
    EXPECT_TRUE(lab.client.Refused(Reason::IkeUnexpectedMessage));
    ASSERT_THAT(lab.client.All<Failed>(), SizeIs(1));
    EXPECT_EQ(lab.client.All<Failed>()[0].reason, Reason::IkeTimeout);
    EXPECT_EQ(lab.client.All<Failed>()[0].message, "MM1");
    EXPECT_THAT(lab.server.All<Failed>(), IsEmpty());
    EXPECT_EQ(lab.server.engine.PeerCount(), 0U);
}

TEST(IkeFloodProtection, TakesAWrongCookieForNone)
{
    for (const bool on : {false, true})
    {
        Lab lab{Answering(), Protected(on ? std::optional<std::size_t>{0} : std::nullopt)};
        lab.alter = [](Flight& flight)
        {
            if (flight.name == "MM1")
            {
                flight.message.payload[15] ^= 0x55; // of the responder's cookie
            }
            return true;
        };
        lab.Acquire();
        lab.Run(milliseconds{500});
        EXPECT_EQ(lab.server.engine.PeerCount(), 0U);
        EXPECT_EQ(lab.server.Refused(Reason::IkeCookieRequired), on);
        EXPECT_EQ(lab.server.Refused(Reason::IkeUnknownCookie), !on);
        // The cookie is the same one as before: it is not answered again, or this had no end.
        EXPECT_THAT(lab.Times("MM1"), SizeIs(on ? 2 : 1));
    }
}

TEST(IkeFloodProtection, GivesEachAddressAndPortItsOwnCookie)
{
    Lab lab{Answering(), Protected()};
    lab.alter = [](Flight& flight) { return flight.fromClient; };
    lab.Acquire();
    lab.Settle();
    std::vector<Bytes> cookies;
    for (const std::uint16_t port : {500, 501})
    {
        for (const char* address : {"203.0.113.7", "203.0.113.8"})
        {
            Message mm1 = lab.places.ToServer(lab.sent[0].message);
            mm1.remote = {Address(address), port};
            cookies.push_back(CookieIn(lab.server.engine.Receive(mm1, lab.now).messages.at(0)));
        }
    }
    std::sort(cookies.begin(), cookies.end());
    EXPECT_EQ(std::unique(cookies.begin(), cookies.end()), cookies.end());
    // The cookie of another address does not do.
    Message stolen = lab.places.ToServer(lab.sent[0].message);
    stolen.remote.port = 502;
    std::copy(cookies[0].begin(), cookies[0].end(), stolen.payload.begin() + 8);
    lab.server.engine.Receive(stolen, lab.now);
    EXPECT_EQ(lab.server.engine.PeerCount(), 0U);
}

TEST(IkeFloodProtection, SurvivesLossAndRestart)
{
    // The MM1 with the cookie is lost once, and sent again with it.
    Lab lab{Answering(), Protected()};
    int mm1 = 0;
    lab.alter = [&](Flight& flight) { return flight.name != "MM1" || ++mm1 != 2; };
    lab.Acquire();
    lab.Run(seconds{2});
    EXPECT_TRUE(lab.Agreed());
    EXPECT_THAT(lab.Times("MM1"), ElementsAre(0, 0, 1));

    // The server starts anew in between: its old cookie is worth nothing, the new one is taken.
    Lab restarted{Answering(), Protected()};
    mm1 = 0;
    restarted.alter = [&](Flight& flight)
    {
        if (flight.name == "MM1" && ++mm1 == 2)
        {
            restarted.server.engine.Reset();
        }
        return true;
    };
    restarted.Acquire();
    restarted.Settle();
    EXPECT_TRUE(restarted.Agreed());
    EXPECT_THAT(Names(restarted), ::testing::Contains(CHALLENGE).Times(2));
}

TEST(IkeFloodProtection, TakesARepeatedMm1WithItsCookieForADuplicate)
{
    Lab lab{Answering(), Protected()};
    bool lost = false;
    lab.alter = [&](Flight& flight)
    {
        const bool lose = flight.name == "MM2" && !lost;
        lost = lost || lose;
        return !lose;
    };
    lab.Acquire();
    lab.Run(seconds{2});
    EXPECT_TRUE(lab.server.Refused(Reason::IkeDuplicate));
    EXPECT_TRUE(lab.Agreed());
    EXPECT_EQ(lab.server.engine.PeerCount(), 1U);
}

TEST(IkeFloodProtection, AnswersNoChallengeThatIsNotOne)
{
    const auto run = [](const std::vector<Payload>& payloads)
    {
        Lab lab{Answering(), Server2003()};
        lab.alter = [](Flight&) { return false; };
        lab.Acquire();
        lab.Settle();
        const Header mm1 = *DecodeHeader(lab.sent[0].message.payload);
        Message message = lab.places.ToClient(lab.sent[0].message);
        message.local = lab.sent[0].message.local;
        message.remote = lab.sent[0].message.remote;
        message.payload = EncodeMessage(
            Header{mm1.initiatorCookie, 0, 0, EXCHANGE_INFORMATIONAL, 0, 5}, payloads);
        lab.Take(true, lab.client.engine.Receive(message, lab.now));
        return lab.Times("MM1").size();
    };
    NotifyPayload notify{DOI_IPSEC, PROTOCOL_ISAKMP, {}, NOTIFY_DOS_COOKIE, Bytes(8, 1)};
    EXPECT_EQ(run({notify}), 2U);
    EXPECT_EQ(run({notify, VendorIdPayload{{1}}}), 1U);
    notify.data = Bytes(8, 0);
    EXPECT_EQ(run({notify}), 1U);
    notify.data = Bytes(7, 1);
    EXPECT_EQ(run({notify}), 1U);
    notify.data = {};
    EXPECT_EQ(run({notify}), 1U);
}

} // namespace
} // namespace nattlab::ike::test
