// SPDX-License-Identifier: GPL-2.0-only
/**
 * \file
 * Main Mode with RSA signatures (RFC 2409 5.1).
 */
#include "test/model/ike/certificates.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

namespace nattlab::ike::test
{
namespace
{

using ::testing::Contains;
using ::testing::ElementsAre;
using ::testing::HasSubstr;
using ::testing::IsEmpty;
using ::testing::SizeIs;

/** \return the authorities that a message asks for. */
std::vector<Bytes>
Requested(const Chain& chain)
{
    std::vector<Bytes> names;
    for (const CertRequestPayload* request : chain.All<CertRequestPayload>())
    {
        EXPECT_EQ(request->encoding, CERT_X509_SIGNATURE);
        names.push_back(request->authority);
    }
    return names;
}

/** \return the encodings of the certificates in a message. */
std::vector<int>
Encodings(const Chain& chain)
{
    std::vector<int> encodings;
    for (const CertPayload* cert : chain.All<CertPayload>())
    {
        encodings.push_back(cert->encoding);
    }
    return encodings;
}

TEST(IkeCertificates, AuthenticateBothEnds)
{
    for (const bool nat : {false, true})
    {
        Lab lab{XpWithUpdate(), Server2003(), {nat, false}, 1, Signing()};
        lab.Acquire();
        lab.Run(seconds{1});
        ASSERT_TRUE(lab.Agreed());
        const Tap tap{lab};
        /* HDR, SA, VID --> */
        const Chain mm1 = tap.Read("MM1");
        EXPECT_EQ(mm1.Find<CertRequestPayload>(), nullptr);
        for (const Transform& t : mm1.Find<SaPayload>()->proposals[0].transforms)
        {
            EXPECT_EQ(t.attributes[3].Number(), 3U); // RSA signatures, and nothing else
        }
        /* <-- HDR, KE, Nr, [NAT-D, NAT-D], CERTREQ */
        EXPECT_THAT(Requested(tap.Read("MM3")), IsEmpty());
        EXPECT_THAT(Requested(tap.Read("MM4")), ElementsAre(SubjectOf("root")));
        /* HDR*, IDii, CERT, CERTREQ, SIG_I --> */
        const Chain mm5 = tap.Read("MM5");
        EXPECT_EQ(mm5.ToString(), "ID, CERT, CERTREQ, SIG");
        EXPECT_EQ(mm5.Find<IdPayload>()->type, ID_DER_ASN1_DN);
        EXPECT_EQ(mm5.Find<IdPayload>()->data, SubjectOf("client"));
        EXPECT_EQ(mm5.Find<CertPayload>()->data, Certificates().Find("client").der);
        EXPECT_THAT(Requested(mm5), ElementsAre(SubjectOf("root")));
        /* <-- HDR*, IDir, CERT, SIG_R */
        const Chain mm6 = tap.ReadMm6();
        EXPECT_EQ(mm6.ToString(), "ID, CERT, SIG");
        EXPECT_EQ(mm6.Find<IdPayload>()->data, SubjectOf("server"));
        EXPECT_EQ(lab.client.engine.Count().authenticationFailures, 0U);
        const auto up = lab.client.Events(EventType::SaEstablished);
        EXPECT_THAT(up.at(0).detail, HasSubstr("RSA signatures"));
    }
}

TEST(IkeCertificates, OfALowerLevelTravelAsTheProfileSays)
{
    struct Case
    {
        CertificateEncoding encoding;
        const char* client;
        std::vector<int> seen;
    };

    const std::vector<Case> cases{
        {CertificateEncoding::Automatic, "client", {CERT_X509_SIGNATURE}},
        {CertificateEncoding::Automatic, "low-client", {CERT_PKCS7}},
        {CertificateEncoding::Pkcs7, "client", {CERT_PKCS7}},
        {CertificateEncoding::X509, "low-client", {CERT_X509_SIGNATURE, CERT_X509_SIGNATURE}},
    };
    for (const Case& c : cases)
    {
        Profile client = XpWithUpdate();
        client.certificateEncoding = c.encoding;
        Lab lab{client, Server2003(), {}, 1, Signing(c.client, "low-server")};
        lab.Acquire();
        lab.Run(seconds{1});
        EXPECT_TRUE(lab.Agreed()) << c.client;
        EXPECT_EQ(Encodings(Tap{lab}.Read("MM5")), c.seen) << c.client;
        EXPECT_THAT(Encodings(Tap{lab}.ReadMm6()), ElementsAre(CERT_PKCS7));
    }
}

TEST(IkeCertificates, AreNotUsedWhereThereIsAKey)
{
    Credentials both = Signing();
    both.presharedKey = true;
    Lab lab{XpWithUpdate(), Server2003(), {}, 1, both};
    lab.Acquire();
    lab.Run(seconds{1});
    EXPECT_TRUE(lab.Agreed());
    EXPECT_EQ(lab.client.engine.Peers().at(0).transform->auth, AuthMethod::PresharedKey);

    Profile signsFirst = XpWithUpdate();
    signsFirst.auth = {AuthMethod::RsaSignature, AuthMethod::PresharedKey};
    Lab other{signsFirst, Server2003(), {}, 1, both};
    other.Acquire();
    other.Run(seconds{1});
    EXPECT_TRUE(other.Agreed()); // the responder takes both
    EXPECT_EQ(other.client.engine.Peers().at(0).transform->auth, AuthMethod::RsaSignature);
}

TEST(IkeCertificates, CannotMeetAKey)
{
    Credentials credentials = Signing();
    credentials.presharedKey = false;
    credentials.server = nullptr;
    Lab lab{XpWithUpdate(), Server2003(), {}, 1, credentials};
    lab.server.engine.SetPresharedKey(std::nullopt, {1, 2, 3});
    lab.Acquire();
    lab.Run(seconds{1});
    EXPECT_TRUE(lab.server.Refused(Reason::IkeNoProposalChosen));
    ASSERT_THAT(lab.client.All<Failed>(), SizeIs(1));
    EXPECT_EQ(lab.client.All<Failed>()[0].reason, Reason::IkeNoProposalChosen);
    EXPECT_EQ(lab.client.All<Failed>()[0].notify, NOTIFY_NO_PROPOSAL_CHOSEN);
}

TEST(IkeCertificates, WhereNoneAreFailBeforeAnythingIsSent)
{
    struct Case
    {
        std::shared_ptr<pki::Store> store;
        Reason reason;
    };

    const std::vector<Case> cases{
        {nullptr, Reason::IkeNoPresharedKey},
        {MakeStore({}, {"root"}), Reason::IkeNoCertificate},
    };
    for (const Case& c : cases)
    {
        Lab lab{XpWithUpdate(), Server2003(), {}, 1, {false, c.store, nullptr, TODAY, TODAY}};
        lab.Acquire();
        ASSERT_THAT(lab.client.All<Failed>(), SizeIs(1));
        EXPECT_EQ(lab.client.All<Failed>()[0].reason, c.reason);
        EXPECT_THAT(lab.sent, IsEmpty());
        EXPECT_EQ(lab.client.engine.Count().negotiationFailures, 1U);
    }
}

TEST(IkeCertificates, OfTheHostThatAreNotValidAreFoundFirstOrAfterMm4)
{
    for (const bool first : {false, true})
    {
        for (const auto& [days, reason] : {std::pair{20, Reason::IkeCertificateExpired},
                                           std::pair{-20, Reason::IkeCertificateNotYetValid}})
        {
            Credentials credentials = Signing();
            credentials.clientClock = TODAY + days * DAY;
            Profile client = XpWithUpdate();
            client.checkOwnCertificateFirst = first;
            Lab lab{client, Server2003(), {}, 1, credentials};
            lab.Acquire();
            lab.Run(seconds{1});
            ASSERT_THAT(lab.client.All<Failed>(), SizeIs(1));
            EXPECT_EQ(lab.client.All<Failed>()[0].reason, reason);
            EXPECT_EQ(lab.client.All<Failed>()[0].message, first ? "MM1" : "MM5");
            EXPECT_EQ(lab.sent.empty(), first);
            if (!first)
            {
                ASSERT_THAT(lab.server.All<Failed>(), SizeIs(1));
                EXPECT_EQ(lab.server.All<Failed>()[0].reason, Reason::IkePeerNotify);
                EXPECT_EQ(lab.server.All<Failed>()[0].notify, NOTIFY_CERTIFICATE_UNAVAILABLE);
            }
            EXPECT_EQ(lab.client.engine.PeerCount(), 0U);
            EXPECT_EQ(lab.server.engine.PeerCount(), 0U);
        }
    }
}

TEST(IkeCertificates, GrowOldWhileTheRunGoesOn)
{
    Lab lab{XpWithUpdate(), Server2003(), {}, 1, Signing()};
    lab.now += hours{24 * 15} + seconds{1};
    lab.Acquire();
    lab.Run(seconds{1});
    ASSERT_THAT(lab.client.All<Failed>(), SizeIs(1));
    EXPECT_EQ(lab.client.All<Failed>()[0].reason, Reason::IkeCertificateExpired);
}

TEST(IkeCertificates, AreChosenByWhatThePeerAsksFor)
{
    for (const bool byRequest : {false, true})
    {
        Profile client = XpWithUpdate();
        client.certificateByRequest = byRequest;
        Credentials credentials = Signing();
        credentials.client = MakeStore({"other-client", "client"}, {"root"});
        Lab lab{client, Server2003(), {}, 1, credentials};
        lab.Acquire();
        lab.Run(seconds{1});
        EXPECT_EQ(lab.Agreed(), byRequest);
        EXPECT_EQ(Tap{lab}.Read("MM5").Find<IdPayload>()->data,
                  SubjectOf(byRequest ? "client" : "other-client"));
    }
    // The same at the responder, which is asked in MM5.
    Credentials credentials = Signing();
    credentials.server = MakeStore({"other-server", "server"}, {"root"});
    Lab lab{XpWithUpdate(), Server2003(), {}, 1, credentials};
    lab.Acquire();
    lab.Run(seconds{1});
    EXPECT_TRUE(lab.Agreed());
}

TEST(IkeCertificates, ThatThePeerDoesNotWantAreNotSent)
{
    {
        Lab lab{XpWithUpdate(), Server2003(), {}, 1, Signing("other-client", "server")};
        lab.Acquire();
        lab.Run(seconds{1});
        ASSERT_THAT(lab.client.All<Failed>(), SizeIs(1));
        EXPECT_EQ(lab.client.All<Failed>()[0].reason, Reason::IkeNoCertificate);
        EXPECT_EQ(lab.client.All<Failed>()[0].message, "MM5");
        ASSERT_THAT(lab.server.All<Failed>(), SizeIs(1));
        EXPECT_EQ(lab.server.All<Failed>()[0].reason, Reason::IkePeerNotify);
        EXPECT_EQ(lab.server.All<Failed>()[0].notify, NOTIFY_CERTIFICATE_UNAVAILABLE);
    }
    {
        Lab lab{XpWithUpdate(), Server2003(), {}, 1, Signing("client", "other-server")};
        lab.Acquire();
        lab.Run(seconds{1});
        ASSERT_THAT(lab.server.All<Failed>(), SizeIs(1));
        EXPECT_EQ(lab.server.All<Failed>()[0].reason, Reason::IkeNoCertificate);
        EXPECT_EQ(lab.server.All<Failed>()[0].message, "MM6");
        ASSERT_THAT(lab.client.All<Failed>(), SizeIs(1));
        EXPECT_EQ(lab.client.All<Failed>()[0].reason, Reason::IkePeerNotify);
        EXPECT_EQ(lab.client.All<Failed>()[0].notify, NOTIFY_CERTIFICATE_UNAVAILABLE);
    }
    {
        Profile silent = XpWithUpdate();
        silent.sendErrorNotify = false;
        Lab lab{silent, Server2003(), {}, 1, Signing("other-client", "server")};
        lab.Acquire();
        lab.Run(seconds{1});
        EXPECT_THAT(lab.client.All<Failed>(), SizeIs(1));
        EXPECT_THAT(lab.server.All<Failed>(), IsEmpty());
    }
}

TEST(IkeCertificates, AreRequestedInTheMessagesOfTheProfile)
{
    Profile client = XpWithUpdate();
    Profile server = Server2003();
    client.certificateRequestsIn = {1, 3};
    server.certificateRequestsIn = {2};
    Credentials credentials = Signing();
    credentials.client = MakeStore({"other-client", "client"}, {"other-root", "root"});
    credentials.server = MakeStore({"other-server", "server"}, {"root"});
    Lab lab{client, server, {}, 1, credentials};
    lab.Acquire();
    lab.Run(seconds{1});
    EXPECT_TRUE(lab.Agreed());
    const Tap tap{lab};
    const auto clientsRoots = ElementsAre(SubjectOf("other-root"), SubjectOf("root"));
    EXPECT_THAT(Requested(tap.Read("MM1")), clientsRoots);
    EXPECT_THAT(Requested(tap.Read("MM2")), ElementsAre(SubjectOf("root")));
    EXPECT_THAT(Requested(tap.Read("MM3")), clientsRoots);
    EXPECT_THAT(Requested(tap.Read("MM4")), IsEmpty());
    EXPECT_THAT(Requested(tap.Read("MM5")), IsEmpty());
}

TEST(IkeCertificates, MayBeTakenAwayWhileTheyAreInUse)
{
    Lab lab{XpWithUpdate(), Server2003(), {}, 1, Signing()};
    lab.alter = [&](Flight& flight)
    {
        if (flight.name == "MM3")
        {
            lab.client.engine.SetCertificates(nullptr);
            lab.server.engine.SetCertificates(nullptr);
        }
        return true;
    };
    lab.Acquire();
    lab.Run(seconds{1});
    EXPECT_TRUE(lab.Agreed()); // a negotiation keeps what it began with
    lab.Take(true, lab.client.engine.Shutdown(lab.now));
    lab.Acquire();
    EXPECT_EQ(lab.client.All<Failed>().back().reason, Reason::IkeNoPresharedKey);
}

TEST(IkeCertificates, ReauthenticateToo)
{
    Profile client = XpWithUpdate();
    for (Phase1Transform& transform : client.phase1)
    {
        transform.lifeSeconds = 60;
    }
    client.reauthentication = Reauthentication::AtExpiry;
    Lab lab{client, Server2003(), {true, false}, 1, Signing()};
    lab.Acquire();
    lab.Run(seconds{70});
    EXPECT_THAT(lab.client.All<PeerUp>(), SizeIs(2));
    EXPECT_EQ(lab.client.All<PeerUp>()[0].peer, lab.client.All<PeerUp>()[1].peer);
    EXPECT_EQ(lab.client.engine.PeerCount(), 1U);
}

} // namespace
} // namespace nattlab::ike::test
