// SPDX-License-Identifier: GPL-2.0-only
#ifndef NATTLAB_SCENARIO_EXPLAIN_H
#define NATTLAB_SCENARIO_EXPLAIN_H

#include "helper/scenario/problem.h"
#include "helper/scenario/section.h"

#include <string>
#include <vector>

namespace nattlab::scenario
{

/**
 * Say what is wrong with one value, not with those inside it, that does not fit the schema. A value
 * without members is taken to be at fault itself. Knows the keywords that scenarios/schema.json
 * uses. \param root the schema \param definition where the value begins in it; empty: the root
 * \param value the whole value that was checked
 * \param tokens the way from there to the value in question
 * \param problems gets one problem for each thing that is wrong
 */
void Explain(const Json& root,
             const std::string& definition,
             const Json& value,
             const std::vector<std::string>& tokens,
             std::vector<Problem>& problems);

} // namespace nattlab::scenario

#endif
