// SPDX-License-Identifier: GPL-2.0-only
/**
 * \file
 * The algorithms by their numbers on the wire (RFC 2409 appendix A, RFC 2407 4.4.4 and 4.5).
 */
#ifndef NATTLAB_IKE_ALGORITHMS_H
#define NATTLAB_IKE_ALGORITHMS_H

#include "model/ike/profile.h"

#include <optional>
#include <string>
#include <utility>
#include <vector>

namespace nattlab::ike
{

/** \return the number of a cipher in phase 1; 0 when it has none. */
std::uint16_t Phase1Number(crypto::CipherAlgorithm cipher);

/** \return the ESP transform identifier of a cipher. */
std::uint8_t EspTransformId(crypto::CipherAlgorithm cipher);

/** \return the cipher with this phase-1 number. */
std::optional<crypto::CipherAlgorithm> CipherOfPhase1(std::uint32_t number);

/** \return the cipher with this ESP transform identifier. */
std::optional<crypto::CipherAlgorithm> CipherOfEsp(std::uint8_t transformId);

/** \return the key length as it stands on the wire; 0 for ciphers without that attribute. */
std::uint16_t KeyLength(crypto::CipherAlgorithm cipher, std::uint16_t keyBits);

/** \return the number of a hash, and of its HMAC in ESP: 1 MD5, 2 SHA-1. */
std::uint16_t HashNumber(crypto::HashAlgorithm hash);

/** \return the hash with this number. */
std::optional<crypto::HashAlgorithm> HashOf(std::uint32_t number);

/** \return the group with this number, if it is known. */
std::optional<crypto::DhGroup> GroupOf(std::uint32_t number);

/** \return the shorter of two lifetimes of which 0 is no limit. */
std::uint32_t Shorter(std::uint32_t a, std::uint32_t b);

/** \return the method with this number, if it is known. */
std::optional<AuthMethod> AuthMethodOf(std::uint32_t number);

/** \return "pre-shared key" or "RSA signatures". */
std::string AuthName(AuthMethod method);

/** \return "MD5" or "SHA1". */
std::string HashName(crypto::HashAlgorithm hash);

/** \return "MODP-1024". */
std::string GroupName(crypto::DhGroup group);

/**
 * \return the first pair that fits, of an own list and an offer, in the order of the one whose
 * preference counts.
 */
template <typename Own, typename Offered, typename Fits>
std::optional<std::pair<const Own*, const Offered*>>
FirstMatch(Preference preference,
           const std::vector<Own>& own,
           const std::vector<Offered>& offered,
           Fits fits)
{
    const bool ownFirst = preference == Preference::Own;
    const std::size_t outer = ownFirst ? own.size() : offered.size();
    const std::size_t inner = ownFirst ? offered.size() : own.size();
    for (std::size_t i = 0; i < outer; ++i)
    {
        for (std::size_t j = 0; j < inner; ++j)
        {
            const Own& a = own[ownFirst ? i : j];
            const Offered& b = offered[ownFirst ? j : i];
            if (fits(a, b))
            {
                return std::pair{&a, &b};
            }
        }
    }
    return std::nullopt;
}

} // namespace nattlab::ike

#endif
