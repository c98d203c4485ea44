// SPDX-License-Identifier: GPL-2.0-only
#include "test/model/nat/nat-kit.h"

#include <algorithm>
#include <iterator>
#include <set>

using namespace nattlab;
using namespace nattlab::test;

namespace
{

/** A datagram of three fragments. */
std::vector<Bytes>
Pieces(Endpoint from, Endpoint to, std::uint16_t identification = 7)
{
    Bytes payload(3000);
    for (std::size_t i = 0; i < payload.size(); ++i)
    {
        payload[i] = static_cast<std::uint8_t>(i * 7);
    }
    const Bytes whole =
        IpPacket(from.address, to.address, IP_UDP, BuildUdp(from, to, payload), identification);
    return FragmentPacket(whole, 1400);
}

/** A box that remembers what it sends on, after either step. */
class FragmentBox
{
  public:
    explicit FragmentBox(NatConfig config)
        : m_tracer(log, log.AddNode("box")),
          nat(std::move(config), "box", 1, m_tracer)
    {
    }

    NatOutcome In(Bytes bytes)
    {
        Packet packet{m_tracer.NewPacket(1), std::move(bytes)};
        const NatResult result = nat.TranslateDestination(packet, false, now);
        return Finish(packet, result);
    }

    NatOutcome Out(Bytes bytes)
    {
        Packet packet{m_tracer.NewPacket(1), std::move(bytes)};
        NatResult result = nat.TranslateDestination(packet, true, now);
        const bool turned = result.hairpin;
        if (turned || result.outcome == NatOutcome::Untouched)
        {
            result = nat.TranslateSource(packet, true, !turned, now);
        }
        return Finish(packet, result);
    }

    /** \return what was sent on, put together; empty when it does not fit together */
    Bytes Whole()
    {
        Reassembler reassembler;
        for (const Bytes& bytes : sent)
        {
            auto result = reassembler.Receive({{}, bytes}, now);
            if (result.whole)
            {
                return result.whole->bytes;
            }
        }
        return {};
    }

    std::vector<Event> Drops() const
    {
        std::vector<Event> drops;
        std::copy_if(log.Events().begin(),
                     log.Events().end(),
                     std::back_inserter(drops),
                     [](const Event& e) { return e.type == EventType::PacketDropped; });
        return drops;
    }

    EventLog log;

  private:
    NatOutcome Finish(Packet& packet, const NatResult& result)
    {
        if (result.outcome == NatOutcome::Translated)
        {
            sent.push_back(packet.bytes);
            m_tracer.Consumed(packet.tag);
        }
        else if (result.outcome == NatOutcome::Drop || result.outcome == NatOutcome::Local)
        {
            m_tracer.Dropped(packet, now, Layer::Nat, result.reason, result.subject);
        }
        else
        {
            EXPECT_EQ(result.outcome, NatOutcome::Held);
            EXPECT_TRUE(packet.bytes.empty());
        }
        for (NatReleased& released : nat.TakeReleased())
        {
            EXPECT_EQ(released.result.outcome, NatOutcome::Translated);
            if (released.result.hairpin)
            {
                EXPECT_FALSE(released.sourceDone);
                const NatResult source = nat.TranslateSource(released.packet, true, false, now);
                EXPECT_EQ(source.outcome, NatOutcome::Translated);
            }
            EXPECT_TRUE(Ipv4Header::Parse(released.packet.bytes));
            sent.push_back(released.packet.bytes);
            m_tracer.Consumed(released.packet.tag);
        }
        return result.outcome;
    }

    Tracer m_tracer;

  public:
    Nat nat;
    Instant now{};
    std::vector<Bytes> sent;
};

Bytes
Expected(Endpoint from, Endpoint to, std::uint16_t identification)
{
    Bytes payload(3000);
    for (std::size_t i = 0; i < payload.size(); ++i)
    {
        payload[i] = static_cast<std::uint8_t>(i * 7);
    }
    return IpPacket(from.address, to.address, IP_UDP, BuildUdp(from, to, payload), identification);
}

} // namespace

