// SPDX-License-Identifier: GPL-2.0-only
#ifndef NATTLAB_ENDPOINT_IP_LAYER_H
#define NATTLAB_ENDPOINT_IP_LAYER_H

#include "model/firewall/firewall.h"
#include "model/packet/address.h"
#include "model/packet/fragment.h"
#include "model/packet/ipv4.h"
#include "model/packet/packet.h"
#include "model/packet/short-list.h"
#include "model/trace/event-log.h"

#include <cstdint>
#include <functional>
#include <memory>
#include <optional>
#include <string>
#include <vector>

namespace nattlab
{

/** How a host's IPv4 behaves. */
struct IpConfig
{
    Ipv4Prefix address;
    std::optional<Ipv4Address> gateway;
    std::size_t mtu{1500}; //!< bytes
    std::uint8_t ttl{128}; //!< of packets sent; Windows sends 128
    ReassemblerConfig reassembly;
    std::optional<FirewallConfig> firewall;
};

/** A packet that a host puts on its link. */
struct HostTransmission
{
    Ipv4Address nextHop;
    Packet packet;
};

using HostTransmissions = ShortList<HostTransmission, 1>;

/**
 * A host's IPv4 on its one link: header, identification, host firewall, fragments, next hop.
 *
 * It accounts for every packet: what Send makes goes out or is dropped; what Receive takes comes
 * back whole, waits for its other fragments, or is dropped.
 */
class IpLayer
{
  public:
    IpLayer(IpConfig config, Tracer tracer);

    Ipv4Address Address() const
    {
        return m_config.address.address;
    }

    const IpConfig& Config() const
    {
        return m_config;
    }

    /** \return true when there is a host firewall to ask. */
    bool HasFirewall() const
    {
        return m_firewall != nullptr;
    }

    /** Send a transport segment in a new packet. */
    void Send(Ipv4Address destination,
              std::uint8_t protocol,
              ByteView segment,
              ConnectionId connection,
              Instant now,
              HostTransmissions& out);

    /** Send a whole IPv4 packet that something above the host made, such as an ns-3 stack. */
    void SendWhole(Bytes bytes, ConnectionId connection, Instant now, HostTransmissions& out);

    /**
     * Send an ICMP error about a packet that came in, where RFC 1122 3.2.2 allows one.
     * \param about the packet as it came
     */
    void SendIcmpError(const Packet& about,
                       std::uint8_t type,
                       std::uint8_t code,
                       Instant now,
                       HostTransmissions& out);

    /** \return the packet, whole and admitted, for the layers above; they end it. */
    std::optional<Packet> Receive(Packet packet, Instant now, HostTransmissions& out);

    /**
     * Ask the host firewall about a packet that came out of ESP or PPP.
     * \param interface the name rules know it by: "ipsec" or "ppp"
     */
    FirewallDecision DecideInner(ByteView packet, const char* interface, Instant now);

    void Expire(Instant now);

    std::optional<Instant> Deadline() const;

    /** Forget fragments and connections. */
    void Reset(Instant now, Reason reason);

    /**
     * What an IPsec policy forbids.
     * \return the name of the rule that forbids this packet
     */
    using Guard = std::function<std::optional<std::string>(ByteView packet, bool outbound)>;

    /** Ask \p guard about every packet, sent or received; null: nobody. */
    void SetGuard(Guard guard);

    /** Replace the host firewall's rules. */
    void SetFirewall(FirewallConfig config);

    const Tracer& Trace() const
    {
        return m_tracer;
    }

  private:
    bool Forbids(const Packet& packet, bool outbound, Instant now) const;
    void Transmit(Packet packet, Instant now, HostTransmissions& out);
    void Record(EventType type, const Packet& packet, Instant now, std::size_t value) const;

    Tracer m_tracer;
    std::uint16_t m_nextId{1};
    Guard m_guard;
    std::unique_ptr<Firewall> m_firewall; //!< null without one
    Reassembler m_reassembler;
    IpConfig m_config;
};

} // namespace nattlab

#endif
