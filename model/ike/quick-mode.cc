// SPDX-License-Identifier: GPL-2.0-only
/**
 * \file
 * What the two ends of Quick Mode have in common (RFC 2409 5.5, RFC 3947 5).
 */
#include "model/ike/core.h"

#include <algorithm>

namespace nattlab::ike
{

/** \return true when the same SAs are already being made. */
bool
Engine::Core::IsWished(const Peer& peer, const Wish& wish) const
{
    const auto same = [&](const Wish& other)
    { return other.selector == wish.selector && other.replaces == wish.replaces; };
    const Handshake* main = peer.handshake.get();
    return (main && std::any_of(main->wishes.begin(), main->wishes.end(), same)) ||
           std::any_of(peer.quicks.begin(),
                       peer.quicks.end(),
                       [&](const auto& entry)
                       {
                           const Quick& quick = entry.second;
                           return (quick.state == State::Qm1Sent ||
                                   quick.state == State::Qm3Sent) &&
                                  same(quick.handshake->wish);
                       });
}

void
Engine::Core::ReceiveQuick(Turn& turn, const Message& message, const Header& header)
{
    Peer* peer = FindByCookies(header, message.remote.address);
    if (!peer)
    {
        Refuse(turn, message, nullptr, "QM", Reason::IkeUnknownCookie);
        return;
    }
    if (peer->local.port == NAT_T_PORT && message.local.port != NAT_T_PORT)
    {
        Refuse(turn, message, peer, "QM", Reason::IkeStalePort);
        return;
    }
    if (!header.Encrypted() || header.messageId == 0 || peer->state != State::Established)
    {
        Refuse(turn, message, peer, "QM", Reason::IkeUnexpectedMessage);
        return;
    }
    const auto it = peer->quicks.find(header.messageId);
    if (it == peer->quicks.end())
    {
        ReceiveQm1(turn, *peer, message, header);
        return;
    }
    Quick& quick = it->second;
    const std::string name{RowOf(quick.state).awaits};
    if (message.payload == quick.talk.received)
    {
        Refuse(turn, message, peer, name.empty() ? "QM" : name, Reason::IkeDuplicate);
        Repeat(turn, *peer, quick.talk);
        return;
    }
    if (name.empty())
    {
        // An initiator that does not wait for QM4 passes over it; anything else is late.
        const bool fourth = quick.initiator && quick.state == State::Done;
        TraceMessage(fourth ? EventType::MessageReceived : EventType::MessageRefused,
                     turn,
                     {message.tag.packet, peer->connection},
                     fourth ? "QM4" : "QM",
                     fourth ? Reason::None : Reason::IkeUnexpectedMessage);
        return;
    }
    const Decoded<Opened> in = Open(*peer, header, message, quick.handshake->iv);
    std::optional<Fault> fault;
    if (!in)
    {
        fault = Fault{Reason::IkeDecryption, in.Error().ToString()};
    }
    else
    {
        fault = StepQuick(turn, *peer, quick, message, header, *in);
    }
    if (fault)
    {
        HandleQuickFault(turn, *peer, quick, message, name, *fault);
    }
}

/** Check the hash of the message that the state awaits, and take it. */
std::optional<Fault>
Engine::Core::StepQuick(Turn& turn,
                        Peer& peer,
                        Quick& quick,
                        const Message& message,
                        const Header& header,
                        const Opened& in)
{
    const std::string lack = Lacks(*RuleOf(RowOf(quick.state).awaits), in.chain);
    if (!lack.empty())
    {
        return Fault{Reason::IkeDecryption, lack};
    }
    if (in.chain.Find<HashPayload>()->value != ExpectedHash(peer, quick, in))
    {
        return Fault{Reason::IkeAuthentication, "HASH is wrong"};
    }
    FollowPeer(turn, peer, message.local, message.remote);
    quick.handshake->iv = in.lastBlock;
    switch (quick.state)
    {
    case State::Qm1Sent:
        return OnQm2(turn, peer, quick, message, (header.flags & FLAG_COMMIT) != 0, in);
    case State::Qm2Sent:
        return OnQm3(turn, peer, quick, message);
    default:
        return OnQm4(turn, peer, quick, message);
    }
}

/** \return what the HASH payload of the message that the state awaits must hold. */
ShortBytes
Engine::Core::ExpectedHash(const Peer& peer, const Quick& quick, const Opened& in) const
{
    const QuickHandshake& h = *quick.handshake;
    switch (quick.state)
    {
    case State::Qm1Sent:
        return QuickModeHash(peer.agreed.hash, peer.keys, quick.messageId, h.ni, in.chain.Rest());
    case State::Qm2Sent:
        return QuickModeHash3(peer.agreed.hash, peer.keys, quick.messageId, h.ni, h.nr);
    default:
        return QuickModeHash(peer.agreed.hash, peer.keys, quick.messageId, {}, in.chain.Rest());
    }
}

/** Take the public value of a Quick Mode with PFS and compute g(qm)^xy. */
std::optional<Fault>
Engine::Core::ReadQuickKeyExchange(Quick& quick, const Chain& chain) const
{
    const auto* value = chain.Find<KeyExchangePayload>();
    const auto shared =
        value ? crypto::SharedSecret(*quick.handshake->dh, value->value) : std::optional<Bytes>{};
    if (!shared)
    {
        return Fault{Reason::IkeInvalidKeyExchange,
                     value ? "public value has the wrong length or is degenerate"
                           : "no public value though PFS was agreed",
                     NOTIFY_INVALID_KEY_INFORMATION,
                     true};
    }
    quick.handshake->shared = *shared;
    return std::nullopt;
}

/** RFC 3947 5.2: NAT-OAi, then NAT-OAr; the drafts: the sender's own only. */
void
Engine::Core::ReadOriginalAddresses(Quick& quick, const Chain& chain) const
{
    QuickHandshake& h = *quick.handshake;
    const auto addresses = chain.All<NatOaPayload>();
    if (addresses.size() == 1)
    {
        h.peerOriginal = addresses[0]->address;
    }
    else if (addresses.size() >= 2)
    {
        h.peerOriginal = addresses[quick.initiator ? 1 : 0]->address;
        h.ownOriginal = addresses[quick.initiator ? 0 : 1]->address;
    }
}

void
Engine::Core::AddOriginalAddresses(const Peer& peer,
                                   const Quick& quick,
                                   MessageWriter& message) const
{
    if (!peer.UdpEncapsulated() ||
        (quick.profile->natOa == NatOaPolicy::OnlyIfBehindNat && !peer.nat.local))
    {
        return;
    }
    const bool draft = IsDraft(*peer.natT);
    const NatOaPayload own{draft, peer.local.address};
    const NatOaPayload other{draft, peer.remote.address};
    message.Add(draft || quick.initiator ? own : other);
    if (!draft)
    {
        message.Add(quick.initiator ? other : own);
    }
}

/** \return a Quick Mode message with room for its HASH. */
MessageWriter
Engine::Core::InQuick(const Peer& peer, const Quick& quick, std::uint8_t flags)
{
    MessageWriter message{Header{peer.cookies.initiator,
                                 peer.cookies.responder,
                                 PAYLOAD_NONE,
                                 EXCHANGE_QUICK,
                                 static_cast<std::uint8_t>(flags | FLAG_ENCRYPTION),
                                 quick.messageId}};
    message.Add(HashPayload{ShortBytes::Zeros(crypto::DigestSize(peer.agreed.hash))});
    return message;
}

/** Complete a message of InQuick with its hash, encrypt and send it. */
void
Engine::Core::SendQuick(Turn& turn,
                        Peer& peer,
                        Quick& quick,
                        const std::string& name,
                        ByteView hash,
                        MessageWriter message)
{
    message.SetFirstBody(hash);
    Transmit(turn, peer, quick.talk, std::move(message), name, &quick.handshake->iv);
    Arm(turn,
        *quick.profile,
        {peer.id, TimerKind::Quick, quick.messageId},
        quick.talk,
        quick.initiator || quick.profile->responderRetransmits);
}

void
Engine::Core::HandleQuickFault(Turn& turn,
                               Peer& peer,
                               Quick& quick,
                               const Message& message,
                               const std::string& name,
                               const Fault& fault)
{
    Refuse(turn, message, &peer, name, fault.reason, fault.detail);
    if (!fault.fatal)
    {
        return;
    }
    quick.talk.received = message.payload;
    quick.talk.sent.clear();
    if (fault.notify != 0 && quick.profile->sendErrorNotify)
    {
        NotifyPayload notify{DOI_IPSEC, PROTOCOL_ESP, {}, fault.notify, {}};
        if (quick.profile->notifyCarriesMessageId && peer.isWindows)
        {
            notify.spi = ShortBytes::Of64(peer.cookies.initiator);
            notify.data = ShortBytes::Of32(quick.messageId);
        }
        else if (quick.handshake->peerSpi != 0)
        {
            notify.spi = ShortBytes::Of32(quick.handshake->peerSpi);
        }
        SendNotify(turn, peer, quick.talk, notify, true);
    }
    FailQuick(turn, peer, quick, fault.reason, name, std::nullopt);
    CloseQuick(turn, peer, quick, State::Refused);
}

/** Tell the host that a Quick Mode failed. */
void
Engine::Core::FailQuick(Turn& turn,
                        Peer& peer,
                        Quick& quick,
                        Reason reason,
                        const std::string& message,
                        std::optional<std::uint16_t> notify)
{
    CountFailure(reason);
    turn.out.notices.push_back(Failed{peer.id,
                                      peer.remote,
                                      quick.handshake->wish.connection,
                                      Failed::Phase::Quick,
                                      reason,
                                      message,
                                      notify,
                                      quick.initiator});
}

/** End a Quick Mode; it is remembered for a while, to answer duplicates. */
void
Engine::Core::CloseQuick(Turn& turn, Peer& peer, Quick& quick, State state)
{
    quick.state = state;
    quick.handshake.reset();
    quick.talk.Shrink();
    m_reservedSpis.erase(quick.ownSpi);
    const bool goesOn =
        std::any_of(peer.quicks.begin(),
                    peer.quicks.end(),
                    [](const auto& entry) { return entry.second.handshake != nullptr; });
    if (!goesOn)
    {
        peer.cipher.reset();
    }
    m_timers.Set({peer.id, TimerKind::Quick, quick.messageId}, turn.now + Patience(*quick.profile));
}

/** The clock of Quick Mode: send again, give up, or forget. */
void
Engine::Core::QuickTimer(Turn& turn, Peer& peer, std::uint32_t messageId)
{
    Quick& quick = peer.quicks.at(messageId);
    if (quick.state != State::Done && quick.state != State::Refused)
    {
        if (RepeatLater(turn,
                        *quick.profile,
                        peer,
                        {peer.id, TimerKind::Quick, messageId},
                        quick.talk,
                        quick.initiator || quick.profile->responderRetransmits))
        {
            return;
        }
        FailQuick(turn, peer, quick, Reason::IkeTimeout, quick.talk.name, std::nullopt);
    }
    m_reservedSpis.erase(quick.ownSpi);
    peer.quicks.erase(messageId);
}

} // namespace nattlab::ike
