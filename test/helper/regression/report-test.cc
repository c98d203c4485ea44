// SPDX-License-Identifier: GPL-2.0-only
/**
 * \file
 * What is written about many results: the summary, JUnit XML, JSON, and what changed.
 */
#include "test/helper/regression/scratch.h"

#include "helper/regression/changes.h"
#include "helper/regression/junit.h"
#include "helper/regression/summary.h"
#include "helper/regression/utf8.h"

#include <gmock/gmock.h>

using namespace nattlab;
using namespace nattlab::regression;
using ::testing::HasSubstr;
using ::testing::Not;

namespace
{

TestResult
Good(const std::string& file)
{
    TestResult result;
    result.file = file;
    result.status = Status::AsExpected;
    result.simulated = 20;
    ConnectionResult c;
    c.name = "vpn";
    c.outcome = "connected";
    c.took = 0.25;
    c.attempts = 1;
    result.connections = {c};
    return result;
}

TestResult
Bad(const std::string& file)
{
    TestResult result = Good(file);
    result.status = Status::NotAsExpected;
    result.differences = {
        {"/expect/connections/vpn/outcome", "connected", "failed <here> & \"there\""}};
    result.connections[0].outcome = "failed";
    result.connections[0].stage = "ike-main";
    result.connections[0].reason = "firewall.rule";
    result.connections[0].box = "isp";
    result.connections[0].rule = "no-ike";
    result.connections[0].error = 792;
    return result;
}

TestResult
Broken(const std::string& file, Status status)
{
    TestResult result;
    result.file = file;
    result.status = status;
    result.problem = "first line\nsecond line";
    return result;
}

std::string
Junit(const std::vector<TestResult>& results)
{
    std::ostringstream out;
    WriteJunit(results, out);
    return out.str();
}

std::string
Summary(const std::vector<TestResult>& results, bool color = false)
{
    std::ostringstream out;
    WriteSummary(results, color, out);
    return out.str();
}

} // namespace

TEST(TestReport, SummaryTellsFileDifferenceAndVerdictOfWhatIsNotAsExpected)
{
    EXPECT_EQ(Summary({Good("a.json"), Bad("b.json")}),
              "not as expected  b.json\n"
              "  /expect/connections/vpn/outcome: expected connected, found failed <here> & "
              "\"there\"\n"
              "  vpn: failed at ike-main: firewall.rule at isp, rule \"no-ike\"; error 792\n"
              "\n"
              "2 scenarios: 1 as expected, 1 not as expected\n");
    EXPECT_EQ(Summary({Good("a.json")}), "1 scenario: 1 as expected\n");
    EXPECT_THAT(Summary({Broken("c", Status::BadInput), Broken("d", Status::Fault)}),
                HasSubstr("0 as expected, 1 error, 1 fault of nattlab"));
    EXPECT_THAT(Summary({Bad("a.json")}, true), HasSubstr("\x1b[31m"));
}

TEST(TestReport, JunitHasASuiteForEachFolderAndACaseForEachScenario)
{
    const std::string xml = Junit({Good("x/a.json"),
                                   Bad("y/b.json"),
                                   Broken("x/c.json", Status::BadInput),
                                   Broken("d.json", Status::Fault)});
    EXPECT_THAT(xml,
                HasSubstr("<testsuites name=\"nattlab\" tests=\"4\" failures=\"1\" errors=\"2\" "
                          "time=\"40.000\">"));
    EXPECT_THAT(xml, HasSubstr("<testsuite name=\"x\" tests=\"2\" failures=\"0\" errors=\"1\""));
    EXPECT_THAT(xml, HasSubstr("<testsuite name=\".\" tests=\"1\""));
    EXPECT_THAT(xml,
                HasSubstr("<testcase classname=\"x\" name=\"a\" "
                          "time=\"20.000\"/>"));
    EXPECT_THAT(
        xml,
        HasSubstr("<failure type=\"expectation\" message=\"/expect/connections/vpn/outcome: "
                  "expected connected, found failed &lt;here&gt; &amp; "
                  "&quot;there&quot;\">y/b.json\n"));
    EXPECT_THAT(xml, HasSubstr("<error type=\"bad-input\" message=\"first line\">"));
    EXPECT_THAT(xml, HasSubstr("second line\n</error>"));
    EXPECT_THAT(xml, HasSubstr("<error type=\"fault\""));
}

TEST(TestReport, JunitIsValidUtf8AndXmlWhateverANameHolds)
{
    const std::string xml = Junit({Good("bad\xff\x01/\"<&>\n.json")});
    EXPECT_EQ(xml, ToValidUtf8(xml));
    EXPECT_THAT(xml, HasSubstr("name=\"&quot;&lt;&amp;&gt;&#10;\""));
    EXPECT_THAT(xml, HasSubstr("classname=\"bad\xef\xbf\xbd\xef\xbf\xbd\""));
    EXPECT_THAT(xml, Not(HasSubstr("\x01")));
}

TEST(Utf8, ReplacesWhatIsNoCharacter)
{
    const std::string replaced = "\xef\xbf\xbd";
    EXPECT_EQ(ToValidUtf8("a\xc3\xa4\xe2\x82\xac\xf0\x9f\x98\x80"),
              "a\xc3\xa4\xe2\x82\xac\xf0\x9f\x98\x80");
    EXPECT_EQ(ToValidUtf8("\xc0\x80"), replaced + replaced);                // overlong
    EXPECT_EQ(ToValidUtf8("\xed\xa0\x80"), replaced + replaced + replaced); // surrogate
    EXPECT_EQ(ToValidUtf8("a\xe2\x82"), "a" + replaced + replaced);         // cut off
    EXPECT_EQ(ToValidUtf8("\xf5"), replaced);                               // above U+10FFFF
    EXPECT_EQ(ToXml("\xef\xbf\xbe"), replaced);                             // U+FFFE
}

