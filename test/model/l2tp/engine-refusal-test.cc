// SPDX-License-Identifier: GPL-2.0-only
#include "model/l2tp/compose.h"
#include "test/model/l2tp/avps.h"
#include "test/model/l2tp/two-hosts.h"

#include <gtest/gtest.h>

using namespace nattlab;
using namespace nattlab::l2tp;

namespace
{

constexpr PathId PATH = TwoHosts::PATH;

Config
WithSecret(Config config, std::string secret)
{
    config.tunnelSecret = std::move(secret);
    return config;
}

/** Add an attribute nobody knows. */
Draft
WithUnknownAvp(Draft message, bool mandatory)
{
    const Bytes value = FromHex("0001");
    Avp avp;
    avp.type = 99;
    avp.mandatory = mandatory;
    avp.value = value;
    AppendAvp(message.body, avp);
    return message;
}

/** What the server of a fresh call answers to one more control message of the client. */
struct OneMore
{
    explicit OneMore(const Draft& message, std::uint16_t session = 0, TwoHosts hosts = TwoHosts{})
    {
        hosts.Connect();
        output = hosts.server.engine.Receive(Control(PATH, 1, session, 4, 3, message), hosts.now);
        names = Names(output);
    }

    Output output;
    std::string names;
};

} // namespace

TEST(L2tpTunnelAuthentication, TheSameSecretOpensTheTunnel)
{
    TwoHosts hosts(WithSecret({}, "open sesame"), WithSecret(ServerConfig(), "open sesame"));
    hosts.Connect();
    EXPECT_EQ(Only<SessionUp>(hosts.server.notices).size(), 1u);
    EXPECT_EQ(Only<SessionUp>(hosts.client.notices).size(), 1u);
}

TEST(L2tpTunnelAuthentication, ThreeMessagesCarryChallengesAndResponses)
{
    TwoHosts hosts(WithSecret({}, "s"), WithSecret(ServerConfig(), "s"));
    const Output sccrq = hosts.client.engine.Dial(PATH, 1, hosts.now).output;
    EXPECT_EQ(MessageOf(sccrq.datagrams[0]).Find(AvpType::Challenge)->value.size(), 16u);
    const Output sccrp = hosts.server.engine.Receive(sccrq.datagrams[0], hosts.now);
    EXPECT_TRUE(MessageOf(sccrp.datagrams[0]).Find(AvpType::Challenge));
    EXPECT_TRUE(MessageOf(sccrp.datagrams[0]).Find(AvpType::ChallengeResponse));
    const Output scccn = hosts.client.engine.Receive(sccrp.datagrams[0], hosts.now);
    EXPECT_FALSE(MessageOf(scccn.datagrams[0]).Find(AvpType::Challenge));
    EXPECT_TRUE(MessageOf(scccn.datagrams[0]).Find(AvpType::ChallengeResponse));
}

TEST(L2tpTunnelAuthentication, AnotherSecretIsNotAuthorised)
{
    TwoHosts hosts(WithSecret({}, "one"), WithSecret(ServerConfig(), "two"));
    hosts.Connect();
    // The client sees the wrong response first, in SCCRP.
    ASSERT_EQ(Only<SessionDown>(hosts.client.notices).size(), 1u);
    EXPECT_EQ(Only<SessionDown>(hosts.client.notices)[0].reason, Reason::L2tpAuthentication);
    EXPECT_EQ(Only<SessionDown>(hosts.client.notices)[0].message, "SCCRP");
    ASSERT_EQ(Only<TunnelDown>(hosts.server.notices).size(), 1u);
    EXPECT_EQ(Only<TunnelDown>(hosts.server.notices)[0].resultCode, STOP_NOT_AUTHORISED);
    EXPECT_EQ(hosts.client.Count(EventType::MessageRefused, "SCCRP"), 1u);
}

