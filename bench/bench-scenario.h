// SPDX-License-Identifier: GPL-2.0-only
#ifndef NATTLAB_BENCH_SCENARIO_H
#define NATTLAB_BENCH_SCENARIO_H

#include "helper/scenario/load.h"
#include "helper/simulation/simulation.h"

#include <cstdint>
#include <ctime>
#include <memory>
#include <string>

namespace nattlab::bench
{

/** \return the processor time that this process has used, seconds. */
inline double
ProcessorTime()
{
    timespec now{};
    clock_gettime(CLOCK_PROCESS_CPUTIME_ID, &now);
    return static_cast<double>(now.tv_sec) + 1e-9 * static_cast<double>(now.tv_nsec);
}

/** \return a scenario of this folder. */
inline scenario::Scenario
LoadBench(const std::string& name)
{
    scenario::LoadOptions options;
    options.file = std::string(NATTLAB_SOURCE_DIR) + "/bench/" + name + ".json";
    return scenario::Load(options);
}

/** Build, run, judge and destroy once; each seed draws other keys. */
inline RunResult
RunOnce(scenario::Scenario& scenario, std::uint64_t seed, TraceLevel level = TraceLevel::Verdict)
{
    scenario.seed = seed;
    // The object lives longer than the simulation, so that nothing has to be copied.
    const std::shared_ptr<const scenario::Scenario> borrowed(&scenario,
                                                             [](const scenario::Scenario*) {});
    return Simulation(borrowed, level).Run();
}

} // namespace nattlab::bench

#endif
