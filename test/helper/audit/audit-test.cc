// SPDX-License-Identifier: GPL-2.0-only
#include "helper/store/store-error.h"
#include "test/helper/audit/sample.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

using namespace nattlab;
using namespace nattlab::audit;
using ::testing::HasSubstr;

namespace
{

const std::vector<std::string> LABELS{"listed", "listed with esp for tcp"};

/** \return what the audit of a sample is refused with; empty: it is made. */
std::string
RefusalOf(const Sample& sample, const AuditOptions& options = {})
{
    try
    {
        sample.Make(options);
    }
    catch (const store::Refusal& refusal)
    {
        return refusal.what();
    }
    return "";
}

store::PointRow&
PointWith(Sample& sample, const std::string& policy)
{
    for (store::PointRow& point : sample.points)
    {
        if (point.values.back() == store::AxisValue(policy))
        {
            return point;
        }
    }
    throw std::out_of_range(policy);
}

} // namespace

TEST(Audit, CallsAStatementNeededWhenItFailsWithoutItAlone)
{
    const Sample sample = Sample({"ike", "l2tp"}).Add("key", "direct", Needs({"ike"}));
    EXPECT_EQ(sample.AnswerAbout(0), Answer::Needed);
    EXPECT_EQ(sample.AnswerAbout(1), Answer::Useless);
}

TEST(Audit, GivesOtherAnswersForOtherResults)
{
    const Sample sample = Sample({"ike", "l2tp"}).Add("key", "direct", Needs({"l2tp"}));
    EXPECT_EQ(sample.AnswerAbout(0), Answer::Useless);
    EXPECT_EQ(sample.AnswerAbout(1), Answer::Needed);
}

TEST(Audit, NamesThePointsBehindAnAnswer)
{
    const Audit audit = Sample({"ike", "l2tp"}).Add("key", "direct", Needs({"ike"})).Make();
    const Place& place = audit.groups.at(0).places.at(0);
    const Finding& ike = place.findings.at(0);
    EXPECT_EQ(ike.nothing, 2u);
    EXPECT_EQ(ike.allStatements, 3u);
    EXPECT_EQ(ike.only, 4u);
    EXPECT_EQ(ike.allBut, 6u);
    EXPECT_EQ(ike.allButMeant, 0u);
    EXPECT_EQ(place.runs.at(ike.shown).point, 6u);
    EXPECT_EQ(place.runs.at(ike.shown).Shown().box, "wall");
}

TEST(Audit, CallsAStatementWrongWhereWhatIsMeantIsNeeded)
{
    const Audit audit = Sample({"tcp", "esp"}, LABELS).Add("key", "direct", Needs({"esp"})).Make();
    const Place& place = audit.groups.at(0).places.at(0);
    EXPECT_EQ(audit.statements.at(0).meant, "esp");
    EXPECT_EQ(place.findings.at(0).answer, Answer::Wrong);
    EXPECT_EQ(place.findings.at(1).answer, Answer::Needed);
    EXPECT_EQ(place.findings.at(0).allButMeant, place.findings.at(1).allBut);
    EXPECT_EQ(place.runs.at(place.findings.at(0).shown).point, place.findings.at(1).allBut);
}

TEST(Audit, CallsAWronglyWrittenStatementUselessWhereWhatIsMeantIsNotNeeded)
{
    const Sample sample = Sample({"tcp", "esp"}, LABELS).Add("key", "nat", Needs({}));
    EXPECT_EQ(sample.AnswerAbout(0), Answer::Useless);
    EXPECT_EQ(sample.AnswerAbout(1), Answer::Useless);
}

TEST(Audit, CallsAStatementNeededThatWorksAlthoughAnotherIsMeant)
{
    const Sample sample = Sample({"tcp", "esp"}, LABELS).Add("key", "odd", Needs({"tcp"}));
    EXPECT_EQ(sample.AnswerAbout(0), Answer::Needed);
    EXPECT_EQ(sample.AnswerAbout(1), Answer::Useless);
}

TEST(Audit, CallsNothingWrongThatIsMeantAsItStands)
{
    const Sample sample = Sample({"tcp", "esp"}).Add("key", "direct", Needs({"esp"}));
    EXPECT_EQ(sample.AnswerAbout(0), Answer::Useless);
}

