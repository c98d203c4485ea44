// SPDX-License-Identifier: GPL-2.0-only
#include "model/packet/fifo.h"

#include <deque>
#include <gtest/gtest.h>

using namespace nattlab;

TEST(Fifo, GivesWhatWasPutInInItsOrder)
{
    Fifo<int> fifo;
    std::deque<int> expected;
    EXPECT_TRUE(fifo.empty());
    int next = 0;
    for (int round = 0; round < 200; ++round)
    {
        // Grows and shrinks in turn, to empty now and then.
        const int in = round % 7 < 4 ? round % 13 : 0;
        const int out = round % 7 < 4 ? round % 3 : 40;
        for (int i = 0; i < in; ++i)
        {
            fifo.push_back(next);
            expected.push_back(next++);
        }
        for (int i = 0; i < out && !expected.empty(); ++i)
        {
            ASSERT_EQ(fifo.front(), expected.front());
            fifo.pop_front();
            expected.pop_front();
        }
        ASSERT_EQ(fifo.size(), expected.size());
        ASSERT_EQ(fifo.empty(), expected.empty());
        if (!expected.empty())
        {
            ASSERT_EQ(fifo.front(), expected.front());
            ASSERT_EQ(fifo.back(), expected.back());
        }
    }
    EXPECT_GT(next, 500);
}

TEST(Fifo, IsEmptyAfterClear)
{
    Fifo<int> fifo;
    fifo.emplace_back(1);
    fifo.emplace_back(2);
    fifo.pop_front();
    fifo.clear();
    EXPECT_TRUE(fifo.empty());
    EXPECT_EQ(fifo.size(), 0U);
    fifo.push_back(3);
    EXPECT_EQ(fifo.front(), 3);
}