TEST(NatFragments, GoOutInEveryOrder)
{
    std::vector<std::size_t> order{0, 1, 2};
    do
    {
        NatConfig config = OneAddress();
        config.portAllocation = NatConfig::PortAllocation::Sequential;
        FragmentBox box(config);
        const auto pieces = Pieces({ALICE, 500}, {SERVER, 500});
        ASSERT_EQ(pieces.size(), 3u);
        bool firstSeen = false;
        for (const std::size_t i : order)
        {
            firstSeen |= i == 0;
            EXPECT_EQ(box.Out(pieces[i]), firstSeen ? NatOutcome::Translated : NatOutcome::Held);
        }
        const Bytes whole = box.Whole();
        ASSERT_FALSE(whole.empty());
        EXPECT_EQ(whole, Expected({OUTSIDE, 1024}, {SERVER, 500}, Load16(&whole[4])));
        EXPECT_TRUE(box.log.Leaks().empty());
    } while (std::next_permutation(order.begin(), order.end()));
}

TEST(NatFragments, ComeInInEveryOrder)
{
    std::vector<std::size_t> order{0, 1, 2};
    do
    {
        FragmentBox box(OneAddress());
        box.Out(Udp({ALICE, 500}, {SERVER, 500}));
        box.sent.clear();
        const auto pieces = Pieces({SERVER, 500}, {OUTSIDE, 500});
        for (const std::size_t i : order)
        {
            box.In(pieces[i]);
        }
        EXPECT_EQ(box.Whole(), Expected({SERVER, 500}, {ALICE, 500}, 7));
        EXPECT_TRUE(box.log.Leaks().empty());
    } while (std::next_permutation(order.begin(), order.end()));
}

TEST(NatFragments, TurnInEveryOrder)
{
    std::vector<std::size_t> order{0, 1, 2};
    do
    {
        NatConfig config = OneAddress();
        config.forwards = {{IP_UDP, {}, 500, DAVE, 0}};
        FragmentBox box(config);
        const auto pieces = Pieces({ALICE, 600}, {OUTSIDE, 500});
        for (const std::size_t i : order)
        {
            box.Out(pieces[i]);
        }
        const Bytes whole = box.Whole();
        ASSERT_FALSE(whole.empty());
        EXPECT_EQ(whole, Expected({OUTSIDE, 600}, {DAVE, 500}, Load16(&whole[4])));
        EXPECT_TRUE(box.log.Leaks().empty());
    } while (std::next_permutation(order.begin(), order.end()));
}

TEST(NatFragments, TwoInsideHostsWithOneIdentificationDoNotCollide)
{
    FragmentBox box(OneAddress());
    const auto alice = Pieces({ALICE, 500}, {SERVER, 500}, 7);
    const auto carol = Pieces({CAROL, 500}, {SERVER, 500}, 7);
    for (std::size_t i = 0; i < 3; ++i)
    {
        box.Out(alice[i]);
        box.Out(carol[i]);
    }
    std::set<std::uint16_t> identifications;
    for (const Bytes& bytes : box.sent)
    {
        identifications.insert(Load16(&bytes[4]));
    }
    EXPECT_EQ(identifications.size(), 2u);
    Reassembler server;
    int wholes = 0;
    for (const Bytes& bytes : box.sent)
    {
        const auto result = server.Receive({{}, bytes}, box.now);
        EXPECT_TRUE(result.refused.empty());
        if (result.whole)
        {
            ++wholes;
            EXPECT_TRUE(ChecksumsOk(result.whole->bytes));
        }
    }
    EXPECT_EQ(wholes, 2);
}

TEST(NatFragments, WholePacketsKeepTheirIdentification)
{
    FragmentBox box(OneAddress());
    box.Out(Udp({ALICE, 500}, {SERVER, 500}));
    EXPECT_EQ(Load16(&box.sent[0][4]), 7);
}

TEST(NatFragments, WithoutTheirFirstOneAreDroppedWhenTheirTimeIsOver)
{
    FragmentBox box(OneAddress());
    const auto pieces = Pieces({ALICE, 500}, {SERVER, 500});
    EXPECT_EQ(box.Out(pieces[1]), NatOutcome::Held);
    EXPECT_EQ(box.nat.Deadline(), box.now + seconds{30});
    box.now += seconds{30};
    box.nat.Expire(box.now);
    const auto drops = box.Drops();
    ASSERT_EQ(drops.size(), 1u);
    EXPECT_EQ(drops[0].reason, Reason::NatFragmentRefused);
    EXPECT_EQ(drops[0].subject, "udp 192.168.1.2 > 198.51.100.1 fragment 7@1376");
    EXPECT_TRUE(box.log.Leaks().empty());
    EXPECT_EQ(box.nat.Deadline(), std::nullopt);
}

