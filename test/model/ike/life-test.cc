// SPDX-License-Identifier: GPL-2.0-only
/**
 * \file
 * What happens to SAs after they are made: rekeying, deletes, moves, keepalives, neighbours.
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

/** A Lab whose SAs are up. */
class Up : public Lab
{
  public:
    explicit Up(const Profile& clientProfile = XpWithUpdate(),
                const Profile& serverProfile = Server2003(),
                Places where = {true, false})
        : Lab(clientProfile, serverProfile, where)
    {
        Acquire();
        Settle();
        EXPECT_TRUE(Agreed());
        sent.clear();
    }

    ChildSa First(const End& end) const
    {
        return end.All<ChildUp>().at(0).sa;
    }

    ChildSa Last(const End& end) const
    {
        return end.All<ChildUp>().back().sa;
    }

    /** \return true when the keys of the newest SAs of both ends fit. */
    bool NewestFit() const
    {
        return Fit(client.All<ChildUp>().back(), server.All<ChildUp>().back());
    }
};

TEST(IkeLife, RekeysOnRequestOfTheClient)
{
    Up lab;
    const ChildSa before = lab.First(lab.client);
    lab.Take(true, lab.client.engine.Rekey(before.inboundSpi, lab.now));
    lab.Settle();
    EXPECT_THAT(lab.Times("MM1"), IsEmpty());
    ASSERT_THAT(lab.client.All<ChildUp>(), SizeIs(2));
    const ChildSa after = lab.Last(lab.client);
    EXPECT_EQ(after.replaces, before.inboundSpi);
    EXPECT_EQ(after.selector, before.selector);
    EXPECT_EQ(lab.Last(lab.server).replaces, lab.First(lab.server).inboundSpi);
    EXPECT_TRUE(lab.NewestFit());
    EXPECT_EQ(lab.client.Events(EventType::SaRekeyed).at(0).value, after.inboundSpi);
    lab.Run(seconds{11}); // the old pair is deleted when its time of grace is over
    ASSERT_THAT(lab.client.All<ChildDown>(), SizeIs(1));
    EXPECT_EQ(lab.client.All<ChildDown>()[0].inboundSpi, before.inboundSpi);
    ASSERT_THAT(lab.server.All<ChildDown>(), SizeIs(1));
    EXPECT_EQ(lab.server.All<ChildDown>()[0].reason, Reason::IkeDeleted);
    EXPECT_EQ(lab.server.engine.ChildCount(), 1U);
}

TEST(IkeLife, RekeysOnRequestOfTheServerOverTheMovedPort)
{
    Up lab;
    lab.Take(false, lab.server.engine.Rekey(lab.First(lab.server).inboundSpi, lab.now));
    ASSERT_THAT(lab.sent, SizeIs(1));
    EXPECT_EQ(lab.sent[0].message.remote, (Endpoint{lab.places.ClientOutside(), 14500}));
    lab.Settle();
    ASSERT_THAT(lab.client.All<ChildUp>(), SizeIs(2));
    EXPECT_TRUE(lab.NewestFit());
    EXPECT_EQ(lab.Last(lab.client).selector, lab.First(lab.client).selector);
}

TEST(IkeLife, DeletesAPairAndTellsThePeer)
{
    Up lab;
    lab.Take(true, lab.client.engine.DeleteChild(lab.First(lab.client).inboundSpi, lab.now));
    EXPECT_THAT(lab.Times("INFO D"), SizeIs(1));
    lab.Settle();
    ASSERT_THAT(lab.server.All<ChildDown>(), SizeIs(1));
    EXPECT_EQ(lab.server.All<ChildDown>()[0].inboundSpi, lab.First(lab.server).inboundSpi);
    EXPECT_EQ(lab.server.All<ChildDown>()[0].reason, Reason::IkeDeleted);
    EXPECT_EQ(lab.client.All<ChildDown>()[0].reason, Reason::None);
    EXPECT_EQ(lab.server.engine.PeerCount(), 1U);
    EXPECT_EQ(lab.server.Events(EventType::SaDeleted).at(0).value,
              lab.First(lab.server).inboundSpi);
}

