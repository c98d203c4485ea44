// SPDX-License-Identifier: GPL-2.0-only
#include "model/ike/keys.h"

#include <algorithm>
#include <array>

namespace nattlab::ike
{

using crypto::Digest;
using crypto::HmacDigest;

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

Bytes
Number32(std::uint32_t value)
{
    Bytes bytes;
    Append32(bytes, value);
    return bytes;
}

Bytes
Number64(std::uint64_t value)
{
    Bytes bytes;
    Append64(bytes, value);
    return bytes;
}

} // namespace

Bytes
Cookies::ToBytes() const
{
    Bytes bytes;
    Append64(bytes, initiator);
    Append64(bytes, responder);
    return bytes;
}

Bytes
SkeyidOfPresharedKey(crypto::HashAlgorithm hash, ByteView key, ByteView ni, ByteView nr)
{
    return HmacDigest(hash, key, {ni, nr});
}

Bytes
SkeyidOfSignatures(crypto::HashAlgorithm hash, ByteView ni, ByteView nr, ByteView shared)
{
    return HmacDigest(hash, Concat({ni, nr}), {shared});
}

PhaseOneKeys
DeriveKeys(crypto::HashAlgorithm hash, Bytes skeyid, ByteView shared, const Cookies& cookies)
{
    const Bytes cookieBytes = cookies.ToBytes();
    const crypto::Hmac prf(hash, skeyid);
    const auto derive = [&](ByteView previous, std::uint8_t n) {
        return prf.Digest({previous, shared, cookieBytes, ByteView{&n, 1}});
    };
    PhaseOneKeys keys;
    keys.d = derive({}, 0);
    keys.a = derive(keys.d, 1);
    keys.e = derive(keys.a, 2);
    keys.skeyid = std::move(skeyid);
    return keys;
}

std::optional<Bytes>
PhaseOneCipherKey(crypto::HashAlgorithm hash,
                  const PhaseOneKeys& keys,
                  crypto::CipherAlgorithm cipher,
                  std::size_t size)
{
    Bytes key = keys.e;
    if (key.size() < size)
    {
        // RFC 2409 appendix B: Ka = K1 | K2 | ..., K1 = prf(SKEYID_e, 0), Kn = prf(SKEYID_e, Kn-1)
        const std::uint8_t zero = 0;
        const crypto::Hmac prf(hash, keys.e);
        Bytes part = prf.Digest({ByteView{&zero, 1}});
        key = part;
        while (key.size() < size)
        {
            part = prf.Digest({part});
            Append(key, part);
        }
    }
    key.resize(size);
    if (cipher == crypto::CipherAlgorithm::DesCbc && IsWeakDesKey(key))
    {
        return std::nullopt;
    }
    return key;
}

Bytes
PhaseOneIv(crypto::HashAlgorithm hash, ByteView gxi, ByteView gxr, std::size_t size)
{
    Bytes iv = Digest(hash, {gxi, gxr});
    iv.resize(std::min(iv.size(), size));
    return iv;
}

Bytes
PhaseTwoIv(crypto::HashAlgorithm hash, ByteView lastBlock, std::uint32_t messageId)
{
    Bytes iv = Digest(hash, {lastBlock, Number32(messageId)});
    iv.resize(std::min(iv.size(), lastBlock.size()));
    return iv;
}

Bytes
MainModeHash(crypto::HashAlgorithm hash,
             const PhaseOneKeys& keys,
             ByteView ownPublic,
             ByteView peerPublic,
             std::uint64_t ownCookie,
             std::uint64_t peerCookie,
             ByteView saBody,
             ByteView idBody)
{
    return HmacDigest(
        hash,
        keys.skeyid,
        {ownPublic, peerPublic, Number64(ownCookie), Number64(peerCookie), saBody, idBody});
}

Bytes
QuickModeHash(crypto::HashAlgorithm hash,
              const PhaseOneKeys& keys,
              std::uint32_t messageId,
              ByteView nonce,
              ByteView rest)
{
    return HmacDigest(hash, keys.a, {Number32(messageId), nonce, rest});
}

Bytes
QuickModeHash3(crypto::HashAlgorithm hash,
               const PhaseOneKeys& keys,
               std::uint32_t messageId,
               ByteView ni,
               ByteView nr)
{
    const std::uint8_t zero = 0;
    return HmacDigest(hash, keys.a, {ByteView{&zero, 1}, Number32(messageId), ni, nr});
}

Bytes
DeleteAnswerHash(crypto::HashAlgorithm hash,
                 const PhaseOneKeys& keys,
                 ByteView ni,
                 std::uint32_t messageId,
                 ByteView rest)
{
    return HmacDigest(hash, keys.a, {ni, Number32(messageId), rest});
}

Bytes
KeyMaterial(crypto::HashAlgorithm hash,
            const PhaseOneKeys& keys,
            ByteView shared,
            std::uint8_t protocol,
            std::uint32_t spi,
            ByteView ni,
            ByteView nr,
            std::size_t size)
{
    const Bytes input = Concat({shared, ByteView{&protocol, 1}, Number32(spi), ni, nr});
    const crypto::Hmac prf(hash, keys.d);
    Bytes material;
    Bytes part;
    while (material.size() < size)
    {
        part = prf.Digest({part, input});
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
EncryptPayloads(const crypto::CbcCipher& cipher, ByteView iv, Bytes payloads)
{
    const std::size_t block = crypto::BlockSize(cipher.Algorithm());
    payloads.resize((payloads.size() + block - 1) / block * block);
    cipher.Encrypt(iv, payloads.data(), payloads.size());
    return payloads;
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
