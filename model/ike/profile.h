// SPDX-License-Identifier: GPL-2.0-only
/**
 * \file
 * What makes one IKE implementation differ from another, as plain data. Nothing that a product
 * decides by itself is fixed in the engine: it is a field here.
 */
#ifndef NATTLAB_IKE_PROFILE_H
#define NATTLAB_IKE_PROFILE_H

#include "model/crypto/cipher.h"
#include "model/crypto/diffie-hellman.h"
#include "model/crypto/hash.h"
#include "model/packet/bytes.h"
#include "model/packet/short-bytes.h"
#include "model/packet/time.h"

#include <cstdint>
#include <optional>
#include <string>
#include <vector>

namespace nattlab::ike
{

/** A vendor ID payload: its bytes, and the name it is known by. */
struct VendorId
{
    std::string name;
    ShortBytes bytes;
};

/** The revisions of NAT traversal; they differ in vendor ID and numbers (RFC 3947, its drafts). */
enum class NatTFlavor : std::uint8_t
{
    Draft02N, //!< draft-ietf-ipsec-nat-t-ike-02, hashed with a newline: Windows 2000, XP, 2003
    Draft02,  //!< the same without newline: racoon, pluto, isakmpd
    Draft03,
    Rfc3947,
};

/** How the two ends prove who they are (RFC 2409 5). */
enum class AuthMethod : std::uint16_t
{
    PresharedKey = 1,
    RsaSignature = 3,
};

/** How an implementation packs its certificates into CERT payloads (RFC 2408 3.9). */
enum class CertificateEncoding : std::uint8_t
{
    Automatic, //!< Pkcs7 when an intermediate authority is among them, else X509: Windows XP
    X509,      //!< a payload for each
    Pkcs7,     //!< one payload with all
};

/** One phase-1 transform (RFC 2409 appendix A). */
struct Phase1Transform
{
    crypto::CipherAlgorithm cipher{crypto::CipherAlgorithm::TripleDesCbc};
    std::uint16_t keyBits{0}; //!< 0: the cipher's only size; AES: 128, 192 or 256
    crypto::HashAlgorithm hash{crypto::HashAlgorithm::Sha1};
    AuthMethod auth{AuthMethod::PresharedKey}; //!< as agreed; see Profile::auth for what is offered
    crypto::DhGroup group{crypto::DhGroup::Modp1024};
    std::uint32_t lifeSeconds{28800};
};

/** One phase-2 proposal: ESP with one transform (RFC 2407 4.4.4, 4.5). */
struct Phase2Proposal
{
    crypto::CipherAlgorithm cipher{crypto::CipherAlgorithm::TripleDesCbc};
    std::uint16_t keyBits{0}; //!< 0: the cipher's only size; AES: 128, 192 or 256
    crypto::HashAlgorithm integrity{crypto::HashAlgorithm::Sha1};
    std::uint32_t lifeSeconds{3600};
    std::uint32_t lifeKilobytes{250000};  //!< 0: no limit is proposed
    std::optional<crypto::DhGroup> pfs{}; //!< a new Diffie-Hellman exchange in this group
};

/** Whose order counts when a responder chooses. */
enum class Preference : std::uint8_t
{
    Initiator, //!< the first of the initiator's offers that is acceptable
    Own,       //!< the first of the responder's own list that was offered
};

/** Who sends original addresses in Quick Mode (RFC 3947 5.2). */
enum class NatOaPolicy : std::uint8_t
{
    OnlyIfBehindNat, //!< Windows (MS-IKEE 3.1.5)
    Both,            //!< RFC 3947: both ends, whenever ESP is encapsulated in UDP
};

/** How the initiator names itself in Quick Mode. */
enum class QuickModeIdentity : std::uint8_t
{
    Address,
    FqdnWhenNated, //!< Windows with KB818043: host name when it is behind a NAT
};

/** What the initiator says about the responder's port in Quick Mode. */
enum class ResponderPort : std::uint8_t
{
    FromSelector,
    Any, //!< port 0: Windows 2000 and XP without KB818043
};

/** What the responder answers as Quick Mode identities. */
enum class ReplyIdentity : std::uint8_t
{
    Echo,        //!< what the initiator proposed
    Windows2003, //!< NATed client: its outer address; NATed server: its host name
};

/** AssumeUDPEncapsulationContextOnSendRule (KB885407): what the initiator accepts. */
enum class ResponderBehindNat : std::uint8_t
{
    Refuse = 0,    //!< no responder behind a NAT
    IfOnlyOne = 1, //!< a responder behind a NAT, when the initiator is not
    IfBoth = 2,    //!< also when both are
};

/** The fourth Quick Mode message, which the commit bit announces (RFC 2408 3.1). */
enum class FourthMessage : std::uint8_t
{
    None,
    Connected,      //!< N(CONNECTED)
    InitialContact, //!< N(INITIAL-CONTACT): Windows servers
};

/**
 * What a responder does when a second peer asks for transport-mode selectors that another peer
 * behind the same NAT address already has (RFC 3948 5.2).
 */
enum class SelectorCollision : std::uint8_t
{
    KeepApart, //!< both live; the host tells their traffic apart
    Refuse,    //!< the second is refused
    Replace,   //!< the second takes the place of the first, which is not told
};

/** What an error notification that nobody authenticated does to a Main Mode. */
enum class UnprotectedNotify : std::uint8_t
{
    EndsNegotiation,
    IsRecorded, //!< it is reported with the time-out that follows
};

/** When an expired Main Mode is made anew. */
enum class Reauthentication : std::uint8_t
{
    WhenNeeded, //!< at the next Quick Mode
    AtExpiry,   //!< at once by its initiator, while it has children
};

/**
 * Which cipher block an encrypted notification starts from while Main Mode is not finished
 * (MS-IKEE 3.1.5).
 */
enum class EarlyNotifyIv : std::uint8_t
{
    LastReceived,
    LastSent, //!< Windows up to Vista
};

/** One implementation of IKE. The defaults are those of a plain RFC implementation. */
struct Profile
{
    /** Sent in MM1 or MM2 in this order. NAT-T is offered by its vendor ID in this list. */
    std::vector<VendorId> vendorIds;
    /** Revisions of NAT-T that are understood, the preferred first; empty: no NAT-T. */
    std::vector<NatTFlavor> natT;
    /** Each is offered with the methods that `auth` below allows; its own `auth` is not read. */
    std::vector<Phase1Transform> phase1;
    /**
     * What the implementation knows at all, the preferred first. An initiator offers the first that
     * it has credentials for, as the dialler of Windows uses either the key or the certificate; a
     * responder accepts all that it has credentials for.
     */
    std::vector<AuthMethod> auth{AuthMethod::PresharedKey, AuthMethod::RsaSignature};
    std::vector<Phase2Proposal> phase2;
    Preference preference{Preference::Initiator};
    /** An unknown attribute does not spoil its transform (MS-IKEE 3.1.5). */
    bool ignoreUnknownAttributes{false};

