// SPDX-License-Identifier: GPL-2.0-only
/**
 * \file
 * Two IKE engines with a wire between them, on which NATs stand and messages get lost.
 */
#ifndef NATTLAB_TEST_IKE_LAB_H
#define NATTLAB_TEST_IKE_LAB_H

#include "model/ike/engine.h"
#include "model/ike/isakmp.h"
#include "test/model/ike/profiles.h"

#include <deque>
#include <functional>
#include <map>
#include <string>
#include <vector>

namespace nattlab::ike::test
{

inline Ipv4Address
Address(const char* text)
{
    return *Ipv4Address::Parse(text);
}

/** Where the two ends and the NATs before them are. */
struct Places
{
    bool clientNat{false};
    bool serverNat{false};
    std::uint16_t clientShift{10000}; //!< external port of the client's NAT minus internal port

    Ipv4Address Client() const
    {
        return clientNat ? Address("192.168.1.2") : ClientOutside();
    }

    Ipv4Address ClientOutside() const
    {
        return Address("203.0.113.7");
    }

    Ipv4Address Server() const
    {
        return serverNat ? Address("10.0.0.5") : ServerOutside();
    }

    Ipv4Address ServerOutside() const
    {
        return Address("198.51.100.1");
    }

    /** Carry a message of the client to the server. */
    Message ToServer(Message m) const
    {
        std::swap(m.local, m.remote);
        m.local.address = Server();
        m.remote.address = ClientOutside();
        m.remote.port = static_cast<std::uint16_t>(m.remote.port + (clientNat ? clientShift : 0));
        return m;
    }

    /** Carry a message of the server to the client. */
    Message ToClient(Message m) const
    {
        std::swap(m.local, m.remote);
        m.local.address = Client();
        m.local.port = static_cast<std::uint16_t>(m.local.port - (clientNat ? clientShift : 0));
        m.remote.address = ServerOutside();
        return m;
    }
};

/** One end: an engine, its log, and what it said. */
struct End
{
    End(const std::string& name,
        const Profile& profile,
        Ipv4Address address,
        std::uint64_t seed = 1,
        pki::UnixTime clock = 0)
        : node(log.AddNode(name)),
          engine(std::make_shared<const Profile>(profile),
                 {name, name + ".example", {address}, clock},
                 seed,
                 Tracer{log, node},
                 &keys)
    {
    }

    /** \return the notices of one kind. */
    template <typename T>
    std::vector<T> All() const
    {
        std::vector<T> found;
        for (const Notice& notice : notices)
        {
            if (const T* n = std::get_if<T>(&notice))
            {
                found.push_back(*n);
            }
        }
        return found;
    }

    /** \return the events of one type. */
    std::vector<Event> Events(EventType type) const
    {
        std::vector<Event> found;
        for (const Event& event : log.Events())
        {
            if (event.type == type)
            {
                found.push_back(event);
            }
        }
        return found;
    }

    /** \return true when a message was refused for this reason. */
    bool Refused(Reason reason) const
    {
        for (const Event& event : Events(EventType::MessageRefused))
        {
            if (event.reason == reason)
            {
                return true;
            }
        }
        return false;
    }

    EventLog log;
    NodeId node;
    KeyLog keys;
    Engine engine;
    std::vector<Notice> notices;
    std::size_t eventsSeen{0};
};

/** What the two ends have to show who they are, and what day they think it is. */
struct Credentials
{
    bool presharedKey{true};
    std::shared_ptr<pki::Store> client{};
    std::shared_ptr<pki::Store> server{};
    pki::UnixTime clientClock{0};
    pki::UnixTime serverClock{0};
};

/** A message under way. */
struct Flight
{
    Instant sent;
    bool fromClient;
    std::string name; //!< as its sender calls it
    Message message;  //!< as its sender sent it
};

/** Client and server on one wire with a clock. */
class Lab
{
  public:
    static constexpr const char* KEY = "correct horse";

    Lab(const Profile& clientProfile,
        const Profile& serverProfile,
        Places where = {},
        std::uint64_t seed = 1,
        const Credentials& credentials = {})
        : places(where),
          client("client", clientProfile, where.Client(), seed, credentials.clientClock),
          server("server", serverProfile, where.Server(), seed, credentials.serverClock)
    {
        if (credentials.presharedKey)
        {
            const Bytes key = ByteView{std::string_view{KEY}}.ToBytes();
            client.engine.SetPresharedKey(std::nullopt, key);
            server.engine.SetPresharedKey(std::nullopt, key);
        }
        client.engine.SetCertificates(credentials.client);
        server.engine.SetCertificates(credentials.server);
        server.engine.Listen(true);
    }

