// SPDX-License-Identifier: GPL-2.0-only
#include "model/crypto/random.h"
#include "model/l2tp/compose.h"
#include "test/model/l2tp/two-hosts.h"

#include <gtest/gtest.h>

using namespace nattlab;
using namespace nattlab::l2tp;

namespace
{

/** Carry messages between one server and many clients until nobody has anything to say. */
void
Carry(Engine& server, std::vector<Engine>& clients, std::vector<Datagram> toServer)
{
    while (!toServer.empty())
    {
        std::vector<Datagram> next;
        for (const Datagram& datagram : toServer)
        {
            for (const Datagram& reply : server.Receive(datagram, Instant{}).datagrams)
            {
                Output output = clients[reply.path].Receive(reply, Instant{});
                for (Datagram& again : output.datagrams)
                {
                    next.push_back(std::move(again));
                }
            }
        }
        toServer = std::move(next);
    }
}

/** All bytes and times of a run with loss, as one text. */
std::string
Story(std::uint64_t seed)
{
    Config client;
    client.tunnelSecret = "secret";
    client.hideAvps = true;
    client.randomIds = true;
    Config server = client;
    server.listen = true;
    TwoHosts hosts(client, server);
    hosts.client.engine = Engine(client, "client", seed, {});
    RandomStream loss(seed, "wire", "loss");
    hosts.lose = [&loss](const std::string&, bool) { return loss.Below(4) == 0; };
    std::string story;
    for (int call = 0; call < 5; ++call)
    {
        hosts.Dial();
    }
    for (int i = 0; i < 300; ++i)
    {
        for (const TwoHosts::Flying& flying : hosts.flying)
        {
            story += std::to_string(flying.at.time_since_epoch().count()) +
                     ToHex(flying.datagram.payload) + "\n";
        }
        hosts.RunFor(milliseconds{200});
    }
    return story;
}

} // namespace

TEST(L2tpScale, AThousandClientsHaveTheirTunnelsOnOneServer)
{
    constexpr std::size_t COUNT = 1000;
    Config config = ServerConfig();
    config.sessionLimit = COUNT;
    Engine server(config, "server", 1, {});
    std::vector<Engine> clients;
    std::vector<Datagram> messages;
    std::vector<SessionKey> keys;
    for (std::size_t i = 0; i < COUNT; ++i)
    {
        clients.emplace_back(Config{}, "client" + std::to_string(i), 1, Tracer{});
        DialResult result = clients[i].Dial(i, 0, Instant{});
        keys.push_back(result.session);
        messages.push_back(std::move(result.output.datagrams[0]));
    }
    Carry(server, clients, std::move(messages));
    EXPECT_EQ(server.TunnelCount(), COUNT);
    EXPECT_EQ(server.SessionCount(), COUNT);

    // After 40 s of silence the server greets every one of them, in the order of its tunnels.
    ASSERT_EQ(server.Deadline(), Instant{seconds{40}});
    const Output hello = server.Expire(Instant{seconds{40}});
    ASSERT_EQ(hello.datagrams.size(), COUNT);
    EXPECT_EQ(NameOf(hello.datagrams[0]), "HELLO");

    messages.clear();
    for (std::size_t i = 0; i < COUNT; ++i)
    {
        Output output = clients[i].HangUp(keys[i], Instant{});
        for (Datagram& datagram : output.datagrams)
        {
            messages.push_back(std::move(datagram));
        }
    }
    Carry(server, clients, std::move(messages));
    EXPECT_EQ(server.TunnelCount(), 0u);
    EXPECT_EQ(server.SessionCount(), 0u);
}

TEST(L2tpScale, IdentifiersRunOutAndAreToldSo)
{
    Engine engine(Config{}, "client", 1, {});
    for (int i = 0; i < 65535; ++i)
    {
        ASSERT_NE(engine.Dial(1, 0, Instant{}).session.tunnel, 0);
    }
    const DialResult none = engine.Dial(1, 0, Instant{});
    EXPECT_EQ(none.session, SessionKey{});
    ASSERT_EQ(Only<SessionDown>(none.output.notices).size(), 1u);
    EXPECT_EQ(Only<SessionDown>(none.output.notices)[0].reason, Reason::L2tpSessionLimit);
    engine.PathLost(1, Reason::IkeDeleted, Instant{});
    EXPECT_EQ(engine.Dial(1, 0, Instant{}).session.tunnel, 1) << "the count begins again at 1";
}

