// SPDX-License-Identifier: GPL-2.0-only
#ifndef NATTLAB_SIM_ROUTER_ADAPTER_H
#define NATTLAB_SIM_ROUTER_ADAPTER_H

#include "model/packet/short-list.h"
#include "model/router/router.h"
#include "model/sim/deadline-timer.h"
#include "model/sim/port.h"

#include "ns3/net-device.h"
#include "ns3/object.h"

#include <optional>
#include <vector>

namespace ns3
{
namespace nattlab
{

/**
 * Puts a forwarding box (::nattlab::Router) on a node: packets of the node's devices go into the
 * engine, what it sends goes out of them, and ns-3's clock tells it the time.
 */
class RouterAdapter : public Object
{
  public:
    static TypeId GetTypeId();

    ~RouterAdapter() override;

    /**
     * Make the box.
     * \param config its interfaces in the order in which Attach will be called
     * \param seed the scenario's
     * \param tracer the box's pen
     */
    void Configure(::nattlab::RouterConfig config, std::uint64_t seed, ::nattlab::Tracer tracer);

    /** Give the next interface its device, a LinkDevice or any other of ns-3. */
    void Attach(Ptr<NetDevice> device);

    /**
     * \return the port of an interface
     * \throws std::out_of_range when there is no such interface
     */
    Port& GetPort(std::size_t interface);

    /** \return the box itself, for views. */
    const ::nattlab::Router& GetRouter() const;

    /** Start the box again. It drops everything for \p downTime. */
    void Reboot(::nattlab::Duration downTime);

    /** The run is over: account for packets that the box still holds. */
    void Finish();

    /** Change the firewall's rules; tracked connections stay, as on most products. */
    void SetFirewallRules(std::vector<::nattlab::FirewallRule> rules,
                          ::nattlab::FirewallDefaults defaults);

  protected:
    void DoDispose() override;

  private:
    void Receive(std::size_t interface, ::nattlab::Packet packet);
    void Send(::nattlab::Transmissions transmissions);

    ::nattlab::Tracer m_tracer;
    ::nattlab::ShortList<Port, 2> m_ports; //!< by interface
    ::nattlab::Instant m_upAgain;          //!< what comes before is dropped
    std::optional<DeadlineTimer> m_timer;
    std::optional<::nattlab::Router> m_router; //!< the last, for what is asked for at once
};

} // namespace nattlab
} // namespace ns3

#endif
