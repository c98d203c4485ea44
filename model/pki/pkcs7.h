// SPDX-License-Identifier: GPL-2.0-only
#ifndef NATTLAB_PKI_PKCS7_H
#define NATTLAB_PKI_PKCS7_H

#include "model/packet/bytes.h"

#include <vector>

namespace nattlab::pki
{

/**
 * \return a SignedData with certificates and no signer (RFC 2315 9.1). DER orders the members of
 * a set by their bytes, so the order of the certificates is lost.
 */
Bytes WritePkcs7(const std::vector<Bytes>& certificates);

/**
 * \return the certificates of a SignedData, as they stand there.
 * \throws std::invalid_argument when it cannot be read or holds more than 64
 */
std::vector<Bytes> ReadPkcs7(ByteView der);

} // namespace nattlab::pki

#endif
