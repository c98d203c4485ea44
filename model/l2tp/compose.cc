// SPDX-License-Identifier: GPL-2.0-only
#include "model/l2tp/compose.h"

namespace nattlab::l2tp
{

namespace
{

constexpr std::uint16_t VENDOR_MICROSOFT = 311;
constexpr std::uint16_t CORRELATION_ID = 1;

/** What SCCRQ and SCCRP have in common. */
Draft
Introduce(MessageType type, const Config& config, std::uint16_t tunnel, ByteView challenge)
{
    Draft message(type);
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
AddResponse(Draft& message, ByteView response)
{
    if (!response.empty())
    {
        message.Add(AvpType::ChallengeResponse, response);
    }
}

} // namespace

Draft
ComposeSccrq(const Config& config, std::uint16_t tunnel, ByteView challenge)
{
    return Introduce(MessageType::Sccrq, config, tunnel, challenge);
}

Draft
ComposeSccrp(const Config& config, std::uint16_t tunnel, ByteView challenge, ByteView response)
{
    Draft message = Introduce(MessageType::Sccrp, config, tunnel, challenge);
    AddResponse(message, response);
    return message;
}

Draft
ComposeScccn(ByteView response)
{
    Draft message(MessageType::Scccn);
    AddResponse(message, response);
    return message;
}

Draft
ComposeStopCcn(std::uint16_t tunnel, const ResultCode& code)
{
    Draft message(MessageType::StopCcn);
    message.Add16(AvpType::AssignedTunnelId, tunnel);
    message.Add(AvpType::ResultCode, code.Build());
    return message;
}

Draft
ComposeIcrq(const Config& config, std::uint16_t session, std::uint32_t serial, ByteView correlation)
{
    Draft message(MessageType::Icrq);
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
        avp.value = correlation;
        AppendAvp(message.body, avp);
    }
    return message;
}

Draft
ComposeIcrp(std::uint16_t session)
{
    Draft message(MessageType::Icrp);
    message.Add16(AvpType::AssignedSessionId, session);
    return message;
}

Draft
ComposeIccn(const Config& config)
{
    Draft message(MessageType::Iccn);
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

Draft
ComposeCdn(std::uint16_t session, const ResultCode& code)
{
    Draft message(MessageType::Cdn);
    message.Add16(AvpType::AssignedSessionId, session);
    message.Add(AvpType::ResultCode, code.Build());
    return message;
}

} // namespace nattlab::l2tp
