// SPDX-License-Identifier: GPL-2.0-only
#include "model/windows/monitor.h"

#include <gtest/gtest.h>

using namespace nattlab;
using namespace nattlab::windows;

namespace
{

System
Running(Release release, bool newTools, std::uint8_t servicePack = 0)
{
    System system;
    system.release = release;
    system.servicePack = servicePack;
    system.newTools = newTools;
    system.updated = newTools;
    return system;
}

const System OLD_2000 = Running(Release::Windows2000, false, 4);
const System NEW_2000 = Running(Release::Windows2000, true, 4);
const System OLD_XP = Running(Release::WindowsXp, false, 1);
const System NEW_XP = Running(Release::WindowsXp, true, 1);
const System NEW_XP2 = Running(Release::WindowsXp, true, 2);
const System SERVER = Running(Release::WindowsServer2003, false);

esp::Policy
Filter(const std::string& name, std::uint16_t localPort)
{
    esp::Policy filter;
    filter.name = name;
    filter.selector.protocol = 17;
    filter.selector.localPort = localPort;
    return filter;
}

/** One connection, through a NAT or not, by a group. */
IpsecStatus
Connected(bool nat, crypto::DhGroup group)
{
    IpsecStatus status;
    status.now = Instant{seconds{3725}};
    status.address = {0xC0000201};
    SaPairStatus pair;
    pair.cipher = crypto::CipherAlgorithm::TripleDesCbc;
    pair.udpEncapsulated = nat;
    pair.selector.local = {0xC0000201};
    pair.selector.remote = {0xC6336401};
    status.pairs.push_back(pair);
    ike::PeerStatus peer;
    peer.local = {{0xC0000201}, 500};
    peer.remote = {{0xC6336401}, 500};
    peer.established = true;
    peer.transform = ike::Phase1Transform{};
    peer.transform->group = group;
    if (nat)
    {
        peer.natT = ike::NatTFlavor::Draft02N;
        peer.localBehindNat = true;
    }
    status.peers.push_back(peer);
    status.filters = {Filter("WINS", 137), Filter("L2TP", 1701)};
    status.esp.bytesSent = 1234;
    status.ike.mainModes = 1;
    return status;
}

std::uint64_t
Counter(const MonitorView& view, const std::string& name)
{
    for (const MonitorStatistics& statistics : view.statistics)
    {
        for (const auto& [counter, value] : statistics.values)
        {
            if (counter == name)
            {
                return value;
            }
        }
    }
    ADD_FAILURE() << "no counter " << name;
    return 0;
}

} // namespace

TEST(Monitor, TracksNatTraversalOfServer2003AndXpButNotOf2000)
{
    struct Row
    {
        System monitor;
        System observed;
        bool tracks;
    };

    const Row rows[] = {
        {NEW_XP, NEW_XP, true},
        {NEW_XP, SERVER, true},
        {NEW_XP, NEW_2000, false},
        {NEW_2000, NEW_2000, false},
        {NEW_2000, SERVER, true},
        {SERVER, SERVER, true},
        {SERVER, NEW_2000, false},
        {OLD_XP, NEW_XP, false},
        {OLD_XP, SERVER, false},
        {OLD_2000, SERVER, false},
    };
    for (const Row& row : rows)
    {
        EXPECT_EQ(CanTrack(row.monitor, row.observed, true), row.tracks)
            << NameOf(row.monitor.release) << " looks at " << NameOf(row.observed.release);
        EXPECT_TRUE(CanTrack(row.monitor, row.observed, false));
    }
    EXPECT_FALSE(CanTrack(Running(Release::Windows98, false), SERVER, false));
    EXPECT_FALSE(CanTrack(SERVER, Running(Release::Windows98, false), false));
}