TEST(IkeLife, DeletesAPeerWithItsChildren)
{
    Up lab;
    lab.Take(true, lab.client.engine.DeletePeer(lab.First(lab.client).peer, lab.now));
    lab.Settle();
    for (const End* end : {&lab.client, &lab.server})
    {
        EXPECT_THAT(end->All<ChildDown>(), SizeIs(1));
        EXPECT_THAT(end->All<PeerDown>(), SizeIs(1));
        EXPECT_EQ(end->engine.PeerCount(), 0U);
        EXPECT_EQ(end->engine.ChildCount(), 0U);
        EXPECT_FALSE(end->engine.Deadline());
    }
}

TEST(IkeLife, SendsNoDeletesWhenTheProfileDoesNot)
{
    Profile quiet = XpWithUpdate();
    quiet.sendDeletes = false;
    Up lab{quiet};
    lab.Take(true, lab.client.engine.DeletePeer(lab.First(lab.client).peer, lab.now));
    EXPECT_THAT(lab.sent, IsEmpty());
    EXPECT_EQ(lab.server.engine.ChildCount(), 1U);
}

TEST(IkeLife, AMainModeDeleteKeepsOrTakesTheChildren)
{
    for (const bool keeps : {true, false})
    {
        Profile server = Server2003();
        server.mainModeDeleteKeepsChildren = keeps;
        Up lab{XpWithUpdate(), server};
        int messages = 0;
        lab.alter = [&](Flight&) { return ++messages > 1; }; // the delete of the child is lost
        lab.Take(true, lab.client.engine.DeletePeer(lab.First(lab.client).peer, lab.now));
        lab.Settle();
        EXPECT_THAT(lab.sent, SizeIs(2));
        EXPECT_THAT(lab.server.All<PeerDown>(), SizeIs(1));
        EXPECT_EQ(lab.server.engine.ChildCount(), keeps ? 1U : 0U);
        EXPECT_EQ(lab.server.engine.PeerCount(), keeps ? 1U : 0U);
    }
}

TEST(IkeLife, AcknowledgedDeletesSurviveLoss)
{
    Profile client = XpWithUpdate();
    client.reliableDelete = true;
    Profile server = Server2003();
    server.reliableDelete = true;
    Up lab{client, server};
    int messages = 0;
    lab.alter = [&](Flight&) { return ++messages > 2; }; // the delete twice
    lab.Take(true, lab.client.engine.DeleteChild(lab.First(lab.client).inboundSpi, lab.now));
    lab.Run(seconds{10});
    EXPECT_THAT(lab.server.All<ChildDown>(), SizeIs(1));
    EXPECT_THAT(lab.Times("INFO D"), ElementsAre(0, 1, 3, 3)); // thrice, and the answer
    // An acknowledged delete of the peer is remembered until the answer comes, then all is gone.
    lab.Take(true, lab.client.engine.DeletePeer(lab.First(lab.client).peer, lab.now));
    EXPECT_EQ(lab.client.engine.PeerCount(), 1U);
    lab.Settle();
    EXPECT_EQ(lab.client.engine.PeerCount(), 0U);
    EXPECT_EQ(lab.server.engine.PeerCount(), 0U);
}

TEST(IkeLife, AcknowledgedDeletesThatCrossAreBothAcknowledged)
{
    Profile client = XpWithUpdate();
    client.reliableDelete = true;
    Profile server = Server2003();
    server.reliableDelete = true;
    Up lab{client, server};
    lab.Take(true, lab.client.engine.DeletePeer(lab.First(lab.client).peer, lab.now));
    lab.Take(false, lab.server.engine.DeletePeer(lab.First(lab.server).peer, lab.now));
    lab.Settle();
    EXPECT_EQ(lab.client.engine.PeerCount(), 0U);
    EXPECT_EQ(lab.server.engine.PeerCount(), 0U);
    EXPECT_FALSE(lab.client.Refused(Reason::IkeUnexpectedMessage));
    EXPECT_FALSE(lab.server.Refused(Reason::IkeUnexpectedMessage));
}