TEST(TestReport, JsonComesBackAsItWas)
{
    TestResult bad = Bad("b.json");
    bad.traffic = {{"ping", 3, 1, "nat.filtered", "home", "udp 1"}};
    for (const TestResult& result : {Good("a.json"), bad, Broken("c", Status::Fault)})
    {
        EXPECT_EQ(ToJson(FromJson(ToJson(result))), ToJson(result));
    }
    const auto report = MakeTestReport({Good("a.json"), bad});
    EXPECT_EQ(report.at("totals").at("notAsExpected"), 1);
    EXPECT_EQ(report.at("scenarios").at(1).at("connections").at(0).at("rule"), "no-ike");
    EXPECT_EQ(report.at("scenarios").at(1).at("asExpected"), false);
}

TEST(Changes, AreOfVerdictAndExpectationAndNotOfTime)
{
    TestResult sooner = Good("a.json");
    sooner.connections[0].took = 0.1;
    EXPECT_TRUE(FindChanges({Good("a.json")}, {sooner}).empty());

    TestResult moved = Bad("b.json");
    moved.connections[0].box = "home";
    const std::vector<TestResult> now{Good("a.json"), moved, Bad("c.json"), Good("new.json")};
    const auto changes =
        FindChanges({Good("a.json"), Bad("b.json"), Good("c.json"), Good("gone.json")}, now);
    ASSERT_EQ(changes.size(), 3u);
    EXPECT_EQ(changes[0].now.file, "b.json");
    EXPECT_EQ(changes[1].now.file, "c.json");
    EXPECT_FALSE(changes[2].before.has_value());

    std::ostringstream out;
    WriteChanges(changes, now, out);
    EXPECT_THAT(out.str(),
                HasSubstr("changed  b.json\n  - vpn: failed at ike-main: firewall.rule "
                          "at isp, rule \"no-ike\"; error 792\n  + vpn: failed"));
    EXPECT_THAT(out.str(), HasSubstr("changed  c.json\n  - as expected\n"));
    EXPECT_THAT(out.str(), HasSubstr("new  new.json\n"));
    EXPECT_THAT(out.str(), HasSubstr("3 of 4 changed; 4 scenarios: 2 as expected"));
}

class ReadReport : public test::Scratch
{
  protected:
    /** \return what is said against a report of this text, without the path of its folder. */
    std::string Refusal(const std::string& text) const
    {
        try
        {
            ReadTestReport(Write("r.json", text));
        }
        catch (const std::runtime_error& error)
        {
            return std::string(error.what()).substr(m_folder.generic_string().size() + 1);
        }
        return {};
    }
};

TEST_F(ReadReport, RefusesWhatIsNoReport)
{
    const std::string good = Write("r.json", MakeTestReport({Good("a"), Bad("b")}).dump());
    EXPECT_EQ(ReadTestReport(good).size(), 2u);
    for (const char* text : {"", "[]", "{}", R"({"scenarios": [1]})", R"({"scenarios": [{}]})"})
    {
        EXPECT_THROW(ReadTestReport(Write("r.json", text)), std::runtime_error) << text;
    }
    EXPECT_THROW(ReadTestReport((m_folder / "none.json").string()), std::runtime_error);
}

TEST_F(ReadReport, SaysWhereItIsNoReport)
{
    const std::string foreign = ": not written by nattlab test --json: ";
    EXPECT_THAT(Refusal("{\n\"scenarios\": [1,]}"),
                ::testing::StartsWith("r.json:2:17: not valid JSON: syntax error"));
    EXPECT_EQ(Refusal(""), "r.json:1:1: the file is empty");
    EXPECT_EQ(Refusal("[]"),
              "r.json:1:1: the file must hold one object: expected { ... }, found an array");
    EXPECT_EQ(Refusal("{}"), "r.json: /scenarios" + foreign + "expected an array, found nothing");
    EXPECT_EQ(Refusal(R"({"scenarios": {}})"),
              "r.json: /scenarios" + foreign + "expected an array, found an object");

    auto report = MakeTestReport({Good("a"), Bad("b")});
    report["scenarios"][1].erase("status");
    EXPECT_EQ(Refusal(report.dump()), "r.json: /scenarios/1" + foreign + "key 'status' not found");
    report["scenarios"][1]["status"] = "well";
    EXPECT_EQ(Refusal(report.dump()), "r.json: /scenarios/1" + foreign + "unknown status \"well\"");
    EXPECT_THROW(ReadTestReport(m_folder.string()), std::runtime_error);
}

TEST_F(ReadReport, ReadsWhatIsTooLongForAScenario)
{
    TestResult result = Broken("a.json", Status::BadInput);
    result.problem = std::string(20000, 'x');
    EXPECT_EQ(Refusal(MakeTestReport({result}).dump()), "");
}

TEST(ProgressBar, FillsUpAndGoesAway)
{
    std::ostringstream out;
    ProgressBar bar(2, out);
    bar.Done(Good("a"));
    EXPECT_THAT(out.str(), HasSubstr("[###############...............] 1/2"));
    bar.Done(Bad("b"));
    EXPECT_THAT(out.str(), HasSubstr("] 2/2, 1 not as expected"));
    bar.Clear();
    EXPECT_THAT(out.str(), ::testing::EndsWith("\r\x1b[K"));
}
