// SPDX-License-Identifier: GPL-2.0-only
#include "model/crypto/des.h"

#include "model/packet/bytes.h"

#include <cryptopp/des.h>

#include <algorithm>
#include <array>
#include <utility>

// The order in which sums are written is the one in which their parts are there: the time of a round
// is that of its longest chain.
#pragma GCC optimize("no-tree-reassoc")

namespace nattlab::crypto
{

namespace
{

constexpr std::size_t SIDE_BY_SIDE = 3;        // blocks; more need more registers than there are
using Subkeys = std::array<std::uint64_t, 16>; // one for each round

constexpr std::uint32_t
RotateLeft(std::uint32_t x, int bits)
{
    return x << bits | x >> (32 - bits);
}

/** \return a half, in the form that Permute leaves, spread out for the S-boxes. */
constexpr std::uint64_t
Spread(std::uint32_t half)
{
    return std::uint64_t{RotateLeft(half, 28) & 0x3f3f3f3f} << 32 | (half & 0x3f3f3f3f);
}

/** The inverse of Spread. */
constexpr std::uint32_t
Collect(std::uint64_t half)
{
    return (static_cast<std::uint32_t>(half) & 0x0f0f0f0f) |
           RotateLeft(static_cast<std::uint32_t>(half >> 32) & 0x0f0f0f0f, 4);
}

/** Reads the S-boxes and the subkeys that Crypto++ makes of a key. */
class CryptoppDes : public CryptoPP::RawDES
{
  public:
    using RawDES::Spbox;

    /** \return the subkeys: Crypto++ has two words for each round. */
    Subkeys SubkeysOf(const std::uint8_t* key)
    {
        RawSetKey(CryptoPP::ENCRYPTION, key);
        Subkeys subkeys;
        for (std::size_t i = 0; i < subkeys.size(); ++i)
        {
            subkeys[i] = std::uint64_t{k[2 * i]} << 32 | k[2 * i + 1];
        }
        return subkeys;
    }
};

/** The S-boxes with the permutation after them, which give halves that are spread out. */
class SboxTable
{
  public:
    SboxTable()
    {
        for (std::size_t box = 0; box < m_boxes.size(); ++box)
        {
            // Crypto++ counts the boxes as the bytes of its two words take turns.
            const std::size_t place = box % 2 == 0 ? 7 - box / 2 : 3 - box / 2;
            for (std::size_t value = 0; value < m_boxes[place].size(); ++value)
            {
                m_boxes[place][value] = Spread(CryptoppDes::Spbox[box][value]);
            }
        }
    }

    /** The function f of FIPS 46-3, of a half to which the subkey is added; and the sum with \p to. */
    [[gnu::always_inline]] std::uint64_t Mix(std::uint64_t x, std::uint64_t to) const
    {
        return ((m_boxes[0][x & 255] ^ m_boxes[1][x >> 8 & 255]) ^
                (m_boxes[2][x >> 16 & 255] ^ m_boxes[3][x >> 24 & 255])) ^
               ((m_boxes[4][x >> 32 & 255] ^ m_boxes[5][x >> 40 & 255]) ^
                (m_boxes[6][x >> 48 & 255] ^ (m_boxes[7][x >> 56] ^ to)));
    }

