// SPDX-License-Identifier: GPL-2.0-only
#ifndef NATTLAB_TEST_ENDPOINT_WIRE_H
#define NATTLAB_TEST_ENDPOINT_WIRE_H

#include "model/endpoint/host.h"

#include <functional>
#include <map>
#include <memory>
#include <queue>
#include <string>
#include <vector>

namespace nattlab::test
{

/** A client or server that speaks 3DES, SHA-1, group 2 and every revision of NAT traversal. */
HostConfig MakeConfig(const std::string& name, const std::string& address);

/** The same as a server with the user "ann", password "secret", and addresses 10.8.0.2 to .9. */
HostConfig MakeServerConfig(const std::string& name, const std::string& address);

/** A request of the user "ann" with the server's key. */
CallRequest MakeRequest(const std::string& server, ConnectionId connection = 1);

/**
 * Hosts on one wire with a delay of 10 ms and no simulator: packets and deadlines are played in
 * order of time. A test may put itself between and change, lose or translate packets.
 */
class Wire
{
  public:
    /** Returns where a packet goes; may change it. Nothing: it is lost, and the test accounts. */
    using Middle = std::function<std::vector<Packet>(Packet)>;

    Host& Add(HostConfig config);
    Host& At(const std::string& name);
    void SetMiddle(Middle middle);

    /** Send what a call of a host brought about, and keep its notices. */
    void Do(HostOutput output);

    /** Play until \p end. */
    void RunUntil(Duration end);

    Instant Now() const
    {
        return m_now;
    }

    EventLog log;
    KeyLog keys;
    std::vector<LinkUp> up;
    std::vector<LinkDown> down;
    std::vector<CallFailed> failed;
    std::vector<Packet> seen; //!< every packet sent, before the middle

    std::size_t Count(EventType type, Reason reason = Reason::None) const;

    /** \return the reasons of all dropped packets, in order. */
    std::vector<Reason> Drops() const;

  private:
    struct InFlight
    {
        Instant at;
        std::uint64_t order;
        Packet packet;

        bool operator<(const InFlight& other) const
        {
            return at != other.at ? at > other.at : order > other.order;
        }
    };

    void Deliver(Packet packet);

    std::map<std::string, std::unique_ptr<Host>> m_hosts;
    std::map<Ipv4Address, std::string> m_byAddress;
    std::priority_queue<InFlight> m_flying;
    Middle m_middle;
    Instant m_now;
    std::uint64_t m_order{0};
};

} // namespace nattlab::test

#endif
