// SPDX-License-Identifier: GPL-2.0-only
#include "model/crypto/cipher.h"

#include <cryptopp/aes.h>
#include <cryptopp/des.h>
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

/** Make the encrypting or decrypting half of a mode: `CBC_Mode<...>::Encryption` is one. */
template <typename Half>
std::unique_ptr<CryptoPP::SymmetricCipher>
MakeHalf(ByteView key)
{
    static constexpr std::uint8_t NO_IV[16] = {}; // every use brings its own
    return std::make_unique<Half>(key.data(), key.size(), NO_IV);
}

template <typename Mode>
std::unique_ptr<CryptoPP::SymmetricCipher>
MakeMode(bool encrypt, ByteView key)
{
    return encrypt ? MakeHalf<typename Mode::Encryption>(key)
                   : MakeHalf<typename Mode::Decryption>(key);
}

std::unique_ptr<CryptoPP::SymmetricCipher>
MakeCipher(CipherAlgorithm algorithm, bool encrypt, ByteView key)
{
    switch (algorithm)
    {
    case CipherAlgorithm::Null:
        break;
    case CipherAlgorithm::DesCbc:
        return MakeMode<CryptoPP::CBC_Mode<CryptoPP::DES>>(encrypt, key);
    case CipherAlgorithm::TripleDesCbc:
        return MakeMode<CryptoPP::CBC_Mode<CryptoPP::DES_EDE3>>(encrypt, key);
    case CipherAlgorithm::AesCbc:
        return MakeMode<CryptoPP::CBC_Mode<CryptoPP::AES>>(encrypt, key);
    }
    return nullptr;
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

struct CbcCipher::Impl
{
    CipherAlgorithm algorithm;
    Bytes key;
    // Most ciphers are used in one direction only, so each half is made when it is first wanted.
    std::unique_ptr<CryptoPP::SymmetricCipher> encryption;
    std::unique_ptr<CryptoPP::SymmetricCipher> decryption;

    void Process(bool encrypt, ByteView iv, std::uint8_t* data, std::size_t size)
    {
        if (iv.size() != IvSize(algorithm) || size % BlockSize(algorithm) != 0)
        {
            throw std::invalid_argument("CBC needs an IV of one block and whole blocks, not " +
                                        std::to_string(iv.size()) + " and " + std::to_string(size) +
                                        " bytes");
        }
        if (algorithm == CipherAlgorithm::Null || size == 0)
        {
            return;
        }
        auto& half = encrypt ? encryption : decryption;
        if (!half)
        {
            half = MakeCipher(algorithm, encrypt, key);
        }
        half->Resynchronize(iv.data(), static_cast<int>(iv.size()));
        half->ProcessData(data, data, size);
    }
};

CbcCipher::CbcCipher(CipherAlgorithm algorithm, ByteView key)
    : m_impl(std::make_unique<Impl>())
{
    if (!IsKeySize(algorithm, key.size()))
    {
        throw std::invalid_argument("the cipher has no key of " + std::to_string(key.size()) +
                                    " bytes");
    }
    m_impl->algorithm = algorithm;
    m_impl->key = key.ToBytes();
}

CbcCipher::CbcCipher(CbcCipher&&) noexcept = default;
CbcCipher& CbcCipher::operator=(CbcCipher&&) noexcept = default;
CbcCipher::~CbcCipher() = default;

CipherAlgorithm
CbcCipher::Algorithm() const
{
    return m_impl->algorithm;
}

void
CbcCipher::Encrypt(ByteView iv, std::uint8_t* data, std::size_t size)
{
    m_impl->Process(true, iv, data, size);
}

void
CbcCipher::Decrypt(ByteView iv, std::uint8_t* data, std::size_t size)
{
    m_impl->Process(false, iv, data, size);
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
    if (block8.size() != CryptoPP::DES::BLOCKSIZE)
    {
        throw std::invalid_argument("a DES block has 8 bytes, not " +
                                    std::to_string(block8.size()));
    }
    const Bytes key = ExpandDesKey(key7);
    const CryptoPP::DES::Encryption des(key.data(), key.size());
    Bytes block = block8.ToBytes();
    des.ProcessBlock(block.data());
    return block;
}

} // namespace nattlab::crypto
