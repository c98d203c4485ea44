// SPDX-License-Identifier: GPL-2.0-only
#include "model/pki/store.h"

#include "model/pki/authority.h"
#include "model/pki/pem.h"
#include "test/model/pki/fixtures.h"

#include <gtest/gtest.h>
#include <stdexcept>
#include <string>
#include <vector>

using namespace nattlab;
using namespace nattlab::pki;

namespace
{

constexpr UnixTime BEFORE_2004 = 1072915199;
constexpr UnixTime FIRST_OF_2004 = 1072915200;
constexpr UnixTime MIDDLE_OF_2004 = 1086048000;
constexpr UnixTime END_OF_2004 = 1104537600; // LEAF ends at 2005-01-01 00:00:00, inclusive

Bytes
Der(const char* pem)
{
    return CertificatesFrom(ByteView{std::string_view{pem}}).at(0);
}

Store
Trusting(const char* root)
{
    Store store;
    store.AddRoot(Der(root));
    return store;
}

std::vector<EncodedCertificate>
Plain(const std::vector<const char*>& pems)
{
    std::vector<Bytes> chain;
    for (const char* pem : pems)
    {
        chain.push_back(Der(pem));
    }
    return Encode(chain, Encoding::X509);
}

Reason
Check(const std::vector<const char*>& pems, UnixTime now = MIDDLE_OF_2004)
{
    return Trusting(fixture::ROOT).Verify(Plain(pems), now).reason;
}

MachineCertificate
Alice()
{
    return {{Der(fixture::LEAF), Der(fixture::INTERMEDIATE)},
            RsaKey::FromPem(ByteView{std::string_view{fixture::LEAF_KEY}})};
}

} // namespace

TEST(Store, AcceptsAChainOfAnotherTool)
{
    const Verification result =
        Trusting(fixture::ROOT)
            .Verify(Plain({fixture::LEAF, fixture::INTERMEDIATE}), MIDDLE_OF_2004);
    EXPECT_EQ(result.reason, Reason::None);
    EXPECT_EQ(result.name, "CN=alice,O=Lab");
    EXPECT_EQ(result.subject, SubjectOf(Der(fixture::LEAF)));
    ASSERT_TRUE(result.key);
    const RsaKey key = RsaKey::FromPem(ByteView{std::string_view{fixture::LEAF_KEY}});
    EXPECT_TRUE(result.key->Verify(Bytes(20, 7), key.Sign(Bytes(20, 7))));
}

TEST(Store, TakesTheCertificatesInAnyOrderAndWithTheRoot)
{
    EXPECT_EQ(Check({fixture::INTERMEDIATE, fixture::LEAF}), Reason::None);
    EXPECT_EQ(Check({fixture::ROOT, fixture::INTERMEDIATE, fixture::LEAF}), Reason::None);
    EXPECT_EQ(Check({fixture::LEAF, fixture::LEAF, fixture::INTERMEDIATE}), Reason::None);
    EXPECT_EQ(Check({fixture::LEAF, fixture::MD5_512, fixture::INTERMEDIATE}), Reason::None);
}

TEST(Store, AcceptsMd5And512BitsWhateverTheMachineIsConfiguredFor)
{
    EXPECT_EQ(Check({fixture::MD5_512}), Reason::None);
}

TEST(Store, ReadsThePkcs7OfAnotherTool)
{
    const Bytes message = ReadPem(ByteView{std::string_view{fixture::CHAIN_PKCS7}}).at(0).der;
    const auto result =
        Trusting(fixture::ROOT).Verify({{Encoding::Pkcs7, message}}, MIDDLE_OF_2004);
    EXPECT_EQ(result.reason, Reason::None);
    EXPECT_EQ(result.name, "CN=alice,O=Lab");
}

TEST(Store, WritesThePkcs7ThatItReads)
{
    const auto payloads = Encode(Alice().chain, Encoding::Pkcs7);
    ASSERT_EQ(payloads.size(), 1u);
    EXPECT_EQ(payloads[0].encoding, Encoding::Pkcs7);
    const auto result = Trusting(fixture::ROOT).Verify(payloads, MIDDLE_OF_2004);
    EXPECT_EQ(result.reason, Reason::None);
    EXPECT_EQ(result.name, "CN=alice,O=Lab");
}

