// SPDX-License-Identifier: GPL-2.0-only
/**
 * \file
 * The engine as a service: another profile, the end, what it tells of itself and counts.
 */
#include "model/crypto/random.h"
#include "test/model/ike/certificates.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

namespace nattlab::ike::test
{
namespace
{

using ::testing::IsEmpty;
using ::testing::SizeIs;

const std::vector<std::string>
    MESSAGES{"MM1", "MM2", "MM3", "MM4", "MM5", "MM6", "QM1", "QM2", "QM3", "QM4"};

/** \return the Windows profile with nothing but the 2048-bit group. */
Profile
OnlyGroup14(Profile profile)
{
    profile.phase1 = WindowsPhase1(true);
    profile.phase1.resize(1);
    return profile;
}

TEST(IkeProfile, MayChangeForTheNextNegotiation)
{
    Profile client = XpWithUpdate();
    client.phase1 = WindowsPhase1(true);
    Lab lab{client, Server2003()};
    lab.Acquire();
    lab.Settle();
    EXPECT_EQ(lab.server.engine.Peers().at(0).transform->group, crypto::DhGroup::Modp1024);
    lab.server.engine.SetProfile(std::make_shared<const Profile>(OnlyGroup14(Server2003())));
    lab.Run(seconds{30}); // what runs goes on
    EXPECT_THAT(lab.client.All<ChildDown>(), IsEmpty());
    lab.Take(true, lab.client.engine.Shutdown(lab.now));
    lab.Settle();
    lab.Acquire();
    lab.Settle();
    EXPECT_EQ(lab.server.engine.Peers().at(0).transform->group, crypto::DhGroup::Modp2048);
}

TEST(IkeProfile, ThatCannotBeFollowedIsRefusedAndChangesNothing)
{
    Lab lab{XpWithUpdate(), Server2003()};
    std::vector<Profile> bad(5, XpWithUpdate());
    bad[0].nonceSize = 7;
    bad[1].fragmentSize = 100;
    bad[2].certificateRequestsIn = {7};
    bad[3].fragmentSize = 70000;
    bad[4].certificateRequestsIn = {0};
    for (const Profile& profile : bad)
    {
        EXPECT_THROW(lab.client.engine.SetProfile(std::make_shared<const Profile>(profile)),
                     std::invalid_argument);
        EXPECT_THROW(End("x", profile, lab.places.Client()), std::invalid_argument);
    }
    lab.Acquire();
    lab.Settle();
    EXPECT_TRUE(lab.Agreed());
}

/** \return a profile that has as little as possible in common with the others. */
Profile
Stranger()
{
    Profile p = Generic(NatTFlavor::Rfc3947);
    p.phase1 = {{crypto::CipherAlgorithm::AesCbc,
                 256,
                 crypto::HashAlgorithm::Md5,
                 AuthMethod::PresharedKey,
                 crypto::DhGroup::Modp2048,
                 60}};
    p.phase2 = {{crypto::CipherAlgorithm::AesCbc, 256, crypto::HashAlgorithm::Md5, 60, 0, {}}};
    p.retransmitGaps = {};
    p.deleteGaps = {};
    p.keepaliveInterval = Duration{0};
    p.responderBehindNat = ResponderBehindNat::Refuse;
    p.checkMainModeAddress = true;
    p.certificateRequestsIn = {};
    p.fragmentSize = 128;
    p.auth = {AuthMethod::RsaSignature};
    return p;
}

TEST(IkeProfile, MayChangeAtAnyMessage)
{
    for (const bool fromClient : {false, true})
    {
        for (const bool isSigned : {false, true})
        {
            for (const std::string& name : MESSAGES)
            {
                Credentials credentials = isSigned ? Signing("low-client") : Credentials{};
                Lab lab{XpWithUpdate(), Server2003(), {true, false}, 1, credentials};
                const bool quick = name[0] == 'Q';
                bool done = false;
                lab.alter = [&](Flight& flight)
                {
                    if (flight.name == name && !done)
                    {
                        done = true;
                        Profile other = Stranger();
                        if (!quick)
                        {
                            other.phase2 = WindowsPhase2(); // Quick Mode begins later
                        }
                        (fromClient ? lab.client : lab.server)
                            .engine.SetProfile(std::make_shared<const Profile>(other));
                        return false; // and the message is lost
                    }
                    return true;
                };
                lab.Acquire();
                lab.Run(seconds{90});
                // QM1 itself begins the Quick Mode of the responder, and MM1 its Main Mode.
                const bool theirs = !fromClient && (name == "MM1" || name == "QM1");
                EXPECT_EQ(lab.Agreed(), !theirs) << name << fromClient << isSigned;
                lab.Take(true, lab.client.engine.Shutdown(lab.now));
                lab.Take(false, lab.server.engine.Shutdown(lab.now));
                lab.Run(seconds{90});
                EXPECT_EQ(lab.client.engine.PeerCount(), 0U);
            }
        }
    }
}

TEST(IkeShutdown, TellsThePeersAndLeavesNothing)
{
    Lab lab{XpWithUpdate(), Server2003(), {true, false}};
    lab.Acquire();
    lab.Settle();
    ASSERT_TRUE(lab.Agreed());
    lab.Take(true, lab.client.engine.Shutdown(lab.now));
    EXPECT_THAT(lab.client.All<ChildDown>(), SizeIs(1));
    EXPECT_THAT(lab.client.All<PeerDown>(), SizeIs(1));
    EXPECT_EQ(lab.client.engine.PeerCount(), 0U);
    EXPECT_EQ(lab.client.engine.ChildCount(), 0U);
    EXPECT_EQ(lab.client.engine.Deadline(), std::nullopt);
    EXPECT_THAT(lab.Times("INFO D"), SizeIs(2));
    lab.Settle();
    ASSERT_THAT(lab.server.All<ChildDown>(), SizeIs(1));
    EXPECT_EQ(lab.server.All<ChildDown>()[0].reason, Reason::IkeDeleted);
    ASSERT_THAT(lab.server.All<PeerDown>(), SizeIs(1));
    EXPECT_EQ(lab.server.engine.PeerCount(), 0U);
    // The service starts again.
    lab.Acquire();
    lab.Settle();
    EXPECT_THAT(lab.client.All<ChildUp>(), SizeIs(2));
}

TEST(IkeShutdown, FailsWhatIsUnderWay)
{
    for (const std::string& name : MESSAGES)
    {
        Lab lab{XpWithUpdate(), Server2003()};
        lab.alter = [&](Flight& flight) { return flight.name != name; };
        lab.Acquire();
        lab.Run(milliseconds{100});
        const bool up = !lab.client.All<ChildUp>().empty();
        lab.Take(true, lab.client.engine.Shutdown(lab.now));
        const auto failed = lab.client.All<Failed>();
        ASSERT_THAT(failed, SizeIs(up ? 0 : 1)) << name;
        if (!up)
        {
            EXPECT_EQ(failed[0].reason, Reason::HostServiceStopped);
            EXPECT_EQ(failed[0].connection, 7U);
            EXPECT_TRUE(failed[0].initiator);
        }
        EXPECT_EQ(lab.client.engine.PeerCount(), 0U);
        EXPECT_EQ(lab.client.engine.Deadline(), std::nullopt);
        lab.Take(false, lab.server.engine.Shutdown(lab.now));
        EXPECT_EQ(lab.server.engine.PeerCount(), 0U);
        EXPECT_EQ(lab.server.engine.Deadline(), std::nullopt);
    }
}

TEST(IkeStatus, TellsWhatIsKnownOfAPeer)
{
    Lab lab{XpWithUpdate(), Server2003(), {true, false}};
    lab.now += seconds{5};
    lab.alter = [&](Flight& flight)
    {
        if (flight.name == "MM1")
        {
            const PeerStatus early = lab.client.engine.Peers().at(0);
            EXPECT_FALSE(early.established);
            EXPECT_FALSE(early.transform);
            EXPECT_FALSE(early.natT);
            EXPECT_EQ(early.responderCookie, 0U);
            EXPECT_EQ(early.ownIdentity, "");
            EXPECT_EQ(early.peerIdentity, "");
            EXPECT_EQ(early.since, std::nullopt);
        }
        return true;
    };
    lab.Acquire();
    lab.Settle();
    ASSERT_THAT(lab.client.engine.Peers(), SizeIs(1));
    ASSERT_THAT(lab.server.engine.Peers(), SizeIs(1));
    const PeerStatus c = lab.client.engine.Peers()[0];
    const PeerStatus s = lab.server.engine.Peers()[0];
    EXPECT_EQ(c.id, lab.client.All<PeerUp>()[0].peer);
    EXPECT_TRUE(c.initiator);
    EXPECT_FALSE(s.initiator);
    EXPECT_TRUE(c.established);
    EXPECT_EQ(c.initiatorCookie, s.initiatorCookie);
    EXPECT_EQ(c.responderCookie, s.responderCookie);
    EXPECT_EQ(c.transform->cipher, crypto::CipherAlgorithm::TripleDesCbc);
    EXPECT_EQ(c.natT, NatTFlavor::Draft02N);
    EXPECT_TRUE(c.localBehindNat);
    EXPECT_FALSE(c.peerBehindNat);
    EXPECT_TRUE(s.peerBehindNat);
    EXPECT_EQ(c.ownIdentity, "192.168.1.2");
    EXPECT_EQ(c.peerIdentity, "198.51.100.1");
    EXPECT_EQ(s.peerIdentity, "192.168.1.2");
    EXPECT_EQ(c.since, Instant{} + seconds{5});
    EXPECT_EQ(s.remote, (Endpoint{lab.places.ClientOutside(), 14500}));
}

TEST(IkeStatus, NamesIdentitiesOfCertificates)
{
    Lab lab{XpWithUpdate(), Server2003(), {}, 1, Signing()};
    lab.Acquire();
    lab.Settle();
    const PeerStatus c = lab.client.engine.Peers().at(0);
    EXPECT_EQ(c.ownIdentity, "CN=client");
    EXPECT_EQ(c.peerIdentity, "CN=server");
    EXPECT_EQ(c.transform->auth, AuthMethod::RsaSignature);
}

TEST(IkeStatus, ListsInTheOrderOfMaking)
{
    Lab lab{XpWithUpdate(), Server2003()};
    Request request = lab.Wanted();
    for (const std::uint16_t port : {1701, 1702, 1703, 1704})
    {
        request.selector.localPort = port;
        lab.Take(true, lab.client.engine.Acquire(request, lab.now));
        lab.Settle();
    }
    const auto children = lab.client.engine.Children();
    ASSERT_THAT(children, SizeIs(4));
    for (std::size_t i = 0; i < 4; ++i)
    {
        EXPECT_EQ(children[i].selector.localPort, 1701 + i);
    }
    for (std::uint32_t i = 0; i < 50; ++i)
    {
        request.remote = Ipv4Address{0x0A000000 + i};
        lab.client.engine.Acquire(request, lab.now);
    }
    const auto peers = lab.client.engine.Peers();
    ASSERT_THAT(peers, SizeIs(51));
    for (std::size_t i = 1; i < peers.size(); ++i)
    {
        EXPECT_LT(peers[i - 1].id, peers[i].id);
    }
}

TEST(IkeCounters, CountWhatHappens)
{
    Lab lab{XpWithUpdate(), Server2003()};
    bool lost = false;
    lab.alter = [&](Flight& flight)
    {
        const bool lose = flight.name == "MM1" && !lost;
        lost = lost || lose;
        return !lose;
    };
    lab.Acquire();
    lab.Run(seconds{3});
    const Counters& c = lab.client.engine.Count();
    const Counters& s = lab.server.engine.Count();
    EXPECT_EQ(c.mainModes, 1U);
    EXPECT_EQ(s.mainModes, 1U);
    EXPECT_EQ(c.quickModes, 1U);
    EXPECT_EQ(s.quickModes, 1U);
    EXPECT_EQ(c.acquires, 1U);
    EXPECT_EQ(s.acquires, 0U);
    EXPECT_EQ(c.retransmissions, 1U);
    EXPECT_EQ(c.messagesSent, 6U); // MM1 twice, MM3, MM5, QM1, QM3
    EXPECT_EQ(s.messagesReceived, 5U);
    EXPECT_EQ(c.messagesReceived, s.messagesSent);
    EXPECT_EQ(c.keyAdditions, 1U);
    EXPECT_EQ(c.keyUpdates, 0U);
    EXPECT_EQ(c.negotiationFailures, 0U);
    const std::uint32_t spi = lab.client.All<ChildUp>()[0].sa.inboundSpi;
    lab.Take(true, lab.client.engine.Rekey(spi, lab.now));
    lab.Settle();
    EXPECT_EQ(c.keyAdditions, 2U);
    EXPECT_EQ(c.keyUpdates, 1U);
    EXPECT_EQ(s.keyUpdates, 1U);

    Message message;
    message.local = {lab.places.Server(), IKE_PORT};
    message.remote = {lab.places.ClientOutside(), IKE_PORT};
    message.payload = {1, 2, 3};
    lab.server.engine.Receive(message, lab.now);
    EXPECT_EQ(s.invalidPackets, 1U);
    message.payload = EncodeMessage(Header{5, 6, 0, EXCHANGE_MAIN, 0, 0}, {VendorIdPayload{{1}}});
    lab.server.engine.Receive(message, lab.now);
    EXPECT_EQ(s.invalidCookies, 1U);
    lab.server.engine.Reset();
    EXPECT_EQ(s.mainModes, 0U);
    EXPECT_EQ(s.messagesSent, 0U);
}

TEST(IkeCounters, CountEachFailureOnce)
{
    Lab lab{XpWithUpdate(), Server2003()};
    lab.client.engine.SetPresharedKey(std::nullopt, {1});
    lab.Acquire();
    lab.Run(seconds{200});
    const Counters& c = lab.client.engine.Count();
    const Counters& s = lab.server.engine.Count();
    EXPECT_EQ(s.authenticationFailures, 1U);
    EXPECT_EQ(s.negotiationFailures, 1U);
    EXPECT_EQ(c.negotiationFailures, 1U);
    EXPECT_EQ(c.mainModes + s.mainModes, 0U);
    EXPECT_EQ(c.authenticationFailures, 0U); // it only waited
}

/** Deliver what nobody would send, in all states, to engines that know everything. */
TEST(IkeRobustness, DamagedMessagesWithCertificatesCrashNothing)
{
    RandomStream random{11, "test", "damage"};
    int agreed = 0;
    for (int run = 0; run < 300; ++run)
    {
        Profile client = XpWithUpdate();
        Profile server = Server2003();
        client.fragmentation = true;
        server.fragmentation = true;
        client.answersCookie = true;
        server.cookieThreshold = random.Below(2);
        client.fragmentationWait = seconds{random.Below(3)};
        client.certificateEncoding = static_cast<CertificateEncoding>(random.Below(3));
        Lab lab{client,
                server,
                {random.Below(2) == 0, false},
                1,
                Signing(random.Below(2) == 0 ? "low-client" : "client", "low-server")};
        lab.alter = [&](Flight& flight)
        {
            Bytes& bytes = flight.message.payload;
            switch (random.Below(12))
            {
            case 0:
                bytes[random.Below(bytes.size())] ^=
                    static_cast<std::uint8_t>(1 + random.Below(255));
                return true;
            case 1:
                bytes.resize(random.Below(bytes.size() + 1));
                return true;
            case 2:
                return false;
            case 3: // longer than it was, and the length field says so
                Append(bytes, random.Take(1 + random.Below(30)));
                if (bytes.size() >= Header::SIZE)
                {
                    Store32(bytes.data() + 24, static_cast<std::uint32_t>(bytes.size()));
                }
                return true;
            default:
                return true;
            }
        };
        lab.Acquire();
        lab.Run(seconds{100});
        agreed += lab.Agreed() ? 1 : 0;
        lab.client.engine.Peers();
        lab.server.engine.Peers();
        lab.Take(true, lab.client.engine.Shutdown(lab.now));
        lab.Take(false, lab.server.engine.Shutdown(lab.now));
    }
    EXPECT_GT(agreed, 0);
    EXPECT_LT(agreed, 300);
}

} // namespace
} // namespace nattlab::ike::test
