// SPDX-License-Identifier: GPL-2.0-only
#include "model/windows/registry-effect.h"

#include <algorithm>

#define SERVICES "HKLM\\SYSTEM\\CurrentControlSet\\Services\\"

namespace nattlab::windows
{

namespace
{

constexpr auto W2000 = Release::Windows2000;
constexpr auto XP = Release::WindowsXp;
constexpr auto W2003 = Release::WindowsServer2003;
constexpr auto VISTA = Release::WindowsVista;
constexpr auto SEVEN = Release::Windows7;
constexpr auto CERTAIN = Confidence::Certain;
constexpr auto LIKELY = Confidence::Likely;
constexpr auto ASSUMED = Confidence::Assumed;

const std::vector<Release> NT5{W2000, XP, W2003};
const std::vector<Release> LATER{VISTA, SEVEN};
const std::vector<Release> ALL{W2000, XP, W2003, VISTA, SEVEN};

bool
Reads(const KnownRegistryValue& row, const System& system)
{
    const bool listed =
        std::find(row.releases.begin(), row.releases.end(), system.release) != row.releases.end();
    return listed && (system.release != XP || system.servicePack >= row.xpServicePack);
}

std::vector<KnownRegistryValue>
WithCanonicalPaths(std::vector<KnownRegistryValue> rows)
{
    for (KnownRegistryValue& row : rows)
    {
        row.canonical = CanonicalRegistryPath(row.path);
    }
    return rows;
}

} // namespace

const std::vector<KnownRegistryValue>&
KnownRegistryValues()
{
    static const std::vector<KnownRegistryValue> rows = WithCanonicalPaths({
        // clang-format off
        // path, reader, smallest, largest, absent, meaning, source, confidence, modelled, releases
        {SERVICES "RasMan\\Parameters\\NegotiateDH2048", Component::RasMan, 0, 1,
         "group 14 is not in the server's list",
         "1: Diffie-Hellman group 14 comes first in the list of main-mode methods for L2TP; 0: it is not in it",
         "article on the NAT-T update, 2003", LIKELY, true, {W2003}, 0,
         "clients with the update offer group 14 without it"},
        {SERVICES "RasMan\\Parameters\\AllowL2TPWeakCrypto", Component::RasMan, 0, 1,
         "as 0",
         "1: DES and MD5, which Vista dropped, are offered and accepted again, after all others",
         "summaries of Microsoft text", LIKELY, true, LATER, 0,
         "these releases offer DES and MD5 without it"},
        {SERVICES "RasMan\\Parameters\\NegotiateDH2048_AES256", Component::RasMan, 0, 2,
         "as 0",
         "1: AES-256 with group 14 comes first in the list of main-mode methods for L2TP; 2: it is all of the list; 0: it is not in it",
         "Microsoft support pages on L2TP with group 14", CERTAIN, true, LATER, 0, {}},
        {SERVICES "RasMan\\Parameters\\ProhibitIpSec", Component::RasMan, 0, 1,
         "as 0",
         "1: no automatic IPsec filters for L2TP, which goes in clear or under a policy of the administrator's",
         "KB240262", LIKELY, true, ALL, 0, {}},
        {SERVICES "IPSec\\AssumeUDPEncapsulationContextOnSendRule", Component::IpsecDriver, 0, 2,
         "as 0",
         "0: no security associations with a responder behind a NAT; 1: with one behind a NAT, when this host is not; 2: also when both are",
         "KB885407", CERTAIN, true, {XP}, 2,
         "these releases set no such limit, or read it elsewhere"},
        {SERVICES "PolicyAgent\\AssumeUDPEncapsulationContextOnSendRule", Component::PolicyAgent, 0, 2,
         "as 0",
         "0: no security associations with a responder behind a NAT; 1: with one behind a NAT, when this host is not; 2: also when both are",
         "KB926179", CERTAIN, true, LATER, 0,
         "these releases set no such limit, or read it elsewhere"},
        {SERVICES "PolicyAgent\\Oakley\\EnableLogging", Component::PolicyAgent, 0, 1,
         "as 0",
         "1: IKE writes %SystemRoot%\\debug\\Oakley.log",
         "not confirmed in a document", ASSUMED, true, NT5, 0,
         "these releases log by other means"},
        {SERVICES "PolicyAgent\\Oakley\\EnableDOSProtect", Component::PolicyAgent, 0, 1,
         "as 0",
         "1: a responder asks an initiator to return a cookie before it keeps state",
         "MS-IKEE appendix A note 29", CERTAIN, true, NT5, 0,
         "these releases do it by themselves above 500 open negotiations"},
        {SERVICES "IPSec\\NoDefaultExempt", Component::IpsecDriver, 0, 3,
         "2000, XP: 0; Server 2003: 3",
         "which of IKE, Kerberos, RSVP, broadcast and multicast pass without regard to filters",
         "KB811832", ASSUMED, false, NT5, 0, {}},
        {SERVICES "RasL2tp\\Parameters\\HelloMs", Component::L2tpDriver, 0, 86400000,
         "40000",
         "milliseconds of silence before HELLO; 0: none",
         "MS-L2TPIE for the name, the key is assumed", ASSUMED, true, ALL, 0, {}},
        {SERVICES "RasL2tp\\Parameters\\PayloadReceiveWindow", Component::L2tpDriver, 0, 65535,
         "0",
         "not 0: ICCN carries this receive window",
         "MS-L2TPIE for the name, the key is assumed", ASSUMED, true, ALL, 0, {}},
        {SERVICES "RasL2tp\\Parameters\\MaxOutOfOrder", Component::L2tpDriver, 0, 0x4000,
         "100",
         "control messages that wait for those before them",
         "MS-L2TPIE for the name, the key is assumed", ASSUMED, true, ALL, 0, {}},
        {SERVICES "RasL2tp\\Parameters\\IgnoreFramingMismatch", Component::L2tpDriver, 0, 1,
         "1",
         "0: ICCN with a framing type that was not offered is refused",
         "MS-L2TPIE for the name, the key is assumed", ASSUMED, true, ALL, 0, {}},
        {SERVICES "RasMan\\PPP\\MaxConfigure", Component::RasMan, 1, 255,
         "10",
         "Configure-Requests without an answer",
         "RFC 1661 4.6 for the number, the key is assumed", ASSUMED, true, ALL, 0, {}},
        {SERVICES "RasMan\\PPP\\MaxTerminate", Component::RasMan, 1, 255,
         "2",
         "Terminate-Requests without an answer",
         "RFC 1661 4.6 for the number, the key is assumed", ASSUMED, true, ALL, 0, {}},
        {SERVICES "RasMan\\PPP\\MaxFailure", Component::RasMan, 1, 255,
         "5",
         "Configure-Naks before they become Rejects",
         "RFC 1661 4.6 for the number, the key is assumed", ASSUMED, true, ALL, 0, {}},
        {SERVICES "RasMan\\PPP\\MaxReject", Component::RasMan, 1, 255,
         "5",
         "Configure-Rejects in a row before giving up",
         "not confirmed in a document", ASSUMED, true, ALL, 0, {}},
        {SERVICES "RasMan\\PPP\\RestartTimer", Component::RasMan, 1, 255,
         "3",
         "seconds before a request is sent again",
         "RFC 1661 4.6 for the number, the key is assumed", ASSUMED, true, ALL, 0, {}},
        {SERVICES "RasMan\\PPP\\NegotiateTime", Component::RasMan, 1, 3600,
         "150",
         "seconds from the start of PPP to its end, or to giving up",
         "not confirmed in a document", ASSUMED, true, ALL, 0, {}},
        // clang-format on
    });
    return rows;
}

const KnownRegistryValue*
FindKnownRegistryValue(std::string_view path, const System& system)
{
    const std::string wanted = CanonicalRegistryPath(path);
    const KnownRegistryValue* other = nullptr;
    for (const KnownRegistryValue& row : KnownRegistryValues())
    {
        if (row.canonical != wanted)
        {
            continue;
        }
        if (Reads(row, system))
        {
            return &row;
        }
        other = &row;
    }
    return other;
}

Effect
EffectOf(std::string_view path, const System& system)
{
    const KnownRegistryValue* row = FindKnownRegistryValue(path, system);
    if (!row)
    {
        return Effect::Unknown;
    }
    if (!Reads(*row, system))
    {
        return Effect::NoEffectOnThisRelease;
    }
    return row->modelled ? Effect::Modelled : Effect::NotModelled;
}

std::string_view
NameOf(Component component)
{
    switch (component)
    {
    case Component::IpsecDriver:
        return "ipsec-driver";
    case Component::L2tpDriver:
        return "l2tp-driver";
    case Component::PolicyAgent:
        return "policy-agent";
    case Component::RasMan:
        return "rasman";
    }
    return "?";
}

std::string_view
NameOf(Effect effect)
{
    switch (effect)
    {
    case Effect::Modelled:
        return "modelled";
    case Effect::NotModelled:
        return "not-modelled";
    case Effect::NoEffectOnThisRelease:
        return "no-effect-on-this-release";
    case Effect::Unknown:
        return "unknown";
    }
    return "?";
}

std::string_view
NameOf(Confidence confidence)
{
    switch (confidence)
    {
    case Confidence::Certain:
        return "certain";
    case Confidence::Likely:
        return "likely";
    case Confidence::Assumed:
        return "assumed";
    }
    return "?";
}

} // namespace nattlab::windows
