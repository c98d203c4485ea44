// SPDX-License-Identifier: GPL-2.0-only
/**
 * \file
 * Block ciphers on Crypto++. DES and 3DES are here because the simulated systems use them; no new
 * design should.
 */
#ifndef NATTLAB_CRYPTO_CIPHER_H
#define NATTLAB_CRYPTO_CIPHER_H

#include "model/packet/bytes.h"
#include "model/packet/short-bytes.h"

#include <cstdint>
#include <memory>

namespace nattlab::crypto
{

/** Ciphers of IKEv1 phase 1 and ESP. */
enum class CipherAlgorithm : std::uint8_t
{
    Null, //!< RFC 2410; ESP only
    DesCbc,
    TripleDesCbc,
    AesCbc,
};

/** \return the block size in bytes, which is also the IV's: 1 and no IV for Null, 8, 8 or 16. */
std::size_t BlockSize(CipherAlgorithm algorithm);

/** \return the IV's size in bytes: 0, 8, 8 or 16. */
std::size_t IvSize(CipherAlgorithm algorithm);

/** \return the key's size in bytes: 0, 8, 24, and 16 for AES without a key length. */
std::size_t DefaultKeySize(CipherAlgorithm algorithm);

/** A keyed CBC cipher, in place; key set-up is done once. */
class CbcCipher
{
  public:
    /** \throws std::invalid_argument when the key has a size that the cipher does not know. */
    CbcCipher(CipherAlgorithm algorithm, ByteView key);
    CbcCipher(CbcCipher&&) noexcept;
    CbcCipher& operator=(CbcCipher&&) noexcept;
    ~CbcCipher();

    CipherAlgorithm Algorithm() const
    {
        return m_algorithm;
    }

    /** See nattlab::Prefetch: what Encrypt will read, or what Decrypt will. */
    void Prefetch(bool encrypt) const;

    /**
     * Encrypt \p size bytes.
     * \throws std::invalid_argument when \p iv is not one block (nothing, for Null) or \p size is
     * not a multiple of the block size.
     */
    void Encrypt(ByteView iv, std::uint8_t* data, std::size_t size) const;

    /** Decrypt \p size bytes; throws as Encrypt does. */
    void Decrypt(ByteView iv, std::uint8_t* data, std::size_t size) const;

  private:
    class Half;
    class DesHalf;
    template <typename Mode>
    class AesHalf;

    std::unique_ptr<Half> MakeHalf(bool encrypt) const;
    void Process(bool encrypt, ByteView iv, std::uint8_t* data, std::size_t size) const;

    CipherAlgorithm m_algorithm;
    ShortBytes m_key;
    // Most ciphers are used in one direction only, so each half is made when it is first wanted.
    mutable std::unique_ptr<Half> m_encryption;
    mutable std::unique_ptr<Half> m_decryption;
};

/**
 * Spread 56 key bits over 8 bytes with odd parity (RFC 2759 9.3).
 * \throws std::invalid_argument when the key has not 7 bytes.
 */
Bytes ExpandDesKey(ByteView key7);

/**
 * Encrypt one block with DES under a 56-bit key spread over 7 bytes, as MS-CHAP does
 * (RFC 2759 8.6).
 * \throws std::invalid_argument when the key has not 7 or the block not 8 bytes.
 */
Bytes DesEncrypt56(ByteView key7, ByteView block8);

} // namespace nattlab::crypto

#endif
