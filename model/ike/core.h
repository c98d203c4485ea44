// SPDX-License-Identifier: GPL-2.0-only
/**
 * \file
 * The inside of the engine. Its parts: core.cc (calls from outside), status.cc (what it tells of
 * itself), peers.cc (tables), credentials.cc (keys and certificates of this host), send.cc
 * (messages, timers), receive-fragments.cc, flood.cc (cookies), main-mode*.cc, quick-mode*.cc,
 * children.cc, informational.cc, notify.cc.
 */
#ifndef NATTLAB_IKE_CORE_H
#define NATTLAB_IKE_CORE_H

#include "model/crypto/random.h"
#include "model/ike/engine.h"
#include "model/ike/fragments.h"
#include "model/ike/peer.h"
#include "model/ike/reach-table.h"
#include "model/packet/group-table.h"
#include "model/packet/hash-table.h"
#include "model/packet/serial-table.h"
#include "model/packet/timer-queue.h"

#include <map>
#include <memory>
#include <set>
#include <tuple>
#include <unordered_map>
#include <utility>

namespace nattlab::ike
{

/** One call of the engine: when it is, and what comes out. */
struct Turn
{
    Instant now;
    Output out;
};

/** What a timer is about. */
enum class TimerKind : std::uint8_t
{
    Main, //!< send again or give up
    Life, //!< phase 1 expires
    Keepalive,
    Quick,      //!< send again, give up or forget; number: message ID
    Delete,     //!< send again or give up; number: message ID
    ChildLife,  //!< number: inbound SPI
    ChildGrace, //!< the replaced SA is deleted; number: inbound SPI
    Fragments,  //!< a message did not come whole; number: fragment ID
};

/** Names a timer. */
struct TimerKey
{
    PeerId peer{0}; //!< 0 for those of children, which may change their phase-1 SA
    TimerKind kind{TimerKind::Main};
    std::uint32_t number{0};

    bool operator<(const TimerKey& other) const
    {
        return std::tie(peer, kind, number) < std::tie(other.peer, other.kind, other.number);
    }

    bool operator==(const TimerKey& other) const
    {
        return peer == other.peer && kind == other.kind && number == other.number;
    }

    std::size_t Hash() const
    {
        return HashCombine(HashCombine(static_cast<std::size_t>(kind), peer), number);
    }
};

/** An encrypted message that was opened. */
struct Opened
{
    Chain chain;
    ShortBytes lastBlock; //!< of the ciphertext
};

class Engine::Core
{
  public:
    Core(std::shared_ptr<const Profile> profile,
         Host host,
         std::uint64_t seed,
         Tracer tracer,
         KeyLog* keys);

    void SetPresharedKey(std::optional<Ipv4Address> peer, Bytes key);
    void ForgetPresharedKey(Ipv4Address peer);
    void SetCertificates(std::shared_ptr<const pki::Store> store);
    void SetProfile(std::shared_ptr<const Profile> profile);

    void Listen(bool on)
    {
        m_listening = on;
    }

    void Acquire(Turn& turn, const Request& request);
    void Receive(Turn& turn, const Message& message);
    void Expire(Turn& turn);
    void Rekey(Turn& turn, std::uint32_t inboundSpi);
    void DeleteChild(Turn& turn, std::uint32_t inboundSpi);
    void DeletePeer(Turn& turn, PeerId id);
    void NoteSent(PeerId id, Instant now);
    void NoteAuthenticatedSource(Turn& turn, PeerId id, Endpoint local, Endpoint remote);
    void Reset();
    void Shutdown(Turn& turn);

    std::vector<PeerStatus> Peers() const;
    std::vector<ChildSa> Children() const;

    const Counters& Count() const
    {
        return m_count;
    }

    std::optional<Instant> Deadline() const
    {
        return m_timers.Next();
    }

    std::size_t PeerCount() const
    {
        return m_peers.Size();
    }

    std::size_t ChildCount() const
    {
        return m_children.size();
    }

  private:
    struct CookieHash
    {
        std::size_t operator()(const Cookies& c) const
        {
            return HashCombine(c.initiator, c.responder);
        }
    };

    /** The initiator's cookie of a first message, and where that came from. */
    using FirstKey = std::pair<std::uint64_t, Ipv4Address>;

    struct FirstHash
    {
        std::size_t operator()(const FirstKey& key) const
        {
            return HashCombine(key.first, key.second.value);
        }
    };

