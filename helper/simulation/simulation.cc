// SPDX-License-Identifier: GPL-2.0-only
#include "helper/simulation/simulation.h"

#include "helper/simulation/engine-config.h"
#include "helper/simulation/expectation.h"
#include "helper/simulation/nattlab-version.h"

#include "model/crypto/hash.h"
#include "model/sim/link-device.h"
#include "model/windows/oakley.h"
#include "model/windows/ras-error.h"

#include "ns3/bulk-send-helper.h"
#include "ns3/inet-socket-address.h"
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

} // namespace

Simulation::Simulation(const scenario::Scenario& scenario, TraceLevel level)
    : m_scenario(scenario),
      m_log(std::make_shared<EventLog>(level)),
      m_certificates(m_scenario)
{
    try
    {
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
    for (const auto& [name, node] : m_nodes)
    {
        node->Dispose();
    }
    for (const auto& [name, link] : m_links)
    {
        link->Dispose();
    }
    ns3::Simulator::Destroy();
}

ns3::Ptr<ns3::Node>
Simulation::AddNode(const std::string& name)
{
    auto node = ns3::CreateObject<ns3::Node>();
    m_nodes[name] = node;
    m_nodeIds[name] = m_log->AddNode(name);
    return node;
}

Tracer
Simulation::TracerOf(const std::string& name) const
{
    return Tracer(*m_log, m_nodeIds.at(name));
}

ConnectionId
Simulation::IdOf(const std::string& connection) const
{
    for (const ConnectionInfo& info : m_connections)
    {
        if (info.name == connection)
        {
            return info.id;
        }
    }
    throw std::out_of_range("no connection " + connection);
}

void
Simulation::BuildLinks()
{
    for (const scenario::Link& link : m_scenario.links)
    {
        m_nodeIds[link.name] = m_log->AddNode(link.name);
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
        channel->Configure(std::move(config), link.name, m_scenario.seed, TracerOf(link.name));
        m_links[link.name] = channel;
    }
}

void
Simulation::BuildHosts()
{
    for (const scenario::Host& host : m_scenario.hosts)
    {
        auto node = AddNode(host.name);
        auto adapter = ns3::CreateObject<HostAdapter>();
        if (!host.release.empty())
        {
            BuildMachine(host);
        }
        adapter->Configure(ConfigOf(host), m_scenario.seed, TracerOf(host.name), &m_keys);
        node->AggregateObject(adapter);
        auto device = ns3::CreateObject<LinkDevice>();
        device->SetRate(host.at.rate);
        node->AddDevice(device);
        device->Attach(m_links.at(host.at.link), host.at.address);
        adapter->Attach(device);
        adapter->SetListener([this, &host](const HostOutput& output)
                             { OnHostOutput(host, output); });
    }
}

void
Simulation::BuildBoxes()
{
    for (const scenario::Box& box : m_scenario.boxes)
    {
        auto node = AddNode(box.name);
        auto adapter = ns3::CreateObject<RouterAdapter>();
        adapter->Configure(MakeRouterConfig(m_scenario, box), m_scenario.seed, TracerOf(box.name));
        node->AggregateObject(adapter);
        for (const scenario::BoxInterface& interface : box.interfaces)
        {
            auto device = ns3::CreateObject<LinkDevice>();
            device->SetRate(interface.at.rate);
            node->AddDevice(device);
            device->Attach(m_links.at(interface.at.link), interface.at.address);
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
    for (const scenario::Connection& connection : m_scenario.connections)
    {
        const auto id = static_cast<ConnectionId>(m_connections.size() + 1);
        m_connections.push_back({id, connection.name, connection.from, connection.serverHost});
        const CallRequest request = RequestOf(connection, id);
        auto host = GetHost(connection.from);
        ns3::Simulator::Schedule(ToNs3(connection.start), [host, request] { host->Dial(request); });
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
        const scenario::Connection* connection = m_scenario.FindConnection(traffic.connection);
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
    const scenario::Connection& connection = *m_scenario.FindConnection(traffic.connection);
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
            const scenario::Connection& connection =
                *m_scenario.FindConnection(m_connections.at(down.connection - 1).name);
            if (connection.redialIfLost)
            {
                Redial(connection.name, down.connection);
            }
        }
    }
    const auto generation = GenerationOf(host.errors);
    for (const CallFailed& failed : output.failed)
    {
        if (failed.reason == Reason::UserHangUp)
        {
            continue;
        }
        Redial(m_connections.at(failed.connection - 1).name, failed.connection);
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
    return m_nodes.at(name);
}

ns3::Ptr<HostAdapter>
Simulation::GetHost(const std::string& name) const
{
    auto adapter = GetNode(name)->GetObject<HostAdapter>();
    if (!adapter)
    {
        throw std::out_of_range(name + " is not a host");
    }
    return adapter;
}

ns3::Ptr<RouterAdapter>
Simulation::GetBox(const std::string& name) const
{
    auto adapter = GetNode(name)->GetObject<RouterAdapter>();
    if (!adapter)
    {
        throw std::out_of_range(name + " is not a box");
    }
    return adapter;
}

ns3::Ptr<LinkChannel>
Simulation::GetLink(const std::string& name) const
{
    return m_links.at(name);
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
    const std::string document = m_scenario.document.dump();
    result.scenarioHash = ToHex(crypto::Sha256(ByteView{document}));
    result.log = m_log;
    result.keys = m_keys;
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
            result.oakley[name] = windows::OakleyLog(*m_log, m_nodeIds.at(name), periods, start);
        }
    }
    result.packets = m_log->Counts();
    result.leaks = m_log->Leaks();
    return result;
}

} // namespace nattlab
