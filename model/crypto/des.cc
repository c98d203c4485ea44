// SPDX-License-Identifier: GPL-2.0-only
#include "model/crypto/des.h"

#include "model/packet/bytes.h"

#include <algorithm>
#include <array>
#include <iterator>
#include <utility>

namespace nattlab::crypto
{

namespace
{

constexpr int SUBKEY_WORDS = 32;        // two for each of 16 rounds, in the form of Crypto++
constexpr std::size_t SIDE_BY_SIDE = 4; // blocks; more need more registers than there are
using Subkeys = std::array<std::uint32_t, SUBKEY_WORDS>;

/** Reads the subkeys that Crypto++ makes of a key. */
class Schedule : public CryptoPP::RawDES
{
  public:
    explicit Schedule(const std::uint8_t* key)
    {
        RawSetKey(CryptoPP::ENCRYPTION, key);
    }

    Subkeys Get() const
    {
        Subkeys words;
        std::copy(k.begin(), k.end(), words.begin());
        return words;
    }
};

/**
 * Every bit of a subkey is a bit of the key (FIPS 46-3), so the subkeys of a key are those of its
 * sixteen half bytes together.
 */
class ScheduleTable
{
  public:
    ScheduleTable()
    {
        for (std::size_t digit = 0; digit < 16; ++digit)
        {
            for (unsigned bit = 1; bit < 16; bit *= 2)
            {
                std::uint8_t key[8] = {};
                key[digit / 2] = static_cast<std::uint8_t>(digit % 2 == 0 ? bit << 4 : bit);
                const Subkeys single = Schedule(key).Get();
                for (unsigned value = 0; value < 16; ++value)
                {
                    if ((value & bit) != 0)
                    {
                        Add(m_subkeys[digit][value], single);
                    }
                }
            }
        }
    }

    Subkeys Of(const std::uint8_t* key) const
    {
        Subkeys all{};
        for (std::size_t i = 0; i < 8; ++i)
        {
            Add(all, m_subkeys[2 * i][key[i] >> 4]);
            Add(all, m_subkeys[2 * i + 1][key[i] & 15]);
        }
        return all;
    }

  private:
    static void Add(Subkeys& to, const Subkeys& what)
    {
        for (std::size_t i = 0; i < to.size(); ++i)
        {
            to[i] |= what[i];
        }
    }

