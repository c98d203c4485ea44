// SPDX-License-Identifier: GPL-2.0-only
/**
 * \file
 * IKE fragments in (MS-IKEE 3.3.5.3). How they go out stands in send.cc.
 */
#include "model/ike/core.h"

namespace nattlab::ike
{

/** Take a fragment; with the one that completes it, take the message. */
void
Engine::Core::ReceiveFragment(Turn& turn, const Message& message, const Header& header)
{
    Peer* peer =
        header.responderCookie == 0 ? nullptr : FindByCookies(header, message.remote.address);
    if (!peer)
    {
        Refuse(turn, message, nullptr, "fragment", Reason::IkeUnknownCookie);
        return;
    }
    if (peer->local.port == NAT_T_PORT && message.local.port != NAT_T_PORT)
    {
        Refuse(turn, message, peer, "fragment", Reason::IkeStalePort); // RFC 3947 4
        return;
    }
    // MM5 or MM6, or MM5 once more because MM6 was lost.
    const bool again = peer->state == State::Established && !peer->initiator;
    const bool due = peer->state == State::Mm4Sent || peer->state == State::Mm5Sent || again;
    if (!due || !peer->knowsFragments)
    {
        Refuse(turn,
               message,
               peer,
               "fragment",
               Reason::IkeUnexpectedMessage,
               due ? "fragments were not agreed" : "");
        return;
    }
    const std::string name = (peer->initiator ? "MM6" : "MM5") + std::string{" fragment"};
    const Decoded<Chain> chain = Read(header, message);
    if (!chain || chain->items.size() != 1)
    {
        Refuse(turn,
               message,
               peer,
               name,
               Reason::IkeMalformed,
               chain ? "other payloads beside it" : chain.Error().ToString());
        return;
    }
    const auto& fragment = *chain->Find<FragmentPayload>();
    FragmentStore::Result result = m_fragments.Add(peer->id, fragment);
    const TimerKey timer{peer->id, TimerKind::Fragments, fragment.id};
    switch (result.outcome)
    {
    case FragmentStore::Outcome::Duplicate:
        Refuse(turn, message, peer, name, Reason::IkeDuplicate);
        return;
    case FragmentStore::Outcome::Conflict:
        m_timers.Cancel(timer);
        Refuse(turn, message, peer, name, Reason::IkeFragmentRefused, "not of one message");
        return;
    case FragmentStore::Outcome::Full:
        Refuse(turn, message, peer, name, Reason::IkeFragmentRefused, "no room");
        return;
    case FragmentStore::Outcome::Kept:
    case FragmentStore::Outcome::Complete:
        break;
    }
    peer->fragments = true;
    TraceMessage(EventType::MessageReceived,
                 turn,
                 {message.tag.packet, peer->connection},
                 name,
                 Reason::None,
                 fragment.number,
                 (fragment.flags & FragmentPayload::LAST) != 0 ? "last" : "");
    if (result.outcome == FragmentStore::Outcome::Kept)
    {
        if (result.first)
        {
            m_timers.Set(timer, turn.now + peer->profile->fragmentReassembly);
        }
        return;
    }
    m_timers.Cancel(timer);
    Message whole = message;
    whole.payload = std::move(result.message);
    const Decoded<Header> inner = DecodeHeader(whole.payload);
    if (!inner || inner->exchange != EXCHANGE_MAIN || !inner->Encrypted() ||
        inner->initiatorCookie != header.initiatorCookie ||
        inner->responderCookie != header.responderCookie)
    {
        Refuse(turn, message, peer, name, Reason::IkeFragmentRefused, "not a message of this peer");
        return;
    }
    ReceiveMain(turn, whole, *inner);
}

/** The rest of a message did not come. */
void
Engine::Core::FragmentsLate(Turn& turn, Peer& peer, std::uint16_t fragmentId)
{
    m_fragments.Drop(peer.id, fragmentId);
    const std::string name{RowOf(peer.state).awaits};
    TraceMessage(EventType::MessageRefused,
                 turn,
                 {0, peer.connection},
                 (name.empty() ? "MM5" : name) + " fragment",
                 Reason::IkeFragmentTimeout);
    if (!name.empty() && !peer.handshake->fault)
    {
        peer.handshake->fault = Fault{Reason::IkeFragmentTimeout, {}};
        peer.handshake->faultMessage = name;
    }
}

/** Forget all fragments of a peer. */
void
Engine::Core::DropFragments(PeerId id)
{
    for (const std::uint16_t fragmentId : m_fragments.Of(id))
    {
        m_fragments.Drop(id, fragmentId);
        m_timers.Cancel({id, TimerKind::Fragments, fragmentId});
    }
}

} // namespace nattlab::ike
