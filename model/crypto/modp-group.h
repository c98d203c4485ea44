// SPDX-License-Identifier: GPL-2.0-only
/**
 * \file
 * Arithmetic in a MODP group, for Diffie-Hellman.
 */
#ifndef NATTLAB_CRYPTO_MODP_GROUP_H
#define NATTLAB_CRYPTO_MODP_GROUP_H

#include "model/crypto/diffie-hellman.h"

#include <cryptopp/integer.h>
#include <cryptopp/modarith.h>

#include <atomic>
#include <cstddef>
#include <cstdint>
#include <memory>
#include <mutex>
#include <vector>

namespace nattlab::crypto
{

/** What is known of a group. */
struct GroupRow
{
    DhGroup group;
    std::size_t primeBits;
    std::size_t exponentBits;
    const char* prime; //!< hexadecimal
};

/** \return the rows of all groups. */
const std::vector<GroupRow>& GroupRows();

/** \return the row of one group. */
const GroupRow& RowOf(DhGroup group);

/**
 * The powers of the generator that every g^x is a product of: for each digit of the exponent, all
 * its values but 0, so that g^x costs a product per digit. Never changed once it is made.
 */
class PowerTable
{
  public:
    using Field = CryptoPP::MontgomeryRepresentation;

    /**
     * \param digitBits 4 or 8
     * \param exponentBits of the longest exponent
     */
    PowerTable(const Field& field, unsigned digitBits, std::size_t exponentBits);

    /** \return g^exponent; the exponent has no more than the bits given above. */
    CryptoPP::Integer Power(const Field& field, ByteView exponent) const;

  private:
    /** \return the power for a digit, nullptr for 0. \param place 0 for the lowest digit */
    const CryptoPP::Integer* Find(std::size_t place, unsigned digit) const;

    unsigned m_digitBits;
    std::vector<CryptoPP::Integer> m_powers; //!< in Montgomery form, lowest digit first
};

/**
 * A group with its tables. A Field has scratch memory, so each computation copies one; all else is
 * never changed once it is made.
 */
class Group
{
  public:
    explicit Group(const GroupRow& row);

    /** \return the group, made when it is first wanted. */
    static const Group& Of(DhGroup group);

    const CryptoPP::Integer& Prime() const
    {
        return m_field.GetModulus();
    }

    /** \return g^exponent mod p, where the exponent is one that GenerateDhKey makes. */
    CryptoPP::Integer GeneratorPower(ByteView exponent) const;

    /** \return true when ProductPower is quick by now. */
    bool HasWideTable() const
    {
        return m_powersTaken.load(std::memory_order_relaxed) >= WORTH_IT;
    }

    /** \return g^xy mod p. */
    CryptoPP::Integer ProductPower(ByteView x, ByteView y) const;

    /** \return base^exponent mod p. */
    CryptoPP::Integer Power(const CryptoPP::Integer& base, ByteView exponent) const;

    /** Make the wide table now. */
    void WarmUp() const;

  private:
    /**
     * The wide table costs about as many products as it saves in this many powers: a process that
     * negotiates twice does without, one that negotiates a thousand times has it soon.
     */
    static constexpr std::uint32_t WORTH_IT = 100;

    const PowerTable& Wide() const;

    const GroupRow& m_row;
    PowerTable::Field m_field;
    PowerTable m_narrow;
    mutable std::atomic<std::uint32_t> m_powersTaken{0};
    mutable std::once_flag m_wideOnce;
    mutable std::unique_ptr<const PowerTable> m_wide;
};

} // namespace nattlab::crypto

#endif
