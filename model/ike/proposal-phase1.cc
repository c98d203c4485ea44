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

constexpr std::size_t MOST_ATTRIBUTES = 7; // of a transform that this end offers

Transform
EncodePhase1(const Phase1Transform& t, AuthMethod auth, std::uint8_t number)
{
    Transform wire{number, TRANSFORM_KEY_IKE, {}};
    wire.attributes.reserve(MOST_ATTRIBUTES);
    wire.attributes.push_back(Attribute::Short(IKE_ENCRYPTION, Phase1Number(t.cipher)));
    wire.attributes.push_back(Attribute::Short(IKE_HASH, HashNumber(t.hash)));
    wire.attributes.push_back(Attribute::Short(IKE_GROUP, static_cast<std::uint16_t>(t.group)));
    wire.attributes.push_back(Attribute::Short(IKE_AUTH, static_cast<std::uint16_t>(auth)));
    if (const std::uint16_t bits = KeyLength(t.cipher, t.keyBits))
    {
        wire.attributes.push_back(Attribute::Short(IKE_KEY_LENGTH, bits));
    }
    wire.attributes.push_back(Attribute::Short(IKE_LIFE_TYPE, LIFE_SECONDS));
    wire.attributes.push_back(Attribute::Long(IKE_LIFE_DURATION, t.lifeSeconds));
    return wire;
}

/** Read a transform; nothing when a part is missing or not known. No lifetime is read as 0. */
std::optional<Phase1Transform>
DecodePhase1(const Transform& wire, bool ignoreUnknown)
{
    std::optional<CipherAlgorithm> cipher;
    std::optional<HashAlgorithm> hash;
    std::optional<crypto::DhGroup> group;
    std::optional<AuthMethod> auth;
    std::uint32_t bits = 0;
    std::uint32_t lifeType = 0;
    std::uint32_t lifeSeconds = 0;
    for (const Attribute& attribute : wire.attributes)
    {
        const std::uint32_t value = attribute.Number().value_or(0);
        switch (attribute.type)
        {
        case IKE_ENCRYPTION:
            cipher = CipherOfPhase1(value);
            break;
        case IKE_HASH:
            hash = HashOf(value);
            break;
        case IKE_AUTH:
            auth = AuthMethodOf(value);
            break;
        case IKE_GROUP:
            group = GroupOf(value);
            break;
        case IKE_KEY_LENGTH:
            bits = value;
            break;
        case IKE_LIFE_TYPE:
            lifeType = value;
            break;
        case IKE_LIFE_DURATION:
            lifeSeconds = lifeType == LIFE_SECONDS ? value : lifeSeconds;
            break;
        default:
            if (!ignoreUnknown)
            {
                return std::nullopt;
            }
        }
    }
    if (wire.id != TRANSFORM_KEY_IKE || !cipher || !hash || !group || !auth || bits > 0xFFFF)
    {
        return std::nullopt;
    }
    return Phase1Transform{
        *cipher, static_cast<std::uint16_t>(bits), *hash, *auth, *group, lifeSeconds};
}

/** \return true when they differ in method and lifetime only. */
bool
SameAlgorithms(const Phase1Transform& own, const Phase1Transform& other)
{
    return own.cipher == other.cipher && own.hash == other.hash && own.group == other.group &&
           KeyLength(own.cipher, own.keyBits) == other.keyBits;
}

} // namespace

SaPayload
OfferPhase1(const Profile& profile, const std::vector<AuthMethod>& methods)
{
    Proposal proposal{1, PROTOCOL_ISAKMP, {}, {}};
    proposal.transforms.reserve(profile.phase1.size() * methods.size());
    for (const Phase1Transform& transform : profile.phase1)
    {
        for (const AuthMethod method : methods)
        {
            const auto number = static_cast<std::uint8_t>(proposal.transforms.size() + 1);
            proposal.transforms.push_back(EncodePhase1(transform, method, number));
        }
    }
    SaPayload sa;
    sa.proposals.push_back(std::move(proposal));
    return sa;
}

SaPayload
Reply(const Proposal& proposal, const Transform& transform)
{
    SaPayload sa;
    sa.proposals.push_back({proposal.number, proposal.protocol, proposal.spi, {}});
    sa.proposals.front().transforms.push_back(transform);
    return sa;
}

std::optional<Phase1Choice>
ChoosePhase1(const Profile& profile, const std::vector<AuthMethod>& methods, const SaPayload& offer)
{
    struct Candidate
    {
        Phase1Transform read;
        const Proposal* proposal;
        const Transform* transform;
    };

    std::vector<Candidate> candidates;
    for (const Proposal& proposal : offer.proposals)
    {
        for (const Transform& transform : proposal.transforms)
        {
            const auto read = DecodePhase1(transform, profile.ignoreUnknownAttributes);
            const bool known =
                read && std::find(methods.begin(), methods.end(), read->auth) != methods.end();
            if (proposal.protocol == PROTOCOL_ISAKMP && known)
            {
                candidates.push_back({*read, &proposal, &transform});
            }
        }
    }
    const auto match = FirstMatch(profile.preference,
                                  profile.phase1,
                                  candidates,
                                  [](const Phase1Transform& own, const Candidate& other)
                                  { return SameAlgorithms(own, other.read); });
    if (!match)
    {
        return std::nullopt;
    }
    const auto [own, chosen] = *match;
    Phase1Choice choice;
    choice.agreed = chosen->read;
    choice.agreed.lifeSeconds = Shorter(own->lifeSeconds, chosen->read.lifeSeconds);
    choice.reply = Reply(*chosen->proposal, *chosen->transform);
    return choice;
}

std::optional<Phase1Transform>
AcceptPhase1(const Profile& profile, const std::vector<AuthMethod>& methods, const SaPayload& reply)
{
    if (reply.proposals.size() != 1 || reply.proposals[0].transforms.size() != 1)
    {
        return std::nullopt;
    }
    const auto choice = ChoosePhase1(profile, methods, reply);
    return choice ? std::optional{choice->agreed} : std::nullopt;
}

std::string
Describe(const Phase1Transform& transform)
{
    return CipherName(transform.cipher, transform.keyBits) + '/' + HashName(transform.hash) + '/' +
           GroupName(transform.group) + ' ' + AuthName(transform.auth);
}

} // namespace nattlab::ike