  private:
    std::array<std::array<std::uint64_t, 64>, 8> m_boxes; //!< of the lowest byte first
};

const SboxTable SBOXES;

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
                const Subkeys single = CryptoppDes().SubkeysOf(key);
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

/** Make the halves of a block what the rounds take. */
inline void
Enter(std::uint64_t block, std::uint64_t& left, std::uint64_t& right)
{
    auto high = static_cast<std::uint32_t>(block >> 32);
    auto low = static_cast<std::uint32_t>(block);
    Permute(high, low);
    left = Spread(high);
    right = Spread(low);
}

/** The inverse of Enter. */
inline std::uint64_t
Leave(std::uint64_t left, std::uint64_t right)
{
    std::uint32_t high = Collect(left);
    std::uint32_t low = Collect(right);
    PermuteBack(high, low);
    return std::uint64_t{high} << 32 | low;
}

} // namespace

DesCbcHalf::DesCbcHalf(const std::uint8_t* key, std::size_t size, bool encrypt)
    : m_count(size == 24 ? 3 : 1),
      m_encrypt(encrypt)
{
    static const ScheduleTable TABLE;
    for (int i = 0; i < m_count; ++i)
    {
        // RFC 2451 2.2: E(k3, D(k2, E(k1, x))), and the other way round.
        const Subkeys subkeys = TABLE.Of(key + 8 * (encrypt ? i : m_count - 1 - i));
        encrypt == (i != 1) ? std::copy(subkeys.begin(), subkeys.end(), m_subkeys[i])
                            : std::reverse_copy(subkeys.begin(), subkeys.end(), m_subkeys[i]);
    }
}

template <std::size_t BLOCKS>
void
DesCbcHalf::Process(std::uint64_t (&left)[BLOCKS], std::uint64_t (&right)[BLOCKS]) const
{
    static_assert(BLOCKS <= SIDE_BY_SIDE);
    for (int k = 0; k < m_count; ++k)
    {
        // Each round waits for the one before it: a half gets the subkey of the round to come while
        // the S-boxes of the other one are looked up.
        std::uint64_t mixed[BLOCKS];
        for (std::size_t i = 0; i < BLOCKS; ++i)
        {
            mixed[i] = right[i] ^ m_subkeys[k][0];
        }
        for (int round = 0; round < ROUNDS; round += 2)
        {
            const std::uint64_t odd = m_subkeys[k][round + 1];
#pragma GCC unroll 4
            for (std::size_t i = 0; i < BLOCKS; ++i)
            {
                mixed[i] = SBOXES.Mix(mixed[i], left[i] ^ odd);
                left[i] = mixed[i] ^ odd;
            }
            const std::uint64_t even = round + 2 < ROUNDS ? m_subkeys[k][round + 2] : 0;
#pragma GCC unroll 4
            for (std::size_t i = 0; i < BLOCKS; ++i)
            {
                mixed[i] = SBOXES.Mix(mixed[i], right[i] ^ even);
                right[i] = mixed[i] ^ even;
            }
        }
        for (std::size_t i = 0; i < BLOCKS; ++i)
        {
            std::swap(left[i], right[i]); // the last round of DES does not exchange the halves
        }
    }
}

void
DesCbcHalf::Process(const std::uint8_t* iv, std::uint8_t* data, std::size_t size) const
{
    m_encrypt ? Encrypt(Load64(iv), data, size) : Decrypt(Load64(iv), data, size);
}

/**
 * A permutation of a sum is the sum of the permutations: what goes from block to block is never
 * permuted back, so that only the rounds are in the chain.
 */
void
DesCbcHalf::Encrypt(std::uint64_t iv, std::uint8_t* data, std::size_t size) const
{
    std::uint64_t left[1];
    std::uint64_t right[1];
    Enter(iv, left[0], right[0]);
    for (const std::uint8_t* end = data + size; data != end; data += 8)
    {
        std::uint64_t textLeft = 0;
        std::uint64_t textRight = 0;
        Enter(Load64(data), textLeft, textRight);
        left[0] ^= textLeft;
        right[0] ^= textRight;
        Process(left, right);
        Store64(data, Leave(left[0], right[0]));
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
        std::uint64_t left[SIDE_BY_SIDE] = {};
        std::uint64_t right[SIDE_BY_SIDE] = {};
        for (std::size_t i = 0; i < count; ++i)
        {
            in[i] = Load64(data + 8 * i);
            Enter(in[i], left[i], right[i]);
        }
        Process(left, right);
        for (std::size_t i = 0; i < count; ++i)
        {
            Store64(data + 8 * i, Leave(left[i], right[i]) ^ before);
            before = in[i];
        }
        data += 8 * count;
        size -= 8 * count;
    }
}

} // namespace nattlab::crypto
