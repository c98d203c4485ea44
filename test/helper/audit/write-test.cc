// SPDX-License-Identifier: GPL-2.0-only
#include "helper/audit/findings.h"
#include "helper/audit/write.h"
#include "test/helper/audit/sample.h"

#include <algorithm>
#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <nlohmann/json.hpp>
#include <sstream>

using namespace nattlab;
using namespace nattlab::audit;
using ::testing::ElementsAre;
using ::testing::HasSubstr;
using ::testing::Not;
using ::testing::StartsWith;

namespace
{

/** Without NAT "esp" is needed, for which "tcp" was written. */
Sample
SmallSample()
{
    return Sample({"ike", "tcp", "esp"}, {"listed with esp for tcp"})
        .Add("key", "direct", Needs({"ike", "esp"}))
        .Add("key", "nat", Needs({"ike"}));
}

template <class Write>
std::string
TextOf(const Write& write)
{
    std::ostringstream out;
    write(out);
    return out.str();
}

std::string
Page(const Audit& audit, const std::string& madeBy = "")
{
    return TextOf([&](std::ostream& out) { WritePage(audit, madeBy, out); });
}

std::string
Csv(const Audit& audit)
{
    return TextOf([&](std::ostream& out) { WriteCsv(audit, out); });
}

} // namespace

TEST(AuditFindings, SayOfEachStatementWhereItIsWhat)
{
    EXPECT_THAT(
        Findings(SmallSample().Make()),
        ElementsAre("ike is needed everywhere (without it: failed at ike-main: firewall.default at "
                    "wall, error 792).",
                    "tcp (for esp) is wrong in direct (with it, and without esp: failed at "
                    "ike-main: firewall.default at wall, error 792); useless in nat.",
                    "esp is needed in direct (without it: failed at ike-main: firewall.default at "
                    "wall, error 792); useless in nat.",
                    "\"listed with esp for tcp\" connects everywhere."));
}

TEST(AuditFindings, NameTheGroupWhereGroupsDiffer)
{
    const Sample sample = Sample({"a", "b"})
                              .Add("key", "direct", Needs({}))
                              .Add("certificate", "direct", Needs({"a"}));
    EXPECT_THAT(Findings(sample.Make()),
                ElementsAre("key: a is useless.",
                            "certificate: a is needed (without it: failed at ike-main: "
                            "firewall.default at wall, error 792).",
                            "b is useless."));
}

TEST(AuditFindings, SayWhatFailsWhereThereIsNoAnswer)
{
    const World refused = [](const Open&) { return Failed("ike-main"); };
    EXPECT_THAT(Findings(Sample({"a"}, {"listed"}).Add("key", "direct", refused).Make()),
                ElementsAre("a is without an answer (with all open: failed at ike-main: "
                            "firewall.default at wall, error 792).",
                            "\"listed\" fails (failed at ike-main: firewall.default at wall, error "
                            "792)."));
}

TEST(AuditFindings, SayWhereAListWasNotRun)
{
    Sample sample =
        Sample({"a"}, {"listed"}).Add("key", "direct", Needs({})).Add("key", "nat", Needs({}));
    sample.points.pop_back();
    EXPECT_EQ(Findings(sample.Make()).back(), "\"listed\" connects in direct; was not run in nat.");
}

TEST(AuditFindings, WritePointsInRanges)
{
    EXPECT_EQ(PointsText({}), "");
    EXPECT_EQ(PointsText({7}), "7");
    EXPECT_EQ(PointsText({1, 2, 4, 6, 7, 8}), "1-2, 4, 6-8");
}

