// SPDX-License-Identifier: GPL-2.0-only
#include "helper/regression/test-result.h"

#include "helper/regression/utf8.h"
#include "helper/simulation/nattlab-version.h"

#include <algorithm>
#include <array>
#include <stdexcept>
#include <tuple>

namespace nattlab::regression
{

namespace
{

using Json = nlohmann::ordered_json;

constexpr std::array<std::string_view, 4> STATUS_NAMES{"as expected",
                                                       "not as expected",
                                                       "error",
                                                       "fault"};

/** Put a text in, unless it says nothing. */
void
Put(Json& json, const char* key, const std::string& text)
{
    if (!text.empty())
    {
        json[key] = ToValidUtf8(text);
    }
}

std::string
Text(const Json& json, const char* key)
{
    return json.value(key, std::string{});
}

std::string
BlameText(const std::string& reason, const std::string& box, const std::string& rule)
{
    std::string text = reason;
    text += box.empty() ? "" : " at " + box;
    text += rule.empty() ? "" : ", rule \"" + rule + "\"";
    return text;
}

Json
ToJson(const ConnectionResult& c)
{
    Json json;
    json["name"] = c.name;
    json["outcome"] = c.outcome;
    Put(json, "stage", c.stage);
    Put(json, "reason", c.reason);
    Put(json, "box", c.box);
    Put(json, "rule", c.rule);
    if (c.error)
    {
        json["error"] = *c.error;
    }
    if (c.took)
    {
        json["took"] = *c.took;
    }
    Put(json, "nat", c.nat);
    Put(json, "natTraversal", c.natTraversal);
    Put(json, "encapsulation", c.encapsulation);
    if (c.group != 0)
    {
        json["group"] = c.group;
    }
    json["clearText"] = c.clearText;
    json["attempts"] = c.attempts;
    return json;
}

ConnectionResult
ConnectionFromJson(const Json& json)
{
    ConnectionResult c;
    c.name = json.at("name").get<std::string>();
    c.outcome = json.at("outcome").get<std::string>();
    c.stage = Text(json, "stage");
    c.reason = Text(json, "reason");
    c.box = Text(json, "box");
    c.rule = Text(json, "rule");
    if (json.contains("error"))
    {
        c.error = json["error"].get<std::int64_t>();
    }
    if (json.contains("took"))
    {
        c.took = json["took"].get<double>();
    }
    c.nat = Text(json, "nat");
    c.natTraversal = Text(json, "natTraversal");
    c.encapsulation = Text(json, "encapsulation");
    c.group = json.value("group", std::int64_t{0});
    c.clearText = json.value("clearText", false);
    c.attempts = json.value("attempts", std::size_t{0});
    return c;
}

Json
ToJson(const TrafficResult& t)
{
    Json json;
    json["name"] = t.name;
    json["expected"] = t.expected;
    json["arrived"] = t.arrived;
    Put(json, "reason", t.reason);
    Put(json, "box", t.box);
    Put(json, "rule", t.rule);
    return json;
}

TrafficResult
TrafficFromJson(const Json& json)
{
    TrafficResult t;
    t.name = json.at("name").get<std::string>();
    t.expected = json.at("expected").get<std::uint64_t>();
    t.arrived = json.at("arrived").get<std::uint64_t>();
    t.reason = Text(json, "reason");
    t.box = Text(json, "box");
    t.rule = Text(json, "rule");
    return t;
}

} // namespace

std::string_view
NameOf(Status status)
{
    return STATUS_NAMES.at(static_cast<std::size_t>(status));
}

bool
ConnectionResult::operator==(const ConnectionResult& o) const
{
    const auto key = [](const ConnectionResult& c)
    {
        return std::tie(c.name,
                        c.outcome,
                        c.stage,
                        c.reason,
                        c.box,
                        c.rule,
                        c.error,
                        c.nat,
                        c.natTraversal,
                        c.encapsulation,
                        c.group,
                        c.clearText,
                        c.attempts);
    };
    return key(*this) == key(o);
}

std::string
ConnectionResult::ToString() const
{
    std::string text = name + ": " + outcome;
    text += stage.empty() ? "" : " at " + stage;
    text += reason.empty() ? "" : ": " + BlameText(reason, box, rule);
    text += error ? "; error " + std::to_string(*error) : "";
    text += nat.empty() || nat == "none" ? "" : "; NAT: " + nat;
    text += clearText ? "; L2TP in clear" : "";
    return text;
}

bool
TrafficResult::operator==(const TrafficResult& o) const
{
    return std::tie(name, expected, arrived, reason, box, rule) ==
           std::tie(o.name, o.expected, o.arrived, o.reason, o.box, o.rule);
}

std::string
TrafficResult::ToString() const
{
    std::string text =
        name + ": " + std::to_string(arrived) + " of " + std::to_string(expected) + " arrived";
    return text + (reason.empty() ? "" : ": " + BlameText(reason, box, rule));
}

Totals
Count(const std::vector<TestResult>& results)
{
    Totals totals;
    const std::array<std::size_t*, 4> counters{
        &totals.asExpected, &totals.notAsExpected, &totals.errors, &totals.faults};
    for (const TestResult& result : results)
    {
        ++*counters.at(static_cast<std::size_t>(result.status));
    }
    return totals;
}

Status
WorstOf(const std::vector<TestResult>& results)
{
    Status worst = Status::AsExpected;
    for (const TestResult& result : results)
    {
        worst = std::max(worst, result.status);
    }
    return worst;
}

nlohmann::ordered_json
ToJson(const TestResult& result)
{
    Json json;
    json["file"] = ToValidUtf8(result.file);
    json["title"] = ToValidUtf8(result.title);
    json["hash"] = result.hash;
    json["status"] = NameOf(result.status);
    json["asExpected"] = result.status == Status::AsExpected;
    Put(json, "problem", result.problem);
    json["simulated"] = result.simulated;
    json["differences"] = Json::array();
    for (const Surprise& s : result.differences)
    {
        json["differences"].push_back({{"pointer", ToValidUtf8(s.pointer)},
                                       {"expected", ToValidUtf8(s.expected)},
                                       {"found", ToValidUtf8(s.found)}});
    }
    json["connections"] = Json::array();
    for (const ConnectionResult& c : result.connections)
    {
        json["connections"].push_back(ToJson(c));
    }
    json["traffic"] = Json::array();
    for (const TrafficResult& t : result.traffic)
    {
        json["traffic"].push_back(ToJson(t));
    }
    return json;
}

TestResult
FromJson(const nlohmann::ordered_json& json)
{
    TestResult result;
    result.file = json.at("file").get<std::string>();
    const std::string status = json.at("status").get<std::string>();
    const auto* name = std::find(STATUS_NAMES.begin(), STATUS_NAMES.end(), status);
    if (name == STATUS_NAMES.end())
    {
        throw std::invalid_argument("unknown status \"" + status + "\"");
    }
    result.status = static_cast<Status>(name - STATUS_NAMES.begin());
    result.title = Text(json, "title");
    result.hash = Text(json, "hash");
    result.problem = Text(json, "problem");
    result.simulated = json.value("simulated", 0.0);
    for (const Json& s : json.at("differences"))
    {
        result.differences.push_back({Text(s, "pointer"), Text(s, "expected"), Text(s, "found")});
    }
    for (const Json& c : json.at("connections"))
    {
        result.connections.push_back(ConnectionFromJson(c));
    }
    for (const Json& t : json.at("traffic"))
    {
        result.traffic.push_back(TrafficFromJson(t));
    }
    return result;
}

nlohmann::ordered_json
MakeTestReport(const std::vector<TestResult>& results)
{
    const Totals totals = Count(results);
    Json json;
    json["nattlab"] = VERSION;
    json["totals"] = {{"scenarios", results.size()},
                      {"asExpected", totals.asExpected},
                      {"notAsExpected", totals.notAsExpected},
                      {"errors", totals.errors},
                      {"faults", totals.faults}};
    json["scenarios"] = Json::array();
    for (const TestResult& result : results)
    {
        json["scenarios"].push_back(ToJson(result));
    }
    return json;
}

} // namespace nattlab::regression
