// SPDX-License-Identifier: GPL-2.0-only
#ifndef NATTLAB_TRACE_KEY_LOG_H
#define NATTLAB_TRACE_KEY_LOG_H

#include "model/packet/address.h"
#include "model/packet/bytes.h"

#include <cstdint>
#include <string>
#include <vector>

namespace nattlab
{

/** Keys that let Wireshark decrypt a run's captures. Engines append; the report writes files. */
struct KeyLog
{
    /** A row of Wireshark's ikev1_decryption_table. */
    struct Ike
    {
        std::uint64_t initiatorCookie;
        Bytes encryptionKey;
    };

    /** A row of Wireshark's esp_sa table. */
    struct Esp
    {
        Ipv4Address source; //!< as on the wire where the security association was made
        Ipv4Address destination;
        std::uint32_t spi;
        std::string encryption; //!< Wireshark's own name of the cipher
        Bytes encryptionKey;
        std::string authentication; //!< Wireshark's own name of the integrity algorithm
        Bytes authenticationKey;
    };

    std::vector<Ike> ike;
    std::vector<Esp> esp;
};

} // namespace nattlab

#endif