TEST(Audit, CallsStatementsOptionalThatReplaceEachOther)
{
    const World either = [](const Open& open)
    { return open.count("a") + open.count("b") > 0 ? Connected() : Failed("ike-main"); };
    const Sample sample = Sample({"a", "b"}).Add("key", "direct", either);
    EXPECT_EQ(sample.AnswerAbout(0), Answer::Optional);
    EXPECT_EQ(sample.AnswerAbout(1), Answer::Optional);
}

TEST(Audit, CallsAStatementOptionalThatChangesTheConnection)
{
    const World faster = [](const Open& open)
    { return Connected(open.count("esp") > 0 ? "esp" : "udp"); };
    EXPECT_EQ(Sample({"esp"}).Add("key", "direct", faster).AnswerAbout(0), Answer::Optional);
    const World slower = [](const Open& open)
    {
        store::ConnectionRow row = Connected();
        row.timeToSettle = open.count("esp") > 0 ? 1 : 2;
        return row;
    };
    EXPECT_EQ(Sample({"esp"}).Add("key", "direct", slower).AnswerAbout(0), Answer::Optional);
}

TEST(Audit, CallsAStatementOptionalThatMovesAFailure)
{
    const World further = [](const Open& open)
    {
        if (open.count("a") > 0)
        {
            return Connected();
        }
        return Failed(open.count("b") > 0 ? "l2tp" : "ike-main");
    };
    const Sample sample = Sample({"a", "b"}).Add("key", "direct", further);
    EXPECT_EQ(sample.AnswerAbout(0), Answer::Needed);
    EXPECT_EQ(sample.AnswerAbout(1), Answer::Optional);
}

TEST(Audit, HasNoAnswerWhereItNeverConnects)
{
    const Audit audit =
        Sample({"a"}).Add("key", "refused", [](const Open&) { return Failed("ike-main"); }).Make();
    const Place& place = audit.groups.at(0).places.at(0);
    EXPECT_EQ(place.findings.at(0).answer, Answer::NoConnection);
    EXPECT_EQ(audit.policies.at(place.findings.at(0).shown).label, "all open");
}

TEST(Audit, ShowsThatTheStatementsTogetherAreNotEnough)
{
    const Audit audit = Sample({"a"}).Add("key", "more", Needs({"a", "the rest"})).Make();
    const Place& place = audit.groups.at(0).places.at(0);
    EXPECT_EQ(place.findings.at(0).answer, Answer::NoConnection);
    EXPECT_EQ(audit.policies.at(place.findings.at(0).shown).label, "all statements");
}

TEST(Audit, TakesARunForConnectedOnlyWhenAllConnectionsAre)
{
    Sample sample = Sample({"a"}).Add("key", "direct", Needs({}));
    EXPECT_EQ(sample.AnswerAbout(0), Answer::Useless);
    PointWith(sample, "all but a").connections.push_back(Failed("l2tp"));
    EXPECT_EQ(sample.AnswerAbout(0), Answer::Needed);
    const Audit audit = sample.Make();
    const Place& place = audit.groups.at(0).places.at(0);
    EXPECT_EQ(place.runs.at(place.findings.at(0).shown).Shown().stage, "l2tp");
}

TEST(Audit, MakesAColumnOfEachTopologyAndATableOfEachOtherValue)
{
    const Audit audit = Sample({"ike", "nat-t"})
                            .Add("key", "direct", Needs({"ike"}))
                            .Add("key", "nat", Needs({"ike", "nat-t"}))
                            .Add("certificate", "direct", Needs({}))
                            .Make();
    EXPECT_EQ(audit.groupAxes, std::vector<std::string>{"credential"});
    ASSERT_EQ(audit.groups.size(), 2u);
    EXPECT_EQ(audit.groups[0].Name(), "key");
    ASSERT_EQ(audit.groups[0].places.size(), 2u);
    EXPECT_EQ(audit.groups[0].places[0].findings[1].answer, Answer::Useless);
    EXPECT_EQ(audit.groups[0].places[1].findings[1].answer, Answer::Needed);
    ASSERT_EQ(audit.groups[1].places.size(), 1u);
    EXPECT_EQ(audit.groups[1].places[0].findings[0].answer, Answer::Useless);
}

