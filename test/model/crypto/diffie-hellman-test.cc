// SPDX-License-Identifier: GPL-2.0-only
#include "model/crypto/diffie-hellman.h"

#include <cryptopp/integer.h>
#include <cryptopp/nbtheory.h>
#include <gtest/gtest.h>
#include <set>

using namespace nattlab;
using namespace nattlab::crypto;
using CryptoPP::Integer;

namespace
{

constexpr DhGroup ALL[] = {DhGroup::Modp768,
                           DhGroup::Modp1024,
                           DhGroup::Modp1536,
                           DhGroup::Modp2048};

Integer
ToInteger(const Bytes& bytes)
{
    return Integer(bytes.data(), bytes.size());
}

Bytes
ToBytes(const Integer& value, std::size_t size)
{
    Bytes bytes(size);
    value.Encode(bytes.data(), size);
    return bytes;
}

/** arctan(1/x) * one. */
Integer
ArcTangent(long x, const Integer& one)
{
    Integer power = one / x;
    Integer sum = power;
    for (long n = 3; !power.IsZero(); n += 2)
    {
        power /= x * x;
        sum += n % 4 == 3 ? -(power / n) : power / n;
    }
    return sum;
}

/** floor(2^bits * pi), by Machin's formula with 64 bits to spare. */
Integer
PiShifted(unsigned bits)
{
    const Integer one = Integer::Power2(bits + 64);
    return (Integer(16) * ArcTangent(5, one) - Integer(4) * ArcTangent(239, one)) >> 64;
}

/** Plain arithmetic as long as the object lives. */
class PlainArithmetic
{
  public:
    PlainArithmetic()
    {
        SetDhArithmetic(DhArithmetic::Plain);
    }

    ~PlainArithmetic()
    {
        SetDhArithmetic(DhArithmetic::Remembering);
    }
};

/** What two ends of an exchange compute. */
struct Exchange
{
    DhKeyPair one;
    DhKeyPair other;
    std::optional<Bytes> oneSecret;
    std::optional<Bytes> otherSecret;
};

Exchange
MakeExchange(DhGroup group, std::uint64_t seed)
{
    RandomStream random(seed, "exchange", "ike.dh");
    Exchange e{GenerateDhKey(group, random), GenerateDhKey(group, random), {}, {}};
    e.oneSecret = SharedSecret(e.one, e.other.publicValue);
    e.otherSecret = SharedSecret(e.other, e.one.publicValue);
    return e;
}

} // namespace

TEST(DiffieHellman, RememberingGivesTheNumbersOfPlainArithmetic)
{
    for (const DhGroup group : ALL)
    {
        for (const bool warm : {false, true})
        {
            if (warm)
            {
                WarmUpDh({group});
            }
            for (std::uint64_t seed = 0; seed < 8; ++seed)
            {
                const Exchange quick = MakeExchange(group, warm ? 100 + seed : seed);
                const PlainArithmetic plainly;
                const Exchange plain = MakeExchange(group, warm ? 100 + seed : seed);
                ASSERT_EQ(quick.one.privateExponent, plain.one.privateExponent);
                ASSERT_EQ(quick.one.publicValue, plain.one.publicValue);
                ASSERT_EQ(quick.other.publicValue, plain.other.publicValue);
                ASSERT_TRUE(plain.oneSecret);
                ASSERT_EQ(quick.oneSecret, plain.oneSecret);
                ASSERT_EQ(quick.otherSecret, plain.oneSecret);
                ASSERT_EQ(plain.otherSecret, plain.oneSecret);
            }
        }
    }
}

TEST(DiffieHellman, TheSameKeyAgainGivesTheSameNumbersFromMemory)
{
    const Exchange first = MakeExchange(DhGroup::Modp1024, 55);
    const Exchange again = MakeExchange(DhGroup::Modp1024, 55);
    EXPECT_EQ(first.one.publicValue, again.one.publicValue);
    EXPECT_EQ(first.oneSecret, again.otherSecret);
}

