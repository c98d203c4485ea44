// SPDX-License-Identifier: GPL-2.0-only
#include "model/windows/registry.h"

#include "model/crypto/random.h"
#include "model/windows/registry-effect.h"

#include <gtest/gtest.h>

using namespace nattlab;
using namespace nattlab::windows;

namespace
{

const std::string SERVICES = "HKLM\\SYSTEM\\CurrentControlSet\\Services\\";

System
Running(Release release, std::uint8_t servicePack = 0)
{
    System system;
    system.release = release;
    system.servicePack = servicePack;
    return system;
}

/** A host that offers 3DES with group 2 only, by both methods. */
HostConfig
PlainHost()
{
    HostConfig config;
    ike::Phase1Transform transform;
    config.ike.Edit().phase1.push_back(transform);
    transform.auth = ike::AuthMethod::RsaSignature;
    config.ike.Edit().phase1.push_back(transform);
    config.ike.Edit().phase2.emplace_back();
    return config;
}

} // namespace

TEST(Registry, FindsAValueInAnySpellingOfItsPath)
{
    Registry registry;
    registry.Set("HKLM\\Software\\Vendor\\Value", 7u);
    for (const char* path : {"HKLM\\Software\\Vendor\\Value",
                             "hklm\\SOFTWARE\\vendor\\VALUE",
                             "HKEY_LOCAL_MACHINE\\Software\\Vendor\\Value"})
    {
        const RegistryValue* value = registry.Find(path);
        ASSERT_TRUE(value) << path;
        EXPECT_EQ(*value, RegistryValue{7u});
    }
    EXPECT_EQ(registry.Find("HKLM\\Software\\Vendor\\Other"), nullptr);
}

TEST(Registry, KeepsTheFirstSpellingAndTheOrderOfWriting)
{
    Registry registry;
    registry.Set("HKLM\\A\\One", 1u);
    registry.Set("HKLM\\A\\Two", std::string{"text"});
    registry.Set("HKLM\\A\\Three", 3u);
    registry.Set("hklm\\a\\ONE", 11u);
    ASSERT_EQ(registry.Values().size(), 3u);
    EXPECT_EQ(registry.Values()[0].path, "HKLM\\A\\One");
    EXPECT_EQ(registry.Values()[0].value, RegistryValue{11u});
    EXPECT_TRUE(registry.Remove("hklm\\a\\one"));
    EXPECT_FALSE(registry.Remove("hklm\\a\\one"));
    ASSERT_EQ(registry.Values().size(), 2u);
    EXPECT_EQ(registry.Values()[0].path, "HKLM\\A\\Two");
    EXPECT_EQ(*registry.Find("HKLM\\A\\Three"), RegistryValue{3u});
}

TEST(Registry, RefusesWhatIsNoPath)
{
    Registry registry;
    for (const std::string& path : {std::string{},
                                    std::string{"HKLM"},
                                    std::string{"HKLM\\OnlyAName"},
                                    std::string{"HKCU\\Software\\Value"},
                                    std::string{"HKLM\\Software\\\\Value"},
                                    std::string{"HKLM\\Software\\"},
                                    std::string{"HKLM/Software/Value"},
                                    std::string{"HKLM\\Soft\nware\\Value"},
                                    "HKLM\\" + std::string(256, 'k') + "\\Value"})
    {
        EXPECT_THROW(registry.Set(path, 1u), std::invalid_argument) << path;
        EXPECT_THROW(registry.Find(path), std::invalid_argument) << path;
    }
    try
    {
        registry.Set("HKCU\\Software\\Value", 1u);
    }
    catch (const std::invalid_argument& error)
    {
        EXPECT_NE(std::string{error.what()}.find("HKLM"), std::string::npos) << error.what();
    }
}

