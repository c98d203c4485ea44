// SPDX-License-Identifier: GPL-2.0-only
/**
 * \file
 * PPP frames and the packets of its control protocols as bytes (RFC 1661 2, 5 and 6). There is no
 * HDLC-like framing: L2TP carries the frame without flags, escapes and FCS (RFC 2661 5).
 */
#ifndef NATTLAB_PPP_PACKET_H
#define NATTLAB_PPP_PACKET_H

#include "model/packet/bytes.h"
#include "model/packet/packet.h"
#include "model/packet/short-list.h"

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

namespace nattlab::ppp
{

/** PPP protocol numbers that nattlab knows by name. */
enum Protocol : std::uint16_t
{
    PPP_IP = 0x0021,
    PPP_IPCP = 0x8021,
    PPP_CCP = 0x80FD,
    PPP_LCP = 0xC021,
    PPP_PAP = 0xC023,
    PPP_CHAP = 0xC223,
    PPP_EAP = 0xC227,
};

/** Codes of LCP and, up to CodeReject, of every network control protocol. */
enum ControlCode : std::uint8_t
{
    CONFIGURE_REQUEST = 1,
    CONFIGURE_ACK = 2,
    CONFIGURE_NAK = 3,
    CONFIGURE_REJECT = 4,
    TERMINATE_REQUEST = 5,
    TERMINATE_ACK = 6,
    CODE_REJECT = 7,
    PROTOCOL_REJECT = 8,
    ECHO_REQUEST = 9,
    ECHO_REPLY = 10,
    DISCARD_REQUEST = 11,
    IDENTIFICATION = 12, //!< RFC 1570 2.1
    TIME_REMAINING = 13, //!< RFC 1570 2.2
};

/** Codes of CHAP (RFC 1994 4). */
enum ChapCode : std::uint8_t
{
    CHAP_CHALLENGE = 1,
    CHAP_RESPONSE = 2,
    CHAP_SUCCESS = 3,
    CHAP_FAILURE = 4,
};

/** Codes of PAP (RFC 1334 2.2). */
enum PapCode : std::uint8_t
{
    PAP_REQUEST = 1,
    PAP_ACK = 2,
    PAP_NAK = 3,
};

/** Option types of LCP (RFC 1661 6, 1570, 1990, 2125). */
enum LcpOption : std::uint8_t
{
    LCP_MRU = 1,
    LCP_ACCM = 2,
    LCP_AUTHENTICATION = 3,
    LCP_QUALITY = 4,
    LCP_MAGIC_NUMBER = 5,
    LCP_PROTOCOL_COMPRESSION = 7,
    LCP_ADDRESS_COMPRESSION = 8,
    LCP_CALLBACK = 13,
    LCP_MRRU = 17,
    LCP_ENDPOINT_DISCRIMINATOR = 19,
    LCP_LINK_DISCRIMINATOR = 23,
};

/** Option types of IPCP (RFC 1332 3, RFC 1877 1). */
enum IpcpOption : std::uint8_t
{
    IPCP_COMPRESSION = 2,
    IPCP_ADDRESS = 3,
    IPCP_DNS1 = 129,
    IPCP_NBNS1 = 130,
    IPCP_DNS2 = 131,
    IPCP_NBNS2 = 132,
};

/** Option types of CCP (RFC 1962 4, RFC 3078 2). */
enum CcpOption : std::uint8_t
{
    CCP_MPPC = 18,
};

/** A frame, taken apart; the information is a view of the frame's bytes. */
struct FrameView
{
    std::uint16_t protocol{0};
    ByteView information;
};

/**
 * Read a frame. Address and control field (FF 03) and the first octet of the protocol may be left
 * out at any time: what was negotiated binds the sender (RFC 1661 6.5, 6.6).
 *
 * \return nothing when the frame has no protocol, or one that breaks the numbering of RFC 1661 2.
 */
std::optional<FrameView> ParseFrame(ByteView frame);

/** How much of a frame's header is left out. */
struct HeaderCompression
{
    bool protocol{false}; //!< PFC: one octet for protocols below 256
    bool address{false};  //!< ACFC: no FF 03
};

/** Build a frame. LCP is never sent compressed (RFC 1661 6.5, 6.6). */
Bytes BuildFrame(std::uint16_t protocol, ByteView information, HeaderCompression compression = {});

/** A frame to send: PPP from the address field or, compressed, from the protocol field. */
struct Frame
{
    Bytes bytes;
    TraceTag tag;            //!< of the packet inside; for PPP's own messages packet 0
    std::uint32_t resent{0}; //!< how often this message was sent before
};

using Frames = ShortList<Frame, 3>;

/**
 * A packet of LCP, a network control protocol, CHAP or PAP: all share the header. The data belong
 * to whoever has the packet.
 */
struct ControlPacket
{
    std::uint8_t code{0};
    std::uint8_t id{0};
    ByteView data;

    /** Read a packet; refuses a length under 4 or over the data. What follows it is padding. */
    static std::optional<ControlPacket> Parse(ByteView information);

    Bytes Build() const;
};

/** Build the frame of a control packet, with nothing left out of its header. */
Bytes BuildControlFrame(std::uint16_t protocol, const ControlPacket& packet);

/** Leave out of the header of a frame of BuildControlFrame what may be. */
void Compress(Bytes& frame, HeaderCompression compression);

/** \return "LCP", "IPCP", "CHAP"... or the number. */
std::string ProtocolName(std::uint16_t protocol);

/** \return the name of a message in the event log, such as "LCP Configure-Request". */
std::string MessageName(std::uint16_t protocol, std::uint8_t code);

/** \return what a message says, for the human eye: "mru 1400, magic 1a2b3c4d, pfc, acfc". */
std::string Describe(std::uint16_t protocol, const ControlPacket& packet);

} // namespace nattlab::ppp

#endif
