// SPDX-License-Identifier: GPL-2.0-only
#ifndef NATTLAB_L2TP_TUNNEL_H
#define NATTLAB_L2TP_TUNNEL_H

#include "model/crypto/random.h"
#include "model/l2tp/control-channel.h"
#include "model/l2tp/engine.h"
#include "model/l2tp/state.h"
#include "model/packet/bytes.h"
#include "model/packet/packet.h"
#include "model/packet/time.h"

#include <cstdint>
#include <map>
#include <string>
#include <tuple>

namespace nattlab::l2tp
{

/** One call. */
struct Session
{
    std::uint16_t id{0};
    std::uint16_t peerId{0}; //!< 0 until the peer assigned it
    SessionState state{SessionState::Idle};
    ConnectionId connection{0};
    bool initiator{false}; //!< LAC
    bool wasUp{false};
    bool sequencingRequired{false}; //!< by ICCN
    bool sequencing{false};         //!< number what is sent (RFC 2661 5.4)
    std::uint16_t nextNs{0};        //!< of data messages
    std::uint16_t expectedNs{0};    //!< of data messages
};

/** One control connection and its calls. */
struct Tunnel
{
    explicit Tunnel(const Config& config)
        : channel(config)
    {
    }

    std::uint16_t id{0};
    std::uint16_t peerId{0}; //!< 0 until the peer assigned it
    PathId path{0};
    ConnectionId connection{0};
    bool initiator{false};
    bool wasUp{false};
    bool stopReceived{false};
    bool acknowledge{false}; //!< something came that the peer has not seen acknowledged
    ControlState state{ControlState::Idle};
    Reason endOfLastCall{Reason::None};
    Instant made;    //!< when it began
    Instant heard;   //!< when anything last came from the peer
    Bytes challenge; //!< sent to the peer, empty without authentication
    std::string peerName;
    ControlChannel channel;
    std::map<std::uint16_t, Session> sessions; //!< by own identifier
    std::uint16_t lastSession{0};              //!< identifier given last
};

/** What a timer of the engine is for. */
enum class TimerKind : std::uint8_t
{
    Retransmit,
    Hello,
    Setup, //!< a reply is due: of the tunnel, or of the session
    Empty, //!< the last call is over
    Linger,
};

/** Names a timer; session 0 for those of the tunnel. */
struct TimerKey
{
    std::uint16_t tunnel{0};
    std::uint16_t session{0};
    TimerKind kind{TimerKind::Retransmit};

    bool operator==(const TimerKey& other) const
    {
        return tunnel == other.tunnel && session == other.session && kind == other.kind;
    }

    std::size_t Hash() const
    {
        return HashCombine(static_cast<std::size_t>(kind), std::uint32_t{tunnel} << 16 | session);
    }
};

inline bool
operator<(const TimerKey& a, const TimerKey& b)
{
    return std::tie(a.tunnel, a.session, a.kind) < std::tie(b.tunnel, b.session, b.kind);
}

/** \return true until the tunnel has ended for its sessions and its host. */
inline bool
IsLive(const Tunnel& tunnel)
{
    return tunnel.state != ControlState::Stopping && tunnel.state != ControlState::Lingering;
}

/**
 * Choose an identifier that is not in use.
 * \param last the one given last; the next is tried first
 * \param random when not null, draws the one that is tried first
 * \param used tells of an identifier whether it is taken
 * \return 0 when all are taken
 */
template <typename Used>
std::uint16_t
ChooseId(std::uint16_t last, RandomStream* random, Used used)
{
    constexpr std::uint32_t most = 65535;
    std::uint32_t id = random ? static_cast<std::uint32_t>(random->Below(most)) : last % most;
    for (std::uint32_t tried = 0; tried < most; ++tried, id = (id + 1) % most)
    {
        const auto candidate = static_cast<std::uint16_t>(id + 1);
        if (!used(candidate))
        {
            return candidate;
        }
    }
    return 0;
}

} // namespace nattlab::l2tp

#endif
