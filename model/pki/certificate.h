// SPDX-License-Identifier: GPL-2.0-only
#ifndef NATTLAB_PKI_CERTIFICATE_H
#define NATTLAB_PKI_CERTIFICATE_H

#include "model/packet/bytes.h"
#include "model/pki/rsa-key.h"
#include "model/trace/reason.h"

#include <cstdint>
#include <memory>
#include <optional>
#include <string>

namespace nattlab::pki
{

/** Seconds since 1970-01-01 00:00 UTC: certificates live by the calendar. */
using UnixTime = std::int64_t;

/** Whether the extendedKeyUsage of a certificate counts. */
enum class Purpose : std::uint8_t
{
    Checked,
    Ignored, //!< of a peer's certificate: Windows before Vista
};

/** What a certificate says, as far as IKE asks. */
struct Certificate
{
    Bytes der;
    Bytes subject; //!< DER of the distinguished name
    Bytes issuer;  //!< the same
    UnixTime notBefore{0};
    UnixTime notAfter{0};
    bool authority{false};              //!< basicConstraints says so
    bool mayCertify{false};             //!< an authority whose keyUsage does not forbid it
    bool maySign{false};                //!< keyUsage does not forbid signatures
    bool isForIke{false};               //!< extendedKeyUsage does not forbid IKE
    std::optional<unsigned> pathLength; //!< how many authorities may stand below an authority
    std::optional<RsaPublicKey> key;    //!< nothing when it is not RSA, or too small or too large
    Bytes tbs;                          //!< the part that is signed
    std::string signatureAlgorithm;     //!< object identifier
    Bytes signature;
};

using CertificatePointer = std::shared_ptr<const Certificate>;

/** \throws std::invalid_argument when \p der is not one X.509 certificate. */
Certificate ParseCertificate(ByteView der);

/**
 * \return true when the issuer's key made the signature: RSA with MD5, SHA-1 or SHA-2.
 *
 * GnuTLS parses, but neither checks nor makes signatures here: which hashes and key sizes it takes
 * depends on its version and on the configuration of the machine, and what the simulated systems
 * take, among it MD5, SHA-1 and 512 bits, is what such configurations forbid.
 */
bool IsSignedBy(const Certificate& certificate, const RsaPublicKey& issuer);

/** The hash under a certificate's signature. */
enum class SignatureHash : std::uint8_t
{
    Md5,
    Sha1,
    Sha256,
    Sha384,
    Sha512,
};

/** \return the object identifier of RSA with a hash (RFC 8017 C). */
const char* SignatureOid(SignatureHash hash);

/** \return DER of the DigestInfo of \p data (RFC 8017 9.2), which is what a certificate signs. */
Bytes DigestInfo(SignatureHash hash, ByteView data);

/** \return IkeCertificateNotYetValid, IkeCertificateExpired or None. */
Reason ValidityAt(const Certificate& certificate, UnixTime now);

} // namespace nattlab::pki

#endif
