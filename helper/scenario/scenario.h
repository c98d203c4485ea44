// SPDX-License-Identifier: GPL-2.0-only
/**
 * \file
 * A scenario as plain data: presets applied, references resolved, units converted, all checked.
 * doc/scenario.md describes every key of the file; helper/scenario/load.h reads one.
 */
#ifndef NATTLAB_SCENARIO_SCENARIO_H
#define NATTLAB_SCENARIO_SCENARIO_H

#include "helper/scenario/merged.h"
#include "helper/scenario/section.h"

#include "model/packet/address.h"
#include "model/packet/time.h"

#include <cstddef>
#include <cstdint>
#include <optional>
#include <string>
#include <utility>
#include <variant>
#include <vector>

namespace nattlab::scenario
{

/** A fault of a link: packets that are lost by plan. A packet matches all that is given. */
struct PacketDrop
{
    std::optional<Ipv4Address> source;
    std::optional<Ipv4Address> destination;
    std::optional<std::uint8_t> protocol; //!< IP protocol number
    std::optional<std::uint16_t> port;    //!< either port of UDP or TCP
    std::size_t minLength{0};             //!< bytes of the IPv4 packet
    std::size_t first{1};                 //!< the first matching packet that is lost
    std::size_t count{1};                 //!< how many are lost from there on
};

/** A segment that joins two or more interfaces. */
struct Link
{
    std::string name;
    std::optional<double> rate; //!< bit/s of each transmitter; none: infinitely fast
    Duration delay{0};          //!< propagation, one way
    std::size_t mtu{1500};      //!< bytes of the largest IP packet
    std::size_t queue{100};     //!< packets that wait at each transmitter
    double loss{0};             //!< 0 to 1, of each packet alone
    std::vector<PacketDrop> drop;
    std::string pointer;
};

/** Where an interface stands. */
struct Attachment
{
    std::string link;
    Ipv4Prefix address;         //!< the interface's own address with the length of its network
    std::optional<double> rate; //!< bit/s of this transmitter; none: the link's
};

struct AddressRange
{
    Ipv4Address first;
    Ipv4Address last;
};

struct User
{
    std::string name;
    std::string password;
    std::optional<std::uint32_t> refused; //!< MS-CHAPv2 error code in spite of the right password
};

/** Seconds since 1970-01-01 00:00 UTC. */
using UnixTime = std::int64_t;

/** An X.509 certificate: a description to make it from, or PEM texts. */
struct Certificate
{
    std::string name;
    std::string subject; //!< RFC 4514
    std::string issuer;  //!< name of a certificate; empty: signs itself
    bool authority{false};
    UnixTime notBefore{0};
    UnixTime notAfter{0};
    std::size_t keyBits{1024};
    std::string hash{"sha1"};
    std::vector<std::string> usages;
    std::string dnsName;
    std::string pem;    //!< not empty: given, with the chain above it
    std::string keyPem; //!< its private key; may be empty
    std::string pointer;
};

/** A value in the registry of a host at the start. */
struct RegistryEntry
{
    std::string path;
    std::variant<std::uint32_t, std::string> value;
};

/** What makes a host a VPN server. */
struct VpnServer
{
    bool l2tp{true};          //!< takes L2TP calls
    std::string presharedKey; //!< one for all clients; empty: none
    std::vector<User> users;  //!< in the order of their names
    Ipv4Address address;      //!< the server's end of every PPP link
    AddressRange pool;        //!< for clients
    std::vector<Ipv4Address> dns;
    std::vector<Ipv4Address> wins;
    std::size_t ports{128}; //!< connections at the same time
    std::string pointer;
};

/** A computer with one interface. */
struct Host
{
    std::string name;
    std::string system; //!< name of its preset
    std::string fqdn;   //!< host name in L2TP and in IKE identities
    Attachment at;
    std::optional<Ipv4Address> gateway;
    std::uint8_t ttl{128};
    bool vpn{true};             //!< false: no IKE, no IPsec, no L2TP at all ("plain-host")
    std::string errors{"none"}; //!< whose RAS errors: "windows-2000", "windows-xp", "windows-vista"
    std::string release;        //!< "windows-xp"...; empty: no Windows
    std::uint8_t servicePack{0};
    bool updated{false};                               //!< files of KB818043, or later ones
    std::string tools{"none"};                         //!< support tools: "none", "old", "new"
    std::vector<std::pair<std::string, Host>> updates; //!< by name, what the host becomes
    std::vector<RegistryEntry> registry;               //!< in the order of their paths
    std::vector<std::string> certificates;             //!< of the machine
    std::vector<std::string> trustedRoots;
    std::optional<UnixTime> clock; //!< at the start, where it is not the scenario's
    Section ike;
    Section ipsec;
    Section l2tp;
    Section ppp;
    std::optional<Section> firewall;
    std::optional<VpnServer> server;
    std::string pointer;
};

enum class Side
{
    None,
    Inside,
    Outside
};

struct BoxInterface
{
    std::string name;
    Attachment at;
    Side side{Side::None};
};

struct Route
{
    Ipv4Prefix to;
    Ipv4Address via;
    std::string pointer; //!< of "via"
};

/** A forwarding box: a router, with or without NAT and firewall. */
struct Box
{
    std::string name;
    std::vector<BoxInterface> interfaces; //!< in the order of their names
    std::optional<Ipv4Address> gateway;   //!< default route
    std::vector<Route> routes;
    bool answersPing{true};
    bool sendsIcmpErrors{true};
    bool silentOutside{true};
    bool reassembles{false};
    std::uint8_t ttl{64};
    std::optional<Section> nat;
    std::vector<AddressRange>
        pool; //!< the NAT's external addresses; empty: the outside interfaces'
    std::optional<Section> firewall;
    std::string pointer;
};

/** One use of the dialler. */
struct Connection
{
    std::string name;
    std::string from;       //!< host
    std::string to;         //!< host; empty when the file gives an address
    Ipv4Address server;     //!< where the client dials to
    std::string serverHost; //!< host meant by the address (a forward may lead there); may be empty
    Duration start{0};      //!< from the start of the run
    std::optional<Duration> hangUp; //!< from the start of the run
    std::string user;
    std::string password;
    std::vector<std::string> retryPasswords; //!< typed in when the server allows another try
    std::string presharedKey;                //!< empty: by certificate
    std::size_t redials{0};                  //!< attempts after the first
    Duration redialPause{0};
    bool redialIfLost{false};
    std::string pointer;
};

enum class TrafficKind
{
    Ping,
    Udp,
    Tcp,  //!< bulk transfer
    Probe //!< outside any tunnel
};

/** Packets of an application. */
struct Traffic
{
    std::string name;
    TrafficKind kind{TrafficKind::Ping};
    std::string connection;      //!< for all kinds but Probe
    bool toClient{false};        //!< with a connection: the server sends
    std::string from;            //!< Probe: host
    Ipv4Address to;              //!< Probe: address
    std::uint8_t protocol{17};   //!< Probe: 1, 6, 17, or 50
    std::uint16_t sourcePort{0}; //!< Probe with UDP or TCP
    std::uint16_t port{0};       //!< Udp, Tcp, Probe: destination
    Duration start{0};           //!< after the connection is up; Probe: from the start of the run
    std::size_t count{1};        //!< packets (not Tcp)
    std::size_t size{56};        //!< payload bytes of each packet (not Tcp)
    std::uint64_t bytes{0};      //!< Tcp: in all
    Duration interval{0};        //!< between packets (not Tcp)
    std::string pointer;
};

enum class Action
{
    LinkDown,
    LinkUp,
    Reboot,
    ChangeFirewall,
    HangUp,
    Dial,
    InstallUpdate,
    RemoveUpdate,
    InstallTools,
    SetRegistry,
    DeleteRegistry,
    StopService,
    StartService,
    RestartService,
    Tool,
    Monitor
};

/** What a tool or the monitor must show. */
struct ToolExpectation
{
    std::optional<int> exitCode;
    std::vector<std::string> contains;
    std::vector<std::string> lacks;
};

struct TimetableEntry
{
    Duration at{0};
    Action action{Action::LinkDown};
    std::string link; //!< LinkDown, LinkUp
    std::string box;  //!< Reboot, ChangeFirewall: this or `host`
    std::string host;
    std::string connection;          //!< HangUp, Dial
    std::string update;              //!< InstallUpdate, RemoveUpdate
    std::string tools;               //!< InstallTools: "old", "new"
    RegistryEntry registry;          //!< SetRegistry; DeleteRegistry: the path
    std::string service;             //!< services: "policy-agent", "remote-access"
    std::string command;             //!< Tool: the command line
    std::string computer;            //!< Monitor: the host that is looked at
    ToolExpectation expect;          //!< Tool, Monitor
    Duration downTime{0};            //!< Reboot
    std::optional<Section> firewall; //!< ChangeFirewall: the whole new section, already merged
    std::string pointer;
};

enum class Outcome
{
    Connected,
    Failed,
    Lost //!< came up, and broke
};

/** What must become of a connection; absent members are not compared. */
struct ExpectConnection
{
    std::string connection;
    std::optional<Outcome> outcome;
    std::optional<std::string> stage;  //!< "ike-main", "ike-quick", "l2tp", "ppp-lcp", ...
    std::optional<std::string> reason; //!< stable id, "firewall.rule"
    std::optional<std::string> box;    //!< box or host that is to blame
    std::optional<std::string> rule;
    std::optional<std::uint32_t> error;       //!< RAS error number
    std::optional<Duration> within;           //!< from `start` to connected or failed
    std::optional<std::string> nat;           //!< detected: "none", "client", "server", "both"
    std::optional<std::string> natTraversal;  //!< "none", "draft-02n", "rfc3947", ...
    std::optional<std::string> encapsulation; //!< "esp" or "udp"
    std::optional<std::uint32_t> group;       //!< Diffie-Hellman group of Main Mode
    std::optional<bool> clearText;            //!< L2TP went outside of ESP
    std::optional<std::size_t> attempts;
    std::string pointer;
};

/** What must become of traffic; absent members are not compared. */
struct ExpectTraffic
{
    enum class Delivered
    {
        All,
        Some, //!< at least one, not all
        None,
        Exactly
    };