TEST(Audit, TakesAnyAxisForTheColumns)
{
    AuditOptions options;
    options.placeAxis = "credential";
    const Audit audit = Sample({"a"})
                            .Add("key", "direct", Needs({}))
                            .Add("certificate", "direct", Needs({"a"}))
                            .Make(options);
    EXPECT_EQ(audit.groupAxes, std::vector<std::string>{"topology"});
    ASSERT_EQ(audit.groups.size(), 1u);
    EXPECT_EQ(audit.groups[0].places.at(1).name, "certificate");
    EXPECT_EQ(audit.groups[0].places.at(1).findings.at(0).answer, Answer::Needed);
}

TEST(Audit, NeedsNoAxisButThatOfPolicies)
{
    Sample sample = Sample({"a"}).Add("key", "direct", Needs({"a"}));
    sample.identity.axes = {"policy"};
    for (store::PointRow& point : sample.points)
    {
        point.values.erase(point.values.begin(), point.values.begin() + 2);
    }
    const Audit audit = sample.Make();
    EXPECT_EQ(audit.placeAxis, "");
    EXPECT_EQ(audit.groups.at(0).Name(), "");
    EXPECT_EQ(audit.groups.at(0).places.at(0).findings.at(0).answer, Answer::Needed);
}

TEST(Audit, MakesATableOfEachReplicate)
{
    Sample sample =
        Sample({"a"}).Add("key", "direct", Needs({"a"})).Add("key", "direct", Needs({}));
    EXPECT_THAT(RefusalOf(sample), HasSubstr("points 1 and 6 have the same values"));
    for (std::size_t i = 5; i < 10; ++i)
    {
        sample.points[i].replicate = 2;
    }
    const Audit audit = sample.Make();
    ASSERT_EQ(audit.groups.size(), 2u);
    EXPECT_EQ(audit.groups[1].Name(), "key, replicate 2");
    EXPECT_EQ(audit.groups[0].places[0].findings[0].answer, Answer::Needed);
    EXPECT_EQ(audit.groups[1].places[0].findings[0].answer, Answer::Useless);
}

TEST(Audit, RefusesASweepThatLacksAPoint)
{
    Sample sample = Sample({"a"}).Add("key", "direct", Needs({"a"}));
    sample.points.pop_back();
    EXPECT_EQ(RefusalOf(sample),
              "the sweep has no point with the policy \"all but a\" for key, direct");
}

TEST(Audit, RefusesASweepWithoutStatements)
{
    EXPECT_THAT(RefusalOf(Sample({}).Add("key", "direct", Needs({}))),
                HasSubstr("the axis \"policy\" has no value \"only X\" or \"all but X\""));
}

TEST(Audit, RefusesAnAxisThatThereIsNot)
{
    const Sample sample = Sample({"a"}).Add("key", "direct", Needs({"a"}));
    AuditOptions options;
    options.policyAxis = "rules";
    EXPECT_EQ(RefusalOf(sample, options),
              R"(the sweep has no axis "rules"; it has: "credential", "topology", "policy")");
    options.policyAxis = "topology";
    EXPECT_THAT(RefusalOf(sample, options), HasSubstr("cannot be that of places as well"));
}

TEST(Audit, RefusesAPointThatDidNotRun)
{
    Sample sample = Sample({"a"}).Add("key", "direct", Needs({"a"}));
    sample.points[3].status = store::PointStatus::Invalid;
    sample.points[3].problem = "no such link";
    EXPECT_EQ(RefusalOf(sample), "point 4 did not run: no such link");
    sample.points[3].status = store::PointStatus::Done;
    sample.points[3].connections.clear();
    EXPECT_EQ(RefusalOf(sample), "point 4 has no connection");
}

TEST(Audit, RefusesACorrectionOfAStatementThatThereIsNot)
{
    EXPECT_EQ(RefusalOf(Sample({"tcp"}, LABELS).Add("key", "direct", Needs({}))),
              "policy \"listed with esp for tcp\": \"esp\" is no statement; no policy is \"only "
              "esp\"");
    EXPECT_EQ(RefusalOf(Sample({"a", "b", "c"}, {"l with b for a", "l with c for a"})
                            .Add("key", "direct", Needs({}))),
              "policy \"l with c for a\": \"a\" was meant as \"b\" before");
}
