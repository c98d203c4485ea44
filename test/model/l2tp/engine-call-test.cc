// SPDX-License-Identifier: GPL-2.0-only
#include "test/model/l2tp/two-hosts.h"

#include <gtest/gtest.h>

using namespace nattlab;
using namespace nattlab::l2tp;

namespace
{

constexpr PathId PATH = TwoHosts::PATH;
const Instant NOW{};

} // namespace

TEST(L2tpCall, StepByStepFromSccrqToPppAndBackToNothing)
{
    TwoHosts hosts;
    Engine& client = hosts.client.engine;
    Engine& server = hosts.server.engine;

    // SCCRQ -->
    DialResult dialled = client.Dial(PATH, 1, NOW);
    const SessionKey key = dialled.session;
    ASSERT_EQ(Names(dialled.output), "SCCRQ");
    const Datagram sccrq = dialled.output.datagrams[0];
    EXPECT_EQ(HeaderOf(sccrq).tunnel, 0);
    EXPECT_EQ(HeaderOf(sccrq).ns, 0);
    EXPECT_EQ(sccrq.tag.connection, 1u);

    // <-- SCCRP
    Output answer = server.Receive(sccrq, NOW);
    ASSERT_EQ(Names(answer), "SCCRP");
    EXPECT_EQ(HeaderOf(answer.datagrams[0]).tunnel, key.tunnel);
    EXPECT_EQ(HeaderOf(answer.datagrams[0]).nr, 1);
    EXPECT_TRUE(answer.notices.empty());

    // SCCCN -->, ICRQ -->
    Output opened = client.Receive(answer.datagrams[0], NOW);
    ASSERT_EQ(Names(opened), "SCCCN, ICRQ");
    EXPECT_EQ(HeaderOf(opened.datagrams[0]).ns, 1);
    EXPECT_EQ(HeaderOf(opened.datagrams[1]).ns, 2);
    EXPECT_EQ(HeaderOf(opened.datagrams[1]).session, 0);
    ASSERT_EQ(Only<TunnelUp>(opened.notices).size(), 1u);
    EXPECT_TRUE(Only<TunnelUp>(opened.notices)[0].initiator);
    EXPECT_EQ(Only<TunnelUp>(opened.notices)[0].peerName, "vpn.example.com");

    // <-- ZLB: nothing else is to be said
    Output up = server.Receive(opened.datagrams[0], NOW);
    ASSERT_EQ(Names(up), "ZLB");
    ASSERT_EQ(Only<TunnelUp>(up.notices).size(), 1u);
    EXPECT_FALSE(Only<TunnelUp>(up.notices)[0].initiator);
    EXPECT_EQ(Only<TunnelUp>(up.notices)[0].connection, 1u) << "told by the tag of SCCRQ";
    EXPECT_TRUE(client.Receive(up.datagrams[0], NOW).datagrams.empty());

    // <-- ICRP
    Output icrp = server.Receive(opened.datagrams[1], NOW);
    ASSERT_EQ(Names(icrp), "ICRP");
    EXPECT_EQ(HeaderOf(icrp.datagrams[0]).session, key.session);

    // ICCN -->
    Output iccn = client.Receive(icrp.datagrams[0], NOW);
    ASSERT_EQ(Names(iccn), "ICCN");
    ASSERT_EQ(Only<SessionUp>(iccn.notices).size(), 1u);
    EXPECT_EQ(Only<SessionUp>(iccn.notices)[0].session, key);

    // <-- ZLB
    Output done = server.Receive(iccn.datagrams[0], NOW);
    ASSERT_EQ(Names(done), "ZLB");
    ASSERT_EQ(Only<SessionUp>(done.notices).size(), 1u);
    const SessionUp serverSide = Only<SessionUp>(done.notices)[0];
    EXPECT_FALSE(serverSide.initiator);
    EXPECT_EQ(serverSide.connectSpeed, Config{}.txConnectSpeed);
    client.Receive(done.datagrams[0], NOW);
    EXPECT_EQ(client.SessionCount(), 1u);
    EXPECT_EQ(server.SessionCount(), 1u);

    // data -->
    Output data = client.SendFrame(key, FromHex("ff03c0210101000a"), {55, 1}, NOW);
    ASSERT_EQ(Names(data), "data");
    EXPECT_EQ(data.datagrams[0].tag.packet, 55u);
    EXPECT_EQ(data.datagrams[0].payload.size(), 8u + 8u);
    Output frame = server.Receive(data.datagrams[0], NOW);
    ASSERT_TRUE(frame.frame);
    EXPECT_EQ(frame.frame->ppp, FromHex("ff03c0210101000a"));
    EXPECT_EQ(frame.frame->session, serverSide.session);
    EXPECT_EQ(frame.frame->tag.packet, 55u);
    EXPECT_TRUE(frame.datagrams.empty());

    // CDN -->, StopCCN -->
    Output hangUp = client.HangUp(key, NOW);
    ASSERT_EQ(Names(hangUp), "CDN, StopCCN");
    EXPECT_EQ(HeaderOf(hangUp.datagrams[0]).session, serverSide.session.session);
    EXPECT_EQ(MessageOf(hangUp.datagrams[0]).Find(AvpType::ResultCode)->value, FromHex("00030000"));
    EXPECT_EQ(MessageOf(hangUp.datagrams[1]).Find(AvpType::ResultCode)->value, FromHex("00010000"));
    ASSERT_EQ(Only<SessionDown>(hangUp.notices).size(), 1u);
    EXPECT_EQ(Only<SessionDown>(hangUp.notices)[0].reason, Reason::UserHangUp);
    ASSERT_EQ(Only<TunnelDown>(hangUp.notices).size(), 1u);
    EXPECT_TRUE(Only<TunnelGone>(hangUp.notices).empty()) << "StopCCN is still out";

    // <-- ZLB, ZLB
    Output cleared = server.Receive(hangUp.datagrams[0], NOW);
    ASSERT_EQ(Names(cleared), "ZLB");
    ASSERT_EQ(Only<SessionDown>(cleared.notices).size(), 1u);
    EXPECT_EQ(Only<SessionDown>(cleared.notices)[0].reason, Reason::L2tpRefused);
    EXPECT_EQ(Only<SessionDown>(cleared.notices)[0].resultCode, 3);
    EXPECT_EQ(Only<SessionDown>(cleared.notices)[0].message, "CDN");
    EXPECT_TRUE(Only<SessionDown>(cleared.notices)[0].wasUp);
    Output stopped = server.Receive(hangUp.datagrams[1], NOW);
    ASSERT_EQ(Names(stopped), "ZLB");
    ASSERT_EQ(Only<TunnelDown>(stopped.notices).size(), 1u);
    EXPECT_EQ(Only<TunnelDown>(stopped.notices)[0].message, "StopCCN");
    client.Receive(cleared.datagrams[0], NOW);
    EXPECT_EQ(Only<TunnelGone>(client.Receive(stopped.datagrams[0], NOW).notices).size(), 1u);
    EXPECT_FALSE(client.Deadline());
    EXPECT_EQ(server.TunnelCount(), 0u);

    // The server keeps the tunnel for 31 s, to acknowledge StopCCN once more.
    ASSERT_EQ(Names(server.Receive(hangUp.datagrams[1], NOW)), "ZLB");
    ASSERT_EQ(server.Deadline(), NOW + seconds{31});
    EXPECT_EQ(Only<TunnelGone>(server.Expire(NOW + seconds{31}).notices).size(), 1u);
    EXPECT_FALSE(server.Deadline());
    EXPECT_EQ(server.Receive(hangUp.datagrams[1], NOW).refused, Reason::L2tpUnknownTunnel);
}

