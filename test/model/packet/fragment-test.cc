// SPDX-License-Identifier: GPL-2.0-only
#include "model/packet/fragment.h"

#include "model/packet/ipv4.h"

#include <algorithm>
#include <gtest/gtest.h>

using namespace nattlab;

namespace
{

Bytes
PacketOf(std::size_t payload, std::uint16_t id = 1)
{
    Bytes data(payload);
    for (std::size_t i = 0; i < payload; ++i)
    {
        data[i] = static_cast<std::uint8_t>(i * 7);
    }
    Ipv4Header header;
    header.source = {1};
    header.destination = {2};
    header.protocol = IP_UDP;
    header.identification = id;
    return header.Build(data);
}

std::vector<Packet>
Fragments(const Bytes& packet, std::size_t mtu)
{
    std::vector<Packet> out;
    for (Bytes& bytes : FragmentPacket(packet, mtu))
    {
        out.push_back({{out.size() + 1, 0}, std::move(bytes)});
    }
    return out;
}

} // namespace

TEST(Fragmentation, EveryOrderOfFourFragmentsGivesThePacketBack)
{
    const Bytes packet = PacketOf(2000);
    const std::vector<Packet> fragments = Fragments(packet, 576);
    ASSERT_EQ(fragments.size(), 4u);
    std::vector<int> order{0, 1, 2, 3};
    do
    {
        Reassembler reassembler;
        for (int i = 0; i < 4; ++i)
        {
            const auto result = reassembler.Receive(fragments[order[i]], Instant{});
            ASSERT_EQ(result.whole.has_value(), i == 3);
            if (result.whole)
            {
                EXPECT_EQ(result.whole->bytes, packet);
                EXPECT_EQ(result.merged.size(), 3u);
            }
        }
        EXPECT_FALSE(reassembler.Deadline());
    } while (std::next_permutation(order.begin(), order.end()));
}

TEST(Fragmentation, AFragmentCanBeCutAgain)
{
    const Bytes packet = PacketOf(3000);
    Reassembler reassembler;
    std::optional<Packet> whole;
    for (const Packet& big : Fragments(packet, 1500))
    {
        EXPECT_LE(big.bytes.size(), 1500u);
        for (const Packet& small : Fragments(big.bytes, 300))
        {
            EXPECT_TRUE(Ipv4Header::Parse(small.bytes));
            EXPECT_LE(small.bytes.size(), 300u);
            auto result = reassembler.Receive(small, Instant{});
            if (result.whole)
            {
                whole = result.whole;
            }
        }
    }
    ASSERT_TRUE(whole);
    EXPECT_EQ(whole->bytes, packet);
}

TEST(Fragmentation, AnMtuWithoutRoomGivesNothing)
{
    EXPECT_TRUE(FragmentPacket(PacketOf(100), 27).empty());
    EXPECT_EQ(FragmentPacket(PacketOf(8), 28).size(), 1u);
}

TEST(Reassembly, AnOverlapDropsTheWholePacket)
{
    const std::vector<Packet> fragments = Fragments(PacketOf(1000), 500);
    const std::vector<Packet> other = Fragments(PacketOf(1000), 300);
    Reassembler reassembler;
    reassembler.Receive(fragments[0], Instant{});
    const auto result = reassembler.Receive(other[1], Instant{});
    EXPECT_FALSE(result.whole);
    EXPECT_EQ(result.refused.size(), 2u);
    EXPECT_FALSE(reassembler.Deadline());
}

TEST(Reassembly, GivesUpAfterItsTimeAndReturnsTheFragments)
{
    const std::vector<Packet> fragments = Fragments(PacketOf(1000), 500);
    Reassembler reassembler(ReassemblerConfig{seconds{30}, 4});
    reassembler.Receive(fragments[1], Instant{});
    reassembler.Receive(fragments[0], Instant{seconds{5}});
    ASSERT_EQ(reassembler.Deadline(), Instant{seconds{30}});
    EXPECT_TRUE(reassembler.Expire(Instant{seconds{29}}).empty());
    const auto expired = reassembler.Expire(Instant{seconds{30}});
    ASSERT_EQ(expired.size(), 1u);
    EXPECT_EQ(expired[0].size(), 2u);
    EXPECT_EQ(expired[0][0].tag.packet, 1u) << "the first fragment comes first";
}

TEST(Reassembly, AFullTableLetsTheOldestGo)
{
    Reassembler reassembler(ReassemblerConfig{seconds{30}, 2});
    for (std::uint16_t id = 1; id <= 3; ++id)
    {
        const auto result =
            reassembler.Receive(Fragments(PacketOf(1000, id), 500)[0], Instant{seconds{id}});
        EXPECT_EQ(result.evicted.size(), id == 3 ? 1u : 0u);
    }
    EXPECT_EQ(reassembler.Clear().size(), 2u);
}

TEST(Reassembly, APacketOver65535BytesIsRefused)
{
    Ipv4Header header;
    header.source = {1};
    header.destination = {2};
    header.fragmentOffset = 65528;
    const auto result = Reassembler{}.Receive({{1, 0}, header.Build(Bytes(100, 0))}, Instant{});
    EXPECT_EQ(result.refused.size(), 1u);
}
