// SPDX-License-Identifier: GPL-2.0-only
#include "model/pki/pkcs7.h"

#include "model/pki/der.h"
#include "model/pki/gnutls.h"

#include <algorithm>

namespace nattlab::pki
{

Bytes
WritePkcs7(const std::vector<Bytes>& certificates)
{
    constexpr const char* DATA = "1.2.840.113549.1.7.1";
    constexpr const char* SIGNED_DATA = "1.2.840.113549.1.7.2";
    static constexpr std::uint8_t VERSION[] = {1};
    std::vector<Bytes> sorted = certificates;
    std::sort(sorted.begin(), sorted.end()); // X.690 11.6
    Bytes all;
    for (const Bytes& certificate : sorted)
    {
        Append(all, certificate);
    }
    const Bytes signedData =
        der::Element(der::SEQUENCE,
                     {der::Unsigned({VERSION, 1}),
                      der::Element(der::SET, {}), // digest algorithms
                      der::Element(der::SEQUENCE, {der::ObjectIdentifier(DATA)}),
                      der::Element(der::CONTEXT_CONSTRUCTED + 0, {all}),
                      der::Element(der::SET, {})}); // signers
    return der::Element(der::SEQUENCE,
                        {der::ObjectIdentifier(SIGNED_DATA),
                         der::Element(der::CONTEXT_CONSTRUCTED + 0, {signedData})});
}

std::vector<Bytes>
ReadPkcs7(ByteView bytes)
{
    constexpr int MAXIMAL_COUNT = 64;
    const GnutlsPkcs7 handle;
    const gnutls_datum_t datum = Datum(bytes);
    Require(gnutls_pkcs7_import(handle, &datum, GNUTLS_X509_FMT_DER),
            "the PKCS#7 message cannot be read");
    const int count = gnutls_pkcs7_get_crt_count(handle);
    Require(count, "the certificates of the PKCS#7 message cannot be counted");
    if (count > MAXIMAL_COUNT)
    {
        throw std::invalid_argument("the PKCS#7 message holds " + std::to_string(count) +
                                    " certificates, more than 64");
    }
    std::vector<Bytes> certificates;
    for (int i = 0; i < count; ++i)
    {
        GnutlsBytes certificate;
        Require(gnutls_pkcs7_get_crt_raw2(handle, static_cast<unsigned>(i), certificate.Out()),
                "a certificate of the PKCS#7 message cannot be read");
        certificates.push_back(certificate.View().ToBytes());
    }
    return certificates;
}

} // namespace nattlab::pki
