// SPDX-License-Identifier: GPL-2.0-only
#include "test/helper/regression/scratch.h"

#include "helper/regression/accept.h"
#include "helper/regression/json-style.h"
#include "helper/regression/run-scenario.h"

#include <gmock/gmock.h>

using namespace nattlab;
using namespace nattlab::regression;
using ::testing::Contains;
using ::testing::ElementsAre;
using ::testing::HasSubstr;
using ::testing::IsEmpty;
using ::testing::Not;
using Json = nlohmann::ordered_json;

namespace
{

ConnectionResult
Connection(const std::string& outcome)
{
    ConnectionResult c;
    c.name = "vpn";
    c.outcome = outcome;
    c.took = 12.3;
    c.nat = "client";
    c.attempts = 1;
    if (outcome == "failed")
    {
        c.stage = "l2tp";
        c.reason = "firewall.rule";
        c.box = "isp";
        c.rule = "no-esp";
        c.error = 678;
    }
    return c;
}

TestResult
Result(const ConnectionResult& connection, const std::vector<std::string>& pointers = {})
{
    TestResult result;
    result.status = pointers.empty() ? Status::AsExpected : Status::NotAsExpected;
    result.connections = {connection};
    for (const std::string& pointer : pointers)
    {
        result.differences.push_back({pointer, "one thing", "another"});
    }
    return result;
}

std::string
Accepted(const char* expect, const TestResult& result)
{
    return AcceptVerdicts(Json::parse(expect), result).dump();
}

const std::string AT = "/expect/connections/vpn";

} // namespace

TEST(Accept, WritesTheWholeVerdictWhereNothingIsExpected)
{
    EXPECT_EQ(Accepted("{}", Result(Connection("failed"), {"/connections/vpn"})),
              R"({"connections":{"vpn":{"outcome":"failed","stage":"l2tp","reason":)"
              R"("firewall.rule","box":"isp","rule":"no-esp","error":678}}})");
    EXPECT_EQ(Accepted("{}", Result(Connection("connected"))),
              R"({"connections":{"vpn":{"outcome":"connected"}}})");
}

TEST(Accept, LeavesWhatHoldsAsItIsWritten)
{
    const char* expect = R"({"connections":{"vpn":{"outcome":"failed","box":"isp"}}})";
    EXPECT_EQ(Accepted(expect, Result(Connection("failed"))), expect);
    // A difference of another connection is none of this one.
    EXPECT_EQ(Accepted(expect, Result(Connection("failed"), {AT + "-2/box"})), expect);
}

TEST(Accept, KeepsTheOrderOfKeysAndFillsInWhereTheyBelong)
{
    EXPECT_EQ(Accepted(R"({"connections":{"vpn":{"description":"why","box":"home",)"
                       R"("outcome":"failed","nat":"none"}},"never":[]})",
                       Result(Connection("failed"), {AT + "/box"})),
              R"({"connections":{"vpn":{"description":"why","stage":"l2tp",)"
              R"("reason":"firewall.rule","box":"isp","outcome":"failed","rule":"no-esp",)"
              R"("error":678,"nat":"client"}},"never":[]})");
}

TEST(Accept, RemovesTheBlameOfAConnectionThatComesUp)
{
    EXPECT_EQ(Accepted(R"({"connections":{"vpn":{"outcome":"failed","stage":"l2tp",)"
                       R"("reason":"firewall.rule","box":"isp","error":678,"group":2}}})",
                       Result(Connection("connected"), {AT + "/outcome"})),
              R"({"connections":{"vpn":{"outcome":"connected"}}})");
}

TEST(Accept, MakesATimeLongerOnlyWhereItIsTooShort)
{
    EXPECT_THAT(Accepted(R"({"connections":{"vpn":{"outcome":"connected","within":"10 s"}}})",
                         Result(Connection("connected"), {AT + "/within"})),
                HasSubstr(R"("within":"13 s")"));
    EXPECT_THAT(Accepted(R"({"connections":{"vpn":{"outcome":"failed","within":"1 min"}}})",
                         Result(Connection("connected"), {AT + "/outcome"})),
                HasSubstr(R"("within":"1 min")"));
}