TEST(IkeLife, AnAcknowledgedDeleteIsGivenUpAfterSixRepetitions)
{
    Profile client = XpWithUpdate();
    client.reliableDelete = true;
    Up lab{client};
    lab.alter = [](Flight&) { return false; };
    lab.Take(true, lab.client.engine.DeletePeer(lab.First(lab.client).peer, lab.now));
    lab.Run(seconds{100});
    EXPECT_THAT(lab.Times("INFO D"), ElementsAre(0, 0, 1, 1, 3, 3, 7, 7, 15, 15, 31, 31, 47, 47));
    EXPECT_EQ(lab.client.engine.PeerCount(), 0U);
}

TEST(IkeLife, AuthenticatesAnewAtExpiryUnderTheSameIdentifier)
{
    Profile client = XpWithUpdate();
    client.phase1[0].lifeSeconds = 100;
    client.reauthentication = Reauthentication::AtExpiry;
    Profile server = Server2003();
    Up lab{client, server};
    lab.Run(seconds{110});
    for (const End* end : {&lab.client, &lab.server})
    {
        const auto ups = end->All<PeerUp>();
        ASSERT_THAT(ups, SizeIs(2));
        EXPECT_EQ(ups[0].peer, ups[1].peer);
        EXPECT_EQ(end->engine.PeerCount(), 1U);
        EXPECT_EQ(end->engine.ChildCount(), 1U);
    }
    // It began on port 4500, where the old one had moved to.
    const auto first = std::find_if(lab.sent.begin(),
                                    lab.sent.end(),
                                    [](const Flight& flight) { return flight.name == "MM1"; });
    ASSERT_NE(first, lab.sent.end());
    EXPECT_EQ(first->message.local.port, NAT_T_PORT);
    // The children belong to the new phase-1 SA: a delete finds its way.
    lab.Take(true, lab.client.engine.DeleteChild(lab.First(lab.client).inboundSpi, lab.now));
    lab.Settle();
    EXPECT_EQ(lab.server.engine.ChildCount(), 0U);
}

TEST(IkeLife, AuthenticatesAnewWhenARekeyNeedsIt)
{
    Profile client = XpWithUpdate();
    client.phase1[0].lifeSeconds = 100;
    for (const bool stays : {true, false})
    {
        client.reauthenticateOnNatTPort = stays;
        Up lab{client};
        lab.Run(seconds{110});
        EXPECT_THAT(lab.Times("MM1"), IsEmpty());
        EXPECT_THAT(lab.client.All<PeerDown>(), SizeIs(1));
        lab.Take(true, lab.client.engine.Rekey(lab.First(lab.client).inboundSpi, lab.now));
        EXPECT_EQ(lab.sent.back().message.local.port, stays ? NAT_T_PORT : IKE_PORT);
        lab.Settle();
        ASSERT_THAT(lab.client.All<ChildUp>(), SizeIs(2));
        EXPECT_TRUE(lab.NewestFit());
        EXPECT_TRUE(lab.Last(lab.client).udpEncapsulated);
        EXPECT_EQ(lab.Last(lab.client).replaces, lab.First(lab.client).inboundSpi);
        EXPECT_EQ(lab.Last(lab.client).peer, lab.First(lab.client).peer);
    }
}

TEST(IkeLife, AServerAuthenticatesAnewTowardsANatedClient)
{
    Profile server = Server2003();
    for (Phase1Transform& transform : server.phase1)
    {
        transform.lifeSeconds = 100;
    }
    Up lab{XpWithUpdate(), server};
    lab.client.engine.Listen(true);
    lab.Run(seconds{110});
    lab.Take(false, lab.server.engine.Rekey(lab.First(lab.server).inboundSpi, lab.now));
    lab.Settle();
    ASSERT_THAT(lab.server.All<ChildUp>(), SizeIs(2));
    EXPECT_TRUE(lab.NewestFit());
}

TEST(IkeLife, ChildrenEndWithTheirLifetime)
{
    Profile client = XpWithUpdate();
    for (Phase2Proposal& proposal : client.phase2)
    {
        proposal.lifeSeconds = 50;
    }
    Up lab{client};
    lab.Run(seconds{51});
    ASSERT_THAT(lab.client.All<ChildDown>(), SizeIs(1));
    EXPECT_EQ(lab.client.All<ChildDown>()[0].reason, Reason::EspSaExpired);
    EXPECT_EQ(lab.server.engine.ChildCount(), 0U);
}

