// SPDX-License-Identifier: GPL-2.0-only
/**
 * \file
 * What the engine remembers of one phase-1 relation and of the negotiations under it.
 */
#ifndef NATTLAB_IKE_PEER_H
#define NATTLAB_IKE_PEER_H

#include "model/ike/engine.h"
#include "model/ike/keys.h"
#include "model/ike/nat-t.h"
#include "model/ike/proposal.h"
#include "model/ike/states.h"
#include "model/pki/store.h"

#include <map>
#include <memory>
#include <optional>
#include <set>
#include <string>
#include <vector>

namespace nattlab::ike
{

/** The last message in each direction of one exchange. */
struct Conversation
{
    Bytes received;   //!< to know a duplicate
    Bytes sent;       //!< to send again
    std::string name; //!< of what was sent
    Instant firstSent;
    std::uint32_t resent{0}; //!< how often
    std::uint32_t gap{0};    //!< of the schedule, that runs now

    /** It is over, and kept for late duplicates only. */
    void Shrink()
    {
        received.shrink_to_fit();
        sent.shrink_to_fit();
    }
};

/** A selector that wants SAs. */
struct Wish
{
    Selector selector;
    ConnectionId connection{0};
    std::optional<std::uint32_t> replaces; //!< inbound SPI
};

/** Why a message that was due could not be used. */
struct Fault
{
    Reason reason{Reason::None};
    std::string detail;
    std::uint16_t notify{0}; //!< what the peer is told; 0: nothing
    bool fatal{false};       //!< the negotiation ends; otherwise a better message may come
    std::string unsent{}; //!< the answer that this host cannot make; empty: the message is at fault
};

/** What Main Mode needs until it is done. */
struct Handshake
{
    Bytes saBody; //!< SAi_b
    std::vector<NatTFlavor> common;
    crypto::DhKeyPair dh;
    Bytes peerPublic;
    ShortBytes ni;
    ShortBytes nr;
    std::vector<AuthMethod> methods;                       //!< that this host offers or accepts
    std::uint64_t floodCookie{0};                          //!< initiator: to be returned in MM1
    std::vector<Bytes> authorities;                        //!< that the peer asks for, DER names
    std::vector<pki::EncodedCertificate> peerCertificates; //!< as far as they came
    const pki::MachineCertificate* own{nullptr};           //!< of the store below
    std::shared_ptr<const pki::Store> store;               //!< of when it began
    std::vector<Wish> wishes;                              //!< to be met when it is done
    PeerId replaces{0};                                    //!< the relation that it makes anew
    std::optional<std::uint16_t> notified;                 //!< an error that was only recorded
    std::optional<Fault> fault;                            //!< of the last message that was due
    std::string faultMessage;
};

/** What Quick Mode needs until it is done. */
struct QuickHandshake
{
    ShortBytes iv;
    Wish wish;
    ShortBytes ni;
    ShortBytes nr;
    std::optional<crypto::DhKeyPair> dh;
    Bytes shared;    //!< g(qm)^xy; empty without PFS
    ShortBytes idci; //!< bodies as sent by the initiator
    ShortBytes idcr;
    Phase2Proposal agreed;
    std::optional<ChildKeys> keys; //!< until QM4 comes
    std::uint32_t peerSpi{0};
    std::optional<Ipv4Address> peerOriginal;
    std::optional<Ipv4Address> ownOriginal;
};

/** One Quick Mode. */
struct Quick
{
    std::shared_ptr<const Profile> profile; //!< of when it began
    std::uint32_t messageId{0};
    bool initiator{false};
    State state{State::Qm1Sent};
    Conversation talk;
    std::uint32_t ownSpi{0};
    std::unique_ptr<QuickHandshake> handshake; //!< null once it is closed
};

/** A delete that waits for its acknowledgement (MS-IKEE 3.1.5). */
struct PendingDelete
{
    Conversation talk;
    ShortBytes iv;
    ShortBytes nonce;
};

/** A pair of ESP SAs in the engine's table. */
struct Child
{
    ChildSa sa;
    ConnectionId connection{0};
    std::uint64_t serial{0}; //!< orders by age
};

/** One phase-1 relation. */
struct Peer
{
    // What each ESP packet asks for stands together: it comes from memory.
    std::shared_ptr<const Profile> profile; //!< of when it began
    PeerId id{0};
    bool initiator{false};
    State state{State::Mm1Sent};
    Endpoint local;
    Endpoint remote;
    std::optional<NatTFlavor> natT;
    NatPlace nat;
    Instant lastSent; //!< on the NAT-T port

    Endpoint startedAt; //!< remote of MM1
    ConnectionId connection{0};
    Cookies cookies;
    Conversation main;
    std::unique_ptr<Handshake> handshake; //!< null once it is established
    Phase1Transform agreed;
    PhaseOneKeys keys;
    ShortBytes cipherKey;
    std::optional<crypto::CbcCipher> cipher; //!< under that key, while it is wanted; see CipherOf
    ShortBytes iv;                           //!< last block of phase 1
    ShortBytes sentBlock;                    //!< last block of phase 1 that this host sent
    ShortBytes receivedBlock;                //!< last block of phase 1 that this host received
    bool isWindows{false};
    bool knowsFragments{false};   //!< showed the vendor ID
    bool fragments{false};        //!< sent a fragment, so it wants them too
    ShortBytes identity;          //!< body of the peer's ID payload
    ShortBytes ownIdentity;       //!< body of this host's ID payload
    std::optional<Instant> since; //!< when it was established
    std::map<std::uint32_t, Quick> quicks;
    std::map<std::uint32_t, PendingDelete> deletes;
    std::set<std::uint32_t> children; //!< inbound SPIs

    bool UdpEncapsulated() const
    {
        return natT && nat.Any();
    }

    std::uint16_t EncapsulationMode() const
    {
        return UdpEncapsulated() ? UdpTransport(*natT) : std::uint16_t{ENCAPSULATION_TRANSPORT};
    }

    /** \return true once there are keys to protect a message with. */
    bool HasKeys() const
    {
        return !cipherKey.empty();
    }
};

} // namespace nattlab::ike

#endif
