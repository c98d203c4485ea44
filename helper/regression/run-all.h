// SPDX-License-Identifier: GPL-2.0-only
#ifndef NATTLAB_REGRESSION_RUN_ALL_H
#define NATTLAB_REGRESSION_RUN_ALL_H

#include "helper/regression/test-result.h"

#include <cstddef>
#include <functional>
#include <string>
#include <vector>

namespace nattlab::regression
{

/** Runs one scenario; called in a worker process. */
using Runner = std::function<TestResult(const std::string& file)>;

/** Told of each scenario that is done, in the order of their ending. */
using Listener = std::function<void(const TestResult&)>;

/**
 * Run scenarios in parallel, by workers::WorkerPool. When a worker dies, the scenario that it was
 * running gets Status::Fault.
 * \param workers how many processes at most
 * \return in the order of \p files, whatever the number of workers
 * \throws std::system_error when no process can be made
 */
std::vector<TestResult> RunAll(const std::vector<std::string>& files,
                               std::size_t workers,
                               const Runner& runner,
                               const Listener& listener = {});

} // namespace nattlab::regression

#endif
