// SPDX-License-Identifier: GPL-2.0-only
#include "helper/simulation/verdict.h"

#include <algorithm>
#include <map>
#include <tuple>
#include <unordered_map>
#include <utility>

namespace nattlab
{

namespace
{

using EventList = std::vector<const Event*>;

/** Sort the events of interest by connection. */
std::unordered_map<ConnectionId, EventList>
ByConnection(const EventLog& log)
{
    std::unordered_map<ConnectionId, EventList> lists;
    for (const Event& event : log.Events())
    {
        if (event.tag.connection != 0 && IsEssential(event.type))
        {
            lists[event.tag.connection].push_back(&event);
        }
    }
    return lists;
}

/** What a client notices when the true cause lies elsewhere: nothing came, or a refusal did. */
bool
PointsElsewhere(Reason reason)
{
    switch (reason)
    {
    case Reason::IkeTimeout:
    case Reason::IkePeerNotify:
    case Reason::IkeDeleted:
    case Reason::L2tpNoAnswer:
    case Reason::L2tpRefused:
    case Reason::L2tpPeerSilent:
    case Reason::PppNoAnswer:
    case Reason::PppTerminated:
    case Reason::PppEchoFailed:
    case Reason::DataLost:
    case Reason::RunEnded:
    case Reason::None:
        return true;
    default:
        return false;
    }
}

/** Refusals that belong to healthy protocols: they stop nothing. */
bool
IsHarmless(Reason reason)
{
    switch (reason)
    {
    case Reason::IkeDuplicate:
    case Reason::IkeStalePort:
    case Reason::IkePeerNotify:
    case Reason::L2tpDuplicate:
    case Reason::L2tpOutOfWindow:
    case Reason::L2tpRefused:
    case Reason::PppProtocolRejected:
    case Reason::PppTerminated:
    case Reason::PppNotOpen:
    case Reason::EspReplay:
    case Reason::RunEnded:
    case Reason::None:
        return true;
    default:
        return false;
    }
}

/** Find who stopped most of what was lost or refused from \p since on; the earliest of equals. */
std::optional<Blame>
MostToBlame(const EventLog& log, const EventList& events, Instant since, Instant until)
{
    for (const Event* event : events)
    {
        // An SA that another client's took the place of explains all that is lost after it.
        if (event->type == EventType::SaDeleted && event->reason == Reason::IkeSelectorCollision)
        {
            return Blame{event->reason, log.NodeName(event->node), {}};
        }
    }

    struct Tally
    {
        std::size_t count{0};
        std::size_t first{0};
    };

    std::map<std::tuple<NodeId, Reason, std::string>, Tally> tallies;
    for (std::size_t i = 0; i < events.size(); ++i)
    {
        const Event& event = *events[i];
        const bool dropped = event.type == EventType::PacketDropped;
        const bool refused = event.type == EventType::MessageRefused && !IsHarmless(event.reason);
        if (event.time < since || event.time > until || (!dropped && !refused) ||
            event.reason == Reason::RunEnded)
        {
            continue;
        }
        Tally& tally = tallies[{event.node, event.reason, dropped ? event.subject : ""}];
        if (tally.count++ == 0)
        {
            tally.first = i;
        }
    }
    const std::pair<const std::tuple<NodeId, Reason, std::string>, Tally>* best = nullptr;
    for (const auto& entry : tallies)
    {
        const Tally& t = entry.second;
        if (!best || t.count > best->second.count ||
            (t.count == best->second.count && t.first < best->second.first))
        {
            best = &entry;
        }
    }
    if (!best)
    {
        return std::nullopt;
    }
    const auto& [node, reason, rule] = best->first;
    return Blame{reason, log.NodeName(node), rule};
}

Blame
FindCause(const EventLog& log,
          const EventList& events,
          Reason symptom,
          Instant since,
          Instant until,
          const std::string& noticedBy)
{
    if (PointsElsewhere(symptom))
    {
        if (auto blame = MostToBlame(log, events, since, until))
        {
            return *blame;
        }
    }
    // The one who refused by this reason is to blame, rather than the one who was told.
    for (const Event* event : events)
    {
        if (event->type == EventType::MessageRefused && event->reason == symptom &&
            event->time >= since)
        {
            return {symptom, log.NodeName(event->node), {}};
        }
    }
    for (const Event* event : events)
    {
        // A refusal that the other end explained in its own words.
        if (event->type == EventType::MessageRefused && !IsHarmless(event->reason) &&
            event->time >= since && event->time <= until && log.NodeName(event->node) != noticedBy)
        {
            return {event->reason, log.NodeName(event->node), {}};
        }
    }
    return {symptom, noticedBy, {}};
}

LostPacket
LostBy(const EventLog& log, const Event& event)
{
    return {event.time, log.NodeName(event.node), event.reason, event.subject, event.flow};
}

/** What NatDetected says, as seen from the client. */
std::string
NatSeenFrom(bool client, const std::string& subject)
{
    if (subject == "local")
    {
        return client ? "client" : "server";
    }
    if (subject == "peer")
    {
        return client ? "server" : "client";
    }
    return subject;
}

/** \return true for a packet of \p sender that was lost before it came to a host. */
bool
StopsProbe(const EventLog& log, const Event& event, const std::string& sender)
{
    return event.type == EventType::PacketDropped &&
           log.NodeName(log.MakerOf(event.tag.packet)) == sender &&
           (event.layer != Layer::Esp || event.reason == Reason::SpdDiscard) &&
           event.reason != Reason::IpPortUnreachable &&
           event.reason != Reason::IpProtocolUnreachable;
}

/** Reads the events of one connection in order. */
class ConnectionReader
{
  public:
    ConnectionReader(const EventLog& log, const ConnectionInfo& info, ConnectionVerdict& verdict)
        : m_log(log),
          m_info(info),
          m_verdict(verdict)
    {
    }

