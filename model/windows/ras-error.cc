// SPDX-License-Identifier: GPL-2.0-only
#include "model/windows/ras-error.h"

#include <optional>

namespace nattlab::windows
{

namespace
{

constexpr RasError NO_ANSWER{678, "ERROR_NO_ANSWER", "The remote computer did not respond."};
constexpr RasError AUTH{691,
                        "ERROR_AUTHENTICATION_FAILURE",
                        "Access was denied: user name or password is not valid."};
constexpr RasError PPP_TIMEOUT{718, "ERROR_PPP_TIMEOUT", "A PPP answer did not come in time."};
constexpr RasError PPP_NO_RESPONSE{721,
                                   "ERROR_PPP_NO_RESPONSE",
                                   "The remote PPP peer is not responding."};
constexpr RasError NOT_CONVERGING{732,
                                  "ERROR_PPP_NOT_CONVERGING",
                                  "The two ends could not agree on PPP options."};
constexpr RasError LCP_TERMINATED{734,
                                  "ERROR_PPP_LCP_TERMINATED",
                                  "The PPP link control protocol was ended."};
constexpr RasError ADDRESS_REJECTED{735,
                                    "ERROR_PPP_REQUIRED_ADDRESS_REJECTED",
                                    "The server refused the address asked for."};
constexpr RasError NCP_TERMINATED{736,
                                  "ERROR_PPP_NCP_TERMINATED",
                                  "The remote computer ended the control protocol."};
constexpr RasError NO_PATH{769,
                           "ERROR_BAD_ADDRESS_SPECIFIED",
                           "The destination cannot be reached."};
constexpr RasError NO_CERT_2000{781,
                                "ERROR_CERT_FOR_ENCRYPTION_NOT_FOUND",
                                "No valid certificate was found for encryption."};
constexpr RasError IKE_AUTH{787,
                            "ERROR_OAKLEY_AUTH_FAIL",
                            "The security layer could not authenticate the remote computer."};
constexpr RasError IKE_ATTRIBUTES{
    788,
    "ERROR_OAKLEY_ATTRIB_FAIL",
    "The security layer could not agree on parameters with the remote computer."};
constexpr RasError IKE_PROCESSING{789,
                                  "ERROR_OAKLEY_GENERAL_PROCESSING",
                                  "The security layer met a processing error while negotiating."};
constexpr RasError IKE_NO_POLICY{791,
                                 "ERROR_OAKLEY_NO_POLICY",
                                 "No security policy for the connection was found."};
constexpr RasError IKE_TIMED_OUT{792, "ERROR_OAKLEY_TIMED_OUT", "Security negotiation timed out."};
constexpr RasError VPN_TIMEOUT{809,
                               "ERROR_VPN_TIMEOUT",
                               "The remote server is not responding: a device between may not be "
                               "set up to allow VPN connections."};
constexpr RasError DISCONNECTED{629,
                                "ERROR_DISCONNECTION",
                                "The remote computer ended the connection."};

/** What a server may say of a user whose password is right (RFC 2759 6). */
constexpr RasError ACCOUNT_ERRORS[] = {
    {646, "ERROR_RESTRICTED_LOGON_HOURS", "The account may not log on at this time."},
    {647, "ERROR_ACCT_DISABLED", "The account is disabled."},
    {648, "ERROR_PASSWD_EXPIRED", "The password has expired."},
    {649, "ERROR_NO_DIALIN_PERMISSION", "The account may not dial in."},
    {709, "ERROR_CHANGING_PASSWORD", "The password could not be changed."},
};

/** The error of a negotiation of IKE or L2TP, before the dialler says "device connected". */
std::optional<RasError>
BeforeConnected(Reason reason)
{
    switch (reason)
    {
    case Reason::IkeTimeout:
        return IKE_TIMED_OUT;
    case Reason::IkeNoProposalChosen:
        return IKE_ATTRIBUTES;
    case Reason::IkeNoPolicy:
        return IKE_NO_POLICY;
    case Reason::IkeAuthentication:
        return IKE_AUTH;
    case Reason::IpNoRoute:
        return NO_PATH;
    case Reason::IkeNoPresharedKey:
    case Reason::IkeDecryption:
    case Reason::IkeInvalidId:
    case Reason::IkeInvalidKeyExchange:
    case Reason::IkePeerNotify:
    case Reason::IkeResponderBehindNat:
    case Reason::IkeSelectorCollision:
    case Reason::IkeDeleted:
    case Reason::IkeMalformed:
        return IKE_PROCESSING;
    case Reason::L2tpNoAnswer:
    case Reason::L2tpRefused:
    case Reason::L2tpNoService:
    case Reason::L2tpAuthentication:
    case Reason::L2tpPeerSilent:
    case Reason::L2tpSessionLimit:
        return NO_ANSWER;
    default:
        return std::nullopt;
    }
}

RasError
AfterConnected(Stage stage, Reason reason)
{
    switch (reason)
    {
    case Reason::PppAuthFailed:
    case Reason::PppAuthServer:
        return AUTH;
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

} // namespace

RasError
RasErrorFor(Generation generation, Stage stage, Reason reason, std::optional<std::uint32_t> code)
{
    for (const RasError& error : ACCOUNT_ERRORS)
    {
        if (code == error.number)
        {
            return error;
        }
    }
    const auto early = BeforeConnected(reason);
    if (!early)
    {
        return stage < Stage::PppLcp ? IKE_PROCESSING : AfterConnected(stage, reason);
    }
    if (generation == Generation::WindowsVista &&
        (early->number == IKE_TIMED_OUT.number || early->number == NO_ANSWER.number))
    {
        return VPN_TIMEOUT;
    }
    if (generation == Generation::Windows2000 && reason == Reason::IkeNoPresharedKey)
    {
        return NO_CERT_2000; // Windows 2000 has certificates only, without ProhibitIpSec
    }
    return *early;
}

} // namespace nattlab::windows
