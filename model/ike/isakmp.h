// SPDX-License-Identifier: GPL-2.0-only
/**
 * \file
 * ISAKMP on the wire: header, chain of payloads, and every payload as a plain struct (RFC 2408 3).
 */
#ifndef NATTLAB_IKE_ISAKMP_H
#define NATTLAB_IKE_ISAKMP_H

#include "model/ike/numbers.h"
#include "model/packet/address.h"
#include "model/packet/bytes.h"
#include "model/packet/short-bytes.h"

#include <cstdint>
#include <optional>
#include <string>
#include <utility>
#include <variant>
#include <vector>

namespace nattlab::ike
{

/** What is wrong with an input, and where. */
struct DecodeError
{
    std::string what;
    std::size_t offset{0}; //!< bytes from the start of the message

    /** \return "what at byte 28". */
    std::string ToString() const;
};

/** A decoded value, or the reason why there is none. */
template <typename T>
class Decoded
{
  public:
    Decoded(T value)
        : m_value(std::move(value))
    {
    }

    Decoded(DecodeError error)
        : m_error(std::move(error))
    {
    }

    explicit operator bool() const
    {
        return m_value.has_value();
    }

    const T& operator*() const
    {
        return *m_value;
    }

    const T* operator->() const
    {
        return &*m_value;
    }

    /** \return the value, which is gone from here. */
    T Take()
    {
        return std::move(*m_value);
    }

    const DecodeError& Error() const
    {
        return m_error;
    }

  private:
    std::optional<T> m_value;
    DecodeError m_error;
};

/** The ISAKMP header (RFC 2408 3.1). */
struct Header
{
    static constexpr std::size_t SIZE = 28;
    static constexpr std::uint8_t VERSION = 0x10;

    std::uint64_t initiatorCookie{0};
    std::uint64_t responderCookie{0};
    std::uint8_t next{PAYLOAD_NONE};
    std::uint8_t exchange{EXCHANGE_MAIN};
    std::uint8_t flags{0};
    std::uint32_t messageId{0};

    bool Encrypted() const
    {
        return (flags & FLAG_ENCRYPTION) != 0;
    }
};

/** A data attribute (RFC 2408 3.3): type and a value of two bytes, or of any length. */
struct Attribute
{
    std::uint16_t type{0};
    bool isShort{true};
    ShortBytes value;

    static Attribute Short(std::uint16_t type, std::uint16_t value);
    static Attribute Long(std::uint16_t type, std::uint32_t value);

    /** \return the value as a number; nothing when it does not fit 32 bits or is empty. */
    std::optional<std::uint32_t> Number() const;
};

/** A transform payload (RFC 2408 3.6). */
struct Transform
{
    std::uint8_t number{1};
    std::uint8_t id{0};
    std::vector<Attribute> attributes;
};

/** A proposal payload (RFC 2408 3.5). Proposals of equal number are meant together. */
struct Proposal
{
    std::uint8_t number{1};
    std::uint8_t protocol{PROTOCOL_ISAKMP};
    ShortBytes spi;
    std::vector<Transform> transforms;
};

/** A security association payload (RFC 2408 3.4, RFC 2407 4.6.1). */
struct SaPayload
{
    std::uint32_t doi{DOI_IPSEC};
    std::uint32_t situation{SITUATION_IDENTITY_ONLY};
    std::vector<Proposal> proposals;
};

struct KeyExchangePayload
{
    Bytes value;
};

/** An identification payload (RFC 2407 4.6.2). */
struct IdPayload
{
    std::uint8_t type{ID_IPV4_ADDR};
    std::uint8_t protocol{0};
    std::uint16_t port{0};
    ShortBytes data;

    static IdPayload OfAddress(Ipv4Address address, std::uint8_t protocol, std::uint16_t port);
    static IdPayload OfName(std::string_view fqdn, std::uint8_t protocol, std::uint16_t port);

    /** \return the address, when it is of type IPV4_ADDR. */
    std::optional<Ipv4Address> Address() const;
};

/** A certificate payload (RFC 2408 3.9). */
struct CertPayload
{
    std::uint8_t encoding{4}; //!< 1: PKCS #7, 4: X.509 for signatures, 7: CRL
    Bytes data;
};

/** A certificate request payload (RFC 2408 3.10). */
struct CertRequestPayload
{
    std::uint8_t encoding{4};
    Bytes authority; //!< empty: any
};

struct HashPayload
{
    ShortBytes value;
};

struct SignaturePayload
{
    Bytes value;
};

struct NoncePayload
{
    ShortBytes value;
};

/** A notification payload (RFC 2408 3.14). */
struct NotifyPayload
{
    std::uint32_t doi{DOI_IPSEC};
    std::uint8_t protocol{PROTOCOL_ISAKMP};
    ShortBytes spi;
    std::uint16_t type{0};
    ShortBytes data;
};

/** A delete payload (RFC 2408 3.15). */
struct DeletePayload
{
    std::uint32_t doi{DOI_IPSEC};
    std::uint8_t protocol{PROTOCOL_ESP};
    std::uint8_t spiSize{4};
    std::vector<ShortBytes> spis; //!< the sender's inbound SPIs, or the cookies of an ISAKMP SA
};

struct VendorIdPayload
{
    ShortBytes value;
};

/** A NAT discovery payload (RFC 3947 3.2). */
struct NatDPayload
{
    bool draft{false}; //!< number 130 in place of 20
    ShortBytes hash;
};

/** A NAT original address payload (RFC 3947 5.2), IPv4 only. */
struct NatOaPayload
{
    bool draft{false}; //!< number 131 in place of 21
    Ipv4Address address;
};

/** A fragment of an IKE message (MS-IKEE 2.2.3). */
struct FragmentPayload
{
    static constexpr std::uint8_t LAST = 1;

