// SPDX-License-Identifier: GPL-2.0-only
#include "helper/regression/accept.h"

#include "helper/regression/json-style.h"
#include "helper/regression/summary.h"
#include "helper/scenario/document.h"
#include "helper/scenario/unit.h"

#include <algorithm>
#include <array>
#include <cmath>
#include <optional>
#include <utility>

namespace nattlab::regression
{

namespace
{

using Json = nlohmann::ordered_json;
using Members = std::vector<std::pair<std::string, std::optional<Json>>>;

std::optional<Json>
TextOrNothing(const std::string& text)
{
    return text.empty() ? std::nullopt : std::optional<Json>(text);
}

/** \return `within` as it stands when it holds, or the next whole second; nothing: never settled.
 */
std::optional<Json>
Within(const Json& old, const std::optional<double>& took)
{
    if (!took)
    {
        return std::nullopt;
    }
    const auto limit =
        old.is_string() ? scenario::ParseDuration(old.get<std::string>()) : std::nullopt;
    const double seconds = limit ? static_cast<double>(limit->count()) / 1e9 : 0;
    if (*took <= seconds)
    {
        return old;
    }
    return Json(std::to_string(static_cast<long>(std::ceil(*took))) + " s");
}

/** \return what always stands in an expectation, by key; nothing: the key has no place there. */
Members
VerdictOf(const ConnectionResult& c)
{
    const bool up = c.outcome == "connected";
    const auto blame = [&](const std::string& text)
    { return up ? std::nullopt : TextOrNothing(text); };
    return {{"outcome", Json(c.outcome)},
            {"stage", blame(c.stage)},
            {"reason", blame(c.reason)},
            {"box", blame(c.box)},
            {"rule", blame(c.rule)},
            {"error", c.error && !up ? std::optional<Json>(*c.error) : std::nullopt}};
}

/** \return what stands in an expectation only where somebody wrote it, by key. */
Members
FindingsOf(const ConnectionResult& c, const Json& old)
{
    return {{"within", Within(old.value("within", Json()), c.took)},
            {"nat", TextOrNothing(c.nat)},
            {"natTraversal", TextOrNothing(c.natTraversal)},
            {"encapsulation", TextOrNothing(c.encapsulation)},
            {"group", c.group == 0 ? std::nullopt : std::optional<Json>(c.group)},
            {"clearText", Json(c.clearText)},
            {"attempts", c.attempts == 0 ? std::nullopt : std::optional<Json>(c.attempts)}};
}

Members
VerdictOf(const TrafficResult& t, const Json& old)
{
    const Json was = old.value("delivered", Json());
    Json delivered(t.arrived);
    if (!was.is_number())
    {
        const bool some = was == "some" && t.arrived > 0 && t.arrived < t.expected;
        delivered = t.arrived == t.expected ? Json("all")
                    : t.arrived == 0        ? Json("none")
                    : some                  ? was
                                            : delivered;
    }
    return {{"delivered", delivered},
            {"reason", TextOrNothing(t.reason)},
            {"box", TextOrNothing(t.box)},
            {"rule", TextOrNothing(t.rule)}};
}

/** Keep \p old in its order, with \p verdict in it and \p findings where they stand already. */
Json
Merge(const Json& old, const Members& verdict, const Members& findings)
{
    Json merged = Json::object();
    std::size_t next = 0; // of the verdict: what comes before it has been written
    const auto writeUpTo = [&](std::size_t end)
    {
        for (; next < end; ++next)
        {
            if (verdict[next].second && !old.contains(verdict[next].first))
            {
                merged[verdict[next].first] = *verdict[next].second;
            }
        }
    };
    const auto find = [](const Members& members, const std::string& key)
    {
        return std::find_if(
            members.begin(), members.end(), [&](const auto& m) { return m.first == key; });
    };
    for (const auto& [key, value] : old.items())
    {
        const auto verdictMember = find(verdict, key);
        const auto finding = find(findings, key);
        if (verdictMember != verdict.end())
        {
            const auto index = static_cast<std::size_t>(verdictMember - verdict.begin());
            writeUpTo(std::max(next, index));
            if (verdictMember->second)
            {
                merged[key] = *verdictMember->second;
            }
            continue;
        }
        if (key != "description")
        {
            writeUpTo(verdict.size());
        }
        if (finding == findings.end())
        {
            merged[key] = value;
        }
        else if (finding->second)
        {
            merged[key] = *finding->second;
        }
    }
    writeUpTo(verdict.size());
    return merged;
}

/** \return false for what an expectation has no word for: the run ended before it was decided. */
bool
CanBeExpected(const ConnectionResult& c)
{
    return c.outcome == "connected" || c.outcome == "failed" || c.outcome == "lost";
}

void
FindDifferences(const Json* old,
                const Json* now,
                const std::string& pointer,
                std::vector<std::string>& changes)
{
    if (old && now && *old == *now)
    {
        return;
    }
    if (!(old ? old : now)->is_object() || (old && now && !now->is_object()))
    {
        changes.push_back(pointer + ": " + (old ? old->dump() : "none") + " -> " +
                          (now ? now->dump() : "none"));
        return;
    }
    const auto member = [](const Json* object, const std::string& key) -> const Json*
    { return object && object->contains(key) ? &(*object)[key] : nullptr; };
    if (old)
    {
        for (const auto& [key, value] : old->items())
        {
            FindDifferences(&value, member(now, key), scenario::Join(pointer, key), changes);
        }
    }
    if (now)
    {
        for (const auto& [key, value] : now->items())
        {
            if (!member(old, key))
            {
                FindDifferences(nullptr, &value, scenario::Join(pointer, key), changes);
            }
        }
    }
}

/** \return whether an expectation stands at a pointer below \p expect and nothing contradicts it.
 */
bool
Holds(const Json& expect, const char* kind, const std::string& name, const TestResult& result)
{
    if (!expect.contains(kind) || !expect[kind].contains(name))
    {
        return false;
    }
    const std::string pointer = scenario::Join("/expect/" + std::string(kind), name);
    return std::none_of(result.differences.begin(),
                        result.differences.end(),
                        [&](const Surprise& difference) {
                            return difference.pointer == pointer ||
                                   difference.pointer.rfind(pointer + "/", 0) == 0;
                        });
}

bool
IsAccepted(const Surprise& difference)
{
    const auto begins = [&](std::string_view text)
    { return difference.pointer.compare(0, text.size(), text) == 0; };
    return begins("/expect/connections/") || begins("/expect/traffic/") || begins("/connections/");
}

} // namespace

nlohmann::ordered_json
AcceptVerdicts(const nlohmann::ordered_json& expect, const TestResult& result)
{
    Json accepted = expect;
    for (const ConnectionResult& c : result.connections)
    {
        if (CanBeExpected(c) && !Holds(expect, "connections", c.name, result))
        {
            Json& place = accepted["connections"][c.name];
            const Json old = place.is_object() ? place : Json::object();
            place = Merge(old, VerdictOf(c), FindingsOf(c, old));
        }
    }
    for (const TrafficResult& t : result.traffic)
    {
        if (!Holds(expect, "traffic", t.name, result))
        {
            Json& place = accepted["traffic"][t.name];
            const Json old = place.is_object() ? place : Json::object();
            place = Merge(old, VerdictOf(t, old), {});
        }
    }
    return accepted;
}

Acceptance
Accept(std::string_view text, const TestResult& result)
{
    const Json document = Json::parse(text);
    const Json old = document.value("expect", Json::object());
    const Json now = AcceptVerdicts(old, result);
    Acceptance acceptance;
    acceptance.text = old == now ? std::string(text) : ReplaceMember(text, "expect", now);
    FindDifferences(&old, &now, "/expect", acceptance.changes);
    for (const ConnectionResult& c : result.connections)
    {
        if (!CanBeExpected(c))
        {
            acceptance.left.push_back("/connections/" + c.name + ": " + c.outcome +
                                      " when the run ended, which cannot be expected");
        }
    }
    for (const Surprise& difference : result.differences)
    {
        if (!IsAccepted(difference))
        {
            acceptance.left.push_back(ToString(difference));
        }
    }
    return acceptance;
}

} // namespace nattlab::regression
