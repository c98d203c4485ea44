// SPDX-License-Identifier: GPL-2.0-only
// Negotiations that come to nothing, or only after a loss.
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

std::size_t CountOf(const std::vector<std::string>& names, std::string_view name)
{
    return static_cast<std::size_t>(std::count(names.begin(), names.end(), name));
}

/** \return a filter that loses every message of this sender whose name begins with \p name. */
Pair::Filter LoseAll(bool fromClient, std::string name)
{
    return [fromClient, name](bool client, Bytes& frame)
    { return client != fromClient || NameOfFrame(frame).compare(0, name.size(), name) != 0; };
}

void ExpectDown(const Pair::End& end, Reason reason, Phase phase)
{
    ASSERT_TRUE(end.LastDown()) << end.name;
    EXPECT_EQ(IdOf(end.LastDown()->reason), IdOf(reason)) << end.name;
    EXPECT_EQ(NameOf(end.LastDown()->phase), NameOf(phase)) << end.name;
    EXPECT_EQ(NoticesOf<Down>(end.notices).size(), 1u) << end.name;
    EXPECT_EQ(end.session.CurrentPhase(), Phase::Dead) << end.name;
    EXPECT_FALSE(end.session.Deadline()) << end.name;
}

/** Start and run until \p end is down; \return how long after the start, if within \p limit. */
std::optional<Duration> TimeOfDown(Pair& pair, const Pair::End& end, Duration limit)
{
    pair.Start();
    while (!end.LastDown())
    {
        const auto next = pair.Next();
        if (!next || *next > Instant{} + limit)
        {
            return std::nullopt;
        }
        pair.RunUntil(*next);
    }
    return pair.now - Instant{};
}

Config Methods(Config config, std::vector<AuthMethod> methods)
{
    config.authMethods = std::move(methods);
    return config;
}

/** Lose message number \p lost of a negotiation; \return when both ends were open. */
std::optional<Duration> OpenWithout(std::size_t lost, AuthMethod method, std::size_t& messages)
{
    Pair pair(Methods(ClientConfig(), {method}), Methods(ServerConfig(), {method}));
    std::size_t sent = 0;
    pair.filter = [&sent, lost](bool, Bytes&) { return sent++ != lost; };
    pair.Start();
    while (!pair.BothOpen())
    {
        const auto next = pair.Next();
        if (!next || *next > Instant{} + seconds(60))
        {
            return std::nullopt;
        }
        pair.RunUntil(*next);
    }
    messages = sent;
    return pair.now - Instant{};
}

} // namespace

TEST(SessionLoss, OfAnyOneMessageIsMadeGoodByTheRestartTimer)
{
    for (const AuthMethod method : {AuthMethod::MsChapV2, AuthMethod::ChapMd5, AuthMethod::Pap})
    {
        std::size_t messages = 0;
        ASSERT_LT(*OpenWithout(SIZE_MAX, method, messages), milliseconds(200));
        ASSERT_GE(messages, 12u);
        for (std::size_t lost = 0; lost < messages; ++lost)
        {
            std::size_t sent = 0;
            const auto open = OpenWithout(lost, method, sent);
            ASSERT_TRUE(open) << NameOf(method) << ", message " << lost;
            EXPECT_GE(*open, seconds(3)) << NameOf(method) << ", message " << lost;
            EXPECT_LT(*open, milliseconds(3300)) << NameOf(method) << ", message " << lost;
            EXPECT_GT(sent, messages);
        }
    }
}

TEST(SessionLoss, IsRecordedAsMessagesSentAgain)
{
    Pair pair;
    pair.filter = LoseAll(true, "LCP");
    pair.Run(seconds(10));
    std::vector<std::int64_t> counts;
    for (const Event& event : pair.log.Events())
    {
        if (event.type == EventType::MessageResent && event.node == 1)
        {
            EXPECT_EQ(event.subject, "LCP Configure-Request");
            counts.push_back(event.value);
        }
    }
    EXPECT_THAT(counts, ElementsAre(1, 2, 3));
}

TEST(SessionLoss, OfEveryMessageEndsLcpAfterTenRequests)
{
    Pair pair;
    pair.filter = [](bool, Bytes&) { return false; };
    EXPECT_EQ(TimeOfDown(pair, pair.client, seconds(200)), seconds(30));
    ExpectDown(pair.client, Reason::PppNoAnswer, Phase::Establish);
    EXPECT_EQ(pair.client.LastDown()->detail, "LCP Configure-Request");
    EXPECT_FALSE(pair.client.LastDown()->wasUp);
    EXPECT_THAT(pair.client.sent, testing::SizeIs(10));
    EXPECT_THAT(pair.client.sent, testing::Each("LCP Configure-Request"));
}

