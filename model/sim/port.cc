// SPDX-License-Identifier: GPL-2.0-only
#include "model/sim/port.h"

#include "ns3/packet.h"
#include "ns3/tag.h"

#include <map>
#include <utility>

namespace ns3
{
namespace nattlab
{

namespace
{

constexpr uint16_t ETHERTYPE_IPV4 = 0x0800;

/** Carries the connection of a packet through a foreign device. */
class ConnectionTag : public Tag
{
  public:
    static TypeId GetTypeId()
    {
        static TypeId tid = TypeId("ns3::nattlab::ConnectionTag")
                                .SetParent<Tag>()
                                .SetGroupName("Nattlab")
                                .AddConstructor<ConnectionTag>();
        return tid;
    }

    TypeId GetInstanceTypeId() const override
    {
        return GetTypeId();
    }

    uint32_t GetSerializedSize() const override
    {
        return sizeof(uint32_t);
    }

    void Serialize(TagBuffer buffer) const override
    {
        buffer.WriteU32(connection);
    }

    void Deserialize(TagBuffer buffer) override
    {
        connection = buffer.ReadU32();
    }

    void Print(std::ostream& os) const override
    {
        os << "connection " << connection;
    }

    ::nattlab::ConnectionId connection{0};
};

NS_OBJECT_ENSURE_REGISTERED(ConnectionTag);

} // namespace

/** A device of ns-3 that carries ns-3 packets. */
class Port::Foreign
{
  public:
    Foreign(Ptr<NetDevice> device, Receiver receiver, ::nattlab::Tracer tracer)
        : m_device(device),
          m_receiver(std::move(receiver)),
          m_tracer(tracer)
    {
        m_device->SetReceiveCallback(MakeCallback(&Foreign::Arrive, this));
    }

    ~Foreign()
    {
        m_device->SetReceiveCallback(NetDevice::ReceiveCallback());
    }

    void Transmit(::nattlab::Ipv4Address nextHop, ::nattlab::Packet packet)
    {
        auto carried =
            Create<Packet>(packet.bytes.data(), static_cast<uint32_t>(packet.bytes.size()));
        ConnectionTag tag;
        tag.connection = packet.tag.connection;
        carried->AddPacketTag(tag);
        m_tracer.Consumed(packet.tag);
        const auto neighbor = m_neighbors.find(nextHop);
        m_device->Send(carried,
                       neighbor != m_neighbors.end() ? neighbor->second : m_device->GetBroadcast(),
                       ETHERTYPE_IPV4);
    }

    void AddNeighbor(::nattlab::Ipv4Address address, Address device)
    {
        m_neighbors[address] = device;
    }

  private:
    bool Arrive(Ptr<NetDevice>, Ptr<const Packet> carried, uint16_t protocol, const Address&)
    {
        if (protocol != ETHERTYPE_IPV4)
        {
            return false;
        }
        ConnectionTag tag;
        carried->PeekPacketTag(tag);
        ::nattlab::Packet packet;
        packet.tag = m_tracer.NewPacket(tag.connection);
        packet.bytes.resize(carried->GetSize());
        carried->CopyData(packet.bytes.data(), static_cast<uint32_t>(packet.bytes.size()));
        m_receiver(std::move(packet));
        return true;
    }

    Ptr<NetDevice> m_device;
    Receiver m_receiver;
    ::nattlab::Tracer m_tracer;
    std::map<::nattlab::Ipv4Address, Address> m_neighbors;
};

Port::Port() = default;
Port::Port(Port&& other) noexcept = default;
Port& Port::operator=(Port&& other) noexcept = default;
Port::~Port() = default;

Port::Port(Ptr<NetDevice> device, Receiver receiver, ::nattlab::Tracer tracer)
    : m_link(DynamicCast<LinkDevice>(device))
{
    if (m_link)
    {
        m_channel = m_link->GetLink();
        m_link->SetReceiver(std::move(receiver));
    }
    else
    {
        m_foreign = std::make_unique<Foreign>(device, std::move(receiver), tracer);
    }
}

void
Port::Transmit(::nattlab::Ipv4Address nextHop, ::nattlab::Packet packet)
{
    if (m_link)
    {
        m_link->Transmit(nextHop, std::move(packet));
    }
    else
    {
        m_foreign->Transmit(nextHop, std::move(packet));
    }
}

void
Port::AddAddress(::nattlab::Ipv4Address address, ::nattlab::Region engine)
{
    if (m_link)
    {
        m_channel->AddAddress(address, m_link, engine);
    }
}

void
Port::AddNeighbor(::nattlab::Ipv4Address address, Address device)
{
    if (m_foreign)
    {
        m_foreign->AddNeighbor(address, device);
    }
}

void
Port::Prefetch() const
{
    if (m_link)
    {
        ::nattlab::Prefetch(*m_link);
        ::nattlab::Prefetch(m_channel->Hot());
    }
}

} // namespace nattlab
} // namespace ns3
