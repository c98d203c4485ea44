// SPDX-License-Identifier: GPL-2.0-only
#include "model/crypto/random.h"
#include "model/ike/isakmp.h"
#include "model/ike/proposal.h"
#include "test/model/ike/profiles.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

namespace nattlab::ike
{
namespace
{

using ::testing::HasSubstr;

/** A message with a payload of every kind. */
Bytes
EveryPayload()
{
    Proposal proposal{1, PROTOCOL_ESP, {1, 2, 3, 4}, {}};
    proposal.transforms.push_back({1, 3, {Attribute::Short(1, 1), Attribute::Long(2, 3600)}});
    proposal.transforms.push_back({2, 2, {Attribute{5, false, {9}}}});
    SaPayload sa;
    sa.proposals = {proposal, {2, PROTOCOL_AH, {5, 6, 7, 8}, {{1, 2, {}}}}};
    const std::vector<Payload> payloads{
        sa,
        KeyExchangePayload{Bytes(96, 7)},
        IdPayload::OfAddress({0xC0A80102}, 17, 1701),
        IdPayload::OfName("client.example", 17, 1701),
        CertPayload{1, {1, 2, 3}},
        CertRequestPayload{4, {}},
        HashPayload{Bytes(20, 1)},
        SignaturePayload{Bytes(64, 2)},
        NoncePayload{Bytes(20, 3)},
        NotifyPayload{DOI_IPSEC, PROTOCOL_ESP, {1, 2, 3, 4}, 14, {5}},
        DeletePayload{DOI_IPSEC, PROTOCOL_ESP, 4, {{1, 2, 3, 4}, {5, 6, 7, 8}}},
        VendorIdPayload{{1, 2}},
        NatDPayload{false, Bytes(20, 4)},
        NatDPayload{true, Bytes(16, 5)},
        NatOaPayload{false, {0x01020304}},
        NatOaPayload{true, {0x05060708}},
        FragmentPayload{1, 2, FragmentPayload::LAST, {1}},
        PrivatePayload{200, {1}},
    };
    return EncodeMessage(Header{1, 2, 0, EXCHANGE_MAIN, 0, 0}, payloads);
}

Decoded<Chain>
Decode(ByteView message)
{
    const auto header = DecodeHeader(message);
    return header ? DecodeChain(header->next, message.Sub(Header::SIZE).ToBytes())
                  : Decoded<Chain>{header.Error()};
}

std::string
ErrorOf(const Bytes& message)
{
    const auto chain = Decode(message);
    return chain ? "none" : chain.Error().ToString();
}

TEST(Isakmp, ReadsEveryPayloadAndWritesTheSameBytes)
{
    const Bytes message = EveryPayload();
    const auto header = DecodeHeader(message);
    ASSERT_TRUE(header) << header.Error().ToString();
    const auto chain = Decode(message);
    ASSERT_TRUE(chain) << chain.Error().ToString();
    EXPECT_EQ(chain->ToString(),
              "SA, KE, ID, ID, CERT, CERTREQ, HASH, SIG, NONCE, N, D, VID, NAT-D, NAT-D, NAT-OA, "
              "NAT-OA, FRAGMENT, 200");
    std::vector<Payload> payloads;
    for (const Chain::Item& item : chain->items)
    {
        payloads.push_back(item.payload);
    }
    EXPECT_EQ(EncodeMessage(*header, payloads), message);
    EXPECT_EQ(chain->Find<NatOaPayload>()->address, Ipv4Address{0x01020304});
    EXPECT_EQ(chain->All<DeletePayload>()[0]->spis.size(), 2U);
}

// The bytes that ike-scan shows for an MM2: 3DES, SHA-1, pre-shared key, group 2, 28800 s.
TEST(Isakmp, WritesAttributesInShortAndLongForm)
{
    const Transform transform{1,
                              1,
                              {Attribute::Short(1, 5),
                               Attribute::Short(2, 2),
                               Attribute::Short(3, 1),
                               Attribute::Short(4, 2),
                               Attribute::Short(11, 1),
                               Attribute::Long(12, 28800)}};
    SaPayload sa;
    sa.proposals.push_back({1, PROTOCOL_ISAKMP, {}, {transform}});
    EXPECT_EQ(ToHex(EncodeBody(sa)),
              "0000000100000001"
              "0000002c01010001"
              "0000002401010000"
              "80010005800200028003000180040002800b0001000c000400007080");
}

TEST(Isakmp, SaysWhatIsWrongAndWhere)
{
    const Header header{1, 2, PAYLOAD_NONE, EXCHANGE_MAIN, 0, 0};
    Bytes message = EncodeMessage(header, {NoncePayload{Bytes(8, 1)}});
    EXPECT_EQ(ErrorOf({1, 2}), "ISAKMP header is cut off at byte 2");
    Bytes bad = message;
    bad[17] = 0x20;
    EXPECT_EQ(ErrorOf(bad), "version 2.0 is not 1.0 at byte 17");
    bad = message;
    bad.push_back(0);
    EXPECT_EQ(ErrorOf(bad), "length field says 40, message has 41 bytes at byte 24");
    bad = message;
    bad[29] = 1;
    EXPECT_EQ(ErrorOf(bad), "reserved byte of NONCE is not 0 at byte 29");
    bad = message;
    bad[31] = 13;
    EXPECT_EQ(ErrorOf(bad), "length 13 of NONCE does not fit at byte 30");
    bad = message;
    bad[31] = 11;
    EXPECT_EQ(ErrorOf(bad), "NONCE payload has fewer than 8 bytes at byte 32");
    bad = message;
    bad[28] = 3;
    EXPECT_EQ(ErrorOf(bad), "generic header of T is cut off at byte 40");
    bad = message;
    bad[16] = 14;
    EXPECT_EQ(ErrorOf(bad), "payload type 14 is not valid here at byte 28");
    EXPECT_EQ(ErrorOf(EncodeMessage(header, std::vector<Payload>{})),
              "message has no payload at byte 28");
    EXPECT_THAT(ErrorOf(EncodeMessage(header, {NatOaPayload{false, {}}, IdPayload{1, 0, 0, {1}}})),
                HasSubstr("IPv4 address of ID payload has not 4 bytes at byte 48"));
}

TEST(Isakmp, AllowsPaddingOnlyWhereItIsToldTo)
{
    Bytes chain = EncodeChain({NoncePayload{Bytes(8, 1)}});
    chain.resize(chain.size() + 4);
    EXPECT_FALSE(DecodeChain(PAYLOAD_NONCE, chain));
    const auto padded = DecodeChain(PAYLOAD_NONCE, chain, 7);
    ASSERT_TRUE(padded);
    EXPECT_EQ(padded->size, 12U);
}

TEST(Isakmp, SurvivesTruncatedFlippedAndRandomInput)
{
    RandomStream random{1, "test", "isakmp"};
    const Bytes message = EveryPayload();
    for (std::size_t size = 0; size < message.size(); ++size)
    {
        Bytes cut(message.begin(), message.begin() + static_cast<std::ptrdiff_t>(size));
        EXPECT_FALSE(Decode(cut));
        if (size >= Header::SIZE)
        {
            Store32(cut.data() + 24, static_cast<std::uint32_t>(size));
            EXPECT_FALSE(Decode(cut));
        }
    }
    int read = 0;
    for (int i = 0; i < 5000; ++i)
    {
        Bytes flipped = message;
        flipped[random.Below(flipped.size())] ^= static_cast<std::uint8_t>(1 + random.Below(255));
        read += Decode(flipped) ? 1 : 0;
        const Bytes noise = random.Take(random.Below(80));
        DecodeChain(static_cast<std::uint8_t>(random.Below(256)), noise, 8);
    }
    EXPECT_GT(read, 0);
    EXPECT_LT(read, 5000);
}

const std::vector<AuthMethod> WITH_KEY{AuthMethod::PresharedKey};

TEST(Proposals, TakeTheFirstAcceptableInTheOrderThatCounts)
{
    Profile initiator = test::XpWithUpdate();
    initiator.phase1 = test::WindowsPhase1(true);
    Profile responder = test::XpWithUpdate();
    std::reverse(responder.phase1.begin(), responder.phase1.end());
    const SaPayload offer = OfferPhase1(initiator, WITH_KEY);
    EXPECT_EQ(offer.proposals[0].transforms.size(), 5U);
    EXPECT_EQ(Describe(ChoosePhase1(responder, WITH_KEY, offer)->agreed),
              "3DES/SHA1/MODP-1024 pre-shared key");
    responder.preference = Preference::Own;
    const auto choice = ChoosePhase1(responder, WITH_KEY, offer);
    EXPECT_EQ(Describe(choice->agreed), "DES/MD5/MODP-768 pre-shared key");
    EXPECT_EQ(choice->reply.proposals[0].transforms[0].number, 5);
    EXPECT_TRUE(AcceptPhase1(initiator, WITH_KEY, choice->reply));
    responder.phase1 = {Phase1Transform{crypto::CipherAlgorithm::AesCbc}};
    EXPECT_FALSE(ChoosePhase1(responder, WITH_KEY, offer));
}

TEST(Proposals, AreOfferedWithEveryMethodThatIsUsable)
{
    const std::vector<AuthMethod> signatures{AuthMethod::RsaSignature};
    const std::vector<AuthMethod> both{AuthMethod::RsaSignature, AuthMethod::PresharedKey};
    const Profile profile = test::XpWithUpdate();
    EXPECT_EQ(OfferPhase1(profile, both).proposals[0].transforms.size(), 8U);
    const SaPayload offer = OfferPhase1(profile, signatures);
    EXPECT_EQ(offer.proposals[0].transforms.size(), 4U);
    EXPECT_FALSE(ChoosePhase1(profile, WITH_KEY, offer));
    const auto choice = ChoosePhase1(profile, both, offer);
    ASSERT_TRUE(choice);
    EXPECT_EQ(Describe(choice->agreed), "3DES/SHA1/MODP-1024 RSA signatures");
    EXPECT_TRUE(AcceptPhase1(profile, signatures, choice->reply));
    EXPECT_FALSE(AcceptPhase1(profile, WITH_KEY, choice->reply));
}

TEST(Proposals, TellAesKeyLengthsApart)
{
    Profile weak = test::Generic();
    weak.phase1 = {Phase1Transform{crypto::CipherAlgorithm::AesCbc, 128}};
    weak.phase2 = {Phase2Proposal{crypto::CipherAlgorithm::AesCbc, 128}};
    Profile strong = weak;
    strong.phase1[0].keyBits = 256;
    strong.phase2[0].keyBits = 256;
    Profile silent = weak;
    silent.phase1[0].keyBits = 0; // the cipher's default is 128
    EXPECT_FALSE(ChoosePhase1(strong, WITH_KEY, OfferPhase1(weak, WITH_KEY)));
    EXPECT_TRUE(ChoosePhase1(silent, WITH_KEY, OfferPhase1(weak, WITH_KEY)));
    EXPECT_FALSE(ChoosePhase2(strong, OfferPhase2(weak, 300, 2), 400, 2));
    EXPECT_TRUE(ChoosePhase2(strong, OfferPhase2(strong, 300, 2), 400, 2));
}

TEST(Proposals, PassOverUnknownAttributesOnlyWhereTheProfileSaysSo)
{
    Profile profile = test::Generic();
    SaPayload offer = OfferPhase1(profile, WITH_KEY);
    for (Transform& transform : offer.proposals[0].transforms)
    {
        transform.attributes.push_back(Attribute::Short(16384, 1));
    }
    EXPECT_FALSE(ChoosePhase1(profile, WITH_KEY, offer));
    profile.ignoreUnknownAttributes = true;
    EXPECT_TRUE(ChoosePhase1(profile, WITH_KEY, offer));
}

TEST(Proposals, OfferOneProposalPerTransformOfPhase2)
{
    const Profile profile = test::XpWithUpdate();
    const SaPayload offer = OfferPhase2(profile, 0x1234, 61444);
    ASSERT_EQ(offer.proposals.size(), 4U);
    EXPECT_EQ(offer.proposals[3].number, 4);
    EXPECT_EQ(ToHex(EncodeBody(offer)).substr(16, 104),
              "0200003401030401"         // proposal 1: ESP, one transform
              "00001234"                 // SPI
              "0000002801030000"         // transform 1: 3DES
              "800100010002000400000e10" // 3600 s
              "80010002000200040003d090" // 250000 KB
              "8004f00480050001");       // UDP-transport of the drafts, HMAC-MD5
}

TEST(Proposals, RefuseAnotherEncapsulationAndProposalsThatNeedAhToo)
{
    const Profile profile = test::XpWithUpdate();
    EXPECT_FALSE(ChoosePhase2(profile, OfferPhase2(profile, 300, 61444), 400, 4));
    SaPayload offer = OfferPhase2(profile, 300, 2);
    offer.proposals.resize(1);
    EXPECT_TRUE(ChoosePhase2(profile, offer, 400, 2));
    offer.proposals.push_back({1, PROTOCOL_AH, {0, 0, 1, 0x2c}, {{1, 2, {}}}});
    EXPECT_FALSE(ChoosePhase2(profile, offer, 400, 2));
}

TEST(Proposals, AgreeOnTheShorterLifetimes)
{
    Profile a = test::Generic();
    Profile b = test::Generic();
    a.phase2[0].lifeSeconds = 100;
    a.phase2[0].lifeKilobytes = 0;
    const auto choice = ChoosePhase2(b, OfferPhase2(a, 300, 2), 400, 2);
    EXPECT_EQ(choice->agreed.lifeSeconds, 100U);
    EXPECT_EQ(choice->agreed.lifeKilobytes, 250000U);
    EXPECT_FALSE(choice->shortened);
    EXPECT_TRUE(ChoosePhase2(a, OfferPhase2(b, 300, 2), 400, 2)->shortened);
    const Lifetimes read = DecodeLifetimes(EncodeLifetimes(choice->agreed));
    EXPECT_EQ(read.seconds, 100U);
    EXPECT_EQ(read.kilobytes, 250000U);
}

TEST(Proposals, ShareOnePfsGroup)
{
    Profile a = test::Generic();
    a.phase2[0].pfs = crypto::DhGroup::Modp1024;
    EXPECT_EQ(OfferPhase2(a, 300, 2).proposals.size(), 1U);
    const Profile any = test::Generic();
    EXPECT_EQ(ChoosePhase2(any, OfferPhase2(a, 300, 2), 400, 2)->agreed.pfs,
              crypto::DhGroup::Modp1024);
    a.phase2.resize(1);
    EXPECT_FALSE(ChoosePhase2(a, OfferPhase2(any, 300, 2), 400, 2));
}

} // namespace
} // namespace nattlab::ike
