// SPDX-License-Identifier: GPL-2.0-only
/**
 * \file
 * What the system presets put on the wire. Every expectation is a literal with its source; none is
 * read from a preset.
 */
#include "test/helper/simulation/preset-lab.h"
#include "test/helper/simulation/preset-reference.h"

#include "model/l2tp/engine.h"
#include "model/ppp/session.h"

#include <gmock/gmock.h>

#include <ostream>

using namespace nattlab;
using namespace nattlab::test;
using testing::ElementsAre;
using testing::ElementsAreArray;

namespace
{

// Quick Mode identities behind a NAT. KB818043 builds send their host name (strongSwan NEWS 2.0.2),
// others their private address; unpatched 2000 and XP leave the server's port open (libreswan).
const char* const NAME = "2 17 1701 client.example.net";
const char* const PRIVATE = "1 17 1701 192.168.1.2";
const char* const SERVER_1701 = "1 17 1701 198.51.100.1";
const char* const SERVER_ANY = "1 17 0 198.51.100.1";

struct ClientRow
{
    const char* preset;
    const char* peer; //!< preset of the server
    Texts vendorIds;
    Texts mainMode;
    Texts (*quickMode)(int encapsulation);
    NatNumbers nat;
    const char* identity;
    const char* server;
    std::size_t nonce;           //!< bytes
    int keepalive;               //!< seconds; 0: none
    bool refusesServerBehindNat; //!< KB885407, KB926179
    const char* firmware;        //!< L2TP; empty: no AVP
    bool correlation;            //!< L2TP
    bool reliableDelete;         //!< MS-IKEE appendix A note 13
    const char* errors;          //!< whose numbers the dialler shows
};

// clang-format off
const ClientRow CLIENTS[] = {
    {"windows-98-l2tp-client", "windows-server-2003", {SOFTREMOTE, DRAFT_02N},
     MM_OLD, QmOld, DRAFT, PRIVATE, SERVER_1701, 20, 20, false, "", false, false, "none"},
    {"windows-2000-sp2", "windows-server-2003", {NT5 + "00000002"},
     MM_OLD, QmOld, UNKNOWN, PRIVATE, SERVER_ANY, 20, 0, false, "0x0500", false, false, "windows-2000"},
    {"windows-2000-sp4", "windows-server-2003", {NT5 + "00000002"},
     MM_OLD, QmOld, UNKNOWN, PRIVATE, SERVER_ANY, 20, 0, false, "0x0500", false, false, "windows-2000"},
    {"windows-2000-sp4-kb818043", "windows-server-2003",
     {NT5 + "00000002", FRAGMENTATION, DRAFT_02N},
     MM_UPDATED, QmOld, DRAFT, NAME, SERVER_1701, 20, 20, false, "0x0500", false, false, "windows-2000"},
    {"windows-2000-sp4-rollup", "windows-server-2003",
     {NT5 + "00000002", FRAGMENTATION, DRAFT_02N},
     MM_UPDATED, QmOld, DRAFT, NAME, SERVER_1701, 20, 20, false, "0x0500", false, true, "windows-2000"},
    {"windows-xp", "windows-server-2003", {NT5 + "00000003"},
     MM_OLD, QmOld, UNKNOWN, PRIVATE, SERVER_ANY, 20, 0, false, "0x0501", false, true, "windows-xp"},
    {"windows-xp-kb818043", "windows-server-2003", {NT5 + "00000003", FRAGMENTATION, DRAFT_02N},
     MM_UPDATED, QmOld, DRAFT, NAME, SERVER_1701, 20, 20, false, "0x0501", false, true, "windows-xp"},
    {"windows-xp-sp1", "windows-server-2003", {NT5 + "00000003"},
     MM_OLD, QmOld, UNKNOWN, PRIVATE, SERVER_ANY, 20, 0, false, "0x0501", false, true, "windows-xp"},
    {"windows-xp-sp1-kb818043", "windows-server-2003",
     {NT5 + "00000003", FRAGMENTATION, DRAFT_02N},
     MM_UPDATED, QmOld, DRAFT, NAME, SERVER_1701, 20, 20, false, "0x0501", false, true, "windows-xp"},
    // LOG-XP: version 4 from SP2 on, and this order.
    {"windows-xp-sp2", "windows-server-2003",
     {NT5 + "00000004", FRAGMENTATION, DRAFT_02N, INITIAL_CONTACT},
     MM_UPDATED, QmOld, DRAFT, NAME, SERVER_1701, 20, 20, true, "0x0501", false, true, "windows-xp"},
    {"windows-xp-sp3", "windows-server-2003",
     {NT5 + "00000004", FRAGMENTATION, DRAFT_02N, INITIAL_CONTACT},
     MM_UPDATED, QmOld, DRAFT, NAME, SERVER_1701, 20, 20, true, "0x0501", false, true, "windows-xp"},
    // Towards a server that knows the draft only, the draft's numbers.
    {"windows-vista", "windows-server-2003",
     {NT5 + "00000005", RFC3947, DRAFT_02N, FRAGMENTATION, DISCOVERY, INITIAL_CONTACT, CGA},
     MM_VISTA, QmVista, DRAFT, PRIVATE, SERVER_1701, 48, 0, true, "0x0600", true, true, "windows-vista"},
    {"windows-vista", "windows-server-2008",
     {NT5 + "00000005", RFC3947, DRAFT_02N, FRAGMENTATION, DISCOVERY, INITIAL_CONTACT, CGA},
     MM_VISTA, QmVista, RFC, PRIVATE, SERVER_1701, 48, 0, true, "0x0600", true, true, "windows-vista"},
    {"windows-7", "windows-server-2008",
     {NT5 + "00000008", RFC3947, DRAFT_02N, FRAGMENTATION, DISCOVERY, INITIAL_CONTACT, CGA},
     MM_VISTA, QmVista, RFC, PRIVATE, SERVER_1701, 48, 20, true, "0x0601", true, true, "windows-vista"},
};

// clang-format on

class ClientPreset : public testing::TestWithParam<ClientRow>
{
};

void
PrintTo(const ClientRow& row, std::ostream* out)
{
    *out << row.preset;
}

INSTANTIATE_TEST_SUITE_P(Table,
                         ClientPreset,
                         testing::ValuesIn(CLIENTS),
                         [](const auto& row)
                         { return RowNameOf(row.param.preset, row.param.peer); });

} // namespace

