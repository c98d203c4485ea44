// SPDX-License-Identifier: GPL-2.0-only
#include "model/sim/event-queue.h"

#include <cstddef>

namespace ns3
{
namespace nattlab
{

NS_OBJECT_ENSURE_REGISTERED(EventQueue);

namespace
{

constexpr std::size_t AHEAD = 3; // events that are asked for before they come

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

void
EventQueue::Insert(const Event& event)
{
    m_events.Push(event);
}

bool
EventQueue::IsEmpty() const
{
    return m_events.IsEmpty();
}

Scheduler::Event
EventQueue::PeekNext() const
{
    return m_events.First();
}

Scheduler::Event
EventQueue::RemoveNext()
{
    const Event event = m_events.Pop();
    // While this one takes its time; see nattlab::Prefetch.
    const auto& near = m_events.Near();
    for (std::size_t i = 0; i < near.size() && i < AHEAD; ++i)
    {
        __builtin_prefetch(near[i].impl);
    }
    return event;
}

void
EventQueue::Remove(const Event& event)
{
    m_events.Tidy([&](const Event& other) { return other == event; });
}

} // namespace nattlab
} // namespace ns3
