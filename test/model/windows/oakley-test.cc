// SPDX-License-Identifier: GPL-2.0-only
#include "model/windows/oakley.h"

#include "model/windows/security-log.h"

#include <gtest/gtest.h>

using namespace nattlab;
using namespace nattlab::windows;

namespace
{

constexpr std::int64_t ARTICLE_DAY = 1054116930; // 2003-05-28 10:15:30 UTC

const std::vector<std::pair<Instant, Instant>> ALWAYS{{Instant{}, Instant{hours{1000}}}};

Event
At(Duration time, EventType type, Layer layer, const std::string& subject = {})
{
    Event event;
    event.time = Instant{time};
    event.type = type;
    event.layer = layer;
    event.subject = subject;
    event.tag.connection = 26;
    return event;
}

/** What a client records that finds a NAT and is refused in the end. */
struct Recorded
{
    Recorded()
        : host(log.AddNode("client")),
          other(log.AddNode("server"))
    {
        Tracer pen{log, host};
        pen.Record(At(seconds{1}, EventType::MessageSent, Layer::Ike, "MM1"));
        pen.Record(At(seconds{2}, EventType::MessageReceived, Layer::Ike, "MM2"));
        Tracer{log, other}.Record(At(seconds{2}, EventType::MessageSent, Layer::Ike, "MM2"));
        pen.Record(At(milliseconds{2500}, EventType::MessageSent, Layer::L2tp, "SCCRQ"));
        Event nat = At(seconds{3}, EventType::NatDetected, Layer::Ike, "local");
        nat.detail = "NAT-T draft-02\\n";
        pen.Record(nat);
        Event sa = At(seconds{4}, EventType::SaEstablished, Layer::Ike, "draft-02n");
        sa.value = 14;
        sa.detail = "3DES, SHA1, MODP-2048";
        pen.Record(sa);
        Event esp = At(seconds{5}, EventType::SaEstablished, Layer::Esp, "udp");
        esp.value = 0x1234;
        pen.Record(esp);
        Event gone = At(seconds{6}, EventType::SaDeleted, Layer::Esp);
        gone.value = 0x1234;
        gone.reason = Reason::IkeDeleted;
        pen.Record(gone);
        pen.Record(At(seconds{7}, EventType::SaDeleted, Layer::Ike));
        Event refused = At(seconds{8}, EventType::MessageRefused, Layer::Ike, "QM2");
        refused.reason = Reason::IkeNoProposalChosen;
        pen.Record(refused);
        Event failed = At(seconds{8}, EventType::ConnectionFailed, Layer::Ike);
        failed.reason = Reason::IkeNoProposalChosen;
        pen.Record(failed);
        Event timeout = At(seconds{9}, EventType::ConnectionFailed, Layer::Ike);
        timeout.reason = Reason::IkeTimeout;
        pen.Record(timeout);
    }

    EventLog log;
    NodeId host;
    NodeId other;
};

} // namespace

TEST(Oakley, WritesTheTimeOfTheCalendar)
{
    EXPECT_EQ(OakleyTime(Instant{}, ARTICLE_DAY), "5-28: 10:15:30:000");
    EXPECT_EQ(OakleyTime(Instant{milliseconds{1234}}, ARTICLE_DAY), "5-28: 10:15:31:234");
    EXPECT_EQ(OakleyTime(Instant{}, 0), "1-01: 00:00:00:000");
    EXPECT_EQ(OakleyTime(Instant{}, 951782400), "2-29: 00:00:00:000"); // 2000, a leap year
    EXPECT_EQ(OakleyTime(Instant{hours{24}}, 951782400), "3-01: 00:00:00:000");
    EXPECT_EQ(OakleyTime(Instant{}, 1072915199), "12-31: 23:59:59:000");
    EXPECT_EQ(OakleyTime(Instant{}, -1), "12-31: 23:59:59:000");
}

