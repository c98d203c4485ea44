// SPDX-License-Identifier: GPL-2.0-only
// Negotiations that come to something, message by message.
#include "pair.h"

#include <algorithm>
#include <gmock/gmock.h>
#include <gtest/gtest.h>

using namespace nattlab;
using namespace nattlab::ppp;
using testing::ElementsAre;
using testing::IsEmpty;

namespace
{

constexpr Instant T0{};

std::vector<Phase> PhasesOf(const Pair::End& end)
{
    std::vector<Phase> phases;
    for (const PhaseEntered& entered : NoticesOf<PhaseEntered>(end.notices))
    {
        phases.push_back(entered.phase);
    }
    return phases;
}

/** \return the text of the \p nth event of a type with this subject. */
std::string
DetailOf(const EventLog& log, EventType type, std::string_view subject, std::size_t nth = 0)
{
    for (const Event& event : log.Events())
    {
        if (event.type == type && event.subject == subject && nth-- == 0)
        {
            return event.detail;
        }
    }
    return "not found";
}

std::size_t CountOf(const std::vector<std::string>& names, std::string_view name)
{
    return static_cast<std::size_t>(std::count(names.begin(), names.end(), name));
}

Session ClientOf(const Config& config)
{
    return Session(config, Role::Client, "client", 1, 1, nullptr, {}, ClientLogin());
}

Session ServerOf(const Config& config, AddressPool& pool)
{
    return Session(config, Role::Server, "server", 1, 1, &pool, {});
}

} // namespace

TEST(Session, OpensWithMsChapV2MessageByMessage)
{
    AddressPool pool(Address("10.0.0.100"), Address("10.0.0.101"));
    Session client = ClientOf(ClientConfig());
    Session server = ServerOf(ServerConfig(), pool);

    /* client: LCP Configure-Request (mru, magic, pfc, acfc) --> */
    const Output c1 = client.Start(T0);
    ASSERT_THAT(NamesOf(c1), ElementsAre("LCP Configure-Request"));
    /* <-- server: LCP Configure-Request (mru, auth MS-CHAPv2, magic, pfc, acfc) */
    const Output s1 = server.Start(T0);
    ASSERT_THAT(NamesOf(s1), ElementsAre("LCP Configure-Request"));
    /* <-- server: LCP Configure-Ack */
    const Output s2 = server.Receive(c1.frames[0].bytes, {}, T0);
    ASSERT_THAT(NamesOf(s2), ElementsAre("LCP Configure-Ack"));
    /* client: LCP Configure-Ack --> */
    const Output c2 = client.Receive(s1.frames[0].bytes, {}, T0);
    ASSERT_THAT(NamesOf(c2), ElementsAre("LCP Configure-Ack"));
    /* (LCP is open at the client) */
    ASSERT_THAT(NamesOf(client.Receive(s2.frames[0].bytes, {}, T0)), IsEmpty());
    EXPECT_EQ(client.CurrentPhase(), Phase::Authenticate);
    /* <-- server: CHAP Challenge */
    const Output s3 = server.Receive(c2.frames[0].bytes, {}, T0);
    ASSERT_THAT(NamesOf(s3), ElementsAre("CHAP Challenge"));
    EXPECT_EQ(server.CurrentPhase(), Phase::Authenticate);
    /* client: CHAP Response --> */
    const Output c3 = client.Receive(s3.frames[0].bytes, {}, T0);
    ASSERT_THAT(NamesOf(c3), ElementsAre("CHAP Response"));
    /* <-- server: CHAP Success (S=...), IPCP Configure-Request (10.0.0.1) */
    const Output s4 = server.Receive(c3.frames[0].bytes, {}, T0);
    ASSERT_THAT(NamesOf(s4), ElementsAre("CHAP Success", "IPCP Configure-Request"));
    /* client: IPCP Configure-Request (0.0.0.0, dns1, wins1, dns2, wins2) --> */
    const Output c4 = client.Receive(s4.frames[0].bytes, {}, T0);
    ASSERT_THAT(NamesOf(c4), ElementsAre("IPCP Configure-Request"));
    /* client: IPCP Configure-Ack --> */
    const Output c5 = client.Receive(s4.frames[1].bytes, {}, T0);
    ASSERT_THAT(NamesOf(c5), ElementsAre("IPCP Configure-Ack"));
    /* <-- server: IPCP Configure-Nak (10.0.0.100, the servers) */
    const Output s5 = server.Receive(c4.frames[0].bytes, {}, T0);
    ASSERT_THAT(NamesOf(s5), ElementsAre("IPCP Configure-Nak"));
    EXPECT_THAT(NamesOf(server.Receive(c5.frames[0].bytes, {}, T0)), IsEmpty());
    /* client: IPCP Configure-Request (10.0.0.100, the servers) --> */
    const Output c6 = client.Receive(s5.frames[0].bytes, {}, T0);
    ASSERT_THAT(NamesOf(c6), ElementsAre("IPCP Configure-Request"));
    /* <-- server: IPCP Configure-Ack */
    const Output s6 = server.Receive(c6.frames[0].bytes, {}, T0);
    ASSERT_THAT(NamesOf(s6), ElementsAre("IPCP Configure-Ack"));
    EXPECT_EQ(server.CurrentPhase(), Phase::Open);
    const Output c7 = client.Receive(s6.frames[0].bytes, {}, T0);
    EXPECT_THAT(NamesOf(c7), IsEmpty());
    EXPECT_EQ(client.CurrentPhase(), Phase::Open);

    const Up up = NoticesOf<Up>(c7.notices).at(0);
    EXPECT_EQ(up.own, Address("10.0.0.100"));
    EXPECT_EQ(up.peer, Address("10.0.0.1"));
    EXPECT_THAT(up.dns, ElementsAre(Address("10.0.0.53"), Address("10.0.0.54")));
    EXPECT_EQ(up.mtu, 1400u);
    const Up at = NoticesOf<Up>(s6.notices).at(0);
    EXPECT_EQ(at.own, Address("10.0.0.1"));
    EXPECT_EQ(at.peer, Address("10.0.0.100"));
    EXPECT_EQ(at.user, "alice");
    EXPECT_FALSE(client.Deadline());
    EXPECT_FALSE(server.Deadline());
}

