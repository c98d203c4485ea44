// SPDX-License-Identifier: GPL-2.0-only
/**
 * \file
 * Runs one scenario again and again: the program that bench/count-instructions looks into.
 *
 * repeat FILE RUNS [verdict|full]
 */
#include "bench/bench-scenario.h"

#include "model/crypto/diffie-hellman.h"

#include <cstdio>
#include <cstdlib>
#include <cstring>

int
main(int argc, char** argv)
{
    using namespace nattlab;
    const bool smallest = argc == 2 && std::strcmp(argv[1], "--smallest") == 0;
    if (argc < 3 && !smallest)
    {
        std::fprintf(stderr, "usage: repeat FILE RUNS [verdict|full]\n");
        return 2;
    }
    scenario::LoadOptions options;
    options.file = smallest ? std::string(NATTLAB_SOURCE_DIR) + "/bench/five-nodes.json" : argv[1];
    const long runs = smallest ? 1 : std::atol(argv[2]);
    const TraceLevel level =
        argc > 3 && std::strcmp(argv[3], "full") == 0 ? TraceLevel::Full : TraceLevel::Verdict;
    scenario::Scenario scenario = scenario::Load(options);
    crypto::WarmUpDh({crypto::DhGroup::Modp1024});
    std::size_t connected = 0;
    std::uint64_t packets = 0;
    const double start = bench::ProcessorTime();
    for (long run = 1; run <= runs; ++run)
    {
        const RunResult result = bench::RunOnce(scenario, static_cast<std::uint64_t>(run), level);
        packets += result.packets.made;
        for (const ConnectionVerdict& verdict : result.connections)
        {
            connected += verdict.outcome == Outcome::Connected;
        }
    }
    const double each = (bench::ProcessorTime() - start) / static_cast<double>(runs);
    std::printf("%ld runs, %zu connections, %llu packets, %.1f us each\n",
                runs,
                connected,
                static_cast<unsigned long long>(packets),
                each * 1e6);
    return connected > 0 ? 0 : 1;
}
