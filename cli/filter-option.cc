// SPDX-License-Identifier: GPL-2.0-only
#include "cli/filter-option.h"

#include "helper/figures/sweep-notes.h"
#include "helper/scenario/nearest.h"
#include "helper/sweep/axis-quantity.h"

#include <CLI/CLI.hpp>

namespace nattlab
{

namespace
{

/** \return the number of "2 s" in \p unit, as a sweep stores it. */
std::optional<double>
NumberIn(const std::string& unit, const std::string& text)
{
    const std::optional<sweep::Quantity> quantity = sweep::ParseQuantity(text);
    const std::optional<double> number =
        quantity && !unit.empty() ? sweep::NumberIn(*quantity, unit) : std::nullopt;
    return number ? std::optional(sweep::Tidy(*number)) : std::nullopt;
}

} // namespace

void
FailColumn(const std::string& option, const store::UnknownColumn& unknown)
{
    const std::string nearest = scenario::Nearest(unknown.name, unknown.known);
    throw CLI::ValidationError(
        option, unknown.what() + (nearest.empty() ? "" : "; did you mean \"" + nearest + "\"?"));
}

store::Filter
MakeFilter(const std::vector<std::string>& terms, const store::SweepIdentity& sweep)
{
    try
    {
        return store::Filter(terms,
                             sweep.axes,
                             [notes = figures::ReadNotes(sweep)](std::size_t axis,
                                                                 const std::string& text)
                             { return NumberIn(notes[axis].unit, text); });
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
