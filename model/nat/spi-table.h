// SPDX-License-Identifier: GPL-2.0-only
#ifndef NATTLAB_NAT_SPI_TABLE_H
#define NATTLAB_NAT_SPI_TABLE_H

#include "model/nat/expired-mappings.h"
#include "model/nat/nat-config.h"
#include "model/nat/session-counts.h"
#include "model/packet/flow.h"
#include "model/packet/hash-table.h"
#include "model/packet/packet.h"
#include "model/packet/timer-queue.h"
#include "model/trace/event-log.h"

#include <cstdint>
#include <map>
#include <optional>
#include <set>
#include <string>
#include <utility>

namespace nattlab::nat
{

/**
 * ESP told apart by SPI (NatConfig::ProtocolHandling::SpiLearning).
 *
 * The two directions of a tunnel have unrelated SPIs (RFC 3715 2.1 d, f), so the device guesses:
 * an unknown inbound SPI belongs to the inside host that has waited longest for an answer of that
 * remote address. With two hosts waiting at once the guess may be wrong, and stays so.
 */
class SpiTable
{
  public:
    /** An outbound SPI, and the inbound one believed to be its answer. */
    struct Association
    {
        std::uint64_t id{0}; //!< in the order of making
        Ipv4Address inside;
        Ipv4Address external;
        Ipv4Address remote;
        std::uint32_t outboundSpi{0};
        std::optional<std::uint32_t> inboundSpi; //!< absent while it waits
        TraceTag tag;
        Instant deadline;
        std::string text;
    };

    SpiTable(const NatConfig& config,
             SessionCounts& counts,
             ExpiredMappings& expired,
             Tracer tracer);

    /** \return the association of an outbound packet, or nullptr. */
    Association* FindOutbound(Ipv4Address inside, Ipv4Address remote, std::uint32_t spi);

    /** Make one that waits for its inbound SPI. */
    Association& Open(Ipv4Address inside,
                      Ipv4Address external,
                      Ipv4Address remote,
                      std::uint32_t spi,
                      TraceTag tag,
                      Instant now);

    /** \return who gets an inbound packet, learning its SPI if someone waits; or nullptr. */
    Association* Receive(Ipv4Address external, Ipv4Address remote, std::uint32_t spi, Instant now);

    /** Keep an association alive; does nothing while it waits. */
    void Refresh(Association& association, Instant now);

    /** \return the association of a translated outbound packet that is quoted, or nullptr. */
    const Association*
    FindQuoted(Ipv4Address external, Ipv4Address remote, std::uint32_t spi) const;

    /** \return the association of an inbound packet, without learning; or nullptr. */
    const Association*
    FindInbound(Ipv4Address external, Ipv4Address remote, std::uint32_t spi) const;

    /** \return the key of an inbound SPI in ExpiredMappings. */
    static FlowKey InboundKey(Ipv4Address external, Ipv4Address remote, std::uint32_t spi);

    void Expire(Instant now);

    std::optional<Instant> Deadline() const;

    void Clear(Reason reason, Instant now);

    /** \return all, in the order of making. */
    const std::map<std::uint64_t, Association>& Associations() const;

  private:
    using Path = std::pair<Ipv4Address, Ipv4Address>; //!< external and remote

    void Remove(std::uint64_t id, Reason reason, Instant now);
    void RecordEvent(EventType type, const Association& a, Reason reason, Instant now) const;

    const NatConfig& m_config;
    SessionCounts& m_counts;
    ExpiredMappings& m_expired;
    Tracer m_tracer;
    std::uint64_t m_last{0};
    std::map<std::uint64_t, Association> m_associations;
    HashTable<FlowKey, std::uint64_t> m_outbound;      //!< inside, remote, outbound SPI
    HashTable<FlowKey, std::uint64_t> m_quoted;        //!< external, remote, outbound SPI
    HashTable<FlowKey, std::uint64_t> m_inbound;       //!< external, remote, inbound SPI
    std::map<Path, std::set<std::uint64_t>> m_waiting; //!< the lowest has waited longest
    TimerQueue<std::uint64_t> m_timers;                //!< wakes no later than the deadline
};

} // namespace nattlab::nat

#endif
