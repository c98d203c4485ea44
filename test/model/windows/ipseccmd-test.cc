// SPDX-License-Identifier: GPL-2.0-only
#include "model/windows/ipseccmd.h"

#include "model/crypto/random.h"

#include <gtest/gtest.h>

#include <stdexcept>

using namespace nattlab;
using namespace nattlab::windows;

namespace
{

using Action = PolicyRule::Action;

/** A client with a tool that fits its system. */
ToolContext
Context(Release release, bool updated)
{
    ToolContext context;
    context.system.release = release;
    context.system.updated = updated;
    context.system.newTools = updated;
    context.computer = "alice";
    context.status.address = {0xC0A80002};
    return context;
}

const ToolContext NEW_XP = Context(Release::WindowsXp, true);

ToolResult
Type(const std::string& line, const ToolContext& context = NEW_XP)
{
    return RunIpseccmd(SplitCommandLine(line), context);
}

/** The one change of a command that must succeed. */
template <typename T>
T
Only(const ToolResult& result)
{
    EXPECT_EQ(result.exitCode, 0) << result.text;
    EXPECT_EQ(result.changes.size(), 1u);
    if (result.changes.size() != 1 || !std::holds_alternative<T>(result.changes[0]))
    {
        ADD_FAILURE() << "another change, or none: " << result.text;
        return {};
    }
    return std::get<T>(result.changes[0]);
}

bool
Says(const ToolResult& result, const std::string& text)
{
    return result.text.find(text) != std::string::npos;
}

} // namespace

TEST(Ipseccmd, SplitsACommandLineAtBlanksOutsideOfQuotes)
{
    EXPECT_EQ(SplitCommandLine("  -p \"Two words\"  -a PRESHARE:\"a key\" \"\""),
              (std::vector<std::string>{"-p", "Two words", "-a", "PRESHARE:a key", ""}));
    EXPECT_TRUE(SplitCommandLine(" \t ").empty());
    EXPECT_THROW(SplitCommandLine("-p \"open"), std::invalid_argument);
}

TEST(Ipseccmd, ReadsFilters)
{
    struct Row
    {
        std::string filter;
        std::string selector;
        bool mirrored;
        bool local;
    };

    const Row rows[] = {
        {"*=0:1434:UDP", "udp 0.0.0.0/0:any <> 192.168.0.2/32:1434", false, false},
        {"0=*:1434:UDP", "udp 192.168.0.2/32:any <> 0.0.0.0/0:1434", false, true},
        {"*+0:135:TCP", "tcp 0.0.0.0/0:any <> 192.168.0.2/32:135", true, false},
        {"0:80+*::TCP", "tcp 192.168.0.2/32:80 <> 0.0.0.0/0:any", true, true},
        {"0/255.255.255.255=198.51.100.5/255.255.255.255::",
         "any 192.168.0.2/32:any <> 198.51.100.5/32:any",
         false,
         true},
        {"144.92.*.*=10.1.2.3/8::ICMP", "icmp 144.92.0.0/16:any <> 10.0.0.0/8:any", false, false},
        {"10.0.0.0/255.0.0.0=*::47", "gre 10.0.0.0/8:any <> 0.0.0.0/0:any", false, false},
    };
    for (const Row& row : rows)
    {
        const auto added = Only<AddDynamic>(Type("ipseccmd -f " + row.filter + " -n BLOCK"));
        ASSERT_EQ(added.rule.filters.size(), 1u) << row.filter;
        const PolicyFilter& filter = added.rule.filters[0];
        EXPECT_EQ(filter.selector.ToString(), row.selector) << row.filter;
        EXPECT_EQ(filter.mirrored, row.mirrored) << row.filter;
        EXPECT_EQ(filter.local, row.local) << row.filter;
        EXPECT_EQ(added.rule.action, Action::Block);
    }
}

