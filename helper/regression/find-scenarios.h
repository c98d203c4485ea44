// SPDX-License-Identifier: GPL-2.0-only
#ifndef NATTLAB_REGRESSION_FIND_SCENARIOS_H
#define NATTLAB_REGRESSION_FIND_SCENARIOS_H

#include <string>
#include <vector>

namespace nattlab::regression
{

/** A file that is a scenario, or should be one. */
struct FoundScenario
{
    std::string file;
    bool readable{false}; //!< is JSON; else the next two are empty
    std::string title;
    std::vector<std::string> tags;
};

/**
 * Find scenarios. A file that is named is one. A folder is searched through, hidden entries aside;
 * there a `.json` file is a scenario when it is an object with `links` or `hosts` and neither
 * schema.json nor, by its `$schema`, a preset. One that is no JSON counts too, and so does
 * a link that leads nowhere, so that a slip of the keyboard does not take a test away unseen.
 * \return in the order of \p paths, those of a folder by name; each file once
 */
std::vector<FoundScenario> FindScenarios(const std::vector<std::string>& paths);

/** Which of the found scenarios are wanted; what is empty admits all. */
struct Selection
{
    std::string text;              //!< in the file's path or in the title
    std::vector<std::string> tags; //!< any of these; a file that is no JSON may have each
};

/** \return the paths of those of \p found that are wanted, in their order. */
std::vector<std::string> Select(const std::vector<FoundScenario>& found,
                                const Selection& selection);

} // namespace nattlab::regression

#endif
