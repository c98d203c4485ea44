// SPDX-License-Identifier: GPL-2.0-only
#include "helper/regression/json-style.h"

#include <algorithm>
#include <optional>

namespace nattlab::regression
{

namespace
{

using Json = nlohmann::ordered_json;

constexpr std::size_t COLUMNS = 100;
constexpr std::size_t STEP = 2; //!< columns a level
constexpr std::string_view SPACE = " \t\r\n";

/** \return the value on one line: {"key": value, "other": [1, 2]}. */
std::string
OneLine(const Json& value)
{
    if (!value.is_structured())
    {
        return value.dump();
    }
    std::string text;
    for (const auto& [key, member] : value.items())
    {
        text += text.empty() ? "" : ", ";
        text += value.is_object() ? Json(key).dump() + ": " : "";
        text += OneLine(member);
    }
    return value.is_object() ? "{" + text + "}" : "[" + text + "]";
}

/** \return how many columns a text of one line takes: its UTF-8 characters. */
std::size_t
ColumnsOf(std::string_view text)
{
    return static_cast<std::size_t>(
        std::count_if(text.begin(),
                      text.end(),
                      [](char c) { return (static_cast<unsigned char>(c) & 0xc0) != 0x80; }));
}

/** Where something stands in a text. */
struct Span
{
    std::size_t begin;
    std::size_t end;
};

/** \return the end of the string literal that begins at \p at. */
std::size_t
SkipString(std::string_view text, std::size_t at)
{
    for (++at; text[at] != '"'; ++at)
    {
        at += text[at] == '\\' ? 1 : 0;
    }
    return at + 1;
}

/** \return the end of the value that begins at \p at. */
std::size_t
SkipValue(std::string_view text, std::size_t at)
{
    std::size_t depth = 0;
    do
    {
        const char c = text[at];
        if (c == '"')
        {
            at = SkipString(text, at);
            continue;
        }
        depth += c == '{' || c == '[' ? 1 : 0;
        depth -= c == '}' || c == ']' ? 1 : 0;
        ++at;
    } while (depth > 0 || (text[at] != ',' && text[at] != '}' && text[at] != ']' &&
                           SPACE.find(text[at]) == std::string_view::npos));
    return at;
}

/** What lies between the braces of the outermost object. */
struct Scan
{
    std::optional<Span> value;  //!< of the member looked for
    std::size_t memberBegin{0}; //!< where that member's key begins
    std::size_t lastEnd{0};     //!< the end of the last member; or, without any, of the brace
    bool empty{true};
};

Scan
FindMember(std::string_view text, std::string_view key)
{
    Scan scan;
    scan.lastEnd = text.find('{') + 1;
    std::size_t at = text.find_first_not_of(SPACE, scan.lastEnd);
    while (text[at] != '}')
    {
        const std::size_t keyEnd = SkipString(text, at);
        const std::size_t begin = text.find_first_not_of(SPACE, text.find(':', keyEnd) + 1);
        const std::size_t end = SkipValue(text, begin);
        if (Json::parse(text.substr(at, keyEnd - at)) == key)
        {
            scan.value = Span{begin, end};
            scan.memberBegin = at;
        }
        scan.empty = false;
        scan.lastEnd = end;
        at = text.find_first_not_of(SPACE, end);
        at = text[at] == ',' ? text.find_first_not_of(SPACE, at + 1) : at;
    }
    return scan;
}

std::string
WithLineEnds(std::string_view text, std::string_view lineEnd)
{
    std::string out;
    for (const char c : text)
    {
        out += c == '\n' ? std::string(lineEnd) : std::string(1, c);
    }
    return out;
}

} // namespace

std::string
FormatJson(const Json& value, std::size_t indent, std::size_t before, std::size_t after)
{
    const std::string one = OneLine(value);
    if (!value.is_structured() || value.empty() ||
        indent + before + ColumnsOf(one) + after <= COLUMNS)
    {
        return one;
    }
    const std::string pad(indent + STEP, ' ');
    std::string text;
    for (const auto& [key, member] : value.items())
    {
        const std::string label = value.is_object() ? Json(key).dump() + ": " : "";
        text += text.empty() ? "\n" : ",\n";
        text += pad + label + FormatJson(member, indent + STEP, ColumnsOf(label), 1);
    }
    text += "\n" + std::string(indent, ' ');
    return value.is_object() ? "{" + text + "}" : "[" + text + "]";
}

std::string
ReplaceMember(std::string_view text, std::string_view key, const nlohmann::ordered_json& value)
{
    const std::string_view lineEnd = text.find("\r\n") == std::string_view::npos ? "\n" : "\r\n";
    const std::string label = Json(key).dump() + ": ";
    const Scan scan = FindMember(text, key);
    const auto format = [&](std::size_t indent)
    { return WithLineEnds(FormatJson(value, indent, ColumnsOf(label), 1), lineEnd); };
    if (scan.value)
    {
        const std::size_t lineBegin = text.rfind('\n', scan.memberBegin) + 1; // npos + 1 is 0
        const bool first =
            text.substr(lineBegin, scan.memberBegin - lineBegin).find_first_not_of(' ') ==
            std::string_view::npos;
        const std::size_t indent = first ? scan.memberBegin - lineBegin : 0;
        return std::string(text.substr(0, scan.value->begin)) + format(indent) +
               std::string(text.substr(scan.value->end));
    }
    const std::size_t brace = text.find_first_not_of(SPACE, scan.lastEnd);
    return std::string(text.substr(0, scan.lastEnd)) + (scan.empty ? "" : ",") +
           std::string(lineEnd) + std::string(STEP, ' ') + label + format(STEP) +
           std::string(lineEnd) + std::string(text.substr(brace));
}

} // namespace nattlab::regression
