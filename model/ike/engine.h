// SPDX-License-Identifier: GPL-2.0-only
/**
 * \file
 * The IKEv1 engine of one host (RFC 2407, 2408, 2409, 3947): Main Mode with pre-shared keys or RSA
 * signatures, Quick Mode for transport mode, Informational, IKE fragments (MS-IKEE 3.3) and cookies
 * against floods (MS-IKEE 3.9); both roles.
 *
 * It has no socket and no clock: messages and the present go in; messages, notices and the next
 * deadline come out. The non-ESP marker of port 4500 is the host's business.
 */
#ifndef NATTLAB_IKE_ENGINE_H
#define NATTLAB_IKE_ENGINE_H

#include "model/ike/profile.h"
#include "model/ike/status.h"
#include "model/packet/address.h"
#include "model/packet/packet.h"
#include "model/packet/time.h"
#include "model/pki/store.h"
#include "model/trace/event-log.h"
#include "model/trace/key-log.h"
#include "model/trace/reason.h"

#include <cstdint>
#include <memory>
#include <optional>
#include <string>
#include <variant>
#include <vector>

namespace nattlab::ike
{

constexpr std::uint16_t IKE_PORT = 500;
constexpr std::uint16_t NAT_T_PORT = 4500;

/** A UDP datagram of IKE. */
struct Message
{
    Endpoint local;
    Endpoint remote;
    Bytes payload;         //!< ISAKMP without non-ESP marker; the single byte 0xFF of a keepalive
    bool keepalive{false}; //!< RFC 3948 4
    TraceTag tag;
};

/** Names one phase-1 relation; it stays when the relation authenticates anew. 0 is none. */
using PeerId = std::uint64_t;

/** The traffic of a transport-mode SA, with addresses as this host sees them on the wire. */
struct Selector
{
    Ipv4Address local;
    Ipv4Address remote;
    std::uint8_t protocol{17};      //!< 0: any
    std::uint16_t localPort{1701};  //!< 0: any
    std::uint16_t remotePort{1701}; //!< 0: any
};

inline bool
operator==(const Selector& a, const Selector& b)
{
    return a.local == b.local && a.remote == b.remote && a.protocol == b.protocol &&
           a.localPort == b.localPort && a.remotePort == b.remotePort;
}

/** A pair of ESP SAs, one per direction, without their keys. */
struct ChildSa
{
    PeerId peer{0};
    std::uint32_t inboundSpi{0};
    std::uint32_t outboundSpi{0};
    crypto::CipherAlgorithm cipher{crypto::CipherAlgorithm::Null};
    crypto::HashAlgorithm integrity{crypto::HashAlgorithm::Sha1};
    bool udpEncapsulated{false};
    Endpoint local;  //!< of IKE, and of ESP in UDP
    Endpoint remote; //!< of IKE, and of ESP in UDP
    Selector selector;
    /** The peer's address in its own eyes: source of the checksums in what it sends (NAT-OA). */
    std::optional<Ipv4Address> peerOriginalAddress;
    /** This host's address in the peer's eyes: destination of the checksums in what it sends. */
    std::optional<Ipv4Address> ownOriginalAddress;
    Duration lifetime{0};                  //!< 0: no limit
    std::uint64_t lifetimeKilobytes{0};    //!< 0: no limit
    bool initiator{false};                 //!< of the Quick Mode
    std::optional<std::uint32_t> replaces; //!< inbound SPI of the SA that this one rekeys
};

/** The keys of a pair of ESP SAs. The engine tells them once and forgets them. */
struct ChildKeys
{
    Bytes inboundCipher;
    Bytes inboundAuth;
    Bytes outboundCipher;
    Bytes outboundAuth;
};

/** A pair of ESP SAs is ready. */
struct ChildUp
{
    ChildSa sa;
    ChildKeys keys;
    TraceTag tag;
};

/** A pair of ESP SAs is gone: deleted by the peer or by this host, expired or displaced. */
struct ChildDown
{
    PeerId peer{0};
    std::uint32_t inboundSpi{0};
    Reason reason{Reason::None}; //!< None: this host deleted it
};

/** Main Mode is done; with an identifier that was up before, it was done anew. */
struct PeerUp
{
    PeerId peer{0};
    Endpoint remote;
    ConnectionId connection{0};
};

/** The phase-1 SA is gone. Its children may live on (Profile::mainModeDeleteKeepsChildren). */
struct PeerDown
{
    PeerId peer{0};
    Reason reason{Reason::None}; //!< None: this host deleted it
};

/** A negotiation came to nothing. */
struct Failed
{
    enum class Phase : std::uint8_t
    {
        Main,
        Quick,
    };

