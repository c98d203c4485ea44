// SPDX-License-Identifier: GPL-2.0-only
/**
 * \file
 * NAT traversal in IKE (RFC 3947 and draft-02/-03): which revision, where the NAT is, and which
 * numbers follow from it.
 */
#ifndef NATTLAB_IKE_NAT_T_H
#define NATTLAB_IKE_NAT_T_H

#include "model/ike/isakmp.h"
#include "model/ike/keys.h"
#include "model/ike/profile.h"

#include <optional>
#include <string_view>
#include <vector>

namespace nattlab::ike
{

/** Behind which ends a NAT stands. */
struct NatPlace
{
    bool local{false};
    bool peer{false};

    bool Any() const
    {
        return local || peer;
    }

    /** \return "none", "local", "peer" or "both". */
    std::string_view Name() const;
};

/** \return the revisions that the peer's vendor IDs and the profile have in common, own order. */
std::vector<NatTFlavor> CommonFlavors(const Profile& profile, const Chain& peer);

/** \return true when the revision uses the private numbers of the drafts. */
bool IsDraft(NatTFlavor flavor);

/** \return HASH(CKY-I | CKY-R | address | port) (RFC 3947 3.2). */
Bytes NatDHash(crypto::HashAlgorithm hash, const Cookies& cookies, Endpoint end);

/** Append the two NAT-D payloads of a message: its destination, then its source. */
void AddNatD(MessageWriter& message,
             NatTFlavor flavor,
             crypto::HashAlgorithm hash,
             const Cookies& cookies,
             Endpoint local,
             Endpoint remote);

/** \return where the NAT is; nothing when there are fewer than two NAT-D payloads. */
std::optional<NatPlace> FindNat(const std::vector<const NatDPayload*>& received,
                                crypto::HashAlgorithm hash,
                                const Cookies& cookies,
                                Endpoint local,
                                Endpoint remote);

/** \return the encapsulation mode for transport mode in UDP. */
std::uint16_t UdpTransport(NatTFlavor flavor);

} // namespace nattlab::ike

#endif
