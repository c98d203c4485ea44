// SPDX-License-Identifier: GPL-2.0-only
#include "helper/sweep/run-point.h"

#include <exception>
#include <filesystem>
#include <map>
#include <memory>
#include <string_view>
#include <utility>

namespace nattlab::sweep
{

namespace
{

double
Seconds(Duration d)
{
    return static_cast<double>(d.count()) / 1e9;
}

/** \return the seconds spent in the stages from \p first to \p last, when the last one ended. */
std::optional<double>
TimeIn(const std::vector<StageTime>& stages, Stage first, Stage last)
{
    Duration sum{0};
    bool ended = false;
    for (const StageTime& stage : stages)
    {
        if (stage.stage < first || stage.stage > last || !stage.end)
        {
            continue;
        }
        sum += *stage.end - stage.start;
        ended = ended || (stage.stage == last && stage.reason == Reason::None);
    }
    return ended ? std::optional(Seconds(sum)) : std::nullopt;
}

store::ConnectionRow
MakeConnectionRow(const ConnectionVerdict& v)
{
    store::ConnectionRow row;
    row.name = v.name;
    row.client = v.client;
    row.server = v.server;
    row.verdict = NameOf(v.outcome);
    if (v.outcome != Outcome::Connected && v.outcome != Outcome::NotStarted)
    {
        row.stage = v.stage ? NameOf(*v.stage) : std::string_view{};
        row.reason = v.cause.reason == Reason::None ? std::string_view{} : IdOf(v.cause.reason);
        row.box = v.cause.box;
        row.rule = v.cause.rule;
    }
    if (v.error)
    {
        row.error = v.error->number;
    }
    if (v.started)
    {
        row.started = Seconds(v.started->time_since_epoch());
        if (v.settled)
        {
            row.timeToSettle = Seconds(*v.settled - *v.started);
        }
    }
    row.timeIkeMain = TimeIn(v.stages, Stage::IkeMain, Stage::IkeMain);
    row.timeIkeQuick = TimeIn(v.stages, Stage::IkeQuick, Stage::IkeQuick);
    row.timeL2tp = TimeIn(v.stages, Stage::L2tp, Stage::L2tp);
    row.timePpp = TimeIn(v.stages, Stage::PppLcp, Stage::PppIpcp);
    row.packets = v.sent.packets;
    row.bytes = v.sent.bytes;
    row.retransmissions = v.retransmissions;
    row.attempts = v.attempts;
    row.nat = v.nat;
    row.natTraversal = v.natTraversal;
    row.encapsulation = v.encapsulation;
    row.group = v.group;
    row.clearText = v.clearText;
    return row;
}

/** Count the packets that each connection lost, by reason. */
void
CountDrops(const RunResult& run, std::vector<store::ConnectionRow>& rows)
{
    std::vector<std::map<std::string_view, std::uint64_t>> drops(rows.size());
    for (const Event& event : run.log->Events())
    {
        // Connections have the numbers from 1 on; those above belong to traffic.
        const ConnectionId connection = event.tag.connection;
        if (event.type == EventType::PacketDropped && connection > 0 && connection <= rows.size())
        {
            ++drops[connection - 1][IdOf(event.reason)];
        }
    }
    for (std::size_t i = 0; i < rows.size(); ++i)
    {
        rows[i].drops.assign(drops[i].begin(), drops[i].end());
    }
}

store::TrafficRow
MakeTrafficRow(const TrafficVerdict& v)
{
    store::TrafficRow row{v.name, v.expected, v.arrived, {}, {}, {}};
    if (v.arrived < v.expected)
    {
        row.reason = v.cause.reason == Reason::None ? std::string_view{} : IdOf(v.cause.reason);
        row.box = v.cause.box;
        row.rule = v.cause.rule;
    }
    return row;
}

store::PointRow
Broken(store::PointId id, store::PointStatus status, std::string problem)
{
    store::PointRow row;
    row.id = id;
    row.status = status;
    row.problem = std::move(problem);
    return row;
}

/**
 * \return what is wrong at a point of a plan, without the places of files: where those stand is no
 * result. A preset has its kind before its name.
 */
std::string
TextOf(const scenario::ScenarioErrors& errors, const Plan& plan)
{
    namespace fs = std::filesystem;
    std::string text;
    for (const scenario::Problem& problem : errors.Problems())
    {
        const fs::path file(problem.file);
        const bool inPreset =
            !problem.file.empty() && problem.file != plan.File() && problem.file != plan.BaseFile();
        text += text.empty() ? "" : "\n";
        text += inPreset ? (file.parent_path().filename() / file.filename()).string() + ": " : "";
        text += problem.Text();
    }
    return text;
}

} // namespace

store::PointRow
MakeRow(store::PointId id, const RunResult& run)
{
    store::PointRow row;
    row.id = id;
    row.simulated = Seconds(run.simulated);
    row.packets = run.packets.made;
    row.delivered = run.packets.delivered;
    row.dropped = run.packets.dropped;
    for (const ConnectionVerdict& v : run.connections)
    {
        row.connections.push_back(MakeConnectionRow(v));
    }
    CountDrops(run, row.connections);
    for (const TrafficVerdict& v : run.traffic)
    {
        row.traffic.push_back(MakeTrafficRow(v));
    }
    if (!run.leaks.empty())
    {
        row.status = store::PointStatus::Fault;
        row.problem = std::to_string(run.leaks.size()) + " packets without exactly one end";
    }
    return row;
}

void
Complete(store::PointRow& row, const Plan& plan)
{
    Point point = plan.At(row.id);
    row.values = std::move(point.values);
    row.seed = point.seed;
    row.replicate = point.replicate;
}

PointRunner::PointRunner(const Plan& plan, const scenario::LoadOptions& options)
    : m_plan(plan),
      m_loader(options)
{
}

store::PointRow
PointRunner::Run(store::PointId id)
{
    try
    {
        auto scenario = std::make_shared<const scenario::Scenario>(
            m_loader.Load(m_plan.DocumentOf(m_plan.At(id))));
        return MakeRow(id, Simulation(std::move(scenario), TraceLevel::Verdict).Run());
    }
    catch (const scenario::ScenarioErrors& errors)
    {
        return Broken(id, store::PointStatus::Invalid, TextOf(errors, m_plan));
    }
    catch (const std::exception& error)
    {
        return Broken(id, store::PointStatus::Fault, error.what());
    }
}

} // namespace nattlab::sweep
