// SPDX-License-Identifier: GPL-2.0-only
// Frames that no honest peer sends. The sanitizers watch these tests.
#include "model/crypto/random.h"
#include "pair.h"

#include <gtest/gtest.h>

using namespace nattlab;
using namespace nattlab::ppp;

namespace
{

Config Chatty(Config config, AuthMethod method)
{
    config.authMethods = {AuthMethod::Eap, method};
    config.callback = 6;
    config.mrru = 1614;
    config.endpointDiscriminator = Bytes(21, 1);
    config.linkDiscriminator = 1;
    config.identifications = {"MSRASV5.10"};
    config.ccp = CcpMode::Offer;
    config.echoInterval = seconds(7);
    return config;
}

/** \return the login of a user who types the right password in when asked again. */
Login ForgetfulLogin()
{
    return ClientLogin("wrong", {"clientPass"});
}

/** Flip bits, cut, lengthen or replace a frame. */
void Damage(RandomStream& random, Bytes& frame)
{
    switch (random.Below(5))
    {
    case 0:
        frame.resize(random.Below(frame.size() + 1));
        break;
    case 1:
        Append(frame, random.Take(random.Below(40)));
        break;
    case 2:
        frame = random.Take(random.Below(60));
        break;
    default:
        for (std::uint64_t flips = random.Below(4) + 1; flips > 0 && !frame.empty(); --flips)
        {
            frame[random.Below(frame.size())] ^= static_cast<std::uint8_t>(1u << random.Below(8));
        }
        break;
    }
}

} // namespace

TEST(Robustness, DamagedFramesNeitherCrashNorHangTheNegotiation)
{
    RandomStream random(1, "test", "ppp.damage");
    const AuthMethod methods[] = {AuthMethod::MsChapV2, AuthMethod::ChapMd5, AuthMethod::Pap};
    std::size_t opened = 0;
    std::size_t ended = 0;
    for (std::uint64_t run = 0; run < 300; ++run)
    {
        const AuthMethod method = methods[run % 3];
        Pair pair(
            Chatty(ClientConfig(), method), Chatty(ServerConfig(), method), run, ForgetfulLogin());
        pair.filter = [&random](bool, Bytes& frame)
        {
            if (random.Below(6) == 0)
            {
                Damage(random, frame);
            }
            return random.Below(20) != 0;
        };
        pair.Run(seconds(400));
        opened += pair.client.LastUp().has_value();
        ended += pair.client.LastDown().has_value();
        EXPECT_LT(pair.history.size(), 5000u);
        // Whatever happened: an end is open and lives, or it is over and has said so once.
        for (const Pair::End* end : {&pair.client, &pair.server})
        {
            const std::size_t downs = NoticesOf<Down>(end->notices).size();
            EXPECT_EQ(downs, end->session.CurrentPhase() == Phase::Dead ? 1u : 0u);
            EXPECT_EQ(end->session.Deadline().has_value(), downs == 0);
        }
    }
    EXPECT_GT(opened, 50u);
    EXPECT_GT(ended, 50u);
}

TEST(Robustness, EveryPrefixOfEveryMessageIsSafeInEveryPhase)
{
    std::vector<Bytes> frames;
    {
        Pair pair(Chatty(ClientConfig(), AuthMethod::MsChapV2),
                  Chatty(ServerConfig(), AuthMethod::MsChapV2),
                  1,
                  ForgetfulLogin());
        pair.filter = [&frames](bool, Bytes& frame)
        {
            frames.push_back(frame);
            return true;
        };
        pair.Run(seconds(10));
    }
    ASSERT_GT(frames.size(), 20u);
    for (const Role role : {Role::Client, Role::Server})
    {
        for (const Bytes& frame : frames)
        {
            Pair pair;
            pair.Run();
            Session fresh(ServerConfig(), role, "x", 1, 1, &pair.pool, {});
            fresh.Start(Instant{});
            for (std::size_t size = 0; size < frame.size(); ++size)
            {
                Session& open = role == Role::Client ? pair.client.session : pair.server.session;
                open.Receive(ByteView(frame).Sub(0, size), {}, pair.now);
                fresh.Receive(ByteView(frame).Sub(0, size), {}, Instant{});
            }
        }
    }
}

TEST(Robustness, RandomControlPacketsAreSafeInEveryPhase)
{
    RandomStream random(1, "test", "ppp.random");
    const std::uint16_t protocols[] = {PPP_LCP, PPP_IPCP, PPP_CCP, PPP_CHAP, PPP_PAP, PPP_EAP};
    const Duration starts[] = {milliseconds(1), milliseconds(25), milliseconds(55), seconds(1)};
    std::size_t refused = 0;
    for (int run = 0; run < 400; ++run)
    {
        Pair pair(Chatty(ClientConfig(), AuthMethod::MsChapV2),
                  Chatty(ServerConfig(), AuthMethod::MsChapV2),
                  1,
                  ForgetfulLogin());
        pair.Run(starts[run % 4]);
        for (int i = 0; i < 40; ++i)
        {
            ControlPacket packet;
            packet.code = static_cast<std::uint8_t>(random.Below(16));
            packet.id = static_cast<std::uint8_t>(random.Below(8));
            OptionList options;
            while (random.Below(4) != 0)
            {
                const auto type = static_cast<std::uint8_t>(random.Below(24));
                options.Add(type, random.Take(random.Below(8)));
            }
            packet.data = options.Wire();
            const Bytes frame = BuildFrame(protocols[random.Below(6)], packet.Build());
            Pair::End& end = random.Below(2) == 0 ? pair.client : pair.server;
            const Output output = end.session.Receive(frame, {}, pair.now);
            refused += output.refused != Reason::None;
        }
    }
    EXPECT_GT(refused, 1000u);
}

TEST(Robustness, TheLargestPacketsAreAnsweredWithinThePeersMru)
{
    Pair pair;
    pair.Run();
    const Bytes most(65531);
    for (const std::uint16_t protocol : {PPP_LCP, PPP_IPCP})
    {
        const ControlPacket unknown{200, 1, most};
        const Output output =
            pair.server.session.Receive(BuildFrame(protocol, unknown.Build()), {}, pair.now);
        ASSERT_EQ(output.frames.size(), 1u);
        const auto frame = ParseFrame(output.frames[0].bytes);
        EXPECT_EQ(frame->information.size(), 1400u);
        EXPECT_TRUE(ControlPacket::Parse(frame->information));
    }
    const Bytes foreign = BuildFrame(0x8057, Bytes(65000));
    const Output output = pair.server.session.Receive(foreign, {}, pair.now);
    EXPECT_EQ(ParseFrame(output.frames[0].bytes)->information.size(), 1400u);
}