TEST(Session, OpensWithChapMd5)
{
    Config client = ClientConfig();
    Config server = ServerConfig();
    client.authMethods = server.authMethods = {AuthMethod::ChapMd5};
    Pair pair(client, server);
    pair.Run();
    EXPECT_TRUE(pair.BothOpen());
    /* challenge --> response --> success */
    EXPECT_THAT(
        std::vector<std::string>(pair.history.begin() + 4, pair.history.begin() + 7),
        ElementsAre("server: CHAP Challenge", "client: CHAP Response", "server: CHAP Success"));
}

TEST(Session, OpensWithPap)
{
    Config client = ClientConfig();
    Config server = ServerConfig();
    client.authMethods = server.authMethods = {AuthMethod::Pap};
    Pair pair(client, server);
    pair.Run();
    EXPECT_TRUE(pair.BothOpen());
    EXPECT_EQ(pair.server.LastUp()->user, "alice");
    EXPECT_EQ(CountOf(pair.history, "client: PAP Authenticate-Request"), 1u);
    EXPECT_EQ(CountOf(pair.history, "server: PAP Authenticate-Ack"), 1u);
}

TEST(Session, OpensWithoutAuthenticationWhenTheServerAsksForNone)
{
    Config server = ServerConfig();
    server.authMethods.clear();
    Pair pair(ClientConfig(), server);
    pair.Run();
    EXPECT_TRUE(pair.BothOpen());
    EXPECT_THAT(PhasesOf(pair.client), ElementsAre(Phase::Establish, Phase::Network, Phase::Open));
    EXPECT_EQ(pair.server.LastUp()->user, "");
}

TEST(Session, EntersItsPhasesInOrder)
{
    Pair pair;
    pair.Run();
    for (const Pair::End* end : {&pair.client, &pair.server})
    {
        EXPECT_THAT(
            PhasesOf(*end),
            ElementsAre(Phase::Establish, Phase::Authenticate, Phase::Network, Phase::Open));
    }
}

TEST(Session, KnowsTheUserWithAndWithoutADomain)
{
    Login login = ClientLogin();
    login.user = "OFFICE\\alice";
    Pair pair(ClientConfig(), ServerConfig(), 1, login);
    pair.Run();
    EXPECT_TRUE(pair.BothOpen());
    EXPECT_EQ(pair.server.LastUp()->user, "OFFICE\\alice");
}