    std::string traffic;
    std::optional<Delivered> delivered;
    std::size_t exactly{0}; //!< packets; with Exactly
    std::optional<std::string> reason;
    std::optional<std::string> box;
    std::optional<std::string> rule;
    std::string pointer;
};

/** A drop (reason, rule) or a packet on a link (the rest) that must, or must never, be seen. */
struct Sighting
{
    std::optional<std::string> reason;
    std::optional<std::string> rule;
    std::optional<std::string> box; //!< drops: box or host
    std::optional<std::string> link;
    std::optional<std::uint8_t> protocol;
    std::optional<std::uint16_t> port; //!< source or destination
    std::string pointer;
};

struct Expect
{
    std::vector<ExpectConnection> connections;
    std::vector<ExpectTraffic> traffic;
    std::vector<Sighting> seen;
    std::vector<Sighting> never;

    bool Empty() const
    {
        return connections.empty() && traffic.empty() && seen.empty() && never.empty();
    }
};

/** The whole. All lists are in the order of their names, except timetable (time) and rules. */
struct Scenario
{
    std::string title;
    std::string description;
    std::vector<std::string> tags;
    std::uint64_t seed{1};
    Duration duration{0};
    UnixTime clock{0}; //!< the calendar at the start
    std::vector<Certificate> certificates;
    std::vector<Link> links;
    std::vector<Host> hosts;
    std::vector<Box> boxes;
    std::vector<Connection> connections;
    std::vector<Traffic> traffic;
    std::vector<TimetableEntry> timetable;
    Expect expect;
    MergedDocument document; //!< the file with overrides, copies and presets merged in
    std::string file;        //!< as given

    /** \return the SHA-256 of the document's compact text, hexadecimal; computed anew each time. */
    std::string Hash() const;

    const Host* FindHost(const std::string& name) const;
    const Box* FindBox(const std::string& name) const;
    const Link* FindLink(const std::string& name) const;
    const Connection* FindConnection(const std::string& name) const;
    const Certificate* FindCertificate(const std::string& name) const;
};

} // namespace nattlab::scenario

#endif