TEST(SessionLoss, OfEveryResponseEndsAuthenticationAfterTenChallenges)
{
    Pair pair;
    pair.filter = LoseAll(true, "CHAP");
    ASSERT_TRUE(TimeOfDown(pair, pair.server, seconds(200)));
    ExpectDown(pair.server, Reason::PppNoAnswer, Phase::Authenticate);
    EXPECT_EQ(CountOf(pair.server.sent, "CHAP Challenge"), 10u);
    EXPECT_EQ(pair.server.LastDown()->detail, "CHAP Challenge");
}

TEST(SessionLoss, OfEveryChallengeLeavesTheClientWaitingUntilTheServerLeaves)
{
    Pair pair;
    pair.filter = LoseAll(false, "CHAP");
    pair.Run(seconds(60));
    ExpectDown(pair.server, Reason::PppNoAnswer, Phase::Authenticate);
    ExpectDown(pair.client, Reason::PppTerminated, Phase::Authenticate);
}

TEST(SessionLoss, OfEverythingAfterLcpEndsTheClientByNegotiateTime)
{
    Pair pair;
    bool open = false;
    pair.filter = [&open](bool fromClient, Bytes& frame)
    {
        open = open || NameOfFrame(frame) == "CHAP Challenge";
        return fromClient || !open;
    };
    const auto down = TimeOfDown(pair, pair.client, seconds(200));
    ASSERT_TRUE(down);
    // The two Terminate-Requests go unanswered.
    EXPECT_EQ(*down, seconds(150 + 6));
    ExpectDown(pair.client, Reason::PppNoAnswer, Phase::Authenticate);
}

TEST(SessionLoss, OfEveryPapReplyEndsTheClientAfterTenRequests)
{
    Pair pair(Methods(ClientConfig(), {AuthMethod::Pap}),
              Methods(ServerConfig(), {AuthMethod::Pap}));
    pair.filter = LoseAll(false, "PAP");
    pair.Run(seconds(60));
    ExpectDown(pair.client, Reason::PppNoAnswer, Phase::Authenticate);
    EXPECT_EQ(CountOf(pair.client.sent, "PAP Authenticate-Request"), 10u);
}

TEST(SessionLoss, OfEveryIpcpMessageEndsTheNetworkPhase)
{
    Pair pair;
    pair.filter = LoseAll(false, "IPCP");
    pair.Run(seconds(60));
    // Both send ten requests; the server began first.
    ExpectDown(pair.server, Reason::PppNoAnswer, Phase::Network);
    EXPECT_EQ(pair.server.LastDown()->detail, "IPCP Configure-Request");
    ExpectDown(pair.client, Reason::PppTerminated, Phase::Network);
    EXPECT_EQ(pair.pool.Taken(), 0u);
}

TEST(SessionLoss, IsNotToldFromDisagreementWhenThePeerKeepsTalking)
{
    // Every two seconds a Nak with another value: heard, but without an end in sight.
    Config client = ClientConfig();
    client.timers.maxRefused = 1000000;
    client.timers.negotiate = seconds(20);
    Session session(client, Role::Client, "client", 1, 1, nullptr, {});
    Instant now{};
    Output output = session.Start(now);
    for (std::uint16_t mru = 1000; session.CurrentPhase() == Phase::Establish; ++mru)
    {
        now += seconds(2);
        if (*session.Deadline() <= now)
        {
            session.Expire(now);
            continue;
        }
        const auto request = ControlPacket::Parse(ParseFrame(output.frames[0].bytes)->information);
        OptionList other;
        other.Add16(LCP_MRU, mru);
        const ControlPacket nak{CONFIGURE_NAK, request->id, other.Wire()};
        output = session.Receive(BuildFrame(PPP_LCP, nak.Build()), {}, now);
    }
    EXPECT_EQ(now, Instant{} + seconds(20));
    output = session.LowerDown(Reason::L2tpRefused, now);
    EXPECT_EQ(NoticesOf<Down>(output.notices).at(0).reason, Reason::PppNotConverging);
    EXPECT_EQ(NoticesOf<Down>(output.notices).at(0).detail, "NegotiateTime");
}

