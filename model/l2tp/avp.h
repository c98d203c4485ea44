// SPDX-License-Identifier: GPL-2.0-only
/**
 * \file
 * Attribute-value pairs (RFC 2661 4): their list and their form on the wire.
 */
#ifndef NATTLAB_L2TP_AVP_H
#define NATTLAB_L2TP_AVP_H

#include "model/packet/bytes.h"

#include <cstddef>
#include <cstdint>
#include <optional>
#include <string_view>
#include <vector>

namespace nattlab::l2tp
{

/** Attribute types of vendor 0 (RFC 2661 4.4). */
enum class AvpType : std::uint16_t
{
    MessageType = 0,
    ResultCode = 1,
    ProtocolVersion = 2,
    FramingCapabilities = 3,
    BearerCapabilities = 4,
    TieBreaker = 5,
    FirmwareRevision = 6,
    HostName = 7,
    VendorName = 8,
    AssignedTunnelId = 9,
    ReceiveWindowSize = 10,
    Challenge = 11,
    Q931CauseCode = 12,
    ChallengeResponse = 13,
    AssignedSessionId = 14,
    CallSerialNumber = 15,
    MinimumBps = 16,
    MaximumBps = 17,
    BearerType = 18,
    FramingType = 19,
    CalledNumber = 21,
    CallingNumber = 22,
    SubAddress = 23,
    TxConnectSpeed = 24,
    PhysicalChannelId = 25,
    InitialReceivedLcpConfreq = 26,
    LastSentLcpConfreq = 27,
    LastReceivedLcpConfreq = 28,
    ProxyAuthenType = 29,
    ProxyAuthenName = 30,
    ProxyAuthenChallenge = 31,
    ProxyAuthenId = 32,
    ProxyAuthenResponse = 33,
    CallErrors = 34,
    Accm = 35,
    RandomVector = 36,
    PrivateGroupId = 37,
    RxConnectSpeed = 38,
    SequencingRequired = 39,
};

/** What RFC 2661 4.4 says of one attribute. */
struct AvpInfo
{
    AvpType type;
    std::string_view name;
    std::uint16_t minSize; //!< bytes of the value
    std::uint16_t maxSize;
    bool mandatory;     //!< the M bit it is sent with
    bool mayHide;       //!< the H bit is allowed
    bool mustNotBeZero; //!< a 16-bit value for which 0 is invalid
};

/** \return the row of a type; null when RFC 2661 does not define it. */
const AvpInfo* FindAvpInfo(std::uint16_t type);

/** \return all rows, by type. */
const std::vector<AvpInfo>& AllAvpInfos();

/** One attribute as it stands on the wire; the value belongs to whoever has the message. */
struct Avp
{
    /** The AVP header, bytes. */
    static constexpr std::size_t HEADER_SIZE = 6;
    /** The longest value: a length of 10 bits, less the header. */
    static constexpr std::size_t MAX_VALUE = 1023 - HEADER_SIZE;

    std::uint16_t type{0};
    std::uint16_t vendor{0}; //!< SMI enterprise code; 0: RFC 2661
    bool mandatory{false};   //!< M
    bool hidden{false};      //!< H: the value is still hidden
    bool reserved{false};    //!< a reserved bit is set
    ByteView value;

    bool Is(AvpType t) const
    {
        return vendor == 0 && type == static_cast<std::uint16_t>(t);
    }
};

/** Write an attribute; a value longer than MAX_VALUE is cut. */
void AppendAvp(Bytes& to, const Avp& avp);

/** \return the next attribute, a view; nothing when its length is under 6 or over what is left. */
std::optional<Avp> ReadAvp(ByteReader& reader);

/** \return true when \p avps can be read one by one to the end. */
bool AreWellFormed(ByteView avps);

} // namespace nattlab::l2tp

#endif
