// SPDX-License-Identifier: GPL-2.0-only
#include "model/pki/rsa-key.h"

#include "model/crypto/hash.h"
#include "model/pki/pem.h"
#include "test/model/pki/fixtures.h"

#include <gtest/gtest.h>
#include <stdexcept>
#include <string>

using namespace nattlab;
using namespace nattlab::pki;

namespace
{

RsaKey
KeyFrom(const std::string& pem)
{
    return RsaKey::FromPem(ByteView{std::string_view{pem}});
}

/** SHA-1 of "The quick brown fox jumps over the lazy dog". */
const char* const HASH = "2fd4e1c67a2d28fced849ee1bb76e7391b93eb12";

/** HASH under LEAF_KEY: "openssl pkeyutl -sign -pkeyopt rsa_padding_mode:pkcs1", no DigestInfo. */
const char* const BARE_SIGNATURE =
    "4722b108f50dd45777d964a2dbd0b9185b5206f6b16b427672aada6f55e763bf"
    "49f023ef27b966ee00d43bd2e7418f577edcbb7d7ac2edf3efc28f2818e08e9f"
    "e20b68525363d3e147f42d5bc8741d77e41874068088f5a0aa176dd6aa5fcc45"
    "cadfca7ff4ef12f78baf95117e2441194ce7d1282bfe5d1910c6b266cabda2ae";

/** The same with a DigestInfo: "openssl dgst -sha1 -sign". */
const char* const DIGEST_INFO_SIGNATURE =
    "88b85a46a46220fb4128c4a10c52f5ab5361e3ea1860dc48ba6b09b129b696f9"
    "75bdf78827aff939132054b18031b0f4a2834da54f976b6b228b1a59441b648c"
    "c2f20b92eb913ebb09f5000e798cace3391b4eb61074f8407c9b67d978759cbd"
    "f4424ec9ebb91b830b5dd5d0b74fdc8ff86713c0648319824de0cfb11cec924c";

} // namespace

TEST(RsaKey, SignsTheBareHashAsAnotherToolDoes)
{
    EXPECT_EQ(ToHex(KeyFrom(fixture::LEAF_KEY).Sign(FromHex(HASH))), BARE_SIGNATURE);
}

// RFC 8017 9.2, note 1: the DigestInfo of SHA-1.
TEST(RsaKey, SignsADigestInfoAsAnotherToolDoes)
{
    const Bytes info = FromHex(std::string("3021300906052b0e03021a05000414") + HASH);
    EXPECT_EQ(ToHex(KeyFrom(fixture::LEAF_KEY).Sign(info)), DIGEST_INFO_SIGNATURE);
}

TEST(RsaKey, VerifiesTheBareHashOnly)
{
    const RsaPublicKey key = KeyFrom(fixture::LEAF_KEY).Public();
    const Bytes hash = FromHex(HASH);
    EXPECT_TRUE(key.Verify(hash, FromHex(BARE_SIGNATURE)));
    EXPECT_FALSE(key.Verify(hash, FromHex(DIGEST_INFO_SIGNATURE)));
    EXPECT_FALSE(key.Verify(FromHex("00"), FromHex(BARE_SIGNATURE)));
    EXPECT_FALSE(key.Verify({}, FromHex(BARE_SIGNATURE)));
    EXPECT_FALSE(key.Verify(hash, {}));
    EXPECT_FALSE(key.Verify(hash, FromHex(std::string("00") + BARE_SIGNATURE)));
    EXPECT_FALSE(key.Verify(hash, Bytes(128)));
    EXPECT_FALSE(key.Verify(hash, key.Modulus()));
    EXPECT_FALSE(key.Verify(Bytes(200), FromHex(BARE_SIGNATURE)));
}

TEST(RsaKey, AnyFlippedBitSpoilsASignature)
{
    const RsaPublicKey key = KeyFrom(fixture::LEAF_KEY).Public();
    for (std::size_t i = 0; i < 1024; i += 7)
    {
        Bytes signature = FromHex(BARE_SIGNATURE);
        signature[i / 8] ^= static_cast<std::uint8_t>(1 << i % 8);
        EXPECT_FALSE(key.Verify(FromHex(HASH), signature)) << i;
    }
}

// Computed by a second implementation: neither compiler nor library may change it.
TEST(RsaKey, TheSameStreamAlwaysGivesTheSameKey)
{
    RandomStream one(1, "pki", "alice");
    RandomStream two(1, "pki", "alice");
    RandomStream other(1, "pki", "bob");
    const Bytes der = RsaKey::Generate(1024, one).ToDer();
    EXPECT_EQ(der, RsaKey::Generate(1024, two).ToDer());
    EXPECT_NE(der, RsaKey::Generate(1024, other).ToDer());
    EXPECT_EQ(ToHex(crypto::Sha256(der)),
              "0ade9d2599130e9342eaa697d81f4edaba7e31f8765e44ecb75664c0b6779ae2");
}