TEST(DiffieHellman, AKeyThatWasChangedIsNotTakenFromMemory)
{
    for (const DhGroup group : ALL)
    {
        Exchange e = MakeExchange(group, 77);
        e.one.privateExponent.back() ^= 1; // no longer the exponent of its public value
        const Integer expected = a_exp_b_mod_c(ToInteger(e.other.publicValue),
                                               ToInteger(e.one.privateExponent),
                                               ToInteger(Prime(group)));
        EXPECT_EQ(ToInteger(*SharedSecret(e.one, e.other.publicValue)), expected);
    }
}

TEST(DiffieHellman, ManyKeysAreForgottenWithoutHarm)
{
    RandomStream random(9, "many", "ike.dh");
    const DhKeyPair first = GenerateDhKey(DhGroup::Modp768, random);
    const DhKeyPair second = GenerateDhKey(DhGroup::Modp768, random);
    const auto before = SharedSecret(first, second.publicValue);
    for (int i = 0; i < 6000; ++i)
    {
        GenerateDhKey(DhGroup::Modp768, random);
    }
    EXPECT_EQ(SharedSecret(second, first.publicValue), before);
}

TEST(DiffieHellman, DegenerateValuesAreRefusedByBothArithmetics)
{
    RandomStream random(3, "alice", "ike.dh");
    for (const DhGroup group : ALL)
    {
        const DhKeyPair own = GenerateDhKey(group, random);
        const std::size_t size = PublicSize(group);
        const Integer p = ToInteger(Prime(group));
        const PlainArithmetic plainly;
        for (const Integer& value : {Integer::Zero(), Integer::One(), p - 1, p, p + 1})
        {
            EXPECT_FALSE(SharedSecret(own, ToBytes(value, size)));
        }
        EXPECT_TRUE(SharedSecret(own, ToBytes(Integer::Two(), size)));
        EXPECT_TRUE(SharedSecret(own, ToBytes(p - 2, size)));
    }
}

TEST(DiffieHellman, PrimesHaveTheClosedFormsOfTheRfcs)
{
    struct Form
    {
        DhGroup group;
        unsigned bits;
        long offset;
    };

    // RFC 2409 6.1 and 6.2, RFC 3526 2 and 3.
    for (const Form& f : {Form{DhGroup::Modp768, 768, 149686},
                          Form{DhGroup::Modp1024, 1024, 129093},
                          Form{DhGroup::Modp1536, 1536, 741804},
                          Form{DhGroup::Modp2048, 2048, 124476}})
    {
        const Integer expected =
            Integer::Power2(f.bits) - Integer::Power2(f.bits - 64) - Integer::One() +
            Integer::Power2(64) * (PiShifted(f.bits - 130) + Integer(f.offset));
        EXPECT_EQ(ToInteger(Prime(f.group)), expected) << f.bits;
        EXPECT_EQ(PublicSize(f.group), f.bits / 8);
        EXPECT_EQ(Prime(f.group).size(), f.bits / 8);
    }
}

TEST(DiffieHellman, PrimesAreSafePrimes)
{
    for (const DhGroup group : ALL)
    {
        const Integer p = ToInteger(Prime(group));
        for (const long base : {2, 3, 5})
        {
            EXPECT_TRUE(CryptoPP::IsStrongProbablePrime(p, base)); // Miller-Rabin
            EXPECT_TRUE(CryptoPP::IsStrongProbablePrime((p - 1) >> 1, base));
        }
    }
}

TEST(DiffieHellman, KnowsTheGroupsByTheirIkeNumbers)
{
    std::set<int> known;
    for (std::uint16_t number = 0; number < 100; ++number)
    {
        if (IsKnownGroup(number))
        {
            known.insert(number);
        }
    }
    EXPECT_EQ(known, (std::set<int>{1, 2, 5, 14}));
}

