// SPDX-License-Identifier: GPL-2.0-only
#ifndef NATTLAB_REGRESSION_RUN_SCENARIO_H
#define NATTLAB_REGRESSION_RUN_SCENARIO_H

#include "helper/regression/test-result.h"

#include <string>

namespace nattlab::regression
{

/**
 * Load a scenario, run it in this process and hold it against its expectations. Whatever goes wrong
 * is told by the result.
 */
TestResult RunScenario(const std::string& file);

/** \return what a run is judged to be, for a scenario that has been loaded and run elsewhere. */
TestResult Judge(const scenario::Scenario& scenario, const RunResult& run);

} // namespace nattlab::regression

#endif
