// SPDX-License-Identifier: GPL-2.0-only
#ifndef NATTLAB_SCENARIO_OVERRIDE_H
#define NATTLAB_SCENARIO_OVERRIDE_H

#include "helper/scenario/problem.h"
#include "helper/scenario/section.h"

#include <string>
#include <utility>
#include <vector>

namespace nattlab::scenario
{

/**
 * Put values into \p document, in order. A text that is not JSON is taken as a string; objects that
 * are missing on the way are made; "-" appends to an array (RFC 6901 4).
 * \return the pointers that were set; what cannot be set goes to \p problems.
 */
std::vector<std::string>
ApplyOverrides(Json& document,
               const std::vector<std::pair<std::string, std::string>>& overrides,
               std::vector<Problem>& problems);

} // namespace nattlab::scenario

#endif
