// SPDX-License-Identifier: GPL-2.0-only
/**
 * \file
 * The certificates of one host: its machine certificates with their keys, and the roots that it
 * trusts. GnuTLS reads X.509 and PKCS#7, RSA is Crypto++'s; neither shows in this header.
 */
#ifndef NATTLAB_PKI_STORE_H
#define NATTLAB_PKI_STORE_H

#include "model/packet/bytes.h"
#include "model/pki/certificate.h"
#include "model/pki/rsa-key.h"
#include "model/trace/reason.h"

#include <cstdint>
#include <memory>
#include <optional>
#include <string>
#include <vector>

namespace nattlab::pki
{

/** How certificates travel in one CERT payload (RFC 2408 3.9). */
enum class Encoding : std::uint8_t
{
    Pkcs7 = 1, //!< PKCS#7 wrapped: the certificate and those above it
    X509 = 4,  //!< one X.509 certificate for signatures
};

/** The certificate data of one CERT payload. */
struct EncodedCertificate
{
    Encoding encoding{Encoding::X509};
    Bytes data;
};

/** A certificate of the machine with the private key to it. */
struct MachineCertificate
{
    std::vector<Bytes> chain; //!< DER: its own first, then its issuers, without the root
    RsaKey key;
};

/** A machine certificate that was chosen, or why there is none. */
struct Choice
{
    const MachineCertificate* certificate{nullptr}; //!< valid as long as the store or a copy of it
    Reason reason{Reason::None}; //!< IkeNoCertificate, IkeCertificateExpired, ...: without one
};

/** What a peer's certificates are worth. */
struct Verification
{
    Reason reason{Reason::None};     //!< None: the chain is good
    Bytes subject;                   //!< DER of the distinguished name of the peer's certificate
    std::string name;                //!< the same as text, RFC 4514
    std::optional<RsaPublicKey> key; //!< always there when the reason is None
};

/**
 * Nothing in here knows the present: it is passed in. All results are the same on every machine.
 */
class Store
{
  public:
    /** Trust a root. \throws std::invalid_argument when \p der is not a certificate. */
    void AddRoot(Bytes der);

    /**
     * \throws std::invalid_argument when the chain is empty, one of it is not a certificate, or the
     * key does not belong to the first.
     */
    void AddMachineCertificate(MachineCertificate certificate);

    /** \return DER of the distinguished names of the trusted roots, for CERTREQ, as added. */
    const std::vector<Bytes>& RootNames() const;

    bool HasMachineCertificate() const;

    /**
     * Choose the first machine certificate that is valid now, may be used for IKE, and hangs below
     * one of the wanted authorities.
     * \param wanted DER names from the peer's CERTREQs; empty, or one empty name: any will do
     * \return the best reason when there is none: that of the certificate that came nearest
     */
    Choice Choose(const std::vector<Bytes>& wanted, UnixTime now) const;

    /**
     * Check a peer's certificates: chain up to a trusted root, signatures, validity at \p now, and
     * usage. The first certificate that is not an authority and issued no other is the peer's.
     *
     * The result's reason is IkeNoPeerCertificate when there is none; encodings other than those of
     * Encoding are passed over. Subject and key stand in the result also when the chain is bad,
     * whenever the certificates can be read.
     */
    Verification Verify(const std::vector<EncodedCertificate>& certificates,
                        UnixTime now,
                        Purpose purpose = Purpose::Checked) const;

  private:
    struct Machine
    {
        MachineCertificate certificate;
        std::vector<CertificatePointer> parsed; //!< its chain
    };

    // Shared, so that stores of many hosts with the same roots can be copies of one.
    std::vector<CertificatePointer> m_roots;
    std::vector<Bytes> m_rootNames;
    std::vector<std::shared_ptr<const Machine>> m_machine;
};

/**
 * Put a chain into CERT payloads.
 * \param encoding Pkcs7: one payload with all; X509: one payload for each
 */
std::vector<EncodedCertificate> Encode(const std::vector<Bytes>& chain, Encoding encoding);

/** \return DER of the subject's distinguished name. \throws std::invalid_argument */
Bytes SubjectOf(ByteView certificate);

/** \return a DER distinguished name as text (RFC 4514); hexadecimal when it cannot be read. */
std::string NameText(ByteView distinguishedName);

} // namespace nattlab::pki

#endif
