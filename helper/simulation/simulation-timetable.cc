// SPDX-License-Identifier: GPL-2.0-only
// What the timetable does: faults of links and boxes, and the life of Windows machines.
#include "helper/scenario/problem.h"
#include "helper/simulation/engine-config.h"
#include "helper/simulation/simulation.h"

#include "ns3/simulator.h"

#include <algorithm>
#include <stdexcept>
#include <utility>

namespace nattlab
{

using ns3::nattlab::Now;
using ns3::nattlab::ToNs3;

namespace
{

windows::Tools
ToolsNamed(const std::string& name)
{
    return name == "new"   ? windows::Tools::New
           : name == "old" ? windows::Tools::Old
                           : windows::Tools::None;
}

windows::System
SystemOf(const scenario::Host& host)
{
    windows::System system;
    system.release = windows::ReleaseFromName(host.release).value_or(system.release);
    system.servicePack = host.servicePack;
    system.server = host.server.has_value();
    system.updated = host.updated;
    return system;
}

/** \return true when the timetable installs the update on the host at any time. */
bool
IsInstalled(const scenario::Scenario& scenario, const std::string& host, const std::string& update)
{
    return std::any_of(scenario.timetable.begin(),
                       scenario.timetable.end(),
                       [&](const scenario::TimetableEntry& entry)
                       {
                           return entry.action == scenario::Action::InstallUpdate &&
                                  entry.host == host && entry.update == update;
                       });
}

/** \throws scenario::ScenarioErrors when the path is none. */
void
CheckRegistryPath(const std::string& path, const std::string& file, const std::string& pointer)
{
    try
    {
        windows::CanonicalRegistryPath(path);
    }
    catch (const std::invalid_argument& error)
    {
        scenario::Problem problem;
        problem.file = file;
        problem.pointer = pointer;
        problem.message = error.what();
        throw scenario::ScenarioErrors({problem});
    }
}

Service
ServiceNamed(const std::string& name)
{
    return name == "policy-agent" ? Service::Ipsec : Service::RemoteAccess;
}

} // namespace

windows::Machine
Simulation::BuildMachine(const scenario::Host& host) const
{
    const auto install = [this](const scenario::Host& state)
    {
        return windows::Installation{
            SystemOf(state), MakeHostConfig(m_scenario, state, m_certificates.StoreOf(state))};
    };
    std::map<std::string, windows::Installation> updates;
    for (const auto& [name, becomes] : host.updates)
    {
        if (IsInstalled(m_scenario, host.name, name))
        {
            updates.emplace(name, install(becomes));
        }
    }
    windows::Registry registry;
    for (const scenario::RegistryEntry& entry : host.registry)
    {
        CheckRegistryPath(entry.path, m_scenario.file, host.pointer + "/registry");
        registry.Set(entry.path, entry.value);
    }
    return windows::Machine(
        host.name, install(host), std::move(updates), std::move(registry), ToolsNamed(host.tools));
}

/** \return the machine, made when it is first wanted; null when the host is no Windows. */
windows::Machine*
Simulation::FindMachine(const std::string& host) const
{
    const auto known = m_machines.find(host);
    if (known != m_machines.end())
    {
        return &known->second;
    }
    const scenario::Host* description = m_scenario.FindHost(host);
    if (!description || description->release.empty())
    {
        return nullptr;
    }
    return &m_machines.emplace(host, BuildMachine(*description)).first->second;
}

HostConfig
Simulation::ConfigOf(const scenario::Host& host)
{
    if (host.release.empty())
    {
        return MakeHostConfig(m_scenario, host, m_certificates.StoreOf(host));
    }
    auto machine = m_machines.find(host.name);
    if (machine == m_machines.end())
    {
        machine = m_machines.emplace(host.name, BuildMachine(host)).first;
    }
    HostConfig config = machine->second.Boot(Now());
    AfterChange(host.name);
    return config;
}

windows::Machine&
Simulation::MachineOf(const std::string& host) const
{
    windows::Machine* machine = FindMachine(host);
    if (!machine)
    {
        throw std::out_of_range(host + " is no Windows");
    }
    return *machine;
}

void
Simulation::RecordChange(const std::string& node, std::string subject, std::string detail)
{
    Event event;
    event.time = Now();
    event.type = EventType::HostChanged;
    event.layer = Layer::User;
    event.subject = std::move(subject);
    event.detail = std::move(detail);
    TracerOf(node).Record(std::move(event));
}

/** Put what a machine has to say into the log. */
void
Simulation::AfterChange(const std::string& host)
{
    for (windows::Note& note : MachineOf(host).TakeNotes())
    {
        RecordChange(host, std::move(note.subject), std::move(note.detail));
    }
}

void
Simulation::PlanTimetable()
{
    for (const scenario::TimetableEntry& entry : m_scenario.timetable)
    {
        if (entry.action == scenario::Action::SetRegistry ||
            entry.action == scenario::Action::DeleteRegistry)
        {
            CheckRegistryPath(entry.registry.path, m_scenario.file, entry.pointer + "/key");
        }
        ns3::Simulator::Schedule(ToNs3(entry.at),
                                 [this, &entry]
                                 {
                                     if (entry.action <= scenario::Action::Dial)
                                     {
                                         ApplyFault(entry);
                                     }
                                     else
                                     {
                                         ApplyChange(entry);
                                     }
                                 });
    }
}

void
Simulation::ApplyFault(const scenario::TimetableEntry& entry)
{
    const std::string& machine = entry.box.empty() ? entry.host : entry.box;
    Event event;
    event.time = Now();
    event.type = EventType::FaultApplied;
    const auto record = [&](const std::string& node, const char* subject)
    {
        event.subject = subject;
        TracerOf(node).Record(event);
    };
    switch (entry.action)
    {
    case scenario::Action::LinkDown:
    case scenario::Action::LinkUp:
        record(entry.link, entry.action == scenario::Action::LinkUp ? "link-up" : "link-down");
        GetLink(entry.link)->SetUp(entry.action == scenario::Action::LinkUp);
        break;
    case scenario::Action::Reboot:
        record(machine, "reboot");
        Reboot(entry);
        break;
    case scenario::Action::ChangeFirewall:
    {
        record(machine, "change-firewall");
        FirewallConfig config = MakeFirewallConfig(*entry.firewall);
        if (entry.box.empty())
        {
            GetHost(machine)->SetFirewall(std::move(config));
        }
        else
        {
            GetBox(machine)->SetFirewallRules(std::move(config.rules), config.defaults);
        }
        break;
    }
    case scenario::Action::HangUp:
    case scenario::Action::Dial:
    {
        const scenario::Connection& connection = *FindConnection(entry.connection);
        const ConnectionId id = IdOf(entry.connection);
        const bool dial = entry.action == scenario::Action::Dial;
        record(connection.from, dial ? "dial" : "hang-up");
        if (dial)
        {
            GetHost(connection.from)->Dial(RequestOf(connection, id));
        }
        else
        {
            GetHost(connection.from)->HangUp(id);
        }
        break;
    }
    default:
        break;
    }
}

void
Simulation::Reboot(const scenario::TimetableEntry& entry)
{
    if (!entry.box.empty())
    {
        GetBox(entry.box)->Reboot(entry.downTime);
        return;
    }
    const scenario::Host& host = *m_scenario.FindHost(entry.host);
    GetHost(host.name)->Reboot(entry.downTime, [this, &host] { return ConfigOf(host); });
    if (FindMachine(host.name))
    {
        ns3::Simulator::Schedule(ToNs3(entry.downTime),
                                 [this, &host]
                                 {
                                     windows::Machine& m = MachineOf(host.name);
                                     if (m.TakePolicyChange())
                                     {
                                         GetHost(host.name)->SetPolicy(m.DynamicRules(),
                                                                       m.AssignedPolicy());
                                     }
                                 });
    }
}

void
Simulation::Restart(const std::string& host, Service service, bool stop, bool start)
{
    windows::Machine* machine = FindMachine(host);
    if (stop)
    {
        GetHost(host)->StopService(service);
        if (machine)
        {
            machine->Stop(service, Now());
        }
    }
    if (start)
    {
        GetHost(host)->StartService(service,
                                    machine ? machine->Start(service, Now())

                                            : GetHost(host)->GetHost().Config());
    }
}

void
Simulation::ApplyChange(const scenario::TimetableEntry& entry)
{
    using scenario::Action;
    if (!GetHost(entry.host)->GetHost().IsOn())
    {
        if (entry.action == Action::Tool || entry.action == Action::Monitor)
        {
            Show(entry,
                 entry.action == Action::Tool ? entry.command : "monitor " + entry.computer,
                 {1, entry.host + " is off.\n", {}});
            return;
        }
        RecordChange(entry.host, "timetable", "the computer is off: nothing happens");
        return;
    }
    switch (entry.action)
    {
    case Action::InstallUpdate:
        MachineOf(entry.host).Install(entry.update);
        break;
    case Action::RemoveUpdate:
        MachineOf(entry.host).Remove(entry.update);
        break;
    case Action::InstallTools:
        MachineOf(entry.host).InstallTools(ToolsNamed(entry.tools));
        break;
    case Action::SetRegistry:
        MachineOf(entry.host).SetRegistry(entry.registry.path, entry.registry.value);
        break;
    case Action::DeleteRegistry:
        MachineOf(entry.host).DeleteRegistry(entry.registry.path);
        break;
    case Action::StopService:
    case Action::StartService:
    case Action::RestartService:
        RecordChange(entry.host,
                     entry.service,
                     entry.action == Action::StopService    ? "is stopped"
                     : entry.action == Action::StartService ? "is started"
                                                            : "is restarted");
        Restart(entry.host,
                ServiceNamed(entry.service),
                entry.action != Action::StartService,
                entry.action != Action::StopService);
        break;
    case Action::Tool:
        Show(entry, entry.command, RunTool(entry.host, entry.command));
        break;
    case Action::Monitor:
        Show(entry,
             "monitor " + entry.computer,
             {0, windows::MonitorText(Monitor(entry.host, entry.computer)), {}});
        break;
    default:
        break;
    }
    if (windows::Machine* machine = FindMachine(entry.host))
    {
        if (machine->TakePolicyChange())
        {
            GetHost(entry.host)->SetPolicy(machine->DynamicRules(), machine->AssignedPolicy());
        }
        AfterChange(entry.host);
    }
}

void
Simulation::Show(const scenario::TimetableEntry& entry,
                 std::string command,
                 windows::ToolResult shown)
{
    RecordChange(entry.host, command, "exit code " + std::to_string(shown.exitCode));
    m_tools.push_back({Now(),
                       entry.host,
                       std::move(command),
                       shown.exitCode,
                       std::move(shown.text),
                       entry.pointer});
}

void
Simulation::At(Duration time, std::function<void()> what)
{
    ns3::Simulator::Schedule(ToNs3(time), [what = std::move(what)] { what(); });
}

IpsecStatus
Simulation::StatusOf(const std::string& host) const
{
    IpsecStatus status = GetHost(host)->GetHost().Security().Status(Now());
    status.running = status.running && GetHost(host)->GetHost().IsOn();
    return status;
}

windows::MonitorView
Simulation::Monitor(const std::string& host, const std::string& computer) const
{
    return windows::MakeMonitorView(
        MachineOf(host).Running(), MachineOf(computer).Running(), computer, StatusOf(computer));
}

windows::ToolResult
Simulation::RunTool(const std::string& host, const std::string& line)
{
    if (!GetHost(host)->GetHost().IsOn())
    {
        return {1, host + " is off.\n", {}};
    }
    return MachineOf(host).RunTool(line, StatusOf(host));
}

void
Simulation::Redial(ConnectionId id)
{
    const scenario::Connection& dialled = ConnectionOf(id);
    if (m_redials[id] >= dialled.redials)
    {
        return;
    }
    ++m_redials[id];
    auto host = GetHost(dialled.from);
    const CallRequest request = RequestOf(dialled, id);
    ns3::Simulator::Schedule(ToNs3(dialled.redialPause),
                             [host, request, &dialled]
                             {
                                 if (!dialled.hangUp || Now() < Instant{*dialled.hangUp})
                                 {
                                     host->Dial(request);
                                 }
                             });
}

} // namespace nattlab
