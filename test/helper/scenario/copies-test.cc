// SPDX-License-Identifier: GPL-2.0-only
#include "helper/scenario/load.h"
#include "helper/scenario/step.h"

#include <gtest/gtest.h>

#include <algorithm>
#include <cstddef>
#include <cstdint>
#include <string>
#include <vector>

using namespace nattlab;
using namespace nattlab::scenario;

namespace
{

/** A class room: a client behind a NAT, a printer, a server. */
Json
ClassRoom()
{
    return Json::parse(R"({
      "title": "class room",
      "links": {"lan": {}, "wan": {}},
      "hosts": {
        "client": {"system": "windows-xp-sp2", "link": "lan", "address": "192.168.1.10/24",
                   "gateway": "192.168.1.1"},
        "printer": {"system": "plain-host", "link": "lan", "address": "192.168.1.2/24"},
        "server": {"system": "windows-server-2003", "link": "wan", "address": "203.0.113.10/24",
                   "server": {"presharedKey": "k", "users": {"alice": {"password": "pw"}},
                              "address": "10.0.0.1", "pool": "10.0.0.100-10.0.0.199"}}
      },
      "boxes": {
        "home": {
          "interfaces": {
            "inside": {"link": "lan", "address": "192.168.1.1/24", "side": "inside"},
            "outside": {"link": "wan", "address": "203.0.113.20/24", "side": "outside"}
          },
          "nat": {"preset": "home-router"}
        }
      },
      "connections": {
        "vpn": {"from": "client", "to": "server", "start": "1.5 s", "user": "alice",
                "password": "pw", "presharedKey": "k"}
      },
      "traffic": {"ping": {"kind": "ping", "connection": "vpn", "count": 3}},
      "expect": {"connections": {"vpn": {"outcome": "connected"}},
                 "traffic": {"ping": {"delivered": 3}}}
    })");
}

/** ClassRoom() with copies of its client and what the client does. */
Json
WithCopies(std::size_t count)
{
    Json document = ClassRoom();
    document["copies"]["room"] = {
        {"count", count},
        {"of",
         {"/hosts/client",
          "/connections/vpn",
          "/traffic/ping",
          "/expect/connections/vpn",
          "/expect/traffic/ping"}},
        {"step", {{"/hosts/client/address", 1}, {"/connections/vpn/start", "250 ms"}}}};
    return document;
}

Scenario
LoadJson(const Json& document)
{
    return LoadText(document.dump(2), {});
}

/** \return what is wrong, with places. */
std::vector<Problem>
Problems(const Json& document)
{
    try
    {
        LoadJson(document);
    }
    catch (const ScenarioErrors& errors)
    {
        return errors.Problems();
    }
    return {};
}

} // namespace

TEST(Copies, AreNamedByTheirNumberAndNameEachOther)
{
    const Scenario scenario = LoadJson(WithCopies(12));
    ASSERT_EQ(scenario.hosts.size(), 14U);
    ASSERT_EQ(scenario.connections.size(), 12U);
    EXPECT_EQ(scenario.FindHost("client"), nullptr);
    ASSERT_NE(scenario.FindHost("client-12"), nullptr);
    EXPECT_EQ(scenario.FindHost("client-1")->at.address.ToString(), "192.168.1.10/24");
    EXPECT_EQ(scenario.FindHost("client-12")->at.address.ToString(), "192.168.1.21/24");
    const Connection* seventh = scenario.FindConnection("vpn-7");
    ASSERT_NE(seventh, nullptr);
    EXPECT_EQ(seventh->from, "client-7");
    EXPECT_EQ(seventh->to, "server");
    EXPECT_EQ(seventh->start, std::chrono::milliseconds{1500 + 6 * 250});
    EXPECT_EQ(scenario.traffic.size(), 12U);
    EXPECT_EQ(scenario.traffic.front().connection, "vpn-1");
    EXPECT_EQ(scenario.expect.connections.size(), 12U);
    EXPECT_EQ(scenario.expect.traffic.back().traffic, "ping-9") << "in the order of their names";
}

TEST(Copies, AreTheSameAsItemsWrittenOut)
{
    Json written = ClassRoom();
    const Json client = written["hosts"]["client"];
    const Json vpn = written["connections"]["vpn"];
    for (const char* table : {"connections", "traffic"})
    {
        written[table].clear();
        written["expect"][table].clear();
    }
    written["hosts"].erase("client");
    for (const std::string number : {"1", "2", "3"})
    {
        const int k = number[0] - '1';
        written["hosts"]["client-" + number] = client;
        written["hosts"]["client-" + number]["address"] =
            "192.168.1." + std::to_string(10 + k) + "/24";
        written["connections"]["vpn-" + number] = vpn;
        written["connections"]["vpn-" + number]["from"] = "client-" + number;
        written["connections"]["vpn-" + number]["start"] = k == 0   ? "1.5 s"
                                                           : k == 1 ? "1.75 s"
                                                                    : "2 s";
        written["traffic"]["ping-" + number] = {
            {"kind", "ping"}, {"connection", "vpn-" + number}, {"count", 3}};
        written["expect"]["connections"]["vpn-" + number] = {{"outcome", "connected"}};
        written["expect"]["traffic"]["ping-" + number] = {{"delivered", 3}};
    }
    EXPECT_EQ(LoadJson(WithCopies(3)).Hash(), LoadJson(written).Hash());
}

