// SPDX-License-Identifier: GPL-2.0-only
#include "model/packet/address.h"

#include <charconv>

namespace nattlab
{

namespace
{

/** Read a decimal number of at most \p most; leading zeros and signs are refused. */
std::optional<std::uint32_t>
ParseNumber(std::string_view text, std::uint32_t most)
{
    if (text.empty() || text.size() > 3 || (text.size() > 1 && text[0] == '0'))
    {
        return std::nullopt;
    }
    std::uint32_t value = 0;
    const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), value);
    if (error != std::errc{} || end != text.data() + text.size() || value > most)
    {
        return std::nullopt;
    }
    return value;
}

} // namespace

std::string
Ipv4Address::ToString() const
{
    std::string text;
    text.reserve(15);
    for (int shift = 24; shift >= 0; shift -= 8)
    {
        text += std::to_string(value >> shift & 255);
        if (shift > 0)
        {
            text += '.';
        }
    }
    return text;
}

std::optional<Ipv4Address>
Ipv4Address::Parse(std::string_view text)
{
    std::uint32_t value = 0;
    for (int part = 0; part < 4; ++part)
    {
        const std::size_t dot = part < 3 ? text.find('.') : text.size();
        if (dot == std::string_view::npos)
        {
            return std::nullopt;
        }
        const auto number = ParseNumber(text.substr(0, dot), 255);
        if (!number)
        {
            return std::nullopt;
        }
        value = value << 8 | *number;
        text.remove_prefix(part < 3 ? dot + 1 : dot);
    }
    return Ipv4Address{value};
}

std::string
Ipv4Prefix::ToString() const
{
    return address.ToString() + "/" + std::to_string(length);
}

std::optional<Ipv4Prefix>
Ipv4Prefix::Parse(std::string_view text)
{
    const std::size_t slash = text.find('/');
    const auto address = Ipv4Address::Parse(text.substr(0, slash));
    if (!address)
    {
        return std::nullopt;
    }
    if (slash == std::string_view::npos)
    {
        return Ipv4Prefix{*address, 32};
    }
    const auto length = ParseNumber(text.substr(slash + 1), 32);
    if (!length)
    {
        return std::nullopt;
    }
    return Ipv4Prefix{*address, static_cast<std::uint8_t>(*length)};
}

std::string
Endpoint::ToString() const
{
    return address.ToString() + ":" + std::to_string(port);
}

} // namespace nattlab
