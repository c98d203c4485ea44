// SPDX-License-Identifier: GPL-2.0-only
/**
 * \file
 * The smallest use of nattlab in a C++ program: read a scenario, run it, read the verdict.
 *
 *     smallest-tunnel [SCENARIO]
 */

#include "helper/scenario/load.h"
#include "helper/simulation/simulation.h"

#include <iostream>

int
main(int argc, char** argv)
{
    nattlab::scenario::LoadOptions options;
    options.file = argc > 1 ? argv[1] : "scenarios/article/no-nat.json";
    try
    {
        nattlab::Simulation simulation(nattlab::scenario::Load(options));
        const nattlab::RunResult result = simulation.Run();
        bool allUp = true;
        for (const nattlab::ConnectionVerdict& verdict : result.connections)
        {
            std::cout << verdict.name << ": " << NameOf(verdict.outcome);
            if (verdict.outcome == nattlab::Outcome::Connected)
            {
                const auto took = *verdict.settled - *verdict.started;
                std::cout << " after " << static_cast<double>(took.count()) / 1e6 << " ms as "
                          << verdict.address;
            }
            else
            {
                std::cout << ", " << IdOf(verdict.cause.reason) << " at " << verdict.cause.box;
                allUp = false;
            }
            std::cout << "\n";
        }
        return allUp ? 0 : 1;
    }
    catch (const nattlab::scenario::ScenarioErrors& errors)
    {
        std::cerr << errors.what() << "\n";
        return 2;
    }
}
