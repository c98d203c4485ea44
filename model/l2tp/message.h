// SPDX-License-Identifier: GPL-2.0-only
/**
 * \file
 * Control messages (RFC 2661 6): what follows the header.
 */
#ifndef NATTLAB_L2TP_MESSAGE_H
#define NATTLAB_L2TP_MESSAGE_H

#include "model/l2tp/avp.h"
#include "model/packet/bytes.h"
#include "model/trace/reason.h"

#include <cstdint>
#include <optional>
#include <string>
#include <vector>

namespace nattlab::l2tp
{

/** Control message types (RFC 2661 3.2). */
enum class MessageType : std::uint16_t
{
    Sccrq = 1,
    Sccrp = 2,
    Scccn = 3,
    StopCcn = 4,
    Hello = 6,
    Ocrq = 7,
    Ocrp = 8,
    Occn = 9,
    Icrq = 10,
    Icrp = 11,
    Iccn = 12,
    Cdn = 14,
    Wen = 15,
    Sli = 16,
};

/** \return "SCCRQ"; "type 99" for a number without a name; "?" for 0, a type that was not read. */
std::string NameOf(MessageType type);

/** \return true when RFC 2661 defines the type. */
bool IsKnown(MessageType type);

/** \return true for a message of one session; the others concern the tunnel. */
bool IsSessionMessage(MessageType type);

/** Result codes of StopCCN that this host sends (RFC 2661 4.4.2). */
enum StopResult : std::uint16_t
{
    STOP_GENERAL = 1,
    STOP_ERROR = 2,
    STOP_EXISTS = 3,
    STOP_NOT_AUTHORISED = 4,
    STOP_VERSION = 5,
    STOP_SHUTTING_DOWN = 6,
    STOP_STATE = 7,
};

/** Result codes of CDN that this host sends (RFC 2661 4.4.2). */
enum CdnResult : std::uint16_t
{
    CDN_ERROR = 2,
    CDN_ADMINISTRATIVE = 3,
    CDN_NO_FACILITIES_NOW = 4,
    CDN_NO_FACILITIES = 5,
    CDN_TIMEOUT = 10,
};

/** General error codes (RFC 2661 4.4.2). */
enum ErrorCode : std::uint16_t
{
    ERROR_NONE = 0,
    ERROR_NO_TUNNEL = 1,
    ERROR_LENGTH = 2,
    ERROR_VALUE = 3,
    ERROR_RESOURCES = 4,
    ERROR_SESSION_ID = 5,
    ERROR_VENDOR = 6,
    ERROR_TRY_ANOTHER = 7,
    ERROR_MANDATORY_AVP = 8,
};

/**
 * A control message that was read: its type and, in clear, its attributes in order, without random
 * vectors.
 */
struct Message
{
    MessageType type{MessageType::Hello};
    std::vector<Avp> avps;

    /** \return the first attribute of this type, or null. */
    const Avp* Find(AvpType type) const;

    /** \return the value of a 16-bit attribute. */
    std::optional<std::uint16_t> Number16(AvpType type) const;

    /** \return the value of a 32-bit attribute. */
    std::optional<std::uint32_t> Number32(AvpType type) const;
};

/** A control message that is written: its type, and what follows the header, all in clear. */
struct Draft
{
    /** Begin with the Message Type attribute. */
    explicit Draft(MessageType type);

    /** Add an attribute of vendor 0 with the M bit that RFC 2661 gives it. */
    void Add(AvpType added, ByteView value);
    void Add16(AvpType added, std::uint16_t value);
    void Add32(AvpType added, std::uint32_t value);

    MessageType type;
    Bytes body;
};

/** What a sender needs to hide attributes. */
struct Hiding
{
    ByteView secret;
    Bytes randomVector; //!< RFC 2661 recommends at least 16 octets
    Bytes padding;      //!< put behind each hidden value
};

/** \return \p body with every attribute hidden that may be, behind a random vector. */
Bytes HideAvps(ByteView body, const Hiding& hiding);

/** How attributes are read. */
struct DecodeRules
{
    const std::string* secret{nullptr}; //!< to reveal hidden attributes
    bool strictAvpBits{false};          //!< a reserved bit is as bad as an unknown mandatory AVP
    bool speedRequired{true};           //!< ICCN and OCCN without a connect speed are refused
};

/** Why a message cannot be accepted, and what to tell its sender. */
struct Fault
{
    Reason reason{Reason::L2tpMalformed};
    std::uint16_t resultCode{STOP_ERROR}; //!< for StopCCN, or CDN where error codes are meant (2)
    std::uint16_t errorCode{ERROR_NONE};
    std::string detail;
};

/** A message as far as it could be read; its attributes are views of the bytes that were read. */
struct Decoded
{
    Decoded() = default;
    Decoded(Decoded&&) = default;
    Decoded& operator=(Decoded&&) = default;

    Message message;
    std::vector<Bytes> revealed; //!< values that came hidden, which attributes view
    std::optional<Fault> fault;  //!< the first one found
    bool ignore{false};          //!< of an unknown type, but without the M bit
};

/**
 * Read the attributes of a control message that is no ZLB (RFC 2661 4.1, 4.2, 7.1): unknown or
 * malformed attributes are left out, and are a fault when mandatory; required ones must be there.
 */
Decoded DecodeMessage(ByteView body, const DecodeRules& rules);

/** \return the name of the message whose attributes these are; "ZLB" for none, "?" for nonsense. */
std::string PeekName(ByteView body);

/** The Result Code attribute (RFC 2661 4.4.2). */
struct ResultCode
{
    std::uint16_t result{0};
    std::uint16_t error{0}; //!< 0 when absent
    std::string text;

    Bytes Build() const;
    static ResultCode Parse(ByteView value);
};

} // namespace nattlab::l2tp

#endif
