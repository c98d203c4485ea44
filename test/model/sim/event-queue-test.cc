// SPDX-License-Identifier: GPL-2.0-only
#include "model/sim/event-queue.h"

#include "ns3/map-scheduler.h"

#include <gtest/gtest.h>

#include <algorithm>
#include <cstddef>
#include <cstdint>
#include <random>
#include <vector>

using ns3::Scheduler;
using ns3::nattlab::EventQueue;

namespace
{

/** The queue, and ns3's tree to compare it with. */
class EventQueueTest : public ::testing::Test
{
  protected:
    void Insert(std::uint64_t time)
    {
        const Scheduler::Event event{nullptr, {time, m_uid++, 0}};
        m_queue->Insert(event);
        m_tree->Insert(event);
        m_size += 1;
    }

    /** \return the time of the event that is taken out of both. */
    std::uint64_t TakeNext()
    {
        EXPECT_EQ(m_queue->PeekNext().key.m_uid, m_tree->PeekNext().key.m_uid);
        const Scheduler::Event event = m_queue->RemoveNext();
        EXPECT_EQ(event.key.m_uid, m_tree->RemoveNext().key.m_uid);
        m_size -= 1;
        EXPECT_EQ(m_queue->IsEmpty(), m_size == 0);
        return event.key.m_ts;
    }

    void TakeAll()
    {
        while (m_size != 0 && !HasFailure())
        {
            TakeNext();
        }
    }

    ns3::Ptr<Scheduler> m_queue = ns3::CreateObject<EventQueue>();
    ns3::Ptr<Scheduler> m_tree = ns3::CreateObject<ns3::MapScheduler>();
    std::uint32_t m_uid{1};
    std::size_t m_size{0};
    std::mt19937_64 m_random{7};
};

constexpr std::uint64_t SECOND = 1'000'000'000;

} // namespace

TEST_F(EventQueueTest, IsEmptyAtFirst)
{
    EXPECT_TRUE(m_queue->IsEmpty());
}

TEST_F(EventQueueTest, GivesFewEventsInTheOrderOfTheTree)
{
    for (const std::uint64_t time : {5u, 3u, 5u, 3u, 4u, 5u})
    {
        Insert(time);
    }
    TakeAll();
}

TEST_F(EventQueueTest, GivesManyEventsInTheOrderOfTheTree)
{
    for (int i = 0; i < 60000; ++i)
    {
        Insert(m_random() % (300 * SECOND));
    }
    TakeAll();
}

TEST_F(EventQueueTest, GivesManyEventsOfOneInstantAsTheyWereMade)
{
    for (int i = 0; i < 20000; ++i)
    {
        Insert(SECOND);
    }
    TakeAll();
}

TEST_F(EventQueueTest, KeepsTheOrderWhileEventsMakeOthers)
{
    for (int i = 0; i < 10000; ++i)
    {
        Insert(m_random() % (60 * SECOND));
    }
    const std::uint64_t delays[] = {0, 1000, SECOND / 100, SECOND / 3, 20 * SECOND, 28800 * SECOND};
    for (int i = 0; i < 200000 && !HasFailure(); ++i)
    {
        const std::uint64_t now = TakeNext();
        Insert(now + delays[m_random() % 6]);
    }
    TakeAll();
}

TEST_F(EventQueueTest, IsOfUseAgainAfterItWasEmpty)
{
    for (int round = 0; round < 3; ++round)
    {
        for (int i = 0; i < 10000; ++i)
        {
            Insert(m_random() % (100 * SECOND));
        }
        TakeAll();
        Insert(0);
        TakeAll();
    }
}

TEST_F(EventQueueTest, RemovesOneEventWhereverItIs)
{
    std::vector<Scheduler::Event> events;
    for (int i = 0; i < 6000; ++i)
    {
        events.push_back({nullptr, {m_random() % (10 * SECOND), m_uid, 0}});
        Insert(events.back().key.m_ts);
    }
    std::shuffle(events.begin(), events.end(), m_random);
    events.resize(events.size() / 2);
    for (const Scheduler::Event& event : events)
    {
        m_queue->Remove(event);
        m_tree->Remove(event);
        m_size -= 1;
    }
    TakeAll();
}

TEST_F(EventQueueTest, RemovesTheLastEvent)
{
    Insert(SECOND);
    m_queue->Remove(m_queue->PeekNext());
    EXPECT_TRUE(m_queue->IsEmpty());
}
