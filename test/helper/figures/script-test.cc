// SPDX-License-Identifier: GPL-2.0-only
/**
 * \file
 * What stands in scripts and tables.
 */
#include "helper/figures/canvas.h"
#include "helper/figures/draw.h"
#include "helper/figures/figure.h"
#include "helper/figures/frame.h"
#include "model/crypto/random.h"
#include "test/helper/figures/sample.h"

#include <algorithm>
#include <gmock/gmock.h>
#include <gtest/gtest.h>

namespace nattlab::figures
{

namespace
{

using ::testing::AllOf;
using ::testing::ElementsAre;
using ::testing::HasSubstr;
using ::testing::Not;

Grid
GridOf(const std::vector<store::PointRow>& points)
{
    const Survey survey = SurveyOf(Identity({"x", "y"}), points);
    Grid grid(survey.ScaleOf(0, 60, "--x"), survey.ScaleOf(1, 60, "--y"), Scale());
    for (const store::PointRow& point : points)
    {
        grid.Add(point);
    }
    return grid;
}

Caption
Plain800()
{
    return {"Title", {"$ nattlab plot results", "nattlab 0.1.0"}, 0, 0, "stem"};
}

} // namespace

TEST(Quoted, LeavesPlainTextAlone)
{
    EXPECT_EQ(Quoted("Main Mode: 5 % <b> {x}_2^3 Grüße"), "\"Main Mode: 5 % <b> {x}_2^3 Grüße\"");
}

TEST(Quoted, WritesWhateverHasAMeaningInOctal)
{
    EXPECT_EQ(Quoted("'; system(\"x\") `x` \\ @m $v"),
              "\"\\047; system(\\042x\\042) \\140x\\140 \\134 \\100m \\044v\"");
}

TEST(Quoted, KeepsDigitsOutOfEscapes)
{
    EXPECT_EQ(Quoted("$07x7"), "\"\\044\\060\\067x7\"");
}

TEST(Quoted, NeverEndsEarlyWhateverTheBytes)
{
    RandomStream random(1, "figures", "quoted");
    for (int round = 0; round < 2000; ++round)
    {
        const Bytes bytes = random.Take(random.Below(40));
        const std::string quoted = Quoted(std::string(bytes.begin(), bytes.end()));
        ASSERT_GE(quoted.size(), 2U);
        const std::string inside = quoted.substr(1, quoted.size() - 2);
        ASSERT_EQ(inside.find_first_of("\"'`@$\n\r\t"), std::string::npos);
        for (std::size_t i = inside.find('\\'); i != std::string::npos;
             i = inside.find('\\', i + 1))
        {
            // Three digits, and no more.
            ASSERT_EQ(std::min(inside.find_first_not_of("0123456789", i + 1), inside.size()),
                      i + 4);
        }
    }
}

TEST(Plain, TakesOutControlsAndWhatIsNoUtf8)
{
    EXPECT_EQ(Plain("a\tb\nc\x7f"), "a b c ");
    EXPECT_EQ(Plain("\xff\xc3x\xed\xa0\x80"), "??x???"); // the last is half of a surrogate pair
    EXPECT_EQ(Plain("\xe2\x80\xae|\xe2\x80\xa8|"), " | |");
    EXPECT_EQ(Plain(std::string("a\0b", 3)), "a b");
    EXPECT_EQ(Plain("日本語 \xf0\x9f\x98\x80"), "日本語 \xf0\x9f\x98\x80");
}

TEST(Wrapped, BreaksAtBlanksAndElseAnywhere)
{
    const double width = WidthOf("aaaa bbbb", 10);
    EXPECT_THAT(Wrapped("aaaa bbbb cccc", 10, width), ElementsAre("aaaa bbbb", "cccc"));
    EXPECT_THAT(Wrapped("aaaaaaaaaaaaaa", 10, WidthOf("aaaaaaa", 10)),
                ElementsAre("aaaaaaa", "aaaaaaa"));
    EXPECT_THAT(Wrapped("", 10, width), ElementsAre(""));
    EXPECT_THAT(Wrapped("日本", 10, 1), ElementsAre("日", "本"));
}

TEST(Shortened, EndsWithAnEllipsisWhereThereIsNoPlace)
{
    EXPECT_EQ(Shortened("short", 10, 100), "short");
    const std::string text = Shortened("a rather long label", 10, 60);
    EXPECT_THAT(text, AllOf(HasSubstr("a rath"), HasSubstr("…")));
    EXPECT_LE(WidthOf(text, 10), 60);
}

TEST(PerCent, IsNeverRoundedToAllOrNone)
{
    EXPECT_EQ(PerCent(0), "0");
    EXPECT_EQ(PerCent(0.001), "<1");
    EXPECT_EQ(PerCent(0.504), "50");
    EXPECT_EQ(PerCent(0.999), ">99");
    EXPECT_EQ(PerCent(1), "100");
}

TEST(Counted, PartsThousands)
{
    EXPECT_EQ(Counted(1, "point"), "1 point");
    EXPECT_EQ(Counted(999, "point"), "999 points");
    EXPECT_EQ(Counted(1234567, "point"), "1,234,567 points");
}

TEST(Script, BeginsWithHowItWasMade)
{
    const Figure figure{"stem", 800, 400, "plot 1\n", ""};
    const std::string script = ScriptOf(figure, {Format::Svg, Format::Png}, {"by hand\\"});
    EXPECT_EQ(script.rfind("# \"by hand\\134\"\n", 0), 0U);
    EXPECT_THAT(script,
                AllOf(HasSubstr("set output \"stem.svg\"\nplot 1\n"),
                      HasSubstr("set output \"stem.png\"\nplot 1\n"),
                      HasSubstr("size 800,400"),
                      HasSubstr("size 1600,800")));
}

TEST(Script, HoldsEveryTextOfTheFoot)
{
    const Figure figure = GridFigure(GridOf({Point({1.0, "a"}, {Connected(1)})}), Plain800());
    EXPECT_THAT(figure.commands,
                AllOf(HasSubstr("\"Title\""),
                      HasSubstr("\"\\044 nattlab plot results\""),
                      HasSubstr("\"nattlab 0.1.0\"")));
}

TEST(GridFigure, TellsCellsWithoutRun)
{
    const auto full = GridOf({Point({1.0, "a"}, {Connected(1)})});
    EXPECT_THAT(GridFigure(full, Plain800()).commands, Not(HasSubstr("no run")));
    const auto gap = GridOf({Point({1.0, "a"}, {Connected(1)}), Point({2.0, "b"}, {Failed("r")})});
    const Figure figure = GridFigure(gap, Plain800());
    EXPECT_THAT(figure.commands, AllOf(HasSubstr("\"no run\""), HasSubstr("fs pattern")));
    EXPECT_THAT(figure.table,
                AllOf(HasSubstr("0\t0\t0\t1\t1\t1\t100\tall\t1\ta\n"),
                      HasSubstr("0\t1\t0\t0\t0\tNaN\t-\tall\t2\ta\n"),
                      HasSubstr("0\t1\t1\t1\t0\t0\t0\tall\t2\tb\n")));
}

TEST(GridFigure, WritesNumbersIntoCellsOnlyWhereThereIsPlace)
{
    std::vector<store::PointRow> points;
    for (int x = 0; x < 21; ++x)
    {
        points.push_back(Point({static_cast<double>(x), "a"}, {Connected(1)}));
    }
    EXPECT_THAT(GridFigure(GridOf(points), Plain800()).commands, Not(HasSubstr("with labels")));
    points.pop_back();
    EXPECT_THAT(GridFigure(GridOf(points), Plain800()).commands, HasSubstr("with labels"));
}

TEST(ReasonFigure, StacksFromConnectedUpTo100)
{
    ReasonCounter counter{Scale()};
    counter.Add(Point({}, {Connected(1), Failed("a", ""), Failed("a", ""), Failed("b", "")}));
    const Figure figure = ReasonFigure(counter.Bars(7), Plain800());
    EXPECT_THAT(figure.table,
                AllOf(HasSubstr("0\t0\t1\t4\t0\t25\tA\tall\tconnected\n"),
                      HasSubstr("0\t1\t2\t4\t25\t75\tB\tall\ta\n"),
                      HasSubstr("0\t2\t1\t4\t75\t100\tC\tall\tb\n")));
    EXPECT_THAT(figure.commands, HasSubstr("fc rgb '#009E73'"));
}

TEST(TimeFigure, SaysWhereItsBandComesFrom)
{
    TimeCollector one{Scale()};
    one.Add(Point({}, {Connected(1)}));
    EXPECT_THAT(TimeFigure(one.Curves(), Plain800()).commands,
                HasSubstr("Dvoretzky-Kiefer-Wolfowitz"));
    TimeCollector many{Scale()};
    for (std::uint64_t replicate = 1; replicate <= 12; ++replicate)
    {
        many.Add(Point({}, {Connected(1)}, replicate));
    }
    EXPECT_THAT(TimeFigure(many.Curves(), Plain800()).commands,
                HasSubstr("bootstrap over 12 replicates"));
}

TEST(TimeFigure, HoldsBothSidesOfEachStep)
{
    TimeCollector collector{Scale()};
    for (std::uint64_t replicate = 1; replicate <= 5; ++replicate)
    {
        collector.Add(Point({}, {Connected(2), Failed("r")}, replicate));
    }
    EXPECT_THAT(TimeFigure(collector.Curves(), Plain800()).table,
                HasSubstr("0\t0\t0\t0\tall\n"
                          "2\t0\t0\t0\tall\n"
                          "2\t50\t50\t50\tall\n"
                          "2.1\t50\t50\t50\tall\n"
                          "2.1\t50\t50\t50\tall\n"));
}

TEST(TimeFigure, IsThereWhenNothingConnects)
{
    TimeCollector collector{Scale()};
    collector.Add(Point({}, {Failed("r")}));
    EXPECT_THAT(TimeFigure(collector.Curves(), Plain800()).table, HasSubstr("1\t0\t0\t100\tall\n"));
}

} // namespace nattlab::figures
