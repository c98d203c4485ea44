// SPDX-License-Identifier: GPL-2.0-only
/**
 * \file
 * The methods of -n, -a, -1s and -1k (help page "ipsecpol_syntax").
 */
#include "model/windows/ipseccmd-command.h"

namespace nattlab::windows::ipseccmd
{

namespace
{

crypto::CipherAlgorithm
ParseCipher(const std::string& name, const std::string& word)
{
    if (name == "DES")
    {
        return crypto::CipherAlgorithm::DesCbc;
    }
    if (name == "3DES")
    {
        return crypto::CipherAlgorithm::TripleDesCbc;
    }
    if (name == "NONE")
    {
        return crypto::CipherAlgorithm::Null;
    }
    throw Refusal("\"" + word + "\": expected DES, 3DES or NONE as cipher, found \"" + name + "\"");
}

crypto::HashAlgorithm
ParseHash(const std::string& name, const std::string& word)
{
    if (name == "MD5")
    {
        return crypto::HashAlgorithm::Md5;
    }
    if (name == "SHA" || name == "SHA1")
    {
        return crypto::HashAlgorithm::Sha1;
    }
    if (name == "NONE")
    {
        throw NotModelled("ESP without integrity (\"" + word + "\")");
    }
    throw Refusal("\"" + word + "\": expected MD5 or SHA as hash, found \"" + name + "\"");
}

/** Groups as the tools count them: the third is that of 2048 bits, which IKE calls 14. */
crypto::DhGroup
ParseGroup(const std::string& number, bool updated, const std::string& word)
{
    if (number == "1")
    {
        return crypto::DhGroup::Modp768;
    }
    if (number == "2")
    {
        return crypto::DhGroup::Modp1024;
    }
    if (number == "3" && updated)
    {
        return crypto::DhGroup::Modp2048;
    }
    throw Refusal("\"" + word + "\": expected a group from 1 to " + (updated ? "3" : "2") +
                  ", found \"" + number + "\"");
}

/** \return the number before the letter at \p at, which moves behind the letter. */
std::uint32_t
TakeNumber(const std::string& text, std::size_t& at, char& letter, const std::string& word)
{
    const std::size_t begin = at;
    at = text.find_first_not_of("0123456789", begin);
    if (at == std::string::npos)
    {
        throw Refusal("\"" + word + "\": expected a letter after the number");
    }
    const auto number = ParseNumber(std::string_view{text}.substr(begin, at - begin), 0xFFFFFFFFu);
    if (!number || *number == 0)
    {
        throw Refusal("\"" + word + "\": the number is not one from 1 to 4294967295");
    }
    letter = text[at++];
    return *number;
}

/** What follows ESP[...]: "50000K/3600SP2" or parts of it. */
void
ParseRekey(const std::string& text,
           bool updated,
           const std::string& word,
           ike::Phase2Proposal& proposal)
{
    std::size_t at = 0;
    while (at < text.size())
    {
        if (text[at] == '/')
        {
            ++at;
            continue;
        }
        if (text[at] == 'P')
        {
            proposal.pfs = ParseGroup(text.substr(at + 1), updated, word);
            return;
        }
        char unit = '\0';
        const std::uint32_t number = TakeNumber(text, at, unit, word);
        if (unit == 'K')
        {
            proposal.lifeKilobytes = number;
        }
        else if (unit == 'S')
        {
            proposal.lifeSeconds = number;
        }
        else
        {
            throw Refusal("\"" + word + "\": expected K for kilobytes or S for seconds");
        }
    }
}

/** ESP[CIPHER,HASH]REKEY. */
ike::Phase2Proposal
ParseProposal(const std::string& word, bool updated)
{
    const std::string text = UpperCase(word);
    if (text.find("AH[") != std::string::npos)
    {
        throw NotModelled("AH (\"" + word + "\")");
    }
    const std::size_t comma = text.find(',');
    const std::size_t close = text.find(']');
    if (text.rfind("ESP[", 0) != 0 || comma == std::string::npos || close == std::string::npos ||
        close < comma)
    {
        throw Refusal("-n: expected PASS, BLOCK or ESP[CIPHER,HASH], found \"" + word + "\"");
    }
    ike::Phase2Proposal proposal;
    proposal.cipher = ParseCipher(text.substr(4, comma - 4), word);
    proposal.integrity = ParseHash(text.substr(comma + 1, close - comma - 1), word);
    ParseRekey(text.substr(close + 1), updated, word, proposal);
    return proposal;
}

std::string
WithoutQuotes(std::string text)
{
    if (text.size() >= 2 && text.front() == '"' && text.back() == '"')
    {
        return text.substr(1, text.size() - 2);
    }
    return text;
}

} // namespace

Negotiation
ParseNegotiation(const std::vector<std::string>& words, bool updated)
{
    Negotiation negotiation;
    for (const std::string& word : words)
    {
        const std::string name = UpperCase(word);
        if (name == "INPASS")
        {
            throw NotModelled("INPASS, which lets in what it would protect on the way out");
        }
        if (name == "PASS" || name == "BLOCK")
        {
            if (words.size() > 1)
            {
                throw Refusal("-n: " + name + " stands alone");
            }
            negotiation.action =
                name == "PASS" ? PolicyRule::Action::Permit : PolicyRule::Action::Block;
            continue;
        }
        negotiation.proposals.push_back(ParseProposal(word, updated));
    }
    return negotiation;
}

Authentication
ParseAuthentication(const std::vector<std::string>& words)
{
    Authentication authentication;
    for (const std::string& word : words)
    {
        const std::size_t colon = word.find(':');
        const std::string method = UpperCase(std::string_view{word}.substr(0, colon));
        const std::string value =
            colon == std::string::npos ? "" : WithoutQuotes(word.substr(colon + 1));
        if (method == "KERBEROS")
        {
            throw NotModelled("authentication by Kerberos");
        }
        if (method == "PRESHARE" && !value.empty())
        {
            authentication.presharedKey = Bytes{value.begin(), value.end()};
        }
        else if (method == "CERT" && !value.empty())
        {
            authentication.certificate = true;
        }
        else
        {
            throw Refusal(
                "-a: expected PRESHARE:\"KEY\", CERT:\"AUTHORITY\" or KERBEROS, found \"" + word +
                "\"");
        }
    }
    return authentication;
}

std::vector<ike::Phase1Transform>
ParseMainMode(const std::vector<std::string>& words, bool updated)
{
    std::vector<ike::Phase1Transform> transforms;
    for (const std::string& word : words)
    {
        const std::string text = UpperCase(word);
        const std::size_t first = text.find('-');
        const std::size_t last = text.rfind('-');
        if (first == std::string::npos || first == last)
        {
            throw Refusal("-1s: expected CIPHER-HASH-GROUP such as 3DES-SHA-2, found \"" + word +
                          "\"");
        }
        ike::Phase1Transform transform;
        transform.cipher = ParseCipher(text.substr(0, first), word);
        if (transform.cipher == crypto::CipherAlgorithm::Null)
        {
            throw Refusal("-1s: \"" + word + "\": main mode is always encrypted");
        }
        transform.hash = ParseHash(text.substr(first + 1, last - first - 1), word);
        transform.group = ParseGroup(text.substr(last + 1), updated, word);
        transforms.push_back(transform);
    }
    return transforms;
}

std::uint32_t
ParseMainModeLife(const std::vector<std::string>& words)
{
    std::optional<std::uint32_t> seconds;
    for (const std::string& word : words)
    {
        const std::string text = UpperCase(word);
        std::size_t at = 0;
        while (at < text.size())
        {
            char unit = '\0';
            const std::uint32_t number = TakeNumber(text, at, unit, word);
            if (unit == 'Q')
            {
                throw NotModelled("a limit of quick modes for each main mode (-1k " + word + ")");
            }
            if (unit != 'S')
            {
                throw Refusal("-1k: expected SECONDS followed by S, found \"" + word + "\"");
            }
            seconds = number;
            at += at < text.size() && text[at] == '/' ? 1 : 0;
        }
    }
    if (!seconds)
    {
        throw Refusal("-1k: expected SECONDS followed by S, such as 28800S");
    }
    return *seconds;
}

} // namespace nattlab::windows::ipseccmd
