// SPDX-License-Identifier: GPL-2.0-only
/**
 * \file
 * A NAT between ordinary ns-3 applications, without any VPN and without a scenario file: UDP echo
 * from a node with a private address to a server on the outside.
 *
 *     client 192.168.1.2 --- 192.168.1.1 nat 203.0.113.7 --- 203.0.113.80 server
 */

#include "model/sim/link-channel.h"
#include "model/sim/link-device.h"
#include "model/sim/router-adapter.h"

#include "ns3/boolean.h"
#include "ns3/global-value.h"
#include "ns3/internet-stack-helper.h"
#include "ns3/ipv4-static-routing-helper.h"
#include "ns3/ipv4.h"
#include "ns3/simulator.h"
#include "ns3/udp-echo-helper.h"
#include "ns3/uinteger.h"

#include <iostream>

namespace
{

using ns3::nattlab::LinkChannel;
using ns3::nattlab::LinkDevice;
using ns3::nattlab::RouterAdapter;

constexpr uint16_t ECHO_PORT = 9;

nattlab::Ipv4Prefix
Prefix(const char* text)
{
    return *nattlab::Ipv4Prefix::Parse(text);
}

ns3::Ptr<LinkChannel>
MakeLink(nattlab::EventLog& log, const char* name, nattlab::Duration delay)
{
    auto link = ns3::CreateObject<LinkChannel>();
    ns3::nattlab::LinkConfig config;
    config.delay = delay;
    config.rate = 10e6;
    link->Configure(config, name, 1, nattlab::Tracer(log, log.AddNode(name)));
    return link;
}

/** A node with ns-3's own Internet stack on a link of nattlab's. */
ns3::Ptr<ns3::Node>
MakeHost(nattlab::EventLog& log,
         const char* name,
         ns3::Ptr<LinkChannel> link,
         const char* address,
         const char* gateway)
{
    auto node = ns3::CreateObject<ns3::Node>();
    auto device = ns3::CreateObject<LinkDevice>();
    node->AddDevice(device);
    const nattlab::Ipv4Prefix prefix = Prefix(address);
    device->Attach(link, prefix);
    device->SetNextHop(*nattlab::Ipv4Address::Parse(gateway));
    device->SetTracer(nattlab::Tracer(log, log.AddNode(name)));

    ns3::InternetStackHelper stack;
    stack.SetIpv6StackInstall(false);
    stack.Install(node);
    auto ipv4 = node->GetObject<ns3::Ipv4>();
    const uint32_t interface = ipv4->AddInterface(device);
    ipv4->AddAddress(interface,
                     ns3::Ipv4InterfaceAddress(ns3::Ipv4Address(prefix.address.value),
                                               ns3::Ipv4Mask(prefix.Mask())));
    ipv4->SetUp(interface);
    ns3::Ipv4StaticRoutingHelper().GetStaticRouting(ipv4)->SetDefaultRoute(
        ns3::Ipv4Address(gateway), interface);
    return node;
}

void
MakeNat(nattlab::EventLog& log,
        ns3::Ptr<LinkChannel> inside,
        ns3::Ptr<LinkChannel> outside,
        ns3::Ptr<ns3::Node> node)
{
    using Side = nattlab::RouterInterface::Side;
    nattlab::RouterConfig config;
    config.name = "nat";
    config.interfaces = {{"lan", Prefix("192.168.1.1/24"), 1500, Side::Inside},
                         {"wan", Prefix("203.0.113.7/24"), 1500, Side::Outside}};
    config.nat.emplace();
    config.nat->pool = {Prefix("203.0.113.7/24").address};
    config.nat->filtering = nattlab::NatConfig::Filtering::AddressAndPortDependent;
    auto adapter = ns3::CreateObject<RouterAdapter>();
    adapter->Configure(config, 1, nattlab::Tracer(log, log.AddNode("nat")));
    node->AggregateObject(adapter);
    for (const auto& [link, address] :
         {std::pair{inside, "192.168.1.1/24"}, std::pair{outside, "203.0.113.7/24"}})
    {
        auto device = ns3::CreateObject<LinkDevice>();
        node->AddDevice(device);
        device->Attach(link, Prefix(address));
        adapter->Attach(device);
    }
}

unsigned g_replies = 0;

void
OnReply(ns3::Ptr<const ns3::Packet> packet, const ns3::Address& from, const ns3::Address&)
{
    ++g_replies;
    std::cout << "reply of " << packet->GetSize() << " bytes from "
              << ns3::InetSocketAddress::ConvertFrom(from).GetIpv4() << "\n";
}

} // namespace

int
main()
{
    // Boxes drop packets whose checksums are wrong; ns-3 computes none unless it is told to.
    ns3::GlobalValue::Bind("ChecksumEnabled", ns3::BooleanValue(true));
    nattlab::EventLog log;
    auto lan = MakeLink(log, "lan", nattlab::milliseconds{1});
    auto internet = MakeLink(log, "internet", nattlab::milliseconds{20});
    auto client = MakeHost(log, "client", lan, "192.168.1.2/24", "192.168.1.1");
    auto server = MakeHost(log, "server", internet, "203.0.113.80/24", "203.0.113.7");
    auto nat = ns3::CreateObject<ns3::Node>();
    MakeNat(log, lan, internet, nat);

    ns3::UdpEchoServerHelper(ECHO_PORT).Install(server).Start(ns3::Seconds(0));
    ns3::UdpEchoClientHelper echo(ns3::Ipv4Address("203.0.113.80"), ECHO_PORT);
    echo.SetAttribute("MaxPackets", ns3::UintegerValue(3));
    ns3::ApplicationContainer clients = echo.Install(client);
    clients.Get(0)->TraceConnectWithoutContext("RxWithAddresses", ns3::MakeCallback(&OnReply));
    clients.Start(ns3::Seconds(1));
    ns3::Simulator::Stop(ns3::Seconds(10));
    ns3::Simulator::Run();

    for (const nattlab::Event& event : log.Events())
    {
        if (event.type == nattlab::EventType::MappingCreated)
        {
            std::cout << "mapping " << event.subject << "\n";
        }
    }
    ns3::Simulator::Destroy();
    return g_replies == 3 ? 0 : 1;
}
