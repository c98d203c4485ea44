// SPDX-License-Identifier: GPL-2.0-only
#include "test/model/l2tp/two-hosts.h"

#include <gtest/gtest.h>

using namespace nattlab;
using namespace nattlab::l2tp;

namespace
{

/** Lose the first \p count messages of a name. */
std::function<bool(const std::string&, bool)>
LoseFirst(std::string name, int count)
{
    return [name = std::move(name), left = count](const std::string& n, bool) mutable
    { return n == name && left-- > 0; };
}

std::function<bool(const std::string&, bool)>
LoseAll(std::string name)
{
    return [name = std::move(name)](const std::string& n, bool) { return n == name; };
}

} // namespace

TEST(L2tpLoss, EachMessageLostOnceCostsOneSecond)
{
    // Without loss the server has its session after five times 10 ms. ICRQ waits with SCCCN; its
    // timer starts when SCCCN is acknowledged, 20 ms after it was first sent.
    const std::pair<const char*, long> expected[] = {{"none", 50},
                                                     {"SCCRQ", 1050},
                                                     {"SCCRP", 1050},
                                                     {"SCCCN", 1050},
                                                     {"ICRQ", 1070},
                                                     {"ICRP", 1050},
                                                     {"ICCN", 1050}};
    for (const auto& [name, at] : expected)
    {
        TwoHosts hosts;
        hosts.lose = LoseFirst(name, 1);
        hosts.Dial();
        hosts.RunFor(seconds{30});
        EXPECT_EQ(hosts.server.TimeOf<SessionUp>(), at) << name;
        EXPECT_EQ(hosts.client.engine.SessionCount(), 1u) << name;
        EXPECT_TRUE(Only<SessionDown>(hosts.client.notices).empty()) << name;
    }
}

TEST(L2tpLoss, SccrqIsSentAgainAfterOneTwoFourEightAndEightSeconds)
{
    const std::vector<long> schedule{1000, 3000, 7000, 15000, 23000};
    for (int lost = 1; lost <= 5; ++lost)
    {
        TwoHosts hosts;
        hosts.lose = LoseFirst("SCCRQ", lost);
        hosts.Dial();
        hosts.RunFor(seconds{60});
        EXPECT_EQ(hosts.client.ResentAt("SCCRQ"),
                  std::vector<long>(schedule.begin(), schedule.begin() + lost));
        EXPECT_EQ(hosts.server.TimeOf<SessionUp>(), schedule[lost - 1] + 50);
    }
}

TEST(L2tpLoss, AMessageLostForGoodEndsInNoAnswerThatNamesIt)
{
    struct Row
    {
        const char* name;
        bool clientSends;
        long downAt; //!< milliseconds, at its sender
        bool sessionWasUp;
    };

    const Row rows[] = {{"SCCRQ", true, 31000, false},
                        {"SCCRP", false, 31010, false},
                        {"SCCCN", true, 31020, false},
                        {"ICRQ", true, 31040, false},
                        {"ICRP", false, 31030, false},
                        {"ICCN", true, 31040, true}};
    for (const Row& row : rows)
    {
        TwoHosts hosts;
        hosts.lose = LoseAll(row.name);
        hosts.Dial();
        hosts.RunFor(seconds{31} + milliseconds{500});
        const Host& sender = row.clientSends ? hosts.client : hosts.server;
        EXPECT_EQ(sender.ResentAt(row.name).size(), 5u) << row.name;
        ASSERT_EQ(Only<TunnelDown>(sender.notices).size(), 1u) << row.name;
        EXPECT_EQ(Only<TunnelDown>(sender.notices)[0].reason, Reason::L2tpNoAnswer) << row.name;
        EXPECT_EQ(Only<TunnelDown>(sender.notices)[0].message, row.name);
        EXPECT_EQ(sender.TimeOf<TunnelDown>(), row.downAt) << row.name;
        EXPECT_EQ(sender.TimeOf<TunnelGone>(), row.downAt) << row.name;
        const auto sessions = Only<SessionDown>(sender.notices);
        ASSERT_EQ(sessions.size(), std::string(row.name) == "SCCRP" ? 0u : 1u) << row.name;
        if (!sessions.empty())
        {
            EXPECT_EQ(sessions[0].reason, Reason::L2tpNoAnswer) << row.name;
            EXPECT_EQ(sessions[0].message, row.name);
            EXPECT_EQ(sessions[0].wasUp, row.sessionWasUp) << row.name;
        }
    }
}

TEST(L2tpLoss, AServerThatIsNeverHeardIsGivenUpAfter31Seconds)
{
    TwoHosts hosts;
    hosts.lose = [](const std::string&, bool toServer) { return !toServer; };
    hosts.Dial();
    hosts.RunFor(seconds{120});
    ASSERT_EQ(Only<SessionDown>(hosts.client.notices).size(), 1u);
    EXPECT_EQ(hosts.client.TimeOf<SessionDown>(), 31000);
    EXPECT_EQ(Only<SessionDown>(hosts.client.notices)[0].message, "SCCRQ");
    EXPECT_EQ(hosts.server.engine.TunnelCount(), 0u) << "SCCRP had no answer either";
    EXPECT_FALSE(hosts.client.engine.Deadline());
    EXPECT_FALSE(hosts.server.engine.Deadline());
}

