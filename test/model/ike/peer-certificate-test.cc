// SPDX-License-Identifier: GPL-2.0-only
/**
 * \file
 * Main Mode with RSA signatures: what is wrong with the peer's certificate, signature or identity.
 */
#include "test/model/ike/certificates.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

namespace nattlab::ike::test
{
namespace
{

using ::testing::IsEmpty;
using ::testing::SizeIs;

/** What one end dislikes about the other's certificate. */
struct Dislike
{
    const char* what;
    const char* client;
    const char* server;
    int clientDays; //!< its clock against TODAY
    int serverDays;
    bool atServer; //!< it is the server that says so
    Reason reason;
    std::uint16_t notify;
};

class IkeCertificateOfThePeer : public ::testing::TestWithParam<Dislike>
{
};

TEST_P(IkeCertificateOfThePeer, IsRefusedWithTheReasonAndANotification)
{
    const Dislike& c = GetParam();
    for (const EarlyNotifyIv iv : {EarlyNotifyIv::LastSent, EarlyNotifyIv::LastReceived})
    {
        Credentials credentials = Signing(c.client, c.server);
        credentials.client->AddRoot(Certificates().Find("narrow-root").der);
        credentials.server->AddRoot(Certificates().Find("narrow-root").der);
        credentials.clientClock += c.clientDays * DAY;
        credentials.serverClock += c.serverDays * DAY;
        Profile client = XpWithUpdate();
        Profile server = Server2003();
        client.certificateByRequest = false;
        server.certificateByRequest = false;
        client.earlyNotifyIv = iv;
        server.earlyNotifyIv = iv;
        Lab lab{client, server, {true, false}, 1, credentials};
        lab.Acquire();
        lab.Run(seconds{1});
        const End& judge = c.atServer ? lab.server : lab.client;
        const End& other = c.atServer ? lab.client : lab.server;
        EXPECT_TRUE(judge.Refused(c.reason));
        ASSERT_THAT(judge.All<Failed>(), SizeIs(1));
        EXPECT_EQ(judge.All<Failed>()[0].reason, c.reason);
        EXPECT_EQ(judge.All<Failed>()[0].message, c.atServer ? "MM5" : "MM6");
        EXPECT_EQ(judge.All<Failed>()[0].notify, std::nullopt);
        EXPECT_EQ(judge.engine.Count().authenticationFailures, 1U);
        ASSERT_THAT(other.All<Failed>(), SizeIs(1));
        EXPECT_EQ(other.All<Failed>()[0].reason, Reason::IkePeerNotify);
        EXPECT_EQ(other.All<Failed>()[0].notify, c.notify);
        EXPECT_EQ(lab.client.engine.PeerCount(), 0U);
        EXPECT_EQ(lab.server.engine.PeerCount(), 0U);
        EXPECT_EQ(lab.client.engine.Deadline(), std::nullopt);
        EXPECT_EQ(lab.server.engine.Deadline(), std::nullopt);
    }
}

INSTANTIATE_TEST_SUITE_P(AllFaults,
                         IkeCertificateOfThePeer,
                         ::testing::Values(Dislike{"ExpiredClient",
                                                   "client",
                                                   "low-server",
                                                   0,
                                                   16,
                                                   true,
                                                   Reason::IkeCertificateExpired,
                                                   NOTIFY_INVALID_CERTIFICATE},
                                           Dislike{"EarlyClient",
                                                   "client",
                                                   "server",
                                                   0,
                                                   -16,
                                                   true,
                                                   Reason::IkeCertificateNotYetValid,
                                                   NOTIFY_INVALID_CERTIFICATE},
                                           Dislike{"UntrustedClient",
                                                   "other-client",
                                                   "server",
                                                   0,
                                                   0,
                                                   true,
                                                   Reason::IkeCertificateUntrusted,
                                                   NOTIFY_INVALID_CERT_AUTHORITY},
                                           Dislike{"ClientBelowTooManyAuthorities",
                                                   "narrow-client",
                                                   "server",
                                                   0,
                                                   0,
                                                   true,
                                                   Reason::IkeCertificateUsage,
                                                   NOTIFY_INVALID_CERTIFICATE},
                                           Dislike{"UntrustedServer",
                                                   "client",
                                                   "other-server",
                                                   0,
                                                   0,
                                                   false,
                                                   Reason::IkeCertificateUntrusted,
                                                   NOTIFY_INVALID_CERT_AUTHORITY},
                                           Dislike{"ServerBelowTooManyAuthorities",
                                                   "client",
                                                   "narrow-server",
                                                   0,
                                                   0,
                                                   false,
                                                   Reason::IkeCertificateUsage,
                                                   NOTIFY_INVALID_CERTIFICATE}),
                         [](const auto& param) { return std::string{param.param.what}; });

TEST(IkePeerCertificate, OfTheServerAreJudgedByTheClientsClock)
{
    struct Case
    {
        pki::UnixTime clock;
        Reason reason;
    };

    // The client's own certificate lives longer than the server's: it signs, then looks at MM6.
    pki::Pki pki{2};
    const auto issue = [&](const char* name, const char* issuer, int from, int to)
    {
        pki::CertificateDescription d;
        d.name = name;
        d.issuer = issuer;
        d.authority = *issuer == 0;
        d.notBefore = TODAY + from * DAY;
        d.notAfter = TODAY + to * DAY;
        d.keyBits = 512;
        pki.Issue(d);
    };
    issue("root", "", -100, 100);
    issue("client", "root", -100, 100);
    issue("server", "root", -1, 1);
    for (const Case& c : {Case{TODAY + 2 * DAY, Reason::IkeCertificateExpired},
                          Case{TODAY - 2 * DAY, Reason::IkeCertificateNotYetValid}})
    {
        Credentials credentials{
            false, std::make_shared<pki::Store>(), std::make_shared<pki::Store>(), c.clock, TODAY};
        credentials.client->AddRoot(pki.Find("root").der);
        credentials.server->AddRoot(pki.Find("root").der);
        credentials.client->AddMachineCertificate(pki.Machine("client"));
        credentials.server->AddMachineCertificate(pki.Machine("server"));
        Lab lab{XpWithUpdate(), Server2003(), {}, 1, credentials};
        lab.Acquire();
        lab.Run(seconds{1});
        ASSERT_THAT(lab.client.All<Failed>(), SizeIs(1));
        EXPECT_EQ(lab.client.All<Failed>()[0].reason, c.reason);
        ASSERT_THAT(lab.server.All<Failed>(), SizeIs(1));
        EXPECT_EQ(lab.server.All<Failed>()[0].notify, NOTIFY_INVALID_CERTIFICATE);
        ASSERT_THAT(lab.server.All<PeerDown>(), SizeIs(1));
        EXPECT_EQ(lab.server.All<PeerDown>()[0].reason, Reason::IkePeerNotify);
    }
}

/** Change MM5 on its way; the server's notification can be read by the client all the same. */
void
RunWithMm5(Lab& lab, const std::function<std::vector<Payload>(const Chain&)>& change)
{
    lab.alter = [&](Flight& flight)
    {
        if (flight.name == "MM5")
        {
            const Tap tap{lab};
            flight.message.payload = tap.Mm5With(change(tap.Read("MM5")));
        }
        return true;
    };
    lab.Acquire();
    lab.Run(seconds{1});
}

std::vector<Payload>
PayloadsOf(const Chain& chain)
{
    std::vector<Payload> payloads;
    for (const Chain::Item& item : chain.items)
    {
        payloads.push_back(item.payload);
    }
    return payloads;
}

TEST(IkePeerCertificate, AndSignaturesMustCome)
{
    Lab lab{XpWithUpdate(), Server2003(), {}, 1, Signing()};
    RunWithMm5(lab,
               [](const Chain& chain) {
                   return std::vector<Payload>{chain.items[0].payload, chain.items[2].payload};
               });
    EXPECT_TRUE(lab.server.Refused(Reason::IkeMalformed));
    EXPECT_EQ(lab.server.engine.Count().invalidPackets, 1U); // no SIG
    Lab other{XpWithUpdate(), Server2003(), {}, 1, Signing()};
    RunWithMm5(other,
               [](const Chain& chain) {
                   return std::vector<Payload>{chain.items[0].payload, chain.items[3].payload};
               });
    EXPECT_TRUE(other.server.Refused(Reason::IkeNoPeerCertificate));
    ASSERT_THAT(other.server.All<Failed>(), SizeIs(1));
    EXPECT_EQ(other.server.All<Failed>()[0].reason, Reason::IkeNoPeerCertificate);
    ASSERT_THAT(other.client.All<Failed>(), SizeIs(1));
    EXPECT_EQ(other.client.All<Failed>()[0].notify, NOTIFY_CERTIFICATE_UNAVAILABLE);
}

TEST(IkePeerCertificate, MustHaveMadeTheSignature)
{
    Lab lab{XpWithUpdate(), Server2003(), {}, 1, Signing()};
    RunWithMm5(lab,
               [](const Chain& chain)
               {
                   std::vector<Payload> payloads = PayloadsOf(chain);
                   std::get<SignaturePayload>(payloads.back()).value[5] ^= 1;
                   return payloads;
               });
    EXPECT_TRUE(lab.server.Refused(Reason::IkeAuthentication));
    EXPECT_THAT(lab.server.All<Failed>(), IsEmpty()); // a good MM5 may still come
    ASSERT_THAT(lab.client.All<Failed>(), SizeIs(1));
    EXPECT_EQ(lab.client.All<Failed>()[0].reason, Reason::IkeAuthentication);
    EXPECT_EQ(lab.client.All<Failed>()[0].notify, NOTIFY_INVALID_SIGNATURE);
    lab.Run(seconds{120});
    ASSERT_THAT(lab.server.All<Failed>(), SizeIs(1));
    EXPECT_EQ(lab.server.All<Failed>()[0].reason, Reason::IkeAuthentication);
    EXPECT_EQ(lab.server.engine.Count().authenticationFailures, 1U);
}

TEST(IkePeerCertificate, MustBeTheIdentitys)
{
    struct Case
    {
        IdPayload id;
        bool acceptOther;
        bool good;
    };

    const IdPayload name{ID_DER_ASN1_DN, 0, 0, SubjectOf("server")};
    const IdPayload address = IdPayload::OfAddress(Address("203.0.113.7"), 0, 0);
    for (const Case& c : {Case{name, true, false},
                          Case{name, false, false},
                          Case{address, true, true},
                          Case{address, false, false}})
    {
        Profile server = Server2003();
        server.acceptOtherCertificateIdentity = c.acceptOther;
        Lab lab{XpWithUpdate(), server, {}, 1, Signing()};
        const auto impersonate = [&](const Chain& chain)
        {
            std::vector<Payload> payloads = PayloadsOf(chain);
            payloads.front() = c.id;
            payloads.back() = SignaturePayload{
                Certificates().Find("client").key.Sign(Tap{lab}.HashI(EncodeBody(c.id)))};
            return payloads;
        };
        RunWithMm5(lab, impersonate);
        EXPECT_THAT(lab.server.All<PeerUp>(), SizeIs(c.good ? 1 : 0));
        EXPECT_EQ(lab.server.Refused(Reason::IkeInvalidId), !c.good);
        if (!c.good)
        {
            ASSERT_THAT(lab.client.All<Failed>(), SizeIs(1));
            EXPECT_EQ(lab.client.All<Failed>()[0].reason, Reason::IkeInvalidId);
            EXPECT_EQ(lab.client.All<Failed>()[0].notify, NOTIFY_INVALID_ID_INFORMATION);
        }
    }
}

TEST(IkePeerCertificate, SignTheBareHash)
{
    Lab lab{XpWithUpdate(), Server2003(), {}, 1, Signing()};
    lab.Acquire();
    lab.Run(seconds{1});
    const Tap tap{lab};
    const Chain mm5 = tap.Read("MM5");
    EXPECT_TRUE(Certificates().Find("client").key.Public().Verify(
        tap.HashI(*mm5.Body(PAYLOAD_ID)), mm5.Find<SignaturePayload>()->value));
}

TEST(IkePeerCertificate, SignTheIdentityToo)
{
    Lab lab{XpWithUpdate(), Server2003(), {}, 1, Signing()};
    RunWithMm5(lab,
               [](const Chain& chain)
               {
                   std::vector<Payload> payloads = PayloadsOf(chain);
                   ShortBytes& name = std::get<IdPayload>(payloads.front()).data;
                   name.data()[name.size() - 1] ^= 1;
                   return payloads;
               });
    EXPECT_TRUE(lab.server.Refused(Reason::IkeAuthentication));
}

TEST(IkePeerCertificate, BesideNoIdentityCountOnlyWhereTheProfileTakesThem)
{
    for (const bool strict : {false, true})
    {
        Profile server = Server2003();
        server.certificateOnlyWithIdentity = strict;
        Lab lab{XpWithUpdate(), server, {}, 1, Signing()};
        const Bytes der = Certificates().Find("client").der;
        lab.alter = [&](Flight& flight)
        {
            if (flight.name == "MM3")
            {
                const Header header = *DecodeHeader(flight.message.payload);
                const Chain chain = *DecodeChain(
                    header.next, ByteView{flight.message.payload}.Sub(Header::SIZE).ToBytes());
                std::vector<Payload> payloads = PayloadsOf(chain);
                payloads.push_back(CertPayload{CERT_X509_SIGNATURE, der});
                flight.message.payload = EncodeMessage(header, payloads);
            }
            else if (flight.name == "MM5")
            {
                const Tap tap{lab};
                const Chain mm5 = tap.Read("MM5");
                flight.message.payload =
                    tap.Mm5With({mm5.items[0].payload, mm5.items[3].payload}); // without CERT
            }
            return true;
        };
        lab.Acquire();
        lab.Run(seconds{1});
        EXPECT_EQ(lab.server.Refused(Reason::IkeNoPeerCertificate), strict);
        EXPECT_THAT(lab.server.All<PeerUp>(), SizeIs(strict ? 0 : 1));
    }
}

TEST(IkePeerCertificate, OfUnknownEncodingAreNone)
{
    Lab lab{XpWithUpdate(), Server2003(), {}, 1, Signing()};
    RunWithMm5(lab,
               [](const Chain& chain)
               {
                   std::vector<Payload> payloads = PayloadsOf(chain);
                   std::get<CertPayload>(payloads[1]).encoding = 7; // a revocation list
                   return payloads;
               });
    EXPECT_TRUE(lab.server.Refused(Reason::IkeNoPeerCertificate));
}

TEST(IkePeerCertificate, ThatCannotBeReadAreRefused)
{
    Lab lab{XpWithUpdate(), Server2003(), {}, 1, Signing()};
    RunWithMm5(lab,
               [](const Chain& chain)
               {
                   std::vector<Payload> payloads = PayloadsOf(chain);
                   std::get<CertPayload>(payloads[1]).data.resize(40);
                   return payloads;
               });
    EXPECT_TRUE(lab.server.Refused(Reason::IkeCertificateInvalid));
    ASSERT_THAT(lab.client.All<Failed>(), SizeIs(1));
    EXPECT_EQ(lab.client.All<Failed>()[0].notify, NOTIFY_INVALID_CERTIFICATE);
}

} // namespace
} // namespace nattlab::ike::test
