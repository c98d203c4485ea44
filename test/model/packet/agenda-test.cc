// SPDX-License-Identifier: GPL-2.0-only
#include "model/packet/agenda.h"

#include <gtest/gtest.h>

#include <cstdint>
#include <random>
#include <set>
#include <utility>

using nattlab::Agenda;

namespace
{

/** A time, and a number that decides between items of one time. */
using Item = std::pair<std::uint64_t, std::uint32_t>;

struct Order
{
    static std::uint64_t TimeOf(const Item& item)
    {
        return item.first;
    }

    static bool IsLater(const Item& a, const Item& b)
    {
        return a > b;
    }
};

/** The agenda, and a tree to compare it with. */
class AgendaTest : public ::testing::Test
{
  protected:
    void Push(std::uint64_t time, std::uint32_t number)
    {
        if (m_tree.insert({time, number}).second)
        {
            m_agenda.Push({time, number});
        }
    }

    /** \return the time of the first item, which is taken out of both. */
    std::uint64_t Pop()
    {
        EXPECT_EQ(m_agenda.Size(), m_tree.size());
        EXPECT_EQ(m_agenda.First(), *m_tree.begin());
        const Item item = m_agenda.Pop();
        EXPECT_EQ(item, *m_tree.begin());
        m_tree.erase(m_tree.begin());
        return item.first;
    }

    void PopAll()
    {
        while (!m_tree.empty() && !HasFailure())
        {
            ASSERT_FALSE(m_agenda.IsEmpty());
            Pop();
        }
        EXPECT_TRUE(m_agenda.IsEmpty());
        EXPECT_EQ(m_agenda.Size(), 0u);
    }

    Agenda<Item, Order> m_agenda;
    std::set<Item> m_tree;
    std::mt19937_64 m_random{11};
};

constexpr std::uint64_t SECOND = 1'000'000'000;

} // namespace

TEST_F(AgendaTest, IsEmptyAtFirst)
{
    EXPECT_TRUE(m_agenda.IsEmpty());
    EXPECT_EQ(m_agenda.Size(), 0u);
}

TEST_F(AgendaTest, GivesFewAndManyItemsInTheirOrder)
{
    for (const int count : {10, 1000, 50000})
    {
        for (int i = 0; i < count; ++i)
        {
            Push(m_random() % (100 * SECOND), static_cast<std::uint32_t>(m_random()));
        }
        PopAll();
    }
}

TEST_F(AgendaTest, DecidesBetweenManyItemsOfOneTime)
{
    for (int i = 0; i < 20000; ++i)
    {
        Push(7 * SECOND, static_cast<std::uint32_t>(m_random()));
    }
    PopAll();
}

TEST_F(AgendaTest, TakesItemsThatAreSoonerThanWhatIsLeft)
{
    for (std::uint32_t i = 0; i < 20000; ++i)
    {
        Push(100 * SECOND + m_random() % (100 * SECOND), i);
    }
    for (std::uint32_t i = 0; i < 20000; ++i)
    {
        Push(m_random() % (300 * SECOND), i);
        if (i % 3 == 0)
        {
            Pop();
        }
    }
    PopAll();
}

TEST_F(AgendaTest, TidiesUpEverywhere)
{
    for (std::uint32_t i = 0; i < 30000; ++i)
    {
        const Item item{m_random() % (20 * SECOND), i};
        m_agenda.Push(item);
        if (i % 5 == 0)
        {
            m_agenda.Push(item); // twice
        }
        if (i % 3 != 0)
        {
            m_tree.insert(item);
        }
    }
    m_agenda.Tidy([](const Item& item) { return item.second % 3 == 0; });
    PopAll();
}

TEST_F(AgendaTest, GoesOnAfterAllThatWasNearIsTidiedAway)
{
    for (std::uint32_t i = 0; i < 30000; ++i)
    {
        m_agenda.Push({m_random() % (20 * SECOND), i});
    }
    m_agenda.Tidy([](const Item& item) { return item.first < 10 * SECOND; });
    ASSERT_FALSE(m_agenda.IsEmpty());
    EXPECT_GE(m_agenda.First().first, 10 * SECOND);
    m_agenda.Tidy([](const Item&) { return true; });
    EXPECT_TRUE(m_agenda.IsEmpty());
    Push(1, 1);
    PopAll();
}
