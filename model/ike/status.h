// SPDX-License-Identifier: GPL-2.0-only
/**
 * \file
 * What an IKE engine knows at one moment, and what it has counted: plain data for monitors.
 */
#ifndef NATTLAB_IKE_STATUS_H
#define NATTLAB_IKE_STATUS_H

#include "model/ike/profile.h"
#include "model/packet/address.h"
#include "model/packet/time.h"

#include <cstdint>
#include <optional>
#include <string>

namespace nattlab::ike
{

/** One phase-1 relation. */
struct PeerStatus
{
    std::uint64_t id{0}; //!< PeerId
    Endpoint local;
    Endpoint remote;
    std::uint64_t initiatorCookie{0};
    std::uint64_t responderCookie{0};
    bool initiator{false};
    bool established{false};
    std::optional<Phase1Transform> transform; //!< agreed
    std::optional<NatTFlavor> natT;           //!< agreed; none: no NAT traversal
    bool localBehindNat{false};
    bool peerBehindNat{false};
    std::string ownIdentity;      //!< as text; empty: not known yet
    std::string peerIdentity;     //!< as text; empty: not known yet
    std::optional<Instant> since; //!< when it was established
};

/** Counted since the engine was made or reset. */
struct Counters
{
    std::uint64_t mainModes{0};              //!< established
    std::uint64_t quickModes{0};             //!< established
    std::uint64_t acquires{0};               //!< wishes for SAs from this host
    std::uint64_t authenticationFailures{0}; //!< wrong key, hash, signature or certificate
    std::uint64_t negotiationFailures{0};    //!< main and quick modes that came to nothing
    std::uint64_t invalidCookies{0};         //!< messages of unknown negotiations
    std::uint64_t invalidPackets{0};         //!< messages that could not be read
    std::uint64_t messagesSent{0};           //!< datagrams, without keepalives
    std::uint64_t messagesReceived{0};       //!< datagrams, without keepalives
    std::uint64_t retransmissions{0};
    std::uint64_t keyAdditions{0}; //!< pairs of ESP SAs made
    std::uint64_t keyUpdates{0};   //!< of them, made to replace others
};

} // namespace nattlab::ike

#endif
