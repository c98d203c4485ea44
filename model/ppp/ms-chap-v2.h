// SPDX-License-Identifier: GPL-2.0-only
/**
 * \file
 * The arithmetic and the texts of MS-CHAPv2 (RFC 2759).
 */
#ifndef NATTLAB_PPP_MS_CHAP_V2_H
#define NATTLAB_PPP_MS_CHAP_V2_H

#include "model/packet/bytes.h"

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

namespace nattlab::ppp::mschap
{

constexpr std::size_t CHALLENGE_SIZE = 16;
constexpr std::size_t RESPONSE_SIZE = 49; //!< RFC 2759 4: 16 + 8 zero + 24 + flags

/** \return \p user without "DOMAIN\" (RFC 2759 8.2). */
std::string_view StripDomain(std::string_view user);

/** \return the UTF-16LE form of \p text; a byte that is not UTF-8 stands for itself. */
Bytes Utf16(std::string_view text);

/** RFC 2759 8.2, 8 bytes. The domain, if any, is left out. */
Bytes ChallengeHash(ByteView peerChallenge, ByteView challenge, std::string_view user);

/** RFC 2759 8.3, 16 bytes. */
Bytes NtPasswordHash(std::string_view password);

/** RFC 2759 8.5, 24 bytes. */
Bytes ChallengeResponse(ByteView challenge8, ByteView passwordHash);

/** RFC 2759 8.1, 24 bytes: what proves that the client knows the password. */
Bytes NtResponse(ByteView challenge,
                 ByteView peerChallenge,
                 std::string_view user,
                 std::string_view password);

/** RFC 2759 8.7, "S=" and 40 digits: what proves that the server knows it too. */
std::string AuthenticatorResponse(std::string_view password,
                                  ByteView ntResponse,
                                  ByteView peerChallenge,
                                  ByteView challenge,
                                  std::string_view user);

/** What a Failure packet says (RFC 2759 6). */
struct FailureText
{
    std::uint32_t error{0}; //!< E=
    bool retry{false};      //!< R=
    Bytes challenge;        //!< C=, 16 bytes; for the retry
};

/** \return "E=691 R=1 C=... V=3 M=...". */
std::string BuildFailure(const FailureText& failure);

/**
 * Read a failure text.
 * \return nothing when it has no E=; a retry without a proper challenge counts as none
 */
std::optional<FailureText> ParseFailure(std::string_view text);

} // namespace nattlab::ppp::mschap

#endif
