// SPDX-License-Identifier: GPL-2.0-only
#include "model/crypto/cipher.h"

#include "model/crypto/random.h"

#include <cryptopp/des.h>
#include <cryptopp/modes.h>
#include <gtest/gtest.h>
#include <stdexcept>
#include <string>

using namespace nattlab;
using namespace nattlab::crypto;

namespace
{

struct CbcCase
{
    CipherAlgorithm algorithm;
    std::string key;
    std::string iv;
    Bytes plain;
    std::string encrypted;
};

Bytes
Text(std::string_view text)
{
    return ByteView{text}.ToBytes();
}

void
Check(const CbcCase& c)
{
    SCOPED_TRACE(c.encrypted);
    const Bytes iv = FromHex(c.iv);
    CbcCipher cipher(c.algorithm, FromHex(c.key));
    EXPECT_EQ(cipher.Algorithm(), c.algorithm);
    for (int i = 0; i < 2; ++i) // the IV of the first use must not leak into the second
    {
        Bytes data = c.plain;
        cipher.Encrypt(iv, data.data(), data.size());
        EXPECT_EQ(ToHex(data), c.encrypted);
        cipher.Decrypt(iv, data.data(), data.size());
        EXPECT_EQ(ToHex(data), ToHex(c.plain));
    }
}

} // namespace

TEST(CbcCipher, DesGivesTheCiphertextOfFips81)
{
    Check({CipherAlgorithm::DesCbc,
           "0123456789abcdef",
           "1234567890abcdef",
           Text("Now is the time for all "),
           "e5c7cdde872bf27c43e934008c389c0f683788499a7c05f6"});
}

// NIST SP 800-17, table A.1 (variable plaintext, key of parity bits only), first and last row.
TEST(CbcCipher, DesGivesTheKnownAnswersOfSp80017)
{
    const std::string key = "0101010101010101";
    const std::string iv = "0000000000000000";
    Check({CipherAlgorithm::DesCbc, key, iv, FromHex("8000000000000000"), "95f8a5e5dd31d900"});
    Check({CipherAlgorithm::DesCbc, key, iv, FromHex("0000000000000001"), "166b40b44aba4bd6"});
}

// NIST's published example of TDES in CBC mode with three keys, and the first block of SP 800-67
// appendix B.1 (ECB, which CBC with a zero IV is for one block).
TEST(CbcCipher, TripleDesGivesTheCiphertextOfNist)
{
    const std::string key = "0123456789abcdef23456789abcdef01456789abcdef0123";
    Check({CipherAlgorithm::TripleDesCbc,
           key,
           "f69f2445df4f9b17",
           FromHex("6bc1bee22e409f96e93d7e117393172aae2d8a571e03ac9c9eb76fac45af8e51"),
           "2079c3d53aa763e193b79e2569ab5262516570481f25b50f73c0bda85c8e0da7"});
    Check({CipherAlgorithm::TripleDesCbc,
           key,
           "0000000000000000",
           Text("The qufc"),
           "a826fd8ce53b855f"});
}

TEST(CbcCipher, AesGivesTheCiphertextsOfRfc3602)
{
    Check({CipherAlgorithm::AesCbc,
           "06a9214036b8a15b512e03d534120006",
           "3dafba429d9eb430b422da802c9fac41",
           Text("Single block msg"),
           "e353779c1079aeb82708942dbe77181a"});
    Check({CipherAlgorithm::AesCbc,
           "c286696d887c9aa0611bbb3e2025a45a",
           "562e17996d093d28ddb3ba695a2e6f58",
           FromHex("000102030405060708090a0b0c0d0e0f101112131415161718191a1b1c1d1e1f"),
           "d296cd94c2cccf8a3a863028b5e1dc0a7586602d253cfff91b8266bea6d61ab1"});
    Check({CipherAlgorithm::AesCbc,
           "6c3ea0477630ce21a2ce334aa746c2cd",
           "c782dc4c098c66cbd9cd27d825682c81",
           Text("This is a 48-byte message (exactly 3 AES blocks)"),
           "d0a02b3836451753d493665d33f0e8862dea54cdb293abc7506939276772f8d5"
           "021c19216bad525c8579695d83ba2684"});
    Check({CipherAlgorithm::AesCbc,
           "56e47a38c5598974bc46903dba290349",
           "8ce82eefbea0da3c44699ed7db51b7d9",
           FromHex("a0a1a2a3a4a5a6a7a8a9aaabacadaeafb0b1b2b3b4b5b6b7b8b9babbbcbdbebf"
                   "c0c1c2c3c4c5c6c7c8c9cacbcccdcecfd0d1d2d3d4d5d6d7d8d9dadbdcdddedf"),
           "c30e32ffedc0774e6aff6af0869f71aa0f3af07a9a31a9c684db207eb0ef8e4e"
           "35907aa632c3ffdf868bb7b29d3d46ad83ce9f9a102ee99d49a53e87f4c3da55"});
}

