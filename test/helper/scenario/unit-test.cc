// SPDX-License-Identifier: GPL-2.0-only
#include "helper/scenario/nearest.h"
#include "helper/scenario/unit.h"

#include <gtest/gtest.h>

using namespace nattlab;
using namespace nattlab::scenario;

TEST(Unit, ReadsTimes)
{
    EXPECT_EQ(ParseDuration("20 s"), Duration(seconds{20}));
    EXPECT_EQ(ParseDuration("30 ms"), Duration(milliseconds{30}));
    EXPECT_EQ(ParseDuration("0.05 ms"), Duration(microseconds{50}));
    EXPECT_EQ(ParseDuration("41.9904 s"), Duration(41990400000LL));
    EXPECT_EQ(ParseDuration("5 min"), Duration(minutes{5}));
    EXPECT_EQ(ParseDuration("124 h"), Duration(hours{124}));
    EXPECT_EQ(ParseDuration("1 d"), Duration(hours{24}));
    EXPECT_EQ(ParseDuration("7 ns"), Duration(7));
    EXPECT_EQ(ParseDuration("0 s"), Duration(0));
}

TEST(Unit, RefusesTimesThatAreNotANumberASpaceAndAUnit)
{
    for (const char* text : {"",
                             " ",
                             "20",
                             "20s",
                             "20  s",
                             "s",
                             " s",
                             "-1 s",
                             "+1 s",
                             "1e3 s",
                             "1. s",
                             ".5 s",
                             "1.2.3 s",
                             "20 S",
                             "20 s ",
                             "20 sec",
                             "1001 d",
                             "99999999999 h",
                             "9999999999999999999999999 s"})
    {
        EXPECT_FALSE(ParseDuration(text)) << text;
    }
}

TEST(Unit, ReadsRatesInPowersOfAThousand)
{
    EXPECT_EQ(ParseRate("10 Mbit/s"), 10e6);
    EXPECT_EQ(ParseRate("53.3 kbit/s"), 53300.0);
    EXPECT_EQ(ParseRate("9600 bit/s"), 9600.0);
    EXPECT_EQ(ParseRate("1 Gbit/s"), 1e9);
    EXPECT_FALSE(ParseRate("10 MB/s"));
    EXPECT_FALSE(ParseRate("10Mbit/s"));
}

TEST(Unit, ReadsDataInPowersOf1024)
{
    EXPECT_EQ(ParseBytes("1400 bytes"), 1400U);
    EXPECT_EQ(ParseBytes("1 byte"), 1U);
    EXPECT_EQ(ParseBytes("250000 KB"), 256000000U);
    EXPECT_EQ(ParseBytes("1.5 MB"), 1572864U);
    EXPECT_FALSE(ParseBytes("1.5 bytes"));
    EXPECT_FALSE(ParseBytes("1400"));
    EXPECT_FALSE(ParseBytes("9999999999 GB"));
}

TEST(Unit, ReadsSharesUpToTheWhole)
{
    EXPECT_EQ(ParsePercent("5 %"), 0.05);
    EXPECT_EQ(ParsePercent("100 %"), 1.0);
    EXPECT_FALSE(ParsePercent("100.1 %"));
    EXPECT_FALSE(ParsePercent("5%"));
    EXPECT_EQ(ParsePackets("100 packets"), 100U);
    EXPECT_FALSE(ParsePackets("1.5 packets"));
}

TEST(Unit, ReadsRangesOfAddresses)
{
    const auto range = ParseRange("10.0.0.5-10.0.0.9");
    ASSERT_TRUE(range);
    EXPECT_EQ(range->first.ToString(), "10.0.0.5");
    EXPECT_EQ(range->last.ToString(), "10.0.0.9");
    EXPECT_EQ(ParseRange("10.0.0.5")->last.ToString(), "10.0.0.5");
    EXPECT_FALSE(ParseRange("10.0.0.9-10.0.0.5"));
    EXPECT_FALSE(ParseRange("10.0.0.5-"));
    EXPECT_FALSE(ParseRange("10.0.0.5 - 10.0.0.9"));
}

TEST(Unit, ReadsProtocolsByNumberOrName)
{
    EXPECT_EQ(ParseProtocol(Json("esp")), 50);
    EXPECT_EQ(ParseProtocol(Json(50)), 50);
    EXPECT_EQ(ParseProtocol(Json("udp")), 17);
    EXPECT_FALSE(ParseProtocol(Json("50")));
    EXPECT_FALSE(ParseProtocol(Json(256)));
    EXPECT_FALSE(ParseProtocol(Json(-1)));
}

TEST(Unit, ReadsPortsAndRangesOfPorts)
{
    EXPECT_EQ(ParsePorts(Json(500))->second, 500);
    EXPECT_EQ(ParsePorts(Json("500"))->first, 500);
    EXPECT_EQ(ParsePorts(Json("1024-65535"))->second, 65535);
    for (const char* text : {"", "-", "5-", "-5", "9-8", "65536", "1-65536", "1.5", "1-2-3", "x"})
    {
        EXPECT_FALSE(ParsePorts(Json(text))) << text;
    }
}

TEST(Nearest, FindsTheNameWithTheFewestChanges)
{
    const std::vector<std::string> known{"linux-like", "pf-like", "symmetric", "home-router"};
    EXPECT_EQ(Nearest("linux-lik", known), "linux-like");
    EXPECT_EQ(Nearest("symetric", known), "symmetric");
    EXPECT_EQ(Nearest("homerouter", known), "home-router");
    EXPECT_EQ(Nearest("PF-LIKE", known), "pf-like");
    EXPECT_EQ(Nearest("pf-lkie", known), "pf-like");
}

TEST(Nearest, IsSilentWhenNothingIsNear)
{
    EXPECT_EQ(Nearest("carrier-grade", {"pf-like", "symmetric"}), "");
    EXPECT_EQ(Nearest("x", {"y", "z"}), "");
    EXPECT_EQ(Nearest("", {"a"}), "");
    EXPECT_EQ(Nearest(std::string(100000, 'a'), {"a"}), "");
    EXPECT_EQ(Nearest("abc", {}), "");
}
