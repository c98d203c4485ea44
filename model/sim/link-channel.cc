// SPDX-License-Identifier: GPL-2.0-only
#include "model/sim/link-channel.h"

#include "model/sim/link-device.h"

#include "model/packet/ipv4.h"

#include "ns3/event-impl.h"
#include "ns3/simulator.h"

#include <utility>

namespace ns3
{
namespace nattlab
{

using ::nattlab::Layer;
using ::nattlab::Packet;
using ::nattlab::Reason;

NS_OBJECT_ENSURE_REGISTERED(LinkChannel);

::nattlab::Instant
Now()
{
    return ::nattlab::Instant{::nattlab::Duration{Simulator::Now().GetNanoSeconds()}};
}

/** A packet on its way: delivers it, or accounts for it when the run ends first. */
class LinkChannel::Delivery : public EventImpl
{
  public:
    Delivery(LinkDevice* to, Packet packet, ::nattlab::Tracer tracer)
        : m_to(to),
          m_packet(std::move(packet)),
          m_tracer(tracer)
    {
    }

    ~Delivery() override
    {
        if (!m_done)
        {
            m_tracer.Consumed(m_packet.tag);
        }
    }

  private:
    void Notify() override
    {
        m_done = true;
        m_to->Arrive(std::move(m_packet));
    }

