// SPDX-License-Identifier: GPL-2.0-only
/**
 * \file
 * DES and 3DES in CBC mode on the rounds of Crypto++, for many keys that live for a few packets:
 * setting a key costs about two blocks instead of about a hundred.
 */
#ifndef NATTLAB_CRYPTO_DES_H
#define NATTLAB_CRYPTO_DES_H

#include <cryptopp/des.h>

#include <cstddef>
#include <cstdint>

namespace nattlab::crypto
{

/** DES without the initial and final permutation, under one key. */
class DesRounds : private CryptoPP::RawDES
{
  public:
    /** \param key 8 bytes; the parity bits are ignored. \param encrypt false: for decryption */
    void SetKey(const std::uint8_t* key, bool encrypt);

    /** The sixteen rounds on the two halves of a permuted block. */
    using CryptoPP::RawDES::RawProcessBlock;
};

/** One direction of DES-CBC (RFC 2405) or 3DES-CBC (RFC 2451). */
class DesCbcHalf
{
  public:
    /** \param size 8, or 24 for 3DES. */
    DesCbcHalf(const std::uint8_t* key, std::size_t size, bool encrypt);

    /** \param iv 8 bytes. \param size a multiple of 8 */
    void Process(const std::uint8_t* iv, std::uint8_t* data, std::size_t size) const;

  private:
    std::uint64_t Block(std::uint64_t block) const;

    DesRounds m_rounds[3];
    int m_count; //!< of the rounds that are used: 1 or 3
    bool m_encrypt;
};

} // namespace nattlab::crypto

#endif
