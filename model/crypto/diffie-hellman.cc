// SPDX-License-Identifier: GPL-2.0-only
#include "model/crypto/diffie-hellman.h"

#include <cryptopp/integer.h>
#include <cryptopp/modarith.h>
#include <string>
#include <vector>

namespace nattlab::crypto
{

namespace
{

/** The generator of all four groups. */
constexpr long GENERATOR = 2;

struct GroupRow
{
    DhGroup group;
    std::size_t primeBits;
    std::size_t exponentBits;
    const char* prime;
};

/**
 * Primes: RFC 2409 6.1 and 6.2, RFC 3526 2 and 3.
 *
 * Exponents: at least twice the strength. RFC 3526 8 puts group 5 between 90 and 120 bits and group
 * 14 between 110 and 160; RFC 3526 1 puts the groups of RFC 2409 between 70 and 80.
 */
constexpr GroupRow GROUPS[] = {
    {DhGroup::Modp768,
     768,
     160,
     "FFFFFFFFFFFFFFFFC90FDAA22168C234C4C6628B80DC1CD129024E088A67CC74"
     "020BBEA63B139B22514A08798E3404DDEF9519B3CD3A431B302B0A6DF25F1437"
     "4FE1356D6D51C245E485B576625E7EC6F44C42E9A63A3620FFFFFFFFFFFFFFFF"},
    {DhGroup::Modp1024,
     1024,
     256,
     "FFFFFFFFFFFFFFFFC90FDAA22168C234C4C6628B80DC1CD129024E088A67CC74"
     "020BBEA63B139B22514A08798E3404DDEF9519B3CD3A431B302B0A6DF25F1437"
     "4FE1356D6D51C245E485B576625E7EC6F44C42E9A637ED6B0BFF5CB6F406B7ED"
     "EE386BFB5A899FA5AE9F24117C4B1FE649286651ECE65381FFFFFFFFFFFFFFFF"},
    {DhGroup::Modp1536,
     1536,
     256,
     "FFFFFFFFFFFFFFFFC90FDAA22168C234C4C6628B80DC1CD129024E088A67CC74"
     "020BBEA63B139B22514A08798E3404DDEF9519B3CD3A431B302B0A6DF25F1437"
     "4FE1356D6D51C245E485B576625E7EC6F44C42E9A637ED6B0BFF5CB6F406B7ED"
     "EE386BFB5A899FA5AE9F24117C4B1FE649286651ECE45B3DC2007CB8A163BF05"
     "98DA48361C55D39A69163FA8FD24CF5F83655D23DCA3AD961C62F356208552BB"
     "9ED529077096966D670C354E4ABC9804F1746C08CA237327FFFFFFFFFFFFFFFF"},
    {DhGroup::Modp2048,
     2048,
     320,
     "FFFFFFFFFFFFFFFFC90FDAA22168C234C4C6628B80DC1CD129024E088A67CC74"
     "020BBEA63B139B22514A08798E3404DDEF9519B3CD3A431B302B0A6DF25F1437"
     "4FE1356D6D51C245E485B576625E7EC6F44C42E9A637ED6B0BFF5CB6F406B7ED"
     "EE386BFB5A899FA5AE9F24117C4B1FE649286651ECE45B3DC2007CB8A163BF05"
     "98DA48361C55D39A69163FA8FD24CF5F83655D23DCA3AD961C62F356208552BB"
     "9ED529077096966D670C354E4ABC9804F1746C08CA18217C32905E462E36CE3B"
     "E39E772C180E86039B2783A2EC07A28FB5C55DF06F4C52C9DE2BCBF695581718"
     "3995497CEA956AE515D2261898FA051015728E5A8AACAA68FFFFFFFFFFFFFFFF"},
};

const GroupRow&
RowOf(DhGroup group)
{
    std::size_t i = 0;
    while (GROUPS[i].group != group)
    {
        ++i;
    }
    return GROUPS[i];
}

using Field = CryptoPP::MontgomeryRepresentation;

/**
 * A prime with the powers of the generator that every g^x is a product of: for each hexadecimal
 * digit of the exponent one of 15, so that g^x costs a product per digit. Never changed once it is
 * made; a Field has scratch memory, so each computation makes its own.
 */
class Group
{
  public:
    explicit Group(const GroupRow& row)
        : m_prime((std::string("0x") + row.prime).c_str())
    {
        const Field field(m_prime);
        CryptoPP::Integer base = field.ConvertIn(GENERATOR);
        m_powers.reserve(row.exponentBits / 4 * 15);
        for (std::size_t digit = 0; digit < row.exponentBits / 4; ++digit)
        {
            CryptoPP::Integer power = base;
            for (int value = 1; value <= 15; ++value)
            {
                m_powers.push_back(power);
                power = field.Multiply(power, base);
            }
            base = power; // the 16th power is the next digit's first
        }
    }

