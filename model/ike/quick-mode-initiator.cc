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
    quick.wish = std::move(wish);
    quick.ownSpi = NewSpi();
    quick.ni = m_nonceRandom.Take(quick.profile->nonceSize);
    quick.iv = PhaseTwoIv(peer.agreed.hash, peer.iv, messageId);
    const Selector& s = quick.wish.selector;
    const std::uint16_t remotePort =
        quick.profile->responderPort == ResponderPort::Any ? std::uint16_t{0} : s.remotePort;
    const bool byName =
        quick.profile->identity == QuickModeIdentity::FqdnWhenNated && peer.nat.local;
    const IdPayload idci = byName
                               ? IdPayload::OfName(m_host.fqdn, s.protocol, s.localPort)
                               : IdPayload::OfAddress(peer.local.address, s.protocol, s.localPort);
    const IdPayload idcr = IdPayload::OfAddress(peer.remote.address, s.protocol, remotePort);
    quick.idci = EncodeBody(idci);
    quick.idcr = EncodeBody(idcr);

    std::vector<Payload> payloads{
        OfferPhase2(*quick.profile, quick.ownSpi, peer.EncapsulationMode()),
        NoncePayload{quick.ni}};
    if (const auto group = quick.profile->phase2.front().pfs)
    {
        quick.dh = crypto::GenerateDhKey(*group, m_dhRandom);
        payloads.push_back(KeyExchangePayload{quick.dh->publicValue});
    }
    payloads.push_back(idci);
    payloads.push_back(idcr);
    for (Payload& original : MakeOriginalAddresses(peer, quick))
    {
        payloads.push_back(std::move(original));
    }
    const Bytes hash =
        QuickModeHash(peer.agreed.hash, peer.keys, messageId, {}, EncodeChain(payloads));
    /* HDR*, HASH(1), SA, Ni, [KE], IDci, IDcr, [NAT-OA] --> */
    SendQuick(turn, peer, quick, "QM1", hash, payloads);
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
    quick.agreed = choice->agreed;
    quick.peerSpi = choice->peerSpi;
    quick.nr = in.chain.Find<NoncePayload>()->value;
    const auto ids = in.chain.All<IdPayload>();
    if (!quick.profile->acceptChangedIdentities &&
        (ids.size() != 2 || EncodeBody(*ids[0]) != quick.idci || EncodeBody(*ids[1]) != quick.idcr))
    {
        return Fault{Reason::IkeInvalidId,
                     "the identities are not those of QM1",
                     NOTIFY_INVALID_ID_INFORMATION,
                     true};
    }
    if (quick.dh)
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
            quick.agreed.lifeSeconds = lifetimes.seconds.value_or(quick.agreed.lifeSeconds);
            quick.agreed.lifeKilobytes = lifetimes.kilobytes.value_or(quick.agreed.lifeKilobytes);
        }
    }
    auto child = MakeChild(peer, quick);
    if (!child)
    {
        return Fault{Reason::IkeInvalidKeyExchange,
                     "a key is a weak key of DES",
                     NOTIFY_INVALID_KEY_INFORMATION,
                     true};
    }
    Accept(turn, message, peer, quick.talk, "QM2");
    const Bytes hash =
        QuickModeHash3(peer.agreed.hash, peer.keys, quick.messageId, quick.ni, quick.nr);
    SendQuick(turn, peer, quick, "QM3", hash, {}); /* HDR*, HASH(3) --> */
    if (commit && quick.profile->waitForFourthMessage)
    {
        quick.state = State::Qm3Sent;
        return std::nullopt;
    }
    InstallChild(turn, peer, quick, std::move(*child));
    CloseQuick(turn, peer, quick, State::Done);
    return std::nullopt;
}

std::optional<Fault>
Engine::Core::OnQm4(Turn& turn, Peer& peer, Quick& quick, const Message& message)
{
    Accept(turn, message, peer, quick.talk, "QM4");
    quick.talk.sent.clear(); // nothing answers QM4
    // OnQm2 has refused keys of which nothing can be made.
    InstallChild(turn, peer, quick, *MakeChild(peer, quick));
    CloseQuick(turn, peer, quick, State::Done);
    return std::nullopt;
}

} // namespace nattlab::ike