TEST(Ipseccmd, RefusesBadFiltersByName)
{
    for (const char* filter : {"*",
                               "=",
                               "*=0:TCP",
                               "*=0:80",
                               "*=0:80:ICMP",
                               "*=0:65536:TCP",
                               "*=0:1:TCP:2",
                               "*:1:2=0",
                               "*=server:80:TCP",
                               "*=10.0.0.0/33",
                               "*=10.0.0.0/255.0.255.0",
                               "10.*.1.2=*",
                               "*=0::300",
                               "(*=0",
                               "[",
                               "DEFAULT",
                               "0/24=*"})
    {
        const ToolResult result = Type(std::string{"-f "} + filter + " -n BLOCK");
        EXPECT_EQ(result.exitCode, 1) << filter;
        EXPECT_TRUE(result.changes.empty()) << filter;
        EXPECT_TRUE(Says(result, filter)) << result.text;
    }
}

TEST(Ipseccmd, TakesTheActionFromBracketsAroundAFilter)
{
    const auto blocked = Only<AddDynamic>(Type("-f [*=0:80:TCP]"));
    EXPECT_EQ(blocked.rule.action, Action::Block);
    const auto passed = Only<AddDynamic>(Type("-f (*=0:80:TCP)"));
    EXPECT_EQ(passed.rule.action, Action::Permit);
    const ToolResult both = Type("-f [*=0] (*=0:80:TCP)");
    ASSERT_EQ(both.changes.size(), 2u) << both.text;
    const auto& narrow = std::get<AddDynamic>(both.changes[0]).rule;
    EXPECT_EQ(narrow.action, Action::Permit);
    EXPECT_EQ(narrow.name, "Dynamic 1 (permit)");
}

TEST(Ipseccmd, ReadsMethodsOfNegotiation)
{
    const auto added = Only<AddDynamic>(
        Type("-f 0:1701+*:1701:UDP -n ESP[3DES,SHA] esp[des,md5]50000K/900SP2 ESP[NONE,SHA]60S "
             "-a PRESHARE:\"secret key\" -lan"));
    const PolicyRule& rule = added.rule;
    EXPECT_EQ(rule.action, Action::Negotiate);
    ASSERT_EQ(rule.proposals.size(), 3u);
    EXPECT_EQ(rule.proposals[0].cipher, crypto::CipherAlgorithm::TripleDesCbc);
    EXPECT_EQ(rule.proposals[0].lifeSeconds, 3600u);
    EXPECT_EQ(rule.proposals[1].integrity, crypto::HashAlgorithm::Md5);
    EXPECT_EQ(rule.proposals[1].lifeKilobytes, 50000u);
    EXPECT_EQ(rule.proposals[1].lifeSeconds, 900u);
    EXPECT_EQ(rule.proposals[1].pfs, crypto::DhGroup::Modp1024);
    EXPECT_EQ(rule.proposals[2].cipher, crypto::CipherAlgorithm::Null);
    const std::string key = "secret key";
    EXPECT_EQ(rule.presharedKey, (Bytes{key.begin(), key.end()}));
    EXPECT_FALSE(rule.certificate);

    const auto byCertificate = Only<AddDynamic>(Type("-f 0:1701+*:1701:UDP -a CERT:\"CN=Root\""));
    EXPECT_TRUE(byCertificate.rule.certificate);
    EXPECT_TRUE(byCertificate.rule.proposals.empty());
}

