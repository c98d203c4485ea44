// SPDX-License-Identifier: GPL-2.0-only
#include "model/l2tp/control-channel.h"

#include <gtest/gtest.h>

using namespace nattlab;
using namespace nattlab::l2tp;

namespace
{

Instant
At(long milli)
{
    return Instant{milliseconds{milli}};
}

void
Fill(ControlChannel& channel, int count)
{
    for (int i = 0; i < count; ++i)
    {
        channel.Enqueue({});
    }
}

/** \return how many messages may go out now. */
int
Drain(ControlChannel& channel, Instant now)
{
    int count = 0;
    while (channel.Next(now))
    {
        ++count;
    }
    return count;
}

ControlChannel::Arrival
Arrive(ControlChannel& channel, std::uint16_t ns)
{
    return channel.Arrive(ns, 0, FromHex("8008 0000 0000 0006"), {});
}

} // namespace

TEST(L2tpWindow, SlowStartDoublesWithEachRoundTripUpToThePeersWindow)
{
    ControlChannel channel{Config{}};
    channel.SetPeerWindow(6);
    Fill(channel, 40);
    std::uint16_t acknowledged = 0;
    std::vector<int> rounds;
    for (int round = 0; round < 5; ++round)
    {
        const int sent = Drain(channel, At(round));
        rounds.push_back(sent);
        for (int i = 0; i < sent; ++i)
        {
            channel.Acknowledge(++acknowledged, At(round));
        }
    }
    EXPECT_EQ(rounds, (std::vector<int>{1, 2, 4, 6, 6}));
}

TEST(L2tpWindow, WithoutAWindowFromThePeerFourMessagesAreTheMost)
{
    Config config;
    config.congestionControl = false;
    ControlChannel channel{config};
    Fill(channel, 10);
    EXPECT_EQ(Drain(channel, At(0)), 4);
    channel.Acknowledge(1, At(1));
    EXPECT_EQ(Drain(channel, At(1)), 1) << "one place is free";
    channel.Acknowledge(5, At(2));
    EXPECT_EQ(Drain(channel, At(2)), 4);
}

TEST(L2tpWindow, ATimeoutHalvesTheThresholdAndStartsAgainWithOne)
{
    ControlChannel channel{Config{}};
    channel.SetPeerWindow(8);
    Fill(channel, 60);
    std::uint16_t acknowledged = 0;
    for (int round = 0; round < 4; ++round) // window 1, 2, 4, 8
    {
        for (int i = Drain(channel, At(0)); i > 0; --i)
        {
            channel.Acknowledge(++acknowledged, At(0));
        }
    }
    ASSERT_EQ(channel.CongestionWindow(), 8u);
    ASSERT_EQ(Drain(channel, At(0)), 8);
    ASSERT_EQ(channel.Expire(At(1000)), ControlChannel::Timeout::Resend);
    EXPECT_EQ(channel.CongestionWindow(), 1u);
    EXPECT_EQ(Drain(channel, At(1000)), 1);
    // Appendix A: slow start to half of 8, then one more with each full window of answers.
    std::vector<unsigned> windows;
    for (int answers = 0; answers < 12; ++answers)
    {
        channel.Acknowledge(++acknowledged, At(1100));
        Drain(channel, At(1100));
        windows.push_back(channel.CongestionWindow());
    }
    EXPECT_EQ(windows, (std::vector<unsigned>{2, 3, 4, 4, 4, 4, 5, 5, 5, 5, 5, 6}));
}

TEST(L2tpRetransmission, WaitsOneTwoFourEightEightAndEightSeconds)
{
    ControlChannel channel{Config{}};
    Fill(channel, 1);
    ASSERT_EQ(Drain(channel, At(0)), 1);
    long at = 0;
    for (const long wait : {1000, 2000, 4000, 8000, 8000})
    {
        at += wait;
        ASSERT_EQ(channel.Deadline(), At(at));
        EXPECT_EQ(channel.Expire(At(at - 1)), ControlChannel::Timeout::None);
        ASSERT_EQ(channel.Expire(At(at)), ControlChannel::Timeout::Resend);
        ASSERT_EQ(Drain(channel, At(at)), 1);
    }
    ASSERT_EQ(channel.Deadline(), At(31000)) << "RFC 2661 5.7: a full cycle is 31 s";
    EXPECT_EQ(channel.Expire(At(31000)), ControlChannel::Timeout::GiveUp);
    EXPECT_EQ(channel.Oldest()->sent, 6u);
}

TEST(L2tpRetransmission, ScheduleAndCountAreThoseOfTheConfiguration)
{
    Config config;
    config.retransmitInitial = milliseconds{500};
    config.retransmitCap = milliseconds{1500};
    config.retransmissions = 3;
    ControlChannel channel{config};
    Fill(channel, 1);
    Drain(channel, At(0));
    for (const long at : {500, 1500, 3000})
    {
        ASSERT_EQ(channel.Deadline(), At(at));
        channel.Expire(At(at));
        Drain(channel, At(at));
    }
    EXPECT_EQ(channel.Expire(At(4500)), ControlChannel::Timeout::GiveUp);
}

