// SPDX-License-Identifier: GPL-2.0-only
/**
 * \file
 * A client and a server joined by a wire with a delay, for tests.
 */
#ifndef NATTLAB_TEST_PPP_PAIR_H
#define NATTLAB_TEST_PPP_PAIR_H

#include "model/ppp/options.h"
#include "model/ppp/packet.h"
#include "model/ppp/session.h"

#include <algorithm>
#include <deque>
#include <functional>
#include <optional>
#include <string>
#include <utility>
#include <vector>

namespace nattlab::ppp
{

inline Ipv4Address Address(const char* text)
{
    return *Ipv4Address::Parse(text);
}

inline Config ClientConfig()
{
    return {};
}

/** \return who the client says it is; another password, and those typed in after it, for faults. */
inline Login ClientLogin(std::string password = "clientPass", std::vector<std::string> retries = {})
{
    return {"alice", std::move(password), std::move(retries)};
}

inline Config ServerConfig()
{
    Config config;
    config.name = "RRAS";
    config.users = {{"alice", "clientPass"}};
    config.address = Address("10.0.0.1");
    config.dns = {Address("10.0.0.53"), Address("10.0.0.54")};
    config.wins = {Address("10.0.0.42"), Address("10.0.0.43")};
    return config;
}

/** \return the message's name, such as "LCP Configure-Request". */
inline std::string NameOfFrame(ByteView bytes)
{
    const auto frame = ParseFrame(bytes);
    if (!frame || frame->information.empty())
    {
        return "?";
    }
    return frame->protocol == PPP_IP ? "IP" : MessageName(frame->protocol, frame->information[0]);
}

inline std::vector<std::string> NamesOf(const Output& output)
{
    std::vector<std::string> names;
    for (const Frame& frame : output.frames)
    {
        names.push_back(NameOfFrame(frame.bytes));
    }
    return names;
}

template <typename T>
std::vector<T> NoticesOf(const std::vector<Notice>& notices)
{
    std::vector<T> found;
    for (const Notice& notice : notices)
    {
        if (const T* t = std::get_if<T>(&notice))
        {
            found.push_back(*t);
        }
    }
    return found;
}

/** Drives two sessions over a wire that keeps the order and takes 10 ms. */
class Pair
{
  public:
    static constexpr Duration DELAY = milliseconds(10);

    /** One end, and what it has done so far. */
    struct End
    {
        Session session;
        std::string name;
        std::vector<std::string> sent{};
        std::vector<Notice> notices{};
        std::vector<IpPacket> packets{};

        std::optional<Up> LastUp() const
        {
            const auto ups = NoticesOf<Up>(notices);
            return ups.empty() ? std::nullopt : std::optional<Up>{ups.back()};
        }

        std::optional<Down> LastDown() const
        {
            const auto downs = NoticesOf<Down>(notices);
            return downs.empty() ? std::nullopt : std::optional<Down>{downs.back()};
        }
    };

    /** May change a frame; returns false to lose it. \p fromClient says whose it is. */
    using Filter = std::function<bool(bool fromClient, Bytes& frame)>;

    explicit Pair(const Config& clientConfig = ClientConfig(),
                  const Config& serverConfig = ServerConfig(),
                  std::uint64_t seed = 1,
                  const Login& login = ClientLogin())
        : log(TraceLevel::Full),
          pool(Address("10.0.0.100"), Address("10.0.0.101")),
          client{Session(clientConfig,
                         Role::Client,
                         "client",
                         seed,
                         1,
                         nullptr,
                         Tracer(log, log.AddNode("client")),
                         login),
                 "client"},
          server{Session(serverConfig,
                         Role::Server,
                         "server",
                         seed,
                         1,
                         &pool,
                         Tracer(log, log.AddNode("server"))),
                 "server"}
    {
    }

    void Start()
    {
        Take(client, client.session.Start(now));
        Take(server, server.session.Start(now));
    }

    /** Put down what an end did, and its frames on the wire. */
    void Take(End& end, Output output)
    {
        for (Frame& frame : output.frames)
        {
            end.sent.push_back(NameOfFrame(frame.bytes));
            history.push_back(end.name + ": " + end.sent.back());
            const bool fromClient = &end == &client;
            if (!filter || filter(fromClient, frame.bytes))
            {
                wire.push_back({now + DELAY, fromClient, std::move(frame.bytes)});
            }
        }
        for (Notice& notice : output.notices)
        {
            end.notices.push_back(std::move(notice));
        }
        if (output.packet)
        {
            end.packets.push_back(std::move(*output.packet));
        }
    }

    /** \return when something happens next. */
    std::optional<Instant> Next() const
    {
        std::optional<Instant> next = Earlier(client.session.Deadline(), server.session.Deadline());
        return wire.empty() ? next : Earlier(next, wire.front().at);
    }

    /** Let everything happen that is due up to \p end. */
    void RunUntil(Instant end)
    {
        for (auto next = Next(); next && *next <= end; next = Next())
        {
            now = std::max(now, *next);
            if (!wire.empty() && wire.front().at <= now)
            {
                const InFlight flight = std::move(wire.front());
                wire.pop_front();
                End& to = flight.fromClient ? server : client;
                Take(to, to.session.Receive(flight.bytes, {}, now));
                continue;
            }
            for (End* to : {&client, &server})
            {
                if (to->session.Deadline() && *to->session.Deadline() <= now)
                {
                    Take(*to, to->session.Expire(now));
                }
            }
        }
        now = end;
    }

    /** Start, and run for \p time. */
    void Run(Duration time = seconds(1))
    {
        Start();
        RunUntil(Instant{} + time);
    }

    bool BothOpen() const
    {
        return client.session.CurrentPhase() == Phase::Open &&
               server.session.CurrentPhase() == Phase::Open;
    }

    EventLog log;
    AddressPool pool;
    End client;
    End server;
    Filter filter;
    Instant now{};
    std::vector<std::string> history; //!< every message sent, in order: "client: LCP ..."

  private:
    struct InFlight
    {
        Instant at;
        bool fromClient;
        Bytes bytes;
    };

    std::deque<InFlight> wire;
};

} // namespace nattlab::ppp

#endif
