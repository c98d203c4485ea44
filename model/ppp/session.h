// SPDX-License-Identifier: GPL-2.0-only
#ifndef NATTLAB_PPP_SESSION_H
#define NATTLAB_PPP_SESSION_H

#include "model/packet/address.h"
#include "model/packet/bytes.h"
#include "model/packet/packet.h"
#include "model/packet/time.h"
#include "model/ppp/address-pool.h"
#include "model/ppp/config.h"
#include "model/ppp/packet.h"
#include "model/trace/event-log.h"
#include "model/trace/reason.h"

#include <cstddef>
#include <cstdint>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <variant>
#include <vector>

namespace nattlab::ppp
{

/** Phases of a link (RFC 1661 3.2), with the end of negotiation as its own. */
enum class Phase : std::uint8_t
{
    Dead,
    Establish, //!< LCP
    Authenticate,
    Network, //!< IPCP
    Open,    //!< IP packets may be sent
    Terminating,
};

/** \return "dead", "establish"... */
std::string_view NameOf(Phase phase);

/** An IPv4 packet that came out of the peer's frame. */
struct IpPacket
{
    Bytes bytes;
    TraceTag tag; //!< of the frame it came in
};

/**
 * The link entered a phase. In order; a peer that negotiates anew takes the link back to Establish
 * or Network, and forward again.
 */
struct PhaseEntered
{
    Phase phase;
};

/** IP packets may be sent. Comes again after a renegotiation. */
struct Up
{
    Ipv4Address own;
    Ipv4Address peer;             //!< 0.0.0.0 when the peer named none
    std::vector<Ipv4Address> dns; //!< servers learnt by IPCP
    std::size_t mtu;              //!< largest IP packet that may be sent, bytes: the peer's MRU
    std::string user;             //!< authenticated user; empty without authentication
};

/** The link is over; the session does nothing any more. Comes once. */
struct Down
{
    Reason reason;
    Phase phase;                            //!< in which it failed
    std::optional<std::uint32_t> errorCode; //!< E= of an MS-CHAPv2 Failure, at both ends
    std::string detail; //!< the message unanswered or refused, where one is to blame
    bool wasUp;
};

using Notice = std::variant<PhaseEntered, Up, Down>;

/** What a session wants done, in this order. */
struct Output
{
    Frames frames;
    std::optional<IpPacket> packet; //!< after Receive
    std::vector<Notice> notices;
    /** After Receive or SendIp: why the frame or packet was thrown away. None: it was used. */
    Reason refused{Reason::None};
};

/**
 * One end of a PPP link inside an L2TP session, as Windows has it: LCP (RFC 1661), authentication
 * of the client (RFC 1334, 1994, 2759) and IPCP (RFC 1332, 1877).
 *
 * Config::authMethods are, for a client, the methods it lets itself be asked for, the preferred
 * one first; for a server the methods it asks for, in order until the client takes one. A server
 * without methods asks for no authentication; a client lets a server do so.
 *
 * The session ends no packet's life in the event log: who calls it does, with Output::refused.
 */
class Session
{
  public:
    /**
     * \param config shared by many sessions; must not be null
     * \param role which end this is
     * \param device name of the host, for random numbers
     * \param seed of the scenario
     * \param connection of the events, and what makes this session's random numbers its own among
     * those of the host
     * \param pool addresses for clients (server); may be null, must outlive the session
     * \param tracer writes message events
     * \param login who the client says it is; a server has none
     */
    Session(std::shared_ptr<const Config> config,
            Role role,
            std::string device,
            std::uint64_t seed,
            ConnectionId connection,
            AddressPool* pool,
            Tracer tracer,
            Login login = {});

    /** The same with a configuration of its own. */
    Session(const Config& config,
            Role role,
            std::string device,
            std::uint64_t seed,
            ConnectionId connection,
            AddressPool* pool,
            Tracer tracer,
            Login login = {});

    Session(Session&&) noexcept;
    Session& operator=(Session&&) noexcept;
    ~Session(); //!< gives the client's address back

    /** The L2TP call is up: begin with LCP. A session starts once. */
    Output Start(Instant now);

    /** Take a frame of the peer; any bytes are safe. */
    Output Receive(ByteView frame, TraceTag tag, Instant now);

    /** Put an IPv4 packet into a frame; refused unless the phase is Open and it fits the MTU. */
    Output SendIp(ByteView packet, TraceTag tag, Instant now);

    /**
     * End the link with an LCP Terminate-Request; Down follows when the peer acknowledges it, or
     * after its last repetition.
     */
    Output Terminate(Instant now, Reason why);

    /** The L2TP call is gone: Down follows at once, with \p why unless the link failed before. */
    Output LowerDown(Reason why, Instant now);

    /** Do what is due at \p now. */
    Output Expire(Instant now);

    /** \return when Expire has something to do. */
    std::optional<Instant> Deadline() const;

    Phase CurrentPhase() const;

  private:
    class Impl;
    std::unique_ptr<Impl> m_impl;
};

} // namespace nattlab::ppp

#endif