TEST(L2tpLoss, ARequestThatIsAcknowledgedButNotAnsweredFailsAfterTheSetupTime)
{
    TwoHosts tunnel;
    tunnel.lose = LoseAll("SCCRP"); // the ZLB for the second SCCRQ comes through
    tunnel.Dial();
    tunnel.RunFor(seconds{120});
    ASSERT_EQ(Only<SessionDown>(tunnel.client.notices).size(), 1u);
    EXPECT_EQ(Only<SessionDown>(tunnel.client.notices)[0].reason, Reason::L2tpNoAnswer);
    EXPECT_EQ(Only<SessionDown>(tunnel.client.notices)[0].message, "SCCRQ");
    EXPECT_EQ(tunnel.client.TimeOf<SessionDown>(), 60000);

    TwoHosts call;
    call.lose = LoseAll("ICRP");
    call.server.engine = Engine(
        []
        {
            Config patient = ServerConfig();
            patient.retransmissions = 100;
            return patient;
        }(),
        "server",
        1,
        {});
    call.Dial();
    call.RunFor(seconds{70});
    ASSERT_EQ(Only<SessionDown>(call.client.notices).size(), 1u);
    EXPECT_EQ(Only<SessionDown>(call.client.notices)[0].message, "ICRQ");
    EXPECT_EQ(Only<SessionDown>(call.client.notices)[0].resultCode, CDN_TIMEOUT);
    EXPECT_EQ(call.client.TimeOf<SessionDown>(), 60020);
}

TEST(L2tpLoss, HangUpSurvivesTheLossOfAnyMessage)
{
    for (const char* name : {"CDN", "StopCCN", "ZLB"})
    {
        TwoHosts hosts;
        const SessionKey key = hosts.Connect();
        hosts.lose = LoseFirst(name, 2);
        hosts.Take(true, hosts.client.engine.HangUp(key, hosts.now));
        hosts.RunFor(seconds{60});
        EXPECT_EQ(Only<SessionDown>(hosts.server.notices).size(), 1u) << name;
        EXPECT_EQ(Only<TunnelGone>(hosts.client.notices).size(), 1u) << name;
        EXPECT_EQ(Only<TunnelGone>(hosts.server.notices).size(), 1u) << name;
        EXPECT_FALSE(hosts.client.engine.Deadline()) << name;
        EXPECT_FALSE(hosts.server.engine.Deadline()) << name;
    }
}

TEST(L2tpLoss, AHangUpThatNobodyHearsIsForgottenAfter31Seconds)
{
    TwoHosts hosts;
    const SessionKey key = hosts.Connect();
    hosts.lose = [](const std::string&, bool) { return true; };
    hosts.Take(true, hosts.client.engine.HangUp(key, hosts.now));
    hosts.RunFor(seconds{200});
    EXPECT_EQ(Only<TunnelDown>(hosts.client.notices).size(), 1u);
    EXPECT_EQ(hosts.client.TimeOf<TunnelGone>(), 31200);
    EXPECT_EQ(Only<TunnelDown>(hosts.server.notices)[0].reason, Reason::L2tpPeerSilent);
}

TEST(L2tpLoss, EveryMessageTwiceChangesNothingAndIsAcknowledged)
{
    TwoHosts hosts;
    hosts.Dial();
    for (int i = 0; i < 40; ++i)
    {
        // Each datagram under way arrives two times.
        const std::vector<TwoHosts::Flying> once = hosts.flying;
        for (const TwoHosts::Flying& one : once)
        {
            Host& to = one.toServer ? hosts.server : hosts.client;
            const Output first = to.engine.Receive(one.datagram, hosts.now);
            const Output second = to.engine.Receive(one.datagram, hosts.now);
            if (NameOf(one.datagram) != "ZLB")
            {
                EXPECT_EQ(second.refused, Reason::L2tpDuplicate);
                EXPECT_EQ(Names(second), "ZLB");
            }
            EXPECT_TRUE(second.notices.empty());
            hosts.Take(!one.toServer, first);
            hosts.Take(!one.toServer, second);
        }
        hosts.flying.erase(hosts.flying.begin(), hosts.flying.begin() + once.size());
    }
    EXPECT_EQ(Only<SessionUp>(hosts.client.notices).size(), 1u);
    EXPECT_EQ(Only<SessionUp>(hosts.server.notices).size(), 1u);
    EXPECT_EQ(hosts.server.engine.TunnelCount(), 1u) << "the second SCCRQ made no second tunnel";
    EXPECT_EQ(hosts.server.Count(EventType::MessageRefused, "SCCRQ"), 1u);
}

