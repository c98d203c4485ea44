// SPDX-License-Identifier: GPL-2.0-only
#include "model/windows/monitor.h"

#include <algorithm>

namespace nattlab::windows
{

namespace
{

/** ipsecmon.exe of Windows 2000 has one page; the snap-in has main mode and quick mode apart. */
bool
IsIpsecmon(const System& system)
{
    return system.release == Release::Windows2000;
}

/** Server 2003 and later come with a monitor that knows all that the update brought. */
bool
CameWithNatTraversal(Release release)
{
    return release >= Release::WindowsServer2003;
}

bool
IsNewMonitor(const System& system)
{
    return system.newTools || CameWithNatTraversal(system.release);
}

std::string
CipherText(crypto::CipherAlgorithm cipher, std::uint16_t keyBits = 0)
{
    switch (cipher)
    {
    case crypto::CipherAlgorithm::Null:
        return "None";
    case crypto::CipherAlgorithm::DesCbc:
        return "DES";
    case crypto::CipherAlgorithm::TripleDesCbc:
        return "3DES";
    case crypto::CipherAlgorithm::AesCbc:
        return keyBits == 0 ? "AES" : "AES-" + std::to_string(keyBits);
    }
    return "?";
}

std::string
HashText(crypto::HashAlgorithm hash)
{
    return hash == crypto::HashAlgorithm::Md5 ? "MD5" : "SHA1";
}

/**
 * The update's monitor has no name for group 14 and prints Microsoft's own number of it,
 * 0x10000001; that of Server 2003 has one.
 */
std::string
GroupText(crypto::DhGroup group, const System& monitor, const MonitorRules& rules)
{
    switch (group)
    {
    case crypto::DhGroup::Modp768:
        return "Low (1)";
    case crypto::DhGroup::Modp1024:
        return "Medium (2)";
    case crypto::DhGroup::Modp2048:
        if (CameWithNatTraversal(monitor.release))
        {
            return rules.serverGroup14;
        }
        return monitor.newTools ? "268435457" : rules.oldGroup14;
    case crypto::DhGroup::Modp1536: // no Windows of the model has it
        return std::to_string(static_cast<unsigned>(group));
    }
    return "?";
}

std::string
ProtocolText(std::uint8_t protocol)
{
    switch (protocol)
    {
    case 0:
        return "Any";
    case 1:
        return "ICMP";
    case 6:
        return "TCP";
    case 17:
        return "UDP";
    default:
        return std::to_string(protocol);
    }
}

std::string
PortText(std::uint16_t port)
{
    return port == 0 ? "Any" : std::to_string(port);
}

std::string
PrefixText(const Ipv4Prefix& prefix)
{
    if (prefix.length == 0)
    {
        return "Any";
    }
    return prefix.length == 32 ? prefix.address.ToString() : prefix.ToString();
}

bool
IsStatic(const std::string& filter, const IpsecStatus& status)
{
    return status.policy &&
           std::any_of(status.policy->rules.begin(),
                       status.policy->rules.end(),
                       [&](const PolicyRule& rule) { return rule.name == filter; });
}

/** The updated monitor shows no names for filters that a service made by itself. */
std::string
FilterNameText(const std::string& name, const IpsecStatus& status, const System& monitor)
{
    return monitor.newTools && !CameWithNatTraversal(monitor.release) && !IsStatic(name, status)
               ? std::string{}
               : name;
}

/** \return the filter that the traffic of a pair goes by, or null. */
const esp::Policy*
FilterOf(const ike::Selector& selector, const IpsecStatus& status)
{
    for (const esp::Policy& filter : status.filters)
    {
        if (filter.selector.Matches(selector.local,
                                    selector.remote,
                                    selector.protocol,
                                    selector.localPort,
                                    selector.remotePort))
        {
            return &filter;
        }
    }
    return nullptr;
}

MonitorSa
RowOf(const SaPairStatus& pair,
      const IpsecStatus& status,
      const System& monitor,
      const MonitorRules& rules)
{
    MonitorSa row;
    const esp::Policy* filter = FilterOf(pair.selector, status);
    const bool fromPolicy = filter && IsStatic(filter->name, status);
    row.policyName = fromPolicy            ? status.policy->name
                     : IsIpsecmon(monitor) ? rules.l2tpPolicy2000
                                           : rules.l2tpPolicy;
    row.security = "ESP " + CipherText(pair.cipher) + " HMAC-" + HashText(pair.integrity);
    row.filterName = filter ? FilterNameText(filter->name, status, monitor) : "";
    row.source = pair.selector.local.ToString();
    row.destination = pair.selector.remote.ToString();
    row.protocol = ProtocolText(pair.selector.protocol);
    row.sourcePort = PortText(pair.selector.localPort);
    row.destinationPort = PortText(pair.selector.remotePort);
    row.tunnelEndpoint = "None";
    return row;
}

MonitorMainMode
RowOf(const ike::PeerStatus& peer, const System& monitor, const MonitorRules& rules)
{
    MonitorMainMode row;
    row.me = peer.local.address.ToString();
    row.peer = peer.remote.address.ToString();
    if (peer.transform)
    {
        row.authentication =
            peer.transform->auth == ike::AuthMethod::PresharedKey ? "Preshared Key" : "Certificate";
        row.encryption = CipherText(peer.transform->cipher, peer.transform->keyBits);
        row.integrity = HashText(peer.transform->hash);
        row.dhGroup = GroupText(peer.transform->group, monitor, rules);
    }
    return row;
}

MonitorFilter
RowOf(const esp::Policy& filter, const IpsecStatus& status, const System& monitor)
{
    MonitorFilter row;
    row.name = FilterNameText(filter.name, status, monitor);
    row.source = PrefixText(filter.selector.local);
    row.destination = PrefixText(filter.selector.remote);
    row.protocol = ProtocolText(filter.selector.protocol);
    row.sourcePort = PortText(filter.selector.localPort);
    row.destinationPort = PortText(filter.selector.remotePort);
    row.direction = filter.direction == esp::PolicyDirection::Both       ? "both"
                    : filter.direction == esp::PolicyDirection::Outbound ? "outbound"
                                                                         : "inbound";
    row.action = filter.action == esp::PolicyAction::Protect  ? "negotiate"
                 : filter.action == esp::PolicyAction::Bypass ? "permit"
                                                              : "block";
    return row;
}

/** Soft associations are those without IPsec, which nobody here falls back to. */
constexpr std::uint64_t SOFT_ASSOCIATIONS = 0;

/** The counters of ipsecmon.exe. Every pair has an HMAC: what is confidential is authenticated. */
std::vector<MonitorStatistics>
IpsecmonStatistics(const IpsecStatus& status, std::size_t shown)
{
    const EspCounters& esp = status.esp;
    const ike::Counters& ike = status.ike;
    return {{"IPSEC Statistics",
             {{"Active Associations", shown},
              {"Confidential Bytes Sent", esp.bytesSent},
              {"Confidential Bytes Received", esp.bytesReceived},
              {"Authenticated Bytes Sent", esp.bytesSent},
              {"Authenticated Bytes Received", esp.bytesReceived},
              {"Bad SPI Packets", esp.badSpi},
              {"Packets Not Decrypted", esp.notDecrypted},
              {"Packets Not Authenticated", esp.notAuthenticated},
              {"Key Additions", esp.keyAdditions}}},
            {"ISAKMP/Oakley Statistics",
             {{"Oakley Main Modes", ike.mainModes},
              {"Oakley Quick Modes", ike.quickModes},
              {"Soft Associations", SOFT_ASSOCIATIONS},
              {"Authentication Failures", ike.authenticationFailures}}}};
}

/** The counters of the snap-in that the model counts. */
std::vector<MonitorStatistics>
SnapInStatistics(const IpsecStatus& status, std::size_t shown)
{
    const EspCounters& esp = status.esp;
    const ike::Counters& ike = status.ike;
    return {{"Main Mode Statistics",
             {{"Authentication Failures", ike.authenticationFailures},
              {"Negotiation Failures", ike.negotiationFailures},
              {"Invalid Cookies Received", ike.invalidCookies},
              {"Total Acquire", ike.acquires},
              {"Key Additions", ike.keyAdditions},
              {"Key Updates", ike.keyUpdates},
              {"ISADB List Size", status.peers.size()},
              {"IKE Main Mode", ike.mainModes},
              {"IKE Quick Mode", ike.quickModes},
              {"Soft Associations", SOFT_ASSOCIATIONS},
              {"Invalid Packets Received", ike.invalidPackets}}},
            {"Quick Mode Statistics",
             {{"Active Security Associations", shown},
              {"Key Additions", esp.keyAdditions},
              {"Key Deletions", esp.keyDeletions},
              {"Rekeys", esp.rekeys},
              {"Bad SPI Packets", esp.badSpi},
              {"Packets Not Decrypted", esp.notDecrypted},
              {"Packets Not Authenticated", esp.notAuthenticated},
              {"Packets With Replay Detection", esp.replayed},
              {"Confidential Bytes Sent", esp.bytesSent},
              {"Confidential Bytes Received", esp.bytesReceived},
              {"Authenticated Bytes Sent", esp.bytesSent},
              {"Authenticated Bytes Received", esp.bytesReceived},
              {"Transport Bytes Sent", esp.bytesSent},
              {"Transport Bytes Received", esp.bytesReceived}}}};
}

std::string
UntrackedNote(std::size_t pairs, std::size_t peers, const System& monitor, const System& observed)
{
    const std::string what = "Not shown of connections through a NAT: " + std::to_string(pairs) +
                             " quick-mode and " + std::to_string(peers) +
                             " main-mode associations; this monitor ";
    if (!IsNewMonitor(monitor))
    {
        return what + "is older than NAT traversal";
    }
    return what + "does not track those of " + std::string{NameOf(observed.release)};
}

} // namespace

std::string
MonitorNameOf(const System& system)
{
    if (system.release == Release::Windows98)
    {
        return {};
    }
    return IsIpsecmon(system) ? "ipsecmon.exe" : "IP Security Monitor";
}

bool
CanTrack(const System& monitor,
         const System& observed,
         bool natTraversal,
         const MonitorRules& rules)
{
    if (MonitorNameOf(monitor).empty() || observed.release == Release::Windows98)
    {
        return false;
    }
    if (!natTraversal)
    {
        return true;
    }
    if (!IsNewMonitor(monitor))
    {
        return rules.oldTracksNatTraversal;
    }
    switch (observed.release)
    {
    case Release::Windows98:
    case Release::Windows2000:
        return false;
    case Release::WindowsXp:
        return !rules.xpNeedsServicePack2 || observed.servicePack >= 2;
    case Release::WindowsServer2003:
    case Release::WindowsVista:
    case Release::Windows7:
        return true;
    }
    return false;
}

MonitorView
MakeMonitorView(const System& monitor,
                const System& observed,
                const std::string& computer,
                const IpsecStatus& status,
                const MonitorRules& rules)
{
    MonitorView view;
    view.tool = MonitorNameOf(monitor);
    view.computer = computer;
    view.time = status.now;
    view.running = status.running;
    if (view.tool.empty())
    {
        view.notes.push_back(std::string{NameOf(monitor.release)} + " has no IPsec monitor");
        return view;
    }
    if (!CanTrack(monitor, observed, false, rules))
    {
        view.notes.push_back(std::string{NameOf(observed.release)} +
                             " has no IPsec that a monitor could look at");
        return view;
    }
    if (!status.running)
    {
        view.notes.push_back("The IPsec service of " + computer + " is not running");
        return view;
    }
    view.assignedPolicy = status.policy ? status.policy->name : "";
    const bool tracksNat = CanTrack(monitor, observed, true, rules);
    std::size_t pairs = 0;
    for (const SaPairStatus& pair : status.pairs)
    {
        if (pair.udpEncapsulated && !tracksNat)
        {
            ++pairs;
            continue;
        }
        view.associations.push_back(RowOf(pair, status, monitor, rules));
    }
    std::size_t peers = 0;
    for (const ike::PeerStatus& peer : status.peers)
    {
        if (!peer.established)
        {
            continue;
        }
        if (peer.natT && (peer.localBehindNat || peer.peerBehindNat) && !tracksNat)
        {
            ++peers;
            continue;
        }
        view.mainModes.push_back(RowOf(peer, monitor, rules));
    }
    for (const esp::Policy& filter : status.filters)
    {
        view.filters.push_back(RowOf(filter, status, monitor));
    }
    view.statistics = IsIpsecmon(monitor) ? IpsecmonStatistics(status, view.associations.size())
                                          : SnapInStatistics(status, view.associations.size());
    if (pairs + peers != 0)
    {
        view.notes.push_back(UntrackedNote(pairs, peers, monitor, observed));
    }
    return view;
}

} // namespace nattlab::windows
