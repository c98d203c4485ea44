// SPDX-License-Identifier: GPL-2.0-only
#include "test/model/router/router-fixture.h"

#include <random>

using namespace nattlab;

TEST(RouteTable, TheLongestPrefixWins)
{
    RouteTable table;
    EXPECT_EQ(table.Find(At("10.0.0.1")), nullptr);
    table.Add({Block("10.0.0.0/8"), std::nullopt, 8});
    table.Add({Block("10.1.2.0/24"), std::nullopt, 24});
    table.Add({Block("10.1.0.0/16"), std::nullopt, 16});
    table.Add({Block("10.1.0.0/16"), std::nullopt, 99}); // the first one holds
    EXPECT_EQ(table.Find(At("10.1.2.3"))->interface, 24u);
    EXPECT_EQ(table.Find(At("10.1.3.3"))->interface, 16u);
    EXPECT_EQ(table.Find(At("10.2.3.3"))->interface, 8u);
    EXPECT_EQ(table.Find(At("11.2.3.3")), nullptr);
    table.Add({Block("0.0.0.0/0"), std::nullopt, 0});
    EXPECT_EQ(table.Find(At("11.2.3.3"))->interface, 0u);
}

// A table that is looked through from end to end says the same.
TEST(RouteTable, FindsWhatALinearSearchFinds)
{
    std::mt19937 random(1);
    for (int round = 0; round < 200; ++round)
    {
        RouteTable table;
        std::vector<Route> routes;
        for (std::size_t i = 0; i < 1 + random() % 30; ++i)
        {
            const auto length = static_cast<std::uint8_t>(random() % 33);
            const Ipv4Address address{static_cast<std::uint32_t>(random() % 4096) << 20 |
                                      static_cast<std::uint32_t>(random() % 4)};
            routes.push_back({Ipv4Prefix{address, length}, std::nullopt, i});
            table.Add(routes.back());
        }
        for (int step = 0; step < 50; ++step)
        {
            const Ipv4Address to{static_cast<std::uint32_t>(random() % 4096) << 20 |
                                 static_cast<std::uint32_t>(random() % 4)};
            const Route* best = nullptr;
            for (const Route& route : routes)
            {
                if (route.destination.Contains(to) &&
                    (!best || route.destination.length > best->destination.length))
                {
                    best = &route;
                }
            }
            const Route* found = table.Find(to);
            ASSERT_EQ(found != nullptr, best != nullptr);
            if (best)
            {
                EXPECT_EQ(found->interface, best->interface);
            }
        }
    }
}

TEST_F(RouterTest, ForwardsWithALowerTtlAndAValidHeader)
{
    Router box = Make(PlainBox());
    const Bytes packet = UdpPacket(HOST, 500, SERVER, 500);
    const auto sent = Send(box, LAN, packet);
    ASSERT_EQ(sent.size(), 1u);
    EXPECT_EQ(sent[0].interface, WAN);
    EXPECT_EQ(sent[0].nextHop, At(GATEWAY));
    EXPECT_EQ(sent[0].packet.bytes, WithTtl(packet, 63));
    EXPECT_EQ(Last(EventType::PacketForwarded).tag.packet, sent[0].packet.tag.packet);
    EXPECT_EQ(sent[0].packet.tag.connection, CONNECTION);
}

TEST_F(RouterTest, OnALinkOfItsOwnTheDestinationIsTheNextHop)
{
    Router box = Make(PlainBox());
    const auto sent = Send(box, WAN, UdpPacket(SERVER, 500, HOST, 500));
    ASSERT_EQ(sent.size(), 1u);
    EXPECT_EQ(sent[0].interface, LAN);
    EXPECT_EQ(sent[0].nextHop, At(HOST));
}

