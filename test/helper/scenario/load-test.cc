// SPDX-License-Identifier: GPL-2.0-only
#include "helper/scenario/load.h"

#include <gtest/gtest.h>

#include <cstdlib>
#include <string>
#include <utility>
#include <vector>

using namespace nattlab;
using namespace nattlab::scenario;

namespace
{

using Overrides = std::vector<std::pair<std::string, std::string>>;

const std::string ARTICLE = NATTLAB_SOURCE_DIR "/scenarios/article/";

Scenario
LoadArticle(const std::string& name, const Overrides& overrides = {})
{
    LoadOptions options;
    options.file = ARTICLE + name + ".json";
    options.overrides = overrides;
    return Load(options);
}

std::string
Refusal(const std::string& name, const Overrides& overrides)
{
    try
    {
        LoadArticle(name, overrides);
    }
    catch (const ScenarioErrors& errors)
    {
        return errors.what();
    }
    return "accepted";
}

} // namespace

TEST(Load, GivesTypedTopology)
{
    const Scenario scenario = LoadArticle("xp-behind-home-nat");
    ASSERT_EQ(scenario.links.size(), 3U);
    const Link* access = scenario.FindLink("access");
    ASSERT_NE(access, nullptr);
    EXPECT_EQ(access->rate, 512000.0);
    EXPECT_EQ(access->delay, milliseconds{10});
    EXPECT_EQ(access->mtu, 1500U);
    EXPECT_EQ(access->queue, 50U);
    const Host* client = scenario.FindHost("client");
    ASSERT_NE(client, nullptr);
    EXPECT_EQ(client->at.address.ToString(), "192.168.1.10/24");
    EXPECT_EQ(client->gateway->ToString(), "192.168.1.1");
    EXPECT_EQ(client->errors, "windows-xp");
    EXPECT_FALSE(client->server);
    const Host* server = scenario.FindHost("server");
    ASSERT_TRUE(server && server->server);
    EXPECT_EQ(server->server->users.size(), 2U);
    EXPECT_EQ(server->server->pool.last.ToString(), "10.0.0.199");
    EXPECT_EQ(server->server->ports, 128U);
    const Box* home = scenario.FindBox("home");
    ASSERT_TRUE(home && home->nat);
    EXPECT_FALSE(home->firewall);
    ASSERT_EQ(home->interfaces.size(), 2U);
    EXPECT_EQ(home->interfaces[0].side, Side::Inside);
    EXPECT_EQ(home->interfaces[1].side, Side::Outside);
    EXPECT_EQ(home->interfaces[1].at.rate, 128000.0);
    EXPECT_EQ(scenario.FindHost("nobody"), nullptr);
}

TEST(Load, MergesSystemPresetsThroughAllGenerations)
{
    const Scenario scenario = LoadArticle("xp-behind-home-nat");
    const Section& ike = scenario.FindHost("client")->ike;
    EXPECT_EQ(ike.pointer, "/hosts/client/ike");
    EXPECT_EQ(ike.Texts("natTraversal"), std::vector<std::string>{"draft-02n"}); // the update
    EXPECT_EQ(ike.Text("natOa", ""), "only-if-behind-nat");                      // all Windows
    const auto phase1 = ike.Items("phase1");
    ASSERT_EQ(phase1.size(), 5U);
    EXPECT_EQ(phase1[0].Number("group", 0), 14U);
    EXPECT_EQ(phase1[0].pointer, "/hosts/client/ike/phase1/0");
    EXPECT_EQ(ike.Times("retransmitGaps").at(5), seconds{32});
    EXPECT_EQ(scenario.FindHost("client")->l2tp.Number("firmwareRevision", 0), 0x501U); // XP
    EXPECT_FALSE(scenario.FindHost("server")->ppp.Has("callback"));
    EXPECT_EQ(scenario.FindHost("client")->ppp.Number("callback", 0), 6U);
}