TEST(L2tpCall, TheWireShowsTheShortestExchange)
{
    TwoHosts hosts;
    hosts.Connect();
    const std::vector<std::string> expected{
        "SCCRQ >", "< SCCRP", "SCCCN >", "ICRQ >", "< ZLB", "< ICRP", "ICCN >", "< ZLB"};
    EXPECT_EQ(hosts.history, expected);
    EXPECT_EQ(hosts.client.Count(EventType::MessageSent, "SCCRQ"), 1u);
    EXPECT_EQ(hosts.client.Count(EventType::MessageReceived, "ZLB"), 2u);
    EXPECT_EQ(hosts.server.Count(EventType::MessageReceived, "ICCN"), 1u);
    EXPECT_EQ(hosts.server.Count(EventType::MessageSent, "ZLB"), 2u);
}

TEST(L2tpCall, TheServerCanHangUp)
{
    TwoHosts hosts;
    hosts.Connect();
    const SessionKey key = Only<SessionUp>(hosts.server.notices)[0].session;
    hosts.Take(false, hosts.server.engine.HangUp(key, hosts.now));
    hosts.RunFor(seconds{40});
    ASSERT_EQ(Only<SessionDown>(hosts.client.notices).size(), 1u);
    EXPECT_EQ(Only<SessionDown>(hosts.client.notices)[0].reason, Reason::L2tpRefused);
    EXPECT_EQ(Only<TunnelGone>(hosts.client.notices).size(), 1u);
    EXPECT_EQ(Only<TunnelGone>(hosts.server.notices).size(), 1u);
    EXPECT_EQ(Only<TunnelDown>(hosts.server.notices)[0].reason, Reason::UserHangUp);
    EXPECT_EQ(hosts.client.Count(EventType::MessageSent, "StopCCN"), 0u);
}

