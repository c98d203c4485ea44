// SPDX-License-Identifier: GPL-2.0-only
/**
 * \file
 * Runs every scenario of the article and holds scenarios/article/README.md against what came out.
 */
#include "test/helper/report/shipped.h"

#include <algorithm>
#include <array>
#include <cstdlib>
#include <fstream>
#include <gtest/gtest.h>
#include <sstream>
#include <utility>

using namespace nattlab;
using nattlab::test::LoadShipped;
using nattlab::test::ShippedScenarios;

namespace
{

/** One claim of the article. */
struct Claim
{
    std::string_view row;
    std::string_view says;
    std::string_view holds; //!< where it needs a correction; empty: it is right
};

constexpr std::array<Claim, 15> CLAIMS{{
    {"A1",
     "a NAT puts its own address in place of the sender's, remembers the pair, and restores it on "
     "the reply",
     ""},
    {"A2", "or one of a range of preconfigured addresses", ""},
    {"A3", "a NAT keeps unknown systems from connecting to those inside", ""},
    {"A4",
     "connections are encrypted and ruled by a policy; the ends prove who they are by a shared "
     "password or a certificate",
     ""},
    {"A5",
     "without the update Windows XP and 2000 cannot connect through a NAT, with it they can, after "
     "a reboot",
     "Several clients behind one NAT depend on the NAT and on the server as well."},
    {"A6",
     "it \"seems logical\" that Windows 2000 servers accept such clients",
     "Nothing documents it. The first scenario is the documented behaviour, the second the guess."},
    {"A7",
     "RFC 3193 and a draft of NAT traversal rule it",
     "The draft is version 2; later releases speak RFC 3947."},
    {"A8",
     "the update adds 2048-bit encryption, which needs NegotiateDH2048 = 1 on Server 2003",
     "It is Diffie-Hellman group 14 for the key exchange; the ciphers stay what they were."},
    {"A9",
     "IPsecmon follows active connections; the new one those through NAT too, for Server 2003 and "
     "XP, and not for 2000",
     ""},
    {"A10",
     "the new monitor shows DH2048 as 268435457, and dynamic filters without names",
     "On the wire the group is 14."},
    {"A11",
     "IPSeccmd switches IKE logging, shows the assigned policy, and stores a permanent one",
     ""},
    {"A12", "set-up upgrades an IPSeccmd that is there; an old one fails on an updated system", ""},
    {"A13",
     "the update is installed by Windows Update, takes effect with a reboot, and can be removed",
     ""},
    {"A14",
     "UDP 500, 1701 and 4500 and \"TCP port 50\" must be open on the NAT devices at both ends",
     "ESP is IP protocol 50, not a TCP port, and is needed without NAT only; UDP 1701 travels "
     "inside ESP and needs no opening."},
    {"A15", "if it still fails, a firewall at the provider may be preventing it", ""},
}};

/** One scenario and what came of it. */
struct Entry
{
    std::string name; //!< "no-nat"
    std::string title;
    std::vector<std::string> tags;
    std::vector<std::pair<std::string, std::string>> verdicts; //!< of what, and what came of it
};

std::string
Code(std::string_view text)
{
    return "`" + std::string(text) + "`";
}

std::string
BlameText(const Blame& blame)
{
    return Code(IdOf(blame.reason)) + " at " + Code(blame.box);
}

std::string
VerdictText(const ConnectionVerdict& v)
{
    std::string text{NameOf(v.outcome)};
    if (v.outcome == Outcome::Connected)
    {
        text += v.encapsulation == "udp" ? ", ESP in UDP 4500" : ", ESP as protocol 50";
        text += v.natTraversal == "none" ? "" : ", " + v.natTraversal;
        text += ", group " + std::to_string(v.group);
    }
    else if (v.stage)
    {
        text += " at " + Code(NameOf(*v.stage)) + ": " + BlameText(v.cause);
    }
    text += v.attempts > 1 ? ", dialled " + std::to_string(v.attempts) + " times" : "";
    text += v.error ? ", error " + std::to_string(v.error->number) : "";
    return text + (v.clearText ? ", **in clear**" : "");
}

std::string
VerdictText(const TrafficVerdict& v)
{
    return std::to_string(v.arrived) + " of " + std::to_string(v.expected) +
           " arrived: " + BlameText(v.cause);
}

/** What a tool was asked, and which of the expected texts it showed. */
std::string
VerdictText(const ToolRun& run, const std::vector<std::string>& expected)
{
    std::string text = Code(run.command) + " ends with " + std::to_string(run.exitCode);
    const char* before = " and shows ";
    for (const std::string& wanted : expected)
    {
        if (run.text.find(wanted) != std::string::npos)
        {
            std::string once = wanted; // columns are padded with blanks
            const auto blanks = [](char a, char b) { return a == ' ' && b == ' '; };
            once.erase(std::unique(once.begin(), once.end(), blanks), once.end());
            text += std::exchange(before, ", ") + Code(once);
        }
    }
    return text;
}

Entry
RunArticle(const std::string& name)
{
    const scenario::Scenario scenario = LoadShipped(name);
    Simulation simulation(scenario, TraceLevel::Verdict);
    const RunResult result = simulation.Run();
    Entry entry{name.substr(name.find('/') + 1), scenario.title, scenario.tags, {}};
    for (const ConnectionVerdict& v : result.connections)
    {
        entry.verdicts.emplace_back(v.name, VerdictText(v));
    }
    for (const TrafficVerdict& v : result.traffic)
    {
        if (v.arrived < v.expected)
        {
            entry.verdicts.emplace_back(v.name, VerdictText(v));
        }
    }
    for (const ToolRun& run : result.tools)
    {
        for (const scenario::TimetableEntry& planned : scenario.timetable)
        {
            if (planned.pointer == run.pointer)
            {
                entry.verdicts.emplace_back(run.host, VerdictText(run, planned.expect.contains));
            }
        }
    }
    return entry;
}

/** All scenarios of the article with their verdicts, by name. */
const std::vector<Entry>&
Entries()
{
    static const std::vector<Entry> entries = []
    {
        std::vector<Entry> all;
        for (const std::string& name : ShippedScenarios())
        {
            if (name.rfind("article/", 0) == 0)
            {
                all.push_back(RunArticle(name));
            }
        }
        return all;
    }();
    return entries;
}

bool
HasTag(const Entry& entry, std::string_view tag)
{
    return std::find(entry.tags.begin(), entry.tags.end(), tag) != entry.tags.end();
}

bool
HasRow(const Entry& entry)
{
    return std::any_of(
        CLAIMS.begin(), CLAIMS.end(), [&](const Claim& claim) { return HasTag(entry, claim.row); });
}

/** A table of the scenarios that a condition picks. */
template <typename Condition>
std::string
MakeTable(Condition belongs)
{
    std::string text = "| scenario | what it shows | of | verdict |\n| --- | --- | --- | --- |\n";
    for (const Entry& entry : Entries())
    {
        if (!belongs(entry))
        {
            continue;
        }
        std::string link = "[" + entry.name + "](" + entry.name + ".json) | " + entry.title;
        for (const auto& [of, verdict] : entry.verdicts)
        {
            text += "| " + link + " | " + Code(of) + " | " + verdict + " |\n";
            link = " | ";
        }
    }
    return text;
}

std::string
MakeIndex()
{
    std::string text =
        "# Scenarios of the article\n\n"
        "nattlab began with a magazine article of 2003 about Microsoft's update KB818043, "
        "\"L2TP/IPsec NAT-T\nUpdate for Windows XP and Windows 2000\". Each row below is one of "
        "its claims, and each scenario shows\none. The verdicts are those of a run: of every "
        "connection, of traffic that was lost, and of\ntools and monitors. This page is written "
        "by a test "
        "(`NATTLAB_UPDATE_DOCS=1 ./check -R ArticleIndex`).\n";
    for (const Claim& claim : CLAIMS)
    {
        text += "\n## " + std::string(claim.row) +
                "\n\nThe article says: " + std::string(claim.says) + ".\n";
        text += claim.holds.empty() ? "" : "What holds: " + std::string(claim.holds) + "\n";
        text += "\n" + MakeTable([&](const Entry& entry) { return HasTag(entry, claim.row); });
    }
    return text +
           "\n## Life of a connection\n\nOf no row: what happens to a connection that is up, and "
           "what else keeps one from coming up.\n\n" +
           MakeTable([](const Entry& entry) { return !HasRow(entry); });
}

} // namespace