TEST_F(RouterTest, TellsTheSenderWhenTheTtlIsUsedUp)
{
    Router box = Make(PlainBox());
    const Bytes packet = WithTtl(UdpPacket(HOST, 500, SERVER, 500), 1);
    const auto sent = Send(box, LAN, packet);
    ASSERT_EQ(sent.size(), 1u);
    EXPECT_EQ(sent[0].interface, LAN);
    ExpectIcmpError(sent[0], LAN_ADDRESS, ICMP_TIME_EXCEEDED, 0, packet);
    EXPECT_EQ(sent[0].packet.tag.connection, CONNECTION);
    EXPECT_EQ(Last(EventType::PacketSent).tag.packet, sent[0].packet.tag.packet);
    ExpectDrop(Layer::Ip, Reason::IpTtlExceeded);
}

TEST_F(RouterTest, TellsTheSenderWhenThereIsNoRoute)
{
    RouterConfig config = PlainBox();
    config.routes.clear();
    Router box = Make(config);
    const Bytes packet = UdpPacket(HOST, 500, SERVER, 500);
    const auto sent = Send(box, LAN, packet);
    ASSERT_EQ(sent.size(), 1u);
    ExpectIcmpError(sent[0], LAN_ADDRESS, ICMP_UNREACHABLE, ICMP_NET_UNREACHABLE, packet);
    ExpectDrop(Layer::Ip, Reason::IpNoRoute);
}

TEST_F(RouterTest, SendsNoErrorsWhenItIsConfiguredSo)
{
    RouterConfig config = PlainBox();
    config.sendsIcmpErrors = false;
    Router box = Make(config);
    EXPECT_TRUE(Send(box, LAN, WithTtl(UdpPacket(HOST, 500, SERVER, 500), 1)).empty());
    EXPECT_TRUE(Send(box, LAN, UdpPacket(HOST, 500, LAN_ADDRESS, 500)).empty());
}

TEST_F(RouterTest, SendsNoErrorAboutAnErrorOrToAnAddressOfNobody)
{
    Router box = Make(PlainBox());
    const Bytes flow = UdpPacket(HOST, 500, SERVER, 500);
    const Bytes error = *BuildIcmpError(At(HOST), UdpPacket(SERVER, 1, HOST, 1), 3, 3);
    EXPECT_TRUE(Send(box, LAN, WithTtl(error, 1)).empty());
    for (const char* source :
         {"0.0.0.0", "224.0.0.1", "255.255.255.255", "192.168.1.255", WAN_ADDRESS})
    {
        EXPECT_TRUE(Send(box, LAN, WithTtl(UdpPacket(source, 5, SERVER, 5), 1)).empty()) << source;
    }
    EXPECT_EQ(Send(box, LAN, WithTtl(flow, 1)).size(), 1u);
}

TEST_F(RouterTest, DropsWhatIsMalformedOrForMany)
{
    Router box = Make(PlainBox());
    Bytes bad = UdpPacket(HOST, 500, SERVER, 500);
    bad[10] ^= 1; // header checksum
    EXPECT_TRUE(Send(box, LAN, bad).empty());
    ExpectDrop(Layer::Ip, Reason::IpMalformed);
    EXPECT_TRUE(Send(box, LAN, {}).empty());
    ExpectDrop(Layer::Ip, Reason::IpMalformed);
    for (const char* many : {"224.0.0.5", "255.255.255.255", "192.168.1.255", "203.0.113.255"})
    {
        EXPECT_TRUE(Send(box, LAN, UdpPacket(HOST, 500, many, 500)).empty());
        ExpectDrop(Layer::Ip, Reason::IpMulticast);
    }
}

TEST_F(RouterTest, CutsOffWhatALinkPadded)
{
    Router box = Make(PlainBox());
    const Bytes packet = UdpPacket(HOST, 500, SERVER, 500, 1);
    Bytes padded = packet;
    padded.resize(46);
    const auto sent = Send(box, LAN, padded);
    ASSERT_EQ(sent.size(), 1u);
    EXPECT_EQ(sent[0].packet.bytes, WithTtl(packet, 63));
}

