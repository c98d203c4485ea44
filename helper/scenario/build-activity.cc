// SPDX-License-Identifier: GPL-2.0-only
#include "helper/scenario/build.h"
#include "helper/scenario/document.h"
#include "helper/scenario/nearest.h"

#include <algorithm>
#include <map>
#include <string_view>
#include <utility>

namespace nattlab::scenario
{

namespace
{

constexpr std::uint64_t LARGEST_PAYLOAD = 65000; //!< bytes; leaves room for headers
constexpr std::uint64_t LARGEST_TRANSFER = std::uint64_t{1} << 40;
constexpr std::uint64_t DEFAULT_TRANSFER = 100 * 1024;
constexpr std::size_t DEFAULT_REDIALS = 3;
constexpr std::uint16_t ECHO_PORT = 7;    //!< RFC 862
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
    const Reader nat(box.nat->Value(), box.nat->pointer, report);
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
    if (reader.Has("redial"))
    {
        const Reader redial = reader.Object("redial");
        connection.redials = redial.Number("attempts", DEFAULT_REDIALS);
        connection.redialPause = redial.Time("pause").value_or(minutes{1});
        connection.redialIfLost = redial.Bool("ifLost", connection.redialIfLost);
    }
    connection.pointer = reader.Pointer();
    const Host* client = m_scenario.FindHost(connection.from);
    if (client && connection.presharedKey.empty() && client->certificates.empty() &&
        client->trustedRoots.empty())
    {
        reader.Fail("",
                    "the connection needs a \"presharedKey\", or its host \"certificates\" or at "
                    "least \"trustedRoots\"");
    }
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
    traffic.port =
        static_cast<std::uint16_t>(reader.Number("port", kind == "udp" ? ECHO_PORT : DISCARD_PORT));
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

/** What an action of the timetable needs, and which keys are for others. */
struct ActionRow
{
    const char* name;
    Action action;
    std::vector<std::string> needs;
    bool onBox; //!< "box" in place of "host" is allowed too
};

const std::vector<ActionRow>&
ActionRows()
{
    static const std::vector<ActionRow> ROWS{
        {"link-down", Action::LinkDown, {"link"}, false},
        {"link-up", Action::LinkUp, {"link"}, false},
        {"reboot", Action::Reboot, {}, true},
        {"change-firewall", Action::ChangeFirewall, {"firewall"}, true},
        {"hang-up", Action::HangUp, {"connection"}, false},
        {"dial", Action::Dial, {"connection"}, false},
        {"install-update", Action::InstallUpdate, {"host", "update"}, false},
        {"remove-update", Action::RemoveUpdate, {"host", "update"}, false},
        {"install-tools", Action::InstallTools, {"host", "tools"}, false},
        {"set-registry", Action::SetRegistry, {"host", "key", "value"}, false},
        {"delete-registry", Action::DeleteRegistry, {"host", "key"}, false},
        {"stop-service", Action::StopService, {"host", "service"}, false},
        {"start-service", Action::StartService, {"host", "service"}, false},
        {"restart-service", Action::RestartService, {"host", "service"}, false},
        {"tool", Action::Tool, {"host", "command"}, false},
        {"monitor", Action::Monitor, {"host"}, false}};
    return ROWS;
}

/** Report the keys that stand in an entry and are for other actions. */
void
RefuseOthers(const Reader& reader, const ActionRow& row)
{
    std::vector<std::string> others;
    for (const char* key : {"link",
                            "box",
                            "host",
                            "connection",
                            "firewall",
                            "update",
                            "tools",
                            "key",
                            "value",
                            "service",
                            "command"})
    {
        const bool machine = std::string_view(key) == "box" || std::string_view(key) == "host";
        const bool needed = std::find(row.needs.begin(), row.needs.end(), key) != row.needs.end();
        if (!needed && !(machine && row.onBox))
        {
            others.emplace_back(key);
        }
    }
    reader.Refuse(others, std::string("with \"") + row.name + '"');
    if (row.action != Action::Monitor)
    {
        reader.Refuse({"computer"}, "unless \"action\" is \"monitor\"");
    }
    if (row.action != Action::Monitor && row.action != Action::Tool)
    {
        reader.Refuse({"expect"}, "unless \"action\" is \"tool\" or \"monitor\"");
    }
    if (row.action != Action::Reboot)
    {
        reader.Refuse({"downTime"}, "unless \"action\" is \"reboot\"");
    }
    if (row.onBox && reader.Has("box") == reader.Has("host"))
    {
        reader.Fail("", std::string(1, '"') + row.name + "\" needs one of \"box\" and \"host\"");
    }
}

/** Read what changes a Windows host. */
void
BuildHostChange(const Reader& reader, const Host& host, TimetableEntry& entry)
{
    entry.update = reader.Text("update");
    entry.tools = reader.Text("tools");
    entry.service = reader.Text("service");
    entry.command = reader.Text("command");
    if (reader.Has("update"))
    {
        std::vector<std::string> known;
        for (const auto& [name, becomes] : host.updates)
        {
            known.push_back(name);
        }
        CheckName(reader, "update", "an update of this host's system", known);
    }
    if (reader.Has("key"))
    {
        const Json& value = reader.Raw("value");
        const auto parsed =
            ParseRegistryEntry(reader.Text("key"), value.is_null() ? Json(0) : value);
        if (!parsed)
        {
            reader.Fail("value", "", "a number below 4294967296, or a text");
        }
        entry.registry = parsed.value_or(RegistryEntry{});
    }
    const bool windowsOnly = reader.Has("key") || reader.Has("tools") || reader.Has("command") ||
                             reader.Has("update") || entry.action == Action::Monitor;
    if (windowsOnly && host.release.empty())
    {
        reader.Fail("host", "the host is no Windows (its system has no \"release\")");
    }
}

TimetableEntry
ActivityBuilder::BuildEntry(const Reader& reader)
{
    TimetableEntry entry;
    entry.pointer = reader.Pointer();
    entry.at = reader.Time("at").value_or(entry.at);
    CheckBeforeEnd(reader, "at", entry.at);
    const auto action = reader.Text("action");
    const auto& rows = ActionRows();
    const auto row =
        std::find_if(rows.begin(), rows.end(), [&](const auto& r) { return r.name == action; });
    if (row == rows.end())
    {
        return entry;
    }
    entry.action = row->action;
    reader.Require(row->needs, "with \"" + action + '"');
    RefuseOthers(reader, *row);
    CheckName(reader, "link", "a link", m_links);
    CheckName(reader, "box", "a box", m_boxes);
    CheckName(reader, "host", "a host", m_hosts);
    CheckName(reader, "connection", "a connection", m_connections);
    CheckName(reader, "computer", "a host", m_hosts);
    entry.computer = reader.Text("computer", reader.Text("host"));
    if (reader.Has("expect"))
    {
        const Reader expect = reader.Object("expect");
        if (const auto code = expect.OptionalNumber("exitCode"))
        {
            entry.expect.exitCode = static_cast<int>(*code);
        }
        entry.expect.contains = expect.Texts("contains");
        entry.expect.lacks = expect.Texts("lacks");
    }
    entry.link = reader.Text("link");
    entry.box = reader.Text("box");
    entry.host = reader.Text("host");
    entry.connection = reader.Text("connection");
    entry.downTime = reader.Time("downTime").value_or(seconds{30});
    entry.firewall = reader.AsSection("firewall", m_scenario.file);
    if (const Host* host = m_scenario.FindHost(entry.host))
    {
        BuildHostChange(reader, *host, entry);
    }
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
