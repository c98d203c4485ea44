// SPDX-License-Identifier: GPL-2.0-only
#ifndef NATTLAB_REGRESSION_JUNIT_H
#define NATTLAB_REGRESSION_JUNIT_H

#include "helper/regression/test-result.h"

#include <ostream>
#include <vector>

namespace nattlab::regression
{

/**
 * Write results as JUnit XML: a suite for each folder, in the order of their first scenarios, and a
 * case for each scenario. It has no element or attribute that junit-10.xsd of Jenkins' plugin xUnit
 * does not admit. Times are simulated seconds, so that equal results are equal bytes.
 */
void WriteJunit(const std::vector<TestResult>& results, std::ostream& out);

} // namespace nattlab::regression

#endif
