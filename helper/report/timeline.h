// SPDX-License-Identifier: GPL-2.0-only
#ifndef NATTLAB_REPORT_TIMELINE_H
#define NATTLAB_REPORT_TIMELINE_H

#include "helper/simulation/simulation.h"

#include <string>
#include <vector>

namespace nattlab
{

/** What a row of the exchange is about; a report colours by it. */
enum class TimelineKind : std::uint8_t
{
    Message,
    Good,
    Bad,
    Note,
};

/** One row of the exchange between the two ends of a connection. */
struct TimelineRow
{
    Instant time;
    TimelineKind kind;
    std::string text; //!< UTF-8
};

/** \return the rows of one connection: messages as arrows between its ends, losses and milestones.
 */
std::vector<TimelineRow> MakeTimeline(const RunResult& result, const ConnectionInfo& connection);

} // namespace nattlab

#endif
