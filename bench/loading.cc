// SPDX-License-Identifier: GPL-2.0-only
/**
 * \file
 * From a scenario's text to its plain data: the ordinary loader against the one of sweeps, which
 * knows what the documents before had in common with this one.
 */
#include "bench/bench-scenario.h"

#include "helper/scenario/batch.h"

#include <benchmark/benchmark.h>

#include <fstream>

namespace
{

using namespace nattlab;

const std::string FILE_NAME = std::string(NATTLAB_SOURCE_DIR) + "/bench/five-nodes.json";

scenario::LoadOptions
Options()
{
    scenario::LoadOptions options;
    options.file = FILE_NAME;
    return options;
}

void
Load(benchmark::State& state)
{
    for (auto _ : state)
    {
        benchmark::DoNotOptimize(scenario::Load(Options()));
    }
}

/** Each document differs from the last in the delay of one link, as the points of a sweep do. */
void
LoadInBatch(benchmark::State& state)
{
    scenario::Json document = scenario::Json::parse(std::ifstream(FILE_NAME));
    scenario::BatchLoader loader(Options());
    std::uint64_t point = 0;
    for (auto _ : state)
    {
        document["links"]["backbone"]["delay"] = std::to_string(++point % 100 + 1) + " ms";
        benchmark::DoNotOptimize(loader.Load(document));
    }
}

/** What a worker of a sweep does for each point. */
void
LoadInBatchAndRun(benchmark::State& state)
{
    scenario::Json document = scenario::Json::parse(std::ifstream(FILE_NAME));
    scenario::BatchLoader loader(Options());
    std::uint64_t point = 0;
    for (auto _ : state)
    {
        document["links"]["backbone"]["delay"] = std::to_string(++point % 100 + 1) + " ms";
        scenario::Scenario scenario = loader.Load(document);
        benchmark::DoNotOptimize(bench::RunOnce(scenario, point));
    }
    state.counters["scenarios_per_second"] =
        benchmark::Counter(static_cast<double>(state.iterations()), benchmark::Counter::kIsRate);
}

BENCHMARK(Load)->Unit(benchmark::kMicrosecond);
BENCHMARK(LoadInBatch)->Unit(benchmark::kMicrosecond);
BENCHMARK(LoadInBatchAndRun)->Unit(benchmark::kMicrosecond);

} // namespace

BENCHMARK_MAIN();
