// SPDX-License-Identifier: GPL-2.0-only
#include "model/crypto/known-keys.h"

#include <algorithm>
#include <utility>

namespace nattlab::crypto
{

namespace
{

constexpr std::size_t HALF = 2048; // pairs; more than negotiate at one time

/** The lowest bits of a number are as good as random: those of a power, and of an exponent. */
std::uint64_t
KeyOf(ByteView number)
{
    return number.size() < 8 ? 0 : Load64(number.data() + number.size() - 8);
}

bool
IsLess(ByteView a, ByteView b)
{
    return std::lexicographical_compare(a.begin(), a.end(), b.begin(), b.end());
}

bool
Is(ByteView whole, ByteView one, ByteView other)
{
    const bool less = IsLess(one, other);
    const ByteView first = less ? one : other;
    return whole.Sub(0, first.size()) == first && whole.Sub(first.size()) == (less ? other : one);
}

} // namespace

KnownKeys&
KnownKeys::OfThread()
{
    thread_local KnownKeys t_known;
    return t_known;
}

void
KnownKeys::MakeRoom()
{
    if (m_recent.byPublic.size() >= HALF || m_recent.secrets.size() >= HALF)
    {
        m_older = std::exchange(m_recent, Half{});
    }
}

void
KnownKeys::Add(const DhKeyPair& pair)
{
    MakeRoom();
    const std::uint64_t key = KeyOf(pair.publicValue);
    m_recent.byPublic[key] = pair;
    m_recent.byExponent[KeyOf(pair.privateExponent)] = key;
}

const DhKeyPair*
KnownKeys::Find(const Half& half, DhGroup group, ByteView publicValue) const
{
    const auto it = half.byPublic.find(KeyOf(publicValue));
    return it != half.byPublic.end() && it->second.group == group &&
                   ByteView{it->second.publicValue} == publicValue
               ? &it->second
               : nullptr;
}

const Bytes*
KnownKeys::ExponentOf(DhGroup group, ByteView publicValue) const
{
    for (const Half* half : {&m_recent, &m_older})
    {
        if (const DhKeyPair* pair = Find(*half, group, publicValue))
        {
            return &pair->privateExponent;
        }
    }
    return nullptr;
}

const Bytes*
KnownKeys::PublicOf(DhGroup group, ByteView exponent) const
{
    for (const Half* half : {&m_recent, &m_older})
    {
        const auto it = half->byExponent.find(KeyOf(exponent));
        if (it == half->byExponent.end())
        {
            continue;
        }
        const auto pair = half->byPublic.find(it->second);
        if (pair != half->byPublic.end() && pair->second.group == group &&
            ByteView{pair->second.privateExponent} == exponent)
        {
            return &pair->second.publicValue;
        }
    }
    return nullptr;
}

const Bytes*
KnownKeys::SecretOf(ByteView one, ByteView other) const
{
    for (const Half* half : {&m_recent, &m_older})
    {
        const auto it = half->secrets.find(KeyOf(one) ^ KeyOf(other));
        if (it != half->secrets.end() && Is(it->second.publics, one, other))
        {
            return &it->second.value;
        }
    }
    return nullptr;
}

void
KnownKeys::AddSecret(ByteView one, ByteView other, const Bytes& secret)
{
    MakeRoom();
    m_recent.secrets[KeyOf(one) ^ KeyOf(other)] = {
        IsLess(one, other) ? Concat({one, other}) : Concat({other, one}), secret};
}

} // namespace nattlab::crypto
