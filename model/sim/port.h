// SPDX-License-Identifier: GPL-2.0-only
#ifndef NATTLAB_SIM_PORT_H
#define NATTLAB_SIM_PORT_H

#include "model/packet/address.h"
#include "model/packet/packet.h"
#include "model/trace/event-log.h"

#include "ns3/address.h"
#include "ns3/net-device.h"

#include <functional>
#include <map>
#include <memory>

namespace ns3
{
namespace nattlab
{

/** Where an engine's packets go to and come from: one network device of its node. */
class Port
{
  public:
    using Receiver = std::function<void(::nattlab::Packet)>;

    virtual ~Port() = default;

    /** Send a packet to a neighbour. */
    virtual void Transmit(::nattlab::Ipv4Address nextHop, ::nattlab::Packet packet) = 0;

    /** The engine answers for one more address on this port's link. */
    virtual void AddAddress(::nattlab::Ipv4Address address) = 0;

    /**
     * Tell where a neighbour is, on a foreign device with more than two ends; without it packets
     * go to the device's broadcast address.
     */
    virtual void AddNeighbor(::nattlab::Ipv4Address address, Address device) = 0;
};

/**
 * Make the port for a device: a LinkDevice carries the engines' packets as they are; any other
 * device of ns-3 gets them in ns-3 packets, and the account of each ends there and begins anew
 * where it comes out, since what happens between is not nattlab's.
 *
 * \param device already added to its node
 * \param receiver is given what arrives
 * \param tracer the host's or box's pen
 */
std::unique_ptr<Port>
MakePort(Ptr<NetDevice> device, Port::Receiver receiver, ::nattlab::Tracer tracer);

} // namespace nattlab
} // namespace ns3

#endif