TEST(Monitor, HasSwitchesForWhatIsNotKnown)
{
    MonitorRules rules;
    rules.xpNeedsServicePack2 = true;
    EXPECT_FALSE(CanTrack(NEW_XP, NEW_XP, true, rules));
    EXPECT_TRUE(CanTrack(NEW_XP, NEW_XP2, true, rules));
    rules.oldTracksNatTraversal = true;
    EXPECT_TRUE(CanTrack(OLD_XP, SERVER, true, rules));
}

TEST(Monitor, ShowsTheGroupAsItsVersionDoes)
{
    struct Row
    {
        System monitor;
        crypto::DhGroup group;
        std::string text;
    };

    const Row rows[] = {
        {OLD_XP, crypto::DhGroup::Modp768, "Low (1)"},
        {NEW_XP, crypto::DhGroup::Modp1024, "Medium (2)"},
        {OLD_2000, crypto::DhGroup::Modp1024, "Medium (2)"},
        {NEW_XP, crypto::DhGroup::Modp2048, "268435457"},
        {NEW_2000, crypto::DhGroup::Modp2048, "268435457"},
        {OLD_XP, crypto::DhGroup::Modp2048, "Unknown"},
        {SERVER, crypto::DhGroup::Modp2048, "High (2048)"},
    };
    for (const Row& row : rows)
    {
        const MonitorView view =
            MakeMonitorView(row.monitor, row.monitor, "host", Connected(false, row.group));
        ASSERT_EQ(view.mainModes.size(), 1u);
        EXPECT_EQ(view.mainModes[0].dhGroup, row.text) << NameOf(row.monitor.release);
        EXPECT_EQ(view.mainModes[0].authentication, "Preshared Key");
    }
}

TEST(Monitor, LeavesOutWhatItCannotTrackAndSaysSo)
{
    const IpsecStatus status = Connected(true, crypto::DhGroup::Modp1024);
    const MonitorView view = MakeMonitorView(NEW_2000, NEW_2000, "client", status);
    EXPECT_TRUE(view.associations.empty());
    EXPECT_TRUE(view.mainModes.empty());
    ASSERT_EQ(view.notes.size(), 1u);
    EXPECT_NE(view.notes[0].find("1 quick-mode and 1 main-mode"), std::string::npos);
    EXPECT_NE(view.notes[0].find("windows-2000"), std::string::npos);
    EXPECT_EQ(Counter(view, "Active Associations"), 0u);
    EXPECT_EQ(Counter(view, "Confidential Bytes Sent"), 1234u);

    const MonitorView seen = MakeMonitorView(NEW_XP, NEW_XP, "client", status);
    EXPECT_EQ(seen.associations.size(), 1u);
    EXPECT_EQ(seen.mainModes.size(), 1u);
    EXPECT_TRUE(seen.notes.empty());
    const MonitorView old = MakeMonitorView(OLD_XP, NEW_XP, "client", status);
    EXPECT_TRUE(old.associations.empty());
    EXPECT_NE(old.notes.at(0).find("older"), std::string::npos);
}

TEST(Monitor, TheUpdatedOneShowsNoNamesForDynamicFilters)
{
    IpsecStatus status = Connected(false, crypto::DhGroup::Modp1024);
    status.policy = IpsecPolicy{};
    status.policy->name = "Office";
    PolicyRule rule;
    rule.name = "Block Slammer";
    status.policy->rules.push_back(rule);
    status.filters.push_back(Filter("Block Slammer", 1434));

    const MonitorView old = MakeMonitorView(OLD_XP, OLD_XP, "client", status);
    ASSERT_EQ(old.filters.size(), 3u);
    EXPECT_EQ(old.filters[0].name, "WINS");
    EXPECT_EQ(old.associations[0].filterName, "L2TP");
    const MonitorView upgraded = MakeMonitorView(NEW_XP, NEW_XP, "client", status);
    EXPECT_EQ(upgraded.filters[0].name, "");
    EXPECT_EQ(upgraded.filters[2].name, "Block Slammer");
    EXPECT_EQ(upgraded.associations[0].filterName, "");
    EXPECT_EQ(upgraded.assignedPolicy, "Office");
    EXPECT_EQ(MakeMonitorView(SERVER, SERVER, "server", status).filters[0].name, "WINS");
}

