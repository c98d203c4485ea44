// SPDX-License-Identifier: GPL-2.0-only
#include "model/ike/sa-payload.h"

#include <algorithm>

namespace nattlab::ike
{

namespace
{

constexpr std::uint16_t SHORT_FORM = 0x8000; // RFC 2408 3.3: attribute format bit
constexpr std::size_t LEAST_PART = 8;        // a proposal or transform with nothing in it
constexpr std::size_t LEAST_ATTRIBUTE = 4;

/** Reads the nested structures of an SA payload and remembers the first fault. */
class SaDecoder
{
  public:
    SaDecoder(ByteView body, std::size_t offset)
        : m_body(body),
          m_offset(offset)
    {
    }

    Decoded<Payload> Run()
    {
        SaPayload sa;
        ByteReader reader{m_body};
        sa.doi = reader.Read32();
        sa.situation = reader.Read32();
        if (!reader.Ok())
        {
            return DecodeError{"SA payload is cut off", m_offset};
        }
        if (sa.doi != DOI_IPSEC || sa.situation != SITUATION_IDENTITY_ONLY)
        {
            return DecodeError{"SA payload is not of IPsec DOI with identity only", m_offset};
        }
        std::size_t at = 8;
        bool more = true;
        while (more)
        {
            const auto part = Part(at, m_body.size(), PAYLOAD_PROPOSAL, "proposal");
            if (!part)
            {
                return m_error;
            }
            auto proposal = ReadProposal(at + 4, at + part->length);
            if (!proposal)
            {
                return m_error;
            }
            sa.proposals.push_back(std::move(*proposal));
            at += part->length;
            more = part->more;
        }
        if (at != m_body.size())
        {
            return DecodeError{"bytes follow the last proposal", m_offset + at};
        }
        return Payload{std::move(sa)};
    }

  private:
    struct PartHeader
    {
        bool more;
        std::size_t length;
    };

    std::nullopt_t Fault(std::string what, std::size_t at)
    {
        m_error = {std::move(what), m_offset + at};
        return std::nullopt;
    }

    /** Read the generic header of a proposal or transform that must end before \p end. */
    std::optional<PartHeader>
    Part(std::size_t at, std::size_t end, std::uint8_t type, const char* name)
    {
        ByteReader reader{m_body.Sub(at, end - at)};
        const std::uint8_t next = reader.Read8();
        const std::uint8_t reserved = reader.Read8();
        const std::uint16_t length = reader.Read16();
        if (!reader.Ok())
        {
            return Fault(std::string{name} + " is cut off", at);
        }
        if (next != PAYLOAD_NONE && next != type)
        {
            return Fault("next payload of " + std::string{name} + " is " + std::to_string(next),
                         at);
        }
        if (reserved != 0)
        {
            return Fault("reserved byte of " + std::string{name} + " is not 0", at + 1);
        }
        if (length < LEAST_PART || length > end - at)
        {
            return Fault("length " + std::to_string(length) + " of " + name + " does not fit",
                         at + 2);
        }
        return PartHeader{next == type, length};
    }

    std::optional<Proposal> ReadProposal(std::size_t at, std::size_t end)
    {
        Proposal proposal;
        ByteReader reader{m_body.Sub(at, end - at)};
        proposal.number = reader.Read8();
        proposal.protocol = reader.Read8();
        const std::uint8_t spiSize = reader.Read8();
        const std::uint8_t count = reader.Read8();
        proposal.spi = reader.Read(spiSize);
        if (!reader.Ok())
        {
            return Fault("SPI of proposal is cut off", at);
        }
        std::size_t next = at + reader.Offset();
        proposal.transforms.reserve(std::min<std::size_t>(count, (end - next) / LEAST_PART));
        bool more = true;
        while (more)
        {
            const auto part = Part(next, end, PAYLOAD_TRANSFORM, "transform");
            if (!part)
            {
                return std::nullopt;
            }
            auto transform = ReadTransform(next + 4, next + part->length);
            if (!transform)
            {
                return std::nullopt;
            }
            proposal.transforms.push_back(std::move(*transform));
            next += part->length;
            more = part->more;
        }
        if (next != end || proposal.transforms.size() != count)
        {
            return Fault("proposal has not the " + std::to_string(count) + " transforms it says",
                         next);
        }
        return proposal;
    }