    // Tables of peers (peers.cc)
    Peer& AddPeer(bool initiator, const Cookies& cookies, Endpoint local, Endpoint remote);
    Peer* FindPeer(PeerId id);
    Peer* FindByCookies(const Header& header, Ipv4Address remote);
    void SetResponderCookie(Peer& peer, std::uint64_t cookie);
    void ErasePeer(PeerId id);
    void RemovePeer(Turn& turn, PeerId id, Reason reason);
    void Retire(Turn& turn, Peer& peer, Reason reason);
    void EraseIfIdle(PeerId id);
    Peer& TakeOver(Peer& fresh, PeerId old);
    void Unlist(const Peer& peer);

    // Credentials (credentials.cc)
    const Bytes* PresharedKeyOf(Ipv4Address remote) const;
    std::vector<AuthMethod> UsableMethods(Ipv4Address remote) const;
    Reason WithoutCredentials() const;
    pki::UnixTime Calendar(Instant now) const;

    // Messages and timers (send.cc)
    void Post(Turn& turn, Peer& peer, Bytes payload);
    std::vector<Bytes> Fragments(Turn& turn, const Peer& peer, const Conversation& talk);
    std::size_t Dispatch(Turn& turn, Peer& peer, const Conversation& talk);
    void Transmit(Turn& turn,
                  Peer& peer,
                  Conversation& talk,
                  MessageWriter message,
                  std::string name,
                  ShortBytes* iv = nullptr);
    void Repeat(Turn& turn, Peer& peer, Conversation& talk);
    void Arm(Turn& turn,
             const Profile& profile,
             const TimerKey& key,
             const Conversation& talk,
             bool repeats);
    bool RepeatLater(Turn& turn,
                     const Profile& profile,
                     Peer& peer,
                     const TimerKey& key,
                     Conversation& talk,
                     bool repeats);
    static Duration Patience(const Profile& profile);
    void StartKeepalive(Turn& turn, Peer& peer);
    void SendKeepalive(Turn& turn, Peer& peer);
    static const crypto::CbcCipher& CipherOf(Peer& peer);
    static Bytes Seal(Peer& peer, Bytes message, ShortBytes& iv);
    static Decoded<Chain> Read(const Header& header, const Message& message);
    static Decoded<Opened>
    Open(Peer& peer, const Header& header, const Message& message, ByteView iv);
    void TraceMessage(EventType type,
                      Turn& turn,
                      TraceTag tag,
                      std::string name,
                      Reason reason = Reason::None,
                      std::int64_t value = 0,
                      std::string detail = {});
    void Record(Turn& turn,
                EventType type,
                Layer layer,
                ConnectionId connection,
                Reason reason = Reason::None,
                std::int64_t value = 0,
                std::string subject = {},
                std::string detail = {});
    void Refuse(Turn& turn,
                const Message& message,
                const Peer* peer,
                std::string name,
                Reason reason,
                std::string detail = {});
    void
    Accept(Turn& turn, const Message& message, Peer& peer, Conversation& talk, std::string name);
    void FollowPeer(Turn& turn, Peer& peer, Endpoint local, Endpoint remote);
    void CountRefusal(Reason reason);
    void CountFailure(Reason reason);

    // Fragments in (receive-fragments.cc)
    void ReceiveFragment(Turn& turn, const Message& message, const Header& header);
    void FragmentsLate(Turn& turn, Peer& peer, std::uint16_t fragmentId);
    void DropFragments(PeerId id);

    // Cookies against floods (flood.cc)
    std::uint64_t FloodCookie(Endpoint remote, std::uint64_t initiatorCookie) const;
    bool IsReturned(const Message& message, const Header& header) const;
    bool AsksForCookie() const;
    void SendFloodCookie(Turn& turn, const Message& message, const Header& header);
    void ReturnFloodCookie(Turn& turn, Peer& peer, const NotifyPayload& notify);
    void SendMm1(Turn& turn, Peer& peer);