TEST(SessionAuthentication, WithAWrongPasswordEndsWith691AtBothEnds)
{
    Pair pair(ClientConfig(), ServerConfig(), 1, ClientLogin("wrong"));
    pair.Run(seconds(10));
    for (const Pair::End* end : {&pair.client, &pair.server})
    {
        ExpectDown(*end, Reason::PppAuthFailed, Phase::Authenticate);
        EXPECT_EQ(end->LastDown()->errorCode, 691u);
    }
    EXPECT_EQ(CountOf(pair.history, "server: CHAP Failure"), 1u);
    EXPECT_EQ(CountOf(pair.history, "client: LCP Terminate-Request"), 1u);
}

TEST(SessionAuthentication, OfAnUnknownUserFailsLikeAWrongPassword)
{
    Pair pair(ClientConfig(), ServerConfig(), 1, {"mallory", "clientPass", {}});
    pair.Run(seconds(10));
    ExpectDown(pair.client, Reason::PppAuthFailed, Phase::Authenticate);
    EXPECT_EQ(pair.client.LastDown()->errorCode, 691u);
    ExpectDown(pair.server, Reason::PppAuthFailed, Phase::Authenticate);
}

TEST(SessionAuthentication, WithoutRetriesIsEndedByTheServer)
{
    Config server = ServerConfig();
    server.authRetries = 0;
    Pair pair(ClientConfig(), server, 1, ClientLogin("wrong", {"clientPass"}));
    pair.Run(seconds(10));
    ExpectDown(pair.client, Reason::PppAuthFailed, Phase::Authenticate);
    ExpectDown(pair.server, Reason::PppAuthFailed, Phase::Authenticate);
    EXPECT_EQ(CountOf(pair.client.sent, "CHAP Response"), 1u);
    EXPECT_EQ(CountOf(pair.server.sent, "LCP Terminate-Request"), 1u);
}

TEST(SessionAuthentication, SucceedsWithAPasswordTypedAgain)
{
    Pair pair(ClientConfig(), ServerConfig(), 1, ClientLogin("wrong", {"wrong too", "clientPass"}));
    pair.Run();
    EXPECT_TRUE(pair.BothOpen());
    /* challenge, response, failure R=1, response, failure R=1, response, success */
    EXPECT_THAT(std::vector<std::string>(pair.history.begin() + 4, pair.history.begin() + 11),
                ElementsAre("server: CHAP Challenge",
                            "client: CHAP Response",
                            "server: CHAP Failure",
                            "client: CHAP Response",
                            "server: CHAP Failure",
                            "client: CHAP Response",
                            "server: CHAP Success"));
}

TEST(SessionAuthentication, EndsWhenTheRetriesAreUsedUp)
{
    Pair pair(
        ClientConfig(), ServerConfig(), 1, ClientLogin("wrong", {"a", "b", "c", "clientPass"}));
    pair.Run(seconds(10));
    ExpectDown(pair.client, Reason::PppAuthFailed, Phase::Authenticate);
    EXPECT_EQ(CountOf(pair.server.sent, "CHAP Failure"), 3u);
}

TEST(SessionAuthentication, AnswersARepeatedResponseToARetryWithTheSameFailure)
{
    Pair pair(ClientConfig(), ServerConfig(), 1, ClientLogin("wrong", {"clientPass"}));
    std::size_t failures = 0;
    pair.filter = [&failures](bool, Bytes& frame)
    { return NameOfFrame(frame) != "CHAP Failure" || failures++ > 0; };
    pair.Run(seconds(5));
    EXPECT_TRUE(pair.BothOpen());
    EXPECT_EQ(failures, 2u);
}

TEST(SessionAuthentication, RefusesAClosedAccountWithItsOwnCode)
{
    Config server = ServerConfig();
    server.refusedUsers = {{"alice", 649}};
    Pair pair(ClientConfig(), server);
    pair.Run(seconds(10));
    for (const Pair::End* end : {&pair.client, &pair.server})
    {
        ExpectDown(*end, Reason::PppAuthFailed, Phase::Authenticate);
        EXPECT_EQ(end->LastDown()->errorCode, 649u);
    }
}

TEST(SessionAuthentication, TellsNobodyOfAClosedAccountWithoutThePassword)
{
    Config server = ServerConfig();
    server.refusedUsers = {{"alice", 647}};
    Pair pair(ClientConfig(), server, 1, ClientLogin("wrong"));
    pair.Run(seconds(10));
    EXPECT_EQ(pair.client.LastDown()->errorCode, 691u);
}