TEST(Oakley, WritesTheEventsOfIkeOfItsHost)
{
    const Recorded run;
    EXPECT_EQ(
        OakleyLog(run.log, run.host, ALWAYS, ARTICLE_DAY),
        "5-28: 10:15:31:000:1a Sending MM1 (Main Mode)\n"
        "5-28: 10:15:32:000:1a Received MM2 (Main Mode)\n"
        "5-28: 10:15:33:000:1a NAT detected in front of this host [NAT-T draft-02\\n]\n"
        "5-28: 10:15:34:000:1a Main Mode SA established [3DES, SHA1, MODP-2048]\n"
        "5-28: 10:15:35:000:1a Quick Mode SA established, inbound SPI 00001234\n"
        "5-28: 10:15:36:000:1a Quick Mode SA deleted, inbound SPI 00001234: The peer deleted the "
        "security association. (ERROR_IPSEC_IKE_SA_DELETED, 13807, 0x35ef)\n"
        "5-28: 10:15:37:000:1a Main Mode SA deleted\n"
        "5-28: 10:15:38:000:1a Refused QM2 (Quick Mode): No phase-1 or phase-2 proposal is "
        "acceptable to both. (ERROR_IPSEC_IKE_ATTRIB_FAIL, 13802, 0x35ea)\n"
        "5-28: 10:15:38:000:1a Negotiation failed: No phase-1 or phase-2 proposal is acceptable "
        "to both. (ERROR_IPSEC_IKE_ATTRIB_FAIL, 13802, 0x35ea)\n"
        "5-28: 10:15:39:000:1a Negotiation failed: A message was sent as often as the schedule "
        "allows, and no answer came. (ERROR_IPSEC_IKE_TIMED_OUT, 13805, 0x35ed)\n");
}

TEST(Oakley, IsSilentWhileLoggingIsOff)
{
    const Recorded run;
    EXPECT_EQ(OakleyLog(run.log, run.host, {}, ARTICLE_DAY), "");
    const std::vector<std::pair<Instant, Instant>> twice{
        {Instant{seconds{1}}, Instant{milliseconds{1500}}},
        {Instant{seconds{7}}, Instant{seconds{7}}}};
    EXPECT_EQ(OakleyLog(run.log, run.host, twice, ARTICLE_DAY),
              "5-28: 10:15:31:000:1a Sending MM1 (Main Mode)\n"
              "5-28: 10:15:37:000:1a Main Mode SA deleted\n");
}

TEST(SecurityLog, AuditsSuccessAndFailureOnce)
{
    const Recorded run;
    std::vector<std::uint32_t> ids;
    for (const SecurityLogEntry& entry : SecurityLog(run.log, run.host))
    {
        ids.push_back(entry.id);
        EXPECT_EQ(entry.success, entry.id < 544) << entry.text;
        EXPECT_FALSE(entry.text.empty());
    }
    EXPECT_EQ(ids, (std::vector<std::uint32_t>{541, 541, 542, 543, 546, 547}));
    EXPECT_TRUE(SecurityLog(run.log, run.other).empty());
}

TEST(SecurityLog, TellsWhoWasNotBelieved)
{
    struct Row
    {
        Reason reason;
        std::uint32_t id;
    };

    for (const Row& row : {Row{Reason::IkePeerNotify, 544},
                           Row{Reason::IkeNoCertificate, 544},
                           Row{Reason::IkeAuthentication, 545},
                           Row{Reason::IkeCertificateExpired, 545},
                           Row{Reason::IkeNoProposalChosen, 546},
                           Row{Reason::IkeResponderBehindNat, 547}})
    {
        EventLog log;
        Event event = At(seconds{1}, EventType::ConnectionFailed, Layer::Ike);
        event.reason = row.reason;
        const NodeId host = log.AddNode("client");
        Tracer{log, host}.Record(event);
        const auto entries = SecurityLog(log, host);
        ASSERT_EQ(entries.size(), 1u) << IdOf(row.reason);
        EXPECT_EQ(entries[0].id, row.id) << IdOf(row.reason);
    }
}
