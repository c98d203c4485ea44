// SPDX-License-Identifier: GPL-2.0-only
#include "model/packet/short-bytes.h"

#include <gtest/gtest.h>

namespace nattlab
{
namespace
{

/** \return 1, 2, 3 ... */
Bytes
Counted(std::size_t size)
{
    Bytes bytes;
    for (std::size_t i = 1; i <= size; ++i)
    {
        bytes.push_back(static_cast<std::uint8_t>(i));
    }
    return bytes;
}

TEST(ShortBytes, HoldFewAndManyAlike)
{
    const std::size_t most = ShortBytes::INSIDE;
    for (const std::size_t size : {std::size_t{0}, std::size_t{1}, most, most + 1, 10 * most})
    {
        const Bytes bytes = Counted(size);
        const ShortBytes kept = bytes;
        EXPECT_EQ(kept.size(), size);
        EXPECT_EQ(kept.empty(), size == 0);
        EXPECT_EQ(kept.ToBytes(), bytes);
        EXPECT_TRUE(kept == bytes);
        EXPECT_TRUE(ByteView{kept} == ByteView{bytes});
        EXPECT_EQ(ShortBytes::Zeros(size), Bytes(size, 0));
    }
}

TEST(ShortBytes, AreCopiedAndMovedBetweenAllSizes)
{
    for (const std::size_t from : {3, 24, 25, 100})
    {
        for (const std::size_t to : {0, 3, 24, 25, 100})
        {
            const ShortBytes source = Counted(from);
            ShortBytes target = Counted(to);
            target = source;
            EXPECT_EQ(target, source);
            target.data()[0] = 0xFF;
            EXPECT_EQ(source, Counted(from));
            ShortBytes other = std::move(target);
            EXPECT_EQ(other.size(), from);
            other = Counted(to);
            EXPECT_EQ(other, Counted(to));
        }
    }
}

TEST(ShortBytes, AreOrderedAsBytesAre)
{
    const Bytes samples[] = {
        {}, {0}, {0, 1}, {1}, {1, 0}, Counted(30), Counted(31), Bytes(30, 0xFF)};
    for (const Bytes& a : samples)
    {
        for (const Bytes& b : samples)
        {
            EXPECT_EQ(ShortBytes(a) < ShortBytes(b), a < b);
            EXPECT_EQ(ShortBytes(a) == ShortBytes(b), a == b);
            EXPECT_EQ(ShortBytes(a) != b, a != b);
        }
    }
}

TEST(ShortBytes, AreMadeOfNumbersInNetworkOrder)
{
    EXPECT_EQ(ShortBytes::Of16(0x0102), (ShortBytes{1, 2}));
    EXPECT_EQ(ShortBytes::Of32(0x01020304), (ShortBytes{1, 2, 3, 4}));
    EXPECT_EQ(ShortBytes::Of64(0x0102030405060708), (ShortBytes{1, 2, 3, 4, 5, 6, 7, 8}));
}

} // namespace
} // namespace nattlab
