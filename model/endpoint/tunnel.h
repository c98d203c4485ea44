// SPDX-License-Identifier: GPL-2.0-only
#ifndef NATTLAB_ENDPOINT_TUNNEL_H
#define NATTLAB_ENDPOINT_TUNNEL_H

#include "model/endpoint/security.h"
#include "model/endpoint/stage.h"
#include "model/l2tp/engine.h"
#include "model/packet/hash-table.h"
#include "model/ppp/session.h"

#include <cstdint>
#include <map>
#include <memory>
#include <optional>
#include <string>
#include <variant>
#include <vector>

namespace nattlab
{

/** A connection that a user of this host dials. */
struct CallRequest
{
    ConnectionId connection{0};
    Ipv4Address server;
    std::string user;
    std::string password;
    std::vector<std::string> retryPasswords; //!< typed in when the server allows another try
    std::optional<Bytes> presharedKey;
};

/** A PPP link came up on this host: dialled (client) or taken (server). */
struct LinkUp
{
    ConnectionId connection;
    l2tp::SessionKey session;
    bool client;
    Ipv4Address own;
    Ipv4Address peer;
    std::size_t mtu;
};

/** A PPP link that had been up is gone. */
struct LinkDown
{
    ConnectionId connection;
    l2tp::SessionKey session;
    bool client;
    Ipv4Address own;
    Ipv4Address peer;
    Reason reason;
};

/** A dialled connection did not come up. */
struct CallFailed
{
    ConnectionId connection;
    Stage stage;
    Reason reason;
    std::string message; //!< the message unanswered or refused, where one is to blame
    std::optional<std::uint32_t> errorCode; //!< E= of an MS-CHAPv2 Failure (RFC 2759 6)
    std::optional<std::uint16_t> notify;    //!< the error that the IKE peer notified
    bool local{false};                      //!< found by this host, before it asked the peer
};

/** An IPv4 packet came out of the tunnel. */
struct InnerPacket
{
    l2tp::SessionKey session;
    Bytes bytes;
    TraceTag tag;
};

using TunnelNotice = std::variant<LinkUp, LinkDown, CallFailed, InnerPacket>;

/**
 * L2TP and PPP over the protected ways of one host, for calls dialled and calls taken, and the
 * stages of each dialled call.
 */
class TunnelLayer
{
  public:
    TunnelLayer(std::shared_ptr<const l2tp::Config> l2tp,
                std::shared_ptr<const ppp::Config> ppp,
                std::optional<ppp::AddressPool> pool,
                std::string device,
                std::uint64_t seed,
                SecurityLayer& security,
                Tracer tracer);

    /** Dial a connection: LinkUp or CallFailed follows. */
    void Dial(const CallRequest& request, Instant now, HostTransmissions& out);

    /** End a connection as its user does. */
    void HangUp(ConnectionId connection, Instant now, HostTransmissions& out);

    /** Take what the security layer has to say. */
    void Take(const SecurityNotice& notice, Instant now, HostTransmissions& out);

    /**
     * Send an IPv4 packet through the tunnel that leads to its destination.
     * \return false when none does.
     */
    bool SendInner(ByteView packet, ConnectionId connection, Instant now, HostTransmissions& out);

    /** \return own and peer's tunnel addresses of an open connection, dialled or taken. */
    std::optional<LinkUp> LinkOf(ConnectionId connection) const;

    void Expire(Instant now, HostTransmissions& out);

    std::optional<Instant> Deadline() const;

    /** \return the notices that came up since the last call, in order. */
    std::vector<TunnelNotice> TakeNotices();

    /** A reboot: forget everything, tell nobody; LinkDown or CallFailed is noted for each call. */
    void Reset(Instant now);

    /** The service stops: tunnels end with StopCCN, ways and SAs go with them. */
    void Stop(Instant now, HostTransmissions& out);

    bool IsRunning() const
    {
        return m_running;
    }

    /** The service starts, with what it has read at its start. */
    void Start(std::shared_ptr<const l2tp::Config> l2tp, std::shared_ptr<const ppp::Config> ppp);

  private:
    /** A dialled connection from Dial to its end. */
    struct Call
    {
        CallRequest request;
        Stage stage{Stage::IkeMain};
        PathId path{0};
        std::optional<l2tp::SessionKey> session;
        bool up{false};
    };

    /** A PPP link over an L2TP session. */
    struct Link
    {
        ppp::Session session;
        PathId path;
        ConnectionId connection;
        bool client;
        std::optional<LinkUp> up;
    };

    void Handle(l2tp::Output output, Instant now, HostTransmissions& out);
    void On(const l2tp::SessionUp& up, Instant now, HostTransmissions& out);
    void On(const l2tp::SessionDown& down, Instant now, HostTransmissions& out);
    void On(const l2tp::TunnelUp& up, Instant now, HostTransmissions& out);
    void On(const l2tp::TunnelDown& down, Instant now, HostTransmissions& out);
    void On(const l2tp::TunnelGone& gone, Instant now, HostTransmissions& out);
    void HandlePpp(l2tp::SessionKey key, ppp::Output output, Instant now, HostTransmissions& out);
    void OnPppUp(l2tp::SessionKey key, Link& link, const ppp::Up& up, Instant now);
    void
    OnPppDown(l2tp::SessionKey key, const ppp::Down& down, Instant now, HostTransmissions& out);
    void Advance(Call& call, Stage next, Instant now);
    void RecordStage(EventType type,
                     ConnectionId connection,
                     Stage stage,
                     Instant now,
                     Reason reason = Reason::None);
    void Fail(ConnectionId connection,
              Reason reason,
              const std::string& message,
              Instant now,
              HostTransmissions& out,
              std::optional<Stage> stage = std::nullopt,
              std::optional<std::uint32_t> errorCode = std::nullopt,
              const PathFailed* path = nullptr);
    void Forget(Reason reason, Instant now);
    void LinkLost(l2tp::SessionKey key, Reason reason, Instant now);
    void Arm(l2tp::SessionKey key);
    Link* Find(l2tp::SessionKey key) const;
    std::optional<l2tp::SessionKey> SessionFrom(Ipv4Address own) const;

    SecurityLayer& m_security;
    Tracer m_tracer;
    std::string m_device;
    std::uint64_t m_seed;
    bool m_running{true};
    std::uint32_t m_starts{1};
    l2tp::Engine m_l2tp;
    std::shared_ptr<const ppp::Config> m_ppp;
    std::optional<ppp::AddressPool> m_pool;
    std::map<ConnectionId, Call> m_calls;
    HashTable<PathId, ConnectionId> m_callOfPath;
    HashTable<l2tp::SessionKey, std::unique_ptr<Link>> m_links;
    HashTable<Ipv4Address, l2tp::SessionKey> m_linkOfPeer; //!< by the peer's address
    HashTable<ConnectionId, l2tp::SessionKey> m_linkOfConnection;
    HashTable<ConnectionId, std::uint32_t> m_sessions; //!< how many there were of each
    TimerQueue<l2tp::SessionKey> m_pppTimers;
    std::vector<TunnelNotice> m_notices;
};

} // namespace nattlab

#endif
