// SPDX-License-Identifier: GPL-2.0-only
#include "model/sim/link-device.h"

#include "model/packet/ipv4.h"

#include "ns3/packet.h"

#include <cmath>
#include <utility>

namespace ns3
{
namespace nattlab
{

NS_OBJECT_ENSURE_REGISTERED(LinkDevice);

namespace
{

constexpr uint16_t ETHERTYPE_IPV4 = 0x0800;

} // namespace

TypeId
LinkDevice::GetTypeId()
{
    static TypeId tid = TypeId("ns3::nattlab::LinkDevice")
                            .SetParent<NetDevice>()
                            .SetGroupName("Nattlab")
                            .AddConstructor<LinkDevice>();
    return tid;
}

void
LinkDevice::Attach(Ptr<LinkChannel> channel, const ::nattlab::Ipv4Prefix& address)
{
    m_channel = channel;
    m_address = address;
    channel->Attach(this);
    channel->AddAddress(address.address, this);
}

void
LinkDevice::SetReceiver(Receiver receiver)
{
    m_receiver = std::move(receiver);
}

void
LinkDevice::SetRate(std::optional<double> rate)
{
    m_rate = rate;
}

void
LinkDevice::SetNextHop(::nattlab::Ipv4Address gateway)
{
    m_gateway = gateway;
}

void
LinkDevice::SetTracer(::nattlab::Tracer tracer)
{
    m_tracer = tracer;
}

void
LinkDevice::Transmit(::nattlab::Ipv4Address nextHop, ::nattlab::Packet packet)
{
    m_channel->Transmit(*this, nextHop, std::move(packet));
}

void
LinkDevice::Arrive(::nattlab::Packet packet)
{
    if (m_receiver)
    {
        m_receiver(std::move(packet));
        return;
    }
    m_tracer.Delivered(packet, Now());
    if (!m_up.IsNull())
    {
        m_up(this,
             Create<ns3::Packet>(packet.bytes.data(), packet.bytes.size()),
             ETHERTYPE_IPV4,
             GetBroadcast());
    }
}

std::optional<::nattlab::Instant>
LinkDevice::Occupy(::nattlab::Instant now, std::size_t bytes, const LinkConfig& config)
{
    const std::optional<double> rate = m_rate ? m_rate : config.rate;
    if (!rate)
    {
        return now;
    }
    while (!m_leaving.empty() && m_leaving.front() <= now)
    {
        m_leaving.pop_front();
    }
    if (m_leaving.size() >= config.queue)
    {
        return std::nullopt;
    }
    const ::nattlab::Instant start = m_leaving.empty() ? now : m_leaving.back();
    const double nanoseconds = static_cast<double>(bytes) * 8e9 / *rate;
    m_leaving.push_back(start + ::nattlab::Duration{std::llround(nanoseconds)});
    return m_leaving.back();
}

Ptr<LinkChannel>
LinkDevice::GetLink() const
{
    return m_channel;
}

void
LinkDevice::SetIfIndex(const uint32_t index)
{
    m_ifIndex = index;
}

uint32_t
LinkDevice::GetIfIndex() const
{
    return m_ifIndex;
}

Ptr<Channel>
LinkDevice::GetChannel() const
{
    return m_channel;
}

void
LinkDevice::SetAddress(Address address)
{
    m_mac = Mac48Address::ConvertFrom(address);
}

Address
LinkDevice::GetAddress() const
{
    return m_mac;
}

bool
LinkDevice::SetMtu(const uint16_t)
{
    return false; // the channel's
}

uint16_t
LinkDevice::GetMtu() const
{
    return static_cast<uint16_t>(m_channel->GetConfig().mtu);
}

bool
LinkDevice::IsLinkUp() const
{
    return true;
}

void
LinkDevice::AddLinkChangeCallback(Callback<void>)
{
    // A link that the timetable switches off looks like a dead cable further away.
}

bool
LinkDevice::IsBroadcast() const
{
    return true; // as ns-3's stack sees it; see GetBroadcast
}

Address
LinkDevice::GetBroadcast() const
{
    return Mac48Address::GetBroadcast();
}

bool
LinkDevice::IsMulticast() const
{
    return false;
}

Address
LinkDevice::GetMulticast(ns3::Ipv4Address) const
{
    return GetBroadcast();
}

Address
LinkDevice::GetMulticast(Ipv6Address) const
{
    return GetBroadcast();
}

bool
LinkDevice::IsBridge() const
{
    return false;
}

bool
LinkDevice::IsPointToPoint() const
{
    return false;
}

bool
LinkDevice::Send(Ptr<ns3::Packet> packet, const Address&, uint16_t protocolNumber)
{
    if (protocolNumber != ETHERTYPE_IPV4)
    {
        return false;
    }
    ::nattlab::Packet raw;
    raw.bytes.resize(packet->GetSize());
    packet->CopyData(raw.bytes.data(), static_cast<uint32_t>(raw.bytes.size()));
    raw.tag = m_tracer.NewPacket(0);
    const ::nattlab::Ipv4Address to = ::nattlab::ip::Destination(raw.bytes);
    Transmit(m_address.Contains(to) ? to : m_gateway, std::move(raw));
    return true;
}

bool
LinkDevice::SendFrom(Ptr<ns3::Packet> packet, const Address&, const Address& dest, uint16_t number)
{
    return Send(packet, dest, number);
}

Ptr<Node>
LinkDevice::GetNode() const
{
    return m_node;
}

void
LinkDevice::SetNode(Ptr<Node> node)
{
    m_node = node;
}

bool
LinkDevice::NeedsArp() const
{
    return false;
}

void
LinkDevice::SetReceiveCallback(NetDevice::ReceiveCallback callback)
{
    m_up = callback;
}

void
LinkDevice::SetPromiscReceiveCallback(NetDevice::PromiscReceiveCallback)
{
    // Every packet that arrives is for this device.
}

bool
LinkDevice::SupportsSendFrom() const
{
    return true;
}

void
LinkDevice::DoDispose()
{
    m_channel = nullptr;
    m_node = nullptr;
    m_receiver = nullptr;
    m_up = NetDevice::ReceiveCallback();
    NetDevice::DoDispose();
}

} // namespace nattlab
} // namespace ns3
