// SPDX-License-Identifier: GPL-2.0-only
#include "helper/audit/findings.h"
#include "helper/audit/write.h"
#include "helper/store/csv.h"

#include <nlohmann/json.hpp>

#include <utility>

namespace nattlab::audit
{

namespace
{

using Json = nlohmann::ordered_json;
using Line = std::vector<std::string>;

void
WriteLine(const Line& line, std::ostream& out)
{
    const char* before = "";
    for (const std::string& text : line)
    {
        out << std::exchange(before, ",") << store::QuotedForCsv(text);
    }
    out << "\r\n";
}

std::string
PointText(store::PointId point)
{
    return point == 0 ? "" : std::to_string(point);
}

/** Add the columns about how a run ended. */
void
AddRun(Line& line, const Run& run)
{
    const store::ConnectionRow& row = run.Shown();
    for (const std::string& text : {PointText(run.point),
                                    row.verdict,
                                    row.stage,
                                    row.reason,
                                    row.box,
                                    row.rule,
                                    row.error ? std::to_string(*row.error) : "",
                                    row.nat,
                                    row.natTraversal,
                                    row.encapsulation})
    {
        line.push_back(text);
    }
}

void
WriteLines(const Audit& audit, const Line& beginning, const Place& place, std::ostream& out)
{
    for (std::size_t s = 0; s < audit.statements.size(); ++s)
    {
        const Finding& finding = place.findings[s];
        Line line = beginning;
        for (const std::string& text : {std::string("statement"),
                                        audit.statements[s].name,
                                        audit.statements[s].meant,
                                        std::string(NameOf(finding.answer)),
                                        PointText(finding.allStatements),
                                        PointText(finding.allBut),
                                        PointText(finding.nothing),
                                        PointText(finding.only),
                                        PointText(finding.allButMeant)})
        {
            line.push_back(text);
        }
        AddRun(line, place.runs[finding.shown]);
        WriteLine(line, out);
    }
    for (std::size_t p = 0; p < audit.policies.size(); ++p)
    {
        if (const Run& run = place.runs[p]; run.point != 0)
        {
            Line line = beginning;
            for (const std::string& text : {std::string("policy"),
                                            audit.policies[p].label,
                                            std::string(),
                                            std::string(run.Connects() ? "yes" : "no")})
            {
                line.push_back(text);
            }
            line.resize(line.size() + 5); // points that only answers about statements have
            AddRun(line, run);
            WriteLine(line, out);
        }
    }
}

Json
OrNull(const std::string& text)
{
    return text.empty() ? Json() : Json(text);
}

Json
OrNull(store::PointId point)
{
    return point == 0 ? Json() : Json(point);
}

Json
ToJson(const Run& run)
{
    const store::ConnectionRow& row = run.Shown();
    return {{"point", run.point},
            {"verdict", row.verdict},
            {"stage", OrNull(row.stage)},
            {"reason", OrNull(row.reason)},
            {"box", OrNull(row.box)},
            {"rule", OrNull(row.rule)},
            {"error", row.error ? Json(*row.error) : Json()},
            {"nat", OrNull(row.nat)},
            {"natTraversal", OrNull(row.natTraversal)},
            {"encapsulation", OrNull(row.encapsulation)}};
}

Json
ToJson(const Audit& audit, const Place& place)
{
    Json json{
        {"name", OrNull(place.name)}, {"statements", Json::array()}, {"policies", Json::array()}};
    for (std::size_t s = 0; s < audit.statements.size(); ++s)
    {
        const Finding& finding = place.findings[s];
        json["statements"].push_back({{"statement", audit.statements[s].name},
                                      {"meant", OrNull(audit.statements[s].meant)},
                                      {"answer", NameOf(finding.answer)},
                                      {"points",
                                       {{"allStatements", finding.allStatements},
                                        {"allBut", finding.allBut},
                                        {"nothing", finding.nothing},
                                        {"only", finding.only},
                                        {"allButMeant", OrNull(finding.allButMeant)}}},
                                      {"run", ToJson(place.runs[finding.shown])}});
    }
    for (std::size_t p = 0; p < audit.policies.size(); ++p)
    {
        if (const Run& run = place.runs[p]; run.point != 0)
        {
            json["policies"].push_back({{"policy", audit.policies[p].label},
                                        {"connects", run.Connects()},
                                        {"run", ToJson(run)}});
        }
    }
    return json;
}

} // namespace

void
WriteCsv(const Audit& audit, std::ostream& out)
{
    Line head = audit.groupAxes;
    if (!audit.placeAxis.empty())
    {
        head.push_back(audit.placeAxis);
    }
    for (const char* name : {"kind",
                             "name",
                             "meant",
                             "answer",
                             "point_all_statements",
                             "point_all_but",
                             "point_nothing",
                             "point_only",
                             "point_all_but_meant",
                             "point",
                             "verdict",
                             "stage",
                             "reason",
                             "box",
                             "rule",
                             "error",
                             "nat",
                             "nat_traversal",
                             "encapsulation"})
    {
        head.emplace_back(name);
    }
    WriteLine(head, out);
    for (const Group& group : audit.groups)
    {
        for (const Place& place : group.places)
        {
            Line beginning = group.values;
            if (!audit.placeAxis.empty())
            {
                beginning.push_back(place.name);
            }
            WriteLines(audit, beginning, place, out);
        }
    }
}

void
WriteJson(const Audit& audit, std::ostream& out)
{
    Json json{{"title", audit.identity.title},
              {"nattlab", audit.identity.version},
              {"sweep", audit.identity.sweep},
              {"points", audit.identity.points},
              {"groupAxes", audit.groupAxes},
              {"placeAxis", OrNull(audit.placeAxis)},
              {"findings", Findings(audit)},
              {"groups", Json::array()}};
    for (const Group& group : audit.groups)
    {
        Json places = Json::array();
        for (const Place& place : group.places)
        {
            places.push_back(ToJson(audit, place));
        }
        json["groups"].push_back({{"values", group.values}, {"places", std::move(places)}});
    }
    out << json.dump(2, ' ', false, Json::error_handler_t::replace) << "\n";
}

} // namespace nattlab::audit
