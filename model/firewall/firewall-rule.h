// SPDX-License-Identifier: GPL-2.0-only
/**
 * \file
 * Firewall rules as plain data, in the terms that rule lists of real products share.
 */
#ifndef NATTLAB_FIREWALL_FIREWALL_RULE_H
#define NATTLAB_FIREWALL_FIREWALL_RULE_H

#include "model/packet/address.h"
#include "model/packet/time.h"

#include <cstddef>
#include <cstdint>
#include <optional>
#include <string>
#include <vector>

namespace nattlab
{

/** What is done with a packet. */
enum class FirewallAction : std::uint8_t
{
    Accept,
    Drop,
    Reject, //!< dropped, and the sender is told
};

/** Where in a machine a packet is looked at. */
enum class FirewallChain : std::uint8_t
{
    Forward, //!< it passes through
    Input,   //!< it is for the machine itself
    Output,  //!< the machine made it
};

/** How a packet relates to the connections seen so far. */
enum class ConnectionState : std::uint8_t
{
    New,         //!< it may start a connection, or the connection has had no answer yet
    Established, //!< its connection has been seen in both directions
    Related,     //!< an ICMP error about a tracked connection
    Invalid,     //!< it fits no connection and cannot start one
};

/** Which fragments a rule is about. */
enum class FragmentMatch : std::uint8_t
{
    Any,      //!< no matter whether a fragment
    Fragment, //!< every fragment
    First,    //!< the fragment with the transport header
    Later,    //!< fragments without transport header
    Whole,    //!< no fragments
};

/** What a rejected packet's sender is told: an ICMP unreachable code, or a TCP reset. */
enum class RejectKind : std::uint8_t
{
    NetUnreachable = 0,
    HostUnreachable = 1,
    ProtocolUnreachable = 2,
    PortUnreachable = 3,
    NetProhibited = 9,
    HostProhibited = 10,
    AdminProhibited = 13,
    TcpReset = 255, //!< reset for TCP, port unreachable for all else
};

/** Addresses a rule is about. */
struct AddressMatch
{
    std::vector<Ipv4Prefix> prefixes; //!< any one of these; none: every address
    bool negated{false};              //!< every address but these

    bool Matches(Ipv4Address address) const;
};

/** Ports from first to last, both included. */
struct PortRange
{
    std::uint16_t first{0};
    std::uint16_t last{65535};
};

/** Ports a rule is about. A packet without ports matches no list, negated or not. */
struct PortMatch
{
    std::vector<PortRange> ranges; //!< any one of these; none: every packet, with ports or without
    bool negated{false};           //!< every port but these

    /** \param port the packet's port, or nothing where it has none */
    bool Matches(std::optional<std::uint16_t> port) const;
};

/** One line of a rule list. A packet matches when it meets every criterion that is given. */
struct FirewallRule
{
    std::string name; //!< as its owner knows it: a name or the line's number
    FirewallAction action{FirewallAction::Drop};
    RejectKind reject{RejectKind::PortUnreachable}; //!< for FirewallAction::Reject

    std::optional<FirewallChain> chain; //!< absent: every chain
    std::string inInterface;            //!< name of the interface; empty: any
    std::string outInterface;           //!< name of the interface; empty: any
    AddressMatch source;
    AddressMatch destination;
    std::optional<std::uint8_t> protocol; //!< IP protocol number
    PortMatch sourcePorts;                //!< UDP or TCP
    PortMatch destinationPorts;           //!< UDP or TCP
    std::optional<std::uint8_t> icmpType;
    std::optional<std::uint8_t> icmpCode;
    FragmentMatch fragment{FragmentMatch::Any};
    std::vector<ConnectionState> states; //!< any one of these; none: every state
    std::uint16_t minLength{0};          //!< total length of the IPv4 packet, bytes
    std::uint16_t maxLength{65535};      //!< total length of the IPv4 packet, bytes
};

/** What becomes of packets that no rule matches. */
struct FirewallDefaults
{
    FirewallAction forward{FirewallAction::Drop};
    FirewallAction input{FirewallAction::Accept};
    FirewallAction output{FirewallAction::Accept};
    RejectKind reject{RejectKind::PortUnreachable}; //!< where the action is Reject

    FirewallAction Of(FirewallChain chain) const
    {
        return chain == FirewallChain::Forward ? forward
               : chain == FirewallChain::Input ? input
                                               : output;
    }
};

/**
 * Idle times after which a connection is forgotten. The defaults are those of Linux before 4.20
 * (udp: nf_conntrack_proto_udp.c; the rest: its documented sysctl values).
 */
struct FirewallTimeouts
{
    Duration udpOneWay{seconds{30}};     //!< no answer seen
    Duration udpStream{seconds{180}};    //!< seen both ways
    Duration udpStreamAfter{seconds{0}}; //!< age from which udpStream holds (Linux 5.0: 2 s)
    Duration tcpEstablished{seconds{432000}};
    Duration tcpTransitory{seconds{120}}; //!< handshake not complete, or closing
    Duration tcpClosed{seconds{10}};      //!< after a reset
    Duration icmp{seconds{30}};           //!< echo
    Duration other{seconds{600}};         //!< ESP, AH, GRE and all else
    Duration fragments{seconds{30}};      //!< later fragments are tied to their first one so long
    Duration expiredMemory{seconds{600}}; //!< how long a drop can name a state that timed out
};

/** A firewall's configuration. */
struct FirewallConfig
{
    std::vector<FirewallRule> rules;
    FirewallDefaults defaults;
    bool stateful{true};   //!< false: no tracking, every packet is New
    bool tcpPickup{false}; //!< a TCP segment without SYN may start a connection (Linux: "loose")
    FirewallTimeouts timeouts;
    std::size_t tableSize{65536}; //!< tracked connections; also bounds the two memories
};

} // namespace nattlab

#endif
