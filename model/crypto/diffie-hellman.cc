// SPDX-License-Identifier: GPL-2.0-only
#include "model/crypto/diffie-hellman.h"

#include "model/crypto/known-keys.h"
#include "model/crypto/modp-group.h"

namespace nattlab::crypto
{

namespace
{

thread_local DhArithmetic t_arithmetic = DhArithmetic::Remembering;

Bytes
Encode(const CryptoPP::Integer& value, std::size_t size)
{
    Bytes bytes(size);
    value.Encode(bytes.data(), size);
    return bytes;
}

/** \return true for a peer's value that is not 0, 1, or p-1 or larger. */
bool
IsSound(const Group& group, const CryptoPP::Integer& value)
{
    return value > CryptoPP::Integer::One() && value < group.Prime() - CryptoPP::Integer::One();
}

} // namespace

bool
IsKnownGroup(std::uint16_t number)
{
    for (const GroupRow& row : GroupRows())
    {
        if (static_cast<std::uint16_t>(row.group) == number)
        {
            return true;
        }
    }
    return false;
}

std::size_t
PublicSize(DhGroup group)
{
    return RowOf(group).primeBits / 8;
}

Bytes
Prime(DhGroup group)
{
    return Encode(Group::Of(group).Prime(), PublicSize(group));
}

void
SetDhArithmetic(DhArithmetic arithmetic)
{
    t_arithmetic = arithmetic;
}

void
WarmUpDh(std::initializer_list<DhGroup> groups)
{
    for (const DhGroup group : groups)
    {
        Group::Of(group).WarmUp();
    }
}

DhKeyPair
GenerateDhKey(DhGroup group, RandomStream& random)
{
    DhKeyPair pair;
    pair.group = group;
    pair.privateExponent = random.Take(RowOf(group).exponentBits / 8);
    pair.privateExponent[0] |= 0x80; // all exponents have their full length
    if (t_arithmetic == DhArithmetic::Plain)
    {
        pair.publicValue =
            Encode(Group::Of(group).Power(CryptoPP::Integer::Two(), pair.privateExponent),
                   PublicSize(group));
        return pair;
    }
    KnownKeys& known = KnownKeys::OfThread();
    if (const Bytes* value = known.PublicOf(group, pair.privateExponent))
    {
        pair.publicValue = *value;
        return pair;
    }
    pair.publicValue =
        Encode(Group::Of(group).GeneratorPower(pair.privateExponent), PublicSize(group));
    known.Add(pair);
    return pair;
}

std::optional<Bytes>
SharedSecret(const DhKeyPair& own, ByteView peerPublic)
{
    const std::size_t size = PublicSize(own.group);
    if (peerPublic.size() != size)
    {
        return std::nullopt;
    }
    const Group& group = Group::Of(own.group);
    if (t_arithmetic == DhArithmetic::Remembering)
    {
        KnownKeys& known = KnownKeys::OfThread();
        const Bytes* mine = known.ExponentOf(own.group, own.publicValue);
        const Bytes* theirs = known.ExponentOf(own.group, peerPublic);
        if (mine && theirs && *mine == own.privateExponent)
        {
            if (const Bytes* secret = known.SecretOf(own.publicValue, peerPublic))
            {
                return *secret;
            }
            Bytes secret =
                Encode(group.HasWideTable() ? group.ProductPower(*mine, *theirs)
                                            : group.Power({peerPublic.data(), size}, *mine),
                       size);
            known.AddSecret(own.publicValue, peerPublic, secret);
            return secret;
        }
    }
    const CryptoPP::Integer peer(peerPublic.data(), size);
    if (!IsSound(group, peer))
    {
        return std::nullopt;
    }
    return Encode(group.Power(peer, own.privateExponent), size);
}

} // namespace nattlab::crypto
