// SPDX-License-Identifier: GPL-2.0-only
#include "helper/sweep/condition.h"

#include "helper/scenario/document.h"
#include "helper/scenario/nearest.h"
#include "helper/sweep/axis-quantity.h"

#include <algorithm>
#include <cmath>
#include <limits>
#include <optional>
#include <utility>

namespace nattlab::sweep
{

namespace
{

using scenario::Json;
using scenario::Report;

const std::vector<std::string> COMPARISONS{"below", "atMost", "atLeast", "above", "not"};

/** \return the number of a quantity or number in the axis's unit; nothing, and a problem, for
 * others. */
std::optional<double>
NumberFor(const Axis& axis, const Json& value, const std::string& pointer, Report& report)
{
    if (axis.unit.empty() && value.is_number())
    {
        return value.get<double>();
    }
    const auto quantity =
        value.is_string() ? ParseQuantity(value.get<std::string>()) : std::nullopt;
    const auto number =
        quantity && !axis.unit.empty() ? NumberIn(*quantity, axis.unit) : std::nullopt;
    if (!number)
    {
        report.Add(pointer,
                   "",
                   axis.unit.empty() ? "a number" : KindOf(axis.unit),
                   scenario::Describe(value));
    }
    return number;
}

/** \return whether a value of a condition is the entry's. */
bool
IsEntry(const Axis& axis, const AxisEntry& entry, const Json& value)
{
    if (value == entry.value && !axis.patches)
    {
        return true;
    }
    if (!value.is_string())
    {
        return false;
    }
    const auto& text = value.get_ref<const std::string&>();
    const auto* number = std::get_if<double>(&entry.label);
    const auto quantity =
        number && !axis.unit.empty() ? ParseQuantity(text) : std::optional<Quantity>();
    return quantity ? NumberIn(*quantity, axis.unit) == *number : text == entry.text;
}

} // namespace

Condition
Condition::Parse(const Json& value,
                 const std::string& pointer,
                 const std::vector<Axis>& axes,
                 Report& report)
{
    Condition all;
    const auto parts = [&](const Json& list, const std::string& place)
    {
        std::vector<Condition> conditions;
        for (std::size_t i = 0; i < list.size(); ++i)
        {
            conditions.push_back(Parse(list[i], scenario::Join(place, i), axes, report));
        }
        return conditions;
    };
    if (value.is_array())
    {
        all.m_parts = parts(value, pointer);
        return all;
    }
    if (!value.is_object())
    {
        report.Add(pointer, "", "a condition such as {\"AXIS\": VALUE}", scenario::Describe(value));
        return all;
    }
    for (const auto& [key, test] : value.items())
    {
        const std::string place = scenario::Join(pointer, key);
        Condition part;
        if (key == "any" || key == "all")
        {
            if (!test.is_array() || test.empty())
            {
                report.Add(place,
                           "",
                           test.is_array() ? "at least one condition" : "an array of conditions",
                           test.is_array() ? "none" : scenario::Describe(test));
                continue;
            }
            part.m_kind = key == "any" ? Kind::Any : Kind::All;
            part.m_parts = parts(test, place);
        }
        else if (key == "not")
        {
            part.m_kind = Kind::Not;
            part.m_parts = {Parse(test, place, axes, report)};
        }
        else if (const auto axis = FindAxis(axes, key, place, report))
        {
            part = ParseTest(test, place, axes, *axis, report);
        }
        all.m_parts.push_back(std::move(part));
    }
    return all;
}

Condition
Condition::ParseTest(const Json& value,
                     const std::string& pointer,
                     const std::vector<Axis>& axes,
                     std::size_t axis,
                     Report& report)
{
    Condition test;
    if (!value.is_object())
    {
        test = ParseEqual(value, pointer, axes[axis], report);
        test.m_axis = axis;
        return test;
    }
    if (value.empty())
    {
        report.Add(pointer, "", "a comparison such as {\"atLeast\": 5}", "none");
    }
    for (const auto& [key, bound] : value.items())
    {
        const std::string place = scenario::Join(pointer, key);
        Condition part;
        if (std::find(COMPARISONS.begin(), COMPARISONS.end(), key) == COMPARISONS.end())
        {
            report.Add(place,
                       "unknown key \"" + key + '"',
                       "\"below\", \"atMost\", \"atLeast\", \"above\" or \"not\"",
                       "",
                       scenario::Nearest(key, COMPARISONS));
        }
        else if (key == "not")
        {
            part.m_kind = Kind::Not;
            part.m_parts = {ParseTest(bound, place, axes, axis, report)};
        }
        else
        {
            part = ParseBounds(Json{{key, bound}}, place, axes[axis], report);
            part.m_axis = axis;
        }
        test.m_parts.push_back(std::move(part));
    }
    return test;
}

Condition
Condition::ParseEqual(const Json& value,
                      const std::string& pointer,
                      const Axis& axis,
                      Report& report)
{
    Condition among;
    if (axis.Continuous())
    {
        report.Add(pointer,
                   "the axis has any number of its range",
                   "a comparison such as {\"atLeast\": ...}",
                   scenario::Describe(value));
        return among;
    }
    among.m_kind = Kind::Among;
    among.m_among.resize(axis.entries.size());
    const auto add = [&](const Json& one)
    {
        bool found = false;
        for (std::size_t i = 0; i < axis.entries.size(); ++i)
        {
            if (IsEntry(axis, axis.entries[i], one))
            {
                among.m_among[i] = true;
                found = true;
            }
        }
        return found;
    };
    const bool list = value.is_array() && !add(value);
    for (std::size_t i = 0; i < (list ? value.size() : 1); ++i)
    {
        const Json& one = list ? value[i] : value;
        if (!add(one))
        {
            report.Add(list ? scenario::Join(pointer, i) : pointer,
                       "",
                       "a value of axis \"" + axis.name + '"',
                       scenario::Describe(one),
                       one.is_string() ? scenario::Nearest(one.get<std::string>(), axis.Texts())
                                       : "");
        }
    }
    return among;
}

Condition
Condition::ParseBounds(const Json& value,
                       const std::string& pointer,
                       const Axis& axis,
                       Report& report)
{
    const std::string& key = value.begin().key();
    Condition within;
    const bool numbers = axis.Continuous() ||
                         std::all_of(axis.entries.begin(),
                                     axis.entries.end(),
                                     [](const AxisEntry& entry)
                                     {
                                         return std::holds_alternative<double>(entry.label) ||
                                                std::holds_alternative<std::int64_t>(entry.label);
                                     });
    if (!numbers)
    {
        report.Add(pointer,
                   "",
                   "values or \"not\", for axis \"" + axis.name + "\" has no numbers",
                   '"' + key + '"');
        return within;
    }
    const auto number = NumberFor(axis, value.front(), pointer, report);
    if (!number)
    {
        return within;
    }
    constexpr double ENDLESS = std::numeric_limits<double>::infinity();
    const bool upper = key == "below" || key == "atMost";
    within.m_bounds = {
        upper ? -ENDLESS : *number, upper ? *number : ENDLESS, key != "above", key != "below"};
    within.m_kind = Kind::Interval;
    if (axis.Continuous())
    {
        return within;
    }
    // The values are few: what holds for each of them is known before the first point.
    std::vector<Choice> choices(1);
    std::vector<bool> among;
    for (std::size_t i = 0; i < axis.entries.size(); ++i)
    {
        choices[0].number = axis.Number({static_cast<std::uint32_t>(i), 0}).value_or(0);
        among.push_back(within.Holds(choices));
    }
    within.m_kind = Kind::Among;
    within.m_among = std::move(among);
    return within;
}

bool
Condition::Holds(const std::vector<Choice>& choices) const
{
    const auto holds = [&](const Condition& part) { return part.Holds(choices); };
    switch (m_kind)
    {
    case Kind::All:
        return std::all_of(m_parts.begin(), m_parts.end(), holds);
    case Kind::Any:
        return std::any_of(m_parts.begin(), m_parts.end(), holds);
    case Kind::Not:
        return !holds(m_parts.front());
    case Kind::Among:
        return m_among[choices[m_axis].index];
    case Kind::Interval:
        break;
    }
    const double number = choices[m_axis].number;
    return (m_bounds.lowIncluded ? number >= m_bounds.low : number > m_bounds.low) &&
           (m_bounds.highIncluded ? number <= m_bounds.high : number < m_bounds.high);
}

} // namespace nattlab::sweep
