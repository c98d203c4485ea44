// SPDX-License-Identifier: GPL-2.0-only
/**
 * \file
 * Main Mode as initiator: MM1, MM3 and MM5 out, MM2, MM4 and MM6 in.
 */
#include "model/ike/core.h"

#include <utility>

namespace nattlab::ike
{

/**
 * Begin Main Mode.
 *
 * \param wish what is wanted of it; nothing when only the phase-1 SA is to be made anew
 * \param replaces the relation that authenticates anew; 0: none
 */
void
Engine::Core::StartMain(Turn& turn,
                        Endpoint local,
                        Endpoint remote,
                        std::optional<Wish> wish,
                        PeerId replaces)
{
    const Peer* before = FindPeer(replaces);
    if (before)
    {
        local = before->local;
        remote = before->remote;
        if (local.port == NAT_T_PORT && !m_profile->reauthenticateOnNatTPort)
        {
            local.port = IKE_PORT;
            remote.port = IKE_PORT;
        }
    }
    const ConnectionId connection = wish ? wish->connection : before ? before->connection : 0;
    if (const Reason reason = Obstacle(remote.address, turn.now); reason != Reason::None)
    {
        CountFailure(reason);
        turn.out.notices.push_back(
            Failed{0, remote, connection, Failed::Phase::Main, reason, "MM1", std::nullopt, true});
        return;
    }
    const Cookies cookies{m_cookieRandom.Next() | 1, 0}; // never 0
    Peer& peer = AddPeer(true, cookies, local, remote);
    peer.connection = connection;
    peer.handshake->replaces = replaces;
    if (wish)
    {
        peer.handshake->wishes.push_back(std::move(*wish));
    }
    peer.handshake->methods.resize(1); // Windows offers either the key or the certificate
    peer.agreed.auth = peer.handshake->methods.front();
    SendMm1(turn, peer); /* HDR, SA, VID --> */
}

/** \return why no Main Mode can begin; None when it can. */
Reason
Engine::Core::Obstacle(Ipv4Address remote, Instant now) const
{
    const std::vector<AuthMethod> methods = UsableMethods(remote);
    if (methods.empty())
    {
        return WithoutCredentials();
    }
    if (m_profile->phase1.empty() || m_profile->phase2.empty())
    {
        return Reason::IkeNoPolicy;
    }
    if (methods.front() == AuthMethod::RsaSignature && m_profile->checkOwnCertificateFirst)
    {
        return m_store->Choose({}, Calendar(now)).reason;
    }
    return Reason::None;
}

void
Engine::Core::SendMm1(Turn& turn, Peer& peer)
{
    MessageWriter message = InMain(peer);
    message.Add(OfferPhase1(*peer.profile, peer.handshake->methods));
    peer.handshake->saBody = message.FirstBody().ToBytes();
    AddCertificateRequests(peer, "MM1", message);
    for (const VendorId& id : peer.profile->vendorIds)
    {
        message.Add(VendorIdPayload{id.bytes});
    }
    SendMain(turn, peer, "MM1", std::move(message), State::Mm1Sent);
}

std::optional<Fault>
Engine::Core::OnMm2(Turn& turn,
                    Peer& peer,
                    const Message& message,
                    const Header& header,
                    const Chain& chain)
{
    const auto agreed =
        AcceptPhase1(*peer.profile, peer.handshake->methods, *chain.Find<SaPayload>());
    if (!agreed)
    {
        return Fault{Reason::IkeNoProposalChosen,
                     "the transform chosen was not offered",
                     NOTIFY_NO_PROPOSAL_CHOSEN,
                     true};
    }
    Accept(turn, message, peer, peer.main, "MM2");
    SetResponderCookie(peer, header.responderCookie);
    peer.agreed = *agreed;
    ReadVendorIds(peer, chain);
    CollectCertificates(peer, chain);
    Handshake& h = *peer.handshake;
    h.common = CommonFlavors(*peer.profile, chain);
    h.dh = crypto::GenerateDhKey(peer.agreed.group, m_dhRandom);
    h.ni = NewNonce(*peer.profile);
    MessageWriter answer = InMain(peer);
    answer.Add(KeyExchangePayload{h.dh.publicValue});
    answer.Add(NoncePayload{h.ni});
    if (!h.common.empty())
    {
        peer.natT = h.common.front();
        AddNatD(answer, *peer.natT, peer.agreed.hash, peer.cookies, peer.local, peer.remote);
    }
    AddCertificateRequests(peer, "MM3", answer);
    /* HDR, KE, Ni, NAT-D, NAT-D --> */
    SendMain(turn, peer, "MM3", std::move(answer), State::Mm3Sent);
    return std::nullopt;
}

std::optional<Fault>
Engine::Core::OnMm4(Turn& turn, Peer& peer, const Message& message, const Chain& chain)
{
    if (auto fault = ReadKeyExchange(peer, chain))
    {
        return fault;
    }
    if (auto fault = DeriveMainKeys(peer))
    {
        return fault;
    }
    std::optional<NatPlace> nat;
    if (peer.natT)
    {
        nat = FindNat(chain.All<NatDPayload>(),
                      peer.agreed.hash,
                      peer.cookies,
                      message.local,
                      message.remote);
    }
    CollectCertificates(peer, chain);
    if (auto fault = ChooseCertificate(turn.now, peer))
    {
        LogKeys(peer); // the notification is encrypted already
        return fault;
    }
    Accept(turn, message, peer, peer.main, "MM4");
    if (nat)
    {
        peer.nat = *nat;
        NoteNat(turn, peer);
    }
    else
    {
        peer.natT.reset();
    }
    // KB885407. The relation that is only made anew has passed this before, in either role.
    const ResponderBehindNat policy = peer.profile->responderBehindNat;
    const bool refused =
        peer.nat.peer && (policy == ResponderBehindNat::Refuse ||
                          (policy == ResponderBehindNat::IfOnlyOne && peer.nat.local));
    if (refused && peer.handshake->replaces == 0)
    {
        FailMain(turn, peer, Reason::IkeResponderBehindNat, "MM4", std::nullopt);
        return std::nullopt;
    }
    if (peer.UdpEncapsulated() && peer.local.port == IKE_PORT)
    {
        // RFC 3947 4: the initiator moves with the first encrypted message.
        peer.local.port = NAT_T_PORT;
        peer.remote.port = NAT_T_PORT;
    }
    LogKeys(peer);
    const PeerId known = m_established.FirstAt(peer.local.address, peer.remote.address);
    const bool initialContact = peer.profile->initialContact && !FindPeer(known);
    SendIdentity(turn, peer, "MM5", initialContact);
    /* HDR*, IDii, HASH_I or [CERT], [CERTREQ], SIG_I --> */
    peer.state = State::Mm5Sent;
    peer.handshake->fault.reset();
    Arm(turn, *peer.profile, {peer.id, TimerKind::Main, 0}, peer.main, true);
    return std::nullopt;
}

void
Engine::Core::OnMm6(Turn& turn, Peer& peer, const Message& message)
{
    Accept(turn, message, peer, peer.main, "MM6");
    peer.main.sent.clear(); // nothing answers MM6, or two duplicates would call each other forever
    FinishMain(turn, peer, false);
}

} // namespace nattlab::ike
