// SPDX-License-Identifier: GPL-2.0-only
#ifndef NATTLAB_L2TP_ENGINE_CORE_H
#define NATTLAB_L2TP_ENGINE_CORE_H

#include "model/crypto/random.h"
#include "model/l2tp/engine.h"
#include "model/l2tp/header.h"
#include "model/l2tp/message.h"
#include "model/l2tp/tunnel.h"
#include "model/packet/group-table.h"
#include "model/packet/hash-table.h"
#include "model/packet/timer-queue.h"

#include <cstdint>
#include <memory>
#include <optional>
#include <string>
#include <utility>
#include <vector>

namespace nattlab::l2tp
{

/** Why a tunnel or call ends, and what its notices say. */
struct Ending
{
    Reason reason{Reason::None};
    std::string message;
    ResultCode code;
};

/**
 * The works of Engine. Each public function does one thing from outside, settles the tunnels it
 * touched and hands out what came of it.
 *
 * A tunnel is removed in Settle() and Remove() only, so that a reference to it stays good while a
 * message is worked on.
 */
class Engine::Core
{
  public:
    Core(std::shared_ptr<const Config> config,
         const std::string& device,
         std::uint64_t seed,
         Tracer tracer);

    DialResult Dial(PathId path, ConnectionId connection, Instant now);
    DialResult AddSession(std::uint16_t tunnel, ConnectionId connection, Instant now);
    Output Receive(const DatagramView& datagram, Instant now);
    Output SendFrame(SessionKey key, ByteView ppp, TraceTag tag, Instant now);
    Output HangUp(SessionKey key, Instant now);
    Output Stop(Instant now);
    Output PathLost(PathId path, Reason reason, Instant now);
    Output Expire(Instant now);
    void Reset();

    std::optional<Instant> Deadline() const
    {
        return m_timers.Next();
    }

    std::size_t TunnelCount() const
    {
        return m_liveTunnels;
    }

    std::size_t SessionCount() const
    {
        return m_liveSessions;
    }

    const Config& GetConfig() const
    {
        return *m_config;
    }

  private:
    /** \name Tunnels: engine-core.cc */
    ///@{
    void Begin(Output& out, Instant now);
    Tunnel* Find(std::uint16_t id);
    Session* Find(SessionKey key);
    std::vector<std::uint16_t> TunnelsOn(PathId path) const;
    Tunnel* MakeTunnel(PathId path, ConnectionId connection, bool initiator);
    void Remove(Tunnel& tunnel);
    void Settle(Tunnel& tunnel);
    void SetTimer(TimerKey key, Duration wait);
    void ExpireTimer(const TimerKey& key);
    void ExpireHello(Tunnel& tunnel);
    void ExpireSetup(Tunnel& tunnel, std::uint16_t session);
    void GiveUp(Tunnel& tunnel);
    ///@}

    /** \name Sending and receiving messages: engine-wire.cc */
    ///@{
    void Send(Tunnel& tunnel, Draft message, std::uint16_t session, ConnectionId connection);
    void Transmit(Tunnel& tunnel, const Outgoing& message);
    void SendZlb(Tunnel& tunnel);
    void Refuse(TraceTag tag, const std::string& name, Reason reason);
    void NoteRefused(TraceTag tag, MessageType type, const Fault& fault);
    DecodeRules Rules() const;
    Tunnel* FindForData(const DatagramView& datagram, std::uint16_t id, const std::string& name);
    Tunnel* FindForControl(const DatagramView& datagram, const Header::Parsed& parsed);
    Tunnel* Greet(const DatagramView& datagram, const Header& header, const Decoded& decoded);
    void ReceiveData(const DatagramView& datagram, const Header::Parsed& parsed);
    void ReceiveControl(const DatagramView& datagram, const Header::Parsed& parsed);
    void Process(Tunnel& tunnel, std::uint16_t session, ByteView body, TraceTag tag);
    ///@}

