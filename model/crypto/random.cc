// SPDX-License-Identifier: GPL-2.0-only
#include "model/crypto/random.h"

#include "model/crypto/hash.h"

namespace nattlab
{

namespace
{

std::uint64_t
RotateLeft(std::uint64_t x, int bits)
{
    return x << bits | x >> (64 - bits);
}

} // namespace

RandomStream::RandomStream(std::uint64_t seed, std::string_view device, std::string_view purpose)
{
    // The length of the first text keeps ("ab", "c") and ("a", "bc") apart.
    std::uint8_t numbers[16];
    Store64(numbers, seed);
    Store64(numbers + 8, device.size());
    std::uint8_t digest[32];
    crypto::Sha256({{numbers, sizeof numbers}, ByteView{device}, ByteView{purpose}}, digest);
    for (std::size_t i = 0; i < m_state.size(); ++i)
    {
        m_state[i] = Load64(digest + 8 * i);
    }
}

std::uint64_t
RandomStream::Next()
{
    // xoshiro256**, Blackman and Vigna, "Scrambled linear pseudorandom number generators", 2018.
    auto& s = m_state;
    const std::uint64_t result = RotateLeft(s[1] * 5, 7) * 9;
    const std::uint64_t t = s[1] << 17;
    s[2] ^= s[0];
    s[3] ^= s[1];
    s[1] ^= s[2];
    s[0] ^= s[3];
    s[2] ^= t;
    s[3] = RotateLeft(s[3], 45);
    return result;
}

std::uint64_t
RandomStream::Below(std::uint64_t bound)
{
    // The lowest 2^64 mod bound values are refused, so that every remainder is equally likely.
    const std::uint64_t refused = (0 - bound) % bound;
    std::uint64_t value = Next();
    while (value < refused)
    {
        value = Next();
    }
    return value % bound;
}

double
RandomStream::Uniform()
{
    return static_cast<double>(Next() >> 11) * 0x1.0p-53;
}

void
RandomStream::Fill(std::uint8_t* data, std::size_t size)
{
    for (; size >= 8; data += 8, size -= 8)
    {
        Store64(data, Next());
    }
    if (size > 0)
    {
        std::uint8_t last[8];
        Store64(last, Next());
        std::memcpy(data, last, size);
    }
}

Bytes
RandomStream::Take(std::size_t size)
{
    Bytes bytes(size);
    Fill(bytes.data(), size);
    return bytes;
}

std::uint32_t
RandomStream::NonZero32()
{
    std::uint32_t value = 0;
    while (value == 0)
    {
        value = static_cast<std::uint32_t>(Next() >> 32);
    }
    return value;
}

} // namespace nattlab
