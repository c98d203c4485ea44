// SPDX-License-Identifier: GPL-2.0-only
#include "model/packet/group-table.h"

#include <gtest/gtest.h>

#include <cstdint>
#include <map>
#include <random>
#include <set>

using nattlab::GroupTable;

TEST(GroupTable, HasNoMembersOfAnUnknownKey)
{
    GroupTable<int, int> table;
    EXPECT_TRUE(table.Of(1).empty());
    table.Erase(1, 1);
    EXPECT_TRUE(table.Of(1).empty());
}

TEST(GroupTable, GivesTheMembersOfAKeyInTheirOrder)
{
    GroupTable<int, int> table;
    for (const int member : {5, 2, 9, 2})
    {
        table.Insert(1, member);
    }
    table.Insert(2, 7);
    EXPECT_EQ(table.Of(1), (std::set<int>{2, 5, 9}));
    EXPECT_EQ(table.Of(2), std::set<int>{7});
    table.Erase(1, 5);
    EXPECT_EQ(table.Of(1), (std::set<int>{2, 9}));
    table.Clear();
    EXPECT_TRUE(table.Of(1).empty());
    EXPECT_TRUE(table.Of(2).empty());
}

TEST(GroupTable, AgreesWithATreeOfPairs)
{
    GroupTable<std::uint32_t, std::uint32_t> table;
    std::map<std::uint32_t, std::set<std::uint32_t>> expected;
    std::mt19937 random(3);
    for (int i = 0; i < 20000; ++i)
    {
        const std::uint32_t key = random() % 50;
        const std::uint32_t member = random() % 20;
        if (random() % 2 == 0)
        {
            table.Insert(key, member);
            expected[key].insert(member);
        }
        else
        {
            table.Erase(key, member);
            expected[key].erase(member);
        }
        ASSERT_EQ(table.Of(key), expected[key]);
    }
}
