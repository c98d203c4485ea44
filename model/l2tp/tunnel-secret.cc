// SPDX-License-Identifier: GPL-2.0-only
#include "model/l2tp/tunnel-secret.h"

#include "model/crypto/hash.h"

#include <algorithm>
#include <cstddef>

namespace nattlab::l2tp
{

namespace
{

constexpr std::size_t CHUNK = 16;

/**
 * XOR \p text with the key stream of RFC 2661 4.3: b1 = MD5(AV + S + RV), bi = MD5(S + c(i-1)).
 * The chain runs over the cipher text, which is the input when revealing.
 */
Bytes
Mix(std::uint16_t type, ByteView secret, ByteView randomVector, ByteView text, bool revealing)
{
    std::uint8_t number[2];
    Store16(number, type);
    Bytes out = text.ToBytes();
    Bytes mask =
        crypto::Digest(crypto::HashAlgorithm::Md5, {ByteView(number, 2), secret, randomVector});
    for (std::size_t at = 0; at < out.size(); at += CHUNK)
    {
        const std::size_t size = std::min(CHUNK, out.size() - at);
        for (std::size_t i = 0; i < size; ++i)
        {
            out[at + i] ^= mask[i];
        }
        const ByteView cipher = revealing ? text.Sub(at, size) : ByteView(out).Sub(at, size);
        if (at + CHUNK < out.size())
        {
            mask = crypto::Digest(crypto::HashAlgorithm::Md5, {secret, cipher});
        }
    }
    return out;
}

} // namespace

Bytes
HideValue(std::uint16_t type,
          ByteView secret,
          ByteView randomVector,
          ByteView value,
          ByteView padding)
{
    Bytes subformat;
    subformat.reserve(2 + value.size() + padding.size());
    Append16(subformat, static_cast<std::uint16_t>(value.size()));
    Append(subformat, value);
    Append(subformat, padding);
    return Mix(type, secret, randomVector, subformat, false);
}

std::optional<Bytes>
RevealValue(std::uint16_t type, ByteView secret, ByteView randomVector, ByteView hidden)
{
    const Bytes subformat = Mix(type, secret, randomVector, hidden, true);
    ByteReader reader{ByteView(subformat)};
    const std::uint16_t length = reader.Read16();
    const ByteView value = reader.Read(length);
    return reader.Ok() ? std::optional<Bytes>(value.ToBytes()) : std::nullopt;
}

Bytes
ChallengeResponse(std::uint8_t messageType, ByteView secret, ByteView challenge)
{
    return crypto::Digest(crypto::HashAlgorithm::Md5,
                          {ByteView(&messageType, 1), secret, challenge});
}

} // namespace nattlab::l2tp
