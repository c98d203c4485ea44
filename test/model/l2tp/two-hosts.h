// SPDX-License-Identifier: GPL-2.0-only
/**
 * \file
 * Two L2TP hosts and a wire between them that can lose messages: for tests only.
 */
#ifndef NATTLAB_TEST_L2TP_TWO_HOSTS_H
#define NATTLAB_TEST_L2TP_TWO_HOSTS_H

#include "model/l2tp/engine.h"
#include "model/l2tp/header.h"
#include "model/l2tp/message.h"
#include "model/trace/event-log.h"

#include <algorithm>
#include <functional>
#include <string>
#include <utility>
#include <variant>
#include <vector>

namespace nattlab::l2tp
{

/** \return "SCCRQ", "ZLB", "data" or "?". */
inline std::string
NameOf(const Datagram& datagram)
{
    const auto parsed = Header::Parse(datagram.payload, false);
    return !parsed ? "?" : parsed->header.control ? PeekName(parsed->payload) : "data";
}

inline Header
HeaderOf(const Datagram& datagram)
{
    return Header::Parse(datagram.payload, false)->header;
}

inline Message
MessageOf(const Datagram& datagram)
{
    const auto parsed = Header::Parse(datagram.payload, false);
    return DecodeMessage(parsed->payload, {}).message;
}

/** \return the names of all datagrams of an output, with commas. */
inline std::string
Names(const Output& output)
{
    std::string names;
    for (const Datagram& datagram : output.datagrams)
    {
        names += (names.empty() ? "" : ", ") + NameOf(datagram);
    }
    return names;
}

/** \return the notices of one kind. */
template <typename Kind>
std::vector<Kind>
Only(const std::vector<Notice>& notices)
{
    std::vector<Kind> found;
    for (const Notice& notice : notices)
    {
        if (const Kind* kind = std::get_if<Kind>(&notice))
        {
            found.push_back(*kind);
        }
    }
    return found;
}

/** Build a control message by hand. */
inline Datagram
Control(PathId path,
        std::uint16_t tunnel,
        std::uint16_t session,
        std::uint16_t ns,
        std::uint16_t nr,
        const Draft& message)
{
    Header header;
    header.control = true;
    header.tunnel = tunnel;
    header.session = session;
    header.ns = ns;
    header.nr = nr;
    return {path, header.Build(message.body), {}};
}

inline Config
ServerConfig()
{
    Config config;
    config.hostName = "vpn.example.com";
    config.listen = true;
    return config;
}

/** One end: its engine, its log and all that it told its host. */
struct Host
{
    Host(const Config& config, const std::string& name)
        : engine(config, name, 1, Tracer(log, log.AddNode(name)))
    {
    }

    EventLog log;
    Engine engine;
    std::vector<Notice> notices;
    std::vector<Instant> noticeTimes;

    std::size_t Count(EventType type, const std::string& subject) const
    {
        return static_cast<std::size_t>(std::count_if(
            log.Events().begin(),
            log.Events().end(),
            [&](const Event& event) { return event.type == type && event.subject == subject; }));
    }

    /** \return when each message of this name was sent again, in milliseconds. */
    std::vector<long> ResentAt(const std::string& subject) const
    {
        std::vector<long> times;
        for (const Event& event : log.Events())
        {
            if (event.type == EventType::MessageResent && event.subject == subject)
            {
                times.push_back(event.time.time_since_epoch() / milliseconds{1});
            }
        }
        return times;
    }

    /** \return the time of the first notice of one kind in milliseconds, -1 without any. */
    template <typename Kind>
    long TimeOf() const
    {
        for (std::size_t i = 0; i < notices.size(); ++i)
        {
            if (std::holds_alternative<Kind>(notices[i]))
            {
                return noticeTimes[i].time_since_epoch() / milliseconds{1};
            }
        }
        return -1;
    }
};

/** Two hosts on one path, 10 ms apart. */
struct TwoHosts
{
    static constexpr PathId PATH = 7;
    static constexpr Duration DELAY = milliseconds{10};

    explicit TwoHosts(const Config& clientConfig = {}, const Config& serverConfig = ServerConfig())
        : client(clientConfig, "client"),
          server(serverConfig, "server")
    {
    }

    /** One datagram under way. */
    struct Flying
    {
        Instant at;
        bool toServer;
        Datagram datagram;
    };

    Host client;
    Host server;
    Instant now;
    std::vector<Flying> flying;
    std::vector<std::string> history; //!< "SCCRQ >" from the client, "< SCCRP" from the server

    /** Asked for every datagram: is it lost? */
    std::function<bool(const std::string& name, bool toServer)> lose;

    /** Put what an engine gave out on the wire. */
    void Take(bool fromClient, Output output)
    {
        Host& host = fromClient ? client : server;
        for (Notice& notice : output.notices)
        {
            host.notices.push_back(std::move(notice));
            host.noticeTimes.push_back(now);
        }
        for (Datagram& datagram : output.datagrams)
        {
            const std::string name = NameOf(datagram);
            history.push_back(fromClient ? name + " >" : "< " + name);
            if (!lose || !lose(name, fromClient))
            {
                flying.push_back({now + DELAY, fromClient, std::move(datagram)});
            }
        }
    }

    SessionKey Dial()
    {
        DialResult result = client.engine.Dial(PATH, 1, now);
        Take(true, std::move(result.output));
        return result.session;
    }

    /** Do everything that is due until \p end. */
    void RunUntil(Instant end)
    {
        while (true)
        {
            std::optional<Instant> next =
                Earlier(client.engine.Deadline(), server.engine.Deadline());
            if (!flying.empty())
            {
                next = Earlier(next, flying.front().at);
            }
            if (!next || *next > end)
            {
                now = end;
                return;
            }
            now = *next;
            if (!flying.empty() && flying.front().at <= now)
            {
                const Flying arrived = std::move(flying.front());
                flying.erase(flying.begin());
                Host& to = arrived.toServer ? server : client;
                Take(!arrived.toServer, to.engine.Receive(arrived.datagram, now));
                continue;
            }
            Take(true, client.engine.Expire(now));
            Take(false, server.engine.Expire(now));
        }
    }

    void RunFor(Duration time)
    {
        RunUntil(now + time);
    }

    /** Dial and run until the call is up on both sides. */
    SessionKey Connect()
    {
        const SessionKey key = Dial();
        RunFor(milliseconds{200});
        return key;
    }
};

} // namespace nattlab::l2tp

#endif