TEST(Session, AsksForWhatWindowsAsksForAndInItsOrder)
{
    Config client = ClientConfig();
    client.callback = 6;
    client.mrru = 1614;
    client.endpointDiscriminator = Bytes(21, 1);
    Config server = ServerConfig();
    server.mrru = 1614;
    server.endpointDiscriminator = Bytes(21, 1);
    server.linkDiscriminator = 8;
    server.authMethods = {AuthMethod::Eap, AuthMethod::MsChapV2};
    Pair pair(client, server);
    pair.Run();
    EXPECT_TRUE(pair.BothOpen());
    const std::string asked =
        DetailOf(pair.log, EventType::MessageSent, "LCP Configure-Request", 0);
    EXPECT_THAT(asked,
                testing::MatchesRegex("mru 1400, magic [0-9a-f]+, pfc, acfc, callback, mrru 1614, "
                                      "endpoint discriminator"));
    EXPECT_THAT(DetailOf(pair.log, EventType::MessageSent, "LCP Configure-Request", 1),
                testing::MatchesRegex("mru 1400, auth EAP, magic [0-9a-f]+, pfc, acfc, mrru 1614, "
                                      "endpoint discriminator, link discriminator 8"));
    EXPECT_EQ(DetailOf(pair.log, EventType::MessageSent, "LCP Configure-Reject", 0),
              "callback, mrru 1614");
    EXPECT_EQ(DetailOf(pair.log, EventType::MessageSent, "LCP Configure-Reject", 1),
              "mrru 1614, link discriminator 8");
    EXPECT_EQ(DetailOf(pair.log, EventType::MessageSent, "LCP Configure-Nak"), "auth MS-CHAPv2");
    EXPECT_EQ(DetailOf(pair.log, EventType::MessageSent, "IPCP Configure-Request", 1),
              "address 0.0.0.0, dns1 0.0.0.0, wins1 0.0.0.0, dns2 0.0.0.0, wins2 0.0.0.0");
}

TEST(Session, NaksToTheClientsPreferredMethodAndTheServerTakesItWhenItCan)
{
    Config client = ClientConfig();
    client.authMethods = {AuthMethod::ChapMd5, AuthMethod::MsChapV2};
    Config server = ServerConfig();
    server.authMethods = {AuthMethod::Eap, AuthMethod::MsChapV2, AuthMethod::ChapMd5};
    Pair pair(client, server);
    pair.Run();
    EXPECT_TRUE(pair.BothOpen());
    EXPECT_THAT(DetailOf(pair.log, EventType::MessageSent, "LCP Configure-Request", 2),
                testing::HasSubstr("auth CHAP-MD5"));
}

TEST(Session, GoesThroughTheServersListUntilTheClientTakesAMethod)
{
    Config client = ClientConfig();
    client.authMethods = {AuthMethod::ChapMd5, AuthMethod::Pap};
    Config server = ServerConfig();
    server.authMethods = {AuthMethod::Eap, AuthMethod::MsChapV2, AuthMethod::Pap};
    Pair pair(client, server);
    pair.Run();
    EXPECT_TRUE(pair.BothOpen());
    EXPECT_EQ(CountOf(pair.client.sent, "LCP Configure-Nak"), 2u);
    EXPECT_EQ(CountOf(pair.client.sent, "PAP Authenticate-Request"), 1u);
}

TEST(Session, IdentifiesItselfOnceLcpIsOpen)
{
    Config client = ClientConfig();
    client.identifications = {"MSRASV5.10", "MSRAS-0-ALICE"};
    Pair pair(client);
    pair.Run();
    EXPECT_TRUE(pair.BothOpen());
    EXPECT_EQ(DetailOf(pair.log, EventType::MessageReceived, "LCP Identification", 0),
              "MSRASV5.10");
    EXPECT_EQ(DetailOf(pair.log, EventType::MessageReceived, "LCP Identification", 1),
              "MSRAS-0-ALICE");
}

TEST(Session, DropsTheOptionsThatTheServerRejects)
{
    Config server = ServerConfig();
    server.dns = {Address("10.0.0.53")};
    server.wins.clear();
    Pair pair(ClientConfig(), server);
    pair.Run();
    EXPECT_TRUE(pair.BothOpen());
    EXPECT_EQ(DetailOf(pair.log, EventType::MessageSent, "IPCP Configure-Reject"),
              "wins1 0.0.0.0, dns2 0.0.0.0, wins2 0.0.0.0");
    EXPECT_THAT(pair.client.LastUp()->dns, ElementsAre(Address("10.0.0.53")));
}

