// SPDX-License-Identifier: GPL-2.0-only
#include "model/crypto/hash.h"

#define CRYPTOPP_ENABLE_NAMESPACE_WEAK 1 // Crypto++ hides MD4 and MD5 behind it
#include <cryptopp/md4.h>
#include <cryptopp/md5.h>
#include <cryptopp/sha.h>

#include <algorithm>
#include <type_traits>

namespace nattlab::crypto
{

namespace
{

constexpr std::size_t BLOCK = 64; // of all hashes here

/** A hash's chaining value; words beyond those of a shorter hash stay unused. */
using State = std::array<std::uint32_t, 8>;

template <typename Hash>
constexpr bool IS_BIG_ENDIAN =
    std::is_same_v<Hash, CryptoPP::SHA1> || std::is_same_v<Hash, CryptoPP::SHA256>;

/**
 * A computation of a hash. Crypto++ compresses the blocks; its hash objects are not used, because
 * a copy of one costs more than a block, and an HMAC begins with two of them.
 * \tparam Hash of Crypto++, with a static Transform
 */
template <typename Hash>
class Computation
{
  public:
    Computation()
    {
        Hash::InitState(m_state.data());
    }

    /** Go on behind \p blocks blocks that led to \p state. */
    Computation(const State& state, std::uint64_t blocks)
        : m_state(state),
          m_size(blocks * BLOCK)
    {
    }

    void Update(ByteView data)
    {
        const std::size_t used = m_size % BLOCK;
        m_size += data.size();
        if (used != 0)
        {
            const std::size_t part = std::min(BLOCK - used, data.size());
            Copy(m_buffer + used, data.Sub(0, part));
            if (used + part < BLOCK)
            {
                return;
            }
            Compress(m_buffer);
            data = data.Sub(part);
        }
        while (data.size() >= BLOCK)
        {
            Compress(data.data());
            data = data.Sub(BLOCK);
        }
        Copy(m_buffer, data);
    }

    /** Write the first \p size bytes of the digest. */
    void Finish(std::uint8_t* out, std::size_t size)
    {
        const std::uint64_t bits = m_size * 8;
        std::size_t used = m_size % BLOCK;
        m_buffer[used++] = 0x80;
        if (used > BLOCK - 8)
        {
            std::fill(m_buffer + used, m_buffer + BLOCK, std::uint8_t{0});
            Compress(m_buffer);
            used = 0;
        }
        std::fill(m_buffer + used, m_buffer + BLOCK - 8, std::uint8_t{0});
        std::uint8_t* length = m_buffer + BLOCK - 8;
        StoreWord(length, static_cast<std::uint32_t>(IS_BIG_ENDIAN<Hash> ? bits >> 32 : bits));
        StoreWord(length + 4, static_cast<std::uint32_t>(IS_BIG_ENDIAN<Hash> ? bits : bits >> 32));
        Compress(m_buffer);
        std::uint8_t digest[sizeof(State)];
        for (std::size_t i = 0; i < Hash::DIGESTSIZE / 4; ++i)
        {
            StoreWord(digest + 4 * i, m_state[i]);
        }
        std::copy(digest, digest + size, out);
    }

    Bytes Finish()
    {
        Bytes digest(Hash::DIGESTSIZE);
        Finish(digest.data(), digest.size());
        return digest;
    }

    const State& Chaining() const
    {
        return m_state;
    }

  private:
    static void Copy(std::uint8_t* to, ByteView data)
    {
        std::copy(data.begin(), data.end(), to);
    }

    static void StoreWord(std::uint8_t* p, std::uint32_t word)
    {
        Store32(p, IS_BIG_ENDIAN<Hash> ? word : __builtin_bswap32(word));
    }

    void Compress(const std::uint8_t* block)
    {
        std::uint32_t words[BLOCK / 4];
        for (std::size_t i = 0; i < BLOCK / 4; ++i)
        {
            const std::uint32_t word = Load32(block + 4 * i);
            words[i] = IS_BIG_ENDIAN<Hash> ? word : __builtin_bswap32(word);
        }
        Hash::Transform(m_state.data(), words);
    }