    void Read(const Event& event)
    {
        ConnectionVerdict& v = m_verdict;
        const bool byClient = m_log.NodeName(event.node) == m_info.client;
        switch (event.type)
        {
        case EventType::StageStarted:
            if (v.outcome != Outcome::Trying)
            {
                BeginAttempt();
            }
            v.started = v.started.value_or(event.time);
            v.outcome = Outcome::Trying;
            v.stages.push_back(
                {*StageFromName(event.subject), event.time, std::nullopt, Reason::None});
            v.stage = v.stages.back().stage;
            break;
        case EventType::StageEnded:
            if (!v.stages.empty())
            {
                v.stages.back().end = event.time;
                v.stages.back().reason = event.reason;
            }
            break;
        case EventType::ConnectionUp:
            v.outcome = Outcome::Connected;
            v.settled = event.time;
            v.address = event.subject;
            v.stage.reset();
            break;
        case EventType::ConnectionFailed:
            v.outcome = Outcome::Failed;
            m_ended = event.time;
            v.settled = event.time;
            v.symptom = event.reason;
            v.message = event.detail;
            break;
        case EventType::ConnectionDown:
            if (event.reason != Reason::UserHangUp)
            {
                v.outcome = Outcome::Lost;
                v.broke = event.time;
                m_ended = event.time;
                v.stage = Stage::Data;
                v.symptom = event.reason;
            }
            break;
        case EventType::PacketDropped:
            ++v.lost;
            v.lastLost = LostBy(m_log, event);
            if (!v.firstLost)
            {
                v.firstLost = v.lastLost;
            }
            break;
        case EventType::MessageResent:
            ++v.retransmissions;
            break;
        case EventType::NatDetected:
            v.nat = NatSeenFrom(byClient, event.subject);
            break;
        case EventType::SaEstablished:
            ReadSa(event);
            break;
        case EventType::ErrorShown:
            v.error = ShownError{event.value, event.subject};
            break;
        case EventType::ClearText:
            v.clearText = true;
            if (!v.clear)
            {
                v.clear = ClearText{0, event.time, m_log.NodeName(event.node), event.detail};
            }
            ++v.clear->packets;
            break;
        default:
            break;
        }
    }

    /** The instant from which on losses explain what happened. */
    Instant BlameSince() const
    {
        const ConnectionVerdict& v = m_verdict;
        if (v.outcome == Outcome::Lost && v.settled)
        {
            return *v.settled;
        }
        return v.stages.empty() ? Instant{} : v.stages.back().start;
    }

