// SPDX-License-Identifier: GPL-2.0-only
#ifndef NATTLAB_NAT_SESSION_H
#define NATTLAB_NAT_SESSION_H

#include "model/nat/nat-config.h"
#include "model/packet/packet.h"
#include "model/packet/time.h"

#include <cstdint>
#include <set>
#include <string>

namespace nattlab::nat
{

using MappingId = std::uint64_t; //!< in the order of making
using SessionId = std::uint64_t; //!< in the order of making

/** What a NAT knows of a session; the time-out depends on it. */
enum class SessionState : std::uint8_t
{
    OneWay,        //!< packets in one direction only; TCP: opening
    Bidirectional, //!< packets in both directions; TCP: established
    Closing,       //!< TCP: both sides sent FIN, or one RST
};

/** One inside endpoint bound to one external endpoint. */
struct Mapping
{
    MappingId id{0};
    std::uint8_t protocol{0};
    Endpoint inside;
    Endpoint external;
    Endpoint remote;       //!< what of the remote it is bound to (RFC 4787 4.1); 0: nothing
    bool forward{false};   //!< from the configuration: admits everybody, never ends
    bool allocated{false}; //!< the port came from the PortAllocator and goes back there
    TraceTag tag;          //!< of the packet that made it
    std::set<SessionId> sessions{}; //!< that use it
    std::string text;               //!< for events
};

/** The use of a mapping with one remote endpoint. */
struct Session
{
    SessionId id{0};
    Mapping* mapping{nullptr};
    Endpoint remote;
    SessionState state{SessionState::OneWay};
    bool seenOutbound{false};
    bool seenInbound{false};
    bool finOutbound{false};
    bool finInbound{false};
    std::uint32_t packets{0};
    Instant created;
    Instant deadline;
    Instant wakeUp; //!< when the deadline is looked at next; never after it
};

/** The direction of a packet. */
enum class Direction : std::uint8_t
{
    Outbound,
    Inbound,
};

/**
 * Count a packet to a session: advance its state, and set its deadline unless the configuration
 * says that this direction does not refresh it (RFC 4787 REQ-6, RFC 5382 5).
 */
void Advance(Session& session,
             const NatConfig& config,
             Direction direction,
             std::uint8_t tcpFlags,
             Instant now);

} // namespace nattlab::nat

#endif