TEST(SessionAuthentication, FailsWithAWrongPasswordInChapMd5AndPap)
{
    for (const AuthMethod method : {AuthMethod::ChapMd5, AuthMethod::Pap})
    {
        Pair pair(Methods(ClientConfig(), {method}),
                  Methods(ServerConfig(), {method}),
                  1,
                  ClientLogin("wrong"));
        pair.Run(seconds(10));
        ExpectDown(pair.client, Reason::PppAuthFailed, Phase::Authenticate);
        ExpectDown(pair.server, Reason::PppAuthFailed, Phase::Authenticate);
        EXPECT_FALSE(pair.client.LastDown()->errorCode);
    }
}

TEST(SessionAuthentication, OfAServerThatDoesNotKnowThePasswordIsRefusedByTheClient)
{
    Pair pair;
    pair.filter = [](bool, Bytes& frame)
    {
        if (NameOfFrame(frame) == "CHAP Success")
        {
            frame.back() ^= 1; // one digit of S=
        }
        return true;
    };
    pair.Run(seconds(10));
    ExpectDown(pair.client, Reason::PppAuthServer, Phase::Authenticate);
    EXPECT_EQ(pair.client.LastDown()->detail, "CHAP Success");
    ExpectDown(pair.server, Reason::PppTerminated, Phase::Network);
}

TEST(SessionAuthentication, EndsWhenTheTwoShareNoMethod)
{
    Pair pair(Methods(ClientConfig(), {AuthMethod::MsChapV2}),
              Methods(ServerConfig(), {AuthMethod::Eap, AuthMethod::Pap}));
    pair.Run(seconds(10));
    ExpectDown(pair.server, Reason::PppAuthRefused, Phase::Establish);
    ExpectDown(pair.client, Reason::PppAuthRefused, Phase::Establish);
    EXPECT_EQ(CountOf(pair.client.sent, "LCP Configure-Nak"), 2u);
    EXPECT_EQ(CountOf(pair.server.sent, "LCP Terminate-Request"), 1u);
}

TEST(SessionAuthentication, EndsWhenTheClientAllowsNoMethodAtAll)
{
    Pair pair(Methods(ClientConfig(), {}));
    pair.Run(seconds(10));
    ExpectDown(pair.server, Reason::PppAuthRefused, Phase::Establish);
    ExpectDown(pair.client, Reason::PppAuthRefused, Phase::Establish);
    EXPECT_EQ(CountOf(pair.client.sent, "LCP Configure-Reject"), 1u);
}

TEST(SessionNegotiation, EndsAtBothEndsWhenThePoolIsEmpty)
{
    Pair pair;
    pair.pool.Take();
    pair.pool.Take();
    pair.Run(seconds(10));
    ExpectDown(pair.server, Reason::PppNoAddress, Phase::Network);
    ExpectDown(pair.client, Reason::PppNoAddress, Phase::Network);
    EXPECT_EQ(CountOf(pair.server.sent, "IPCP Configure-Reject"), 1u);
    EXPECT_EQ(pair.pool.Taken(), 2u);
}

TEST(SessionNegotiation, EndsWhenTheClientMustHaveAnAddressThatItDoesNotGet)
{
    Config client = ClientConfig();
    client.address = Address("192.168.7.7");
    Pair pair(client);
    pair.Run(seconds(10));
    ExpectDown(pair.client, Reason::PppNoAddress, Phase::Network);
    EXPECT_EQ(pair.client.LastDown()->detail, "IPCP Configure-Nak");
}

TEST(SessionNegotiation, EndsWhenThePeerNaksForEver)
{
    Session client(ClientConfig(), Role::Client, "client", 1, 1, nullptr, {});
    Instant now{};
    Output output = client.Start(now);
    std::size_t requests = 0;
    while (client.CurrentPhase() == Phase::Establish)
    {
        ASSERT_THAT(NamesOf(output), ElementsAre("LCP Configure-Request"));
        ++requests;
        const auto frame = ParseFrame(output.frames[0].bytes);
        const auto request = ControlPacket::Parse(frame->information);
        OptionList other;
        other.Add16(LCP_MRU, 1000);
        const ControlPacket nak{CONFIGURE_NAK, request->id, other.Wire()};
        now += milliseconds(20);
        output = client.Receive(BuildFrame(PPP_LCP, nak.Build()), {}, now);
    }
    EXPECT_EQ(requests, 11u); // Timers::maxRefused
    output = client.LowerDown(Reason::L2tpRefused, now);
    EXPECT_EQ(NoticesOf<Down>(output.notices).at(0).reason, Reason::PppNotConverging);
}

