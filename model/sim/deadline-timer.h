// SPDX-License-Identifier: GPL-2.0-only
#ifndef NATTLAB_SIM_DEADLINE_TIMER_H
#define NATTLAB_SIM_DEADLINE_TIMER_H

#include "model/sim/link-channel.h"

#include "model/packet/time.h"

#include "ns3/event-id.h"
#include "ns3/simulator.h"

#include <functional>
#include <optional>
#include <utility>

namespace ns3
{
namespace nattlab
{

/**
 * Calls an engine when its deadline comes. An event that stands earlier than needed is left to
 * fire: most deadlines move later with every packet, and to cancel each time would cost more.
 */
class DeadlineTimer
{
  public:
    explicit DeadlineTimer(std::function<void()> expire)
        : m_expire(std::move(expire))
    {
    }

    ~DeadlineTimer()
    {
        m_event.Cancel();
    }

    /** The engine's next deadline is \p deadline. */
    void Update(std::optional<::nattlab::Instant> deadline)
    {
        if (!deadline || (m_at && *m_at <= *deadline))
        {
            return;
        }
        m_event.Cancel();
        const ::nattlab::Instant now = Now();
        m_at = *deadline < now ? now : *deadline;
        m_event = Simulator::Schedule(ToNs3(*m_at - now), &DeadlineTimer::Fire, this);
    }

  private:
    void Fire()
    {
        m_at.reset();
        m_expire();
    }

    std::function<void()> m_expire;
    EventId m_event;
    std::optional<::nattlab::Instant> m_at; //!< when the event will come, while there is one
};

} // namespace nattlab
} // namespace ns3

#endif
