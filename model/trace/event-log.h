// SPDX-License-Identifier: GPL-2.0-only
#ifndef NATTLAB_TRACE_EVENT_LOG_H
#define NATTLAB_TRACE_EVENT_LOG_H

#include "model/trace/event.h"

#include <cstddef>
#include <cstdint>
#include <functional>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

namespace nattlab
{

/** How much of a run is recorded. */
enum class TraceLevel : std::uint8_t
{
    Verdict, //!< essential events only
    Full,    //!< everything
};

/** Counts of all packets of a run, kept at every level. */
struct PacketCounts
{
    std::uint64_t made{0};
    std::uint64_t delivered{0};
    std::uint64_t dropped{0};
};

/** What hosts sent for one connection, kept at every level. */
struct SentCount
{
    std::uint64_t packets{0};
    std::uint64_t bytes{0}; //!< of IPv4 packets, before any fragmentation
};

/** A packet that broke the conservation law: it ended never, or more than once. */
struct PacketLeak
{
    PacketId packet;
    NodeId maker;
    std::uint32_t ends; //!< how often it was delivered, consumed or dropped
};

/**
 * The record of one run: its events, and what became of every packet.
 *
 * One log belongs to one run and one thread. Hosts, boxes and links report through a Tracer, which
 * names them.
 *
 * Conservation: a packet is made once (NewPacket) and ends once, in End(). A drop is an end with
 * an event. Leaks() lists the packets for which that is not so.
 */
class EventLog
{
  public:
    explicit EventLog(TraceLevel level = TraceLevel::Full);

    /** Change how much is recorded from now on. */
    void SetLevel(TraceLevel level)
    {
        m_level = level;
    }

    /** Make room for what so many connections without trouble bring; more may come. */
    void Reserve(std::size_t connections);

    /** Give a host, box or link its number. */
    NodeId AddNode(std::string name);

    /** \return the name given to AddNode; empty for 0. */
    const std::string& NodeName(NodeId node) const;

    /** Record an event, if its type is recorded at this level. */
    void Record(Event event);

    /** \return true when events of this type are kept: a caller may save itself the making. */
    bool Wants(EventType type) const
    {
        return m_level == TraceLevel::Full || IsEssential(type);
    }

    /** Number a new packet. */
    TraceTag NewPacket(NodeId maker, ConnectionId connection);

    /** \return the host or box that made a packet; 0 for none. */
    NodeId MakerOf(PacketId packet) const
    {
        return packet == 0 || packet > m_lives.size() ? 0 : m_lives[packet - 1].maker;
    }

    /** Count a packet that a host sends for a connection. */
    void CountSent(ConnectionId connection, std::size_t bytes);

    /** See nattlab::Prefetch: a packet of \p connection may soon be counted. */
    void Prefetch(ConnectionId connection) const
    {
        __builtin_prefetch(m_sent.data() + connection);
    }

    /** \return what was counted for \p connection. */
    SentCount SentFor(ConnectionId connection) const;

    /** The packet is where it was going, went into another, or was dropped. */
    void End(PacketId packet);

    const std::vector<Event>& Events() const
    {
        return m_events;
    }

    PacketCounts Counts() const
    {
        return m_counts;
    }

    /** \return packets without exactly one end. */
    std::vector<PacketLeak> Leaks() const;

    /** Count a delivered packet; Tracer calls it. */
    void CountDelivered()
    {
        ++m_counts.delivered;
    }

    /** Count a dropped packet; Tracer calls it. */
    void CountDropped()
    {
        ++m_counts.dropped;
    }

  private:
    struct Life
    {
        NodeId maker;
        std::uint32_t ends;
    };

    TraceLevel m_level;
    std::vector<std::string> m_names;
    std::vector<Event> m_events;
    std::vector<Life> m_lives;     //!< of packet i + 1
    std::vector<SentCount> m_sent; //!< by connection
    PacketCounts m_counts;
};

/**
 * A host's, box's or link's pen: writes to the log in its name. Copyable and small. A Tracer
 * without a log writes nothing, so that an engine can be driven without one.
 */
class Tracer
{
  public:
    Tracer() = default;

    Tracer(EventLog& log, NodeId node)
        : m_log(&log),
          m_node(node)
    {
    }

    NodeId Node() const
    {
        return m_node;
    }

    EventLog* Log() const
    {
        return m_log;
    }

    bool Wants(EventType type) const
    {
        return m_log && m_log->Wants(type);
    }

    /** Record \p event in this node's name. */
    void Record(Event event) const;

    /** Number a packet that this node makes. */
    TraceTag NewPacket(ConnectionId connection) const;

    /** The packet arrived where it was going. */
    void Delivered(const Packet& packet, Instant now) const;

    /**
     * The packet came to its end without an event: it went into another one, or was taken up by
     * the box itself.
     */
    void Consumed(TraceTag tag) const;

    /**
     * The packet is lost here. The one way to lose a packet.
     * \param subject the rule or mapping at fault, where there is one
     */
    void Dropped(const Packet& packet,
                 Instant now,
                 Layer layer,
                 Reason reason,
                 std::string subject = {},
                 std::string detail = {}) const;

    /** A protocol message event: MessageSent, -Received, -Resent or -Refused. */
    void Message(EventType type,
                 Layer layer,
                 TraceTag tag,
                 Instant now,
                 std::string name,
                 Reason reason = Reason::None,
                 std::int64_t value = 0,
                 std::string detail = {}) const;

  private:
    EventLog* m_log{nullptr};
    NodeId m_node{0};
};

} // namespace nattlab

#endif