    // Main Mode (main-mode.cc, main-mode-initiator.cc, main-mode-responder.cc,
    // main-mode-end.cc, main-mode-certificates.cc)
    void StartMain(Turn& turn,
                   Endpoint local,
                   Endpoint remote,
                   std::optional<Wish> wish,
                   PeerId replaces);
    void ReceiveMain(Turn& turn, const Message& message, const Header& header);
    bool IsFirst(const Message& message, const Header& header) const;
    void ReceiveFirst(Turn& turn, const Message& message, const Header& header);
    void StepMain(Turn& turn, Peer& peer, const Message& message, const Header& header);
    std::optional<Fault>
    OnMm2(Turn& turn, Peer& peer, const Message& message, const Header& header, const Chain& chain);
    std::optional<Fault> OnMm3(Turn& turn, Peer& peer, const Message& message, const Chain& chain);
    std::optional<Fault> OnMm4(Turn& turn, Peer& peer, const Message& message, const Chain& chain);
    std::optional<Fault> OnMm5(Turn& turn, Peer& peer, const Message& message, const Chain& chain);
    void OnMm6(Turn& turn, Peer& peer, const Message& message);
    std::optional<Fault>
    Mm5OrMm6(Turn& turn, Peer& peer, const Message& message, const Header& header);
    std::optional<Fault> ReadKeyExchange(Peer& peer, const Chain& chain) const;
    std::optional<Fault> DeriveMainKeys(Peer& peer) const;
    std::optional<Fault> CheckIdentity(const Peer& peer, const Chain& chain) const;
    std::optional<Fault> CheckSignature(Instant now, const Peer& peer, const Chain& chain) const;
    void ReadVendorIds(Peer& peer, const Chain& chain) const;
    void CollectRequests(Peer& peer, const Chain& chain) const;
    void CollectCertificates(Peer& peer, const Chain& chain) const;
    std::optional<Fault> ChooseCertificate(Instant now, Peer& peer) const;
    void AddCertificates(const Peer& peer, MessageWriter& message) const;
    void
    AddCertificateRequests(const Peer& peer, const std::string& name, MessageWriter& message) const;
    Reason Obstacle(Ipv4Address remote, Instant now) const;
    void NoteNat(Turn& turn, const Peer& peer);
    ShortBytes NewNonce(const Profile& profile);
    static MessageWriter InMain(const Peer& peer);
    void
    SendMain(Turn& turn, Peer& peer, const std::string& name, MessageWriter message, State next);
    void SendIdentity(Turn& turn, Peer& peer, const std::string& name, bool initialContact);
    ShortBytes MainHash(const Peer& peer, bool ofInitiator, ByteView idBody) const;
    void HandleMainFault(Turn& turn, Peer& peer, const Message& message, const Fault& fault);
    void FailMain(Turn& turn,
                  Peer& peer,
                  Reason reason,
                  const std::string& message,
                  std::optional<std::uint16_t> notify);
    void FinishMain(Turn& turn, Peer& peer, bool initialContact);
    void MainTimer(Turn& turn, Peer& peer);
    void LifeOver(Turn& turn, Peer& peer);
    void LogKeys(const Peer& peer);

    // Quick Mode (quick-mode.cc, quick-mode-initiator.cc, quick-mode-responder.cc)
    void StartQuick(Turn& turn, Peer& peer, Wish wish);
    bool IsWished(const Peer& peer, const Wish& wish) const;
    void ReceiveQuick(Turn& turn, const Message& message, const Header& header);
    void ReceiveQm1(Turn& turn, Peer& peer, const Message& message, const Header& header);
    std::optional<Fault> StepQuick(Turn& turn,
                                   Peer& peer,
                                   Quick& quick,
                                   const Message& message,
                                   const Header& header,
                                   const Opened& in);
    std::optional<Fault>
    OnQm1(Turn& turn, Peer& peer, Quick& quick, const Message& message, const Opened& in);
    std::optional<Fault> OnQm2(Turn& turn,
                               Peer& peer,
                               Quick& quick,
                               const Message& message,
                               bool commit,
                               const Opened& in);
    std::optional<Fault> OnQm3(Turn& turn, Peer& peer, Quick& quick, const Message& message);
    std::optional<Fault> OnQm4(Turn& turn, Peer& peer, Quick& quick, const Message& message);
    ShortBytes ExpectedHash(const Peer& peer, const Quick& quick, const Opened& in) const;
    std::optional<Fault> ReadIdentities(const Peer& peer, Quick& quick, const Chain& chain) const;
    std::optional<Fault> ReadQuickKeyExchange(Quick& quick, const Chain& chain) const;
    void ReadOriginalAddresses(Quick& quick, const Chain& chain) const;
    void AddOriginalAddresses(const Peer& peer, const Quick& quick, MessageWriter& message) const;
    void AddReplyIdentities(const Peer& peer,
                            const Quick& quick,
                            const Chain& chain,
                            MessageWriter& message) const;
    static MessageWriter InQuick(const Peer& peer, const Quick& quick, std::uint8_t flags = 0);
    void SendQuick(Turn& turn,
                   Peer& peer,
                   Quick& quick,
                   const std::string& name,
                   ByteView hash,
                   MessageWriter message);
    void HandleQuickFault(Turn& turn,
                          Peer& peer,
                          Quick& quick,
                          const Message& message,
                          const std::string& name,
                          const Fault& fault);
    void FailQuick(Turn& turn,
                   Peer& peer,
                   Quick& quick,
                   Reason reason,
                   const std::string& message,
                   std::optional<std::uint16_t> notify);
    void CloseQuick(Turn& turn, Peer& peer, Quick& quick, State state);
    void QuickTimer(Turn& turn, Peer& peer, std::uint32_t messageId);

