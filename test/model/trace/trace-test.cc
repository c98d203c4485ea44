// SPDX-License-Identifier: GPL-2.0-only
#include "model/packet/timer-queue.h"
#include "model/trace/event-log.h"
#include "model/trace/reason.h"

#include <gtest/gtest.h>
#include <set>

using namespace nattlab;

TEST(Reason, IdsAreUniqueAndFoundAgain)
{
    std::set<std::string_view> ids;
    for (const ReasonInfo& row : AllReasons())
    {
        EXPECT_TRUE(ids.insert(row.id).second) << row.id;
        EXPECT_EQ(ReasonFromId(row.id), row.reason);
        EXPECT_EQ(IdOf(row.reason), row.id);
        EXPECT_FALSE(row.meaning.empty()) << row.id;
    }
    EXPECT_EQ(IdOf(Reason::None), "none");
    EXPECT_FALSE(ReasonFromId("no.such-reason"));
}

TEST(EventLog, FindsPacketsThatEndNeverOrTwice)
{
    EventLog log;
    const Tracer box(log, log.AddNode("box"));
    const Packet lost{box.NewPacket(1), Bytes(20)};
    const Packet twice{box.NewPacket(1), Bytes(20)};
    const Packet good{box.NewPacket(1), Bytes(20)};
    box.Delivered(good, Instant{});
    box.Delivered(twice, Instant{});
    box.Dropped(twice, Instant{}, Layer::Ip, Reason::IpNoRoute);
    const auto leaks = log.Leaks();
    ASSERT_EQ(leaks.size(), 2u);
    EXPECT_EQ(leaks[0].packet, lost.tag.packet);
    EXPECT_EQ(leaks[0].ends, 0u);
    EXPECT_EQ(leaks[1].packet, twice.tag.packet);
    EXPECT_EQ(leaks[1].ends, 2u);
    EXPECT_EQ(log.Counts().made, 3u);
    EXPECT_EQ(log.Counts().delivered, 2u);
    EXPECT_EQ(log.Counts().dropped, 1u);
}

TEST(EventLog, VerdictLevelKeepsEssentialEventsOnly)
{
    EventLog log(TraceLevel::Verdict);
    const Tracer box(log, log.AddNode("box"));
    const Packet a{box.NewPacket(1), Bytes(20)};
    const Packet b{box.NewPacket(1), Bytes(20)};
    box.Delivered(a, Instant{});
    box.Dropped(b, Instant{}, Layer::Nat, Reason::NatFiltered, "mapping");
    ASSERT_EQ(log.Events().size(), 1u);
    EXPECT_EQ(log.Events()[0].reason, Reason::NatFiltered);
    EXPECT_EQ(log.Events()[0].subject, "mapping");
    EXPECT_EQ(log.NodeName(log.Events()[0].node), "box");
    EXPECT_TRUE(log.Leaks().empty());
}

TEST(TimerQueue, GivesKeysInOrderOfTimeThenKey)
{
    TimerQueue<int> timers;
    timers.Set(3, Instant{seconds{2}});
    timers.Set(1, Instant{seconds{2}});
    timers.Set(2, Instant{seconds{1}});
    timers.Set(4, Instant{seconds{1}});
    timers.Cancel(4);
    timers.Set(2, Instant{seconds{5}});
    EXPECT_EQ(timers.Next(), Instant{seconds{2}});
    EXPECT_FALSE(timers.PopDue(Instant{seconds{1}}));
    EXPECT_EQ(timers.PopDue(Instant{seconds{9}}), 1);
    EXPECT_EQ(timers.PopDue(Instant{seconds{9}}), 3);
    EXPECT_EQ(timers.PopDue(Instant{seconds{9}}), 2);
    EXPECT_FALSE(timers.PopDue(Instant{seconds{9}}));
    EXPECT_FALSE(timers.Next());
}