TEST(Copies, OfOneAreNumberedTooAndNoneTakeTheItemsOut)
{
    EXPECT_NE(LoadJson(WithCopies(1)).FindHost("client-1"), nullptr);
    const Scenario none = LoadJson(WithCopies(0));
    EXPECT_EQ(none.hosts.size(), 2U);
    EXPECT_TRUE(none.connections.empty());
    EXPECT_TRUE(none.expect.Empty());
}

TEST(Copies, CanBeWholeHomes)
{
    Json document = WithCopies(3);
    Json& group = document["copies"]["room"];
    for (const char* item : {"/links/lan", "/boxes/home", "/hosts/printer", "/timetable/1"})
    {
        group["of"].push_back(item);
    }
    group["step"].erase("/hosts/client/address");
    group["step"]["/boxes/home/interfaces/outside/address"] = -2;
    group["step"]["/timetable/1/at"] = "1 s";
    document["timetable"] = Json::parse(R"([{"at": "9 s", "action": "reboot", "host": "server"},
                        {"at": "20 s", "action": "reboot", "box": "home"},
                        {"at": "90 s", "action": "link-down", "link": "wan"}])");
    const Scenario scenario = LoadJson(document);
    EXPECT_EQ(scenario.links.size(), 4U);
    ASSERT_NE(scenario.FindBox("home-3"), nullptr);
    const Box& home = *scenario.FindBox("home-3");
    EXPECT_EQ(home.interfaces[0].at.link, "lan-3");
    EXPECT_EQ(home.interfaces[1].at.link, "wan");
    EXPECT_EQ(home.interfaces[1].at.address.ToString(), "203.0.113.16/24");
    EXPECT_EQ(scenario.FindHost("printer-2")->at.link, "lan-2");
    ASSERT_EQ(scenario.timetable.size(), 5U);
    EXPECT_EQ(scenario.timetable[3].box, "home-3");
    EXPECT_EQ(scenario.timetable[3].at, seconds{22});
    EXPECT_EQ(scenario.timetable[4].link, "wan");
}

TEST(Copies, RenameCertificatesWhereTheyAreNamed)
{
    Json document = WithCopies(2);
    document["certificates"] = Json::parse(
        R"({"ca": {"authority": true}, "own": {"issuer": "ca"}, "other": {"issuer": "own"}})");
    document["certificates"]["own"]["authority"] = true;
    document["hosts"]["client"]["certificates"] = {"other", "ca"};
    document["copies"]["room"]["of"].push_back("/certificates/own");
    document["copies"]["room"]["of"].push_back("/certificates/other");
    const Scenario scenario = LoadJson(document);
    EXPECT_EQ(scenario.FindHost("client-2")->certificates,
              (std::vector<std::string>{"other-2", "ca"}));
    EXPECT_EQ(scenario.FindCertificate("other-2")->issuer, "own-2");
    EXPECT_EQ(scenario.FindCertificate("own-2")->issuer, "ca");
}

TEST(Copies, TellAFaultOnceWithTheLineOfTheOriginal)
{
    Json document = WithCopies(30);
    document["hosts"]["client"]["gateway"] = "192.168.1.77";
    const auto problems = Problems(document);
    ASSERT_EQ(problems.size(), 1U);
    EXPECT_EQ(problems[0].pointer, "/hosts/client-1/gateway");
    const std::string text = document.dump(2);
    const auto offset = static_cast<std::ptrdiff_t>(text.find("\"gateway\""));
    EXPECT_EQ(problems[0].line,
              static_cast<std::size_t>(std::count(text.begin(), text.begin() + offset, '\n')) + 1);
}

TEST(Copies, TellWhichCopyIsAtFault)
{
    const auto taken = [](int client)
    {
        Json document = WithCopies(10);
        document["hosts"]["printer"]["address"] = "192.168.1." + std::to_string(9 + client) + "/24";
        return Problems(document);
    };
    ASSERT_EQ(taken(5).size(), 1U);
    EXPECT_NE(taken(5)[0].ToString().find("belongs to \"client-5\""), std::string::npos);
    const auto left = [](std::size_t count)
    {
        Json document = WithCopies(count);
        document["hosts"]["client"]["address"] = "192.168.1.252/24";
        return Problems(document);
    };
    EXPECT_TRUE(left(3).empty());
    ASSERT_EQ(left(4).size(), 1U) << "the broadcast address";
    EXPECT_EQ(left(4)[0].pointer, "/hosts/client-4/address");
    ASSERT_EQ(left(9).size(), 1U);
    EXPECT_EQ(left(9)[0].pointer, "/copies/room/step/~1hosts~1client~1address");
    EXPECT_NE(left(9)[0].message.find("copy 5: the step leaves the network 192.168.1.0/24"),
              std::string::npos);
}

