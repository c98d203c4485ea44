// SPDX-License-Identifier: GPL-2.0-only
#include "model/ike/algorithms.h"
#include "model/ike/proposal.h"

#include <algorithm>

namespace nattlab::ike
{

using crypto::CipherAlgorithm;
using crypto::HashAlgorithm;

namespace
{

constexpr std::uint32_t FIRST_USABLE_SPI = 256; // RFC 2406 2.1: 1 to 255 are reserved
constexpr std::size_t MOST_ATTRIBUTES = 8;      // of a transform that this end offers

Transform
EncodePhase2(const Phase2Proposal& p, std::uint16_t encapsulation)
{
    Transform wire{1, EspTransformId(p.cipher), {}};
    wire.attributes.reserve(MOST_ATTRIBUTES);
    wire.attributes.push_back(Attribute::Short(ESP_LIFE_TYPE, LIFE_SECONDS));
    wire.attributes.push_back(Attribute::Long(ESP_LIFE_DURATION, p.lifeSeconds));
    if (p.lifeKilobytes != 0)
    {
        wire.attributes.push_back(Attribute::Short(ESP_LIFE_TYPE, LIFE_KILOBYTES));
        wire.attributes.push_back(Attribute::Long(ESP_LIFE_DURATION, p.lifeKilobytes));
    }
    if (p.pfs)
    {
        wire.attributes.push_back(Attribute::Short(ESP_GROUP, static_cast<std::uint16_t>(*p.pfs)));
    }
    wire.attributes.push_back(Attribute::Short(ESP_ENCAPSULATION, encapsulation));
    wire.attributes.push_back(Attribute::Short(ESP_AUTHENTICATION, HashNumber(p.integrity)));
    if (const std::uint16_t bits = KeyLength(p.cipher, p.keyBits))
    {
        wire.attributes.push_back(Attribute::Short(ESP_KEY_LENGTH, bits));
    }
    return wire;
}

/** Read a transform of ESP; lifetimes that are not given are read as 0. */
std::optional<Phase2Proposal>
DecodePhase2(const Transform& wire, std::uint16_t encapsulation, bool ignoreUnknown)
{
    const std::optional<CipherAlgorithm> cipher = CipherOfEsp(wire.id);
    std::optional<HashAlgorithm> integrity;
    std::optional<crypto::DhGroup> group;
    bool groupKnown = true;
    std::uint32_t mode = 0;
    std::uint32_t bits = 0;
    std::uint32_t lifeType = 0;
    Phase2Proposal proposal;
    proposal.lifeSeconds = 0;
    proposal.lifeKilobytes = 0;
    for (const Attribute& attribute : wire.attributes)
    {
        const std::uint32_t value = attribute.Number().value_or(0);
        switch (attribute.type)
        {
        case ESP_LIFE_TYPE:
            lifeType = value;
            break;
        case ESP_LIFE_DURATION:
            if (lifeType == LIFE_SECONDS)
            {
                proposal.lifeSeconds = value;
            }
            else if (lifeType == LIFE_KILOBYTES)
            {
                proposal.lifeKilobytes = value;
            }
            break;
        case ESP_GROUP:
            group = GroupOf(value);
            groupKnown = group.has_value();
            break;
        case ESP_ENCAPSULATION:
            mode = value;
            break;
        case ESP_AUTHENTICATION:
            integrity = HashOf(value);
            break;
        case ESP_KEY_LENGTH:
            bits = value;
            break;
        default:
            if (!ignoreUnknown)
            {
                return std::nullopt;
            }
        }
    }
    if (!cipher || !integrity || !groupKnown || mode != encapsulation || bits > 0xFFFF)
    {
        return std::nullopt;
    }
    proposal.cipher = *cipher;
    proposal.keyBits = static_cast<std::uint16_t>(bits);
    proposal.integrity = *integrity;
    proposal.pfs = group;
    return proposal;
}

/** \return true when \p other is acceptable to whoever has \p own in the list. */
bool
Acceptable(const Phase2Proposal& own, const Phase2Proposal& other)
{
    return own.cipher == other.cipher && own.integrity == other.integrity &&
           KeyLength(own.cipher, own.keyBits) == other.keyBits &&
           (!own.pfs || own.pfs == other.pfs);
}

/** One transform of an offer that could be read. */
struct Phase2Candidate
{
    Phase2Proposal read;
    const Proposal* proposal;
    const Transform* transform;
};

std::vector<Phase2Candidate>
Phase2Candidates(const Profile& profile, const SaPayload& sa, std::uint16_t encapsulation)
{
    std::vector<Phase2Candidate> found;
    found.reserve(sa.proposals.size());
    for (const Proposal& proposal : sa.proposals)
    {
        // Proposals of one number are wanted together: ESP with AH or IPComp is not spoken.
        const auto together =
            std::count_if(sa.proposals.begin(),
                          sa.proposals.end(),
                          [&](const Proposal& other) { return other.number == proposal.number; });
        if (together != 1 || proposal.protocol != PROTOCOL_ESP || proposal.spi.size() != 4 ||
            Load32(proposal.spi.data()) < FIRST_USABLE_SPI)
        {
            continue;
        }
        for (const Transform& transform : proposal.transforms)
        {
            if (const auto read =
                    DecodePhase2(transform, encapsulation, profile.ignoreUnknownAttributes))
            {
                found.push_back({*read, &proposal, &transform});
            }
        }
    }
    return found;
}

std::optional<Phase2Choice>
Choose(const Profile& profile,
       Preference preference,
       const std::vector<Phase2Candidate>& candidates)
{
    const auto match = FirstMatch(preference,
                                  profile.phase2,
                                  candidates,
                                  [](const Phase2Proposal& own, const Phase2Candidate& other)
                                  { return Acceptable(own, other.read); });
    if (!match)
    {
        return std::nullopt;
    }
    const auto [own, chosen] = *match;
    Phase2Choice choice;
    choice.agreed = chosen->read;
    choice.agreed.lifeSeconds = Shorter(own->lifeSeconds, chosen->read.lifeSeconds);
    choice.agreed.lifeKilobytes = Shorter(own->lifeKilobytes, chosen->read.lifeKilobytes);
    choice.shortened = choice.agreed.lifeSeconds < chosen->read.lifeSeconds ||
                       choice.agreed.lifeKilobytes < chosen->read.lifeKilobytes;
    choice.peerSpi = Load32(chosen->proposal->spi.data());
    choice.reply = Reply(*chosen->proposal, *chosen->transform);
    return choice;
}

} // namespace

SaPayload
OfferPhase2(const Profile& profile, std::uint32_t spi, std::uint16_t encapsulation)
{
    SaPayload sa;
    sa.proposals.reserve(profile.phase2.size());
    for (const Phase2Proposal& proposal : profile.phase2)
    {
        if (proposal.pfs == profile.phase2.front().pfs)
        {
            const auto number = static_cast<std::uint8_t>(sa.proposals.size() + 1);
            sa.proposals.push_back({number, PROTOCOL_ESP, ShortBytes::Of32(spi), {}});
            sa.proposals.back().transforms.push_back(EncodePhase2(proposal, encapsulation));
        }
    }
    return sa;
}

std::optional<Phase2Choice>
ChoosePhase2(const Profile& profile,
             const SaPayload& offer,
             std::uint32_t spi,
             std::uint16_t encapsulation)
{
    auto choice =
        Choose(profile, profile.preference, Phase2Candidates(profile, offer, encapsulation));
    if (choice)
    {
        choice->reply.proposals.front().spi = ShortBytes::Of32(spi);
    }
    return choice;
}

std::optional<Phase2Choice>
AcceptPhase2(const Profile& profile, const SaPayload& reply, std::uint16_t encapsulation)
{
    if (reply.proposals.size() != 1 || reply.proposals[0].transforms.size() != 1)
    {
        return std::nullopt;
    }
    auto choice = Choose(profile, Preference::Own, Phase2Candidates(profile, reply, encapsulation));
    if (choice && choice->agreed.pfs != profile.phase2.front().pfs)
    {
        return std::nullopt;
    }
    return choice;
}

Bytes
EncodeLifetimes(const Phase2Proposal& proposal)
{
    Bytes bytes;
    const auto append = [&](std::uint16_t type, std::uint32_t duration)
    {
        Append16(bytes, 0x8000 | ESP_LIFE_TYPE);
        Append16(bytes, type);
        Append16(bytes, ESP_LIFE_DURATION);
        Append16(bytes, 4);
        Append32(bytes, duration);
    };
    append(LIFE_SECONDS, proposal.lifeSeconds);
    if (proposal.lifeKilobytes != 0)
    {
        append(LIFE_KILOBYTES, proposal.lifeKilobytes);
    }
    return bytes;
}

Lifetimes
DecodeLifetimes(ByteView data)
{
    Lifetimes lifetimes;
    ByteReader reader{data};
    std::uint32_t type = 0;
    while (reader.Remaining() > 0 && reader.Ok())
    {
        const std::uint16_t attributeType = reader.Read16();
        const std::uint16_t valueOrLength = reader.Read16();
        Attribute attribute{static_cast<std::uint16_t>(attributeType & 0x7FFF), true, {}};
        if ((attributeType & 0x8000) != 0)
        {
            attribute.value = ShortBytes::Of16(valueOrLength);
        }
        else
        {
            attribute.value = reader.Read(valueOrLength);
        }
        const auto number = attribute.Number();
        if (attribute.type == ESP_LIFE_TYPE)
        {
            type = number.value_or(0);
        }
        else if (attribute.type == ESP_LIFE_DURATION && reader.Ok() && number)
        {
            (type == LIFE_SECONDS ? lifetimes.seconds : lifetimes.kilobytes) = number;
        }
    }
    return lifetimes;
}

std::string
Describe(const Phase2Proposal& proposal)
{
    std::string text = "ESP " + CipherName(proposal.cipher, proposal.keyBits) + "/HMAC-" +
                       HashName(proposal.integrity);
    if (proposal.pfs)
    {
        text += " PFS " + GroupName(*proposal.pfs);
    }
    return text;
}

} // namespace nattlab::ike
