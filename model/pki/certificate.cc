// SPDX-License-Identifier: GPL-2.0-only
#include "model/pki/certificate.h"

#include "model/pki/der.h"
#include "model/pki/gnutls.h"
#include "model/pki/key-purpose.h"

#define CRYPTOPP_ENABLE_NAMESPACE_WEAK 1 // for MD5
#include <algorithm>
#include <cryptopp/md5.h>
#include <cryptopp/sha.h>
#include <iterator>
#include <stdexcept>
#include <string_view>

namespace nattlab::pki
{

namespace
{

template <typename Hash>
Bytes
DigestWith(ByteView data)
{
    Bytes digest(Hash::DIGESTSIZE);
    Hash().CalculateDigest(digest.data(), data.data(), data.size());
    return digest;
}

struct SignatureRow
{
    const char* signatureOid;
    SignatureHash hash;
    const char* hashOid;
    Bytes (*digest)(ByteView);
};

/** RFC 8017 B.1 and C; the last is the name that OIW gave to RSA with SHA-1. */
constexpr SignatureRow SIGNATURES[] = {
    {"1.2.840.113549.1.1.4",
     SignatureHash::Md5,
     "1.2.840.113549.2.5",
     DigestWith<CryptoPP::Weak::MD5>},
    {"1.2.840.113549.1.1.5", SignatureHash::Sha1, "1.3.14.3.2.26", DigestWith<CryptoPP::SHA1>},
    {"1.2.840.113549.1.1.11",
     SignatureHash::Sha256,
     "2.16.840.1.101.3.4.2.1",
     DigestWith<CryptoPP::SHA256>},
    {"1.2.840.113549.1.1.12",
     SignatureHash::Sha384,
     "2.16.840.1.101.3.4.2.2",
     DigestWith<CryptoPP::SHA384>},
    {"1.2.840.113549.1.1.13",
     SignatureHash::Sha512,
     "2.16.840.1.101.3.4.2.3",
     DigestWith<CryptoPP::SHA512>},
    {"1.3.14.3.2.29", SignatureHash::Sha1, "1.3.14.3.2.26", DigestWith<CryptoPP::SHA1>},
};

const SignatureRow&
RowOf(SignatureHash hash)
{
    return *std::find_if(std::begin(SIGNATURES),
                         std::end(SIGNATURES),
                         [hash](const auto& row) { return row.hash == hash; });
}

/** Extensions that are heeded, or that forbid nothing when they are not (RFC 5280 4.2.1). */
constexpr std::string_view KNOWN_EXTENSIONS[] = {
    "2.5.29.14", // subjectKeyIdentifier
    "2.5.29.15", // keyUsage
    "2.5.29.17", // subjectAltName
    "2.5.29.18", // issuerAltName
    "2.5.29.19", // basicConstraints
    "2.5.29.31", // cRLDistributionPoints
    "2.5.29.32", // certificatePolicies
    "2.5.29.35", // authorityKeyIdentifier
    "2.5.29.37", // extKeyUsage
};

constexpr std::size_t LONGEST_OID = 128; //!< as text; none of those looked for is as long

bool
IsAbsent(int result)
{
    return result == GNUTLS_E_REQUESTED_DATA_NOT_AVAILABLE;
}

/** RFC 5280 4.2: a certificate with a critical extension that is not understood is not used. */
bool
HasUnknownCriticalExtension(gnutls_x509_crt_t handle)
{
    for (unsigned i = 0;; ++i)
    {
        char oid[LONGEST_OID];
        std::size_t size = sizeof oid;
        unsigned critical = 0;
        const int result = gnutls_x509_crt_get_extension_info(handle, i, oid, &size, &critical);
        if (IsAbsent(result))
        {
            return false;
        }
        Require(result, "an extension of the certificate cannot be read");
        const auto end = std::end(KNOWN_EXTENSIONS);
        if (critical != 0 && std::find(std::begin(KNOWN_EXTENSIONS), end, oid) == end)
        {
            return true;
        }
    }
}

/** \return keyUsage as GNUTLS_KEY_* bits; without the extension, all. */
unsigned
KeyUsage(gnutls_x509_crt_t handle)
{
    unsigned usage = 0;
    const int result = gnutls_x509_crt_get_key_usage(handle, &usage, nullptr);
    if (IsAbsent(result))
    {
        return ~0u;
    }
    Require(result, "keyUsage of the certificate cannot be read");
    return usage;
}

bool
HasPurposeForIke(gnutls_x509_crt_t handle)
{
    for (unsigned i = 0;; ++i)
    {
        char oid[LONGEST_OID];
        std::size_t size = sizeof oid;
        const int result = gnutls_x509_crt_get_key_purpose_oid(handle, i, oid, &size, nullptr);
        if (IsAbsent(result))
        {
            return i == 0; // no extendedKeyUsage: every purpose
        }
        if (result == GNUTLS_E_SHORT_MEMORY_BUFFER)
        {
            continue;
        }
        Require(result, "extendedKeyUsage of the certificate cannot be read");
        for (const KeyPurpose& purpose : KEY_PURPOSES)
        {
            if (purpose.ike && purpose.oid == oid)
            {
                return true;
            }
        }
    }
}

void
ReadUsage(gnutls_x509_crt_t handle, Certificate& certificate)
{
    unsigned authority = 0;
    int pathLength = -1;
    const int result =
        gnutls_x509_crt_get_basic_constraints(handle, nullptr, &authority, &pathLength);
    if (!IsAbsent(result))
    {
        Require(result, "basicConstraints of the certificate cannot be read");
    }
    certificate.authority = authority != 0;
    if (pathLength >= 0)
    {
        certificate.pathLength = static_cast<unsigned>(pathLength);
    }
    const unsigned usage = KeyUsage(handle);
    const bool understood = !HasUnknownCriticalExtension(handle);
    certificate.mayCertify =
        understood && certificate.authority && (usage & GNUTLS_KEY_KEY_CERT_SIGN) != 0;
    // RFC 4945 5.1.3.2: either bit lets a key sign in IKE.
    certificate.maySign =
        understood && (usage & (GNUTLS_KEY_DIGITAL_SIGNATURE | GNUTLS_KEY_NON_REPUDIATION)) != 0;
    certificate.isForIke = HasPurposeForIke(handle);
}

std::optional<RsaPublicKey>
ReadKey(gnutls_x509_crt_t handle)
{
    GnutlsBytes modulus;
    GnutlsBytes exponent;
    if (gnutls_x509_crt_get_pk_rsa_raw(handle, modulus.Out(), exponent.Out()) < 0)
    {
        return std::nullopt;
    }
    try
    {
        return RsaPublicKey(modulus.View(), exponent.View());
    }
    catch (const std::invalid_argument&)
    {
        return std::nullopt;
    }
}

void
ReadSignature(gnutls_x509_crt_t handle, Certificate& certificate)
{
    char oid[LONGEST_OID];
    std::size_t size = sizeof oid;
    Require(gnutls_x509_crt_get_signature_oid(handle, oid, &size),
            "the certificate's signature algorithm cannot be read");
    certificate.signatureAlgorithm = oid;
    size = 0;
    gnutls_x509_crt_get_signature(handle, nullptr, &size);
    certificate.signature.resize(size);
    Require(gnutls_x509_crt_get_signature(
                handle, reinterpret_cast<char*>(certificate.signature.data()), &size),
            "the certificate's signature cannot be read");
    const auto outer = der::First(certificate.der);
    const auto tbs = outer ? der::First(outer->contents) : std::nullopt;
    if (!tbs || outer->whole.size() != certificate.der.size())
    {
        throw std::invalid_argument("the certificate is not DER");
    }
    certificate.tbs = tbs->whole.ToBytes();
}

} // namespace

Certificate
ParseCertificate(ByteView bytes)
{
    const GnutlsCertificate handle;
    const gnutls_datum_t datum = Datum(bytes);
    Require(gnutls_x509_crt_import(handle, &datum, GNUTLS_X509_FMT_DER),
            "the certificate cannot be read");
    Certificate certificate;
    certificate.der = bytes.ToBytes();
    GnutlsBytes subject;
    GnutlsBytes issuer;
    Require(gnutls_x509_crt_get_raw_dn(handle, subject.Out()),
            "the certificate's subject cannot be read");
    Require(gnutls_x509_crt_get_raw_issuer_dn(handle, issuer.Out()),
            "the certificate's issuer cannot be read");
    certificate.subject = subject.View().ToBytes();
    certificate.issuer = issuer.View().ToBytes();
    certificate.notBefore = gnutls_x509_crt_get_activation_time(handle);
    certificate.notAfter = gnutls_x509_crt_get_expiration_time(handle);
    constexpr UnixTime UNREADABLE = -1;
    if (certificate.notBefore == UNREADABLE || certificate.notAfter == UNREADABLE)
    {
        throw std::invalid_argument("the certificate's validity cannot be read");
    }
    ReadUsage(handle, certificate);
    certificate.key = ReadKey(handle);
    ReadSignature(handle, certificate);
    return certificate;
}

bool
IsSignedBy(const Certificate& certificate, const RsaPublicKey& issuer)
{
    for (const SignatureRow& row : SIGNATURES)
    {
        if (certificate.signatureAlgorithm == row.signatureOid)
        {
            return issuer.Verify(DigestInfo(row.hash, certificate.tbs), certificate.signature);
        }
    }
    return false;
}

const char*
SignatureOid(SignatureHash hash)
{
    return RowOf(hash).signatureOid;
}

Bytes
DigestInfo(SignatureHash hash, ByteView data)
{
    const SignatureRow& row = RowOf(hash);
    const Bytes algorithm = der::Element(
        der::SEQUENCE, {der::ObjectIdentifier(row.hashOid), der::Element(der::NULL_VALUE, {})});
    return der::Element(der::SEQUENCE,
                        {algorithm, der::Element(der::OCTET_STRING, {row.digest(data)})});
}

Reason
ValidityAt(const Certificate& certificate, UnixTime now)
{
    if (now < certificate.notBefore)
    {
        return Reason::IkeCertificateNotYetValid;
    }
    // RFC 5280 4.1.2.5: both ends are inclusive.
    return now > certificate.notAfter ? Reason::IkeCertificateExpired : Reason::None;
}

} // namespace nattlab::pki
