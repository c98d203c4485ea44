// SPDX-License-Identifier: GPL-2.0-only
/**
 * \file
 * Applications of ns-3, unchanged, through a tunnel: V4Ping and a TCP bulk transfer from the
 * client to the server's end of the PPP link.
 *
 *     ping-and-tcp-through-tunnel [SCENARIO]
 *
 * The scenario must have at least one connection; its first one is used.
 */

#include "helper/scenario/load.h"
#include "helper/simulation/simulation.h"

#include "ns3/bulk-send-helper.h"
#include "ns3/inet-socket-address.h"
#include "ns3/packet-sink-helper.h"
#include "ns3/packet-sink.h"
#include "ns3/simulator.h"
#include "ns3/uinteger.h"
#include "ns3/v4ping-helper.h"
#include "ns3/v4ping.h"

#include <iostream>

namespace
{

constexpr uint16_t PORT = 5001;
constexpr uint64_t BYTES = 200000;
constexpr unsigned PINGS = 5;

unsigned g_replies = 0;

void
OnReply(ns3::Time roundTrip)
{
    ++g_replies;
    std::cout << "ping: reply after " << roundTrip.As(ns3::Time::MS) << "\n";
}

/** The tunnel is up: start the applications on both nodes. */
ns3::Ptr<ns3::PacketSink>
StartApplications(ns3::Ptr<ns3::Node> client,
                  ns3::Ptr<ns3::Node> server,
                  ns3::Ipv4Address serverAddress)
{
    ns3::V4PingHelper ping(serverAddress);
    ns3::ApplicationContainer pinging = ping.Install(client);
    pinging.Get(0)->TraceConnectWithoutContext("Rtt", ns3::MakeCallback(&OnReply));
    pinging.Start(ns3::Seconds(0));
    pinging.Stop(ns3::Seconds(PINGS));

    const ns3::InetSocketAddress address(serverAddress, PORT);
    ns3::ApplicationContainer sink =
        ns3::PacketSinkHelper("ns3::TcpSocketFactory", address).Install(server);
    ns3::BulkSendHelper bulk("ns3::TcpSocketFactory", address);
    bulk.SetAttribute("MaxBytes", ns3::UintegerValue(BYTES));
    bulk.Install(client).Start(ns3::Seconds(1));
    return ns3::DynamicCast<ns3::PacketSink>(sink.Get(0));
}

} // namespace

int
main(int argc, char** argv)
{
    nattlab::scenario::LoadOptions options;
    options.file = argc > 1 ? argv[1] : "scenarios/article/xp-behind-home-nat.json";
    try
    {
        const nattlab::scenario::Scenario scenario = nattlab::scenario::Load(options);
        const nattlab::scenario::Connection& connection = scenario.connections.at(0);
        nattlab::Simulation simulation(scenario);
        simulation.InstallStack(connection.from);
        simulation.InstallStack(connection.serverHost);
        ns3::Ptr<ns3::PacketSink> sink;
        simulation.WhenUp(connection.name,
                          [&](const nattlab::LinkUp& up)
                          {
                              sink = StartApplications(simulation.GetNode(connection.from),
                                                       simulation.GetNode(connection.serverHost),
                                                       ns3::Ipv4Address(up.peer.value));
                          });
        simulation.Run();
        const uint64_t received = sink ? sink->GetTotalRx() : 0;
        std::cout << "tcp: " << received << " of " << BYTES << " bytes received\n";
        return g_replies > 0 && received == BYTES ? 0 : 1;
    }
    catch (const nattlab::scenario::ScenarioErrors& errors)
    {
        std::cerr << errors.what() << "\n";
        return 2;
    }
}