TEST(SessionNegotiation, TurnsNaksIntoRejectsAndEndsWhenThePeerAsksForEver)
{
    Session server(ServerConfig(), Role::Server, "server", 1, 1, nullptr, {});
    Instant now{};
    server.Start(now);
    std::vector<std::string> answers;
    for (std::uint8_t id = 1; server.CurrentPhase() == Phase::Establish; ++id)
    {
        OptionList tooSmall;
        tooSmall.Add16(LCP_MRU, 10);
        const ControlPacket request{CONFIGURE_REQUEST, id, tooSmall.Wire()};
        now += milliseconds(20);
        const Output output = server.Receive(BuildFrame(PPP_LCP, request.Build()), {}, now);
        answers.push_back(NamesOf(output).at(0));
    }
    EXPECT_EQ(answers.size(), 11u);
    EXPECT_EQ(CountOf(answers, "LCP Configure-Nak"), 5u);    // Max-Failure
    EXPECT_EQ(CountOf(answers, "LCP Configure-Reject"), 6u); // Max-Reject, and the last one
    const Output output = server.LowerDown(Reason::L2tpRefused, now);
    EXPECT_EQ(NoticesOf<Down>(output.notices).at(0).reason, Reason::PppNotConverging);
}

TEST(SessionNegotiation, SeesItsOwnFramesComeBack)
{
    Session session(ClientConfig(), Role::Client, "client", 1, 1, nullptr, {});
    Instant now{};
    std::deque<Bytes> wire;
    std::vector<Notice> notices;
    const auto take = [&wire, &notices](const Output& output)
    {
        for (const Frame& frame : output.frames)
        {
            wire.push_back(frame.bytes);
        }
        notices.insert(notices.end(), output.notices.begin(), output.notices.end());
    };
    take(session.Start(now));
    for (int i = 0; i < 100 && !wire.empty(); ++i)
    {
        const Bytes frame = wire.front();
        wire.pop_front();
        now += milliseconds(20);
        take(session.Receive(frame, {}, now));
    }
    ASSERT_EQ(NoticesOf<Down>(notices).size(), 1u);
    EXPECT_EQ(NoticesOf<Down>(notices)[0].reason, Reason::PppLoopback);
    EXPECT_LT(now, Instant{} + seconds(3));
}

TEST(SessionNegotiation, SeesItsOwnMagicNumberInAnEcho)
{
    Config client = ClientConfig();
    client.echoInterval = seconds(5);
    Pair pair(client);
    pair.Run();
    const Output echo = pair.client.session.Expire(*pair.client.session.Deadline());
    ASSERT_THAT(NamesOf(echo), ElementsAre("LCP Echo-Request"));
    pair.Take(pair.client, pair.client.session.Receive(echo.frames[0].bytes, {}, pair.now));
    pair.RunUntil(pair.now + seconds(10));
    ExpectDown(pair.client, Reason::PppLoopback, Phase::Open);
}

TEST(SessionNegotiation, EndsWhenEchoRequestsStayUnanswered)
{
    Config client = ClientConfig();
    client.echoInterval = seconds(10);
    Pair pair(client);
    pair.Run();
    pair.filter = [](bool, Bytes&) { return false; };
    pair.RunUntil(Instant{} + seconds(60));
    ExpectDown(pair.client, Reason::PppEchoFailed, Phase::Open);
    EXPECT_TRUE(pair.client.LastDown()->wasUp);
    EXPECT_EQ(CountOf(pair.client.sent, "LCP Echo-Request"), 3u);
}

TEST(SessionNegotiation, EndsWhenThePeerDoesNotSpeakIpcp)
{
    Pair pair;
    pair.Run();
    const Bytes ipcp = FromHex("8021");
    const ControlPacket reject{PROTOCOL_REJECT, 1, ipcp};
    pair.Take(pair.client,
              pair.client.session.Receive(BuildFrame(PPP_LCP, reject.Build()), {}, pair.now));
    pair.RunUntil(pair.now + seconds(10));
    ExpectDown(pair.client, Reason::PppProtocolRejected, Phase::Open);
    EXPECT_EQ(pair.client.LastDown()->detail, "IPCP");
}

