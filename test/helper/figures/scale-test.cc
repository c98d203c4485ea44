// SPDX-License-Identifier: GPL-2.0-only
/**
 * \file
 * Which values stand where in a figure, and which axes are chosen.
 */
#include "test/helper/figures/sample.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

namespace nattlab::figures
{

namespace
{

using store::AxisValue;
using ::testing::ElementsAre;
using ::testing::HasSubstr;

/** \return a scale over the first axis of points with those values. */
Scale
ScaleOf(const std::vector<AxisValue>& values,
        const std::string& document = "{}",
        std::size_t most = MOST_VALUES)
{
    std::vector<store::PointRow> points;
    for (const AxisValue& value : values)
    {
        points.push_back(Point({value}, {Connected(1)}));
    }
    return SurveyOf(Identity({"axis"}, document), points).ScaleOf(0, most, "--x");
}

std::string
MessageOfTooMany(std::size_t values)
{
    std::vector<AxisValue> texts;
    for (std::size_t i = 0; i < values; ++i)
    {
        texts.emplace_back("value " + std::to_string(i));
    }
    try
    {
        ScaleOf(texts, "{}", 8);
    }
    catch (const BadRequest& problem)
    {
        return problem.what();
    }
    return "";
}

} // namespace

TEST(Scale, SortsNumbersByTheirValue)
{
    const Scale scale = ScaleOf({10.0, 2.5, 100.0});
    EXPECT_THAT(scale.Labels(), ElementsAre("2.5", "10", "100"));
    EXPECT_EQ(scale.Place(Point({10.0}, {})), 1U);
    EXPECT_TRUE(scale.Numeric());
}

TEST(Scale, KeepsTextsInTheOrderOfTheSweep)
{
    const std::string document = R"({"axes": {"axis": {"values": ["z", "a", "m"]}}})";
    EXPECT_THAT(ScaleOf({"m", "a", "z", "a"}, document).Labels(), ElementsAre("z", "a", "m"));
}

TEST(Scale, KeepsPatchesInTheOrderOfTheSweep)
{
    const std::string document = R"({"axes": {"axis": {"patches": {"z": {}, "a": {}}}}})";
    EXPECT_THAT(ScaleOf({"a", "z"}, document).Labels(), ElementsAre("z", "a"));
}

TEST(Scale, KeepsTextsOfWhichTheSweepSaysNothingInTheOrderOfPoints)
{
    EXPECT_THAT(ScaleOf({"m", "a", "z"}).Labels(), ElementsAre("m", "a", "z"));
    EXPECT_THAT(ScaleOf({"m", "a"}, "no JSON").Labels(), ElementsAre("m", "a"));
}

TEST(Scale, NamesTheUnitOfNumbers)
{
    const std::string values = R"({"axes": {"axis": {"values": ["10 ms", "1 s"]}}})";
    EXPECT_EQ(ScaleOf({10.0, 1000.0}, values).Title(), "axis (ms)");
    const std::string range = R"({"axes": {"axis": {"range": {"from": "5 %", "to": "9 %"}}}})";
    EXPECT_EQ(ScaleOf({5.0, 9.0}, range).Title(), "axis (%)");
    EXPECT_EQ(ScaleOf({"10 ms", "off"}, values).Title(), "axis");
}

TEST(Scale, ShowsClassesOfManyNumbers)
{
    std::vector<AxisValue> values;
    for (int i = 0; i <= 100; ++i)
    {
        values.emplace_back(i + 0.5);
    }
    const Scale scale = ScaleOf(values);
    ASSERT_EQ(scale.Size(), 6U); // steps of 10 would make 11 classes
    EXPECT_EQ(scale.Labels().front(), "0–20");
    EXPECT_EQ(scale.Labels().back(), "100–120");
    EXPECT_EQ(scale.Place(Point({19.9}, {})), 0U);
    EXPECT_EQ(scale.Place(Point({20.0}, {})), 1U);
    EXPECT_EQ(scale.Place(Point({100.5}, {})), 5U);
}

TEST(Scale, ShowsClassesOfEqualRatiosWhereTheSweepHasThem)
{
    const std::string document =
        R"({"axes": {"axis": {"range": {"from": "1 ms", "to": "1024 ms", "scale": "log"}}}})";
    std::vector<AxisValue> values;
    for (int i = 1; i <= 1024; ++i)
    {
        values.emplace_back(static_cast<double>(i));
    }
    const Scale scale = ScaleOf(values, document);
    ASSERT_EQ(scale.Size(), 10U);
    EXPECT_EQ(scale.Labels().front(), "1–2");
    EXPECT_EQ(scale.Labels().back(), "512–1.02e+03");
    for (const AxisValue& value : values)
    {
        ASSERT_TRUE(scale.Place(Point({value}, {})));
    }
}

TEST(Scale, RefusesMoreTextsThanThereIsPlaceFor)
{
    EXPECT_EQ(MessageOfTooMany(8), "");
    EXPECT_EQ(MessageOfTooMany(9),
              "--x: axis \"axis\" has 9 values, expected at most 8: choose another axis, or fewer "
              "values with --where");
    EXPECT_THAT(MessageOfTooMany(500), HasSubstr("has more than 60 values, expected at most 8"));
}

TEST(Scale, HasOnePlaceForAllWithoutAnAxis)
{
    const Scale scale;
    EXPECT_EQ(scale.Size(), 1U);
    EXPECT_EQ(scale.Place(Point({"x"}, {})), 0U);
    EXPECT_FALSE(scale.HasAxis());
}

TEST(Survey, ChoosesTheAxisWithTheGreatestEffect)
{
    std::vector<store::PointRow> points;
    for (const std::string nat : {"none", "symmetric"})
    {
        for (const double loss : {0.0, 10.0, 20.0})
        {
            const bool up = nat == "none" && loss < 20;
            points.push_back(Point({"only", nat, loss}, {up ? Connected(1) : Failed("r")}));
        }
    }
    const Survey survey = SurveyOf(Identity({"one", "nat", "loss"}), points);
    EXPECT_NEAR(survey.Axis(1).Effect(), 2.0 / 3, 1e-12);
    EXPECT_NEAR(survey.Axis(2).Effect(), 0.5, 1e-12);
    EXPECT_EQ(survey.Strongest({}, 8), 1U);
    EXPECT_EQ(survey.Strongest({1}, 8), 2U);
    EXPECT_EQ(survey.Strongest({1, 2}, 8), std::nullopt); // the other one has a single value
    EXPECT_EQ(survey.Strongest({1}, 2), std::nullopt);    // three values are too many
}

TEST(Survey, DoesNotPairAxesThatGoTogether)
{
    std::vector<store::PointRow> points;
    for (const bool other : {false, true})
    {
        for (const std::string value : {"a", "b"})
        {
            points.push_back(
                Point({value, value + value, other}, {value == "a" ? Connected(1) : Failed("r")}));
        }
    }
    const std::string document = R"({"axes": {}, "zip": [["first", "second"]]})";
    const Survey survey = SurveyOf(Identity({"first", "second", "third"}, document), points);
    EXPECT_EQ(survey.Strongest({}, 8), 1U);
    EXPECT_EQ(survey.Strongest({1}, 8), 2U);
}

TEST(Survey, NamesAllAxesWhenOneIsUnknown)
{
    const Survey survey(Identity({"nat", "loss"}));
    EXPECT_EQ(survey.Find("loss", "--x"), 1U);
    try
    {
        survey.Find("delay", "--x");
        FAIL();
    }
    catch (const BadRequest& problem)
    {
        EXPECT_STREQ(problem.what(), "--x: no axis \"delay\"; the sweep has nat, loss");
    }
}

TEST(Survey, CountsPointsThatCouldNotBeRun)
{
    store::PointRow invalid = Point({1.0}, {});
    invalid.status = store::PointStatus::Invalid;
    const Survey survey =
        SurveyOf(Identity({"axis"}), {invalid, Point({2.0}, {Connected(1), Failed("r")})});
    EXPECT_EQ(survey.Points(), 2U);
    EXPECT_EQ(survey.NotRun(), 1U);
    EXPECT_EQ(survey.Connections().connections, 2U);
    EXPECT_EQ(survey.Connections().connected, 1U);
}

} // namespace nattlab::figures
