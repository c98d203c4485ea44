// SPDX-License-Identifier: GPL-2.0-only
#include "helper/simulation/config-memory.h"
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
    // The links of a scenario are in the order of their names.
    const auto found = std::lower_bound(scenario.links.begin(),
                                        scenario.links.end(),
                                        link,
                                        [](const scenario::Link& one, const std::string& name)
                                        { return one.name < name; });
    return found != scenario.links.end() && found->name == link ? found->mtu : 1500;
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
    config.l2tp.Edit().sessionLimit = server.ports;
    ppp::Config& ppp = config.ppp.Edit();
    ppp.address = server.address;
    ppp.dns = server.dns;
    ppp.wins = server.wins;
    for (const scenario::User& user : server.users)
    {
        ppp.users[user.name] = user.password;
        if (user.refused)
        {
            ppp.refusedUsers[user.name] = *user.refused;
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
        config.ip.firewall = *Remember(*host.firewall, MakeFirewallConfig);
    }
    config.vpn = host.vpn;
    config.certificates = std::move(certificates);
    config.clock = host.clock.value_or(scenario.clock);
    config.ipsec = *Remember(host.ipsec, MakeIpsecConfig);
    config.ike = Remember(host.ike, MakeIkeProfile);
    config.l2tp = Remember(host.l2tp, MakeL2tpConfig);
    config.l2tp.Edit().hostName = host.fqdn;
    config.ppp = Remember(host.ppp, MakePppConfig);
    ppp::Config& ppp = config.ppp.Edit();
    ppp.name = host.name;
    for (std::string& text : ppp.identifications)
    {
        text = WithHostName(text, host.name);
    }
    if (host.server)
    {
        MakeServer(*host.server, config);
    }
    return config;
}

void
CheckHostConfig(const scenario::Host& host)
{
    Remember(host.ipsec, MakeIpsecConfig);
    Remember(host.ike, MakeIkeProfile);
    Remember(host.l2tp, MakeL2tpConfig);
    Remember(host.ppp, MakePppConfig);
    if (host.firewall)
    {
        Remember(*host.firewall, MakeFirewallConfig);
    }
    for (const auto& [name, becomes] : host.updates)
    {
        CheckHostConfig(becomes);
    }
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
        config.nat = *Remember(*box.nat, MakeNatConfig);
    }
    if (box.firewall)
    {
        config.firewall = *Remember(*box.firewall, MakeFirewallConfig);
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
