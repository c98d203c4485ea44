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
        const Bytes wanted = VendorIdOf(flavor).bytes;
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
    Bytes input = cookies.ToBytes();
    Append32(input, end.address.value);
    Append16(input, end.port);
    return crypto::Digest(hash, {input});
}

std::vector<Payload>
MakeNatD(NatTFlavor flavor,
         crypto::HashAlgorithm hash,
         const Cookies& cookies,
         Endpoint local,
         Endpoint remote)
{
    const bool draft = IsDraft(flavor);
    return {NatDPayload{draft, NatDHash(hash, cookies, remote)},
            NatDPayload{draft, NatDHash(hash, cookies, local)}};
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
