// SPDX-License-Identifier: GPL-2.0-only
#include "model/crypto/hash.h"

#define CRYPTOPP_ENABLE_NAMESPACE_WEAK 1 // Crypto++ hides MD4 and MD5 behind it
#include <cryptopp/hmac.h>
#include <cryptopp/md4.h>
#include <cryptopp/md5.h>
#include <cryptopp/sha.h>

namespace nattlab::crypto
{

namespace
{

/** Run a hash or HMAC over the parts. */
template <typename Transformation>
Bytes
Finish(Transformation&& transformation, std::initializer_list<ByteView> parts)
{
    for (const ByteView& part : parts)
    {
        transformation.Update(part.data(), part.size());
    }
    Bytes digest(transformation.DigestSize());
    transformation.Final(digest.data());
    return digest;
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
    return algorithm == HashAlgorithm::Md5 ? Finish(CryptoPP::Weak::MD5(), parts)
                                           : Finish(CryptoPP::SHA1(), parts);
}

Bytes
Sha256(ByteView data)
{
    return Finish(CryptoPP::SHA256(), {data});
}

Bytes
Md4(ByteView data)
{
    return Finish(CryptoPP::Weak::MD4(), {data});
}

Bytes
HmacDigest(HashAlgorithm algorithm, ByteView key, std::initializer_list<ByteView> parts)
{
    return algorithm == HashAlgorithm::Md5
               ? Finish(CryptoPP::HMAC<CryptoPP::Weak::MD5>(key.data(), key.size()), parts)
               : Finish(CryptoPP::HMAC<CryptoPP::SHA1>(key.data(), key.size()), parts);
}

struct Hmac::Impl
{
    std::unique_ptr<CryptoPP::MessageAuthenticationCode> mac;
};

Hmac::Hmac(HashAlgorithm algorithm, ByteView key)
    : m_impl(std::make_unique<Impl>())
{
    if (algorithm == HashAlgorithm::Md5)
    {
        m_impl->mac = std::make_unique<CryptoPP::HMAC<CryptoPP::Weak::MD5>>(key.data(), key.size());
    }
    else
    {
        m_impl->mac = std::make_unique<CryptoPP::HMAC<CryptoPP::SHA1>>(key.data(), key.size());
    }
}

Hmac::Hmac(Hmac&&) noexcept = default;
Hmac& Hmac::operator=(Hmac&&) noexcept = default;
Hmac::~Hmac() = default;

void
Hmac::Compute(ByteView data, std::uint8_t* out, std::size_t size)
{
    m_impl->mac->Update(data.data(), data.size());
    m_impl->mac->TruncatedFinal(out, size);
}

} // namespace nattlab::crypto
