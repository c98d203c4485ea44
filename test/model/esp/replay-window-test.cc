// SPDX-License-Identifier: GPL-2.0-only
#include "model/esp/replay-window.h"

#include "model/crypto/random.h"

#include <gtest/gtest.h>
#include <set>

using namespace nattlab;
using namespace nattlab::esp;

namespace
{

/** Offer a number as a receiver does. */
bool
Offer(ReplayWindow& window, std::uint32_t sequence)
{
    const bool isNew = window.IsNew(sequence);
    if (isNew)
    {
        window.Accept(sequence);
    }
    return isNew;
}

struct Step
{
    std::uint32_t sequence;
    bool accepted;
};

void
RunSteps(std::size_t size, std::initializer_list<Step> steps)
{
    ReplayWindow window(size);
    int i = 0;
    for (const Step& step : steps)
    {
        EXPECT_EQ(Offer(window, step.sequence), step.accepted)
            << "step " << i << ", sequence " << step.sequence;
        ++i;
    }
}

} // namespace

TEST(ReplayWindow, AcceptsNumbersInOrderOnce)
{
    RunSteps(64, {{1, true}, {2, true}, {3, true}, {3, false}, {2, false}, {1, false}, {4, true}});
}

TEST(ReplayWindow, RefusesZeroBecauseCountersBeginWithOne)
{
    RunSteps(64, {{0, false}, {1, true}, {0, false}});
}

TEST(ReplayWindow, AcceptsReorderedNumbersInsideTheWindow)
{
    RunSteps(64, {{5, true}, {3, true}, {4, true}, {1, true}, {2, true}, {3, false}, {6, true}});
}

TEST(ReplayWindow, LeftEdgeIsWindowSizeBelowTheHighest)
{
    // With 100 as the right edge the window of 64 is 37 to 100.
    RunSteps(64, {{100, true}, {36, false}, {37, true}, {37, false}, {101, true}, {37, false}});
    RunSteps(32, {{100, true}, {68, false}, {69, true}, {69, false}});
    RunSteps(1, {{100, true}, {99, false}, {100, false}, {101, true}});
}

TEST(ReplayWindow, BigJumpForgetsTheOldWindow)
{
    RunSteps(64,
             {{1, true},
              {2, true},
              {1000000, true},
              {1, false},
              {2, false},
              {1000000 - 63, true},
              {1000000 - 64, false},
              {0xffffffff, true},
              {0xffffffff, false},
              {0xffffffff - 63, true},
              {0xffffffff - 64, false}});
}

TEST(ReplayWindow, JumpByLessThanTheWindowKeepsItsMemory)
{
    RunSteps(64,
             {{10, true}, {70, true}, {10, false}, {9, true}, {7, true}, {6, false}, {11, true}});
}

TEST(ReplayWindow, SizeZeroAcceptsEverything)
{
    RunSteps(0, {{5, true}, {5, true}, {0, true}, {1, true}, {0xffffffff, true}, {1, true}});
    ReplayWindow window(0);
    window.Accept(7);
    window.Accept(3);
    EXPECT_EQ(window.Highest(), 7u);
}

TEST(ReplayWindow, AskingDoesNotChangeIt)
{
    ReplayWindow window(64);
    EXPECT_TRUE(window.IsNew(500));
    EXPECT_TRUE(window.IsNew(500));
    EXPECT_EQ(window.Highest(), 0u);
    EXPECT_TRUE(window.IsNew(1));
}

TEST(ReplayWindow, AgreesWithASetOfAllNumbersSeen)
{
    RandomStream random(1, "test", "replay");
    for (const std::size_t size : {1u, 31u, 32u, 63u, 64u, 65u, 128u, 1000u})
    {
        ReplayWindow window(size);
        std::set<std::uint32_t> seen;
        std::uint32_t highest = 0;
        std::uint32_t around = 1;
        for (int i = 0; i < 5000; ++i)
        {
            around += static_cast<std::uint32_t>(random.Below(3));
            if (random.Below(200) == 0)
            {
                around += static_cast<std::uint32_t>(random.Below(5000));
            }
            const auto back = static_cast<std::uint32_t>(random.Below(2 * size));
            const std::uint32_t sequence = around > back ? around - back : 1;
            const bool expected =
                sequence > highest || (highest - sequence < size && seen.count(sequence) == 0);
            ASSERT_EQ(Offer(window, sequence), expected) << "size " << size << ", step " << i;
            seen.insert(sequence);
            highest = std::max(highest, sequence);
            ASSERT_EQ(window.Highest(), highest);
        }
    }
}