TEST(L2tpCall, BothEndsMayHangUpAtOnce)
{
    TwoHosts hosts;
    const SessionKey key = hosts.Connect();
    const SessionKey other = Only<SessionUp>(hosts.server.notices)[0].session;
    hosts.Take(true, hosts.client.engine.HangUp(key, hosts.now));
    hosts.Take(false, hosts.server.engine.HangUp(other, hosts.now));
    hosts.RunFor(seconds{40});
    for (const Host* host : {&hosts.client, &hosts.server})
    {
        EXPECT_EQ(Only<SessionDown>(host->notices).size(), 1u);
        EXPECT_EQ(Only<TunnelDown>(host->notices).size(), 1u);
        EXPECT_EQ(Only<TunnelGone>(host->notices).size(), 1u);
        EXPECT_FALSE(host->engine.Deadline());
        EXPECT_TRUE(host->ResentAt("StopCCN").empty());
    }
}

TEST(L2tpCall, HangingUpWhileTheTunnelIsMadeEndsItAsSoonAsThePeerAnswers)
{
    TwoHosts hosts;
    const SessionKey key = hosts.Dial();
    hosts.Take(true, hosts.client.engine.HangUp(key, hosts.now));
    ASSERT_EQ(Only<SessionDown>(hosts.client.notices).size(), 1u);
    EXPECT_FALSE(Only<SessionDown>(hosts.client.notices)[0].wasUp);
    hosts.RunFor(seconds{40});
    const std::vector<std::string> expected{"SCCRQ >", "< SCCRP", "StopCCN >", "< ZLB"};
    EXPECT_EQ(hosts.history, expected);
    EXPECT_EQ(Only<TunnelDown>(hosts.server.notices)[0].message, "SCCRP");
    EXPECT_EQ(Only<TunnelGone>(hosts.client.notices).size(), 1u);
}

TEST(L2tpCall, StopEndsEveryTunnelWithResultSix)
{
    TwoHosts hosts;
    hosts.Connect();
    hosts.Connect();
    hosts.Take(false, hosts.server.engine.Stop(hosts.now));
    hosts.RunFor(seconds{1});
    const auto down = Only<TunnelDown>(hosts.client.notices);
    ASSERT_EQ(down.size(), 2u);
    EXPECT_EQ(down[0].resultCode, STOP_SHUTTING_DOWN);
    EXPECT_EQ(hosts.server.Count(EventType::MessageSent, "CDN"), 0u)
        << "RFC 2661 5.7: StopCCN is enough";
    EXPECT_EQ(hosts.server.engine.TunnelCount(), 0u);
}

TEST(L2tpCall, SeveralSessionsShareATunnelAndTheLastOneTakesItAlong)
{
    TwoHosts hosts;
    const SessionKey first = hosts.Connect();
    DialResult more = hosts.client.engine.AddSession(first.tunnel, 1, hosts.now);
    EXPECT_EQ(Names(more.output), "ICRQ");
    hosts.Take(true, std::move(more.output));
    hosts.RunFor(seconds{1});
    EXPECT_EQ(hosts.server.engine.SessionCount(), 2u);
    EXPECT_EQ(hosts.server.engine.TunnelCount(), 1u);

    Output one = hosts.client.engine.HangUp(first, hosts.now);
    EXPECT_EQ(Names(one), "CDN");
    hosts.Take(true, std::move(one));
    hosts.RunFor(seconds{60});
    EXPECT_EQ(hosts.server.engine.SessionCount(), 1u);
    EXPECT_EQ(Names(hosts.client.engine.HangUp(more.session, hosts.now)), "CDN, StopCCN");
}

TEST(L2tpCall, ASessionAddedBeforeTheTunnelIsUpWaitsForIt)
{
    TwoHosts hosts;
    const SessionKey first = hosts.Dial();
    DialResult more = hosts.client.engine.AddSession(first.tunnel, 1, hosts.now);
    EXPECT_TRUE(more.output.datagrams.empty());
    hosts.RunFor(seconds{1});
    EXPECT_EQ(Only<SessionUp>(hosts.server.notices).size(), 2u);
    const DialResult none = hosts.client.engine.AddSession(999, 1, hosts.now);
    EXPECT_EQ(none.session, SessionKey{});
    ASSERT_EQ(Only<SessionDown>(none.output.notices).size(), 1u);
}

