// SPDX-License-Identifier: GPL-2.0-only
#include "model/l2tp/tunnel-secret.h"

#include "model/crypto/hash.h"
#include "model/l2tp/compose.h"
#include "model/l2tp/message.h"
#include "test/model/l2tp/avps.h"

#include <gtest/gtest.h>

using namespace nattlab;
using namespace nattlab::l2tp;

namespace
{

const std::string SECRET = "tunnel secret";

Bytes
Md5(std::initializer_list<ByteView> parts)
{
    return crypto::Digest(crypto::HashAlgorithm::Md5, parts);
}

Bytes
Xor(ByteView a, ByteView b)
{
    Bytes out = a.ToBytes();
    for (std::size_t i = 0; i < out.size(); ++i)
    {
        out[i] ^= b[i];
    }
    return out;
}

Bytes
Counting(std::size_t size)
{
    Bytes out(size);
    for (std::size_t i = 0; i < size; ++i)
    {
        out[i] = static_cast<std::uint8_t>(i + 1);
    }
    return out;
}

Hiding
SomeHiding(std::size_t padding)
{
    return {ByteView(SECRET), Counting(16), Bytes(padding, 0x99)};
}

} // namespace

TEST(L2tpHiding, AShortValueIsXoredWithTheFirstDigest)
{
    const Bytes vector = FromHex("000102030405060708090a0b0c0d0e0f");
    // RFC 2661 4.3: b1 = MD5(AV + S + RV), c1 = p1 xor b1, with p = length and value.
    const Bytes b1 = Md5({FromHex("0009"), ByteView(SECRET), vector});
    EXPECT_EQ(HideValue(9, ByteView(SECRET), vector, FromHex("1234")),
              Xor(FromHex("0002 1234"), b1));
}

TEST(L2tpHiding, LaterChunksChainOverTheCipherText)
{
    const Bytes vector = Counting(20);
    const Bytes value = Counting(40);
    const Bytes plain = Concat({FromHex("0028"), value, FromHex("eeee")});
    const Bytes c1 =
        Xor(ByteView(plain).Sub(0, 16), Md5({FromHex("0021"), ByteView(SECRET), vector}));
    const Bytes c2 = Xor(ByteView(plain).Sub(16, 16), Md5({ByteView(SECRET), c1}));
    const Bytes c3 = Xor(ByteView(plain).Sub(32), Md5({ByteView(SECRET), c2}));
    EXPECT_EQ(HideValue(33, ByteView(SECRET), vector, value, FromHex("eeee")),
              Concat({c1, c2, c3}));
}

TEST(L2tpHiding, EveryLengthComesBackAndPaddingGoes)
{
    const Bytes vector = Counting(16);
    for (std::size_t size = 0; size < 70; ++size)
    {
        for (const std::size_t padding : {0u, 1u, 12u, 33u})
        {
            const Bytes value = Counting(size);
            const Bytes hidden =
                HideValue(7, ByteView(SECRET), vector, value, Bytes(padding, 0x55));
            EXPECT_EQ(hidden.size(), 2 + size + padding) << "RFC 2661 4.3: length, value, padding";
            EXPECT_EQ(RevealValue(7, ByteView(SECRET), vector, hidden), value);
        }
    }
}

TEST(L2tpHiding, TheWrongSecretDoesNotRevealTheValue)
{
    const Bytes hidden = HideValue(7, ByteView(SECRET), Counting(16), Counting(30));
    EXPECT_NE(RevealValue(7, ByteView("other"), Counting(16), hidden), Counting(30));
    EXPECT_NE(RevealValue(8, ByteView(SECRET), Counting(16), hidden), Counting(30));
    EXPECT_FALSE(RevealValue(7, ByteView(SECRET), Counting(16), {})) << "no length at all";
}

