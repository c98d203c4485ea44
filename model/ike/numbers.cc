// SPDX-License-Identifier: GPL-2.0-only
#include "model/ike/numbers.h"

namespace nattlab::ike
{

namespace
{

struct Name
{
    std::uint16_t number;
    std::string_view text;
};

constexpr Name PAYLOADS[] = {
    {PAYLOAD_SA, "SA"},
    {PAYLOAD_PROPOSAL, "P"},
    {PAYLOAD_TRANSFORM, "T"},
    {PAYLOAD_KE, "KE"},
    {PAYLOAD_ID, "ID"},
    {PAYLOAD_CERT, "CERT"},
    {PAYLOAD_CERTREQ, "CERTREQ"},
    {PAYLOAD_HASH, "HASH"},
    {PAYLOAD_SIG, "SIG"},
    {PAYLOAD_NONCE, "NONCE"},
    {PAYLOAD_NOTIFY, "N"},
    {PAYLOAD_DELETE, "D"},
    {PAYLOAD_VENDOR_ID, "VID"},
    {PAYLOAD_NAT_D, "NAT-D"},
    {PAYLOAD_NAT_OA, "NAT-OA"},
    {PAYLOAD_NAT_D_DRAFT, "NAT-D"},
    {PAYLOAD_NAT_OA_DRAFT, "NAT-OA"},
    {PAYLOAD_FRAGMENT, "FRAGMENT"},
};

constexpr Name NOTIFIES[] = {
    {1, "INVALID-PAYLOAD-TYPE"},
    {2, "DOI-NOT-SUPPORTED"},
    {3, "SITUATION-NOT-SUPPORTED"},
    {4, "INVALID-COOKIE"},
    {5, "INVALID-MAJOR-VERSION"},
    {6, "INVALID-MINOR-VERSION"},
    {7, "INVALID-EXCHANGE-TYPE"},
    {8, "INVALID-FLAGS"},
    {9, "INVALID-MESSAGE-ID"},
    {10, "INVALID-PROTOCOL-ID"},
    {11, "INVALID-SPI"},
    {12, "INVALID-TRANSFORM-ID"},
    {13, "ATTRIBUTES-NOT-SUPPORTED"},
    {14, "NO-PROPOSAL-CHOSEN"},
    {15, "BAD-PROPOSAL-SYNTAX"},
    {16, "PAYLOAD-MALFORMED"},
    {17, "INVALID-KEY-INFORMATION"},
    {18, "INVALID-ID-INFORMATION"},
    {19, "INVALID-CERT-ENCODING"},
    {20, "INVALID-CERTIFICATE"},
    {21, "CERT-TYPE-UNSUPPORTED"},
    {22, "INVALID-CERT-AUTHORITY"},
    {23, "INVALID-HASH-INFORMATION"},
    {24, "AUTHENTICATION-FAILED"},
    {25, "INVALID-SIGNATURE"},
    {26, "ADDRESS-NOTIFICATION"},
    {27, "NOTIFY-SA-LIFETIME"},
    {28, "CERTIFICATE-UNAVAILABLE"},
    {29, "UNSUPPORTED-EXCHANGE-TYPE"},
    {30, "UNEQUAL-PAYLOAD-LENGTHS"},
    {NOTIFY_CONNECTED, "CONNECTED"},
    {NOTIFY_RESPONDER_LIFETIME, "RESPONDER-LIFETIME"},
    {NOTIFY_REPLAY_STATUS, "REPLAY-STATUS"},
    {NOTIFY_INITIAL_CONTACT, "INITIAL-CONTACT"},
    {0x9C43, "NOTIFY_STATUS"},
    {NOTIFY_DOS_COOKIE, "DOS_COOKIE"},
    {0x9C45, "EXCHANGE_INFO"},
};

template <std::size_t N>
std::string_view
Find(const Name (&names)[N], std::uint16_t number)
{
    for (const Name& name : names)
    {
        if (name.number == number)
        {
            return name.text;
        }
    }
    return {};
}

} // namespace

std::string
PayloadName(std::uint8_t type)
{
    const std::string_view name = Find(PAYLOADS, type);
    return name.empty() ? std::to_string(type) : std::string{name};
}

std::string
NotifyName(std::uint16_t type)
{
    const std::string_view name = Find(NOTIFIES, type);
    std::string text = std::to_string(type);
    if (!name.empty())
    {
        text += ' ';
        text += name;
    }
    return text;
}

} // namespace nattlab::ike
