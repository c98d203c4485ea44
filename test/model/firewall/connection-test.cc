// SPDX-License-Identifier: GPL-2.0-only
#include "model/firewall/connection-table.h"
#include "model/packet/fragment.h"
#include "test/model/firewall/make-packet.h"

#include <gtest/gtest.h>
#include <ostream>

namespace nattlab
{

void
PrintTo(ConnectionState state, std::ostream* out)
{
    constexpr const char* names[] = {"New", "Established", "Related", "Invalid"};
    *out << names[static_cast<int>(state)];
}

} // namespace nattlab

using namespace nattlab;

namespace
{

constexpr const char* A = "10.0.0.1";
constexpr const char* B = "192.0.2.1";
constexpr auto NEW = ConnectionState::New;
constexpr auto ESTABLISHED = ConnectionState::Established;
constexpr auto RELATED = ConnectionState::Related;
constexpr auto INVALID = ConnectionState::Invalid;

/** A table that accepts everything. */
class Table
{
  public:
    explicit Table(FirewallTimeouts timeouts = {}, std::size_t most = 100, bool pickup = false)
        : m_table(timeouts, most, pickup)
    {
    }

    ConnectionState See(const Bytes& packet, Duration at = {})
    {
        m_last = m_table.Classify(FirewallPacket::Read(packet), Instant{at});
        m_room = m_table.Commit(m_last, Instant{at});
        return m_last.state;
    }

    bool Expired() const
    {
        return m_last.expired;
    }

    bool Room() const
    {
        return m_room;
    }

    ConnectionTable& Get()
    {
        return m_table;
    }

  private:
    ConnectionTable m_table;
    TrackedPacket m_last;
    bool m_room{true};
};

Bytes
Out(int flags)
{
    return TcpPacket(A, 1025, B, 80, flags);
}

Bytes
Back(int flags)
{
    return TcpPacket(B, 80, A, 1025, flags);
}

constexpr int SYN = TcpHeader::SYN;
constexpr int ACK = TcpHeader::ACK;
constexpr int FIN = TcpHeader::FIN;
constexpr int RST = TcpHeader::RST;

/** SYN, SYN+ACK, ACK. */
void
Handshake(Table& table, Duration at = {})
{
    EXPECT_EQ(table.See(Out(SYN), at), NEW);
    EXPECT_EQ(table.See(Back(SYN | ACK), at), ESTABLISHED);
    EXPECT_EQ(table.See(Out(ACK), at), ESTABLISHED);
}

} // namespace

TEST(ConnectionTable, UdpIsNewUntilAnswered)
{
    Table table;
    EXPECT_EQ(table.See(UdpPacket(A, 500, B, 500)), NEW);
    EXPECT_EQ(table.See(UdpPacket(A, 500, B, 500)), NEW);
    EXPECT_EQ(table.See(UdpPacket(B, 500, A, 500)), ESTABLISHED);
    EXPECT_EQ(table.See(UdpPacket(A, 500, B, 500)), ESTABLISHED);
    EXPECT_EQ(table.Get().Size(), 1u);
}

TEST(ConnectionTable, OtherPortsAreAnotherConnection)
{
    Table table;
    table.See(UdpPacket(A, 500, B, 500));
    EXPECT_EQ(table.See(UdpPacket(B, 501, A, 500)), NEW);
    EXPECT_EQ(table.See(UdpPacket(B, 500, A, 501)), NEW);
    EXPECT_EQ(table.See(TcpPacket(B, 500, A, 500, SYN)), NEW);
    EXPECT_EQ(table.Get().Size(), 4u);
}

TEST(ConnectionTable, ProtocolsWithoutPortsAreTrackedByAddress)
{
    Table table;
    const Bytes spi1 = FromHex("00000001 00000001");
    const Bytes spi2 = FromHex("00000002 00000001");
    EXPECT_EQ(table.See(IpPacket(A, B, IP_ESP, spi1)), NEW);
    EXPECT_EQ(table.See(IpPacket(B, A, IP_ESP, spi2)), ESTABLISHED);
    EXPECT_EQ(table.See(IpPacket(B, A, IP_AH, spi2)), NEW);
}

TEST(ConnectionTable, WhatIsNotAcceptedLeavesNoTrace)
{
    ConnectionTable table({}, 100, false);
    const FirewallPacket out = FirewallPacket::Read(UdpPacket(A, 500, B, 500));
    table.Classify(out, {});
    EXPECT_EQ(table.Size(), 0u);
    EXPECT_EQ(table.Classify(FirewallPacket::Read(UdpPacket(B, 500, A, 500)), {}).state, NEW);
}

TEST(ConnectionTable, TcpHandshakeEstablishes)
{
    Table table;
    Handshake(table);
    EXPECT_EQ(table.See(Back(ACK)), ESTABLISHED);
}

