// SPDX-License-Identifier: GPL-2.0-only
/**
 * \file
 * What the engine tells of itself: its peers, its SAs, and what it has counted.
 */
#include "model/ike/core.h"

#include <algorithm>

namespace nattlab::ike
{

namespace
{

/** \return the body of an ID payload as text; empty for none. */
std::string
IdentityText(ByteView body)
{
    if (body.empty())
    {
        return {};
    }
    const Decoded<Payload> payload = DecodeBody(PAYLOAD_ID, body, 0);
    if (!payload)
    {
        return ToHex(body);
    }
    const auto& id = std::get<IdPayload>(*payload);
    switch (id.type)
    {
    case ID_IPV4_ADDR:
        return id.Address()->ToString();
    case ID_FQDN:
    case ID_USER_FQDN:
        return {id.data.begin(), id.data.end()};
    case ID_DER_ASN1_DN:
        return pki::NameText(id.data);
    default:
        return ToHex(id.data);
    }
}

/** \return true for reasons by which one end does not believe the other. */
bool
IsAuthentication(Reason reason)
{
    switch (reason)
    {
    case Reason::IkeAuthentication:
    case Reason::IkeDecryption:
    case Reason::IkeCertificateExpired:
    case Reason::IkeCertificateNotYetValid:
    case Reason::IkeCertificateUntrusted:
    case Reason::IkeCertificateUsage:
    case Reason::IkeCertificateInvalid:
    case Reason::IkeNoPeerCertificate:
        return true;
    default:
        return false;
    }
}

} // namespace

std::vector<PeerStatus>
Engine::Core::Peers() const
{
    std::vector<PeerStatus> all;
    for (const PeerId id : m_peers.Numbers())
    {
        const Peer& peer = m_peers.At(id);
        PeerStatus status;
        status.id = id;
        status.local = peer.local;
        status.remote = peer.remote;
        status.initiatorCookie = peer.cookies.initiator;
        status.responderCookie = peer.cookies.responder;
        status.initiator = peer.initiator;
        status.established = peer.state == State::Established;
        if (peer.state != State::Mm1Sent)
        {
            status.transform = peer.agreed;
        }
        status.natT = peer.natT;
        status.localBehindNat = peer.nat.local;
        status.peerBehindNat = peer.nat.peer;
        status.ownIdentity = IdentityText(peer.ownIdentity);
        status.peerIdentity = IdentityText(peer.identity);
        status.since = peer.since;
        all.push_back(std::move(status));
    }
    return all;
}

std::vector<ChildSa>
Engine::Core::Children() const
{
    std::vector<const Child*> order;
    order.reserve(m_children.size());
    for (const auto& [spi, child] : m_children)
    {
        order.push_back(&child);
    }
    std::sort(order.begin(),
              order.end(),
              [](const Child* a, const Child* b) { return a->serial < b->serial; });
    std::vector<ChildSa> all;
    all.reserve(order.size());
    for (const Child* child : order)
    {
        all.push_back(child->sa);
    }
    return all;
}

/** Count a message that was not taken. */
void
Engine::Core::CountRefusal(Reason reason)
{
    if (reason == Reason::IkeUnknownCookie)
    {
        ++m_count.invalidCookies;
    }
    else if (reason == Reason::IkeMalformed)
    {
        ++m_count.invalidPackets;
    }
}

/** Count a negotiation that came to nothing. */
void
Engine::Core::CountFailure(Reason reason)
{
    ++m_count.negotiationFailures;
    if (IsAuthentication(reason))
    {
        ++m_count.authenticationFailures;
    }
}

} // namespace nattlab::ike
