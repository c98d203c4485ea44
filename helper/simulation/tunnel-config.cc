// SPDX-License-Identifier: GPL-2.0-only
#include "helper/simulation/choice.h"
#include "helper/simulation/engine-config.h"

#include "helper/scenario/unit.h"

#include <optional>

namespace nattlab
{

namespace
{

using scenario::Section;

/** Read a list of bit names into a bit field. */
std::uint32_t
Bits(const Section& s, std::string_view key, const Choices<std::uint32_t>& names)
{
    std::uint32_t bits = 0;
    for (const std::string& name : s.Texts(key))
    {
        bits |= ChooseItem<std::uint32_t>(s, key, name, names);
    }
    return bits;
}

const Choices<std::uint32_t> FRAMINGS{{"sync", l2tp::FRAMING_SYNC}, {"async", l2tp::FRAMING_ASYNC}};
const Choices<std::uint32_t> BEARERS{{"digital", l2tp::BEARER_DIGITAL},
                                     {"analog", l2tp::BEARER_ANALOG}};

/** An AVP that is sent only when the key is there. */
template <typename Integer>
std::optional<Integer>
OptionalNumber(const Section& s, std::string_view key)
{
    return s.Has(key) ? std::optional<Integer>{static_cast<Integer>(s.Number(key, 0))}
                      : std::nullopt;
}

std::uint32_t
BitsPerSecond(const Section& s, std::string_view key, std::uint32_t fallback)
{
    if (!s.Has(key))
    {
        return fallback;
    }
    const std::string text = s.Text(key, "");
    if (text == "0 bit/s")
    {
        return 0;
    }
    const auto rate = scenario::ParseRate(text);
    if (!rate || *rate > 4294967295.0)
    {
        s.Fail(key, "a rate up to 4294967295 bit/s");
    }
    return static_cast<std::uint32_t>(*rate);
}

} // namespace

IpsecConfig
MakeIpsecConfig(const Section& s)
{
    IpsecConfig c;
    c.l2tp = Choose(
        s,
        "l2tp",
        c.l2tp,
        {{"protect", IpsecConfig::L2tpPolicy::Protect}, {"clear", IpsecConfig::L2tpPolicy::Clear}});
    c.outboundSa = Choose(s,
                          "outboundSa",
                          c.outboundSa,
                          {{"by-path", IpsecConfig::OutboundSa::ByPath},
                           {"newest-for-address", IpsecConfig::OutboundSa::NewestForAddress}});
    c.onSaLoss = Choose(s,
                        "onSaLoss",
                        c.onSaLoss,
                        {{"negotiate", IpsecConfig::OnSaLoss::Negotiate},
                         {"end-tunnel", IpsecConfig::OnSaLoss::EndTunnel},
                         {"send-clear", IpsecConfig::OnSaLoss::SendClear}});
    c.checksumFix = Choose(s,
                           "checksumFix",
                           c.checksumFix,
                           {{"zero-udp", esp::ChecksumFix::ZeroUdp},
                            {"recompute", esp::ChecksumFix::Recompute},
                            {"incremental", esp::ChecksumFix::Incremental}});
    ReadNumber(s, "replayWindow", c.replayWindow);
    ReadNumber(s, "waiting", c.waiting);
    c.softLifetime = s.Percent("softLifetime", c.softLifetime);
    c.idleTimeout = s.Time("idleTimeout", c.idleTimeout);
    return c;
}

l2tp::Config
MakeL2tpConfig(const Section& s)
{
    l2tp::Config c;
    c.vendorName = s.Text("vendorName", "");
    c.firmwareRevision = OptionalNumber<std::uint16_t>(s, "firmwareRevision");
    if (s.Has("framingCapabilities"))
    {
        c.framingCapabilities = Bits(s, "framingCapabilities", FRAMINGS);
    }
    c.bearerCapabilities = s.Has("bearerCapabilities")
                               ? std::optional{Bits(s, "bearerCapabilities", BEARERS)}
                               : std::nullopt;
    ReadNumber(s, "receiveWindow", c.receiveWindow);
    c.bearerType =
        s.Has("bearerType") ? std::optional{Bits(s, "bearerType", BEARERS)} : std::nullopt;
    c.physicalChannel = OptionalNumber<std::uint32_t>(s, "physicalChannel");
    c.correlationId = s.Bool("correlationId", c.correlationId);
    c.txConnectSpeed = BitsPerSecond(s, "txConnectSpeed", c.txConnectSpeed);
    if (s.Has("framingType"))
    {
        c.framingType = Bits(s, "framingType", FRAMINGS);
    }
    c.proxyAuthenType = OptionalNumber<std::uint16_t>(s, "proxyAuthenType");
    c.sequencingRequired = s.Bool("sequencingRequired", c.sequencingRequired);
    ReadNumber(s, "payloadReceiveWindow", c.payloadReceiveWindow);
    c.dropHeaderBits = s.Bool("dropHeaderBits", c.dropHeaderBits);
    c.strictAvpBits = s.Bool("strictAvpBits", c.strictAvpBits);
    ReadNumber(s, "maxOutOfOrder", c.maxOutOfOrder);
    c.missingTxSpeed = BitsPerSecond(s, "missingTxSpeed", c.missingTxSpeed);
    c.ignoreFramingMismatch = s.Bool("ignoreFramingMismatch", c.ignoreFramingMismatch);
    c.honourTieBreaker = s.Bool("honourTieBreaker", c.honourTieBreaker);
    c.retransmitInitial = s.Time("retransmitInitial", c.retransmitInitial);
    c.retransmitCap = s.Time("retransmitCap", c.retransmitCap);
    ReadNumber(s, "retransmissions", c.retransmissions);
    c.congestionControl = s.Bool("congestionControl", c.congestionControl);
    c.helloInterval = s.Time("helloInterval", c.helloInterval);
    if (s.Has("tunnelSecret"))
    {
        c.tunnelSecret = s.Text("tunnelSecret", "");
    }
    c.challengePeer = s.Bool("challengePeer", c.challengePeer);
    c.hideAvps = s.Bool("hideAvps", c.hideAvps);
    ReadNumber(s, "hiddenPadding", c.hiddenPadding);
    c.closeWithLastSession = s.Bool("closeWithLastSession", c.closeWithLastSession);
    c.emptyTunnelTimeout = s.Time("emptyTunnelTimeout", c.emptyTunnelTimeout);
    c.setupTimeout = s.Time("setupTimeout", c.setupTimeout);
    c.linger = s.Time("linger", c.linger);
    c.sendErrorText = s.Bool("sendErrorText", c.sendErrorText);
    c.lengthInData = s.Bool("lengthInData", c.lengthInData);
    c.sequenceData = s.Bool("sequenceData", c.sequenceData);
    c.randomIds = s.Bool("randomIds", c.randomIds);
    return c;
}

ppp::Config
MakePppConfig(const Section& s)
{
    ppp::Config c;
    c.timers.restart = s.Time("restart", c.timers.restart);
    ReadNumber(s, "maxConfigure", c.timers.maxConfigure);
    ReadNumber(s, "maxTerminate", c.timers.maxTerminate);
    ReadNumber(s, "maxFailure", c.timers.maxFailure);
    ReadNumber(s, "maxReject", c.timers.maxReject);
    ReadNumber(s, "maxRefused", c.timers.maxRefused);
    c.timers.negotiate = s.Time("negotiate", c.timers.negotiate);
    c.mru = static_cast<std::uint16_t>(s.Bytes("mru", c.mru));
    c.minMru = static_cast<std::uint16_t>(s.Bytes("minMru", c.minMru));
    c.accm = OptionalNumber<std::uint32_t>(s, "accm");
    c.magicNumber = s.Bool("magicNumber", c.magicNumber);
    c.protocolCompression = s.Bool("protocolCompression", c.protocolCompression);
    c.addressCompression = s.Bool("addressCompression", c.addressCompression);
    c.callback = OptionalNumber<std::uint8_t>(s, "callback");
    c.mrru = OptionalNumber<std::uint16_t>(s, "mrru");
    c.endpointDiscriminator = FromHex(s.Text("endpointDiscriminator", ""));
    c.linkDiscriminator = OptionalNumber<std::uint16_t>(s, "linkDiscriminator");
    c.identifications = s.Texts("identifications");
    ReadNumber(s, "loopbackLimit", c.loopbackLimit);
    c.echoInterval = s.Time("echoInterval", c.echoInterval);
    ReadNumber(s, "echoFailures", c.echoFailures);
    if (s.Has("authMethods"))
    {
        c.authMethods.clear();
        for (const std::string& name : s.Texts("authMethods"))
        {
            c.authMethods.push_back(
                ChooseItem<ppp::AuthMethod>(s,
                                            "authMethods",
                                            name,
                                            {{"eap", ppp::AuthMethod::Eap},
                                             {"ms-chapv2", ppp::AuthMethod::MsChapV2},
                                             {"chap-md5", ppp::AuthMethod::ChapMd5},
                                             {"pap", ppp::AuthMethod::Pap}}));
        }
    }
    ReadNumber(s, "authRetries", c.authRetries);
    c.requestDns = s.Bool("requestDns", c.requestDns);
    c.requestWins = s.Bool("requestWins", c.requestWins);
    c.ccp = Choose(s,
                   "ccp",
                   c.ccp,
                   {{"protocol-reject", ppp::CcpMode::ProtocolReject},
                    {"configure-reject", ppp::CcpMode::ConfigureReject},
                    {"offer", ppp::CcpMode::Offer}});
    ReadNumber(s, "ccpBits", c.ccpBits);
    return c;
}

} // namespace nattlab