    /** Gaps between the sendings of one message; the first follows the first sending. */
    std::vector<Duration> retransmitGaps{seconds{1},
                                         seconds{2},
                                         seconds{4},
                                         seconds{8},
                                         seconds{16},
                                         seconds{32}};
    Duration giveUpWait{seconds{32}}; //!< from the last sending to the failure
    bool responderRetransmits{true};  //!< MM2, MM4 and QM2 are sent again by the clock
    std::size_t halfOpenLimit{5000};  //!< Main Modes as responder that are not finished

    bool sendErrorNotify{true};         //!< tell the peer why it was refused
    bool notifyUndecryptable{false};    //!< also when its message decrypts to nothing
    bool notifyCarriesMessageId{false}; //!< to Windows: SPI of 8 bytes, message ID before the data
    UnprotectedNotify unprotectedNotify{UnprotectedNotify::EndsNegotiation};
    EarlyNotifyIv earlyNotifyIv{EarlyNotifyIv::LastReceived};

    bool initialContact{false};       //!< N(INITIAL-CONTACT) in MM5 towards a new peer
    bool obeyInitialContact{true};    //!< remove older relations with the same identity
    bool checkMainModeAddress{false}; //!< without NAT the identity must be the outer address
    ResponderBehindNat responderBehindNat{ResponderBehindNat::IfBoth};
    Reauthentication reauthentication{Reauthentication::WhenNeeded};
    bool reauthenticateOnNatTPort{true}; //!< start on 4500 what had moved there before
    bool followMovedPeer{true};          //!< RFC 3947 6: the end that is not behind a NAT