TEST(Accept, SaysHowMuchTrafficArrived)
{
    TestResult result = Result(Connection("connected"));
    const auto delivered = [&](const char* expect, std::uint64_t arrived)
    {
        result.traffic = {{"ping", 3, arrived, "", "", ""}};
        result.differences = {{"/expect/traffic/ping/delivered", "", ""}};
        return AcceptVerdicts(Json::parse(expect), result)["traffic"]["ping"]["delivered"].dump();
    };
    EXPECT_EQ(delivered("{}", 3), "\"all\"");
    EXPECT_EQ(delivered("{}", 0), "\"none\"");
    EXPECT_EQ(delivered("{}", 2), "2");
    EXPECT_EQ(delivered(R"({"traffic":{"ping":{"delivered":"all"}}})", 2), "2");
    EXPECT_EQ(delivered(R"({"traffic":{"ping":{"delivered":"some","box":"x"}}})", 2), "\"some\"");
    EXPECT_EQ(delivered(R"({"traffic":{"ping":{"delivered":1}}})", 3), "3");
}

TEST(Accept, SaysWhatItCannotAccept)
{
    const std::string text = R"({"title": "t"})";
    const Acceptance trying = Accept(text, Result(Connection("trying"), {"/connections/vpn"}));
    EXPECT_EQ(trying.text, text);
    EXPECT_THAT(trying.left, ElementsAre(HasSubstr("trying when the run ended")));
    const Acceptance seen = Accept(text, Result(Connection("connected"), {"/expect/seen/0"}));
    EXPECT_THAT(seen.left, ElementsAre(HasSubstr("/expect/seen/0")));
    EXPECT_THAT(seen.changes,
                ElementsAre("/expect/connections/vpn/outcome: none -> \"connected\""));
}

TEST(JsonStyle, PutsOnOneLineWhatFitsIntoAHundredColumns)
{
    EXPECT_EQ(FormatJson(Json::parse(R"({"a":[1,2.5,"x\"y"],"b":{},"c":null})"), 2, 10, 1),
              R"({"a": [1, 2.5, "x\"y"], "b": {}, "c": null})");
    const std::string word(30, 'x');
    const Json value = {{"first", word}, {"second", {{"k", word}}}};
    EXPECT_EQ(FormatJson(value, 2, 0, 1).find('\n'), std::string::npos);
    EXPECT_EQ(FormatJson(value, 2, 90, 1),
              "{\n    \"first\": \"" + word + "\",\n    \"second\": {\"k\": \"" + word +
                  "\"}\n  }");
}

TEST(JsonStyle, ReplacesAMemberAndNothingElse)
{
    const std::string before =
        "{ \"a\" : [1,  2], \"e}\\\"\":\"x\",\n  \"expect\": {\"b\":\"}\"}  ,"
        "\n\t\"z\": 1.0 }\n";
    EXPECT_EQ(ReplaceMember(before, "expect", {{"new", 1}}),
              "{ \"a\" : [1,  2], \"e}\\\"\":\"x\",\n  \"expect\": {\"new\": 1}  ,"
              "\n\t\"z\": 1.0 }\n");
    EXPECT_EQ(ReplaceMember("{\n  \"a\": 1\n}\n", "expect", {{"new", 1}}),
              "{\n  \"a\": 1,\n  \"expect\": {\"new\": 1}\n}\n");
    EXPECT_EQ(ReplaceMember("{}", "expect", 5), "{\n  \"expect\": 5\n}");
    EXPECT_EQ(ReplaceMember("{\r\n  \"a\": true\r\n}", "expect", 5),
              "{\r\n  \"a\": true,\r\n  \"expect\": 5\r\n}");
}

class AcceptFile : public test::Scratch
{
};

TEST_F(AcceptFile, MakesTheScenarioAsExpectedAndASecondTimeChangesNothing)
{
    const std::string wrong =
        ",\n  \"expect\": {\n    \"connections\": {\"vpn\": {\"outcome\": \"connected\"}},\n"
        "    \"traffic\": {\"ping\": {\"delivered\": \"all\"}}\n  }";
    for (const std::string& expect : {std::string(), wrong})
    {
        const std::string text = test::SmallScenario("wrong", expect);
        const std::string file = Write("s.json", text);
        const TestResult before = RunScenario(file);
        EXPECT_EQ(before.status, Status::NotAsExpected);
        const Acceptance first = Accept(text, before);
        EXPECT_THAT(first.left, IsEmpty());
        EXPECT_THAT(first.changes, Contains(HasSubstr("ppp.auth-failed")));
        EXPECT_EQ(
            first.text.compare(0, text.find("\"traffic\""), text, 0, text.find("\"traffic\"")), 0);
        Write("s.json", first.text);
        const TestResult after = RunScenario(file);
        EXPECT_EQ(after.status, Status::AsExpected) << after.problem;
        const Acceptance second = Accept(first.text, after);
        EXPECT_EQ(second.text, first.text);
        EXPECT_THAT(second.changes, IsEmpty());
    }
}
