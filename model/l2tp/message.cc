// SPDX-License-Identifier: GPL-2.0-only
#include "model/l2tp/message.h"

#include "model/l2tp/tunnel-secret.h"

#include <utility>

namespace nattlab::l2tp
{

namespace
{

/** One control message: its name, whom it concerns and what it must carry (RFC 2661 6). */
struct MessageInfo
{
    MessageType type;
    const char* name;
    bool session;
    std::vector<AvpType> required;
};

const std::vector<MessageInfo>&
AllMessages()
{
    using T = AvpType;
    static const std::vector<MessageInfo> rows{
        {MessageType::Sccrq,
         "SCCRQ",
         false,
         {T::ProtocolVersion, T::HostName, T::FramingCapabilities, T::AssignedTunnelId}},
        {MessageType::Sccrp,
         "SCCRP",
         false,
         {T::ProtocolVersion, T::FramingCapabilities, T::HostName, T::AssignedTunnelId}},
        {MessageType::Scccn, "SCCCN", false, {}},
        {MessageType::StopCcn, "StopCCN", false, {T::AssignedTunnelId, T::ResultCode}},
        {MessageType::Hello, "HELLO", false, {}},
        {MessageType::Ocrq,
         "OCRQ",
         true,
         {T::AssignedSessionId,
          T::CallSerialNumber,
          T::MinimumBps,
          T::MaximumBps,
          T::BearerType,
          T::FramingType,
          T::CalledNumber}},
        {MessageType::Ocrp, "OCRP", true, {T::AssignedSessionId}},
        {MessageType::Occn, "OCCN", true, {T::TxConnectSpeed, T::FramingType}},
        {MessageType::Icrq, "ICRQ", true, {T::AssignedSessionId, T::CallSerialNumber}},
        {MessageType::Icrp, "ICRP", true, {T::AssignedSessionId}},
        {MessageType::Iccn, "ICCN", true, {T::TxConnectSpeed, T::FramingType}},
        {MessageType::Cdn, "CDN", true, {T::ResultCode, T::AssignedSessionId}},
        {MessageType::Wen, "WEN", true, {T::CallErrors}},
        {MessageType::Sli, "SLI", true, {T::Accm}},
    };
    return rows;
}

const MessageInfo*
FindMessage(MessageType type)
{
    for (const MessageInfo& row : AllMessages())
    {
        if (row.type == type)
        {
            return &row;
        }
    }
    return nullptr;
}

/** With a value of two bytes: for how many attributes there may be in a message. */
constexpr std::size_t USUAL_AVP_SIZE = Avp::HEADER_SIZE + 2;

std::string
Describe(const Avp& avp)
{
    const AvpInfo* info = avp.vendor == 0 ? FindAvpInfo(avp.type) : nullptr;
    return info ? std::string(info->name)
                : "vendor " + std::to_string(avp.vendor) + " attribute " + std::to_string(avp.type);
}

void
Blame(Decoded& decoded, Reason reason, std::uint16_t errorCode, std::string detail)
{
    if (!decoded.fault)
    {
        decoded.fault = Fault{reason, STOP_ERROR, errorCode, std::move(detail)};
    }
}

/** Put a hidden value in clear; false when it cannot be. */
bool
Reveal(Decoded& decoded,
       Avp& avp,
       const DecodeRules& rules,
       const std::optional<ByteView>& randomVector)
{
    if (!rules.secret || !randomVector)
    {
        return false;
    }
    std::optional<Bytes> value =
        RevealValue(avp.type, ByteView(*rules.secret), *randomVector, avp.value);
    if (!value)
    {
        return false;
    }
    avp.value = decoded.revealed.emplace_back(std::move(*value));
    avp.hidden = false;
    return true;
}

/** \return what is wrong with the form of a known attribute; ERROR_NONE when nothing is. */
ErrorCode
CheckForm(const Avp& avp, const AvpInfo& info)
{
    if (avp.value.size() < info.minSize || avp.value.size() > info.maxSize)
    {
        return ERROR_LENGTH;
    }
    if (info.mustNotBeZero && Load16(avp.value.data()) == 0)
    {
        return ERROR_VALUE;
    }
    return ERROR_NONE;
}

void
TakeAvp(Decoded& decoded, Avp avp, const DecodeRules& rules, std::optional<ByteView>& randomVector)
{
    const AvpInfo* info = avp.vendor == 0 && !avp.reserved ? FindAvpInfo(avp.type) : nullptr;
    if (!info)
    {
        if (avp.mandatory || (avp.reserved && rules.strictAvpBits))
        {
            Blame(decoded, Reason::L2tpMandatoryAvp, ERROR_MANDATORY_AVP, Describe(avp));
        }
        return;
    }
    const bool hiddenBadly =
        avp.hidden && (!info->mayHide || !Reveal(decoded, avp, rules, randomVector));
    const ErrorCode error = hiddenBadly ? ERROR_VALUE : CheckForm(avp, *info);
    if (error != ERROR_NONE)
    {
        // RFC 2661 7.1: a malformed attribute without the M bit is as if it were not there.
        if (avp.mandatory)
        {
            Blame(decoded, Reason::L2tpMalformed, error, Describe(avp));
        }
        return;
    }
    if (info->type == AvpType::RandomVector)
    {
        randomVector = avp.value;
        return;
    }
    if (!decoded.message.Find(info->type))
    {
        decoded.message.avps.push_back(avp);
    }
}

void
CheckRequired(Decoded& decoded, const DecodeRules& rules)
{
    for (const AvpType type : FindMessage(decoded.message.type)->required)
    {
        const bool forgiven = type == AvpType::TxConnectSpeed && !rules.speedRequired;
        if (!forgiven && !decoded.message.Find(type))
        {
            const AvpInfo* info = FindAvpInfo(static_cast<std::uint16_t>(type));
            Blame(decoded,
                  Reason::L2tpMalformed,
                  ERROR_VALUE,
                  std::string(info->name) + " is missing");
        }
    }
}

} // namespace

std::string
NameOf(MessageType type)
{
    const MessageInfo* info = FindMessage(type);
    if (type == MessageType{0})
    {
        return "?";
    }
    return info ? info->name : "type " + std::to_string(static_cast<unsigned>(type));
}

bool
IsKnown(MessageType type)
{
    return FindMessage(type) != nullptr;
}

bool
IsSessionMessage(MessageType type)
{
    const MessageInfo* info = FindMessage(type);
    return info && info->session;
}

const Avp*
Message::Find(AvpType wanted) const
{
    for (const Avp& avp : avps)
    {
        if (avp.Is(wanted))
        {
            return &avp;
        }
    }
    return nullptr;
}

std::optional<std::uint16_t>
Message::Number16(AvpType wanted) const
{
    const Avp* avp = Find(wanted);
    return avp && avp->value.size() == 2 ? std::optional(Load16(avp->value.data())) : std::nullopt;
}

std::optional<std::uint32_t>
Message::Number32(AvpType wanted) const
{
    const Avp* avp = Find(wanted);
    return avp && avp->value.size() == 4 ? std::optional(Load32(avp->value.data())) : std::nullopt;
}

Draft::Draft(MessageType kind)
    : type(kind)
{
    constexpr std::size_t roomForMost = 128;
    body.reserve(roomForMost);
    Add16(AvpType::MessageType, static_cast<std::uint16_t>(kind));
}

void
Draft::Add(AvpType added, ByteView value)
{
    Avp avp;
    avp.type = static_cast<std::uint16_t>(added);
    avp.mandatory = FindAvpInfo(avp.type)->mandatory;
    avp.value = value;
    AppendAvp(body, avp);
}

void
Draft::Add16(AvpType added, std::uint16_t value)
{
    std::uint8_t bytes[2];
    Store16(bytes, value);
    Add(added, ByteView(bytes, sizeof bytes));
}

void
Draft::Add32(AvpType added, std::uint32_t value)
{
    std::uint8_t bytes[4];
    Store32(bytes, value);
    Add(added, ByteView(bytes, sizeof bytes));
}

Bytes
HideAvps(ByteView body, const Hiding& hiding)
{
    Avp randomVector;
    randomVector.type = static_cast<std::uint16_t>(AvpType::RandomVector);
    randomVector.mandatory = true;
    randomVector.value = hiding.randomVector;
    Bytes out;
    ByteReader reader(body);
    while (std::optional<Avp> avp = ReadAvp(reader))
    {
        const AvpInfo* info = avp->vendor == 0 ? FindAvpInfo(avp->type) : nullptr;
        const bool fits = 2 + avp->value.size() + hiding.padding.size() <= Avp::MAX_VALUE;
        Bytes value;
        if (fits && info && info->mayHide)
        {
            value = HideValue(
                avp->type, hiding.secret, hiding.randomVector, avp->value, hiding.padding);
            avp->hidden = true;
            avp->value = value;
        }
        AppendAvp(out, *avp);
        if (avp->Is(AvpType::MessageType))
        {
            AppendAvp(out, randomVector);
        }
    }
    return out;
}

Decoded
DecodeMessage(ByteView body, const DecodeRules& rules)
{
    Decoded decoded;
    decoded.message.type = MessageType{0};
    if (!AreWellFormed(body))
    {
        Blame(decoded, Reason::L2tpMalformed, ERROR_LENGTH, "AVP length");
        return decoded;
    }
    // RFC 2661 4.4.1: the message type comes first and is never hidden.
    ByteReader reader(body);
    const Avp head = ReadAvp(reader).value_or(Avp{});
    if (!head.Is(AvpType::MessageType) || head.hidden || head.value.size() != 2)
    {
        Blame(decoded, Reason::L2tpMalformed, ERROR_VALUE, "Message Type is not the first AVP");
        return decoded;
    }
    decoded.message.type = MessageType{Load16(head.value.data())};
    if (!IsKnown(decoded.message.type))
    {
        decoded.ignore = !head.mandatory;
        if (head.mandatory)
        {
            Blame(decoded,
                  Reason::L2tpMandatoryAvp,
                  ERROR_MANDATORY_AVP,
                  NameOf(decoded.message.type));
        }
        return decoded;
    }
    std::optional<ByteView> randomVector;
    decoded.message.avps.reserve(reader.Remaining() / USUAL_AVP_SIZE);
    if (head.reserved && (head.mandatory || rules.strictAvpBits))
    {
        Blame(decoded, Reason::L2tpMandatoryAvp, ERROR_MANDATORY_AVP, Describe(head));
    }
    while (reader.Remaining() > 0)
    {
        TakeAvp(decoded, *ReadAvp(reader), rules, randomVector);
    }
    CheckRequired(decoded, rules);
    return decoded;
}

std::string
PeekName(ByteView body)
{
    if (body.empty())
    {
        return "ZLB";
    }
    ByteReader reader(body);
    reader.Read16();
    const std::uint32_t vendorAndType = reader.Read32();
    const std::uint16_t type = reader.Read16();
    return reader.Ok() && vendorAndType == 0 ? NameOf(MessageType{type}) : "?";
}

Bytes
ResultCode::Build() const
{
    Bytes out;
    Append16(out, result);
    // An error code of 0 says nothing, yet Windows sends it (MS-L2TPIE 4).
    Append16(out, error);
    Append(out, ByteView(text));
    return out;
}

ResultCode
ResultCode::Parse(ByteView value)
{
    ByteReader reader(value);
    ResultCode code;
    code.result = reader.Read16();
    if (reader.Remaining() >= 2)
    {
        code.error = reader.Read16();
        const ByteView rest = reader.Rest();
        code.text.assign(rest.begin(), rest.end());
    }
    return code;
}

} // namespace nattlab::l2tp
