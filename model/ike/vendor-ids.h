// SPDX-License-Identifier: GPL-2.0-only
#ifndef NATTLAB_IKE_VENDOR_IDS_H
#define NATTLAB_IKE_VENDOR_IDS_H

#include "model/ike/profile.h"

#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace nattlab::ike
{

/** One row of the table of vendor IDs. */
struct KnownVendorId
{
    std::string_view name;   //!< as nattlab prints it
    std::string_view hashed; //!< the text whose MD5 it is; empty where it is not a hash
    std::string_view hex;
    bool isPrefix; //!< a version or more may follow
};

/** \return all vendor IDs known by name. */
const std::vector<KnownVendorId>& KnownVendorIds();

/** \return the vendor ID with this name. \throws std::invalid_argument when there is none. */
VendorId VendorIdNamed(std::string_view name);

/** \return the vendor ID of Windows with its version: 2 is 2000, 3 XP, 4 XP SP2 and 2003. */
VendorId MsNt5VendorId(std::uint32_t version);

/** \return the vendor ID by which a revision of NAT-T is offered. */
const VendorId& VendorIdOf(NatTFlavor flavor);

/** \return "draft-02\n" (backslash and n), "draft-02", "draft-03" or "RFC 3947". */
std::string_view NameOf(NatTFlavor flavor);

/** \return the stable id of a revision: "draft-02n", "draft-02", "draft-03" or "rfc3947". */
std::string_view IdOf(NatTFlavor flavor);

/** \return the name of a vendor ID as received; its hexadecimal when it is not known. */
std::string VendorIdName(ByteView bytes);

/** \return true for "FRAGMENTATION", with or without something after it. */
bool IsFragmentation(ByteView bytes);

/** \return true for "MS NT5 ISAKMPOAKLEY" of any version. */
bool IsMsNt5(ByteView bytes);

} // namespace nattlab::ike

#endif
