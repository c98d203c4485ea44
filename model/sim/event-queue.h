// SPDX-License-Identifier: GPL-2.0-only
#ifndef NATTLAB_SIM_EVENT_QUEUE_H
#define NATTLAB_SIM_EVENT_QUEUE_H

#include "ns3/scheduler.h"

#include <cstddef>
#include <cstdint>
#include <map>
#include <vector>

namespace ns3
{
namespace nattlab
{

/**
 * The events of a simulation that are to come, in ns-3's order: by time, then as they were made.
 *
 * The next ones are in a heap. Once there are many, those further off wait in slices of time, in no
 * order: most of a large network's events are deadlines of connections that do nothing for now, and
 * in one heap each event would pass by some of them, in memory that the processor's caches could
 * use better.
 */
class EventQueue : public Scheduler
{
  public:
    static TypeId GetTypeId();

    void Insert(const Event& event) override;
    bool IsEmpty() const override;
    Event PeekNext() const override;
    Event RemoveNext() override;

    /** Takes time in proportion to the number of events. */
    void Remove(const Event& event) override;

  private:
    using Events = std::vector<Event>;
    using Slice = std::uint64_t; //!< a time without its lower bits

    static Slice SliceOf(const Event& event);
    void Spread();
    void Refill();

    static constexpr Slice ALL = UINT64_MAX;

    Events m_near;                 //!< a heap; empty only when nothing is to come
    Slice m_end{ALL};              //!< slices before this one are in the heap
    std::map<Slice, Events> m_far; //!< the others that have events
};

} // namespace nattlab
} // namespace ns3

#endif
