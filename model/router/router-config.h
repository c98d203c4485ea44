// SPDX-License-Identifier: GPL-2.0-only
#ifndef NATTLAB_ROUTER_ROUTER_CONFIG_H
#define NATTLAB_ROUTER_ROUTER_CONFIG_H

#include "model/firewall/firewall-rule.h"
#include "model/nat/nat-config.h"
#include "model/packet/address.h"
#include "model/packet/fragment.h"

#include <cstddef>
#include <cstdint>
#include <optional>
#include <string>
#include <vector>

namespace nattlab
{

/** One interface of a forwarding box. */
struct RouterInterface
{
    /** Which side of the box's NAT an interface is on. */
    enum class Side : std::uint8_t
    {
        None,    //!< neither: nothing is translated on its account
        Inside,  //!< private addresses
        Outside, //!< external addresses
    };

    std::string name;      //!< as firewall rules call it
    Ipv4Prefix address;    //!< its own address and the network it is on
    std::size_t mtu{1500}; //!< largest IPv4 packet, bytes
    Side side{Side::None};
};

/** A static route. The networks of the interfaces need none. */
struct Route
{
    Ipv4Prefix destination;
    std::optional<Ipv4Address> gateway; //!< absent: the destination is on the link itself
    std::size_t interface {
        0
    }; //!< index into RouterConfig::interfaces
};

/** A forwarding box: plain data. */
struct RouterConfig
{
    std::string name; //!< with the seed it determines the box's random choices
    std::vector<RouterInterface> interfaces;
    std::vector<Route> routes;

    bool answersPing{true};     //!< on every address of its own, the NAT's pool included
    bool sendsIcmpErrors{true}; //!< false: never, a firewall's reject excepted
    /**
     * Outside interfaces do not say that a port or protocol is closed, as consumer devices do not;
     * false: they answer with ICMP unreachable or a TCP reset.
     */
    bool silentOutside{true};
    /**
     * Fragments are put together before NAT and firewall, as Linux does with connection tracking;
     * the packet is cut again on the way out where it has to be. Fragments for the box itself are
     * put together always.
     */
    bool reassembles{false};
    ReassemblerConfig reassembly;
    std::uint8_t ttl{64}; //!< of packets that the box makes

    /** An empty pool stands for the addresses of the outside interfaces. */
    std::optional<NatConfig> nat;
    std::optional<FirewallConfig> firewall;
};

} // namespace nattlab

#endif
