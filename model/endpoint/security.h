// SPDX-License-Identifier: GPL-2.0-only
#ifndef NATTLAB_ENDPOINT_SECURITY_H
#define NATTLAB_ENDPOINT_SECURITY_H

#include "model/endpoint/ip-layer.h"
#include "model/endpoint/ipsec-policy.h"
#include "model/endpoint/ipsec-status.h"
#include "model/endpoint/stage.h"
#include "model/esp/encapsulation.h"
#include "model/esp/sad.h"
#include "model/esp/spd.h"
#include "model/ike/engine.h"
#include "model/packet/hash-table.h"
#include "model/packet/serial-table.h"
#include "model/trace/key-log.h"

#include <cstdint>
#include <optional>
#include <string>
#include <variant>
#include <vector>

namespace nattlab
{

/** RFC 2661 8.1; Windows uses it on both ends (MS-L2TPIE). */
constexpr std::uint16_t L2TP_PORT = 1701;

/** The IPsec policy of a host, as far as it concerns L2TP. */
struct IpsecConfig
{
    /** What the host's policy says about UDP 1701. */
    enum class L2tpPolicy : std::uint8_t
    {
        Protect, //!< only through ESP; Windows plumbs this filter itself (MS-L2TPIE 4)
        Clear,   //!< without IPsec; Windows with ProhibitIpSec = 1
    };

    /** Which SA carries a packet to an address that several SAs lead to (RFC 3948 5.2). */
    enum class OutboundSa : std::uint8_t
    {
        ByPath,           //!< the one that the tunnel lives on
        NewestForAddress, //!< the one made last: the host cannot keep clients behind a NAT apart
    };

    /** What becomes of a tunnel when its SAs are deleted. */
    enum class OnSaLoss : std::uint8_t
    {
        Negotiate, //!< the policy stays, and the next packet starts a new negotiation
        EndTunnel, //!< L2TP is told (RFC 3193 3.1) and ends the tunnel
        SendClear, //!< the policy goes with the SA: the tunnel goes on in clear UDP 1701
    };

    bool enabled{true}; //!< false: no IKE and no ESP, ports 500 and 4500 are closed
    L2tpPolicy l2tp{L2tpPolicy::Protect};
    OutboundSa outboundSa{OutboundSa::ByPath};
    OnSaLoss onSaLoss{OnSaLoss::Negotiate};
    esp::ChecksumFix checksumFix{esp::ChecksumFix::ZeroUdp}; //!< RFC 3948 3.1.2
    std::size_t replayWindow{64};                            //!< packets
    std::size_t waiting{8};           //!< packets that wait for an SA, per peer
    double softLifetime{0.9};         //!< share of the lifetime after which the initiator rekeys
    Duration idleTimeout{minutes{5}}; //!< of a quick-mode SA (MS-IKEE note 21); 0: none
};

/** Names the protected way to one peer; equal to l2tp::PathId. */
using PathId = std::uint64_t;

/** A protected way is ready for L2TP. */
struct PathUp
{
    PathId path;
    ConnectionId connection;
    bool initiator;
};

/** A protected way could not be made. */
struct PathFailed
{
    PathId path;
    ConnectionId connection;
    Stage stage;
    Reason reason;
    std::string message;                 //!< the message that was not answered or was refused
    std::optional<std::uint16_t> notify; //!< the error that the peer notified
    bool local{false};                   //!< this host found it by itself, before asking the peer
};

/** A protected way is gone, and the policy gives it up. */
struct PathLost
{
    PathId path;
    Reason reason;
};

/** Main mode is done. */
struct MainModeDone
{
    ConnectionId connection;
};

/** A UDP 1701 payload came out of a protected way (or of a clear one). */
struct TunnelPayload
{
    PathId path;
    Bytes payload;
    TraceTag tag;
};

using SecurityNotice = std::variant<PathUp, PathFailed, PathLost, MainModeDone, TunnelPayload>;

/**
 * Joins IKE, SPD, SAD and ESP of one host: L2TP's datagrams go in with the path they belong to,
 * and come out with the path they came by.
 */
class SecurityLayer
{
  public:
    SecurityLayer(IpsecConfig config,
                  std::shared_ptr<const ike::Profile> profile,
                  ike::Engine::Host host,
                  std::uint64_t seed,
                  IpLayer& ip,
                  KeyLog* keys);

    /** See ike::Engine::SetPresharedKey. */
    void SetPresharedKey(std::optional<Ipv4Address> peer, Bytes key);

    /** See ike::Engine::ForgetPresharedKey. */
    void ForgetPresharedKey(Ipv4Address peer);

    /** See ike::Engine::SetCertificates. */
    void SetCertificates(std::shared_ptr<const pki::Store> certificates);

    /** Answer negotiations and clear L2TP of others. */
    void Listen(bool on);

    /** Make the way to a server; PathUp or PathFailed follows. */
    PathId Open(Ipv4Address remote, ConnectionId connection, Instant now, HostTransmissions& out);

    /** Give up a way: its SAs are deleted and the peer is told. */
    void Close(PathId path, Instant now, HostTransmissions& out);

    /** The tunnel of a way has ended: who negotiates anew from its other end makes another way. */
    void Abandon(PathId path);

    /** Give up all ways. */
    void CloseAll(Instant now, HostTransmissions& out);

    /**
     * The IPsec service stops: its SAs are deleted and the peers are told. The filters stay in
     * force, so that nothing goes out that they protect.
     */
    void Stop(Instant now, HostTransmissions& out);

