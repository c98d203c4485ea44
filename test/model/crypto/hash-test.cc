// SPDX-License-Identifier: GPL-2.0-only
#include "model/crypto/hash.h"

#include "model/crypto/cipher.h"
#include "model/crypto/random.h"

#define CRYPTOPP_ENABLE_NAMESPACE_WEAK 1
#include <cryptopp/hmac.h>
#include <cryptopp/md4.h>
#include <cryptopp/md5.h>
#include <cryptopp/sha.h>
#include <gtest/gtest.h>
#include <string>

using namespace nattlab;
using namespace nattlab::crypto;

namespace
{

std::string
HashHex(HashAlgorithm algorithm, std::string_view text)
{
    return ToHex(Digest(algorithm, {ByteView{text}}));
}

constexpr std::string_view ALPHABET = "abcdefghijklmnopqrstuvwxyz";
constexpr std::string_view ALNUM = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789";
constexpr std::string_view EIGHTY_DIGITS =
    "12345678901234567890123456789012345678901234567890123456789012345678901234567890";

/** A case of RFC 2202. */
struct HmacCase
{
    Bytes key;
    Bytes data;
    std::string digest;
};

Bytes
Text(std::string_view text)
{
    return ByteView{text}.ToBytes();
}

const Bytes COUNTING_KEY = FromHex("0102030405060708090a0b0c0d0e0f10111213141516171819");
const Bytes LONG_KEY(80, 0xaa);
constexpr std::string_view LARGE_KEY = "Test Using Larger Than Block-Size Key - Hash Key First";
constexpr std::string_view LARGE_BOTH =
    "Test Using Larger Than Block-Size Key and Larger Than One Block-Size Data";

void
Check(HashAlgorithm algorithm, const HmacCase& c)
{
    SCOPED_TRACE(c.digest);
    EXPECT_EQ(ToHex(HmacDigest(algorithm, c.key, {c.data})), c.digest);
    // In two parts.
    const ByteView data{c.data};
    EXPECT_EQ(ToHex(HmacDigest(algorithm, c.key, {data.Sub(0, 3), data.Sub(3)})), c.digest);
    // Keyed once, used twice, cut to 96 bits.
    Hmac hmac(algorithm, c.key);
    Bytes out(12);
    for (int i = 0; i < 2; ++i)
    {
        out.assign(12, 0);
        hmac.Compute(c.data, out.data(), out.size());
        EXPECT_EQ(ToHex(out), c.digest.substr(0, 24));
    }
    Bytes whole(DigestSize(algorithm));
    hmac.Compute(c.data, whole.data(), whole.size());
    EXPECT_EQ(ToHex(whole), c.digest);
}

} // namespace

TEST(Hash, Md5GivesTheDigestsOfRfc1321)
{
    const auto md5 = [](std::string_view text) { return HashHex(HashAlgorithm::Md5, text); };
    EXPECT_EQ(DigestSize(HashAlgorithm::Md5), 16u);
    EXPECT_EQ(md5(""), "d41d8cd98f00b204e9800998ecf8427e");
    EXPECT_EQ(md5("a"), "0cc175b9c0f1b6a831c399e269772661");
    EXPECT_EQ(md5("abc"), "900150983cd24fb0d6963f7d28e17f72");
    EXPECT_EQ(md5("message digest"), "f96b697d7cb7938d525a2f31aaf161d0");
    EXPECT_EQ(md5(ALPHABET), "c3fcd3d76192e4007dfb496cca67e13b");
    EXPECT_EQ(md5(ALNUM), "d174ab98d277d9f5a5611c2c9f419d9f");
    EXPECT_EQ(md5(EIGHTY_DIGITS), "57edf4a22be3c955ac49da2e2107b67a");
}

