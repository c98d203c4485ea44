// SPDX-License-Identifier: GPL-2.0-only
#ifndef NATTLAB_ESP_SELECTOR_H
#define NATTLAB_ESP_SELECTOR_H

#include "model/packet/address.h"

#include <cstdint>
#include <string>

namespace nattlab::esp
{

/** Which traffic a policy or a security association is for (RFC 2401 4.4.2), seen from one host. */
struct Selector
{
    Ipv4Prefix local{{}, 0};
    Ipv4Prefix remote{{}, 0};
    std::uint8_t protocol{0};    //!< 0: any
    std::uint16_t localPort{0};  //!< 0: any
    std::uint16_t remotePort{0}; //!< 0: any

    /**
     * \return true when a packet between these two ends, in either direction, is meant. A packet
     * without ports has 0 and fits only a selector of any port.
     */
    bool Matches(Ipv4Address localAddress,
                 Ipv4Address remoteAddress,
                 std::uint8_t packetProtocol,
                 std::uint16_t packetLocalPort,
                 std::uint16_t packetRemotePort) const;

    /** \return "udp 192.0.2.1/32:1701 <> 0.0.0.0/0:any". */
    std::string ToString() const;
};

bool operator==(const Selector& a, const Selector& b);

} // namespace nattlab::esp

#endif
