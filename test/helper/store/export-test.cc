// SPDX-License-Identifier: GPL-2.0-only
#include "test/helper/store/sample.h"

#include <nlohmann/json.hpp>

#include <algorithm>
#include <sstream>

using ::testing::ElementsAre;
using ::testing::HasSubstr;
using ::testing::Not;
using ::testing::StartsWith;

namespace nattlab::store
{

namespace
{

using Exporting = StoreTest;

/** \return the fields of all records of CSV (RFC 4180). */
std::vector<std::vector<std::string>>
ParseCsv(const std::string& text)
{
    std::vector<std::vector<std::string>> records;
    std::vector<std::string> record;
    std::string field;
    bool quoted = false;
    for (std::size_t i = 0; i < text.size(); ++i)
    {
        if (quoted)
        {
            if (text[i] != '"')
            {
                field += text[i];
            }
            else if (text[i + 1] == '"')
            {
                field += text[i++];
            }
            else
            {
                quoted = false;
            }
        }
        else if (text[i] == '"')
        {
            quoted = true;
        }
        else if (text[i] == ',' || text[i] == '\r')
        {
            record.push_back(field);
            field.clear();
        }
        else if (text[i] == '\n')
        {
            records.push_back(record);
            record.clear();
        }
        else
        {
            field += text[i];
        }
    }
    return records;
}

std::vector<nlohmann::json>
ParseLines(const std::string& text)
{
    std::vector<nlohmann::json> lines;
    std::istringstream in(text);
    for (std::string line; std::getline(in, line);)
    {
        lines.push_back(nlohmann::json::parse(line));
    }
    return lines;
}

} // namespace

TEST_F(Exporting, GivesOneRowAConnectionAndOneAPointWithout)
{
    WriteSample(Path("a"), SampleIdentity(4), Ids(4));
    const auto records = ParseCsv(Csv(Path("a")));
    ASSERT_EQ(records.size(), 7u);
    EXPECT_THAT(records[0],
                ElementsAre("point",
                            "system",
                            "clients",
                            "loss",
                            "forward",
                            "axis.Reason",
                            "replicate",
                            "seed",
                            "status",
                            "connection",
                            "client",
                            "server",
                            "verdict",
                            "stage",
                            "reason",
                            "box",
                            "rule",
                            "error",
                            "started",
                            "time_to_settle",
                            "time_ike_main",
                            "time_ike_quick",
                            "time_l2tp",
                            "time_ppp",
                            "packets",
                            "bytes",
                            "retransmissions",
                            "attempts",
                            "nat",
                            "nat_traversal",
                            "encapsulation",
                            "group",
                            "clear_text",
                            "drops",
                            "problem"));
    EXPECT_THAT(records[1],
                ElementsAre("1",
                            "windows-7\nZürich",
                            "-4",
                            "0.1",
                            "false",
                            "true",
                            "2",
                            "18446744073709551614",
                            "done",
                            "vpn",
                            "alice",
                            "gateway",
                            "connected",
                            "",
                            "",
                            "",
                            "",
                            "",
                            "0.5",
                            "0.30000000000000004",
                            "1e-07",
                            "0.3333333333333333",
                            "0",
                            "2",
                            "31",
                            "4711",
                            "0",
                            "1",
                            "client",
                            "rfc3947",
                            "udp",
                            "2",
                            "false",
                            "",
                            ""));
    EXPECT_THAT(records[2],
                ElementsAre("1",
                            "windows-7\nZürich",
                            "-4",
                            "0.1",
                            "false",
                            "true",
                            "2",
                            "18446744073709551614",
                            "done",
                            "other, \"one\"",
                            "bob",
                            "",
                            "failed",
                            "ike-main",
                            "firewall.rule",
                            "isp",
                            "drop 'udp' 4500",
                            "678",
                            "",
                            "",
                            "",
                            "",
                            "",
                            "",
                            "0",
                            "0",
                            "5",
                            "0",
                            "",
                            "",
                            "",
                            "",
                            "true",
                            "nat.filtered=3 link.lost=1",
                            ""));
    EXPECT_EQ(records[5][0], "3");
    EXPECT_EQ(records[5][8], "invalid");
    EXPECT_EQ(records[5][9], "");
    EXPECT_EQ(records[5][32], "");
    EXPECT_EQ(records[5][34], "/hosts/a: \"x\", é\r\nexpected \xFF");
}

TEST_F(Exporting, GivesJsonWithTypes)
{
    WriteSample(Path("a"), SampleIdentity(3), Ids(3));
    const auto lines = ParseLines(JsonLines(Path("a")));
    ASSERT_EQ(lines.size(), 5u);
    EXPECT_EQ(lines[0].size(), 35u);
    EXPECT_EQ(lines[0].at("system"), "windows-7\nZürich");
    EXPECT_EQ(lines[0].at("clients"), -4);
    EXPECT_EQ(lines[0].at("loss"), 0.1);
    EXPECT_EQ(lines[0].at("axis.Reason"), true);
    EXPECT_EQ(lines[2].at("axis.Reason"), "1");
    EXPECT_EQ(lines[0].at("seed"), 18446744073709551614u);
    EXPECT_EQ(lines[0].at("time_to_settle"), 0.1 + 0.2);
    EXPECT_EQ(lines[0].at("drops"), nlohmann::json::object());
    EXPECT_EQ(lines[1].at("drops"), nlohmann::json({{"nat.filtered", 3}, {"link.lost", 1}}));
    EXPECT_EQ(lines[1].at("clear_text"), true);
    EXPECT_TRUE(lines[1].at("group").is_null());
    EXPECT_TRUE(lines[4].at("connection").is_null());
    EXPECT_TRUE(lines[4].at("packets").is_null());
    EXPECT_EQ(lines[4].at("problem"), "/hosts/a: \"x\", é\r\nexpected \uFFFD");
}

TEST_F(Exporting, GivesPointsAndTrafficToo)
{
    WriteSample(Path("a"), SampleIdentity(3), Ids(3));
    const auto points = ParseCsv(Csv(Path("a"), {}, ExportForm::Points));
    ASSERT_EQ(points.size(), 4u);
    EXPECT_EQ(points[0].back(), "problem");
    EXPECT_EQ(points[1][9], "12.5");
    EXPECT_EQ(points[1][10], "61");
    const auto traffic = ParseCsv(Csv(Path("a"), {}, ExportForm::Traffic));
    ASSERT_EQ(traffic.size(), 5u);
    EXPECT_THAT(traffic[1],
                ElementsAre("1",
                            "windows-7\nZürich",
                            "-4",
                            "0.1",
                            "false",
                            "true",
                            "2",
                            "18446744073709551614",
                            "done",
                            "ping",
                            "4",
                            "1",
                            "link.lost",
                            "",
                            ""));
    EXPECT_EQ(traffic[2][9], "second");
    EXPECT_EQ(ParseLines(JsonLines(Path("a"), ExportForm::Traffic))[1].at("traffic"), "second");
    EXPECT_EQ(ParseLines(JsonLines(Path("a"), ExportForm::Points))[2].at("status"), "invalid");
}

TEST_F(Exporting, DoesNotDependOnTheOrderOfWriting)
{
    std::vector<PointId> ids = Ids(600);
    WriteSample(Path("a"), SampleIdentity(600), ids);
    std::reverse(ids.begin(), ids.end());
    WriteSample(Path("b"), SampleIdentity(600), ids);
    std::stable_sort(ids.begin(), ids.end(), [](PointId a, PointId b) { return a % 7 < b % 7; });
    WriteSample(Path("c"), SampleIdentity(600), {ids.begin(), ids.begin() + 321});
    WriteSample(
        Path("c"), SampleIdentity(600), {ids.begin() + 321, ids.end()}, Writer::Mode::Resume);
    EXPECT_TRUE(AllExports(Path("a")) == AllExports(Path("b")));
    EXPECT_TRUE(AllExports(Path("a")) == AllExports(Path("c")));
}

TEST_F(Exporting, TellsNothingOfMachineAndTime)
{
    WriteSample(Path("a"), SampleIdentity(), Ids(10));
    const std::string all = AllExports(Path("a"));
    EXPECT_THAT(all, Not(HasSubstr("2026-11-22")));
    EXPECT_THAT(all, Not(HasSubstr("lab")));
    EXPECT_THAT(all, Not(HasSubstr("nattlab sweep")));
}

TEST_F(Exporting, TakesNamesOfAxesThatAreOddOrTaken)
{
    SweepIdentity identity = SampleIdentity(1);
    identity.axes = {"a \"b\", c", "POINT", "axis.point", "x", "X"};
    WriteSample(Path("a"), identity, {1});
    EXPECT_THAT(Csv(Path("a")),
                StartsWith("point,\"a \"\"b\"\", c\",axis.POINT,axis.axis.point,x,axis.X,"));
    EXPECT_EQ(ParseLines(JsonLines(Path("a")))[0].at("a \"b\", c"), "windows-7\nZürich");
    EXPECT_EQ(ParseCsv(Csv(Path("a"), {"axis.POINT=-4"})).size(), 3u);
}

} // namespace nattlab::store