TEST(Store, KnowsTheFirstAndTheLastSecondOfACertificate)
{
    const std::vector<const char*> chain{fixture::LEAF, fixture::INTERMEDIATE};
    EXPECT_EQ(Check(chain, BEFORE_2004), Reason::IkeCertificateNotYetValid);
    EXPECT_EQ(Check(chain, FIRST_OF_2004), Reason::None);
    EXPECT_EQ(Check(chain, END_OF_2004), Reason::None);
    EXPECT_EQ(Check(chain, END_OF_2004 + 1), Reason::IkeCertificateExpired);
}

TEST(Store, MissesTheIssuerAndTheRoot)
{
    EXPECT_EQ(Check({fixture::LEAF}), Reason::IkeCertificateUntrusted);
    EXPECT_EQ(Check({fixture::LEAF}, END_OF_2004 + 1), Reason::IkeCertificateUntrusted);
    const auto chain = Plain({fixture::LEAF, fixture::INTERMEDIATE, fixture::ROOT});
    EXPECT_EQ(Store().Verify(chain, MIDDLE_OF_2004).reason, Reason::IkeCertificateUntrusted);
}

TEST(Store, RefusesUsesThatAreNotIke)
{
    EXPECT_EQ(Check({fixture::FOR_CODE}), Reason::IkeCertificateUsage);
    EXPECT_EQ(Check({fixture::FOR_ENCRYPTION}), Reason::IkeCertificateUsage);
    EXPECT_EQ(Check({fixture::UNKNOWN_CRITICAL}), Reason::IkeCertificateUsage);
    EXPECT_EQ(Check({fixture::INTERMEDIATE}), Reason::IkeCertificateUsage); // signs certificates
}

TEST(Store, RefusesIssuersThatAreNoAuthorities)
{
    // In both orders: the order does not decide whose certificate it is.
    EXPECT_EQ(Check({fixture::BELOW_NOT_AN_AUTHORITY, fixture::NOT_AN_AUTHORITY}),
              Reason::IkeCertificateUsage);
    EXPECT_EQ(Check({fixture::NOT_AN_AUTHORITY, fixture::BELOW_NOT_AN_AUTHORITY}),
              Reason::IkeCertificateUsage);
    EXPECT_EQ(Check({fixture::VERSION_1, fixture::BELOW_VERSION_1}), Reason::IkeCertificateUsage);
    EXPECT_EQ(Check({fixture::NOT_AN_AUTHORITY}), Reason::None); // by itself nothing is wrong
}

TEST(Store, SeesThatARootOfTheSameNameDidNotSign)
{
    Store store = Trusting(fixture::OTHER_ROOT_OF_THAT_NAME);
    const auto chain = Plain({fixture::LEAF, fixture::INTERMEDIATE});
    EXPECT_EQ(store.Verify(chain, MIDDLE_OF_2004).reason, Reason::IkeCertificateInvalid);
    const auto withRoot = Plain({fixture::LEAF, fixture::INTERMEDIATE, fixture::ROOT});
    EXPECT_EQ(store.Verify(withRoot, MIDDLE_OF_2004).reason, Reason::IkeCertificateUntrusted);
    store.AddRoot(Der(fixture::ROOT)); // the right one is found among two
    EXPECT_EQ(store.Verify(chain, MIDDLE_OF_2004).reason, Reason::None);
}

TEST(Store, RefusesASpoiledSignatureAndStillTellsWhose)
{
    auto chain = Plain({fixture::LEAF, fixture::INTERMEDIATE});
    chain[0].data.back() ^= 1;
    const auto result = Trusting(fixture::ROOT).Verify(chain, MIDDLE_OF_2004);
    EXPECT_EQ(result.reason, Reason::IkeCertificateInvalid);
    EXPECT_EQ(result.name, "CN=alice,O=Lab");
}

TEST(Store, SaysWhenNothingCameOrNothingCanBeRead)
{
    const Store store = Trusting(fixture::ROOT);
    constexpr auto CRL = static_cast<Encoding>(7);
    EXPECT_EQ(store.Verify({}, 0).reason, Reason::IkeNoPeerCertificate);
    EXPECT_EQ(store.Verify({{CRL, Bytes(10)}}, 0).reason, Reason::IkeNoPeerCertificate);
    EXPECT_EQ(store.Verify({{Encoding::X509, {}}}, 0).reason, Reason::IkeCertificateInvalid);
    EXPECT_EQ(store.Verify({{Encoding::Pkcs7, {}}}, 0).reason, Reason::IkeCertificateInvalid);
    const EncodedCertificate mislabelled{Encoding::Pkcs7, Der(fixture::LEAF)};
    EXPECT_EQ(store.Verify({mislabelled}, 0).reason, Reason::IkeCertificateInvalid);
    EXPECT_EQ(store.Verify(Encode({}, Encoding::Pkcs7), 0).reason, Reason::IkeNoPeerCertificate);
}

