// SPDX-License-Identifier: GPL-2.0-only
#include "model/ppp/lcp-policy.h"

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

Option AuthOption(AuthMethod method)
{
    switch (method)
    {
    case AuthMethod::Eap:
        return Option16(LCP_AUTHENTICATION, PPP_EAP);
    case AuthMethod::Pap:
        return Option16(LCP_AUTHENTICATION, PPP_PAP);
    default:
        break;
    }
    Option option = Option16(LCP_AUTHENTICATION, PPP_CHAP);
    Append8(option.data, method == AuthMethod::ChapMd5 ? CHAP_MD5 : CHAP_MS_V2);
    return option;
}

std::optional<AuthMethod> MethodOf(const Option& option)
{
    for (const AuthMethod method :
         {AuthMethod::Eap, AuthMethod::MsChapV2, AuthMethod::ChapMd5, AuthMethod::Pap})
    {
        if (option == AuthOption(method))
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
        m_wanted.push_back(Option16(LCP_MRU, config.mru));
    }
    if (config.accm)
    {
        m_wanted.push_back(Option32(LCP_ACCM, *config.accm));
    }
    if (role == Role::Server && !config.authMethods.empty())
    {
        m_untried = config.authMethods;
        m_wanted.push_back(AuthOption(m_untried.front()));
    }
    if (config.magicNumber)
    {
        m_wanted.push_back(Option32(LCP_MAGIC_NUMBER, m_random.NonZero32()));
    }
    if (config.protocolCompression)
    {
        m_wanted.push_back({LCP_PROTOCOL_COMPRESSION, {}});
    }
    if (config.addressCompression)
    {
        m_wanted.push_back({LCP_ADDRESS_COMPRESSION, {}});
    }
    if (config.callback)
    {
        m_wanted.push_back({LCP_CALLBACK, {*config.callback}});
    }
    if (config.mrru)
    {
        m_wanted.push_back(Option16(LCP_MRRU, *config.mrru));
    }
    if (!config.endpointDiscriminator.empty())
    {
        // RFC 1990 5.1.3: a class and at most 20 bytes of address.
        m_wanted.push_back({LCP_ENDPOINT_DISCRIMINATOR,
                            ByteView(config.endpointDiscriminator).Sub(0, 21).ToBytes()});
    }
    if (config.linkDiscriminator)
    {
        m_wanted.push_back(Option16(LCP_LINK_DISCRIMINATOR, *config.linkDiscriminator));
    }
}

std::vector<Option> LcpPolicy::Wanted() const
{
    return m_wanted;
}

Judgement LcpPolicy::Judge(const Option& option)
{
    const std::size_t size = option.data.size();
    bool accept = false;
    switch (option.type)
    {
    case LCP_MRU:
        if (size == 2 && Load16(option.data.data()) < m_minMru)
        {
            return {Judgement::Kind::Nak, Option16(LCP_MRU, m_minMru)};
        }
        accept = size == 2;
        break;
    case LCP_AUTHENTICATION:
        return JudgeAuth(option);
    case LCP_MAGIC_NUMBER:
        return JudgeMagic(option);
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

Judgement LcpPolicy::JudgeAuth(const Option& option)
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
    return {Judgement::Kind::Nak, AuthOption(*preferred)};
}

Judgement LcpPolicy::JudgeMagic(const Option& option)
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
    Judgement judgement{Judgement::Kind::Nak, Option32(LCP_MAGIC_NUMBER, m_suggestedMagic)};
    if (magic != 0)
    {
        judgement.failure = CountLoop();
    }
    return judgement;
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

void LcpPolicy::Granted(const std::vector<Option>& options)
{
    m_peerMru = DEFAULT_MRU;
    m_compression = {};
    m_granted.reset();
    for (const Option& option : options)
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

std::optional<Failure> LcpPolicy::Naked(const std::vector<Option>& suggestions)
{
    std::optional<Failure> failure;
    for (const Option& suggestion : suggestions)
    {
        Option* wanted = Find(suggestion.type);
        const bool sameSize = wanted && suggestion.data.size() == wanted->data.size();
        switch (suggestion.type)
        {
        case LCP_MRU:
            if (sameSize && Load16(suggestion.data.data()) >= m_minMru)
            {
                wanted->data = suggestion.data;
            }
            break;
        case LCP_ACCM:
            if (sameSize)
            {
                // RFC 1662 7.1: the characters of both ends are escaped.
                Store32(wanted->data.data(),
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
            if (wanted)
            {
                m_wanted.erase(m_wanted.begin() + (wanted - m_wanted.data()));
            }
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
    *Find(LCP_AUTHENTICATION) = AuthOption(m_untried.front());
    return std::nullopt;
}

std::optional<Failure> LcpPolicy::NewMagic(const Option& suggestion)
{
    const std::uint32_t suggested = Load32(suggestion.data.data());
    *Find(LCP_MAGIC_NUMBER) = Option32(LCP_MAGIC_NUMBER, m_random.NonZero32());
    // RFC 1661 6.4: one's own Nak may have come back.
    return suggested == m_suggestedMagic ? CountLoop() : std::nullopt;
}

std::optional<Failure> LcpPolicy::Rejected(const std::vector<Option>& options)
{
    for (const Option& option : options)
    {
        if (option.type == LCP_AUTHENTICATION)
        {
            return Failure{Reason::PppAuthRefused, MessageName(PPP_LCP, CONFIGURE_REJECT)};
        }
        m_wanted.erase(std::remove(m_wanted.begin(), m_wanted.end(), option), m_wanted.end());
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
    for (const Option& option : m_wanted)
    {
        if (option.type == LCP_MAGIC_NUMBER)
        {
            return Load32(option.data.data());
        }
    }
    return 0;
}

Option* LcpPolicy::Find(std::uint8_t type)
{
    const auto it = std::find_if(m_wanted.begin(),
                                 m_wanted.end(),
                                 [type](const Option& option) { return option.type == type; });
    return it == m_wanted.end() ? nullptr : &*it;
}

} // namespace nattlab::ppp