// NIST SP 800-38A F.2.3 and F.2.5, first block.
TEST(CbcCipher, AesTakesLongerKeys)
{
    const std::string iv = "000102030405060708090a0b0c0d0e0f";
    const Bytes plain = FromHex("6bc1bee22e409f96e93d7e117393172a");
    Check({CipherAlgorithm::AesCbc,
           "8e73b0f7da0e6452c810f32b809079e562f8ead2522c6b7b",
           iv,
           plain,
           "4f021db243bc633d7178183a9fa071e8"});
    Check({CipherAlgorithm::AesCbc,
           "603deb1015ca71be2b73aef0857d77811f352c073b6108d72d9810a30914dff4",
           iv,
           plain,
           "f58c4c04d6e5f1ba779eabfb5f7bfbd6"});
}

TEST(CbcCipher, NullLeavesTheTextOfRfc2410AsItIs)
{
    const std::string_view text = "Network Security People Have A Strange Sense Of Humor";
    Check({CipherAlgorithm::Null, "", "", FromHex("0123456789abcdef"), "0123456789abcdef"});
    Check({CipherAlgorithm::Null, "", "", Text(text), ToHex(ByteView{text})});
}

TEST(CbcCipher, DecryptsWhatItEncryptsAtAnyLength)
{
    RandomStream random(1, "test", "cbc");
    for (const auto algorithm :
         {CipherAlgorithm::DesCbc, CipherAlgorithm::TripleDesCbc, CipherAlgorithm::AesCbc})
    {
        CbcCipher cipher(algorithm, random.Take(DefaultKeySize(algorithm)));
        const Bytes iv = random.Take(IvSize(algorithm));
        for (std::size_t size = 0; size <= 320; size += BlockSize(algorithm))
        {
            const Bytes plain = random.Take(size);
            Bytes data = plain;
            cipher.Encrypt(iv, data.data(), data.size());
            EXPECT_TRUE(size == 0 || data != plain);
            cipher.Decrypt(iv, data.data(), data.size());
            EXPECT_EQ(data, plain);
        }
    }
}

TEST(CbcCipher, RefusesWrongSizes)
{
    EXPECT_THROW(CbcCipher(CipherAlgorithm::Null, Bytes(1)), std::invalid_argument);
    EXPECT_THROW(CbcCipher(CipherAlgorithm::DesCbc, Bytes(7)), std::invalid_argument);
    EXPECT_THROW(CbcCipher(CipherAlgorithm::TripleDesCbc, Bytes(16)), std::invalid_argument);
    EXPECT_THROW(CbcCipher(CipherAlgorithm::AesCbc, Bytes(20)), std::invalid_argument);
    CbcCipher aes(CipherAlgorithm::AesCbc, Bytes(16));
    Bytes data(32);
    EXPECT_THROW(aes.Encrypt(Bytes(8), data.data(), 16), std::invalid_argument);
    EXPECT_THROW(aes.Decrypt(Bytes(16), data.data(), 17), std::invalid_argument);
    EXPECT_THROW(DesEncrypt56(Bytes(8), Bytes(8)), std::invalid_argument);
    EXPECT_THROW(DesEncrypt56(Bytes(7), Bytes(7)), std::invalid_argument);
}

TEST(Des, KeyExpansionIsThatOfRfc2759)
{
    EXPECT_EQ(ToHex(ExpandDesKey(FromHex("FC156AF7EDCD6C"))), "fd0b5b5e7f6e34d9");
    EXPECT_EQ(ToHex(ExpandDesKey(FromHex("0EDDE3337D427F"))), "0e6e796737ea08fe");
}

TEST(CbcCipher, DesAndTripleDesAgreeWithTheModesOfCryptopp)
{
    RandomStream random(1, "cipher", "test");
    for (std::size_t blocks = 1; blocks < 40; ++blocks)
    {
        const Bytes iv = random.Take(8);
        const Bytes plain = random.Take(8 * blocks);
        const Bytes desKey = random.Take(8);
        const Bytes tripleKey = random.Take(24);
        Bytes expected(plain.size());
        CryptoPP::CBC_Mode<CryptoPP::DES>::Encryption des(desKey.data(), 8, iv.data());
        des.ProcessData(expected.data(), plain.data(), plain.size());
        Bytes data = plain;
        const CbcCipher ours(CipherAlgorithm::DesCbc, desKey);
        ours.Encrypt(iv, data.data(), data.size());
        ASSERT_EQ(data, expected);
        ours.Decrypt(iv, data.data(), data.size());
        ASSERT_EQ(data, plain);

        CryptoPP::CBC_Mode<CryptoPP::DES_EDE3>::Encryption triple(tripleKey.data(), 24, iv.data());
        triple.ProcessData(expected.data(), plain.data(), plain.size());
        const CbcCipher oursTriple(CipherAlgorithm::TripleDesCbc, tripleKey);
        oursTriple.Encrypt(iv, data.data(), data.size());
        ASSERT_EQ(data, expected);
        oursTriple.Decrypt(iv, data.data(), data.size());
        ASSERT_EQ(data, plain);
    }
}
