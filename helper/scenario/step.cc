// SPDX-License-Identifier: GPL-2.0-only
#include "helper/scenario/step.h"

#include "helper/scenario/unit.h"

#include <cstdint>
#include <limits>
#include <optional>

namespace nattlab::scenario
{

namespace
{

constexpr std::uint64_t LARGEST_NUMBER = std::uint64_t{1} << 53; //!< sums stay below 2^63

/** \return \p address moved by \p by; nothing when that is no address. */
std::optional<Ipv4Address>
Move(Ipv4Address address, std::int64_t by)
{
    const std::int64_t moved = std::int64_t{address.value} + by;
    return moved < 0 || moved > std::numeric_limits<std::uint32_t>::max()
               ? std::nullopt
               : std::optional(Ipv4Address{static_cast<std::uint32_t>(moved)});
}

Stepped
StepText(const std::string& text, std::int64_t by)
{
    if (const auto address = Ipv4Address::Parse(text))
    {
        const auto moved = Move(*address, by);
        return moved ? Stepped{moved->ToString(), ""} : Stepped{Json(), "there is no such address"};
    }
    if (const auto prefix = Ipv4Prefix::Parse(text))
    {
        const auto moved = Move(prefix->address, by);
        return moved && prefix->Contains(*moved)
                   ? Stepped{Ipv4Prefix{*moved, prefix->length}.ToString(), ""}
                   : Stepped{Json(),
                             "the step leaves the network " +
                                 Ipv4Prefix{prefix->Network(), prefix->length}.ToString()};
    }
    return {Json(), "a number cannot be added to this text"};
}

Stepped
StepNumber(const Json& value, std::int64_t by)
{
    const auto number = ParseWholeNumber(value);
    if (!number || *number > LARGEST_NUMBER)
    {
        return {Json(), "a number cannot be added to this value"};
    }
    const std::int64_t sum = static_cast<std::int64_t>(*number) + by;
    return sum < 0 ? Stepped{Json(), "the number falls below zero"}
                   : Stepped{static_cast<std::uint64_t>(sum), ""};
}

/** \return a time as seconds with as many decimals as it has: "1.5 s". */
std::string
FormatTime(Duration time)
{
    constexpr std::int64_t SECOND = Duration(seconds{1}).count();
    std::string decimals = std::to_string(time.count() % SECOND + SECOND).substr(1); // with zeros
    decimals.resize(decimals.find_last_not_of('0') + 1);
    const std::string whole = std::to_string(time.count() / SECOND);
    return whole + (decimals.empty() ? "" : '.' + decimals) + " s";
}

Stepped
StepTime(const Json& value, Duration by, std::size_t times)
{
    const auto time = value.is_string() ? ParseDuration(value.get<std::string>()) : std::nullopt;
    if (!time)
    {
        return {Json(), "a time cannot be added to this value"};
    }
    constexpr double LONGEST = 1000 * 86400e9; // ns, as ParseDuration() takes at most
    if (static_cast<double>(by.count()) * static_cast<double>(times) +
            static_cast<double>(time->count()) >
        LONGEST)
    {
        return {Json(), "the time goes beyond 1000 d"};
    }
    return {FormatTime(*time + by * static_cast<std::int64_t>(times)), ""};
}

} // namespace

Stepped
TakeSteps(const Json& value, const Json& amount, std::size_t times)
{
    if (amount.is_string())
    {
        const auto by = ParseDuration(amount.get<std::string>());
        if (!by)
        {
            return {Json(), "the step is longer than 1000 d"};
        }
        const auto stepped = StepTime(value, *by, times);
        return times == 0 && stepped.fault.empty() ? Stepped{value, ""} : stepped;
    }
    const std::int64_t by = amount.get<std::int64_t>() * static_cast<std::int64_t>(times);
    return value.is_string() ? StepText(value.get<std::string>(), by) : StepNumber(value, by);
}

} // namespace nattlab::scenario
