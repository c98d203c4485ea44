// SPDX-License-Identifier: GPL-2.0-only
#include "helper/regression/run-scenario.h"

#include "helper/scenario/load.h"

#include <exception>

namespace nattlab::regression
{

namespace
{

double
Seconds(Duration d)
{
    return static_cast<double>(d.count()) / 1e9;
}

std::string
ReasonText(Reason reason)
{
    return reason == Reason::None ? std::string{} : std::string(IdOf(reason));
}

ConnectionResult
Shorten(const ConnectionVerdict& v)
{
    ConnectionResult c;
    c.name = v.name;
    c.outcome = NameOf(v.outcome);
    if (v.outcome != Outcome::Connected && v.outcome != Outcome::NotStarted)
    {
        c.stage = v.stage ? NameOf(*v.stage) : std::string_view{};
        c.reason = ReasonText(v.cause.reason);
        c.box = v.cause.box;
        c.rule = v.cause.rule;
    }
    if (v.error)
    {
        c.error = v.error->number;
    }
    if (v.started && v.settled)
    {
        c.took = Seconds(*v.settled - *v.started);
    }
    c.nat = v.nat;
    c.natTraversal = v.natTraversal;
    c.encapsulation = v.encapsulation;
    c.group = v.group;
    c.clearText = v.clearText;
    c.attempts = v.attempts;
    return c;
}

TrafficResult
Shorten(const TrafficVerdict& v)
{
    TrafficResult t{v.name, v.expected, v.arrived, {}, {}, {}};
    if (v.arrived < v.expected)
    {
        t.reason = ReasonText(v.cause.reason);
        t.box = v.cause.box;
        t.rule = v.cause.rule;
    }
    return t;
}

TestResult
Broken(const std::string& file, Status status, std::string problem)
{
    TestResult result;
    result.file = file;
    result.status = status;
    result.problem = std::move(problem);
    return result;
}

} // namespace

TestResult
Judge(const scenario::Scenario& scenario, const RunResult& run)
{
    TestResult result;
    result.file = scenario.file;
    result.title = scenario.title;
    result.hash = scenario.Hash();
    result.simulated = Seconds(run.simulated);
    result.differences = CheckExpectations(scenario, run);
    for (const ConnectionVerdict& v : run.connections)
    {
        result.connections.push_back(Shorten(v));
    }
    for (const TrafficVerdict& v : run.traffic)
    {
        result.traffic.push_back(Shorten(v));
    }
    result.status = result.differences.empty() ? Status::AsExpected : Status::NotAsExpected;
    if (!run.leaks.empty())
    {
        result.status = Status::Fault;
        result.problem = std::to_string(run.leaks.size()) +
                         " packets without exactly one end: please report this scenario";
    }
    return result;
}

TestResult
RunScenario(const std::string& file)
{
    try
    {
        scenario::LoadOptions options;
        options.file = file;
        options.knownReasons = ReasonIds();
        const scenario::Scenario scenario = scenario::Load(options);
        Simulation simulation(scenario);
        return Judge(scenario, simulation.Run());
    }
    catch (const scenario::ScenarioErrors& errors)
    {
        return Broken(file, Status::BadInput, errors.what());
    }
    catch (const std::exception& error)
    {
        return Broken(file, Status::Fault, error.what());
    }
}

} // namespace nattlab::regression
