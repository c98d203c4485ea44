// SPDX-License-Identifier: GPL-2.0-only
/**
 * \file
 * Hashes and HMAC on Crypto++. MD4, MD5 and SHA-1 are here because the simulated systems use them;
 * no new design should.
 */
#ifndef NATTLAB_CRYPTO_HASH_H
#define NATTLAB_CRYPTO_HASH_H

#include "model/packet/bytes.h"

#include <cstdint>
#include <initializer_list>
#include <memory>

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

/** MD4, for MS-CHAP password hashes only (RFC 2759 8.3). */
Bytes Md4(ByteView data);

/** \return HMAC (RFC 2104) over the parts, one after the other. */
Bytes HmacDigest(HashAlgorithm algorithm, ByteView key, std::initializer_list<ByteView> parts);

/** A keyed HMAC that is used again and again, as by an ESP security association. */
class Hmac
{
  public:
    Hmac(HashAlgorithm algorithm, ByteView key);
    Hmac(Hmac&&) noexcept;
    Hmac& operator=(Hmac&&) noexcept;
    ~Hmac();

    /** Write the first \p size bytes of the HMAC of \p data to \p out. */
    void Compute(ByteView data, std::uint8_t* out, std::size_t size);

  private:
    struct Impl;
    std::unique_ptr<Impl> m_impl;
};

} // namespace nattlab::crypto

#endif