    State m_state{};
    std::uint64_t m_size{0}; //!< bytes so far
    std::uint8_t m_buffer[BLOCK];
};

template <typename Hash>
Bytes
DigestOf(std::initializer_list<ByteView> parts)
{
    Computation<Hash> computation;
    for (const ByteView& part : parts)
    {
        computation.Update(part);
    }
    return computation.Finish();
}

/** The state after the key's block, padded with \p pad (RFC 2104 2). */
template <typename Hash>
State
KeyedState(ByteView key, std::uint8_t pad)
{
    std::uint8_t block[BLOCK] = {};
    if (key.size() > BLOCK)
    {
        Computation<Hash> computation;
        computation.Update(key);
        computation.Finish(block, Hash::DIGESTSIZE);
    }
    else
    {
        std::copy(key.begin(), key.end(), block);
    }
    for (std::uint8_t& byte : block)
    {
        byte ^= pad;
    }
    Computation<Hash> computation;
    computation.Update({block, BLOCK});
    return computation.Chaining();
}

template <typename Hash>
void
HmacOf(const State& inner,
       const State& outer,
       std::initializer_list<ByteView> parts,
       std::uint8_t* out,
       std::size_t size)
{
    Computation<Hash> computation(inner, 1);
    for (const ByteView& part : parts)
    {
        computation.Update(part);
    }
    std::uint8_t digest[Hash::DIGESTSIZE];
    computation.Finish(digest, sizeof digest);
    Computation<Hash> last(outer, 1);
    last.Update({digest, sizeof digest});
    last.Finish(out, size);
}

} // namespace

std::size_t
DigestSize(HashAlgorithm algorithm)
{
    return algorithm == HashAlgorithm::Md5 ? 16 : 20;
}

Bytes
Digest(HashAlgorithm algorithm, std::initializer_list<ByteView> parts)
{
    return algorithm == HashAlgorithm::Md5 ? DigestOf<CryptoPP::Weak::MD5>(parts)
                                           : DigestOf<CryptoPP::SHA1>(parts);
}

Bytes
Sha256(ByteView data)
{
    return DigestOf<CryptoPP::SHA256>({data});
}

void
Sha256(std::initializer_list<ByteView> parts, std::uint8_t* out)
{
    Computation<CryptoPP::SHA256> computation;
    for (const ByteView& part : parts)
    {
        computation.Update(part);
    }
    computation.Finish(out, CryptoPP::SHA256::DIGESTSIZE);
}

Bytes
Md4(ByteView data)
{
    return DigestOf<CryptoPP::Weak::MD4>({data});
}

Bytes
HmacDigest(HashAlgorithm algorithm, ByteView key, std::initializer_list<ByteView> parts)
{
    return Hmac(algorithm, key).Digest(parts);
}

Hmac::Hmac(HashAlgorithm algorithm, ByteView key)
    : m_algorithm(algorithm)
{
    constexpr std::uint8_t INNER = 0x36; // RFC 2104 2: ipad and opad
    constexpr std::uint8_t OUTER = 0x5c;
    if (algorithm == HashAlgorithm::Md5)
    {
        m_inner = KeyedState<CryptoPP::Weak::MD5>(key, INNER);
        m_outer = KeyedState<CryptoPP::Weak::MD5>(key, OUTER);
    }
    else
    {
        m_inner = KeyedState<CryptoPP::SHA1>(key, INNER);
        m_outer = KeyedState<CryptoPP::SHA1>(key, OUTER);
    }
}

void
Hmac::Compute(std::initializer_list<ByteView> parts, std::uint8_t* out, std::size_t size) const
{
    if (m_algorithm == HashAlgorithm::Md5)
    {
        HmacOf<CryptoPP::Weak::MD5>(m_inner, m_outer, parts, out, size);
    }
    else
    {
        HmacOf<CryptoPP::SHA1>(m_inner, m_outer, parts, out, size);
    }
}

void
Hmac::Compute(ByteView data, std::uint8_t* out, std::size_t size) const
{
    Compute({data}, out, size);
}

Bytes
Hmac::Digest(std::initializer_list<ByteView> parts) const
{
    Bytes digest(DigestSize(m_algorithm));
    Compute(parts, digest.data(), digest.size());
    return digest;
}

} // namespace nattlab::crypto
