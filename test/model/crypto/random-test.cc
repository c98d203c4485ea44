// SPDX-License-Identifier: GPL-2.0-only
#include "model/crypto/random.h"

#include <algorithm>
#include <gtest/gtest.h>
#include <vector>

using namespace nattlab;

// Computed by a second implementation of xoshiro256** and of the naming: these numbers are part of
// the promise that a seed always gives the same run.
TEST(RandomStream, FirstValuesOfANameNeverChange)
{
    RandomStream stream(1, "alice", "ike.cookie");
    EXPECT_EQ(stream.Next(), 0x220f623e04f9a420u);
    EXPECT_EQ(stream.Next(), 0xed2f0a18e4e0cd29u);
    EXPECT_EQ(stream.Next(), 0x9f3cc841d37e65ddu);
    EXPECT_EQ(stream.Next(), 0x28a529a912da1384u);
}

TEST(RandomStream, SameNameGivesSameNumbers)
{
    RandomStream a(7, "bob", "esp.iv");
    RandomStream b(7, "bob", "esp.iv");
    for (int i = 0; i < 100; ++i)
    {
        EXPECT_EQ(a.Next(), b.Next());
    }
}

TEST(RandomStream, SeedDeviceAndPurposeEachMakeAnotherStream)
{
    std::vector<std::uint64_t> first;
    for (auto stream : {RandomStream(1, "alice", "spi"),
                        RandomStream(2, "alice", "spi"),
                        RandomStream(1, "bob", "spi"),
                        RandomStream(1, "alice", "iv"),
                        RandomStream(1, "alic", "espi"),
                        RandomStream(1, "alices", "pi"),
                        RandomStream(1, "", "alicespi")})
    {
        first.push_back(stream.Next());
    }
    std::sort(first.begin(), first.end());
    EXPECT_EQ(std::adjacent_find(first.begin(), first.end()), first.end());
}

TEST(RandomStream, DrawingFromOneStreamDoesNotMoveAnother)
{
    RandomStream alone(1, "alice", "spi");
    RandomStream beside(1, "alice", "spi");
    RandomStream other(1, "alice", "iv");
    for (int i = 0; i < 20; ++i)
    {
        other.Take(i);
        EXPECT_EQ(alone.Next(), beside.Next());
    }
}

TEST(RandomStream, BytesAreTheNumbersInNetworkOrder)
{
    RandomStream stream(1, "alice", "ike.cookie");
    EXPECT_EQ(ToHex(stream.Take(11)), "220f623e04f9a420ed2f0a");
    EXPECT_EQ(stream.Next(), 0x9f3cc841d37e65ddu);
    EXPECT_TRUE(stream.Take(0).empty());
}

TEST(RandomStream, BelowStaysBelowAndIsUniform)
{
    RandomStream stream(3, "box", "ports");
    EXPECT_EQ(stream.Below(1), 0u);
    std::vector<int> count(10);
    for (int i = 0; i < 100000; ++i)
    {
        const std::uint64_t value = stream.Below(10);
        ASSERT_LT(value, 10u);
        ++count[value];
    }
    for (const int n : count)
    {
        EXPECT_NEAR(n, 10000, 500); // five standard deviations
    }
    // With this bound half of all draws are refused.
    const std::uint64_t bound = (std::uint64_t{1} << 63) + 1;
    for (int i = 0; i < 1000; ++i)
    {
        ASSERT_LT(stream.Below(bound), bound);
    }
}

TEST(RandomStream, UniformLiesInTheUnitInterval)
{
    RandomStream stream(3, "box", "loss");
    double sum = 0;
    for (int i = 0; i < 10000; ++i)
    {
        const double value = stream.Uniform();
        ASSERT_GE(value, 0.0);
        ASSERT_LT(value, 1.0);
        sum += value;
    }
    EXPECT_NEAR(sum / 10000, 0.5, 0.02);
}

TEST(RandomStream, NonZero32IsTheUpperHalfOfANumber)
{
    RandomStream stream(1, "alice", "ike.cookie");
    EXPECT_EQ(stream.NonZero32(), 0x220f623eu);
    EXPECT_EQ(stream.NonZero32(), 0xed2f0a18u);
}