TEST(NatFragments, HeldOnesShareTheFateOfTheirFirstOne)
{
    NatConfig config = OneAddress();
    config.maxSessions = 1;
    FragmentBox box(config);
    box.Out(Udp({CAROL, 1}, {SERVER, 500}));
    const auto pieces = Pieces({ALICE, 500}, {SERVER, 500});
    box.Out(pieces[1]);
    EXPECT_EQ(box.Out(pieces[0]), NatOutcome::Drop);
    EXPECT_EQ(box.Out(pieces[2]), NatOutcome::Drop);
    const auto drops = box.Drops();
    ASSERT_EQ(drops.size(), 3u);
    for (const Event& drop : drops)
    {
        EXPECT_EQ(drop.reason, Reason::NatSessionLimit);
    }
    EXPECT_TRUE(box.log.Leaks().empty());
}

TEST(NatFragments, AnOrderedDeviceDropsWhatComesTooEarly)
{
    NatConfig config = OneAddress();
    config.fragments = NatConfig::Fragments::Ordered;
    FragmentBox box(config);
    const auto pieces = Pieces({ALICE, 500}, {SERVER, 500});
    EXPECT_EQ(box.Out(pieces[1]), NatOutcome::Drop);
    EXPECT_EQ(box.Out(pieces[0]), NatOutcome::Translated);
    EXPECT_EQ(box.Out(pieces[1]), NatOutcome::Translated);
    EXPECT_EQ(box.Drops()[0].reason, Reason::NatFragmentRefused);
}

TEST(NatFragments, ADeviceWithoutFragmentsDropsThemAll)
{
    NatConfig config = OneAddress();
    config.fragments = NatConfig::Fragments::None;
    FragmentBox box(config);
    for (const Bytes& piece : Pieces({ALICE, 500}, {SERVER, 500}))
    {
        EXPECT_EQ(box.Out(piece), NatOutcome::Drop);
    }
    for (const Bytes& piece : Pieces({SERVER, 500}, {OUTSIDE, 500}))
    {
        EXPECT_EQ(box.In(piece), NatOutcome::Drop);
    }
    EXPECT_EQ(box.Drops().size(), 6u);
    EXPECT_EQ(box.Drops()[5].reason, Reason::NatFragmentRefused);
}

TEST(NatFragments, HoldsNoMoreThanItMay)
{
    NatConfig config = OneAddress();
    config.mostFragmentHeld = 3;
    config.mostFragmented = 2;
    FragmentBox box(config);
    for (std::uint16_t id = 1; id <= 10; ++id)
    {
        const auto pieces = Pieces({ALICE, 500}, {SERVER, 500}, id);
        box.Out(pieces[1]);
        box.Out(pieces[2]);
    }
    EXPECT_GE(box.Drops().size(), 16u);
    box.nat.Reboot(box.now);
    EXPECT_EQ(box.Drops().size(), 20u);
    EXPECT_TRUE(box.log.Leaks().empty());
}

TEST(NatFragments, AFirstFragmentMustCarryTheWholeTransportHeader)
{
    FragmentBox box(OneAddress());
    const Bytes tcp = Tcp({ALICE, 5}, {SERVER, 80}, TcpHeader::SYN, Bytes(100, 1));
    const auto pieces = FragmentPacket(tcp, 28); // eight bytes each
    EXPECT_EQ(box.Out(pieces[0]), NatOutcome::Drop);
    EXPECT_EQ(box.Out(pieces[1]), NatOutcome::Drop);
    EXPECT_EQ(box.Drops()[0].reason, Reason::NatFragmentRefused);
}

TEST(NatFragments, UnsolicitedOnesAreLocalAllTogether)
{
    FragmentBox box(OneAddress());
    const auto pieces = Pieces({SERVER, 500}, {OUTSIDE, 500});
    EXPECT_EQ(box.In(pieces[0]), NatOutcome::Local);
    EXPECT_EQ(box.In(pieces[1]), NatOutcome::Local);
    EXPECT_EQ(box.Drops()[1].reason, Reason::NatNoMapping);
}

TEST(NatFragments, OfEspAreTranslatedToo)
{
    FragmentBox box(OneAddress());
    const Bytes whole = IpPacket(ALICE, SERVER, IP_ESP, Bytes(2000, 0x33));
    for (const Bytes& piece : FragmentPacket(whole, 1400))
    {
        EXPECT_EQ(box.Out(piece), NatOutcome::Translated);
    }
    const Bytes arrived = box.Whole();
    ASSERT_FALSE(arrived.empty());
    EXPECT_EQ(arrived, IpPacket(OUTSIDE, SERVER, IP_ESP, Bytes(2000, 0x33), Load16(&arrived[4])));
}