TEST(RsaKey, MakesKeysOfExactlyTheWantedLengthThatSignAndVerify)
{
    for (const std::size_t bits : {512, 576, 768, 1024, 1536, 2048})
    {
        RandomStream random(bits, "pki", "length");
        const RsaKey key = RsaKey::Generate(bits, random);
        const Bytes modulus = key.Public().Modulus();
        EXPECT_EQ(modulus.size(), bits / 8);
        EXPECT_GE(modulus[0], 0x80);
        EXPECT_EQ(ToHex(key.Public().Exponent()), "010001");
        const Bytes signature = key.Sign(FromHex(HASH));
        EXPECT_EQ(signature.size(), bits / 8);
        EXPECT_TRUE(key.Public().Verify(FromHex(HASH), signature));
        const RsaKey read = KeyFrom(WritePem("RSA PRIVATE KEY", key.ToDer()));
        EXPECT_EQ(read.ToDer(), key.ToDer());
    }
}

TEST(RsaKey, RefusesLengthsThatItDoesNotMake)
{
    RandomStream random(1, "pki", "refused");
    for (const std::size_t bits : {0, 448, 1000, 1056, 4160})
    {
        EXPECT_THROW(RsaKey::Generate(bits, random), std::invalid_argument) << bits;
    }
}

TEST(RsaKey, RefusesAHashThatIsTooLongForIt)
{
    const RsaKey key = KeyFrom(fixture::KEY_512);
    EXPECT_EQ(key.Sign(Bytes(64 - 11)).size(), 64u);
    EXPECT_THROW(key.Sign(Bytes(64 - 10)), std::invalid_argument);
}

TEST(RsaKey, ReadsBothFormsOfPrivateKeys)
{
    EXPECT_EQ(KeyFrom(fixture::KEY_512).Public().Modulus(),
              KeyFrom(fixture::KEY_512_PKCS8).Public().Modulus());
    EXPECT_EQ(KeyFrom(std::string(fixture::LEAF) + fixture::LEAF_KEY).Public().Modulus(),
              KeyFrom(fixture::LEAF_KEY).Public().Modulus());
}

TEST(RsaKey, RefusesOtherKeysAndSaysWhy)
{
    const auto why = [](const std::string& pem) -> std::string
    {
        try
        {
            KeyFrom(pem);
        }
        catch (const std::invalid_argument& error)
        {
            return error.what();
        }
        return "nothing was thrown";
    };
    EXPECT_EQ(why("text"), "there is no private key in PEM form");
    EXPECT_EQ(why(fixture::LEAF), "there is no private key in PEM form");
    EXPECT_EQ(why(fixture::EC_KEY), "the private key cannot be read as RSA");
    EXPECT_EQ(why(fixture::KEY_512_ENCRYPTED),
              "the key is encrypted; give it without a pass phrase");
    Bytes der = KeyFrom(fixture::KEY_512).ToDer();
    der[20] ^= 1; // in the modulus
    EXPECT_EQ(why(WritePem("RSA PRIVATE KEY", der)),
              "the numbers of the RSA key do not fit together");
}

TEST(RsaKey, NeverCrashesOnDamagedKeys)
{
    RandomStream random(1, "test", "rsa");
    const Bytes good = KeyFrom(fixture::KEY_512).ToDer();
    for (int i = 0; i < 1000; ++i)
    {
        Bytes der = good;
        der.resize(random.Below(8) == 0 ? random.Below(good.size()) : good.size());
        if (!der.empty())
        {
            der[random.Below(der.size())] ^= static_cast<std::uint8_t>(1 << random.Below(8));
        }
        try
        {
            const RsaKey key = KeyFrom(WritePem("RSA PRIVATE KEY", der));
            EXPECT_TRUE(key.Public().Verify(FromHex(HASH), key.Sign(FromHex(HASH))));
        }
        catch (const std::invalid_argument&)
        {
        }
    }
}

TEST(RsaPublicKey, RefusesNumbersThatAreNoKey)
{
    const Bytes modulus = KeyFrom(fixture::KEY_512).Public().Modulus();
    const Bytes exponent = FromHex("010001");
    EXPECT_NO_THROW(RsaPublicKey(modulus, exponent));
    EXPECT_NO_THROW(RsaPublicKey(modulus, FromHex("03")));
    EXPECT_NO_THROW(RsaPublicKey(Concat({Bytes(1), modulus}), exponent));
    Bytes even = modulus;
    even.back() &= 0xfe;
    EXPECT_THROW(RsaPublicKey({}, exponent), std::invalid_argument);
    EXPECT_THROW(RsaPublicKey(even, exponent), std::invalid_argument);
    EXPECT_THROW(RsaPublicKey(ByteView(modulus).Sub(1), exponent), std::invalid_argument);
    EXPECT_THROW(RsaPublicKey(Bytes(1025, 0xff), exponent), std::invalid_argument);
    EXPECT_THROW(RsaPublicKey(modulus, {}), std::invalid_argument);
    EXPECT_THROW(RsaPublicKey(modulus, FromHex("01")), std::invalid_argument);
    EXPECT_THROW(RsaPublicKey(modulus, FromHex("010000")), std::invalid_argument);
    EXPECT_THROW(RsaPublicKey(modulus, FromHex("010000000000000001")), std::invalid_argument);
}