TEST(L2tpCall, AnAcceptedTunnelWithoutACallIsClosedAfterTheSetupTime)
{
    Config quiet = ServerConfig();
    quiet.helloInterval = Duration::zero();
    TwoHosts hosts({}, quiet);
    hosts.lose = [](const std::string& name, bool) { return name == "ICRQ"; };
    hosts.Dial();
    hosts.RunFor(seconds{20});
    hosts.client.engine.Reset(); // the client is gone without a word
    hosts.RunFor(seconds{120});
    EXPECT_EQ(hosts.server.TimeOf<TunnelDown>(), 60030);
    EXPECT_EQ(hosts.server.TimeOf<TunnelGone>(), 91030) << "StopCCN was not answered";
}

TEST(L2tpCall, WithoutClosingTheTunnelStaysForTheNextCall)
{
    Config config;
    config.closeWithLastSession = false;
    TwoHosts hosts(config);
    const SessionKey first = hosts.Connect();
    Output cdn = hosts.client.engine.HangUp(first, hosts.now);
    EXPECT_EQ(Names(cdn), "CDN");
    hosts.Take(true, std::move(cdn));
    hosts.RunFor(seconds{1});
    DialResult again = hosts.client.engine.AddSession(first.tunnel, 1, hosts.now);
    hosts.Take(true, std::move(again.output));
    hosts.RunFor(seconds{10});
    EXPECT_EQ(hosts.server.engine.SessionCount(), 1u)
        << "the new call stops the server's timer for an empty tunnel";
}

TEST(L2tpCall, AnEmptyTunnelIsClosedByWhoDidNotEndTheCall)
{
    Config config;
    config.closeWithLastSession = false;
    TwoHosts hosts(config);
    const SessionKey first = hosts.Connect();
    hosts.Take(true, hosts.client.engine.HangUp(first, hosts.now));
    hosts.RunFor(seconds{4});
    EXPECT_EQ(hosts.server.engine.TunnelCount(), 1u);
    hosts.RunFor(seconds{2});
    EXPECT_EQ(hosts.server.engine.TunnelCount(), 0u);
    EXPECT_EQ(Only<TunnelDown>(hosts.client.notices).size(), 1u);
}

TEST(L2tpCall, ALostPathEndsItsTunnelsAtOnceWithoutAMessage)
{
    TwoHosts hosts;
    hosts.Connect();
    hosts.Connect();
    Output lost = hosts.client.engine.PathLost(PATH, Reason::IkeDeleted, hosts.now);
    EXPECT_TRUE(lost.datagrams.empty());
    ASSERT_EQ(Only<SessionDown>(lost.notices).size(), 2u);
    EXPECT_EQ(Only<SessionDown>(lost.notices)[0].reason, Reason::IkeDeleted);
    EXPECT_EQ(Only<TunnelGone>(lost.notices).size(), 1u) << "when the last is gone";
    EXPECT_FALSE(hosts.client.engine.Deadline());
    EXPECT_TRUE(hosts.client.engine.PathLost(PATH, Reason::IkeDeleted, hosts.now).notices.empty());
}

TEST(L2tpCall, ARebootForgetsEverything)
{
    TwoHosts hosts;
    const SessionKey key = hosts.Connect();
    hosts.server.engine.Reset();
    EXPECT_EQ(hosts.server.engine.TunnelCount(), 0u);
    EXPECT_EQ(hosts.server.engine.SessionCount(), 0u);
    EXPECT_FALSE(hosts.server.engine.Deadline());
    Output data = hosts.client.engine.SendFrame(key, FromHex("c021"), {}, hosts.now);
    EXPECT_EQ(hosts.server.engine.Receive(data.datagrams[0], hosts.now).refused,
              Reason::L2tpUnknownTunnel);
}

TEST(L2tpData, HeaderHasSixBytesWithoutLength)
{
    Config config;
    config.lengthInData = false;
    TwoHosts hosts(config);
    const SessionKey key = hosts.Connect();
    const Output data = hosts.client.engine.SendFrame(key, FromHex("c0210101"), {}, hosts.now);
    ASSERT_EQ(data.datagrams.size(), 1u);
    EXPECT_EQ(data.datagrams[0].payload.size(), 6u + 4u);
    EXPECT_TRUE(hosts.server.engine.Receive(data.datagrams[0], hosts.now).frame);
}

