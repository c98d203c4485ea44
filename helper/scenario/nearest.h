// SPDX-License-Identifier: GPL-2.0-only
#ifndef NATTLAB_SCENARIO_NEAREST_H
#define NATTLAB_SCENARIO_NEAREST_H

#include <string>
#include <string_view>
#include <vector>

namespace nattlab::scenario
{

/**
 * The known name that \p name was most likely meant to be: fewest insertions, deletions,
 * replacements and swaps of neighbours, without regard to case.
 * \return "" when none needs fewer changes than about a third of the longer name.
 */
std::string Nearest(std::string_view name, const std::vector<std::string>& known);

} // namespace nattlab::scenario

#endif
