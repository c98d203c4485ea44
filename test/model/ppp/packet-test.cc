// SPDX-License-Identifier: GPL-2.0-only
#include "model/ppp/packet.h"

#include "model/ppp/address-pool.h"

#include <gtest/gtest.h>

using namespace nattlab;
using namespace nattlab::ppp;

TEST(Frame, IsReadWithAndWithoutCompressedFields)
{
    for (const char* hex : {"ff03 0021 4500", "0021 4500", "ff03 21 4500", "21 4500"})
    {
        const Bytes bytes = FromHex(hex);
        const auto frame = ParseFrame(bytes);
        ASSERT_TRUE(frame) << hex;
        EXPECT_EQ(frame->protocol, PPP_IP) << hex;
        EXPECT_EQ(frame->information, ByteView(FromHex("4500"))) << hex;
    }
}

TEST(Frame, IsWrittenWithTheFieldsLeftOutThatWereAgreed)
{
    const Bytes data = FromHex("4500");
    EXPECT_EQ(ToHex(BuildFrame(PPP_IP, data)), "ff0300214500");
    EXPECT_EQ(ToHex(BuildFrame(PPP_IP, data, {true, false})), "ff03214500");
    EXPECT_EQ(ToHex(BuildFrame(PPP_IP, data, {false, true})), "00214500");
    EXPECT_EQ(ToHex(BuildFrame(PPP_IP, data, {true, true})), "214500");
    EXPECT_EQ(ToHex(BuildFrame(PPP_IPCP, data, {true, true})), "80214500");
}

TEST(Frame, NeverCompressesLcp)
{
    EXPECT_EQ(ToHex(BuildFrame(PPP_LCP, FromHex("01"), {true, true})), "ff03c02101");
}

TEST(Frame, WithoutAProperProtocolNumberIsRefused)
{
    for (const char* hex : {"", "ff03", "ff03 c0", "00", "c020", "ff03 8020 01"})
    {
        EXPECT_FALSE(ParseFrame(FromHex(hex))) << hex;
    }
}

TEST(ControlPacket, IsReadUpToItsLengthAndThePaddingIsIgnored)
{
    const Bytes bytes = FromHex("09 07 0008 01020304 0000");
    const auto packet = ControlPacket::Parse(bytes);
    ASSERT_TRUE(packet);
    EXPECT_EQ(packet->code, ECHO_REQUEST);
    EXPECT_EQ(packet->id, 7);
    EXPECT_EQ(ToHex(packet->data), "01020304");
    EXPECT_EQ(ToHex(packet->Build()), "0907000801020304");
}

TEST(ControlPacket, WithALengthOutsideOfItsBoundsIsRefused)
{
    for (const char* hex : {"", "01", "010100", "01010003", "01010005", "0101ffff00"})
    {
        EXPECT_FALSE(ControlPacket::Parse(FromHex(hex))) << hex;
    }
}

TEST(Messages, HaveTheNamesOfTheirRfcs)
{
    EXPECT_EQ(MessageName(PPP_LCP, CONFIGURE_REQUEST), "LCP Configure-Request");
    EXPECT_EQ(MessageName(PPP_LCP, TIME_REMAINING), "LCP Time-Remaining");
    EXPECT_EQ(MessageName(PPP_IPCP, CONFIGURE_NAK), "IPCP Configure-Nak");
    EXPECT_EQ(MessageName(PPP_CHAP, CHAP_CHALLENGE), "CHAP Challenge");
    EXPECT_EQ(MessageName(PPP_PAP, PAP_REQUEST), "PAP Authenticate-Request");
    EXPECT_EQ(MessageName(PPP_LCP, 99), "LCP code 99");
    EXPECT_EQ(MessageName(0x8057, 1), "protocol 0x8057 code 1");
}

TEST(Messages, AreDescribedByTheirOptions)
{
    const Bytes lcp = FromHex("01040578 0305c22381 0506 1a2b3c4d 0702 0802 0d0306");
    EXPECT_EQ(Describe(PPP_LCP, {CONFIGURE_REQUEST, 1, lcp}),
              "mru 1400, auth MS-CHAPv2, magic 1a2b3c4d, pfc, acfc, callback");
    const Bytes ipcp = FromHex("0306 0a000002 8106 0a000001 0704aabb");
    EXPECT_EQ(Describe(PPP_IPCP, {CONFIGURE_NAK, 1, ipcp}),
              "address 10.0.0.2, dns1 10.0.0.1, option 7");
}

TEST(Messages, AreDescribedWithoutAPasswordAndWithoutControlCharacters)
{
    const Bytes pap = FromHex("03 75 0a 72 06 736563726574");
    EXPECT_EQ(Describe(PPP_PAP, {PAP_REQUEST, 1, pap}), "u?r");
}

TEST(AddressPool, GivesTheLowestFreeAddressFirst)
{
    AddressPool pool({10}, {12});
    EXPECT_EQ(pool.Take()->value, 10u);
    EXPECT_EQ(pool.Take()->value, 11u);
    EXPECT_EQ(pool.Take()->value, 12u);
    EXPECT_FALSE(pool.Take());
    pool.Return({12});
    pool.Return({10});
    EXPECT_EQ(pool.Taken(), 1u);
    EXPECT_EQ(pool.Take()->value, 10u);
    EXPECT_EQ(pool.Take()->value, 12u);
    EXPECT_FALSE(pool.Take());
}

TEST(AddressPool, IgnoresAddressesThatItDidNotGive)
{
    AddressPool pool({10}, {11});
    pool.Take();
    pool.Return({11});
    pool.Return({9});
    pool.Return({200});
    EXPECT_EQ(pool.Taken(), 1u);
    EXPECT_EQ(pool.Take()->value, 11u);
    EXPECT_FALSE(pool.Take());
}

TEST(AddressPool, MayBeEmptyOrReachTheLastAddressOfAll)
{
    EXPECT_FALSE(AddressPool({5}, {4}).Take());
    AddressPool last({0xFFFFFFFF}, {0xFFFFFFFF});
    EXPECT_EQ(last.Take()->value, 0xFFFFFFFFu);
    EXPECT_FALSE(last.Take());
}