TEST(L2tpTunnelAuthentication, TheServerChecksScccnWhenTheClientDoesNotChallenge)
{
    Config trusting = WithSecret({}, "one");
    trusting.challengePeer = false;
    TwoHosts hosts(trusting, WithSecret(ServerConfig(), "two"));
    hosts.Connect();
    ASSERT_EQ(Only<TunnelDown>(hosts.server.notices).size(), 1u);
    EXPECT_EQ(Only<TunnelDown>(hosts.server.notices)[0].reason, Reason::L2tpAuthentication);
    EXPECT_EQ(Only<TunnelDown>(hosts.server.notices)[0].message, "SCCCN");
    EXPECT_FALSE(Only<TunnelDown>(hosts.server.notices)[0].wasUp);
    EXPECT_EQ(Only<SessionDown>(hosts.client.notices)[0].reason, Reason::L2tpRefused);
}

TEST(L2tpTunnelAuthentication, AChallengeCannotBeAnsweredWithoutASecret)
{
    TwoHosts server({}, WithSecret(ServerConfig(), "two"));
    server.Connect();
    EXPECT_EQ(Only<SessionDown>(server.client.notices)[0].reason, Reason::L2tpAuthentication);

    TwoHosts client(WithSecret({}, "one"), ServerConfig());
    client.Connect();
    ASSERT_EQ(Only<SessionDown>(client.client.notices).size(), 1u);
    EXPECT_EQ(Only<SessionDown>(client.client.notices)[0].reason, Reason::L2tpRefused);
    EXPECT_EQ(Only<SessionDown>(client.client.notices)[0].message, "SCCRQ");
    EXPECT_EQ(Only<SessionDown>(client.client.notices)[0].resultCode, STOP_NOT_AUTHORISED);
}

TEST(L2tpTunnelAuthentication, AMissingResponseIsAsBadAsAWrongOne)
{
    TwoHosts hosts(WithSecret({}, "one"));
    hosts.client.engine.Dial(PATH, 1, hosts.now);
    const Output end = hosts.client.engine.Receive(
        Control(PATH, 1, 0, 0, 1, ComposeSccrp(ServerConfig(), 9, {}, {})), hosts.now);
    ASSERT_EQ(Names(end), "StopCCN");
    EXPECT_EQ(HeaderOf(end.datagrams[0]).tunnel, 9);
    EXPECT_EQ(Only<TunnelDown>(end.notices)[0].reason, Reason::L2tpAuthentication);
}

TEST(L2tpTunnelAuthentication, HiddenAttributesAreUnderstoodByBoth)
{
    Config client = WithSecret({}, "hide and seek");
    client.hideAvps = true;
    client.hiddenPadding = 13;
    Config server = WithSecret(ServerConfig(), "hide and seek");
    server.hideAvps = true;
    TwoHosts hosts(client, server);
    const SessionKey key = hosts.Connect();
    ASSERT_EQ(Only<SessionUp>(hosts.server.notices).size(), 1u);
    EXPECT_EQ(Only<SessionUp>(hosts.server.notices)[0].connectSpeed, client.txConnectSpeed);
    hosts.Take(true, hosts.client.engine.HangUp(key, hosts.now));
    hosts.RunFor(seconds{1});
    EXPECT_EQ(Only<TunnelGone>(hosts.client.notices).size(), 1u);
}

TEST(L2tpRefusal, WithoutServiceThereIsNoAnswer)
{
    TwoHosts hosts({}, Config{});
    hosts.Dial();
    hosts.RunFor(seconds{60});
    EXPECT_EQ(Only<SessionDown>(hosts.client.notices)[0].reason, Reason::L2tpNoAnswer);
    ASSERT_FALSE(hosts.server.log.Events().empty());
    EXPECT_EQ(hosts.server.log.Events()[0].reason, Reason::L2tpNoService);
}

