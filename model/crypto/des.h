// SPDX-License-Identifier: GPL-2.0-only
/**
 * \file
 * DES and 3DES in CBC mode on the tables of Crypto++, for many keys that live for a few packets:
 * setting a key costs about two blocks instead of about a hundred, and blocks are deciphered side
 * by side.
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

    /**
     * The sixteen rounds on the halves of permuted blocks. A round waits for the one before it, so
     * four blocks take half as long again as one.
     */
    template <std::size_t BLOCKS>
    void Process(std::uint32_t (&left)[BLOCKS], std::uint32_t (&right)[BLOCKS]) const;

  private:
    [[gnu::always_inline]] static inline std::uint32_t Mix(std::uint32_t half,
                                                           const std::uint32_t* subkey);
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
    void Encrypt(std::uint64_t before, std::uint8_t* data, std::size_t size) const;
    void Decrypt(std::uint64_t before, std::uint8_t* data, std::size_t size) const;

    template <std::size_t BLOCKS>
    void Process(std::uint64_t (&blocks)[BLOCKS]) const;

    DesRounds m_rounds[3];
    int m_count; //!< of the rounds that are used: 1 or 3
    bool m_encrypt;
};

} // namespace nattlab::crypto

#endif