TEST(SessionNegotiation, EndsWhenThePeerDoesNotKnowConfigureRequests)
{
    Session client(ClientConfig(), Role::Client, "client", 1, 1, nullptr, {});
    client.Start(Instant{});
    const Bytes request = FromHex("01010004");
    const ControlPacket reject{CODE_REJECT, 1, request};
    const Output output = client.Receive(BuildFrame(PPP_LCP, reject.Build()), {}, Instant{});
    ASSERT_EQ(NoticesOf<Down>(output.notices).size(), 1u);
    EXPECT_EQ(NoticesOf<Down>(output.notices)[0].reason, Reason::PppProtocolRejected);
}

TEST(SessionNegotiation, TerminatesTwiceBeforeItGivesUpOnASilentPeer)
{
    Pair pair;
    pair.Run();
    pair.filter = [](bool, Bytes&) { return false; };
    pair.Take(pair.client, pair.client.session.Terminate(pair.now, Reason::UserHangUp));
    pair.RunUntil(pair.now + milliseconds(5999));
    EXPECT_FALSE(pair.client.LastDown());
    pair.RunUntil(pair.now + milliseconds(1));
    ExpectDown(pair.client, Reason::UserHangUp, Phase::Open);
    EXPECT_EQ(CountOf(pair.client.sent, "LCP Terminate-Request"), 2u);
}

TEST(SessionRefusal, NamesTheReasonToTheCallerAndInTheLog)
{
    struct Case
    {
        const char* frame;
        Reason reason;
        const char* subject;
    };

    const Case cases[] = {
        {"ff03", Reason::PppMalformed, "PPP frame"},
        {"ff03c021 0101", Reason::PppMalformed, "LCP frame"},
        {"ff03c021 01010006 0101", Reason::PppMalformed, "LCP Configure-Request"},
        {"ff03c021 02630004", Reason::PppUnexpectedMessage, "LCP Configure-Ack"},
        {"ff03c021 0a630008 00000000", Reason::PppNotOpen, "LCP Echo-Reply"},
        {"ff03c223 01010005 00", Reason::PppNotOpen, "CHAP Challenge"},
        {"ff038021 01010004", Reason::PppNotOpen, "IPCP Configure-Request"},
        {"ff030021 4500", Reason::PppNotOpen, "IP frame"},
        {"ff038057 01010004", Reason::PppNotOpen, "protocol 0x8057 frame"},
    };
    for (const Case& c : cases)
    {
        EventLog log;
        Session session(ClientConfig(),
                        Role::Client,
                        "client",
                        1,
                        1,
                        nullptr,
                        Tracer(log, log.AddNode("client")));
        session.Start(Instant{});
        const Output output = session.Receive(FromHex(c.frame), {5, 1}, Instant{});
        EXPECT_EQ(output.refused, c.reason) << c.frame;
        EXPECT_THAT(output.frames, IsEmpty()) << c.frame;
        const Event& event = log.Events().back();
        EXPECT_EQ(event.type, EventType::MessageRefused) << c.frame;
        EXPECT_EQ(event.reason, c.reason) << c.frame;
        EXPECT_EQ(event.subject, c.subject);
        EXPECT_EQ(event.tag.packet, 5u);
    }
}

TEST(SessionRefusal, MeetsAnswersToAnEarlierRequestAndForgedOnes)
{
    Session client(ClientConfig(), Role::Client, "client", 1, 1, nullptr, {});
    const Output start = client.Start(Instant{});
    const auto request =
        ControlPacket::Parse(ParseFrame(start.frames[0].bytes)->information).value();
    const auto refusalOf = [&client](const ControlPacket& packet)
    { return client.Receive(BuildFrame(PPP_LCP, packet.Build()), {}, Instant{}).refused; };
    // Not what was asked for.
    EXPECT_EQ(refusalOf({CONFIGURE_ACK, request.id, FromHex("01040500")}),
              Reason::PppUnexpectedMessage);
    EXPECT_EQ(refusalOf({CONFIGURE_REJECT, request.id, FromHex("0d0306")}),
              Reason::PppUnexpectedMessage);
    // Another identifier.
    EXPECT_EQ(refusalOf({CONFIGURE_ACK, static_cast<std::uint8_t>(request.id + 1), request.data}),
              Reason::PppUnexpectedMessage);
    // The right one, and the same once more.
    EXPECT_EQ(refusalOf({CONFIGURE_ACK, request.id, request.data}), Reason::None);
    EXPECT_EQ(refusalOf({CONFIGURE_ACK, request.id, request.data}), Reason::PppUnexpectedMessage);
}
