// SPDX-License-Identifier: GPL-2.0-only
/**
 * \file
 * DES and 3DES in CBC mode on the tables of Crypto++, for many keys that live for a few packets:
 * setting a key costs about two blocks instead of about a hundred, and blocks are deciphered side
 * by side.
 */
#ifndef NATTLAB_CRYPTO_DES_H
#define NATTLAB_CRYPTO_DES_H

#include <cstddef>
#include <cstdint>

namespace nattlab::crypto
{

/** One direction of DES-CBC (RFC 2405) or 3DES-CBC (RFC 2451). */
class DesCbcHalf
{
  public:
    /** \param key each of 8 bytes; the parity bits are ignored. \param size 8, or 24 for 3DES */
    DesCbcHalf(const std::uint8_t* key, std::size_t size, bool encrypt);

    /** \param iv 8 bytes. \param size a multiple of 8 */
    void Process(const std::uint8_t* iv, std::uint8_t* data, std::size_t size) const;

  private:
    void Encrypt(std::uint64_t iv, std::uint8_t* data, std::size_t size) const;
    void Decrypt(std::uint64_t before, std::uint8_t* data, std::size_t size) const;

    /**
     * All rounds on blocks side by side, without the initial and final permutation. The 32 bits of
     * a half are spread out as the expansion of FIPS 46-3 has them: six bits to a byte, a byte for
     * each S-box. A round waits for the one before it, so three blocks take little longer than one.
     */
    template <std::size_t BLOCKS>
    [[gnu::always_inline]] inline void Process(std::uint64_t (&left)[BLOCKS],
                                               std::uint64_t (&right)[BLOCKS]) const;

    static constexpr int ROUNDS = 16;

    std::uint64_t m_subkeys[3][ROUNDS]; //!< spread out like halves
    int m_count;                        //!< of the keys: 1 or 3
    bool m_encrypt;
};

} // namespace nattlab::crypto

#endif
