// SPDX-License-Identifier: GPL-2.0-only
#include "helper/simulation/expectation.h"

#include <algorithm>
#include <optional>
#include <string_view>

namespace nattlab
{

std::vector<std::string>
ReasonIds()
{
    std::vector<std::string> ids;
    for (const ReasonInfo& row : AllReasons())
    {
        ids.emplace_back(row.id);
    }
    return ids;
}

bool
IsOnLink(const scenario::Sighting& sighting)
{
    return !sighting.reason && !sighting.rule && !sighting.box;
}

namespace
{

std::string
Milliseconds(Duration d)
{
    return std::to_string(std::chrono::duration_cast<milliseconds>(d).count()) + " ms";
}

/** Collects the differences of one expectation. */
class Comparison
{
  public:
    Comparison(std::string pointer, std::vector<Surprise>& surprises)
        : m_pointer(std::move(pointer)),
          m_surprises(surprises)
    {
    }

    void Differs(std::string_view key, std::string expected, std::string found)
    {
        m_surprises.push_back(
            {m_pointer + (key.empty() ? "" : "/") + std::string(key), expected, found});
    }

    void
    Text(std::string_view key, const std::optional<std::string>& expected, std::string_view found)
    {
        if (expected && *expected != found)
        {
            Differs(key, *expected, found.empty() ? "none" : std::string(found));
        }
    }