TEST(DiffieHellman, BothSidesFindTheSameSecret)
{
    for (const DhGroup group : ALL)
    {
        RandomStream aliceRandom(1, "alice", "ike.dh");
        RandomStream bobRandom(1, "bob", "ike.dh");
        const DhKeyPair alice = GenerateDhKey(group, aliceRandom);
        const DhKeyPair bob = GenerateDhKey(group, bobRandom);
        EXPECT_EQ(alice.publicValue.size(), PublicSize(group));
        EXPECT_NE(alice.publicValue, bob.publicValue);
        const auto one = SharedSecret(alice, bob.publicValue);
        const auto other = SharedSecret(bob, alice.publicValue);
        ASSERT_TRUE(one);
        ASSERT_TRUE(other);
        EXPECT_EQ(*one, *other);
        EXPECT_EQ(one->size(), PublicSize(group));
    }
}

TEST(DiffieHellman, PublicValuesAreThoseOfPlainArithmetic)
{
    RandomStream random(1, "alice", "ike.dh");
    for (const DhGroup group : ALL)
    {
        const Integer p = ToInteger(Prime(group));
        for (int i = 0; i < 10; ++i)
        {
            const DhKeyPair pair = GenerateDhKey(group, random);
            EXPECT_EQ(ToInteger(pair.publicValue),
                      a_exp_b_mod_c(Integer::Two(), ToInteger(pair.privateExponent), p));
        }
    }
}

TEST(DiffieHellman, ExponentsHaveTwiceTheStrengthOfTheGroup)
{
    RandomStream random(1, "alice", "ike.dh");
    const std::size_t bits[] = {160, 256, 256, 320};
    for (std::size_t i = 0; i < 4; ++i)
    {
        const DhKeyPair pair = GenerateDhKey(ALL[i], random);
        EXPECT_EQ(ToInteger(pair.privateExponent).BitCount(), bits[i]);
    }
}

TEST(DiffieHellman, SameStreamGivesTheSameKey)
{
    RandomStream one(5, "alice", "ike.dh");
    RandomStream two(5, "alice", "ike.dh");
    EXPECT_EQ(GenerateDhKey(DhGroup::Modp1024, one).publicValue,
              GenerateDhKey(DhGroup::Modp1024, two).publicValue);
    EXPECT_NE(GenerateDhKey(DhGroup::Modp1024, one).publicValue,
              GenerateDhKey(DhGroup::Modp2048, two).publicValue);
}

TEST(DiffieHellman, ShortNumbersArePaddedOnTheLeft)
{
    DhKeyPair own;
    own.group = DhGroup::Modp768;
    own.privateExponent = {3};
    const auto secret = SharedSecret(own, ToBytes(Integer(5), 96));
    ASSERT_TRUE(secret);
    EXPECT_EQ(*secret, ToBytes(Integer(125), 96));
}

TEST(DiffieHellman, RefusesDegeneratePublicValues)
{
    RandomStream random(1, "alice", "ike.dh");
    for (const DhGroup group : ALL)
    {
        const DhKeyPair own = GenerateDhKey(group, random);
        const std::size_t size = PublicSize(group);
        const Integer p = ToInteger(Prime(group));
        EXPECT_FALSE(SharedSecret(own, ToBytes(Integer::Zero(), size)));
        EXPECT_FALSE(SharedSecret(own, ToBytes(Integer::One(), size)));
        EXPECT_FALSE(SharedSecret(own, ToBytes(p - 1, size)));
        EXPECT_FALSE(SharedSecret(own, ToBytes(p, size)));
        EXPECT_FALSE(SharedSecret(own, ToBytes(p + 1, size)));
        EXPECT_FALSE(SharedSecret(own, Bytes(size, 0xff)));
        EXPECT_TRUE(SharedSecret(own, ToBytes(Integer::Two(), size)));
        EXPECT_TRUE(SharedSecret(own, ToBytes(p - 2, size)));
    }
}

TEST(DiffieHellman, RefusesPublicValuesOfAnotherLength)
{
    RandomStream random(1, "alice", "ike.dh");
    const DhKeyPair own = GenerateDhKey(DhGroup::Modp1024, random);
    EXPECT_FALSE(SharedSecret(own, {}));
    EXPECT_FALSE(SharedSecret(own, Bytes(127, 7)));
    EXPECT_FALSE(SharedSecret(own, Bytes(129, 0)));
    EXPECT_FALSE(SharedSecret(own, GenerateDhKey(DhGroup::Modp768, random).publicValue));
}
