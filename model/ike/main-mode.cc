// SPDX-License-Identifier: GPL-2.0-only
/**
 * \file
 * What the two ends of Main Mode have in common (RFC 2409 5.4, RFC 3947 3 and 4).
 */
#include "model/ike/core.h"
#include "model/ike/vendor-ids.h"

namespace nattlab::ike
{

void
Engine::Core::ReceiveMain(Turn& turn, const Message& message, const Header& header)
{
    Peer* peer = FindByCookies(header, message.remote.address);
    if (!peer && header.responderCookie == 0)
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
        const Decoded<Chain> chain =
            DecodeChain(header.next, ByteView{message.payload}.Sub(Header::SIZE));
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
    const std::uint16_t undecryptable =
        m_profile.notifyUndecryptable ? std::uint16_t{NOTIFY_PAYLOAD_MALFORMED} : std::uint16_t{0};
    const Decoded<Opened> in = Open(peer, header, message, peer.iv);
    if (!in)
    {
        return Fault{Reason::IkeDecryption, in.Error().ToString(), undecryptable};
    }
    const std::string lack = Lacks(*RuleOf(RowOf(peer.state).awaits), in->chain);
    if (!lack.empty())
    {
        return Fault{Reason::IkeDecryption, lack, undecryptable};
    }
    const Bytes& idBody = *in->chain.Body(PAYLOAD_ID);
    if (in->chain.Find<HashPayload>()->value != MainHash(peer, !peer.initiator, idBody))
    {
        return Fault{Reason::IkeAuthentication, "HASH is wrong", NOTIFY_INVALID_HASH_INFORMATION};
    }
    if (auto fault = CheckIdentity(peer, in->chain))
    {
        return fault;
    }
    peer.identity = idBody;
    peer.iv = in->lastBlock;
    peer.receivedBlock = in->lastBlock;
    if (peer.initiator)
    {
        OnMm6(turn, peer, message);
    }
    else
    {
        OnMm5(turn, peer, message, in->chain);
    }
    return std::nullopt;
}

std::optional<Fault>
Engine::Core::CheckIdentity(const Peer& peer, const Chain& chain) const
{
    const IdPayload& id = *chain.Find<IdPayload>();
    // RFC 3947 4: behind a NAT the address in the identity is not the one that packets come from.
    if (m_profile.checkMainModeAddress && !peer.nat.peer && id.type == ID_IPV4_ADDR &&
        id.Address() != peer.remote.address)
    {
        return Fault{Reason::IkeInvalidId,
                     "identity " + id.Address()->ToString() + " is not the outer address",
                     NOTIFY_INVALID_ID_INFORMATION,
                     true};
    }
    return std::nullopt;
}

Bytes
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
    const Bytes* presharedKey = PresharedKeyOf(peer.remote.address);
    if (!presharedKey)
    {
        return Fault{Reason::IkeNoPresharedKey, {}, NOTIFY_NO_PROPOSAL_CHOSEN, true};
    }
    const Phase1Transform& agreed = peer.agreed;
    const PhaseOneKeys keys =
        DeriveKeys(agreed.hash,
                   SkeyidOfPresharedKey(agreed.hash, *presharedKey, h.ni, h.nr),
                   *shared,
                   peer.cookies);
    const auto cipherKey =
        PhaseOneCipherKey(agreed.hash, keys, agreed.cipher, KeySize(agreed.cipher, agreed.keyBits));
    if (!cipherKey)
    {
        return Fault{Reason::IkeInvalidKeyExchange,
                     "the key is a weak key of DES",
                     NOTIFY_INVALID_KEY_INFORMATION,
                     true};
    }
    peer.keys = keys;
    peer.cipherKey = *cipherKey;
    peer.iv = PhaseOneIv(agreed.hash,
                         peer.initiator ? h.dh.publicValue : h.peerPublic,
                         peer.initiator ? h.peerPublic : h.dh.publicValue,
                         crypto::IvSize(agreed.cipher));
    peer.sentBlock = peer.iv;
    peer.receivedBlock = peer.iv;
    return std::nullopt;
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

/** Send a message in clear and go to the state that awaits the next. */
void
Engine::Core::SendMain(Turn& turn,
                       Peer& peer,
                       const std::string& name,
                       const std::vector<Payload>& payloads,
                       State next)
{
    const Header header{peer.cookies.initiator, peer.cookies.responder};
    Transmit(turn, peer, peer.main, EncodeMessage(header, payloads), name, payloads);
    peer.state = next;
    peer.fault.reset();
    Arm(turn,
        {peer.id, TimerKind::Main, 0},
        peer.main,
        peer.initiator || m_profile.responderRetransmits);
}

/** Send identity and hash, encrypted: MM5 or MM6. */
void
Engine::Core::SendIdentity(Turn& turn, Peer& peer, const std::string& name, bool initialContact)
{
    // RFC 3947 4: with NAT-T the port of the identity is 0; it always may be.
    const IdPayload id = IdPayload::OfAddress(peer.local.address, 0, 0);
    std::vector<Payload> payloads{id, HashPayload{MainHash(peer, peer.initiator, EncodeBody(id))}};
    if (initialContact)
    {
        payloads.push_back(NotifyPayload{
            DOI_IPSEC, PROTOCOL_ISAKMP, peer.cookies.ToBytes(), NOTIFY_INITIAL_CONTACT, {}});
    }
    Bytes sealed = Seal(peer, EXCHANGE_MAIN, 0, 0, PAYLOAD_ID, EncodeChain(payloads), peer.iv);
    peer.sentBlock = peer.iv;
    Transmit(turn, peer, peer.main, std::move(sealed), name, payloads);
}

void
Engine::Core::HandleMainFault(Turn& turn, Peer& peer, const Message& message, const Fault& fault)
{
    const std::string name{RowOf(peer.state).awaits};
    Refuse(turn, message, &peer, name, fault.reason, fault.detail);
    if (fault.notify != 0 && m_profile.sendErrorNotify)
    {
        Conversation once;
        SendNotify(turn,
                   peer,
                   once,
                   {DOI_IPSEC, PROTOCOL_ISAKMP, {}, fault.notify, {}},
                   fault.reason != Reason::IkeDecryption);
        // It answers this message: one that came to 4500 moves the peer only once it is authentic.
        turn.out.messages.back().local = message.local;
        turn.out.messages.back().remote = message.remote;
    }
    if (fault.fatal)
    {
        FailMain(turn, peer, fault.reason, name, std::nullopt);
        return;
    }
    peer.fault = fault;
    peer.faultMessage = name;
}

/** Tell all who wait for this Main Mode that it failed, and forget it. */
void
Engine::Core::FailMain(Turn& turn,
                       Peer& peer,
                       Reason reason,
                       const std::string& message,
                       std::optional<std::uint16_t> notify)
{
    Failed failed{peer.id,
                  peer.remote,
                  peer.connection,
                  Failed::Phase::Main,
                  reason,
                  message,
                  notify,
                  peer.initiator};
    if (peer.wishes.empty())
    {
        turn.out.notices.push_back(failed);
    }
    for (const Wish& wish : peer.wishes)
    {
        failed.connection = wish.connection;
        turn.out.notices.push_back(failed);
    }
    ErasePeer(peer.id);
}

/** Main Mode is done: list the peer, and begin what waited for it. */
void
Engine::Core::FinishMain(Turn& turn, Peer& fresh, bool initialContact)
{
    if (!fresh.initiator)
    {
        --m_halfOpen;
    }
    fresh.state = State::Established;
    fresh.handshake.reset();
    fresh.fault.reset();
    PeerId old = fresh.replaces;
    if (!fresh.initiator && !initialContact)
    {
        // The same identity from the same place: the peer has authenticated anew.
        const auto it = m_established.find({fresh.local.address, fresh.remote});
        const Peer* same = it == m_established.end() ? nullptr : FindPeer(it->second);
        old = same && same->identity == fresh.identity ? same->id : 0;
    }
    const Peer* before = FindPeer(old);
    const bool moved = before && (before->local != fresh.local || before->remote != fresh.remote);
    Peer& peer = before ? TakeOver(fresh, old) : fresh;
    peer.replaces = 0;
    Unlist(peer);
    m_established[{peer.local.address, peer.remote}] = peer.id;
    m_byIdentity.insert({peer.identity, peer.id});
    m_timers.Cancel({peer.id, TimerKind::Main, 0});
    if (peer.agreed.lifeSeconds != 0)
    {
        m_timers.Set({peer.id, TimerKind::Life, 0}, turn.now + seconds{peer.agreed.lifeSeconds});
    }
    StartKeepalive(turn, peer);
    if (!peer.initiator)
    {
        LogKeys(peer); // the initiator has done so with MM5, to have it readable if it is refused
    }
    if (moved)
    {
        MoveChildren(peer);
        turn.out.notices.push_back(Moved{peer.id, peer.local, peer.remote});
    }
    const std::string agreed = Describe(peer.agreed);
    const std::string natT = peer.natT ? "NAT-T " + std::string{NameOf(*peer.natT)} : "no NAT-T";
    Record(turn,
           EventType::SaEstablished,
           Layer::Ike,
           peer.connection,
           Reason::None,
           static_cast<std::int64_t>(peer.agreed.group),
           peer.natT ? std::string{IdOf(*peer.natT)} : "none",
           agreed + ", " + natT);
    turn.out.notices.push_back(PeerUp{peer.id, peer.remote, peer.connection});
    if (initialContact && m_profile.obeyInitialContact)
    {
        ObeyInitialContact(turn, peer);
    }
    std::vector<Wish> wishes;
    wishes.swap(peer.wishes);
    for (Wish& wish : wishes)
    {
        StartQuick(turn, peer, std::move(wish));
    }
}

/** The clock of Main Mode: send again, or give up. */
void
Engine::Core::MainTimer(Turn& turn, Peer& peer)
{
    if (RepeatLater(turn,
                    peer,
                    {peer.id, TimerKind::Main, 0},
                    peer.main,
                    peer.initiator || m_profile.responderRetransmits))
    {
        return;
    }
    if (peer.fault)
    {
        FailMain(turn, peer, peer.fault->reason, peer.faultMessage, peer.notified);
    }
    else
    {
        FailMain(turn, peer, Reason::IkeTimeout, peer.main.name, peer.notified);
    }
}

/** The phase-1 SA has reached its lifetime. */
void
Engine::Core::LifeOver(Turn& turn, Peer& peer)
{
    const PeerId id = peer.id;
    SendDelete(turn, peer, {DOI_IPSEC, PROTOCOL_ISAKMP, 16, {peer.cookies.ToBytes()}});
    Retire(turn, peer, Reason::IkeSaExpired);
    if (m_profile.reauthentication == Reauthentication::AtExpiry && peer.initiator &&
        !peer.children.empty())
    {
        StartMain(turn, peer.local, peer.remote, std::nullopt, id);
    }
    EraseIfIdle(id);
}

void
Engine::Core::LogKeys(const Peer& peer)
{
    if (m_keys)
    {
        m_keys->ike.push_back({peer.cookies.initiator, peer.cipherKey});
    }
}

} // namespace nattlab::ike
