// SPDX-License-Identifier: GPL-2.0-only
#ifndef NATTLAB_ENDPOINT_HOST_H
#define NATTLAB_ENDPOINT_HOST_H

#include "model/endpoint/ip-layer.h"
#include "model/endpoint/security.h"
#include "model/endpoint/traffic.h"
#include "model/endpoint/tunnel.h"
#include "model/packet/shared.h"
#include "model/pki/store.h"

#include <cstdint>
#include <memory>
#include <optional>
#include <string>
#include <vector>

namespace nattlab
{

/** Everything that makes one host. */
struct HostConfig
{
    bool vpn{true};       //!< false: UDP 500, 1701, 4500 and protocol 50 are closed
    bool server{false};   //!< answers calls
    bool takesL2tp{true}; //!< a server's L2TP is on
    bool answersPing{true};
    bool sendsUnreachable{true}; //!< ICMP errors for closed ports and unknown protocols
    std::string name;            //!< the device; names its random streams
    std::string fqdn;
    IpConfig ip;
    IpsecConfig ipsec;
    Shared<ike::Profile> ike;
    Shared<l2tp::Config> l2tp;
    Shared<ppp::Config> ppp;
    std::optional<Bytes> presharedKey;              //!< for every peer without a key of its own
    std::shared_ptr<const pki::Store> certificates; //!< null: the host knows of none
    pki::UnixTime clock{0};                         //!< the host's calendar at the start of the run
    std::optional<ppp::AddressPool> addresses;      //!< for clients
};

/** A service of a host that can be stopped and started. */
enum class Service : std::uint8_t
{
    Ipsec,        //!< IKE and the SAs; Windows: PolicyAgent, "IPSEC Services"
    RemoteAccess, //!< L2TP, PPP and the filters for them; Windows: RasMan, RemoteAccess
};

/** What a host wants done after a call. */
struct HostOutput
{
    HostTransmissions transmissions;
    std::vector<LinkUp> up;
    std::vector<LinkDown> down;
    std::vector<CallFailed> failed;
    std::vector<InnerPacket> inner; //!< out of the tunnel, for a stack above; see SetStackAbove
    std::vector<Packet> clear;      //!< off the link and not IPsec's, for a stack above
};

/**
 * A whole VPN host without any simulator: IPv4 with a host firewall, IPsec policy, IKE, ESP, L2TP,
 * PPP, and enough of plain services (ping, UDP echo) to be tried out.
 *
 * Packets and the present go in; packets, notices and the next deadline come out. With a stack
 * above, it is a bump in the wire: what is not its own business is handed up, and what the stack
 * sends comes back through SendClear and SendInner.
 */
class Host
{
  public:
    /** \param keys receives the keys for Wireshark; may be null. */
    Host(HostConfig config, std::uint64_t seed, Tracer tracer, KeyLog* keys);

    /** An IP stack of ns-3 sits above: it answers pings and closed ports, not this host. */
    void SetStackAbove(bool above);

    /** See nattlab::Prefetch: a packet of \p connection is about to come. */
    void Prefetch(ConnectionId connection) const;

    /** A packet came off the link. */
    HostOutput Receive(Packet packet, Instant now);

    HostOutput Expire(Instant now);

    std::optional<Instant> Deadline() const;

    HostOutput Dial(const CallRequest& request, Instant now);

    HostOutput HangUp(ConnectionId connection, Instant now);

    HostOutput StartTraffic(const TrafficRequest& request, Instant now);

    /** The stack above sends a packet on the link. */
    HostOutput SendClear(Bytes packet, Instant now);

    /** The stack above sends a packet into the tunnel that leads to its destination. */
    HostOutput SendInner(ByteView packet, Instant now);

    /** Switch off: all state is lost, nobody is told, and what comes is dropped from now on. */
    HostOutput PowerOff(Instant now);

    /** \return false from PowerOff on. */
    bool IsOn() const
    {
        return m_on;
    }

    /** Stop a service: its peers are told, its state is lost. Nothing where it does not run. */
    HostOutput Stop(Service service, Instant now);

    /** Start a service with what it has read at its start. Nothing where it runs already. */
    HostOutput Start(Service service, const HostConfig& config, Instant now);

    /** See SecurityLayer::SetPolicy. */
    void SetPolicy(std::vector<PolicyRule> dynamic, std::optional<IpsecPolicy> stored);

    /** Replace the host firewall. */
    void SetFirewall(FirewallConfig config);

    /** End what still runs, so that it is reported; the run is over. */
    void Finish(Instant now);

    const HostConfig& Config() const
    {
        return m_config;
    }

    const SecurityLayer& Security() const
    {
        return m_security;
    }

    const TunnelLayer& Tunnels() const
    {
        return m_tunnels;
    }

  private:
    void Settle(Instant now, HostOutput& out);
    void SendTraffic(const TrafficPacket& packet, Instant now, HostOutput& out);
    void TakePlain(Packet packet, Instant now, HostOutput& out);
    void TakeInner(InnerPacket packet, Instant now, HostOutput& out);
    void SendInnerSegment(const LinkUp& link,
                          Ipv4Address destination,
                          std::uint8_t protocol,
                          ByteView segment,
                          ConnectionId connection,
                          Instant now,
                          HostOutput& out);

    Tracer m_tracer;
    bool m_on{true};
    bool m_stackAbove{false};
    std::uint16_t m_nextInnerId{1};
    TrafficSources m_traffic;
    IpLayer m_ip;
    SecurityLayer m_security;
    TunnelLayer m_tunnels;
    HashTable<l2tp::SessionKey, LinkUp> m_up;
    HostConfig m_config;
};

} // namespace nattlab

#endif
