// SPDX-License-Identifier: GPL-2.0-only
#ifndef NATTLAB_L2TP_CONFIG_H
#define NATTLAB_L2TP_CONFIG_H

#include "model/packet/time.h"

#include <cstddef>
#include <cstdint>
#include <optional>
#include <string>

namespace nattlab::l2tp
{

/** Bits of the framing AVPs (RFC 2661 4.4.3, 4.4.4). */
enum Framing : std::uint32_t
{
    FRAMING_SYNC = 1,
    FRAMING_ASYNC = 2,
};

/** Bits of the bearer AVPs (RFC 2661 4.4.3, 4.4.4). */
enum Bearer : std::uint32_t
{
    BEARER_DIGITAL = 1,
    BEARER_ANALOG = 2,
};

/**
 * How one host speaks L2TP. The defaults are those of a Windows host (MS-L2TPIE) where they are
 * known, of RFC 2661 otherwise. An optional AVP without a value is not sent.
 */
struct Config
{
    // What SCCRQ and SCCRP say.
    std::string hostName{"host"};        //!< at least one character; Windows: the computer's FQDN
    std::string vendorName{"Microsoft"}; //!< empty: not sent
    std::optional<std::uint16_t> firmwareRevision{0x0501};
    std::uint32_t framingCapabilities{FRAMING_SYNC};
    std::optional<std::uint32_t> bearerCapabilities{0};
    std::uint16_t receiveWindow{8}; //!< messages; 0: not sent, and the peer assumes 4

    // What ICRQ and ICCN say.
    std::optional<std::uint32_t> bearerType{BEARER_ANALOG};
    std::optional<std::uint32_t> physicalChannel{0};
    bool correlationId{false}; //!< ICRQ carries vendor 311 attribute 1, as from Vista SP1 on
    std::uint32_t txConnectSpeed{100000000}; //!< bits per second
    std::uint32_t framingType{FRAMING_SYNC};
    std::optional<std::uint16_t> proxyAuthenType{4}; //!< 4: no authentication
    bool sequencingRequired{false};        //!< ICCN asks for sequence numbers in data messages
    std::uint16_t payloadReceiveWindow{0}; //!< ICCN carries a receive window when not 0

    // What is accepted.
    bool listen{false};            //!< answers SCCRQ (LNS); otherwise l2tp.no-service
    std::size_t sessionLimit{128}; //!< calls accepted at a time: the ports of the server
    bool dropHeaderBits{true}; //!< a header bit other than T, L, S drops the message (MS-L2TPIE)
    bool strictAvpBits{true};  //!< a reserved AVP bit ends tunnel or session even without the M bit
    std::uint16_t maxOutOfOrder{100};   //!< control messages kept until those before them come
    std::uint32_t missingTxSpeed{9600}; //!< assumed when ICCN names none; 0: ICCN is refused
    bool ignoreFramingMismatch{true};   //!< accept ICCN with a framing type that was not offered
    bool honourTieBreaker{false};       //!< an SCCRQ with tie breaker beats ours; Windows: never

    // Reliable delivery (RFC 2661 5.8, appendix A).
    Duration retransmitInitial{seconds{1}};
    Duration retransmitCap{seconds{8}};
    unsigned retransmissions{5};         //!< of one message, before the tunnel is cleared
    bool congestionControl{true};        //!< slow start and congestion avoidance
    Duration helloInterval{seconds{40}}; //!< of silence before HELLO; 0: none

    // Authentication and hiding (RFC 2661 4.3, 5.1.1).
    std::optional<std::string> tunnelSecret;
    bool challengePeer{true};       //!< with a secret: the peer has to answer a challenge
    bool hideAvps{false};           //!< with a secret: hide every AVP that may be hidden
    std::uint16_t hiddenPadding{0}; //!< random octets behind each hidden value, at most 64

    // The end.
    bool closeWithLastSession{true}; //!< StopCCN follows the last CDN
    /** Wait before StopCCN when the peer ended the last call and says no more; 0: for ever. */
    Duration emptyTunnelTimeout{seconds{5}};
    /** Wait for a reply (or a first call) that is due after the acknowledgement; 0: for ever. */
    Duration setupTimeout{seconds{60}};
    Duration linger{seconds{31}}; //!< state kept after StopCCN (RFC 2661 5.7)
    bool sendErrorText{false};    //!< name the offending attribute in StopCCN and CDN

    // Data messages (RFC 2661 3.1, 5.4).
    bool lengthInData{true};  //!< L bit: 8-byte header
    bool sequenceData{false}; //!< as LNS: number data messages

    bool randomIds{false}; //!< draw tunnel and session identifiers; otherwise they count from 1
};

} // namespace nattlab::l2tp

#endif