    /** \name The control connection: engine-control.cc */
    ///@{
    void ReceiveTunnelMessage(Tunnel& tunnel, const Decoded& decoded, TraceTag tag);
    void Learn(Tunnel& tunnel, const Message& message) const;
    std::optional<Fault> Judge(const Tunnel& tunnel, const Message& message) const;
    std::optional<Fault> CheckResponse(const Tunnel& tunnel, const Message& message) const;
    Bytes ResponseTo(const Message& challenger, MessageType answer) const;
    void
    OnControl(Tunnel& tunnel, ControlEvent event, const Message* message, const Ending& ending);
    Bytes NewChallenge();
    void BeatenByTieBreaker(PathId path);
    ResultCode CodeOf(const Fault& fault) const;
    void Opened(Tunnel& tunnel);
    void AwaitSetup(TimerKey key);
    bool HasPeerRestarted(const Tunnel& tunnel) const;
    void EndTunnel(Tunnel& tunnel, const Ending& ending);
    ///@}

    /** \name Calls: engine-session.cc */
    ///@{
    Session* MakeSession(Tunnel& tunnel, ConnectionId connection, bool initiator);
    SessionKey Call(Tunnel& tunnel, ConnectionId connection);
    SessionKey CannotCall(PathId path, ConnectionId connection, Reason reason);
    void
    ReceiveSessionMessage(Tunnel& tunnel, std::uint16_t id, const Decoded& decoded, TraceTag tag);
    void ReceiveCallMessage(Tunnel& tunnel, Session& session, const Decoded& decoded, TraceTag tag);
    void ReceiveRequest(Tunnel& tunnel, const Decoded& decoded, TraceTag tag);
    std::optional<Fault> JudgeRequest() const;
    std::optional<Fault>
    Judge(const Session& session, SessionEvent event, const Decoded& decoded) const;
    void RefuseCall(Tunnel& tunnel, const Message& message, const Fault& fault, TraceTag tag);
    void OnSession(Tunnel& tunnel,
                   Session& session,
                   SessionEvent event,
                   const Message* message,
                   const Ending& ending);
    void SendIcrq(Tunnel& tunnel, Session& session);
    void SessionOpened(Tunnel& tunnel, Session& session, std::uint32_t speed);
    void SendCdn(Tunnel& tunnel,
                 std::uint16_t own,
                 std::uint16_t peer,
                 ConnectionId connection,
                 const ResultCode& code);
    void EndSession(Tunnel& tunnel, Session& session, const Ending& ending);
    void AfterLastCall(Tunnel& tunnel, Reason reason, bool atOnce);
    ///@}

    using RemoteKey = std::pair<PathId, std::uint16_t>;

    struct RemoteHash
    {
        std::size_t operator()(const RemoteKey& key) const
        {
            return HashCombine(HashCombine(0, key.first), key.second);
        }
    };

    /** Of what is drawn, each has its own random numbers. */
    struct Streams
    {
        Streams(std::uint64_t seed, const std::string& device);

        RandomStream id;
        RandomStream challenge;
        RandomStream hiding;
        RandomStream correlation;
    };

    std::shared_ptr<const Config> m_config;
    Tracer m_tracer;
    std::unique_ptr<Streams> m_random; //!< null when the configuration has nothing drawn

    Instant m_now;          //!< of the call in progress
    Output* m_out{nullptr}; //!< of the call in progress

    std::vector<std::unique_ptr<Tunnel>> m_tunnels;             //!< by own identifier
    std::uint16_t m_lastTunnel{0};                              //!< identifier given last
    std::uint32_t m_lastSerial{0};                              //!< call serial number given last
    HashTable<RemoteKey, std::uint16_t, RemoteHash> m_byRemote; //!< made by the peer
    GroupTable<PathId, std::uint16_t> m_byPath;
    TimerQueue<TimerKey> m_timers;
    std::size_t m_liveTunnels{0};
    std::size_t m_liveSessions{0};
    std::size_t m_acceptedSessions{0}; //!< those of them that the peer asked for
};

} // namespace nattlab::l2tp

#endif
