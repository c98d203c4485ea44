// SPDX-License-Identifier: GPL-2.0-only
#include "model/esp/security-association.h"

namespace nattlab::esp
{

std::size_t
KeySize(Integrity integrity)
{
    return crypto::DigestSize(HashOf(integrity)); // RFC 2403 2, RFC 2404 3
}

crypto::HashAlgorithm
HashOf(Integrity integrity)
{
    return integrity == Integrity::HmacMd5_96 ? crypto::HashAlgorithm::Md5
                                              : crypto::HashAlgorithm::Sha1;
}

std::string_view
WiresharkName(crypto::CipherAlgorithm cipher)
{
    switch (cipher)
    {
    case crypto::CipherAlgorithm::Null:
        return "NULL";
    case crypto::CipherAlgorithm::DesCbc:
        return "DES-CBC [RFC2405]";
    case crypto::CipherAlgorithm::TripleDesCbc:
        return "TripleDES-CBC [RFC2451]";
    case crypto::CipherAlgorithm::AesCbc:
        return "AES-CBC [RFC3602]";
    }
    return "?";
}

std::string_view
WiresharkName(Integrity integrity)
{
    return integrity == Integrity::HmacMd5_96 ? "HMAC-MD5-96 [RFC2403]" : "HMAC-SHA-1-96 [RFC2404]";
}

} // namespace nattlab::esp