TEST(L2tpRetransmission, TheNextMessageBeginsAgainWithTheInitialWait)
{
    ControlChannel channel{Config{}};
    Fill(channel, 2);
    Drain(channel, At(0));
    channel.Expire(At(1000));
    Drain(channel, At(1000));
    channel.Acknowledge(1, At(1500));
    EXPECT_FALSE(channel.Deadline()) << "nothing is out";
    EXPECT_EQ(Drain(channel, At(1500)), 1);
    EXPECT_EQ(channel.Deadline(), At(2500));
    channel.Acknowledge(2, At(1600));
    EXPECT_FALSE(channel.Deadline());
    EXPECT_EQ(channel.Oldest(), nullptr);
}

TEST(L2tpRetransmission, WhatThePeerHadKeptIsNotSentAgain)
{
    Config config;
    config.congestionControl = false;
    ControlChannel channel{config};
    Fill(channel, 3);
    ASSERT_EQ(Drain(channel, At(0)), 3);
    channel.Expire(At(1000));
    const Outgoing* first = channel.Next(At(1000));
    ASSERT_TRUE(first);
    EXPECT_EQ(first->ns, 0);
    channel.Acknowledge(3, At(1020)); // the peer had 1 and 2 already
    EXPECT_EQ(channel.Next(At(1020)), nullptr);
    EXPECT_EQ(channel.Oldest(), nullptr);
    EXPECT_EQ(channel.Ns(), 3);
}

TEST(L2tpAcknowledgement, NumbersThatWereNeverSentAreIgnored)
{
    ControlChannel channel{Config{}};
    Fill(channel, 2);
    ASSERT_EQ(Drain(channel, At(0)), 1);
    channel.Acknowledge(2, At(1)); // not sent yet
    channel.Acknowledge(40000, At(1));
    channel.Acknowledge(0, At(1));
    ASSERT_TRUE(channel.Oldest());
    EXPECT_EQ(channel.Oldest()->ns, 0);
    channel.Acknowledge(1, At(2));
    EXPECT_EQ(channel.Next(At(2))->ns, 1);
}

TEST(L2tpAcknowledgement, NumbersWrapAround)
{
    ControlChannel channel{Config{}};
    for (unsigned i = 0; i < 70000; ++i)
    {
        Fill(channel, 1);
        const Outgoing* message = channel.Next(At(0));
        ASSERT_TRUE(message);
        ASSERT_EQ(message->ns, static_cast<std::uint16_t>(i));
        channel.Acknowledge(static_cast<std::uint16_t>(i + 1), At(0));
        ASSERT_EQ(Arrive(channel, static_cast<std::uint16_t>(i)), ControlChannel::Arrival::InOrder);
    }
    EXPECT_EQ(channel.Nr(), static_cast<std::uint16_t>(70000));
}

TEST(L2tpReception, TheLastNumberAnd32767BeforeItAreOld)
{
    ControlChannel channel{Config{}};
    for (std::uint16_t ns = 0; ns <= 15; ++ns)
    {
        ASSERT_EQ(Arrive(channel, ns), ControlChannel::Arrival::InOrder);
    }
    // RFC 2661 5.8: after 15, these are old: 0 to 15, and 32784 to 65535.
    EXPECT_EQ(Arrive(channel, 15), ControlChannel::Arrival::Duplicate);
    EXPECT_EQ(Arrive(channel, 0), ControlChannel::Arrival::Duplicate);
    EXPECT_EQ(Arrive(channel, 32784), ControlChannel::Arrival::Duplicate);
    EXPECT_EQ(Arrive(channel, 65535), ControlChannel::Arrival::Duplicate);
    EXPECT_EQ(Arrive(channel, 32783), ControlChannel::Arrival::TooFar);
}

TEST(L2tpReception, EarlyMessagesWaitAndComeOutInOrder)
{
    ControlChannel channel{Config{}};
    EXPECT_EQ(Arrive(channel, 2), ControlChannel::Arrival::Early);
    EXPECT_EQ(Arrive(channel, 1), ControlChannel::Arrival::Early);
    EXPECT_EQ(Arrive(channel, 2), ControlChannel::Arrival::Duplicate);
    EXPECT_FALSE(channel.TakeEarly());
    EXPECT_EQ(channel.Nr(), 0);
    EXPECT_EQ(Arrive(channel, 0), ControlChannel::Arrival::InOrder);
    EXPECT_TRUE(channel.TakeEarly());
    EXPECT_TRUE(channel.TakeEarly());
    EXPECT_FALSE(channel.TakeEarly());
    EXPECT_EQ(channel.Nr(), 3);
}

TEST(L2tpReception, NothingBeyondTheOwnWindowOrTheOutOfOrderLimitIsKept)
{
    Config config;
    config.receiveWindow = 8;
    ControlChannel windowed{config};
    EXPECT_EQ(Arrive(windowed, 7), ControlChannel::Arrival::Early);
    EXPECT_EQ(Arrive(windowed, 8), ControlChannel::Arrival::TooFar);
    config.maxOutOfOrder = 2;
    ControlChannel limited{config};
    EXPECT_EQ(Arrive(limited, 2), ControlChannel::Arrival::Early);
    EXPECT_EQ(Arrive(limited, 3), ControlChannel::Arrival::TooFar);
    config.receiveWindow = 0; // not announced: the peer assumes 4
    config.maxOutOfOrder = 100;
    ControlChannel silent{config};
    EXPECT_EQ(Arrive(silent, 3), ControlChannel::Arrival::Early);
    EXPECT_EQ(Arrive(silent, 4), ControlChannel::Arrival::TooFar);
}
