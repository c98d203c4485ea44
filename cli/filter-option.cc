// SPDX-License-Identifier: GPL-2.0-only
#include "cli/filter-option.h"

#include "helper/scenario/nearest.h"

#include <CLI/CLI.hpp>

namespace nattlab
{

void
FailColumn(const std::string& option, const store::UnknownColumn& unknown)
{
    const std::string nearest = scenario::Nearest(unknown.name, unknown.known);
    throw CLI::ValidationError(
        option, unknown.what() + (nearest.empty() ? "" : "; did you mean \"" + nearest + "\"?"));
}

store::Filter
MakeFilter(const std::vector<std::string>& terms, const std::vector<std::string>& axes)
{
    try
    {
        return store::Filter(terms, axes);
    }
    catch (const store::UnknownColumn& unknown)
    {
        FailColumn("--where", unknown);
    }
    catch (const store::FilterError& error)
    {
        throw CLI::ValidationError("--where", error.what());
    }
}

} // namespace nattlab
