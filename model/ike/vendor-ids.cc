// SPDX-License-Identifier: GPL-2.0-only
#include "model/ike/vendor-ids.h"

#include <stdexcept>

namespace nattlab::ike
{

namespace
{

constexpr std::string_view MS_NT5 = "MS NT5 ISAKMPOAKLEY";
constexpr std::string_view FRAGMENTATION = "FRAGMENTATION";

struct FlavorRow
{
    NatTFlavor flavor;
    std::string_view name;
    std::string_view vendorId;
};

constexpr FlavorRow FLAVORS[] = {
    {NatTFlavor::Draft02N, "draft-02\\n", "draft-ietf-ipsec-nat-t-ike-02\\n"},
    {NatTFlavor::Draft02, "draft-02", "draft-ietf-ipsec-nat-t-ike-02"},
    {NatTFlavor::Draft03, "draft-03", "draft-ietf-ipsec-nat-t-ike-03"},
    {NatTFlavor::Rfc3947, "RFC 3947", "RFC 3947"},
};

const FlavorRow&
RowOf(NatTFlavor flavor)
{
    return FLAVORS[static_cast<std::size_t>(flavor)];
}

} // namespace

const std::vector<KnownVendorId>&
KnownVendorIds()
{
    // MS-IKEE note 6; RFC 3947 3.1; RFC 3706 5.1; the lists of ike-scan and strongSwan.
    static const std::vector<KnownVendorId> rows{
        {MS_NT5, MS_NT5, "1e2b516905991c7d7c96fcbfb587e461", true},
        {FRAGMENTATION, FRAGMENTATION, "4048b7d56ebce88525e7de7f00d6c2d3", true},
        {"draft-ietf-ipsec-nat-t-ike-00",
         "draft-ietf-ipsec-nat-t-ike-00",
         "4485152d18b6bbcd0be8a8469579ddcc",
         false},
        {"draft-ietf-ipsec-nat-t-ike-01",
         "draft-ietf-ipsec-nat-t-ike-01",
         "16f6ca16e4a4066d83821a0f0aeaa862",
         false},
        {"draft-ietf-ipsec-nat-t-ike-02\\n",
         "draft-ietf-ipsec-nat-t-ike-02\n",
         "90cb80913ebb696e086381b5ec427b1f",
         false},
        {"draft-ietf-ipsec-nat-t-ike-02",
         "draft-ietf-ipsec-nat-t-ike-02",
         "cd60464335df21f87cfdb2fc68b6a448",
         false},
        {"draft-ietf-ipsec-nat-t-ike-03",
         "draft-ietf-ipsec-nat-t-ike-03",
         "7d9419a65310ca6f2c179d9215529d56",
         false},
        {"draft-ietf-ipsec-nat-t-ike-04",
         "draft-ietf-ipsec-nat-t-ike-04",
         "9909b64eed937c6573de52ace952fa6b",
         false},
        {"draft-ietf-ipsec-nat-t-ike-05",
         "draft-ietf-ipsec-nat-t-ike-05",
         "80d0bb3def54565ee84645d4c85ce3ee",
         false},
        {"draft-ietf-ipsec-nat-t-ike-06",
         "draft-ietf-ipsec-nat-t-ike-06",
         "4d1e0e136deafa34c4f3ea9f02ec7285",
         false},
        {"draft-ietf-ipsec-nat-t-ike-07",
         "draft-ietf-ipsec-nat-t-ike-07",
         "439b59f8ba676c4c7737ae22eab8f582",
         false},
        {"draft-ietf-ipsec-nat-t-ike-08",
         "draft-ietf-ipsec-nat-t-ike-08",
         "8f8d83826d246b6fc7a8a6a428c11de8",
         false},
        {"RFC 3947", "RFC 3947", "4a131c81070358455c5728f20e95452f", false},
        {"Vid-Initial-Contact", "Vid-Initial-Contact", "26244d38eddb61b3172a36e3d0cfb819", false},
        {"NLBS_PRESENT", "NLBS_PRESENT", "72872b95fcda2eb708efe322119b4971", false},
        {"GSSAPI", "GSSAPI", "621b04bb09882ac1e15935fefa24aeee", false},
        {"A GSS-API Authentication Method for IKE",
         "A GSS-API Authentication Method for IKE",
         "ad2c0dd0b9c32083ccba25b8861ec455",
         false},
        {"A GSS-API Authentication Method for IKE\\n",
         "A GSS-API Authentication Method for IKE\n",
         "b46d8914f3aaa3f2fedeb7c7db2943ca",
         false},
        {"MS-Negotiation Discovery Capable",
         "MS-Negotiation Discovery Capable",
         "fb1de3cdf341b7ea16b7e5be0855f120",
         false},
        {"IKE CGA version 1", "IKE CGA version 1", "e3a5966a76379fe707228231e5ce8652", false},
        {"MS-MamieExists", "MS-MamieExists", "214ca4faffa7f32d6748e5303395ae83", false},
        {"DPD", "", "afcad71368a1f1c96b8696fc77570100", false},
        {"XAUTH", "", "09002689dfd6b712", true},
        {"Cisco Unity", "", "12f5f28c457168a9702d9fe274cc0100", true},
        {"SafeNet SoftRemote", "", "47bbe7c993f1fc13b4e6d0db565c68e5", true},
        {"KAME/racoon", "", "7003cbc1097dbe9c2600ba6983bc8b35", true},
    };
    return rows;
}

VendorId
VendorIdNamed(std::string_view name)
{
    for (const KnownVendorId& row : KnownVendorIds())
    {
        if (row.name == name)
        {
            return {std::string{row.name}, FromHex(row.hex)};
        }
    }
    throw std::invalid_argument("no vendor ID is known as \"" + std::string{name} + "\"");
}

VendorId
MsNt5VendorId(std::uint32_t version)
{
    VendorId id = VendorIdNamed(MS_NT5);
    id.name += " version " + std::to_string(version);
    id.bytes = Concat({id.bytes, ShortBytes::Of32(version)});
    return id;
}

const VendorId&
VendorIdOf(NatTFlavor flavor)
{
    static const std::vector<VendorId> ids = []
    {
        std::vector<VendorId> all;
        for (const FlavorRow& row : FLAVORS)
        {
            all.push_back(VendorIdNamed(row.vendorId));
        }
        return all;
    }();
    return ids[static_cast<std::size_t>(flavor)];
}

std::string_view
NameOf(NatTFlavor flavor)
{
    return RowOf(flavor).name;
}

std::string_view
IdOf(NatTFlavor flavor)
{
    switch (flavor)
    {
    case NatTFlavor::Draft02N:
        return "draft-02n";
    case NatTFlavor::Draft02:
        return "draft-02";
    case NatTFlavor::Draft03:
        return "draft-03";
    case NatTFlavor::Rfc3947:
        return "rfc3947";
    }
    return "?";
}

std::string
VendorIdName(ByteView bytes)
{
    const std::string hex = ToHex(bytes);
    for (const KnownVendorId& row : KnownVendorIds())
    {
        if (hex == row.hex || (row.isPrefix && hex.compare(0, row.hex.size(), row.hex) == 0))
        {
            return std::string{row.name};
        }
    }
    return hex;
}

bool
IsFragmentation(ByteView bytes)
{
    static const VendorId known = VendorIdNamed(FRAGMENTATION);
    return known.bytes == bytes.Sub(0, known.bytes.size());
}

bool
IsMsNt5(ByteView bytes)
{
    static const VendorId known = VendorIdNamed(MS_NT5);
    return known.bytes == bytes.Sub(0, known.bytes.size());
}

} // namespace nattlab::ike
