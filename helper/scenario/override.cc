// SPDX-License-Identifier: GPL-2.0-only
#include "helper/scenario/override.h"

#include "helper/scenario/document.h"

#include <algorithm>
#include <cstddef>
#include <optional>

namespace nattlab::scenario
{

namespace
{

constexpr std::size_t LONGEST_STRING = 10000; //!< bytes; std::regex recurses over strings
constexpr std::size_t DEEPEST = 32;           //!< as in a file: what reads the value recurses

/** \return the reference tokens of a pointer below the root; nothing when it is not one. */
std::optional<std::vector<std::string>>
Tokens(const std::string& pointer)
{
    if (pointer.empty() || pointer.front() != '/')
    {
        return std::nullopt;
    }
    std::vector<std::string> tokens;
    for (std::size_t i = 0; i < pointer.size(); ++i)
    {
        if (pointer[i] == '/')
        {
            tokens.emplace_back();
        }
        else if (pointer[i] != '~')
        {
            tokens.back() += pointer[i];
        }
        else if (i + 1 < pointer.size() && (pointer[i + 1] == '0' || pointer[i + 1] == '1'))
        {
            tokens.back() += pointer[++i] == '0' ? '~' : '/';
        }
        else
        {
            return std::nullopt;
        }
    }
    if (tokens.size() > DEEPEST)
    {
        return std::nullopt;
    }
    return tokens;
}

/** \return the element that \p token names, a new one for "-"; null when there is none. */
Json*
Element(Json& array, const std::string& token)
{
    if (token == "-")
    {
        array.push_back(nullptr);
        return &array.back();
    }
    const bool digits =
        !token.empty() && token.size() < 9 &&
        std::all_of(token.begin(), token.end(), [](char c) { return c >= '0' && c <= '9'; });
    const std::size_t index = digits ? std::stoul(token) : array.size();
    return index < array.size() ? &array[index] : nullptr;
}

Problem
Refused(const std::string& pointer, std::string message)
{
    Problem problem;
    problem.file = "--set";
    problem.pointer = pointer;
    problem.message = std::move(message);
    return problem;
}

/** \return where \p tokens lead, made if need be; null with a problem when they lead nowhere. */
Json*
Reach(Json& document,
      const std::vector<std::string>& tokens,
      const std::string& pointer,
      std::vector<Problem>& problems)
{
    Json* at = &document;
    std::string way;
    for (const auto& token : tokens)
    {
        if (at->is_null())
        {
            *at = Json::object();
        }
        if (at->is_object())
        {
            at = &(*at)[token];
        }
        else if (at->is_array())
        {
            const std::size_t size = at->size();
            at = Element(*at, token);
            if (!at)
            {
                Problem problem = Refused(pointer, "the array at " + way + " has no such element");
                problem.expected =
                    size == 0 ? "\"-\" to append"
                              : "0 to " + std::to_string(size - 1) + ", or \"-\" to append";
                problem.found = '"' + token + '"';
                problems.push_back(problem);
                return nullptr;
            }
        }
        else
        {
            problems.push_back(
                Refused(pointer, "leads into " + way + ", which is " + Describe(*at)));
            return nullptr;
        }
        way = Join(way, token);
    }
    return at;
}

} // namespace

std::vector<std::string>
ApplyOverrides(Json& document,
               const std::vector<std::pair<std::string, std::string>>& overrides,
               std::vector<Problem>& problems)
{
    std::vector<std::string> done;
    for (const auto& [pointer, text] : overrides)
    {
        const auto tokens = Tokens(pointer);
        if (!tokens)
        {
            Problem problem = Refused(pointer, "not a JSON Pointer below the root");
            problem.expected = "\"/key/key\" with \"~0\" for \"~\" and \"~1\" for \"/\"";
            problems.push_back(problem);
            continue;
        }
        if (Json* target = Reach(document, *tokens, pointer, problems))
        {
            const auto parsed = ParseValue(text);
            if (!parsed && text.size() > LONGEST_STRING)
            {
                problems.push_back(Refused(
                    pointer, "text longer than " + std::to_string(LONGEST_STRING) + " bytes"));
                continue;
            }
            *target = parsed ? *parsed : Json(text);
            done.push_back(pointer);
        }
    }
    return done;
}

} // namespace nattlab::scenario