TEST(Store, TrustsARootThatIsThePeersOwnCertificate)
{
    Store store;
    store.AddRoot(Der(fixture::LEAF));
    EXPECT_EQ(store.Verify(Plain({fixture::LEAF}), MIDDLE_OF_2004).reason, Reason::None);
}

TEST(Store, ChoosesByTheNamesThatThePeerAsksFor)
{
    Store store;
    EXPECT_FALSE(store.HasMachineCertificate());
    EXPECT_EQ(store.Choose({}, MIDDLE_OF_2004).reason, Reason::IkeNoCertificate);
    store.AddMachineCertificate(Alice());
    EXPECT_TRUE(store.HasMachineCertificate());
    const Bytes root = SubjectOf(Der(fixture::ROOT));
    const Bytes intermediate = SubjectOf(Der(fixture::INTERMEDIATE));
    const Bytes own = SubjectOf(Der(fixture::LEAF));
    for (const auto& wanted :
         std::vector<std::vector<Bytes>>{{}, {{}}, {root}, {intermediate}, {own, root}})
    {
        const Choice choice = store.Choose(wanted, MIDDLE_OF_2004);
        EXPECT_EQ(choice.reason, Reason::None);
        ASSERT_NE(choice.certificate, nullptr);
        EXPECT_EQ(choice.certificate->chain, Alice().chain);
    }
    const Choice choice = store.Choose({own}, MIDDLE_OF_2004);
    EXPECT_EQ(choice.reason, Reason::IkeNoCertificate);
    EXPECT_EQ(choice.certificate, nullptr);
}

TEST(Store, SaysWhyAMachineCertificateWillNotDo)
{
    Store store;
    store.AddMachineCertificate(Alice());
    EXPECT_EQ(store.Choose({}, BEFORE_2004).reason, Reason::IkeCertificateNotYetValid);
    EXPECT_EQ(store.Choose({}, END_OF_2004 + 1).reason, Reason::IkeCertificateExpired);
    EXPECT_EQ(store.Choose({SubjectOf(Der(fixture::LEAF))}, END_OF_2004 + 1).reason,
              Reason::IkeNoCertificate);
}

TEST(Store, RefusesAMachineCertificateWithoutItsKey)
{
    Store store;
    MachineCertificate wrong = Alice();
    wrong.key = RsaKey::FromPem(ByteView{std::string_view{fixture::KEY_512}});
    EXPECT_THROW(store.AddMachineCertificate(wrong), std::invalid_argument);
    wrong = Alice();
    wrong.chain.clear();
    EXPECT_THROW(store.AddMachineCertificate(wrong), std::invalid_argument);
    wrong.chain.push_back(Bytes(3));
    EXPECT_THROW(store.AddMachineCertificate(wrong), std::invalid_argument);
    EXPECT_THROW(store.AddRoot(Bytes(3)), std::invalid_argument);
    EXPECT_FALSE(store.HasMachineCertificate());
}

TEST(Store, ListsTheNamesOfItsRootsAsAdded)
{
    Store store = Trusting(fixture::LEAF);
    store.AddRoot(Der(fixture::ROOT));
    ASSERT_EQ(store.RootNames().size(), 2u);
    EXPECT_EQ(NameText(store.RootNames()[0]), "CN=alice,O=Lab");
    EXPECT_EQ(NameText(store.RootNames()[1]),
              "CN=Lab Root,O=Lab,C=DE"); // as openssl -nameopt RFC2253
}

TEST(NameText, GivesTheBytesOfWhatIsNoName)
{
    EXPECT_EQ(NameText(FromHex("0102ff")), "0102ff");
    EXPECT_EQ(NameText({}), "");
}

TEST(SubjectOf, RefusesWhatIsNoCertificate)
{
    EXPECT_THROW(SubjectOf(FromHex("3000")), std::invalid_argument);
}

TEST(Store, ThePurposeOfAPeersCertificateCountsOnlyWhereItIsChecked)
{
    const Store store = Trusting(fixture::ROOT);
    EXPECT_EQ(store.Verify(Plain({fixture::FOR_CODE}), MIDDLE_OF_2004, Purpose::Ignored).reason,
              Reason::None);
    EXPECT_EQ(
        store.Verify(Plain({fixture::FOR_ENCRYPTION}), MIDDLE_OF_2004, Purpose::Ignored).reason,
        Reason::IkeCertificateUsage)
        << "a key that may not sign is none";
}
