// SPDX-License-Identifier: GPL-2.0-only
#include "helper/scenario/unit.h"

#include <array>
#include <cmath>
#include <cstdlib>
#include <string>

namespace nattlab::scenario
{

namespace
{

struct Unit
{
    std::string_view name;
    double factor;
};

constexpr std::array<Unit, 7> DURATION_UNITS{{{"ns", 1},
                                              {"us", 1e3},
                                              {"ms", 1e6},
                                              {"s", 1e9},
                                              {"min", 60e9},
                                              {"h", 3600e9},
                                              {"d", 86400e9}}};
constexpr std::array<Unit, 4> RATE_UNITS{
    {{"bit/s", 1}, {"kbit/s", 1e3}, {"Mbit/s", 1e6}, {"Gbit/s", 1e9}}};
constexpr std::array<Unit, 5> BYTE_UNITS{
    {{"byte", 1}, {"bytes", 1}, {"KB", 1024.0}, {"MB", 1024.0 * 1024}, {"GB", 1073741824.0}}};
constexpr std::array<Unit, 1> PERCENT_UNITS{{{"%", 0.01}}};
constexpr std::array<Unit, 2> PACKET_UNITS{{{"packet", 1}, {"packets", 1}}};

constexpr double LONGEST_TIME = 1000 * 86400e9; //!< ns
constexpr double LARGEST_COUNT = 1e15;          //!< doubles are still exact there
constexpr std::size_t LONGEST_NUMBER = 24;

/** Digits with at most one decimal point between them; no sign, no exponent. */
std::optional<double>
ParseNumber(std::string_view text)
{
    bool point = false;
    if (text.empty() || text.size() > LONGEST_NUMBER)
    {
        return std::nullopt;
    }
    for (std::size_t i = 0; i < text.size(); ++i)
    {
        if (text[i] == '.')
        {
            if (point || i == 0 || i + 1 == text.size())
            {
                return std::nullopt;
            }
            point = true;
        }
        else if (text[i] < '0' || text[i] > '9')
        {
            return std::nullopt;
        }
    }
    return std::strtod(std::string(text).c_str(), nullptr);
}

template <std::size_t N>
std::optional<double>
ParseQuantity(std::string_view text, const std::array<Unit, N>& units)
{
    const auto space = text.find(' ');
    if (space == std::string_view::npos)
    {
        return std::nullopt;
    }
    const auto number = ParseNumber(text.substr(0, space));
    if (!number)
    {
        return std::nullopt;
    }
    for (const auto& unit : units)
    {
        if (text.substr(space + 1) == unit.name)
        {
            return *number * unit.factor;
        }
    }
    return std::nullopt;
}

template <std::size_t N>
std::optional<std::uint64_t>
ParseWhole(std::string_view text, const std::array<Unit, N>& units)
{
    const auto quantity = ParseQuantity(text, units);
    if (!quantity || *quantity > LARGEST_COUNT || *quantity != std::floor(*quantity))
    {
        return std::nullopt;
    }
    return static_cast<std::uint64_t>(*quantity);
}

} // namespace

std::optional<Duration>
ParseDuration(std::string_view text)
{
    const auto quantity = ParseQuantity(text, DURATION_UNITS);
    if (!quantity || *quantity > LONGEST_TIME)
    {
        return std::nullopt;
    }
    return Duration(std::llround(*quantity));
}

std::optional<double>
ParseRate(std::string_view text)
{
    const auto quantity = ParseQuantity(text, RATE_UNITS);
    if (!quantity || *quantity > LARGEST_COUNT)
    {
        return std::nullopt;
    }
    return quantity;
}

std::optional<std::uint64_t>
ParseBytes(std::string_view text)
{
    return ParseWhole(text, BYTE_UNITS);
}

std::optional<double>
ParsePercent(std::string_view text)
{
    const auto quantity = ParseQuantity(text, PERCENT_UNITS);
    if (!quantity || *quantity > 1)
    {
        return std::nullopt;
    }
    return quantity;
}

std::optional<std::uint64_t>
ParsePackets(std::string_view text)
{
    return ParseWhole(text, PACKET_UNITS);
}

std::optional<AddressRange>
ParseRange(std::string_view text)
{
    const auto dash = text.find('-');
    const auto first = Ipv4Address::Parse(text.substr(0, dash));
    const auto last =
        dash == std::string_view::npos ? first : Ipv4Address::Parse(text.substr(dash + 1));
    if (!first || !last || *last < *first)
    {
        return std::nullopt;
    }
    return AddressRange{*first, *last};
}

std::optional<std::int64_t>
ParseDate(std::string_view text)
{
    constexpr std::string_view FORM = "0000-00-00 00:00:00";
    std::array<std::int64_t, 6> numbers{};
    std::size_t field = 0;
    if (text.size() != FORM.size())
    {
        return std::nullopt;
    }
    for (std::size_t i = 0; i < text.size(); ++i)
    {
        if (FORM[i] == '0' && text[i] >= '0' && text[i] <= '9')
        {
            numbers[field] = numbers[field] * 10 + (text[i] - '0');
        }
        else if (FORM[i] != '0' && text[i] == FORM[i])
        {
            ++field;
        }
        else
        {
            return std::nullopt;
        }
    }
    const auto [year, month, day, hour, minute, second] = numbers;
    const bool leap = year % 4 == 0 && (year % 100 != 0 || year % 400 == 0);
    const std::array<std::int64_t, 12> days{
        31, leap ? 29 : 28, 31, 30, 31, 30, 31, 31, 30, 31, 30, 31};
    if (month < 1 || month > 12 || day < 1 || day > days[static_cast<std::size_t>(month - 1)] ||
        hour > 23 || minute > 59 || second > 59)
    {
        return std::nullopt;
    }
    // Days since 1970-01-01 in the Gregorian calendar, with years that begin in March.
    const std::int64_t shifted = year - (month <= 2 ? 1 : 0);
    const std::int64_t era = (shifted >= 0 ? shifted : shifted - 399) / 400;
    const std::int64_t yearOfEra = shifted - era * 400;
    const std::int64_t dayOfYear = (153 * ((month + 9) % 12) + 2) / 5 + day - 1;
    const std::int64_t dayOfEra = yearOfEra * 365 + yearOfEra / 4 - yearOfEra / 100 + dayOfYear;
    const std::int64_t date = era * 146097 + dayOfEra - 719468;
    return ((date * 24 + hour) * 60 + minute) * 60 + second;
}

std::optional<std::uint64_t>
ParseWholeNumber(const Json& value)
{
    const bool whole =
        value.is_number_unsigned() || (value.is_number_integer() && value.get<std::int64_t>() >= 0);
    return whole ? std::optional(value.get<std::uint64_t>()) : std::nullopt;
}

std::optional<std::uint8_t>
ParseProtocol(const Json& value)
{
    // https://www.iana.org/assignments/protocol-numbers
    constexpr std::array<std::pair<std::string_view, std::uint8_t>, 6> NAMES{
        {{"icmp", 1}, {"tcp", 6}, {"udp", 17}, {"gre", 47}, {"esp", 50}, {"ah", 51}}};
    if (const auto number = ParseWholeNumber(value))
    {
        return *number <= 255 ? std::optional(static_cast<std::uint8_t>(*number)) : std::nullopt;
    }
    for (const auto& [name, number] : NAMES)
    {
        if (value.is_string() && value.get_ref<const std::string&>() == name)
        {
            return number;
        }
    }
    return std::nullopt;
}

std::optional<std::pair<std::uint16_t, std::uint16_t>>
ParsePorts(const Json& value)
{
    constexpr double HIGHEST = 65535;
    if (const auto number = ParseWholeNumber(value); number && *number <= 65535)
    {
        return std::pair(static_cast<std::uint16_t>(*number), static_cast<std::uint16_t>(*number));
    }
    if (!value.is_string())
    {
        return std::nullopt;
    }
    const std::string_view text = value.get_ref<const std::string&>();
    const auto dash = text.find('-');
    const auto first = ParseNumber(text.substr(0, dash));
    const auto last = dash == std::string_view::npos ? first : ParseNumber(text.substr(dash + 1));
    if (!first || !last || *first > *last || *last > HIGHEST ||
        text.find('.') != std::string_view::npos)
    {
        return std::nullopt;
    }
    return std::pair(static_cast<std::uint16_t>(*first), static_cast<std::uint16_t>(*last));
}

} // namespace nattlab::scenario
