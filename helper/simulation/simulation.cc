// SPDX-License-Identifier: GPL-2.0-only
#include "helper/simulation/simulation.h"

#include "helper/simulation/engine-config.h"
#include "helper/simulation/expectation.h"
#include "helper/simulation/nattlab-version.h"

#include "model/sim/event-queue.h"
#include "model/sim/link-device.h"
#include "model/windows/oakley.h"
#include "model/windows/ras-error.h"

#include "ns3/bulk-send-helper.h"
#include "ns3/inet-socket-address.h"
#include "ns3/object-factory.h"
#include "ns3/packet-sink-helper.h"
#include "ns3/packet-sink.h"
#include "ns3/simulator.h"
#include "ns3/uinteger.h"

#include <stdexcept>
#include <utility>

namespace nattlab
{

using ns3::nattlab::HostAdapter;
using ns3::nattlab::LinkChannel;
using ns3::nattlab::LinkDevice;
using ns3::nattlab::Now;
using ns3::nattlab::RouterAdapter;
using ns3::nattlab::ToNs3;

/** A TCP transfer by ns-3's own applications. */
struct Simulation::BulkTransfer
{
    std::string name;
    std::string sender;
    ConnectionId id;
    ns3::ApplicationContainer sink;
};

namespace
{

std::optional<windows::Generation>
GenerationOf(const std::string& errors)
{
    if (errors == "windows-2000")
    {
        return windows::Generation::Windows2000;
    }
    if (errors == "windows-xp")
    {
        return windows::Generation::WindowsXp;
    }
    if (errors == "windows-vista")
    {
        return windows::Generation::WindowsVista;
    }
    return std::nullopt;
}

/** \return true for a host that may have something to say, or to refuse, before anyone asks. */
bool
SpeaksAtBoot(const scenario::Host& host)
{
    return !host.registry.empty() || !host.certificates.empty() || !host.trustedRoots.empty();
}

TrafficRequest
MakeRequest(const scenario::Traffic& traffic, ConnectionId id, ConnectionId tunnel)
{
    TrafficRequest request;
    request.id = id;
    request.name = traffic.name;
    request.tunnel = tunnel;
    request.kind =
        traffic.kind == scenario::TrafficKind::Ping ? TrafficKind::Ping : TrafficKind::Udp;
    if (traffic.kind == scenario::TrafficKind::Probe)
    {
        request.kind = traffic.protocol == IP_ICMP  ? TrafficKind::Ping
                       : traffic.protocol == IP_TCP ? TrafficKind::Tcp
                       : traffic.protocol == IP_ESP ? TrafficKind::Esp
                                                    : TrafficKind::Udp;
        request.destination = traffic.to;
    }
    request.sourcePort = traffic.sourcePort;
    request.destinationPort = traffic.port;
    request.count = traffic.count;
    request.size = traffic.size;
    request.interval = traffic.interval;
    return request;
}

void
UseEventQueue()
{
    ns3::ObjectFactory scheduler;
    scheduler.SetTypeId(ns3::nattlab::EventQueue::GetTypeId());
    ns3::Simulator::SetScheduler(scheduler);
}

} // namespace

Simulation::Simulation(const scenario::Scenario& scenario, TraceLevel level)
    : Simulation(std::make_shared<const scenario::Scenario>(scenario), level)
{
}

Simulation::Simulation(std::shared_ptr<const scenario::Scenario> scenario, TraceLevel level)
    : m_shared(std::move(scenario)),
      m_scenario(*m_shared),
      m_level(level),
      m_log(std::make_shared<EventLog>(level)),
      m_certificates(m_scenario)
{
    m_links.reserve(m_scenario.links.size());
    m_nodes.reserve(m_scenario.hosts.size() + m_scenario.boxes.size());
    m_connectionIds.reserve(m_scenario.connections.size());
    try
    {
        UseEventQueue();
        BuildLinks();
        BuildHosts();
        BuildBoxes();
        PlanConnections();
        PlanTraffic();
        PlanTimetable();
    }
    catch (...)
    {
        ns3::Simulator::Destroy();
        throw;
    }
}

Simulation::~Simulation()
{
    // No order can be seen: nothing is sent or recorded any more.
    for (const auto& [name, entry] : m_nodes)
    {
        entry.node->Dispose();
    }
    for (const auto& [name, entry] : m_links)
    {
        entry.link->Dispose();
    }
    ns3::Simulator::Destroy();
}

Simulation::NodeEntry&
Simulation::AddNode(const std::string& name)
{
    NodeEntry& entry = m_nodes[name];
    entry.node = ns3::CreateObject<ns3::Node>();
    entry.id = m_log->AddNode(name);
    return entry;
}

Simulation::NodeEntry&
Simulation::EntryOf(const std::string& name)
{
    return m_nodes.at(name);
}

const Simulation::NodeEntry&
Simulation::EntryOf(const std::string& name) const
{
    return m_nodes.at(name);
}

Tracer
Simulation::TracerOf(const std::string& name) const
{
    const auto node = m_nodes.find(name);
    return Tracer(*m_log, node != m_nodes.end() ? node->second.id : m_links.at(name).id);
}

const scenario::Connection&
Simulation::ConnectionOf(ConnectionId id) const
{
    return m_scenario.connections.at(id - 1);
}

const scenario::Connection*
Simulation::FindConnection(const std::string& name) const
{
    const auto id = m_connectionIds.find(name);
    return id == m_connectionIds.end() ? nullptr : &ConnectionOf(id->second);
}

ConnectionId
Simulation::IdOf(const std::string& connection) const
{
    const auto id = m_connectionIds.find(connection);
    if (id == m_connectionIds.end())
    {
        throw std::out_of_range("no connection " + connection);
    }
    return id->second;
}

void
Simulation::BuildLinks()
{
    for (const scenario::Link& link : m_scenario.links)
    {
        const NodeId id = m_log->AddNode(link.name);
        auto channel = ns3::CreateObject<LinkChannel>();
        ns3::nattlab::LinkConfig config = MakeLinkConfig(link);
        for (const auto* sightings : {&m_scenario.expect.seen, &m_scenario.expect.never})
        {
            for (const scenario::Sighting& sighting : *sightings)
            {
                if (IsOnLink(sighting) && sighting.link.value_or(link.name) == link.name)
                {
                    config.watch.push_back(
                        {std::nullopt, std::nullopt, sighting.protocol, sighting.port, 0});
                }
            }
        }
        channel->Configure(std::move(config), link.name, m_scenario.seed, Tracer(*m_log, id));
        m_links[link.name] = {channel, id};
    }
}

void
Simulation::BuildHosts()
{
    for (const scenario::Host& host : m_scenario.hosts)
    {
        CheckHostConfig(host);
        NodeEntry& entry = AddNode(host.name);
        auto node = entry.node;
        auto adapter = ns3::CreateObject<HostAdapter>();
        entry.host = adapter;
        adapter->Configure([this, &host] { return ConfigOf(host); },
                           host.at.address.address,
                           m_scenario.seed,
                           Tracer(*m_log, entry.id),
                           m_level == TraceLevel::Full ? &m_keys : nullptr);
        node->AggregateObject(adapter);
        auto device = ns3::CreateObject<LinkDevice>();
        device->SetRate(host.at.rate);
        node->AddDevice(device);
        device->Attach(m_links.at(host.at.link).link, host.at.address);
        adapter->Attach(device);
        if (SpeaksAtBoot(host))
        {
            adapter->GetHost();
        }
        adapter->SetListener([this, &host](const HostOutput& output)
                             { OnHostOutput(host, output); });
    }
}

void
Simulation::BuildBoxes()
{
    for (const scenario::Box& box : m_scenario.boxes)
    {
        NodeEntry& entry = AddNode(box.name);
        auto node = entry.node;
        auto adapter = ns3::CreateObject<RouterAdapter>();
        entry.box = adapter;
        adapter->Configure(
            MakeRouterConfig(m_scenario, box), m_scenario.seed, Tracer(*m_log, entry.id));
        node->AggregateObject(adapter);
        for (const scenario::BoxInterface& interface : box.interfaces)
        {
            auto device = ns3::CreateObject<LinkDevice>();
            device->SetRate(interface.at.rate);
            node->AddDevice(device);
            device->Attach(m_links.at(interface.at.link).link, interface.at.address);
            adapter->Attach(device);
        }
    }
}

CallRequest
Simulation::RequestOf(const scenario::Connection& connection, ConnectionId id) const
{
    CallRequest request;
    request.connection = id;
    request.server = connection.server;
    request.user = connection.user;
    request.password = connection.password;
    request.retryPasswords = connection.retryPasswords;
    if (!connection.presharedKey.empty())
    {
        request.presharedKey = ByteView{connection.presharedKey}.ToBytes();
    }
    return request;
}

void
Simulation::PlanConnections()
{
    m_log->Reserve(m_scenario.connections.size());
    for (const scenario::Connection& connection : m_scenario.connections)
    {
        const auto id = static_cast<ConnectionId>(m_connections.size() + 1);
        m_connections.push_back({id, connection.name, connection.from, connection.serverHost});
        m_connectionIds[connection.name] = id;
        auto host = GetHost(connection.from);
        ns3::Simulator::Schedule(ToNs3(connection.start),
                                 [this, host, id] { host->Dial(RequestOf(ConnectionOf(id), id)); });
        if (connection.hangUp)
        {
            ns3::Simulator::Schedule(ToNs3(*connection.hangUp), [host, id] { host->HangUp(id); });
        }
    }
}

void
Simulation::PlanTraffic()
{
    for (const scenario::Traffic& traffic : m_scenario.traffic)
    {
        const auto id = static_cast<ConnectionId>(m_connections.size() + m_traffic.size() + 1);
        const bool probe = traffic.kind == scenario::TrafficKind::Probe;
        const bool bulk = traffic.kind == scenario::TrafficKind::Tcp;
        const scenario::Connection* connection = FindConnection(traffic.connection);
        const std::string sender = probe              ? traffic.from
                                   : traffic.toClient ? connection->serverHost
                                                      : connection->from;
        m_traffic.push_back({id,
                             traffic.name,
                             bulk ? traffic.bytes : traffic.count,
                             sender,
                             probe ? 0 : IdOf(traffic.connection),
                             probe});
        if (probe)
        {
            auto host = GetHost(sender);
            const TrafficRequest request = MakeRequest(traffic, id, 0);
            ns3::Simulator::Schedule(ToNs3(traffic.start),
                                     [host, request] { host->StartTraffic(request); });
        }
        else if (bulk)
        {
            PlanBulkTransfer(traffic, id);
        }
        else
        {
            auto host = GetHost(sender);
            const TrafficRequest request = MakeRequest(traffic, id, IdOf(traffic.connection));
            const Duration start = traffic.start;
            WhenUp(traffic.connection,
                   [host, request, start](const LinkUp&) {
                       ns3::Simulator::Schedule(ToNs3(start),
                                                [host, request] { host->StartTraffic(request); });
                   });
        }
    }
}

void
Simulation::PlanBulkTransfer(const scenario::Traffic& traffic, ConnectionId id)
{
    const scenario::Connection& connection = *FindConnection(traffic.connection);
    InstallStack(connection.from);
    InstallStack(connection.serverHost);
    const std::string sender = traffic.toClient ? connection.serverHost : connection.from;
    const std::string receiver = traffic.toClient ? connection.from : connection.serverHost;
    m_transfers.push_back(
        std::make_unique<BulkTransfer>(BulkTransfer{traffic.name, sender, id, {}}));
    BulkTransfer* transfer = m_transfers.back().get();
    WhenUp(traffic.connection,
           [this, &traffic, transfer, sender, receiver](const LinkUp& up)
           {
               const Ipv4Address to = traffic.toClient ? up.own : up.peer;
               const ns3::InetSocketAddress address(ns3::Ipv4Address(to.value), traffic.port);
               ns3::PacketSinkHelper sink("ns3::TcpSocketFactory", address);
               transfer->sink = sink.Install(GetNode(receiver));
               ns3::BulkSendHelper source("ns3::TcpSocketFactory", address);
               source.SetAttribute("MaxBytes", ns3::UintegerValue(traffic.bytes));
               ns3::ApplicationContainer sending = source.Install(GetNode(sender));
               sending.Start(ToNs3(traffic.start));
           });
}

void
Simulation::OnHostOutput(const scenario::Host& host, const HostOutput& output)
{
    for (const LinkUp& up : output.up)
    {
        if (up.client)
        {
            const auto range = m_whenUp.equal_range(up.connection);
            for (auto it = range.first; it != range.second; ++it)
            {
                it->second(up);
            }
        }
    }
    for (const LinkDown& down : output.down)
    {
        if (down.client && down.reason != Reason::UserHangUp)
        {
            const scenario::Connection& connection = ConnectionOf(down.connection);
            if (connection.redialIfLost)
            {
                Redial(down.connection);
            }
        }
    }
    for (const CallFailed& failed : output.failed)
    {
        if (failed.reason == Reason::UserHangUp)
        {
            continue;
        }
        Redial(failed.connection);
        const auto generation = GenerationOf(host.errors);
        if (!generation)
        {
            continue;
        }
        const windows::RasError error = windows::RasErrorFor(*generation,
                                                             failed.stage,
                                                             failed.reason,
                                                             failed.errorCode,
                                                             failed.notify,
                                                             failed.local);
        Event event;
        event.time = Now();
        event.type = EventType::ErrorShown;
        event.layer = Layer::User;
        event.tag.connection = failed.connection;
        event.value = error.number;
        event.subject = error.text;
        event.detail = error.name;
        TracerOf(host.name).Record(std::move(event));
    }
}

ns3::Ptr<ns3::Node>
Simulation::GetNode(const std::string& name) const
{
    return EntryOf(name).node;
}

ns3::Ptr<HostAdapter>
Simulation::GetHost(const std::string& name) const
{
    const NodeEntry& entry = EntryOf(name);
    if (!entry.host)
    {
        throw std::out_of_range(name + " is not a host");
    }
    return entry.host;
}

ns3::Ptr<RouterAdapter>
Simulation::GetBox(const std::string& name) const
{
    const NodeEntry& entry = EntryOf(name);
    if (!entry.box)
    {
        throw std::out_of_range(name + " is not a box");
    }
    return entry.box;
}

ns3::Ptr<LinkChannel>
Simulation::GetLink(const std::string& name) const
{
    return m_links.at(name).link;
}

void
Simulation::InstallStack(const std::string& host)
{
    if (!std::exchange(m_stacks[host], true))
    {
        GetHost(host)->InstallStack();
    }
}

void
Simulation::WhenUp(const std::string& connection, std::function<void(const LinkUp&)> what)
{
    m_whenUp.emplace(IdOf(connection), std::move(what));
}

RunResult
Simulation::Run()
{
    ns3::Simulator::Stop(ToNs3(m_scenario.duration));
    ns3::Simulator::Run();
    m_log->SetLevel(TraceLevel::Verdict); // clearing up is no part of the story
    for (const scenario::Host& host : m_scenario.hosts)
    {
        GetHost(host.name)->Finish();
    }
    for (const scenario::Box& box : m_scenario.boxes)
    {
        GetBox(box.name)->Finish();
    }
    for (const auto& transfer : m_transfers)
    {
        Event event;
        event.time = Now();
        event.type = EventType::TrafficDone;
        event.layer = Layer::Data;
        event.tag.connection = transfer->id;
        event.subject = transfer->name;
        if (transfer->sink.GetN() > 0)
        {
            const auto sink = ns3::DynamicCast<ns3::PacketSink>(transfer->sink.Get(0));
            event.value = static_cast<std::int64_t>(sink->GetTotalRx());
        }
        event.reason = transfer->sink.GetN() > 0 ? Reason::DataLost : Reason::DataNoConnection;
        TracerOf(transfer->sender).Record(std::move(event));
    }
    RunResult result;
    const Instant end = Now();
    result.simulated = end - Instant{};
    ns3::Simulator::Destroy(); // ends what is still under way
    result.version = VERSION;
    result.seed = m_scenario.seed;
    result.log = m_log;
    result.keys = std::move(m_keys);
    result.connectionInfos = m_connections;
    result.trafficInfos = m_traffic;
    result.connections = JudgeConnections(*m_log, m_connections);
    result.traffic = JudgeTraffic(*m_log, m_traffic);
    result.tools = m_tools;
    for (const auto& [name, machine] : m_machines)
    {
        const auto periods = machine.LoggingPeriods(end);
        if (!periods.empty())
        {
            const scenario::UnixTime start =
                m_scenario.FindHost(name)->clock.value_or(m_scenario.clock);
            result.oakley[name] = windows::OakleyLog(*m_log, EntryOf(name).id, periods, start);
        }
    }
    result.packets = m_log->Counts();
    result.leaks = m_log->Leaks();
    return result;
}

} // namespace nattlab