TEST(AuditText, ShowsTheTablesAndWhatKeepsItFromConnecting)
{
    const std::string text =
        TextOf([](std::ostream& out) { WriteText(SmallSample().Make(), "some/results", out); });
    EXPECT_THAT(text, HasSubstr(R"(Made up

credential: key
  statement      direct      nat
  ike            needed (7)  needed (17)
  tcp (for esp)  wrong (9)   useless (18)
  esp            needed (9)  useless (19)

  Does it connect?
  open                     direct         nat
  all open                 yes, esp (1)   yes, esp (11)
  nothing                  no (2)         no (12)
)"));
    EXPECT_THAT(text, HasSubstr(R"(
  verdict  stage     reason            box   rule             error  points
  failed   ike-main  firewall.default  wall  default forward  792    2, 4-7, 9, 12, 15-17
)"));
    EXPECT_THAT(text, HasSubstr("nattlab rerun some/results NUMBER"));
    EXPECT_THAT(text, HasSubstr("\nwrong: ")) << "explains the words";
    EXPECT_THAT(text, Not(HasSubstr("\noptional: "))) << "that it has";
}

TEST(AuditPage, NamesEveryPointBehindAnAnswer)
{
    const std::string page = Page(SmallSample().Make(), "some command");
    EXPECT_THAT(page, HasSubstr("20 points, nattlab 0.1.0, sweep `aaaaaaaaaaaaaaaa`, by"));
    EXPECT_THAT(page, HasSubstr("\n```\nsome command\n```\n"));
    EXPECT_THAT(page, HasSubstr(R"(
| statement | direct | nat |
| --- | --- | --- |
| ike | **needed**<br>3, 7, 2, 4 | **needed**<br>13, 17, 12, 14 |
| tcp (for esp) | **wrong**<br>3, 8, 2, 5, 9 | useless<br>13, 18, 12, 15, 19 |
| esp | **needed**<br>3, 9, 2, 6 | useless<br>13, 19, 12, 16 |
)"));
    EXPECT_THAT(page, HasSubstr("\n| all but esp | **no** (9) | yes, esp (19) |\n"));
    EXPECT_THAT(page,
                HasSubstr("\n| failed | ike-main | firewall.default | wall | default forward | 792 "
                          "| 2, 4-7, 9, 12, 15-17 |\n"));
}

TEST(AuditPage, SaysWhatTheBaseIs)
{
    Sample sample = SmallSample();
    for (const char* document :
         {"", "no JSON", "[]", R"({"base": 5})", R"({"base": {"title": 5}})"})
    {
        sample.identity.document = document;
        EXPECT_THAT(Page(sample.Make()), StartsWith("# Made up\n\n20 points")) << document;
    }
    sample.identity.document = R"({"base": {"title": "Two hosts", "description": "And a wall."}})";
    EXPECT_THAT(Page(sample.Make()),
                StartsWith("# Made up\n\nTwo hosts. And a wall.\n\n20 points"));
}

TEST(AuditPage, KeepsATableWholeWhateverNamesHold)
{
    const std::string page = Page(Sample({"a|b"}).Add("key", "x|y", Needs({})).Make());
    EXPECT_THAT(page, HasSubstr("\n| statement | x\\|y |\n| --- | --- |\n| a\\|b | useless<br>"));
    EXPECT_THAT(page, HasSubstr("sweep `aaaaaaaaaaaaaaaa`.\n"));
}

TEST(AuditCsv, HasALineForEachStatementAndPolicy)
{
    const std::string csv = Csv(SmallSample().Make());
    EXPECT_THAT(csv,
                HasSubstr("credential,topology,kind,name,meant,answer,point_all_statements,"
                          "point_all_but,point_nothing,point_only,point_all_but_meant,point,"
                          "verdict,stage,reason,box,rule,error,nat,nat_traversal,encapsulation\r\n"
                          "key,direct,statement,ike,,needed,3,7,2,4,,7,failed,ike-main,"
                          "firewall.default,wall,default forward,792,,,\r\n"
                          "key,direct,statement,tcp,esp,wrong,3,8,2,5,9,9,failed,ike-main,"));
    EXPECT_THAT(csv,
                HasSubstr("\r\nkey,nat,policy,all open,,yes,,,,,,11,connected,,,,,,,,esp\r\n"));
}

TEST(AuditCsv, HasEquallyManyFieldsInEachLine)
{
    std::istringstream lines(Csv(SmallSample().Make()));
    std::size_t count = 0;
    for (std::string line; std::getline(lines, line); ++count)
    {
        EXPECT_EQ(std::count(line.begin(), line.end(), ','), 20) << line;
    }
    EXPECT_EQ(count, 1u + 2 * (3 + 10));
}

TEST(AuditCsv, QuotesNamesWithCommas)
{
    EXPECT_THAT(Csv(Sample({"a, \"b\""}).Add("key", "direct", Needs({})).Make()),
                HasSubstr(R"(key,direct,statement,"a, ""b""",,useless)"));
}

TEST(AuditJson, HoldsWhatTheTablesHold)
{
    const auto json = nlohmann::json::parse(
        TextOf([](std::ostream& out) { WriteJson(SmallSample().Make(), out); }));
    EXPECT_EQ(json.at("points"), 20);
    EXPECT_EQ(json.at("groupAxes"), nlohmann::json::array({"credential"}));
    EXPECT_EQ(json.at("findings").size(), 4u);
    const auto& places = json.at("groups").at(0).at("places");
    EXPECT_EQ(places.at(1).at("name"), "nat");
    const auto& tcp = places.at(0).at("statements").at(1);
    EXPECT_EQ(tcp.at("statement"), "tcp");
    EXPECT_EQ(tcp.at("meant"), "esp");
    EXPECT_EQ(tcp.at("answer"), "wrong");
    EXPECT_EQ(tcp.at("points").at("allButMeant"), 9);
    EXPECT_EQ(tcp.at("run").at("reason"), "firewall.default");
    EXPECT_EQ(places.at(0).at("policies").at(8).at("connects"), false);
    EXPECT_TRUE(places.at(0).at("policies").at(0).at("run").at("error").is_null());
}
