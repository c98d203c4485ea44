// SPDX-License-Identifier: GPL-2.0-only
#ifndef NATTLAB_SCENARIO_PLACE_H
#define NATTLAB_SCENARIO_PLACE_H

#include "helper/scenario/problem.h"

#include <cstddef>
#include <map>
#include <string>
#include <string_view>
#include <vector>

namespace nattlab::scenario
{

/** Where something stands in a text; both from 1, the column in bytes. */
struct Place
{
    std::size_t line;
    std::size_t column;
};

/**
 * Find where everything stands in a JSON text.
 * \param text valid JSON, not nested too deeply to recurse
 * \param file its name in problems
 * \param problems gets the keys that stand twice in one object
 * \return places by JSON Pointer; of a member: where its key stands.
 */
std::map<std::string, Place>
FindPlaces(std::string_view text, const std::string& file, std::vector<Problem>& problems);

} // namespace nattlab::scenario

#endif
