// SPDX-License-Identifier: GPL-2.0-only
#include "model/ppp/ms-chap-v2.h"

#include "model/crypto/cipher.h"
#include "model/crypto/hash.h"

#include <algorithm>
#include <cctype>

namespace nattlab::ppp::mschap
{

namespace
{

using crypto::Digest;
using crypto::HashAlgorithm;

/** The text to error codes of RFC 2759 6. */
std::string_view TextOf(std::uint32_t error)
{
    switch (error)
    {
    case 646:
        return "logon hours restricted";
    case 647:
        return "account disabled";
    case 648:
        return "password expired";
    case 649:
        return "no dial-in permission";
    case 691:
        return "authentication failed";
    case 709:
        return "password change failed";
    default:
        return "refused";
    }
}

std::string UpperHex(ByteView bytes)
{
    std::string text = ToHex(bytes);
    std::transform(text.begin(),
                   text.end(),
                   text.begin(),
                   [](unsigned char c) { return static_cast<char>(std::toupper(c)); });
    return text;
}

void AppendUtf16(Bytes& to, std::uint32_t unit)
{
    Append8(to, static_cast<std::uint8_t>(unit));
    Append8(to, static_cast<std::uint8_t>(unit >> 8));
}

/** \return the character at \p at, which moves behind it. */
std::uint32_t NextCharacter(std::string_view text, std::size_t& at)
{
    const auto byte = [&text](std::size_t i) { return static_cast<std::uint8_t>(text[i]); };
    const std::uint8_t lead = byte(at);
    const std::size_t more = lead >= 0xF0 && lead < 0xF5   ? 3
                             : lead >= 0xE0 && lead < 0xF0 ? 2
                             : lead >= 0xC2 && lead < 0xE0 ? 1
                                                           : 0;
    std::uint32_t character = more == 0 ? lead : lead & (0x3Fu >> more);
    for (std::size_t i = 1; i <= more; ++i)
    {
        if (at + i >= text.size() || (byte(at + i) & 0xC0) != 0x80)
        {
            ++at;
            return lead;
        }
        character = character << 6 | (byte(at + i) & 0x3Fu);
    }
    at += 1 + more;
    return character;
}

/** \return what stands behind \p key up to the next space; nothing when the key is not there. */
std::optional<std::string_view> FieldOf(std::string_view text, std::string_view key)
{
    std::size_t at = 0;
    while (at < text.size())
    {
        const std::size_t end = std::min(text.find(' ', at), text.size());
        const std::string_view word = text.substr(at, end - at);
        if (word.substr(0, 2) == "M=")
        {
            break; // the message may hold anything
        }
        if (word.substr(0, key.size()) == key)
        {
            return word.substr(key.size());
        }
        at = end + 1;
    }
    return std::nullopt;
}

bool IsHex(std::string_view text)
{
    return std::all_of(
        text.begin(), text.end(), [](unsigned char c) { return std::isxdigit(c) != 0; });
}

} // namespace

std::string_view StripDomain(std::string_view user)
{
    const std::size_t at = user.rfind('\\');
    return at == std::string_view::npos ? user : user.substr(at + 1);
}

Bytes Utf16(std::string_view text)
{
    Bytes bytes;
    bytes.reserve(2 * text.size());
    for (std::size_t at = 0; at < text.size();)
    {
        const std::uint32_t character = NextCharacter(text, at);
        if (character < 0x10000)
        {
            AppendUtf16(bytes, character);
        }
        else
        {
            AppendUtf16(bytes, 0xD800 + ((character - 0x10000) >> 10 & 0x3FF));
            AppendUtf16(bytes, 0xDC00 + ((character - 0x10000) & 0x3FF));
        }
    }
    return bytes;
}

Bytes ChallengeHash(ByteView peerChallenge, ByteView challenge, std::string_view user)
{
    Bytes digest =
        Digest(HashAlgorithm::Sha1, {peerChallenge, challenge, ByteView(StripDomain(user))});
    digest.resize(8);
    return digest;
}

Bytes NtPasswordHash(std::string_view password)
{
    return crypto::Md4(Utf16(password));
}

Bytes ChallengeResponse(ByteView challenge8, ByteView passwordHash)
{
    Bytes key = passwordHash.ToBytes();
    key.resize(21);
    Bytes response;
    response.reserve(24);
    for (std::size_t i = 0; i < 3; ++i)
    {
        Append(response, crypto::DesEncrypt56(ByteView(key).Sub(7 * i, 7), challenge8));
    }
    return response;
}

Bytes NtResponse(ByteView challenge,
                 ByteView peerChallenge,
                 std::string_view user,
                 std::string_view password)
{
    return ChallengeResponse(ChallengeHash(peerChallenge, challenge, user),
                             NtPasswordHash(password));
}

std::string AuthenticatorResponse(std::string_view password,
                                  ByteView ntResponse,
                                  ByteView peerChallenge,
                                  ByteView challenge,
                                  std::string_view user)
{
    // RFC 2759 8.7: the two constants are these sentences in ASCII.
    constexpr std::string_view MAGIC1 = "Magic server to client signing constant";
    constexpr std::string_view MAGIC2 = "Pad to make it do more than one iteration";
    const Bytes hashHash = crypto::Md4(NtPasswordHash(password));
    const Bytes first = Digest(HashAlgorithm::Sha1, {hashHash, ntResponse, ByteView(MAGIC1)});
    const Bytes second =
        Digest(HashAlgorithm::Sha1,
               {first, ChallengeHash(peerChallenge, challenge, user), ByteView(MAGIC2)});
    return "S=" + UpperHex(second);
}

std::string BuildFailure(const FailureText& failure)
{
    return "E=" + std::to_string(failure.error) + " R=" + (failure.retry ? "1" : "0") +
           " C=" + UpperHex(failure.challenge) + " V=3 M=" + std::string(TextOf(failure.error));
}

std::optional<FailureText> ParseFailure(std::string_view text)
{
    const auto error = FieldOf(text, "E=");
    if (!error || error->empty() || error->size() > 10 ||
        !std::all_of(error->begin(), error->end(), [](char c) { return c >= '0' && c <= '9'; }))
    {
        return std::nullopt;
    }
    FailureText failure;
    std::uint64_t number = 0;
    for (const char digit : *error)
    {
        number = number * 10 + static_cast<std::uint64_t>(digit - '0');
    }
    failure.error = static_cast<std::uint32_t>(std::min<std::uint64_t>(number, UINT32_MAX));
    const auto challenge = FieldOf(text, "C=");
    if (challenge && challenge->size() == 2 * CHALLENGE_SIZE && IsHex(*challenge))
    {
        failure.challenge = FromHex(*challenge);
        failure.retry = FieldOf(text, "R=") == "1";
    }
    return failure;
}

} // namespace nattlab::ppp::mschap
