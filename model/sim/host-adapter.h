// SPDX-License-Identifier: GPL-2.0-only
#ifndef NATTLAB_SIM_HOST_ADAPTER_H
#define NATTLAB_SIM_HOST_ADAPTER_H

#include "model/endpoint/host.h"
#include "model/sim/deadline-timer.h"
#include "model/sim/port.h"

#include "ns3/event-id.h"
#include "ns3/ipv4.h"
#include "ns3/net-device.h"
#include "ns3/node.h"
#include "ns3/object.h"
#include "ns3/virtual-net-device.h"

#include <functional>
#include <memory>
#include <optional>
#include <set>

namespace ns3
{
namespace nattlab
{

/**
 * Puts a VPN host (::nattlab::Host) on a node: packets of the node's device go into the engine,
 * what it sends goes out, and ns-3's clock tells it the time.
 *
 * InstallStack adds ns-3's own Internet stack above it. The stack then sees two devices: the link,
 * with the host between as a bump in the wire, and the PPP interface, which gets its address when
 * a tunnel comes up. A server has one PPP device for all its clients. Applications of ns-3 run
 * over it unchanged.
 */
class HostAdapter : public Object
{
  public:
    static TypeId GetTypeId();

    /** Told about links that come up or go down and calls that fail. */
    using Listener = std::function<void(const ::nattlab::HostOutput&)>;

    ~HostAdapter() override;

    /** Makes the configuration that a host starts with. */
    using Boot = std::function<::nattlab::HostConfig()>;

    /**
     * Make the host when it is first wanted: most of a large network stays idle.
     * \param boot is called then
     * \param address of the host on its link
     * \param keys may be null; else it must outlive the adapter
     */
    void Configure(Boot boot,
                   ::nattlab::Ipv4Address address,
                   std::uint64_t seed,
                   ::nattlab::Tracer tracer,
                   ::nattlab::KeyLog* keys);

    /** Give the host its device, a LinkDevice or any other of ns-3. */
    void Attach(Ptr<NetDevice> device);

    /** Install ns-3's Internet stack (IPv4) on the node, above the host. Call it once. */
    void InstallStack();

    void SetListener(Listener listener);

    void Dial(const ::nattlab::CallRequest& request);
    void HangUp(::nattlab::ConnectionId connection);
    void StartTraffic(const ::nattlab::TrafficRequest& request);

    /** Switch the host off, and on again after \p downTime as \p boot then says. */
    void Reboot(::nattlab::Duration downTime, Boot boot);

    void StopService(::nattlab::Service service);
    void StartService(::nattlab::Service service, const ::nattlab::HostConfig& config);
    void SetPolicy(std::vector<::nattlab::PolicyRule> dynamic,
                   std::optional<::nattlab::IpsecPolicy> stored);

    void SetFirewall(::nattlab::FirewallConfig config);

    /** The run is over: report what still runs. */
    void Finish();

    Port& GetPort();

    /** \return the host; it is made now, if it was not wanted before. */
    const ::nattlab::Host& GetHost() const;

    /** \return true once the host was made. */
    bool IsAwake() const
    {
        return m_host != nullptr;
    }

  protected:
    void DoDispose() override;

  private:
    ::nattlab::Host& Wake() const;
    void Do(::nattlab::HostOutput output);
    void PowerOn(const Boot& boot);
    void RaisePpp(const ::nattlab::LinkUp& up);
    void LowerPpp(const ::nattlab::LinkDown& down);
    Ptr<VirtualNetDevice> MakeDevice(uint16_t mtu, VirtualNetDevice::SendCallback send);
    bool SendClear(Ptr<ns3::Packet> packet, const Address&, const Address&, uint16_t protocol);
    bool SendInner(Ptr<ns3::Packet> packet, const Address&, const Address&, uint16_t protocol);

    mutable std::unique_ptr<::nattlab::Host> m_host; //!< null until it is wanted
    Port m_port;
    std::optional<DeadlineTimer> m_timer;
    Ptr<VirtualNetDevice> m_ppp;
    Listener m_listener;
    ::nattlab::Tracer m_tracer;
    Boot m_boot;
    ::nattlab::Ipv4Address m_address;
    std::uint32_t m_boots{1};
    EventId m_powerOn;
    std::uint64_t m_seed{0};
    ::nattlab::KeyLog* m_keys{nullptr};
    Ptr<Ipv4> m_ipv4;
    Ptr<VirtualNetDevice> m_link;
    uint32_t m_pppInterface{0};
    std::set<std::uint32_t> m_clientNetworks; //!< /24s that the server routes to its PPP device
};

} // namespace nattlab
} // namespace ns3

#endif