TEST(Copies, GiveWayToOverridesAndNulls)
{
    LoadOptions options;
    options.overrides = {{"/copies/room/count", "2"}, {"/expect", "null"}};
    const Scenario scenario = LoadText(WithCopies(30).dump(), options);
    EXPECT_EQ(scenario.hosts.size(), 4U);
    EXPECT_TRUE(scenario.expect.Empty());
    Json without = WithCopies(3);
    without["copies"] = nullptr;
    EXPECT_EQ(LoadJson(without).Hash(), LoadJson(ClassRoom()).Hash());
    without["copies"] = {{"room", nullptr}};
    EXPECT_EQ(LoadJson(without).Hash(), LoadJson(ClassRoom()).Hash());
    Json silent = WithCopies(3);
    silent["connections"]["vpn"] = nullptr;
    silent["traffic"] = nullptr;
    silent["expect"] = nullptr;
    EXPECT_EQ(LoadJson(silent).hosts.size(), 5U);
}

TEST(Copies, OfWhatIsNoTableNeverCrash)
{
    for (const char* pointer : {"/hosts", "/connections", "/expect", "/timetable"})
    {
        for (const char* value : {"5", "\"x\"", "[{}]", "[5, 6]", "{\"0\": {}}"})
        {
            Json document = WithCopies(2);
            document[Json::json_pointer(pointer)] = Json::parse(value);
            document["copies"]["room"]["of"].push_back(std::string(pointer) + "/0");
            document["copies"]["room"]["step"][std::string(pointer) + "/0/x~2"] = 1;
            EXPECT_FALSE(Problems(document).empty()) << pointer << ' ' << value;
        }
    }
}

TEST(Copies, AreAtMostAHundredThousandItems)
{
    Json document = WithCopies(20001);
    const auto problems = Problems(document);
    ASSERT_EQ(problems.size(), 1U);
    EXPECT_NE(problems[0].ToString().find("at most 100000 items in all, found 100005"),
              std::string::npos);
}

TEST(Step, AddsToAddressesNumbersAndTimes)
{
    const auto step = [](const Json& value, const Json& amount, std::size_t times)
    {
        const Stepped stepped = TakeSteps(value, amount, times);
        return stepped.fault.empty() ? stepped.value : Json(stepped.fault);
    };
    EXPECT_EQ(step("10.0.0.255", 1, 1), "10.0.1.0");
    EXPECT_EQ(step("10.0.0.255/16", 1, 1), "10.0.1.0/16");
    EXPECT_EQ(step("10.0.0.255/16", -255, 1), "10.0.0.0/16");
    EXPECT_EQ(step("10.0.0.255/24", 1, 1), "the step leaves the network 10.0.0.0/24");
    EXPECT_EQ(step("255.255.255.250", 3, 2), "there is no such address");
    EXPECT_EQ(step("0.0.0.1", -1, 2), "there is no such address");
    EXPECT_EQ(step("255.255.255.0/0", 1000000000, 100000), "the step leaves the network 0.0.0.0/0");
    EXPECT_EQ(step(7, 3, 2), 13);
    EXPECT_EQ(step(7, -3, 2), 1);
    EXPECT_EQ(step(7, -3, 3), "the number falls below zero");
    EXPECT_EQ(step("1 s", "500 ms", 3), "2.5 s");
    EXPECT_EQ(step("1 s", "1 ns", 3), "1.000000003 s");
    EXPECT_EQ(step("59 min", "1 min", 1), "3600 s");
    EXPECT_EQ(step("59 min", "1 min", 0), "59 min") << "as it was written";
    EXPECT_EQ(step("999 d", "1 d", 2), "the time goes beyond 1000 d");
    EXPECT_EQ(step("1 s", "999 d", 100000), "the time goes beyond 1000 d");
    EXPECT_EQ(step("1 s", "9999 d", 1), "the step is longer than 1000 d");
    EXPECT_EQ(step("5 %", 1, 1), "a number cannot be added to this text");
    EXPECT_EQ(step("5 %", "1 s", 1), "a time cannot be added to this value");
    EXPECT_EQ(step(7, "1 s", 1), "a time cannot be added to this value");
    EXPECT_EQ(step(true, 1, 1), "a number cannot be added to this value");
    EXPECT_EQ(step(1.5, 1, 1), "a number cannot be added to this value");
    EXPECT_EQ(step(std::uint64_t{1} << 60, 1, 1), "a number cannot be added to this value");
}
