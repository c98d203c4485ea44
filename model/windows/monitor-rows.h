// SPDX-License-Identifier: GPL-2.0-only
/**
 * \file
 * The tables that the monitor and ipseccmd have in common, as rows for TextTable. Inside the room.
 */
#ifndef NATTLAB_WINDOWS_MONITOR_ROWS_H
#define NATTLAB_WINDOWS_MONITOR_ROWS_H

#include "model/windows/monitor.h"

#include <string>
#include <vector>

namespace nattlab::windows
{

using Rows = std::vector<std::vector<std::string>>;

Rows FilterRows(const std::vector<MonitorFilter>& filters);
Rows MainModeRows(const std::vector<MonitorMainMode>& mainModes);
Rows StatisticsRows(const MonitorStatistics& statistics);

} // namespace nattlab::windows

#endif
