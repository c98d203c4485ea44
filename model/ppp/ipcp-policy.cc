// SPDX-License-Identifier: GPL-2.0-only
#include "model/ppp/ipcp-policy.h"

#include "model/ppp/packet.h"

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
    m_wanted.Add32(IPCP_ADDRESS, config.address.value);
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
            m_wanted.Add32(type, 0);
        }
    }
}

ByteView IpcpPolicy::Wanted() const
{
    return m_wanted.Wire();
}

std::optional<Ipv4Address> IpcpPolicy::ServerFor(std::uint8_t type) const
{
    const bool isDns = type == IPCP_DNS1 || type == IPCP_DNS2;
    const std::vector<Ipv4Address>& servers = isDns ? m_config->dns : m_config->wins;
    const std::size_t index = type == IPCP_DNS1 || type == IPCP_NBNS1 ? 0 : 1;
    return index < servers.size() ? std::optional<Ipv4Address>{servers[index]} : std::nullopt;
}

Judgement IpcpPolicy::Judge(const Option& option, OptionList& naks)
{
    const auto asked = AddressOf(option);
    std::optional<Ipv4Address> given;
    switch (option.type)
    {
    case IPCP_ADDRESS:
        given = m_role == Role::Server ? m_assigned : asked;
        if (m_role == Role::Server && !given)
        {
            return {Judgement::Kind::Reject, NoAddress(CONFIGURE_REQUEST)};
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
    naks.Add32(option.type, given->value);
    return {Judgement::Kind::Nak};
}

void IpcpPolicy::AddMissing(Options asked, OptionList& naks) const
{
    if (m_role == Role::Server && m_assigned && !asked.Find(IPCP_ADDRESS))
    {
        naks.Add32(IPCP_ADDRESS, m_assigned->value);
    }
}

void IpcpPolicy::Granted(Options options)
{
    m_peer = m_assigned.value_or(Ipv4Address{});
    for (const Option option : options)
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

std::optional<Failure> IpcpPolicy::Naked(Options suggestions)
{
    for (const Option suggestion : suggestions)
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
        m_wanted.Set(suggestion.type, suggestion.data);
    }
    return std::nullopt;
}

std::optional<Failure> IpcpPolicy::Rejected(Options options)
{
    for (const Option option : options)
    {
        if (option.type == IPCP_ADDRESS && m_role == Role::Client)
        {
            return NoAddress(CONFIGURE_REJECT);
        }
        m_wanted.Remove(option.type);
    }
    return std::nullopt;
}

std::optional<Ipv4Address> IpcpPolicy::ValueOf(std::uint8_t type) const
{
    const auto option = m_wanted.View().Find(type);
    return option ? AddressOf(*option) : std::nullopt;
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
    : m_wanted{CCP_MPPC, 6}
{
    Store32(m_wanted.data() + 2, bits);
}

ByteView CcpPolicy::Wanted() const
{
    return {m_wanted.data(), m_wanted.size()};
}

Judgement CcpPolicy::Judge(const Option&, OptionList&)
{
    return {Judgement::Kind::Reject};
}

void CcpPolicy::Granted(Options)
{
}

std::optional<Failure> CcpPolicy::Acked()
{
    // A peer that grants MPPC would send compressed packets, which are not modelled.
    return Failure{Reason::PppProtocolRejected, MessageName(PPP_CCP, CONFIGURE_ACK)};
}

std::optional<Failure> CcpPolicy::Naked(Options)
{
    return Failure{Reason::PppProtocolRejected, MessageName(PPP_CCP, CONFIGURE_NAK)};
}

std::optional<Failure> CcpPolicy::Rejected(Options)
{
    return Failure{Reason::PppProtocolRejected, MessageName(PPP_CCP, CONFIGURE_REJECT)};
}

} // namespace nattlab::ppp
