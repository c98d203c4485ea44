// SPDX-License-Identifier: GPL-2.0-only
#include "helper/scenario/build.h"

#include "model/crypto/hash.h"

#include <algorithm>

namespace nattlab::scenario
{

namespace
{

constexpr UnixTime DEFAULT_CLOCK = 1054454400; //!< 2003-06-01 08:00:00 UTC
constexpr std::size_t SMALLEST_MTU = 68;       //!< RFC 791 3.2
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
            box.routes.push_back({*to, *via, item.PointerTo("via")});
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

void
BuildHead(Scenario& scenario, const Reader& root)
{
    scenario.title = root.Line("title");
    scenario.description = root.Text("description");
    scenario.tags = root.Lines("tags");
    scenario.seed = root.Number("seed", scenario.seed);
    scenario.clock = root.Date("clock").value_or(DEFAULT_CLOCK);
    scenario.duration = root.Time("duration").value_or(seconds{180});
    if (scenario.duration <= Duration{0})
    {
        root.Fail("duration", "", "a time above zero");
        scenario.duration = Duration::max();
    }
}

void
BuildTopology(Scenario& scenario, const Reader& root)
{
    for (const auto& [name, reader] : root.Members("links"))
    {
        scenario.links.push_back(BuildLink(name, reader));
    }
    BuildCertificates(scenario, root);
    for (const auto& [name, reader] : root.Members("hosts"))
    {
        scenario.hosts.push_back(BuildHost(name, reader, scenario));
    }
    for (const auto& [name, reader] : root.Members("boxes"))
    {
        scenario.boxes.push_back(BuildBox(name, reader, scenario.file));
    }
}

std::vector<std::string>
CertificateNames(const Scenario& scenario)
{
    return NamesOf(scenario.certificates);
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

std::string
Scenario::Hash() const
{
    const std::string text = document.Dump();
    return ToHex(crypto::Sha256(ByteView{text}));
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

const Certificate*
Scenario::FindCertificate(const std::string& name) const
{
    return FindByName(certificates, name);
}

} // namespace nattlab::scenario
