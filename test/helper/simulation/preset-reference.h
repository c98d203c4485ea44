// SPDX-License-Identifier: GPL-2.0-only
/**
 * \file
 * What Windows and others are known to send, as literals: the reference of the preset tests.
 *
 * Published logs: LOG-2003, an Openswan initiator with Windows Server 2003; LOG-XP, an Openswan
 * responder with a Windows XP client; LOG-7, the same with Windows 7.
 */
#ifndef NATTLAB_TEST_SIMULATION_PRESET_REFERENCE_H
#define NATTLAB_TEST_SIMULATION_PRESET_REFERENCE_H

#include "model/packet/bytes.h"

#include <string>
#include <vector>

namespace nattlab::test
{

// Vendor IDs: MS-IKEE appendix A note 6; ike-scan's and strongSwan's lists.
inline const std::string NT5 = "1e2b516905991c7d7c96fcbfb587e461";
inline const std::string FRAGMENTATION =
    "4048b7d56ebce88525e7de7f00d6c2d3";                                  // without Cisco's suffix
inline const std::string DRAFT_02N = "90cb80913ebb696e086381b5ec427b1f"; // hashed with a newline
inline const std::string DRAFT_02 = "cd60464335df21f87cfdb2fc68b6a448";
inline const std::string DRAFT_03 = "7d9419a65310ca6f2c179d9215529d56";
inline const std::string RFC3947 = "4a131c81070358455c5728f20e95452f";
inline const std::string INITIAL_CONTACT = "26244d38eddb61b3172a36e3d0cfb819";
inline const std::string DISCOVERY = "fb1de3cdf341b7ea16b7e5be0855f120";
inline const std::string CGA = "e3a5966a76379fe707228231e5ce8652";
// SafeNet SoftRemote "8.1.0 (Build 10)", the text in the last 19 bytes but three.
inline const std::string SOFTREMOTE = "47bbe7c993f1fc13b4e6d0db565c68e5010201010201010310"
                                      "382e312e3020284275696c6420313029000000";

using Texts = std::vector<std::string>;

// Main Mode transforms. RFC 2409 appendix A: 1 cipher (1 DES, 5 3DES, 7 AES), 2 hash (1 MD5, 2
// SHA1), 3 method (1 PSK), 4 group, 11/12 life in seconds, 14 key length. 28800 s: libreswan,
// docs/examples/l2tp-psk.conf, as a variable attribute of four bytes.
inline const std::string MM_LIFE = " 11=1 12=0x00007080";
inline const std::string MM_3DES_SHA_2 = "1/1 1=5 2=2 4=2 3=1" + MM_LIFE;
inline const std::string MM_3DES_SHA_14 = "1/1 1=5 2=2 4=14 3=1" + MM_LIFE;
inline const std::string MM_AES256_SHA_14 = "1/1 1=7 2=2 4=14 3=1 14=256" + MM_LIFE;
inline const std::string MM_AES128_SHA_14 = "1/1 1=7 2=2 4=14 3=1 14=128" + MM_LIFE;
// MS-IKEE appendix A notes 4, 5 for the algorithms; LOG-XP for a strange group before group 2.
inline const Texts MM_OLD{MM_3DES_SHA_2,
                          "1/1 1=5 2=1 4=2 3=1" + MM_LIFE,
                          "1/1 1=1 2=2 4=1 3=1" + MM_LIFE,
                          "1/1 1=1 2=1 4=1 3=1" + MM_LIFE};
inline const Texts MM_UPDATED{MM_3DES_SHA_14, MM_OLD[0], MM_OLD[1], MM_OLD[2], MM_OLD[3]};
// LOG-7: two groups of elliptic curves (not modelled), then these.
inline const Texts MM_VISTA{MM_AES256_SHA_14, MM_3DES_SHA_14, MM_3DES_SHA_2};

// Quick Mode transforms. RFC 2407 4.4.4: 2 DES, 3 3DES, 12 AES; 4.5: 1/2 life, 4 encapsulation, 5
// authentication (1 MD5, 2 SHA1), 6 key length. 3600 s: libreswan as above; 250000 KB.
inline std::string
Esp(int transform, int encapsulation, int authentication, const std::string& keyBits = "")
{
    return "3/" + std::to_string(transform) +
           " 1=1 2=0x00000e10 1=2 2=0x0003d090 4=" + std::to_string(encapsulation) +
           " 5=" + std::to_string(authentication) + keyBits;
}

inline Texts
QmOld(int encapsulation)
{
    return {Esp(3, encapsulation, 1),
            Esp(3, encapsulation, 2),
            Esp(2, encapsulation, 1),
            Esp(2, encapsulation, 2)};
}

inline Texts
QmVista(int encapsulation)
{
    return {Esp(12, encapsulation, 2, " 6=128"),
            Esp(12, encapsulation, 2, " 6=256"),
            Esp(3, encapsulation, 2)};
}

// Numbers of NAT traversal: MS-IKEE 2.2.1, 2.2.2; RFC 3947 9.
struct NatNumbers
{
    int natD;          //!< payload; 0: NAT traversal is unknown
    int natOa;         //!< payload
    int encapsulation; //!< UDP-encapsulated transport, or plain transport
};

inline const NatNumbers UNKNOWN{0, 0, 2};
inline const NatNumbers DRAFT{130, 131, 61444};
inline const NatNumbers RFC{20, 21, 4};

/** \return each of them as hexadecimal digits. */
inline Texts
HexOf(const std::vector<Bytes>& bodies)
{
    Texts texts;
    for (const Bytes& body : bodies)
    {
        texts.push_back(ToHex(body));
    }
    return texts;
}

/** \return the name of a row for GoogleTest: "windows_xp_sp2_with_windows_server_2003". */
inline std::string
RowNameOf(const std::string& preset, const std::string& peer)
{
    std::string name = preset + "_with_" + peer;
    for (char& c : name)
    {
        c = c == '-' ? '_' : c;
    }
    return name;
}

} // namespace nattlab::test

#endif
