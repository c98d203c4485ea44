// SPDX-License-Identifier: GPL-2.0-only
#include "model/ike/nat-t.h"

#include "model/ike/vendor-ids.h"

#include <algorithm>

namespace nattlab::ike
{

std::string_view
NatPlace::Name() const
{
    if (local)
    {
        return peer ? "both" : "local";
    }
    return peer ? "peer" : "none";
}

std::vector<NatTFlavor>
CommonFlavors(const Profile& profile, const Chain& peer)
{
    const auto shown = peer.All<VendorIdPayload>();
    std::vector<NatTFlavor> common;
    for (const NatTFlavor flavor : profile.natT)
    {
        const ShortBytes& wanted = VendorIdOf(flavor).bytes;
        if (std::any_of(shown.begin(),
                        shown.end(),
                        [&](const VendorIdPayload* id) { return id->value == wanted; }))
        {
            common.push_back(flavor);
        }
    }
    return common;
}

bool
IsDraft(NatTFlavor flavor)
{
    return flavor != NatTFlavor::Rfc3947;
}

Bytes
NatDHash(crypto::HashAlgorithm hash, const Cookies& cookies, Endpoint end)
{
    return crypto::Digest(
        hash, {cookies.ToBytes(), ShortBytes::Of32(end.address.value), ShortBytes::Of16(end.port)});
}

void
AddNatD(MessageWriter& message,
        NatTFlavor flavor,
        crypto::HashAlgorithm hash,
        const Cookies& cookies,
        Endpoint local,
        Endpoint remote)
{
    const bool draft = IsDraft(flavor);
    message.Add(NatDPayload{draft, NatDHash(hash, cookies, remote)});
    message.Add(NatDPayload{draft, NatDHash(hash, cookies, local)});
}

std::optional<NatPlace>
FindNat(const std::vector<const NatDPayload*>& received,
        crypto::HashAlgorithm hash,
        const Cookies& cookies,
        Endpoint local,
        Endpoint remote)
{
    if (received.size() < 2)
    {
        return std::nullopt;
    }
    // RFC 3947 3.2: the first is this end as the peer sees it, the others the peer's own addresses.
    NatPlace place;
    place.local = received.front()->hash != NatDHash(hash, cookies, local);
    const Bytes seen = NatDHash(hash, cookies, remote);
    place.peer = std::none_of(received.begin() + 1,
                              received.end(),
                              [&](const NatDPayload* own) { return own->hash == seen; });
    return place;
}

std::uint16_t
UdpTransport(NatTFlavor flavor)
{
    return IsDraft(flavor) ? ENCAPSULATION_UDP_TRANSPORT_DRAFT : ENCAPSULATION_UDP_TRANSPORT;
}

} // namespace nattlab::ike