TEST(L2tpRefusal, OverTheSessionLimitTheCallIsRefusedAndTheClientEndsItsTunnel)
{
    Config small = ServerConfig();
    small.sessionLimit = 2;
    TwoHosts hosts({}, small);
    const SessionKey first = hosts.Connect();
    hosts.Connect();
    hosts.Connect();
    EXPECT_EQ(hosts.server.engine.SessionCount(), 2u);
    ASSERT_EQ(Only<SessionDown>(hosts.client.notices).size(), 1u);
    EXPECT_EQ(Only<SessionDown>(hosts.client.notices)[0].reason, Reason::L2tpRefused);
    EXPECT_EQ(Only<SessionDown>(hosts.client.notices)[0].message, "ICRQ");
    EXPECT_EQ(Only<SessionDown>(hosts.client.notices)[0].resultCode, CDN_NO_FACILITIES_NOW);
    EXPECT_TRUE(Only<TunnelGone>(hosts.client.notices).empty()) << "two tunnels use the path";
    bool told = false;
    for (const Event& event : hosts.server.log.Events())
    {
        told = told || (event.type == EventType::MessageRefused && event.subject == "ICRQ" &&
                        event.reason == Reason::L2tpSessionLimit);
    }
    EXPECT_TRUE(told);
    // A freed port can be taken again.
    hosts.Take(true, hosts.client.engine.HangUp(first, hosts.now));
    hosts.RunFor(seconds{1});
    hosts.Connect();
    EXPECT_EQ(hosts.server.engine.SessionCount(), 2u);
}

TEST(L2tpRefusal, AnUnknownMandatoryAttributeInATunnelMessageEndsTheTunnel)
{
    const OneMore bad(WithUnknownAvp(Draft(MessageType::Hello), true));
    ASSERT_EQ(bad.names, "StopCCN");
    EXPECT_EQ(MessageOf(bad.output.datagrams[0]).Find(AvpType::ResultCode)->value,
              FromHex("00020008"));
    EXPECT_EQ(Only<TunnelDown>(bad.output.notices)[0].reason, Reason::L2tpMandatoryAvp);
    EXPECT_EQ(Only<TunnelDown>(bad.output.notices)[0].message, "HELLO");
    EXPECT_EQ(Only<SessionDown>(bad.output.notices).size(), 1u);
    EXPECT_EQ(OneMore(WithUnknownAvp(Draft(MessageType::Hello), false)).names, "ZLB");
}

TEST(L2tpRefusal, AnUnknownMandatoryAttributeInACallMessageEndsThatCallOnly)
{
    TwoHosts hosts;
    const SessionKey key = hosts.Connect();
    hosts.Take(true, hosts.client.engine.AddSession(key.tunnel, 1, hosts.now).output);
    hosts.RunFor(seconds{1});
    Draft wen(MessageType::Wen);
    wen.Add(AvpType::CallErrors, Bytes(26));
    const Output output = hosts.server.engine.Receive(
        Control(PATH, 1, 1, 6, 4, WithUnknownAvp(wen, true)), hosts.now);
    EXPECT_EQ(Names(output), "CDN");
    EXPECT_EQ(Only<SessionDown>(output.notices)[0].reason, Reason::L2tpMandatoryAvp);
    EXPECT_EQ(hosts.server.engine.SessionCount(), 1u);
    EXPECT_EQ(hosts.server.engine.TunnelCount(), 1u);

    const OneMore request(WithUnknownAvp(ComposeIcrq({}, 5, 9, {}), true));
    ASSERT_EQ(request.names, "CDN");
    EXPECT_EQ(HeaderOf(request.output.datagrams[0]).session, 5);
    EXPECT_TRUE(Only<TunnelDown>(request.output.notices).empty());
}

TEST(L2tpRefusal, TheOffendingAttributeIsNamedWhenErrorTextIsOn)
{
    Config talkative = ServerConfig();
    talkative.sendErrorText = true;
    const OneMore bad(WithUnknownAvp(Draft(MessageType::Hello), true), 0, TwoHosts({}, talkative));
    const ResultCode code =
        ResultCode::Parse(MessageOf(bad.output.datagrams[0]).Find(AvpType::ResultCode)->value);
    EXPECT_EQ(code.text, "vendor 0 attribute 99");
}

TEST(L2tpRefusal, AMessageOfAnUnknownTypeIsFatalOnlyWithTheMandatoryBit)
{
    EXPECT_EQ(OneMore(Draft(MessageType{77})).names, "StopCCN");
    TwoHosts hosts;
    hosts.Connect();
    Header header;
    header.control = true;
    header.tunnel = 1;
    header.ns = 4;
    header.nr = 3;
    const Datagram optional{PATH, header.Build(FromHex("0008 0000 0000 004d")), {}};
    const Output ignored = hosts.server.engine.Receive(optional, hosts.now);
    EXPECT_EQ(Names(ignored), "ZLB");
    EXPECT_TRUE(ignored.notices.empty());
}

