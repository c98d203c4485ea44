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
    std::size_t gap{0};      //!< of the schedule, that runs now
};

/** What Main Mode needs until it is done. */
struct Handshake
{
    Bytes saBody; //!< SAi_b
    std::vector<NatTFlavor> common;
    crypto::DhKeyPair dh;
    Bytes peerPublic;
    Bytes ni;
    Bytes nr;
    std::vector<AuthMethod> methods;                       //!< that this host offers or accepts
    std::uint64_t floodCookie{0};                          //!< initiator: to be returned in MM1
    std::vector<Bytes> authorities;                        //!< that the peer asks for, DER names
    std::vector<pki::EncodedCertificate> peerCertificates; //!< as far as they came
    const pki::MachineCertificate* own{nullptr};           //!< of the store below
    std::shared_ptr<const pki::Store> store;               //!< of when it began
};

/** A selector that wants SAs. */
struct Wish
{
    Selector selector;
    ConnectionId connection{0};
    std::optional<std::uint32_t> replaces; //!< inbound SPI
};

/** One Quick Mode. */
struct Quick
{
    std::shared_ptr<const Profile> profile; //!< of when it began
    std::uint32_t messageId{0};
    bool initiator{false};
    State state{State::Qm1Sent};
    Conversation talk;
    Bytes iv;
    Wish wish;
    Bytes ni;
    Bytes nr;
    std::optional<crypto::DhKeyPair> dh;
    Bytes shared; //!< g(qm)^xy; empty without PFS
    Bytes idci;   //!< bodies as sent by the initiator
    Bytes idcr;
    Phase2Proposal agreed;
    std::uint32_t ownSpi{0};
    std::uint32_t peerSpi{0};
    std::optional<Ipv4Address> peerOriginal;
    std::optional<Ipv4Address> ownOriginal;
};

/** A delete that waits for its acknowledgement (MS-IKEE 3.1.5). */
struct PendingDelete
{
    Conversation talk;
    Bytes iv;
    Bytes nonce;
};

/** A pair of ESP SAs in the engine's table. */
struct Child
{
    ChildSa sa;
    ConnectionId connection{0};
    std::uint64_t serial{0}; //!< orders by age
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

/** One phase-1 relation. */
struct Peer
{
    std::shared_ptr<const Profile> profile; //!< of when it began
    PeerId id{0};
    bool initiator{false};
    State state{State::Mm1Sent};
    Endpoint local;
    Endpoint remote;
    Endpoint startedAt; //!< remote of MM1
    ConnectionId connection{0};
    Cookies cookies;
    Conversation main;
    std::unique_ptr<Handshake> handshake;
    Phase1Transform agreed;
    PhaseOneKeys keys;
    Bytes cipherKey;
    std::optional<crypto::CbcCipher> cipher; //!< under that key
    Bytes iv;                                //!< last block of phase 1
    Bytes sentBlock;                         //!< last block of phase 1 that this host sent
    Bytes receivedBlock;                     //!< last block of phase 1 that this host received
    std::optional<NatTFlavor> natT;
    NatPlace nat;
    bool isWindows{false};
    bool knowsFragments{false};   //!< showed the vendor ID
    bool fragments{false};        //!< sent a fragment, so it wants them too
    Bytes identity;               //!< body of the peer's ID payload
    Bytes ownIdentity;            //!< body of this host's ID payload
    std::optional<Instant> since; //!< when it was established
    std::map<std::uint32_t, Quick> quicks;
    std::map<std::uint32_t, PendingDelete> deletes;
    std::vector<Wish> wishes;         //!< until Main Mode is done
    std::set<std::uint32_t> children; //!< inbound SPIs
    Instant lastSent;                 //!< on the NAT-T port
    PeerId replaces{0};
    std::optional<std::uint16_t> notified; //!< an error that was only recorded
    std::optional<Fault> fault;            //!< of the last message that was due
    std::string faultMessage;

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
        return cipher.has_value();
    }
};

} // namespace nattlab::ike

#endif