TEST(L2tpLoss, SwappedMessagesAreTakenInOrder)
{
    TwoHosts hosts;
    Output dialled = hosts.client.engine.Dial(TwoHosts::PATH, 1, hosts.now).output;
    Output answer = hosts.server.engine.Receive(dialled.datagrams[0], hosts.now);
    Output two = hosts.client.engine.Receive(answer.datagrams[0], hosts.now);
    ASSERT_EQ(Names(two), "SCCCN, ICRQ");
    // ICRQ first: it is kept, and nothing is said.
    const Output early = hosts.server.engine.Receive(two.datagrams[1], hosts.now);
    EXPECT_TRUE(early.datagrams.empty());
    EXPECT_EQ(early.refused, Reason::None);
    // Then SCCCN: both are worked on, and ICRP acknowledges both.
    const Output both = hosts.server.engine.Receive(two.datagrams[0], hosts.now);
    ASSERT_EQ(Names(both), "ICRP");
    EXPECT_EQ(HeaderOf(both.datagrams[0]).nr, 3);
}

TEST(L2tpLoss, MessagesBeyondTheWindowAreRefused)
{
    TwoHosts hosts;
    hosts.Connect();
    const Draft hello(MessageType::Hello);
    const Output tooFar =
        hosts.server.engine.Receive(Control(TwoHosts::PATH, 1, 0, 4 + 8, 3, hello), hosts.now);
    EXPECT_EQ(tooFar.refused, Reason::L2tpOutOfWindow);
    const Output kept =
        hosts.server.engine.Receive(Control(TwoHosts::PATH, 1, 0, 4 + 7, 3, hello), hosts.now);
    EXPECT_EQ(kept.refused, Reason::None);
}

TEST(L2tpHello, IsSentAfterFortySecondsOfSilence)
{
    Config quiet = ServerConfig();
    quiet.helloInterval = Duration::zero();
    TwoHosts hosts({}, quiet);
    hosts.Connect();
    hosts.RunUntil(Instant{seconds{130}});
    std::vector<long> sent;
    for (const Event& event : hosts.client.log.Events())
    {
        if (event.type == EventType::MessageSent && event.subject == "HELLO")
        {
            sent.push_back(event.time.time_since_epoch() / milliseconds{1});
        }
    }
    // The last word before was the server's ZLB at 60 ms; each HELLO's ZLB comes 20 ms later.
    EXPECT_EQ(sent, (std::vector<long>{40060, 80080, 120100}));
    EXPECT_EQ(hosts.server.Count(EventType::MessageSent, "HELLO"), 0u);
    EXPECT_EQ(hosts.server.Count(EventType::MessageReceived, "HELLO"), 3u);
}

TEST(L2tpHello, DataFromThePeerPutsItOff)
{
    Config quiet;
    quiet.helloInterval = Duration::zero();
    TwoHosts hosts(quiet);
    const SessionKey key = hosts.Connect();
    for (int i = 0; i < 10; ++i)
    {
        hosts.RunFor(seconds{30});
        hosts.Take(true, hosts.client.engine.SendFrame(key, FromHex("c021"), {}, hosts.now));
    }
    EXPECT_EQ(hosts.server.Count(EventType::MessageSent, "HELLO"), 0u);
    hosts.RunFor(seconds{41});
    EXPECT_EQ(hosts.server.Count(EventType::MessageSent, "HELLO"), 1u);
}

TEST(L2tpHello, UnansweredForFiveRetransmissionsThePeerIsSilent)
{
    TwoHosts hosts;
    hosts.Connect();
    hosts.lose = [](const std::string&, bool) { return true; };
    hosts.RunUntil(Instant{seconds{200}});
    for (const Host* host : {&hosts.client, &hosts.server})
    {
        ASSERT_EQ(Only<SessionDown>(host->notices).size(), 1u);
        EXPECT_EQ(Only<SessionDown>(host->notices)[0].reason, Reason::L2tpPeerSilent);
        EXPECT_EQ(Only<SessionDown>(host->notices)[0].message, "HELLO");
        EXPECT_TRUE(Only<SessionDown>(host->notices)[0].wasUp);
        EXPECT_EQ(host->ResentAt("HELLO").size(), 5u);
        EXPECT_FALSE(host->engine.Deadline());
    }
    EXPECT_EQ(hosts.client.TimeOf<TunnelDown>(), 60 + 40000 + 31000);
}

TEST(L2tpHello, LostOnceItIsSentAgainAfterASecond)
{
    Config quiet = ServerConfig();
    quiet.helloInterval = Duration::zero();
    TwoHosts hosts({}, quiet);
    hosts.Connect();
    hosts.lose = LoseFirst("HELLO", 1);
    hosts.RunUntil(Instant{seconds{45}});
    EXPECT_EQ(hosts.client.ResentAt("HELLO"), std::vector<long>{41060});
    EXPECT_EQ(hosts.client.engine.TunnelCount(), 1u);
}