TEST(ConnectionTable, ASynSentAgainIsStillNew)
{
    Table table;
    EXPECT_EQ(table.See(Out(SYN)), NEW);
    EXPECT_EQ(table.See(Out(SYN)), NEW);
    EXPECT_EQ(table.See(Back(ACK)), INVALID); // no answer to a SYN
    EXPECT_EQ(table.See(Back(SYN | ACK)), ESTABLISHED);
}

TEST(ConnectionTable, TcpWithoutSynIsInvalid)
{
    for (const int flags : {ACK, ACK | FIN, RST, SYN | ACK, SYN | FIN, 0})
    {
        Table table;
        EXPECT_EQ(table.See(Out(flags)), INVALID) << flags;
        EXPECT_EQ(table.Get().Size(), 0u);
    }
}

TEST(ConnectionTable, TcpInTheMiddleIsPickedUpWhenConfigured)
{
    Table table({}, 100, true);
    EXPECT_EQ(table.See(Out(ACK)), NEW);
    EXPECT_EQ(table.See(Back(ACK)), ESTABLISHED);
    EXPECT_EQ(table.See(TcpPacket(A, 1, B, 80, RST)), INVALID);
    EXPECT_EQ(table.See(TcpPacket(A, 1, B, 80, SYN | ACK)), INVALID);
    // Picked up means established: the long time-out holds.
    EXPECT_EQ(table.See(Back(ACK), hours(24)), ESTABLISHED);
}

TEST(ConnectionTable, SynWithFinOrRstIsInvalidWithinAConnection)
{
    Table table;
    Handshake(table);
    EXPECT_EQ(table.See(Out(SYN | FIN)), INVALID);
    EXPECT_EQ(table.See(Out(SYN | RST)), INVALID);
}

TEST(ConnectionTable, TcpStatesHaveTheirOwnTimeouts)
{
    FirewallTimeouts timeouts;
    timeouts.tcpTransitory = seconds(100);
    timeouts.tcpEstablished = seconds(1000);
    timeouts.tcpClosed = seconds(10);
    {
        Table halfOpen(timeouts);
        halfOpen.See(Out(SYN));
        EXPECT_EQ(halfOpen.See(Back(SYN | ACK), seconds(99)), ESTABLISHED);
        EXPECT_EQ(halfOpen.See(Out(ACK), seconds(199)), INVALID);
        EXPECT_TRUE(halfOpen.Expired());
    }
    {
        Table open(timeouts);
        Handshake(open);
        EXPECT_EQ(open.See(Back(ACK), seconds(999)), ESTABLISHED);
        EXPECT_EQ(open.See(Back(ACK), seconds(1999)), INVALID);
        EXPECT_TRUE(open.Expired());
    }
    {
        Table oneFin(timeouts);
        Handshake(oneFin);
        EXPECT_EQ(oneFin.See(Out(FIN | ACK)), ESTABLISHED);
        EXPECT_EQ(oneFin.See(Back(ACK), seconds(99)), ESTABLISHED);
        EXPECT_EQ(oneFin.See(Back(ACK), seconds(199)), INVALID);
        EXPECT_TRUE(oneFin.Expired());
    }
    {
        Table bothFin(timeouts);
        Handshake(bothFin);
        bothFin.See(Out(FIN | ACK));
        bothFin.See(Back(FIN | ACK));
        EXPECT_EQ(bothFin.See(Out(ACK), seconds(99)), ESTABLISHED);
        EXPECT_EQ(bothFin.See(Out(ACK), seconds(199)), INVALID);
        EXPECT_FALSE(bothFin.Expired()); // it ended in order
    }
    {
        Table reset(timeouts);
        Handshake(reset);
        EXPECT_EQ(reset.See(Back(RST)), ESTABLISHED);
        EXPECT_EQ(reset.See(Out(ACK), seconds(9)), ESTABLISHED);
        EXPECT_EQ(reset.See(Out(ACK), seconds(19)), INVALID);
        EXPECT_FALSE(reset.Expired());
    }
}

TEST(ConnectionTable, AClosedTcpConnectionCanBeOpenedAgain)
{
    Table table;
    Handshake(table);
    table.See(Back(RST));
    Handshake(table);
    table.See(Out(FIN | ACK));
    table.See(Back(FIN | ACK));
    // From the other end, too.
    EXPECT_EQ(table.See(Back(SYN)), NEW);
    EXPECT_EQ(table.See(Out(SYN | ACK)), ESTABLISHED);
    EXPECT_EQ(table.Get().Size(), 1u);
}