TEST(Monitor, HasTheCountersOfItsTool)
{
    const IpsecStatus status = Connected(false, crypto::DhGroup::Modp1024);
    const MonitorView ipsecmon = MakeMonitorView(OLD_2000, OLD_2000, "client", status);
    EXPECT_EQ(ipsecmon.tool, "ipsecmon.exe");
    EXPECT_EQ(Counter(ipsecmon, "Active Associations"), 1u);
    EXPECT_EQ(Counter(ipsecmon, "Oakley Main Modes"), 1u);
    EXPECT_EQ(ipsecmon.associations[0].policyName, "L2TP Rule");
    const MonitorView snapIn = MakeMonitorView(OLD_XP, OLD_XP, "client", status);
    EXPECT_EQ(snapIn.tool, "IP Security Monitor");
    EXPECT_EQ(Counter(snapIn, "IKE Main Mode"), 1u);
    EXPECT_EQ(Counter(snapIn, "Transport Bytes Sent"), 1234u);
}

TEST(Monitor, SaysWhenThereIsNothingToLookAt)
{
    IpsecStatus status = Connected(false, crypto::DhGroup::Modp1024);
    const System win98 = Running(Release::Windows98, false);
    EXPECT_EQ(MakeMonitorView(win98, win98, "client", status).tool, "");
    EXPECT_EQ(MakeMonitorView(win98, win98, "client", status).notes.size(), 1u);
    status.running = false;
    const MonitorView stopped = MakeMonitorView(SERVER, SERVER, "server", status);
    EXPECT_TRUE(stopped.associations.empty());
    EXPECT_FALSE(stopped.running);
    EXPECT_NE(MonitorText(stopped).find("service of server is not running"), std::string::npos);
}

TEST(Monitor, WritesAPageOfAtMost100Columns)
{
    IpsecStatus status = Connected(false, crypto::DhGroup::Modp2048);
    status.pairs.push_back(Connected(true, crypto::DhGroup::Modp2048).pairs[0]);
    status.filters[1].name = std::string(150, 'f');
    std::string pages;
    for (const System& monitor : {SERVER, OLD_2000, NEW_2000, OLD_XP})
    {
        pages += MonitorText(MakeMonitorView(monitor, monitor, "server", status));
    }
    std::size_t begin = 0;
    while (begin < pages.size())
    {
        const std::size_t end = pages.find('\n', begin);
        EXPECT_LE(end - begin, 100u) << pages.substr(begin, end - begin);
        begin = end + 1;
    }
    EXPECT_NE(pages.find("server at 01:02:05.000"), std::string::npos) << pages;
    EXPECT_NE(pages.find("ESP 3DES HMAC-SHA1"), std::string::npos);
    EXPECT_NE(pages.find("High (2048)"), std::string::npos);
    EXPECT_NE(pages.find("fff.."), std::string::npos);
    EXPECT_NE(pages.find("Note: Not shown"), std::string::npos);
}

TEST(Monitor, HandsItsRowsOutAsPairs)
{
    const MonitorView view =
        MakeMonitorView(SERVER, SERVER, "server", Connected(false, crypto::DhGroup::Modp768));
    const MonitorRecord record = RecordOf(view.associations.at(0));
    ASSERT_EQ(record.size(), 9u);
    EXPECT_EQ(record[0].first, "policyName");
    EXPECT_EQ(record[3].second, "192.0.2.1");
    EXPECT_EQ(record[8].second, "None");
    EXPECT_EQ(RecordOf(view.mainModes.at(0)).back().second, "Low (1)");
    EXPECT_EQ(RecordOf(view.filters.at(0)).front().second, "WINS");
}
