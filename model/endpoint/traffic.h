// SPDX-License-Identifier: GPL-2.0-only
#ifndef NATTLAB_ENDPOINT_TRAFFIC_H
#define NATTLAB_ENDPOINT_TRAFFIC_H

#include "model/packet/address.h"
#include "model/packet/bytes.h"
#include "model/packet/packet.h"
#include "model/packet/time.h"
#include "model/packet/timer-queue.h"
#include "model/trace/event-log.h"

#include <cstdint>
#include <map>
#include <optional>
#include <string>
#include <vector>

namespace nattlab
{

/** What kind of packets a source sends; each expects an answer. */
enum class TrafficKind : std::uint8_t
{
    Ping, //!< ICMP echo
    Udp,  //!< datagrams to a port; an answer may come from an echo service
    Tcp,  //!< a SYN; SYN-ACK or RST is the answer
    Esp,  //!< a packet of IP protocol 50 with an SPI that nobody knows
};

/** Packets that a host sends to see what arrives. */
struct TrafficRequest
{
    ConnectionId id{0}; //!< under which its packets are accounted; its own, not the tunnel's
    std::string name;
    TrafficKind kind{TrafficKind::Ping};
    ConnectionId tunnel{0};           //!< goes through this connection's tunnel; 0: outside of any
    Ipv4Address destination;          //!< with a tunnel and 0.0.0.0: its other end
    std::uint16_t sourcePort{0};      //!< Udp, Tcp; 0: one of its own
    std::uint16_t destinationPort{0}; //!< Udp, Tcp
    std::size_t count{1};
    std::size_t size{56}; //!< payload bytes
    Duration interval{seconds{1}};
    Duration patience{seconds{4}}; //!< for answers, after the last packet
};

/** A packet that traffic, or an answer to it, wants sent. */
struct TrafficPacket
{
    ConnectionId id;
    ConnectionId tunnel;
    Ipv4Address destination;
    std::uint8_t protocol;
    std::uint16_t sourcePort;
    std::uint16_t destinationPort;
    std::uint32_t sequence; //!< from 1
    std::size_t size;
};

/** Build the segment of a traffic packet, once the source address is known. */
Bytes BuildTrafficSegment(const TrafficPacket& packet, Ipv4Address source);

/**
 * Answer a packet as a plain host does: ICMP echo, UDP port 7 (RFC 862), TCP without listener.
 * \return the segment of the answer, which has the packet's protocol, or nothing.
 */
std::optional<Bytes> AnswerTo(ByteView packet, Ipv4Address own);

/**
 * The traffic sources of one host. It neither sends nor routes: it says what to send when, counts
 * the answers that come back, and reports each source once with TrafficDone.
 */
class TrafficSources
{
  public:
    explicit TrafficSources(Tracer tracer);

    /** Begin a source. Its first packet is due now. */
    void Start(const TrafficRequest& request, Instant now);

    /** \return the packets that are due; reports the sources that are finished. */
    std::vector<TrafficPacket> Expire(Instant now);

    /** A packet of a source could not be sent at all. */
    void NotSent(ConnectionId id, Reason reason);

    /**
     * Show a packet that came to this host.
     * \return true when it answers one of the sources
     */
    bool Take(ByteView packet, Instant now);

    std::optional<Instant> Deadline() const;

    /** End all sources at once, as a reboot or the end of the run does. */
    void Finish(Instant now);

  private:
    struct Source
    {
        TrafficRequest request;
        std::uint16_t port{0}; //!< own port, or ICMP identifier
        std::uint32_t sent{0};
        std::uint32_t refused{0};
        Reason refusal{Reason::None};
        std::vector<bool> answered; //!< by sequence - 1
    };

    void Report(const Source& source, Instant now) const;

    TimerQueue<ConnectionId> m_timers;
    Tracer m_tracer;
    std::map<ConnectionId, Source> m_sources;
    std::uint16_t m_nextPort{40000};
};

} // namespace nattlab

#endif
