// SPDX-License-Identifier: GPL-2.0-only
#ifndef NATTLAB_SWEEP_PROGRESS_H
#define NATTLAB_SWEEP_PROGRESS_H

#include "helper/sweep/run-sweep.h"

#include <string>

namespace nattlab::sweep
{

/** \return "[####....] 412/1000, 81/s, 0:07 left, 60 % connected, nat.filtered 12 %", one line. */
std::string ProgressLine(const Progress& progress);

/** \return what came of the points that were run, for people; several lines. */
std::string ProgressSummary(const Progress& progress);

/** \return "2:05", or "1:02:05" from an hour on. */
std::string ClockText(double seconds);

} // namespace nattlab::sweep

#endif
