// SPDX-License-Identifier: GPL-2.0-only
#ifndef NATTLAB_CRYPTO_KNOWN_KEYS_H
#define NATTLAB_CRYPTO_KNOWN_KEYS_H

#include "model/crypto/diffie-hellman.h"
#include "model/packet/hash-table.h"

#include <cstddef>
#include <cstdint>
#include <vector>

namespace nattlab::crypto
{

/**
 * The Diffie-Hellman keys that were made in this thread of late, with the secrets that pairs of
 * them share: both ends of a simulated connection compute one secret, and the second has it for
 * nothing. A memory only: what is found is what arithmetic would give.
 *
 * Bounded: the oldest half is forgotten when it is full. Values are found by 64 of their bits and
 * compared as a whole; of two that agree in those bits, the later is remembered.
 */
class KnownKeys
{
  public:
    static KnownKeys& OfThread();

    void Add(const DhKeyPair& pair);

    /** \return the private exponent of a public value, or null. */
    const Bytes* ExponentOf(DhGroup group, ByteView publicValue) const;

    /** \return the public value of an exponent, or null. */
    const Bytes* PublicOf(DhGroup group, ByteView exponent) const;

    /** \return the secret of two public values, in either order, or null. */
    const Bytes* SecretOf(ByteView one, ByteView other) const;

    void AddSecret(ByteView one, ByteView other, const Bytes& secret);

  private:
    struct Secret
    {
        Bytes publics; //!< the smaller, then the larger
        Bytes value;
    };

    /** What came since the memory was last half full, or before that. */
    struct Half
    {
        HashTable<std::uint64_t, DhKeyPair> byPublic;
        HashTable<std::uint64_t, std::uint64_t> byExponent; //!< to the key of byPublic
        HashTable<std::uint64_t, Secret> secrets;
    };

    void MakeRoom();
    const DhKeyPair* Find(const Half& half, DhGroup group, ByteView publicValue) const;

    Half m_recent;
    Half m_older;
};

} // namespace nattlab::crypto

#endif