  private:
    std::string m_pointer;
    std::vector<Surprise>& m_surprises;
};

/** \return "failed at l2tp: nat.protocol-dropped at home-nat". */
std::string
Describe(const ConnectionVerdict& v)
{
    std::string text(NameOf(v.outcome));
    if (v.outcome == Outcome::Connected || v.outcome == Outcome::NotStarted)
    {
        return text;
    }
    if (v.stage)
    {
        text += " at " + std::string(NameOf(*v.stage));
    }
    return text + ": " + std::string(IdOf(v.cause.reason)) + " at " + v.cause.box;
}

void
CheckConnection(const scenario::ExpectConnection& e,
                const ConnectionVerdict& v,
                std::vector<Surprise>& surprises)
{
    Comparison compare(e.pointer, surprises);
    if (e.outcome)
    {
        const std::string_view expected =
            NameOf(*e.outcome == scenario::Outcome::Connected ? Outcome::Connected
                   : *e.outcome == scenario::Outcome::Lost    ? Outcome::Lost
                                                              : Outcome::Failed);
        if (expected != NameOf(v.outcome))
        {
            compare.Differs("outcome", std::string(expected), Describe(v));
        }
    }
    compare.Text("stage", e.stage, v.stage ? NameOf(*v.stage) : std::string_view{});
    compare.Text("reason", e.reason, IdOf(v.cause.reason));
    compare.Text("box", e.box, v.cause.box);
    compare.Text("rule", e.rule, v.cause.rule);
    if (e.error && (!v.error || v.error->number != *e.error))
    {
        compare.Differs(
            "error", std::to_string(*e.error), v.error ? std::to_string(v.error->number) : "none");
    }
    if (e.within && (!v.settled || *v.settled - *v.started > *e.within))
    {
        compare.Differs("within",
                        Milliseconds(*e.within),
                        v.settled ? Milliseconds(*v.settled - *v.started) : "never");
    }
    compare.Text("nat", e.nat, v.nat);
    compare.Text("natTraversal", e.natTraversal, v.natTraversal);
    compare.Text("encapsulation", e.encapsulation, v.encapsulation);
    if (e.clearText && v.clearText != *e.clearText)
    {
        compare.Differs(
            "clearText", *e.clearText ? "true" : "false", v.clearText ? "true" : "false");
    }
    if (e.attempts && v.attempts != *e.attempts)
    {
        compare.Differs("attempts", std::to_string(*e.attempts), std::to_string(v.attempts));
    }
    if (e.group && v.group != *e.group)
    {
        compare.Differs("group", std::to_string(*e.group), std::to_string(v.group));
    }
}

bool
IsAsDelivered(const scenario::ExpectTraffic& e, const TrafficVerdict& v)
{
    using Delivered = scenario::ExpectTraffic::Delivered;
    switch (*e.delivered)
    {
    case Delivered::All:
        return v.arrived == v.expected;
    case Delivered::Some:
        return v.arrived > 0 && v.arrived < v.expected;
    case Delivered::None:
        return v.arrived == 0;
    case Delivered::Exactly:
        return v.arrived == e.exactly;
    }
    return false;
}

void
CheckTraffic(const scenario::ExpectTraffic& e,
             const TrafficVerdict& v,
             std::vector<Surprise>& surprises)
{
    static constexpr const char* NAMES[] = {"all", "some", "none"};
    Comparison compare(e.pointer, surprises);
    if (e.delivered && !IsAsDelivered(e, v))
    {
        const auto kind = static_cast<std::size_t>(*e.delivered);
        compare.Differs("delivered",
                        kind < 3 ? NAMES[kind] : std::to_string(e.exactly),
                        std::to_string(v.arrived) + " of " + std::to_string(v.expected));
    }
    compare.Text("reason", e.reason, IdOf(v.cause.reason));
    compare.Text("box", e.box, v.cause.box);
    compare.Text("rule", e.rule, v.cause.rule);
}

void
CheckTool(const scenario::TimetableEntry& entry,
          const ToolRun& run,
          std::vector<Surprise>& surprises)
{
    const scenario::ToolExpectation& e = entry.expect;
    const std::string pointer = entry.pointer + "/expect";
    if (e.exitCode && *e.exitCode != run.exitCode)
    {
        surprises.push_back({pointer + "/exitCode",
                             std::to_string(*e.exitCode),
                             std::to_string(run.exitCode) + ": " + run.text});
    }
    for (const std::string& text : e.contains)
    {
        if (run.text.find(text) == std::string::npos)
        {
            surprises.push_back({pointer + "/contains", text, run.text});
        }
    }
    for (const std::string& text : e.lacks)
    {
        if (run.text.find(text) != std::string::npos)
        {
            surprises.push_back({pointer + "/lacks", "without " + text, run.text});
        }
    }
}

bool
IsSeen(const scenario::Sighting& s, const EventLog& log)
{
    const bool onLink = IsOnLink(s);
    return std::any_of(
        log.Events().begin(),
        log.Events().end(),
        [&](const Event& event)
        {
            if (event.type != (onLink ? EventType::PacketSighted : EventType::PacketDropped))
            {
                return false;
            }
            const Flow& f = event.flow;
            const std::string& node = log.NodeName(event.node);
            return !(s.reason && *s.reason != IdOf(event.reason)) &&
                   !(s.rule && *s.rule != event.subject) && !(s.box && *s.box != node) &&
                   !(s.link && *s.link != node) && !(s.protocol && *s.protocol != f.protocol) &&
                   !(s.port && *s.port != f.sourcePort && *s.port != f.destinationPort);
        });
}

std::string
Describe(const scenario::Sighting& s)
{
    std::string text;
    const auto add = [&](const char* key, const std::optional<std::string>& value)
    {
        if (value)
        {
            text += (text.empty() ? "" : ", ") + std::string(key) + " " + *value;
        }
    };
    add("reason", s.reason);
    add("rule", s.rule);
    add("box", s.box);
    add("link", s.link);
    add("protocol", s.protocol ? std::optional{ProtocolName(*s.protocol)} : std::nullopt);
    add("port", s.port ? std::optional{std::to_string(*s.port)} : std::nullopt);
    return text;
}

} // namespace

std::vector<Surprise>
CheckExpectations(const scenario::Scenario& scenario, const RunResult& result)
{
    std::vector<Surprise> surprises;
    const scenario::Expect& expect = scenario.expect;
    if (expect.Empty())
    {
        for (const ConnectionVerdict& v : result.connections)
        {
            if (v.outcome != Outcome::Connected)
            {
                surprises.push_back({"/connections/" + v.name, "connected", Describe(v)});
            }
        }
    }
    for (const scenario::ExpectConnection& e : expect.connections)
    {
        for (const ConnectionVerdict& v : result.connections)
        {
            if (v.name == e.connection)
            {
                CheckConnection(e, v, surprises);
            }
        }
    }
    for (const scenario::ExpectTraffic& e : expect.traffic)
    {
        for (const TrafficVerdict& v : result.traffic)
        {
            if (v.name == e.traffic)
            {
                CheckTraffic(e, v, surprises);
            }
        }
    }
    for (const ToolRun& run : result.tools)
    {
        for (const scenario::TimetableEntry& entry : scenario.timetable)
        {
            if (entry.pointer == run.pointer)
            {
                CheckTool(entry, run, surprises);
            }
        }
    }
    for (const scenario::Sighting& s : expect.seen)
    {
        if (!IsSeen(s, *result.log))
        {
            surprises.push_back({s.pointer, "to be seen: " + Describe(s), "never seen"});
        }
    }
    for (const scenario::Sighting& s : expect.never)
    {
        if (IsSeen(s, *result.log))
        {
            surprises.push_back({s.pointer, "never to be seen: " + Describe(s), "seen"});
        }
    }
    return surprises;
}

} // namespace nattlab
