// SPDX-License-Identifier: GPL-2.0-only
#ifndef NATTLAB_REGRESSION_CHANGES_H
#define NATTLAB_REGRESSION_CHANGES_H

#include "helper/regression/test-result.h"

#include <optional>
#include <ostream>
#include <string>
#include <vector>

namespace nattlab::regression
{

/** A scenario whose verdict, or whether it is as expected, is not what it was. */
struct Change
{
    std::optional<TestResult> before; //!< nothing: the earlier report does not have it
    TestResult now;
};

/**
 * Read what `nattlab test --json` wrote.
 * \throws std::runtime_error with the reason when it is no such document
 */
std::vector<TestResult> ReadTestReport(const std::string& file);

/** \return what changed, in the order of \p now; scenarios are known by their file's path. */
std::vector<Change> FindChanges(const std::vector<TestResult>& before,
                                const std::vector<TestResult>& now);

/** Write what changed, as it was and as it is; then how many came out how. */
void WriteChanges(const std::vector<Change>& changes,
                  const std::vector<TestResult>& now,
                  std::ostream& out);

} // namespace nattlab::regression

#endif
