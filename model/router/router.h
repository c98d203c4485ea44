// SPDX-License-Identifier: GPL-2.0-only
#ifndef NATTLAB_ROUTER_ROUTER_H
#define NATTLAB_ROUTER_ROUTER_H

#include "model/firewall/firewall.h"
#include "model/nat/nat.h"
#include "model/packet/address-set.h"
#include "model/packet/address.h"
#include "model/packet/fragment.h"
#include "model/packet/packet.h"
#include "model/packet/prefetch.h"
#include "model/packet/short-list.h"
#include "model/packet/time.h"
#include "model/router/received-head.h"
#include "model/router/route-table.h"
#include "model/router/router-config.h"
#include "model/trace/event-log.h"
#include "model/trace/reason.h"

#include <cstddef>
#include <cstdint>
#include <memory>
#include <optional>
#include <string>
#include <vector>

namespace nattlab
{

/** A packet on its way out of a box. */
struct Transmission
{
    std::size_t interface {
        0
    };                   //!< index into RouterConfig::interfaces
    Ipv4Address nextHop; //!< whose link address the packet goes to
    Packet packet;
};

/** What leaves a box at a time: nearly always one packet. */
using Transmissions = ShortList<Transmission, 1>;

/**
 * A forwarding box: routes, TTL, MTU, ICMP errors, and a NAT and a firewall where it has them
 * (RFC 1812).
 *
 * The way of a packet: translation of the destination; delivery to the box itself, or TTL and
 * route; firewall, which so sees inside addresses in both directions; translation of the source;
 * MTU. An ICMP error quotes the packet as it was received.
 *
 * Every packet received leaves in a Transmission, is taken in (Tracer::Consumed) or is dropped,
 * now or in a later call.
 */
class Router
{
  public:
    /**
     * \param config the box; every Route::interface must be an index into its interfaces
     * \param seed the scenario's seed
     * \param tracer the box's pen
     * \throws std::out_of_range for a route over an interface that is not there
     */
    Router(RouterConfig config, std::uint64_t seed, Tracer tracer);

    /**
     * Take a packet from a link.
     * \param interface index of the interface that it came in on
     * \throws std::out_of_range when there is no such interface
     */
    Transmissions Receive(std::size_t interface, Packet packet, Instant now);

    /** See nattlab::Prefetch: a packet is about to come. */
    void Prefetch() const;

    /** \return where in memory that part of the box is which each packet needs. */
    Region Hot() const
    {
        return RegionBetween(this, &m_config.nat);
    }

    /** Do what is due: fragments that waited too long, idle mappings and connections. */
    Transmissions Expire(Instant now);

    /** \return when Expire has something to do that others can see. */
    std::optional<Instant> Deadline() const;

    /** Start again: NAT mappings, connections, counters and held fragments are lost. */
    void Reboot(Instant now);

    /** Change the firewall's rules; a box without a firewall gets a stateful one. */
    void SetFirewallRules(std::vector<FirewallRule> rules,
                          FirewallDefaults defaults,
                          ConnectionsAtChange connections);

    /** \return true for addresses of interfaces and of the NAT's pool. */
    bool OwnsAddress(Ipv4Address address) const;

    /**
     * \return the addresses that the box answers for on the interface's link: its own and, on an
     * outside interface, the NAT's pool
     */
    std::vector<Ipv4Address> AddressesOn(std::size_t interface) const;

    const RouterConfig& Config() const
    {
        return m_config;
    }

    /** \return the NAT, or null. */
    const Nat* GetNat() const
    {
        return m_nat ? &*m_nat : nullptr;
    }

    /** \return the firewall, or null. */
    const Firewall* GetFirewall() const
    {
        return m_firewall.get();
    }

  private:
    /** A packet under way through the box. */
    struct Transit
    {
        std::size_t in{0}; //!< interface
        Packet packet;
        ReceivedHead received;
        std::string admittedBy{}; //!< rule, or mapping where there is no firewall
    };

    bool IsInside(std::size_t interface) const;
    bool IsOutside(std::size_t interface) const;
    bool IsBroadcast(Ipv4Address address) const;
    bool Reassemble(Packet& packet, Instant now);
    void Process(Transit transit, Transmissions& out, Instant now);
    void ProcessReleased(std::size_t in, Transmissions& out, Instant now);
    void Forward(Transit transit, Transmissions& out, Instant now);
    bool Filter(Transit& transit, const FirewallContext& context, Transmissions& out, Instant now);
    bool TranslateSource(Transit& transit, std::size_t interface, Instant now);
    void Deliver(Transit transit, const NatResult& nat, Transmissions& out, Instant now);
    void Emit(Transit transit, const Route& route, Transmissions& out, Instant now);
    void Transmit(Packet packet, const Route& route, Transmissions& out, Instant now);
    void SendError(const Transit& transit,
                   std::uint8_t type,
                   std::uint8_t code,
                   std::uint32_t rest,
                   Transmissions& out,
                   Instant now);
    void SendOwn(Bytes bytes, ConnectionId connection, Transmissions& out, Instant now);
    Ipv4Address AddressTowards(Ipv4Address destination, std::size_t otherwise) const;
    void Record(EventType type,
                const Packet& packet,
                Instant now,
                std::int64_t value = 0,
                std::string subject = {}) const;

    // What each packet needs stands together, and ends with the first part of m_config.
    Tracer m_tracer;
    std::optional<Nat> m_nat;
    std::unique_ptr<Firewall> m_firewall;
    RouteTable m_routes;
    AddressSet m_own;                  //!< of interfaces
    AddressSet m_broadcast;            //!< of their networks
    std::uint16_t m_identification{0}; //!< of the last packet made
    Reassembler m_reassembler;
    RouterConfig m_config;
};

} // namespace nattlab

#endif
