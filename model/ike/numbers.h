// SPDX-License-Identifier: GPL-2.0-only
/**
 * \file
 * The numbers of ISAKMP, its IPsec DOI, IKE and NAT-T (RFC 2407, 2408, 2409, 3947 and its drafts).
 */
#ifndef NATTLAB_IKE_NUMBERS_H
#define NATTLAB_IKE_NUMBERS_H

#include <cstdint>
#include <string>
#include <string_view>

namespace nattlab::ike
{

/** Exchange types (RFC 2408 3.1, RFC 2409 appendix A). */
enum Exchange : std::uint8_t
{
    EXCHANGE_BASE = 1,
    EXCHANGE_MAIN = 2, //!< identity protection
    EXCHANGE_AUTHENTICATION_ONLY = 3,
    EXCHANGE_AGGRESSIVE = 4,
    EXCHANGE_INFORMATIONAL = 5,
    EXCHANGE_QUICK = 32,
    EXCHANGE_NEW_GROUP = 33,
};

/** Header flags (RFC 2408 3.1). */
enum Flag : std::uint8_t
{
    FLAG_ENCRYPTION = 1,
    FLAG_COMMIT = 2,
    FLAG_AUTHENTICATION_ONLY = 4,
};

/** Payload types (RFC 2408 3.1, RFC 3947 9, MS-IKEE 2.2). */
enum PayloadType : std::uint8_t
{
    PAYLOAD_NONE = 0,
    PAYLOAD_SA = 1,
    PAYLOAD_PROPOSAL = 2,
    PAYLOAD_TRANSFORM = 3,
    PAYLOAD_KE = 4,
    PAYLOAD_ID = 5,
    PAYLOAD_CERT = 6,
    PAYLOAD_CERTREQ = 7,
    PAYLOAD_HASH = 8,
    PAYLOAD_SIG = 9,
    PAYLOAD_NONCE = 10,
    PAYLOAD_NOTIFY = 11,
    PAYLOAD_DELETE = 12,
    PAYLOAD_VENDOR_ID = 13,
    PAYLOAD_NAT_D = 20,
    PAYLOAD_NAT_OA = 21,
    PAYLOAD_PRIVATE = 128, //!< from here on numbers are private: unknown ones are passed over
    PAYLOAD_NAT_D_DRAFT = 130,
    PAYLOAD_NAT_OA_DRAFT = 131,
    PAYLOAD_FRAGMENT = 132,
};

/** Encodings of certificates (RFC 2408 3.9). */
enum CertEncoding : std::uint8_t
{
    CERT_PKCS7 = 1,
    CERT_X509_SIGNATURE = 4,
};

/** Security protocols (RFC 2407 4.4.1). */
enum Protocol : std::uint8_t
{
    PROTOCOL_ISAKMP = 1,
    PROTOCOL_AH = 2,
    PROTOCOL_ESP = 3,
    PROTOCOL_IPCOMP = 4,
};

constexpr std::uint32_t DOI_IPSEC = 1;
constexpr std::uint32_t SITUATION_IDENTITY_ONLY = 1;
constexpr std::uint8_t TRANSFORM_KEY_IKE = 1; //!< RFC 2407 4.4.2

/** Phase-1 attributes (RFC 2409 appendix A). */
enum Phase1Attribute : std::uint16_t
{
    IKE_ENCRYPTION = 1,
    IKE_HASH = 2,
    IKE_AUTH = 3,
    IKE_GROUP = 4,
    IKE_LIFE_TYPE = 11,
    IKE_LIFE_DURATION = 12,
    IKE_KEY_LENGTH = 14,
};

/** Phase-2 attributes (RFC 2407 4.5). */
enum Phase2Attribute : std::uint16_t
{
    ESP_LIFE_TYPE = 1,
    ESP_LIFE_DURATION = 2,
    ESP_GROUP = 3,
    ESP_ENCAPSULATION = 4,
    ESP_AUTHENTICATION = 5,
    ESP_KEY_LENGTH = 6,
};

constexpr std::uint16_t LIFE_SECONDS = 1;
constexpr std::uint16_t LIFE_KILOBYTES = 2;

/** Encapsulation modes (RFC 2407 4.5, RFC 3947 5.1, and the private numbers of the drafts). */
enum Encapsulation : std::uint16_t
{
    ENCAPSULATION_TUNNEL = 1,
    ENCAPSULATION_TRANSPORT = 2,
    ENCAPSULATION_UDP_TUNNEL = 3,
    ENCAPSULATION_UDP_TRANSPORT = 4,
    ENCAPSULATION_UDP_TUNNEL_DRAFT = 61443,
    ENCAPSULATION_UDP_TRANSPORT_DRAFT = 61444,
};

/** Identification types (RFC 2407 4.6.2). */
enum IdType : std::uint8_t
{
    ID_IPV4_ADDR = 1,
    ID_FQDN = 2,
    ID_USER_FQDN = 3,
    ID_IPV4_ADDR_SUBNET = 4,
    ID_IPV6_ADDR = 5,
    ID_IPV4_ADDR_RANGE = 7,
    ID_DER_ASN1_DN = 9,
    ID_DER_ASN1_GN = 10,
    ID_KEY_ID = 11,
};

/** Notify messages (RFC 2408 3.14.1, RFC 2407 4.6.3) that this engine sends or acts upon. */
enum NotifyType : std::uint16_t
{
    NOTIFY_NO_PROPOSAL_CHOSEN = 14,
    NOTIFY_PAYLOAD_MALFORMED = 16,
    NOTIFY_INVALID_KEY_INFORMATION = 17,
    NOTIFY_INVALID_ID_INFORMATION = 18,
    NOTIFY_INVALID_CERTIFICATE = 20,
    NOTIFY_INVALID_CERT_AUTHORITY = 22,
    NOTIFY_INVALID_HASH_INFORMATION = 23,
    NOTIFY_AUTHENTICATION_FAILED = 24,
    NOTIFY_INVALID_SIGNATURE = 25,
    NOTIFY_CERTIFICATE_UNAVAILABLE = 28,
    NOTIFY_LAST_ERROR = 16383,
    NOTIFY_CONNECTED = 16384,
    NOTIFY_RESPONDER_LIFETIME = 24576,
    NOTIFY_REPLAY_STATUS = 24577,
    NOTIFY_INITIAL_CONTACT = 24578,
    NOTIFY_DOS_COOKIE = 0x9C44, //!< MS-IKEE 2.2
};

/** \return the short name of a payload type, such as "NAT-D"; its number when it has none. */
std::string PayloadName(std::uint8_t type);

/** \return number and name of a notify message, such as "14 NO-PROPOSAL-CHOSEN". */
std::string NotifyName(std::uint16_t type);

} // namespace nattlab::ike

#endif
