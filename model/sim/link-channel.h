// SPDX-License-Identifier: GPL-2.0-only
#ifndef NATTLAB_SIM_LINK_CHANNEL_H
#define NATTLAB_SIM_LINK_CHANNEL_H

#include "model/crypto/random.h"
#include "model/packet/flow.h"
#include "model/packet/hash-table.h"
#include "model/packet/packet.h"
#include "model/packet/prefetch.h"
#include "model/packet/time.h"
#include "model/trace/event-log.h"

#include "ns3/channel.h"
#include "ns3/nstime.h"
#include "ns3/traced-callback.h"

#include <cstdint>
#include <functional>
#include <optional>
#include <string>
#include <vector>

namespace ns3
{
namespace nattlab
{

class LinkDevice;

/** \return ns-3's time for an instant of the engines. */
inline Time
ToNs3(::nattlab::Duration duration)
{
    return NanoSeconds(duration.count());
}

/** \return the simulator's present time as the engines know it. */
::nattlab::Instant Now();

/** Who answers for an address of a link. */
struct Neighbor
{
    LinkDevice* device{nullptr};
    const void* engine{nullptr}; //!< what takes its packets; see nattlab::Prefetch
    std::uint32_t engineSize{0}; //!< bytes
    std::uint32_t node{0};       //!< that the device is on
};

/** The neighbour that a device sent to last. */
struct LastNeighbor
{
    ::nattlab::Ipv4Address address;
    std::uint32_t changes{0}; //!< of the link's addresses when it was found
    Neighbor neighbor;
};

/** Which packets on a link are meant; a packet matches all that is given. */
struct PacketMatch
{
    std::optional<::nattlab::Ipv4Address> source;
    std::optional<::nattlab::Ipv4Address> destination;
    std::optional<std::uint8_t> protocol;
    std::optional<std::uint16_t> port; //!< either port of UDP or TCP
    std::size_t minLength{0};          //!< bytes of the IPv4 packet

    bool Matches(const ::nattlab::Flow& flow) const;
};

/** Packets that the scenario wants lost on a link. */
struct InjectedDrop
{
    PacketMatch match;
    std::uint64_t skip{0};  //!< matching packets that pass first
    std::uint64_t count{1}; //!< matching packets that are then lost
};

/** How a link treats packets. */
struct LinkConfig
{
    std::optional<double> rate;      //!< bit/s of IPv4 bytes; none: no time for sending
    ::nattlab::Duration delay{0};    //!< from the last bit sent to the last bit received
    std::size_t mtu{1500};           //!< bytes of the largest IPv4 packet
    std::size_t queue{100};          //!< packets that wait at a sender, the one sent included
    double loss{0};                  //!< probability, 0 to 1
    std::vector<InjectedDrop> drops; //!< faults
    std::vector<PacketMatch> watch;  //!< packets to be recorded as sighted
};

/**
 * A segment that joins the devices of hosts and boxes: a point-to-point link with two, a LAN with
 * more. The next hop's IPv4 address chooses the receiver, so there is no ARP and no broadcast.
 *
 * One simulator event per packet: sending is modelled by the time until which each sender is busy.
 */
class LinkChannel : public Channel
{
  public:
    static TypeId GetTypeId();

    LinkChannel();
    ~LinkChannel() override;

    /** Set behaviour and name; to be called before the first packet. */
    void Configure(LinkConfig config,
                   const std::string& name,
                   std::uint64_t seed,
                   ::nattlab::Tracer tracer);

    const LinkConfig& GetConfig() const;

    const std::string& GetName() const;

    /** Add a device; LinkDevice::Attach calls it. */
    void Attach(Ptr<LinkDevice> device);

    /**
     * Packets whose next hop is \p address go to \p device.
     * \param engine where in memory that is which takes them; see nattlab::Prefetch
     */
    void AddAddress(::nattlab::Ipv4Address address,
                    Ptr<LinkDevice> device,
                    ::nattlab::Region engine = {});

    /** Send a packet. It is queued, delivered later or dropped, always accounted for. */
    void Transmit(LinkDevice& from, ::nattlab::Ipv4Address nextHop, ::nattlab::Packet packet);

    /** Switch the link off or on; what is under way still arrives. */
    void SetUp(bool up);

    /** Change the loss probability. */
    void SetLoss(double loss);

    /** \return where in memory that part is which each packet needs; see nattlab::Prefetch. */
    ::nattlab::Region Hot() const
    {
        return ::nattlab::RegionBetween(this, &m_byAddress);
    }

    std::size_t GetNDevices() const override;
    Ptr<NetDevice> GetDevice(std::size_t i) const override;

    /** Sees every packet that is put on the link, whether or not it arrives. */
    using Sniffer = std::function<void(::nattlab::Instant, const ::nattlab::Bytes&)>;

    /** There is one sniffer at a time; trace source "Packet" serves any number of others. */
    void SetSniffer(Sniffer sniffer);

    /** Signature of the trace source "Packet": every packet put on the link. */
    using PacketCallback = void (*)(Time, const ::nattlab::Bytes&);

  protected:
    void DoDispose() override;

  private:
    class Delivery;

    Neighbor Find(LinkDevice& from, ::nattlab::Ipv4Address nextHop) const;
    bool IsLost();
    bool IsInjectedDrop(const ::nattlab::Flow& flow);
    void Watch(const ::nattlab::Packet& packet, const ::nattlab::Flow& flow);

    // What each packet needs stands together: in a large network it comes from memory each time.
    bool m_up{true};
    std::uint32_t m_changes{1}; //!< of m_byAddress
    LinkConfig m_config;
    ::nattlab::Tracer m_tracer;
    Sniffer m_sniffer;
    TracedCallback<Time, const ::nattlab::Bytes&> m_packetTrace;
    ::nattlab::HashTable<::nattlab::Ipv4Address, Neighbor> m_byAddress;
    std::string m_name;
    std::uint64_t m_seed{0};
    std::optional<::nattlab::RandomStream> m_random; //!< made with the first lossy packet
    std::vector<std::uint64_t> m_dropMatches; //!< packets that matched each injected drop so far
    std::vector<Ptr<LinkDevice>> m_devices;
};

} // namespace nattlab
} // namespace ns3

#endif
