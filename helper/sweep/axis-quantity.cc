// SPDX-License-Identifier: GPL-2.0-only
#include "helper/sweep/axis-quantity.h"

#include "helper/scenario/unit.h"

#include <algorithm>
#include <array>
#include <cmath>
#include <cstdio>
#include <cstdlib>

namespace nattlab::sweep
{

namespace
{

enum class Kind
{
    None,
    Time,
    Rate,
    Data,
    Share,
    Packets,
};

struct Measure
{
    Kind kind{Kind::None};
    double factor{0}; //!< of the unit, in the smallest one of its kind
};

Measure
MeasureOf(const std::string& unit)
{
    const std::string one = "1 " + unit;
    if (const auto time = scenario::ParseDuration(one))
    {
        return {Kind::Time, static_cast<double>(time->count())};
    }
    if (const auto rate = scenario::ParseRate(one))
    {
        return {Kind::Rate, *rate};
    }
    if (const auto bytes = scenario::ParseBytes(one))
    {
        return {Kind::Data, static_cast<double>(*bytes)};
    }
    if (scenario::ParsePercent(one))
    {
        return {Kind::Share, 1};
    }
    return scenario::ParsePackets(one) ? Measure{Kind::Packets, 1} : Measure{};
}

constexpr int MOST_DECIMALS = 9; //!< the scenario's schema takes no more
constexpr int EXACT_DIGITS = 15; //!< that a double keeps

} // namespace

std::optional<Quantity>
ParseQuantity(const std::string& text)
{
    const auto space = text.find(' ');
    const bool number =
        space != std::string::npos && space > 0 && space <= 24 && text[0] != '.' &&
        text[space - 1] != '.' &&
        std::count(text.begin(), text.begin() + static_cast<long>(space), '.') <= 1 &&
        text.substr(0, space).find_first_not_of("0123456789.") == std::string::npos;
    if (!number || MeasureOf(text.substr(space + 1)).kind == Kind::None)
    {
        return std::nullopt;
    }
    std::string unit = text.substr(space + 1);
    unit += unit == "byte" || unit == "packet" ? "s" : "";
    return Quantity{std::strtod(text.c_str(), nullptr), unit};
}

std::optional<double>
NumberIn(const Quantity& quantity, const std::string& unit)
{
    if (quantity.unit == unit)
    {
        return quantity.number;
    }
    const Measure from = MeasureOf(quantity.unit);
    const Measure to = MeasureOf(unit);
    if (from.kind == Kind::None || from.kind != to.kind)
    {
        return std::nullopt;
    }
    return Tidy(quantity.number * from.factor / to.factor);
}

std::string
KindOf(const std::string& unit)
{
    switch (MeasureOf(unit).kind)
    {
    case Kind::Time:
        return "a time such as \"20 s\"";
    case Kind::Rate:
        return "a rate such as \"10 Mbit/s\"";
    case Kind::Data:
        return "an amount of data such as \"1400 bytes\"";
    case Kind::Share:
        return "a share such as \"5 %\"";
    case Kind::Packets:
        return "a number of packets such as \"100 packets\"";
    case Kind::None:
        break;
    }
    return "";
}

bool
IsWhole(const std::string& unit)
{
    const Measure measure = MeasureOf(unit);
    return measure.kind == Kind::Packets || (measure.kind == Kind::Data && measure.factor == 1);
}

bool
IsData(const std::string& unit)
{
    return MeasureOf(unit).kind == Kind::Data;
}

std::string
NumberText(double number)
{
    constexpr double LARGEST = 1e300; // what overflows stays a number that JSON can hold
    number = std::isnan(number) ? 0 : std::clamp(number, -LARGEST, LARGEST);
    const double size = std::fabs(number);
    const int before = size < 1 ? 1 : static_cast<int>(std::floor(std::log10(size))) + 1;
    const int decimals = std::clamp(EXACT_DIGITS - before, 0, MOST_DECIMALS);
    std::array<char, 400> buffer{}; // the largest double has 309 digits
    const int length = std::snprintf(buffer.data(), buffer.size(), "%.*f", decimals, number);
    std::string text(buffer.data(), static_cast<std::size_t>(std::max(length, 0)));
    if (text.find('.') != std::string::npos)
    {
        text.erase(text.find_last_not_of('0') + 1);
        text.erase(text.find_last_not_of('.') + 1);
    }
    return text == "-0" ? "0" : text;
}

double
Tidy(double number)
{
    return std::strtod(NumberText(number).c_str(), nullptr);
}

double
Rounded(double number, int digits)
{
    std::array<char, 64> buffer{};
    std::snprintf(buffer.data(), buffer.size(), "%.*e", digits - 1, number);
    return Tidy(std::strtod(buffer.data(), nullptr));
}

} // namespace nattlab::sweep