TEST(ConnectionTable, EchoIsTrackedByIdentifier)
{
    Table table;
    EXPECT_EQ(table.See(IcmpPacket(B, A, ICMP_ECHO_REPLY, 0, 0x00070001)), INVALID);
    EXPECT_EQ(table.See(IcmpPacket(A, B, ICMP_ECHO, 0, 0x00070001)), NEW);
    EXPECT_EQ(table.See(IcmpPacket(B, A, ICMP_ECHO_REPLY, 0, 0x00070001)), ESTABLISHED);
    EXPECT_EQ(table.See(IcmpPacket(B, A, ICMP_ECHO_REPLY, 0, 0x00080001)), INVALID);
    EXPECT_EQ(table.See(IcmpPacket(B, A, ICMP_ECHO_REPLY, 0, 0x00070001), seconds(29)),
              ESTABLISHED);
    EXPECT_EQ(table.See(IcmpPacket(B, A, ICMP_ECHO_REPLY, 0, 0x00070001), seconds(59)), INVALID);
    EXPECT_TRUE(table.Expired());
}

TEST(ConnectionTable, OtherIcmpQueriesAreInvalid)
{
    Table table;
    EXPECT_EQ(table.See(IcmpPacket(A, B, 13)), INVALID);
}

TEST(ConnectionTable, AnErrorIsRelatedToTheFlowThatItQuotes)
{
    const Bytes flows[] = {
        UdpPacket(A, 500, B, 500),
        TcpPacket(A, 500, B, 500, SYN),
        IcmpPacket(A, B, ICMP_ECHO, 0, 0x00070001),
        IpPacket(A, B, IP_ESP, Bytes(32)),
    };
    for (const Bytes& flow : flows)
    {
        Table table;
        const Bytes error = *BuildIcmpError(At("198.51.100.9"), flow, ICMP_TIME_EXCEEDED, 0);
        EXPECT_EQ(table.See(error), INVALID);
        table.See(flow);
        EXPECT_EQ(table.See(error), RELATED);
        EXPECT_EQ(table.Get().Size(), 1u);
    }
}

TEST(ConnectionTable, AnErrorAboutAnAnswerIsRelatedToo)
{
    Table table;
    table.See(UdpPacket(A, 500, B, 500));
    const Bytes answer = UdpPacket(B, 500, A, 500);
    EXPECT_EQ(table.See(*BuildIcmpError(At(A), answer, ICMP_UNREACHABLE, 3)), RELATED);
}

TEST(ConnectionTable, AnErrorForAnotherHostThanTheQuotedSenderIsInvalid)
{
    Table table;
    const Bytes flow = UdpPacket(A, 500, B, 500);
    table.See(flow);
    const Bytes quote = ByteView{flow}.Sub(0, 28).ToBytes();
    EXPECT_EQ(table.See(IcmpPacket(B, "10.0.0.2", ICMP_UNREACHABLE, 3, 0, quote)), INVALID);
    EXPECT_EQ(table.See(IcmpPacket(B, A, ICMP_UNREACHABLE, 3, 0, quote)), RELATED);
    EXPECT_EQ(table.See(IcmpPacket(B, A, ICMP_UNREACHABLE, 3, 0, ByteView{quote}.Sub(0, 19))),
              INVALID);
}

TEST(ConnectionTable, AnErrorDoesNotRefresh)
{
    Table table;
    const Bytes flow = UdpPacket(A, 500, B, 500);
    const Bytes error = *BuildIcmpError(At(B), flow, ICMP_UNREACHABLE, 3);
    table.See(flow);
    EXPECT_EQ(table.See(error, seconds(29)), RELATED);
    EXPECT_EQ(table.See(error, seconds(30)), INVALID);
    EXPECT_TRUE(table.Expired());
}

TEST(ConnectionTable, UdpTimesOutSoonerOneWayThanBothWays)
{
    Table oneWay;
    oneWay.See(UdpPacket(A, 500, B, 500));
    EXPECT_EQ(oneWay.See(UdpPacket(B, 500, A, 500), seconds(30)), NEW);
    EXPECT_TRUE(oneWay.Expired());

    Table stream;
    stream.See(UdpPacket(A, 500, B, 500));
    EXPECT_EQ(stream.See(UdpPacket(B, 500, A, 500), seconds(29)), ESTABLISHED);
    EXPECT_EQ(stream.See(UdpPacket(B, 500, A, 500), seconds(208)), ESTABLISHED);
    EXPECT_EQ(stream.See(UdpPacket(B, 500, A, 500), seconds(388)), NEW);
    EXPECT_TRUE(stream.Expired());
}

