// SPDX-License-Identifier: GPL-2.0-only
#include "helper/scenario/section.h"

#include "helper/scenario/document.h"
#include "helper/scenario/problem.h"
#include "helper/scenario/unit.h"

#include <utility>

namespace nattlab::scenario
{

namespace
{

std::string
Below(const std::string& pointer, std::string_view path)
{
    if (path.empty())
    {
        return pointer;
    }
    return path.front() == '/' ? pointer + std::string(path) : Join(pointer, path);
}

} // namespace

Section::Section(Json value, std::string where, std::string name)
    : Section(std::make_shared<const Json>(std::move(value)), std::move(where), std::move(name))
{
}

Section::Section(std::shared_ptr<const Json> value, std::string where, std::string name)
    : pointer(std::move(where)),
      file(std::move(name)),
      m_value(std::move(value))
{
}

const Json&
Section::Value() const
{
    static const Json EMPTY = Json::object();
    return m_value ? *m_value : EMPTY;
}

const Json*
Section::Find(std::string_view path) const
{
    const Json& value = Value();
    if (path.empty() || path.front() != '/')
    {
        const auto member = value.find(std::string(path));
        return member == value.end() ? nullptr : &*member;
    }
    const Json::json_pointer below{std::string(path)};
    return value.contains(below) ? &value.at(below) : nullptr;
}

bool
Section::Has(std::string_view path) const
{
    return Find(path) != nullptr;
}

bool
Section::Bool(std::string_view path, bool fallback) const
{
    const Json* found = Find(path);
    if (found && !found->is_boolean())
    {
        Fail(path, "true or false");
    }
    return found ? found->get<bool>() : fallback;
}

std::uint64_t
Section::Number(std::string_view path, std::uint64_t fallback) const
{
    const Json* found = Find(path);
    const auto number = found ? ParseWholeNumber(*found) : std::nullopt;
    if (found && !number)
    {
        Fail(path, "a whole number that is not negative");
    }
    return number.value_or(fallback);
}

Duration
Section::Time(std::string_view path, Duration fallback) const
{
    const Json* found = Find(path);
    const auto time =
        found && found->is_string() ? ParseDuration(found->get<std::string>()) : std::nullopt;
    if (found && !time)
    {
        Fail(path, "a time such as \"20 s\"");
    }
    return time.value_or(fallback);
}

std::optional<Duration>
Section::OptionalTime(std::string_view path) const
{
    const Json* found = Find(path);
    return found ? std::optional(Time(path, Duration{0})) : std::nullopt;
}

std::uint64_t
Section::Bytes(std::string_view path, std::uint64_t fallback) const
{
    const Json* found = Find(path);
    const auto bytes =
        found && found->is_string() ? ParseBytes(found->get<std::string>()) : std::nullopt;
    if (found && !bytes)
    {
        Fail(path, "an amount of data such as \"1400 bytes\"");
    }
    return bytes.value_or(fallback);
}

double
Section::Percent(std::string_view path, double fallback) const
{
    const Json* found = Find(path);
    const auto part =
        found && found->is_string() ? ParsePercent(found->get<std::string>()) : std::nullopt;
    if (found && !part)
    {
        Fail(path, "a share such as \"5 %\"");
    }
    return part.value_or(fallback);
}

double
Section::Rate(std::string_view path, double fallback) const
{
    const Json* found = Find(path);
    const auto rate =
        found && found->is_string() ? ParseRate(found->get<std::string>()) : std::nullopt;
    if (found && !rate)
    {
        Fail(path, "a rate such as \"10 Mbit/s\"");
    }
    return rate.value_or(fallback);
}

std::string
Section::Text(std::string_view path, std::string_view fallback) const
{
    const Json* found = Find(path);
    if (found && !found->is_string())
    {
        Fail(path, "a text");
    }
    return found ? found->get<std::string>() : std::string(fallback);
}

std::vector<std::string>
Section::Texts(std::string_view path) const
{
    std::vector<std::string> texts;
    const Json* found = Find(path);
    if (found && !found->is_array())
    {
        Fail(path, "an array of texts");
    }
    for (std::size_t i = 0; found && i < found->size(); ++i)
    {
        if (!(*found)[i].is_string())
        {
            Fail(Below("", path) + '/' + std::to_string(i), "a text");
        }
        texts.push_back((*found)[i].get<std::string>());
    }
    return texts;
}

std::vector<Duration>
Section::Times(std::string_view path) const
{
    std::vector<Duration> times;
    for (const auto& text : Texts(path))
    {
        const auto time = ParseDuration(text);
        if (!time)
        {
            Fail(path, "times such as \"20 s\"");
        }
        times.push_back(*time);
    }
    return times;
}

std::optional<Ipv4Address>
Section::Address(std::string_view path) const
{
    const Json* found = Find(path);
    const auto address =
        found && found->is_string() ? Ipv4Address::Parse(found->get<std::string>()) : std::nullopt;
    if (found && !address)
    {
        Fail(path, "an IPv4 address such as \"192.0.2.1\"");
    }
    return address;
}

std::optional<std::uint8_t>
Section::Protocol(std::string_view path) const
{
    const Json* found = Find(path);
    const auto protocol = found ? ParseProtocol(*found) : std::nullopt;
    if (found && !protocol)
    {
        Fail(path, "a protocol number, or \"icmp\", \"tcp\", \"udp\", \"gre\", \"esp\", \"ah\"");
    }
    return protocol;
}

std::vector<Ipv4Prefix>
Section::Prefixes(std::string_view path) const
{
    std::vector<Ipv4Prefix> prefixes;
    for (const auto& text : Texts(path))
    {
        const auto prefix = Ipv4Prefix::Parse(text);
        if (!prefix)
        {
            Fail(path, "IPv4 prefixes such as \"192.0.2.0/24\"");
        }
        prefixes.push_back(*prefix);
    }
    return prefixes;
}

std::vector<std::pair<std::uint16_t, std::uint16_t>>
Section::Ports(std::string_view path) const
{
    std::vector<std::pair<std::uint16_t, std::uint16_t>> ranges;
    const Json* found = Find(path);
    if (found && !found->is_array())
    {
        Fail(path, "an array of ports");
    }
    for (std::size_t i = 0; found && i < found->size(); ++i)
    {
        const auto range = ParsePorts((*found)[i]);
        if (!range)
        {
            Fail(Below("", path) + '/' + std::to_string(i), "a port or a range of ports");
        }
        ranges.push_back(*range);
    }
    return ranges;
}

Section
Section::Sub(std::string_view path) const
{
    const Json* found = Find(path);
    if (found && !found->is_object())
    {
        Fail(path, "an object");
    }
    return {
        found ? std::shared_ptr<const Json>(m_value, found) : nullptr, Below(pointer, path), file};
}

std::vector<Section>
Section::Items(std::string_view path) const
{
    std::vector<Section> items;
    const Json* found = Find(path);
    if (found && !found->is_array())
    {
        Fail(path, "an array of objects");
    }
    for (std::size_t i = 0; found && i < found->size(); ++i)
    {
        const std::string place = Below("", path) + '/' + std::to_string(i);
        if (!(*found)[i].is_object())
        {
            Fail(place, "an object");
        }
        items.push_back(
            Section(std::shared_ptr<const Json>(m_value, &(*found)[i]), pointer + place, file));
    }
    return items;
}

void
Section::Fail(std::string_view path, std::string expected) const
{
    Problem problem;
    problem.file = file;
    problem.pointer = Below(pointer, path);
    problem.expected = std::move(expected);
    const Json* found = Find(path);
    problem.found = found ? Describe(*found) : "nothing";
    throw ScenarioErrors({problem});
}

} // namespace nattlab::scenario