TEST(Load, FindsTheServerThatAnAddressLeadsTo)
{
    const auto direct = LoadArticle("no-nat").connections.at(0);
    EXPECT_EQ(direct.to, "server");
    EXPECT_EQ(direct.server.ToString(), "198.51.100.10");
    EXPECT_EQ(direct.serverHost, "server");
    const auto forwarded = LoadArticle("server-behind-nat").connections.at(0);
    EXPECT_EQ(forwarded.to, "");
    EXPECT_EQ(forwarded.server.ToString(), "198.51.100.2");
    EXPECT_EQ(forwarded.serverHost, "server");
    const auto nobody = LoadArticle("no-nat", {{"/connections/vpn/to", "198.51.100.77"}});
    EXPECT_EQ(nobody.connections.at(0).serverHost, "");
}

TEST(Load, FillsDefaultsOfConnectionsAndTraffic)
{
    const Scenario scenario = LoadArticle("no-nat",
                                          {{"/connections/vpn/start", "null"},
                                           {"/traffic/probe/kind", "probe"},
                                           {"/traffic/probe/from", "client"},
                                           {"/traffic/probe/to", "server"},
                                           {"/traffic/bulk/kind", "tcp"},
                                           {"/traffic/bulk/connection", "vpn"}});
    EXPECT_EQ(scenario.duration, seconds{180});
    EXPECT_EQ(scenario.seed, 1U);
    EXPECT_EQ(scenario.connections.at(0).start, seconds{1});
    ASSERT_EQ(scenario.traffic.size(), 3U); // bulk, ping, probe
    EXPECT_EQ(scenario.traffic[0].bytes, 102400U);
    EXPECT_EQ(scenario.traffic[1].kind, TrafficKind::Ping);
    EXPECT_EQ(scenario.traffic[1].interval, seconds{1});
    EXPECT_EQ(scenario.traffic[2].protocol, 17);
    EXPECT_EQ(scenario.traffic[2].port, 9);
    EXPECT_EQ(scenario.traffic[2].to.ToString(), "198.51.100.10");
}

