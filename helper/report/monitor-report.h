// SPDX-License-Identifier: GPL-2.0-only
#ifndef NATTLAB_REPORT_MONITOR_REPORT_H
#define NATTLAB_REPORT_MONITOR_REPORT_H

#include "model/windows/monitor.h"

#include <nlohmann/json.hpp>

namespace nattlab
{

/** \return what a monitor shows, with the column names of the tool as keys. Times are seconds. */
nlohmann::ordered_json MakeMonitorJson(const windows::MonitorView& view);

} // namespace nattlab

#endif
