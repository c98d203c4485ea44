// SPDX-License-Identifier: GPL-2.0-only
#ifndef NATTLAB_CRYPTO_DIFFIE_HELLMAN_H
#define NATTLAB_CRYPTO_DIFFIE_HELLMAN_H

#include "model/crypto/random.h"
#include "model/packet/bytes.h"

#include <cstdint>
#include <optional>

namespace nattlab::crypto
{

/**
 * MODP groups by their IKE numbers (RFC 2409 6, RFC 3526). 768 and 1024 bits are here because the
 * simulated systems use them; no new design should.
 */
enum class DhGroup : std::uint16_t
{
    Modp768 = 1,
    Modp1024 = 2,
    Modp1536 = 5,
    Modp2048 = 14,
};

/** \return true when the number names a group of DhGroup. */
bool IsKnownGroup(std::uint16_t number);

/** \return the length of prime and public value in bytes: 96, 128, 192 or 256. */
std::size_t PublicSize(DhGroup group);

/** \return the group's prime, PublicSize bytes. Its generator is 2. */
Bytes Prime(DhGroup group);

/** A private exponent and its public value. */
struct DhKeyPair
{
    DhGroup group{DhGroup::Modp1024};
    Bytes privateExponent;
    Bytes publicValue; //!< g^x, left-padded to PublicSize
};

/** Draw an exponent of twice the group's strength (RFC 3526 8) and compute g^x. */
DhKeyPair GenerateDhKey(DhGroup group, RandomStream& random);

/**
 * \return g^xy, left-padded to PublicSize; nothing when the peer's value has the wrong length or
 * is 0, 1 or p-1 or larger.
 */
std::optional<Bytes> SharedSecret(const DhKeyPair& own, ByteView peerPublic);

} // namespace nattlab::crypto

#endif
