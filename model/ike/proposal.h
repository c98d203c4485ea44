// SPDX-License-Identifier: GPL-2.0-only
/**
 * \file
 * Proposals: what a profile offers, what it accepts of an offer, and what it accepts as an answer
 * (RFC 2409 appendix A, RFC 2407 4.4 and 4.5).
 */
#ifndef NATTLAB_IKE_PROPOSAL_H
#define NATTLAB_IKE_PROPOSAL_H

#include "model/ike/isakmp.h"
#include "model/ike/profile.h"

#include <optional>
#include <string>

namespace nattlab::ike
{

/** \return the key of a cipher in bytes. \param keyBits 0: the cipher's default */
std::size_t KeySize(crypto::CipherAlgorithm cipher, std::uint16_t keyBits);

/** \return one proposal with all phase-1 transforms of a profile, each with every method. */
SaPayload OfferPhase1(const Profile& profile, const std::vector<AuthMethod>& methods);

/** \return an answer with nothing but one transform of a proposal, as it was offered. */
SaPayload Reply(const Proposal& proposal, const Transform& transform);

/** What a phase-1 offer came to. */
struct Phase1Choice
{
    Phase1Transform agreed; //!< with the shorter of the two lifetimes
    SaPayload reply;        //!< the chosen transform as it was offered
};

/** \return the choice of a responder; nothing when no transform is acceptable. */
std::optional<Phase1Choice> ChoosePhase1(const Profile& profile,
                                         const std::vector<AuthMethod>& methods,
                                         const SaPayload& offer);

/** \return what an initiator reads in the answer; nothing when it was not offered. */
std::optional<Phase1Transform> AcceptPhase1(const Profile& profile,
                                            const std::vector<AuthMethod>& methods,
                                            const SaPayload& reply);

/**
 * \return a proposal for each phase-2 proposal of a profile that has the PFS group of the first:
 * all proposals of one Quick Mode share the group (RFC 2409 5.5).
 */
SaPayload OfferPhase2(const Profile& profile, std::uint32_t spi, std::uint16_t encapsulation);

/** What a phase-2 offer came to. */
struct Phase2Choice
{
    Phase2Proposal agreed; //!< with the shorter lifetimes; 0 kilobytes: no limit
    std::uint32_t peerSpi{0};
    bool shortened{false}; //!< the own lifetime is shorter than the one offered
    SaPayload reply;       //!< the chosen proposal with the own SPI
};

/** \return the choice of a responder; nothing when no proposal is acceptable. */
std::optional<Phase2Choice> ChoosePhase2(const Profile& profile,
                                         const SaPayload& offer,
                                         std::uint32_t spi,
                                         std::uint16_t encapsulation);

/** \return what an initiator reads in the answer; nothing when it was not offered. */
std::optional<Phase2Choice>
AcceptPhase2(const Profile& profile, const SaPayload& reply, std::uint16_t encapsulation);

/** The lifetimes in a list of phase-2 attributes, as in RESPONDER-LIFETIME. */
struct Lifetimes
{
    std::optional<std::uint32_t> seconds;
    std::optional<std::uint32_t> kilobytes;
};

/** \return attributes as bytes, for the data of a notification. */
Bytes EncodeLifetimes(const Phase2Proposal& proposal);

/** Read the data of a RESPONDER-LIFETIME notification; what cannot be read is left out. */
Lifetimes DecodeLifetimes(ByteView data);

/** \return "3DES", "DES", "AES-128", "NULL". */
std::string CipherName(crypto::CipherAlgorithm cipher, std::uint16_t keyBits);

/** \return "3DES/SHA1/MODP-1024 pre-shared key". */
std::string Describe(const Phase1Transform& transform);

/** \return "ESP 3DES/HMAC-SHA1", with "PFS MODP-1024" where there is one. */
std::string Describe(const Phase2Proposal& proposal);

} // namespace nattlab::ike

#endif
