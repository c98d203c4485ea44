// SPDX-License-Identifier: GPL-2.0-only
/**
 * \file
 * IKE fragments (MS-IKEE 2.2.3 and 3.3).
 */
#include "model/crypto/random.h"
#include "model/ike/fragments.h"
#include "test/model/ike/certificates.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <algorithm>

namespace nattlab::ike::test
{
namespace
{

using ::testing::Contains;
using ::testing::ElementsAre;
using ::testing::HasSubstr;
using ::testing::IsEmpty;
using ::testing::SizeIs;
using Outcome = FragmentStore::Outcome;

/** \return a fragment with the number as its data. */
FragmentPayload
Piece(std::uint16_t id, std::uint8_t number, bool last = false)
{
    return {id, number, last ? FragmentPayload::LAST : std::uint8_t{0}, {number, number}};
}

TEST(IkeFragmentStore, PutsPiecesTogetherInAnyOrder)
{
    std::vector<int> order{1, 2, 3, 4};
    do
    {
        FragmentStore store;
        for (std::size_t i = 0; i < order.size(); ++i)
        {
            const auto number = static_cast<std::uint8_t>(order[i]);
            const auto result = store.Add(1, Piece(7, number, number == 4));
            EXPECT_EQ(result.first, i == 0);
            ASSERT_EQ(result.outcome, i == 3 ? Outcome::Complete : Outcome::Kept);
            if (i == 3)
            {
                EXPECT_EQ(result.message, (Bytes{1, 1, 2, 2, 3, 3, 4, 4}));
            }
        }
        EXPECT_EQ(store.Size(), 0U);
    } while (std::next_permutation(order.begin(), order.end()));
}

TEST(IkeFragmentStore, KeepsMessagesAndPeersApart)
{
    FragmentStore store;
    store.Add(1, Piece(7, 1));
    store.Add(1, Piece(8, 1));
    store.Add(2, Piece(7, 1));
    EXPECT_THAT(store.Of(1), ElementsAre(7, 8));
    EXPECT_EQ(store.Add(1, Piece(7, 2, true)).outcome, Outcome::Complete);
    EXPECT_THAT(store.Of(1), ElementsAre(8));
    EXPECT_THAT(store.Of(2), ElementsAre(7));
}

TEST(IkeFragmentStore, DropsASecondOfANumberAndKeepsTheRest)
{
    FragmentStore store;
    store.Add(1, Piece(7, 1));
    FragmentPayload other = Piece(7, 1);
    other.data = {9};
    EXPECT_EQ(store.Add(1, other).outcome, Outcome::Duplicate);
    EXPECT_EQ(store.Add(1, Piece(7, 2, true)).message, (Bytes{1, 1, 2, 2}));
}

TEST(IkeFragmentStore, DropsAllOfAMessageWhoseEndIsNotClear)
{
    const std::vector<std::vector<FragmentPayload>> cases{
        {Piece(7, 3, true), Piece(7, 2, true)}, // two are the last
        {Piece(7, 3, true), Piece(7, 4)},       // above the last
        {Piece(7, 4), Piece(7, 3, true)},       // the same, the other way round
    };
    for (const auto& pieces : cases)
    {
        FragmentStore store;
        EXPECT_EQ(store.Add(1, pieces[0]).outcome, Outcome::Kept);
        EXPECT_EQ(store.Add(1, pieces[1]).outcome, Outcome::Conflict);
        EXPECT_THAT(store.Of(1), IsEmpty());
        EXPECT_EQ(store.Size(), 0U);
    }
}

TEST(IkeFragmentStore, HasBounds)
{
    FragmentPayload large = Piece(0, 1);
    large.data = Bytes(40000, 0);
    FragmentStore store;
    EXPECT_EQ(store.Add(1, large).outcome, Outcome::Kept);
    large.number = 2;
    EXPECT_EQ(store.Add(1, large).outcome, Outcome::Full); // no message is so long
    for (std::uint16_t id = 1; id < 3; ++id)
    {
        large.id = id;
        EXPECT_EQ(store.Add(1, large).outcome, Outcome::Kept);
    }
    large.id = 3;
    EXPECT_EQ(store.Add(1, large).outcome, Outcome::Full); // too much of one peer
    std::uint64_t peer = 2;
    while (store.Add(peer, large).outcome == Outcome::Kept)
    {
        ++peer;
    }
    EXPECT_LE(store.Size(), FragmentStore::MAX_BYTES);
    EXPECT_GT(store.Size(), FragmentStore::MAX_BYTES - 40000);

    FragmentStore many;
    for (std::uint16_t id = 0; id < FragmentStore::MAX_OPEN; ++id)
    {
        EXPECT_EQ(many.Add(1, Piece(id, 1)).outcome, Outcome::Kept);
    }
    EXPECT_EQ(many.Add(1, Piece(99, 1)).outcome, Outcome::Full);
    EXPECT_EQ(many.Add(1, Piece(3, 2)).outcome, Outcome::Kept);
}

TEST(IkeFragments, AreTheMessageCutUpBehindACopyOfItsHeader)
{
    const Header header{1, 2, PAYLOAD_ID, EXCHANGE_MAIN, FLAG_ENCRYPTION, 0};
    RandomStream random{1, "test", "data"};
    const Bytes whole = EncodeMessage(header, random.Take(1200));
    const auto pieces = CutUp(whole, 512, 0x1234);
    ASSERT_THAT(pieces, SizeIs(3));
    FragmentStore store;
    for (std::size_t i = 0; i < 3; ++i)
    {
        const Header h = *DecodeHeader(pieces[i]);
        EXPECT_EQ(h.next, PAYLOAD_FRAGMENT);
        EXPECT_EQ(h.flags, 0);
        EXPECT_EQ(h.initiatorCookie, 1U);
        EXPECT_EQ(h.responderCookie, 2U);
        EXPECT_EQ(h.exchange, EXCHANGE_MAIN);
        // next 0, reserved, length, fragment ID, number, last
        const Bytes start(pieces[i].begin() + 28, pieces[i].begin() + 36);
        const auto length = static_cast<std::uint8_t>((pieces[i].size() - 28) & 0xFF);
        EXPECT_EQ(start,
                  (Bytes{0,
                         0,
                         static_cast<std::uint8_t>((pieces[i].size() - 28) >> 8),
                         length,
                         0x12,
                         0x34,
                         static_cast<std::uint8_t>(i + 1),
                         std::uint8_t{i == 2}}));
        const Chain chain = *DecodeChain(h.next, ByteView{pieces[i]}.Sub(28).ToBytes());
        const auto result = store.Add(1, *chain.Find<FragmentPayload>());
        EXPECT_EQ(result.outcome == Outcome::Complete, i == 2);
        EXPECT_EQ(result.message == whole, i == 2);
    }
    EXPECT_EQ(pieces[0].size(), 548U);          // 576 with IPv4 and UDP headers
    EXPECT_THAT(CutUp(whole, 4, 1), IsEmpty()); // more than 255
    EXPECT_THAT(CutUp(Bytes(10, 1), 4, 1), IsEmpty());
}

/** \return a profile that knows fragments. */
Profile
Fragmenting(Profile profile)
{
    profile.fragmentation = true;
    profile.responderRetransmits = false; // MM5 goes by its own clock, not by repeated MM4
    return profile;
}

/** \return the size of the IPv4 packet of a message. */
std::size_t
PacketSize(const Message& message)
{
    return 28 + (message.local.port == NAT_T_PORT ? 4 : 0) + message.payload.size();
}

/** A path on which no packet above 576 bytes passes. */
bool
SmallOnly(Flight& flight)
{
    return PacketSize(flight.message) <= 576;
}

/** Two ends whose certificates hang below an intermediate authority: large messages. */
struct LargeLab : Lab
{
    explicit LargeLab(const Profile& clientProfile = Fragmenting(XpWithUpdate()),
                      const Profile& serverProfile = Fragmenting(Server2003()),
                      Places where = {})
        : Lab(clientProfile, serverProfile, where, 1, Signing("low-client", "low-server"))
    {
    }
};

TEST(IkeFragments, ReplaceTheMessageThatIsNotAnswered)
{
    for (const bool nat : {false, true})
    {
        LargeLab lab{Fragmenting(XpWithUpdate()), Fragmenting(Server2003()), {nat, false}};
        lab.alter = SmallOnly;
        lab.Acquire();
        lab.Run(seconds{10});
        EXPECT_TRUE(lab.Agreed());
        EXPECT_THAT(lab.Times("MM5"), ElementsAre(0, 1, 3, 3, 3));
        EXPECT_THAT(lab.Times("MM6"), ElementsAre(3, 3, 3));
        // One event for each message, however many datagrams it goes out in.
        const auto resent = lab.client.Events(EventType::MessageResent);
        ASSERT_THAT(resent, SizeIs(2));
        EXPECT_EQ(resent[0].detail, "");
        EXPECT_EQ(resent[1].detail, "in 3 fragments");
        const auto answers = lab.server.Events(EventType::MessageSent);
        EXPECT_TRUE(std::any_of(answers.begin(),
                                answers.end(),
                                [](const Event& e)
                                { return e.detail == "HDR*, ID, CERT, SIG in 3 fragments"; }));
        const auto received = lab.server.Events(EventType::MessageReceived);
        std::vector<std::string> names;
        for (const Event& event : received)
        {
            names.push_back(event.subject);
        }
        EXPECT_THAT(
            names,
            ElementsAre(
                "MM1", "MM3", "MM5 fragment", "MM5 fragment", "MM5 fragment", "MM5", "QM1", "QM3"));
        for (const Flight& flight : lab.sent)
        {
            if (flight.name == "MM5" && flight.sent >= Instant{} + seconds{3})
            {
                EXPECT_EQ(flight.message.local.port, nat ? NAT_T_PORT : IKE_PORT);
                EXPECT_LE(PacketSize(flight.message), 576U);
            }
        }
    }
}

TEST(IkeFragments, CountTheMarkerOfPort4500AsTheProfileSays)
{
    for (const bool counts : {false, true})
    {
        Profile client = Fragmenting(XpWithUpdate());
        client.fragmentSizeHasMarker = counts;
        LargeLab lab{client, Fragmenting(Server2003()), {true, false}};
        lab.alter = [](Flight& flight) { return flight.name != "MM5"; };
        lab.Acquire();
        lab.Run(seconds{4});
        std::size_t largest = 0;
        for (const Flight& flight : lab.sent)
        {
            if (flight.name == "MM5" && flight.sent == Instant{} + seconds{3})
            {
                largest = std::max(largest, PacketSize(flight.message));
            }
        }
        EXPECT_EQ(largest, counts ? 576U : 580U);
    }
}

TEST(IkeFragments, BeginAtOnceForOneWhoSendsThem)
{
    // Only what the client sends is too large for its path.
    LargeLab lab;
    lab.alter = [](Flight& flight) { return !flight.fromClient || SmallOnly(flight); };
    lab.Acquire();
    lab.Run(seconds{10});
    EXPECT_TRUE(lab.Agreed());
    EXPECT_THAT(lab.Times("MM6"), ElementsAre(3, 3, 3));
}

TEST(IkeFragments, OfMm6FollowTheRepeatedMm5)
{
    // Only what the server sends is too large.
    LargeLab lab;
    lab.alter = [](Flight& flight) { return flight.fromClient || SmallOnly(flight); };
    lab.Acquire();
    lab.Run(seconds{10});
    EXPECT_TRUE(lab.Agreed());
    EXPECT_THAT(lab.Times("MM6"), ElementsAre(0, 1, 3, 3, 3));
    EXPECT_THAT(lab.server.All<PeerUp>(), SizeIs(1));
}

TEST(IkeFragments, NeedBothEnds)
{
    Profile silent = Fragmenting(XpWithUpdate());
    silent.vendorIds.erase(silent.vendorIds.begin() + 1);
    Profile silentServer = Fragmenting(Server2003());
    silentServer.vendorIds.erase(silentServer.vendorIds.begin() + 1);
    const std::vector<std::pair<Profile, Profile>> cases{
        {XpWithUpdate(), Fragmenting(Server2003())},
        {silent, Fragmenting(Server2003())},
        {Fragmenting(XpWithUpdate()), silentServer},
    };
    for (const auto& [client, server] : cases)
    {
        LargeLab lab{client, server};
        lab.alter = SmallOnly;
        lab.Acquire();
        lab.Run(seconds{100});
        EXPECT_THAT(lab.Times("MM5"), ElementsAre(0, 1, 3, 7, 15, 31, 63));
        ASSERT_THAT(lab.client.All<Failed>(), SizeIs(1));
        EXPECT_EQ(lab.client.All<Failed>()[0].reason, Reason::IkeTimeout);
        EXPECT_EQ(lab.client.All<Failed>()[0].message, "MM5");
    }
    // A server that shows the vendor ID but has it switched off answers no fragment.
    LargeLab lab{Fragmenting(XpWithUpdate()), Server2003()};
    lab.alter = SmallOnly;
    lab.Acquire();
    lab.Run(seconds{10});
    EXPECT_TRUE(lab.server.Refused(Reason::IkeUnexpectedMessage));
    EXPECT_THAT(lab.server.All<PeerUp>(), IsEmpty());
}

TEST(IkeFragments, AreKnownByTheVendorIdWithASuffixToo)
{
    Profile cisco = Fragmenting(Generic(NatTFlavor::Draft02N));
    VendorId id = VendorIdNamed("FRAGMENTATION");
    id.bytes = Concat({id.bytes, ShortBytes::Of32(0x80000000)});
    cisco.vendorIds.push_back(id);
    LargeLab lab{Fragmenting(XpWithUpdate()), cisco};
    lab.alter = SmallOnly;
    lab.Acquire();
    lab.Run(seconds{10});
    EXPECT_TRUE(lab.Agreed());
}

TEST(IkeFragments, AreNotMadeOfWhatFits)
{
    Profile client = Fragmenting(XpWithUpdate());
    client.fragmentationWait = Duration{0};
    Lab lab{client, Fragmenting(Server2003())};
    lab.alter = [](Flight& flight) { return flight.name != "MM5" && flight.name != "QM1"; };
    lab.Acquire();
    lab.Run(seconds{10});
    EXPECT_THAT(lab.Times("MM5"), ElementsAre(0, 1, 3, 7)); // with a pre-shared key it is small
}

/** Send MM5 in fragments from the start. */
LargeLab
AtOnce()
{
    Profile client = Fragmenting(XpWithUpdate());
    client.fragmentationWait = Duration{0};
    return LargeLab{client};
}

TEST(IkeFragments, MayComeInAnyOrderAndTwice)
{
    LargeLab lab = AtOnce();
    std::vector<Flight> held;
    lab.alter = [&](Flight& flight)
    {
        if (flight.name == "MM5" && held.size() < 3)
        {
            held.push_back(flight);
            return false;
        }
        return true;
    };
    lab.Acquire();
    lab.Settle();
    ASSERT_THAT(held, SizeIs(3));
    for (const std::size_t i : {2U, 0U, 0U, 1U})
    {
        lab.Take(false, lab.server.engine.Receive(lab.places.ToServer(held[i].message), lab.now));
    }
    EXPECT_TRUE(lab.server.Refused(Reason::IkeDuplicate));
    lab.Settle();
    EXPECT_TRUE(lab.Agreed());
    // The whole message once more: it is known, and MM6 is repeated.
    const auto before = lab.Times("MM6").size();
    for (const std::size_t i : {0U, 1U, 2U})
    {
        lab.Take(false, lab.server.engine.Receive(lab.places.ToServer(held[i].message), lab.now));
    }
    EXPECT_EQ(lab.Times("MM6").size(), 2 * before);
}

TEST(IkeFragments, ThatContradictEachOtherAreAllDropped)
{
    LargeLab lab = AtOnce();
    bool done = false;
    lab.alter = [&](Flight& flight)
    {
        if (flight.name == "MM5" && !done)
        {
            flight.message.payload[28 + 7] = FragmentPayload::LAST; // each says that it is the last
            done = flight.message.payload[28 + 6] == 3;
        }
        return true;
    };
    lab.Acquire();
    lab.Run(milliseconds{500});
    EXPECT_TRUE(lab.server.Refused(Reason::IkeFragmentRefused));
    EXPECT_THAT(lab.server.All<PeerUp>(), IsEmpty());
    lab.Run(seconds{5});
    EXPECT_TRUE(lab.Agreed()); // the next sending has a fragment ID of its own
}

TEST(IkeFragments, ThatMakeUpNoMessageAreRefused)
{
    for (const std::size_t at : {0U, 8U, 18U, 19U, 24U}) // cookies, exchange, flags, length
    {
        LargeLab lab = AtOnce();
        bool done = false;
        lab.alter = [&](Flight& flight)
        {
            if (flight.name == "MM5" && !done)
            {
                flight.message.payload[36 + at] ^= 1; // in the header within the data
                done = true;
            }
            return true;
        };
        lab.Acquire();
        lab.Run(milliseconds{500});
        EXPECT_TRUE(lab.server.Refused(Reason::IkeFragmentRefused)) << at;
        lab.Run(seconds{5});
        EXPECT_TRUE(lab.Agreed()) << at;
    }
}

TEST(IkeFragments, WithOtherPayloadsBesideThemAreRefused)
{
    LargeLab lab = AtOnce();
    lab.alter = [](Flight& flight)
    {
        if (flight.name == "MM5")
        {
            const Header header = *DecodeHeader(flight.message.payload);
            const Chain chain = *DecodeChain(
                header.next, ByteView{flight.message.payload}.Sub(Header::SIZE).ToBytes());
            flight.message.payload =
                EncodeMessage(header, {chain.items[0].payload, VendorIdPayload{{1}}});
        }
        return true;
    };
    lab.Acquire();
    lab.Run(seconds{1});
    EXPECT_TRUE(lab.server.Refused(Reason::IkeMalformed));
    EXPECT_THAT(lab.server.All<PeerUp>(), IsEmpty());
}

TEST(IkeFragments, ThatStayAloneAreGivenUp)
{
    Profile client = Fragmenting(XpWithUpdate());
    client.fragmentationWait = Duration{0};
    Profile server = Fragmenting(Server2003());
    server.giveUpWait = seconds{60};
    LargeLab lab{client, server};
    lab.alter = [&](Flight& flight)
    { return flight.name != "MM5" || flight.message.payload[28 + 6] == 1; };
    lab.Acquire();
    lab.Run(seconds{69});
    EXPECT_FALSE(lab.server.Refused(Reason::IkeFragmentTimeout));
    lab.Run(seconds{2});
    EXPECT_TRUE(lab.server.Refused(Reason::IkeFragmentTimeout));
    lab.Run(seconds{100});
    ASSERT_THAT(lab.server.All<Failed>(), SizeIs(1));
    EXPECT_EQ(lab.server.All<Failed>()[0].reason, Reason::IkeFragmentTimeout);
    EXPECT_EQ(lab.server.All<Failed>()[0].message, "MM5");
    EXPECT_EQ(lab.client.All<Failed>()[0].reason, Reason::IkeTimeout);
    EXPECT_EQ(lab.server.engine.Deadline(), std::nullopt);
}

TEST(IkeFragments, AreForgottenWithTheHost)
{
    LargeLab lab = AtOnce();
    lab.alter = [&](Flight& flight)
    { return flight.name != "MM5" || flight.message.payload[28 + 6] == 1; };
    lab.Acquire();
    lab.Settle();
    lab.server.engine.Reset();
    EXPECT_EQ(lab.server.engine.Deadline(), std::nullopt);
    lab.alter = nullptr;
    lab.Run(seconds{2}); // the client's fragments belong to nobody now
    EXPECT_TRUE(lab.server.Refused(Reason::IkeUnknownCookie));
}

TEST(IkeFragments, OutOfPlaceAreRefused)
{
    LargeLab lab = AtOnce();
    lab.alter = [](Flight& flight) { return flight.name != "MM3"; };
    lab.Acquire();
    lab.Settle();
    const Header header = *DecodeHeader(lab.sent[1].message.payload); // MM2
    Header out = header;
    out.next = PAYLOAD_FRAGMENT;
    Message message = lab.places.ToServer(lab.sent[0].message);
    message.payload = EncodeMessage(out, std::vector<Payload>{Piece(1, 1, true)});
    lab.Take(false, lab.server.engine.Receive(message, lab.now));
    EXPECT_TRUE(lab.server.Refused(Reason::IkeUnexpectedMessage));
    out.responderCookie = 0;
    message.payload = EncodeMessage(out, std::vector<Payload>{Piece(1, 1, true)});
    lab.Take(false, lab.server.engine.Receive(message, lab.now));
    EXPECT_TRUE(lab.server.Refused(Reason::IkeUnknownCookie));
}

TEST(IkeFragments, AtRandomCrashNothing)
{
    RandomStream random{3, "test", "fragments"};
    LargeLab lab = AtOnce();
    lab.alter = [&](Flight& flight) { return flight.name != "MM5"; };
    lab.Acquire();
    lab.Settle();
    const Header mm2 = *DecodeHeader(lab.sent[1].message.payload);
    Header header = mm2;
    header.next = PAYLOAD_FRAGMENT;
    for (int i = 0; i < 20000; ++i)
    {
        FragmentPayload piece;
        piece.id = static_cast<std::uint16_t>(random.Below(20));
        piece.number = static_cast<std::uint8_t>(1 + random.Below(i % 2 == 0 ? 4 : 255));
        piece.flags = static_cast<std::uint8_t>(random.Below(8) == 0 ? random.Below(256) : 0);
        piece.data = random.Take(1 + random.Below(60));
        if (piece.number == 1 && random.Below(2) == 0)
        {
            piece.data = EncodeMessage(Header{mm2.initiatorCookie,
                                              mm2.responderCookie,
                                              PAYLOAD_ID,
                                              EXCHANGE_MAIN,
                                              FLAG_ENCRYPTION,
                                              0},
                                       random.Take(8 * random.Below(4)));
        }
        Message message = lab.places.ToServer(lab.sent[0].message);
        message.payload = EncodeMessage(header, std::vector<Payload>{piece});
        if (random.Below(4) == 0)
        {
            message.payload[random.Below(message.payload.size())] ^=
                static_cast<std::uint8_t>(1 + random.Below(255));
        }
        lab.server.engine.Receive(message, lab.now);
        lab.now += milliseconds{3};
        lab.server.engine.Expire(lab.now);
    }
    EXPECT_TRUE(lab.server.Refused(Reason::IkeFragmentRefused));
    EXPECT_TRUE(lab.server.Refused(Reason::IkeDecryption));
    EXPECT_EQ(lab.server.engine.PeerCount(), 1U);
    lab.alter = nullptr;
    lab.Run(seconds{100});
    EXPECT_LE(lab.server.engine.PeerCount(), 1U);
}

} // namespace
} // namespace nattlab::ike::test