TEST_F(RouterTest, CarriesIpOptions)
{
    Router box = Make(PlainBox());
    // Loose source route with one address that is not the box's, and an end of options.
    const Bytes options = FromHex("83 07 04 c6336409 00");
    const Bytes plain = UdpPacket(HOST, 500, SERVER, 500);
    Bytes packet = Concat({ByteView{plain}.Sub(0, 20), options, ByteView{plain}.Sub(20)});
    packet[0] = 0x47;
    Store16(&packet[2], static_cast<std::uint16_t>(packet.size()));
    ip::FixChecksum(packet);
    const auto sent = Send(box, LAN, packet);
    ASSERT_EQ(sent.size(), 1u);
    EXPECT_EQ(sent[0].packet.bytes, WithTtl(packet, 63));

    const auto error = Send(box, LAN, WithTtl(packet, 1));
    ASSERT_EQ(error.size(), 1u);
    EXPECT_EQ(ToHex(ip::Payload(error[0].packet.bytes).Sub(8)),
              ToHex(ByteView{WithTtl(packet, 1)}.Sub(0, 36)));
}

TEST_F(RouterTest, ASmallerMtuIsToldToWhoForbidsFragments)
{
    RouterConfig config = PlainBox();
    config.interfaces[WAN].mtu = 1400;
    Router box = Make(config);
    const Bytes packet = WithDontFragment(UdpPacket(HOST, 500, SERVER, 500, 1373));
    ASSERT_EQ(packet.size(), 1401u);
    const auto sent = Send(box, LAN, packet);
    ASSERT_EQ(sent.size(), 1u);
    ExpectIcmpError(
        sent[0], LAN_ADDRESS, ICMP_UNREACHABLE, ICMP_FRAGMENTATION_NEEDED, packet, 1400);
    ExpectDrop(Layer::Ip, Reason::IpFragmentationNeeded);
    EXPECT_EQ(Last(EventType::PacketForwarded).tag.packet, 0u);

    const auto fits = Send(box, LAN, WithDontFragment(UdpPacket(HOST, 500, SERVER, 500, 1372)));
    ASSERT_EQ(fits.size(), 1u);
    EXPECT_EQ(fits[0].interface, WAN);
}

TEST_F(RouterTest, CutsPacketsThatMayBeCut)
{
    RouterConfig config = PlainBox();
    config.interfaces[WAN].mtu = 576;
    Router box = Make(config);
    const Bytes packet = UdpPacket(HOST, 500, SERVER, 500, 1200);
    const auto sent = Send(box, LAN, packet);
    ASSERT_EQ(sent.size(), 3u);
    const Event cut = Last(EventType::PacketFragmented);
    EXPECT_EQ(cut.value, 3);
    Reassembler reassembler;
    std::optional<Packet> whole;
    for (const Transmission& piece : sent)
    {
        EXPECT_LE(piece.packet.bytes.size(), 576u);
        EXPECT_EQ(piece.packet.tag.connection, CONNECTION);
        EXPECT_NE(piece.packet.tag.packet, cut.tag.packet);
        whole = reassembler.Receive(piece.packet, {}).whole;
    }
    ASSERT_TRUE(whole);
    EXPECT_EQ(whole->bytes, WithTtl(packet, 63));
}

TEST_F(RouterTest, AnMtuThatHoldsNoFragmentLosesThePacket)
{
    RouterConfig config = PlainBox();
    config.interfaces[WAN].mtu = 27;
    Router box = Make(config);
    EXPECT_TRUE(Send(box, LAN, UdpPacket(HOST, 500, SERVER, 500)).empty());
    ExpectDrop(Layer::Ip, Reason::IpFragmentationNeeded);
}

