// SPDX-License-Identifier: GPL-2.0-only
#ifndef NATTLAB_SIMULATION_SIMULATION_H
#define NATTLAB_SIMULATION_SIMULATION_H

#include "helper/scenario/scenario.h"
#include "helper/simulation/certificate-shelf.h"
#include "helper/simulation/verdict.h"

#include "model/sim/host-adapter.h"
#include "model/sim/link-channel.h"
#include "model/sim/router-adapter.h"
#include "model/trace/event-log.h"
#include "model/trace/key-log.h"
#include "model/windows/machine.h"
#include "model/windows/monitor.h"

#include "ns3/node.h"

#include <cstdint>
#include <functional>
#include <map>
#include <memory>
#include <string>
#include <string_view>
#include <unordered_map>
#include <vector>

namespace nattlab
{

/** What a tool or a monitor showed during a run. */
struct ToolRun
{
    Instant time;
    std::string host;
    std::string command; //!< the command line; "monitor" and the computer looked at
    int exitCode{0};
    std::string text;
    std::string pointer; //!< of the timetable's entry
};

/** Everything that a run leaves behind. */
struct RunResult
{
    std::string version; //!< of nattlab
    std::uint64_t seed{0};
    Duration simulated{0};
    std::shared_ptr<const EventLog> log;
    KeyLog keys;                                 //!< empty at TraceLevel::Verdict
    std::vector<ConnectionInfo> connectionInfos; //!< names of the log's connection numbers
    std::vector<TrafficInfo> trafficInfos;       //!< the same for traffic
    std::vector<ConnectionVerdict> connections;
    std::vector<TrafficVerdict> traffic;
    std::vector<ToolRun> tools;                //!< of the timetable, in order
    std::map<std::string, std::string> oakley; //!< Oakley.log of each host that wrote one
    PacketCounts packets;
    std::vector<PacketLeak> leaks; //!< empty, or nattlab has a fault
};

/**
 * One run of a scenario: the network is built when the object is made, and gone when it is
 * destroyed. ns-3 has one simulator per process, so there may be one Simulation at a time.
 *
 * Between making and Run, a program may add its own: applications on a host's ns-3 stack, trace
 * sinks on links, events in the simulator.
 */
class Simulation
{
  public:
    /**
     * \param scenario copied
     * \param level how much is recorded; the verdict is the same
     * \throws scenario::ScenarioErrors for a value that no engine knows
     */
    explicit Simulation(const scenario::Scenario& scenario, TraceLevel level = TraceLevel::Full);

    /** The same without a copy. \param scenario not null; never changed from now on */
    explicit Simulation(std::shared_ptr<const scenario::Scenario> scenario,
                        TraceLevel level = TraceLevel::Full);
    ~Simulation();

    Simulation(const Simulation&) = delete;
    Simulation& operator=(const Simulation&) = delete;

    /** \throws std::out_of_range when the scenario has no such host or box. */
    ns3::Ptr<ns3::Node> GetNode(const std::string& name) const;

    /** \throws std::out_of_range when the scenario has no such host. */
    ns3::Ptr<ns3::nattlab::HostAdapter> GetHost(const std::string& name) const;

    /** \throws std::out_of_range when the scenario has no such box. */
    ns3::Ptr<ns3::nattlab::RouterAdapter> GetBox(const std::string& name) const;

    /** \throws std::out_of_range when the scenario has no such link. */
    ns3::Ptr<ns3::nattlab::LinkChannel> GetLink(const std::string& name) const;

    /** Put ns-3's Internet stack on a host, for applications; a second call does nothing. */
    void InstallStack(const std::string& host);

    /** Call \p what when a connection comes up: with the client's and the server's address. */
    void WhenUp(const std::string& connection, std::function<void(const LinkUp&)> what);

    /** Call \p what at a time of the run; call At before Run. */
    void At(Duration time, std::function<void()> what);

    /** \return what the IPsec of a host looks like now. */
    IpsecStatus StatusOf(const std::string& host) const;

    /**
     * \return what the monitor of one host shows of a computer now.
     * \throws std::out_of_range when there is no such host, or it is no Windows
     */
    windows::MonitorView Monitor(const std::string& host, const std::string& computer) const;

    /**
     * Run ipseccmd or ipsecpol on a host, now.
     * \throws std::out_of_range when there is no such host, or it is no Windows
     */
    windows::ToolResult RunTool(const std::string& host, const std::string& line);

    /** Run to the scenario's end and judge. To be called once. */
    RunResult Run();

  private:
    /** A host or a box. */
    struct NodeEntry
    {
        ns3::Ptr<ns3::Node> node;
        NodeId id{0};
        ns3::Ptr<ns3::nattlab::HostAdapter> host;  //!< or
        ns3::Ptr<ns3::nattlab::RouterAdapter> box; //!< one of them
    };

    struct LinkEntry
    {
        ns3::Ptr<ns3::nattlab::LinkChannel> link;
        NodeId id{0};
    };

    void BuildLinks();
    void BuildHosts();
    void BuildBoxes();
    void PlanConnections();
    void PlanTraffic();
    void PlanTimetable();
    void PlanBulkTransfer(const scenario::Traffic& traffic, ConnectionId id);
    void OnHostOutput(const scenario::Host& host, const HostOutput& output);
    windows::Machine BuildMachine(const scenario::Host& host) const;
    void ApplyFault(const scenario::TimetableEntry& entry);
    void ApplyChange(const scenario::TimetableEntry& entry);
    void Reboot(const scenario::TimetableEntry& entry);
    void Restart(const std::string& host, Service service, bool stop, bool start);
    void AfterChange(const std::string& host);
    void
    Show(const scenario::TimetableEntry& entry, std::string command, windows::ToolResult shown);
    void RecordChange(const std::string& node, std::string subject, std::string detail);
    void Redial(ConnectionId id);
    CallRequest RequestOf(const scenario::Connection& connection, ConnectionId id) const;
    HostConfig ConfigOf(const scenario::Host& host);
    windows::Machine& MachineOf(const std::string& host) const;
    windows::Machine* FindMachine(const std::string& host) const;
    const scenario::Connection& ConnectionOf(ConnectionId id) const;
    const scenario::Connection* FindConnection(const std::string& name) const;
    NodeEntry& AddNode(const std::string& name);
    NodeEntry& EntryOf(const std::string& name);
    const NodeEntry& EntryOf(const std::string& name) const;
    Tracer TracerOf(const std::string& name) const;
    ConnectionId IdOf(const std::string& connection) const;

    struct BulkTransfer;

    std::shared_ptr<const scenario::Scenario> m_shared;
    const scenario::Scenario& m_scenario; //!< its names are the keys of the tables below
    TraceLevel m_level;
    std::shared_ptr<EventLog> m_log;
    KeyLog m_keys;
    std::unordered_map<std::string_view, LinkEntry> m_links;
    std::unordered_map<std::string_view, NodeEntry> m_nodes;
    std::unordered_map<std::string_view, ConnectionId> m_connectionIds;
    std::map<std::string, bool> m_stacks;
    mutable CertificateShelf m_certificates;
    mutable std::map<std::string, windows::Machine> m_machines; //!< made when they are wanted
    std::map<ConnectionId, std::size_t> m_redials;              //!< done so far
    std::vector<ToolRun> m_tools;
    std::vector<ConnectionInfo> m_connections;
    std::vector<TrafficInfo> m_traffic;
    std::vector<std::unique_ptr<BulkTransfer>> m_transfers;
    std::multimap<ConnectionId, std::function<void(const LinkUp&)>> m_whenUp;
};

} // namespace nattlab

#endif
