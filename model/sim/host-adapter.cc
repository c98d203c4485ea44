// SPDX-License-Identifier: GPL-2.0-only
#include "model/sim/host-adapter.h"

#include "ns3/boolean.h"
#include "ns3/global-value.h"
#include "ns3/internet-stack-helper.h"
#include "ns3/ipv4-static-routing-helper.h"
#include "ns3/ipv4-static-routing.h"
#include "ns3/packet.h"

#include <utility>

namespace ns3
{
namespace nattlab
{

NS_OBJECT_ENSURE_REGISTERED(HostAdapter);

namespace
{

constexpr uint16_t ETHERTYPE_IPV4 = 0x0800;
constexpr std::uint32_t SLASH_24 = 0xffffff00;

ns3::Ipv4Address
ToNs3Address(::nattlab::Ipv4Address address)
{
    return ns3::Ipv4Address(address.value);
}

::nattlab::Bytes
BytesOf(const Ptr<const ns3::Packet>& packet)
{
    ::nattlab::Bytes bytes(packet->GetSize());
    packet->CopyData(bytes.data(), static_cast<uint32_t>(bytes.size()));
    return bytes;
}

void
Raise(const Ptr<VirtualNetDevice>& device, const ::nattlab::Bytes& bytes)
{
    device->Receive(Create<ns3::Packet>(bytes.data(), static_cast<uint32_t>(bytes.size())),
                    ETHERTYPE_IPV4,
                    device->GetAddress(),
                    device->GetAddress(),
                    NetDevice::PACKET_HOST);
}

} // namespace

TypeId
HostAdapter::GetTypeId()
{
    static TypeId tid = TypeId("ns3::nattlab::HostAdapter")
                            .SetParent<Object>()
                            .SetGroupName("Nattlab")
                            .AddConstructor<HostAdapter>();
    return tid;
}

HostAdapter::~HostAdapter() = default;

void
HostAdapter::Configure(Boot boot,
                       ::nattlab::Ipv4Address address,
                       std::uint64_t seed,
                       ::nattlab::Tracer tracer,
                       ::nattlab::KeyLog* keys)
{
    m_boot = std::move(boot);
    m_address = address;
    m_seed = seed;
    m_keys = keys;
    m_tracer = tracer;
    m_timer.emplace([this] { Do(Wake().Expire(Now())); });
}

::nattlab::Host&
HostAdapter::Wake() const
{
    if (!m_host)
    {
        m_host = std::make_unique<::nattlab::Host>(m_boot(), m_seed, m_tracer, m_keys);
        m_host->SetStackAbove(m_ipv4 != nullptr);
    }
    return *m_host;
}

void
HostAdapter::Attach(Ptr<NetDevice> device)
{
    m_port = Port(
        device,
        [this](::nattlab::Packet packet)
        {
            ::nattlab::Host& host = Wake();
            host.Prefetch(packet.tag.connection);
            Do(host.Receive(std::move(packet), Now()));
        },
        m_tracer);
    m_port.AddAddress(m_address, ::nattlab::RegionOf(*this));
}

Ptr<VirtualNetDevice>
HostAdapter::MakeDevice(uint16_t mtu, VirtualNetDevice::SendCallback send)
{
    auto device = CreateObject<VirtualNetDevice>();
    device->SetNeedsArp(false);
    device->SetIsPointToPoint(true);
    device->SetMtu(mtu);
    device->SetSendCallback(send);
    GetObject<Node>()->AddDevice(device);
    return device;
}

void
HostAdapter::InstallStack()
{
    // The host checks the header checksum of everything that goes through it.
    GlobalValue::Bind("ChecksumEnabled", BooleanValue(true));
    Ptr<Node> node = GetObject<Node>();
    InternetStackHelper helper;
    helper.SetIpv6StackInstall(false);
    helper.SetRoutingHelper(Ipv4StaticRoutingHelper());
    helper.Install(node);
    m_ipv4 = node->GetObject<Ipv4>();
    const ::nattlab::IpConfig& ip = Wake().Config().ip;

    m_link = MakeDevice(static_cast<uint16_t>(ip.mtu), MakeCallback(&HostAdapter::SendClear, this));
    const uint32_t interface = m_ipv4->AddInterface(m_link);
    m_ipv4->AddAddress(
        interface,
        Ipv4InterfaceAddress(ToNs3Address(ip.address.address), Ipv4Mask(ip.address.Mask())));
    m_ipv4->SetMetric(interface, 10);
    m_ipv4->SetUp(interface);
    if (ip.gateway)
    {
        Ipv4StaticRoutingHelper().GetStaticRouting(m_ipv4)->SetDefaultRoute(
            ToNs3Address(*ip.gateway), interface, 10);
    }
    m_ppp = MakeDevice(m_host->Config().ppp->mru, MakeCallback(&HostAdapter::SendInner, this));
    m_pppInterface = m_ipv4->AddInterface(m_ppp);
    m_host->SetStackAbove(true);
}

void
HostAdapter::SetListener(Listener listener)
{
    m_listener = std::move(listener);
}

void
HostAdapter::Do(::nattlab::HostOutput output)
{
    for (::nattlab::HostTransmission& t : output.transmissions)
    {
        m_port.Transmit(t.nextHop, std::move(t.packet));
    }
    if (m_ppp)
    {
        for (const ::nattlab::LinkUp& up : output.up)
        {
            RaisePpp(up);
        }
        for (const ::nattlab::InnerPacket& packet : output.inner)
        {
            Raise(m_ppp, packet.bytes);
        }
        for (const ::nattlab::Packet& packet : output.clear)
        {
            Raise(m_link, packet.bytes);
        }
        for (const ::nattlab::LinkDown& down : output.down)
        {
            LowerPpp(down);
        }
    }
    if (m_listener && !(output.up.empty() && output.down.empty() && output.failed.empty()))
    {
        m_listener(output);
    }
    m_timer->Update(m_host->Deadline());
}

void
HostAdapter::RaisePpp(const ::nattlab::LinkUp& up)
{
    auto routing = Ipv4StaticRoutingHelper().GetStaticRouting(m_ipv4);
    if (m_ipv4->GetNAddresses(m_pppInterface) == 0)
    {
        m_ppp->SetMtu(static_cast<uint16_t>(up.mtu));
        m_ipv4->AddAddress(m_pppInterface,
                           Ipv4InterfaceAddress(ToNs3Address(up.own), Ipv4Mask("255.255.255.255")));
        m_ipv4->SetUp(m_pppInterface);
    }
    if (up.client)
    {
        routing->AddHostRouteTo(ToNs3Address(up.peer), m_pppInterface);
        routing->SetDefaultRoute(ToNs3Address(up.peer), m_pppInterface, 1);
    }
    else if (m_clientNetworks.insert(up.peer.value & SLASH_24).second)
    {
        routing->AddNetworkRouteTo(
            ns3::Ipv4Address(up.peer.value & SLASH_24), Ipv4Mask(SLASH_24), m_pppInterface);
    }
}

void
HostAdapter::LowerPpp(const ::nattlab::LinkDown& down)
{
    if (!down.client)
    {
        return; // the server's device stays up for its other clients
    }
    m_ipv4->SetDown(m_pppInterface); // takes its routes along
    while (m_ipv4->GetNAddresses(m_pppInterface) > 0)
    {
        m_ipv4->RemoveAddress(m_pppInterface, 0);
    }
}

bool
HostAdapter::SendClear(Ptr<ns3::Packet> packet, const Address&, const Address&, uint16_t protocol)
{
    if (protocol != ETHERTYPE_IPV4)
    {
        return false;
    }
    Do(Wake().SendClear(BytesOf(packet), Now()));
    return true;
}

bool
HostAdapter::SendInner(Ptr<ns3::Packet> packet, const Address&, const Address&, uint16_t protocol)
{
    if (protocol != ETHERTYPE_IPV4)
    {
        return false;
    }
    Do(Wake().SendInner(BytesOf(packet), Now()));
    return true;
}

void
HostAdapter::Dial(const ::nattlab::CallRequest& request)
{
    Do(Wake().Dial(request, Now()));
}

void
HostAdapter::HangUp(::nattlab::ConnectionId connection)
{
    Do(Wake().HangUp(connection, Now()));
}

void
HostAdapter::StartTraffic(const ::nattlab::TrafficRequest& request)
{
    Do(Wake().StartTraffic(request, Now()));
}

void
HostAdapter::Reboot(::nattlab::Duration downTime, Boot boot)
{
    Do(Wake().PowerOff(Now()));
    m_powerOn.Cancel();
    m_powerOn =
        Simulator::Schedule(ToNs3(downTime), [this, boot = std::move(boot)] { PowerOn(boot); });
}

void
HostAdapter::PowerOn(const Boot& boot)
{
    ::nattlab::HostConfig config = boot();
    config.name += '#' + std::to_string(++m_boots); // other random numbers than last time
    m_host = std::make_unique<::nattlab::Host>(std::move(config), m_seed, m_tracer, m_keys);
    m_host->SetStackAbove(m_ipv4 != nullptr);
    m_timer->Update(m_host->Deadline());
}

void
HostAdapter::StopService(::nattlab::Service service)
{
    Do(Wake().Stop(service, Now()));
}

void
HostAdapter::StartService(::nattlab::Service service, const ::nattlab::HostConfig& config)
{
    Do(Wake().Start(service, config, Now()));
}

void
HostAdapter::SetPolicy(std::vector<::nattlab::PolicyRule> dynamic,
                       std::optional<::nattlab::IpsecPolicy> stored)
{
    Wake().SetPolicy(std::move(dynamic), std::move(stored));
}

void
HostAdapter::SetFirewall(::nattlab::FirewallConfig config)
{
    Wake().SetFirewall(std::move(config));
}

void
HostAdapter::Finish()
{
    if (m_host)
    {
        m_host->Finish(Now());
    }
}

Port&
HostAdapter::GetPort()
{
    return m_port;
}

const ::nattlab::Host&
HostAdapter::GetHost() const
{
    return Wake();
}

void
HostAdapter::DoDispose()
{
    m_powerOn.Cancel(); // it knows this object, and must not outlive it
    m_timer.reset();
    m_port = {};
    m_host.reset();
    m_listener = nullptr;
    m_ipv4 = nullptr;
    m_link = nullptr;
    m_ppp = nullptr;
    Object::DoDispose();
}

} // namespace nattlab
} // namespace ns3
