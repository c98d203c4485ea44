// SPDX-License-Identifier: GPL-2.0-only
/**
 * \file
 * The text form of certificates and keys (RFC 7468).
 */
#ifndef NATTLAB_PKI_PEM_H
#define NATTLAB_PKI_PEM_H

#include "model/packet/bytes.h"

#include <string>
#include <string_view>
#include <vector>

namespace nattlab::pki
{

/** One block of a PEM file. */
struct PemBlock
{
    std::string label; //!< "CERTIFICATE", "RSA PRIVATE KEY", ...
    Bytes der;
};

/**
 * Read all blocks; text around them is passed over.
 * \throws std::invalid_argument when a block has no end, is encrypted, or is not base64
 */
std::vector<PemBlock> ReadPem(ByteView file);

/** \return one block, with lines of 64 characters. */
std::string WritePem(std::string_view label, ByteView der);

} // namespace nattlab::pki

#endif
