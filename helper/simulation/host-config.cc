// SPDX-License-Identifier: GPL-2.0-only
#include "helper/simulation/engine-config.h"

#include <algorithm>
#include <cstddef>
#include <utility>

namespace nattlab
{

namespace
{

std::size_t
MtuOf(const scenario::Scenario& scenario, const std::string& link)
{
    const scenario::Link* found = scenario.FindLink(link);
    return found ? found->mtu : 1500;
}

void
MakeServer(const scenario::VpnServer& server, HostConfig& config)
{
    config.server = true;
    config.takesL2tp = server.l2tp;
    if (!server.presharedKey.empty())
    {
        config.presharedKey = ByteView{server.presharedKey}.ToBytes();
    }
    config.addresses.emplace(server.pool.first, server.pool.last);
    config.l2tp.sessionLimit = server.ports;
    config.ppp.address = server.address;
    config.ppp.dns = server.dns;
    config.ppp.wins = server.wins;
    for (const scenario::User& user : server.users)
    {
        config.ppp.users[user.name] = user.password;
        if (user.refused)
        {
            config.ppp.refusedUsers[user.name] = *user.refused;
        }
    }
}

/** Replace each "%h" by the host's name. */
std::string
WithHostName(std::string text, const std::string& name)
{
    for (std::size_t at = text.find("%h"); at != std::string::npos;
         at = text.find("%h", at + name.size()))
    {
        text.replace(at, 2, name);
    }
    return text;
}

} // namespace

HostConfig
MakeHostConfig(const scenario::Scenario& scenario,
               const scenario::Host& host,
               std::shared_ptr<const pki::Store> certificates)
{
    HostConfig config;
    config.name = host.name;
    config.fqdn = host.fqdn;
    config.ip.address = host.at.address;
    config.ip.gateway = host.gateway;
    config.ip.mtu = MtuOf(scenario, host.at.link);
    config.ip.ttl = host.ttl;
    if (host.firewall)
    {
        config.ip.firewall = MakeFirewallConfig(*host.firewall);
    }
    config.vpn = host.vpn;
    config.certificates = std::move(certificates);
    config.clock = host.clock.value_or(scenario.clock);
    config.ipsec = MakeIpsecConfig(host.ipsec);
    config.ike = MakeIkeProfile(host.ike);
    config.l2tp = MakeL2tpConfig(host.l2tp);
    config.l2tp.hostName = host.fqdn;
    config.ppp = MakePppConfig(host.ppp);
    config.ppp.name = host.name;
    for (std::string& text : config.ppp.identifications)
    {
        text = WithHostName(text, host.name);
    }
    if (host.server)
    {
        MakeServer(*host.server, config);
    }
    return config;
}

RouterConfig
MakeRouterConfig(const scenario::Scenario& scenario, const scenario::Box& box)
{
    RouterConfig config;
    config.name = box.name;
    for (const scenario::BoxInterface& interface : box.interfaces)
    {
        using Side = RouterInterface::Side;
        RouterInterface made;
        made.name = interface.name;
        made.address = interface.at.address;
        made.mtu = MtuOf(scenario, interface.at.link);
        made.side = interface.side == scenario::Side::Inside    ? Side::Inside
                    : interface.side == scenario::Side::Outside ? Side::Outside
                                                                : Side::None;
        config.interfaces.push_back(std::move(made));
    }
    const auto addRoute = [&](const Ipv4Prefix& to, Ipv4Address via)
    {
        for (std::size_t i = 0; i < config.interfaces.size(); ++i)
        {
            if (config.interfaces[i].address.Contains(via))
            {
                config.routes.push_back({to, via, i});
                return;
            }
        }
    };
    for (const scenario::Route& route : box.routes)
    {
        addRoute(route.to, route.via);
    }
    if (box.gateway)
    {
        addRoute({{}, 0}, *box.gateway);
    }
    if (box.nat)
    {
        config.nat = MakeNatConfig(*box.nat);
    }
    if (box.firewall)
    {
        config.firewall = MakeFirewallConfig(*box.firewall);
    }
    config.answersPing = box.answersPing;
    config.sendsIcmpErrors = box.sendsIcmpErrors;
    config.silentOutside = box.silentOutside;
    config.reassembles = box.reassembles;
    config.ttl = box.ttl;
    return config;
}

ns3::nattlab::LinkConfig
MakeLinkConfig(const scenario::Link& link)
{
    ns3::nattlab::LinkConfig config;
    config.rate = link.rate;
    config.delay = link.delay;
    config.mtu = link.mtu;
    config.queue = link.queue;
    config.loss = link.loss;
    for (const scenario::PacketDrop& drop : link.drop)
    {
        ns3::nattlab::InjectedDrop injected;
        injected.match = {drop.source, drop.destination, drop.protocol, drop.port, drop.minLength};
        injected.skip = drop.first - 1;
        injected.count = drop.count;
        config.drops.push_back(injected);
    }
    return config;
}

} // namespace nattlab
