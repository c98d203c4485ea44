// SPDX-License-Identifier: GPL-2.0-only
/**
 * \file
 * One full negotiation over five nodes against a plain ns-3 chain of five nodes, built by ns-3's
 * helpers, that carries the same number of packets as UDP echo: no NAT, no cryptography. Both are
 * built, run and destroyed each time.
 */
#include "bench/bench-scenario.h"

#include "model/crypto/diffie-hellman.h"

#include "ns3/internet-stack-helper.h"
#include "ns3/ipv4-address-helper.h"
#include "ns3/ipv4-global-routing-helper.h"
#include "ns3/node-container.h"
#include "ns3/point-to-point-helper.h"
#include "ns3/simulator.h"
#include "ns3/string.h"
#include "ns3/udp-echo-helper.h"
#include "ns3/uinteger.h"

#include <benchmark/benchmark.h>

#include <cstdlib>
#include <iostream>

namespace
{

using namespace nattlab;

/** Carry \p packets packets over a chain of five nodes, half of them each way. */
void
RunPlainChain(std::uint64_t packets)
{
    using namespace ns3;
    NodeContainer nodes(5);
    InternetStackHelper().Install(nodes);
    PointToPointHelper link;
    link.SetDeviceAttribute("DataRate", StringValue("100Mbps"));
    link.SetChannelAttribute("Delay", StringValue("10ms"));
    Ipv4AddressHelper addresses("10.1.0.0", "255.255.255.0");
    Ipv4InterfaceContainer last;
    for (std::uint32_t i = 0; i + 1 < nodes.GetN(); ++i)
    {
        last = addresses.Assign(link.Install(nodes.Get(i), nodes.Get(i + 1)));
        addresses.NewNetwork();
    }
    Ipv4GlobalRoutingHelper::PopulateRoutingTables();
    UdpEchoServerHelper server(9);
    server.Install(nodes.Get(4)).Start(Seconds(0));
    UdpEchoClientHelper client(last.GetAddress(1), 9);
    client.SetAttribute("MaxPackets", UintegerValue(packets / 2));
    client.SetAttribute("Interval", ns3::TimeValue(MilliSeconds(100)));
    client.SetAttribute("PacketSize", UintegerValue(100));
    client.Install(nodes.Get(0)).Start(Seconds(1));
    Simulator::Stop(Seconds(60));
    Simulator::Run();
    Simulator::Destroy();
}

/** \return packets that a negotiation takes; ends the program when it fails. */
std::uint64_t
Negotiate(scenario::Scenario& scenario, std::uint64_t seed)
{
    const RunResult result = bench::RunOnce(scenario, seed);
    if (result.connections.at(0).outcome != Outcome::Connected)
    {
        std::cerr << "the negotiation failed: nothing was measured\n";
        std::exit(1);
    }
    return result.packets.made;
}

void
Negotiation(benchmark::State& state)
{
    scenario::Scenario scenario = bench::LoadBench("five-nodes");
    std::uint64_t seed = 0;
    std::uint64_t packets = 0;
    for (auto _ : state)
    {
        packets = Negotiate(scenario, ++seed);
    }
    state.counters["packets"] = static_cast<double>(packets);
    state.counters["scenarios_per_second"] =
        benchmark::Counter(static_cast<double>(state.iterations()), benchmark::Counter::kIsRate);
}

void
PlainNs3Chain(benchmark::State& state)
{
    scenario::Scenario scenario = bench::LoadBench("five-nodes");
    const std::uint64_t packets = Negotiate(scenario, 1);
    for (auto _ : state)
    {
        RunPlainChain(packets);
    }
    state.counters["packets"] = static_cast<double>(packets);
}

/**
 * Some of the one, some of the other, and so on, so that what disturbs the machine disturbs both;
 * the ratio is of the sums. One at a time, each finds the caches full of the other; many at a time
 * are what a sweep does.
 */
void
NegotiationToPlainNs3Chain(benchmark::State& state)
{
    const std::int64_t atATime = state.range(0);
    scenario::Scenario scenario = bench::LoadBench("five-nodes");
    const std::uint64_t packets = Negotiate(scenario, 1);
    RunPlainChain(packets);
    double ours = 0;
    double theirs = 0;
    std::uint64_t seed = 0;
    for (auto _ : state)
    {
        const double start = bench::ProcessorTime();
        for (std::int64_t i = 0; i < atATime; ++i)
        {
            Negotiate(scenario, ++seed);
        }
        const double between = bench::ProcessorTime();
        for (std::int64_t i = 0; i < atATime; ++i)
        {
            RunPlainChain(packets);
        }
        ours += between - start;
        theirs += bench::ProcessorTime() - between;
        state.SetIterationTime(between - start);
    }
    state.counters["plain_over_ours"] = theirs / ours;
}

BENCHMARK(NegotiationToPlainNs3Chain)
    ->ArgName("at_a_time")
    ->Arg(100)
    ->Arg(1)
    ->UseManualTime()
    ->Unit(benchmark::kMicrosecond);
BENCHMARK(Negotiation)->Unit(benchmark::kMicrosecond);
BENCHMARK(PlainNs3Chain)->Unit(benchmark::kMicrosecond);

} // namespace

int
main(int argc, char** argv)
{
    crypto::WarmUpDh({crypto::DhGroup::Modp1024});
    benchmark::Initialize(&argc, argv);
    benchmark::RunSpecifiedBenchmarks();
    return 0;
}