TEST(L2tpData, TheServerSwitchesNumbersOnAndTheClientFollows)
{
    Config numbering = ServerConfig();
    numbering.sequenceData = true;
    TwoHosts hosts({}, numbering);
    const SessionKey key = hosts.Connect();
    const SessionKey other = Only<SessionUp>(hosts.server.notices)[0].session;
    const Bytes frame = FromHex("c0210101");
    EXPECT_FALSE(
        HeaderOf(hosts.client.engine.SendFrame(key, frame, {}, hosts.now).datagrams[0]).sequenced);
    Output numbered = hosts.server.engine.SendFrame(other, frame, {}, hosts.now);
    EXPECT_TRUE(HeaderOf(numbered.datagrams[0]).sequenced);
    hosts.client.engine.Receive(numbered.datagrams[0], hosts.now);
    const Output reply = hosts.client.engine.SendFrame(key, frame, {}, hosts.now);
    EXPECT_TRUE(HeaderOf(reply.datagrams[0]).sequenced);
    EXPECT_EQ(HeaderOf(reply.datagrams[0]).ns, 0);
    EXPECT_EQ(HeaderOf(hosts.client.engine.SendFrame(key, frame, {}, hosts.now).datagrams[0]).ns,
              1);
}

TEST(L2tpData, ANumberedFrameThatComesLateIsDropped)
{
    Config config;
    config.sequencingRequired = true;
    TwoHosts hosts(config);
    const SessionKey key = hosts.Connect();
    const Bytes frame = FromHex("c0210101");
    Output first = hosts.client.engine.SendFrame(key, frame, {}, hosts.now);
    Output second = hosts.client.engine.SendFrame(key, frame, {}, hosts.now);
    Engine& server = hosts.server.engine;
    EXPECT_TRUE(server.Receive(second.datagrams[0], hosts.now).frame);
    EXPECT_EQ(server.Receive(first.datagrams[0], hosts.now).refused, Reason::L2tpOutOfSequence);
    EXPECT_EQ(server.Receive(second.datagrams[0], hosts.now).refused, Reason::L2tpOutOfSequence);
    const SessionKey other = Only<SessionUp>(hosts.server.notices)[0].session;
    EXPECT_TRUE(HeaderOf(server.SendFrame(other, frame, {}, hosts.now).datagrams[0]).sequenced)
        << "sequencing required holds for both directions";
}

TEST(L2tpData, NothingGoesOutOrInBeforeTheCallIsUp)
{
    TwoHosts hosts;
    const SessionKey key = hosts.Dial();
    const Output early = hosts.client.engine.SendFrame(key, FromHex("c021"), {}, hosts.now);
    EXPECT_EQ(early.refused, Reason::L2tpUnknownSession);
    EXPECT_TRUE(early.datagrams.empty());
    hosts.lose = [](const std::string& name, bool) { return name == "ICCN"; };
    hosts.RunFor(milliseconds{200});
    const Output data = hosts.client.engine.SendFrame(key, FromHex("c021"), {}, hosts.now);
    ASSERT_EQ(data.datagrams.size(), 1u) << "the client is up when it has sent ICCN";
    EXPECT_EQ(hosts.server.engine.Receive(data.datagrams[0], hosts.now).refused,
              Reason::L2tpUnexpectedMessage);
}

TEST(L2tpCall, APeerThatStartedAgainUnderItsOldIdentifierIsTakenAnew)
{
    TwoHosts hosts;
    const DialResult first = hosts.client.engine.Dial(PATH, 1, NOW);
    const Datagram sccrq = first.output.datagrams[0];
    const Output opened =
        hosts.client.engine.Receive(hosts.server.engine.Receive(sccrq, NOW).datagrams[0], NOW);
    hosts.server.engine.Receive(opened.datagrams[0], NOW);
    ASSERT_EQ(hosts.server.engine.TunnelCount(), 1u);

    // A copy that comes as late as a copy can is a copy.
    const Output copy = hosts.server.engine.Receive(sccrq, NOW + Config{}.linger);
    EXPECT_EQ(copy.refused, Reason::L2tpDuplicate);
    EXPECT_TRUE(copy.notices.empty());

    const Output again =
        hosts.server.engine.Receive(sccrq, NOW + Config{}.linger + milliseconds{1});
    EXPECT_EQ(Names(again), "SCCRP");
    ASSERT_EQ(Only<TunnelDown>(again.notices).size(), 1u);
    EXPECT_EQ(Only<TunnelDown>(again.notices)[0].reason, Reason::L2tpPeerRestarted);
    EXPECT_TRUE(Only<TunnelGone>(again.notices).empty()) << "the path is in use";
    EXPECT_EQ(hosts.server.engine.TunnelCount(), 1u);
}
