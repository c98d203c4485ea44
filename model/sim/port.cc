// SPDX-License-Identifier: GPL-2.0-only
#include "model/sim/port.h"

#include "model/sim/link-device.h"

#include "ns3/packet.h"
#include "ns3/tag.h"

#include <utility>

namespace ns3
{
namespace nattlab
{

namespace
{

constexpr uint16_t ETHERTYPE_IPV4 = 0x0800;

class LinkPort : public Port
{
  public:
    LinkPort(Ptr<LinkDevice> device, Receiver receiver)
        : m_device(device)
    {
        m_device->SetReceiver(std::move(receiver));
    }

    void Transmit(::nattlab::Ipv4Address nextHop, ::nattlab::Packet packet) override
    {
        m_device->Transmit(nextHop, std::move(packet));
    }

    void AddAddress(::nattlab::Ipv4Address address) override
    {
        m_device->GetLink()->AddAddress(address, m_device);
    }

    void AddNeighbor(::nattlab::Ipv4Address, Address) override
    {
        // The link finds its devices by IPv4 address.
    }

  private:
    Ptr<LinkDevice> m_device;
};

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

class NetDevicePort : public Port
{
  public:
    NetDevicePort(Ptr<NetDevice> device, Receiver receiver, ::nattlab::Tracer tracer)
        : m_device(device),
          m_receiver(std::move(receiver)),
          m_tracer(tracer)
    {
        m_device->SetReceiveCallback(MakeCallback(&NetDevicePort::Arrive, this));
    }

    ~NetDevicePort() override
    {
        m_device->SetReceiveCallback(NetDevice::ReceiveCallback());
    }

    void Transmit(::nattlab::Ipv4Address nextHop, ::nattlab::Packet packet) override
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

    void AddAddress(::nattlab::Ipv4Address) override
    {
        // Neighbours are told by AddNeighbor.
    }

    void AddNeighbor(::nattlab::Ipv4Address address, Address device) override
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

NS_OBJECT_ENSURE_REGISTERED(ConnectionTag);

} // namespace

std::unique_ptr<Port>
MakePort(Ptr<NetDevice> device, Port::Receiver receiver, ::nattlab::Tracer tracer)
{
    if (Ptr<LinkDevice> link = DynamicCast<LinkDevice>(device))
    {
        return std::make_unique<LinkPort>(link, std::move(receiver));
    }
    return std::make_unique<NetDevicePort>(device, std::move(receiver), tracer);
}

} // namespace nattlab
} // namespace ns3
