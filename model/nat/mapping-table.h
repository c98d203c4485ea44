// SPDX-License-Identifier: GPL-2.0-only
#ifndef NATTLAB_NAT_MAPPING_TABLE_H
#define NATTLAB_NAT_MAPPING_TABLE_H

#include "model/nat/expired-mappings.h"
#include "model/nat/nat-config.h"
#include "model/nat/port-allocator.h"
#include "model/nat/session-counts.h"
#include "model/nat/session.h"
#include "model/packet/flow.h"
#include "model/packet/hash-table.h"
#include "model/packet/timer-queue.h"
#include "model/trace/event-log.h"

#include <cstddef>
#include <map>
#include <optional>
#include <unordered_map>

namespace nattlab::nat
{

/**
 * All mappings and their sessions, found from either side in constant time.
 *
 * A mapping is looked up by protocol, local endpoint and as much of the remote endpoint as it is
 * bound to; a session by protocol, local endpoint and remote endpoint. For protocols without ports
 * ports are 0, for ICMP echo the local port is the identifier and the remote one 0.
 *
 * A session wakes up no later than its deadline; if packets have moved the deadline in the
 * meantime, it sleeps again. So a packet costs no work on timers.
 */
class MappingTable
{
  public:
    MappingTable(const NatConfig& config,
                 PortAllocator& ports,
                 SessionCounts& counts,
                 ExpiredMappings& expired,
                 Tracer tracer);

    /** \return what of a remote endpoint a mapping with this inside port is bound to. */
    Endpoint InsideRemote(std::uint8_t protocol, std::uint16_t port, Endpoint remote) const;

    /** \return what of a remote endpoint an external port is unique for. */
    Endpoint OutsideRemote(std::uint8_t protocol, std::uint16_t port, Endpoint remote) const;

    /** \return the key under which inbound packets find a mapping. */
    FlowKey OutsideKey(std::uint8_t protocol, Endpoint external, Endpoint remote) const;

    /** \return true for a UDP port that is never translated. */
    bool IsPinned(std::uint8_t protocol, std::uint16_t port) const;

    /** Make a static mapping; one for an external endpoint that has one already is ignored. */
    void AddForward(std::uint8_t protocol, Endpoint external, Endpoint inside);

    /** Make a mapping. \param tag of the packet that makes it */
    Mapping& Add(std::uint8_t protocol,
                 Endpoint inside,
                 Endpoint external,
                 Endpoint remote,
                 bool allocated,
                 TraceTag tag,
                 Instant now);

    /** Make a session; Touch must follow. */
    Session& AddSession(Mapping& mapping, Endpoint remote, Instant now);

    /** Count a packet to a session. */
    void Touch(Session& session, Direction direction, std::uint8_t tcpFlags, Instant now);

    /** Let all sessions of a mapping last until \p deadline at least. */
    void Prolong(Mapping& mapping, Instant deadline);

    /** End a mapping before its time. \param reason why, for MappingExpired */
    void Remove(Mapping& mapping, Reason reason, Instant now);

    Session* SessionFromInside(std::uint8_t protocol, Endpoint inside, Endpoint remote);
    Session* SessionFromOutside(std::uint8_t protocol, Endpoint external, Endpoint remote);
    Mapping* FromInside(std::uint8_t protocol, Endpoint inside, Endpoint remote);
    Mapping* FromOutside(std::uint8_t protocol, Endpoint external, Endpoint remote);
    Mapping* Forward(std::uint8_t protocol, Endpoint external);

    /** \return true when any mapping uses this external endpoint. */
    bool InUse(std::uint8_t protocol, Endpoint external) const;

    /** \return true when the mapping's filter lets this remote endpoint in (RFC 4787 5). */
    bool Admits(const Mapping& mapping, Endpoint remote);

    /** End what has been idle too long. */
    void Expire(Instant now);

    /** \return when Expire may have something to do. */
    std::optional<Instant> Deadline() const;

    /** Lose all sessions and dynamic mappings. */
    void Clear(Reason reason, Instant now);

    /** \return all mappings in the order of making. */
    const std::map<MappingId, Mapping>& Mappings() const;

    /** \return when the mapping ends if nothing more comes. */
    std::optional<Instant> EndOf(const Mapping& mapping) const;

    /** \return how many mappings are no forwards. */
    std::size_t DynamicCount() const;

  private:
    void RemoveSession(SessionId id);
    void RemoveIfUnused(Mapping& mapping, Reason reason, Instant now);
    void RecordEvent(EventType type, const Mapping& mapping, Reason reason, Instant now) const;

    const NatConfig& m_config;
    PortAllocator& m_ports;
    SessionCounts& m_counts;
    ExpiredMappings& m_expired;
    Tracer m_tracer;
    std::map<MappingId, Mapping> m_mappings;
    std::unordered_map<SessionId, Session> m_sessions;
    MappingId m_lastMapping{0};
    SessionId m_lastSession{0};
    std::size_t m_forwardCount{0};
    HashTable<FlowKey, Mapping*> m_fromInside;
    HashTable<FlowKey, Mapping*> m_fromOutside;
    HashTable<FlowKey, Mapping*> m_forwards;       //!< by external endpoint
    HashTable<FlowKey, Mapping*> m_forwardsInside; //!< by inside endpoint
    HashTable<FlowKey, Session*> m_sessionsInside;
    HashTable<FlowKey, Session*> m_sessionsOutside;
    HashTable<FlowKey, std::size_t> m_inUse;    //!< dynamic mappings per external endpoint
    HashTable<FlowKey, std::size_t> m_contacts; //!< sessions per external and remote address
    TimerQueue<SessionId> m_timers;
};

} // namespace nattlab::nat

#endif
