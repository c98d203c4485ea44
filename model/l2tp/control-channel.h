// SPDX-License-Identifier: GPL-2.0-only
#ifndef NATTLAB_L2TP_CONTROL_CHANNEL_H
#define NATTLAB_L2TP_CONTROL_CHANNEL_H

#include "model/l2tp/config.h"
#include "model/l2tp/message.h"
#include "model/packet/bytes.h"
#include "model/packet/packet.h"
#include "model/packet/time.h"

#include <cstddef>
#include <cstdint>
#include <map>
#include <optional>
#include <vector>

namespace nattlab::l2tp
{

/** A control message on its way to the peer. */
struct Outgoing
{
    MessageType type{MessageType::Hello};
    std::uint16_t session{0};   //!< the peer's session identifier for the header, 0 for none
    ConnectionId connection{0}; //!< for the trace only
    Bytes body;                 //!< attributes
    std::uint16_t ns{0};        //!< set when it is first sent
    unsigned sent{0};           //!< how often so far
};

/** A control message that came before those ahead of it. */
struct Incoming
{
    std::uint16_t session{0};
    Bytes body;
    TraceTag tag;
};

/**
 * The reliable transport of one control connection (RFC 2661 5.8 and appendix A): a sliding window
 * with one timer, which belongs to the oldest message that is not acknowledged.
 */
class ControlChannel
{
  public:
    explicit ControlChannel(const Config& config);

    /** \name Sending */
    ///@{
    /** Put a message at the end of the queue. */
    void Enqueue(Outgoing message);

    /** The peer said how many messages it takes at a time (Receive Window Size AVP). */
    void SetPeerWindow(std::uint16_t window);

    /** Forget what is queued: the peer has ended the connection. */
    void Abandon();

    /** Take the peer's Nr: what lies before it is delivered. Nonsense is ignored. */
    void Acknowledge(std::uint16_t nr, Instant now);

    /**
     * \return the next message that window and congestion window allow to be sent, or null. The
     * caller sends it; the pointer is good until the next call.
     */
    const Outgoing* Next(Instant now);

    /** What became of a timer. */
    enum class Timeout
    {
        None,   //!< it was not due
        Resend, //!< Next() will give the oldest message again
        GiveUp, //!< it was sent as often as allowed: the peer is lost
    };

    Timeout Expire(Instant now);

    /** \return when Expire has something to do. */
    std::optional<Instant> Deadline() const
    {
        return m_deadline;
    }

    /** \return the oldest message that is not acknowledged, or null. */
    const Outgoing* Oldest() const
    {
        return m_queue.empty() ? nullptr : &m_queue.front();
    }

    /** \return true when a message of this type is queued or unacknowledged. */
    bool Holds(MessageType type) const;

    std::uint16_t Ns() const; //!< the number that the next new message gets

    unsigned CongestionWindow() const
    {
        return m_congestionWindow;
    }
    ///@}

    /** \name Receiving */
    ///@{
    enum class Arrival
    {
        InOrder,
        Early,     //!< kept until those before it come
        Duplicate, //!< has to be acknowledged once more
        TooFar,    //!< beyond the window
    };

    /** Take the Ns of a message that is no ZLB; the message is copied only when it is early. */
    Arrival Arrive(std::uint16_t ns, std::uint16_t session, ByteView body, TraceTag tag);

    /** \return the kept message that is next in order now, if any. */
    std::optional<Incoming> TakeEarly();

    std::uint16_t Nr() const
    {
        return m_nr;
    }

    ///@}

  private:
    std::size_t Allowed() const;
    std::size_t SentCount() const;
    void StartTimer(Instant now);

    Duration m_initial;
    Duration m_cap;
    unsigned m_retransmissions;
    bool m_congestionControl;
    std::uint16_t m_receiveWindow;

    std::vector<Outgoing> m_queue;
    std::size_t m_inFlight{0};         //!< the first so many of the queue are out
    std::uint16_t m_unacknowledged{0}; //!< Ns of the first of the queue
    std::uint16_t m_peerWindow;
    unsigned m_congestionWindow{1};
    unsigned m_threshold;
    unsigned m_credits{0}; //!< acknowledgements towards the next step of congestion avoidance
    unsigned m_timeouts{0};
    std::optional<Instant> m_deadline;

    std::uint16_t m_nr{0};
    std::map<std::uint16_t, Incoming> m_early; //!< by Ns
};

} // namespace nattlab::l2tp

#endif
