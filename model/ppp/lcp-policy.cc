// SPDX-License-Identifier: GPL-2.0-only
#include "model/ppp/lcp-policy.h"

#include "model/ppp/packet.h"

#include <algorithm>
#include <array>

namespace nattlab::ppp
{

namespace
{

constexpr std::uint16_t DEFAULT_MRU = 1500; // RFC 1661 6.1
constexpr std::uint16_t LEAST_MRU = 64;     // room for every packet of the negotiation
constexpr std::uint8_t CHAP_MD5 = 5;        // RFC 1994 3
constexpr std::uint8_t CHAP_MS_V2 = 0x81;   // RFC 2759 2

constexpr std::array<std::string_view, 4> METHODS = {"EAP", "MS-CHAPv2", "CHAP-MD5", "PAP"};

} // namespace

std::string_view NameOf(AuthMethod method)
{
    return METHODS[static_cast<std::size_t>(method)];
}

ByteView AuthValue(AuthMethod method)
{
    static constexpr std::uint8_t EAP[] = {PPP_EAP >> 8, PPP_EAP & 0xFF};
    static constexpr std::uint8_t PAP[] = {PPP_PAP >> 8, PPP_PAP & 0xFF};
    static constexpr std::uint8_t MD5[] = {PPP_CHAP >> 8, PPP_CHAP & 0xFF, CHAP_MD5};
    static constexpr std::uint8_t MS_V2[] = {PPP_CHAP >> 8, PPP_CHAP & 0xFF, CHAP_MS_V2};
    switch (method)
    {
    case AuthMethod::Eap:
        return {EAP, sizeof EAP};
    case AuthMethod::Pap:
        return {PAP, sizeof PAP};
    case AuthMethod::ChapMd5:
        return {MD5, sizeof MD5};
    default:
        return {MS_V2, sizeof MS_V2};
    }
}

std::optional<AuthMethod> MethodOf(const Option& option)
{
    for (const AuthMethod method :
         {AuthMethod::Eap, AuthMethod::MsChapV2, AuthMethod::ChapMd5, AuthMethod::Pap})
    {
        if (option.data == AuthValue(method))
        {
            return method;
        }
    }
    return std::nullopt;
}

LcpPolicy::LcpPolicy(const Config& config, Role role, RandomStream random)
    : m_config(&config),
      m_role(role),
      m_random(random),
      m_minMru(std::max(config.minMru, LEAST_MRU)),
      m_peerMru(DEFAULT_MRU)
{
    // The order in which Windows asks.
    if (config.mru != DEFAULT_MRU)
    {
        m_wanted.Add16(LCP_MRU, config.mru);
    }
    if (config.accm)
    {
        m_wanted.Add32(LCP_ACCM, *config.accm);
    }
    if (role == Role::Server && !config.authMethods.empty())
    {
        m_untried = config.authMethods;
        m_wanted.Add(LCP_AUTHENTICATION, AuthValue(m_untried.front()));
    }
    if (config.magicNumber)
    {
        m_wanted.Add32(LCP_MAGIC_NUMBER, m_random.NonZero32());
    }
    if (config.protocolCompression)
    {
        m_wanted.Add(LCP_PROTOCOL_COMPRESSION);
    }
    if (config.addressCompression)
    {
        m_wanted.Add(LCP_ADDRESS_COMPRESSION);
    }
    if (config.callback)
    {
        m_wanted.Add(LCP_CALLBACK, ByteView(&*config.callback, 1));
    }
    if (config.mrru)
    {
        m_wanted.Add16(LCP_MRRU, *config.mrru);
    }
    if (!config.endpointDiscriminator.empty())
    {
        // RFC 1990 5.1.3: a class and at most 20 bytes of address.
        m_wanted.Add(LCP_ENDPOINT_DISCRIMINATOR, ByteView(config.endpointDiscriminator).Sub(0, 21));
    }
    if (config.linkDiscriminator)
    {
        m_wanted.Add16(LCP_LINK_DISCRIMINATOR, *config.linkDiscriminator);
    }
}

ByteView LcpPolicy::Wanted() const
{
    return m_wanted.Wire();
}

Judgement LcpPolicy::Judge(const Option& option, OptionList& naks)
{
    const std::size_t size = option.data.size();
    bool accept = false;
    switch (option.type)
    {
    case LCP_MRU:
        if (size == 2 && Load16(option.data.data()) < m_minMru)
        {
            naks.Add16(LCP_MRU, m_minMru);
            return {Judgement::Kind::Nak};
        }
        accept = size == 2;
        break;
    case LCP_AUTHENTICATION:
        return JudgeAuth(option, naks);
    case LCP_MAGIC_NUMBER:
        return JudgeMagic(option, naks);
    case LCP_ACCM: // without meaning on a link that is not asynchronous
        accept = size == 4;
        break;
    case LCP_PROTOCOL_COMPRESSION:
    case LCP_ADDRESS_COMPRESSION:
        accept = size == 0;
        break;
    case LCP_ENDPOINT_DISCRIMINATOR: // RFC 1990 5.1.3: may be used without multilink
        accept = size >= 1 && size <= 21;
        break;
    default: // callback, multilink, BAP, quality reports, unknown ones: not spoken
        break;
    }
    return {accept ? Judgement::Kind::Accept : Judgement::Kind::Reject};
}

Judgement LcpPolicy::JudgeAuth(const Option& option, OptionList& naks)
{
    if (m_role == Role::Server)
    {
        return {Judgement::Kind::Reject};
    }
    const auto method = MethodOf(option);
    const AuthMethod* preferred = nullptr;
    for (const AuthMethod& allowed : m_config->authMethods)
    {
        if (allowed == AuthMethod::Eap)
        {
            continue;
        }
        if (method == allowed)
        {
            m_refusedAuth = false;
            return {Judgement::Kind::Accept};
        }
        preferred = preferred ? preferred : &allowed;
    }
    m_refusedAuth = true;
    if (!preferred)
    {
        return {Judgement::Kind::Reject};
    }
    naks.Add(LCP_AUTHENTICATION, AuthValue(*preferred));
    return {Judgement::Kind::Nak};
}

Judgement LcpPolicy::JudgeMagic(const Option& option, OptionList& naks)
{
    if (option.data.size() != 4)
    {
        return {Judgement::Kind::Reject};
    }
    const std::uint32_t magic = Load32(option.data.data());
    if (magic != 0 && magic != Magic())
    {
        return {Judgement::Kind::Accept};
    }
    // RFC 1661 6.4: zero is illegal, and one's own number may be one's own request come back.
    m_suggestedMagic = m_random.NonZero32();
    naks.Add32(LCP_MAGIC_NUMBER, m_suggestedMagic);
    return {Judgement::Kind::Nak, magic != 0 ? CountLoop() : std::nullopt};
}

std::optional<Failure> LcpPolicy::CountLoop()
{
    ++m_loops;
    if (m_loops < m_config->loopbackLimit)
    {
        return std::nullopt;
    }
    return Failure{Reason::PppLoopback, MessageName(PPP_LCP, CONFIGURE_REQUEST)};
}

void LcpPolicy::Granted(Options options)
{
    m_peerMru = DEFAULT_MRU;
    m_compression = {};
    m_granted.reset();
    for (const Option option : options)
    {
        switch (option.type)
        {
        case LCP_MRU:
            m_peerMru = Load16(option.data.data());
            break;
        case LCP_PROTOCOL_COMPRESSION:
            m_compression.protocol = true;
            break;
        case LCP_ADDRESS_COMPRESSION:
            m_compression.address = true;
            break;
        case LCP_AUTHENTICATION:
            m_granted = MethodOf(option);
            break;
        default:
            break;
        }
    }
}

std::optional<Failure> LcpPolicy::Acked()
{
    m_loops = 0;
    return std::nullopt;
}

std::optional<Failure> LcpPolicy::Naked(Options suggestions)
{
    std::optional<Failure> failure;
    for (const Option suggestion : suggestions)
    {
        const auto wanted = m_wanted.View().Find(suggestion.type);
        const bool sameSize = wanted && suggestion.data.size() == wanted->data.size();
        switch (suggestion.type)
        {
        case LCP_MRU:
            if (sameSize && Load16(suggestion.data.data()) >= m_minMru)
            {
                m_wanted.Set(LCP_MRU, suggestion.data);
            }
            break;
        case LCP_ACCM:
            if (sameSize)
            {
                // RFC 1662 7.1: the characters of both ends are escaped.
                m_wanted.Set32(LCP_ACCM,
                               Load32(wanted->data.data()) | Load32(suggestion.data.data()));
            }
            break;
        case LCP_AUTHENTICATION:
            if (wanted && !failure)
            {
                failure = NextMethod(suggestion);
            }
            break;
        case LCP_MAGIC_NUMBER:
            if (sameSize && !failure)
            {
                failure = NewMagic(suggestion);
            }
            break;
        case LCP_CALLBACK: // not insisted on
        case LCP_MRRU:
        case LCP_LINK_DISCRIMINATOR:
        case LCP_ENDPOINT_DISCRIMINATOR:
            m_wanted.Remove(suggestion.type);
            break;
        default:
            break;
        }
    }
    return failure;
}

std::optional<Failure> LcpPolicy::NextMethod(const Option& suggestion)
{
    m_untried.erase(m_untried.begin());
    if (m_untried.empty())
    {
        return Failure{Reason::PppAuthRefused, MessageName(PPP_LCP, CONFIGURE_NAK)};
    }
    const auto method = MethodOf(suggestion);
    const auto it =
        method ? std::find(m_untried.begin(), m_untried.end(), *method) : m_untried.end();
    if (it != m_untried.end())
    {
        std::rotate(m_untried.begin(), it, it + 1);
    }
    m_wanted.Set(LCP_AUTHENTICATION, AuthValue(m_untried.front()));
    return std::nullopt;
}

std::optional<Failure> LcpPolicy::NewMagic(const Option& suggestion)
{
    const std::uint32_t suggested = Load32(suggestion.data.data());
    m_wanted.Set32(LCP_MAGIC_NUMBER, m_random.NonZero32());
    // RFC 1661 6.4: one's own Nak may have come back.
    return suggested == m_suggestedMagic ? CountLoop() : std::nullopt;
}

std::optional<Failure> LcpPolicy::Rejected(Options options)
{
    for (const Option option : options)
    {
        if (option.type == LCP_AUTHENTICATION)
        {
            return Failure{Reason::PppAuthRefused, MessageName(PPP_LCP, CONFIGURE_REJECT)};
        }
        m_wanted.Remove(option.type);
    }
    return std::nullopt;
}

std::optional<AuthMethod> LcpPolicy::Authentication() const
{
    if (m_role == Role::Client)
    {
        return m_granted;
    }
    return m_untried.empty() ? std::nullopt : std::optional<AuthMethod>{m_untried.front()};
}

std::uint32_t LcpPolicy::Magic() const
{
    const auto option = m_wanted.View().Find(LCP_MAGIC_NUMBER);
    return option ? Load32(option->data.data()) : 0;
}

} // namespace nattlab::ppp