TEST_F(RouterTest, PutsFragmentsTogetherWhenItIsConfiguredSo)
{
    RouterConfig config = PlainBox();
    config.reassembles = true;
    Router box = Make(config);
    const Bytes packet = UdpPacket(HOST, 500, SERVER, 500, 1200);
    const auto parts = FragmentPacket(packet, 576);
    ASSERT_EQ(parts.size(), 3u);
    EXPECT_TRUE(Send(box, LAN, parts[2]).empty());
    EXPECT_TRUE(Send(box, LAN, parts[0]).empty());
    EXPECT_TRUE(box.Deadline());
    const auto sent = Send(box, LAN, parts[1]);
    ASSERT_EQ(sent.size(), 1u);
    EXPECT_EQ(sent[0].packet.bytes, WithTtl(packet, 63));
    EXPECT_EQ(Last(EventType::PacketReassembled).value, 3);
    EXPECT_FALSE(box.Deadline());
}

TEST_F(RouterTest, PassesFragmentsAsTheyAreByDefault)
{
    Router box = Make(PlainBox());
    const auto parts = FragmentPacket(UdpPacket(HOST, 500, SERVER, 500, 1200), 576);
    for (std::size_t i = parts.size(); i-- > 0;)
    {
        const auto sent = Send(box, LAN, parts[i]);
        ASSERT_EQ(sent.size(), 1u);
        EXPECT_EQ(sent[0].packet.bytes, WithTtl(parts[i], 63));
    }
}

TEST_F(RouterTest, FragmentsThatWaitTooLongAreDroppedAndTold)
{
    RouterConfig config = PlainBox();
    config.reassembles = true;
    Router box = Make(config);
    const auto parts = FragmentPacket(UdpPacket(HOST, 500, SERVER, 500, 1200), 576);
    Send(box, LAN, parts[1]);
    Send(box, LAN, parts[0]);
    EXPECT_EQ(box.Deadline(), Instant{seconds(30)});
    EXPECT_TRUE(Expire(box, seconds(29)).empty());
    const auto sent = Expire(box, seconds(30));
    ASSERT_EQ(sent.size(), 1u);
    ExpectIcmpError(sent[0], LAN_ADDRESS, ICMP_TIME_EXCEEDED, 1, parts[0]);
    ExpectDrop(Layer::Ip, Reason::IpReassemblyTimeout);

    Send(box, LAN, parts[1], seconds(31)); // without the first one there is nobody to tell
    EXPECT_TRUE(Expire(box, seconds(61)).empty());
}

TEST_F(RouterTest, FragmentsThatOverlapOrAreTooManyAreDropped)
{
    RouterConfig config = PlainBox();
    config.reassembles = true;
    config.reassembly.most = 1;
    Router box = Make(config);
    const auto parts = FragmentPacket(UdpPacket(HOST, 500, SERVER, 500, 1200), 576);
    Send(box, LAN, parts[0]);
    EXPECT_TRUE(Send(box, LAN, parts[0]).empty());
    ExpectDrop(Layer::Ip, Reason::IpFragmentRefused);
    Send(box, LAN, parts[0]);
    Send(box, LAN, With(parts[0], 5, 99)); // another identification
    ExpectDrop(Layer::Ip, Reason::IpReassemblyFull);
    box.Reboot({});
    ExpectDrop(Layer::Ip, Reason::HostDown);
}

TEST_F(RouterTest, RefusesARouteOverAnInterfaceThatIsNotThere)
{
    RouterConfig config = PlainBox();
    config.routes.push_back({Block("10.0.0.0/8"), std::nullopt, 2});
    EXPECT_THROW(Make(config), std::out_of_range);
    Router box = Make(PlainBox());
    EXPECT_THROW(box.Receive(2, {}, {}), std::out_of_range);
}

TEST_F(RouterTest, OwnsTheAddressesOfItsInterfaces)
{
    Router box = Make(PlainBox());
    EXPECT_TRUE(box.OwnsAddress(At(LAN_ADDRESS)));
    EXPECT_TRUE(box.OwnsAddress(At(WAN_ADDRESS)));
    EXPECT_FALSE(box.OwnsAddress(At(GATEWAY)));
    EXPECT_EQ(box.AddressesOn(WAN), std::vector<Ipv4Address>{At(WAN_ADDRESS)});
    EXPECT_EQ(box.GetNat(), nullptr);
    EXPECT_EQ(box.GetFirewall(), nullptr);
}
