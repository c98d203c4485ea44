// SPDX-License-Identifier: GPL-2.0-only
/**
 * \file
 * Main Mode with RSA signatures: certificates, requests for them, and the peer's signature
 * (RFC 2409 5.1, RFC 2408 3.9 and 3.10).
 */
#include "model/ike/core.h"
#include "model/pki/store.h"

#include <algorithm>
#include <stdexcept>

namespace nattlab::ike
{

namespace
{

/** What the peer is told when its proof, or the own certificate, is no good. */
struct Complaint
{
    Reason reason;
    NotifyType notify;
    bool fatal; //!< false where damage on the way may be the cause and a good message may come
};

// Assumption: RFC 2408 3.14.1 names the notifications; which of them is sent when is not written.
constexpr Complaint COMPLAINTS[] = {
    {Reason::IkeNoCertificate, NOTIFY_CERTIFICATE_UNAVAILABLE, true},
    {Reason::IkeNoPeerCertificate, NOTIFY_CERTIFICATE_UNAVAILABLE, true},
    {Reason::IkeCertificateUntrusted, NOTIFY_INVALID_CERT_AUTHORITY, true},
    {Reason::IkeCertificateExpired, NOTIFY_INVALID_CERTIFICATE, true},
    {Reason::IkeCertificateNotYetValid, NOTIFY_INVALID_CERTIFICATE, true},
    {Reason::IkeCertificateUsage, NOTIFY_INVALID_CERTIFICATE, true},
    {Reason::IkeCertificateInvalid, NOTIFY_INVALID_CERTIFICATE, false},
    {Reason::IkeAuthentication, NOTIFY_INVALID_SIGNATURE, false},
};

Fault
Complain(Reason reason, std::string detail)
{
    for (const Complaint& row : COMPLAINTS)
    {
        if (row.reason == reason)
        {
            return {reason, std::move(detail), row.notify, row.fatal};
        }
    }
    return {reason, std::move(detail), NOTIFY_INVALID_CERTIFICATE, true};
}

/** \return the certificates in a message that count. */
std::vector<pki::EncodedCertificate>
CertificatesIn(const Profile& profile, const Chain& chain)
{
    std::vector<pki::EncodedCertificate> found;
    if (profile.certificateOnlyWithIdentity && !chain.Find<IdPayload>())
    {
        return found;
    }
    for (const CertPayload* cert : chain.All<CertPayload>())
    {
        if (cert->encoding == CERT_PKCS7)
        {
            found.push_back({pki::Encoding::Pkcs7, cert->data});
        }
        else if (cert->encoding == CERT_X509_SIGNATURE)
        {
            found.push_back({pki::Encoding::X509, cert->data});
        }
    }
    return found;
}

/** \return how a chain is packed. */
pki::Encoding
EncodingOf(const Profile& profile, const pki::MachineCertificate& certificate)
{
    switch (profile.certificateEncoding)
    {
    case CertificateEncoding::X509:
        return pki::Encoding::X509;
    case CertificateEncoding::Pkcs7:
        return pki::Encoding::Pkcs7;
    case CertificateEncoding::Automatic:
        break;
    }
    return certificate.chain.size() > 1 ? pki::Encoding::Pkcs7 : pki::Encoding::X509;
}

} // namespace

/** Remember the authorities that the peer asks for: CERTREQ may be in any message. */
void
Engine::Core::CollectRequests(Peer& peer, const Chain& chain) const
{
    for (const CertRequestPayload* request : chain.All<CertRequestPayload>())
    {
        if (request->encoding == CERT_X509_SIGNATURE || request->encoding == CERT_PKCS7)
        {
            peer.handshake->authorities.push_back(request->authority);
        }
    }
}

/** Remember what a message before MM5 holds for the proof that comes later. */
void
Engine::Core::CollectCertificates(Peer& peer, const Chain& chain) const
{
    CollectRequests(peer, chain);
    for (pki::EncodedCertificate& certificate : CertificatesIn(*peer.profile, chain))
    {
        peer.handshake->peerCertificates.push_back(std::move(certificate));
    }
}

/** Choose the certificate to sign with, where the method needs one. */
std::optional<Fault>
Engine::Core::ChooseCertificate(Instant now, Peer& peer) const
{
    Handshake& h = *peer.handshake;
    if (peer.agreed.auth != AuthMethod::RsaSignature)
    {
        return std::nullopt;
    }
    const std::vector<Bytes> any;
    const pki::Choice choice =
        h.store->Choose(peer.profile->certificateByRequest ? h.authorities : any, Calendar(now));
    if (choice.certificate)
    {
        h.own = choice.certificate;
        return std::nullopt;
    }
    Fault fault = Complain(Reason::IkeNoCertificate, "no certificate of this host fits");
    fault.reason = choice.reason;
    fault.unsent = peer.initiator ? "MM5" : "MM6";
    return fault;
}

/** Add identity's certificates to MM5 or MM6. */
void
Engine::Core::AddCertificates(const Peer& peer, MessageWriter& message) const
{
    const pki::MachineCertificate& own = *peer.handshake->own;
    for (pki::EncodedCertificate& certificate :
         pki::Encode(own.chain, EncodingOf(*peer.profile, own)))
    {
        message.Add(CertPayload{static_cast<std::uint8_t>(certificate.encoding),
                                std::move(certificate.data)});
    }
}

/** Ask for a certificate below each trusted root, in the messages that do so. */
void
Engine::Core::AddCertificateRequests(const Peer& peer,
                                     const std::string& name,
                                     MessageWriter& message) const
{
    const auto& in = peer.profile->certificateRequestsIn;
    const int number = name.back() - '0'; // of "MM4"
    if (peer.agreed.auth != AuthMethod::RsaSignature ||
        std::find(in.begin(), in.end(), number) == in.end())
    {
        return;
    }
    for (const Bytes& root : peer.handshake->store->RootNames())
    {
        message.Add(CertRequestPayload{CERT_X509_SIGNATURE, root});
    }
}

/** Check certificate and signature of MM5 or MM6, and that the identity is the certificate's. */
std::optional<Fault>
Engine::Core::CheckSignature(Instant now, const Peer& peer, const Chain& chain) const
{
    const Handshake& h = *peer.handshake;
    std::vector<pki::EncodedCertificate> certificates = CertificatesIn(*peer.profile, chain);
    certificates.insert(certificates.end(), h.peerCertificates.begin(), h.peerCertificates.end());
    if (certificates.empty())
    {
        return Complain(Reason::IkeNoPeerCertificate, {});
    }
    const pki::Verification peers = h.store->Verify(
        certificates,
        Calendar(now),
        peer.profile->checkPeerCertificatePurpose ? pki::Purpose::Checked : pki::Purpose::Ignored);
    if (peers.reason != Reason::None || !peers.key)
    {
        const bool said = peers.reason != Reason::None;
        return Complain(said ? peers.reason : Reason::IkeCertificateInvalid, peers.name);
    }
    const ShortBytes hash = MainHash(peer, !peer.initiator, *chain.Body(PAYLOAD_ID));
    if (!peers.key->Verify(hash, chain.Find<SignaturePayload>()->value))
    {
        return Complain(Reason::IkeAuthentication, "SIG is wrong");
    }
    const IdPayload& id = *chain.Find<IdPayload>();
    const bool fits = id.type == ID_DER_ASN1_DN ? id.data == peers.subject
                                                : peer.profile->acceptOtherCertificateIdentity;
    if (!fits)
    {
        return Fault{Reason::IkeInvalidId,
                     "the identity is not the certificate's " + peers.name,
                     NOTIFY_INVALID_ID_INFORMATION,
                     true};
    }
    return std::nullopt;
}

} // namespace nattlab::ike
