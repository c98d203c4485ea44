// SPDX-License-Identifier: GPL-2.0-only
#include "model/windows/ike-error.h"

namespace nattlab::windows
{

namespace
{

/** The error by the end of its name, which says what it is about. */
std::optional<IkeError>
Named(std::string_view name)
{
    for (const IkeError& error : IkeErrors())
    {
        if (error.name == name)
        {
            return error;
        }
    }
    return std::nullopt;
}

} // namespace

const std::vector<IkeError>&
IkeErrors()
{
    static const std::vector<IkeError> errors{
        {13801, "ERROR_IPSEC_IKE_AUTH_FAIL"},
        {13802, "ERROR_IPSEC_IKE_ATTRIB_FAIL"},
        {13803, "ERROR_IPSEC_IKE_NEGOTIATION_PENDING"},
        {13804, "ERROR_IPSEC_IKE_GENERAL_PROCESSING_ERROR"},
        {13805, "ERROR_IPSEC_IKE_TIMED_OUT"},
        {13806, "ERROR_IPSEC_IKE_NO_CERT"},
        {13807, "ERROR_IPSEC_IKE_SA_DELETED"},
        {13808, "ERROR_IPSEC_IKE_SA_REAPED"},
        {13813, "ERROR_IPSEC_IKE_DROP_NO_RESPONSE"},
        {13816, "ERROR_IPSEC_IKE_ERROR"},
        {13817, "ERROR_IPSEC_IKE_CRL_FAILED"},
        {13820, "ERROR_IPSEC_IKE_NO_PRIVATE_KEY"},
        {13822, "ERROR_IPSEC_IKE_DH_FAIL"},
        {13824, "ERROR_IPSEC_IKE_INVALID_HEADER"},
        {13825, "ERROR_IPSEC_IKE_NO_POLICY"},
        {13826, "ERROR_IPSEC_IKE_INVALID_SIGNATURE"},
        {13827, "ERROR_IPSEC_IKE_KERBEROS_ERROR"},
        {13828, "ERROR_IPSEC_IKE_NO_PUBLIC_KEY"},
        {13829, "ERROR_IPSEC_IKE_PROCESS_ERR"},
        {13830, "ERROR_IPSEC_IKE_PROCESS_ERR_SA"},
        {13831, "ERROR_IPSEC_IKE_PROCESS_ERR_PROP"},
        {13832, "ERROR_IPSEC_IKE_PROCESS_ERR_TRANS"},
        {13833, "ERROR_IPSEC_IKE_PROCESS_ERR_KE"},
        {13834, "ERROR_IPSEC_IKE_PROCESS_ERR_ID"},
        {13835, "ERROR_IPSEC_IKE_PROCESS_ERR_CERT"},
        {13836, "ERROR_IPSEC_IKE_PROCESS_ERR_CERT_REQ"},
        {13837, "ERROR_IPSEC_IKE_PROCESS_ERR_HASH"},
        {13838, "ERROR_IPSEC_IKE_PROCESS_ERR_SIG"},
        {13839, "ERROR_IPSEC_IKE_PROCESS_ERR_NONCE"},
        {13840, "ERROR_IPSEC_IKE_PROCESS_ERR_NOTIFY"},
        {13841, "ERROR_IPSEC_IKE_PROCESS_ERR_DELETE"},
        {13842, "ERROR_IPSEC_IKE_PROCESS_ERR_VENDOR"},
        {13843, "ERROR_IPSEC_IKE_INVALID_PAYLOAD"},
        {13846, "ERROR_IPSEC_IKE_INVALID_COOKIE"},
        {13847, "ERROR_IPSEC_IKE_NO_PEER_CERT"},
        {13849, "ERROR_IPSEC_IKE_POLICY_CHANGE"},
        {13850, "ERROR_IPSEC_IKE_NO_MM_POLICY"},
        {13857, "ERROR_IPSEC_IKE_GETSPI_FAIL"},
        {13858, "ERROR_IPSEC_IKE_INVALID_FILTER"},
        {13861, "ERROR_IPSEC_IKE_INVALID_POLICY"},
    };
    return errors;
}

std::optional<IkeError>
IkeErrorFor(Reason reason)
{
    switch (reason)
    {
    case Reason::IkeAuthentication:
        return Named("ERROR_IPSEC_IKE_AUTH_FAIL");
    case Reason::IkeNoProposalChosen:
        return Named("ERROR_IPSEC_IKE_ATTRIB_FAIL");
    case Reason::IkeTimeout:
    case Reason::IkeFragmentTimeout:
        return Named("ERROR_IPSEC_IKE_TIMED_OUT");
    case Reason::IkeNoCertificate:
    case Reason::IkeNoPresharedKey:
        return Named("ERROR_IPSEC_IKE_NO_CERT");
    case Reason::IkeCertificateExpired:
    case Reason::IkeCertificateNotYetValid:
    case Reason::IkeCertificateUntrusted:
    case Reason::IkeCertificateUsage:
    case Reason::IkeCertificateInvalid:
        return Named("ERROR_IPSEC_IKE_PROCESS_ERR_CERT");
    case Reason::IkeNoPeerCertificate:
        return Named("ERROR_IPSEC_IKE_NO_PEER_CERT");
    case Reason::IkeInvalidKeyExchange:
        return Named("ERROR_IPSEC_IKE_PROCESS_ERR_KE");
    case Reason::IkeInvalidId:
        return Named("ERROR_IPSEC_IKE_PROCESS_ERR_ID");
    case Reason::IkeMalformed:
    case Reason::IkeDecryption: // what a wrong key leaves is no valid payload
    case Reason::IkeFragmentRefused:
        return Named("ERROR_IPSEC_IKE_INVALID_PAYLOAD");
    case Reason::IkeUnsupportedExchange:
        return Named("ERROR_IPSEC_IKE_INVALID_HEADER");
    case Reason::IkeUnknownCookie:
    case Reason::IkeCookieRequired:
        return Named("ERROR_IPSEC_IKE_INVALID_COOKIE");
    case Reason::IkeNoPolicy:
        return Named("ERROR_IPSEC_IKE_NO_POLICY");
    case Reason::IkeDeleted:
        return Named("ERROR_IPSEC_IKE_SA_DELETED");
    case Reason::IkeSaExpired:
    case Reason::IkeInitialContact:
        return Named("ERROR_IPSEC_IKE_SA_REAPED");
    case Reason::IkePeerNotify:
        return Named("ERROR_IPSEC_IKE_PROCESS_ERR_NOTIFY");
    case Reason::IkeUnexpectedMessage:
    case Reason::IkeResponderBehindNat:
    case Reason::IkeSelectorCollision:
    case Reason::IkeTableFull:
    case Reason::HostServiceStopped:
        return Named("ERROR_IPSEC_IKE_GENERAL_PROCESSING_ERROR");
    default:
        return std::nullopt;
    }
}

} // namespace nattlab::windows