TEST(L2tpRefusal, AttributesThatCannotBeReadEndTheTunnel)
{
    TwoHosts hosts;
    hosts.Connect();
    Header header;
    header.control = true;
    header.tunnel = 1;
    header.ns = 4;
    header.nr = 3;
    const Datagram broken{PATH, header.Build(FromHex("8008 0000 0000 0006 8003 00")), {}};
    const Output end = hosts.server.engine.Receive(broken, hosts.now);
    ASSERT_EQ(Names(end), "StopCCN");
    EXPECT_EQ(MessageOf(end.datagrams[0]).Find(AvpType::ResultCode)->value, FromHex("00020002"));
    EXPECT_EQ(Only<TunnelDown>(end.notices)[0].reason, Reason::L2tpMalformed);
}

TEST(L2tpRefusal, OutgoingCallsAreRefusedPolitely)
{
    Draft ocrq(MessageType::Ocrq);
    ocrq.Add16(AvpType::AssignedSessionId, 44);
    ocrq.Add32(AvpType::CallSerialNumber, 1);
    ocrq.Add32(AvpType::MinimumBps, 1);
    ocrq.Add32(AvpType::MaximumBps, 1);
    ocrq.Add32(AvpType::BearerType, 1);
    ocrq.Add32(AvpType::FramingType, 1);
    ocrq.Add(AvpType::CalledNumber, ByteView("5551234"));
    const OneMore refused(ocrq);
    ASSERT_EQ(refused.names, "CDN");
    EXPECT_EQ(HeaderOf(refused.output.datagrams[0]).session, 44);
    EXPECT_EQ(MessageOf(refused.output.datagrams[0]).Find(AvpType::ResultCode)->value,
              FromHex("00050000"));
    EXPECT_TRUE(refused.output.notices.empty()) << "the call that is up stays";
}

TEST(L2tpRefusal, WanErrorsAndLinkInfoAreIgnored)
{
    Draft wen(MessageType::Wen);
    wen.Add(AvpType::CallErrors, Bytes(26));
    Draft sli(MessageType::Sli);
    sli.Add(AvpType::Accm, Bytes(10));
    for (const Draft& message : {wen, sli})
    {
        const OneMore ignored(message, 1);
        EXPECT_EQ(ignored.names, "ZLB");
        EXPECT_TRUE(ignored.output.notices.empty());
    }
}

TEST(L2tpRefusal, MessagesOutOfPlaceEndTunnelOrCall)
{
    for (const MessageType type : {MessageType::Sccrq, MessageType::Sccrp, MessageType::Scccn})
    {
        const Draft message = type == MessageType::Scccn   ? ComposeScccn({})
                              : type == MessageType::Sccrp ? ComposeSccrp({}, 3, {}, {})
                                                           : ComposeSccrq({}, 3, {});
        const OneMore misplaced(message);
        ASSERT_EQ(misplaced.names, "StopCCN") << NameOf(type);
        EXPECT_EQ(MessageOf(misplaced.output.datagrams[0]).Find(AvpType::ResultCode)->value,
                  FromHex("00070000"));
        EXPECT_EQ(Only<TunnelDown>(misplaced.output.notices)[0].reason,
                  Reason::L2tpUnexpectedMessage);
    }
    for (const Draft& message : {ComposeIcrp(3), ComposeIccn({}), ComposeIcrq({}, 3, 1, {})})
    {
        const OneMore misplaced(message, 1);
        EXPECT_EQ(misplaced.names, "CDN, StopCCN") << NameOf(message.type);
        EXPECT_EQ(Only<SessionDown>(misplaced.output.notices)[0].reason,
                  Reason::L2tpUnexpectedMessage);
    }
    EXPECT_EQ(OneMore(ComposeIcrp(3), 9).names, "CDN") << "of a session that is not there";
    EXPECT_EQ(OneMore(ComposeIccn({}), 9).names, "ZLB");
}

