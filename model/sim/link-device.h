// SPDX-License-Identifier: GPL-2.0-only
#ifndef NATTLAB_SIM_LINK_DEVICE_H
#define NATTLAB_SIM_LINK_DEVICE_H

#include "model/packet/fifo.h"
#include "model/sim/link-channel.h"

#include "model/packet/address.h"
#include "model/packet/packet.h"
#include "model/packet/time.h"

#include "ns3/mac48-address.h"
#include "ns3/net-device.h"
#include "ns3/node.h"

#include <functional>
#include <optional>

namespace ns3
{
namespace nattlab
{

/**
 * The network device at one end of a LinkChannel.
 *
 * Engines use the raw side: Transmit() and SetReceiver() move IPv4 packets as bytes. An ns-3
 * Internet stack can be installed on the device as well: it then carries IPv4 packets of that
 * stack, needs no ARP, and finds the next hop by SetNextHop().
 */
class LinkDevice : public NetDevice
{
  public:
    static TypeId GetTypeId();

    using Receiver = std::function<void(::nattlab::Packet)>;

    /** Join a channel, once a node has the device; \p address is what neighbours send to. */
    void Attach(Ptr<LinkChannel> channel, const ::nattlab::Ipv4Prefix& address);

    /** Give packets that arrive to an engine instead of to the node's ns-3 stack. */
    void SetReceiver(Receiver receiver);

    /** Send at another rate than the channel's, in bit/s. */
    void SetRate(std::optional<double> rate);

    /** For an ns-3 stack on this device: where packets for other networks go. */
    void SetNextHop(::nattlab::Ipv4Address gateway);

    /** For an ns-3 stack on this device: the log that its packets are accounted in. */
    void SetTracer(::nattlab::Tracer tracer);

    /** Send a packet of an engine. */
    void Transmit(::nattlab::Ipv4Address nextHop, ::nattlab::Packet packet);

    /** A packet comes off the link; LinkChannel calls it. */
    void Arrive(::nattlab::Packet packet);

    /**
     * Take a place in the send queue.
     * \return when the last bit will have left; nothing when the queue is full.
     */
    std::optional<::nattlab::Instant>
    Occupy(::nattlab::Instant now, std::size_t bytes, const LinkConfig& config);

    Ptr<LinkChannel> GetLink() const;

    /** For the channel: what it found for this device last. */
    LastNeighbor& Last()
    {
        return m_last;
    }

    // Inherited from NetDevice.
    void SetIfIndex(const uint32_t index) override;
    uint32_t GetIfIndex() const override;
    Ptr<Channel> GetChannel() const override;
    void SetAddress(Address address) override;
    Address GetAddress() const override;
    bool SetMtu(const uint16_t mtu) override;
    uint16_t GetMtu() const override;
    bool IsLinkUp() const override;
    void AddLinkChangeCallback(Callback<void> callback) override;
    bool IsBroadcast() const override;
    Address GetBroadcast() const override;
    bool IsMulticast() const override;
    Address GetMulticast(ns3::Ipv4Address multicastGroup) const override;
    Address GetMulticast(Ipv6Address address) const override;
    bool IsBridge() const override;
    bool IsPointToPoint() const override;
    bool Send(Ptr<ns3::Packet> packet, const Address& dest, uint16_t protocolNumber) override;
    bool SendFrom(Ptr<ns3::Packet> packet,
                  const Address& source,
                  const Address& dest,
                  uint16_t protocolNumber) override;
    Ptr<Node> GetNode() const override;
    void SetNode(Ptr<Node> node) override;
    bool NeedsArp() const override;
    void SetReceiveCallback(NetDevice::ReceiveCallback callback) override;
    void SetPromiscReceiveCallback(NetDevice::PromiscReceiveCallback callback) override;
    bool SupportsSendFrom() const override;

  protected:
    void DoDispose() override;

  private:
    // What each packet needs stands together, as in LinkChannel.
    Ptr<LinkChannel> m_channel;
    LastNeighbor m_last;
    std::optional<double> m_rate;
    ::nattlab::Fifo<::nattlab::Instant> m_leaving; //!< when each queued packet will have been sent
    Receiver m_receiver;
    ::nattlab::Tracer m_tracer;
    Ptr<Node> m_node;
    ::nattlab::Ipv4Prefix m_address;
    ::nattlab::Ipv4Address m_gateway;
    NetDevice::ReceiveCallback m_up;
    Mac48Address m_mac;
    uint32_t m_ifIndex{0};
};

} // namespace nattlab
} // namespace ns3

#endif
