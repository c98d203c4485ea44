// SPDX-License-Identifier: GPL-2.0-only
/**
 * \file
 * Informational exchanges out (RFC 2409 5.7, MS-IKEE 3.1.5): notifications, deletes and their
 * acknowledgements.
 */
#include "model/ike/core.h"

namespace nattlab::ike
{

namespace
{

constexpr std::size_t DELETE_NONCE = 32; // MS-IKEE 3.1.5

std::string
NameOf(std::uint16_t notify)
{
    return "INFO N(" + NotifyName(notify) + ")";
}

} // namespace

/** \return a message ID that no exchange of this peer has. */
std::uint32_t
Engine::Core::NewMessageId(const Peer& peer)
{
    std::uint32_t id = 0;
    do
    {
        id = m_messageIdRandom.NonZero32();
    } while (peer.quicks.count(id) != 0 || peer.deletes.count(id) != 0);
    return id;
}

/** Answer an MM1 for which no state is kept. */
void
Engine::Core::SendFirstAnswer(Turn& turn,
                              const Message& message,
                              const Cookies& cookies,
                              const NotifyPayload& notify)
{
    const Header answer{cookies.initiator,
                        cookies.responder,
                        PAYLOAD_NONE,
                        EXCHANGE_INFORMATIONAL,
                        0,
                        m_messageIdRandom.NonZero32()};
    const TraceTag tag{0, message.tag.connection};
    ++m_count.messagesSent;
    TraceMessage(EventType::MessageSent, turn, tag, NameOf(notify.type));
    turn.out.messages.push_back(
        {message.local, message.remote, EncodeMessage(answer, {notify}), false, tag});
}

/**
 * Notify a peer.
 *
 * \param talk keeps the message, to be sent again when what it answers comes again
 * \param protect with HASH and encryption, once there are keys
 */
void
Engine::Core::SendNotify(Turn& turn,
                         Peer& peer,
                         Conversation& talk,
                         const NotifyPayload& notify,
                         bool protect)
{
    if (protect && peer.HasKeys())
    {
        SendProtected(turn, peer, talk, notify, NameOf(notify.type));
        return;
    }
    MessageWriter message = Informational(peer, NewMessageId(peer), false);
    message.Add(notify);
    Transmit(turn, peer, talk, std::move(message), NameOf(notify.type));
}

/** \return an Informational message, with room for its HASH when it is to be protected. */
MessageWriter
Engine::Core::Informational(const Peer& peer, std::uint32_t messageId, bool isProtected)
{
    MessageWriter message{Header{peer.cookies.initiator,
                                 peer.cookies.responder,
                                 PAYLOAD_NONE,
                                 EXCHANGE_INFORMATIONAL,
                                 isProtected ? std::uint8_t{FLAG_ENCRYPTION} : std::uint8_t{0},
                                 messageId}};
    if (isProtected)
    {
        message.Add(HashPayload{ShortBytes::Zeros(crypto::DigestSize(peer.agreed.hash))});
    }
    return message;
}

/** Send HDR*, HASH(1) and a payload. */
void
Engine::Core::SendProtected(Turn& turn,
                            Peer& peer,
                            Conversation& talk,
                            const Payload& payload,
                            const std::string& name)
{
    const std::uint32_t messageId = NewMessageId(peer);
    const ShortBytes* block = &peer.iv;
    if (peer.state != State::Established)
    {
        block = peer.profile->earlyNotifyIv == EarlyNotifyIv::LastSent ? &peer.sentBlock
                                                                       : &peer.receivedBlock;
    }
    ShortBytes iv = PhaseTwoIv(peer.agreed.hash, *block, messageId);
    MessageWriter message = Informational(peer, messageId, true);
    message.Add(payload);
    message.SetFirstBody(QuickModeHash(peer.agreed.hash, peer.keys, messageId, {}, message.Rest()));
    Transmit(turn, peer, talk, std::move(message), name, &iv);
}

/** Tell the peer that SAs are gone; with acknowledgement where both ends know it. */
void
Engine::Core::SendDelete(Turn& turn, Peer& peer, DeletePayload del)
{
    if (!peer.profile->sendDeletes)
    {
        return;
    }
    if (!peer.profile->reliableDelete || !peer.isWindows || peer.profile->deleteGaps.empty())
    {
        Conversation once;
        SendProtected(turn, peer, once, std::move(del), "INFO D");
        return;
    }
    const std::uint32_t messageId = NewMessageId(peer);
    PendingDelete& pending = peer.deletes[messageId];
    pending.nonce = m_nonceRandom.Take(DELETE_NONCE);
    pending.iv = PhaseTwoIv(peer.agreed.hash, peer.iv, messageId);
    MessageWriter message = Informational(peer, messageId, true);
    message.Add(NoncePayload{pending.nonce});
    message.Add(std::move(del));
    message.SetFirstBody(QuickModeHash(peer.agreed.hash, peer.keys, messageId, {}, message.Rest()));
    Transmit(turn, peer, pending.talk, std::move(message), "INFO D", &pending.iv);
    m_timers.Set({peer.id, TimerKind::Delete, messageId},
                 turn.now + peer.profile->deleteGaps.front());
}

/** Answer an acknowledged delete: HDR*, HASH(2), D, Nr under the same message ID. */
void
Engine::Core::AcknowledgeDelete(Turn& turn, Peer& peer, const Header& header, const Opened& in)
{
    MessageWriter message = Informational(peer, header.messageId, true);
    message.Add(*in.chain.Find<DeletePayload>());
    message.Add(NoncePayload{m_nonceRandom.Take(DELETE_NONCE)});
    message.SetFirstBody(DeleteAnswerHash(peer.agreed.hash,
                                          peer.keys,
                                          in.chain.Find<NoncePayload>()->value,
                                          header.messageId,
                                          message.Rest()));
    ShortBytes iv = in.lastBlock;
    Conversation once;
    Transmit(turn, peer, once, std::move(message), "INFO D", &iv);
}

/** The clock of an acknowledged delete: send again, or give up. */
void
Engine::Core::DeleteTimer(Turn& turn, Peer& peer, std::uint32_t messageId)
{
    PendingDelete& pending = peer.deletes.at(messageId);
    const auto& gaps = peer.profile->deleteGaps;
    if (pending.talk.gap < gaps.size())
    {
        ++pending.talk.gap;
        Repeat(turn, peer, pending.talk);
        const Duration wait = pending.talk.gap < gaps.size() ? gaps[pending.talk.gap] : gaps.back();
        m_timers.Set({peer.id, TimerKind::Delete, messageId}, turn.now + wait);
        return;
    }
    peer.deletes.erase(messageId);
    if (peer.state == State::Deleting && peer.deletes.empty())
    {
        ErasePeer(peer.id);
    }
}

} // namespace nattlab::ike
