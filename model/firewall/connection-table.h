// SPDX-License-Identifier: GPL-2.0-only
#ifndef NATTLAB_FIREWALL_CONNECTION_TABLE_H
#define NATTLAB_FIREWALL_CONNECTION_TABLE_H

#include "model/firewall/firewall-packet.h"
#include "model/firewall/firewall-rule.h"
#include "model/packet/fifo.h"
#include "model/packet/flow.h"
#include "model/packet/time.h"
#include "model/packet/timer-queue.h"

#include <cstddef>
#include <cstdint>
#include <optional>
#include <unordered_map>

namespace nattlab
{

/** Where a tracked TCP connection stands. Sequence numbers are not looked at. */
enum class TcpTracking : std::uint8_t
{
    None,        //!< not TCP
    SynSent,     //!< SYN seen
    SynReceived, //!< and answered
    Established,
    Closing,  //!< one end has sent FIN
    TimeWait, //!< both have
    Closed,   //!< reset
};

/** A packet's place among the tracked connections, found before it is known to be accepted. */
struct TrackedPacket
{
    ConnectionState state{ConnectionState::New};
    bool expired{false};   //!< its connection was tracked until it timed out
    bool trackable{false}; //!< the table holds, or may hold, a connection for it
    FlowKey key;           //!< as the packet has it
    std::uint8_t tcpFlags{0};
};

/**
 * Connection tracking: one entry for both directions of a flow, found by its five numbers.
 *
 * UDP and TCP are told apart by ports, ICMP echo by its identifier, every other protocol by its
 * addresses alone. ICMP errors belong to the flow that they quote. Entries time out when idle; a
 * timed-out entry is remembered for a while so that a refused packet can be told why.
 *
 * What is due is forgotten by every call that has the time: Expire need not be called for a right
 * answer.
 */
class ConnectionTable
{
  public:
    /**
     * \param timeouts idle times
     * \param most how many entries are tracked at a time
     * \param tcpPickup true when a segment without SYN may start a connection
     */
    ConnectionTable(const FirewallTimeouts& timeouts, std::size_t most, bool tcpPickup);

    /** Find what the packet is, without a trace left in the table. */
    TrackedPacket Classify(const FirewallPacket& packet, Instant now);

    /**
     * The packet was accepted: begin or refresh its connection.
     * \return false when it would begin one and the table is full.
     */
    bool Commit(const TrackedPacket& packet, Instant now);

    /** Forget what has timed out. */
    void Expire(Instant now);

    /** \return when an entry may time out; not later than the first that does. */
    std::optional<Instant> Deadline() const
    {
        return m_checks.Next();
    }

    /** Forget everything. */
    void Clear();

    /** \return how many connections are tracked, as of the last call with a time. */
    std::size_t Size() const
    {
        return m_alive;
    }

  private:
    struct Entry
    {
        std::uint64_t id{0};
        bool swapped{false}; //!< the first packet ran against the direction of the map's key
        bool replied{false};
        bool dead{false}; //!< timed out, kept to be told of
        TcpTracking tcp{TcpTracking::None};
        bool fin{false};      //!< the originator has sent FIN
        bool replyFin{false}; //!< the other end has
        Instant created;
        Instant deadline;
        std::optional<Instant> check; //!< when the queue looks at it; never after the deadline
    };

    /** Names an entry in the queue. */
    struct Ticket
    {
        std::uint64_t id;
        FlowKey key;

        bool operator<(const Ticket& other) const
        {
            return id < other.id;
        }

        bool operator==(const Ticket& other) const
        {
            return id == other.id;
        }

        std::size_t Hash() const
        {
            return HashCombine(0, id);
        }
    };

    struct Tomb
    {
        Ticket ticket;
        Instant until;
    };

    Entry* Find(const FlowKey& key, bool& reply);
    ConnectionState StateOf(const Entry& entry, bool reply, std::uint8_t tcpFlags) const;
    bool MayStart(const FirewallPacket& packet) const;
    void Advance(Entry& entry, bool reply, std::uint8_t tcpFlags) const;
    Duration IdleTime(const Entry& entry, std::uint8_t protocol, Instant now) const;
    void Refresh(Entry& entry, const FlowKey& canonical, Instant now);
    void Bury(const Ticket& ticket, Entry& entry);
    void ForgetOldestTomb();

    FirewallTimeouts m_timeouts;
    std::size_t m_most;
    bool m_tcpPickup;
    std::uint64_t m_lastId{0};
    std::size_t m_alive{0};
    std::unordered_map<FlowKey, Entry> m_entries; //!< by Canonical() key
    TimerQueue<Ticket> m_checks;
    Fifo<Tomb> m_tombs; //!< dead entries, oldest first
};

} // namespace nattlab

#endif
