// SPDX-License-Identifier: GPL-2.0-only
#include "helper/report/json-report.h"

#include <map>
#include <string>

namespace nattlab
{

namespace
{

using Json = nlohmann::ordered_json;

double
Seconds(Duration d)
{
    return static_cast<double>(d.count()) / 1e9;
}

double
Seconds(Instant i)
{
    return Seconds(i.time_since_epoch());
}

Json
TextOrNull(const std::string& text)
{
    return text.empty() ? Json(nullptr) : Json(text);
}

Json
MakeFlow(const Flow& flow)
{
    Json json;
    json["protocol"] = ProtocolName(flow.protocol);
    json["source"] = flow.source.ToString();
    json["destination"] = flow.destination.ToString();
    if (flow.sourcePort != 0 || flow.destinationPort != 0)
    {
        json["sourcePort"] = flow.sourcePort;
        json["destinationPort"] = flow.destinationPort;
    }
    if (flow.spi != 0)
    {
        json["spi"] = flow.spi;
    }
    json["length"] = flow.length;
    if (flow.fragment)
    {
        json["fragment"] = true;
    }
    return json;
}

void
AddBlame(Json& json, const Blame& blame)
{
    json["reason"] = IdOf(blame.reason);
    json["box"] = blame.box;
    if (!blame.rule.empty())
    {
        json["rule"] = blame.rule;
    }
}

Json
MakeLost(const LostPacket& lost)
{
    Json json;
    json["time"] = Seconds(lost.time);
    json["box"] = lost.box;
    json["reason"] = IdOf(lost.reason);
    if (!lost.rule.empty())
    {
        json["rule"] = lost.rule;
    }
    json["packet"] = MakeFlow(lost.flow);
    return json;
}

Json
MakeStages(const std::vector<StageTime>& stages)
{
    Json list = Json::array();
    for (const StageTime& stage : stages)
    {
        Json json;
        json["stage"] = NameOf(stage.stage);
        json["start"] = Seconds(stage.start);
        if (stage.end)
        {
            json["end"] = Seconds(*stage.end);
            json["ok"] = stage.reason == Reason::None;
        }
        list.push_back(std::move(json));
    }
    return list;
}

Json
MakeConnection(const ConnectionVerdict& v)
{
    Json json;
    json["name"] = v.name;
    json["client"] = v.client;
    json["server"] = v.server;
    json["outcome"] = NameOf(v.outcome);
    if (v.outcome == Outcome::Failed || v.outcome == Outcome::Lost || v.outcome == Outcome::Trying)
    {
        json["stage"] = v.stage ? NameOf(*v.stage) : "";
        AddBlame(json, v.cause);
        json["symptom"] = IdOf(v.symptom);
        if (!v.message.empty())
        {
            json["message"] = v.message;
        }
    }
    if (v.error)
    {
        json["error"] = {{"number", v.error->number}, {"text", v.error->text}};
    }
    if (v.started)
    {
        json["started"] = Seconds(*v.started);
    }
    if (v.settled)
    {
        json["settled"] = Seconds(*v.settled);
    }
    if (v.broke)
    {
        json["broke"] = Seconds(*v.broke);
    }
    if (!v.address.empty())
    {
        json["address"] = v.address;
    }
    json["nat"] = TextOrNull(v.nat);
    json["natTraversal"] = TextOrNull(v.natTraversal);
    json["encapsulation"] = TextOrNull(v.encapsulation);
    json["group"] = v.group == 0 ? Json(nullptr) : Json(v.group);
    json["clearText"] = v.clearText;
    if (v.clear)
    {
        json["clear"] = {{"packets", v.clear->packets},
                         {"first", Seconds(v.clear->first)},
                         {"host", v.clear->host},
                         {"why", v.clear->why}};
    }
    json["attempts"] = v.attempts;
    json["stages"] = MakeStages(v.stages);
    json["sent"] = {{"packets", v.sent.packets}, {"bytes", v.sent.bytes}};
    json["retransmissions"] = v.retransmissions;
    json["lost"] = v.lost;
    if (v.firstLost)
    {
        json["firstLost"] = MakeLost(*v.firstLost);
        json["lastLost"] = MakeLost(*v.lastLost);
    }
    return json;
}

Json
MakeTraffic(const TrafficVerdict& v)
{
    Json json;
    json["name"] = v.name;
    json["expected"] = v.expected;
    json["arrived"] = v.arrived;
    json["lost"] = v.lost;
    if (v.arrived < v.expected)
    {
        AddBlame(json, v.cause);
    }
    return json;
}

} // namespace

nlohmann::ordered_json
MakeJsonReport(const scenario::Scenario& scenario,
               const RunResult& result,
               const std::vector<Surprise>& surprises)
{
    Json json;
    json["nattlab"] = result.version;
    json["scenario"] = {{"file", scenario.file},
                        {"title", scenario.title},
                        {"hash", scenario.Hash()},
                        {"seed", result.seed}};
    json["simulated"] = Seconds(result.simulated);
    json["asExpected"] = surprises.empty();
    Json differences = Json::array();
    for (const Surprise& s : surprises)
    {
        differences.push_back(
            {{"pointer", s.pointer}, {"expected", s.expected}, {"found", s.found}});
    }
    json["differences"] = std::move(differences);
    Json connections = Json::array();
    for (const ConnectionVerdict& v : result.connections)
    {
        connections.push_back(MakeConnection(v));
    }
    json["connections"] = std::move(connections);
    Json traffic = Json::array();
    for (const TrafficVerdict& v : result.traffic)
    {
        traffic.push_back(MakeTraffic(v));
    }
    json["traffic"] = std::move(traffic);
    if (!result.tools.empty())
    {
        Json tools = Json::array();
        for (const ToolRun& run : result.tools)
        {
            tools.push_back({{"time", Seconds(run.time)},
                             {"host", run.host},
                             {"command", run.command},
                             {"exitCode", run.exitCode},
                             {"text", run.text}});
        }
        json["tools"] = std::move(tools);
    }
    json["packets"] = {{"made", result.packets.made},
                       {"delivered", result.packets.delivered},
                       {"dropped", result.packets.dropped},
                       {"leaked", result.leaks.size()}};
    return json;
}

void
WriteEvents(const RunResult& result, std::ostream& out)
{
    std::map<ConnectionId, std::string> names;
    for (const ConnectionInfo& info : result.connectionInfos)
    {
        names[info.id] = info.name;
    }
    for (const TrafficInfo& info : result.trafficInfos)
    {
        names[info.id] = info.name;
    }
    for (const Event& event : result.log->Events())
    {
        Json json;
        json["time"] = Seconds(event.time);
        json["type"] = NameOf(event.type);
        json["node"] = result.log->NodeName(event.node);
        if (event.layer != Layer::None)
        {
            json["layer"] = NameOf(event.layer);
        }
        if (event.tag.connection != 0)
        {
            json["connection"] = names[event.tag.connection];
        }
        if (event.tag.packet != 0)
        {
            json["packet"] = event.tag.packet;
        }
        if (event.reason != Reason::None)
        {
            json["reason"] = IdOf(event.reason);
        }
        if (!event.subject.empty())
        {
            json["subject"] = event.subject;
        }
        if (!event.detail.empty())
        {
            json["detail"] = event.detail;
        }
        if (event.value != 0)
        {
            json["value"] = event.value;
        }
        if (event.flow.protocol != 0)
        {
            json["flow"] = MakeFlow(event.flow);
        }
        if (event.flowAfter.protocol != 0)
        {
            json["flowAfter"] = MakeFlow(event.flowAfter);
        }
        // Names in packets may be any bytes; JSON is UTF-8.
        out << json.dump(-1, ' ', false, Json::error_handler_t::replace) << '\n';
    }
}

} // namespace nattlab
