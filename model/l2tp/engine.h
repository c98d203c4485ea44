// SPDX-License-Identifier: GPL-2.0-only
#ifndef NATTLAB_L2TP_ENGINE_H
#define NATTLAB_L2TP_ENGINE_H

#include "model/l2tp/config.h"
#include "model/packet/address.h"
#include "model/packet/bytes.h"
#include "model/packet/packet.h"
#include "model/packet/short-list.h"
#include "model/packet/time.h"
#include "model/trace/event-log.h"
#include "model/trace/reason.h"

#include <cstddef>
#include <cstdint>
#include <functional>
#include <memory>
#include <optional>
#include <string>
#include <tuple>
#include <variant>
#include <vector>

namespace nattlab::l2tp
{

/** The protected way to one peer, such as a pair of security associations; the host chooses it. */
using PathId = std::uint64_t;

/** One L2TP message that goes out. */
struct Datagram
{
    PathId path{0};
    Bytes payload; //!< L2TP bytes: what follows the UDP header
    TraceTag tag;  //!< of a message sent: packet 0, unless it carries a frame
};

/** One L2TP message that came in; its bytes belong to the caller. */
struct DatagramView
{
    DatagramView(PathId cameBy, ByteView bytes, TraceTag itsTag)
        : path(cameBy),
          payload(bytes),
          tag(itsTag)
    {
    }

    /** What another engine sent. */
    DatagramView(const Datagram& sent)
        : DatagramView(sent.path, sent.payload, sent.tag)
    {
    }

    PathId path;
    ByteView payload; //!< L2TP bytes: what follows the UDP header
    TraceTag tag;
};

/** Names a session by this host's own identifiers. */
struct SessionKey
{
    std::uint16_t tunnel{0};
    std::uint16_t session{0};

    std::size_t Hash() const
    {
        return HashCombine(0, std::uint32_t{tunnel} << 16 | session);
    }
};

inline bool
operator==(SessionKey a, SessionKey b)
{
    return a.tunnel == b.tunnel && a.session == b.session;
}

inline bool
operator!=(SessionKey a, SessionKey b)
{
    return !(a == b);
}

inline bool
operator<(SessionKey a, SessionKey b)
{
    return std::tie(a.tunnel, a.session) < std::tie(b.tunnel, b.session);
}

/** A PPP frame that came in: a view of the datagram that was received. */
struct Frame
{
    SessionKey session;
    ByteView ppp;
    TraceTag tag; //!< of the datagram it came in
};

/** The control connection is established. */
struct TunnelUp
{
    std::uint16_t tunnel{0};
    PathId path{0};
    ConnectionId connection{0}; //!< for the trace only
    bool initiator{false};      //!< this host sent SCCRQ
    std::string peerName;       //!< the peer's Host Name AVP
};

/** A call is established: PPP may begin. */
struct SessionUp
{
    SessionKey session;
    PathId path{0};
    ConnectionId connection{0};
    bool initiator{false};         //!< this host sent ICRQ (LAC)
    std::uint32_t connectSpeed{0}; //!< bits per second, as ICCN says
};

/** A call ended or failed. Comes once for every session. */
struct SessionDown
{
    SessionKey session;
    PathId path{0};
    ConnectionId connection{0};
    Reason reason{Reason::None};
    bool wasUp{false};
    /**
     * The message at fault: ours that had no answer, or that the peer refused; the peer's that we
     * refused, or that ended the call. Empty when no message was involved.
     */
    std::string message;
    std::uint16_t resultCode{0}; //!< of CDN or StopCCN, sent or received; 0 without one
    std::uint16_t errorCode{0};
};

/** A control connection ended or failed; SessionDown of its sessions came before. */
struct TunnelDown
{
    std::uint16_t tunnel{0};
    PathId path{0};
    ConnectionId connection{0};
    Reason reason{Reason::None};
    bool wasUp{false};
    std::string message; //!< as in SessionDown
    std::uint16_t resultCode{0};
    std::uint16_t errorCode{0};
};

/**
 * Nothing of the tunnel, the last one on its path, is left: StopCCN was acknowledged or given up,
 * or its time to linger is over. Now the security associations may go (RFC 3193 3.1). Comes once,
 * after TunnelDown.
 */
struct TunnelGone
{
    std::uint16_t tunnel{0};
    PathId path{0};
    ConnectionId connection{0};
};

using Notice = std::variant<TunnelUp, SessionUp, SessionDown, TunnelDown, TunnelGone>;

/** What an engine wants done, in this order. */
struct Output
{
    ShortList<Datagram, 1> datagrams;
    std::vector<Notice> notices;
    std::optional<Frame> frame; //!< after Receive
    /**
     * After Receive or SendFrame: why the datagram or frame was thrown away unprocessed. None: it
     * was used.
     */
    Reason refused{Reason::None};
};

/** The answer to a request for a call. */
struct DialResult
{
    SessionKey session; //!< {0, 0} when no identifier is free; a SessionDown tells so
    Output output;
};

/**
 * The L2TP of one host (RFC 2661): any number of tunnels and sessions, made by this host (LAC) or
 * by its peers (LNS).
 *
 * A tunnel belongs to the path on which its SCCRQ went. The host calls Expire when Deadline is
 * reached. Everything sent, received, sent again and refused is reported to the tracer.
 */
class Engine
{
  public:
    /**
     * \param config how this host speaks; may be shared by many engines, must not be null
     * \param device the host's name, which with \p seed determines all that is drawn
     * \param seed the scenario's seed
     * \param tracer the host's pen
     */
    Engine(std::shared_ptr<const Config> config,
           const std::string& device,
           std::uint64_t seed,
           Tracer tracer);

