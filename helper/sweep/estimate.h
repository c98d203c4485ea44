// SPDX-License-Identifier: GPL-2.0-only
#ifndef NATTLAB_SWEEP_ESTIMATE_H
#define NATTLAB_SWEEP_ESTIMATE_H

#include "helper/scenario/load.h"
#include "helper/sweep/plan.h"

#include <cstdint>

namespace nattlab::sweep
{

/** What a sweep will cost, from running a few of its points. */
struct Estimate
{
    std::uint64_t tried{0};   //!< points that were run
    std::uint64_t invalid{0}; //!< of those: cannot be loaded
    double secondsEach{0};    //!< of one processor, for one point
};

/**
 * Run points that are spread over the plan, in this process, for about \p seconds; at least one,
 * each once.
 */
Estimate EstimateCost(const Plan& plan, const scenario::LoadOptions& options, double seconds);

} // namespace nattlab::sweep

#endif
