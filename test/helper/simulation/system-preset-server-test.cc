// SPDX-License-Identifier: GPL-2.0-only
/**
 * \file
 * What the system presets put on the wire as servers. Every expectation is a literal with its
 * source; none is read from a preset.
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

struct ServerRow
{
    const char* preset;
    const char* peer; //!< preset of the client, which is behind a NAT
    Texts vendorIds;
    std::string mainMode;  //!< the transform chosen
    std::string quickMode; //!< the transform chosen
    int natD;              //!< payload; 0: NAT traversal is unknown
    const char* client;    //!< identity in Quick Mode 2
    bool fourth;           //!< strongSwan issue 289: Quick Mode 4 of a Windows server
    bool repeats;          //!< Main Mode 2, by the clock
    const char* tunnel;    //!< AVPs of SCCRP between protocol version and host name, and after it
    const char* vendor;
    const char* link; //!< options of LCP
};

// RFC 2661 4.4.3; MS-L2TPIE 3. The firmware looks like the version of the system.
const char* const WINDOWS_2000 = "3=0x00000001 4=0x00000000 6=0x0500";
const char* const WINDOWS_2003 = "3=0x00000001 4=0x00000000 6=0x0502";
const char* const WINDOWS_2008 = "3=0x00000001 4=0x00000000 6=0x0600";
const char* const LINUX = "3=0x00000003 4=0x00000000 6=0x0690"; // xl2tpd
const char* const MICROSOFT = "8=Microsoft 9=0x0001 10=0x0008";
const char* const XELERANCE = "8=xelerance.com 9=0x0001 10=0x0004";

// pppd logs of Windows peers: a server asks for EAP first, and for no callback.
const char* const RRAS = "1=0x0578 3=0xc227 5=4 bytes 7=0x 8=0x";
const char* const PPPD = "1=0x0578 3=0xc22381 5=4 bytes 7=0x 8=0x";

// LOG-2003: the server answers with the client's outer address, whatever the client named.
const char* const OUTER = "1 17 1701 203.0.113.7";
const char* const PRIVATE = "1 17 1701 192.168.1.2";
const char* const NAME = "2 17 1701 client.example.net";

const Texts STRONGSWAN{RFC3947, DRAFT_03, DRAFT_02N, DRAFT_02};

// clang-format off
const ServerRow SERVERS[] = {
    // MS-IKEE appendix A note 2: no NAT traversal in Windows 2000.
    {"windows-server-2000", "windows-xp-sp2", {NT5 + "00000002"},
     MM_3DES_SHA_2, Esp(3, 2, 2), 0, PRIVATE, true, true, WINDOWS_2000, MICROSOFT, RRAS},
    {"windows-server-2000-kb818043", "windows-xp-sp2",
     {NT5 + "00000002", FRAGMENTATION, DRAFT_02N},
     MM_3DES_SHA_2, Esp(3, 61444, 2), 130, OUTER, true, true, WINDOWS_2000, MICROSOFT, RRAS},
    // LOG-2003: these vendor IDs in this order, 3DES and SHA1. Group 14 only after NegotiateDH2048.
    {"windows-server-2003", "windows-xp-sp2", {NT5 + "00000004", FRAGMENTATION, DRAFT_02N},
     MM_3DES_SHA_2, Esp(3, 61444, 2), 130, OUTER, true, true, WINDOWS_2003, MICROSOFT, RRAS},
    {"windows-server-2003", "windows-98-l2tp-client", {NT5 + "00000004", FRAGMENTATION, DRAFT_02N},
     MM_3DES_SHA_2, Esp(3, 61444, 2), 130, OUTER, true, true, WINDOWS_2003, MICROSOFT, RRAS},
    {"windows-server-2003-sp1", "windows-xp-sp1-kb818043",
     {NT5 + "00000004", FRAGMENTATION, DRAFT_02N},
     MM_3DES_SHA_2, Esp(3, 61444, 2), 130, OUTER, true, true, WINDOWS_2003, MICROSOFT, RRAS},
    // MS-IKEE 3.2.5.1: the RFC wins where both ends offer it; 3.1.5: no repetition from Vista on.
    {"windows-server-2008", "windows-7",
     {NT5 + "00000006", RFC3947, DRAFT_02N, FRAGMENTATION, DISCOVERY, CGA},
     MM_AES256_SHA_14, Esp(12, 4, 2, " 6=128"), 20, OUTER, true, false, WINDOWS_2008, MICROSOFT,
     RRAS},
    {"windows-server-2008", "windows-xp-sp2",
     {NT5 + "00000006", RFC3947, DRAFT_02N, FRAGMENTATION, DISCOVERY, CGA},
     MM_3DES_SHA_14, Esp(3, 61444, 2), 130, OUTER, true, false, WINDOWS_2008, MICROSOFT, RRAS},
    {"linux-rfc3947", "windows-7", STRONGSWAN,
     MM_3DES_SHA_14, Esp(12, 4, 2, " 6=128"), 20, PRIVATE, false, true, LINUX, XELERANCE, PPPD},
    {"linux-rfc3947", "windows-xp-sp2", STRONGSWAN,
     MM_3DES_SHA_14, Esp(3, 61444, 2), 130, NAME, false, true, LINUX, XELERANCE, PPPD},
    {"linux-without-saref", "windows-xp-sp2", STRONGSWAN,
     MM_3DES_SHA_14, Esp(3, 61444, 2), 130, NAME, false, true, LINUX, XELERANCE, PPPD},
};

// clang-format on

class ServerPreset : public testing::TestWithParam<ServerRow>
{
};

void
PrintTo(const ServerRow& row, std::ostream* out)
{
    *out << row.preset;
}

INSTANTIATE_TEST_SUITE_P(Table,
                         ServerPreset,
                         testing::ValuesIn(SERVERS),
                         [](const auto& row)
                         { return RowNameOf(row.param.preset, row.param.peer); });

/** \return what a server answers to a first message that comes \p count times, each a new one. */
std::vector<WireMessage>
AnswersToManyInitiators(const char* preset, std::size_t count)
{
    PresetLab lab("windows-7", preset, false);
    lab.clientIsHeard = false;
    lab.Dial();
    ike::Message message = lab.From(true).at(0).message;
    std::swap(message.local, message.remote);
    std::vector<WireMessage> answers;
    for (std::size_t i = 0; i < count; ++i)
    {
        Store32(message.payload.data(), static_cast<std::uint32_t>(i + 1)); // of the cookie
        const auto out = lab.server.engine.Receive(message, Instant{});
        EXPECT_EQ(out.messages.size(), 1u);
        answers.push_back(CutMessage(out.messages.at(0).payload));
    }
    return answers;
}

} // namespace

