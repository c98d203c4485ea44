// SPDX-License-Identifier: GPL-2.0-only
#include "model/crypto/random.h"
#include "model/pki/authority.h"
#include "model/pki/store.h"
#include "test/model/pki/fixtures.h"

#include <gtest/gtest.h>
#include <string_view>
#include <vector>

using namespace nattlab;
using namespace nattlab::pki;

namespace
{

constexpr UnixTime NOW = 1086048000; // 2004-06-01

Bytes
Der(const char* pem)
{
    return CertificatesFrom(ByteView{std::string_view{pem}}).at(0);
}

std::vector<Bytes>
Chain()
{
    return {Der(fixture::LEAF), Der(fixture::INTERMEDIATE)};
}

Store
TrustingRoot()
{
    Store store;
    store.AddRoot(Der(fixture::ROOT));
    return store;
}

} // namespace

TEST(Verify, AcceptsNoChainWithAFlippedBit)
{
    const Store store = TrustingRoot();
    RandomStream random(1, "test", "flip");
    for (const Encoding encoding : {Encoding::X509, Encoding::Pkcs7})
    {
        for (int i = 0; i < 1500; ++i)
        {
            auto encoded = Encode(Chain(), encoding);
            Bytes& data = encoded[random.Below(encoded.size())].data;
            data[random.Below(data.size())] ^= static_cast<std::uint8_t>(1 << random.Below(8));
            const Verification result = store.Verify(encoded, NOW);
            // A bit of the message around the certificates may not matter; these do.
            EXPECT_TRUE(result.reason != Reason::None ||
                        result.subject == SubjectOf(Der(fixture::LEAF)));
            EXPECT_TRUE(encoding == Encoding::Pkcs7 || result.reason != Reason::None) << i;
        }
    }
}

TEST(Verify, AcceptsNothingThatIsCutOff)
{
    const Store store = TrustingRoot();
    for (const Encoding encoding : {Encoding::X509, Encoding::Pkcs7})
    {
        const auto whole = Encode(Chain(), encoding);
        for (std::size_t size = 0; size < whole[0].data.size(); ++size)
        {
            auto encoded = whole;
            encoded[0].data.resize(size);
            EXPECT_EQ(store.Verify(encoded, NOW).reason, Reason::IkeCertificateInvalid) << size;
        }
    }
}

TEST(Verify, NeverCrashesOnManyChangesOrOnNoise)
{
    const Store store = TrustingRoot();
    RandomStream random(1, "test", "noise");
    for (int i = 0; i < 2000; ++i)
    {
        auto encoded = Encode(Chain(), i % 2 == 0 ? Encoding::X509 : Encoding::Pkcs7);
        Bytes& data = encoded[0].data;
        for (std::uint64_t j = random.Below(10) + 1; j > 0; --j)
        {
            data[random.Below(data.size())] = static_cast<std::uint8_t>(random.Next());
        }
        EXPECT_NE(store.Verify(encoded, NOW).reason, Reason::IkeNoPeerCertificate);
        const EncodedCertificate noise{encoded[0].encoding, random.Take(random.Below(400))};
        EXPECT_EQ(store.Verify({noise}, NOW).reason, Reason::IkeCertificateInvalid);
        NameText(random.Take(random.Below(60)));
    }
}

TEST(Verify, EndsSoonOverManyCertificatesOfOneName)
{
    // Authorities in a ring of the same name, each a possible issuer of each.
    Pki pki(1);
    std::vector<Bytes> all;
    for (int i = 0; i < 20; ++i)
    {
        CertificateDescription description;
        description.name = "authority " + std::to_string(i);
        description.subject = "CN=All the same";
        description.authority = true;
        description.notAfter = 2 * NOW;
        description.keyBits = 512;
        description.issuer = i == 0 ? "" : "authority " + std::to_string(i - 1);
        all.push_back(pki.Issue(description).der);
    }
    EXPECT_EQ(TrustingRoot().Verify(Encode(all, Encoding::Pkcs7), NOW).reason,
              Reason::IkeCertificateUntrusted);
}