TEST(IkeLife, TheServerFollowsAMovedClient)
{
    Up lab;
    lab.places.clientShift = 20000;
    lab.Take(true, lab.client.engine.Rekey(lab.First(lab.client).inboundSpi, lab.now));
    lab.Settle();
    ASSERT_THAT(lab.server.All<Moved>(), SizeIs(1));
    EXPECT_EQ(lab.server.All<Moved>()[0].remote, (Endpoint{lab.places.ClientOutside(), 24500}));
    EXPECT_THAT(lab.server.Events(EventType::PeerMoved), SizeIs(1));
    ASSERT_THAT(lab.client.All<ChildUp>(), SizeIs(2));
    EXPECT_EQ(lab.Last(lab.server).remote.port, 24500);
    EXPECT_THAT(lab.client.All<Moved>(), IsEmpty());
}

TEST(IkeLife, ValidEspMovesThePeerToo)
{
    Up lab;
    const Endpoint local{lab.places.Server(), NAT_T_PORT};
    const PeerId peer = lab.First(lab.server).peer;
    const Endpoint there{Address("203.0.113.99"), 777};
    lab.Take(false, lab.server.engine.NoteAuthenticatedSource(peer, local, there, lab.now));
    ASSERT_THAT(lab.server.All<Moved>(), SizeIs(1));
    lab.Take(false, lab.server.engine.Rekey(lab.First(lab.server).inboundSpi, lab.now));
    EXPECT_EQ(lab.sent.back().message.remote, there);
    // The end that is behind the NAT does not follow.
    const Endpoint own{lab.places.Client(), NAT_T_PORT};
    lab.Take(
        true,
        lab.client.engine.NoteAuthenticatedSource(lab.First(lab.client).peer, own, there, lab.now));
    EXPECT_THAT(lab.client.All<Moved>(), IsEmpty());
}

TEST(IkeLife, TheEndBehindNatSendsKeepalivesWhenNothingElseLeaves)
{
    Up lab;
    lab.Run(seconds{30});
    EXPECT_THAT(lab.Times("keepalive"), ElementsAre(20));
    ASSERT_THAT(lab.sent, SizeIs(1));
    EXPECT_TRUE(lab.sent[0].message.keepalive);
    EXPECT_EQ(lab.sent[0].message.payload, Bytes{0xFF});
    EXPECT_EQ(lab.sent[0].message.local.port, NAT_T_PORT);
    lab.client.engine.NoteSent(lab.First(lab.client).peer, lab.now); // at 30 s
    lab.Run(seconds{25});
    EXPECT_THAT(lab.Times("keepalive"), ElementsAre(20, 50));
    Up open{XpWithUpdate(), Server2003(), {false, false}};
    open.Run(seconds{60});
    EXPECT_THAT(open.sent, IsEmpty());
}

TEST(IkeLife, ARebootForgetsEverything)
{
    Up lab;
    lab.server.engine.Reset();
    EXPECT_EQ(lab.server.engine.PeerCount(), 0U);
    EXPECT_FALSE(lab.server.engine.Deadline());
    lab.Take(true, lab.client.engine.Rekey(lab.First(lab.client).inboundSpi, lab.now));
    lab.Settle();
    EXPECT_TRUE(lab.server.Refused(Reason::IkeUnknownCookie));
}

/** Connect one more client, behind the same NAT address, to a server. */
void
Connect(Lab& lab, End& other, Places places)
{
    other.engine.SetPresharedKey(std::nullopt, ByteView{std::string_view{Lab::KEY}}.ToBytes());
    Output out = other.engine.Acquire(lab.Wanted(), lab.now);
    while (!out.messages.empty())
    {
        Output back;
        for (const Message& message : out.messages)
        {
            Output o = lab.server.engine.Receive(places.ToServer(message), lab.now);
            lab.server.notices.insert(lab.server.notices.end(), o.notices.begin(), o.notices.end());
            back.messages.insert(back.messages.end(), o.messages.begin(), o.messages.end());
        }
        out = {};
        for (const Message& message : back.messages)
        {
            Output o = other.engine.Receive(places.ToClient(message), lab.now);
            other.notices.insert(other.notices.end(), o.notices.begin(), o.notices.end());
            out.messages.insert(out.messages.end(), o.messages.begin(), o.messages.end());
        }
    }
}

