// SPDX-License-Identifier: GPL-2.0-only
// The life of Windows hosts on the timetable: updates, registry, services, certificates, redials.
#include "helper/scenario/load.h"
#include "helper/simulation/expectation.h"
#include "helper/simulation/simulation.h"

#include "model/pki/authority.h"

#include <algorithm>
#include <filesystem>
#include <fstream>
#include <gtest/gtest.h>
#include <set>
#include <unistd.h>

using namespace nattlab;

namespace
{

using Overrides = std::vector<std::pair<std::string, std::string>>;

const std::string RASMAN = R"(HKLM\\SYSTEM\\CurrentControlSet\\Services\\RasMan\\Parameters\\)";

scenario::Scenario
Load(const std::string& name, Overrides overrides)
{
    scenario::LoadOptions options;
    options.file = std::string(NATTLAB_SOURCE_DIR) + "/scenarios/article/" + name + ".json";
    options.overrides = std::move(overrides);
    options.overrides.emplace_back("/expect", "{}");
    options.overrides.emplace_back("/traffic", "{}");
    return scenario::Load(options);
}

RunResult
Simulate(const std::string& name, Overrides overrides)
{
    const scenario::Scenario scenario = Load(name, std::move(overrides));
    Simulation simulation(scenario);
    RunResult result = simulation.Run();
    EXPECT_TRUE(result.leaks.empty()) << result.leaks.size() << " packets leak";
    return result;
}

/** The scenario's connection dialled at several times, as "a", "b", "c"... */
std::string
DialledAt(const std::vector<int>& times)
{
    std::string text = "{";
    char name = 'a';
    for (const int at : times)
    {
        text += (text.size() > 1 ? ", \"" : "\"") + std::string(1, name++) +
                R"(": {"from": "client", "to": "server", "user": "alice",
                       "password": "Correct-Horse-1", "presharedKey": "a shared secret",
                       "start": ")" +
                std::to_string(at) + " s\", \"hangUp\": \"" + std::to_string(at + 60) + " s\"}";
    }
    return text + "}";
}

std::vector<Outcome>
OutcomesOf(const RunResult& result)
{
    std::vector<Outcome> outcomes;
    for (const ConnectionVerdict& v : result.connections)
    {
        outcomes.push_back(v.outcome);
    }
    return outcomes;
}

/** Certificates for both ends; \p client and \p server are what their descriptions have more. */
Overrides
WithCertificates(const std::string& client = "", const std::string& server = "")
{
    return {{"/certificates",
             R"({"root": {"subject": "CN=Lab Root", "authority": true},
                 "other": {"subject": "CN=Other Root", "authority": true},
                 "client": {"issuer": "root")" +
                 client + R"(}, "server": {"issuer": "root")" + server + "}}"},
            {"/hosts/client/certificates", R"(["client"])"},
            {"/hosts/client/trustedRoots", R"(["root"])"},
            {"/hosts/server/certificates", R"(["server"])"},
            {"/hosts/server/trustedRoots", R"(["root"])"},
            {"/hosts/server/server/presharedKey", "null"},
            {"/connections/vpn/presharedKey", "null"}};
}

} // namespace

TEST(HostLife, AnUpdateNeedsARebootAndCanBeRemoved)
{
    const RunResult result = Simulate(
        "xp-before-update",
        {{"/duration", "700 s"},
         {"/connections", DialledAt({1, 100, 240, 330, 430})},
         {"/timetable",
          R"([{"at": "90 s", "action": "install-update", "host": "client", "update": "KB818043"},
              {"at": "200 s", "action": "reboot", "host": "client"},
              {"at": "320 s", "action": "remove-update", "host": "client", "update": "KB818043"},
              {"at": "395 s", "action": "reboot", "host": "client"}])"}});
    EXPECT_EQ(OutcomesOf(result),
              (std::vector<Outcome>{Outcome::Failed,    // before
                                    Outcome::Failed,    // installed, not in effect
                                    Outcome::Connected, // in effect
                                    Outcome::Connected, // removed, still in effect
                                    Outcome::Failed})); // gone
    EXPECT_EQ(result.connections[2].natTraversal, "draft-02n");
    EXPECT_EQ(result.connections[0].error->number, 678);
}

TEST(HostLife, ARebootEndsTheConnectionInProgressAndTheNextCallDrawsOtherNumbers)
{
    const RunResult result =
        Simulate("no-nat",
                 {{"/duration", "200 s"},
                  {"/timetable",
                   R"([{"at": "20 s", "action": "reboot", "host": "client", "downTime": "10 s"},
                       {"at": "40 s", "action": "dial", "connection": "vpn"}])"}});
    const ConnectionVerdict& v = result.connections.at(0);
    EXPECT_EQ(v.outcome, Outcome::Connected);
    EXPECT_EQ(v.attempts, 2u);
    std::set<std::int64_t> spis;
    for (const Event& event : result.log->Events())
    {
        if (event.type == EventType::SaEstablished && event.layer == Layer::Esp)
        {
            EXPECT_TRUE(spis.insert(event.value).second) << "an SPI is drawn twice";
        }
    }
    EXPECT_EQ(spis.size(), 4u);
}

TEST(HostLife, NegotiateDh2048CountsWhenRemoteAccessStartsAgain)
{
    const RunResult result =
        Simulate("no-nat",
                 {{"/duration", "400 s"},
                  {"/hosts/client/system", "windows-xp-sp1-kb818043"},
                  {"/connections", DialledAt({1, 100, 200})},
                  {"/timetable",
                   R"([{"at": "90 s", "action": "set-registry", "host": "server", "key": ")" +
                       RASMAN + R"(NegotiateDH2048", "value": 1},
                       {"at": "190 s", "action": "restart-service", "host": "server",
                        "service": "remote-access"}])"}});
    ASSERT_EQ(result.connections.size(), 3u);
    EXPECT_EQ(result.connections[0].group, 2);
    EXPECT_EQ(result.connections[1].group, 2);
    EXPECT_EQ(result.connections[2].group, 14);
}

TEST(HostLife, ProhibitIpSecSendsL2tpInClearAndTheReportSaysSo)
{
    const std::string registry = "{\"" + RASMAN + "ProhibitIpSec\": 1}";
    const RunResult result = Simulate(
        "no-nat", {{"/hosts/client/registry", registry}, {"/hosts/server/registry", registry}});
    const ConnectionVerdict& v = result.connections.at(0);
    EXPECT_EQ(v.outcome, Outcome::Connected);
    EXPECT_TRUE(v.clearText);
    ASSERT_TRUE(v.clear);
    EXPECT_EQ(v.clear->why, "policy");
    EXPECT_EQ(v.clear->host, "client");
}

TEST(HostLife, DiallingWithoutTheIpsecServiceShowsAnError)
{
    const RunResult result = Simulate("no-nat",
                                      {{"/timetable",
                                        R"([{"at": "0.5 s", "action": "stop-service",
                                             "host": "client", "service": "policy-agent"}])"}});
    const ConnectionVerdict& v = result.connections.at(0);
    EXPECT_EQ(v.outcome, Outcome::Failed);
    EXPECT_EQ(v.cause.reason, Reason::HostServiceStopped);
    EXPECT_EQ(v.cause.box, "client");
    ASSERT_TRUE(v.error);
    EXPECT_EQ(v.error->number, 789);
}

TEST(HostLife, RedialsUntilTheLinkIsBack)
{
    const RunResult result =
        Simulate("no-nat",
                 {{"/duration", "600 s"},
                  {"/connections/vpn/redial", R"({"attempts": 5, "pause": "10 s"})"},
                  {"/timetable",
                   R"([{"at": "0.5 s", "action": "link-down", "link": "backbone"},
              {"at": "150 s", "action": "link-up", "link": "backbone"}])"}});
    const ConnectionVerdict& v = result.connections.at(0);
    EXPECT_EQ(v.outcome, Outcome::Connected);
    EXPECT_EQ(v.attempts, 2u); // the first takes 95 s; the link comes back during the second
    EXPECT_FALSE(v.error) << "the last attempt showed none";
}

TEST(HostLife, RedialsALostConnectionOnlyWhereItIsToldTo)
{
    for (const bool ifLost : {false, true})
    {
        const RunResult result =
            Simulate("no-nat",
                     {{"/duration", "500 s"},
                      {"/connections/vpn/redial",
                       std::string(R"({"attempts": 5, "pause": "10 s", "ifLost": )") +
                           (ifLost ? "true}" : "false}")},
                      {"/timetable", R"([{"at": "20 s", "action": "reboot", "host": "server"}])"}});
        EXPECT_EQ(result.connections.at(0).outcome, ifLost ? Outcome::Connected : Outcome::Lost);
    }
}

TEST(HostLife, CertificatesConnectAndAreTheSameForTheSameSeed)
{
    const RunResult first = Simulate("xp-behind-home-nat", WithCertificates());
    EXPECT_EQ(first.connections.at(0).outcome, Outcome::Connected);
    EXPECT_EQ(first.connections.at(0).encapsulation, "udp");
    const RunResult second = Simulate("xp-behind-home-nat", WithCertificates());
    EXPECT_EQ(first.packets.made, second.packets.made);
    EXPECT_EQ(first.connections[0].sent.bytes, second.connections[0].sent.bytes);
}

TEST(HostLife, EachFaultOfACertificateHasItsReasonAndItsError)
{
    struct Row
    {
        const char* what;
        Overrides overrides;
        Reason reason;
        const char* box;
        std::int64_t error;
    };

    const auto with = [](Overrides base, const Overrides& more)
    {
        base.insert(base.end(), more.begin(), more.end());
        return base;
    };
    const std::string expired = R"(, "notAfter": "2003-05-01 00:00:00")";
    const std::string signing = R"(, "usages": ["code-signing"])";
    const std::vector<Row> rows{
        {"own expired", WithCertificates(expired), Reason::IkeCertificateExpired, "client", 786},
        {"own for another use",
         WithCertificates(signing),
         Reason::IkeCertificateUsage,
         "client",
         786},
        {"none",
         with(WithCertificates(), {{"/hosts/client/certificates", "[]"}}),
         Reason::IkeNoCertificate,
         "client",
         786},
        {"none on Windows 2000",
         with(WithCertificates(),
              {{"/hosts/client/certificates", "[]"},
               {"/hosts/client/system", "windows-2000-sp4-kb818043"}}),
         Reason::IkeNoCertificate,
         "client",
         781},
        {"the client's clock is wrong",
         with(WithCertificates(), {{"/hosts/client/clock", "2002-01-01 00:00:00"}}),
         Reason::IkeCertificateNotYetValid,
         "client",
         786},
        {"the client does not trust the server",
         with(WithCertificates(),
              {{"/hosts/client/trustedRoots", R"(["other"])"},
               {"/hosts/server/ike/certificateByRequest", "false"}}),
         Reason::IkeCertificateUntrusted,
         "client",
         790},
    };
    for (const Row& row : rows)
    {
        SCOPED_TRACE(row.what);
        const RunResult result = Simulate("xp-behind-home-nat", row.overrides);
        const ConnectionVerdict& v = result.connections.at(0);
        EXPECT_EQ(v.outcome, Outcome::Failed);
        EXPECT_EQ(v.cause.reason, row.reason) << IdOf(v.cause.reason);
        EXPECT_EQ(v.cause.box, row.box);
        ASSERT_TRUE(v.error);
        EXPECT_EQ(v.error->number, row.error);
    }
}

TEST(HostLife, CertificatesCanComeFromFiles)
{
    // Made by one PKI, written as PEM, read by a scenario beside them.
    pki::Pki made(7);
    pki::CertificateDescription root;
    root.name = "root";
    root.subject = "CN=File Root";
    root.authority = true;
    root.notBefore = 1041379200;
    root.notAfter = 1104537600;
    made.Issue(root);
    pki::CertificateDescription leaf = root;
    leaf.name = "leaf";
    leaf.subject = "CN=from a file";
    leaf.issuer = "root";
    leaf.authority = false;
    made.Issue(leaf);
    const std::filesystem::path folder =
        std::filesystem::path(testing::TempDir()) / ("nattlab-pem-" + std::to_string(::getpid()));
    std::filesystem::create_directories(folder);
    std::ofstream(folder / "root.pem") << pki::CertificateToPem(made.Find("root").der);
    std::ofstream(folder / "leaf.pem") << pki::CertificateToPem(made.Find("leaf").der);
    std::ofstream(folder / "leaf.key") << pki::KeyToPem(made.Find("leaf").key);

    Overrides overrides = WithCertificates();
    overrides[0].second = R"({"root": {"certificateFile": "root.pem"},
                              "client": {"certificateFile": "leaf.pem", "keyFile": "leaf.key"},
                              "server": {"certificateFile": "leaf.pem", "keyFile": "leaf.key"}})";
    const scenario::Scenario base = Load("xp-behind-home-nat", {});
    const auto load = [&]
    {
        scenario::LoadOptions options;
        options.file = (folder / "scenario.json").string();
        options.overrides = overrides;
        return scenario::LoadText(base.document.Dump(), options);
    };
    {
        Simulation simulation(load());
        EXPECT_EQ(simulation.Run().connections.at(0).outcome, Outcome::Connected);
    }
    std::ofstream(folder / "leaf.key") << "-----BEGIN RSA PRIVATE KEY-----\nno\n";
    const scenario::Scenario broken = load();
    try
    {
        Simulation simulation(broken);
        ADD_FAILURE() << "a broken key was taken";
    }
    catch (const scenario::ScenarioErrors& errors)
    {
        EXPECT_EQ(errors.Problems().at(0).pointer, "/certificates/client");
    }
    std::filesystem::remove_all(folder);
}

TEST(HostLife, ToolsAndMonitorsRunOnTheTimetableAndAreHeldToWhatIsExpected)
{
    const std::string timetable =
        R"([{"at": "10 s", "action": "monitor", "host": "server",
             "expect": {"contains": ["3DES"], "lacks": ["no such text"]}},
            {"at": "20 s", "action": "tool", "host": "server", "command": "ipseccmd show all",
             "expect": {"exitCode": 77, "contains": ["no such text"]}}])";
    const scenario::Scenario scenario = Load("no-nat", {{"/timetable", timetable}});
    Simulation simulation(scenario);
    const RunResult result = simulation.Run();
    ASSERT_EQ(result.tools.size(), 2u);
    EXPECT_EQ(result.tools[0].host, "server");
    EXPECT_EQ(result.tools[0].time, Instant{seconds{10}});
    const std::vector<Surprise> surprises = CheckExpectations(scenario, result);
    ASSERT_EQ(surprises.size(), 2u);
    EXPECT_EQ(surprises[0].pointer, "/timetable/1/expect/exitCode");
    EXPECT_EQ(surprises[1].pointer, "/timetable/1/expect/contains");
}

