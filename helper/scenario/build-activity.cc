// SPDX-License-Identifier: GPL-2.0-only
#include "helper/scenario/build.h"
#include "helper/scenario/document.h"
#include "helper/scenario/nearest.h"

#include <algorithm>
#include <array>
#include <map>
#include <utility>

namespace nattlab::scenario
{

namespace
{

constexpr std::uint64_t LARGEST_PAYLOAD = 65000; //!< bytes; leaves room for headers
constexpr std::uint64_t LARGEST_TRANSFER = std::uint64_t{1} << 40;
constexpr std::uint64_t DEFAULT_TRANSFER = 100 * 1024;
constexpr std::uint16_t DISCARD_PORT = 9; //!< RFC 863
constexpr std::uint16_t PROBE_PORT = 40000;
constexpr std::uint16_t IKE_PORT = 500;

bool
Owns(const Box& box, Ipv4Address address)
{
    return std::any_of(box.interfaces.begin(),
                       box.interfaces.end(),
                       [&](const BoxInterface& interface)
                       { return interface.at.address.address == address; }) ||
           std::any_of(box.pool.begin(),
                       box.pool.end(),
                       [&](const AddressRange& range)
                       { return !(address < range.first) && !(range.last < address); });
}

/** \return the inside address to which a NAT forwards IKE for \p address. */
std::optional<Ipv4Address>
ForwardOf(const Box& box, Ipv4Address address)
{
    std::vector<Problem> reportedElsewhere;
    Report report(reportedElsewhere);
    const Reader nat(box.nat->value, box.nat->pointer, report);
    for (const auto& forward : nat.Items("forwards"))
    {
        if (forward.Number("externalPort", 0) == IKE_PORT &&
            (!forward.Has("externalAddress") || forward.Address("externalAddress") == address))
        {
            return forward.Address("inside");
        }
    }
    return std::nullopt;
}

/** Turns the part of a scenario in which something happens into typed data. */
class ActivityBuilder
{
  public:
    explicit ActivityBuilder(Scenario& scenario)
        : m_scenario(scenario),
          m_hosts(HostNames(scenario)),
          m_boxes(BoxNames(scenario)),
          m_links(LinkNames(scenario))
    {
        for (const auto& host : scenario.hosts)
        {
            // Private addresses may stand twice; a server is the likelier one to be dialled.
            const Host*& known = m_byAddress[host.at.address.address];
            known = known && !host.server ? known : &host;
        }
    }

    void Connections(const Reader& root)
    {
        for (const auto& [name, reader] : root.Members("connections"))
        {
            m_scenario.connections.push_back(BuildConnection(name, reader));
        }
        m_connections = ConnectionNames(m_scenario);
    }

    Traffic BuildTraffic(const std::string& name, const Reader& reader);
    TimetableEntry BuildEntry(const Reader& reader);

  private:
    Connection BuildConnection(const std::string& name, const Reader& reader);
    std::optional<Ipv4Address> Destination(const Reader& reader, std::string& host);
    const Host* Behind(Ipv4Address address) const;
    void CheckServer(const Reader& reader, const Connection& connection);
    void CheckBeforeEnd(const Reader& reader, const std::string& key, Duration at) const;
    void ThroughTunnel(Traffic& traffic, const Reader& reader);
    void Outside(Traffic& traffic, const Reader& reader);