TEST(Hash, Sha1GivesTheDigestsOfRfc3174)
{
    const auto sha1 = [](std::string_view text) { return HashHex(HashAlgorithm::Sha1, text); };
    EXPECT_EQ(DigestSize(HashAlgorithm::Sha1), 20u);
    EXPECT_EQ(sha1("abc"), "a9993e364706816aba3e25717850c26c9cd0d89d");
    EXPECT_EQ(sha1("abcdbcdecdefdefgefghfghighijhijkijkljklmklmnlmnomnopnopq"),
              "84983e441c3bd26ebaae4aa1f95129e5e54670f1");
    EXPECT_EQ(sha1(std::string(1000000, 'a')), "34aa973cd4c4daa4f61eeb2bdbad27316534016f");
    std::string digits;
    for (int i = 0; i < 80; ++i)
    {
        digits += "01234567";
    }
    EXPECT_EQ(sha1(digits), "dea356a2cddd90c7a7ecedc5ebb563934f460452");
}

TEST(Hash, Sha256GivesTheDigestsOfFips180)
{
    EXPECT_EQ(ToHex(Sha256(ByteView{std::string_view{"abc"}})),
              "ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad");
    EXPECT_EQ(ToHex(Sha256({})),
              "e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855");
}

TEST(Hash, PartsAreHashedOneAfterTheOther)
{
    const std::string_view text = "message digest";
    EXPECT_EQ(ToHex(Digest(HashAlgorithm::Md5,
                           {ByteView{text.substr(0, 7)}, {}, ByteView{text.substr(7)}})),
              "f96b697d7cb7938d525a2f31aaf161d0");
    EXPECT_EQ(ToHex(Digest(HashAlgorithm::Md5, {})), "d41d8cd98f00b204e9800998ecf8427e");
}

TEST(Hash, Md4GivesTheDigestsOfRfc1320)
{
    const auto md4 = [](std::string_view text) { return ToHex(Md4(ByteView{text})); };
    EXPECT_EQ(md4(""), "31d6cfe0d16ae931b73c59d7e0c089c0");
    EXPECT_EQ(md4("a"), "bde52cb31de33e46245e05fbdbd6fb24");
    EXPECT_EQ(md4("abc"), "a448017aaf21d8525fc10ae87aa6729d");
    EXPECT_EQ(md4("message digest"), "d9130a8164549fe818874806e1c7014b");
    EXPECT_EQ(md4(ALPHABET), "d79e1c308aa5bbcdeea8ed63df412da9");
    EXPECT_EQ(md4(ALNUM), "043f8582f241db351ce627e153e7f0e4");
    EXPECT_EQ(md4(EIGHTY_DIGITS), "e33b4ddc9c38f2199c3e7b164fcc0536");
}

TEST(Hmac, Md5GivesTheDigestsOfRfc2202)
{
    const HmacCase cases[] = {
        {Bytes(16, 0x0b), Text("Hi There"), "9294727a3638bb1c13f48ef8158bfc9d"},
        {Text("Jefe"), Text("what do ya want for nothing?"), "750c783e6ab0b503eaa86e310a5db738"},
        {Bytes(16, 0xaa), Bytes(50, 0xdd), "56be34521d144c88dbb8c733f0e8b3f6"},
        {COUNTING_KEY, Bytes(50, 0xcd), "697eaf0aca3a3aea3a75164746ffaa79"},
        {Bytes(16, 0x0c), Text("Test With Truncation"), "56461ef2342edc00f9bab995690efd4c"},
        {LONG_KEY, Text(LARGE_KEY), "6b1ab7fe4bd7bf8f0b62e6ce61b9d0cd"},
        {LONG_KEY, Text(LARGE_BOTH), "6f630fad67cda0ee1fb1f562db3aa53e"},
    };
    for (const HmacCase& c : cases)
    {
        Check(HashAlgorithm::Md5, c);
    }
}

TEST(Hmac, Sha1GivesTheDigestsOfRfc2202)
{
    const HmacCase cases[] = {
        {Bytes(20, 0x0b), Text("Hi There"), "b617318655057264e28bc0b6fb378c8ef146be00"},
        {Text("Jefe"),
         Text("what do ya want for nothing?"),
         "effcdf6ae5eb2fa2d27416d5f184df9c259a7c79"},
        {Bytes(20, 0xaa), Bytes(50, 0xdd), "125d7342b9ac11cd91a39af48aa17b4f63f175d3"},
        {COUNTING_KEY, Bytes(50, 0xcd), "4c9007f4026250c6bc8414f9bf50c86c2d7235da"},
        {Bytes(20, 0x0c), Text("Test With Truncation"), "4c1a03424b55e07fe7f27be1d58bb9324a9a5a04"},
        {LONG_KEY, Text(LARGE_KEY), "aa4ae5e15272d00e95705637ce8a3b55ed402112"},
        {LONG_KEY, Text(LARGE_BOTH), "e8e99d0f45237d786d6bbaa7965c7808bbff1a91"},
    };
    for (const HmacCase& c : cases)
    {
        Check(HashAlgorithm::Sha1, c);
    }
}