TEST(HostLife, NothingHappensOnAComputerThatIsOff)
{
    const RunResult result =
        Simulate("no-nat",
                 {{"/hosts/client/tools", "new"},
                  {"/timetable",
                   R"([{"at": "20 s", "action": "reboot", "host": "client", "downTime": "20 s"},
              {"at": "25 s", "action": "stop-service", "host": "client", "service": "policy-agent"},
              {"at": "26 s", "action": "reboot", "host": "client", "downTime": "20 s"},
              {"at": "30 s", "action": "tool", "host": "client", "command": "ipseccmd show all"},
              {"at": "50 s", "action": "tool", "host": "client", "command": "ipseccmd show all"}])"}});
    ASSERT_EQ(result.tools.size(), 2u);
    EXPECT_EQ(result.tools[0].exitCode, 1);
    EXPECT_EQ(result.tools[0].text, "client is off.\n");
    EXPECT_EQ(result.tools[1].exitCode, 0) << result.tools[1].text;
}

TEST(HostLife, AHostThatStartedAgainGoesWithItsSimulation)
{
    for (const char* downTime : {"2 s", "10 min"}) // one that comes up, one that never does
    {
        const scenario::Scenario scenario =
            Load("no-nat",
                 {{"/timetable",
                   std::string(R"([{"at": "20 s", "action": "reboot", "host": "client",
                                    "downTime": ")") +
                       downTime + "\"}]"}});
        ns3::Ptr<ns3::nattlab::HostAdapter> host;
        {
            Simulation simulation(scenario);
            host = simulation.GetHost("client");
            simulation.Run();
        }
        EXPECT_EQ(host->GetReferenceCount(), 1u) << downTime;
    }
}

TEST(HostLife, ATimetableWithAPathThatIsNoneIsRefusedBeforeTheRun)
{
    const scenario::Scenario scenario = Load("no-nat",
                                             {{"/timetable",
                                               R"([{"at": "10 s", "action": "set-registry",
                                                    "host": "server", "key": "colour",
                                                    "value": 1}])"}});
    EXPECT_THROW(Simulation{scenario}, scenario::ScenarioErrors);
}
