// SPDX-License-Identifier: GPL-2.0-only
/**
 * \file
 * A public key infrastructure made from descriptions, always the same one for the same seed.
 */
#ifndef NATTLAB_PKI_AUTHORITY_H
#define NATTLAB_PKI_AUTHORITY_H

#include "model/pki/certificate.h"
#include "model/pki/rsa-key.h"
#include "model/pki/store.h"

#include <cstddef>
#include <cstdint>
#include <map>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace nattlab::pki
{

/** What a certificate is to say. */
struct CertificateDescription
{
    std::string name;    //!< by which the PKI knows it; also the common name without a subject
    std::string subject; //!< RFC 4514, "CN=alice,O=Lab"; empty: "CN=" and the name
    std::string issuer;  //!< name of the certificate above; empty: it signs itself
    bool authority{false};
    std::optional<unsigned> pathLength; //!< of an authority: how many may stand below it
    UnixTime notBefore{0};              //!< the first second of validity
    UnixTime notAfter{0};               //!< the last
    std::size_t keyBits{1024};
    std::vector<std::string> usages; //!< extendedKeyUsage: names of KEY_PURPOSES; none: no such
    SignatureHash hash{SignatureHash::Sha1};
    std::string dnsName; //!< subjectAltName; empty: none
};

/** A certificate that was made, with its key. */
struct IssuedCertificate
{
    Bytes der;
    Bytes subject;      //!< DER
    std::string issuer; //!< name of the certificate above; its own when it signs itself
    RsaKey key;
};

/** \return the hash named "md5", "sha1" or "sha256". \throws std::invalid_argument */
SignatureHash SignatureHashNamed(std::string_view name);

/**
 * Makes certificates (X.509 version 3, RFC 5280). Key and serial number come from streams named
 * after the seed and the certificate, so that one more certificate changes no other.
 *
 * Whether a certificate makes sense is not checked: an issuer that is no authority, or one that
 * expired before, is what a run may be about.
 */
class Pki
{
  public:
    explicit Pki(std::uint64_t seed);

    /**
     * Make a certificate, after the one above it.
     * \throws std::invalid_argument when the name is taken or empty, the issuer is not made yet,
     * the subject cannot be read, a usage is unknown, the key has no possible size, or the end of
     * validity lies before the beginning
     */
    const IssuedCertificate& Issue(const CertificateDescription& description);

    /** \throws std::invalid_argument when there is none of that name */
    const IssuedCertificate& Find(const std::string& name) const;

    /**
     * \return the certificate with its key and those above it, without the one that signs itself;
     * for Store::AddMachineCertificate.
     * \throws std::invalid_argument when there is none of that name
     */
    MachineCertificate Machine(const std::string& name) const;

  private:
    std::uint64_t m_seed;
    std::map<std::string, IssuedCertificate> m_issued;
};

/**
 * \param file certificates as DER (one), or as PEM (one or more, other blocks are passed over)
 * \return them as DER, in the order of the file
 * \throws std::invalid_argument when there is none or one cannot be read
 */
std::vector<Bytes> CertificatesFrom(ByteView file);

/** \return a certificate as a PEM file. */
std::string CertificateToPem(ByteView der);

/** \return a private key as a PEM file, PKCS#1. */
std::string KeyToPem(const RsaKey& key);

} // namespace nattlab::pki

#endif
