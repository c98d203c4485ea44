// SPDX-License-Identifier: GPL-2.0-only
#ifndef NATTLAB_PKI_KEY_PURPOSE_H
#define NATTLAB_PKI_KEY_PURPOSE_H

#include <string_view>

namespace nattlab::pki
{

/** A purpose that a certificate's extendedKeyUsage can name. */
struct KeyPurpose
{
    std::string_view name; //!< in descriptions of certificates
    std::string_view oid;
    bool ike; //!< a certificate with it may sign in IKE
};

/**
 * RFC 4945 5.1.3.12 takes ipsecIKE and any, and calls the three of RFC 2459 obsolete, but it is
 * later than the simulated systems. Their authorities issued certificates for "IP security IKE
 * intermediate" (template IPSec) or for client and server authentication (template Computer): that
 * all of these will do, for all systems, is an assumption.
 */
inline constexpr KeyPurpose KEY_PURPOSES[] = {
    {"ike", "1.3.6.1.5.5.8.2.2", true},          // iKEIntermediate
    {"ike-rfc", "1.3.6.1.5.5.7.3.17", true},     // id-kp-ipsecIKE, RFC 4945 5.1.3.12
    {"ipsec", "1.3.6.1.5.5.7.3.5", true},        // id-kp-ipsecEndSystem, RFC 2459 4.2.1.13
    {"ipsec-tunnel", "1.3.6.1.5.5.7.3.6", true}, // id-kp-ipsecTunnel, RFC 2459 4.2.1.13
    {"ipsec-user", "1.3.6.1.5.5.7.3.7", true},   // id-kp-ipsecUser, RFC 2459 4.2.1.13
    {"server", "1.3.6.1.5.5.7.3.1", true},       // id-kp-serverAuth, RFC 5280 4.2.1.12
    {"client", "1.3.6.1.5.5.7.3.2", true},       // id-kp-clientAuth, RFC 5280 4.2.1.12
    {"any", "2.5.29.37.0", true},                // anyExtendedKeyUsage, RFC 5280 4.2.1.12
    {"code-signing", "1.3.6.1.5.5.7.3.3", false},
    {"email", "1.3.6.1.5.5.7.3.4", false},
    {"time-stamping", "1.3.6.1.5.5.7.3.8", false},
};

} // namespace nattlab::pki

#endif
