// SPDX-License-Identifier: GPL-2.0-only
#include "model/windows/ras-error.h"

namespace nattlab::windows
{

namespace
{

struct Row
{
    RasError error;
    Generation since;
};

constexpr auto W2000 = Generation::Windows2000;
constexpr auto XP = Generation::WindowsXp;
constexpr auto VISTA = Generation::WindowsVista;

// clang-format off
constexpr Row ROWS[] = {
    {{629, "ERROR_DISCONNECTION", "The remote computer ended the connection."}, W2000},
    {{646, "ERROR_RESTRICTED_LOGON_HOURS", "The account may not log on at this time."}, W2000},
    {{647, "ERROR_ACCT_DISABLED", "The account is disabled."}, W2000},
    {{648, "ERROR_PASSWD_EXPIRED", "The password has expired."}, W2000},
    {{649, "ERROR_NO_DIALIN_PERMISSION", "The account may not dial in."}, W2000},
    {{678, "ERROR_NO_ANSWER", "The remote computer did not respond."}, W2000},
    {{691, "ERROR_AUTHENTICATION_FAILURE", "Access was denied: user name or password is not valid."}, W2000},
    {{709, "ERROR_CHANGING_PASSWORD", "The password could not be changed."}, W2000},
    {{718, "ERROR_PPP_TIMEOUT", "A PPP answer did not come in time."}, W2000},
    {{721, "ERROR_PPP_NO_RESPONSE", "The remote PPP peer is not responding."}, W2000},
    {{732, "ERROR_PPP_NOT_CONVERGING", "The two ends could not agree on PPP options."}, W2000},
    {{734, "ERROR_PPP_LCP_TERMINATED", "The PPP link control protocol was ended."}, W2000},
    {{735, "ERROR_PPP_REQUIRED_ADDRESS_REJECTED", "The server refused the address asked for."}, W2000},
    {{736, "ERROR_PPP_NCP_TERMINATED", "The remote computer ended the control protocol."}, W2000},
    {{741, "ERROR_NO_LOCAL_ENCRYPTION", "This computer does not have the encryption that is required."}, W2000},
    {{742, "ERROR_NO_REMOTE_ENCRYPTION", "The remote computer does not have the encryption that is required."}, W2000},
    {{766, "ERROR_NO_CERTIFICATE", "L2TP over IPsec needs a machine certificate, and none was found."}, W2000},
    {{768, "ERROR_FAILED_TO_ENCRYPT", "The data could not be encrypted as the connection requires."}, W2000},
    {{769, "ERROR_BAD_ADDRESS_SPECIFIED", "The destination cannot be reached."}, W2000},
    {{781, "ERROR_CERT_FOR_ENCRYPTION_NOT_FOUND", "No valid certificate was found for encryption."}, W2000},
    {{786, "ERROR_OAKLEY_NO_CERT", "No valid machine certificate was found for the security negotiation."}, XP},
    {{787, "ERROR_OAKLEY_AUTH_FAIL", "The security layer could not authenticate the remote computer."}, W2000},
    {{788, "ERROR_OAKLEY_ATTRIB_FAIL", "The security layer could not agree on parameters with the remote computer."}, W2000},
    {{789, "ERROR_OAKLEY_GENERAL_PROCESSING", "The security layer met a processing error while negotiating."}, W2000},
    {{790, "ERROR_OAKLEY_NO_PEER_CERT", "The remote computer's certificate could not be validated."}, W2000},
    {{791, "ERROR_OAKLEY_NO_POLICY", "No security policy for the connection was found."}, W2000},
    {{792, "ERROR_OAKLEY_TIMED_OUT", "Security negotiation timed out."}, W2000},
    {{793, "ERROR_OAKLEY_ERROR", "Security negotiation failed for no stated reason."}, W2000},
    {{800, "ERROR_AUTOMATIC_VPN_FAILED", "None of the kinds of VPN that were tried could be connected."}, XP},
    {{806, "ERROR_VPN_GRE_BLOCKED", "The VPN server was reached, but GRE does not come through."}, VISTA},
    {{807, "ERROR_VPN_DISCONNECT", "The connection to the VPN server was interrupted."}, VISTA},
    {{808, "ERROR_VPN_REFUSED", "The VPN server refused the connection."}, VISTA},
    {{809, "ERROR_VPN_TIMEOUT", "The remote server is not responding: a device between may not be set up to allow VPN connections."}, VISTA},
    {{810, "ERROR_VPN_BAD_CERT", "A certificate of the VPN connection is not valid."}, VISTA},
    {{811, "ERROR_VPN_BAD_PSK", "The VPN server could not be authenticated by the pre-shared key."}, VISTA},
};
// clang-format on

} // namespace

std::vector<RasError>
RasErrorsOf(Generation generation)
{
    std::vector<RasError> errors;
    for (const Row& row : ROWS)
    {
        if (row.since <= generation)
        {
            errors.push_back(row.error);
        }
    }
    return errors;
}

std::optional<RasError>
FindRasError(Generation generation, std::uint32_t number)
{
    for (const Row& row : ROWS)
    {
        if (row.error.number == number && row.since <= generation)
        {
            return row.error;
        }
    }
    return std::nullopt;
}

} // namespace nattlab::windows