    /** The IPsec service starts, with what it has read at its start. */
    void Start(IpsecConfig config, std::shared_ptr<const ike::Profile> profile);

    bool IsRunning() const
    {
        return m_running;
    }

    /** What L2TP has changed in the policy while the IPsec service runs. */
    void Configure(IpsecConfig config, std::shared_ptr<const ike::Profile> profile);

    /**
     * The administrator's own rules: \p dynamic ones come before L2TP's filters, those of the
     * stored policy after them.
     */
    void SetPolicy(std::vector<PolicyRule> dynamic, std::optional<IpsecPolicy> stored);

    /** Send L2TP bytes to the peer of a path. */
    void Send(PathId path,
              ByteView payload,
              ConnectionId connection,
              Instant now,
              HostTransmissions& out);

    /**
     * Take a packet that is IPsec's business: UDP 500, 4500 and 1701, and protocol 50.
     * \return false when it is not, and is left to others.
     */
    bool Receive(const Packet& packet, Instant now, HostTransmissions& out);

    void Expire(Instant now, HostTransmissions& out);

    std::optional<Instant> Deadline() const;

    /** \return the notices that came up since the last call, in order. */
    std::vector<SecurityNotice> TakeNotices();

    /** A reboot: forget everything, tell nobody. */
    void Reset();

    /** \return all of it as it stands, for monitors. */
    IpsecStatus Status(Instant now) const;

    /** A tunnel has come up on a way: it is no longer given up. */
    void Adopt(PathId path);

    const ike::Engine& Ike() const
    {
        return m_ike;
    }

    const esp::Sad& Associations() const
    {
        return m_sad;
    }

    /** \return the address of a path's peer. */
    std::optional<Ipv4Address> RemoteOf(PathId path) const;

  private:
    struct Waiting
    {
        Bytes segment;
        ConnectionId connection;
    };

    struct Path
    {
        Endpoint remote; //!< the peer's L2TP endpoint as this host sees it
        Endpoint outer;  //!< the peer's end of IKE
        ConnectionId connection{0};
        bool initiator{false};
        bool clear{false};
        bool lost{false};      //!< clear only because its SAs are gone
        bool announced{false}; //!< PathUp was given
        bool abandoned{false}; //!< its tunnel has ended, and lingers
        bool acquiring{false};
        std::optional<ike::PeerId> peer;
        std::optional<esp::PairId> pair; //!< the pair that sends
        std::vector<esp::PairId> pairs;  //!< all that receive, in the order of their making
        std::vector<Waiting> waiting;
    };

    void Handle(ike::Output output, Instant now, HostTransmissions& out);
    void On(const ike::ChildUp& up, Instant now, HostTransmissions& out);
    void On(const ike::ChildDown& down, Instant now, HostTransmissions& out);
    void On(const ike::PeerUp& up, Instant now, HostTransmissions& out);
    void On(const ike::PeerDown& down, Instant now, HostTransmissions& out);
    void On(const ike::Failed& failed, Instant now, HostTransmissions& out);
    void On(const ike::Moved& moved, Instant now, HostTransmissions& out);
    void Acquire(PathId id, Path& path, Instant now, HostTransmissions& out);
    void SendSegment(PathId id,
                     Path& path,
                     ByteView segment,
                     ConnectionId connection,
                     Instant now,
                     HostTransmissions& out);
    void ReceiveIke(const Packet& packet,
                    Endpoint local,
                    Endpoint remote,
                    ByteView isakmp,
                    Instant now,
                    HostTransmissions& out);
    void ReceiveEsp(const Packet& packet,
                    Endpoint local,
                    Endpoint remote,
                    ByteView espPacket,
                    Instant now,
                    HostTransmissions& out);
    void ReceiveClear(const Packet& packet, Instant now);
    Path* PathOf(esp::PairId pair) const;
    PathId PathFor(const ike::ChildUp& up);
    PathId NewPath(Endpoint remote, ConnectionId connection, bool initiator);
    void RemovePair(esp::PairId pair);
    void Lose(PathId id, Path& path, Reason reason);
    void NoteOrphan(PathId id, const Path& path);
    void GoClear(PathId id, Path& path);
    void PlumbFilters();
    static void Count(const esp::PairCounters& pair, EspCounters& sum);
    std::optional<std::string> Forbids(ByteView packet, bool outbound) const;
    void AddRule(const PolicyRule& rule);
    void SendClear(const Path& path,
                   ByteView segment,
                   ConnectionId connection,
                   const char* why,
                   Instant now,
                   HostTransmissions& out);
    esp::PolicyAction ActionFor(Endpoint remote) const;

    IpsecConfig m_config;
    bool m_running{true};
    IpLayer& m_ip;
    std::vector<SecurityNotice> m_notices;
    SerialTable<Path> m_paths;
    PathId m_nextPath{1};
    esp::Sad m_sad;
    std::shared_ptr<const ike::Profile> m_profile; //!< without what the policy's rules add
    ike::Engine m_ike;
    std::vector<PolicyRule> m_dynamic;
    std::optional<IpsecPolicy> m_policy;
    esp::Spd m_spd;
    HashTable<ike::PeerId, PathId> m_pathOfPeer;
    HashTable<Endpoint, PathId> m_clearPaths;
    HashTable<Endpoint, PathId> m_orphans; //!< taken ways without SAs, by their peer's end
    HashTable<Ipv4Address, esp::PairId> m_newestPair; //!< by the peer's outer address
    EspCounters m_ended;                              //!< of the pairs that are gone
};

} // namespace nattlab

#endif
