// SPDX-License-Identifier: GPL-2.0-only
/**
 * \file
 * Main Mode as responder: MM1, MM3 and MM5 in, MM2, MM4 and MM6 out.
 */
#include "model/ike/core.h"

#include <algorithm>

namespace nattlab::ike
{

/** Take an MM1 with which nothing has begun yet. */
void
Engine::Core::ReceiveFirst(Turn& turn, const Message& message, const Header& header)
{
    const auto fail = [&](Reason reason, const std::string& detail, std::uint16_t notify)
    {
        Refuse(turn, message, nullptr, "MM1", reason, detail);
        if (notify != 0 && m_profile->sendErrorNotify)
        {
            SendFirstAnswer(turn,
                            message,
                            {header.initiatorCookie, m_cookieRandom.Next() | 1},
                            {DOI_IPSEC, PROTOCOL_ISAKMP, {}, notify, {}});
        }
        if (notify == NOTIFY_NO_PROPOSAL_CHOSEN)
        {
            CountFailure(reason);
            turn.out.notices.push_back(Failed{0,
                                              message.remote,
                                              message.tag.connection,
                                              Failed::Phase::Main,
                                              reason,
                                              "MM1",
                                              std::nullopt,
                                              false});
        }
    };
    if (!m_listening)
    {
        fail(Reason::IkeNoPolicy, "this host does not answer", 0);
        return;
    }
    if (m_halfOpen >= m_profile->halfOpenLimit)
    {
        fail(Reason::IkeTableFull, {}, 0);
        return;
    }
    if (header.Encrypted() || header.messageId != 0)
    {
        fail(Reason::IkeUnexpectedMessage, {}, 0);
        return;
    }
    const Decoded<Chain> chain = Read(header, message);
    const std::string lack = chain ? Lacks(*RuleOf("MM1"), *chain) : chain.Error().ToString();
    if (!lack.empty())
    {
        fail(Reason::IkeMalformed, lack, NOTIFY_PAYLOAD_MALFORMED);
        return;
    }
    const bool returned = IsReturned(message, header);
    if (!returned && AsksForCookie())
    {
        fail(Reason::IkeCookieRequired, {}, 0);
        SendFloodCookie(turn, message, header);
        return;
    }
    const std::vector<AuthMethod> usable = UsableMethods(message.remote.address);
    const auto choice = ChoosePhase1(
        *m_profile, usable.empty() ? m_profile->auth : usable, *chain->Find<SaPayload>());
    if (!choice)
    {
        fail(Reason::IkeNoProposalChosen, {}, NOTIFY_NO_PROPOSAL_CHOSEN);
        return;
    }
    if (usable.empty())
    {
        fail(WithoutCredentials(), {}, NOTIFY_NO_PROPOSAL_CHOSEN);
        return;
    }
    const Cookies cookies{header.initiatorCookie,
                          returned ? header.responderCookie : m_cookieRandom.Next() | 1}; // never 0
    Peer& peer = AddPeer(false, cookies, message.local, message.remote);
    Accept(turn, message, peer, peer.main, "MM1");
    peer.agreed = choice->agreed;
    peer.handshake->saBody = chain->Body(PAYLOAD_SA)->ToBytes();
    peer.handshake->common = CommonFlavors(*m_profile, *chain);
    ReadVendorIds(peer, *chain);
    CollectCertificates(peer, *chain);
    MessageWriter answer = InMain(peer);
    answer.Add(choice->reply);
    AddCertificateRequests(peer, "MM2", answer);
    for (const VendorId& id : m_profile->vendorIds)
    {
        answer.Add(VendorIdPayload{id.bytes});
    }
    SendMain(turn, peer, "MM2", std::move(answer), State::Mm2Sent); /* <-- HDR, SA, VID */
}

std::optional<Fault>
Engine::Core::OnMm3(Turn& turn, Peer& peer, const Message& message, const Chain& chain)
{
    if (auto fault = ReadKeyExchange(peer, chain))
    {
        return fault;
    }
    Handshake& h = *peer.handshake;
    h.dh = crypto::GenerateDhKey(peer.agreed.group, m_dhRandom);
    h.nr = NewNonce(*peer.profile);
    if (auto fault = DeriveMainKeys(peer))
    {
        return fault;
    }
    Accept(turn, message, peer, peer.main, "MM3");
    CollectCertificates(peer, chain);
    peer.remote = message.remote; // the mapping of port 500 may have changed since MM1
    MessageWriter answer = InMain(peer);
    answer.Add(KeyExchangePayload{h.dh.publicValue});
    answer.Add(NoncePayload{h.nr});
    const auto natD = chain.All<NatDPayload>();
    // The payload number shows which revision the initiator follows.
    const auto flavor = std::find_if(
        h.common.begin(),
        h.common.end(),
        [&](NatTFlavor f) { return !natD.empty() && natD.front()->draft == IsDraft(f); });
    if (flavor != h.common.end())
    {
        const auto nat =
            FindNat(natD, peer.agreed.hash, peer.cookies, message.local, message.remote);
        if (nat)
        {
            peer.natT = *flavor;
            peer.nat = *nat;
            NoteNat(turn, peer);
            AddNatD(answer, *flavor, peer.agreed.hash, peer.cookies, peer.local, peer.remote);
        }
    }
    AddCertificateRequests(peer, "MM4", answer);
    /* <-- HDR, KE, Nr, NAT-D, NAT-D */
    SendMain(turn, peer, "MM4", std::move(answer), State::Mm4Sent);
    return std::nullopt;
}

/** The peer has shown who it is. */
std::optional<Fault>
Engine::Core::OnMm5(Turn& turn, Peer& peer, const Message& message, const Chain& chain)
{
    CollectRequests(peer, chain);
    if (auto fault = ChooseCertificate(turn.now, peer))
    {
        return fault;
    }
    Accept(turn, message, peer, peer.main, "MM5");
    peer.local = message.local; // RFC 3947 4: from now on where the initiator has moved to
    peer.remote = message.remote;
    /* <-- HDR*, IDir, HASH_R or [CERT], [CERTREQ], SIG_R */
    SendIdentity(turn, peer, "MM6", false);
    const auto notifies = chain.All<NotifyPayload>();
    const bool initialContact =
        std::any_of(notifies.begin(),
                    notifies.end(),
                    [](const NotifyPayload* n) { return n->type == NOTIFY_INITIAL_CONTACT; });
    FinishMain(turn, peer, initialContact);
    return std::nullopt;
}

} // namespace nattlab::ike
