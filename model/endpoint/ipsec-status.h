// SPDX-License-Identifier: GPL-2.0-only
/**
 * \file
 * What the IPsec of a host looks like at one moment, as plain data: what an IPsec monitor shows.
 */
#ifndef NATTLAB_ENDPOINT_IPSEC_STATUS_H
#define NATTLAB_ENDPOINT_IPSEC_STATUS_H

#include "model/endpoint/ipsec-policy.h"
#include "model/esp/spd.h"
#include "model/ike/engine.h"
#include "model/packet/time.h"

#include <cstdint>
#include <string>
#include <vector>

namespace nattlab
{

/** A pair of ESP SAs and what went through it. */
struct SaPairStatus
{
    std::uint32_t inboundSpi{0};
    std::uint32_t outboundSpi{0};
    crypto::CipherAlgorithm cipher{crypto::CipherAlgorithm::Null};
    crypto::HashAlgorithm integrity{crypto::HashAlgorithm::Sha1};
    bool udpEncapsulated{false};
    Endpoint local;  //!< of ESP in UDP, or port 0
    Endpoint remote; //!< of ESP in UDP, or port 0
    ike::Selector selector;
    std::uint64_t packetsSent{0};
    std::uint64_t packetsReceived{0};
    std::uint64_t bytesSent{0};     //!< protected payload
    std::uint64_t bytesReceived{0}; //!< protected payload
    bool sending{false};            //!< the newest of its path; older ones only receive
};

/** What ESP has counted since the IPsec service started. */
struct EspCounters
{
    std::uint64_t bytesSent{0};
    std::uint64_t bytesReceived{0};
    std::uint64_t badSpi{0};
    std::uint64_t notDecrypted{0};
    std::uint64_t notAuthenticated{0};
    std::uint64_t replayed{0};
    std::uint64_t keyAdditions{0}; //!< pairs made
    std::uint64_t keyDeletions{0}; //!< pairs removed
    std::uint64_t rekeys{0};
};

/** All of it. */
struct IpsecStatus
{
    Instant now;
    bool running{true};                 //!< the IPsec service
    Ipv4Address address;                //!< the host's
    std::vector<ike::PeerStatus> peers; //!< in the order of their making
    std::vector<SaPairStatus> pairs;    //!< in the order of their making
    ike::Counters ike;
    EspCounters esp;
    std::vector<esp::Policy> filters;  //!< the dynamic and static filters in force, in order
    std::optional<IpsecPolicy> policy; //!< the stored policy that is assigned
};

} // namespace nattlab

#endif
