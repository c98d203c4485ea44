// SPDX-License-Identifier: GPL-2.0-only
#include "model/crypto/cipher.h"

#include "model/crypto/des.h"
#include "model/packet/prefetch.h"

#include <cryptopp/aes.h>
#include <cryptopp/modes.h>
#include <stdexcept>
#include <string>

namespace nattlab::crypto
{

namespace
{

struct CipherSizes
{
    std::size_t block;
    std::size_t iv;
    std::size_t key; //!< without a key length
};

const CipherSizes&
SizesOf(CipherAlgorithm algorithm)
{
    static constexpr CipherSizes SIZES[] = {
        {1, 0, 0},    // Null, RFC 2410
        {8, 8, 8},    // DesCbc, RFC 2405
        {8, 8, 24},   // TripleDesCbc, RFC 2451
        {16, 16, 16}, // AesCbc, RFC 3602
    };
    return SIZES[static_cast<std::size_t>(algorithm)];
}

bool
IsKeySize(CipherAlgorithm algorithm, std::size_t size)
{
    return size == DefaultKeySize(algorithm) ||
           (algorithm == CipherAlgorithm::AesCbc && (size == 24 || size == 32));
}

} // namespace

std::size_t
BlockSize(CipherAlgorithm algorithm)
{
    return SizesOf(algorithm).block;
}

std::size_t
IvSize(CipherAlgorithm algorithm)
{
    return SizesOf(algorithm).iv;
}

std::size_t
DefaultKeySize(CipherAlgorithm algorithm)
{
    return SizesOf(algorithm).key;
}

/** One direction of a mode under one key. */
class CbcCipher::Half
{
  public:
    virtual ~Half() = default;
    virtual void Process(ByteView iv, std::uint8_t* data, std::size_t size) = 0;
};

class CbcCipher::DesHalf : public Half
{
  public:
    DesHalf(ByteView key, bool encrypt)
        : m_cbc(key.data(), key.size(), encrypt)
    {
    }

    void Process(ByteView iv, std::uint8_t* data, std::size_t size) override
    {
        m_cbc.Process(iv.data(), data, size);
    }

  private:
    DesCbcHalf m_cbc;
};

/** \tparam Mode `CBC_Mode<AES>::Encryption` or `Decryption` */
template <typename Mode>
class CbcCipher::AesHalf : public Half
{
  public:
    explicit AesHalf(ByteView key)
        : m_mode(key.data(), key.size(), NO_IV)
    {
    }

    void Process(ByteView iv, std::uint8_t* data, std::size_t size) override
    {
        m_mode.Resynchronize(iv.data(), static_cast<int>(iv.size()));
        m_mode.ProcessData(data, data, size);
    }

  private:
    static constexpr std::uint8_t NO_IV[16] = {}; // every use brings its own

    Mode m_mode;
};

CbcCipher::CbcCipher(CipherAlgorithm algorithm, ByteView key)
    : m_algorithm(algorithm),
      m_key(key)
{
    if (!IsKeySize(algorithm, key.size()))
    {
        throw std::invalid_argument("the cipher has no key of " + std::to_string(key.size()) +
                                    " bytes");
    }
}

CbcCipher::CbcCipher(CbcCipher&&) noexcept = default;
CbcCipher& CbcCipher::operator=(CbcCipher&&) noexcept = default;
CbcCipher::~CbcCipher() = default;

std::unique_ptr<CbcCipher::Half>
CbcCipher::MakeHalf(bool encrypt) const
{
    using AesCbc = CryptoPP::CBC_Mode<CryptoPP::AES>;
    if (m_algorithm != CipherAlgorithm::AesCbc)
    {
        return std::make_unique<DesHalf>(m_key, encrypt);
    }
    if (encrypt)
    {
        return std::make_unique<AesHalf<AesCbc::Encryption>>(m_key);
    }
    return std::make_unique<AesHalf<AesCbc::Decryption>>(m_key);
}

void
CbcCipher::Process(bool encrypt, ByteView iv, std::uint8_t* data, std::size_t size) const
{
    if (iv.size() != IvSize(m_algorithm) || size % BlockSize(m_algorithm) != 0)
    {
        throw std::invalid_argument("CBC needs an IV of one block and whole blocks, not " +
                                    std::to_string(iv.size()) + " and " + std::to_string(size) +
                                    " bytes");
    }
    if (m_algorithm == CipherAlgorithm::Null || size == 0)
    {
        return;
    }
    auto& half = encrypt ? m_encryption : m_decryption;
    if (!half)
    {
        half = MakeHalf(encrypt);
    }
    half->Process(iv, data, size);
}

void
CbcCipher::Prefetch(bool encrypt) const
{
    const auto& half = encrypt ? m_encryption : m_decryption;
    if (half && m_algorithm != CipherAlgorithm::AesCbc)
    {
        nattlab::Prefetch(static_cast<const DesHalf&>(*half));
    }
}

void
CbcCipher::Encrypt(ByteView iv, std::uint8_t* data, std::size_t size) const
{
    Process(true, iv, data, size);
}

void
CbcCipher::Decrypt(ByteView iv, std::uint8_t* data, std::size_t size) const
{
    Process(false, iv, data, size);
}

Bytes
ExpandDesKey(ByteView key7)
{
    if (key7.size() != 7)
    {
        throw std::invalid_argument("a DES key without parity has 7 bytes, not " +
                                    std::to_string(key7.size()));
    }
    std::uint64_t bits = 0;
    for (const std::uint8_t byte : key7)
    {
        bits = bits << 8 | byte;
    }
    Bytes key(8);
    for (std::size_t i = 0; i < key.size(); ++i)
    {
        const unsigned seven = bits >> (49 - 7 * i) & 0x7f;
        unsigned parity = 1;
        for (unsigned rest = seven; rest != 0; rest &= rest - 1)
        {
            parity ^= 1;
        }
        key[i] = static_cast<std::uint8_t>(seven << 1 | parity);
    }
    return key;
}

Bytes
DesEncrypt56(ByteView key7, ByteView block8)
{
    constexpr std::size_t BLOCK = 8;
    constexpr std::uint8_t ZERO[BLOCK] = {}; // CBC of one block with a zero IV is ECB
    if (block8.size() != BLOCK)
    {
        throw std::invalid_argument("a DES block has 8 bytes, not " +
                                    std::to_string(block8.size()));
    }
    const Bytes key = ExpandDesKey(key7);
    Bytes block = block8.ToBytes();
    DesCbcHalf(key.data(), key.size(), true).Process(ZERO, block.data(), block.size());
    return block;
}

} // namespace nattlab::crypto
