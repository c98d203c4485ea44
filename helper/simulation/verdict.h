// SPDX-License-Identifier: GPL-2.0-only
/**
 * \file
 * What became of connections and traffic. Everything here is computed from the event log and from
 * nothing else.
 */
#ifndef NATTLAB_SIMULATION_VERDICT_H
#define NATTLAB_SIMULATION_VERDICT_H

#include "model/endpoint/stage.h"
#include "model/trace/event-log.h"

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace nattlab
{

/** How a connection ended up. */
enum class Outcome : std::uint8_t
{
    Connected, //!< up, at the end of the run or until its user hung up
    Failed,    //!< did not come up
    Lost,      //!< was up, and broke
    Trying,    //!< neither up nor failed when the run ended
    NotStarted,
};

/** \return "connected", "failed", "lost", "trying" or "not-started". */
std::string_view NameOf(Outcome outcome);

/** One stage of a connection. */
struct StageTime
{
    Stage stage;
    Instant start;
    std::optional<Instant> end; //!< absent: not ended when the run did
    Reason reason;              //!< None: success
};

/** A packet of the connection that did not arrive. */
struct LostPacket
{
    Instant time;
    std::string box; //!< host, box or link
    Reason reason{Reason::None};
    std::string rule; //!< rule or mapping
    Flow flow;
};

/** Who or what stopped something. */
struct Blame
{
    Reason reason{Reason::None};
    std::string box;
    std::string rule; //!< rule or mapping, where there is one
};

/** The error that the user's dialler showed. */
struct ShownError
{
    std::int64_t number;
    std::string text;
};

/** L2TP packets that were sent outside of ESP. */
struct ClearText
{
    std::uint64_t packets{0};
    Instant first;
    std::string host; //!< that sent the first
    std::string why;  //!< "policy", or "the SA is gone"
};

/** What became of one connection. */
struct ConnectionVerdict
{
    std::string name;
    std::string client;
    std::string server;
    Outcome outcome{Outcome::NotStarted};
    std::optional<Stage> stage;   //!< where it failed, broke or still is
    Blame cause;                  //!< the root: which box stopped what for which reason
    Reason symptom{Reason::None}; //!< what the client noticed
    std::string message;          //!< the message that the client missed an answer to, or refused
    std::optional<ShownError> error;
    std::size_t attempts{0};        //!< how often it was dialled; the rest is about the last time
    std::optional<Instant> started; //!< the first attempt
    std::optional<Instant> settled; //!< when it came up, or failed
    std::optional<Instant> broke;   //!< when it was lost
    std::string address;            //!< the client's, inside the tunnel
    std::vector<StageTime> stages;
    std::uint64_t lost{0};
    std::optional<LostPacket> firstLost;
    std::optional<LostPacket> lastLost;
    std::uint64_t retransmissions{0};
    SentCount sent;                 //!< by both ends, traffic excluded
    std::string nat;                //!< "none", "client", "server" or "both"; empty: not known
    std::string natTraversal;       //!< revision agreed; empty: main mode did not finish
    std::string encapsulation;      //!< "esp" or "udp"; empty: no SA
    std::int64_t group{0};          //!< Diffie-Hellman group of main mode; 0: not known
    bool clearText{false};          //!< L2TP was sent outside of ESP
    std::optional<ClearText> clear; //!< about that
};

/** What became of one traffic source. */
struct TrafficVerdict
{
    std::string name;
    std::uint64_t expected{0}; //!< packets, or bytes of a TCP transfer
    std::uint64_t arrived{0};  //!< answered packets, or bytes received
    Blame cause;               //!< where not all arrived
    std::uint64_t lost{0};     //!< packets dropped on the way, answers included
};

/** A connection as the verdict needs to know it. */
struct ConnectionInfo
{
    ConnectionId id;
    std::string name;
    std::string client;
    std::string server;
};

/** A traffic source as the verdict needs to know it. */
struct TrafficInfo
{
    ConnectionId id;
    std::string name;
    std::uint64_t expected;
    std::string sender;     //!< host
    ConnectionId tunnel{0}; //!< the connection that it goes through; 0: none
    /**
     * What arrives counts, and not what is answered: a probe that reaches a closed port has found
     * its way.
     */
    bool probe{false};
};

/** Compute the verdicts of all connections, in the order given; one pass over the log. */
std::vector<ConnectionVerdict> JudgeConnections(const EventLog& log,
                                                const std::vector<ConnectionInfo>& connections);

/** Compute the verdicts of all traffic sources, in the order given; one pass over the log. */
std::vector<TrafficVerdict> JudgeTraffic(const EventLog& log,
                                         const std::vector<TrafficInfo>& traffic);

} // namespace nattlab

#endif
