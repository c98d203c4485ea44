// SPDX-License-Identifier: GPL-2.0-only
#include "model/sim/router-adapter.h"

#include <stdexcept>
#include <string>
#include <utility>

namespace ns3
{
namespace nattlab
{

NS_OBJECT_ENSURE_REGISTERED(RouterAdapter);

TypeId
RouterAdapter::GetTypeId()
{
    static TypeId tid = TypeId("ns3::nattlab::RouterAdapter")
                            .SetParent<Object>()
                            .SetGroupName("Nattlab")
                            .AddConstructor<RouterAdapter>();
    return tid;
}

RouterAdapter::~RouterAdapter() = default;

void
RouterAdapter::Configure(::nattlab::RouterConfig config,
                         std::uint64_t seed,
                         ::nattlab::Tracer tracer)
{
    m_router.emplace(std::move(config), seed, tracer);
    m_tracer = tracer;
    m_timer.emplace([this] { Send(m_router->Expire(Now())); });
}

void
RouterAdapter::Attach(Ptr<NetDevice> device)
{
    const std::size_t interface = m_ports.size();
    Port port(
        device,
        [this, interface](::nattlab::Packet packet) { Receive(interface, std::move(packet)); },
        m_tracer);
    const ::nattlab::Region router = m_router->Hot();
    const ::nattlab::Region engine =
        ::nattlab::RegionBetween(this, static_cast<const char*>(router.first) + router.size);
    for (const ::nattlab::Ipv4Address address : m_router->AddressesOn(interface))
    {
        port.AddAddress(address, engine);
    }
    m_ports.push_back(std::move(port));
}

Port&
RouterAdapter::GetPort(std::size_t interface)
{
    if (interface >= m_ports.size())
    {
        throw std::out_of_range("there is no interface " + std::to_string(interface));
    }
    return m_ports[interface];
}

const ::nattlab::Router&
RouterAdapter::GetRouter() const
{
    return *m_router;
}

void
RouterAdapter::Receive(std::size_t interface, ::nattlab::Packet packet)
{
    m_router->Prefetch();
    for (const Port& port : m_ports)
    {
        port.Prefetch();
    }
    const ::nattlab::Instant now = Now();
    if (now < m_upAgain)
    {
        m_tracer.Dropped(packet, now, ::nattlab::Layer::Ip, ::nattlab::Reason::HostDown);
        return;
    }
    Send(m_router->Receive(interface, std::move(packet), now));
}

void
RouterAdapter::Send(::nattlab::Transmissions transmissions)
{
    for (::nattlab::Transmission& t : transmissions)
    {
        m_ports[t.interface].Transmit(t.nextHop, std::move(t.packet));
    }
    m_timer->Update(m_router->Deadline());
}

void
RouterAdapter::Reboot(::nattlab::Duration downTime)
{
    m_router->Reboot(Now());
    m_upAgain = Now() + downTime;
}

void
RouterAdapter::Finish()
{
    m_router->Reboot(Now());
}

void
RouterAdapter::SetFirewallRules(std::vector<::nattlab::FirewallRule> rules,
                                ::nattlab::FirewallDefaults defaults)
{
    m_router->SetFirewallRules(std::move(rules), defaults, ::nattlab::ConnectionsAtChange::Keep);
}

void
RouterAdapter::DoDispose()
{
    m_timer.reset();
    m_ports = {};
    m_router.reset();
    Object::DoDispose();
}

} // namespace nattlab
} // namespace ns3
