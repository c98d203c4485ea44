// SPDX-License-Identifier: GPL-2.0-only
/**
 * \file
 * Main Mode and Quick Mode stepped message by message, over every placement of NATs.
 */
#include "model/ike/keys.h"
#include "model/ike/states.h"
#include "test/model/ike/lab.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

namespace nattlab::ike::test
{
namespace
{

using ::testing::IsEmpty;
using ::testing::SizeIs;

/** Steps a Lab by hand: one message per call. */
class Steps
{
  public:
    explicit Steps(Lab& lab)
        : m_lab(lab)
    {
    }

    /** \return the payloads in clear of the only message under way. */
    std::string Payloads() const
    {
        const Bytes& bytes = Only().payload;
        const auto header = DecodeHeader(bytes);
        if (!header || header->Encrypted())
        {
            return header ? "encrypted" : "malformed";
        }
        return DecodeChain(header->next, ByteView{bytes}.Sub(Header::SIZE).ToBytes())->ToString();
    }

    const Message& Only() const
    {
        EXPECT_THAT(m_lab.flights, SizeIs(1));
        return m_lab.flights.at(0).message;
    }

    /** Deliver the only message under way. \return its name and ports as its sender sent it */
    std::string Next()
    {
        const Flight flight = m_lab.flights.at(0);
        EXPECT_THAT(m_lab.flights, SizeIs(1));
        m_lab.flights.clear();
        if (flight.fromClient)
        {
            m_lab.Take(
                false,
                m_lab.server.engine.Receive(m_lab.places.ToServer(flight.message), m_lab.now));
        }
        else
        {
            m_lab.Take(
                true,
                m_lab.client.engine.Receive(m_lab.places.ToClient(flight.message), m_lab.now));
        }
        return flight.name + " " + std::to_string(flight.message.local.port) + ">" +
               std::to_string(flight.message.remote.port);
    }

