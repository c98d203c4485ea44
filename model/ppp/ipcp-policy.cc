// SPDX-License-Identifier: GPL-2.0-only
#include "model/ppp/ipcp-policy.h"

#include <algorithm>

namespace nattlab::ppp
{

namespace
{

std::optional<Ipv4Address> AddressOf(const Option& option)
{
    if (option.data.size() != 4)
    {
        return std::nullopt;
    }
    return Ipv4Address{Load32(option.data.data())};
}

Failure NoAddress(std::uint8_t code)
{
    return {Reason::PppNoAddress, MessageName(PPP_IPCP, code)};
}

} // namespace

IpcpPolicy::IpcpPolicy(const Config& config, Role role)
    : m_config(&config),
      m_role(role)
{
    m_wanted.push_back(Option32(IPCP_ADDRESS, config.address.value));
    if (role == Role::Server)
    {
        return;
    }
    // The order in which Windows asks.
    for (const std::uint8_t type : {IPCP_DNS1, IPCP_NBNS1, IPCP_DNS2, IPCP_NBNS2})
    {
        const bool isDns = type == IPCP_DNS1 || type == IPCP_DNS2;
        if (isDns ? config.requestDns : config.requestWins)
        {
            m_wanted.push_back(Option32(type, 0));
        }
    }
}

std::vector<Option> IpcpPolicy::Wanted() const
{
    return m_wanted;
}

std::optional<Ipv4Address> IpcpPolicy::ServerFor(std::uint8_t type) const
{
    const bool isDns = type == IPCP_DNS1 || type == IPCP_DNS2;
    const std::vector<Ipv4Address>& servers = isDns ? m_config->dns : m_config->wins;
    const std::size_t index = type == IPCP_DNS1 || type == IPCP_NBNS1 ? 0 : 1;
    return index < servers.size() ? std::optional<Ipv4Address>{servers[index]} : std::nullopt;
}

Judgement IpcpPolicy::Judge(const Option& option)
{
    const auto asked = AddressOf(option);
    std::optional<Ipv4Address> given;
    switch (option.type)
    {
    case IPCP_ADDRESS:
        given = m_role == Role::Server ? m_assigned : asked;
        if (m_role == Role::Server && !given)
        {
            return {Judgement::Kind::Reject, {}, NoAddress(CONFIGURE_REQUEST)};
        }
        if (given && given->IsAny())
        {
            given.reset(); // a client has no addresses to give
        }
        break;
    case IPCP_DNS1:
    case IPCP_NBNS1:
    case IPCP_DNS2:
    case IPCP_NBNS2:
        given = m_role == Role::Server ? ServerFor(option.type) : std::nullopt;
        break;
    default: // header compression and whatever else: not spoken
        break;
    }
    if (!given || !asked)
    {
        return {Judgement::Kind::Reject};
    }
    if (*asked == *given)
    {
        return {Judgement::Kind::Accept};
    }
    return {Judgement::Kind::Nak, Option32(option.type, given->value)};
}

std::vector<Option> IpcpPolicy::Missing(const std::vector<Option>& asked) const
{
    const bool named =
        std::any_of(asked.begin(),
                    asked.end(),
                    [](const Option& option) { return option.type == IPCP_ADDRESS; });
    if (named || m_role == Role::Client || !m_assigned)
    {
        return {};
    }
    return {Option32(IPCP_ADDRESS, m_assigned->value)};
}

void IpcpPolicy::Granted(const std::vector<Option>& options)
{
    m_peer = m_assigned.value_or(Ipv4Address{});
    for (const Option& option : options)
    {
        if (option.type == IPCP_ADDRESS)
        {
            m_peer = AddressOf(option).value_or(m_peer);
        }
    }
}

std::optional<Failure> IpcpPolicy::Acked()
{
    if (m_role == Role::Client && Own().IsAny())
    {
        return NoAddress(CONFIGURE_ACK); // the server let 0.0.0.0 stand
    }
    return std::nullopt;
}

std::optional<Failure> IpcpPolicy::Naked(const std::vector<Option>& suggestions)
{
    for (const Option& suggestion : suggestions)
    {
        const auto address = AddressOf(suggestion);
        if (!address)
        {
            continue;
        }
        if (suggestion.type == IPCP_ADDRESS && !m_config->address.IsAny())
        {
            if (m_role == Role::Client)
            {
                return NoAddress(CONFIGURE_NAK); // the address that it must have is refused
            }
            continue;
        }
        for (Option& wanted : m_wanted)
        {
            if (wanted.type == suggestion.type)
            {
                wanted = suggestion;
            }
        }
    }
    return std::nullopt;
}

std::optional<Failure> IpcpPolicy::Rejected(const std::vector<Option>& options)
{
    for (const Option& option : options)
    {
        if (option.type == IPCP_ADDRESS && m_role == Role::Client)
        {
            return NoAddress(CONFIGURE_REJECT);
        }
        m_wanted.erase(std::remove(m_wanted.begin(), m_wanted.end(), option), m_wanted.end());
    }
    return std::nullopt;
}

std::optional<Ipv4Address> IpcpPolicy::ValueOf(std::uint8_t type) const
{
    for (const Option& option : m_wanted)
    {
        if (option.type == type)
        {
            return AddressOf(option);
        }
    }
    return std::nullopt;
}

Ipv4Address IpcpPolicy::Own() const
{
    return ValueOf(IPCP_ADDRESS).value_or(m_config->address);
}

std::vector<Ipv4Address> IpcpPolicy::Dns() const
{
    std::vector<Ipv4Address> servers;
    for (const std::uint8_t type : {IPCP_DNS1, IPCP_DNS2})
    {
        const auto server = ValueOf(type);
        if (server && !server->IsAny())
        {
            servers.push_back(*server);
        }
    }
    return servers;
}

CcpPolicy::CcpPolicy(std::uint32_t bits)
    : m_bits(bits)
{
}

std::vector<Option> CcpPolicy::Wanted() const
{
    return {Option32(CCP_MPPC, m_bits)};
}

Judgement CcpPolicy::Judge(const Option&)
{
    return {Judgement::Kind::Reject};
}

void CcpPolicy::Granted(const std::vector<Option>&)
{
}

std::optional<Failure> CcpPolicy::Acked()
{
    // A peer that grants MPPC would send compressed packets, which are not modelled.
    return Failure{Reason::PppProtocolRejected, MessageName(PPP_CCP, CONFIGURE_ACK)};
}

std::optional<Failure> CcpPolicy::Naked(const std::vector<Option>&)
{
    return Failure{Reason::PppProtocolRejected, MessageName(PPP_CCP, CONFIGURE_NAK)};
}

std::optional<Failure> CcpPolicy::Rejected(const std::vector<Option>&)
{
    return Failure{Reason::PppProtocolRejected, MessageName(PPP_CCP, CONFIGURE_REJECT)};
}

} // namespace nattlab::ppp
