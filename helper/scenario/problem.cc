// SPDX-License-Identifier: GPL-2.0-only
#include "helper/scenario/problem.h"

#include <cstdio>
#include <utility>

namespace nattlab::scenario
{

namespace
{

/** \return the text with control characters in the way of JSON. */
std::string
Visible(const std::string& text)
{
    std::string visible;
    for (const char c : text)
    {
        if (!IsControl(c))
        {
            visible += c;
            continue;
        }
        char escaped[8];
        std::snprintf(escaped, sizeof escaped, "\\u%04x", unsigned{static_cast<unsigned char>(c)});
        visible += escaped;
    }
    return visible;
}

} // namespace

bool
IsControl(char character)
{
    const auto code = static_cast<unsigned char>(character);
    return code < 0x20 || code == 0x7f;
}

std::string
Problem::Text() const
{
    std::string text = pointer.empty() ? "" : pointer + ": ";
    text += message;
    if (!expected.empty())
    {
        text += (message.empty() ? "expected " : ": expected ") + expected;
    }
    if (!found.empty())
    {
        text += (message.empty() && expected.empty() ? "found " : ", found ") + found;
    }
    if (!nearest.empty())
    {
        text += "; did you mean \"" + nearest + "\"?";
    }
    return Visible(text);
}

std::string
Problem::ToString() const
{
    std::string place = file.empty() ? "scenario" : file;
    if (line > 0)
    {
        place += ':' + std::to_string(line) + ':' + std::to_string(column);
    }
    return Visible(place) + ": " + Text();
}

ScenarioErrors::ScenarioErrors(std::vector<Problem> problems)
    : m_problems(std::move(problems))
{
    for (const auto& problem : m_problems)
    {
        m_text += (m_text.empty() ? "" : "\n") + problem.ToString();
    }
}

} // namespace nattlab::scenario