TEST(IkeNeighbours, BehindOneNatAreKeptApartRefusedOrReplaced)
{
    for (const auto policy :
         {SelectorCollision::KeepApart, SelectorCollision::Refuse, SelectorCollision::Replace})
    {
        Profile server = Server2003();
        server.selectorCollision = policy;
        Up lab{XpWithUpdate(), server};
        Places places{true, false};
        places.clientShift = 30000;
        End other{"other", XpWithUpdate(), places.Client(), 9};
        Connect(lab, other, places);
        const bool refused = policy == SelectorCollision::Refuse;
        EXPECT_EQ(other.engine.ChildCount(), refused ? 0U : 1U);
        EXPECT_EQ(lab.server.engine.ChildCount(), policy == SelectorCollision::KeepApart ? 2U : 1U);
        EXPECT_EQ(lab.server.engine.PeerCount(), 2U);
        if (refused)
        {
            ASSERT_THAT(lab.server.All<Failed>(), SizeIs(1));
            EXPECT_EQ(lab.server.All<Failed>()[0].reason, Reason::IkeSelectorCollision);
            ASSERT_THAT(other.All<Failed>(), SizeIs(1));
            EXPECT_EQ(other.All<Failed>()[0].notify, 18);
        }
        if (policy == SelectorCollision::Replace)
        {
            ASSERT_THAT(lab.server.All<ChildDown>(), SizeIs(1));
            EXPECT_EQ(lab.server.All<ChildDown>()[0].inboundSpi, lab.First(lab.server).inboundSpi);
            EXPECT_EQ(lab.server.All<ChildDown>()[0].reason, Reason::IkeSelectorCollision);
            EXPECT_EQ(lab.client.engine.ChildCount(), 1U); // the first is not told
        }
    }
}

TEST(IkeNeighbours, WithOnePrivateAddressAreMistakenByInitialContact)
{
    for (const bool obeys : {true, false})
    {
        Profile server = Server2003();
        server.obeyInitialContact = obeys;
        Up lab{XpWithUpdate(), server};
        Profile client = XpWithUpdate();
        client.initialContact = true;
        Places places{true, false};
        places.clientShift = 30000;
        End other{"other", client, places.Client(), 9};
        Connect(lab, other, places);
        EXPECT_EQ(lab.server.engine.PeerCount(), obeys ? 1U : 2U);
        EXPECT_THAT(lab.server.All<ChildDown>(), SizeIs(obeys ? 1 : 0));
        if (obeys)
        {
            EXPECT_EQ(lab.server.All<PeerDown>().at(0).reason, Reason::IkeInitialContact);
        }
    }
}

TEST(IkeNeighbours, ByTheThousandCostNoMoreEach)
{
    Profile server = Server2003();
    Lab lab{XpWithUpdate(), server};
    for (std::uint32_t i = 0; i < 5000; ++i)
    {
        Message mm1;
        mm1.local = {lab.places.Server(), IKE_PORT};
        mm1.remote = {lab.places.ClientOutside(), static_cast<std::uint16_t>(1024 + i)};
        mm1.payload = EncodeMessage(Header{1000 + i, 0, 0, EXCHANGE_MAIN, 0, 0},
                                    {OfferPhase1(XpWithUpdate(), {AuthMethod::PresharedKey})});
        lab.server.engine.Receive(mm1, lab.now);
    }
    EXPECT_EQ(lab.server.engine.PeerCount(), 5000U);
    lab.Run(seconds{200});
    EXPECT_EQ(lab.server.engine.PeerCount(), 0U);
    EXPECT_THAT(lab.server.All<Failed>(), SizeIs(5000));
}

} // namespace
} // namespace nattlab::ike::test