TEST(Load, SortsTheTimetableAndMergesFirewallChanges)
{
    const Scenario scenario = LoadArticle(
        "closed-udp-500-nat",
        {{"/timetable", R"([{"at": "9 s", "action": "reboot", "box": "home", "downTime": "2 s"},
                            {"at": "5 s", "action": "change-firewall", "box": "isp",
                             "firewall": {"rules": []}},
                            {"at": "9 s", "action": "link-down", "link": "lan"},
                            {"at": "7 s", "action": "change-firewall", "box": "isp",
                             "firewall": {"preset": "isp-blocks-ipsec"}}])"}});
    ASSERT_EQ(scenario.timetable.size(), 4U);
    const auto& change = scenario.timetable[0];
    EXPECT_EQ(change.action, Action::ChangeFirewall);
    ASSERT_TRUE(change.firewall);
    EXPECT_EQ(change.firewall->Items("rules").size(), 0U);
    EXPECT_EQ(change.firewall->Text("/defaults/forward", ""), "accept");
    EXPECT_EQ(scenario.timetable[1].firewall->Items("rules").size(), 3U);
    EXPECT_EQ(scenario.timetable[2].action, Action::Reboot);
    EXPECT_EQ(scenario.timetable[2].downTime, seconds{2});
    EXPECT_EQ(scenario.timetable[3].action, Action::LinkDown);
}

TEST(Load, ReadsExpectations)
{
    const Expect expect = LoadArticle("closed-protocol-50").expect;
    ASSERT_EQ(expect.connections.size(), 1U);
    EXPECT_EQ(expect.connections[0].outcome, Outcome::Failed);
    EXPECT_EQ(expect.connections[0].stage, "l2tp");
    EXPECT_EQ(expect.connections[0].reason, "firewall.rule");
    EXPECT_EQ(expect.connections[0].rule, "no-protocol-50");
    EXPECT_EQ(expect.connections[0].error, 678U);
    const Expect others = LoadArticle("xp-behind-home-nat").expect;
    ASSERT_EQ(others.never.size(), 2U);
    EXPECT_EQ(others.never[0].protocol, 50);
    EXPECT_EQ(others.never[1].port, 1701);
    EXPECT_EQ(others.traffic.at(0).delivered, ExpectTraffic::Delivered::All);
}

TEST(Load, ReadsRulesAsSections)
{
    const Scenario scenario = LoadArticle("tcp-50-instead-of-protocol-50");
    const auto rules = scenario.FindBox("isp")->firewall->Items("rules");
    ASSERT_EQ(rules.size(), 4U);
    EXPECT_EQ(rules[3].Protocol("protocol"), 6);
    EXPECT_EQ(rules[3].Ports("destinationPorts").at(0),
              (std::pair<std::uint16_t, std::uint16_t>(50, 50)));
    EXPECT_TRUE(rules[3].Prefixes("source").empty());
}

TEST(Load, KeepsTheMergedDocumentWhichLoadsToTheSame)
{
    const Scenario first = LoadArticle("cgn");
    LoadOptions options;
    options.file = ARTICLE + "again.json";
    const Scenario second = LoadText(first.document.Dump(), options);
    EXPECT_EQ(first.document, second.document);
}

TEST(Load, ChecksReasonsWhenTheyAreKnown)
{
    LoadOptions options;
    options.file = ARTICLE + "xp-before-update.json";
    options.knownReasons = {"nat.protocol-dropped"};
    EXPECT_NO_THROW(Load(options));
    options.knownReasons = {"nat.protocol-droped", "nat.filtered"};
    try
    {
        Load(options);
        ADD_FAILURE();
    }
    catch (const ScenarioErrors& errors)
    {
        EXPECT_EQ(errors.Problems().at(0).nearest, "nat.protocol-droped");
    }
}

TEST(Load, ReportsAllProblemsAtOnceInTheOrderOfTheFile)
{
    const std::string text = R"({
  "title": "several",
  "duration": "5 parsecs",
  "links": { "lan": { "loss": "150 %" } },
  "hosts": {
    "a": { "system": "plain-host", "link": "lna", "address": "10.0.0.1/24" },
    "b": { "system": "plain-host", "link": "lan", "address": "10.0.0.2/24", "colour": "red" }
  }
})";
    LoadOptions options;
    options.file = ARTICLE + "several.json";
    try
    {
        LoadText(text, options);
        ADD_FAILURE();
    }
    catch (const ScenarioErrors& errors)
    {
        std::vector<std::string> pointers;
        for (const auto& problem : errors.Problems())
        {
            pointers.push_back(problem.pointer);
        }
        EXPECT_EQ(pointers,
                  (std::vector<std::string>{
                      "/duration", "/links/lan/loss", "/hosts/a/link", "/hosts/b/colour"}));
        EXPECT_EQ(errors.Problems()[2].line, 6U);
        EXPECT_EQ(errors.Problems()[2].column, 36U);
    }
}

TEST(Load, SaysWhenTheFileCannotBeRead)
{
    for (const auto& [file, message] :
         {std::pair<std::string, std::string>("/no/such/file.json", "no such file"),
          std::pair<std::string, std::string>(ARTICLE, "is a folder, not a file")})
    {
        LoadOptions options;
        options.file = file;
        try
        {
            Load(options);
            ADD_FAILURE();
        }
        catch (const ScenarioErrors& errors)
        {
            EXPECT_EQ(errors.Problems().at(0).message, message);
            EXPECT_EQ(errors.Problems().at(0).file, file);
        }
    }
}

TEST(Load, SaysWhenTheDataCannotBeFound)
{
    LoadOptions options;
    options.file = ARTICLE + "no-nat.json";
    options.dataDirectory = "/no/such/folder";
    EXPECT_THROW(Load(options), ScenarioErrors);
}

TEST(Load, AcceptsAByteOrderMark)
{
    LoadOptions options;
    options.file = ARTICLE + "bom.json";
    const std::string text = LoadArticle("no-nat").document.Dump();
    EXPECT_EQ(LoadText("\xEF\xBB\xBF" + text, options).title, "A connection without NAT");
}