TEST_P(ClientPreset, OffersItsTransformsAndVendorIdsInOrder)
{
    const ClientRow& row = GetParam();
    PresetLab lab(row.preset, row.peer, true);
    lab.Dial();
    const WireMessage first = lab.Cut(true, 1);
    EXPECT_EQ(first.exchange, 2); // Identity Protection
    EXPECT_EQ(first.payloads.at(0).type, 1);
    EXPECT_EQ(first.payloads.size(), 1 + row.vendorIds.size());
    EXPECT_THAT(HexOf(first.All(13)), ElementsAreArray(row.vendorIds));
    EXPECT_THAT(TransformTexts(first.All(1).at(0)), ElementsAreArray(row.mainMode));
}

TEST_P(ClientPreset, LooksForNatByTheNumbersOfItsRevision)
{
    const ClientRow& row = GetParam();
    PresetLab lab(row.preset, row.peer, true);
    lab.Dial();
    const WireMessage third = lab.Cut(true, 2);
    const std::string natD = ' ' + std::to_string(row.nat.natD);
    // RFC 2409 5: KE, nonce; RFC 3947 3.2: then NAT-D of the other end and of this one.
    EXPECT_EQ(third.Types(), row.nat.natD ? "4 10" + natD + natD : "4 10");
    EXPECT_EQ(third.All(10).at(0).size(), row.nonce);
    // RFC 3947 4: with NAT, port 4500 from the fifth message on.
    const auto sent = lab.From(true);
    ASSERT_GE(sent.size(), 4u);
    EXPECT_EQ(sent[1].message.remote.port, 500);
    EXPECT_EQ(sent[2].message.remote.port, row.nat.natD ? 4500 : 500);
    EXPECT_EQ(sent[2].message.local.port, row.nat.natD ? 4500 : 500);
}

TEST_P(ClientPreset, NamesItselfByItsOwnAddressInMainMode)
{
    const ClientRow& row = GetParam();
    PresetLab lab(row.preset, row.peer, true);
    lab.Dial();
    EXPECT_EQ(lab.Cut(true, 3).next, 5);
    // Logs show the private address; RFC 3947 4: port 0. Nothing but ID and HASH: no
    // INITIAL-CONTACT.
    const auto fifth = lab.Main5();
    ASSERT_EQ(fifth.size(), 2u);
    EXPECT_EQ(IdentityText(fifth[0].body), "1 0 0 192.168.1.2");
    EXPECT_EQ(fifth[1].type, 8);
}