TEST(ConnectionTable, UdpMustHaveAnAgeToBeAStreamWhenConfigured)
{
    FirewallTimeouts timeouts;
    timeouts.udpStreamAfter = seconds(2);
    Table table(timeouts);
    table.See(UdpPacket(A, 500, B, 500));
    table.See(UdpPacket(B, 500, A, 500), seconds(1));
    EXPECT_EQ(table.See(UdpPacket(B, 500, A, 500), seconds(31)), NEW);

    Table older(timeouts);
    older.See(UdpPacket(A, 500, B, 500));
    older.See(UdpPacket(B, 500, A, 500), seconds(2));
    EXPECT_EQ(older.See(UdpPacket(B, 500, A, 500), seconds(181)), ESTABLISHED);
}

TEST(ConnectionTable, EspTimesOutAfterItsOwnTime)
{
    Table table;
    table.See(IpPacket(A, B, IP_ESP, Bytes(32)));
    EXPECT_EQ(table.See(IpPacket(B, A, IP_ESP, Bytes(32)), seconds(599)), ESTABLISHED);
    EXPECT_EQ(table.See(IpPacket(B, A, IP_ESP, Bytes(32)), seconds(1199)), NEW);
    EXPECT_TRUE(table.Expired());
}

TEST(ConnectionTable, AnExpiredConnectionIsRememberedForAWhile)
{
    FirewallTimeouts timeouts;
    timeouts.expiredMemory = seconds(60);
    for (const auto& [at, remembered] : {std::pair{seconds(89), true}, {seconds(90), false}})
    {
        Table table(timeouts);
        table.See(UdpPacket(A, 500, B, 500));
        table.See(UdpPacket(B, 500, A, 500), at);
        EXPECT_EQ(table.Expired(), remembered);
    }
}

TEST(ConnectionTable, AnExpiredConnectionCanBeginAgain)
{
    Table table;
    table.See(UdpPacket(A, 500, B, 500));
    EXPECT_EQ(table.See(UdpPacket(A, 500, B, 500), seconds(40)), NEW);
    EXPECT_EQ(table.See(UdpPacket(B, 500, A, 500), seconds(41)), ESTABLISHED);
    // The memory of the first life ends while the second one lives.
    EXPECT_EQ(table.See(UdpPacket(B, 500, A, 500), seconds(200)), ESTABLISHED);
    EXPECT_EQ(table.See(UdpPacket(B, 500, A, 500), seconds(379)), ESTABLISHED);
    EXPECT_EQ(table.See(UdpPacket(B, 500, A, 500), seconds(558)), ESTABLISHED);
    EXPECT_EQ(table.See(UdpPacket(B, 500, A, 500), seconds(737)), ESTABLISHED);
    EXPECT_EQ(table.Get().Size(), 1u);
}

TEST(ConnectionTable, IsBounded)
{
    Table table({}, 2);
    table.See(UdpPacket(A, 1, B, 500));
    table.See(UdpPacket(A, 2, B, 500));
    EXPECT_TRUE(table.Room());
    table.See(UdpPacket(A, 3, B, 500));
    EXPECT_FALSE(table.Room());
    EXPECT_EQ(table.Get().Size(), 2u);
    EXPECT_EQ(table.See(UdpPacket(B, 500, A, 2), seconds(1)), ESTABLISHED); // known ones go on
    EXPECT_TRUE(table.Room());
    table.See(UdpPacket(A, 3, B, 500), seconds(30)); // the first one has made room
    EXPECT_TRUE(table.Room());
}

TEST(ConnectionTable, TheDeadlineIsNeverTooLate)
{
    Table table;
    EXPECT_FALSE(table.Get().Deadline());
    table.See(UdpPacket(A, 500, B, 500));
    EXPECT_EQ(table.Get().Deadline(), Instant{seconds(30)});
    Handshake(table);
    table.See(Back(RST), seconds(1)); // a shorter time than before
    EXPECT_EQ(table.Get().Deadline(), Instant{seconds(11)});
    while (const auto at = table.Get().Deadline())
    {
        table.Get().Expire(*at);
    }
    EXPECT_EQ(table.Get().Size(), 0u);
}

TEST(ConnectionTable, ClearForgetsLivingAndDead)
{
    Table table;
    table.See(UdpPacket(A, 500, B, 500));
    table.See(UdpPacket(A, 501, B, 500), seconds(40));
    table.Get().Clear();
    EXPECT_EQ(table.Get().Size(), 0u);
    EXPECT_FALSE(table.Get().Deadline());
    EXPECT_EQ(table.See(UdpPacket(B, 500, A, 500), seconds(41)), NEW);
    EXPECT_FALSE(table.Expired());
}

TEST(ConnectionTable, ManyShortFlowsDoNotGrowIt)
{
    Table table({}, 1000);
    for (int i = 0; i < 200000; ++i)
    {
        table.See(UdpPacket(A, static_cast<std::uint16_t>(i), B, 500, 0), milliseconds(100) * i);
        ASSERT_TRUE(table.Room());
    }
    EXPECT_EQ(table.Get().Size(), 300u);
}