TEST(Registry, TakesRandomTextAsPathOrRefusesIt)
{
    RandomStream random{1, "registry", "test"};
    const std::string alphabet = "HKLMhklm\\aZ 0.:/\n\"";
    std::size_t refused = 0;
    for (int round = 0; round < 5000; ++round)
    {
        std::string path = round % 2 ? "HKLM\\" : "";
        for (std::uint64_t left = random.Below(20); left > 0; --left)
        {
            path += alphabet[random.Below(alphabet.size())];
        }
        Registry registry;
        try
        {
            registry.Set(path, 1u);
            EXPECT_TRUE(registry.Find(path));
        }
        catch (const std::invalid_argument&)
        {
            ++refused;
        }
    }
    EXPECT_GT(refused, 1000u);
    EXPECT_LT(refused, 5000u);
}

TEST(RegistryEffect, DependsOnTheRelease)
{
    struct Row
    {
        std::string path;
        System system;
        Effect effect;
    };

    const std::string dh = SERVICES + "RasMan\\Parameters\\NegotiateDH2048";
    const std::string assumeXp = SERVICES + "IPSec\\AssumeUDPEncapsulationContextOnSendRule";
    const std::string assumeVista =
        SERVICES + "PolicyAgent\\AssumeUDPEncapsulationContextOnSendRule";
    const Row rows[] = {
        {dh, Running(Release::WindowsServer2003), Effect::Modelled},
        {dh, Running(Release::WindowsXp, 2), Effect::NoEffectOnThisRelease},
        {dh, Running(Release::Windows2000, 4), Effect::NoEffectOnThisRelease},
        {dh + "_AES256", Running(Release::Windows7), Effect::Modelled},
        {dh + "_AES256", Running(Release::WindowsServer2003), Effect::NoEffectOnThisRelease},
        {assumeXp, Running(Release::WindowsXp, 2), Effect::Modelled},
        {assumeXp, Running(Release::WindowsXp, 1), Effect::NoEffectOnThisRelease},
        {assumeXp, Running(Release::Windows2000, 4), Effect::NoEffectOnThisRelease},
        {assumeXp, Running(Release::WindowsVista), Effect::NoEffectOnThisRelease},
        {assumeVista, Running(Release::WindowsVista), Effect::Modelled},
        {assumeVista, Running(Release::WindowsXp, 2), Effect::NoEffectOnThisRelease},
        {SERVICES + "IPSEC\\NoDefaultExempt", Running(Release::WindowsXp), Effect::NotModelled},
        {SERVICES + "RasMan\\Parameters\\ProhibitIpSec",
         Running(Release::Windows2000),
         Effect::Modelled},
        {SERVICES + "RasMan\\Parameters\\ProhibitIpSec",
         Running(Release::Windows98),
         Effect::NoEffectOnThisRelease},
        {SERVICES + "Tcpip\\Parameters\\EnablePMTUDiscovery",
         Running(Release::WindowsXp),
         Effect::Unknown},
    };
    for (const Row& row : rows)
    {
        EXPECT_EQ(EffectOf(row.path, row.system), row.effect)
            << row.path << " on " << NameOf(row.system.release);
    }
}

TEST(RegistryEffect, EachValueIsReadByItsComponentAlone)
{
    for (const KnownRegistryValue& row : KnownRegistryValues())
    {
        EXPECT_FALSE(row.releases.empty()) << row.path;
        EXPECT_LE(row.smallest, row.largest) << row.path;
        if (!row.modelled)
        {
            continue;
        }
        Registry registry;
        registry.Set(row.path, row.largest);
        const System system = Running(row.releases.back(), 3);
        for (const Component component : {Component::IpsecDriver,
                                          Component::L2tpDriver,
                                          Component::PolicyAgent,
                                          Component::RasMan})
        {
            HostConfig config = PlainHost();
            EXPECT_EQ(ApplyRegistry(registry, system, component, config).size(),
                      component == row.reader ? 1u : 0u)
                << row.path << " by " << NameOf(component);
        }
    }
}