TEST(L2tpHiding, AMessageHidesWhatMayBeHiddenBehindARandomVector)
{
    Config config;
    const Draft message = ComposeSccrq(config, 5, Counting(16));
    const Hiding hiding = SomeHiding(12);
    const Bytes body = HideAvps(message.body, hiding);
    const std::vector<Avp> avps = AvpsIn(body);
    EXPECT_TRUE(avps.at(0).Is(AvpType::MessageType));
    EXPECT_TRUE(avps.at(1).Is(AvpType::RandomVector));
    for (const Avp& avp : avps)
    {
        EXPECT_EQ(avp.hidden, FindAvpInfo(avp.type)->mayHide) << avp.type;
        if (avp.Is(AvpType::BearerCapabilities))
        {
            EXPECT_EQ(avp.value.size() + Avp::HEADER_SIZE, 24u) << "the example of RFC 2661 4.3";
        }
    }
    DecodeRules rules;
    rules.secret = &SECRET;
    const Decoded decoded = DecodeMessage(body, rules);
    ASSERT_FALSE(decoded.fault) << decoded.fault->detail;
    const std::vector<Avp> clear = AvpsIn(message.body);
    ASSERT_EQ(decoded.message.avps.size() + 1, clear.size()) << "all but the message type";
    for (std::size_t i = 1; i < clear.size(); ++i)
    {
        EXPECT_EQ(decoded.message.avps[i - 1].value, clear[i].value);
    }
}

TEST(L2tpHiding, AHiddenMandatoryAttributeIsAFaultWithoutSecretOrVector)
{
    const Hiding hiding = SomeHiding(0);
    const Bytes body = HideAvps(ComposeIcrp(3).body, hiding);
    EXPECT_TRUE(DecodeMessage(body, {}).fault) << "no secret";

    DecodeRules rules;
    rules.secret = &SECRET;
    EXPECT_FALSE(DecodeMessage(body, rules).fault);
    Bytes withoutVector;
    for (const Avp& avp : AvpsIn(body))
    {
        if (!avp.Is(AvpType::RandomVector))
        {
            Bytes one;
            AppendAvp(one, avp);
            Append(withoutVector, one);
        }
    }
    EXPECT_TRUE(DecodeMessage(withoutVector, rules).fault) << "no vector";
}

TEST(L2tpHiding, TheVectorClosestBeforeAnAttributeCounts)
{
    const Bytes first = Counting(16);
    const Bytes second(16, 0x77);
    Bytes body = FromHex("8008 0000 0000 0006");
    const auto add = [&body](std::uint16_t type, bool hidden, const Bytes& value)
    {
        Avp avp;
        avp.type = type;
        avp.mandatory = true;
        avp.hidden = hidden;
        avp.value = value;
        AppendAvp(body, avp);
    };
    add(36, false, first);
    add(9, true, HideValue(9, ByteView(SECRET), first, FromHex("0001")));
    add(36, false, second);
    add(14, true, HideValue(14, ByteView(SECRET), second, FromHex("0002")));
    DecodeRules rules;
    rules.secret = &SECRET;
    const Decoded decoded = DecodeMessage(body, rules);
    ASSERT_FALSE(decoded.fault);
    EXPECT_EQ(decoded.message.Number16(AvpType::AssignedTunnelId), 1);
    EXPECT_EQ(decoded.message.Number16(AvpType::AssignedSessionId), 2);
}

TEST(L2tpHiding, AnAttributeThatMustNotBeHiddenIsAFaultWhenItIs)
{
    const Bytes vector = Counting(16);
    Bytes body = FromHex("8008 0000 0000 0006 8016 0000 0024");
    Append(body, vector);
    Avp host;
    host.type = 7;
    host.mandatory = true;
    host.hidden = true;
    const Bytes hidden = HideValue(7, ByteView(SECRET), vector, ByteView("x"));
    host.value = hidden;
    AppendAvp(body, host);
    DecodeRules rules;
    rules.secret = &SECRET;
    EXPECT_TRUE(DecodeMessage(body, rules).fault);
}

TEST(L2tpAuthentication, TheResponseIsTheDigestOfTypeSecretAndChallenge)
{
    const Bytes challenge = Counting(16);
    const Bytes expected = Md5({FromHex("02"), ByteView(SECRET), challenge});
    EXPECT_EQ(ChallengeResponse(2, ByteView(SECRET), challenge), expected);
    EXPECT_NE(ChallengeResponse(3, ByteView(SECRET), challenge), expected)
        << "SCCCN is not answered with SCCRP's";
    EXPECT_EQ(expected.size(), 16u);
}