    /** Main Mode messages with CERTREQ: 1, 3, 5 are an initiator's, 2, 4, 6 a responder's. */
    std::vector<std::uint8_t> certificateRequestsIn{4, 5};
    bool certificateByRequest{true};         //!< choose one below a root that the peer asked for
    bool checkOwnCertificateFirst{false};    //!< an initiator without one fails before MM1
    bool certificateOnlyWithIdentity{false}; //!< a CERT beside no ID is passed over (MS-IKEE 3.1.5)
    bool acceptOtherCertificateIdentity{true}; //!< an identity that is not the subject's name
    bool checkPeerCertificatePurpose{true};    //!< its extendedKeyUsage; Windows since Vista
    CertificateEncoding certificateEncoding{CertificateEncoding::Automatic};

    bool fragmentation{false};     //!< MS-IKEE 3.3; towards peers that show it in a vendor ID too
    std::size_t fragmentSize{576}; //!< bytes of an IPv4 packet with a fragment, 128 to 65535
    bool fragmentSizeHasMarker{true};         //!< the non-ESP marker of port 4500 counts among them
    Duration fragmentationWait{seconds{3}};   //!< from MM5 or MM6 to its sending in fragments
    Duration fragmentReassembly{seconds{70}}; //!< from the first fragment to the giving up

    /** Main Modes as responder that are not finished, from which on MM1 is answered with a cookie
     * and nothing is remembered (MS-IKEE 3.9); 0: always, absent: never. */
    std::optional<std::size_t> cookieThreshold;
    bool answersCookie{false}; //!< an initiator sends MM1 again with the cookie

    bool checkQuickModeAddress{true}; //!< without NAT-T the identity must be the outer address
    std::size_t nonceSize{20};        //!< bytes, 8 to 256
    NatOaPolicy natOa{NatOaPolicy::Both};
    QuickModeIdentity identity{QuickModeIdentity::Address};
    ResponderPort responderPort{ResponderPort::FromSelector};
    ReplyIdentity replyIdentity{ReplyIdentity::Echo};
    bool acceptFqdnIdentity{true};      //!< a host name means the outer address
    bool acceptChangedIdentities{true}; //!< QM2 may name others than QM1
    std::uint8_t servedProtocol{17};    //!< what a responder accepts: UDP ...
    std::uint16_t servedPort{1701};     //!< ... to this port of its own; 0 accepts any
    SelectorCollision selectorCollision{SelectorCollision::KeepApart};
    std::uint16_t collisionNotify{18}; //!< what the refused one is told: INVALID-ID-INFORMATION
    FourthMessage fourthMessage{FourthMessage::None};
    bool waitForFourthMessage{true};   //!< an initiator that sees the commit bit
    bool sendResponderLifetime{false}; //!< N(RESPONDER-LIFETIME) in QM2 where its own is shorter

    bool sendDeletes{true};
    bool reliableDelete{false}; //!< acknowledged deletes with Windows peers (MS-IKEE 3.1.5)
    /** Gaps between the sendings of an acknowledged delete; after the last it is given up. */
    std::vector<Duration> deleteGaps{seconds{1},
                                     seconds{2},
                                     seconds{4},
                                     seconds{8},
                                     seconds{16},
                                     seconds{16}};
    bool mainModeDeleteKeepsChildren{true};  //!< the phase-2 SAs under it (MS-IKEE 3.1.5)
    bool deleteReplaced{true};               //!< the initiator of a rekey deletes the old SA ...
    Duration replacedGrace{seconds{10}};     //!< ... so long after the new one is up
    Duration keepaliveInterval{seconds{20}}; //!< RFC 3948 4; 0: none
};

} // namespace nattlab::ike

#endif