    /** The instant after which losses are a consequence, and no cause. */
    Instant BlameUntil() const
    {
        return m_ended.time_since_epoch().count() == 0 ? Instant::max() : m_ended;
    }

  private:
    /** Dialled for the first time or again: what went wrong before is history. */
    void BeginAttempt()
    {
        ConnectionVerdict& v = m_verdict;
        ++v.attempts;
        v.stages.clear();
        v.symptom = Reason::None;
        v.message.clear();
        v.error.reset();
        v.settled.reset();
        v.broke.reset();
        m_ended = Instant{};
    }

    void ReadSa(const Event& event)
    {
        if (event.layer == Layer::Ike)
        {
            m_verdict.natTraversal = event.subject;
            m_verdict.group = event.value;
        }
        else
        {
            m_verdict.encapsulation = event.subject;
        }
    }

    const EventLog& m_log;
    const ConnectionInfo& m_info;
    ConnectionVerdict& m_verdict;
    Instant m_ended{}; //!< when it failed or broke; the start of the run: it did not
};

/** \return true when a connection was up at any time; 0 is no connection and counts as up. */
bool
WasUp(const std::unordered_map<ConnectionId, EventList>& lists, ConnectionId connection)
{
    const auto list = lists.find(connection);
    return connection == 0 ||
           (list != lists.end() &&
            std::any_of(list->second.begin(),
                        list->second.end(),
                        [](const Event* event) { return event->type == EventType::ConnectionUp; }));
}

} // namespace

std::string_view
NameOf(Outcome outcome)
{
    switch (outcome)
    {
    case Outcome::Connected:
        return "connected";
    case Outcome::Failed:
        return "failed";
    case Outcome::Lost:
        return "lost";
    case Outcome::Trying:
        return "trying";
    case Outcome::NotStarted:
        return "not-started";
    }
    return "?";
}

std::vector<ConnectionVerdict>
JudgeConnections(const EventLog& log, const std::vector<ConnectionInfo>& connections)
{
    const auto lists = ByConnection(log);
    std::vector<ConnectionVerdict> verdicts;
    for (const ConnectionInfo& info : connections)
    {
        ConnectionVerdict& v = verdicts.emplace_back();
        v.name = info.name;
        v.client = info.client;
        v.server = info.server;
        v.sent = log.SentFor(info.id);
        const auto list = lists.find(info.id);
        if (list == lists.end())
        {
            continue;
        }
        ConnectionReader reader(log, info, v);
        for (const Event* event : list->second)
        {
            reader.Read(*event);
        }
        if (v.outcome == Outcome::Trying)
        {
            v.symptom = Reason::RunEnded;
        }
        if (v.outcome != Outcome::Connected && v.outcome != Outcome::NotStarted)
        {
            v.cause = FindCause(log,
                                list->second,
                                v.symptom,
                                reader.BlameSince(),
                                reader.BlameUntil(),
                                info.client);
        }
    }
    return verdicts;
}

std::vector<TrafficVerdict>
JudgeTraffic(const EventLog& log, const std::vector<TrafficInfo>& traffic)
{
    const auto lists = ByConnection(log);
    std::vector<TrafficVerdict> verdicts;
    for (const TrafficInfo& info : traffic)
    {
        TrafficVerdict& v = verdicts.emplace_back();
        v.name = info.name;
        v.expected = info.expected;
        const auto list = lists.find(info.id);
        Reason symptom = WasUp(lists, info.tunnel) ? Reason::RunEnded : Reason::DataNoConnection;
        std::uint64_t stopped = 0;
        if (list != lists.end())
        {
            for (const Event* event : list->second)
            {
                if (event->type == EventType::TrafficDone)
                {
                    v.arrived = static_cast<std::uint64_t>(event->value);
                    symptom = event->reason;
                }
                v.lost += event->type == EventType::PacketDropped;
                stopped += StopsProbe(log, *event, info.sender);
            }
        }
        if (info.probe)
        {
            v.arrived = info.expected - std::min(stopped, info.expected);
        }
        if (v.arrived < v.expected)
        {
            v.cause = FindCause(log,
                                list == lists.end() ? EventList{} : list->second,
                                symptom,
                                Instant{},
                                Instant::max(),
                                info.sender);
        }
    }
    return verdicts;
}

} // namespace nattlab