TEST_P(ServerPreset, AnswersWithItsVendorIdsAndItsChoice)
{
    const ServerRow& row = GetParam();
    PresetLab lab(row.peer, row.preset, true);
    lab.Dial();
    const WireMessage second = lab.Cut(false, 1);
    EXPECT_THAT(HexOf(second.All(13)), ElementsAreArray(row.vendorIds));
    EXPECT_THAT(TransformTexts(second.All(1).at(0)), ElementsAre(row.mainMode));
    const std::string natD = ' ' + std::to_string(row.natD);
    EXPECT_EQ(lab.Cut(false, 2).Types(), row.natD ? "4 10" + natD + natD : "4 10");
}

TEST_P(ServerPreset, EndsQuickModeInItsOwnWay)
{
    const ServerRow& row = GetParam();
    PresetLab lab(row.peer, row.preset, true);
    lab.Dial();
    const auto quick = lab.Quick(2);
    EXPECT_THAT(TransformTexts(BodiesOf(quick, 1).at(0)), ElementsAre(row.quickMode));
    EXPECT_EQ(IdentityText(BodiesOf(quick, 5).at(0)), row.client);
    EXPECT_EQ(IdentityText(BodiesOf(quick, 5).at(1)), "1 17 1701 198.51.100.1");
    EXPECT_EQ(lab.Cut(false, 4).flags, row.fourth ? 3 : 1); // RFC 2408 3.1: 1 encryption, 2 commit
    ASSERT_EQ(lab.From(false).size(), row.fourth ? 5u : 4u);
    if (row.fourth)
    {
        // DOI 1, protocol ISAKMP, SPI, INITIAL-CONTACT (24578).
        const auto notify = BodiesOf(lab.Quick(4), 11);
        ASSERT_EQ(notify.size(), 1u);
        EXPECT_EQ(Load16(notify[0].data() + 6), 24578);
    }
    EXPECT_EQ(lab.client.All<ike::ChildUp>().size(), 1u);
}