    std::array<std::array<Subkeys, 16>, 16> m_subkeys{};
};

/** Exchange the bits of \p a under \p mask with those of \p b that stand \p shift higher. */
void
Exchange(std::uint32_t& a, std::uint32_t& b, int shift, std::uint32_t mask)
{
    const std::uint32_t differ = (a ^ (b >> shift)) & mask;
    a ^= differ;
    b ^= differ << shift;
}

constexpr std::uint32_t
RotateLeft(std::uint32_t x, int bits)
{
    return x << bits | x >> (32 - bits);
}

/** The initial permutation of FIPS 46-3, and the turn by a bit that the rounds expect. */
void
Permute(std::uint32_t& left, std::uint32_t& right)
{
    Exchange(right, left, 4, 0x0f0f0f0f);
    Exchange(right, left, 16, 0x0000ffff);
    Exchange(left, right, 2, 0x33333333);
    Exchange(left, right, 8, 0x00ff00ff);
    Exchange(right, left, 1, 0x55555555);
    left = RotateLeft(left, 1);
    right = RotateLeft(right, 1);
}

/** The inverse of Permute. */
void
PermuteBack(std::uint32_t& left, std::uint32_t& right)
{
    left = RotateLeft(left, 31);
    right = RotateLeft(right, 31);
    Exchange(right, left, 1, 0x55555555);
    Exchange(left, right, 8, 0x00ff00ff);
    Exchange(left, right, 2, 0x33333333);
    Exchange(right, left, 16, 0x0000ffff);
    Exchange(right, left, 4, 0x0f0f0f0f);
}

} // namespace

void
DesRounds::SetKey(const std::uint8_t* key, bool encrypt)
{
    static const ScheduleTable TABLE;
    const Subkeys words = TABLE.Of(key);
    std::copy(words.begin(), words.end(), k.begin());
    for (int i = 0; !encrypt && i < SUBKEY_WORDS / 2; i += 2)
    {
        std::swap(k[i], k[SUBKEY_WORDS - 2 - i]);
        std::swap(k[i + 1], k[SUBKEY_WORDS - 1 - i]);
    }
}

/** The function f of FIPS 46-3, with the permutation after the S-boxes in their tables. */
inline std::uint32_t
DesRounds::Mix(std::uint32_t half, const std::uint32_t* subkey)
{
    const std::uint32_t even = RotateLeft(half, 28) ^ subkey[0];
    const std::uint32_t odd = half ^ subkey[1];
    return Spbox[0][even >> 24 & 63] ^ Spbox[1][odd >> 24 & 63] ^ Spbox[2][even >> 16 & 63] ^
           Spbox[3][odd >> 16 & 63] ^ Spbox[4][even >> 8 & 63] ^ Spbox[5][odd >> 8 & 63] ^
           Spbox[6][even & 63] ^ Spbox[7][odd & 63];
}

template <std::size_t BLOCKS>
void
DesRounds::Process(std::uint32_t (&left)[BLOCKS], std::uint32_t (&right)[BLOCKS]) const
{
    static_assert(BLOCKS <= SIDE_BY_SIDE);
    for (const std::uint32_t* subkey = k.begin(); subkey != k.end(); subkey += 4)
    {
#pragma GCC unroll 4
        for (std::size_t i = 0; i < BLOCKS; ++i)
        {
            left[i] ^= Mix(right[i], subkey);
        }
#pragma GCC unroll 4
        for (std::size_t i = 0; i < BLOCKS; ++i)
        {
            right[i] ^= Mix(left[i], subkey + 2);
        }
    }
}

DesCbcHalf::DesCbcHalf(const std::uint8_t* key, std::size_t size, bool encrypt)
    : m_count(size == 24 ? 3 : 1),
      m_encrypt(encrypt)
{
    for (int i = 0; i < m_count; ++i)
    {
        // RFC 2451 2.2: E(k3, D(k2, E(k1, x))), and the other way round.
        m_rounds[i].SetKey(key + 8 * (encrypt ? i : m_count - 1 - i), encrypt == (i != 1));
    }
}

template <std::size_t BLOCKS>
void
DesCbcHalf::Process(std::uint64_t (&blocks)[BLOCKS]) const
{
    std::uint32_t left[BLOCKS];
    std::uint32_t right[BLOCKS];
    for (std::size_t i = 0; i < BLOCKS; ++i)
    {
        left[i] = static_cast<std::uint32_t>(blocks[i] >> 32);
        right[i] = static_cast<std::uint32_t>(blocks[i]);
        Permute(left[i], right[i]);
    }
    for (int i = 0; i < m_count; ++i)
    {
        m_rounds[i].Process(left, right);
        std::swap(left, right); // the last round of DES does not exchange the halves
    }
    for (std::size_t i = 0; i < BLOCKS; ++i)
    {
        PermuteBack(left[i], right[i]);
        blocks[i] = std::uint64_t{left[i]} << 32 | right[i];
    }
}

void
DesCbcHalf::Process(const std::uint8_t* iv, std::uint8_t* data, std::size_t size) const
{
    m_encrypt ? Encrypt(Load64(iv), data, size) : Decrypt(Load64(iv), data, size);
}

void
DesCbcHalf::Encrypt(std::uint64_t before, std::uint8_t* data, std::size_t size) const
{
    for (const std::uint8_t* end = data + size; data != end; data += 8)
    {
        std::uint64_t block[] = {Load64(data) ^ before};
        Process(block);
        Store64(data, block[0]);
        before = block[0];
    }
}

/** The blocks of CBC are deciphered independently (FIPS 81); only enciphering is a chain. */
void
DesCbcHalf::Decrypt(std::uint64_t before, std::uint8_t* data, std::size_t size) const
{
    while (size != 0)
    {
        const std::size_t count = std::min(size / 8, SIDE_BY_SIDE);
        std::uint64_t in[SIDE_BY_SIDE] = {};
        for (std::size_t i = 0; i < count; ++i)
        {
            in[i] = Load64(data + 8 * i);
        }
        std::uint64_t out[SIDE_BY_SIDE];
        std::copy(std::begin(in), std::end(in), out);
        Process(out);
        for (std::size_t i = 0; i < count; ++i)
        {
            Store64(data + 8 * i, out[i] ^ before);
            before = in[i];
        }
        data += 8 * count;
        size -= 8 * count;
    }
}

} // namespace nattlab::crypto
