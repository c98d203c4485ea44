// SPDX-License-Identifier: GPL-2.0-only
#ifndef NATTLAB_REPORT_JSON_REPORT_H
#define NATTLAB_REPORT_JSON_REPORT_H

#include "helper/simulation/expectation.h"
#include "helper/simulation/simulation.h"

#include <nlohmann/json.hpp>

#include <ostream>
#include <vector>

namespace nattlab
{

/** The result of a run as one JSON document; doc/output.md describes its keys. Times are seconds.
 */
nlohmann::ordered_json MakeJsonReport(const scenario::Scenario& scenario,
                                      const RunResult& result,
                                      const std::vector<Surprise>& surprises);

/** Write the event log as JSON Lines, one event a line, in the order of their happening. */
void WriteEvents(const RunResult& result, std::ostream& out);

} // namespace nattlab

#endif