    Scenario& m_scenario;
    std::vector<std::string> m_hosts;
    std::vector<std::string> m_boxes;
    std::vector<std::string> m_links;
    std::vector<std::string> m_connections;
    std::map<Ipv4Address, const Host*> m_byAddress;
};

/** Read "to": the name of a host, which goes to \p host, or an address. */
std::optional<Ipv4Address>
ActivityBuilder::Destination(const Reader& reader, std::string& host)
{
    const auto text = reader.OptionalText("to");
    if (!text)
    {
        return std::nullopt;
    }
    if (const Host* named = m_scenario.FindHost(*text))
    {
        host = named->name;
        return named->at.address.address;
    }
    const auto address = Ipv4Address::Parse(*text);
    if (!address)
    {
        reader.Fail("to", "", "the name of a host, or an IPv4 address", Nearest(*text, m_hosts));
    }
    return address;
}

/** \return the host that answers IKE at an address: its own, or that of a NAT that forwards to it;
 * null when the scenario has none. */
const Host*
ActivityBuilder::Behind(Ipv4Address address) const
{
    for (std::size_t hops = 0; hops <= m_scenario.boxes.size(); ++hops)
    {
        const auto own = m_byAddress.find(address);
        if (own != m_byAddress.end())
        {
            return own->second;
        }
        std::optional<Ipv4Address> next;
        for (const auto& box : m_scenario.boxes)
        {
            next = box.nat && Owns(box, address) ? ForwardOf(box, address) : next;
        }
        if (!next)
        {
            return nullptr;
        }
        address = *next;
    }
    return nullptr;
}

/** A name must be that of a server; an address may lead anywhere. */
void
ActivityBuilder::CheckServer(const Reader& reader, const Connection& connection)
{
    const Host* named = m_scenario.FindHost(connection.to);
    if (named && named->name == connection.from)
    {
        reader.Fail("to", "a host cannot dial itself", "the name of another host");
    }
    else if (named && !named->server)
    {
        reader.Fail("to", "the host has no \"server\"", "the name of a VPN server");
    }
}

void
ActivityBuilder::CheckBeforeEnd(const Reader& reader, const std::string& key, Duration at) const
{
    if (at >= m_scenario.duration)
    {
        reader.Fail(key, "this is after the end of the run, see /duration");
    }
}

Connection
ActivityBuilder::BuildConnection(const std::string& name, const Reader& reader)
{
    Connection connection;
    connection.name = name;
    connection.from = reader.Text("from");
    if (CheckName(reader, "from", "a host", m_hosts) && !m_scenario.FindHost(connection.from)->vpn)
    {
        reader.Fail("from", "the host has no VPN (\"vpn\": false)");
    }
    if (const auto address = Destination(reader, connection.to))
    {
        connection.server = *address;
        const Host* host = Behind(*address);
        connection.serverHost = host ? host->name : "";
    }
    CheckServer(reader, connection);
    connection.start = reader.Time("start").value_or(seconds{1});
    CheckBeforeEnd(reader, "start", connection.start);
    connection.hangUp = reader.Time("hangUp");
    if (connection.hangUp && *connection.hangUp <= connection.start)
    {
        reader.Fail("hangUp", "the connection ends before it starts", "a time after \"start\"");
    }
    connection.user = reader.Text("user");
    connection.password = reader.Text("password");
    connection.retryPasswords = reader.Texts("retryPasswords");
    connection.presharedKey = reader.Text("presharedKey");
    connection.pointer = reader.Pointer();
    return connection;
}

void
ActivityBuilder::ThroughTunnel(Traffic& traffic, const Reader& reader)
{
    reader.Refuse({"from", "to", "protocol", "sourcePort"}, "unless \"kind\" is \"probe\"");
    reader.Require({"connection"}, "unless \"kind\" is \"probe\"");
    CheckName(reader, "connection", "a connection", m_connections);
    traffic.connection = reader.Text("connection");
    traffic.toClient = reader.Text("direction") == "to-client";
    if (traffic.kind == TrafficKind::Ping)
    {
        reader.Refuse({"port"}, "with \"ping\"");
    }
}

void
ActivityBuilder::Outside(Traffic& traffic, const Reader& reader)
{
    reader.Refuse({"connection", "direction"}, "with \"probe\"");
    reader.Require({"from", "to"}, "with \"probe\"");
    CheckName(reader, "from", "a host", m_hosts);
    traffic.from = reader.Text("from");
    std::string host;
    traffic.to = Destination(reader, host).value_or(Ipv4Address{});
    const auto protocol = reader.Text("protocol", "udp");
    traffic.protocol = ParseProtocol(Json(protocol)).value_or(traffic.protocol);
    if (protocol == "udp" || protocol == "tcp")
    {
        traffic.sourcePort = static_cast<std::uint16_t>(reader.Number("sourcePort", PROBE_PORT));
    }
    else
    {
        traffic.port = 0;
        reader.Refuse({"port", "sourcePort"}, "with a protocol without ports");
    }
    CheckBeforeEnd(reader, "start", traffic.start);
}

Traffic
ActivityBuilder::BuildTraffic(const std::string& name, const Reader& reader)
{
    Traffic traffic;
    traffic.name = name;
    traffic.pointer = reader.Pointer();
    const auto kind = reader.Text("kind");
    traffic.kind = kind == "udp"     ? TrafficKind::Udp
                   : kind == "tcp"   ? TrafficKind::Tcp
                   : kind == "probe" ? TrafficKind::Probe
                                     : TrafficKind::Ping;
    traffic.port = static_cast<std::uint16_t>(reader.Number("port", DISCARD_PORT));
    traffic.start = reader.Time("start").value_or(seconds{1});
    if (kind == "probe")
    {
        Outside(traffic, reader);
    }
    else if (reader.Has("kind"))
    {
        ThroughTunnel(traffic, reader);
    }
    if (kind == "tcp")
    {
        reader.Refuse({"count", "interval", "size"}, "with \"tcp\"");
        traffic.bytes = reader.Bytes("bytes", DEFAULT_TRANSFER, 1, LARGEST_TRANSFER);
    }
    else
    {
        reader.Refuse({"bytes"}, "unless \"kind\" is \"tcp\"");
        traffic.count = reader.Number("count", traffic.count);
        traffic.interval = reader.Time("interval").value_or(seconds{1});
        traffic.size = reader.Bytes("size", traffic.size, 0, LARGEST_PAYLOAD);
    }
    return traffic;
}

TimetableEntry
ActivityBuilder::BuildEntry(const Reader& reader)
{
    struct Row
    {
        const char* name;
        Action action;
        std::vector<std::string> needs;
        std::vector<std::string> refuses;
    };

    static const std::array<Row, 5> ROWS{
        {{"link-down", Action::LinkDown, {"link"}, {"box", "host", "connection", "firewall"}},
         {"link-up", Action::LinkUp, {"link"}, {"box", "host", "connection", "firewall"}},
         {"reboot", Action::Reboot, {}, {"link", "connection", "firewall"}},
         {"change-firewall", Action::ChangeFirewall, {"firewall"}, {"link", "connection"}},
         {"hang-up", Action::HangUp, {"connection"}, {"link", "box", "host", "firewall"}}}};

    TimetableEntry entry;
    entry.pointer = reader.Pointer();
    entry.at = reader.Time("at").value_or(entry.at);
    CheckBeforeEnd(reader, "at", entry.at);
    const auto action = reader.Text("action");
    const auto row =
        std::find_if(ROWS.begin(), ROWS.end(), [&](const Row& r) { return r.name == action; });
    if (row == ROWS.end())
    {
        return entry;
    }
    entry.action = row->action;
    reader.Require(row->needs, "with \"" + action + '"');
    reader.Refuse(row->refuses, "with \"" + action + '"');
    if (entry.action != Action::Reboot)
    {
        reader.Refuse({"downTime"}, "unless \"action\" is \"reboot\"");
    }
    const bool machine = entry.action == Action::Reboot || entry.action == Action::ChangeFirewall;
    if (machine && reader.Has("box") == reader.Has("host"))
    {
        reader.Fail("", '"' + action + "\" needs one of \"box\" and \"host\"");
    }
    CheckName(reader, "link", "a link", m_links);
    CheckName(reader, "box", "a box", m_boxes);
    CheckName(reader, "host", "a host", m_hosts);
    CheckName(reader, "connection", "a connection", m_connections);
    entry.link = reader.Text("link");
    entry.box = reader.Text("box");
    entry.host = reader.Text("host");
    entry.connection = reader.Text("connection");
    entry.downTime = reader.Time("downTime").value_or(seconds{30});
    entry.firewall = reader.AsSection("firewall", m_scenario.file);
    std::vector<std::string> interfaces{"link", "ipsec", "ppp"};
    if (const Box* box = m_scenario.FindBox(entry.box))
    {
        interfaces.clear();
        for (const auto& interface : box->interfaces)
        {
            interfaces.push_back(interface.name);
        }
    }
    CheckFirewall(reader.Object("firewall"), interfaces);
    return entry;
}

} // namespace

void
BuildActivity(Scenario& scenario, const Reader& root)
{
    ActivityBuilder builder(scenario);
    builder.Connections(root);
    for (const auto& [name, reader] : root.Members("traffic"))
    {
        scenario.traffic.push_back(builder.BuildTraffic(name, reader));
    }
    for (const auto& reader : root.Items("timetable"))
    {
        scenario.timetable.push_back(builder.BuildEntry(reader));
    }
    std::stable_sort(scenario.timetable.begin(),
                     scenario.timetable.end(),
                     [](const auto& a, const auto& b) { return a.at < b.at; });
}

} // namespace nattlab::scenario
