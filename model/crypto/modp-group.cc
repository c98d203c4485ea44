// SPDX-License-Identifier: GPL-2.0-only
#include "model/crypto/modp-group.h"

#include <string>

namespace nattlab::crypto
{

namespace
{

/** The generator of all four groups. */
constexpr long GENERATOR = 2;

constexpr unsigned NARROW = 4; // bits of a digit: quickly made
constexpr unsigned WIDE = 8;   // half the products for eight times the table

CryptoPP::Integer
PrimeOf(const GroupRow& row)
{
    return CryptoPP::Integer((std::string("0x") + row.prime).c_str());
}

/**
 * Bring the factors into the cache together: the table is larger than that, and a product would
 * wait for each of them.
 */
void
Fetch(const std::vector<const CryptoPP::Integer*>& factors)
{
    constexpr std::size_t LINE = 64; // bytes
    for (const CryptoPP::Integer* factor : factors)
    {
        __builtin_prefetch(factor);
    }
    volatile CryptoPP::byte read = 0;
    for (const CryptoPP::Integer* factor : factors)
    {
        for (std::size_t i = 0; factor && i < factor->WordCount() * sizeof(CryptoPP::word);
             i += LINE)
        {
            read = factor->GetByte(i);
        }
    }
    static_cast<void>(read);
}

} // namespace

/**
 * Primes: RFC 2409 6.1 and 6.2, RFC 3526 2 and 3.
 *
 * Exponents: at least twice the strength. RFC 3526 8 puts group 5 between 90 and 120 bits and group
 * 14 between 110 and 160; RFC 3526 1 puts the groups of RFC 2409 between 70 and 80.
 */
const std::vector<GroupRow>&
GroupRows()
{
    static const std::vector<GroupRow> ROWS = {
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
    return ROWS;
}

const GroupRow&
RowOf(DhGroup group)
{
    std::size_t i = 0;
    while (GroupRows()[i].group != group)
    {
        ++i;
    }
    return GroupRows()[i];
}

PowerTable::PowerTable(const Field& field, unsigned digitBits, std::size_t exponentBits)
    : m_digitBits(digitBits)
{
    const std::size_t digits = exponentBits / digitBits;
    const unsigned values = (1U << digitBits) - 1;
    CryptoPP::Integer base = field.ConvertIn(GENERATOR);
    m_powers.reserve(digits * values);
    for (std::size_t digit = 0; digit < digits; ++digit)
    {
        CryptoPP::Integer power = base;
        for (unsigned value = 1; value <= values; ++value)
        {
            m_powers.push_back(power);
            power = field.Multiply(power, base);
        }
        base = power; // this power is the next digit's first
    }
}

const CryptoPP::Integer*
PowerTable::Find(std::size_t place, unsigned digit) const
{
    const std::size_t values = (std::size_t{1} << m_digitBits) - 1;
    return digit == 0 ? nullptr : &m_powers[place * values + digit - 1];
}

CryptoPP::Integer
PowerTable::Power(const Field& field, ByteView exponent) const
{
    std::vector<const CryptoPP::Integer*> factors;
    factors.reserve(2 * exponent.size());
    for (std::size_t i = exponent.size(); i-- > 0;)
    {
        if (m_digitBits == WIDE)
        {
            factors.push_back(Find(factors.size(), exponent[i]));
        }
        else
        {
            factors.push_back(Find(factors.size(), exponent[i] & 15));
            factors.push_back(Find(factors.size(), exponent[i] >> 4));
        }
    }
    Fetch(factors);
    CryptoPP::Integer product = field.MultiplicativeIdentity();
    for (const CryptoPP::Integer* factor : factors)
    {
        if (factor)
        {
            product = field.Multiply(product, *factor);
        }
    }
    return field.ConvertOut(product);
}

Group::Group(const GroupRow& row)
    : m_row(row),
      m_field(PrimeOf(row)),
      m_narrow(m_field, NARROW, row.exponentBits)
{
}

const Group&
Group::Of(DhGroup group)
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

CryptoPP::Integer
Group::GeneratorPower(ByteView exponent) const
{
    ++m_powersTaken;
    const PowerTable::Field field(m_field);
    return (HasWideTable() ? Wide() : m_narrow).Power(field, exponent);
}

CryptoPP::Integer
Group::ProductPower(ByteView x, ByteView y) const
{
    using CryptoPP::Integer;
    const Integer exponent = Integer(x.data(), x.size()) * Integer(y.data(), y.size());
    Bytes bytes(x.size() + y.size());
    exponent.Encode(bytes.data(), bytes.size());
    const PowerTable::Field field(m_field);
    return Wide().Power(field, bytes);
}

CryptoPP::Integer
Group::Power(const CryptoPP::Integer& base, ByteView exponent) const
{
    const PowerTable::Field field(m_field);
    const CryptoPP::Integer power = field.Exponentiate(
        field.ConvertIn(base), CryptoPP::Integer(exponent.data(), exponent.size()));
    return field.ConvertOut(power);
}

void
Group::WarmUp() const
{
    m_powersTaken = WORTH_IT;
    Wide();
}

const PowerTable&
Group::Wide() const
{
    std::call_once(m_wideOnce,
                   [this]
                   {
                       const PowerTable::Field field(m_field);
                       m_wide = std::make_unique<PowerTable>(field, WIDE, 2 * m_row.exponentBits);
                   });
    return *m_wide;
}

} // namespace nattlab::crypto
