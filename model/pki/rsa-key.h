// SPDX-License-Identifier: GPL-2.0-only
#ifndef NATTLAB_PKI_RSA_KEY_H
#define NATTLAB_PKI_RSA_KEY_H

#include "model/crypto/random.h"
#include "model/packet/bytes.h"

#include <cstddef>
#include <memory>

namespace nattlab::pki
{

/**
 * An RSA public key, for the signatures of IKE: PKCS#1 v1.5 padding around the bare hash, without
 * a DigestInfo (RFC 2409 5.1).
 */
class RsaPublicKey
{
  public:
    /**
     * \param modulus big-endian: odd, 512 to 8192 bits
     * \param exponent big-endian: odd, above 1 and below 2^64
     * \throws std::invalid_argument for any other
     */
    RsaPublicKey(ByteView modulus, ByteView exponent);

    /** \return the modulus, big-endian, without zeros in front; a signature is as long. */
    Bytes Modulus() const;

    /** \return the public exponent, big-endian, without zeros in front. */
    Bytes Exponent() const;

    /** \return true when \p signature is that of \p hash; any bytes may be passed. */
    bool Verify(ByteView hash, ByteView signature) const;

  private:
    struct Numbers;
    std::shared_ptr<const Numbers> m_numbers;
};

/** An RSA key pair. Copies share the numbers. */
class RsaKey
{
  public:
    /**
     * Make a key from a named stream: the same stream gives the same key on every machine.
     * \param bits of the modulus: 512 to 4096, a multiple of 64
     * \param random what the primes are drawn from, and nothing else; the public exponent is 65537
     * \throws std::invalid_argument for another number of bits
     */
    static RsaKey Generate(std::size_t bits, RandomStream& random);

    /**
     * \param pem PKCS#1 or PKCS#8, not encrypted
     * \throws std::invalid_argument when it cannot be read or is not RSA
     */
    static RsaKey FromPem(ByteView pem);

    RsaPublicKey Public() const;

    /**
     * Sign a hash for IKE; see RsaPublicKey. The result has the length of the modulus.
     * \throws std::invalid_argument when \p hash is not at least 11 bytes shorter than that
     */
    Bytes Sign(ByteView hash) const;

    /** \return the private key as DER, PKCS#1 (RFC 8017 A.1.2). */
    Bytes ToDer() const;

  private:
    struct Numbers;
    explicit RsaKey(std::shared_ptr<const Numbers> numbers);
    std::shared_ptr<const Numbers> m_numbers;
};

} // namespace nattlab::pki

#endif
