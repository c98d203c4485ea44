// SPDX-License-Identifier: GPL-2.0-only
#ifndef NATTLAB_WINDOWS_OAKLEY_H
#define NATTLAB_WINDOWS_OAKLEY_H

#include "model/trace/event-log.h"

#include <cstdint>
#include <string>
#include <utility>
#include <vector>

namespace nattlab::windows
{

/**
 * What Oakley.log holds after a run: "M-D: hh:mm:ss:mmm:tid message" for each event of IKE, in
 * nattlab's words. The thread is the number of the connection, in hexadecimal.
 *
 * \param host whose log it is
 * \param loggingOn the periods in which it was written; an event at the end of one is in it
 * \param start the calendar's time at the start of the run: seconds since 1970-01-01 00:00 UTC
 */
std::string OakleyLog(const EventLog& log,
                      NodeId host,
                      const std::vector<std::pair<Instant, Instant>>& loggingOn,
                      std::int64_t start);

/** \return "5-28: 10:15:30:123", the form of time of Oakley.log. */
std::string OakleyTime(Instant time, std::int64_t start);

} // namespace nattlab::windows

#endif