TEST_P(ClientPreset, ProposesQuickModeBehindANat)
{
    const ClientRow& row = GetParam();
    PresetLab lab(row.preset, row.peer, true);
    lab.Dial();
    const auto quick = lab.Quick1();
    EXPECT_EQ(lab.Cut(true, 4).exchange, 32);
    EXPECT_THAT(TransformTexts(BodiesOf(quick, 1).at(0)),
                ElementsAreArray(row.quickMode(row.nat.encapsulation)));
    const auto identities = BodiesOf(quick, 5);
    ASSERT_EQ(identities.size(), 2u);
    EXPECT_EQ(IdentityText(identities[0]), row.identity);
    EXPECT_EQ(IdentityText(identities[1]), row.server);
    // NAT-OA: type, three reserved bytes, address. The drafts have the own one, RFC 3947 5.2 both.
    const Texts own{"01000000c0a80102"};
    const Texts both{"01000000c0a80102", "01000000c6336401"};
    EXPECT_THAT(HexOf(BodiesOf(quick, row.nat.natOa)),
                ElementsAreArray(row.nat.natD == 0     ? Texts{}
                                 : row.nat.natD == 130 ? own
                                                       : both));
    ASSERT_EQ(lab.client.All<ike::ChildUp>().size(), 1u);
    EXPECT_EQ(lab.client.All<ike::ChildUp>()[0].sa.udpEncapsulated, row.nat.natD != 0);
}

TEST_P(ClientPreset, UsesBareEspAndAddressesWithoutNat)
{
    const ClientRow& row = GetParam();
    PresetLab lab(row.preset, row.peer, false);
    lab.Dial();
    const auto quick = lab.Quick1();
    EXPECT_THAT(TransformTexts(BodiesOf(quick, 1).at(0)), ElementsAreArray(row.quickMode(2)));
    EXPECT_EQ(IdentityText(BodiesOf(quick, 5).at(0)), "1 17 1701 203.0.113.7"); // RFC 3193 4.2.2
    EXPECT_EQ(IdentityText(BodiesOf(quick, 5).at(1)), row.server);
    EXPECT_TRUE(BodiesOf(quick, 131).empty());
    EXPECT_TRUE(BodiesOf(quick, 21).empty());
    for (const SentMessage& s : lab.From(true))
    {
        EXPECT_EQ(s.message.remote.port, 500);
    }
}

TEST_P(ClientPreset, RepeatsAnUnansweredMessageSixTimesAndGivesUp)
{
    const ClientRow& row = GetParam();
    PresetLab lab(row.preset, row.peer, true);
    lab.clientIsHeard = false;
    lab.Dial();
    lab.Run(seconds{94});
    // ike-scan's back-off patterns: gaps of 1, 2, 4, 8, 16 and 32 s.
    EXPECT_THAT(lab.Times(true), ElementsAre(0, 1, 3, 7, 15, 31, 63));
    EXPECT_TRUE(lab.client.All<ike::Failed>().empty());
    lab.Run(seconds{2}); // 32 s after the last: an assumption
    ASSERT_EQ(lab.client.All<ike::Failed>().size(), 1u);
    EXPECT_EQ(lab.client.All<ike::Failed>()[0].reason, Reason::IkeTimeout);
}

TEST_P(ClientPreset, KeepsItsMappingAlive)
{
    const ClientRow& row = GetParam();
    PresetLab lab(row.preset, row.peer, true);
    lab.Dial();
    lab.Run(seconds{50});
    std::vector<double> times;
    for (const SentMessage& s : lab.sent)
    {
        if (s.fromClient && s.message.keepalive)
        {
            EXPECT_EQ(ToHex(s.message.payload), "ff"); // RFC 3948 2.3
            EXPECT_EQ(s.message.remote.port, 4500);
            times.push_back(std::chrono::duration<double>(s.at - Instant{}).count());
        }
    }
    // MS-IKEE appendix A note 14: 20 s; none in Vista and Server 2008 before SP2.
    EXPECT_EQ(times, row.keepalive ? (std::vector<double>{20, 40}) : std::vector<double>{});
}

TEST_P(ClientPreset, DecidesAboutAServerBehindANat)
{
    const ClientRow& row = GetParam();
    for (const bool both : {false, true})
    {
        PresetLab lab(row.preset, row.peer, both, true);
        lab.Dial();
        const auto failed = lab.client.All<ike::Failed>();
        if (row.refusesServerBehindNat)
        {
            ASSERT_EQ(failed.size(), 1u);
            EXPECT_EQ(failed[0].reason, Reason::IkeResponderBehindNat);
            EXPECT_EQ(lab.From(true).size(), 2u) << "nothing after Main Mode 3";
        }
        else
        {
            EXPECT_TRUE(failed.empty());
            EXPECT_EQ(lab.client.All<ike::ChildUp>().size(), 1u);
        }
    }
}