TEST(L2tpRefusal, ACallBeforeTheTunnelIsUpIsAStateError)
{
    TwoHosts hosts;
    hosts.server.engine.Receive(Control(PATH, 0, 0, 0, 0, ComposeSccrq({}, 6, {})), hosts.now);
    const Output end = hosts.server.engine.Receive(
        Control(PATH, 1, 0, 1, 1, ComposeIcrq({}, 3, 1, {})), hosts.now);
    ASSERT_EQ(Names(end), "StopCCN");
    EXPECT_EQ(Only<TunnelDown>(end.notices)[0].resultCode, STOP_STATE);
}

TEST(L2tpRefusal, AnotherProtocolVersionIsToldTheHighestOneSpoken)
{
    Draft sccrq = ComposeSccrq({}, 6, {});
    ASSERT_TRUE(AvpsIn(sccrq.body)[1].Is(AvpType::ProtocolVersion));
    sccrq.body[14] = 2; // the value's first byte: version 2
    sccrq.body[15] = 0;
    TwoHosts hosts;
    const Output end = hosts.server.engine.Receive(Control(PATH, 0, 0, 0, 0, sccrq), hosts.now);
    ASSERT_EQ(Names(end), "StopCCN");
    EXPECT_EQ(HeaderOf(end.datagrams[0]).tunnel, 6);
    EXPECT_EQ(MessageOf(end.datagrams[0]).Find(AvpType::ResultCode)->value, FromHex("00050100"));
}

TEST(L2tpRefusal, AMissingSpeedIsAssumedAndAStrictServerRefusesIt)
{
    Draft iccn(MessageType::Iccn);
    iccn.Add32(AvpType::FramingType, FRAMING_ASYNC);
    for (const bool strict : {false, true})
    {
        Config config = ServerConfig();
        config.missingTxSpeed = strict ? 0 : 9600;
        TwoHosts hosts({}, config);
        Engine& server = hosts.server.engine;
        server.Receive(Control(PATH, 0, 0, 0, 0, ComposeSccrq({}, 6, {})), hosts.now);
        server.Receive(Control(PATH, 1, 0, 1, 1, ComposeScccn({})), hosts.now);
        server.Receive(Control(PATH, 1, 0, 2, 1, ComposeIcrq({}, 3, 1, {})), hosts.now);
        const Output end = server.Receive(Control(PATH, 1, 1, 3, 2, iccn), hosts.now);
        const auto up = Only<SessionUp>(end.notices);
        ASSERT_EQ(up.size(), strict ? 0u : 1u);
        if (!strict)
        {
            EXPECT_EQ(up[0].connectSpeed, 9600u);
        }
        else
        {
            EXPECT_EQ(Only<SessionDown>(end.notices)[0].reason, Reason::L2tpMalformed);
        }
    }
}

TEST(L2tpRefusal, AFramingMismatchIsIgnoredUnlessConfigured)
{
    Config asynchronous;
    asynchronous.framingType = FRAMING_ASYNC;
    Config strict = ServerConfig();
    strict.ignoreFramingMismatch = false;
    TwoHosts lenient(asynchronous);
    lenient.Connect();
    EXPECT_EQ(lenient.server.engine.SessionCount(), 1u);
    TwoHosts refused(asynchronous, strict);
    refused.Connect();
    EXPECT_EQ(refused.server.engine.SessionCount(), 0u);
    EXPECT_EQ(Only<SessionDown>(refused.client.notices)[0].reason, Reason::L2tpRefused);
}

TEST(L2tpRefusal, ATunnelCannotBeReachedFromAnotherPath)
{
    TwoHosts hosts;
    const SessionKey key = hosts.Connect();
    Datagram hello = Control(PATH + 1, 1, 0, 4, 3, Draft(MessageType::Hello));
    const Output control = hosts.server.engine.Receive(hello, hosts.now);
    EXPECT_EQ(control.refused, Reason::L2tpWrongPath);
    EXPECT_TRUE(control.datagrams.empty());
    Datagram data = hosts.client.engine.SendFrame(key, FromHex("c021"), {}, hosts.now).datagrams[0];
    data.path = PATH + 1;
    const Output foreign = hosts.server.engine.Receive(data, hosts.now);
    EXPECT_EQ(foreign.refused, Reason::L2tpWrongPath);
    EXPECT_FALSE(foreign.frame);
    data.path = PATH;
    EXPECT_TRUE(hosts.server.engine.Receive(data, hosts.now).frame);
    EXPECT_EQ(hosts.server.Count(EventType::MessageRefused, "data"), 1u);
    EXPECT_EQ(hosts.server.Count(EventType::MessageRefused, "HELLO"), 1u);
}