TEST(Hmac, MovesWithItsKey)
{
    Hmac first(HashAlgorithm::Sha1, Bytes(20, 0x0b));
    Hmac second(std::move(first));
    Bytes out(20);
    second.Compute(Text("Hi There"), out.data(), out.size());
    EXPECT_EQ(ToHex(out), "b617318655057264e28bc0b6fb378c8ef146be00");
}

// RFC 2759 9.2: password "clientPass", the challenge D02E... of its authenticators.
TEST(Hash, MsChapV2ExampleOfRfc2759ComesOut)
{
    Bytes unicode;
    for (const char c : std::string("clientPass"))
    {
        unicode.push_back(static_cast<std::uint8_t>(c));
        unicode.push_back(0);
    }
    Bytes passwordHash = Md4(unicode);
    EXPECT_EQ(ToHex(passwordHash), "44ebba8d5312b8d611474411f56989ae");
    EXPECT_EQ(ToHex(Md4(passwordHash)), "41c00c584bd2d91c4017a2a12fa59f3f");

    passwordHash.resize(21);
    const Bytes challenge = FromHex("D02E4386BCE91226");
    const ByteView keys{passwordHash};
    EXPECT_EQ(ToHex(Concat({DesEncrypt56(keys.Sub(0, 7), challenge),
                            DesEncrypt56(keys.Sub(7, 7), challenge),
                            DesEncrypt56(keys.Sub(14, 7), challenge)})),
              "82309ecd8d708b5ea08faa3981cd83544233114a3d85d6df");
}

namespace
{

template <typename Hash>
Bytes
Reference(const Bytes& data)
{
    Hash hash;
    Bytes digest(hash.DigestSize());
    hash.CalculateDigest(digest.data(), data.data(), data.size());
    return digest;
}

template <typename Hash>
Bytes
ReferenceHmac(const Bytes& key, const Bytes& data)
{
    CryptoPP::HMAC<Hash> hmac(key.data(), key.size());
    Bytes digest(hmac.DigestSize());
    hmac.CalculateDigest(digest.data(), data.data(), data.size());
    return digest;
}

} // namespace

TEST(Hash, DigestsOfAllLengthsAndPartsAgreeWithCryptopp)
{
    RandomStream random(1, "hash", "test");
    for (std::size_t size = 0; size < 260; ++size)
    {
        const Bytes data = random.Take(size);
        const ByteView view{data};
        const std::size_t cut = size == 0 ? 0 : random.Below(size);
        ASSERT_EQ(Digest(HashAlgorithm::Md5, {view.Sub(0, cut), view.Sub(cut)}),
                  Reference<CryptoPP::Weak::MD5>(data));
        ASSERT_EQ(Digest(HashAlgorithm::Sha1, {view.Sub(0, cut), view.Sub(cut)}),
                  Reference<CryptoPP::SHA1>(data));
        ASSERT_EQ(Sha256(data), Reference<CryptoPP::SHA256>(data));
        ASSERT_EQ(Md4(data), Reference<CryptoPP::Weak::MD4>(data));
    }
}

TEST(Hmac, AgreesWithCryptoppForAllLengthsOfKeyAndData)
{
    RandomStream random(2, "hash", "test");
    for (std::size_t size = 0; size < 200; ++size)
    {
        const Bytes key = random.Take(size);
        const Bytes data = random.Take(199 - size);
        ASSERT_EQ(HmacDigest(HashAlgorithm::Md5, key, {data}),
                  ReferenceHmac<CryptoPP::Weak::MD5>(key, data));
        ASSERT_EQ(HmacDigest(HashAlgorithm::Sha1, key, {data}),
                  ReferenceHmac<CryptoPP::SHA1>(key, data));
    }
}