    std::optional<Transform> ReadTransform(std::size_t at, std::size_t end)
    {
        Transform transform;
        ByteReader reader{m_body.Sub(at, end - at)};
        transform.number = reader.Read8();
        transform.id = reader.Read8();
        if (reader.Read16() != 0)
        {
            return Fault("reserved bytes of transform are not 0", at + 2);
        }
        transform.attributes.reserve(reader.Remaining() / LEAST_ATTRIBUTE);
        while (reader.Remaining() > 0)
        {
            const std::size_t start = at + reader.Offset();
            const std::uint16_t type = reader.Read16();
            const std::uint16_t value = reader.Read16();
            Attribute attribute;
            attribute.type = type & ~SHORT_FORM;
            attribute.isShort = (type & SHORT_FORM) != 0;
            if (attribute.isShort)
            {
                attribute.value = ShortBytes::Of16(value);
            }
            else
            {
                attribute.value = reader.Read(value);
            }
            if (!reader.Ok())
            {
                return Fault("attribute is cut off", start);
            }
            transform.attributes.push_back(std::move(attribute));
        }
        return transform;
    }

    ByteView m_body;
    std::size_t m_offset;
    DecodeError m_error;
};

/** Begin a proposal or transform. \return its place, for EndPart */
std::size_t
BeginPart(Bytes& to, bool more, std::uint8_t type)
{
    const std::size_t at = to.size();
    Append8(to, more ? type : std::uint8_t{PAYLOAD_NONE});
    Append8(to, 0);
    Append16(to, 0); // the length
    return at;
}

void
EndPart(Bytes& to, std::size_t at)
{
    Store16(to.data() + at + 2, static_cast<std::uint16_t>(to.size() - at));
}

void
AppendTransform(Bytes& to, const Transform& transform)
{
    Append8(to, transform.number);
    Append8(to, transform.id);
    Append16(to, 0);
    for (const Attribute& attribute : transform.attributes)
    {
        if (attribute.isShort)
        {
            Append16(to, static_cast<std::uint16_t>(attribute.type | SHORT_FORM));
        }
        else
        {
            Append16(to, attribute.type);
            Append16(to, static_cast<std::uint16_t>(attribute.value.size()));
        }
        Append(to, attribute.value);
    }
}

void
AppendProposal(Bytes& to, const Proposal& proposal)
{
    Append8(to, proposal.number);
    Append8(to, proposal.protocol);
    Append8(to, static_cast<std::uint8_t>(proposal.spi.size()));
    Append8(to, static_cast<std::uint8_t>(proposal.transforms.size()));
    Append(to, proposal.spi);
    for (const Transform& transform : proposal.transforms)
    {
        const bool more = &transform != &proposal.transforms.back();
        const std::size_t at = BeginPart(to, more, PAYLOAD_TRANSFORM);
        AppendTransform(to, transform);
        EndPart(to, at);
    }
}

} // namespace

Decoded<Payload>
DecodeSa(ByteView body, std::size_t offset)
{
    return SaDecoder{body, offset}.Run();
}

void
AppendSa(Bytes& to, const SaPayload& sa)
{
    Append32(to, sa.doi);
    Append32(to, sa.situation);
    for (const Proposal& proposal : sa.proposals)
    {
        const std::size_t at = BeginPart(to, &proposal != &sa.proposals.back(), PAYLOAD_PROPOSAL);
        AppendProposal(to, proposal);
        EndPart(to, at);
    }
}

} // namespace nattlab::ike
