// SPDX-License-Identifier: GPL-2.0-only
#include "model/windows/ras-error.h"

namespace nattlab::windows
{

namespace
{

constexpr std::uint32_t DISCONNECTED = 629;
constexpr std::uint32_t NO_ANSWER = 678;
constexpr std::uint32_t AUTHENTICATION = 691;
constexpr std::uint32_t PPP_TIMEOUT = 718;
constexpr std::uint32_t PPP_NO_RESPONSE = 721;
constexpr std::uint32_t NOT_CONVERGING = 732;
constexpr std::uint32_t LCP_TERMINATED = 734;
constexpr std::uint32_t ADDRESS_REJECTED = 735;
constexpr std::uint32_t NCP_TERMINATED = 736;
constexpr std::uint32_t NO_CERTIFICATE = 766;
constexpr std::uint32_t NO_PATH = 769;
constexpr std::uint32_t NO_CERTIFICATE_2000 = 781;
constexpr std::uint32_t IKE_NO_CERTIFICATE = 786;
constexpr std::uint32_t IKE_AUTHENTICATION = 787;
constexpr std::uint32_t IKE_ATTRIBUTES = 788;
constexpr std::uint32_t IKE_PROCESSING = 789;
constexpr std::uint32_t IKE_NO_PEER_CERTIFICATE = 790;
constexpr std::uint32_t IKE_NO_POLICY = 791;
constexpr std::uint32_t IKE_TIMED_OUT = 792;
constexpr std::uint32_t VPN_TIMEOUT = 809;
constexpr std::uint32_t VPN_BAD_CERTIFICATE = 810;

/** What a server may say of a user whose password is right (RFC 2759 6). */
constexpr std::uint32_t ACCOUNT_ERRORS[] = {646, 647, 648, 649, 709};

/**
 * Notifications that say that the peer does not believe who this host is (RFC 2408 3.14.1):
 * INVALID-CERTIFICATE, INVALID-CERT-AUTHORITY, AUTHENTICATION-FAILED, INVALID-SIGNATURE,
 * CERTIFICATE-UNAVAILABLE. INVALID-HASH-INFORMATION is not among them: with pre-shared keys it
 * says that the keys differ, which users know as 789.
 */
constexpr std::uint16_t REFUSED_IDENTITY[] = {20, 22, 24, 25, 28};

template <typename T, std::size_t N>
bool
Has(const T (&list)[N], T wanted)
{
    for (const T& item : list)
    {
        if (item == wanted)
        {
            return true;
        }
    }
    return false;
}

/** This host has no certificate, or none that is good. */
std::uint32_t
OwnCertificate(Generation generation, bool missing)
{
    if (generation == Generation::Windows2000)
    {
        return NO_CERTIFICATE_2000;
    }
    return missing && generation == Generation::WindowsVista ? NO_CERTIFICATE : IKE_NO_CERTIFICATE;
}

std::uint32_t
PeerCertificate(Generation generation)
{
    return generation == Generation::WindowsVista ? VPN_BAD_CERTIFICATE : IKE_NO_PEER_CERTIFICATE;
}

/** From Vista on, who does not answer is not told apart by the protocol. */
std::uint32_t
Unanswered(Generation generation, std::uint32_t before)
{
    return generation == Generation::WindowsVista ? VPN_TIMEOUT : before;
}

/** The error of a negotiation of IKE or L2TP, before the dialler says "device connected". */
std::optional<std::uint32_t>
BeforeConnected(Generation generation, Reason reason, bool own)
{
    switch (reason)
    {
    case Reason::IkeTimeout:
    case Reason::IkeFragmentTimeout:
        return Unanswered(generation, IKE_TIMED_OUT);
    case Reason::IkeNoProposalChosen:
        return IKE_ATTRIBUTES;
    case Reason::IkeNoPolicy:
        return IKE_NO_POLICY;
    case Reason::IkeAuthentication:
        return IKE_AUTHENTICATION;
    case Reason::IkeNoCertificate:
        return OwnCertificate(generation, true);
    case Reason::IkeCertificateExpired:
    case Reason::IkeCertificateNotYetValid:
    case Reason::IkeCertificateUntrusted:
    case Reason::IkeCertificateUsage:
    case Reason::IkeCertificateInvalid:
        return own ? OwnCertificate(generation, false) : PeerCertificate(generation);
    case Reason::IkeNoPeerCertificate:
        return PeerCertificate(generation);
    case Reason::IkeNoPresharedKey: // Windows 2000 has certificates only, without ProhibitIpSec
        return generation == Generation::Windows2000 ? NO_CERTIFICATE_2000 : IKE_PROCESSING;
    case Reason::IpNoRoute:
        return NO_PATH;
    case Reason::HostServiceStopped:
    case Reason::IkeDecryption:
    case Reason::IkeInvalidId:
    case Reason::IkeInvalidKeyExchange:
    case Reason::IkePeerNotify:
    case Reason::IkeResponderBehindNat:
    case Reason::IkeSelectorCollision:
    case Reason::IkeDeleted:
    case Reason::IkeMalformed:
    case Reason::IkeFragmentRefused:
    case Reason::IkeCookieRequired:
        return IKE_PROCESSING;
    case Reason::L2tpNoAnswer:
    case Reason::L2tpRefused:
    case Reason::L2tpNoService:
    case Reason::L2tpAuthentication:
    case Reason::L2tpPeerSilent:
    case Reason::L2tpSessionLimit:
        return Unanswered(generation, NO_ANSWER);
    default:
        return std::nullopt;
    }
}

std::uint32_t
AfterConnected(Stage stage, Reason reason)
{
    switch (reason)
    {
    case Reason::PppAuthFailed:
    case Reason::PppAuthServer:
        return AUTHENTICATION;
    case Reason::PppNoAnswer:
        return stage == Stage::PppLcp ? PPP_NO_RESPONSE : PPP_TIMEOUT;
    case Reason::PppTerminated:
        return stage == Stage::PppIpcp ? NCP_TERMINATED : LCP_TERMINATED;
    case Reason::PppNoAddress:
        return ADDRESS_REJECTED;
    case Reason::PppNotConverging:
    case Reason::PppAuthRefused:
    case Reason::PppLoopback:
        return NOT_CONVERGING;
    default:
        return DISCONNECTED;
    }
}

std::uint32_t
NumberFor(Generation generation,
          Stage stage,
          Reason reason,
          std::optional<std::uint32_t> code,
          std::optional<std::uint16_t> notify,
          bool own)
{
    if (code && Has(ACCOUNT_ERRORS, *code))
    {
        return *code;
    }
    if (notify && (reason == Reason::IkePeerNotify || reason == Reason::IkeAuthentication))
    {
        return Has(REFUSED_IDENTITY, *notify) ? IKE_AUTHENTICATION : IKE_PROCESSING;
    }
    if (const auto early = BeforeConnected(generation, reason, own))
    {
        return *early;
    }
    return stage < Stage::PppLcp ? IKE_PROCESSING : AfterConnected(stage, reason);
}

} // namespace

RasError
RasErrorFor(Generation generation,
            Stage stage,
            Reason reason,
            std::optional<std::uint32_t> code,
            std::optional<std::uint16_t> notify,
            bool own)
{
    const std::uint32_t number = NumberFor(generation, stage, reason, code, notify, own);
    return *FindRasError(generation, number); // each number above is in the table
}

} // namespace nattlab::windows