TEST(L2tpScale, RandomIdentifiersAreNeverZeroAndNeverInUse)
{
    Config config;
    config.randomIds = true;
    Engine engine(config, "client", 1, {});
    std::vector<bool> seen(65536);
    for (int i = 0; i < 5000; ++i)
    {
        const std::uint16_t id = engine.Dial(1, 0, Instant{}).session.tunnel;
        ASSERT_NE(id, 0);
        ASSERT_FALSE(seen[id]);
        seen[id] = true;
    }
}

TEST(L2tpDeterminism, TheSameSeedGivesTheSameBytesAtTheSameTimes)
{
    const std::string story = Story(5);
    EXPECT_GT(story.size(), 2000u);
    EXPECT_EQ(story, Story(5));
    EXPECT_NE(story, Story(6));
}

TEST(L2tpRobustness, TruncatedFlippedAndRandomMessagesCrashNoStateOfTheEngine)
{
    // Record a whole call, then throw damaged copies at engines in every state.
    std::vector<Datagram> recorded;
    TwoHosts model;
    model.lose = [&](const std::string&, bool) { return false; };
    const SessionKey key = model.Dial();
    for (int i = 0; i < 30; ++i)
    {
        for (const TwoHosts::Flying& flying : model.flying)
        {
            recorded.push_back(flying.datagram);
        }
        model.RunFor(milliseconds{10});
        if (i == 10)
        {
            model.Take(true,
                       model.client.engine.SendFrame(key, FromHex("c0210101"), {}, model.now));
            model.Take(true, model.client.engine.HangUp(key, model.now));
        }
    }
    ASSERT_GT(recorded.size(), 10u);

    RandomStream random(3, "test", "robustness");
    std::size_t used = 0;
    for (int round = 0; round < 300; ++round)
    {
        TwoHosts hosts;
        hosts.Dial();
        hosts.RunFor(milliseconds{10 * static_cast<long>(random.Below(8))});
        for (int i = 0; i < 40; ++i)
        {
            Datagram datagram = recorded[random.Below(recorded.size())];
            Bytes& bytes = datagram.payload;
            const std::uint64_t how = random.Below(4);
            if (how == 0)
            {
                bytes.resize(random.Below(bytes.size() + 1));
            }
            else if (how == 1)
            {
                bytes = random.Take(random.Below(64));
            }
            else if (how == 2 && bytes.size() >= 12)
            {
                // Right numbers, damaged attributes.
                Store16(bytes.data() + 8, static_cast<std::uint16_t>(random.Below(6)));
                Store16(bytes.data() + 10, static_cast<std::uint16_t>(random.Below(6)));
            }
            for (std::uint64_t flips = random.Below(3); flips > 0 && !bytes.empty(); --flips)
            {
                bytes[random.Below(bytes.size())] ^=
                    static_cast<std::uint8_t>(1u << random.Below(8));
            }
            const bool toServer = random.Below(2) == 0;
            Host& host = toServer ? hosts.server : hosts.client;
            Output output = host.engine.Receive(datagram, hosts.now);
            used += output.refused == Reason::None ? 1 : 0;
            hosts.Take(!toServer, std::move(output));
            hosts.RunFor(milliseconds{static_cast<long>(random.Below(300))});
        }
        hosts.Take(true, hosts.client.engine.Stop(hosts.now));
        hosts.Take(false, hosts.server.engine.Stop(hosts.now));
        hosts.RunFor(seconds{200});
        EXPECT_EQ(hosts.client.engine.TunnelCount(), 0u);
        EXPECT_EQ(hosts.server.engine.TunnelCount(), 0u);
        EXPECT_EQ(hosts.server.engine.SessionCount(), 0u);
        EXPECT_FALSE(hosts.client.engine.Deadline());
        EXPECT_FALSE(hosts.server.engine.Deadline());
        for (const Host* host : {&hosts.client, &hosts.server})
        {
            // Whatever happened, what came up went down once, and all state is gone.
            std::size_t ended = 0;
            for (const SessionDown& down : Only<SessionDown>(host->notices))
            {
                ended += down.wasUp ? 1 : 0;
            }
            EXPECT_EQ(Only<SessionUp>(host->notices).size(), ended);
            EXPECT_EQ(Only<TunnelDown>(host->notices).size(),
                      Only<TunnelGone>(host->notices).size());
        }
    }
    EXPECT_GT(used, 500u) << "some of it must get past the first checks";
}