    PeerId peer{0}; //!< 0: refused before it had one
    Endpoint remote;
    ConnectionId connection{0};
    Phase phase{Phase::Main};
    Reason reason{Reason::None};
    std::string message;                 //!< unanswered, refused, or never sent: "MM1"
    std::optional<std::uint16_t> notify; //!< the error that the peer notified
    bool initiator{false};
};

/** The peer's mapping changed; all its SAs go there from now on. */
struct Moved
{
    PeerId peer{0};
    Endpoint local;
    Endpoint remote;
};

using Notice = std::variant<ChildUp, ChildDown, PeerUp, PeerDown, Failed, Moved>;

/** What a call brought about, in order. */
struct Output
{
    std::vector<Message> messages;
    std::vector<Notice> notices;
};

/** A wish for SAs. */
struct Request
{
    Ipv4Address local;
    Ipv4Address remote;
    Selector selector;
    ConnectionId connection{0};
};

/**
 * The IKE of one host.
 *
 * Work per message is O(log n) in the number of peers; Deadline() is O(1). No input crashes it.
 */
class Engine
{
  public:
    /** Whom it works for. */
    struct Host
    {
        std::string name; //!< the device; names its random streams
        std::string fqdn; //!< its identity where a host name is sent
        std::vector<Ipv4Address> addresses;
        pki::UnixTime clock{0}; //!< its calendar at Instant{}
    };

    /**
     * \param profile what it follows; hosts that are alike share it
     * \param seed the scenario's
     * \param tracer receives the events; without a log nothing is recorded
     * \param keys receives the IKE keys, unless null; must outlive the engine
     */
    Engine(std::shared_ptr<const Profile> profile,
           Host host,
           std::uint64_t seed,
           Tracer tracer,
           KeyLog* keys);
    Engine(Engine&&) noexcept;
    Engine& operator=(Engine&&) noexcept;
    ~Engine();

    /** Set the key for one peer's outer address, or for all others. */
    void SetPresharedKey(std::optional<Ipv4Address> peer, Bytes key);

    /** Forget the key for one peer's outer address. */
    void ForgetPresharedKey(Ipv4Address peer);

    /** Set the certificates; null: this host knows nothing of them, as at first. */
    void SetCertificates(std::shared_ptr<const pki::Store> store);

    /**
     * Follow another profile in all negotiations that begin from now on.
     * \throws std::invalid_argument as the constructor does, and changes nothing
     */
    void SetProfile(std::shared_ptr<const Profile> profile);

    /** Answer to those who ask, or do not. Off at first. */
    void Listen(bool on);

    /** Make SAs for this selector. An existing Main Mode is used. */
    Output Acquire(const Request& request, Instant now);

    Output Receive(const Message& message, Instant now);
    Output Expire(Instant now);
    std::optional<Instant> Deadline() const;

    /** Replace a pair of SAs by a new one. */
    Output Rekey(std::uint32_t inboundSpi, Instant now);

    /** Delete a pair of SAs and tell the peer. */
    Output DeleteChild(std::uint32_t inboundSpi, Instant now);

    /** Delete the children, then the phase-1 SA, and tell the peer. */
    Output DeletePeer(PeerId peer, Instant now);

    /** Traffic in UDP left for this peer: its keepalive timer starts anew. */
    void NoteSent(PeerId peer, Instant now);

    /** A valid ESP packet came from here, which may show that the peer has moved. */
    Output NoteAuthenticatedSource(PeerId peer, Endpoint local, Endpoint remote, Instant now);

    /** Forget everything and tell nobody, as a reboot does. Keys, certificates and Listen stay. */
    void Reset();

    /**
     * End everything as a service that stops: negotiations fail with HostServiceStopped, all peers
     * are told that their SAs are deleted; then nothing is left, as after Reset().
     */
    Output Shutdown(Instant now);

    /** \return how many phase-1 relations exist, finished or not. */
    std::size_t PeerCount() const;

    /** \return how many pairs of ESP SAs exist. */
    std::size_t ChildCount() const;

    /** \return all phase-1 relations in the order in which they were made. */
    std::vector<PeerStatus> Peers() const;

    /** \return all pairs of ESP SAs in the order in which they were made. */
    std::vector<ChildSa> Children() const;

    const Counters& Count() const;

  private:
    class Core;
    std::unique_ptr<Core> m_core;
};

} // namespace nattlab::ike

#endif
