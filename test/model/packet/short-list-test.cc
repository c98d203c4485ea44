// SPDX-License-Identifier: GPL-2.0-only
#include "model/packet/short-list.h"

#include <gtest/gtest.h>

#include <memory>
#include <string>

using namespace nattlab;

namespace
{

using Texts = ShortList<std::string, 2>;

std::string
Joined(const Texts& texts)
{
    std::string all;
    for (const std::string& text : texts)
    {
        all += text + " ";
    }
    return all;
}

} // namespace

TEST(ShortList, KeepsAllItemsInTheirOrderHoweverMany)
{
    Texts texts;
    EXPECT_TRUE(texts.empty());
    std::string expected;
    for (std::size_t i = 0; i < 7; ++i)
    {
        texts.push_back(std::to_string(i));
        expected += std::to_string(i) + " ";
        EXPECT_EQ(texts.size(), i + 1);
        EXPECT_EQ(texts[i], std::to_string(i));
        EXPECT_EQ(Joined(texts), expected);
    }
}

TEST(ShortList, IsEmptyOnceItWasMovedFrom)
{
    for (const std::size_t size : {1u, 2u, 3u})
    {
        Texts texts;
        for (std::size_t i = 0; i < size; ++i)
        {
            texts.push_back("x");
        }
        Texts taken = std::move(texts);
        EXPECT_EQ(taken.size(), size);
        EXPECT_TRUE(texts.empty());
        texts.push_back("new");
        EXPECT_EQ(Joined(texts), "new ");
        texts = std::move(taken);
        EXPECT_EQ(texts.size(), size);
        EXPECT_TRUE(taken.empty());
    }
}

TEST(ShortList, HoldsWhatCanOnlyBeMoved)
{
    ShortList<std::unique_ptr<int>, 1> numbers;
    numbers.push_back(std::make_unique<int>(1));
    numbers.push_back(std::make_unique<int>(2));
    ASSERT_EQ(numbers.size(), 2u);
    EXPECT_EQ(*numbers[0] + *numbers[1], 3);
}
