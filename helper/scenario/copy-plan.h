// SPDX-License-Identifier: GPL-2.0-only
#ifndef NATTLAB_SCENARIO_COPY_PLAN_H
#define NATTLAB_SCENARIO_COPY_PLAN_H

#include "helper/scenario/problem.h"
#include "helper/scenario/section.h"

#include <cstddef>
#include <string>
#include <string_view>
#include <vector>

namespace nattlab::scenario
{

constexpr std::string_view TIMETABLE = "/timetable";

/** An item that is copied. */
struct CopiedItem
{
    std::string pointer;
    std::string table; //!< "/hosts"
    std::string name;  //!< of the timetable: the index
    Json value;
};

/** A value of the copied items that counts up. */
struct CopyStep
{
    std::size_t item;  //!< index in CopyGroup::items
    std::string below; //!< pointer within the item
    Json amount;
    std::string pointer; //!< of the step itself
};

/** A member of "copies". */
struct CopyGroup
{
    std::string pointer;
    std::size_t count{0};
    std::vector<CopiedItem> items;
    std::vector<CopyStep> steps;
};

/**
 * Read what is to be copied.
 * \param copies fits the schema
 * \param document is not changed
 * \param problems gets what is wrong
 */
std::vector<CopyGroup>
ReadCopies(const Json& copies, const Json& document, std::vector<Problem>& problems);

} // namespace nattlab::scenario

#endif
