// SPDX-License-Identifier: GPL-2.0-only
#include "helper/scenario/problem.h"

#include <utility>

namespace nattlab::scenario
{

std::string
Problem::ToString() const
{
    std::string text = file.empty() ? "scenario" : file;
    if (line > 0)
    {
        text += ':' + std::to_string(line) + ':' + std::to_string(column);
    }
    text += ": ";
    text += pointer.empty() ? "" : pointer + ": ";
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
    return text;
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
