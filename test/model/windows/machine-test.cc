// SPDX-License-Identifier: GPL-2.0-only
#include "model/windows/machine.h"

#include <algorithm>
#include <gtest/gtest.h>

using namespace nattlab;
using namespace nattlab::windows;

namespace
{

const std::string DH2048 =
    R"(HKLM\SYSTEM\CurrentControlSet\Services\RasMan\Parameters\NegotiateDH2048)";
const std::string PROHIBIT =
    R"(HKLM\SYSTEM\CurrentControlSet\Services\RasMan\Parameters\ProhibitIpSec)";
const std::string LOGGING =
    R"(HKLM\SYSTEM\CurrentControlSet\Services\PolicyAgent\Oakley\EnableLogging)";

Instant
At(int s)
{
    return Instant{seconds{s}};
}

Installation
Make(Release release, bool updated)
{
    Installation installation;
    installation.system.release = release;
    installation.system.servicePack = 1;
    installation.system.updated = updated;
    installation.config.name = "alice";
    ike::Phase1Transform transform;
    transform.group = crypto::DhGroup::Modp1024;
    installation.config.ike.Edit().phase1 = {transform};
    if (updated)
    {
        installation.config.ike.Edit().natT = {ike::NatTFlavor::Draft02N};
    }
    return installation;
}

Machine
MakeXp(Tools tools = Tools::None, Registry registry = {})
{
    return Machine("alice",
                   Make(Release::WindowsXp, false),
                   {{"KB818043", Make(Release::WindowsXp, true)}},
                   std::move(registry),
                   tools);
}

Machine
MakeServer(Registry registry = {})
{
    Installation installation = Make(Release::WindowsServer2003, true);
    installation.system.server = true;
    return Machine("office", installation, {}, std::move(registry), Tools::None);
}

bool
Offers2048(const HostConfig& config)
{
    return std::any_of(config.ike->phase1.begin(),
                       config.ike->phase1.end(),
                       [](const ike::Phase1Transform& t)
                       { return t.group == crypto::DhGroup::Modp2048; });
}

bool
Noted(Machine& machine, const std::string& text)
{
    const std::vector<Note> notes = machine.TakeNotes();
    return std::any_of(
        notes.begin(),
        notes.end(),
        [&](const Note& note)
        { return (note.subject + ": " + note.detail).find(text) != std::string::npos; });
}

} // namespace

TEST(Machine, AnUpdateTakesEffectAtTheNextBootAndNotBefore)
{
    Machine machine = MakeXp();
    EXPECT_TRUE(machine.Boot(At(0)).ike->natT.empty());
    machine.Install("KB818043");
    EXPECT_TRUE(Noted(machine, "wait for a reboot"));
    EXPECT_FALSE(machine.Running().updated);
    EXPECT_TRUE(machine.Start(Service::Ipsec, At(10)).ike->natT.empty())
        << "a service that starts again runs the old files";
    EXPECT_FALSE(machine.Boot(At(20)).ike->natT.empty());
    EXPECT_TRUE(machine.Running().updated);
}

TEST(Machine, ARemovedUpdateWorksUntilTheNextBoot)
{
    Machine machine = MakeXp();
    machine.Install("KB818043");
    machine.Boot(At(0));
    machine.Remove("KB818043");
    EXPECT_TRUE(machine.Running().updated);
    EXPECT_TRUE(machine.Boot(At(10)).ike->natT.empty());
    EXPECT_FALSE(machine.Running().updated);
}

TEST(Machine, AnUpdateThatIsRemovedBeforeTheBootNeverTakesEffect)
{
    Machine machine = MakeXp();
    machine.Boot(At(0));
    machine.Install("KB818043");
    machine.Remove("KB818043");
    EXPECT_TRUE(machine.Boot(At(10)).ike->natT.empty());
    machine.Remove("KB818043");
    EXPECT_TRUE(Noted(machine, "is not installed"));
}

TEST(Machine, SetUpUpgradesToolsThatAreThereAndBringsNone)
{
    Machine with = MakeXp(Tools::Old);
    with.Boot(At(0));
    EXPECT_FALSE(with.Running().newTools);
    with.Install("KB818043");
    with.Boot(At(10));
    EXPECT_TRUE(with.Running().newTools);
    EXPECT_EQ(with.RunTool("ipseccmd show sas", {}).exitCode, 0);

    Machine without = MakeXp(Tools::None);
    without.Install("KB818043");
    without.Boot(At(0));
    const ToolResult none = without.RunTool("ipseccmd show sas", {});
    EXPECT_NE(none.exitCode, 0);
    EXPECT_NE(none.text.find("not installed"), std::string::npos);
    without.InstallTools(Tools::Old);
    EXPECT_NE(without.RunTool("ipseccmd show sas", {}).exitCode, 0)
        << "old tools fail on an updated system";
}

