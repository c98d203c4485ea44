// SPDX-License-Identifier: GPL-2.0-only
#include "helper/scenario/reader.h"

#include "helper/scenario/document.h"

#include <algorithm>

namespace nattlab::scenario
{

namespace
{

const Json&
Empty()
{
    static const Json EMPTY = Json::object();
    return EMPTY;
}

constexpr const char* AN_ADDRESS = "an IPv4 address such as \"192.0.2.1\"";
constexpr const char* A_RANGE =
    "an address or a range such as \"192.0.2.1-192.0.2.9\", lower end first";

} // namespace

Report::Report(std::vector<Problem>& problems)
    : m_problems(problems)
{
    for (const auto& problem : problems)
    {
        m_pointers.insert(problem.pointer);
    }
}

void
Report::Add(Problem problem)
{
    if (m_pointers.insert(problem.pointer).second)
    {
        m_problems.push_back(std::move(problem));
    }
}

void
Report::Add(const std::string& pointer,
            std::string message,
            std::string expected,
            std::string found,
            std::string nearest)
{
    Problem problem;
    problem.pointer = pointer;
    problem.message = std::move(message);
    problem.expected = std::move(expected);
    problem.found = std::move(found);
    problem.nearest = std::move(nearest);
    Add(std::move(problem));
}

bool
IsLine(std::string_view text)
{
    return std::none_of(text.begin(), text.end(), IsControl);
}

Reader::Reader(const Json& value, std::string pointer, Report& report)
    : m_value(value.is_object() ? &value : &Empty()),
      m_pointer(std::move(pointer)),
      m_report(&report)
{
}

std::string
Reader::PointerTo(const std::string& key) const
{
    return key.empty() ? m_pointer : Join(m_pointer, key);
}

const Json*
Reader::Find(const std::string& key) const
{
    const auto member = m_value->find(key);
    return member == m_value->end() ? nullptr : &*member;
}

bool
Reader::Has(const std::string& key) const
{
    return Find(key) != nullptr;
}

std::optional<std::string>
Reader::OptionalText(const std::string& key) const
{
    const Json* found = Find(key);
    return found && found->is_string() ? std::optional(found->get<std::string>()) : std::nullopt;
}

std::string
Reader::Text(const std::string& key, const std::string& fallback) const
{
    return OptionalText(key).value_or(fallback);
}

std::string
Reader::Line(const std::string& key) const
{
    const std::string text = Text(key);
    if (!IsLine(text))
    {
        Fail(key, "", LINE);
    }
    return text;
}

std::vector<std::string>
Reader::Lines(const std::string& key) const
{
    const std::vector<std::string> texts = Texts(key);
    for (std::size_t i = 0; i < texts.size(); ++i)
    {
        if (!IsLine(texts[i]))
        {
            FailElement(key, i, "", LINE);
        }
    }
    return texts;
}

std::vector<std::string>
Reader::Texts(const std::string& key) const
{
    std::vector<std::string> texts;
    for (const auto& element : Array(key))
    {
        texts.push_back(element.is_string() ? element.get<std::string>() : "");
    }
    return texts;
}

bool
Reader::Bool(const std::string& key, bool fallback) const
{
    const Json* found = Find(key);
    return found && found->is_boolean() ? found->get<bool>() : fallback;
}

std::optional<std::uint64_t>
Reader::OptionalNumber(const std::string& key) const
{
    const Json* found = Find(key);
    return found ? ParseWholeNumber(*found) : std::nullopt;
}

std::uint64_t
Reader::Number(const std::string& key, std::uint64_t fallback) const
{
    return OptionalNumber(key).value_or(fallback);
}

template <typename Value>
std::optional<Value>
Reader::Parsed(const std::string& key,
               std::optional<Value> (*parse)(std::string_view),
               const char* expected) const
{
    const auto text = OptionalText(key);
    const auto value = text ? parse(*text) : std::nullopt;
    if (text && !value)
    {
        Fail(key, "", expected);
    }
    return value;
}

std::optional<Duration>
Reader::Time(const std::string& key) const
{
    return Parsed(key, ParseDuration, "a time of at most 1000 d");
}

std::optional<std::int64_t>
Reader::Date(const std::string& key) const
{
    return Parsed(key, ParseDate, "a day of the calendar and a time of the day");
}

std::optional<double>
Reader::Rate(const std::string& key) const
{
    const auto rate = Parsed(key, ParseRate, "a rate of at most 1000000 Gbit/s");
    if (rate && *rate <= 0)
    {
        Fail(key, "", "a rate above zero");
        return std::nullopt;
    }
    return rate;
}

double
Reader::Share(const std::string& key, double fallback) const
{
    return Parsed(key, ParsePercent, "a share from \"0 %\" to \"100 %\"").value_or(fallback);
}

std::uint64_t
Reader::Packets(const std::string& key, std::uint64_t fallback) const
{
    const auto packets = Parsed(key, ParsePackets, "a number of packets");
    if (packets && *packets == 0)
    {
        Fail(key, "", "at least \"1 packet\"");
    }
    return packets.value_or(fallback);
}

std::uint64_t
Reader::Bytes(const std::string& key,
              std::uint64_t fallback,
              std::uint64_t least,
              std::uint64_t most) const
{
    const auto bytes = Parsed(key, ParseBytes, "a whole number of bytes");
    if (bytes && (*bytes < least || *bytes > most))
    {
        Fail(key, "", std::to_string(least) + " to " + std::to_string(most) + " bytes");
        return fallback;
    }
    return bytes.value_or(fallback);
}

std::optional<Ipv4Address>
Reader::Address(const std::string& key) const
{
    return Parsed(key, Ipv4Address::Parse, AN_ADDRESS);
}

std::vector<Ipv4Address>
Reader::Addresses(const std::string& key) const
{
    std::vector<Ipv4Address> addresses;
    const auto texts = Texts(key);
    for (std::size_t i = 0; i < texts.size(); ++i)
    {
        if (const auto address = Ipv4Address::Parse(texts[i]))
        {
            addresses.push_back(*address);
        }
        else
        {
            FailElement(key, i, "", AN_ADDRESS);
        }
    }
    return addresses;
}

std::optional<Ipv4Prefix>
Reader::Prefix(const std::string& key) const
{
    return Parsed(key, Ipv4Prefix::Parse, "an IPv4 prefix such as \"192.0.2.0/24\"");
}

std::optional<AddressRange>
Reader::Range(const std::string& key) const
{
    return Parsed(key, ParseRange, A_RANGE);
}

std::vector<AddressRange>
Reader::Ranges(const std::string& key) const
{
    std::vector<AddressRange> ranges;
    const auto texts = Texts(key);
    for (std::size_t i = 0; i < texts.size(); ++i)
    {
        if (const auto range = ParseRange(texts[i]))
        {
            ranges.push_back(*range);
        }
        else
        {
            FailElement(key, i, "", A_RANGE);
        }
    }
    return ranges;
}

std::optional<std::uint8_t>
Reader::Protocol(const std::string& key) const
{
    const Json* found = Find(key);
    return found ? ParseProtocol(*found) : std::nullopt;
}

const Json&
Reader::Array(const std::string& key) const
{
    static const Json NONE = Json::array();
    const Json* found = Find(key);
    return found && found->is_array() ? *found : NONE;
}

Reader
Reader::Object(const std::string& key) const
{
    const Json* found = Find(key);
    return Reader(found ? *found : Empty(), PointerTo(key), *m_report);
}

std::vector<std::pair<std::string, Reader>>
Reader::Members(const std::string& key) const
{
    std::vector<std::pair<std::string, Reader>> members;
    const Json* found = Find(key);
    if (found && found->is_object())
    {
        for (const auto& [name, value] : found->items())
        {
            members.emplace_back(name, Reader(value, Join(PointerTo(key), name), *m_report));
        }
    }
    return members;
}

std::vector<std::string>
Reader::Keys(const std::string& key) const
{
    std::vector<std::string> keys;
    const Json* found = Find(key);
    if (found && found->is_object())
    {
        for (const auto& [name, ignored] : found->items())
        {
            keys.push_back(name);
        }
    }
    return keys;
}

const Json&
Reader::At(const std::string& key, const std::string& member) const
{
    return m_value->at(key).at(member);
}

const Json&
Reader::Raw(const std::string& key) const
{
    static const Json NONE;
    const Json* found = Find(key);
    return found ? *found : NONE;
}

std::vector<Reader>
Reader::Items(const std::string& key) const
{
    std::vector<Reader> items;
    const Json& array = Array(key);
    for (std::size_t i = 0; i < array.size(); ++i)
    {
        items.emplace_back(array[i], Join(PointerTo(key), i), *m_report);
    }
    return items;
}

std::optional<Section>
Reader::AsSection(const std::string& key, const std::string& file) const
{
    const Json* found = Find(key);
    return found && found->is_object() ? std::optional(Section{*found, PointerTo(key), file})
                                       : std::nullopt;
}

void
Reader::Fail(const std::string& key,
             const std::string& message,
             const std::string& expected,
             const std::string& nearest) const
{
    const Json* found = Find(key);
    m_report->Add(PointerTo(key), message, expected, found ? Describe(*found) : "", nearest);
}

void
Reader::FailElement(const std::string& key,
                    std::size_t index,
                    const std::string& message,
                    const std::string& expected) const
{
    m_report->Add(Join(PointerTo(key), index), message, expected, Describe(Array(key).at(index)));
}

void
Reader::Refuse(const std::vector<std::string>& keys, const std::string& why) const
{
    for (const auto& key : keys)
    {
        if (Has(key))
        {
            m_report->Add(PointerTo(key), '"' + key + "\" has no meaning " + why);
        }
    }
}

bool
Reader::Require(const std::vector<std::string>& keys, const std::string& why) const
{
    bool all = true;
    for (const auto& key : keys)
    {
        if (!Has(key))
        {
            m_report->Add(m_pointer, "missing key \"" + key + "\", which is needed " + why);
            all = false;
        }
    }
    return all;
}

} // namespace nattlab::scenario
