// SPDX-License-Identifier: GPL-2.0-only
/**
 * \file
 * Hashes and HMAC on Crypto++. MD4, MD5 and SHA-1 are here because the simulated systems use them;
 * no new design should.
 */
#ifndef NATTLAB_CRYPTO_HASH_H
#define NATTLAB_CRYPTO_HASH_H

#include "model/packet/bytes.h"

#include <array>
#include <cstdint>
#include <initializer_list>

namespace nattlab::crypto
{

/** The hashes of IKEv1 phase 1 and of ESP's HMACs. */
enum class HashAlgorithm : std::uint8_t
{
    Md5,
    Sha1,
};

/** \return 16 or 20. */
std::size_t DigestSize(HashAlgorithm algorithm);

/** \return the digest over the parts, one after the other. */
Bytes Digest(HashAlgorithm algorithm, std::initializer_list<ByteView> parts);

/** \return the SHA-256 digest, for names of streams and of scenarios; no simulated system has it.
 */
Bytes Sha256(ByteView data);

/** Write the SHA-256 digest over the parts, one after the other, to \p out: 32 bytes. */
void Sha256(std::initializer_list<ByteView> parts, std::uint8_t* out);

/** MD4, for MS-CHAP password hashes only (RFC 2759 8.3). */
Bytes Md4(ByteView data);

/** \return HMAC (RFC 2104) over the parts, one after the other. */
Bytes HmacDigest(HashAlgorithm algorithm, ByteView key, std::initializer_list<ByteView> parts);

/**
 * A keyed HMAC that is used again and again, as by an ESP security association: the key's blocks
 * are hashed once.
 */
class Hmac
{
  public:
    Hmac(HashAlgorithm algorithm, ByteView key);

    /**
     * Write the first \p size bytes of the HMAC of \p data to \p out; no more than DigestSize.
     */
    void Compute(ByteView data, std::uint8_t* out, std::size_t size) const;

    /** The same over the parts, one after the other. */
    void Compute(std::initializer_list<ByteView> parts, std::uint8_t* out, std::size_t size) const;

    /** \return the whole HMAC over the parts, one after the other. */
    Bytes Digest(std::initializer_list<ByteView> parts) const;

  private:
    HashAlgorithm m_algorithm;
    std::array<std::uint32_t, 8> m_inner; //!< the hash's state after the inner key block
    std::array<std::uint32_t, 8> m_outer;
};

} // namespace nattlab::crypto

#endif
