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
 * \return the filter of --where.
 * \param axes of the sweep
 * \throws CLI::ValidationError for a term that cannot be understood
 */
store::Filter MakeFilter(const std::vector<std::string>& terms,
                         const std::vector<std::string>& axes);

} // namespace nattlab

#endif