TEST(RegistryEffect, PutsGroup14FirstOnServer2003)
{
    const System system = Running(Release::WindowsServer2003);
    Registry registry;
    HostConfig config = PlainHost();
    EXPECT_TRUE(ApplyRegistry(registry, system, Component::RasMan, config).empty());
    registry.Set(SERVICES + "RasMan\\Parameters\\NegotiateDH2048", 1u);
    for (int start = 0; start < 2; ++start) // a second start makes no difference
    {
        EXPECT_EQ(ApplyRegistry(registry, system, Component::RasMan, config).size(), 1u);
        ASSERT_EQ(config.ike->phase1.size(), 4u);
        EXPECT_EQ(config.ike->phase1[0].group, crypto::DhGroup::Modp2048);
        EXPECT_EQ(config.ike->phase1[0].auth, ike::AuthMethod::PresharedKey);
        EXPECT_EQ(config.ike->phase1[1].group, crypto::DhGroup::Modp2048);
        EXPECT_EQ(config.ike->phase1[1].auth, ike::AuthMethod::RsaSignature);
        EXPECT_EQ(config.ike->phase1[2].group, crypto::DhGroup::Modp1024);
    }
    registry.Set(SERVICES + "RasMan\\Parameters\\NegotiateDH2048", 0u);
    ApplyRegistry(registry, system, Component::RasMan, config);
    ASSERT_EQ(config.ike->phase1.size(), 2u);
    EXPECT_EQ(config.ike->phase1[0].group, crypto::DhGroup::Modp1024);
}

TEST(RegistryEffect, EnforcesAes256WithGroup14FromVistaOn)
{
    const System system = Running(Release::WindowsVista);
    Registry registry;
    registry.Set(SERVICES + "RasMan\\Parameters\\NegotiateDH2048_AES256", 1u);
    HostConfig config = PlainHost();
    ApplyRegistry(registry, system, Component::RasMan, config);
    ASSERT_EQ(config.ike->phase1.size(), 4u);
    EXPECT_EQ(config.ike->phase1[0].cipher, crypto::CipherAlgorithm::AesCbc);
    EXPECT_EQ(config.ike->phase1[0].keyBits, 256u);
    EXPECT_EQ(config.ike->phase1[0].group, crypto::DhGroup::Modp2048);

    registry.Set(SERVICES + "RasMan\\Parameters\\NegotiateDH2048_AES256", 2u);
    registry.Set(SERVICES + "RasMan\\Parameters\\AllowL2TPWeakCrypto", 1u);
    config = PlainHost();
    ApplyRegistry(registry, system, Component::RasMan, config);
    EXPECT_EQ(config.ike->phase1.size(), 2u);
    for (const ike::Phase1Transform& transform : config.ike->phase1)
    {
        EXPECT_EQ(transform.cipher, crypto::CipherAlgorithm::AesCbc);
    }
}

TEST(RegistryEffect, BringsBackWeakCryptoOnceOnly)
{
    const System system = Running(Release::Windows7);
    Registry registry;
    registry.Set(SERVICES + "RasMan\\Parameters\\AllowL2TPWeakCrypto", 1u);
    HostConfig config = PlainHost();
    ApplyRegistry(registry, system, Component::RasMan, config);
    const std::size_t phase1 = config.ike->phase1.size();
    EXPECT_EQ(phase1, 8u);
    EXPECT_EQ(config.ike->phase2.size(), 4u);
    ApplyRegistry(registry, system, Component::RasMan, config);
    EXPECT_EQ(config.ike->phase1.size(), phase1);
    EXPECT_EQ(config.ike->phase2.size(), 4u);
}

