// SPDX-License-Identifier: GPL-2.0-only
#ifndef NATTLAB_SIM_PORT_H
#define NATTLAB_SIM_PORT_H

#include "model/packet/address.h"
#include "model/packet/packet.h"
#include "model/sim/link-device.h"
#include "model/trace/event-log.h"

#include "ns3/address.h"
#include "ns3/net-device.h"

#include <functional>
#include <memory>

namespace ns3
{
namespace nattlab
{

/**
 * Where an engine's packets go to and come from: one network device of its node.
 *
 * A LinkDevice carries the engines' packets as they are. Any other device of ns-3 gets them in ns-3
 * packets, and the account of each ends there and begins anew where it comes out, since what
 * happens between is not nattlab's.
 */
class Port
{
  public:
    using Receiver = std::function<void(::nattlab::Packet)>;

    /** A port without a device: it may only be assigned to. */
    Port();

    /**
     * \param device already added to its node
     * \param receiver is given what arrives
     * \param tracer the host's or box's pen
     */
    Port(Ptr<NetDevice> device, Receiver receiver, ::nattlab::Tracer tracer);

    Port(Port&& other) noexcept;
    Port& operator=(Port&& other) noexcept;
    ~Port();

    /** Send a packet to a neighbour. */
    void Transmit(::nattlab::Ipv4Address nextHop, ::nattlab::Packet packet);

    /**
     * The engine answers for one more address on this port's link.
     * \param engine where in memory it is; see nattlab::Prefetch
     */
    void AddAddress(::nattlab::Ipv4Address address, ::nattlab::Region engine);

    /**
     * Tell where a neighbour is, on a foreign device with more than two ends; without it packets
     * go to the device's broadcast address. A link finds its devices by IPv4 address.
     */
    void AddNeighbor(::nattlab::Ipv4Address address, Address device);

    /** See nattlab::Prefetch: a packet may be about to go out. */
    void Prefetch() const;

  private:
    class Foreign;

    Ptr<LinkDevice> m_link;
    Ptr<LinkChannel> m_channel;         //!< its link
    std::unique_ptr<Foreign> m_foreign; //!< when the device is not a LinkDevice
};

} // namespace nattlab
} // namespace ns3

#endif