    std::uint16_t id{0};
    std::uint8_t number{1};
    std::uint8_t flags{0};
    Bytes data;
};

/** A payload of a private number that is not known. */
struct PrivatePayload
{
    std::uint8_t type{PAYLOAD_PRIVATE};
    Bytes data;
};

using Payload = std::variant<SaPayload,
                             KeyExchangePayload,
                             IdPayload,
                             CertPayload,
                             CertRequestPayload,
                             HashPayload,
                             SignaturePayload,
                             NoncePayload,
                             NotifyPayload,
                             DeletePayload,
                             VendorIdPayload,
                             NatDPayload,
                             NatOaPayload,
                             FragmentPayload,
                             PrivatePayload>;

/** \return the number of a payload on the wire. */
std::uint8_t TypeOf(const Payload& payload);

/** Append the body of a payload, without its generic header. */
void AppendBody(Bytes& to, const Payload& payload);

/** \return the body of a payload, without its generic header. */
Bytes EncodeBody(const Payload& payload);

/** Read the body of a payload. \param offset of the body in the message, for errors */
Decoded<Payload> DecodeBody(std::uint8_t type, ByteView body, std::size_t offset);

/** A chain of payloads as it was read. */
struct Chain
{
    struct Item
    {
        Payload payload;
        std::size_t offset; //!< of the body in the bytes of the chain
        std::size_t size;   //!< of the body
    };

    Bytes bytes; //!< as on the wire
    std::vector<Item> items;
    std::size_t size{0}; //!< bytes of all payloads; what follows is padding

    /** \return the first payload of this kind; null when there is none. */
    template <typename T>
    const T* Find() const
    {
        for (const Item& item : items)
        {
            if (const T* found = std::get_if<T>(&item.payload))
            {
                return found;
            }
        }
        return nullptr;
    }

    /** \return all payloads of this kind, in order. */
    template <typename T>
    std::vector<const T*> All() const
    {
        std::vector<const T*> found;
        for (const Item& item : items)
        {
            if (const T* payload = std::get_if<T>(&item.payload))
            {
                found.reserve(items.size());
                found.push_back(payload);
            }
        }
        return found;
    }

    /**
     * \return the body of the first payload of this number as on the wire, without generic header:
     * what hashes are made of; nothing when there is none
     */
    std::optional<ByteView> Body(std::uint8_t type) const;

    /** \return all payloads after the first, with generic headers: what HASH covers. */
    ByteView Rest() const;

    /** \return "SA, VID, VID". */
    std::string ToString() const;
};

/**
 * Read a chain of payloads.
 *
 * \param first number of the first payload
 * \param padding how many bytes may follow the last payload
 * \param offset of \p bytes in the message, for errors
 */
Decoded<Chain> DecodeChain(std::uint8_t first,
                           Bytes bytes,
                           std::size_t padding = 0,
                           std::size_t offset = Header::SIZE);

/** \return the payloads with their generic headers. */
Bytes EncodeChain(const std::vector<Payload>& payloads);

/** Read a header. The length field must be that of \p message. */
Decoded<Header> DecodeHeader(ByteView message);

/** \return header and \p body; the length field is computed. */
Bytes EncodeMessage(const Header& header, ByteView body);

/** \return a message in clear; next payload and length are computed. */
Bytes EncodeMessage(const Header& header, const std::vector<Payload>& payloads);

/** Writes header and payloads into one buffer. Each payload is announced by what is before it. */
class MessageWriter
{
  public:
    explicit MessageWriter(const Header& header);

    void Add(const Payload& payload);

    /** \return the body of the first payload, without its generic header. */
    ByteView FirstBody() const;

    /** \return all payloads after the first, with generic headers: what HASH covers. */
    ByteView Rest() const;

    /** Write another body of the same size into the first payload. */
    void SetFirstBody(ByteView body);

    /** \return "SA, VID, VID". */
    std::string ToString() const;

    /** \return the message; its length field is computed. */
    Bytes Take();

  private:
    std::size_t FirstEnd() const;

    Bytes m_bytes;
    std::size_t m_next; //!< where the number of the next payload belongs
};

/** Set the length field of a message to the bytes that it has. */
void SetLength(Bytes& message);

} // namespace nattlab::ike

#endif