TEST(Override, TakesTextThatIsNotJsonAsAString)
{
    const Scenario scenario = LoadArticle("xp-behind-home-nat",
                                          {{"/links/lan/delay", "30 ms"},
                                           {"/links/lan/loss", "\"5 %\""},
                                           {"/seed", "42"},
                                           {"/boxes/home/nat/timeouts/udpOneWay", "20 s"},
                                           {"/boxes/home/nat/hairpinning", "true"}});
    EXPECT_EQ(scenario.FindLink("lan")->delay, milliseconds{30});
    EXPECT_EQ(scenario.FindLink("lan")->loss, 0.05);
    EXPECT_EQ(scenario.seed, 42U);
    EXPECT_EQ(scenario.FindBox("home")->nat->Time("/timeouts/udpOneWay", Duration{0}), seconds{20});
    EXPECT_TRUE(scenario.FindBox("home")->nat->Bool("hairpinning", false));
}

TEST(Override, SetsElementsOfListsAndAppendsToThem)
{
    const Scenario scenario =
        LoadArticle("closed-udp-500",
                    {{"/boxes/isp/firewall/rules/0/action", "accept"},
                     {"/boxes/isp/firewall/rules/-", R"({"name": "more", "action": "drop"})"}});
    const auto rules = scenario.FindBox("isp")->firewall->Items("rules");
    ASSERT_EQ(rules.size(), 2U);
    EXPECT_EQ(rules[0].Text("action", ""), "accept");
    EXPECT_EQ(rules[1].Text("name", ""), "more");
}

TEST(Override, NullRemovesAMember)
{
    EXPECT_TRUE(
        LoadArticle("no-nat", {{"/traffic/ping", "null"}, {"/expect", "null"}}).traffic.empty());
}

TEST(Override, ComesAfterTheFileAndInOrder)
{
    EXPECT_EQ(LoadArticle("no-nat", {{"/seed", "2"}, {"/seed", "3"}}).seed, 3U);
}

TEST(Override, RefusesWhatIsNoPointerIntoTheDocument)
{
    for (const char* pointer : {"", "seed", "seed/x", "/a~2b", "/a~", "#/seed"})
    {
        EXPECT_NE(Refusal("no-nat", {{pointer, "1"}}).find("not a JSON Pointer"), std::string::npos)
            << pointer;
    }
    EXPECT_NE(Refusal("no-nat", {{"/title/x", "1"}}).find("leads into /title, which is"),
              std::string::npos);
    EXPECT_NE(Refusal("closed-udp-500", {{"/boxes/isp/firewall/rules/7/name", "x"}})
                  .find("expected 0 to 0, or \"-\" to append, found \"7\""),
              std::string::npos);
    EXPECT_NE(Refusal("closed-udp-500", {{"/boxes/isp/firewall/rules/first/name", "x"}})
                  .find("has no such element"),
              std::string::npos);
}

TEST(Override, FaultsAreReportedAsThoseOfTheOption)
{
    EXPECT_EQ(Refusal("no-nat", {{"/links/access/delya", "30 ms"}}),
              "--set: /links/access/delya: unknown key \"delya\"; did you mean \"delay\"?");
    EXPECT_EQ(Refusal("no-nat", {{"/links/access/mtu", "20 bytes"}}),
              "--set: /links/access/mtu: expected 68 to 65535 bytes, found \"20 bytes\"");
}

TEST(Override, SurvivesExtremeInput)
{
    std::string deep;
    for (int i = 0; i < 10000; ++i)
    {
        deep += "/a";
    }
    EXPECT_NE(Refusal("no-nat", {{deep, "1"}}), "accepted");
    EXPECT_NE(Refusal("no-nat", {{"/expect", std::string(100000, '[')}}), "accepted");
    EXPECT_NE(Refusal("no-nat",
                      {{"/hosts/client/ike/vendorIds",
                        R"([{"name": "x", "hex": ")" + std::string(9999, 'a') + R"("}])"}}),
              "accepted");
    EXPECT_NE(Refusal("no-nat", {{"/duration", std::string(200000, '1')}}), "accepted");
}

