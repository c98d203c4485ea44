// SPDX-License-Identifier: GPL-2.0-only
#include "model/windows/registry-effect.h"

#include <algorithm>
#include <iterator>

namespace nattlab::windows
{

namespace
{

using crypto::CipherAlgorithm;
using crypto::DhGroup;
using crypto::HashAlgorithm;
using ike::Phase1Transform;
using ike::Phase2Proposal;

std::string_view
ValueNameOf(std::string_view path)
{
    return path.substr(path.rfind('\\') + 1);
}

void
RemoveGroup14(std::vector<Phase1Transform>& list, bool aesOnly)
{
    list.erase(std::remove_if(list.begin(),
                              list.end(),
                              [&](const Phase1Transform& transform)
                              {
                                  return transform.group == DhGroup::Modp2048 &&
                                         (!aesOnly || transform.cipher == CipherAlgorithm::AesCbc);
                              }),
               list.end());
}

/** The first transform of each authentication method in the list, in their order. */
std::vector<Phase1Transform>
FirstOfEachMethod(const std::vector<Phase1Transform>& list)
{
    std::vector<Phase1Transform> firsts;
    for (const Phase1Transform& transform : list)
    {
        const bool seen =
            std::any_of(firsts.begin(),
                        firsts.end(),
                        [&](const Phase1Transform& other) { return other.auth == transform.auth; });
        if (!seen)
        {
            firsts.push_back(transform);
        }
    }
    return firsts;
}

std::string
NegotiateDh2048(std::uint32_t value, HostConfig& config)
{
    std::vector<Phase1Transform>& list = config.ike.Edit().phase1;
    RemoveGroup14(list, false);
    if (value == 0)
    {
        return "main mode for L2TP does without Diffie-Hellman group 14";
    }
    std::vector<Phase1Transform> preferred = FirstOfEachMethod(list);
    for (Phase1Transform& transform : preferred)
    {
        transform.group = DhGroup::Modp2048;
    }
    list.insert(list.begin(), preferred.begin(), preferred.end());
    return "main mode for L2TP prefers Diffie-Hellman group 14";
}

std::string
NegotiateDh2048Aes256(std::uint32_t value, HostConfig& config)
{
    std::vector<Phase1Transform>& list = config.ike.Edit().phase1;
    std::vector<Phase1Transform> preferred = FirstOfEachMethod(list);
    RemoveGroup14(list, true);
    if (value == 0)
    {
        return "main mode for L2TP does without AES-256 and group 14";
    }
    for (Phase1Transform& transform : preferred)
    {
        transform.cipher = CipherAlgorithm::AesCbc;
        transform.keyBits = 256;
        transform.hash = HashAlgorithm::Sha1;
        transform.group = DhGroup::Modp2048;
    }
    if (value == 2)
    {
        list = preferred;
        return "main mode for L2TP takes nothing but AES-256 with group 14";
    }
    list.insert(list.begin(), preferred.begin(), preferred.end());
    return "main mode for L2TP prefers AES-256 with group 14";
}

std::string
ProhibitIpSec(std::uint32_t value, HostConfig& config)
{
    config.ipsec.l2tp =
        value == 1 ? IpsecConfig::L2tpPolicy::Clear : IpsecConfig::L2tpPolicy::Protect;
    return value == 1 ? "L2TP makes no IPsec filters of its own: it goes in clear, or as a stored "
                        "policy says"
                      : "L2TP is protected by IPsec";
}

void
AppendIfNew(std::vector<Phase1Transform>& list, const Phase1Transform& added)
{
    const auto same = [&](const Phase1Transform& t)
    {
        return t.cipher == added.cipher && t.hash == added.hash && t.group == added.group &&
               t.auth == added.auth;
    };
    if (std::none_of(list.begin(), list.end(), same))
    {
        list.push_back(added);
    }
}

void
AppendIfNew(std::vector<Phase2Proposal>& list, const Phase2Proposal& added)
{
    const auto same = [&](const Phase2Proposal& p)
    { return p.cipher == added.cipher && p.integrity == added.integrity; };
    if (std::none_of(list.begin(), list.end(), same))
    {
        list.push_back(added);
    }
}

struct WeakSuite
{
    CipherAlgorithm cipher;
    HashAlgorithm hash;
    DhGroup group;
};

constexpr WeakSuite WEAK_SUITES[] = {
    {CipherAlgorithm::TripleDesCbc, HashAlgorithm::Md5, DhGroup::Modp1024},
    {CipherAlgorithm::DesCbc, HashAlgorithm::Sha1, DhGroup::Modp768},
    {CipherAlgorithm::DesCbc, HashAlgorithm::Md5, DhGroup::Modp768},
};

/** DES and MD5 as Windows 2000 to 2003 have them, behind what is there. */
std::string
AllowWeakCrypto(std::uint32_t value, HostConfig& config)
{
    if (value == 0)
    {
        return "L2TP offers no DES and no MD5 beyond what the system has";
    }
    ike::Profile& profile = config.ike.Edit();
    for (Phase1Transform transform : FirstOfEachMethod(profile.phase1))
    {
        transform.keyBits = 0;
        for (const WeakSuite& weak : WEAK_SUITES)
        {
            transform.cipher = weak.cipher;
            transform.hash = weak.hash;
            transform.group = weak.group;
            AppendIfNew(profile.phase1, transform);
        }
    }
    for (const WeakSuite& weak : WEAK_SUITES)
    {
        Phase2Proposal proposal;
        proposal.cipher = weak.cipher;
        proposal.integrity = weak.hash;
        AppendIfNew(profile.phase2, proposal);
    }
    return "L2TP offers and accepts DES and MD5 again";
}

std::string
AssumeUdpEncapsulation(std::uint32_t value, HostConfig& config)
{
    config.ike.Edit().responderBehindNat = static_cast<ike::ResponderBehindNat>(value);
    switch (config.ike->responderBehindNat)
    {
    case ike::ResponderBehindNat::Refuse:
        return "a responder behind a NAT is refused";
    case ike::ResponderBehindNat::IfOnlyOne:
        return "a responder behind a NAT is accepted when this host is not behind one";
    case ike::ResponderBehindNat::IfBoth:
        return "a responder behind a NAT is accepted, also when this host is behind one";
    }
    return {};
}

std::string
EnableDosProtect(std::uint32_t value, HostConfig& config)
{
    if (value == 0)
    {
        config.ike.Edit().cookieThreshold.reset();
        return "IKE asks for no cookies";
    }
    config.ike.Edit().cookieThreshold = 0;
    return "IKE keeps no state for an initiator before it returns a cookie";
}

std::string
Oakley(std::uint32_t value, HostConfig&)
{
    return value == 1 ? "IKE writes Oakley.log" : "IKE writes no Oakley.log";
}

std::string
HelloMs(std::uint32_t value, HostConfig& config)
{
    config.l2tp.Edit().helloInterval = milliseconds{value};
    return value == 0 ? "L2TP sends no HELLO"
                      : "L2TP sends HELLO after " + std::to_string(value) + " ms of silence";
}

std::string
PayloadReceiveWindow(std::uint32_t value, HostConfig& config)
{
    config.l2tp.Edit().payloadReceiveWindow = static_cast<std::uint16_t>(value);
    return value == 0 ? "ICCN carries no receive window"
                      : "ICCN carries a receive window of " + std::to_string(value);
}

std::string
MaxOutOfOrder(std::uint32_t value, HostConfig& config)
{
    config.l2tp.Edit().maxOutOfOrder = static_cast<std::uint16_t>(value);
    return "L2TP keeps up to " + std::to_string(value) + " control messages that come early";
}

std::string
IgnoreFramingMismatch(std::uint32_t value, HostConfig& config)
{
    config.l2tp.Edit().ignoreFramingMismatch = value != 0;
    return value != 0 ? "a framing type that was not offered is accepted"
                      : "a framing type that was not offered is refused";
}

template <std::uint32_t ppp::Timers::*LIMIT>
std::string
PppLimit(std::uint32_t value, HostConfig& config)
{
    config.ppp.Edit().timers.*LIMIT = value;
    return "the limit of PPP is " + std::to_string(value);
}

template <Duration ppp::Timers::*TIME>
std::string
PppTime(std::uint32_t value, HostConfig& config)
{
    config.ppp.Edit().timers.*TIME = seconds{value};
    return "the time of PPP is " + std::to_string(value) + " s";
}

/** What each value that is modelled does; the name stands for all paths that end with it. */
struct Action
{
    std::string_view name;
    std::string (*apply)(std::uint32_t value, HostConfig& config);
};

constexpr Action ACTIONS[] = {
    {"NegotiateDH2048", NegotiateDh2048},
    {"NegotiateDH2048_AES256", NegotiateDh2048Aes256},
    {"ProhibitIpSec", ProhibitIpSec},
    {"AllowL2TPWeakCrypto", AllowWeakCrypto},
    {"AssumeUDPEncapsulationContextOnSendRule", AssumeUdpEncapsulation},
    {"EnableLogging", Oakley},
    {"EnableDOSProtect", EnableDosProtect},
    {"HelloMs", HelloMs},
    {"PayloadReceiveWindow", PayloadReceiveWindow},
    {"MaxOutOfOrder", MaxOutOfOrder},
    {"IgnoreFramingMismatch", IgnoreFramingMismatch},
    {"MaxConfigure", PppLimit<&ppp::Timers::maxConfigure>},
    {"MaxTerminate", PppLimit<&ppp::Timers::maxTerminate>},
    {"MaxFailure", PppLimit<&ppp::Timers::maxFailure>},
    {"MaxReject", PppLimit<&ppp::Timers::maxReject>},
    {"RestartTimer", PppTime<&ppp::Timers::restart>},
    {"NegotiateTime", PppTime<&ppp::Timers::negotiate>},
};

/** What is wrong with a value; empty when nothing is. */
std::string
Fault(const KnownRegistryValue& row, const RegistryValue& value)
{
    const auto* number = std::get_if<std::uint32_t>(&value);
    if (!number)
    {
        return "expected REG_DWORD, found " + ToText(value);
    }
    if (*number < row.smallest || *number > row.largest)
    {
        return "expected " + std::to_string(row.smallest) + " to " + std::to_string(row.largest) +
               ", found " + std::to_string(*number);
    }
    return {};
}

std::string
StartOf(Component component)
{
    switch (component)
    {
    case Component::IpsecDriver:
    case Component::L2tpDriver:
        return "the machine starts again";
    case Component::PolicyAgent:
        return "the IPsec service starts again";
    case Component::RasMan:
        return "Remote Access starts again";
    }
    return {};
}

} // namespace

std::string
DescribeEffect(std::string_view path, const RegistryValue& value, const System& system)
{
    const KnownRegistryValue* row = FindKnownRegistryValue(path, system);
    const std::string name{ValueNameOf(path)};
    switch (EffectOf(path, system))
    {
    case Effect::Unknown:
        return name + ": stored; no effect of it is modelled";
    case Effect::NotModelled:
        return name + ": stored; what it does is not modelled";
    case Effect::NoEffectOnThisRelease:
        return name + ": stored; " + std::string{NameOf(system.release)} + " does not read it" +
               (row->elsewhere.empty() ? "" : ": " + std::string{row->elsewhere});
    case Effect::Modelled:
        break;
    }
    const std::string fault = Fault(*row, value);
    return name + (fault.empty() ? ": counts when " + StartOf(row->reader)
                                 : ": stored, but of no effect: " + fault);
}

std::vector<std::string>
ApplyRegistry(const Registry& registry,
              const System& system,
              Component component,
              HostConfig& config)
{
    std::vector<std::string> done;
    if (registry.Values().empty())
    {
        return done;
    }
    for (const KnownRegistryValue& row : KnownRegistryValues()) // a later row has the last word
    {
        const RegistryValue* value =
            row.reader == component ? registry.FindCanonical(row.canonical) : nullptr;
        if (!value || FindKnownRegistryValue(row.path, system) != &row ||
            EffectOf(row.path, system) != Effect::Modelled)
        {
            continue;
        }
        const std::string name{ValueNameOf(row.path)};
        const std::string fault = Fault(row, *value);
        if (!fault.empty())
        {
            done.push_back(name + " is ignored: " + fault);
            continue;
        }
        const std::uint32_t number = std::get<std::uint32_t>(*value);
        const auto action = std::find_if(std::begin(ACTIONS),
                                         std::end(ACTIONS),
                                         [&](const Action& a) { return a.name == name; });
        done.push_back(name + " = " + std::to_string(number) + ": " +
                       action->apply(number, config));
    }
    return done;
}

std::optional<bool>
OakleyLoggingAtStart(const Registry& registry, const System& system)
{
    constexpr std::string_view PATH =
        "HKLM\\SYSTEM\\CurrentControlSet\\Services\\PolicyAgent\\Oakley\\EnableLogging";
    const RegistryValue* value = registry.Values().empty() ? nullptr : registry.Find(PATH);
    if (!value || EffectOf(PATH, system) != Effect::Modelled ||
        !Fault(*FindKnownRegistryValue(PATH, system), *value).empty())
    {
        return std::nullopt;
    }
    return std::get<std::uint32_t>(*value) == 1;
}

} // namespace nattlab::windows
