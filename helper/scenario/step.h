// SPDX-License-Identifier: GPL-2.0-only
#ifndef NATTLAB_SCENARIO_STEP_H
#define NATTLAB_SCENARIO_STEP_H

#include "helper/scenario/section.h"

#include <cstddef>
#include <string>

namespace nattlab::scenario
{

struct Stepped
{
    Json value;
    std::string fault; //!< why a step cannot be taken; empty: it could
};

/**
 * Count a value up.
 * \param value an address, an address with the length of its network, a whole number, or a time
 * \param amount a whole number, or for a time a time
 * \param times how often the amount is added
 */
Stepped TakeSteps(const Json& value, const Json& amount, std::size_t times);

} // namespace nattlab::scenario

#endif