TEST(ArticleIndex, EveryRowOfTheArticleHasAScenario)
{
    for (const Claim& claim : CLAIMS)
    {
        EXPECT_TRUE(std::any_of(Entries().begin(),
                                Entries().end(),
                                [&](const Entry& entry) { return HasTag(entry, claim.row); }))
            << claim.row;
    }
}

TEST(ArticleIndex, EveryTagIsARowOrSaysThatThereIsNone)
{
    for (const Entry& entry : Entries())
    {
        EXPECT_NE(HasRow(entry), HasTag(entry, "life")) << entry.name;
        for (const std::string& tag : entry.tags)
        {
            const auto row = std::find_if(
                CLAIMS.begin(), CLAIMS.end(), [&](const Claim& claim) { return claim.row == tag; });
            EXPECT_TRUE(row != CLAIMS.end() || tag == "life") << entry.name << ": " << tag;
        }
    }
}

TEST(ArticleIndex, IsWhatTheScenariosCameTo)
{
    const std::string path = std::string(NATTLAB_SOURCE_DIR) + "/scenarios/article/README.md";
    if (std::getenv("NATTLAB_UPDATE_DOCS"))
    {
        std::ofstream(path) << MakeIndex();
    }
    std::ostringstream text;
    text << std::ifstream(path).rdbuf();
    EXPECT_EQ(text.str(), MakeIndex()) << "scenarios/article/README.md is not what a run says";
}
