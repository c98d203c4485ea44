// SPDX-License-Identifier: GPL-2.0-only
#ifndef NATTLAB_CLI_FILTER_OPTION_H
#define NATTLAB_CLI_FILTER_OPTION_H

#include "helper/store/filter.h"

#include <string>
#include <vector>

namespace nattlab
{

/** Refuse an option that names a column that there is not, with the nearest that there is. */
[[noreturn]] void FailColumn(const std::string& option, const store::UnknownColumn& unknown);

/**
 * \return the filter of --where. Numbers of an axis with a unit may be given in any unit of its kind.
 * \param sweep whose results are filtered
 * \throws CLI::ValidationError for a term that cannot be understood
 */
store::Filter MakeFilter(const std::vector<std::string>& terms,
                         const store::SweepIdentity& sweep);

} // namespace nattlab

#endif