TEST_P(ClientPreset, DeletesAsItsReleaseDoes)
{
    const ClientRow& row = GetParam();
    PresetLab lab(row.preset, row.peer, true);
    lab.Dial();
    std::vector<int> types;
    for (const WirePayload& p : lab.Delete())
    {
        types.push_back(p.type);
    }
    // MS-IKEE 3.1.5: HASH, nonce, delete, to be acknowledged; RFC 2408 5.15: HASH, delete.
    EXPECT_EQ(types,
              row.reliableDelete ? (std::vector<int>{8, 10, 12}) : (std::vector<int>{8, 12}));
}

TEST_P(ClientPreset, ShowsTheErrorsOfItsRelease)
{
    const ClientRow& row = GetParam();
    EXPECT_EQ(LoadPair(row.preset, row.peer).FindHost("client")->errors, row.errors);
}

TEST_P(ClientPreset, AsksForATunnelAsItsRelease)
{
    const ClientRow& row = GetParam();
    const auto scenario = LoadPair(row.preset, row.peer);
    EventLog log;
    l2tp::Engine client(
        ConfigOf(scenario, "client").l2tp.Pointer(), "client", 1, Tracer{log, log.AddNode("client")});
    l2tp::Config listening = *ConfigOf(scenario, "server").l2tp;
    listening.listen = true;
    l2tp::Engine server(listening, "server", 1, Tracer{log, log.AddNode("server")});

    auto dialled = client.Dial(1, 1, Instant{});
    ASSERT_EQ(dialled.output.datagrams.size(), 1u);
    const std::string firmware = row.firmware;
    // MS-L2TPIE 3: synchronous framing, no bearer, FQDN, vendor, tunnel, window 8; no tie breaker.
    EXPECT_EQ(AvpText(dialled.output.datagrams[0].payload),
              "0=0x0001 2=0x0100 3=0x00000001 4=0x00000000 " +
                  (firmware.empty() ? "" : "6=" + firmware + " ") +
                  "7=client.example.net 8=Microsoft 9=0x0001 10=0x0008");

    Texts calls;
    auto toServer = dialled.output.datagrams;
    for (int round = 0; round < 4; ++round)
    {
        std::vector<l2tp::Datagram> toClient;
        for (const auto& datagram : toServer)
        {
            if (datagram.payload.size() > 12 && Load16(datagram.payload.data() + 18) == 10)
            {
                calls.push_back(AvpText(datagram.payload));
            }
            for (auto& answer : server.Receive(datagram, Instant{}).datagrams)
            {
                toClient.push_back(answer);
            }
        }
        toServer = {};
        for (const auto& datagram : toClient)
        {
            for (auto& next : client.Receive(datagram, Instant{}).datagrams)
            {
                toServer.push_back(next);
            }
        }
    }
    // MS-L2TPIE 3: session, serial number, analog bearer, channel; from Vista SP1 on vendor 311.
    const std::string correlation = row.correlation ? " 311:1=16 bytes" : "";
    EXPECT_THAT(
        calls,
        ElementsAre("0=0x000a 14=0x0001 15=0x00000001 18=0x00000002 25=0x00000000" + correlation));
}

TEST_P(ClientPreset, AsksForTheLinkOfAWindowsClient)
{
    const ClientRow& row = GetParam();
    const auto scenario = LoadPair(row.preset, row.peer);
    EventLog log;
    ppp::Session session(ConfigOf(scenario, "client").ppp.Pointer(),
                         ppp::Role::Client,
                         "client",
                         1,
                         1,
                         nullptr,
                         Tracer{log, log.AddNode("client")});
    const auto out = session.Start(Instant{});
    ASSERT_EQ(out.frames.size(), 1u);
    // pppd logs of Windows clients: MRU 1400, magic number, PFC, ACFC, callback by CBCP.
    EXPECT_EQ(LcpRequestText(out.frames[0].bytes), "1=0x0578 5=4 bytes 7=0x 8=0x 13=0x06");
}

TEST(SystemPreset, Windows7SendsMessagesOfTheSizesInALog)
{
    // LOG-7: 384, 388, 76, 332 and 60 bytes. The first has two transforms more, of 40 bytes each,
    // with groups 20 and 19.
    PresetLab lab("windows-7", "windows-server-2008", true);
    lab.Dial();
    std::vector<std::size_t> sizes;
    for (const SentMessage& s : lab.From(true))
    {
        sizes.push_back(s.message.payload.size());
    }
    EXPECT_THAT(sizes, ElementsAre(384 - 2 * 40, 388, 76, 332, 60));
}

