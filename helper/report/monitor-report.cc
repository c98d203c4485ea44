// SPDX-License-Identifier: GPL-2.0-only
#include "helper/report/monitor-report.h"

namespace nattlab
{

namespace
{

using Json = nlohmann::ordered_json;

template <typename Row>
Json
MakeRows(const std::vector<Row>& rows)
{
    Json list = Json::array();
    for (const Row& row : rows)
    {
        Json json = Json::object();
        for (const auto& [name, value] : windows::RecordOf(row))
        {
            json[name] = value;
        }
        list.push_back(std::move(json));
    }
    return list;
}

} // namespace

nlohmann::ordered_json
MakeMonitorJson(const windows::MonitorView& view)
{
    Json json;
    json["time"] = static_cast<double>(view.time.time_since_epoch().count()) / 1e9;
    json["tool"] = view.tool;
    json["computer"] = view.computer;
    json["running"] = view.running;
    json["assignedPolicy"] =
        view.assignedPolicy.empty() ? Json(nullptr) : Json(view.assignedPolicy);
    json["associations"] = MakeRows(view.associations);
    json["mainModes"] = MakeRows(view.mainModes);
    json["filters"] = MakeRows(view.filters);
    Json statistics = Json::object();
    for (const windows::MonitorStatistics& group : view.statistics)
    {
        Json values = Json::object();
        for (const auto& [name, value] : group.values)
        {
            values[name] = value;
        }
        statistics[group.title] = std::move(values);
    }
    json["statistics"] = std::move(statistics);
    json["notes"] = view.notes;
    return json;
}

} // namespace nattlab
