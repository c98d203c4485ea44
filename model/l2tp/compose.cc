// SPDX-License-Identifier: GPL-2.0-only
#include "model/l2tp/compose.h"

#include <utility>

namespace nattlab::l2tp
{

namespace
{

constexpr std::uint16_t VENDOR_MICROSOFT = 311;
constexpr std::uint16_t CORRELATION_ID = 1;

Message
Begin(MessageType type)
{
    Message message;
    message.type = type;
    return message;
}

/** What SCCRQ and SCCRP have in common. */
Message
Introduce(MessageType type, const Config& config, std::uint16_t tunnel, ByteView challenge)
{
    Message message = Begin(type);
    message.Add16(AvpType::ProtocolVersion, PROTOCOL_VERSION);
    message.Add32(AvpType::FramingCapabilities, config.framingCapabilities);
    if (config.bearerCapabilities)
    {
        message.Add32(AvpType::BearerCapabilities, *config.bearerCapabilities);
    }
    if (config.firmwareRevision)
    {
        message.Add16(AvpType::FirmwareRevision, *config.firmwareRevision);
    }
    message.Add(AvpType::HostName, ByteView(config.hostName));
    if (!config.vendorName.empty())
    {
        message.Add(AvpType::VendorName, ByteView(config.vendorName));
    }
    message.Add16(AvpType::AssignedTunnelId, tunnel);
    if (config.receiveWindow != 0)
    {
        message.Add16(AvpType::ReceiveWindowSize, config.receiveWindow);
    }
    if (!challenge.empty())
    {
        message.Add(AvpType::Challenge, challenge);
    }
    return message;
}

void
AddResponse(Message& message, ByteView response)
{
    if (!response.empty())
    {
        message.Add(AvpType::ChallengeResponse, response);
    }
}

} // namespace

Message
ComposeSccrq(const Config& config, std::uint16_t tunnel, ByteView challenge)
{
    return Introduce(MessageType::Sccrq, config, tunnel, challenge);
}

Message
ComposeSccrp(const Config& config, std::uint16_t tunnel, ByteView challenge, ByteView response)
{
    Message message = Introduce(MessageType::Sccrp, config, tunnel, challenge);
    AddResponse(message, response);
    return message;
}

Message
ComposeScccn(ByteView response)
{
    Message message = Begin(MessageType::Scccn);
    AddResponse(message, response);
    return message;
}

Message
ComposeStopCcn(std::uint16_t tunnel, const ResultCode& code)
{
    Message message = Begin(MessageType::StopCcn);
    message.Add16(AvpType::AssignedTunnelId, tunnel);
    message.Add(AvpType::ResultCode, code.Build());
    return message;
}

Message
ComposeIcrq(const Config& config, std::uint16_t session, std::uint32_t serial, ByteView correlation)
{
    Message message = Begin(MessageType::Icrq);
    message.Add16(AvpType::AssignedSessionId, session);
    message.Add32(AvpType::CallSerialNumber, serial);
    if (config.bearerType)
    {
        message.Add32(AvpType::BearerType, *config.bearerType);
    }
    if (config.physicalChannel)
    {
        message.Add32(AvpType::PhysicalChannelId, *config.physicalChannel);
    }
    if (!correlation.empty())
    {
        Avp avp;
        avp.vendor = VENDOR_MICROSOFT;
        avp.type = CORRELATION_ID;
        avp.value = correlation.ToBytes();
        message.avps.push_back(std::move(avp));
    }
    return message;
}

Message
ComposeIcrp(std::uint16_t session)
{
    Message message = Begin(MessageType::Icrp);
    message.Add16(AvpType::AssignedSessionId, session);
    return message;
}

Message
ComposeIccn(const Config& config)
{
    Message message = Begin(MessageType::Iccn);
    message.Add32(AvpType::TxConnectSpeed, config.txConnectSpeed);
    message.Add32(AvpType::FramingType, config.framingType);
    if (config.proxyAuthenType)
    {
        message.Add16(AvpType::ProxyAuthenType, *config.proxyAuthenType);
    }
    if (config.sequencingRequired)
    {
        message.Add(AvpType::SequencingRequired, {});
    }
    if (config.payloadReceiveWindow != 0)
    {
        message.Add16(AvpType::ReceiveWindowSize, config.payloadReceiveWindow);
    }
    return message;
}

Message
ComposeCdn(std::uint16_t session, const ResultCode& code)
{
    Message message = Begin(MessageType::Cdn);
    message.Add16(AvpType::AssignedSessionId, session);
    message.Add(AvpType::ResultCode, code.Build());
    return message;
}

} // namespace nattlab::l2tp
