// SPDX-License-Identifier: GPL-2.0-only
#include "model/ike/isakmp.h"
#include "model/ike/sa-payload.h"

namespace nattlab::ike
{

namespace
{

void
AppendTo(Bytes& to, const SaPayload& sa)
{
    AppendSa(to, sa);
}

void
AppendTo(Bytes& to, const IdPayload& id)
{
    Append8(to, id.type);
    Append8(to, id.protocol);
    Append16(to, id.port);
    Append(to, id.data);
}

void
AppendTo(Bytes& to, const NotifyPayload& notify)
{
    Append32(to, notify.doi);
    Append8(to, notify.protocol);
    Append8(to, static_cast<std::uint8_t>(notify.spi.size()));
    Append16(to, notify.type);
    Append(to, notify.spi);
    Append(to, notify.data);
}

void
AppendTo(Bytes& to, const DeletePayload& del)
{
    Append32(to, del.doi);
    Append8(to, del.protocol);
    Append8(to, del.spiSize);
    Append16(to, static_cast<std::uint16_t>(del.spis.size()));
    for (const ShortBytes& spi : del.spis)
    {
        Append(to, spi);
    }
}

void
AppendTo(Bytes& to, const CertPayload& cert)
{
    Append8(to, cert.encoding);
    Append(to, cert.data);
}

void
AppendTo(Bytes& to, const CertRequestPayload& request)
{
    Append8(to, request.encoding);
    Append(to, request.authority);
}

void
AppendTo(Bytes& to, const NatOaPayload& original)
{
    Append32(to, ID_IPV4_ADDR << 24); // and three reserved bytes
    Append32(to, original.address.value);
}

void
AppendTo(Bytes& to, const FragmentPayload& fragment)
{
    Append16(to, fragment.id);
    Append8(to, fragment.number);
    Append8(to, fragment.flags);
    Append(to, fragment.data);
}

void
AppendTo(Bytes& to, const NatDPayload& detection)
{
    Append(to, detection.hash);
}

void
AppendTo(Bytes& to, const PrivatePayload& payload)
{
    Append(to, payload.data);
}

template <typename T>
void
AppendTo(Bytes& to, const T& payload)
{
    Append(to, payload.value);
}

Decoded<Payload>
DecodeId(ByteView body, std::size_t offset)
{
    ByteReader reader{body};
    IdPayload id;
    id.type = reader.Read8();
    id.protocol = reader.Read8();
    id.port = reader.Read16();
    id.data = reader.Rest();
    if (!reader.Ok())
    {
        return DecodeError{"ID payload is cut off", offset};
    }
    if (id.type == ID_IPV4_ADDR && id.data.size() != 4)
    {
        return DecodeError{"IPv4 address of ID payload has not 4 bytes", offset + 4};
    }
    if ((id.type == ID_IPV4_ADDR_SUBNET || id.type == ID_IPV4_ADDR_RANGE) && id.data.size() != 8)
    {
        return DecodeError{"two IPv4 addresses of ID payload have not 8 bytes", offset + 4};
    }
    return Payload{std::move(id)};
}

Decoded<Payload>
DecodeNotify(ByteView body, std::size_t offset)
{
    ByteReader reader{body};
    NotifyPayload notify;
    notify.doi = reader.Read32();
    notify.protocol = reader.Read8();
    const std::uint8_t spiSize = reader.Read8();
    notify.type = reader.Read16();
    notify.spi = reader.Read(spiSize);
    notify.data = reader.Rest();
    if (!reader.Ok())
    {
        return DecodeError{"notification payload is cut off", offset};
    }
    return Payload{std::move(notify)};
}

Decoded<Payload>
DecodeDelete(ByteView body, std::size_t offset)
{
    ByteReader reader{body};
    DeletePayload del;
    del.doi = reader.Read32();
    del.protocol = reader.Read8();
    del.spiSize = reader.Read8();
    const std::uint16_t count = reader.Read16();
    if (!reader.Ok() || del.spiSize == 0 || reader.Remaining() != std::size_t{count} * del.spiSize)
    {
        return DecodeError{"delete payload has not the SPIs it says", offset};
    }
    for (std::uint16_t i = 0; i < count; ++i)
    {
        del.spis.emplace_back(reader.Read(del.spiSize));
    }
    return Payload{std::move(del)};
}

Decoded<Payload>
DecodeNatOa(bool draft, ByteView body, std::size_t offset)
{
    ByteReader reader{body};
    NatOaPayload original;
    original.draft = draft;
    const std::uint8_t type = reader.Read8();
    const std::uint8_t reserved8 = reader.Read8();
    const std::uint16_t reserved16 = reader.Read16();
    original.address.value = reader.Read32();
    if (!reader.Ok() || reader.Remaining() != 0 || type != ID_IPV4_ADDR)
    {
        return DecodeError{"NAT-OA payload is not an IPv4 address", offset};
    }
    if (reserved8 != 0 || reserved16 != 0)
    {
        return DecodeError{"reserved bytes of NAT-OA payload are not 0", offset + 1};
    }
    return Payload{original};
}

Decoded<Payload>
DecodeFragment(ByteView body, std::size_t offset)
{
    ByteReader reader{body};
    FragmentPayload fragment;
    fragment.id = reader.Read16();
    fragment.number = reader.Read8();
    fragment.flags = reader.Read8();
    fragment.data = reader.Rest().ToBytes();
    if (!reader.Ok() || fragment.number == 0 || fragment.data.empty())
    {
        return DecodeError{"fragment payload has no number or no data", offset};
    }
    return Payload{std::move(fragment)};
}

/** Read a payload that is nothing but bytes, at least \p least of them. */
template <typename T>
Decoded<Payload>
DecodeOpaque(std::uint8_t type, ByteView body, std::size_t offset, std::size_t least)
{
    if (body.size() < least)
    {
        return DecodeError{PayloadName(type) + " payload has fewer than " + std::to_string(least) +
                               " bytes",
                           offset};
    }
    T payload;
    payload.value = decltype(payload.value)(body.begin(), body.end());
    return Payload{std::move(payload)};
}

} // namespace

Attribute
Attribute::Short(std::uint16_t type, std::uint16_t value)
{
    return {type, true, ShortBytes::Of16(value)};
}

Attribute
Attribute::Long(std::uint16_t type, std::uint32_t value)
{
    return {type, false, ShortBytes::Of32(value)};
}

std::optional<std::uint32_t>
Attribute::Number() const
{
    if (value.empty() || value.size() > 4)
    {
        return std::nullopt;
    }
    std::uint32_t number = 0;
    for (const std::uint8_t byte : value)
    {
        number = number << 8 | byte;
    }
    return number;
}

IdPayload
IdPayload::OfAddress(Ipv4Address address, std::uint8_t protocol, std::uint16_t port)
{
    return {ID_IPV4_ADDR, protocol, port, ShortBytes::Of32(address.value)};
}

IdPayload
IdPayload::OfName(std::string_view fqdn, std::uint8_t protocol, std::uint16_t port)
{
    return {ID_FQDN, protocol, port, ByteView{fqdn}};
}

std::optional<Ipv4Address>
IdPayload::Address() const
{
    if (type != ID_IPV4_ADDR || data.size() != 4)
    {
        return std::nullopt;
    }
    return Ipv4Address{Load32(data.data())};
}

std::uint8_t
TypeOf(const Payload& payload)
{
    // In the order of the variant; NAT-D, NAT-OA and private payloads know their own.
    constexpr std::uint8_t TYPES[] = {PAYLOAD_SA,
                                      PAYLOAD_KE,
                                      PAYLOAD_ID,
                                      PAYLOAD_CERT,
                                      PAYLOAD_CERTREQ,
                                      PAYLOAD_HASH,
                                      PAYLOAD_SIG,
                                      PAYLOAD_NONCE,
                                      PAYLOAD_NOTIFY,
                                      PAYLOAD_DELETE,
                                      PAYLOAD_VENDOR_ID,
                                      PAYLOAD_NAT_D,
                                      PAYLOAD_NAT_OA,
                                      PAYLOAD_FRAGMENT,
                                      PAYLOAD_PRIVATE};
    static_assert(sizeof(TYPES) == std::variant_size_v<Payload>);
    if (const auto* detection = std::get_if<NatDPayload>(&payload))
    {
        return detection->draft ? PAYLOAD_NAT_D_DRAFT : PAYLOAD_NAT_D;
    }
    if (const auto* original = std::get_if<NatOaPayload>(&payload))
    {
        return original->draft ? PAYLOAD_NAT_OA_DRAFT : PAYLOAD_NAT_OA;
    }
    if (const auto* unknown = std::get_if<PrivatePayload>(&payload))
    {
        return unknown->type;
    }
    return TYPES[payload.index()];
}

void
AppendBody(Bytes& to, const Payload& payload)
{
    std::visit([&to](const auto& p) { AppendTo(to, p); }, payload);
}

Bytes
EncodeBody(const Payload& payload)
{
    Bytes body;
    AppendBody(body, payload);
    return body;
}

Decoded<Payload>
DecodeBody(std::uint8_t type, ByteView body, std::size_t offset)
{
    switch (type)
    {
    case PAYLOAD_SA:
        return DecodeSa(body, offset);
    case PAYLOAD_KE:
        return DecodeOpaque<KeyExchangePayload>(type, body, offset, 1);
    case PAYLOAD_ID:
        return DecodeId(body, offset);
    case PAYLOAD_CERT:
    case PAYLOAD_CERTREQ:
        if (body.empty())
        {
            return DecodeError{PayloadName(type) + " payload has no encoding", offset};
        }
        if (type == PAYLOAD_CERT)
        {
            return Payload{CertPayload{body[0], body.Sub(1).ToBytes()}};
        }
        return Payload{CertRequestPayload{body[0], body.Sub(1).ToBytes()}};
    case PAYLOAD_HASH:
        return DecodeOpaque<HashPayload>(type, body, offset, 1);
    case PAYLOAD_SIG:
        return DecodeOpaque<SignaturePayload>(type, body, offset, 1);
    case PAYLOAD_NONCE: // RFC 2409 5: 8 to 256 bytes
        if (body.size() > 256)
        {
            return DecodeError{"NONCE payload has more than 256 bytes", offset};
        }
        return DecodeOpaque<NoncePayload>(type, body, offset, 8);
    case PAYLOAD_NOTIFY:
        return DecodeNotify(body, offset);
    case PAYLOAD_DELETE:
        return DecodeDelete(body, offset);
    case PAYLOAD_VENDOR_ID:
        return DecodeOpaque<VendorIdPayload>(type, body, offset, 0);
    case PAYLOAD_NAT_D:
    case PAYLOAD_NAT_D_DRAFT:
        return Payload{NatDPayload{type == PAYLOAD_NAT_D_DRAFT, body}};
    case PAYLOAD_NAT_OA:
    case PAYLOAD_NAT_OA_DRAFT:
        return DecodeNatOa(type == PAYLOAD_NAT_OA_DRAFT, body, offset);
    case PAYLOAD_FRAGMENT:
        return DecodeFragment(body, offset);
    default:
        return Payload{PrivatePayload{type, body.ToBytes()}};
    }
}

} // namespace nattlab::ike