TEST(Machine, RemovingTheUpdateBringsTheOldToolsBack)
{
    Machine machine = MakeXp(Tools::Old);
    machine.Install("KB818043");
    machine.Boot(At(0));
    machine.Remove("KB818043");
    EXPECT_TRUE(machine.Running().newTools);
    machine.Boot(At(10));
    EXPECT_FALSE(machine.Running().newTools);
}

TEST(Machine, ARegistryValueCountsWhenItsReaderStarts)
{
    Machine machine = MakeServer();
    EXPECT_FALSE(Offers2048(machine.Boot(At(0))));
    machine.SetRegistry(DH2048, std::uint32_t{1});
    EXPECT_FALSE(Offers2048(machine.Start(Service::Ipsec, At(10)))) << "RasMan reads it";
    EXPECT_TRUE(Offers2048(machine.Start(Service::RemoteAccess, At(20))));
    machine.DeleteRegistry(DH2048);
    EXPECT_TRUE(Offers2048(machine.Start(Service::Ipsec, At(30))));
    EXPECT_FALSE(Offers2048(machine.Start(Service::RemoteAccess, At(40))));
}

TEST(Machine, ABootReadsEveryValue)
{
    Registry registry;
    registry.Set(DH2048, std::uint32_t{1});
    registry.Set(PROHIBIT, std::uint32_t{1});
    Machine machine = MakeServer(registry);
    const HostConfig config = machine.Boot(At(0));
    EXPECT_TRUE(Offers2048(config));
    EXPECT_EQ(config.ipsec.l2tp, IpsecConfig::L2tpPolicy::Clear);
}

TEST(Machine, AnUnknownValueIsStoredAndReported)
{
    Machine machine = MakeXp();
    machine.SetRegistry(R"(HKLM\SOFTWARE\Lab\Colour)", std::string("green"));
    EXPECT_TRUE(Noted(machine, "no effect of it is modelled"));
    ASSERT_NE(machine.GetRegistry().Find(R"(HKEY_LOCAL_MACHINE\software\lab\colour)"), nullptr);
    EXPECT_THROW(machine.SetRegistry("colour", std::uint32_t{1}), std::invalid_argument);
}

TEST(Machine, LoggingIsOnWhileTheToolOrTheRegistrySaysSo)
{
    Machine machine = MakeXp(Tools::Old);
    machine.Install("KB818043");
    machine.Boot(At(0));
    IpsecStatus status;
    status.now = At(10);
    EXPECT_EQ(machine.RunTool("ipseccmd set logike", status).exitCode, 0);
    status.now = At(20);
    EXPECT_EQ(machine.RunTool("ipseccmd set dontlogike", status).exitCode, 0);
    machine.SetRegistry(LOGGING, std::uint32_t{1});
    machine.Start(Service::Ipsec, At(30));
    using Period = std::pair<Instant, Instant>;
    EXPECT_EQ(machine.LoggingPeriods(At(50)),
              (std::vector<Period>{{At(10), At(20)}, {At(30), At(50)}}));
}

TEST(Machine, AStoredPolicyOutlivesABootAndDynamicRulesDoNot)
{
    Machine machine = MakeXp(Tools::Old);
    machine.Install("KB818043");
    machine.Boot(At(0));
    machine.TakePolicyChange();
    const ToolResult stored =
        machine.RunTool(R"(ipseccmd -w REG -p "Lab" -r "No ping" -f 0+*::ICMP -n BLOCK -x)", {});
    ASSERT_EQ(stored.exitCode, 0) << stored.text;
    EXPECT_TRUE(machine.TakePolicyChange());
    EXPECT_FALSE(machine.TakePolicyChange()) << "it is told once";
    ASSERT_TRUE(machine.AssignedPolicy());
    EXPECT_EQ(machine.AssignedPolicy()->name, "Lab");
    const ToolResult dynamic = machine.RunTool("ipseccmd -f 0+*:1701:UDP -n BLOCK", {});
    ASSERT_EQ(dynamic.exitCode, 0) << dynamic.text;
    EXPECT_EQ(machine.DynamicRules().size(), 1u);
    machine.Boot(At(10));
    EXPECT_TRUE(machine.TakePolicyChange());
    EXPECT_TRUE(machine.AssignedPolicy());
    EXPECT_TRUE(machine.DynamicRules().empty());
}

TEST(Machine, ALineWithAnOpenQuoteIsRefused)
{
    Machine machine = MakeXp(Tools::Old);
    EXPECT_EQ(machine.RunTool("ipseccmd -p \"Lab", {}).exitCode, 1);
}
