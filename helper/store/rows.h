// SPDX-License-Identifier: GPL-2.0-only
/**
 * \file
 * What a sweep keeps: plain data, between the simulation that makes it and the database that holds
 * it.
 */
#ifndef NATTLAB_STORE_ROWS_H
#define NATTLAB_STORE_ROWS_H

#include <cstddef>
#include <cstdint>
#include <optional>
#include <string>
#include <utility>
#include <variant>
#include <vector>

namespace nattlab::store
{

/** Number of a point of a sweep; the first is 1. */
using PointId = std::uint64_t;

/** The value of an axis at a point, as results show it. */
using AxisValue = std::variant<std::int64_t, double, bool, std::string>;

/** What became of one connection of one point. */
struct ConnectionRow
{
    std::string name;
    std::string client;                 //!< host
    std::string server;                 //!< host; empty: the address leads to none
    std::string verdict;                //!< "connected", "failed", "lost", "trying", "not-started"
    std::string stage;                  //!< empty: it came up, or never began
    std::string reason;                 //!< stable id; empty: none
    std::string box;                    //!< that is to blame
    std::string rule;                   //!< rule or mapping, where there is one
    std::optional<std::int64_t> error;  //!< the number that the dialler showed
    std::optional<double> started;      //!< seconds from the start of the run: dialled
    std::optional<double> timeToSettle; //!< seconds from dialling to connected or failed
    std::optional<double> timeIkeMain;  //!< seconds in Main Mode; absent, as the next: never ended
    std::optional<double> timeIkeQuick;
    std::optional<double> timeL2tp;
    std::optional<double> timePpp; //!< LCP, authentication and IPCP together
    std::uint64_t packets{0};      //!< sent by both ends, traffic excluded
    std::uint64_t bytes{0};        //!< of those packets, with their IPv4 headers
    std::uint64_t retransmissions{0};
    std::uint64_t attempts{0}; //!< how often it was dialled
    std::string nat; //!< "none", "client", "server", "both"; empty, as the next: not known
    std::string natTraversal;
    std::string encapsulation; //!< "esp", "udp"
    std::int64_t group{0};     //!< of Diffie-Hellman in Main Mode; 0: not known
    bool clearText{false};     //!< L2TP was sent outside of ESP
    /** Lost packets of this connection by reason, in the order of their ids. */
    std::vector<std::pair<std::string, std::uint64_t>> drops;

    bool operator==(const ConnectionRow& other) const;
};

/** What became of one traffic source of one point. */
struct TrafficRow
{
    std::string name;
    std::uint64_t expected{0}; //!< packets, or bytes of a TCP transfer
    std::uint64_t arrived{0};
    std::string reason; //!< empty, as the next ones: all arrived
    std::string box;
    std::string rule;

    bool operator==(const TrafficRow& other) const;
};

/** How the run of a point ended. */
enum class PointStatus : std::uint8_t
{
    Done,
    Invalid, //!< its values do not go together: the scenario cannot be loaded
    Fault,   //!< of nattlab: packets leaked, or the process that ran it died
};

/** \return "done", "invalid" or "fault". */
const char* NameOf(PointStatus status);

/** One point of a sweep. */
struct PointRow
{
    PointId id{0};
    std::vector<AxisValue> values; //!< in the order of the axes
    std::uint64_t seed{0};         //!< of its scenario
    std::uint64_t replicate{0};    //!< from 1
    PointStatus status{PointStatus::Done};
    std::string problem;        //!< of Invalid and Fault, for people
    double simulated{0};        //!< seconds
    std::uint64_t packets{0};   //!< of the whole run
    std::uint64_t delivered{0}; //!< of those
    std::uint64_t dropped{0};
    std::vector<ConnectionRow> connections; //!< in the order of the scenario
    std::vector<TrafficRow> traffic;

    bool operator==(const PointRow& other) const;
};

/** What results must share to stand in one database. */
struct SweepIdentity
{
    std::string version; //!< of nattlab
    std::string schema;  //!< SHA-256 of the scenario's schema and of all presets
    std::string sweep;   //!< SHA-256 of `document`
    std::string title;
    std::string document; //!< the sweep with base and files written out: all that a rerun needs
    std::vector<std::string> axes; //!< names, in order
    std::uint64_t points{0};       //!< of the whole sweep
    std::uint64_t shard{1};        //!< which part this is, of so many
    std::uint64_t shards{1};

    bool operator==(const SweepIdentity& other) const;
};

/** One use of `nattlab sweep` on a database. */
struct Invocation
{
    std::string started; //!< calendar time, UTC: "2026-11-22T14:03:11Z"
    std::string host;
    std::string command; //!< as it was typed
    std::uint64_t workers{0};
    std::uint64_t points{0}; //!< that it ran
    double seconds{0};       //!< that it took
    bool finished{false};    //!< false: it was stopped, or is at work
};

} // namespace nattlab::store

#endif