TEST(Session, CarriesIpPacketsCompressedOnceThatIsAgreed)
{
    Pair pair;
    pair.Run();
    const Bytes packet = FromHex("4500001400000000400100000a0000640a000001");
    const Output sent = pair.client.session.SendIp(packet, {7, 1}, pair.now);
    ASSERT_EQ(sent.frames.size(), 1u);
    EXPECT_EQ(ToHex(sent.frames[0].bytes), "21" + ToHex(packet));
    EXPECT_EQ(sent.frames[0].tag.packet, 7u);
    const Output got = pair.server.session.Receive(sent.frames[0].bytes, {9, 1}, pair.now);
    ASSERT_TRUE(got.packet);
    EXPECT_EQ(got.packet->bytes, packet);
    EXPECT_EQ(got.packet->tag.packet, 9u);
    EXPECT_EQ(got.refused, Reason::None);
}

TEST(Session, SendsWholeHeadersWhenThePeerDidNotAskForLess)
{
    Config server = ServerConfig();
    server.protocolCompression = server.addressCompression = false;
    Pair pair(ClientConfig(), server);
    pair.Run();
    const Output sent = pair.client.session.SendIp(FromHex("45"), {}, pair.now);
    EXPECT_EQ(ToHex(sent.frames[0].bytes), "ff03002145");
}

TEST(Session, SendsNothingLargerThanThePeersMru)
{
    Config server = ServerConfig();
    server.mru = 1300;
    Pair pair(ClientConfig(), server);
    pair.Run();
    EXPECT_EQ(pair.client.LastUp()->mtu, 1300u);
    EXPECT_EQ(pair.server.LastUp()->mtu, 1400u);
    EXPECT_EQ(pair.client.session.SendIp(Bytes(1300, 0x45), {}, pair.now).refused, Reason::None);
    const Output tooLarge = pair.client.session.SendIp(Bytes(1301, 0x45), {}, pair.now);
    EXPECT_EQ(tooLarge.refused, Reason::IpFragmentationNeeded);
    EXPECT_THAT(tooLarge.frames, IsEmpty());
}

TEST(Session, AsksForNoMruWhenItIsTheDefault)
{
    Config client = ClientConfig();
    client.mru = 1500;
    Pair pair(client);
    pair.Run();
    EXPECT_EQ(pair.server.LastUp()->mtu, 1500u);
    EXPECT_THAT(DetailOf(pair.log, EventType::MessageSent, "LCP Configure-Request", 0),
                testing::StartsWith("magic"));
}

TEST(Session, NaksAnMruThatIsTooSmall)
{
    Config client = ClientConfig();
    client.mru = 100;
    client.minMru = 64;
    Pair pair(client);
    pair.Run();
    EXPECT_TRUE(pair.BothOpen());
    EXPECT_EQ(pair.server.LastUp()->mtu, 128u);
}

TEST(Session, GivesTheLowestFreeAddressAndTakesItBackAtTheEnd)
{
    AddressPool pool(Address("10.0.0.100"), Address("10.0.0.101"));
    {
        Config none = ServerConfig();
        none.authMethods.clear();
        Session server = ServerOf(none, pool);
        Session client = ClientOf(ClientConfig());
        const Output asked = client.Start(T0);
        const Output request = server.Start(T0);
        server.Receive(asked.frames[0].bytes, {}, T0);
        EXPECT_EQ(pool.Taken(), 0u);
        server.Receive(client.Receive(request.frames[0].bytes, {}, T0).frames[0].bytes, {}, T0);
        EXPECT_EQ(pool.Taken(), 1u);
        server.LowerDown(Reason::L2tpRefused, T0);
        EXPECT_EQ(pool.Taken(), 0u);
    }
    Pair pair;
    pair.Run();
    EXPECT_EQ(pair.pool.Taken(), 1u);
    Session(std::move(pair.server.session));
    EXPECT_EQ(pair.pool.Taken(), 0u);
}

TEST(Session, RejectsCompressionPolitelyAndOpensAllTheSame)
{
    Config client = ClientConfig();
    client.ccp = CcpMode::Offer;
    Pair pair(client);
    pair.Run(seconds(10));
    EXPECT_TRUE(pair.BothOpen());
    EXPECT_EQ(DetailOf(pair.log, EventType::MessageSent, "CCP Configure-Request"), "mppc 00000001");
    EXPECT_EQ(CountOf(pair.history, "server: CCP Configure-Reject"), 1u);
    EXPECT_EQ(CountOf(pair.history, "client: CCP Terminate-Request"), 1u);
    EXPECT_EQ(CountOf(pair.history, "server: CCP Terminate-Ack"), 1u);
    EXPECT_FALSE(pair.Next());
}

