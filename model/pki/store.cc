// SPDX-License-Identifier: GPL-2.0-only
#include "model/pki/store.h"

#include "model/pki/chain.h"
#include "model/pki/gnutls.h"
#include "model/pki/pkcs7.h"

#include <algorithm>
#include <stdexcept>

namespace nattlab::pki
{

namespace
{

constexpr std::size_t MAXIMAL_CERTIFICATES = 64; //!< that are looked at of one peer

/** \throws std::invalid_argument when one cannot be read */
std::vector<CertificatePointer>
Unpack(const std::vector<EncodedCertificate>& encoded)
{
    std::vector<CertificatePointer> certificates;
    const auto add = [&certificates](ByteView der)
    {
        if (certificates.size() < MAXIMAL_CERTIFICATES)
        {
            certificates.push_back(std::make_shared<const Certificate>(ParseCertificate(der)));
        }
    };
    for (const EncodedCertificate& one : encoded)
    {
        if (one.encoding == Encoding::X509)
        {
            add(one.data);
        }
        else if (one.encoding == Encoding::Pkcs7)
        {
            for (const Bytes& der : ReadPkcs7(one.data))
            {
                add(der);
            }
        }
    }
    return certificates;
}

/**
 * \return the certificate that the others are there for. The order does not tell, as PKCS#7 has
 * none: it is no authority and, where authorities fail to say that they are ones, issued nothing.
 */
const Certificate&
EndOf(const std::vector<CertificatePointer>& certificates)
{
    const auto issuedNothing = [&](const CertificatePointer& certificate)
    {
        return std::none_of(certificates.begin(),
                            certificates.end(),
                            [&](const auto& other) {
                                return other != certificate &&
                                       other->issuer == certificate->subject;
                            });
    };
    const auto isNoAuthority = [](const CertificatePointer& c) { return !c->authority; };
    const auto isEnd = [&](const CertificatePointer& c)
    { return isNoAuthority(c) && issuedNothing(c); };
    const auto first = certificates.begin();
    const auto last = certificates.end();
    auto end = std::find_if(first, last, isEnd);
    end = end != last ? end : std::find_if(first, last, isNoAuthority);
    end = end != last ? end : std::find_if(first, last, issuedNothing);
    return end != last ? **end : **first;
}

/** \return true when a chain hangs below one of the authorities. */
bool
IsWanted(const std::vector<CertificatePointer>& chain, const std::vector<Bytes>& wanted)
{
    // RFC 2408 3.10: a request without an authority asks for any.
    return wanted.empty() || (wanted.size() == 1 && wanted.front().empty()) ||
           std::any_of(chain.begin(),
                       chain.end(),
                       [&](const CertificatePointer& certificate) {
                           return std::find(wanted.begin(), wanted.end(), certificate->issuer) !=
                                  wanted.end();
                       });
}

Reason
ProblemOf(const std::vector<CertificatePointer>& chain, UnixTime now)
{
    Reason reason = ProblemOfEnd(*chain.front(), now, Purpose::Checked);
    for (std::size_t i = 1; i < chain.size() && reason == Reason::None; ++i)
    {
        reason = ProblemOfAuthority(*chain[i], static_cast<unsigned>(i - 1), now);
    }
    return reason;
}

} // namespace

void
Store::AddRoot(Bytes der)
{
    m_roots.push_back(std::make_shared<const Certificate>(ParseCertificate(der)));
    m_rootNames.push_back(m_roots.back()->subject);
}

void
Store::AddMachineCertificate(MachineCertificate certificate)
{
    if (certificate.chain.empty())
    {
        throw std::invalid_argument("a machine certificate needs a chain with itself in it");
    }
    std::vector<CertificatePointer> chain;
    for (const Bytes& der : certificate.chain)
    {
        chain.push_back(std::make_shared<const Certificate>(ParseCertificate(der)));
    }
    const auto& key = chain.front()->key;
    const RsaPublicKey own = certificate.key.Public();
    if (!key || key->Modulus() != own.Modulus() || key->Exponent() != own.Exponent())
    {
        throw std::invalid_argument("the private key is not that of the machine certificate");
    }
    m_machine.push_back(
        std::make_shared<const Machine>(Machine{std::move(certificate), std::move(chain)}));
}

const std::vector<Bytes>&
Store::RootNames() const
{
    return m_rootNames;
}

bool
Store::HasMachineCertificate() const
{
    return !m_machine.empty();
}

Choice
Store::Choose(const std::vector<Bytes>& wanted, UnixTime now) const
{
    Choice choice;
    choice.reason = Reason::IkeNoCertificate;
    for (const auto& machine : m_machine)
    {
        if (!IsWanted(machine->parsed, wanted))
        {
            continue;
        }
        const Reason reason = ProblemOf(machine->parsed, now);
        if (reason == Reason::None)
        {
            return {&machine->certificate, Reason::None};
        }
        // One that is only out of its time came nearer than one that is not for IKE at all.
        if (choice.reason == Reason::IkeNoCertificate ||
            choice.reason == Reason::IkeCertificateUsage)
        {
            choice.reason = reason;
        }
    }
    return choice;
}

Verification
Store::Verify(const std::vector<EncodedCertificate>& encoded, UnixTime now, Purpose purpose) const
{
    Verification result;
    try
    {
        const std::vector<CertificatePointer> certificates = Unpack(encoded);
        if (certificates.empty())
        {
            result.reason = Reason::IkeNoPeerCertificate;
            return result;
        }
        const Certificate& end = EndOf(certificates);
        result.reason = CheckChain(end, certificates, m_roots, now, purpose);
        result.subject = end.subject;
        result.name = NameText(end.subject);
        result.key = end.key;
    }
    catch (const std::invalid_argument&)
    {
        result.reason = Reason::IkeCertificateInvalid;
    }
    return result;
}

std::vector<EncodedCertificate>
Encode(const std::vector<Bytes>& chain, Encoding encoding)
{
    if (encoding == Encoding::Pkcs7)
    {
        return {{Encoding::Pkcs7, WritePkcs7(chain)}};
    }
    std::vector<EncodedCertificate> encoded;
    for (const Bytes& der : chain)
    {
        encoded.push_back({Encoding::X509, der});
    }
    return encoded;
}

Bytes
SubjectOf(ByteView certificate)
{
    return ParseCertificate(certificate).subject;
}

std::string
NameText(ByteView distinguishedName)
{
    const gnutls_datum_t datum = Datum(distinguishedName);
    GnutlsBytes text;
    if (gnutls_x509_rdn_get2(&datum, text.Out(), 0) < 0)
    {
        return ToHex(distinguishedName);
    }
    return text.Text();
}

} // namespace nattlab::pki
