// SPDX-License-Identifier: GPL-2.0-only
/**
 * \file
 * Simulated time. Every engine receives the present instant as a parameter; none owns a clock.
 */
#ifndef NATTLAB_PACKET_TIME_H
#define NATTLAB_PACKET_TIME_H

#include <chrono>
#include <cstdint>
#include <optional>
#include <ratio>

namespace nattlab
{

/** A span of simulated time, in nanoseconds. */
using Duration = std::chrono::nanoseconds;

/** The simulation's clock: it cannot be read, only passed in, so it has no now(). */
struct SimulationClock
{
    using duration = Duration;
    using rep = duration::rep;
    using period = duration::period;
    using time_point = std::chrono::time_point<SimulationClock>;
    static constexpr bool is_steady = true;
};

/** A point in simulated time; Instant{} is the start of the run. */
using Instant = SimulationClock::time_point;

using std::chrono::hours;
using std::chrono::microseconds;
using std::chrono::milliseconds;
using std::chrono::minutes;
using std::chrono::nanoseconds;
using std::chrono::seconds;

/** \return the earlier of two deadlines; an absent one never comes. */
inline std::optional<Instant>
Earlier(std::optional<Instant> a, std::optional<Instant> b)
{
    if (!a)
    {
        return b;
    }
    if (!b)
    {
        return a;
    }
    return *a < *b ? a : b;
}

} // namespace nattlab

#endif
