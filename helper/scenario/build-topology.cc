// SPDX-License-Identifier: GPL-2.0-only
#include "helper/scenario/build.h"

#include <algorithm>

namespace nattlab::scenario
{

namespace
{

constexpr std::size_t SMALLEST_MTU = 68; //!< RFC 791 3.2
constexpr std::size_t LARGEST_MTU = 65535;

PacketDrop
BuildDrop(const Reader& reader)
{
    PacketDrop drop;
    drop.source = reader.Address("source");
    drop.destination = reader.Address("destination");
    drop.protocol = reader.Protocol("protocol");
    drop.minLength = reader.Bytes("minLength", 0, 0, LARGEST_MTU);
    drop.first = reader.Number("first", 1);
    drop.count = reader.Number("count", 1);
    if (const auto port = reader.OptionalNumber("port"))
    {
        drop.port = static_cast<std::uint16_t>(*port);
    }
    return drop;
}

Link
BuildLink(const std::string& name, const Reader& reader)
{
    Link link;
    link.name = name;
    link.rate = reader.Rate("rate");
    link.delay = reader.Time("delay").value_or(link.delay);
    link.mtu = reader.Bytes("mtu", link.mtu, SMALLEST_MTU, LARGEST_MTU);
    link.queue = reader.Packets("queue", link.queue);
    link.loss = reader.Share("loss", link.loss);
    for (const auto& item : reader.Items("drop"))
    {
        link.drop.push_back(BuildDrop(item));
    }
    link.pointer = reader.Pointer();
    return link;
}

Attachment
BuildAttachment(const Reader& reader)
{
    return {
        reader.Text("link"), reader.Prefix("address").value_or(Ipv4Prefix{}), reader.Rate("rate")};
}

VpnServer
BuildServer(const Reader& reader)
{
    VpnServer server;
    server.presharedKey = reader.Text("presharedKey");
    for (const auto& [name, user] : reader.Members("users"))
    {
        server.users.push_back({name, user.Text("password"), std::nullopt});
        if (const auto code = user.OptionalNumber("refused"))
        {
            server.users.back().refused = static_cast<std::uint32_t>(*code);
        }
    }
    server.address = reader.Address("address").value_or(Ipv4Address{});
    server.dns = reader.Addresses("dns");
    server.wins = reader.Addresses("wins");
    server.ports = reader.Number("ports", server.ports);
    server.pointer = reader.Pointer();
    if (const auto pool = reader.Range("pool"))
    {
        server.pool = *pool;
        if (!(server.address < pool->first) && !(pool->last < server.address))
        {
            reader.Fail("pool", "the server's own address lies in the pool for clients");
        }
    }
    return server;
}

Host
BuildHost(const std::string& name, const Reader& reader, const std::string& file)
{
    Host host;
    host.name = name;
    host.system = reader.Text("system");
    host.fqdn = reader.Text("fqdn", name);
    host.at = BuildAttachment(reader);
    host.gateway = reader.Address("gateway");
    host.ttl = static_cast<std::uint8_t>(reader.Number("ttl", host.ttl));
    host.vpn = reader.Bool("vpn", host.vpn);
    host.errors = reader.Text("errors", host.errors);
    const auto section = [&](const char* key)
    {
        return reader.AsSection(key, file).value_or(
            Section{Json::object(), reader.PointerTo(key), file});
    };
    host.ike = section("ike");
    host.ipsec = section("ipsec");
    host.l2tp = section("l2tp");
    host.ppp = section("ppp");
    host.firewall = reader.AsSection("firewall", file);
    host.pointer = reader.Pointer();
    if (reader.Has("server"))
    {
        host.server = BuildServer(reader.Object("server"));
        if (!host.vpn)
        {
            reader.Fail("server", "a host without VPN cannot be a VPN server");
        }
    }
    CheckSystem(reader);
    CheckFirewall(reader.Object("firewall"), {"link", "ipsec", "ppp"});
    return host;
}

Box
BuildBox(const std::string& name, const Reader& reader, const std::string& file)
{
    Box box;
    box.name = name;
    std::vector<std::string> names;
    for (const auto& [interface, member] : reader.Members("interfaces"))
    {
        const auto side = member.Text("side");
        names.push_back(interface);
        box.interfaces.push_back({interface,
                                  BuildAttachment(member),
                                  side == "inside"    ? Side::Inside
                                  : side == "outside" ? Side::Outside
                                                      : Side::None});
    }
    box.gateway = reader.Address("gateway");
    for (const auto& item : reader.Items("routes"))
    {
        const auto to = item.Prefix("to");
        const auto via = item.Address("via");
        if (to && to->Network() != to->address)
        {
            item.Fail("to",
                      "the address has bits outside its network",
                      Ipv4Prefix{to->Network(), to->length}.ToString());
        }
        if (to && via)
        {
            box.routes.push_back({*to, *via});
        }
    }
    box.answersPing = reader.Bool("answersPing", box.answersPing);
    box.sendsIcmpErrors = reader.Bool("sendsIcmpErrors", box.sendsIcmpErrors);
    box.silentOutside = reader.Bool("silentOutside", box.silentOutside);
    box.reassembles = reader.Bool("reassembles", box.reassembles);
    box.ttl = static_cast<std::uint8_t>(reader.Number("ttl", box.ttl));
    box.nat = reader.AsSection("nat", file);
    box.pool = reader.Object("nat").Ranges("pool");
    box.firewall = reader.AsSection("firewall", file);
    box.pointer = reader.Pointer();
    CheckNat(reader.Object("nat"));
    CheckFirewall(reader.Object("firewall"), names);
    return box;
}

template <typename Item>
std::vector<std::string>
NamesOf(const std::vector<Item>& items)
{
    std::vector<std::string> names;
    for (const auto& item : items)
    {
        names.push_back(item.name);
    }
    return names;
}

template <typename Item>
const Item*
FindByName(const std::vector<Item>& items, const std::string& name)
{
    // In the order of their names, as a JSON object holds them.
    const auto at = std::lower_bound(items.begin(),
                                     items.end(),
                                     name,
                                     [](const Item& item, const std::string& wanted)
                                     { return item.name < wanted; });
    return at != items.end() && at->name == name ? &*at : nullptr;
}

} // namespace

void
BuildTopology(Scenario& scenario, const Reader& root, Report& report)
{
    for (const auto& [name, reader] : root.Members("links"))
    {
        scenario.links.push_back(BuildLink(name, reader));
    }
    for (const auto& [name, reader] : root.Members("hosts"))
    {
        scenario.hosts.push_back(BuildHost(name, reader, scenario.file));
    }
    for (const auto& [name, reader] : root.Members("boxes"))
    {
        scenario.boxes.push_back(BuildBox(name, reader, scenario.file));
    }
    CheckTopology(scenario, root, report);
}

std::vector<std::string>
HostNames(const Scenario& scenario)
{
    return NamesOf(scenario.hosts);
}

std::vector<std::string>
BoxNames(const Scenario& scenario)
{
    return NamesOf(scenario.boxes);
}

std::vector<std::string>
LinkNames(const Scenario& scenario)
{
    return NamesOf(scenario.links);
}

std::vector<std::string>
ConnectionNames(const Scenario& scenario)
{
    return NamesOf(scenario.connections);
}

const Host*
Scenario::FindHost(const std::string& name) const
{
    return FindByName(hosts, name);
}

const Box*
Scenario::FindBox(const std::string& name) const
{
    return FindByName(boxes, name);
}

const Link*
Scenario::FindLink(const std::string& name) const
{
    return FindByName(links, name);
}

const Connection*
Scenario::FindConnection(const std::string& name) const
{
    return FindByName(connections, name);
}

} // namespace nattlab::scenario
