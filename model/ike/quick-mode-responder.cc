// SPDX-License-Identifier: GPL-2.0-only
/**
 * \file
 * Quick Mode as responder: QM1 and QM3 in, QM2 and QM4 out.
 */
#include "model/ike/core.h"

namespace nattlab::ike
{

/** Take a message with a message ID that is not known: it can only be QM1. */
void
Engine::Core::ReceiveQm1(Turn& turn, Peer& peer, const Message& message, const Header& header)
{
    const ShortBytes iv = PhaseTwoIv(peer.agreed.hash, peer.iv, header.messageId);
    const Decoded<Opened> in = Open(peer, header, message, iv);
    const std::string lack = in ? Lacks(*RuleOf("QM1"), in->chain) : in.Error().ToString();
    if (!lack.empty())
    {
        Refuse(turn, message, &peer, "QM1", Reason::IkeDecryption, lack);
        return;
    }
    if (in->chain.Find<HashPayload>()->value !=
        QuickModeHash(peer.agreed.hash, peer.keys, header.messageId, {}, in->chain.Rest()))
    {
        Refuse(turn, message, &peer, "QM1", Reason::IkeAuthentication, "HASH is wrong");
        return;
    }
    FollowPeer(turn, peer, message.local, message.remote);
    Quick& quick = peer.quicks[header.messageId];
    quick.profile = m_profile;
    quick.messageId = header.messageId;
    quick.state = State::Qm2Sent;
    quick.handshake = std::make_unique<QuickHandshake>();
    quick.handshake->iv = in->lastBlock;
    quick.handshake->wish.connection =
        message.tag.connection != 0 ? message.tag.connection : peer.connection;
    if (const auto fault = OnQm1(turn, peer, quick, message, *in))
    {
        HandleQuickFault(turn, peer, quick, message, "QM1", *fault);
    }
}

std::optional<Fault>
Engine::Core::OnQm1(Turn& turn, Peer& peer, Quick& quick, const Message& message, const Opened& in)
{
    const SaPayload& offer = *in.chain.Find<SaPayload>();
    QuickHandshake& h = *quick.handshake;
    h.ni = in.chain.Find<NoncePayload>()->value;
    if (offer.proposals.front().spi.size() == 4)
    {
        h.peerSpi = Load32(offer.proposals.front().spi.data());
    }
    // The end that began Main Mode must let the other rekey, even when it serves nobody.
    if (!m_listening && !peer.initiator)
    {
        return Fault{Reason::IkeNoPolicy, {}, NOTIFY_NO_PROPOSAL_CHOSEN, true};
    }
    if (auto fault = ReadIdentities(peer, quick, in.chain))
    {
        return fault;
    }
    if (quick.profile->selectorCollision == SelectorCollision::Refuse &&
        Collision(peer, h.wish.selector))
    {
        return Fault{Reason::IkeSelectorCollision, {}, quick.profile->collisionNotify, true};
    }
    quick.ownSpi = NewSpi();
    const auto choice = ChoosePhase2(*quick.profile, offer, quick.ownSpi, peer.EncapsulationMode());
    if (!choice)
    {
        return Fault{Reason::IkeNoProposalChosen, {}, NOTIFY_NO_PROPOSAL_CHOSEN, true};
    }
    h.agreed = choice->agreed;
    h.peerSpi = choice->peerSpi;
    h.nr = NewNonce(*quick.profile);
    ReadOriginalAddresses(quick, in.chain);
    const bool fourth = quick.profile->fourthMessage != FourthMessage::None;
    MessageWriter answer =
        InQuick(peer, quick, fourth ? std::uint8_t{FLAG_COMMIT} : std::uint8_t{0});
    answer.Add(choice->reply);
    answer.Add(NoncePayload{h.nr});
    if (h.agreed.pfs)
    {
        h.dh = crypto::GenerateDhKey(*h.agreed.pfs, m_dhRandom);
        if (auto fault = ReadQuickKeyExchange(quick, in.chain))
        {
            return fault;
        }
        answer.Add(KeyExchangePayload{h.dh->publicValue});
    }
    AddReplyIdentities(peer, quick, in.chain, answer);
    AddOriginalAddresses(peer, quick, answer);
    if (choice->shortened && quick.profile->sendResponderLifetime)
    {
        answer.Add(NotifyPayload{DOI_IPSEC,
                                 PROTOCOL_ESP,
                                 ShortBytes::Of32(quick.ownSpi),
                                 NOTIFY_RESPONDER_LIFETIME,
                                 EncodeLifetimes(h.agreed)});
    }
    Accept(turn, message, peer, quick.talk, "QM1");
    const ShortBytes hash =
        QuickModeHash(peer.agreed.hash, peer.keys, quick.messageId, h.ni, answer.Rest());
    /* <-- HDR*, HASH(2), SA, Nr, [KE], IDci, IDcr, [NAT-OA], [N] */
    SendQuick(turn, peer, quick, "QM2", hash, std::move(answer));
    return std::nullopt;
}

/** Find out which traffic the initiator means, in addresses that this host sees. */
std::optional<Fault>
Engine::Core::ReadIdentities(const Peer& peer, Quick& quick, const Chain& chain) const
{
    Selector& selector = quick.handshake->wish.selector;
    selector = {peer.local.address, peer.remote.address, 0, 0, 0};
    const auto ids = chain.All<IdPayload>();
    if (ids.empty())
    {
        return std::nullopt; // RFC 2409 5.5: the addresses of the peers, any traffic
    }
    const auto fault = [](std::string detail) {
        return Fault{Reason::IkeInvalidId, std::move(detail), NOTIFY_INVALID_ID_INFORMATION, true};
    };
    if (ids.size() != 2)
    {
        return fault(std::to_string(ids.size()) + " identities");
    }
    const IdPayload& ci = *ids[0];
    const IdPayload& cr = *ids[1];
    // Behind a NAT the address that an end knows of itself, or is known by, is another one.
    const auto fits = [&](const IdPayload& id, Ipv4Address seen, bool behindNat)
    {
        const auto address = id.Address();
        return address ? *address == seen || behindNat || !quick.profile->checkQuickModeAddress
                       : id.type == ID_FQDN && quick.profile->acceptFqdnIdentity;
    };
    if (!fits(ci, peer.remote.address, peer.nat.peer))
    {
        return fault("IDci is not the peer");
    }
    if (!fits(cr, peer.local.address, peer.nat.local))
    {
        return fault("IDcr is not this host");
    }
    const std::uint8_t served = quick.profile->servedProtocol;
    const std::uint16_t port = quick.profile->servedPort;
    for (const IdPayload* id : ids)
    {
        if (id->protocol != 0 && served != 0 && id->protocol != served)
        {
            return fault("protocol " + std::to_string(id->protocol) + " is not served");
        }
    }
    if (cr.port != 0 && port != 0 && cr.port != port)
    {
        return fault("port " + std::to_string(cr.port) + " is not served");
    }
    selector.protocol = cr.protocol != 0 ? cr.protocol : ci.protocol;
    selector.localPort = cr.port;
    selector.remotePort = ci.port;
    return std::nullopt;
}

void
Engine::Core::AddReplyIdentities(const Peer& peer,
                                 const Quick& quick,
                                 const Chain& chain,
                                 MessageWriter& message) const
{
    const auto ids = chain.All<IdPayload>();
    if (ids.size() != 2)
    {
        return;
    }
    const bool windows = quick.profile->replyIdentity == ReplyIdentity::Windows2003;
    const IdPayload& ci = *ids[0];
    const IdPayload& cr = *ids[1];
    message.Add(windows && peer.nat.peer
                    ? IdPayload::OfAddress(peer.remote.address, ci.protocol, ci.port)
                    : ci);
    message.Add(windows && peer.nat.local ? IdPayload::OfName(m_host.fqdn, cr.protocol, cr.port)
                                          : cr);
}

std::optional<Fault>
Engine::Core::OnQm3(Turn& turn, Peer& peer, Quick& quick, const Message& message)
{
    if (quick.profile->selectorCollision == SelectorCollision::Refuse &&
        Collision(peer, quick.handshake->wish.selector))
    {
        return Fault{Reason::IkeSelectorCollision, {}, quick.profile->collisionNotify, true};
    }
    auto keys = MakeKeys(peer, quick);
    if (!keys)
    {
        return Fault{Reason::IkeInvalidKeyExchange,
                     "a key is a weak key of DES",
                     NOTIFY_INVALID_KEY_INFORMATION,
                     true};
    }
    Accept(turn, message, peer, quick.talk, "QM3");
    if (quick.profile->fourthMessage == FourthMessage::None)
    {
        quick.talk.sent.clear(); // nothing answers QM3
    }
    else
    {
        NotifyPayload notify{
            DOI_IPSEC, PROTOCOL_ESP, ShortBytes::Of32(quick.ownSpi), NOTIFY_CONNECTED, {}};
        if (quick.profile->fourthMessage == FourthMessage::InitialContact)
        {
            notify.protocol = PROTOCOL_ISAKMP;
            notify.type = NOTIFY_INITIAL_CONTACT;
            notify.spi = peer.cookies.ToBytes();
        }
        MessageWriter answer = InQuick(peer, quick, FLAG_COMMIT);
        answer.Add(notify);
        const ShortBytes hash =
            QuickModeHash(peer.agreed.hash, peer.keys, quick.messageId, {}, answer.Rest());
        SendQuick(turn, peer, quick, "QM4", hash, std::move(answer)); /* <-- HDR*, HASH, N */
    }
    InstallChild(turn, peer, quick, std::move(*keys));
    CloseQuick(turn, peer, quick, State::Done);
    return std::nullopt;
}

} // namespace nattlab::ike
