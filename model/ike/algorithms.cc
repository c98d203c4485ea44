// SPDX-License-Identifier: GPL-2.0-only
#include "model/ike/algorithms.h"

#include "model/ike/proposal.h"

#include <algorithm>
#include <string_view>

namespace nattlab::ike
{

using crypto::CipherAlgorithm;
using crypto::HashAlgorithm;

namespace
{

struct CipherRow
{
    CipherAlgorithm cipher;
    std::uint16_t phase1;   // RFC 2409 appendix A; 0: not there
    std::uint8_t transform; // RFC 2407 4.4.4, RFC 3602 5.3
    bool hasKeyLength;
    std::string_view name;
};

constexpr CipherRow CIPHERS[] = {
    {CipherAlgorithm::DesCbc, 1, 2, false, "DES"},
    {CipherAlgorithm::TripleDesCbc, 5, 3, false, "3DES"},
    {CipherAlgorithm::Null, 0, 11, false, "NULL"},
    {CipherAlgorithm::AesCbc, 7, 12, true, "AES"},
};

const CipherRow&
RowOf(CipherAlgorithm cipher)
{
    return *std::find_if(std::begin(CIPHERS),
                         std::end(CIPHERS),
                         [&](const CipherRow& row) { return row.cipher == cipher; });
}

} // namespace

std::uint16_t
Phase1Number(CipherAlgorithm cipher)
{
    return RowOf(cipher).phase1;
}

std::uint8_t
EspTransformId(CipherAlgorithm cipher)
{
    return RowOf(cipher).transform;
}

std::optional<CipherAlgorithm>
CipherOfPhase1(std::uint32_t number)
{
    for (const CipherRow& row : CIPHERS)
    {
        if (row.phase1 != 0 && row.phase1 == number)
        {
            return row.cipher;
        }
    }
    return std::nullopt;
}

std::optional<CipherAlgorithm>
CipherOfEsp(std::uint8_t transformId)
{
    for (const CipherRow& row : CIPHERS)
    {
        if (row.transform == transformId)
        {
            return row.cipher;
        }
    }
    return std::nullopt;
}

std::uint16_t
KeyLength(CipherAlgorithm cipher, std::uint16_t keyBits)
{
    if (!RowOf(cipher).hasKeyLength)
    {
        return 0;
    }
    return keyBits != 0 ? keyBits : static_cast<std::uint16_t>(8 * crypto::DefaultKeySize(cipher));
}

std::uint16_t
HashNumber(HashAlgorithm hash)
{
    return hash == HashAlgorithm::Md5 ? 1 : 2;
}

std::optional<HashAlgorithm>
HashOf(std::uint32_t number)
{
    switch (number)
    {
    case 1:
        return HashAlgorithm::Md5;
    case 2:
        return HashAlgorithm::Sha1;
    default:
        return std::nullopt;
    }
}

std::optional<crypto::DhGroup>
GroupOf(std::uint32_t number)
{
    if (number > 0xFFFF || !crypto::IsKnownGroup(static_cast<std::uint16_t>(number)))
    {
        return std::nullopt;
    }
    return static_cast<crypto::DhGroup>(number);
}

std::uint32_t
Shorter(std::uint32_t a, std::uint32_t b)
{
    return a == 0 || b == 0 ? std::max(a, b) : std::min(a, b);
}

std::size_t
KeySize(CipherAlgorithm cipher, std::uint16_t keyBits)
{
    const std::uint16_t bits = KeyLength(cipher, keyBits);
    return bits != 0 ? bits / 8 : crypto::DefaultKeySize(cipher);
}

std::string
CipherName(CipherAlgorithm cipher, std::uint16_t keyBits)
{
    std::string name{RowOf(cipher).name};
    if (const std::uint16_t bits = KeyLength(cipher, keyBits))
    {
        name += '-' + std::to_string(bits);
    }
    return name;
}

std::string
GroupName(crypto::DhGroup group)
{
    return "MODP-" + std::to_string(8 * crypto::PublicSize(group));
}

std::optional<AuthMethod>
AuthMethodOf(std::uint32_t number)
{
    for (const AuthMethod method : {AuthMethod::PresharedKey, AuthMethod::RsaSignature})
    {
        if (number == static_cast<std::uint32_t>(method))
        {
            return method;
        }
    }
    return std::nullopt;
}

std::string
AuthName(AuthMethod method)
{
    return method == AuthMethod::PresharedKey ? "pre-shared key" : "RSA signatures";
}

std::string
HashName(HashAlgorithm hash)
{
    return hash == HashAlgorithm::Md5 ? "MD5" : "SHA1";
}

} // namespace nattlab::ike