    /** The same with a configuration of its own. */
    Engine(const Config& config, const std::string& device, std::uint64_t seed, Tracer tracer);

    Engine(Engine&&) noexcept;
    Engine& operator=(Engine&&) noexcept;
    ~Engine();

    /** Make a tunnel and a session in it. */
    DialResult Dial(PathId path, ConnectionId connection, Instant now);

    /**
     * Make one more session in a tunnel of this host; it waits while the tunnel is being made.
     * \return {0, 0} and a SessionDown when the tunnel is gone or closing
     */
    DialResult AddSession(std::uint16_t tunnel, ConnectionId connection, Instant now);

    /** Take a datagram that came from port 1701 of \p datagram.path. */
    Output Receive(const DatagramView& datagram, Instant now);

    /** Send a PPP frame in a data message; \p tag goes with it. */
    Output SendFrame(SessionKey session, ByteView ppp, TraceTag tag, Instant now);

    /** End a session: CDN, and StopCCN when it was the tunnel's last (MS-L2TPIE). */
    Output HangUp(SessionKey session, Instant now);

    /** End every tunnel with StopCCN, as the service does when it stops. */
    Output Stop(Instant now);

    /** The path is gone: its tunnels end at once, without a message. */
    Output PathLost(PathId path, Reason reason, Instant now);

    /** Do what is due. */
    Output Expire(Instant now);

    /** \return when Expire has something to do. */
    std::optional<Instant> Deadline() const;

    /** Forget everything and tell nobody, as a reboot does. */
    void Reset();

    /** \return tunnels being made or established; those that linger after StopCCN do not count. */
    std::size_t TunnelCount() const;

    /** \return sessions being made or established. */
    std::size_t SessionCount() const;

    const Config& GetConfig() const;

    class Core;

  private:
    std::unique_ptr<Core> m_core;
};

} // namespace nattlab::l2tp

template <>
struct std::hash<nattlab::l2tp::SessionKey>
{
    std::size_t operator()(nattlab::l2tp::SessionKey k) const
    {
        return nattlab::HashCombine(0, std::uint32_t{k.tunnel} << 16 | k.session);
    }
};

#endif
