// SPDX-License-Identifier: GPL-2.0-only
#include "helper/sweep/axis-range.h"

#include "helper/scenario/document.h"
#include "helper/sweep/axis-quantity.h"

#include <algorithm>
#include <cmath>
#include <utility>

namespace nattlab::sweep
{

namespace
{

using scenario::Json;
using scenario::Report;

constexpr double LARGEST = 9007199254740992.0; //!< 2^53: doubles are exact up to there
constexpr double MOST_VALUES = 1e6;            //!< of one axis
constexpr int DRAWN_DIGITS = 6;                //!< significant, of numbers that are computed
constexpr int STEP_DIGITS = 12;                //!< so that 0.1 + 0.2 is 0.3

/** \return the quantity of a number or text; nothing, and a problem, when it is none. */
std::optional<Quantity>
Read(const Json& value, const std::string& pointer, Report& report)
{
    std::optional<Quantity> quantity;
    if (value.is_number())
    {
        quantity = Quantity{value.get<double>(), ""};
    }
    else
    {
        quantity = ParseQuantity(value.get_ref<const std::string&>());
    }
    if (!quantity || !(std::fabs(quantity->number) <= LARGEST))
    {
        report.Add(pointer,
                   "",
                   "a number, or one with a unit such as \"20 s\"",
                   scenario::Describe(value));
        return std::nullopt;
    }
    return quantity;
}

/** \return the number of `to` or `step` in the unit of `from`. */
std::optional<double>
ReadIn(const Json& range,
       const char* key,
       const std::string& unit,
       const std::string& pointer,
       Report& report)
{
    const std::string place = scenario::Join(pointer, key);
    const auto quantity = Read(range.at(key), place, report);
    if (!quantity)
    {
        return std::nullopt;
    }
    const auto number = NumberIn(*quantity, unit);
    if (!number)
    {
        report.Add(place,
                   "",
                   (unit.empty() ? "a number without unit" : KindOf(unit)) + ", as `from` is",
                   scenario::Describe(range.at(key)));
    }
    return number;
}

} // namespace

std::optional<Range>
Range::Parse(const Json& value, const std::string& pointer, Report& report)
{
    const auto from = Read(value.at("from"), scenario::Join(pointer, "from"), report);
    if (!from)
    {
        return std::nullopt;
    }
    const auto to = ReadIn(value, "to", from->unit, pointer, report);
    const bool stepped = value.contains("step");
    const auto step =
        stepped ? ReadIn(value, "step", from->unit, pointer, report) : std::optional(0.0);
    if (!to || !step)
    {
        return std::nullopt;
    }
    Range range;
    range.m_from = from->number;
    range.m_to = *to;
    range.m_unit = from->unit;
    range.m_log = value.value("scale", "linear") == "log";
    range.m_integer = range.m_unit.empty() && value.at("from").is_number_integer() &&
                      value.at("to").is_number_integer() &&
                      (!stepped || value.at("step").is_number_integer());
    range.m_whole = range.m_integer || IsData(range.m_unit) || IsWhole(range.m_unit);
    range.m_continuous = !stepped && !value.contains("count");
    const auto fail = [&](const char* key, const std::string& expected)
    {
        report.Add(scenario::Join(pointer, key), "", expected, scenario::Describe(value.at(key)));
        return std::nullopt;
    };
    if (range.m_from >= range.m_to)
    {
        return fail("to", "more than `from`, which is " + scenario::Describe(value.at("from")));
    }
    if (range.m_log && range.m_from <= 0)
    {
        return fail("from", "more than 0, for the scale is \"log\"");
    }
    if (stepped && (value.contains("count") || range.m_log))
    {
        return fail("step",
                    range.m_log ? "`count`, for the scale is \"log\""
                                : "`step` or `count`, not both");
    }
    if (stepped && (*step <= 0 || (range.m_to - range.m_from) / *step >= MOST_VALUES))
    {
        return fail("step", "more than 0, and at most 1000000 values");
    }
    const bool wholeEnds = range.m_from == std::floor(range.m_from) &&
                           range.m_to == std::floor(range.m_to) && *step == std::floor(*step);
    if (!wholeEnds && (IsWhole(range.m_unit) || (range.m_whole && !stepped)))
    {
        report.Add(pointer, "", "whole numbers of " + range.m_unit, "fractions");
        return std::nullopt;
    }
    if (stepped)
    {
        range.Step(*step);
    }
    else if (!range.m_continuous)
    {
        range.Count(value.at("count").get<std::size_t>());
    }
    if (std::adjacent_find(range.m_numbers.begin(), range.m_numbers.end()) != range.m_numbers.end())
    {
        return fail("count", "fewer, so that no value stands twice");
    }
    return range;
}

void
Range::Step(double step)
{
    constexpr double SLACK = 1e-9; // of a step: the last one may miss the end by a rounding
    const auto last = static_cast<std::size_t>((m_to - m_from) / step + SLACK);
    for (std::size_t i = 0; i <= last; ++i)
    {
        m_numbers.push_back(
            Rounded(m_from + static_cast<double>(i) * step, m_integer ? 17 : STEP_DIGITS));
    }
}

void
Range::Count(std::size_t count)
{
    for (std::size_t i = 0; i < count; ++i)
    {
        const double place = static_cast<double>(i) / static_cast<double>(count - 1);
        const double number = Between(place, m_to);
        m_numbers.push_back(i == 0           ? m_from
                            : i + 1 == count ? m_to
                            : m_whole        ? std::round(number)
                                             : Rounded(number, DRAWN_DIGITS));
    }
}

double
Range::Between(double place, double to) const
{
    return m_log ? m_from * std::pow(to / m_from, place) : m_from + (to - m_from) * place;
}

double
Range::Draw(double place) const
{
    if (!m_whole)
    {
        return std::clamp(Rounded(Between(place, m_to), DRAWN_DIGITS), m_from, m_to);
    }
    // Each whole number has an interval of its own, up to the next one.
    return std::clamp(std::floor(Between(place, m_to + 1)), m_from, m_to);
}

store::AxisValue
Range::Label(double number) const
{
    return m_integer ? store::AxisValue(static_cast<std::int64_t>(number))
                     : store::AxisValue(number);
}

Json
Range::Value(double number) const
{
    if (!m_unit.empty())
    {
        return NumberText(number) + ' ' + m_unit;
    }
    return m_integer ? Json(static_cast<std::int64_t>(number)) : Json(number);
}

} // namespace nattlab::sweep