    LinkDevice* m_to;
    Packet m_packet;
    ::nattlab::Tracer m_tracer;
    bool m_done{false};
};

TypeId
LinkChannel::GetTypeId()
{
    static TypeId tid =
        TypeId("ns3::nattlab::LinkChannel")
            .SetParent<Channel>()
            .SetGroupName("Nattlab")
            .AddConstructor<LinkChannel>()
            .AddTraceSource("Packet",
                            "A raw IPv4 packet was put on the link: its time and bytes.",
                            MakeTraceSourceAccessor(&LinkChannel::m_packetTrace),
                            "ns3::nattlab::LinkChannel::PacketCallback");
    return tid;
}

LinkChannel::LinkChannel() = default;

LinkChannel::~LinkChannel() = default;

void
LinkChannel::Configure(LinkConfig config,
                       const std::string& name,
                       std::uint64_t seed,
                       ::nattlab::Tracer tracer)
{
    m_config = std::move(config);
    m_name = name;
    m_tracer = tracer;
    m_seed = seed;
    m_dropMatches.assign(m_config.drops.size(), 0);
}

const LinkConfig&
LinkChannel::GetConfig() const
{
    return m_config;
}

const std::string&
LinkChannel::GetName() const
{
    return m_name;
}

void
LinkChannel::Attach(Ptr<LinkDevice> device)
{
    m_devices.push_back(device);
}

void
LinkChannel::AddAddress(::nattlab::Ipv4Address address,
                        Ptr<LinkDevice> device,
                        ::nattlab::Region engine)
{
    m_byAddress[address] = {
        PeekPointer(device), engine.first, engine.size, device->GetNode()->GetId()};
    ++m_changes;
}

/** Most devices send to one neighbour only, their gateway. */
Neighbor
LinkChannel::Find(LinkDevice& from, ::nattlab::Ipv4Address nextHop) const
{
    LastNeighbor& last = from.Last();
    if (last.address != nextHop || last.changes != m_changes)
    {
        const auto it = m_byAddress.find(nextHop);
        last = {nextHop, m_changes, it == m_byAddress.end() ? Neighbor{} : it->second};
    }
    return last.neighbor;
}

bool
PacketMatch::Matches(const ::nattlab::Flow& flow) const
{
    const bool ports = flow.protocol == ::nattlab::IP_UDP || flow.protocol == ::nattlab::IP_TCP;
    return !(source && *source != flow.source) &&
           !(destination && *destination != flow.destination) &&
           !(protocol && *protocol != flow.protocol) &&
           !(port && (!ports || (*port != flow.sourcePort && *port != flow.destinationPort))) &&
           flow.length >= minLength;
}

bool
LinkChannel::IsInjectedDrop(const ::nattlab::Flow& flow)
{
    bool lost = false;
    for (std::size_t i = 0; i < m_config.drops.size(); ++i)
    {
        const InjectedDrop& drop = m_config.drops[i];
        if (drop.match.Matches(flow))
        {
            const std::uint64_t before = m_dropMatches[i]++;
            lost = lost || (before >= drop.skip && before < drop.skip + drop.count);
        }
    }
    return lost;
}

bool
LinkChannel::IsLost()
{
    if (m_config.loss <= 0)
    {
        return false;
    }
    if (!m_random)
    {
        m_random.emplace(m_seed, m_name, "link.loss");
    }
    return m_random->Uniform() < m_config.loss;
}

void
LinkChannel::Watch(const Packet& packet, const ::nattlab::Flow& flow)
{
    for (const PacketMatch& match : m_config.watch)
    {
        if (match.Matches(flow))
        {
            ::nattlab::Event event;
            event.time = Now();
            event.type = ::nattlab::EventType::PacketSighted;
            event.layer = Layer::Link;
            event.tag = packet.tag;
            event.flow = flow;
            m_tracer.Record(std::move(event));
            return;
        }
    }
}

void
LinkChannel::Transmit(LinkDevice& from, ::nattlab::Ipv4Address nextHop, Packet packet)
{
    const ::nattlab::Instant now = Now();
    if (!m_up)
    {
        m_tracer.Dropped(packet, now, Layer::Link, Reason::LinkDown);
        return;
    }
    const Neighbor to = Find(from, nextHop);
    if (!to.device || to.device == &from)
    {
        m_tracer.Dropped(
            packet, now, Layer::Link, Reason::LinkNoNeighbor, "next hop " + nextHop.ToString());
        return;
    }
    const auto sent = from.Occupy(now, packet.bytes.size(), m_config);
    if (!sent)
    {
        m_tracer.Dropped(packet, now, Layer::Link, Reason::LinkQueueFull);
        return;
    }
    if (m_sniffer)
    {
        m_sniffer(now, packet.bytes);
    }
    if (!m_packetTrace.IsEmpty())
    {
        m_packetTrace(Simulator::Now(), packet.bytes);
    }
    if (!m_config.drops.empty() || !m_config.watch.empty())
    {
        const ::nattlab::Flow flow = ::nattlab::FlowOf(packet.bytes);
        Watch(packet, flow);
        if (IsInjectedDrop(flow))
        {
            m_tracer.Dropped(packet, now, Layer::Link, Reason::LinkInjectedDrop);
            return;
        }
    }
    if (IsLost())
    {
        m_tracer.Dropped(packet, now, Layer::Link, Reason::LinkLoss);
        return;
    }
    // Others send before this packet is there.
    ::nattlab::Prefetch(*to.device);
    ::nattlab::Prefetch(::nattlab::Region{to.engine, to.engineSize});
    const ::nattlab::Duration after = *sent - now + m_config.delay;
    Simulator::ScheduleWithContext(
        to.node, ToNs3(after), new Delivery(to.device, std::move(packet), m_tracer));
}

void
LinkChannel::SetSniffer(Sniffer sniffer)
{
    m_sniffer = std::move(sniffer);
}

void
LinkChannel::SetUp(bool up)
{
    m_up = up;
}

void
LinkChannel::SetLoss(double loss)
{
    m_config.loss = loss;
}

std::size_t
LinkChannel::GetNDevices() const
{
    return m_devices.size();
}

Ptr<NetDevice>
LinkChannel::GetDevice(std::size_t i) const
{
    return m_devices.at(i);
}

void
LinkChannel::DoDispose()
{
    m_devices.clear();
    m_byAddress.clear();
    Channel::DoDispose();
}

} // namespace nattlab
} // namespace ns3