    const CryptoPP::Integer& Prime() const
    {
        return m_prime;
    }

    /** \return g^exponent mod p. */
    CryptoPP::Integer GeneratorPower(ByteView exponent) const
    {
        const Field field(m_prime);
        CryptoPP::Integer product = field.MultiplicativeIdentity();
        std::size_t row = 0;
        for (std::size_t i = exponent.size(); i-- > 0;)
        {
            for (const int digit : {exponent[i] & 15, exponent[i] >> 4})
            {
                if (digit != 0)
                {
                    product = field.Multiply(product, m_powers[row + digit - 1]);
                }
                row += 15;
            }
        }
        return field.ConvertOut(product);
    }

    /** \return base^exponent mod p. */
    CryptoPP::Integer Power(const CryptoPP::Integer& base, ByteView exponent) const
    {
        const Field field(m_prime);
        const CryptoPP::Integer power = field.Exponentiate(
            field.ConvertIn(base), CryptoPP::Integer(exponent.data(), exponent.size()));
        return field.ConvertOut(power);
    }

  private:
    CryptoPP::Integer m_prime;
    std::vector<CryptoPP::Integer> m_powers; //!< in Montgomery form, 15 per digit, lowest first
};

/** \return the group, made when it is first wanted. */
const Group&
GroupOf(DhGroup group)
{
    switch (group)
    {
    case DhGroup::Modp768:
    {
        static const Group MODP768(RowOf(DhGroup::Modp768));
        return MODP768;
    }
    case DhGroup::Modp1024:
        break;
    case DhGroup::Modp1536:
    {
        static const Group MODP1536(RowOf(DhGroup::Modp1536));
        return MODP1536;
    }
    case DhGroup::Modp2048:
    {
        static const Group MODP2048(RowOf(DhGroup::Modp2048));
        return MODP2048;
    }
    }
    static const Group MODP1024(RowOf(DhGroup::Modp1024));
    return MODP1024;
}

Bytes
Encode(const CryptoPP::Integer& value, std::size_t size)
{
    Bytes bytes(size);
    value.Encode(bytes.data(), size);
    return bytes;
}

} // namespace

bool
IsKnownGroup(std::uint16_t number)
{
    for (const GroupRow& row : GROUPS)
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
    return Encode(GroupOf(group).Prime(), PublicSize(group));
}

DhKeyPair
GenerateDhKey(DhGroup group, RandomStream& random)
{
    DhKeyPair pair;
    pair.group = group;
    pair.privateExponent = random.Take(RowOf(group).exponentBits / 8);
    pair.privateExponent[0] |= 0x80; // all exponents have their full length
    pair.publicValue =
        Encode(GroupOf(group).GeneratorPower(pair.privateExponent), PublicSize(group));
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
    const Group& group = GroupOf(own.group);
    const CryptoPP::Integer peer(peerPublic.data(), size);
    if (peer <= CryptoPP::Integer::One() || peer >= group.Prime() - CryptoPP::Integer::One())
    {
        return std::nullopt;
    }
    return Encode(group.Power(peer, own.privateExponent), size);
}

} // namespace nattlab::crypto
