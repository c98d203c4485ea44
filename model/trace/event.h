// SPDX-License-Identifier: GPL-2.0-only
#ifndef NATTLAB_TRACE_EVENT_H
#define NATTLAB_TRACE_EVENT_H

#include "model/packet/flow.h"
#include "model/packet/packet.h"
#include "model/packet/time.h"
#include "model/trace/reason.h"

#include <cstdint>
#include <string>
#include <string_view>

namespace nattlab
{

/** Names a host, box or link in the event log; 0 is none. */
using NodeId = std::uint32_t;

/**
 * What happened. The comment says which fields of Event are used beside time, type and node.
 * "Essential" types are recorded at every level of detail: a verdict is computed from them alone.
 */
enum class EventType : std::uint8_t
{
    // Packets. Detail, except PacketDropped and PacketSighted.
    PacketSent,       //!< a host or box made a packet: packet, connection, flow
    PacketForwarded,  //!< a box passed it on: packet, flow, subject = rule that admitted it, if any
    PacketTranslated, //!< a NAT rewrote it: packet, flow before, flowAfter, subject = mapping
    PacketDelivered,  //!< a host took it in: packet, flow
    PacketFragmented, //!< packet became value pieces
    PacketReassembled, //!< packet is the last of value pieces
    PacketDropped,     //!< essential; packet, flow, reason, subject = rule or mapping
    PacketSighted,     //!< essential; a link carries a packet that it was told to watch for

    // NAT tables. Detail.
    MappingCreated, //!< subject = mapping
    MappingExpired, //!< subject = mapping, reason (None: idle)

    // Protocol messages. Detail, except MessageResent.
    MessageSent,     //!< layer, subject = message name ("MM1", "SCCRQ", "LCP Configure-Request")
    MessageReceived, //!< layer, subject
    MessageResent,   //!< essential; layer, subject, value = how many times so far
    MessageRefused,  //!< essential; layer, subject, reason: a message was not accepted

    // State. Essential.
    StageStarted,     //!< connection, subject = stage
    StageEnded,       //!< connection, subject = stage, reason (None: success)
    NatDetected,      //!< connection, subject = "none", "local", "peer" or "both"
    SaEstablished,    //!< connection, layer; Ike: subject = NAT-T revision ("none", "draft-02n",
                      //!< "draft-02", "draft-03", "rfc3947"), value = Diffie-Hellman group;
                      //!< Esp: subject = encapsulation ("esp", "udp"), value = inbound SPI
    SaDeleted,        //!< connection, layer, value = SPI, reason
    SaRekeyed,        //!< connection, layer, value = new SPI
    PeerMoved,        //!< connection, flow's addresses and ports: the peer's mapping changed
    ConnectionUp,     //!< connection, subject = address given to the client
    ConnectionDown,   //!< connection, reason, layer: after it had been up
    ConnectionFailed, //!< connection, reason, layer: before it was up
    ErrorShown,       //!< connection, value = RAS error, subject = its text
    ClearText,        //!< packet, flow: L2TP left a host outside of ESP
    TrafficDone,      //!< connection, subject = traffic name, value = what arrived, reason
    FaultApplied,     //!< subject = the timetable's action
    HostChanged,      //!< subject = what changed on the host ("KB818043"), detail = how
};

/** The layer of an event, for views that draw lanes. */
enum class Layer : std::uint8_t
{
    None,
    Link,
    Ip,
    Nat,
    Firewall,
    Ike,
    Esp,
    L2tp,
    Ppp,
    Data,
    User,
};

/** One thing that happened. Views read these fields and nothing else. */
struct Event
{
    Instant time;
    EventType type{EventType::PacketSent};
    Layer layer{Layer::None};
    Reason reason{Reason::None};
    NodeId node{0};
    TraceTag tag;          //!< packet and connection it is about, 0 where none
    Flow flow;             //!< the packet's flow, before translation
    Flow flowAfter;        //!< after translation; PacketTranslated only
    std::int64_t value{0}; //!< see EventType
    std::string subject;   //!< message, stage, rule or mapping: see EventType
    std::string detail;    //!< more for the human eye, such as the transform agreed
};

/** \return the stable name of a type, such as "packet.dropped". */
std::string_view NameOf(EventType type);

/** \return the stable name of a layer, such as "ike". */
std::string_view NameOf(Layer layer);

/** \return true for the types that are recorded at every level of detail. */
bool IsEssential(EventType type);

} // namespace nattlab

#endif
