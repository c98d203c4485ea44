// SPDX-License-Identifier: GPL-2.0-only
#include "model/ike/sa-payload.h"

namespace nattlab::ike
{

namespace
{

constexpr std::uint16_t SHORT_FORM = 0x8000; // RFC 2408 3.3: attribute format bit

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
    Part(std::size_t at, std::size_t end, std::uint8_t type, const std::string& name)
    {
        ByteReader reader{m_body.Sub(at, end - at)};
        const std::uint8_t next = reader.Read8();
        const std::uint8_t reserved = reader.Read8();
        const std::uint16_t length = reader.Read16();
        if (!reader.Ok())
        {
            return Fault(name + " is cut off", at);
        }
        if (next != PAYLOAD_NONE && next != type)
        {
            return Fault("next payload of " + name + " is " + std::to_string(next), at);
        }
        if (reserved != 0)
        {
            return Fault("reserved byte of " + name + " is not 0", at + 1);
        }
        if (length < 8 || length > end - at)
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
        proposal.spi = reader.Read(spiSize).ToBytes();
        if (!reader.Ok())
        {
            return Fault("SPI of proposal is cut off", at);
        }
        std::size_t next = at + reader.Offset();
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
                Append16(attribute.value, value);
            }
            else
            {
                attribute.value = reader.Read(value).ToBytes();
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

void
AppendPart(Bytes& to, bool more, std::uint8_t type, ByteView content)
{
    Append8(to, more ? type : std::uint8_t{PAYLOAD_NONE});
    Append8(to, 0);
    Append16(to, static_cast<std::uint16_t>(4 + content.size()));
    Append(to, content);
}

Bytes
EncodeTransform(const Transform& transform)
{
    Bytes bytes{transform.number, transform.id, 0, 0};
    for (const Attribute& attribute : transform.attributes)
    {
        if (attribute.isShort)
        {
            Append16(bytes, static_cast<std::uint16_t>(attribute.type | SHORT_FORM));
        }
        else
        {
            Append16(bytes, attribute.type);
            Append16(bytes, static_cast<std::uint16_t>(attribute.value.size()));
        }
        Append(bytes, attribute.value);
    }
    return bytes;
}

} // namespace

Decoded<Payload>
DecodeSa(ByteView body, std::size_t offset)
{
    return SaDecoder{body, offset}.Run();
}

Bytes
EncodeSa(const SaPayload& sa)
{
    Bytes bytes;
    Append32(bytes, sa.doi);
    Append32(bytes, sa.situation);
    for (std::size_t i = 0; i < sa.proposals.size(); ++i)
    {
        const Proposal& proposal = sa.proposals[i];
        Bytes content{proposal.number,
                      proposal.protocol,
                      static_cast<std::uint8_t>(proposal.spi.size()),
                      static_cast<std::uint8_t>(proposal.transforms.size())};
        Append(content, proposal.spi);
        for (std::size_t j = 0; j < proposal.transforms.size(); ++j)
        {
            AppendPart(content,
                       j + 1 < proposal.transforms.size(),
                       PAYLOAD_TRANSFORM,
                       EncodeTransform(proposal.transforms[j]));
        }
        AppendPart(bytes, i + 1 < sa.proposals.size(), PAYLOAD_PROPOSAL, content);
    }
    return bytes;
}

} // namespace nattlab::ike
