// SPDX-License-Identifier: GPL-2.0-only
#include "helper/sweep/axis-path.h"

#include "helper/scenario/document.h"

#include <algorithm>
#include <cstddef>
#include <utility>

namespace nattlab::sweep
{

namespace
{

using scenario::Json;
using scenario::Problem;
using scenario::Report;

constexpr std::size_t DEEPEST = 32;    //!< as in a file: what reads the value recurses
constexpr std::size_t MOST_DIGITS = 8; //!< of an array's index

constexpr const char* OWN_SEED = "seeds come from `seeds` and `replicates`";
constexpr const char* OWN_EXPECT = "the points of a sweep have no `expect`";

/** \return the element that \p token names; null when there is none. */
Json*
Element(Json& array, const std::string& token)
{
    const bool digits =
        !token.empty() && token.size() <= MOST_DIGITS &&
        std::all_of(token.begin(), token.end(), [](char c) { return c >= '0' && c <= '9'; });
    const std::size_t index = digits ? std::stoul(token) : array.size();
    return index < array.size() ? &array[index] : nullptr;
}

Problem
NoElement(const std::string& pointer,
          const std::string& way,
          const std::string& token,
          std::size_t size)
{
    Problem problem;
    problem.pointer = pointer;
    problem.message = "the array at " + way + " has no such element";
    problem.expected = size == 0 ? "no index: it is empty" : "0 to " + std::to_string(size - 1);
    problem.found = '"' + token + '"';
    return problem;
}

} // namespace

std::optional<Path>
Path::Parse(const std::string& pointer)
{
    if (pointer.empty() || pointer.front() != '/')
    {
        return std::nullopt;
    }
    Path path;
    path.m_pointer = pointer;
    for (std::size_t i = 0; i < pointer.size(); ++i)
    {
        if (pointer[i] == '/')
        {
            path.m_tokens.emplace_back();
        }
        else if (pointer[i] != '~')
        {
            path.m_tokens.back() += pointer[i];
        }
        else if (i + 1 < pointer.size() && (pointer[i + 1] == '0' || pointer[i + 1] == '1'))
        {
            path.m_tokens.back() += pointer[++i] == '0' ? '~' : '/';
        }
        else
        {
            return std::nullopt;
        }
    }
    return path.m_tokens.size() <= DEEPEST ? std::optional(std::move(path)) : std::nullopt;
}

bool
Path::Contains(const Path& other) const
{
    return m_tokens.size() <= other.m_tokens.size() &&
           std::equal(m_tokens.begin(), m_tokens.end(), other.m_tokens.begin());
}

Path::Way
Path::Follow(Json& document) const
{
    Way way{&document, false, std::nullopt};
    std::string pointer;
    for (std::size_t i = 0;; ++i)
    {
        Json& at = *way.owner;
        if (at.is_null())
        {
            at = Json::object();
        }
        if (!at.is_structured())
        {
            way.problem.emplace();
            way.problem->pointer = m_pointer;
            way.problem->message = "leads into " + pointer + ", which is " + scenario::Describe(at);
            return way;
        }
        way.inArray = way.inArray || at.is_array();
        const bool last = i + 1 == m_tokens.size();
        Json* next = at.is_array() ? Element(at, m_tokens[i]) : last ? nullptr : &at[m_tokens[i]];
        if (at.is_array() && !next)
        {
            way.problem = NoElement(m_pointer, pointer, m_tokens[i], at.size());
            return way;
        }
        if (last)
        {
            return way;
        }
        pointer = scenario::Join(pointer, m_tokens[i]);
        way.owner = next;
    }
}

std::optional<Problem>
Path::Set(Json& document, const Json& value) const
{
    const Way way = Follow(document);
    if (way.problem)
    {
        return way.problem;
    }
    const std::string& token = m_tokens.back();
    if (way.owner->is_array())
    {
        *Element(*way.owner, token) = value;
    }
    else if (value.is_null() && way.inArray)
    {
        way.owner->erase(token);
    }
    else
    {
        (*way.owner)[token] = value;
    }
    return std::nullopt;
}

std::optional<Problem>
Path::Patch(Json& document, const Json& patch) const
{
    const Way way = Follow(document);
    if (way.problem)
    {
        return way.problem;
    }
    Json& target = way.owner->is_array() ? *Element(*way.owner, m_tokens.back())
                                         : (*way.owner)[m_tokens.back()];
    target.merge_patch(patch);
    return std::nullopt;
}

std::optional<Path>
ParseTarget(const std::string& pointer, const std::string& place, Report& report)
{
    auto path = Path::Parse(pointer);
    const auto key = path ? pointer.substr(pointer.rfind('/') + 1) : "";
    if (!path)
    {
        report.Add(place,
                   "not a JSON Pointer below the root",
                   "\"/key/key\" with \"~0\" for \"~\" and \"~1\" for \"/\"",
                   scenario::Describe(Json(pointer)));
        return std::nullopt;
    }
    if (Path::Parse("/seed")->Contains(*path) || Path::Parse("/expect")->Contains(*path))
    {
        report.Add(place, pointer.rfind("/seed", 0) == 0 ? OWN_SEED : OWN_EXPECT);
        return std::nullopt;
    }
    if (key == "certificateFile" || key == "keyFile")
    {
        report.Add(place, CERTIFICATE_FILES);
        return std::nullopt;
    }
    return path;
}

void
RefuseOwnMembers(const Json& patch, const std::string& place, Report& report)
{
    for (const auto& [key, message] :
         {std::pair("seed", OWN_SEED), std::pair("expect", OWN_EXPECT)})
    {
        if (patch.contains(key))
        {
            report.Add(scenario::Join(place, key), message);
        }
    }
}

} // namespace nattlab::sweep
