// SPDX-License-Identifier: GPL-2.0-only
#include "model/packet/serial-table.h"

#include <gtest/gtest.h>

#include <map>
#include <random>

namespace nattlab
{
namespace
{

using Table = SerialTable<int>;
using Numbers = std::vector<Table::Number>;

TEST(SerialTable, FindsWhatWasPutInAndNothingElse)
{
    Table table;
    EXPECT_EQ(table.Find(0), nullptr);
    EXPECT_EQ(table.Put(7, std::make_unique<int>(70)), 70);
    table.Put(9, std::make_unique<int>(90));
    EXPECT_EQ(*table.Find(7), 70);
    EXPECT_EQ(table.At(9), 90);
    EXPECT_EQ(table.Size(), 2U);
    EXPECT_EQ(table.Numbers(), (Numbers{7, 9}));
    for (const Table::Number other : {Table::Number{0},
                                      Table::Number{6},
                                      Table::Number{8},
                                      Table::Number{10},
                                      ~Table::Number{0}})
    {
        EXPECT_EQ(table.Find(other), nullptr) << other;
        EXPECT_THROW(table.At(other), std::out_of_range) << other;
        EXPECT_EQ(table.Take(other), nullptr) << other;
    }
}

TEST(SerialTable, AnItemTakenOutIsTheCallersAndCanComeBackUnderALowerNumber)
{
    Table table;
    const int* item = &table.Put(5, std::make_unique<int>(50));
    table.Put(6, std::make_unique<int>(60));
    std::unique_ptr<int> taken = table.Take(5);
    EXPECT_EQ(taken.get(), item);
    EXPECT_EQ(table.Find(5), nullptr);
    EXPECT_EQ(&table.Put(2, std::move(taken)), item);
    EXPECT_EQ(table.Find(2), item);
    EXPECT_EQ(table.Numbers(), (Numbers{2, 6}));
}

TEST(SerialTable, ClearForgetsAll)
{
    Table table;
    table.Put(3, std::make_unique<int>(30));
    table.Clear();
    EXPECT_EQ(table.Size(), 0U);
    EXPECT_EQ(table.Find(3), nullptr);
    table.Put(1, std::make_unique<int>(10));
    EXPECT_EQ(table.Numbers(), Numbers{1});
}

TEST(SerialTable, ItemsDoNotMove)
{
    Table table;
    const int* first = &table.Put(1, std::make_unique<int>(1));
    for (int i = 2; i < 1000; ++i)
    {
        table.Put(static_cast<Table::Number>(i), std::make_unique<int>(i));
    }
    for (Table::Number i = 2; i < 900; ++i)
    {
        table.Take(i);
    }
    EXPECT_EQ(table.Find(1), first);
}

// Numbers mostly rise; now and then one comes again, and the oldest mostly go first.
TEST(SerialTable, IsLikeAMap)
{
    std::mt19937 random(1);
    for (int round = 0; round < 50; ++round)
    {
        Table table;
        std::map<Table::Number, int> map;
        Table::Number last = 0;
        for (int step = 0; step < 300; ++step)
        {
            const unsigned what = random() % 100;
            const int value = static_cast<int>(random() % 1000);
            if (what < 52)
            {
                const Table::Number number = what < 48 ? ++last : random() % (last + 1);
                map[number] = value;
                table.Put(number, std::make_unique<int>(value));
            }
            else if (!map.empty())
            {
                auto it = map.begin();
                std::advance(it, what < 85 ? 0 : random() % map.size());
                const auto taken = table.Take(it->first);
                ASSERT_TRUE(taken);
                EXPECT_EQ(*taken, it->second);
                map.erase(it);
            }
            ASSERT_EQ(table.Size(), map.size());
            Numbers numbers;
            for (const auto& [number, item] : map)
            {
                numbers.push_back(number);
                ASSERT_EQ(table.At(number), item);
            }
            ASSERT_EQ(table.Numbers(), numbers);
        }
    }
}

} // namespace
} // namespace nattlab
