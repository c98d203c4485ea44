// SPDX-License-Identifier: GPL-2.0-only
#include "model/l2tp/avp.h"

#include <algorithm>

namespace nattlab::l2tp
{

namespace
{

constexpr std::uint16_t ANY = Avp::MAX_VALUE;
constexpr std::uint16_t BIT_MANDATORY = 0x8000;
constexpr std::uint16_t BIT_HIDDEN = 0x4000;
constexpr std::uint16_t RESERVED_MASK = 0x3c00;
constexpr std::uint16_t LENGTH_MASK = 0x03ff;

} // namespace

const std::vector<AvpInfo>&
AllAvpInfos()
{
    using T = AvpType;
    constexpr bool M = true; // sent with the M bit
    constexpr bool H = true; // may be hidden
    constexpr bool Z = true; // must not be 0
    constexpr bool no = false;
    // clang-format off
    static const std::vector<AvpInfo> rows{
        {T::MessageType,               "Message Type",                    2,   2, M,  no, no},
        {T::ResultCode,                "Result Code",                     2, ANY, M,  no, no},
        {T::ProtocolVersion,           "Protocol Version",                2,   2, M,  no, no},
        {T::FramingCapabilities,       "Framing Capabilities",            4,   4, M,  H,  no},
        {T::BearerCapabilities,        "Bearer Capabilities",             4,   4, M,  H,  no},
        {T::TieBreaker,                "Tie Breaker",                     8,   8, no, no, no},
        {T::FirmwareRevision,          "Firmware Revision",               2,   2, no, H,  no},
        {T::HostName,                  "Host Name",                       1, ANY, M,  no, no},
        {T::VendorName,                "Vendor Name",                     0, ANY, no, H,  no},
        {T::AssignedTunnelId,          "Assigned Tunnel ID",              2,   2, M,  H,  Z},
        {T::ReceiveWindowSize,         "Receive Window Size",             2,   2, M,  no, Z},
        {T::Challenge,                 "Challenge",                       1, ANY, M,  H,  no},
        {T::Q931CauseCode,             "Q.931 Cause Code",                3, ANY, M,  no, no},
        {T::ChallengeResponse,         "Challenge Response",             16,  16, M,  H,  no},
        {T::AssignedSessionId,         "Assigned Session ID",             2,   2, M,  H,  Z},
        {T::CallSerialNumber,          "Call Serial Number",              4,   4, M,  H,  no},
        {T::MinimumBps,                "Minimum BPS",                     4,   4, M,  H,  no},
        {T::MaximumBps,                "Maximum BPS",                     4,   4, M,  H,  no},
        {T::BearerType,                "Bearer Type",                     4,   4, M,  H,  no},
        {T::FramingType,               "Framing Type",                    4,   4, M,  H,  no},
        {T::CalledNumber,              "Called Number",                   0, ANY, M,  H,  no},
        {T::CallingNumber,             "Calling Number",                  0, ANY, M,  H,  no},
        {T::SubAddress,                "Sub-Address",                     0, ANY, M,  H,  no},
        {T::TxConnectSpeed,            "(Tx) Connect Speed",              4,   4, M,  H,  no},
        {T::PhysicalChannelId,         "Physical Channel ID",             4,   4, no, H,  no},
        {T::InitialReceivedLcpConfreq, "Initial Received LCP CONFREQ",    0, ANY, no, H,  no},
        {T::LastSentLcpConfreq,        "Last Sent LCP CONFREQ",           0, ANY, no, H,  no},
        {T::LastReceivedLcpConfreq,    "Last Received LCP CONFREQ",       0, ANY, no, H,  no},
        {T::ProxyAuthenType,           "Proxy Authen Type",               2,   2, no, H,  no},
        {T::ProxyAuthenName,           "Proxy Authen Name",               0, ANY, no, H,  no},
        {T::ProxyAuthenChallenge,      "Proxy Authen Challenge",          1, ANY, no, H,  no},
        {T::ProxyAuthenId,             "Proxy Authen ID",                 2,   2, no, H,  no},
        {T::ProxyAuthenResponse,       "Proxy Authen Response",           0, ANY, no, H,  no},
        {T::CallErrors,                "Call Errors",                    26,  26, M,  H,  no},
        {T::Accm,                      "ACCM",                           10,  10, M,  H,  no},
        {T::RandomVector,              "Random Vector",                   0, ANY, M,  no, no},
        {T::PrivateGroupId,            "Private Group ID",                0, ANY, no, H,  no},
        {T::RxConnectSpeed,            "Rx Connect Speed",                4,   4, no, H,  no},
        {T::SequencingRequired,        "Sequencing Required",             0,   0, M,  no, no},
    };
    // clang-format on
    return rows;
}

const AvpInfo*
FindAvpInfo(std::uint16_t type)
{
    const std::vector<AvpInfo>& rows = AllAvpInfos();
    const auto it = std::lower_bound(rows.begin(),
                                     rows.end(),
                                     type,
                                     [](const AvpInfo& row, std::uint16_t t)
                                     { return static_cast<std::uint16_t>(row.type) < t; });
    return it != rows.end() && static_cast<std::uint16_t>(it->type) == type ? &*it : nullptr;
}

void
AppendAvp(Bytes& to, const Avp& avp)
{
    const ByteView value = avp.value.Sub(0, Avp::MAX_VALUE);
    std::uint8_t header[Avp::HEADER_SIZE];
    Store16(header,
            static_cast<std::uint16_t>((avp.mandatory ? BIT_MANDATORY : 0) |
                                       (avp.hidden ? BIT_HIDDEN : 0) |
                                       (Avp::HEADER_SIZE + value.size())));
    Store16(header + 2, avp.vendor);
    Store16(header + 4, avp.type);
    Append(to, ByteView(header, sizeof header));
    Append(to, value);
}

std::optional<Avp>
ReadAvp(ByteReader& reader)
{
    const std::uint16_t bits = reader.Read16();
    const std::size_t length = bits & LENGTH_MASK;
    Avp avp;
    avp.mandatory = (bits & BIT_MANDATORY) != 0;
    avp.hidden = (bits & BIT_HIDDEN) != 0;
    avp.reserved = (bits & RESERVED_MASK) != 0;
    avp.vendor = reader.Read16();
    avp.type = reader.Read16();
    if (length < Avp::HEADER_SIZE)
    {
        return std::nullopt;
    }
    avp.value = reader.Read(length - Avp::HEADER_SIZE);
    return reader.Ok() ? std::optional<Avp>(avp) : std::nullopt;
}

bool
AreWellFormed(ByteView avps)
{
    ByteReader reader(avps);
    while (reader.Remaining() > 0)
    {
        if (!ReadAvp(reader))
        {
            return false;
        }
    }
    return true;
}

} // namespace nattlab::l2tp
