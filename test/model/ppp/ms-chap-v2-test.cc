// SPDX-License-Identifier: GPL-2.0-only
#include "model/ppp/ms-chap-v2.h"

#include "model/crypto/hash.h"

#include <gtest/gtest.h>

using namespace nattlab;
using namespace nattlab::ppp;

namespace
{

// RFC 2759 9.2.
const Bytes CHALLENGE = FromHex("5B5D7C7D7B3F2F3E3C2C602132262628");
const Bytes PEER_CHALLENGE = FromHex("21402324255E262A28295F2B3A337C7E");
constexpr const char* USER = "User";
constexpr const char* PASSWORD = "clientPass";

} // namespace

TEST(MsChapV2, ReadsThePasswordAsUtf16)
{
    EXPECT_EQ(ToHex(mschap::Utf16(PASSWORD)), "63006c00690065006e0074005000610073007300");
    EXPECT_EQ(ToHex(mschap::Utf16("\xC3\xA9\xE2\x82\xAC\xF0\x9F\x98\x80")), "e900ac203dd800de");
}

TEST(MsChapV2, ReadsBytesThatAreNotUtf8AsTheyStand)
{
    EXPECT_EQ(ToHex(mschap::Utf16("\xE9"
                                  "a\xC3")),
              "e9006100c300");
}

TEST(MsChapV2, HashesTheChallengesOfTheRfcExample)
{
    EXPECT_EQ(ToHex(mschap::ChallengeHash(PEER_CHALLENGE, CHALLENGE, USER)), "d02e4386bce91226");
}

TEST(MsChapV2, HashesThePasswordOfTheRfcExample)
{
    const Bytes hash = mschap::NtPasswordHash(PASSWORD);
    EXPECT_EQ(ToHex(hash), "44ebba8d5312b8d611474411f56989ae");
    EXPECT_EQ(ToHex(crypto::Md4(hash)), "41c00c584bd2d91c4017a2a12fa59f3f");
}

TEST(MsChapV2, ComputesTheNtResponseOfTheRfcExample)
{
    EXPECT_EQ(ToHex(mschap::NtResponse(CHALLENGE, PEER_CHALLENGE, USER, PASSWORD)),
              "82309ecd8d708b5ea08faa3981cd83544233114a3d85d6df");
}

TEST(MsChapV2, ComputesTheAuthenticatorResponseOfTheRfcExample)
{
    const Bytes nt = mschap::NtResponse(CHALLENGE, PEER_CHALLENGE, USER, PASSWORD);
    EXPECT_EQ(mschap::AuthenticatorResponse(PASSWORD, nt, PEER_CHALLENGE, CHALLENGE, USER),
              "S=407A5589115FD0D6209F510FE9C04566932CDA56");
}

TEST(MsChapV2, LeavesTheDomainOutOfTheHash)
{
    EXPECT_EQ(mschap::ChallengeHash(PEER_CHALLENGE, CHALLENGE, "DOMAIN\\User"),
              mschap::ChallengeHash(PEER_CHALLENGE, CHALLENGE, USER));
}

TEST(MsChapV2, WritesAndReadsTheFailureText)
{
    const std::string text = mschap::BuildFailure({691, true, CHALLENGE});
    EXPECT_EQ(text.substr(0, 53), "E=691 R=1 C=5B5D7C7D7B3F2F3E3C2C602132262628 V=3 M=au");
    const auto read = mschap::ParseFailure(text);
    ASSERT_TRUE(read);
    EXPECT_EQ(read->error, 691u);
    EXPECT_TRUE(read->retry);
    EXPECT_EQ(read->challenge, CHALLENGE);
}

TEST(MsChapV2, AllowsNoRetryWithoutAProperChallenge)
{
    for (const char* text : {"E=691 R=1", "E=691 R=1 C=5B V=3", "E=691 R=1 M=x C=5B5D7C7D7B3F2F3E"})
    {
        const auto read = mschap::ParseFailure(text);
        ASSERT_TRUE(read) << text;
        EXPECT_FALSE(read->retry) << text;
    }
}

TEST(MsChapV2, RefusesAFailureTextWithoutAnErrorNumber)
{
    for (const char* text : {"", "R=1", "E=", "E=x", "E=12345678901", "M=E=691", "M= E=691"})
    {
        EXPECT_FALSE(mschap::ParseFailure(text)) << text;
    }
    EXPECT_EQ(mschap::ParseFailure("E=9999999999")->error, 4294967295u);
}
