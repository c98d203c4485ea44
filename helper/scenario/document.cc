// SPDX-License-Identifier: GPL-2.0-only
#include "helper/scenario/document.h"

#include "helper/scenario/place.h"

#include <algorithm>
#include <filesystem>
#include <fstream>
#include <iterator>
#include <system_error>
#include <utility>

namespace nattlab::scenario
{

namespace
{

constexpr std::size_t DEEPEST = 32;           //!< brackets; what reads the value recurses
constexpr std::size_t LONGEST_STRING = 10000; //!< bytes; std::regex recurses over strings
constexpr std::size_t LARGEST_FILE = 64 * 1024 * 1024;
constexpr std::size_t LONGEST_QUOTE = 60; //!< characters of a value in a message

struct Position
{
    std::size_t line;
    std::size_t column;
};

Position
PositionOf(std::string_view text, std::size_t offset)
{
    Position position{1, 1};
    for (std::size_t i = 0; i < offset && i < text.size(); ++i)
    {
        if (text[i] == '\n')
        {
            ++position.line;
            position.column = 1;
        }
        else
        {
            ++position.column;
        }
    }
    return position;
}

Problem
At(const std::string& file, std::string_view text, std::size_t offset, std::string message)
{
    const Position position = PositionOf(text, offset);
    Problem problem;
    problem.file = file;
    problem.line = position.line;
    problem.column = position.column;
    problem.message = std::move(message);
    return problem;
}

/** \return where the string that begins at \p start has its last quote. */
std::size_t
EndOfString(std::string_view text, std::size_t start)
{
    std::size_t i = start + 1;
    for (; i < text.size() && text[i] != '"'; ++i)
    {
        i += text[i] == '\\' ? 1 : 0;
    }
    return i;
}

/** \return the problem of brackets nested too deeply or of an overlong string. */
std::optional<Problem>
FindExcess(std::string_view text, const std::string& file)
{
    std::size_t depth = 0;
    for (std::size_t i = 0; i < text.size(); ++i)
    {
        if (text[i] == '"')
        {
            const std::size_t start = i;
            i = EndOfString(text, start);
            if (i - start > LONGEST_STRING)
            {
                return At(file,
                          text,
                          start,
                          "text longer than " + std::to_string(LONGEST_STRING) + " bytes");
            }
        }
        else if (text[i] == '{' || text[i] == '[')
        {
            if (++depth > DEEPEST)
            {
                return At(
                    file, text, i, "nested more than " + std::to_string(DEEPEST) + " levels deep");
            }
        }
        else if ((text[i] == '}' || text[i] == ']') && depth > 0)
        {
            --depth;
        }
    }
    return std::nullopt;
}

/** \return where the number stands that the library's message quotes; 0 when nowhere. */
std::size_t
OffsetOfNumber(std::string_view text, std::string_view what)
{
    const auto open = what.find('\'');
    const auto close = what.rfind('\'');
    if (open == close)
    {
        return 0;
    }
    const std::string_view number = what.substr(open + 1, close - open - 1);
    for (std::size_t i = 0; i < text.size(); ++i)
    {
        if (text[i] == '"')
        {
            i = EndOfString(text, i);
            continue;
        }
        const std::size_t start = i;
        i = std::min(text.find_first_not_of("+-.0123456789Ee", start), text.size());
        if (text.substr(start, i - start) == number)
        {
            return start;
        }
        i -= i > start ? 1 : 0;
    }
    return 0;
}

/** The library's message without its number and without the place, which we give ourselves. */
std::string
SyntaxMessage(const std::string& what)
{
    static const std::string MARK = "syntax error";
    const auto start = what.find(MARK);
    std::string detail = start == std::string::npos ? what : what.substr(start);
    const auto bracket = detail.find("] ");
    if (start == std::string::npos && bracket != std::string::npos)
    {
        detail = detail.substr(bracket + 2);
    }
    return "not valid JSON: " + detail;
}

} // namespace

std::string
Join(const std::string& pointer, std::string_view key)
{
    std::string joined = pointer + '/';
    for (const char c : key)
    {
        if (c == '~')
        {
            joined += "~0";
        }
        else if (c == '/')
        {
            joined += "~1";
        }
        else
        {
            joined += c;
        }
    }
    return joined;
}

std::string
Join(const std::string& pointer, std::size_t index)
{
    return pointer + '/' + std::to_string(index);
}

std::optional<Document>
Document::Parse(std::string_view text, const std::string& file, std::vector<Problem>& problems)
{
    if (text.substr(0, 3) == "\xEF\xBB\xBF") // a byte order mark, as some editors write
    {
        text.remove_prefix(3);
    }
    if (text.find_first_not_of(" \t\r\n") == std::string_view::npos)
    {
        problems.push_back(At(file, text, 0, "the file is empty"));
        return std::nullopt;
    }
    if (const auto excess = FindExcess(text, file))
    {
        problems.push_back(*excess);
        return std::nullopt;
    }
    Document document;
    document.file = file;
    try
    {
        document.value = Json::parse(text.begin(), text.end());
    }
    catch (const Json::parse_error& error)
    {
        const std::size_t offset = error.byte > 0 ? error.byte - 1 : 0;
        problems.push_back(At(file, text, offset, SyntaxMessage(error.what())));
        return std::nullopt;
    }
    catch (const Json::exception& error) // a number that no double holds
    {
        const std::size_t offset = OffsetOfNumber(text, error.what());
        problems.push_back(At(file, text, offset, SyntaxMessage(error.what())));
        return std::nullopt;
    }
    if (!document.value.is_object())
    {
        Problem problem = At(file, text, 0, "the file must hold one object");
        problem.expected = "{ ... }";
        problem.found = Describe(document.value);
        problems.push_back(problem);
        return std::nullopt;
    }
    document.m_places = FindPlaces(text, file, problems);
    return document;
}

std::optional<Document>
Document::Read(const std::string& file, std::vector<Problem>& problems)
{
    const auto text = ReadText(file, problems);
    return text ? Parse(*text, file, problems) : std::nullopt;
}

void
Document::Locate(Problem& problem) const
{
    problem.file = file;
    std::string pointer = problem.pointer;
    while (true)
    {
        const auto found = m_places.find(pointer);
        if (found != m_places.end())
        {
            problem.line = found->second.line;
            problem.column = found->second.column;
            return;
        }
        const auto slash = pointer.rfind('/');
        if (slash == std::string::npos)
        {
            return;
        }
        pointer.resize(slash);
    }
}

std::optional<std::string>
ReadText(const std::string& file, std::vector<Problem>& problems)
{
    Problem problem;
    problem.file = file;
    std::error_code error;
    const auto status = std::filesystem::status(file, error);
    if (!std::filesystem::exists(status))
    {
        problem.message = "no such file";
    }
    else if (std::filesystem::is_directory(status))
    {
        problem.message = "is a folder, not a file";
    }
    else
    {
        std::ifstream stream(file, std::ios::binary);
        std::string text;
        constexpr std::size_t CHUNK = 65536;
        std::string chunk(CHUNK, '\0');
        while (stream && text.size() <= LARGEST_FILE)
        {
            stream.read(&chunk[0], CHUNK);
            text.append(chunk, 0, static_cast<std::size_t>(stream.gcount()));
        }
        if (text.size() > LARGEST_FILE)
        {
            problem.message = "larger than 64 MB";
        }
        else if (!stream.eof())
        {
            problem.message = "cannot be read";
        }
        else
        {
            return text;
        }
    }
    problems.push_back(problem);
    return std::nullopt;
}

std::optional<Json>
ParseValue(std::string_view text)
{
    if (FindExcess(text, ""))
    {
        return std::nullopt;
    }
    try
    {
        return Json::parse(text.begin(), text.end());
    }
    catch (const Json::exception&)
    {
        return std::nullopt;
    }
}

std::string
Describe(const Json& value)
{
    if (value.is_object())
    {
        return "an object";
    }
    if (value.is_array())
    {
        return "an array";
    }
    std::string text = value.dump(-1, ' ', false, Json::error_handler_t::replace);
    if (text.size() > LONGEST_QUOTE)
    {
        std::size_t end = LONGEST_QUOTE;
        while (end > 0 && (static_cast<unsigned char>(text[end]) & 0xC0U) == 0x80U)
        {
            --end; // not inside a UTF-8 sequence
        }
        text = text.substr(0, end) + "...";
    }
    return text;
}

} // namespace nattlab::scenario
