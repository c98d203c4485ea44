// SPDX-License-Identifier: GPL-2.0-only
#include "model/pki/authority.h"

#include "model/crypto/hash.h"
#include "model/pki/der.h"
#include "model/pki/gnutls.h"
#include "model/pki/key-purpose.h"
#include "model/pki/pem.h"

#include <algorithm>
#include <iterator>
#include <map>
#include <stdexcept>
#include <tuple>

namespace nattlab::pki
{

namespace
{

constexpr std::string_view PEM_CERTIFICATE = "CERTIFICATE";
constexpr std::string_view PEM_KEY = "RSA PRIVATE KEY";
constexpr std::size_t SERIAL_SIZE = 10; //!< bytes, as a Windows authority of the time

Bytes
NameFromText(const std::string& text)
{
    const GnutlsName handle;
    GnutlsBytes name;
    if (gnutls_x509_dn_set_str(handle, text.c_str(), nullptr) < 0 ||
        gnutls_x509_dn_export2(handle, GNUTLS_X509_FMT_DER, name.Out()) < 0)
    {
        throw std::invalid_argument("\"" + text +
                                    "\" is no distinguished name such as \"CN=alice,O=Lab\"");
    }
    return name.View().ToBytes();
}

const KeyPurpose&
PurposeNamed(const std::string& name)
{
    const auto found = std::find_if(std::begin(KEY_PURPOSES),
                                    std::end(KEY_PURPOSES),
                                    [&](const auto& row) { return row.name == name; });
    if (found == std::end(KEY_PURPOSES))
    {
        std::string known;
        for (const KeyPurpose& purpose : KEY_PURPOSES)
        {
            known.append(known.empty() ? "" : ", ").append(purpose.name);
        }
        throw std::invalid_argument("\"" + name + "\" is no usage of a certificate; there are " +
                                    known);
    }
    return *found;
}

/** RFC 8017 A.1.1 */
Bytes
PublicKeyBits(const RsaKey& key)
{
    const RsaPublicKey numbers = key.Public();
    return der::Element(der::SEQUENCE,
                        {der::Unsigned(numbers.Modulus()), der::Unsigned(numbers.Exponent())});
}

/** RFC 5280 4.1.2.7 */
Bytes
PublicKeyInfo(const RsaKey& key)
{
    constexpr const char* RSA_ENCRYPTION = "1.2.840.113549.1.1.1";
    const Bytes algorithm = der::Element(
        der::SEQUENCE, {der::ObjectIdentifier(RSA_ENCRYPTION), der::Element(der::NULL_VALUE, {})});
    return der::Element(der::SEQUENCE, {algorithm, der::BitString(PublicKeyBits(key))});
}

Bytes
Extension(std::string_view oid, bool critical, ByteView value)
{
    return der::Element(der::SEQUENCE,
                        {der::ObjectIdentifier(oid),
                         critical ? der::Boolean(true) : Bytes{}, // false is not written
                         der::Element(der::OCTET_STRING, {value})});
}

/** RFC 5280 4.2.1.2, method 1 */
Bytes
KeyIdentifier(const RsaKey& key)
{
    return crypto::Digest(crypto::HashAlgorithm::Sha1, {PublicKeyBits(key)});
}

/** RFC 5280 4.2.1.3: a BIT STRING of the first bits, without zeros at the end. */
Bytes
KeyUsage(bool authority)
{
    static constexpr std::uint8_t CERT_SIGN_CRL_SIGN[] = {1, 0x06};
    static constexpr std::uint8_t DIGITAL_SIGNATURE_KEY_ENCIPHERMENT[] = {5, 0xa0};
    const ByteView bits{authority ? CERT_SIGN_CRL_SIGN : DIGITAL_SIGNATURE_KEY_ENCIPHERMENT, 2};
    return Extension("2.5.29.15", true, der::Element(der::BIT_STRING, {bits}));
}

/** RFC 5280 4.2.1.9 */
Bytes
BasicConstraints(std::optional<unsigned> pathLength)
{
    std::uint8_t number[4] = {};
    Store32(number, pathLength.value_or(0));
    const Bytes length = pathLength ? der::Unsigned({number, 4}) : Bytes{};
    return Extension("2.5.29.19", true, der::Element(der::SEQUENCE, {der::Boolean(true), length}));
}

Bytes
Extensions(const CertificateDescription& description, const RsaKey& key, const RsaKey& issuer)
{
    Bytes all;
    if (description.authority)
    {
        Append(all, BasicConstraints(description.pathLength));
    }
    Append(all, KeyUsage(description.authority));
    if (!description.usages.empty())
    {
        Bytes purposes;
        for (const std::string& usage : description.usages)
        {
            Append(purposes, der::ObjectIdentifier(PurposeNamed(usage).oid));
        }
        Append(all, Extension("2.5.29.37", false, der::Element(der::SEQUENCE, {purposes})));
    }
    if (!description.dnsName.empty())
    {
        const Bytes dns = der::Element(der::CONTEXT + 2, {ByteView{description.dnsName}});
        Append(all, Extension("2.5.29.17", false, der::Element(der::SEQUENCE, {dns})));
    }
    const Bytes own = der::Element(der::OCTET_STRING, {KeyIdentifier(key)});
    const Bytes above = der::Element(der::CONTEXT + 0, {KeyIdentifier(issuer)});
    Append(all, Extension("2.5.29.14", false, own));
    Append(all, Extension("2.5.29.35", false, der::Element(der::SEQUENCE, {above})));
    return der::Element(der::CONTEXT_CONSTRUCTED + 3, {der::Element(der::SEQUENCE, {all})});
}

Bytes
Serial(std::uint64_t seed, const std::string& name)
{
    RandomStream random(seed, "pki.serial", name);
    Bytes serial = random.Take(SERIAL_SIZE);
    serial[0] = static_cast<std::uint8_t>((serial[0] & 0x7f) | 0x40); // positive, and full length
    return der::Unsigned(serial);
}

/**
 * \return the key of a name. The search for primes costs more than all the rest of a run, and gives
 * the same for the same arguments: what was found is remembered for the next run of this process.
 */
RsaKey
KeyOf(std::uint64_t seed, const std::string& name, std::size_t bits)
{
    constexpr std::size_t MOST = 4096; // keys; some megabytes
    static std::map<std::tuple<std::uint64_t, std::string, std::size_t>, RsaKey> known;
    const auto id = std::tuple(seed, name, bits);
    if (const auto found = known.find(id); found != known.end())
    {
        return found->second;
    }
    RandomStream random(seed, "pki", name);
    const RsaKey key = RsaKey::Generate(bits, random);
    if (known.size() == MOST)
    {
        known.clear();
    }
    known.emplace(id, key);
    return key;
}

void
CheckDescription(const CertificateDescription& description)
{
    if (description.name.empty())
    {
        throw std::invalid_argument("a certificate needs a name");
    }
    if (description.notAfter < description.notBefore)
    {
        throw std::invalid_argument("the certificate ends before it begins");
    }
    const auto isAscii = [](char c) { return c > 0x20 && c < 0x7f; };
    if (!std::all_of(description.dnsName.begin(), description.dnsName.end(), isAscii))
    {
        throw std::invalid_argument("a DNS name has no spaces and is ASCII"); // IA5String
    }
}

} // namespace

SignatureHash
SignatureHashNamed(std::string_view name)
{
    if (name == "md5")
    {
        return SignatureHash::Md5;
    }
    if (name == "sha1")
    {
        return SignatureHash::Sha1;
    }
    if (name == "sha256")
    {
        return SignatureHash::Sha256;
    }
    throw std::invalid_argument("\"" + std::string(name) +
                                "\" is no hash of a certificate; there are md5, sha1, sha256");
}

Pki::Pki(std::uint64_t seed)
    : m_seed(seed)
{
}

const IssuedCertificate&
Pki::Issue(const CertificateDescription& description)
{
    CheckDescription(description);
    if (m_issued.count(description.name) != 0)
    {
        throw std::invalid_argument("there is a certificate \"" + description.name + "\" already");
    }
    const IssuedCertificate* above =
        description.issuer.empty() ? nullptr : &Find(description.issuer);
    const Bytes subject =
        NameFromText(description.subject.empty() ? "CN=" + description.name : description.subject);
    const RsaKey key = KeyOf(m_seed, description.name, description.keyBits);
    const RsaKey& signer = above ? above->key : key;

    static constexpr std::uint8_t VERSION_3[] = {2};
    const Bytes algorithm = der::Element(
        der::SEQUENCE,
        {der::ObjectIdentifier(SignatureOid(description.hash)), der::Element(der::NULL_VALUE, {})});
    const Bytes tbs = der::Element(
        der::SEQUENCE,
        {der::Element(der::CONTEXT_CONSTRUCTED + 0, {der::Unsigned({VERSION_3, 1})}),
         Serial(m_seed, description.name),
         algorithm,
         above ? above->subject : subject,
         der::Element(der::SEQUENCE,
                      {der::Time(description.notBefore), der::Time(description.notAfter)}),
         subject,
         PublicKeyInfo(key),
         Extensions(description, key, signer)});
    const Bytes signature = signer.Sign(DigestInfo(description.hash, tbs));
    const Bytes der = der::Element(der::SEQUENCE, {tbs, algorithm, der::BitString(signature)});

    const std::string& issuer = above ? description.issuer : description.name;
    return m_issued.emplace(description.name, IssuedCertificate{der, subject, issuer, key})
        .first->second;
}

const IssuedCertificate&
Pki::Find(const std::string& name) const
{
    const auto found = m_issued.find(name);
    if (found == m_issued.end())
    {
        throw std::invalid_argument("there is no certificate \"" + name + "\"");
    }
    return found->second;
}

MachineCertificate
Pki::Machine(const std::string& name) const
{
    const IssuedCertificate& own = Find(name);
    MachineCertificate machine{{own.der}, own.key};
    for (std::string above = own.issuer; Find(above).issuer != above; above = Find(above).issuer)
    {
        machine.chain.push_back(Find(above).der);
    }
    return machine;
}

std::vector<Bytes>
CertificatesFrom(ByteView file)
{
    std::vector<Bytes> certificates;
    const auto element = der::First(file);
    if (element && element->tag == der::SEQUENCE && element->whole.size() == file.size())
    {
        certificates.push_back(file.ToBytes());
    }
    else
    {
        for (const PemBlock& block : ReadPem(file))
        {
            if (block.label == PEM_CERTIFICATE)
            {
                certificates.push_back(block.der);
            }
        }
    }
    if (certificates.empty())
    {
        throw std::invalid_argument("there is no certificate, neither as PEM nor as DER");
    }
    for (const Bytes& der : certificates)
    {
        ParseCertificate(der);
    }
    return certificates;
}

std::string
CertificateToPem(ByteView der)
{
    return WritePem(PEM_CERTIFICATE, der);
}

std::string
KeyToPem(const RsaKey& key)
{
    return WritePem(PEM_KEY, key.ToDer());
}

} // namespace nattlab::pki