TEST(Section, ReadsValuesAndFailsWithTheirPlace)
{
    const Section section{
        Json::parse(R"({"a": "20 s", "b": {"c": "5 %", "d": 7}, "e": "1400 bytes", "f": "x",
                        "g": ["10.0.0.0/8"], "h": ["1-2", 9], "i": "esp", "j": "192.0.2.1"})"),
        "/hosts/x/ike",
        "file.json"};
    EXPECT_EQ(section.Time("a", Duration{0}), seconds{20});
    EXPECT_EQ(section.Time("none", seconds{3}), seconds{3});
    EXPECT_EQ(section.Percent("/b/c", 0), 0.05);
    EXPECT_EQ(section.Sub("b").Number("d", 0), 7U);
    EXPECT_EQ(section.Sub("b").pointer, "/hosts/x/ike/b");
    EXPECT_EQ(section.Bytes("e", 0), 1400U);
    EXPECT_EQ(section.Prefixes("g").at(0).length, 8);
    EXPECT_EQ(section.Ports("h").at(0).second, 2);
    EXPECT_EQ(section.Protocol("i"), 50);
    EXPECT_EQ(section.Address("j")->ToString(), "192.0.2.1");
    try
    {
        section.Time("f", Duration{0});
        ADD_FAILURE();
    }
    catch (const ScenarioErrors& errors)
    {
        EXPECT_STREQ(errors.what(),
                     "file.json: /hosts/x/ike/f: expected a time such as \"20 s\", found \"x\"");
    }
    EXPECT_THROW(section.Number("f", 0), ScenarioErrors);
    EXPECT_THROW(section.Items("b"), ScenarioErrors);
    EXPECT_THROW(section.Sub("a"), ScenarioErrors);
}

TEST(Load, TellsAFaultThatUpdatesTakeOverOnce)
{
    for (const auto& [key, value] : {std::pair("address", "\"192.168.1.310/24\""),
                                     std::pair("fqdnn", "\"x\""),
                                     std::pair("clock", "\"2003-02-30 08:00:00\"")})
    {
        LoadOptions options;
        options.file = NATTLAB_SOURCE_DIR "/scenarios/article/xp-before-update.json";
        options.overrides.emplace_back(std::string("/hosts/client/") + key, value);
        try
        {
            Load(options);
            ADD_FAILURE() << key << " was accepted";
        }
        catch (const ScenarioErrors& errors)
        {
            ASSERT_EQ(errors.Problems().size(), 1U) << errors.what();
            EXPECT_EQ(errors.Problems()[0].pointer, std::string("/hosts/client/") + key);
        }
    }
}

TEST(Load, AHostKeepsItsFirewallPresetThroughAnUpdate)
{
    LoadOptions options;
    options.file = NATTLAB_SOURCE_DIR "/scenarios/article/xp-before-update.json";
    options.overrides.emplace_back("/hosts/client/firewall", R"({"preset": "isp-blocks-ipsec"})");
    const Scenario scenario = Load(options);
    const Host& client = *scenario.FindHost("client");
    ASSERT_TRUE(client.firewall);
    ASSERT_FALSE(client.updates.empty());
    for (const auto& [name, becomes] : client.updates)
    {
        ASSERT_TRUE(becomes.firewall) << name;
        EXPECT_EQ(becomes.firewall->Value(), client.firewall->Value()) << name;
    }
}

TEST(Load, AnEmptyVariableForTheDataIsNoFolder)
{
    const std::string expected = FindDataDirectory("");
    ASSERT_NE(expected, "");
    ::setenv("NATTLAB_DATA", "/elsewhere", 1);
    EXPECT_EQ(FindDataDirectory(""), "/elsewhere");
    ::setenv("NATTLAB_DATA", "", 1);
    EXPECT_EQ(FindDataDirectory(""), expected);
    ::unsetenv("NATTLAB_DATA");
}