TEST(Ipseccmd, RefusesWhatIsNotModelled)
{
    const std::string l2tp = "-f 0:1701+*:1701:UDP ";
    const std::vector<std::string> lines{
        "-f 0+*:80:TCP -n ESP[3DES,SHA] -a PRESHARE:k",
        "-f 0+* -a PRESHARE:k",
        l2tp + "-n ESP[3DES,SHA]",
        l2tp + "-a KERBEROS",
        l2tp + "-n AH[SHA] -a PRESHARE:k",
        l2tp + "-n AH[SHA]+ESP[3DES,NONE] -a PRESHARE:k",
        l2tp + "-n ESP[3DES,NONE] -a PRESHARE:k",
        l2tp + "-n INPASS -a PRESHARE:k",
        l2tp + "-n BLOCK -t 192.0.2.1",
        l2tp + "-n BLOCK -soft",
        l2tp + "-n BLOCK -dialup",
        l2tp + "-n BLOCK -1p",
        l2tp + "-n BLOCK -1e 60",
        l2tp + "-n BLOCK -1f 0=*",
        l2tp + "-n BLOCK -1s 3DES-SHA-2",
        l2tp + "-n BLOCK -1k 10Q/3600S",
        "-w DS:example.com -p P -x",
        "-w REG:other -p P -x",
        "\\\\bob -u",
    };
    for (const std::string& line : lines)
    {
        const ToolResult result = Type(line);
        EXPECT_EQ(result.exitCode, 1) << line;
        EXPECT_TRUE(Says(result, "not modelled")) << line << ": " << result.text;
        EXPECT_TRUE(result.changes.empty()) << line;
    }
}

TEST(Ipseccmd, RefusesWrongUse)
{
    for (const char* line : {"-bogus",
                             "-f",
                             "-n BLOCK",
                             "-f 0=* -n BLOCK PASS",
                             "-f 0=* -n ESP",
                             "-f 0=* -n ESP[3DES,SHA]9X",
                             "-f 0=* -n ESP[3DES,SHA]99999999999S",
                             "-f 0=* -n ESP[3DES,SHA]12",
                             "-f 0=* -n ESP[3DES,SHA]P9",
                             "-f 0=* -n ESP]3DES,SHA[",
                             "-f 0=* -n ESP[AES,SHA]",
                             "-f 0=* -a PRESHARE:",
                             "-f 0=* -n BLOCK -p X",
                             "-u -f 0=*",
                             "-x",
                             "-w REG -x",
                             "-w REG -p P -f 0=* -n BLOCK",
                             "-w REG -p P -f 0=* -n BLOCK -r A -r B",
                             "-w REG -p P -r A -n BLOCK",
                             "-w REG -p P -x -y",
                             "-w REG -p P -confirm",
                             "-w REG -p P -y",
                             "-w REG -p P -o",
                             "-w REG -p P -x",
                             "-w REG -p P:often",
                             "-w REG -p :5",
                             "-w REG -p P -r A -f 0=* -n BLOCK -1s 3DES-SHA",
                             "-w REG -p P -r A -f 0=* -n BLOCK -1s NONE-SHA-2",
                             "-w REG -p P -r A -f 0=* -n BLOCK -1s 3DES-SHA-9",
                             "show",
                             "show me",
                             "set",
                             "set logike now"})
    {
        const ToolResult result = Type(line);
        EXPECT_EQ(result.exitCode, 1) << line;
        EXPECT_EQ(result.text.rfind("Error: ", 0), 0u) << line;
        EXPECT_TRUE(result.changes.empty()) << line;
    }
}

TEST(Ipseccmd, StoresAndAssignsAPolicy)
{
    ToolContext context = NEW_XP;
    const ToolResult first = Type("ipseccmd.exe -w REG -p \"Block 1434:30\" -r \"In\" "
                                  "-f *=0:1434:UDP -n BLOCK -x",
                                  context);
    ASSERT_EQ(first.changes.size(), 2u) << first.text;
    const IpsecPolicy policy = std::get<StorePolicy>(first.changes[0]).policy;
    EXPECT_EQ(policy.name, "Block 1434");
    EXPECT_EQ(policy.pollInterval, minutes{30});
    EXPECT_EQ(policy.rules.at(0).name, "In");
    EXPECT_EQ(std::get<AssignPolicy>(first.changes[1]).name, "Block 1434");

    context.stored = {policy};
    context.assigned = "Block 1434";
    const auto second = Only<StorePolicy>(
        Type("-w REG -p \"block 1434\" -r Out -f 0=*:1434:UDP -n BLOCK", context));
    EXPECT_EQ(second.policy.name, "Block 1434");
    EXPECT_EQ(second.policy.rules.size(), 2u);
    const auto changed =
        Only<StorePolicy>(Type("-w REG -p \"Block 1434\" -r IN -f *=0:80:TCP -n PASS", context));
    ASSERT_EQ(changed.policy.rules.size(), 1u);
    EXPECT_EQ(changed.policy.rules[0].action, Action::Permit);

    const ToolResult other = Type("-w REG -p Other -r R -f 0=* -n BLOCK -x", context);
    EXPECT_TRUE(Says(other, "\"Block 1434\" is not assigned any more")) << other.text;
}

