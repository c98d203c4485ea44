// SPDX-License-Identifier: GPL-2.0-only
#include "model/ike/keys.h"

#include <algorithm>
#include <array>

namespace nattlab::ike
{

using crypto::Digest;
using crypto::HashAlgorithm;

namespace
{

constexpr std::uint64_t WEAK_DES_KEYS[] = {
    // Weak. RFC 2409 appendix A prints the second halves of the middle two without their parity.
    0x0101010101010101,
    0x1f1f1f1f0e0e0e0e,
    0xe0e0e0e0f1f1f1f1,
    0xfefefefefefefefe,
    // Semi-weak
    0x01fe01fe01fe01fe,
    0x1fe01fe00ef10ef1,
    0x01e001e001f101f1,
    0x1ffe1ffe0efe0efe,
    0x011f011f010e010e,
    0xe0fee0fef1fef1fe,
    0xfe01fe01fe01fe01,
    0xe01fe01ff10ef10e,
    0xe001e001f101f101,
    0xfe1ffe1ffe0efe0e,
    0x1f011f010e010e01,
    0xfee0fee0fef1fef1,
};

/** \return prf(key, parts). */
ShortBytes
Prf(const crypto::Hmac& key, HashAlgorithm hash, std::initializer_list<ByteView> parts)
{
    ShortBytes digest = ShortBytes::Zeros(crypto::DigestSize(hash));
    key.Compute(parts, digest.data(), digest.size());
    return digest;
}

ShortBytes
Prf(ByteView key, HashAlgorithm hash, std::initializer_list<ByteView> parts)
{
    return Prf(crypto::Hmac(hash, key), hash, parts);
}

/** \return the first bytes, at most \p size. */
ShortBytes
First(const Bytes& bytes, std::size_t size)
{
    return ByteView{bytes}.Sub(0, size);
}

} // namespace

ShortBytes
Cookies::ToBytes() const
{
    ShortBytes bytes = ShortBytes::Zeros(16);
    Store64(bytes.data(), initiator);
    Store64(bytes.data() + 8, responder);
    return bytes;
}

ShortBytes
SkeyidOfPresharedKey(HashAlgorithm hash, ByteView key, ByteView ni, ByteView nr)
{
    return Prf(key, hash, {ni, nr});
}

ShortBytes
SkeyidOfSignatures(HashAlgorithm hash, ByteView ni, ByteView nr, ByteView shared)
{
    return Prf(Concat({ni, nr}), hash, {shared});
}

PhaseOneKeys
DeriveKeys(HashAlgorithm hash, ShortBytes skeyid, ByteView shared, const Cookies& cookies)
{
    const ShortBytes cookieBytes = cookies.ToBytes();
    const crypto::Hmac key(hash, skeyid);
    const auto derive = [&](ByteView previous, std::uint8_t n) {
        return Prf(key, hash, {previous, shared, cookieBytes, ByteView{&n, 1}});
    };
    PhaseOneKeys keys;
    keys.d = derive({}, 0);
    keys.a = derive(keys.d, 1);
    keys.e = derive(keys.a, 2);
    keys.skeyid = std::move(skeyid);
    return keys;
}

std::optional<ShortBytes>
PhaseOneCipherKey(HashAlgorithm hash,
                  const PhaseOneKeys& keys,
                  crypto::CipherAlgorithm cipher,
                  std::size_t size)
{
    Bytes material;
    material.reserve(size + keys.e.size());
    if (keys.e.size() >= size)
    {
        Append(material, keys.e);
    }
    else
    {
        // RFC 2409 appendix B: Ka = K1 | K2 | ..., K1 = prf(SKEYID_e, 0), Kn = prf(SKEYID_e, Kn-1)
        const std::uint8_t zero = 0;
        const crypto::Hmac prf(hash, keys.e);
        ShortBytes part = Prf(prf, hash, {ByteView{&zero, 1}});
        Append(material, part);
        while (material.size() < size)
        {
            part = Prf(prf, hash, {part});
            Append(material, part);
        }
    }
    const ShortBytes key = First(material, size);
    if (cipher == crypto::CipherAlgorithm::DesCbc && IsWeakDesKey(key))
    {
        return std::nullopt;
    }
    return key;
}

ShortBytes
PhaseOneIv(HashAlgorithm hash, ByteView gxi, ByteView gxr, std::size_t size)
{
    return First(Digest(hash, {gxi, gxr}), size);
}

ShortBytes
PhaseTwoIv(HashAlgorithm hash, ByteView lastBlock, std::uint32_t messageId)
{
    return First(Digest(hash, {lastBlock, ShortBytes::Of32(messageId)}), lastBlock.size());
}

ShortBytes
MainModeHash(HashAlgorithm hash,
             const PhaseOneKeys& keys,
             ByteView ownPublic,
             ByteView peerPublic,
             std::uint64_t ownCookie,
             std::uint64_t peerCookie,
             ByteView saBody,
             ByteView idBody)
{
    return Prf(keys.skeyid,
               hash,
               {ownPublic,
                peerPublic,
                ShortBytes::Of64(ownCookie),
                ShortBytes::Of64(peerCookie),
                saBody,
                idBody});
}

ShortBytes
QuickModeHash(HashAlgorithm hash,
              const PhaseOneKeys& keys,
              std::uint32_t messageId,
              ByteView nonce,
              ByteView rest)
{
    return Prf(keys.a, hash, {ShortBytes::Of32(messageId), nonce, rest});
}

ShortBytes
QuickModeHash3(HashAlgorithm hash,
               const PhaseOneKeys& keys,
               std::uint32_t messageId,
               ByteView ni,
               ByteView nr)
{
    const std::uint8_t zero = 0;
    return Prf(keys.a, hash, {ByteView{&zero, 1}, ShortBytes::Of32(messageId), ni, nr});
}

ShortBytes
DeleteAnswerHash(HashAlgorithm hash,
                 const PhaseOneKeys& keys,
                 ByteView ni,
                 std::uint32_t messageId,
                 ByteView rest)
{
    return Prf(keys.a, hash, {ni, ShortBytes::Of32(messageId), rest});
}

Bytes
KeyMaterial(HashAlgorithm hash,
            const PhaseOneKeys& keys,
            ByteView shared,
            std::uint8_t protocol,
            std::uint32_t spi,
            ByteView ni,
            ByteView nr,
            std::size_t size)
{
    const crypto::Hmac prf(hash, keys.d);
    Bytes material;
    material.reserve(size + crypto::DigestSize(hash));
    ShortBytes part;
    while (material.size() < size)
    {
        part =
            Prf(prf, hash, {part, shared, ByteView{&protocol, 1}, ShortBytes::Of32(spi), ni, nr});
        Append(material, part);
    }
    material.resize(size);
    return material;
}

bool
IsWeakDesKey(ByteView key)
{
    constexpr std::uint64_t WITHOUT_PARITY = 0xfefefefefefefefe;
    if (key.size() != 8)
    {
        return false;
    }
    const std::uint64_t value = Load64(key.data()) & WITHOUT_PARITY;
    return std::any_of(std::begin(WEAK_DES_KEYS),
                       std::end(WEAK_DES_KEYS),
                       [&](std::uint64_t weak) { return (weak & WITHOUT_PARITY) == value; });
}

Bytes
EncryptPayloads(const crypto::CbcCipher& cipher, ByteView iv, Bytes bytes, std::size_t clear)
{
    const std::size_t block = crypto::BlockSize(cipher.Algorithm());
    const std::size_t size = (bytes.size() - clear + block - 1) / block * block;
    bytes.resize(clear + size);
    cipher.Encrypt(iv, bytes.data() + clear, size);
    return bytes;
}

std::optional<Bytes>
DecryptPayloads(const crypto::CbcCipher& cipher, ByteView iv, ByteView data)
{
    if (data.empty() || data.size() % crypto::BlockSize(cipher.Algorithm()) != 0)
    {
        return std::nullopt;
    }
    Bytes plain = data.ToBytes();
    cipher.Decrypt(iv, plain.data(), plain.size());
    return plain;
}

} // namespace nattlab::ike
