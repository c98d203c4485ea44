// SPDX-License-Identifier: GPL-2.0-only
#include "helper/sweep/estimate.h"

#include "helper/sweep/run-point.h"
#include "helper/sweep/shard.h"

#include <algorithm>
#include <chrono>

namespace nattlab::sweep
{

Estimate
EstimateCost(const Plan& plan, const scenario::LoadOptions& options, double seconds)
{
    constexpr std::uint64_t MOST = 200;
    using Clock = std::chrono::steady_clock;
    Estimate estimate;
    if (plan.Size() == 0)
    {
        return estimate;
    }
    PointRunner runner(plan, options);
    const std::uint64_t shards = (plan.Size() + MOST - 1) / MOST;
    const auto points = PointsOfShard(plan.Size(), 1, shards);
    runner.Run(points.front()); // what only the first run of a process costs does not count
    const Clock::time_point start = Clock::now();
    double elapsed = 0;
    for (const store::PointId point : points)
    {
        estimate.invalid += runner.Run(point).status == store::PointStatus::Invalid;
        ++estimate.tried;
        elapsed = std::chrono::duration<double>(Clock::now() - start).count();
        if (elapsed >= seconds)
        {
            break;
        }
    }
    estimate.secondsEach = elapsed / static_cast<double>(estimate.tried);
    return estimate;
}

} // namespace nattlab::sweep