  private:
    Lab& m_lab;
};

TEST(IkeExchange, RunsWithoutNatOnPort500AndWithBareEsp)
{
    Lab lab{XpWithUpdate(), Generic(NatTFlavor::Draft02N)};
    Steps step{lab};
    lab.Acquire();
    /* HDR, SA, VID, VID, VID --> */
    EXPECT_EQ(step.Payloads(), "SA, VID, VID, VID");
    EXPECT_EQ(step.Next(), "MM1 500>500");
    /* <-- HDR, SA, VID */
    EXPECT_EQ(step.Payloads(), "SA, VID");
    EXPECT_EQ(step.Next(), "MM2 500>500");
    /* HDR, KE, Ni, NAT-D, NAT-D --> */
    EXPECT_EQ(step.Payloads(), "KE, NONCE, NAT-D, NAT-D");
    EXPECT_EQ(step.Next(), "MM3 500>500");
    /* <-- HDR, KE, Nr, NAT-D, NAT-D */
    EXPECT_EQ(step.Payloads(), "KE, NONCE, NAT-D, NAT-D");
    EXPECT_EQ(step.Next(), "MM4 500>500");
    /* HDR*, IDii, HASH_I --> */
    EXPECT_EQ(step.Payloads(), "encrypted");
    EXPECT_EQ(step.Next(), "MM5 500>500");
    EXPECT_THAT(lab.server.All<PeerUp>(), SizeIs(1));
    /* <-- HDR*, IDir, HASH_R */
    EXPECT_THAT(lab.client.All<PeerUp>(), IsEmpty());
    EXPECT_EQ(step.Next(), "MM6 500>500");
    EXPECT_THAT(lab.client.All<PeerUp>(), SizeIs(1));
    /* HDR*, HASH(1), SA, Ni, IDci, IDcr --> */
    EXPECT_EQ(step.Next(), "QM1 500>500");
    /* <-- HDR*, HASH(2), SA, Nr, IDci, IDcr */
    EXPECT_EQ(step.Next(), "QM2 500>500");
    EXPECT_THAT(lab.client.All<ChildUp>(), SizeIs(1));
    EXPECT_THAT(lab.server.All<ChildUp>(), IsEmpty());
    /* HDR*, HASH(3) --> */
    EXPECT_EQ(step.Next(), "QM3 500>500");
    EXPECT_THAT(lab.flights, IsEmpty());

    ASSERT_TRUE(lab.Agreed());
    const ChildSa sa = lab.client.All<ChildUp>()[0].sa;
    EXPECT_FALSE(sa.udpEncapsulated);
    EXPECT_TRUE(sa.initiator);
    const ChildKeys keys = lab.client.All<ChildUp>()[0].keys;
    EXPECT_EQ(keys.inboundCipher.size(), 24U);
    EXPECT_EQ(keys.inboundAuth.size(), 16U); // HMAC-MD5 is the first offer
    EXPECT_NE(keys.inboundCipher, keys.outboundCipher);
    EXPECT_EQ(sa.lifetime, seconds{3600});
    EXPECT_EQ(sa.selector, lab.Wanted().selector);
    const ChildSa other = lab.server.All<ChildUp>()[0].sa;
    EXPECT_EQ(other.selector, (Selector{lab.places.Server(), lab.places.Client(), 17, 1701, 1701}));
    EXPECT_EQ(lab.server.All<ChildUp>()[0].tag.connection, 7U);
    EXPECT_EQ(lab.client.Events(EventType::NatDetected).at(0).subject, "none");
}

struct NatCase
{
    const char* name;
    NatTFlavor flavor;
    std::uint16_t encapsulation;
    const char* natName;
};

class IkeExchangeBehindNat : public ::testing::TestWithParam<NatCase>
{
};

TEST_P(IkeExchangeBehindNat, FloatsWithMm5AndEncapsulates)
{
    Lab lab{Generic(GetParam().flavor), Generic(GetParam().flavor), {true, false}};
    Steps step{lab};
    lab.Acquire();
    EXPECT_EQ(step.Next(), "MM1 500>500");   /* HDR, SA, VID --> */
    EXPECT_EQ(step.Next(), "MM2 500>10500"); /* <-- HDR, SA, VID */
    EXPECT_EQ(step.Next(), "MM3 500>500");   /* HDR, KE, Ni, NAT-D, NAT-D --> */
    EXPECT_EQ(lab.server.Events(EventType::NatDetected).at(0).subject, "peer");
    EXPECT_EQ(step.Next(), "MM4 500>10500"); /* <-- HDR, KE, Nr, NAT-D, NAT-D */
    EXPECT_EQ(lab.client.Events(EventType::NatDetected).at(0).subject, "local");
    EXPECT_EQ(step.Next(), "MM5 4500>4500");  /* HDR*, IDii, HASH_I --> */
    EXPECT_EQ(step.Next(), "MM6 4500>14500"); /* <-- HDR*, IDir, HASH_R */
    EXPECT_EQ(step.Next(), "QM1 4500>4500");  /* HDR*, HASH(1), SA, Ni, IDci, IDcr, NAT-OA --> */
    EXPECT_EQ(step.Next(), "QM2 4500>14500"); /* <-- HDR*, HASH(2), SA, Nr, IDci, IDcr, NAT-OA */
    EXPECT_EQ(step.Next(), "QM3 4500>4500");  /* HDR*, HASH(3) --> */
    ASSERT_TRUE(lab.Agreed());
    const ChildSa atServer = lab.server.All<ChildUp>()[0].sa;
    EXPECT_TRUE(atServer.udpEncapsulated);
    EXPECT_EQ(atServer.remote, (Endpoint{lab.places.ClientOutside(), 14500}));
    EXPECT_EQ(atServer.selector.remote, lab.places.ClientOutside());
    EXPECT_EQ(atServer.peerOriginalAddress, lab.places.Client());
    const ChildSa atClient = lab.client.All<ChildUp>()[0].sa;
    if (GetParam().flavor == NatTFlavor::Rfc3947)
    {
        EXPECT_EQ(atServer.ownOriginalAddress, lab.places.ServerOutside());
        EXPECT_EQ(atClient.ownOriginalAddress, lab.places.ClientOutside());
    }
    else
    {
        EXPECT_FALSE(atServer.ownOriginalAddress);
    }
    EXPECT_EQ(atClient.peerOriginalAddress, lab.places.Server());
    const std::string mode = std::to_string(GetParam().encapsulation);
    for (const Event& event : lab.server.Events(EventType::SaEstablished))
    {
        EXPECT_EQ(event.detail,
                  event.layer == Layer::Ike ? "3DES/SHA1/MODP-1024 pre-shared key, NAT-T " +
                                                  std::string{GetParam().natName}
                                            : "ESP 3DES/HMAC-MD5, transport in UDP (" + mode + ")");
        EXPECT_EQ(event.tag.connection, 7U);
    }
}

INSTANTIATE_TEST_SUITE_P(
    AllRevisions,
    IkeExchangeBehindNat,
    ::testing::Values(NatCase{"Draft02N", NatTFlavor::Draft02N, 61444, "draft-02\\n"},
                      NatCase{"Draft02", NatTFlavor::Draft02, 61444, "draft-02"},
                      NatCase{"Draft03", NatTFlavor::Draft03, 61444, "draft-03"},
                      NatCase{"Rfc3947", NatTFlavor::Rfc3947, 4, "RFC 3947"}),
    [](const auto& suite) { return std::string{suite.param.name}; });

TEST(IkeExchange, PrefersRfc3947WhereBothEndsKnowIt)
{
    Profile both = Generic();
    both.vendorIds.push_back(VendorIdOf(NatTFlavor::Draft02N));
    both.natT.push_back(NatTFlavor::Draft02N);
    Lab lab{both, both, {true, false}};
    lab.Acquire();
    lab.Settle();
    ASSERT_TRUE(lab.Agreed());
    EXPECT_EQ(lab.server.Events(EventType::NatDetected).at(0).detail, "NAT-T RFC 3947");
    Lab older{XpWithUpdate(), both, {true, false}};
    older.Acquire();
    older.Settle();
    ASSERT_TRUE(older.Agreed());
    EXPECT_EQ(older.server.Events(EventType::NatDetected).at(0).detail, "NAT-T draft-02\\n");
}

TEST(IkeExchange, WithoutNatTTheServerRefusesThePrivateAddressBehindNat)
{
    Lab lab{XpWithoutNatT(), Generic(), {true, false}};
    lab.Acquire();
    lab.Settle();
    EXPECT_THAT(lab.client.Events(EventType::NatDetected), IsEmpty());
    EXPECT_THAT(lab.Times("MM6"), SizeIs(1)); // Main Mode goes through
    for (const End* end : {&lab.client, &lab.server})
    {
        ASSERT_THAT(end->All<Failed>(), SizeIs(1));
        EXPECT_EQ(end->All<Failed>()[0].reason, Reason::IkeInvalidId);
        EXPECT_EQ(end->All<Failed>()[0].message, "QM1");
    }
    EXPECT_EQ(lab.client.All<Failed>()[0].notify, 18);
}

struct PolicyCase
{
    ResponderBehindNat policy;
    bool clientNat;
    bool connects;
};

TEST(IkeExchange, ObeysThePolicyAboutRespondersBehindNat)
{
    const PolicyCase cases[] = {
        {ResponderBehindNat::Refuse, false, false},
        {ResponderBehindNat::Refuse, true, false},
        {ResponderBehindNat::IfOnlyOne, false, true},
        {ResponderBehindNat::IfOnlyOne, true, false},
        {ResponderBehindNat::IfBoth, false, true},
        {ResponderBehindNat::IfBoth, true, true},
    };
    for (const PolicyCase& c : cases)
    {
        Profile client = XpWithUpdate();
        client.responderBehindNat = c.policy;
        Lab lab{client, Server2003(), {c.clientNat, true}};
        lab.Acquire();
        lab.Settle();
        EXPECT_EQ(lab.Agreed(), c.connects);
        EXPECT_EQ(lab.client.Events(EventType::NatDetected).at(0).subject,
                  c.clientNat ? "both" : "peer");
        if (!c.connects)
        {
            ASSERT_THAT(lab.client.All<Failed>(), SizeIs(1));
            EXPECT_EQ(lab.client.All<Failed>()[0].reason, Reason::IkeResponderBehindNat);
            EXPECT_EQ(lab.client.All<Failed>()[0].message, "MM4");
            EXPECT_EQ(lab.client.engine.PeerCount(), 0U);
            EXPECT_FALSE(lab.client.engine.Deadline());
        }
    }
}

TEST(IkeExchange, SendsAFourthMessageWithTheCommitBit)
{
    for (const FourthMessage kind : {FourthMessage::Connected, FourthMessage::InitialContact})
    {
        Profile server = Server2003();
        server.fourthMessage = kind;
        Lab lab{XpWithUpdate(), server, {true, false}};
        lab.Acquire();
        std::size_t clientUpAfter = 0;
        lab.alter = [&](Flight& flight)
        {
            if (flight.name == "QM4")
            {
                clientUpAfter = lab.client.All<ChildUp>().size();
                EXPECT_THAT(lab.server.All<ChildUp>(), SizeIs(1));
            }
            return true;
        };
        lab.Settle();
        EXPECT_TRUE(lab.Agreed());
        EXPECT_EQ(clientUpAfter, 0U);
        EXPECT_THAT(lab.Times("QM4"), SizeIs(1));
    }
}

TEST(IkeExchange, DoesNotWaitForAFourthMessageWhenTheProfileDoesNot)
{
    Profile client = XpWithUpdate();
    client.waitForFourthMessage = false;
    Lab lab{client, Server2003()};
    lab.alter = [](Flight& flight) { return flight.name != "QM3" && flight.name != "QM4"; };
    lab.Acquire();
    lab.Settle();
    EXPECT_THAT(lab.client.All<ChildUp>(), SizeIs(1));
}

/** \return the identities in QM1 or QM2, read with the logged key. */
std::vector<IdPayload>
Identities(const Lab& lab, const std::string& name)
{
    ShortBytes lastBlock; // of the exchange; before QM1 that is of MM6
    for (const Flight& flight : lab.sent)
    {
        const ByteView bytes = flight.message.payload;
        const auto header = DecodeHeader(bytes);
        const ShortBytes iv =
            flight.name == "QM1"
                ? PhaseTwoIv(crypto::HashAlgorithm::Sha1, lastBlock, header->messageId)
                : lastBlock;
        lastBlock = bytes.Sub(bytes.size() - 8);
        if (flight.name != name)
        {
            continue;
        }
        const crypto::CbcCipher cipher(crypto::CipherAlgorithm::TripleDesCbc,
                                       lab.client.keys.ike.at(0).encryptionKey);
        const auto plain = DecryptPayloads(cipher, iv, bytes.Sub(Header::SIZE));
        const auto chain = DecodeChain(header->next, *plain, 7);
        std::vector<IdPayload> ids;
        for (const IdPayload* id : chain->All<IdPayload>())
        {
            ids.push_back(*id);
        }
        return ids;
    }
    return {};
}

std::string
Text(const IdPayload& id)
{
    const std::string what =
        id.Address() ? id.Address()->ToString() : std::string(id.data.begin(), id.data.end());
    return what + " " + std::to_string(id.protocol) + "/" + std::to_string(id.port);
}

TEST(IkeExchange, NamesTheEndsAsWindowsDoesBehindNat)
{
    Lab lab{XpWithUpdate(), Server2003(), {true, true}};
    lab.Acquire();
    lab.Settle();
    ASSERT_TRUE(lab.Agreed());
    const auto asked = Identities(lab, "QM1");
    ASSERT_THAT(asked, SizeIs(2));
    EXPECT_EQ(Text(asked[0]), "client.example 17/1701");
    EXPECT_EQ(Text(asked[1]), "198.51.100.1 17/1701");
    const auto answered = Identities(lab, "QM2");
    ASSERT_THAT(answered, SizeIs(2));
    EXPECT_EQ(Text(answered[0]), "203.0.113.7 17/1701");
    EXPECT_EQ(Text(answered[1]), "server.example 17/1701");
    EXPECT_EQ(lab.server.All<ChildUp>()[0].sa.selector,
              (Selector{lab.places.Server(), lab.places.ClientOutside(), 17, 1701, 1701}));
}

TEST(IkeExchange, AcceptsPortZeroAsAnyPort)
{
    Lab lab{XpWithoutNatT(), Generic()};
    lab.Acquire();
    lab.Settle();
    ASSERT_TRUE(lab.Agreed());
    EXPECT_EQ(Text(Identities(lab, "QM1").at(1)), "198.51.100.1 17/0");
    EXPECT_EQ(lab.server.All<ChildUp>()[0].sa.selector.localPort, 0);
}

TEST(IkeExchange, RefusesChangedIdentitiesOnlyWhenToldTo)
{
    Profile client = XpWithUpdate();
    client.acceptChangedIdentities = false;
    Lab lab{client, Server2003(), {true, true}};
    lab.Acquire();
    lab.Settle();
    ASSERT_THAT(lab.client.All<Failed>(), SizeIs(1));
    EXPECT_EQ(lab.client.All<Failed>()[0].reason, Reason::IkeInvalidId);
    ASSERT_THAT(lab.server.All<Failed>(), SizeIs(1)); // it was notified
    EXPECT_EQ(lab.server.All<Failed>()[0].notify, 18);
}

TEST(IkeExchange, MakesFreshKeysWithPfs)
{
    Profile pfs = Generic();
    pfs.phase2 = {Phase2Proposal{}};
    pfs.phase2[0].pfs = crypto::DhGroup::Modp1024;
    Lab lab{pfs, Generic()};
    lab.Acquire();
    lab.Settle();
    EXPECT_TRUE(lab.Agreed());
    EXPECT_THAT(lab.Times("QM2"), SizeIs(1));
    EXPECT_GT(lab.sent.at(6).message.payload.size(), 28U + 128U); // QM1 carries a public value
}

TEST(IkeExchange, RunsWithAesAndGroup14)
{
    Profile strong = Generic();
    strong.phase1 = {Phase1Transform{crypto::CipherAlgorithm::AesCbc, 256}};
    strong.phase1[0].group = crypto::DhGroup::Modp2048;
    strong.phase2 = {Phase2Proposal{crypto::CipherAlgorithm::AesCbc, 192}};
    Lab lab{strong, strong, {true, false}};
    lab.Acquire();
    lab.Settle();
    ASSERT_TRUE(lab.Agreed());
    EXPECT_EQ(lab.client.keys.ike.at(0).encryptionKey.size(), 32U);
    EXPECT_EQ(lab.client.All<ChildUp>()[0].keys.inboundCipher.size(), 24U);
    const Event main = lab.client.Events(EventType::SaEstablished).at(0);
    EXPECT_EQ(main.value, 14);
    EXPECT_EQ(main.detail.rfind("AES-256/SHA1/MODP-2048 pre-shared key", 0), 0U) << main.detail;
}

TEST(IkeExchange, TellsTheShorterLifetimeOfTheResponder)
{
    Profile server = Server2003();
    for (Phase2Proposal& proposal : server.phase2)
    {
        proposal.lifeSeconds = 900;
    }
    Lab lab{XpWithUpdate(), server};
    lab.Acquire();
    lab.Settle();
    ASSERT_TRUE(lab.Agreed());
    EXPECT_EQ(lab.client.All<ChildUp>()[0].sa.lifetime, seconds{900});
}

TEST(IkeExchange, LogsTheSameKeysAtBothEnds)
{
    Lab lab{XpWithUpdate(), Server2003(), {true, false}};
    lab.Acquire();
    lab.Settle();
    ASSERT_THAT(lab.client.keys.ike, SizeIs(1));
    ASSERT_THAT(lab.server.keys.ike, SizeIs(1));
    EXPECT_EQ(lab.client.keys.ike[0].encryptionKey, lab.server.keys.ike[0].encryptionKey);
    EXPECT_EQ(lab.client.keys.ike[0].initiatorCookie,
              DecodeHeader(lab.sent.at(0).message.payload)->initiatorCookie);
}

TEST(IkeExchange, UsesAnExistingMainModeForTheNextSelector)
{
    Lab lab{Generic(), Generic()};
    lab.Acquire();
    lab.Acquire(); // the same wish again changes nothing
    lab.Settle();
    EXPECT_THAT(lab.client.All<ChildUp>(), SizeIs(1));
    Request second = lab.Wanted();
    second.selector.localPort = 4000;
    lab.Take(true, lab.client.engine.Acquire(second, lab.now));
    lab.Settle();
    EXPECT_THAT(lab.Times("MM1"), SizeIs(1));
    EXPECT_THAT(lab.client.All<ChildUp>(), SizeIs(2));
    EXPECT_EQ(lab.server.All<ChildUp>().at(1).sa.selector.remotePort, 4000);
}

TEST(IkeExchange, GivesTheSameBytesForTheSameSeedAndOthersForAnother)
{
    const auto run = [](std::uint64_t seed)
    {
        Lab lab{XpWithUpdate(), Server2003(), {true, false}, seed};
        lab.Acquire();
        lab.Settle();
        std::vector<Bytes> bytes;
        for (const Flight& flight : lab.sent)
        {
            bytes.push_back(flight.message.payload);
        }
        return bytes;
    };
    const auto first = run(1);
    EXPECT_EQ(first, run(1));
    const auto other = run(2);
    ASSERT_EQ(first.size(), other.size());
    for (std::size_t i = 0; i < first.size(); ++i)
    {
        EXPECT_NE(first[i], other[i]);
    }
}

TEST(IkeStates, ArePrintedAsATable)
{
    const std::string table = StateTable();
    EXPECT_EQ(std::count(table.begin(), table.end(), '\n'), 14);
    EXPECT_NE(table.find("MM4 sent     responder  MM5     established\n"), std::string::npos);
}

} // namespace
} // namespace nattlab::ike::test