TEST(Ipseccmd, PutsTheNarrowerRuleFirst)
{
    ToolContext context = NEW_XP;
    context.stored = {
        Only<StorePolicy>(Type("-w REG -p P -r Blocker -n BLOCK -f 0+*", context)).policy};
    const IpsecPolicy policy =
        Only<StorePolicy>(Type("-w REG -p P -r Http -n PASS -f 0:80+*::TCP", context)).policy;
    ASSERT_EQ(policy.rules.size(), 2u);
    EXPECT_EQ(policy.rules[0].name, "Http");
    EXPECT_EQ(policy.rules[1].name, "Blocker");
}

TEST(Ipseccmd, StoresTheMethodsOfMainMode)
{
    const IpsecPolicy policy =
        Only<StorePolicy>(Type("-w REG -p P -r R -f 0:1701+*:1701:UDP -a PRESHARE:k CERT:ca "
                               "-1s 3DES-SHA-3 DES-MD5-1 -1k 600S"))
            .policy;
    ASSERT_EQ(policy.phase1.size(), 4u);
    EXPECT_EQ(policy.phase1[0].group, crypto::DhGroup::Modp2048);
    EXPECT_EQ(policy.phase1[0].lifeSeconds, 600u);
    EXPECT_EQ(policy.phase1[1].cipher, crypto::CipherAlgorithm::DesCbc);
    EXPECT_EQ(policy.phase1[3].auth, ike::AuthMethod::RsaSignature);
    const ToolContext old = Context(Release::Windows2000, false);
    EXPECT_EQ(
        Type("-w REG -p P -r R -f 0:1701+*:1701:UDP -a PRESHARE:k -1s 3DES-SHA-3", old).exitCode,
        1);
}

TEST(Ipseccmd, UnassignsAndDeletesAPolicy)
{
    ToolContext context = NEW_XP;
    IpsecPolicy policy;
    policy.name = "P";
    context.stored = {policy};
    EXPECT_TRUE(Says(Type("-w REG -p P -y", context), "was not assigned"));
    EXPECT_EQ(Only<AssignPolicy>(Type("-w REG -p p -x", context)).name, "P");
    context.assigned = "P";
    Only<UnassignPolicy>(Type("-w REG -p p -y", context));
    for (const char* line : {"-w REG -p P -o", "-w REG -p P -y -o", "-w REG -p P -r A -r B -o"})
    {
        const ToolResult result = Type(line, context);
        ASSERT_EQ(result.changes.size(), 2u) << line;
        EXPECT_TRUE(std::holds_alternative<UnassignPolicy>(result.changes[0]));
        EXPECT_EQ(std::get<DeletePolicy>(result.changes[1]).name, "P");
    }
}

TEST(Ipseccmd, DeletesDynamicRules)
{
    ToolContext context = NEW_XP;
    context.dynamic.resize(2);
    const ToolResult result = Type("\\\\ALICE -u -confirm", context);
    Only<DeleteDynamic>(result);
    EXPECT_TRUE(Says(result, "Deleted 2 dynamic rules"));
    EXPECT_TRUE(Says(result, "Confirmed"));
}

