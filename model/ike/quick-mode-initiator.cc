// SPDX-License-Identifier: GPL-2.0-only
/**
 * \file
 * Quick Mode as initiator: QM1 and QM3 out, QM2 and QM4 in.
 */
#include "model/ike/core.h"

namespace nattlab::ike
{

void
Engine::Core::StartQuick(Turn& turn, Peer& peer, Wish wish)
{
    if (m_profile->phase2.empty())
    {
        turn.out.notices.push_back(Failed{peer.id,
                                          peer.remote,
                                          wish.connection,
                                          Failed::Phase::Quick,
                                          Reason::IkeNoPolicy,
                                          "QM1",
                                          std::nullopt,
                                          true});
        return;
    }
    const std::uint32_t messageId = NewMessageId(peer);
    Quick& quick = peer.quicks[messageId];
    quick.profile = m_profile;
    quick.messageId = messageId;
    quick.initiator = true;
    quick.ownSpi = NewSpi();
    quick.handshake = std::make_unique<QuickHandshake>();
    QuickHandshake& h = *quick.handshake;
    h.wish = std::move(wish);
    h.ni = NewNonce(*quick.profile);
    h.iv = PhaseTwoIv(peer.agreed.hash, peer.iv, messageId);
    const Selector& s = h.wish.selector;
    const std::uint16_t remotePort =
        quick.profile->responderPort == ResponderPort::Any ? std::uint16_t{0} : s.remotePort;
    const bool byName =
        quick.profile->identity == QuickModeIdentity::FqdnWhenNated && peer.nat.local;
    const IdPayload idci = byName
                               ? IdPayload::OfName(m_host.fqdn, s.protocol, s.localPort)
                               : IdPayload::OfAddress(peer.local.address, s.protocol, s.localPort);
    const IdPayload idcr = IdPayload::OfAddress(peer.remote.address, s.protocol, remotePort);
    h.idci = EncodeBody(idci);
    h.idcr = EncodeBody(idcr);

    MessageWriter message = InQuick(peer, quick);
    message.Add(OfferPhase2(*quick.profile, quick.ownSpi, peer.EncapsulationMode()));
    message.Add(NoncePayload{h.ni});
    if (const auto group = quick.profile->phase2.front().pfs)
    {
        h.dh = crypto::GenerateDhKey(*group, m_dhRandom);
        message.Add(KeyExchangePayload{h.dh->publicValue});
    }
    message.Add(idci);
    message.Add(idcr);
    AddOriginalAddresses(peer, quick, message);
    const ShortBytes hash =
        QuickModeHash(peer.agreed.hash, peer.keys, messageId, {}, message.Rest());
    /* HDR*, HASH(1), SA, Ni, [KE], IDci, IDcr, [NAT-OA] --> */
    SendQuick(turn, peer, quick, "QM1", hash, std::move(message));
    quick.state = State::Qm1Sent;
}

std::optional<Fault>
Engine::Core::OnQm2(Turn& turn,
                    Peer& peer,
                    Quick& quick,
                    const Message& message,
                    bool commit,
                    const Opened& in)
{
    const auto choice =
        AcceptPhase2(*quick.profile, *in.chain.Find<SaPayload>(), peer.EncapsulationMode());
    if (!choice)
    {
        return Fault{Reason::IkeNoProposalChosen,
                     "the proposal chosen was not offered",
                     NOTIFY_NO_PROPOSAL_CHOSEN,
                     true};
    }
    QuickHandshake& h = *quick.handshake;
    h.agreed = choice->agreed;
    h.peerSpi = choice->peerSpi;
    h.nr = in.chain.Find<NoncePayload>()->value;
    const auto ids = in.chain.All<IdPayload>();
    if (!quick.profile->acceptChangedIdentities &&
        (ids.size() != 2 || h.idci != EncodeBody(*ids[0]) || h.idcr != EncodeBody(*ids[1])))
    {
        return Fault{Reason::IkeInvalidId,
                     "the identities are not those of QM1",
                     NOTIFY_INVALID_ID_INFORMATION,
                     true};
    }
    if (h.dh)
    {
        if (auto fault = ReadQuickKeyExchange(quick, in.chain))
        {
            return fault;
        }
    }
    ReadOriginalAddresses(quick, in.chain);
    for (const NotifyPayload* notify : in.chain.All<NotifyPayload>())
    {
        if (notify->type == NOTIFY_RESPONDER_LIFETIME) // RFC 2407 4.6.3.1
        {
            const Lifetimes lifetimes = DecodeLifetimes(notify->data);
            h.agreed.lifeSeconds = lifetimes.seconds.value_or(h.agreed.lifeSeconds);
            h.agreed.lifeKilobytes = lifetimes.kilobytes.value_or(h.agreed.lifeKilobytes);
        }
    }
    h.keys = MakeKeys(peer, quick);
    if (!h.keys)
    {
        return Fault{Reason::IkeInvalidKeyExchange,
                     "a key is a weak key of DES",
                     NOTIFY_INVALID_KEY_INFORMATION,
                     true};
    }
    Accept(turn, message, peer, quick.talk, "QM2");
    const ShortBytes hash =
        QuickModeHash3(peer.agreed.hash, peer.keys, quick.messageId, h.ni, h.nr);
    SendQuick(turn, peer, quick, "QM3", hash, InQuick(peer, quick)); /* HDR*, HASH(3) --> */
    if (commit && quick.profile->waitForFourthMessage)
    {
        quick.state = State::Qm3Sent;
        return std::nullopt;
    }
    InstallChild(turn, peer, quick, std::move(*h.keys));
    CloseQuick(turn, peer, quick, State::Done);
    return std::nullopt;
}

std::optional<Fault>
Engine::Core::OnQm4(Turn& turn, Peer& peer, Quick& quick, const Message& message)
{
    Accept(turn, message, peer, quick.talk, "QM4");
    quick.talk.sent.clear(); // nothing answers QM4
    InstallChild(turn, peer, quick, std::move(*quick.handshake->keys));
    CloseQuick(turn, peer, quick, State::Done);
    return std::nullopt;
}

} // namespace nattlab::ike