TEST(L2tpRefusal, UnknownTunnelsAndSessionsAreNamed)
{
    TwoHosts hosts;
    hosts.Connect();
    Engine& server = hosts.server.engine;
    EXPECT_EQ(
        server.Receive(Control(PATH, 77, 0, 0, 0, Draft(MessageType::Hello)), hosts.now).refused,
        Reason::L2tpUnknownTunnel);
    EXPECT_EQ(
        server.Receive(Control(PATH, 0, 0, 0, 0, Draft(MessageType::Hello)), hosts.now).refused,
        Reason::L2tpUnknownTunnel);
    EXPECT_EQ(server.Receive(Control(PATH, 0, 0, 0, 0, ComposeStopCcn(33, {1, 0, ""})), hosts.now)
                  .refused,
              Reason::L2tpUnknownTunnel);
    Header data;
    data.tunnel = 1;
    data.session = 77;
    EXPECT_EQ(server.Receive({PATH, data.Build(FromHex("c021")), {}}, hosts.now).refused,
              Reason::L2tpUnknownSession);
    EXPECT_EQ(server.Receive({PATH, FromHex("c803"), {}}, hosts.now).refused,
              Reason::L2tpMalformed);
}

TEST(L2tpRefusal, StopCcnFindsItsTunnelByThePeersIdentifier)
{
    TwoHosts hosts;
    Engine& server = hosts.server.engine;
    server.Receive(Control(PATH, 0, 0, 0, 0, ComposeSccrq({}, 6, {})), hosts.now);
    // The client gives up before it has seen SCCRP, so that it knows no identifier but its own.
    const Output end =
        server.Receive(Control(PATH, 0, 0, 1, 0, ComposeStopCcn(6, {1, 0, ""})), hosts.now);
    EXPECT_EQ(Names(end), "ZLB");
    EXPECT_EQ(Only<TunnelDown>(end.notices)[0].message, "SCCRP");
    EXPECT_EQ(server.TunnelCount(), 0u);
}

TEST(L2tpRefusal, ReservedHeaderBitsDropAMessageOnWindowsOnly)
{
    for (const bool strict : {true, false})
    {
        Config config = ServerConfig();
        config.dropHeaderBits = strict;
        TwoHosts hosts({}, config);
        const SessionKey key = hosts.Connect();
        Datagram data =
            hosts.client.engine.SendFrame(key, FromHex("c021"), {}, hosts.now).datagrams[0];
        data.payload[0] |= 0x01; // P
        const Output output = hosts.server.engine.Receive(data, hosts.now);
        EXPECT_EQ(output.refused, strict ? Reason::L2tpMalformed : Reason::None);
        EXPECT_EQ(output.frame.has_value(), !strict);
    }
}

TEST(L2tpTieBreaker, IsIgnoredByWindowsAndWinsWhereItIsHonoured)
{
    Draft sccrq = ComposeSccrq({}, 6, {});
    sccrq.Add(AvpType::TieBreaker, Bytes(8, 1));
    for (const bool honour : {false, true})
    {
        Config config = ServerConfig();
        config.honourTieBreaker = honour;
        Engine engine(config, "both", 1, {});
        engine.Dial(PATH, 1, Instant{});
        const Output output = engine.Receive(Control(PATH, 0, 0, 0, 0, sccrq), Instant{});
        EXPECT_EQ(Names(output), "SCCRP");
        EXPECT_EQ(engine.TunnelCount(), honour ? 1u : 2u);
        EXPECT_EQ(Only<SessionDown>(output.notices).size(), honour ? 1u : 0u);
        EXPECT_EQ(Only<TunnelGone>(output.notices).size(), honour ? 1u : 0u);
    }
}