TEST(Ipseccmd, TheUpdatedToolSwitchesLogging)
{
    EXPECT_TRUE(Only<SetLogging>(Type("set logike")).on);
    EXPECT_FALSE(Only<SetLogging>(Type("SET DontLogIke")).on);
}

TEST(Ipseccmd, KnowsWhatItsVersionKnows)
{
    struct Row
    {
        Release release;
        bool updated;
        std::string line;
        bool works;
    };

    const std::string stored = "-w REG -p P -r R -f 0=* -n BLOCK";
    const Row rows[] = {
        {Release::WindowsXp, true, "show gpo", true},
        {Release::WindowsXp, true, "set logike", true},
        {Release::WindowsXp, true, stored, true},
        {Release::WindowsXp, true, "show all", true},
        {Release::WindowsXp, false, "show gpo", false},
        {Release::WindowsXp, false, "set logike", false},
        {Release::WindowsXp, false, stored, false},
        {Release::WindowsXp, false, "show all", true},
        {Release::WindowsXp, false, "-f 0=* -n BLOCK", true},
        {Release::Windows2000, true, "show gpo", true},
        {Release::Windows2000, false, stored, true},
        {Release::Windows2000, false, "show all", false},
        {Release::Windows2000, false, "-f 0=* -n BLOCK", true},
    };
    for (const Row& row : rows)
    {
        const ToolResult result = Type(row.line, Context(row.release, row.updated));
        EXPECT_EQ(result.exitCode, row.works ? 0 : 1) << row.line << ": " << result.text;
        EXPECT_EQ(Says(result, "unknown option"), !row.works) << row.line << ": " << result.text;
    }
    ToolContext documented = Context(Release::WindowsXp, false);
    documented.rules.oldIpseccmdStores = true;
    EXPECT_EQ(Type(stored, documented).exitCode, 0);
}

TEST(Ipseccmd, FailsWhenToolAndSystemAreOfDifferentVersions)
{
    ToolContext oldTool = Context(Release::WindowsXp, true);
    oldTool.system.newTools = false;
    ToolContext newTool = Context(Release::WindowsXp, false);
    newTool.system.newTools = true;
    for (const ToolContext& context : {oldTool, newTool})
    {
        for (const char* line : {"show all", "-f 0=* -n BLOCK", "-?"})
        {
            const ToolResult result = Type(line, context);
            EXPECT_EQ(result.exitCode, 1) << line;
            EXPECT_TRUE(Says(result, "version")) << result.text;
            EXPECT_TRUE(result.changes.empty());
        }
    }
    newTool.rules.newToolNeedsUpdate = false;
    EXPECT_EQ(Type("show all", newTool).exitCode, 0);
    oldTool.rules.oldToolFailsOnUpdate = false;
    EXPECT_EQ(Type("show all", oldTool).exitCode, 0);
}

TEST(Ipseccmd, IsNotOnEveryRelease)
{
    EXPECT_TRUE(
        Says(Type("ipseccmd show all", Context(Release::WindowsServer2003, false)), "netsh"));
    EXPECT_TRUE(Says(Type("show all", Context(Release::Windows7, false)), "netsh"));
    EXPECT_EQ(Type("show all", Context(Release::Windows98, false)).exitCode, 1);
    EXPECT_TRUE(Says(Type("ipseccmd -u", Context(Release::Windows2000, true)), "ipsecpol"));
    EXPECT_TRUE(Says(Type("ipsecpol -u", NEW_XP), "ipseccmd"));
    EXPECT_EQ(Type("IPSECPOL.EXE -u", Context(Release::Windows2000, true)).exitCode, 0);
}

TEST(Ipseccmd, NeedsTheServiceExceptForTheRegistry)
{
    ToolContext context = NEW_XP;
    context.status.running = false;
    EXPECT_TRUE(Says(Type("show sas", context), "not running"));
    EXPECT_TRUE(Says(Type("-u", context), "not running"));
    EXPECT_TRUE(Says(Type("set logike", context), "not running"));
    EXPECT_EQ(Type("-w REG -p P -r R -f 0=* -n BLOCK", context).exitCode, 0);
    EXPECT_EQ(Type("-?", context).exitCode, 0);
}

