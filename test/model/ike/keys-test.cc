// SPDX-License-Identifier: GPL-2.0-only
#include "model/ike/keys.h"
#include "model/ike/nat-t.h"
#include "model/ike/vendor-ids.h"

#include <gtest/gtest.h>

namespace nattlab::ike
{
namespace
{

using crypto::CipherAlgorithm;
using crypto::HashAlgorithm;

const Cookies COOKIES{0x0011223344556677, 0x8899aabbccddeeff};

Bytes
Pattern(unsigned factor, unsigned offset)
{
    Bytes bytes;
    for (unsigned i = 0; i < 128; ++i)
    {
        bytes.push_back(static_cast<std::uint8_t>(factor * i + offset));
    }
    return bytes;
}

Bytes
Count(std::uint8_t first)
{
    Bytes bytes;
    for (unsigned i = 0; i < 20; ++i)
    {
        bytes.push_back(static_cast<std::uint8_t>(first + i));
    }
    return bytes;
}

// The sample case of ACVP "ikev1_psk".
TEST(IkeKeys, FollowThePublishedCaseForPresharedKeys)
{
    const Cookies cookies{0x83d374c30b3b5082, 0x5afc0da06c728029};
    const Bytes shared =
        FromHex("739003ba2c11c982946c65e26acf661fbf8ebb78011a9fead79efa12fe3e71cc");
    const auto keys = DeriveKeys(HashAlgorithm::Sha1,
                                 SkeyidOfPresharedKey(HashAlgorithm::Sha1,
                                                      FromHex("75"),
                                                      FromHex("b9a2d0e922dc66dd"),
                                                      FromHex("2130166863b5ddef")),
                                 shared,
                                 cookies);
    EXPECT_EQ(ToHex(keys.skeyid), "62b04d112877e442fc3282fc37c076997718a0b9");
    EXPECT_EQ(ToHex(keys.d), "369e5aad1bdb5faf6a3d929d500cdc236710a9ab");
    EXPECT_EQ(ToHex(keys.a), "588e957d8d790d093b3a39f121473473af78e9bb");
    EXPECT_EQ(ToHex(keys.e), "cd74b0c048219db81384d3fda8f6cda51e398a2b");
}

// The sample case of ACVP "ikev1_dsa".
TEST(IkeKeys, FollowThePublishedCaseForSignatures)
{
    const Cookies cookies{0x8c3bcd3a69831d7f, 0xd2d9a7ff4fbe95a7};
    const Bytes shared =
        FromHex("8ba4cbc73c0187301dc19a975823854dbd641c597f637f8d053a83b9514673eb");
    const auto keys = DeriveKeys(
        HashAlgorithm::Sha1,
        SkeyidOfSignatures(
            HashAlgorithm::Sha1, FromHex("69a62284195f1680"), FromHex("80c94ba25c8abda5"), shared),
        shared,
        cookies);
    EXPECT_EQ(ToHex(keys.skeyid), "707197817fb2d90cf54d1842606bdea59b9f4823");
    EXPECT_EQ(ToHex(keys.d), "384be709a8a5e63c3ed160cfe3921c4b37d5b32d");
    EXPECT_EQ(ToHex(keys.a), "48b327575abe3adba0f279849e289022a13e2b47");
    EXPECT_EQ(ToHex(keys.e), "a4a415c8e0c38c0da847c356cc61c24df8025560");
}

// Values of a second implementation, in Python.
TEST(IkeKeys, FollowTheWholeScheduleOfASecondImplementation)
{
    const HashAlgorithm sha1 = HashAlgorithm::Sha1;
    const Bytes ni = Count(0x00);
    const Bytes nr = Count(0x64);
    const auto keys =
        DeriveKeys(sha1,
                   SkeyidOfPresharedKey(sha1, ByteView{std::string_view{"test-psk"}}, ni, nr),
                   Pattern(7, 3),
                   COOKIES);
    EXPECT_EQ(ToHex(keys.skeyid), "dee1905de2fc72ea9db59c33bde86ecc1da0b7d9");
    EXPECT_EQ(ToHex(keys.d), "b9db8419b0028226dda3eb02f628ef8447213047");
    EXPECT_EQ(ToHex(keys.a), "f61d4c38c53332c56ff9b1a157271afba2e4f297");
    EXPECT_EQ(ToHex(keys.e), "42bea9d8a60a310c3e6caf334a0ab771daa6caf4");
    EXPECT_EQ(ToHex(*PhaseOneCipherKey(sha1, keys, CipherAlgorithm::TripleDesCbc, 24)),
              "9692eac453717d0f6254ddb24f9d4af441b2417fda2d9cd9");
    EXPECT_EQ(ToHex(PhaseOneIv(sha1, Pattern(5, 1), Pattern(11, 9), 8)), "d118e046b45a2955");
    EXPECT_EQ(ToHex(PhaseTwoIv(sha1, FromHex("a0a1a2a3a4a5a6a7"), 0xdeadbeef)), "1c1a9ee1fefe1e60");
    EXPECT_EQ(ToHex(KeyMaterial(sha1, keys, {}, 3, 0x12345678, ni, nr, 44)),
              "6d4ceb4fd929e06c1435e8b72e7606a852c26bcaf7d6244c"
              "9c9037cb67b0c2180e85a126b053d5d838ed8b28");
}

TEST(IkeKeys, UseSkeyidEDirectlyWhereItIsLongEnough)
{
    PhaseOneKeys keys;
    keys.e = FromHex("42bea9d8a60a310c3e6caf334a0ab771daa6caf4");
    EXPECT_EQ(ToHex(*PhaseOneCipherKey(HashAlgorithm::Sha1, keys, CipherAlgorithm::DesCbc, 8)),
              "42bea9d8a60a310c");
}

TEST(IkeKeys, ExcludeWeakKeysOfDesWhateverTheirParity)
{
    EXPECT_TRUE(IsWeakDesKey(FromHex("0101010101010101")));
    EXPECT_TRUE(IsWeakDesKey(FromHex("0000000000000000")));
    EXPECT_TRUE(IsWeakDesKey(FromHex("fee0fee0fef1fef1")));
    EXPECT_FALSE(IsWeakDesKey(FromHex("0123456789abcdef")));
    PhaseOneKeys keys;
    keys.e = FromHex("1f1f1f1f0e0e0e0e00000000");
    EXPECT_FALSE(PhaseOneCipherKey(HashAlgorithm::Sha1, keys, CipherAlgorithm::DesCbc, 8));
}

TEST(IkeKeys, EncryptWithZeroPaddingAndDecryptAgain)
{
    const Bytes key = FromHex("0123456789abcdef0011223344556677fedcba9876543210");
    const Bytes iv(8, 0x55);
    const crypto::CbcCipher cipher(CipherAlgorithm::TripleDesCbc, key);
    const Bytes sealed = EncryptPayloads(cipher, iv, {1, 2, 3});
    EXPECT_EQ(sealed.size(), 8U);
    EXPECT_EQ(*DecryptPayloads(cipher, iv, sealed), (Bytes{1, 2, 3, 0, 0, 0, 0, 0}));
    EXPECT_FALSE(DecryptPayloads(cipher, iv, ByteView{sealed}.Sub(1)));
}

struct NatDCase
{
    const char* address;
    std::uint16_t port;
    const char* sha1;
    const char* md5;
};

TEST(NatD, HashesCookiesAddressAndPort)
{
    const NatDCase cases[] = {
        {"192.168.1.2",
         500,
         "49aa0b5b8935b43f1883a0f2bbe19460324d0a48",
         "b65fa56171c5144d962721f873d37799"},
        {"203.0.113.7",
         12312,
         "27b7e408bec49b6226e20dbb017832899a644c87",
         "53375d0cddbcecc5ffbf60d6d323371d"},
        {"198.51.100.1",
         4500,
         "9364548afdeee83874a505055ae0981c826f92b6",
         "8d46ef9df60d8286205f658829f49ad5"},
    };
    for (const NatDCase& c : cases)
    {
        const Endpoint end{*Ipv4Address::Parse(c.address), c.port};
        EXPECT_EQ(ToHex(NatDHash(HashAlgorithm::Sha1, COOKIES, end)), c.sha1);
        EXPECT_EQ(ToHex(NatDHash(HashAlgorithm::Md5, COOKIES, end)), c.md5);
    }
}

TEST(NatD, FindsTheNatBeforeEitherEnd)
{
    const HashAlgorithm md5 = HashAlgorithm::Md5;
    const Endpoint inside{*Ipv4Address::Parse("192.168.1.2"), 500};
    const Endpoint outside{*Ipv4Address::Parse("203.0.113.7"), 12312};
    const Endpoint server{*Ipv4Address::Parse("198.51.100.1"), 500};
    const auto find = [&](Endpoint from, Endpoint to, Endpoint local, Endpoint remote)
    {
        MessageWriter message{Header{}};
        AddNatD(message, NatTFlavor::Rfc3947, md5, COOKIES, from, to);
        const auto chain =
            DecodeChain(PAYLOAD_NAT_D, ByteView{message.Take()}.Sub(Header::SIZE).ToBytes());
        return FindNat(chain->All<NatDPayload>(), md5, COOKIES, local, remote)->Name();
    };
    EXPECT_EQ(find(inside, server, server, inside), "none");
    EXPECT_EQ(find(inside, server, server, outside), "peer");
    EXPECT_EQ(find(server, outside, inside, server), "local");
    EXPECT_EQ(find(server, outside, inside, outside), "both");
    EXPECT_FALSE(FindNat({}, md5, COOKIES, server, inside));
}

TEST(VendorIds, AreTheMd5OfTheirTexts)
{
    int hashed = 0;
    for (const KnownVendorId& row : KnownVendorIds())
    {
        if (!row.hashed.empty())
        {
            ++hashed;
            EXPECT_EQ(ToHex(crypto::Digest(HashAlgorithm::Md5, {ByteView{row.hashed}})), row.hex)
                << row.name;
        }
    }
    EXPECT_EQ(hashed, 21);
}

TEST(VendorIds, AreKnownByNameWithTheirVersion)
{
    EXPECT_EQ(ToHex(MsNt5VendorId(4).bytes), "1e2b516905991c7d7c96fcbfb587e46100000004");
    EXPECT_TRUE(IsMsNt5(MsNt5VendorId(4).bytes));
    EXPECT_EQ(VendorIdName(VendorIdOf(NatTFlavor::Draft02N).bytes),
              "draft-ietf-ipsec-nat-t-ike-02\\n");
    EXPECT_EQ(VendorIdName(Bytes{1, 2}), "0102");
    EXPECT_THROW(VendorIdNamed("nobody"), std::invalid_argument);
}

} // namespace
} // namespace nattlab::ike
