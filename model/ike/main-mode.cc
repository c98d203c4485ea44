// SPDX-License-Identifier: GPL-2.0-only
/**
 * \file
 * What the two ends of Main Mode have in common (RFC 2409 5.1 and 5.4, RFC 3947 3 and 4).
 */
#include "model/ike/core.h"
#include "model/ike/vendor-ids.h"

#include <algorithm>

namespace nattlab::ike
{

void
Engine::Core::ReceiveMain(Turn& turn, const Message& message, const Header& header)
{
    Peer* peer = FindByCookies(header, message.remote.address);
    if (!peer && IsFirst(message, header))
    {
        ReceiveFirst(turn, message, header);
        return;
    }
    if (!peer)
    {
        Refuse(turn, message, nullptr, "MM", Reason::IkeUnknownCookie);
        return;
    }
    const std::string_view awaits = RowOf(peer->state).awaits;
    const std::string name{awaits.empty() ? "MM" : awaits};
    if (peer->local.port == NAT_T_PORT && message.local.port != NAT_T_PORT)
    {
        Refuse(turn, message, peer, "MM", Reason::IkeStalePort); // RFC 3947 4
        return;
    }
    if (message.payload == peer->main.received)
    {
        Refuse(turn, message, peer, name, Reason::IkeDuplicate);
        Repeat(turn, *peer, peer->main);
        return;
    }
    if (header.responderCookie == 0)
    {
        Refuse(turn, message, peer, "MM1", Reason::IkeDuplicate);
        return;
    }
    StepMain(turn, *peer, message, header);
}

/** \return true for a message that begins a Main Mode: MM1, also with a cookie against floods. */
bool
Engine::Core::IsFirst(const Message& message, const Header& header) const
{
    if (header.responderCookie == 0)
    {
        return true;
    }
    const bool first = !header.Encrypted() && header.messageId == 0 && header.next == PAYLOAD_SA;
    return first && (IsReturned(message, header) || AsksForCookie());
}

/** Take the message that the state awaits. */
void
Engine::Core::StepMain(Turn& turn, Peer& peer, const Message& message, const Header& header)
{
    const MessageRule* rule = RuleOf(RowOf(peer.state).awaits);
    if (!rule || header.Encrypted() != rule->encrypted || header.messageId != 0)
    {
        Refuse(turn,
               message,
               &peer,
               rule ? std::string{rule->name} : "MM",
               Reason::IkeUnexpectedMessage);
        return;
    }
    const bool floats = message.local.port == NAT_T_PORT && peer.local.port != NAT_T_PORT;
    if (floats && peer.state != State::Mm4Sent)
    {
        Refuse(turn,
               message,
               &peer,
               std::string{rule->name},
               Reason::IkeUnexpectedMessage,
               "moved to port 4500 too early");
        return;
    }
    std::optional<Fault> fault;
    if (rule->encrypted)
    {
        fault = Mm5OrMm6(turn, peer, message, header);
    }
    else
    {
        const Decoded<Chain> chain = Read(header, message);
        const std::string lack = chain ? Lacks(*rule, *chain) : chain.Error().ToString();
        if (!lack.empty())
        {
            fault = Fault{Reason::IkeMalformed, lack, NOTIFY_PAYLOAD_MALFORMED};
        }
        else if (peer.state == State::Mm1Sent)
        {
            fault = OnMm2(turn, peer, message, header, *chain);
        }
        else if (peer.state == State::Mm2Sent)
        {
            fault = OnMm3(turn, peer, message, *chain);
        }
        else
        {
            fault = OnMm4(turn, peer, message, *chain);
        }
    }
    if (fault)
    {
        HandleMainFault(turn, peer, message, *fault);
    }
}

/** Take the encrypted message by which the peer shows who it is. */
std::optional<Fault>
Engine::Core::Mm5OrMm6(Turn& turn, Peer& peer, const Message& message, const Header& header)
{
    if (peer.UdpEncapsulated() && message.local.port != NAT_T_PORT)
    {
        return Fault{Reason::IkeUnexpectedMessage, "a NAT was found, but it is not on port 4500"};
    }
    const std::uint16_t undecryptable = peer.profile->notifyUndecryptable
                                            ? std::uint16_t{NOTIFY_PAYLOAD_MALFORMED}
                                            : std::uint16_t{0};
    const Decoded<Opened> in = Open(peer, header, message, peer.iv);
    if (!in)
    {
        return Fault{Reason::IkeDecryption, in.Error().ToString(), undecryptable};
    }
    const bool isSigned = peer.agreed.auth == AuthMethod::RsaSignature;
    const std::string awaited{RowOf(peer.state).awaits};
    const std::string lack = Lacks(*RuleOf(isSigned ? awaited + " signed" : awaited), in->chain);
    if (!lack.empty())
    {
        // With a pre-shared key, another key is the likeliest cause of such a message.
        return isSigned ? Fault{Reason::IkeMalformed, lack, NOTIFY_PAYLOAD_MALFORMED}
                        : Fault{Reason::IkeDecryption, lack, undecryptable};
    }
    peer.receivedBlock = in->lastBlock;
    const ByteView idBody = *in->chain.Body(PAYLOAD_ID);
    if (isSigned)
    {
        if (auto fault = CheckSignature(turn.now, peer, in->chain))
        {
            return fault;
        }
    }
    else if (in->chain.Find<HashPayload>()->value != MainHash(peer, !peer.initiator, idBody))
    {
        return Fault{Reason::IkeAuthentication, "HASH is wrong", NOTIFY_INVALID_HASH_INFORMATION};
    }
    if (auto fault = CheckIdentity(peer, in->chain))
    {
        return fault;
    }
    peer.identity = idBody;
    peer.iv = in->lastBlock;
    if (!peer.initiator)
    {
        return OnMm5(turn, peer, message, in->chain);
    }
    OnMm6(turn, peer, message);
    return std::nullopt;
}

std::optional<Fault>
Engine::Core::CheckIdentity(const Peer& peer, const Chain& chain) const
{
    const IdPayload& id = *chain.Find<IdPayload>();
    // RFC 3947 4: behind a NAT the address in the identity is not the one that packets come from.
    if (peer.profile->checkMainModeAddress && !peer.nat.peer && id.type == ID_IPV4_ADDR &&
        id.Address() != peer.remote.address)
    {
        return Fault{Reason::IkeInvalidId,
                     "identity " + id.Address()->ToString() + " is not the outer address",
                     NOTIFY_INVALID_ID_INFORMATION,
                     true};
    }
    return std::nullopt;
}

ShortBytes
Engine::Core::MainHash(const Peer& peer, bool ofInitiator, ByteView idBody) const
{
    const Handshake& h = *peer.handshake;
    const bool own = ofInitiator == peer.initiator;
    const Cookies& c = peer.cookies;
    return MainModeHash(peer.agreed.hash,
                        peer.keys,
                        own ? h.dh.publicValue : h.peerPublic,
                        own ? h.peerPublic : h.dh.publicValue,
                        ofInitiator ? c.initiator : c.responder,
                        ofInitiator ? c.responder : c.initiator,
                        h.saBody,
                        idBody);
}

/** Take public value and nonce of MM3 or MM4. */
std::optional<Fault>
Engine::Core::ReadKeyExchange(Peer& peer, const Chain& chain) const
{
    Handshake& h = *peer.handshake;
    const Bytes& value = chain.Find<KeyExchangePayload>()->value;
    if (value.size() != crypto::PublicSize(peer.agreed.group))
    {
        return Fault{Reason::IkeInvalidKeyExchange,
                     "public value has " + std::to_string(value.size()) + " bytes",
                     NOTIFY_INVALID_KEY_INFORMATION};
    }
    h.peerPublic = value;
    (peer.initiator ? h.nr : h.ni) = chain.Find<NoncePayload>()->value;
    return std::nullopt;
}

/** Compute SKEYID and all that follows; both public values and nonces are known. */
std::optional<Fault>
Engine::Core::DeriveMainKeys(Peer& peer) const
{
    const Handshake& h = *peer.handshake;
    const auto shared = crypto::SharedSecret(h.dh, h.peerPublic);
    if (!shared)
    {
        return Fault{Reason::IkeInvalidKeyExchange,
                     "public value is degenerate",
                     NOTIFY_INVALID_KEY_INFORMATION};
    }
    const Phase1Transform& agreed = peer.agreed;
    const Bytes* presharedKey = PresharedKeyOf(peer.remote.address);
    if (agreed.auth == AuthMethod::PresharedKey && !presharedKey)
    {
        return Fault{Reason::IkeNoPresharedKey, {}, NOTIFY_NO_PROPOSAL_CHOSEN, true};
    }
    const ShortBytes skeyid = agreed.auth == AuthMethod::PresharedKey
                                  ? SkeyidOfPresharedKey(agreed.hash, *presharedKey, h.ni, h.nr)
                                  : SkeyidOfSignatures(agreed.hash, h.ni, h.nr, *shared);
    const PhaseOneKeys keys = DeriveKeys(agreed.hash, skeyid, *shared, peer.cookies);
    auto cipherKey =
        PhaseOneCipherKey(agreed.hash, keys, agreed.cipher, KeySize(agreed.cipher, agreed.keyBits));
    if (!cipherKey)
    {
        return Fault{Reason::IkeInvalidKeyExchange,
                     "the key is a weak key of DES",
                     NOTIFY_INVALID_KEY_INFORMATION,
                     true};
    }
    peer.keys = keys;
    peer.cipherKey = std::move(*cipherKey);
    peer.cipher.reset();
    peer.iv = PhaseOneIv(agreed.hash,
                         peer.initiator ? h.dh.publicValue : h.peerPublic,
                         peer.initiator ? h.peerPublic : h.dh.publicValue,
                         crypto::IvSize(agreed.cipher));
    peer.sentBlock = peer.iv;
    peer.receivedBlock = peer.iv;
    return std::nullopt;
}

void
Engine::Core::ReadVendorIds(Peer& peer, const Chain& chain) const
{
    const auto vendorIds = chain.All<VendorIdPayload>();
    const auto& own = peer.profile->vendorIds;
    peer.isWindows = std::any_of(
        vendorIds.begin(), vendorIds.end(), [](const auto* id) { return IsMsNt5(id->value); });
    // MS-IKEE 3.3: both ends must have shown it.
    peer.knowsFragments =
        peer.profile->fragmentation &&
        std::any_of(
            own.begin(), own.end(), [](const VendorId& id) { return IsFragmentation(id.bytes); }) &&
        std::any_of(vendorIds.begin(),
                    vendorIds.end(),
                    [](const auto* id) { return IsFragmentation(id->value); });
}

void
Engine::Core::NoteNat(Turn& turn, const Peer& peer)
{
    Record(turn,
           EventType::NatDetected,
           Layer::Ike,
           peer.connection,
           Reason::None,
           0,
           std::string{peer.nat.Name()},
           "NAT-T " + std::string{NameOf(*peer.natT)});
}

ShortBytes
Engine::Core::NewNonce(const Profile& profile)
{
    ShortBytes nonce = ShortBytes::Zeros(profile.nonceSize);
    m_nonceRandom.Fill(nonce.data(), nonce.size());
    return nonce;
}

/** \return a message of Main Mode in clear. */
MessageWriter
Engine::Core::InMain(const Peer& peer)
{
    const bool returns = peer.cookies.responder == 0; // MM1: the cookie against floods, if any
    return MessageWriter{Header{peer.cookies.initiator,
                                returns ? peer.handshake->floodCookie : peer.cookies.responder}};
}

/** Send a message in clear and go to the state that awaits the next. */
void
Engine::Core::SendMain(Turn& turn,
                       Peer& peer,
                       const std::string& name,
                       MessageWriter message,
                       State next)
{
    Transmit(turn, peer, peer.main, std::move(message), name);
    peer.state = next;
    peer.handshake->fault.reset();
    Arm(turn,
        *peer.profile,
        {peer.id, TimerKind::Main, 0},
        peer.main,
        peer.initiator || peer.profile->responderRetransmits);
}

/** Send identity and its proof, encrypted: MM5 or MM6. */
void
Engine::Core::SendIdentity(Turn& turn, Peer& peer, const std::string& name, bool initialContact)
{
    // RFC 3947 4: with NAT-T the port of the identity is 0; it always may be.
    const pki::MachineCertificate* own = peer.handshake->own;
    MessageWriter message{Header{peer.cookies.initiator,
                                 peer.cookies.responder,
                                 PAYLOAD_NONE,
                                 EXCHANGE_MAIN,
                                 FLAG_ENCRYPTION}};
    message.Add(own ? IdPayload{ID_DER_ASN1_DN, 0, 0, pki::SubjectOf(own->chain.front())}
                    : IdPayload::OfAddress(peer.local.address, 0, 0));
    peer.ownIdentity = message.FirstBody();
    const ShortBytes hash = MainHash(peer, peer.initiator, peer.ownIdentity);
    if (own)
    {
        AddCertificates(peer, message);
        AddCertificateRequests(peer, name, message);
        message.Add(SignaturePayload{own->key.Sign(hash)});
    }
    else
    {
        message.Add(HashPayload{hash});
    }
    if (initialContact)
    {
        message.Add(NotifyPayload{
            DOI_IPSEC, PROTOCOL_ISAKMP, peer.cookies.ToBytes(), NOTIFY_INITIAL_CONTACT, {}});
    }
    Transmit(turn, peer, peer.main, std::move(message), name, &peer.iv);
    peer.sentBlock = peer.iv;
}

} // namespace nattlab::ike