TEST_P(ServerPreset, NamesItselfByItsHostNameBehindANat)
{
    const ServerRow& row = GetParam();
    // A client that does not refuse it: KB885407 changed nothing before XP SP2.
    PresetLab lab("windows-xp-sp1-kb818043", row.preset, false, true);
    lab.Dial();
    // LOG-2003: its full DNS name in place of what the client sees. Windows 2000, which does not
    // know that it is behind one, and Linux repeat what was proposed.
    EXPECT_EQ(IdentityText(BodiesOf(lab.Quick(2), 5).at(1)),
              row.natD && row.fourth ? "2 17 1701 vpn.example.com" : "1 17 1701 198.51.100.1");
}

TEST_P(ServerPreset, RepeatsItsFirstMessageOnlyWhereItsReleaseDoes)
{
    const ServerRow& row = GetParam();
    PresetLab lab(row.peer, row.preset, true);
    lab.serverHears = 1;
    lab.Dial();
    lab.Run(seconds{70});
    const auto times = lab.Times(false);
    if (!row.repeats)
    {
        EXPECT_THAT(times, ElementsAre(0)); // ike-scan of a later Windows: a single packet
    }
    else if (row.fourth)
    {
        EXPECT_THAT(times, ElementsAre(0, 1, 3, 7, 15, 31, 63)); // ike-scan's back-off patterns
    }
    else
    {
        ASSERT_GE(times.size(), 4u);
        EXPECT_NEAR(times[1], 4, 1e-9); // strongSwan: 4 s, then 1.8 times as long each time
        EXPECT_NEAR(times[2], 11.2, 1e-9);
        EXPECT_NEAR(times[3], 24.16, 1e-9);
    }
}

TEST_P(ServerPreset, AnswersL2tpAndPppAsItsRelease)
{
    const ServerRow& row = GetParam();
    const auto scenario = LoadPair(row.peer, row.preset);
    EventLog log;
    l2tp::Engine client(
        ConfigOf(scenario, "client").l2tp.Pointer(), "client", 1, Tracer{log, log.AddNode("client")});
    l2tp::Config listening = *ConfigOf(scenario, "server").l2tp;
    listening.listen = true;
    listening.randomIds = false;
    const Tracer tracer{log, log.AddNode("server")};
    l2tp::Engine server(listening, "server", 1, tracer);
    const auto dialled = client.Dial(1, 1, Instant{});
    ASSERT_EQ(dialled.output.datagrams.size(), 1u);
    const auto answer = server.Receive(dialled.output.datagrams[0], Instant{});
    ASSERT_GE(answer.datagrams.size(), 1u);
    EXPECT_EQ(AvpText(answer.datagrams[0].payload),
              std::string{"0=0x0002 2=0x0100 "} + row.tunnel + " 7=vpn.example.com " + row.vendor);

    ppp::Session session(
        ConfigOf(scenario, "server").ppp.Pointer(), ppp::Role::Server, "server", 1, 1, nullptr, tracer);
    const auto out = session.Start(Instant{});
    ASSERT_EQ(out.frames.size(), 1u);
    EXPECT_EQ(LcpRequestText(out.frames[0].bytes), row.link);
}

TEST(SystemPreset, ServersFromVistaOnAskForACookieAbove500HalfOpen)
{
    // MS-IKEE 3.9: notification 0x9C44; before Vista only with EnableDOSProtect.
    const auto later = AnswersToManyInitiators("windows-server-2008", 502);
    EXPECT_EQ(later[500].exchange, 2);
    ASSERT_EQ(later[501].exchange, 5);
    EXPECT_EQ(Load16(later[501].All(11).at(0).data() + 6), 0x9C44);
    EXPECT_EQ(AnswersToManyInitiators("windows-server-2003", 502)[501].exchange, 2);
}
