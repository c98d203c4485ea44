// SPDX-License-Identifier: GPL-2.0-only
/**
 * \file
 * Informational exchanges in (RFC 2408 4.8, RFC 2409 5.7): notifications and deletes.
 */
#include "model/ike/core.h"

namespace nattlab::ike
{

namespace
{

/** \return the reason for which a negotiation fails that an error notification ends. */
Reason
ReasonOf(std::uint16_t notify)
{
    switch (notify)
    {
    case NOTIFY_NO_PROPOSAL_CHOSEN:
        return Reason::IkeNoProposalChosen;
    case NOTIFY_INVALID_KEY_INFORMATION:
        return Reason::IkeInvalidKeyExchange;
    case NOTIFY_INVALID_ID_INFORMATION:
        return Reason::IkeInvalidId;
    case NOTIFY_INVALID_HASH_INFORMATION:
    case NOTIFY_AUTHENTICATION_FAILED:
    case NOTIFY_INVALID_SIGNATURE:
        return Reason::IkeAuthentication;
    default:
        return Reason::IkePeerNotify;
    }
}

/** \return "INFO N(14 NO-PROPOSAL-CHOSEN)" or "INFO D", after the first that matters. */
std::string
NameOf(const Chain& chain)
{
    if (const auto* notify = chain.Find<NotifyPayload>())
    {
        return "INFO N(" + NotifyName(notify->type) + ")";
    }
    return chain.Find<DeletePayload>() ? "INFO D" : "INFO";
}

} // namespace

void
Engine::Core::ReceiveInformational(Turn& turn, const Message& message, const Header& header)
{
    Peer* peer = FindByCookies(header, message.remote.address);
    if (!peer)
    {
        Refuse(turn, message, nullptr, "INFO", Reason::IkeUnknownCookie);
        return;
    }
    if (peer->local.port == NAT_T_PORT && message.local.port != NAT_T_PORT)
    {
        Refuse(turn, message, peer, "INFO", Reason::IkeStalePort);
        return;
    }
    if (!header.Encrypted())
    {
        ReceiveUnprotected(turn, *peer, message, header);
        return;
    }
    const auto pending = peer->deletes.find(header.messageId);
    if (pending != peer->deletes.end())
    {
        OnAcknowledgement(turn, *peer, pending->second, message, header);
        return;
    }
    if (!peer->HasKeys())
    {
        Refuse(turn, message, peer, "INFO", Reason::IkeUnexpectedMessage);
        return;
    }
    const auto in = OpenInformational(*peer, message, header);
    if (!in)
    {
        Refuse(turn, message, peer, "INFO", Reason::IkeDecryption);
        return;
    }
    if (peer->state == State::Established)
    {
        FollowPeer(turn, *peer, message.local, message.remote);
    }
    Conversation once;
    Accept(turn, message, *peer, once, NameOf(in->chain));
    const PeerId id = peer->id;
    // While its own delete is not acknowledged yet, the peer's is: deletes may cross.
    const bool ending = peer->state == State::Deleting;
    if (peer->profile->reliableDelete && in->chain.Find<NoncePayload>() &&
        in->chain.Find<DeletePayload>())
    {
        AcknowledgeDelete(turn, *peer, header, *in);
    }
    for (const Chain::Item& item : in->chain.items)
    {
        const auto* notify = std::get_if<NotifyPayload>(&item.payload);
        if (notify && !ending)
        {
            OnNotify(turn, id, *notify);
        }
        else if (const auto* del = std::get_if<DeletePayload>(&item.payload))
        {
            OnDelete(turn, id, *del);
        }
    }
}

/** A message that anybody could have sent. It counts only while there are no keys yet. */
void
Engine::Core::ReceiveUnprotected(Turn& turn,
                                 Peer& peer,
                                 const Message& message,
                                 const Header& header)
{
    const Decoded<Chain> chain = Read(header, message);
    if (!chain)
    {
        Refuse(turn, message, &peer, "INFO", Reason::IkeMalformed, chain.Error().ToString());
        return;
    }
    const std::string name = NameOf(*chain);
    const auto* notify = chain->Find<NotifyPayload>();
    if (notify && notify->type == NOTIFY_DOS_COOKIE && notify->data.size() == 8 &&
        chain->items.size() == 1 && peer.state == State::Mm1Sent && peer.profile->answersCookie)
    {
        Conversation once;
        Accept(turn, message, peer, once, name);
        ReturnFloodCookie(turn, peer, *notify);
        return;
    }
    if (RowOf(peer.state).awaits.empty() || !notify || notify->type > NOTIFY_LAST_ERROR)
    {
        Refuse(turn, message, &peer, name, Reason::IkeUnexpectedMessage, "not protected");
        return;
    }
    Conversation once;
    Accept(turn, message, peer, once, name);
    if (peer.profile->unprotectedNotify == UnprotectedNotify::IsRecorded)
    {
        peer.handshake->notified = notify->type;
        return;
    }
    FailMain(turn, peer, ReasonOf(notify->type), peer.main.name, notify->type);
}

/** Open a protected message; while Main Mode goes on, more than one IV is possible. */
std::optional<Opened>
Engine::Core::OpenInformational(Peer& peer, const Message& message, const Header& header) const
{
    for (const ShortBytes* block : {&peer.iv, &peer.receivedBlock, &peer.sentBlock})
    {
        const ShortBytes iv = PhaseTwoIv(peer.agreed.hash, *block, header.messageId);
        Decoded<Opened> in = Open(peer, header, message, iv);
        if (!in || TypeOf(in->chain.items.front().payload) != PAYLOAD_HASH)
        {
            continue;
        }
        const ShortBytes expected =
            QuickModeHash(peer.agreed.hash, peer.keys, header.messageId, {}, in->chain.Rest());
        if (in->chain.Find<HashPayload>()->value == expected)
        {
            return in.Take();
        }
    }
    return std::nullopt;
}

void
Engine::Core::OnNotify(Turn& turn, PeerId id, const NotifyPayload& notify)
{
    Peer* peer = FindPeer(id);
    if (!peer)
    {
        return;
    }
    if (notify.type == NOTIFY_INITIAL_CONTACT && peer->state == State::Established)
    {
        if (peer->profile->obeyInitialContact)
        {
            ObeyInitialContact(turn, *peer);
        }
        return;
    }
    if (notify.type > NOTIFY_LAST_ERROR)
    {
        return;
    }
    if (!RowOf(peer->state).awaits.empty())
    {
        FailMain(turn, *peer, ReasonOf(notify.type), peer->main.name, notify.type);
        return;
    }
    if (notify.protocol == PROTOCOL_ISAKMP && !peer->initiator && peer->quicks.empty() &&
        peer->children.empty() && peer->state == State::Established)
    {
        OnLateRefusal(turn, *peer, notify);
        return;
    }
    // Which Quick Mode it is about: the message ID in the data (MS-IKEE 3.1.5), this host's SPI,
    // or else the only one that goes on.
    Quick* about = nullptr;
    std::size_t open = 0;
    for (auto& [messageId, quick] : peer->quicks)
    {
        if (RowOf(quick.state).awaits.empty())
        {
            continue;
        }
        const bool byId = notify.data.size() >= 4 && Load32(notify.data.data()) == messageId;
        const bool bySpi = notify.spi.size() == 4 && Load32(notify.spi.data()) == quick.ownSpi;
        if (byId || bySpi)
        {
            about = &quick;
            open = 1;
            break;
        }
        about = &quick;
        ++open;
    }
    if (open == 1)
    {
        FailQuick(turn, *peer, *about, ReasonOf(notify.type), about->talk.name, notify.type);
        about->talk.sent.clear(); // the answer is known; nothing is sent again
        CloseQuick(turn, *peer, *about, State::Refused);
    }
}

/** The initiator does not believe MM6, by which this end was done with Main Mode. */
void
Engine::Core::OnLateRefusal(Turn& turn, Peer& peer, const NotifyPayload& notify)
{
    CountFailure(ReasonOf(notify.type));
    turn.out.notices.push_back(Failed{peer.id,
                                      peer.remote,
                                      peer.connection,
                                      Failed::Phase::Main,
                                      ReasonOf(notify.type),
                                      "MM6",
                                      notify.type,
                                      false});
    RemovePeer(turn, peer.id, ReasonOf(notify.type));
}

void
Engine::Core::OnDelete(Turn& turn, PeerId id, const DeletePayload& del)
{
    for (const ShortBytes& spi : del.spis)
    {
        Peer* peer = FindPeer(id);
        if (!peer)
        {
            return;
        }
        if (del.protocol == PROTOCOL_ESP && spi.size() == 4)
        {
            // The sender names its inbound SPI, which is outbound here.
            const std::set<std::uint32_t> children = peer->children;
            for (const std::uint32_t own : children)
            {
                if (m_children.at(own).sa.outboundSpi == Load32(spi.data()))
                {
                    RemoveChild(turn, own, Reason::IkeDeleted);
                }
            }
        }
        else if (del.protocol == PROTOCOL_ISAKMP && spi == peer->cookies.ToBytes() &&
                 peer->state == State::Established)
        {
            if (peer->profile->mainModeDeleteKeepsChildren)
            {
                Retire(turn, *peer, Reason::IkeDeleted);
                EraseIfIdle(id);
            }
            else
            {
                RemovePeer(turn, id, Reason::IkeDeleted);
            }
        }
    }
}

/** RFC 3947 6: whom INITIAL-CONTACT is about is told by the identity, not by address and port. */
void
Engine::Core::ObeyInitialContact(Turn& turn, const Peer& peer)
{
    std::vector<PeerId> others;
    for (const PeerId other : m_byIdentity.Of(peer.identity))
    {
        if (other != peer.id)
        {
            others.push_back(other);
        }
    }
    for (const PeerId other : others)
    {
        RemovePeer(turn, other, Reason::IkeInitialContact);
    }
}

/** The answer to an acknowledged delete. */
void
Engine::Core::OnAcknowledgement(Turn& turn,
                                Peer& peer,
                                PendingDelete& pending,
                                const Message& message,
                                const Header& header)
{
    const Decoded<Opened> in = Open(peer, header, message, pending.iv);
    if (!in || TypeOf(in->chain.items.front().payload) != PAYLOAD_HASH ||
        in->chain.Find<HashPayload>()->value !=
            DeleteAnswerHash(
                peer.agreed.hash, peer.keys, pending.nonce, header.messageId, in->chain.Rest()))
    {
        Refuse(turn, message, &peer, "INFO D", Reason::IkeDecryption);
        return;
    }
    Accept(turn, message, peer, pending.talk, "INFO D");
    m_timers.Cancel({peer.id, TimerKind::Delete, header.messageId});
    peer.deletes.erase(header.messageId);
    if (peer.state == State::Deleting && peer.deletes.empty())
    {
        ErasePeer(peer.id);
    }
}

} // namespace nattlab::ike