TEST(RegistryEffect, ChangesWhatItsNameSays)
{
    Registry registry;
    const auto set = [&](const std::string& path, std::uint32_t value)
    { registry.Set(SERVICES + path, value); };
    set("RasMan\\Parameters\\ProhibitIpSec", 1);
    set("IPSec\\AssumeUDPEncapsulationContextOnSendRule", 1);
    set("PolicyAgent\\Oakley\\EnableDOSProtect", 1);
    set("PolicyAgent\\Oakley\\EnableLogging", 1);
    set("RasL2tp\\Parameters\\HelloMs", 0);
    set("RasL2tp\\Parameters\\PayloadReceiveWindow", 16);
    set("RasL2tp\\Parameters\\MaxOutOfOrder", 5);
    set("RasL2tp\\Parameters\\IgnoreFramingMismatch", 0);
    set("RasMan\\PPP\\MaxConfigure", 4);
    set("RasMan\\PPP\\MaxTerminate", 1);
    set("RasMan\\PPP\\MaxFailure", 7);
    set("RasMan\\PPP\\MaxReject", 8);
    set("RasMan\\PPP\\RestartTimer", 9);
    set("RasMan\\PPP\\NegotiateTime", 60);
    const System system = Running(Release::WindowsXp, 2);
    HostConfig config = PlainHost();
    std::size_t sentences = 0;
    for (const Component component :
         {Component::IpsecDriver, Component::L2tpDriver, Component::PolicyAgent, Component::RasMan})
    {
        sentences += ApplyRegistry(registry, system, component, config).size();
    }
    EXPECT_EQ(sentences, registry.Values().size());
    EXPECT_EQ(config.ipsec.l2tp, IpsecConfig::L2tpPolicy::Clear);
    EXPECT_EQ(config.ike->responderBehindNat, ike::ResponderBehindNat::IfOnlyOne);
    EXPECT_EQ(config.ike->cookieThreshold, 0u);
    EXPECT_EQ(config.l2tp->helloInterval, Duration{0});
    EXPECT_EQ(config.l2tp->payloadReceiveWindow, 16);
    EXPECT_EQ(config.l2tp->maxOutOfOrder, 5);
    EXPECT_FALSE(config.l2tp->ignoreFramingMismatch);
    EXPECT_EQ(config.ppp->timers.maxConfigure, 4u);
    EXPECT_EQ(config.ppp->timers.maxTerminate, 1u);
    EXPECT_EQ(config.ppp->timers.maxFailure, 7u);
    EXPECT_EQ(config.ppp->timers.maxReject, 8u);
    EXPECT_EQ(config.ppp->timers.restart, seconds{9});
    EXPECT_EQ(config.ppp->timers.negotiate, seconds{60});
    EXPECT_EQ(OakleyLoggingAtStart(registry, system), true);
    EXPECT_EQ(OakleyLoggingAtStart(registry, Running(Release::WindowsVista)), std::nullopt);
    EXPECT_EQ(OakleyLoggingAtStart(Registry{}, system), std::nullopt);
}

TEST(RegistryEffect, ReportsAWrongTypeOrNumberAndChangesNothing)
{
    const System system = Running(Release::WindowsServer2003);
    const std::string path = SERVICES + "RasMan\\Parameters\\ProhibitIpSec";
    for (const RegistryValue& value : {RegistryValue{std::string{"1"}}, RegistryValue{5u}})
    {
        Registry registry;
        registry.Set(path, value);
        HostConfig config = PlainHost();
        const auto said = ApplyRegistry(registry, system, Component::RasMan, config);
        ASSERT_EQ(said.size(), 1u);
        EXPECT_NE(said[0].find("ignored: expected"), std::string::npos) << said[0];
        EXPECT_EQ(config.ipsec.l2tp, IpsecConfig::L2tpPolicy::Protect);
        EXPECT_NE(DescribeEffect(path, value, system).find("no effect"), std::string::npos);
    }
}

TEST(RegistryEffect, SaysWhatWritingAValueComesTo)
{
    const std::string dh = SERVICES + "RasMan\\Parameters\\NegotiateDH2048";
    const System server = Running(Release::WindowsServer2003);
    const System client = Running(Release::WindowsXp, 2);
    EXPECT_EQ(DescribeEffect(dh, 1u, server),
              "NegotiateDH2048: counts when Remote Access starts again");
    EXPECT_EQ(DescribeEffect(dh, 1u, client),
              "NegotiateDH2048: stored; windows-xp does not read it: clients with the update "
              "offer group 14 without it");
    EXPECT_EQ(DescribeEffect("HKLM\\A\\B", 1u, client), "B: stored; no effect of it is modelled");
    EXPECT_EQ(DescribeEffect(SERVICES + "IPSEC\\NoDefaultExempt", 1u, client),
              "NoDefaultExempt: stored; what it does is not modelled");
}