TEST(Ipseccmd, ShowsTheAssignedPolicy)
{
    ToolContext context = NEW_XP;
    EXPECT_TRUE(Says(Type("show gpo", context), "none"));
    context.status.policy =
        std::get<StorePolicy>(
            Type("-w REG -p Office -r R -f *=0:1434:UDP -n BLOCK", context).changes.at(0))
            .policy;
    context.dynamic = {Only<AddDynamic>(Type("-f 0:1701+*:1701:UDP -a PRESHARE:k", context)).rule};
    const ToolResult gpo = Type("show gpo", context);
    EXPECT_TRUE(Says(gpo, "Name: Office")) << gpo.text;
    EXPECT_TRUE(Says(gpo, "180 minutes")) << gpo.text;
    EXPECT_TRUE(Says(gpo, "\"R\": block, udp 0.0.0.0/0:any <> 192.168.0.2/32:1434")) << gpo.text;
    const ToolResult all = Type("show all", context);
    for (const char* title : {"Active IPsec policy",
                              "Filters",
                              "Rules of dynamic",
                              "\"Dynamic 1\": Preshared Key",
                              "Main Mode Statistics",
                              "Quick Mode Security Associations"})
    {
        EXPECT_TRUE(Says(all, title)) << title << " in " << all.text;
    }
    const ToolResult two = Type("show filters sas", context);
    EXPECT_TRUE(Says(two, "Filters"));
    EXPECT_FALSE(Says(two, "Statistics"));
}

TEST(Ipseccmd, HelpsWithWhatItHas)
{
    for (const char* line : {"", "-?", "ipseccmd /?", "-f 0=* -?"})
    {
        const ToolResult help = Type(line);
        EXPECT_EQ(help.exitCode, 0);
        EXPECT_TRUE(Says(help, "set logike|dontlogike"));
        EXPECT_TRUE(Says(help, "gpo|filters|policies|auth|stats|sas|all"));
        EXPECT_TRUE(Says(help, "-w REG"));
    }
    const ToolResult old = Type("-?", Context(Release::WindowsXp, false));
    EXPECT_FALSE(Says(old, "logike"));
    EXPECT_FALSE(Says(old, "gpo"));
    EXPECT_FALSE(Says(old, "-w REG "));
}

TEST(Ipseccmd, AnswersRandomWordsWithATextAndNoChangeWhenItFails)
{
    const std::vector<std::string> pieces{
        "-f",  "*", "=",  "+",  "0",    ":",    "/",   "TCP", "UDP",        "1701",
        "[",   "]", "(",  ")",  "-n",   "ESP[", ",",   "SHA", "3DES",       "K",
        "S",   "P", "-a", "-w", "REG",  "-p",   "-r",  "-x",  "PRESHARE:",  "-1s",
        "-1k", "-", "9",  "-u", "show", "all",  "set", "gpo", "\\\\alice",  "BLOCK",
        " ",   " ", " ",  " ",  " ",    "AH[",  "-o",  "-y",  "4294967296", "."};
    RandomStream random{7, "ipseccmd", "test"};
    std::size_t worked = 0;
    for (int round = 0; round < 20000; ++round)
    {
        std::string line;
        for (std::uint64_t left = random.Below(16); left > 0; --left)
        {
            line += pieces[random.Below(pieces.size())];
        }
        const ToolResult result = Type(line);
        worked += result.exitCode == 0 ? 1 : 0;
        EXPECT_TRUE(result.exitCode == 0 || result.changes.empty()) << line;
        EXPECT_FALSE(result.text.empty()) << line;
    }
    EXPECT_GT(worked, 0u);
}
