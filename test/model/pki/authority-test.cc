// SPDX-License-Identifier: GPL-2.0-only
#include "model/pki/authority.h"

#include "model/crypto/hash.h"
#include "test/model/pki/fixtures.h"

#include <gtest/gtest.h>
#include <stdexcept>
#include <string>
#include <vector>

using namespace nattlab;
using namespace nattlab::pki;

namespace
{

constexpr UnixTime BEGIN = 1041379200; // 2003-01-01
constexpr UnixTime NOW = 1086048000;   // 2004-06-01
constexpr UnixTime END = 1136073599;   // 2005-12-31 23:59:59

CertificateDescription
Describe(const std::string& name, const std::string& issuer, bool authority)
{
    CertificateDescription description;
    description.name = name;
    description.issuer = issuer;
    description.authority = authority;
    description.notBefore = BEGIN;
    description.notAfter = END;
    description.keyBits = 512; // made fastest
    return description;
}

/** root, issuing below it, alice below issuing */
Pki
ThreeLevels(std::uint64_t seed)
{
    Pki pki(seed);
    pki.Issue(Describe("root", "", true));
    pki.Issue(Describe("issuing", "root", true));
    CertificateDescription alice = Describe("alice", "issuing", false);
    alice.subject = "CN=alice,O=Lab";
    alice.usages = {"ike", "client"};
    alice.dnsName = "alice.example";
    pki.Issue(alice);
    return pki;
}

/** What a host that trusts root says to a certificate of the PKI. */
Reason
Check(const Pki& pki, const std::string& name, UnixTime now = NOW)
{
    Store store;
    store.AddRoot(pki.Find("root").der);
    return store.Verify(Encode(pki.Machine(name).chain, Encoding::Pkcs7), now).reason;
}

} // namespace

TEST(Pki, MakesCertificatesThatAStoreAccepts)
{
    const Pki pki = ThreeLevels(1);
    EXPECT_EQ(Check(pki, "alice"), Reason::None);
    EXPECT_EQ(Check(pki, "alice", BEGIN - 1), Reason::IkeCertificateNotYetValid);
    EXPECT_EQ(Check(pki, "alice", BEGIN), Reason::None);
    EXPECT_EQ(Check(pki, "alice", END), Reason::None);
    EXPECT_EQ(Check(pki, "alice", END + 1), Reason::IkeCertificateExpired);
    Store store;
    store.AddMachineCertificate(pki.Machine("alice"));
    const Choice choice = store.Choose({pki.Find("root").subject}, NOW);
    EXPECT_EQ(choice.reason, Reason::None);
}

// "openssl verify -x509_strict" accepted the chain when these bytes were pinned.
TEST(Pki, TheSameSeedAlwaysGivesTheSameBytes)
{
    const Pki one = ThreeLevels(1);
    const Pki two = ThreeLevels(1);
    const Pki other = ThreeLevels(2);
    for (const char* name : {"root", "issuing", "alice"})
    {
        EXPECT_EQ(one.Find(name).der, two.Find(name).der);
        EXPECT_NE(one.Find(name).der, other.Find(name).der);
    }
    EXPECT_EQ(ToHex(crypto::Sha256(one.Find("alice").der)),
              "c4ad13666c2ed0288d77e4f2ccbbc12ccded8dd167972d4833be2c2e3df5646e");
}

TEST(Pki, RemembersKeysAndGivesThoseThatItWouldMakeAnew)
{
    CertificateDescription description;
    description.name = "remembered";
    description.keyBits = 512;
    description.notAfter = 1;
    for (int time = 0; time < 2; ++time)
    {
        Pki pki(77);
        RandomStream random(77, "pki", "remembered");
        EXPECT_EQ(pki.Issue(description).key.ToDer(), RsaKey::Generate(512, random).ToDer());
    }
    Pki other(78);
    EXPECT_NE(other.Issue(description).key.ToDer(), Pki(77).Issue(description).key.ToDer());
    description.keyBits = 1024;
    EXPECT_EQ(Pki(77).Issue(description).key.Public().Modulus().size(), 128u);
}

TEST(Pki, OneMoreCertificateChangesNoOther)
{
    Pki pki(1);
    pki.Issue(Describe("root", "", true));
    pki.Issue(Describe("more", "root", false));
    pki.Issue(Describe("issuing", "root", true));
    EXPECT_EQ(pki.Find("issuing").der, ThreeLevels(1).Find("issuing").der);
}

TEST(Pki, SignsWithEachHash)
{
    for (const char* hash : {"md5", "sha1", "sha256"})
    {
        Pki pki(1);
        CertificateDescription root = Describe("root", "", true);
        root.hash = SignatureHashNamed(hash);
        pki.Issue(root);
        CertificateDescription alice = Describe("alice", "root", false);
        alice.hash = root.hash;
        pki.Issue(alice);
        EXPECT_EQ(Check(pki, "alice"), Reason::None) << hash;
    }
    EXPECT_THROW(SignatureHashNamed("sha3"), std::invalid_argument);
}

