// SPDX-License-Identifier: GPL-2.0-only
#include "model/sim/event-queue.h"

#include <algorithm>
#include <functional>
#include <utility>

namespace ns3
{
namespace nattlab
{

NS_OBJECT_ENSURE_REGISTERED(EventQueue);

namespace
{

constexpr unsigned SLICE_BITS = 26;   // 0.07 s, where ns-3 counts nanoseconds
constexpr std::size_t MANY = 1 << 12; // events, of 24 bytes each: as many as fit a fast cache

constexpr std::greater<Scheduler::Event> LATER{}; // the first of a heap is the largest

} // namespace

TypeId
EventQueue::GetTypeId()
{
    static TypeId tid = TypeId("ns3::nattlab::EventQueue")
                            .SetParent<Scheduler>()
                            .SetGroupName("Nattlab")
                            .AddConstructor<EventQueue>();
    return tid;
}

EventQueue::Slice
EventQueue::SliceOf(const Event& event)
{
    return event.key.m_ts >> SLICE_BITS;
}

void
EventQueue::Insert(const Event& event)
{
    const Slice slice = SliceOf(event);
    if (slice >= m_end)
    {
        m_far[slice].push_back(event);
        return;
    }
    m_near.push_back(event);
    std::push_heap(m_near.begin(), m_near.end(), LATER);
    if (m_end == ALL && m_near.size() > MANY)
    {
        Spread();
    }
}

/** Leave only the first slice in the heap. */
void
EventQueue::Spread()
{
    m_end = SliceOf(m_near.front()) + 1;
    const auto far = std::partition(m_near.begin(),
                                    m_near.end(),
                                    [this](const Event& event) { return SliceOf(event) < m_end; });
    for (auto it = far; it != m_near.end(); ++it)
    {
        m_far[SliceOf(*it)].push_back(*it);
    }
    m_near.erase(far, m_near.end());
    std::make_heap(m_near.begin(), m_near.end(), LATER);
}

/** The heap has become empty: go on to the next slice. */
void
EventQueue::Refill()
{
    if (m_far.empty())
    {
        m_end = ALL;
        return;
    }
    const auto next = m_far.begin();
    const Slice slice = next->first;
    m_near = std::move(next->second);
    m_far.erase(next);
    m_end = m_far.empty() ? ALL : slice + 1;
    std::make_heap(m_near.begin(), m_near.end(), LATER);
}

bool
EventQueue::IsEmpty() const
{
    return m_near.empty();
}

Scheduler::Event
EventQueue::PeekNext() const
{
    return m_near.front();
}

Scheduler::Event
EventQueue::RemoveNext()
{
    std::pop_heap(m_near.begin(), m_near.end(), LATER);
    const Event event = m_near.back();
    m_near.pop_back();
    if (m_near.empty())
    {
        Refill();
    }
    // The next ones, while this one takes its time.
    for (std::size_t i = 0; i < m_near.size() && i < 3; ++i)
    {
        __builtin_prefetch(m_near[i].impl);
    }
    return event;
}

void
EventQueue::Remove(const Event& event)
{
    const Slice slice = SliceOf(event);
    const auto far = m_far.find(slice);
    Events& events = slice < m_end ? m_near : far->second;
    events.erase(std::find(events.begin(), events.end(), event));
    if (slice < m_end)
    {
        std::make_heap(m_near.begin(), m_near.end(), LATER);
        if (m_near.empty())
        {
            Refill();
        }
    }
    else if (events.empty())
    {
        m_far.erase(far);
    }
}

} // namespace nattlab
} // namespace ns3
