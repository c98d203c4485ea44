// SPDX-License-Identifier: GPL-2.0-only
#include "model/packet/timer-queue.h"

#include <gtest/gtest.h>

#include <map>
#include <random>
#include <set>

using namespace nattlab;

namespace
{

Instant
At(std::int64_t nanoseconds)
{
    return Instant{Duration{nanoseconds}};
}

struct Name
{
    int row;
    int column;

    bool operator==(const Name& other) const
    {
        return row == other.row && column == other.column;
    }

    bool operator<(const Name& other) const
    {
        return row != other.row ? row < other.row : column < other.column;
    }

    std::size_t Hash() const
    {
        return 7; // all collide
    }
};

} // namespace

TEST(TimerQueue, KnowsNoDeadlineWhenItIsEmpty)
{
    TimerQueue<std::uint64_t> timers;
    EXPECT_EQ(timers.Next(), std::nullopt);
    EXPECT_EQ(timers.PopDue(At(1'000'000)), std::nullopt);
    timers.Cancel(1);
    EXPECT_EQ(timers.At(1), std::nullopt);
}

TEST(TimerQueue, GivesTheKeysOfOneInstantInTheirOrder)
{
    TimerQueue<Name> timers;
    for (const Name& name : {Name{2, 1}, Name{1, 2}, Name{1, 1}, Name{3, 0}})
    {
        timers.Set(name, At(5));
    }
    timers.Set({0, 0}, At(6));
    EXPECT_EQ(timers.PopDue(At(4)), std::nullopt);
    EXPECT_EQ(timers.PopDue(At(5)), (Name{1, 1}));
    EXPECT_EQ(timers.PopDue(At(5)), (Name{1, 2}));
    EXPECT_EQ(timers.PopDue(At(5)), (Name{2, 1}));
    EXPECT_EQ(timers.PopDue(At(5)), (Name{3, 0}));
    EXPECT_EQ(timers.PopDue(At(5)), std::nullopt);
    EXPECT_EQ(timers.Next(), At(6));
}

TEST(TimerQueue, AMovedDeadlineCountsAndTheOldOneDoesNot)
{
    TimerQueue<std::uint64_t> timers;
    timers.Set(1, At(10));
    timers.Set(1, At(30));
    EXPECT_EQ(timers.Next(), At(30));
    timers.Set(2, At(20));
    EXPECT_EQ(timers.Next(), At(20));
    timers.Set(2, At(40));
    timers.Set(1, At(5));
    EXPECT_EQ(timers.PopDue(At(5)), 1u);
    EXPECT_EQ(timers.PopDue(At(39)), std::nullopt);
    EXPECT_EQ(timers.PopDue(At(40)), 2u);
    EXPECT_EQ(timers.Next(), std::nullopt);
}

TEST(TimerQueue, OneThatIsCancelledAndSetAgainComesOutOnce)
{
    TimerQueue<std::uint64_t> timers;
    timers.Set(9, At(1));
    for (int i = 0; i < 1000; ++i)
    {
        timers.Set(1, At(10));
        timers.Cancel(1);
    }
    timers.Set(1, At(10));
    EXPECT_EQ(timers.PopDue(At(10)), 9u);
    EXPECT_EQ(timers.PopDue(At(10)), 1u);
    EXPECT_EQ(timers.PopDue(At(10)), std::nullopt);
}

TEST(TimerQueue, AgreesWithAListThatIsAlwaysSorted)
{
    std::minstd_rand random; // the same numbers each time
    const auto below = [&random](std::uint64_t bound) { return random() % bound; };
    TimerQueue<std::uint64_t> timers;
    std::map<std::uint64_t, Instant> model;
    const auto first = [&model]
    {
        std::set<std::pair<Instant, std::uint64_t>> order;
        for (const auto& [key, at] : model)
        {
            order.emplace(at, key);
        }
        return *order.begin();
    };
    for (int step = 0; step < 20000; ++step)
    {
        const std::uint64_t key = below(40);
        const Instant at = At(static_cast<std::int64_t>(step + below(200)));
        switch (below(4))
        {
        case 0:
            timers.Cancel(key);
            model.erase(key);
            break;
        case 1:
            if (const auto due = timers.PopDue(At(step)))
            {
                ASSERT_EQ(*due, first().second);
                ASSERT_LE(first().first, At(step));
                model.erase(*due);
            }
            else
            {
                ASSERT_TRUE(model.empty() || first().first > At(step));
            }
            break;
        default:
            timers.Set(key, at);
            model[key] = at;
            break;
        }
        ASSERT_EQ(timers.At(key),
                  model.count(key) != 0 ? std::optional<Instant>{model.at(key)} : std::nullopt);
        ASSERT_EQ(timers.Next(),
                  model.empty() ? std::nullopt : std::optional<Instant>{first().first});
    }
}
