// SPDX-License-Identifier: GPL-2.0-only
#include "model/endpoint/security.h"

#include <algorithm>
#include <utility>

namespace nattlab
{

namespace
{

constexpr std::uint8_t IP_AH = 51;

/** \return true for what a policy's filters never stop: IKE, and IPsec itself. */
bool
IsExempt(std::uint8_t protocol, std::uint16_t sourcePort, std::uint16_t destinationPort)
{
    const auto isIke = [](std::uint16_t port)
    { return port == ike::IKE_PORT || port == ike::NAT_T_PORT; };
    return protocol == IP_ESP || protocol == IP_AH ||
           (protocol == IP_UDP && (isIke(sourcePort) || isIke(destinationPort)));
}

esp::PolicyAction
ActionOf(PolicyRule::Action action)
{
    switch (action)
    {
    case PolicyRule::Action::Permit:
        return esp::PolicyAction::Bypass;
    case PolicyRule::Action::Block:
        return esp::PolicyAction::Discard;
    case PolicyRule::Action::Negotiate:
        break;
    }
    return esp::PolicyAction::Protect;
}

} // namespace

void
SecurityLayer::AddRule(const PolicyRule& rule)
{
    for (const PolicyFilter& filter : rule.filters)
    {
        esp::Selector selector = filter.selector;
        if (filter.local)
        {
            selector.local = {m_ip.Address(), 32};
        }
        esp::PolicyDirection direction = esp::PolicyDirection::Both;
        if (!filter.mirrored)
        {
            direction =
                filter.local ? esp::PolicyDirection::Outbound : esp::PolicyDirection::Inbound;
        }
        m_spd.Add({rule.name, selector, ActionOf(rule.action), direction});
    }
}

void
SecurityLayer::PlumbFilters()
{
    m_spd = esp::Spd{};
    for (const PolicyRule& rule : m_dynamic)
    {
        AddRule(rule);
    }
    if (m_config.l2tp == IpsecConfig::L2tpPolicy::Protect)
    {
        // MS-L2TPIE 4: any:1701 to us and from us, both ways.
        esp::Selector selector;
        selector.local = {m_ip.Address(), 32};
        selector.remote = {Ipv4Address{}, 0};
        selector.protocol = IP_UDP;
        selector.localPort = L2TP_PORT;
        m_spd.Add({"l2tp", selector, esp::PolicyAction::Protect});
    }
    std::shared_ptr<const ike::Profile> profile = m_profile;
    if (m_policy)
    {
        for (const PolicyRule& rule : m_policy->rules)
        {
            AddRule(rule);
        }
        if (!m_policy->phase1.empty())
        {
            auto changed = std::make_shared<ike::Profile>(*profile);
            changed->phase1 = m_policy->phase1;
            profile = std::move(changed);
        }
    }
    // Of the rules that negotiate, the first says how: nattlab protects L2TP and nothing else.
    std::vector<PolicyRule> rules = m_dynamic;
    if (m_policy)
    {
        rules.insert(rules.end(), m_policy->rules.begin(), m_policy->rules.end());
    }
    const auto negotiates = std::find_if(rules.begin(),
                                         rules.end(),
                                         [](const PolicyRule& rule)
                                         { return rule.action == PolicyRule::Action::Negotiate; });
    if (negotiates != rules.end())
    {
        if (!negotiates->proposals.empty())
        {
            auto changed = std::make_shared<ike::Profile>(*profile);
            changed->phase2 = negotiates->proposals;
            profile = std::move(changed);
        }
        if (negotiates->presharedKey)
        {
            m_ike.SetPresharedKey(std::nullopt, *negotiates->presharedKey);
        }
    }
    m_ike.SetProfile(std::move(profile));
}

void
SecurityLayer::SetPolicy(std::vector<PolicyRule> dynamic, std::optional<IpsecPolicy> stored)
{
    m_dynamic = std::move(dynamic);
    m_policy = std::move(stored);
    PlumbFilters();
    if (m_dynamic.empty() && !m_policy)
    {
        m_ip.SetGuard(nullptr);
        return;
    }
    m_ip.SetGuard([this](ByteView packet, bool outbound) { return Forbids(packet, outbound); });
}

esp::PolicyAction
SecurityLayer::ActionFor(Endpoint remote) const
{
    if (!m_config.enabled)
    {
        return esp::PolicyAction::Bypass;
    }
    const esp::Policy* policy = m_spd.Lookup(
        esp::Direction::Outbound, m_ip.Address(), remote.address, IP_UDP, L2TP_PORT, remote.port);
    return policy ? policy->action : esp::PolicyAction::Bypass;
}

/** \return the name of the rule that forbids a packet; IKE and IPsec are exempt. */
std::optional<std::string>
SecurityLayer::Forbids(ByteView packet, bool outbound) const
{
    const Flow flow = FlowOf(packet);
    if (IsExempt(flow.protocol, flow.sourcePort, flow.destinationPort))
    {
        return std::nullopt;
    }
    const esp::Policy* policy =
        m_spd.Lookup(outbound ? esp::Direction::Outbound : esp::Direction::Inbound,
                     m_ip.Address(),
                     outbound ? flow.destination : flow.source,
                     flow.protocol,
                     outbound ? flow.sourcePort : flow.destinationPort,
                     outbound ? flow.destinationPort : flow.sourcePort);
    if (!policy || policy->action != esp::PolicyAction::Discard)
    {
        return std::nullopt;
    }
    return policy->name;
}

void
SecurityLayer::Count(const esp::PairCounters& pair, EspCounters& sum)
{
    sum.bytesSent += pair.outbound.bytes;
    sum.bytesReceived += pair.inbound.bytes;
    sum.notDecrypted += pair.inbound.malformed + pair.inbound.badPadding;
    sum.notAuthenticated += pair.inbound.notAuthentic;
    sum.replayed += pair.inbound.replayed;
}

IpsecStatus
SecurityLayer::Status(Instant now) const
{
    IpsecStatus status;
    status.now = now;
    status.running = m_running;
    status.address = m_ip.Address();
    status.peers = m_ike.Peers();
    status.ike = m_ike.Count();
    status.filters = m_spd.Policies();
    status.policy = m_policy;
    status.esp = m_ended;
    status.esp.badSpi = m_sad.Counters().unknownSpi;
    status.esp.notDecrypted += m_sad.Counters().malformed;
    status.esp.keyAdditions = m_sad.Counters().installed;
    status.esp.keyDeletions = m_sad.Counters().removed;
    for (const esp::PairId id : m_sad.Pairs())
    {
        const esp::SaPair& sa = *m_sad.Find(id);
        const esp::PairCounters& counters = *m_sad.CountersOf(id);
        SaPairStatus pair;
        pair.inboundSpi = sa.inboundSpi;
        pair.outboundSpi = sa.outboundSpi;
        pair.cipher = sa.cipher;
        pair.integrity = sa.integrity == esp::Integrity::HmacMd5_96 ? crypto::HashAlgorithm::Md5
                                                                    : crypto::HashAlgorithm::Sha1;
        pair.udpEncapsulated = sa.encapsulation == esp::Encapsulation::UdpTransport;
        pair.local = sa.local;
        pair.remote = sa.remote;
        pair.selector = {sa.selector.local.address,
                         sa.selector.remote.address,
                         sa.selector.protocol,
                         sa.selector.localPort,
                         sa.selector.remotePort};
        pair.packetsSent = counters.outbound.packets;
        pair.packetsReceived = counters.inbound.packets;
        pair.bytesSent = counters.outbound.bytes;
        pair.bytesReceived = counters.inbound.bytes;
        Count(counters, status.esp);
        const Path* path = PathOf(id);
        pair.sending = path && path->pair == id;
        status.pairs.push_back(pair);
    }
    return status;
}

} // namespace nattlab