    Request Wanted() const
    {
        const Ipv4Address local = places.Client();
        const Ipv4Address remote = places.ServerOutside();
        return {local, remote, {local, remote, 17, 1701, 1701}, 7};
    }

    /** Take what an engine said; its messages go under way. */
    void Take(bool fromClient, Output out)
    {
        End& end = fromClient ? client : server;
        std::vector<std::string> names;
        const auto& events = end.log.Events();
        for (; end.eventsSeen < events.size(); ++end.eventsSeen)
        {
            const Event& event = events[end.eventsSeen];
            if (event.type == EventType::MessageSent || event.type == EventType::MessageResent)
            {
                names.insert(names.end(), Datagrams(event), event.subject);
            }
        }
        for (std::size_t i = 0; i < out.messages.size(); ++i)
        {
            flights.push_back({now, fromClient, names.at(i), std::move(out.messages[i])});
            sent.push_back(flights.back());
        }
        end.notices.insert(end.notices.end(), out.notices.begin(), out.notices.end());
    }

    /** \return how many datagrams a message went out in: "... in 3 fragments". */
    static std::size_t Datagrams(const Event& sent)
    {
        const std::size_t at = sent.detail.rfind("in ");
        return at != std::string::npos && sent.detail.find(" fragments", at) != std::string::npos
                   ? std::stoul(sent.detail.substr(at + 3))
                   : 1;
    }

    void Acquire()
    {
        Take(true, client.engine.Acquire(Wanted(), now));
    }

    /** Deliver everything that is under way, and all that follows from it at this instant. */
    void Settle()
    {
        while (!flights.empty())
        {
            Flight flight = std::move(flights.front());
            flights.pop_front();
            if (alter && !alter(flight))
            {
                continue;
            }
            if (flight.fromClient)
            {
                Take(false, server.engine.Receive(places.ToServer(flight.message), now));
            }
            else
            {
                Take(true, client.engine.Receive(places.ToClient(flight.message), now));
            }
        }
    }

    /** Let the time pass. */
    void Run(Duration span)
    {
        const Instant end = now + span;
        Settle();
        while (const auto next = Earlier(client.engine.Deadline(), server.engine.Deadline()))
        {
            if (*next > end)
            {
                break;
            }
            now = *next;
            Take(true, client.engine.Expire(now));
            Take(false, server.engine.Expire(now));
            Settle();
        }
        now = end;
    }

    /** \return when messages of this name were sent, in seconds. */
    std::vector<double> Times(const std::string& name) const
    {
        std::vector<double> times;
        for (const Flight& flight : sent)
        {
            if (flight.name == name)
            {
                times.push_back(std::chrono::duration<double>(flight.sent - Instant{}).count());
            }
        }
        return times;
    }

    /** \return true when both ends have one SA pair and their keys fit. */
    bool Agreed() const
    {
        const auto c = client.All<ChildUp>();
        const auto s = server.All<ChildUp>();
        return c.size() == 1 && s.size() == 1 && Fit(c[0], s[0]);
    }

    static bool Fit(const ChildUp& a, const ChildUp& b)
    {
        return a.sa.inboundSpi == b.sa.outboundSpi && a.sa.outboundSpi == b.sa.inboundSpi &&
               a.keys.inboundCipher == b.keys.outboundCipher &&
               a.keys.inboundAuth == b.keys.outboundAuth &&
               a.keys.outboundCipher == b.keys.inboundCipher &&
               a.keys.outboundAuth == b.keys.inboundAuth && a.sa.cipher == b.sa.cipher &&
               a.sa.integrity == b.sa.integrity && a.sa.udpEncapsulated == b.sa.udpEncapsulated;
    }

    Places places;
    End client;
    End server;
    Instant now;
    std::deque<Flight> flights; //!< under way
    std::vector<Flight> sent;
    std::function<bool(Flight&)> alter; //!< change a message; false: it is lost
};

} // namespace nattlab::ike::test

#endif