TEST(SystemPreset, ServersAsClientsAcceptAServerBehindANatBeforeVistaOnly)
{
    // KB885407 is about XP SP2 and says that Windows 2000 stays; KB926179: Vista and Server 2008.
    for (const auto& [preset, accepts] : {std::pair("windows-server-2000-kb818043", true),
                                          std::pair("windows-server-2003", true),
                                          std::pair("windows-server-2003-sp1", true),
                                          std::pair("windows-server-2008", false)})
    {
        SCOPED_TRACE(preset);
        PresetLab lab(preset, "windows-server-2003", true, true);
        lab.Dial();
        EXPECT_EQ(lab.client.All<ike::ChildUp>().size(), accepts ? 1u : 0u);
        EXPECT_EQ(lab.client.All<ike::Failed>().size(), accepts ? 0u : 1u);
    }
}

TEST(SystemPreset, SaysWhichReleaseItIs)
{
    struct Row
    {
        const char* preset;
        const char* release;
        int servicePack;
        bool updated; // KB818043, or later files that contain it
        const char* tools;
        bool fragments; // MS-IKEE appendix A note 2; with KB818043 an assumption
        std::string updates;
    };

    // clang-format off
    const Row rows[] = {
        {"windows-98-l2tp-client", "windows-98", 0, false, "none", false, ""},
        {"windows-2000-sp2", "windows-2000", 2, false, "old", false, ""},
        // InstantDoc 40597: KB818043 asks for SP3; KB891861 is the rollup.
        {"windows-2000-sp4", "windows-2000", 4, false, "old", false,
         "KB818043=windows-2000-sp4-kb818043 KB891861=windows-2000-sp4-rollup "},
        {"windows-2000-sp4-kb818043", "windows-2000", 4, true, "new", true,
         "KB891861=windows-2000-sp4-rollup "},
        {"windows-2000-sp4-rollup", "windows-2000", 4, true, "new", true, ""},
        {"windows-server-2000", "windows-2000", 4, false, "old", false,
         "KB818043=windows-server-2000-kb818043 "},
        {"windows-server-2000-kb818043", "windows-2000", 4, true, "new", true, ""},
        // KB818043: for XP without service pack and with SP1; SP2 contains it.
        {"windows-xp", "windows-xp", 0, false, "old", false,
         "KB818043=windows-xp-kb818043 SP2=windows-xp-sp2 "},
        {"windows-xp-kb818043", "windows-xp", 0, true, "new", true, "SP2=windows-xp-sp2 "},
        {"windows-xp-sp1", "windows-xp", 1, false, "old", false,
         "KB818043=windows-xp-sp1-kb818043 SP2=windows-xp-sp2 "},
        {"windows-xp-sp1-kb818043", "windows-xp", 1, true, "new", true, "SP2=windows-xp-sp2 "},
        {"windows-xp-sp2", "windows-xp", 2, true, "new", true, ""},
        {"windows-xp-sp3", "windows-xp", 3, true, "new", true, ""},
        {"windows-server-2003", "windows-server-2003", 0, true, "none", true, ""},
        {"windows-server-2003-sp1", "windows-server-2003", 1, true, "none", true, ""},
        {"windows-vista", "windows-vista", 1, true, "none", true, ""},
        {"windows-server-2008", "windows-vista", 1, true, "none", true, ""},
        {"windows-7", "windows-7", 0, true, "none", true, ""},
        {"linux-rfc3947", "", 0, false, "none", false, ""},
        {"linux-without-saref", "", 0, false, "none", false, ""},
        {"plain-host", "", 0, false, "none", false, ""},
    };
    // clang-format on
    for (const Row& row : rows)
    {
        SCOPED_TRACE(row.preset);
        const auto scenario = LoadPair(row.preset, "windows-server-2003");
        const scenario::Host& host = *scenario.FindHost("client");
        EXPECT_EQ(host.release, row.release);
        EXPECT_EQ(host.servicePack, row.servicePack);
        EXPECT_EQ(host.updated, row.updated);
        EXPECT_EQ(host.tools, row.tools);
        EXPECT_EQ(ConfigOf(scenario, "client").ike->fragmentation, row.fragments);
        std::string updates;
        for (const auto& [name, becomes] : host.updates)
        {
            updates += name + '=' + becomes.system + ' ';
        }
        EXPECT_EQ(updates, row.updates);
    }
}