TEST(Pki, MakesUsagesThatIkeTakesAndOthers)
{
    Pki pki(1);
    pki.Issue(Describe("root", "", true));
    for (const char* usage :
         {"ike", "ike-rfc", "ipsec", "ipsec-tunnel", "ipsec-user", "server", "client", "any"})
    {
        CertificateDescription host = Describe(usage, "root", false);
        host.usages = {usage};
        pki.Issue(host);
        EXPECT_EQ(Check(pki, usage), Reason::None) << usage;
    }
    for (const char* usage : {"code-signing", "email", "time-stamping"})
    {
        CertificateDescription host = Describe(usage, "root", false);
        host.usages = {usage};
        pki.Issue(host);
        EXPECT_EQ(Check(pki, usage), Reason::IkeCertificateUsage) << usage;
        Store store;
        store.AddMachineCertificate(pki.Machine(usage));
        EXPECT_EQ(store.Choose({}, NOW).reason, Reason::IkeCertificateUsage);
    }
    CertificateDescription both = Describe("both", "root", false);
    both.usages = {"code-signing", "server"};
    pki.Issue(both);
    EXPECT_EQ(Check(pki, "both"), Reason::None);
}

TEST(Pki, MakesChainsThatAStoreRefuses)
{
    Pki pki(1);
    pki.Issue(Describe("root", "", true));
    CertificateDescription expired = Describe("expired", "root", true);
    expired.notAfter = NOW - 1;
    pki.Issue(expired);
    CertificateDescription late = Describe("late", "root", true);
    late.notBefore = NOW + 1;
    pki.Issue(late);
    pki.Issue(Describe("host", "root", false));
    CertificateDescription last = Describe("last", "root", true);
    last.pathLength = 0;
    pki.Issue(last);
    pki.Issue(Describe("too-deep", "last", true));
    pki.Issue(Describe("stranger", "", true));
    const char* const rows[] = {"expired", "late", "host", "last", "too-deep", "stranger"};
    for (const char* issuer : rows)
    {
        pki.Issue(Describe(std::string("below ") + issuer, issuer, false));
    }
    EXPECT_EQ(Check(pki, "below expired"), Reason::IkeCertificateExpired);
    EXPECT_EQ(Check(pki, "below late"), Reason::IkeCertificateNotYetValid);
    EXPECT_EQ(Check(pki, "below host"), Reason::IkeCertificateUsage);
    EXPECT_EQ(Check(pki, "below last"), Reason::None);
    EXPECT_EQ(Check(pki, "below too-deep"), Reason::IkeCertificateUsage);
    EXPECT_EQ(Check(pki, "below stranger"), Reason::IkeCertificateUntrusted);
}

TEST(Pki, AMachineCertificateBringsItsIssuersButNotTheRoot)
{
    const Pki pki = ThreeLevels(1);
    const std::vector<Bytes> expected{pki.Find("alice").der, pki.Find("issuing").der};
    EXPECT_EQ(pki.Machine("alice").chain, expected);
    EXPECT_EQ(pki.Machine("root").chain, std::vector<Bytes>{pki.Find("root").der});
    EXPECT_THROW(pki.Machine("bob"), std::invalid_argument);
}

TEST(Pki, ReadsDistinguishedNamesAsTextAndWritesThemAsDer)
{
    Pki pki(1);
    CertificateDescription host = Describe("host", "", false);
    host.subject = "CN=alice,O=Lab";
    pki.Issue(host);
    // The most general part comes first, as PrintableString.
    EXPECT_EQ(ToHex(pki.Find("host").subject),
              "301e"
              "310c300a060355040a13034c6162"
              "310e300c06035504031305616c696365");
    EXPECT_EQ(NameText(pki.Find("host").subject), "CN=alice,O=Lab");
    EXPECT_EQ(SubjectOf(pki.Find("host").der), pki.Find("host").subject);
}

TEST(Pki, RefusesDescriptionsThatCannotBeMade)
{
    Pki pki(1);
    const auto isRefused = [&pki](const CertificateDescription& description)
    { EXPECT_THROW(pki.Issue(description), std::invalid_argument); };
    CertificateDescription wrong = Describe("", "", false);
    isRefused(wrong);
    wrong = Describe("x", "nobody", false);
    isRefused(wrong);
    wrong = Describe("x", "", false);
    wrong.keyBits = 100;
    isRefused(wrong);
    wrong = Describe("x", "", false);
    wrong.usages = {"nothing"};
    isRefused(wrong);
    wrong = Describe("x", "", false);
    wrong.subject = "alice";
    isRefused(wrong);
    wrong = Describe("x", "", false);
    wrong.notAfter = wrong.notBefore - 1;
    isRefused(wrong);
    wrong = Describe("x", "", false);
    wrong.dnsName = "a b";
    isRefused(wrong);
    pki.Issue(Describe("x", "", false));
    isRefused(Describe("x", "", false));
}

TEST(CertificatesFrom, ReadsDerAndOneOrMoreOfPem)
{
    const Pki pki = ThreeLevels(1);
    const Bytes alice = pki.Find("alice").der;
    const Bytes root = pki.Find("root").der;
    const std::string file =
        CertificateToPem(alice) + KeyToPem(pki.Find("alice").key) + CertificateToPem(root);
    EXPECT_EQ(CertificatesFrom(ByteView{std::string_view{file}}),
              (std::vector<Bytes>{alice, root}));
    EXPECT_EQ(CertificatesFrom(alice), std::vector<Bytes>{alice});
    EXPECT_EQ(RsaKey::FromPem(ByteView{std::string_view{file}}).ToDer(),
              pki.Find("alice").key.ToDer());
    EXPECT_THROW(CertificatesFrom({}), std::invalid_argument);
    EXPECT_THROW(CertificatesFrom(ByteView{std::string_view{"0 text"}}), std::invalid_argument);
    EXPECT_THROW(CertificatesFrom(ByteView{std::string_view{fixture::KEY_512}}),
                 std::invalid_argument);
    EXPECT_THROW(CertificatesFrom(ByteView(alice).Sub(0, 100)), std::invalid_argument);
}
