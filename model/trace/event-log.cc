// SPDX-License-Identifier: GPL-2.0-only
#include "model/trace/event-log.h"

namespace nattlab
{

namespace
{

// What a connection brings at TraceLevel::Verdict when nothing is lost.
constexpr std::size_t EVENTS_EACH = 40;
constexpr std::size_t PACKETS_EACH = 80;

} // namespace

EventLog::EventLog(TraceLevel level)
    : m_level(level),
      m_names(1)
{
}

void
EventLog::Reserve(std::size_t connections)
{
    m_events.reserve(connections * EVENTS_EACH);
    m_lives.reserve(connections * PACKETS_EACH);
    m_sent.reserve(connections + 1);
}

NodeId
EventLog::AddNode(std::string name)
{
    m_names.push_back(std::move(name));
    return static_cast<NodeId>(m_names.size() - 1);
}

const std::string&
EventLog::NodeName(NodeId node) const
{
    return m_names.at(node);
}

void
EventLog::Record(Event event)
{
    if (Wants(event.type))
    {
        m_events.push_back(std::move(event));
    }
}

TraceTag
EventLog::NewPacket(NodeId maker, ConnectionId connection)
{
    ++m_counts.made;
    m_lives.push_back({maker, 0});
    return {m_lives.size(), connection};
}

void
EventLog::CountSent(ConnectionId connection, std::size_t bytes)
{
    if (connection >= m_sent.size())
    {
        m_sent.resize(connection + 1);
    }
    ++m_sent[connection].packets;
    m_sent[connection].bytes += bytes;
}

SentCount
EventLog::SentFor(ConnectionId connection) const
{
    return connection < m_sent.size() ? m_sent[connection] : SentCount{};
}

void
EventLog::End(PacketId packet)
{
    if (packet != 0 && packet <= m_lives.size())
    {
        ++m_lives[packet - 1].ends;
    }
}

std::vector<PacketLeak>
EventLog::Leaks() const
{
    std::vector<PacketLeak> leaks;
    for (std::size_t i = 0; i < m_lives.size(); ++i)
    {
        if (m_lives[i].ends != 1)
        {
            leaks.push_back({i + 1, m_lives[i].maker, m_lives[i].ends});
        }
    }
    return leaks;
}

void
Tracer::Record(Event event) const
{
    if (Wants(event.type))
    {
        event.node = m_node;
        m_log->Record(std::move(event));
    }
}

TraceTag
Tracer::NewPacket(ConnectionId connection) const
{
    return m_log ? m_log->NewPacket(m_node, connection) : TraceTag{0, connection};
}

void
Tracer::Delivered(const Packet& packet, Instant now) const
{
    if (!m_log)
    {
        return;
    }
    m_log->End(packet.tag.packet);
    m_log->CountDelivered();
    if (Wants(EventType::PacketDelivered))
    {
        Event event;
        event.time = now;
        event.type = EventType::PacketDelivered;
        event.layer = Layer::Ip;
        event.tag = packet.tag;
        event.flow = FlowOf(packet.bytes);
        Record(std::move(event));
    }
}

void
Tracer::Consumed(TraceTag tag) const
{
    if (m_log)
    {
        m_log->End(tag.packet);
    }
}

void
Tracer::Dropped(const Packet& packet,
                Instant now,
                Layer layer,
                Reason reason,
                std::string subject,
                std::string detail) const
{
    if (!m_log)
    {
        return;
    }
    m_log->End(packet.tag.packet);
    m_log->CountDropped();
    Event event;
    event.time = now;
    event.type = EventType::PacketDropped;
    event.layer = layer;
    event.reason = reason;
    event.tag = packet.tag;
    event.flow = FlowOf(packet.bytes);
    event.subject = std::move(subject);
    event.detail = std::move(detail);
    Record(std::move(event));
}

void
Tracer::Message(EventType type,
                Layer layer,
                TraceTag tag,
                Instant now,
                std::string name,
                Reason reason,
                std::int64_t value,
                std::string detail) const
{
    if (!Wants(type))
    {
        return;
    }
    Event event;
    event.time = now;
    event.type = type;
    event.layer = layer;
    event.reason = reason;
    event.tag = tag;
    event.subject = std::move(name);
    event.value = value;
    event.detail = std::move(detail);
    Record(std::move(event));
}

} // namespace nattlab
