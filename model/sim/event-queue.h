// SPDX-License-Identifier: GPL-2.0-only
#ifndef NATTLAB_SIM_EVENT_QUEUE_H
#define NATTLAB_SIM_EVENT_QUEUE_H

#include "model/packet/agenda.h"

#include "ns3/scheduler.h"

#include <cstdint>

namespace ns3
{
namespace nattlab
{

/** The events to come, in ns-3's order: by time, then as they were made. */
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
    struct Order
    {
        static std::uint64_t TimeOf(const Event& event)
        {
            return event.key.m_ts;
        }

        static bool IsLater(const Event& a, const Event& b)
        {
            return a.key > b.key;
        }
    };

    ::nattlab::Agenda<Event, Order> m_events;
};

} // namespace nattlab
} // namespace ns3

#endif
