// SPDX-License-Identifier: GPL-2.0-only
#ifndef NATTLAB_SIMULATION_EXPECTATION_H
#define NATTLAB_SIMULATION_EXPECTATION_H

#include "helper/scenario/scenario.h"
#include "helper/simulation/simulation.h"

#include <string>
#include <vector>

namespace nattlab
{

/** Something that the scenario expects and the run did not show. */
struct Surprise
{
    std::string pointer; //!< JSON Pointer of the expectation
    std::string expected;
    std::string found;
};

/** \return the ids of all reasons, for scenario::LoadOptions::knownReasons. */
std::vector<std::string> ReasonIds();

/** \return true when a sighting means packets on links, and not drops. */
bool IsOnLink(const scenario::Sighting& sighting);

/**
 * Hold a run against the scenario's expectations. Without any, every connection is expected to
 * connect.
 * \return what differs; empty when all is as expected
 */
std::vector<Surprise> CheckExpectations(const scenario::Scenario& scenario,
                                        const RunResult& result);

} // namespace nattlab

#endif