TEST(Session, RejectsTheCompressionProtocolWhenItIsNotSpoken)
{
    Config client = ClientConfig();
    client.ccp = CcpMode::Offer;
    Config server = ServerConfig();
    server.ccp = CcpMode::ProtocolReject;
    Pair pair(client, server);
    pair.Run(seconds(10));
    EXPECT_TRUE(pair.BothOpen());
    EXPECT_EQ(CountOf(pair.history, "server: LCP Protocol-Reject"), 1u);
    EXPECT_EQ(CountOf(pair.history, "client: CCP Configure-Request"), 1u);
    EXPECT_FALSE(pair.Next());
}

TEST(Session, OpensWithoutCompressionWhenBothOfferIt)
{
    Config client = ClientConfig();
    Config server = ServerConfig();
    client.ccp = server.ccp = CcpMode::Offer;
    Pair pair(client, server);
    pair.Run(seconds(10));
    EXPECT_TRUE(pair.BothOpen());
    EXPECT_EQ(CountOf(pair.client.sent, "CCP Configure-Reject"), 1u);
    EXPECT_EQ(CountOf(pair.server.sent, "CCP Configure-Reject"), 1u);
    EXPECT_FALSE(pair.Next());
}

TEST(Session, AnswersEchoRequestsWithItsOwnMagicNumber)
{
    Config client = ClientConfig();
    client.echoInterval = seconds(20);
    Pair pair(client);
    pair.Run(seconds(65));
    EXPECT_TRUE(pair.BothOpen());
    EXPECT_EQ(CountOf(pair.history, "client: LCP Echo-Request"), 3u);
    EXPECT_EQ(CountOf(pair.history, "server: LCP Echo-Reply"), 3u);
}

TEST(Session, TakesDiscardRequestsAndTimeRemainingWithoutAWord)
{
    Pair pair;
    pair.Run();
    for (const char* hex : {"ff03c021 0b010008 00000000", "ff03c021 0d010008 00000000"})
    {
        const Output output = pair.server.session.Receive(FromHex(hex), {}, pair.now);
        EXPECT_EQ(output.refused, Reason::None);
        EXPECT_THAT(output.frames, IsEmpty());
    }
}

TEST(Session, RejectsUnknownCodesAndProtocols)
{
    Pair pair;
    pair.Run();
    const Output code = pair.server.session.Receive(FromHex("ff03c021 63010004"), {}, pair.now);
    ASSERT_THAT(NamesOf(code), ElementsAre("LCP Code-Reject"));
    EXPECT_EQ(ToHex(ByteView(code.frames[0].bytes).Sub(8)), "63010004");
    const Output protocol = pair.server.session.Receive(FromHex("8057 01010004"), {}, pair.now);
    ASSERT_THAT(NamesOf(protocol), ElementsAre("LCP Protocol-Reject"));
    EXPECT_EQ(ToHex(ByteView(protocol.frames[0].bytes).Sub(8)), "805701010004");
    EXPECT_EQ(protocol.refused, Reason::PppProtocolRejected);
    EXPECT_TRUE(pair.BothOpen());
}

TEST(Session, EndsWhenTheUserHangsUp)
{
    Pair pair;
    pair.Run();
    const Instant hangUp = pair.now;
    pair.Take(pair.client, pair.client.session.Terminate(pair.now, Reason::UserHangUp));
    EXPECT_EQ(pair.client.session.CurrentPhase(), Phase::Terminating);
    pair.RunUntil(hangUp + seconds(1));
    /* client: LCP Terminate-Request --> <-- LCP Terminate-Ack */
    EXPECT_EQ(pair.client.LastDown()->reason, Reason::UserHangUp);
    EXPECT_TRUE(pair.client.LastDown()->wasUp);
    EXPECT_FALSE(pair.server.LastDown()); // RFC 1661 4.4: waits one Restart time
    pair.RunUntil(hangUp + seconds(10));
    EXPECT_EQ(pair.server.LastDown()->reason, Reason::PppTerminated);
    EXPECT_EQ(pair.server.LastDown()->phase, Phase::Open);
    EXPECT_EQ(pair.pool.Taken(), 0u);
    EXPECT_FALSE(pair.Next());
}

TEST(Session, EndsWhenTheServerHangsUp)
{
    Pair pair;
    pair.Run();
    pair.Take(pair.server, pair.server.session.Terminate(pair.now, Reason::UserHangUp));
    pair.RunUntil(pair.now + seconds(10));
    EXPECT_EQ(pair.server.LastDown()->reason, Reason::UserHangUp);
    EXPECT_EQ(pair.client.LastDown()->reason, Reason::PppTerminated);
    EXPECT_TRUE(pair.client.LastDown()->wasUp);
}

