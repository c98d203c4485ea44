// SPDX-License-Identifier: GPL-2.0-only
#ifndef NATTLAB_CRYPTO_DIFFIE_HELLMAN_H
#define NATTLAB_CRYPTO_DIFFIE_HELLMAN_H

#include "model/crypto/random.h"
#include "model/packet/bytes.h"

#include <cstdint>
#include <initializer_list>
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

/** How powers are computed. The numbers are the same; the tests compare them. */
enum class DhArithmetic : std::uint8_t
{
    Remembering, //!< by tables of powers and by what this process knows of both ends
    Plain,       //!< every power by squaring and multiplying, as a real host would
};

/** Choose the arithmetic of this thread; it begins with Remembering. */
void SetDhArithmetic(DhArithmetic arithmetic);

/**
 * Make all tables of the groups now. A process that makes many keys makes them of itself; one that
 * forks makes them before, so that its children share them.
 */
void WarmUpDh(std::initializer_list<DhGroup> groups);

/** Draw an exponent of twice the group's strength (RFC 3526 8) and compute g^x. */
DhKeyPair GenerateDhKey(DhGroup group, RandomStream& random);

/**
 * \return g^xy, left-padded to PublicSize; nothing when the peer's value has the wrong length or
 * is 0, 1 or p-1 or larger.
 *
 * When the peer's value was made in this process as well, its exponent y is known, and the secret
 * is g^(xy) from the tables; the second end finds it in memory. A value from elsewhere is raised
 * to the power of x.
 */
std::optional<Bytes> SharedSecret(const DhKeyPair& own, ByteView peerPublic);

} // namespace nattlab::crypto

#endif