    // ESP SAs (children.cc)
    const Child* FindChild(std::uint32_t inboundSpi) const;
    std::uint32_t NewSpi();
    std::optional<ChildKeys> MakeKeys(const Peer& peer, const Quick& quick) const;
    ChildUp MakeChild(const Peer& peer, const Quick& quick, ChildKeys keys) const;
    std::optional<std::uint32_t> Collision(const Peer& peer, const Selector& selector) const;
    void MoveChildren(Peer& peer);
    void InstallChild(Turn& turn, Peer& peer, const Quick& quick, ChildKeys keys);
    void RemoveChild(Turn& turn, std::uint32_t inboundSpi, Reason reason);
    void RemoveOwnChild(Turn& turn, std::uint32_t inboundSpi, Reason reason);

    // Informational (informational.cc, notify.cc)
    void ReceiveInformational(Turn& turn, const Message& message, const Header& header);
    void ReceiveUnprotected(Turn& turn, Peer& peer, const Message& message, const Header& header);
    std::optional<Opened>
    OpenInformational(Peer& peer, const Message& message, const Header& header) const;
    void OnAcknowledgement(Turn& turn,
                           Peer& peer,
                           PendingDelete& pending,
                           const Message& message,
                           const Header& header);
    void OnNotify(Turn& turn, PeerId id, const NotifyPayload& notify);
    void OnLateRefusal(Turn& turn, Peer& peer, const NotifyPayload& notify);
    void OnDelete(Turn& turn, PeerId id, const DeletePayload& del);
    void AcknowledgeDelete(Turn& turn, Peer& peer, const Header& header, const Opened& in);
    void ObeyInitialContact(Turn& turn, const Peer& peer);
    void SendNotify(Turn& turn,
                    Peer& peer,
                    Conversation& talk,
                    const NotifyPayload& notify,
                    bool protect);
    void SendFirstAnswer(Turn& turn,
                         const Message& message,
                         const Cookies& cookies,
                         const NotifyPayload& notify);
    void SendDelete(Turn& turn, Peer& peer, DeletePayload del);
    static MessageWriter Informational(const Peer& peer, std::uint32_t messageId, bool isProtected);
    void SendProtected(Turn& turn,
                       Peer& peer,
                       Conversation& talk,
                       const Payload& payload,
                       const std::string& name);
    void DeleteTimer(Turn& turn, Peer& peer, std::uint32_t messageId);
    std::uint32_t NewMessageId(const Peer& peer);

    std::shared_ptr<const Profile> m_profile; //!< of what begins from now on
    Host m_host;
    Tracer m_tracer;
    KeyLog* m_keys;
    bool m_listening{false};
    std::map<Ipv4Address, Bytes> m_presharedKeys;
    std::optional<Bytes> m_anyKey;
    std::shared_ptr<const pki::Store> m_store;
    Counters m_count;

    RandomStream m_cookieRandom;
    RandomStream m_nonceRandom;
    RandomStream m_dhRandom;
    RandomStream m_messageIdRandom;
    RandomStream m_spiRandom;
    RandomStream m_secretRandom;
    Bytes m_floodSecret;

    PeerId m_lastPeer{0};
    std::size_t m_halfOpen{0};
    SerialTable<Peer> m_peers;
    HashTable<Cookies, PeerId, CookieHash> m_byCookies;
    HashTable<FirstKey, PeerId, FirstHash> m_byFirst;    //!< responder
    ReachTable m_starting;                               //!< initiator: not established yet
    ReachTable m_established;                            //!< the newest at each end
    GroupTable<ShortBytes, PeerId> m_byIdentity;         //!< established
    std::unordered_map<std::uint32_t, Child> m_children; //!< by inbound SPI
    std::uint64_t m_lastChild{0};
    std::set<std::uint32_t> m_reservedSpis; //!< of Quick Modes that are not done
    GroupTable<AddressPair, std::uint32_t, AddressPairHash> m_bySelector; //!< inbound SPIs
    FragmentStore m_fragments;
    std::uint16_t m_fragmentId{0}; //!< of the last message that was sent in fragments
    TimerQueue<TimerKey> m_timers;
};

} // namespace nattlab::ike

#endif