TEST(Session, EndsBothWaysAtOnce)
{
    Pair pair;
    pair.Run();
    pair.Take(pair.client, pair.client.session.Terminate(pair.now, Reason::UserHangUp));
    pair.Take(pair.server, pair.server.session.Terminate(pair.now, Reason::UserHangUp));
    pair.RunUntil(pair.now + milliseconds(100));
    EXPECT_EQ(pair.client.LastDown()->reason, Reason::UserHangUp);
    EXPECT_EQ(pair.server.LastDown()->reason, Reason::UserHangUp);
}

TEST(Session, GoesDownAtOnceWithTheCall)
{
    Pair pair;
    pair.Run();
    pair.Take(pair.client, pair.client.session.LowerDown(Reason::L2tpPeerSilent, pair.now));
    EXPECT_EQ(pair.client.LastDown()->reason, Reason::L2tpPeerSilent);
    EXPECT_EQ(pair.client.LastDown()->phase, Phase::Open);
    EXPECT_FALSE(pair.client.session.Deadline());
    EXPECT_EQ(pair.client.session.SendIp(Bytes(20), {}, pair.now).refused, Reason::PppNotOpen);
    EXPECT_THAT(pair.client.session.LowerDown(Reason::L2tpRefused, pair.now).notices, IsEmpty());
}

TEST(Session, EndsBeforeItStarts)
{
    Session session = ClientOf(ClientConfig());
    const Output output = session.LowerDown(Reason::L2tpRefused, T0);
    ASSERT_EQ(NoticesOf<Down>(output.notices).size(), 1u);
    EXPECT_EQ(NoticesOf<Down>(output.notices)[0].reason, Reason::L2tpRefused);
    EXPECT_THAT(session.Start(T0).frames, IsEmpty());
    EXPECT_FALSE(session.Deadline());
}

TEST(Session, RenegotiatesWhenThePeerAsksForLcpAnew)
{
    Pair pair;
    pair.Run();
    const ControlPacket request{CONFIGURE_REQUEST, 99, {}};
    const Bytes frame = BuildFrame(PPP_LCP, request.Build());
    const Output output = pair.server.session.Receive(frame, {}, pair.now);
    EXPECT_THAT(NamesOf(output), ElementsAre("LCP Configure-Request", "LCP Configure-Ack"));
    EXPECT_EQ(pair.server.session.CurrentPhase(), Phase::Establish);
    pair.Take(pair.server, output);
    pair.RunUntil(pair.now + seconds(10));
    EXPECT_TRUE(pair.BothOpen());
    EXPECT_EQ(NoticesOf<Up>(pair.client.notices).size(), 2u);
    EXPECT_EQ(pair.client.LastUp()->own, Address("10.0.0.100"));
}

TEST(Session, RunsTheSameTwice)
{
    const auto run = [](std::uint64_t seed)
    {
        Pair pair(ClientConfig(), ServerConfig(), seed);
        std::string bytes;
        pair.filter = [&bytes](bool, Bytes& frame)
        {
            bytes += ToHex(frame) + "\n";
            return true;
        };
        pair.Run();
        return bytes;
    };
    EXPECT_EQ(run(1), run(1));
    EXPECT_NE(run(1), run(2));
}

TEST(Session, DrawsItsOwnRandomNumbersForEachConnection)
{
    const auto first = [](ConnectionId connection)
    {
        Session session(ClientConfig(), Role::Client, "client", 1, connection, nullptr, {});
        return session.Start(T0).frames[0].bytes;
    };
    EXPECT_EQ(first(1), first(1));
    EXPECT_NE(first(1), first(2));
}

TEST(Session, RecordsItsMessagesWithNamesAndConnection)
{
    Pair pair;
    pair.Run();
    std::size_t sent = 0;
    std::size_t received = 0;
    for (const Event& event : pair.log.Events())
    {
        EXPECT_EQ(event.layer, Layer::Ppp);
        sent += event.type == EventType::MessageSent;
        received += event.type == EventType::MessageReceived;
        if (event.type == EventType::MessageSent)
        {
            EXPECT_EQ(event.tag.connection, 1u);
        }
    }
    EXPECT_EQ(sent, pair.history.size());
    EXPECT_EQ(received, sent);
}
