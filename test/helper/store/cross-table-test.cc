// SPDX-License-Identifier: GPL-2.0-only
#include "test/helper/store/sample.h"

#include "helper/store/cross-table.h"

#include <sstream>

using namespace nattlab::store;
using ::testing::ElementsAre;
using ::testing::HasSubstr;

namespace
{

class CrossTables : public StoreTest
{
  protected:
    /** A sweep of two axes; every point has `connections`, of which some come up. */
    CrossTables()
    {
        SweepIdentity identity = SampleIdentity(8);
        identity.axes = {"system", "loss"};
        Writer writer(Path("r"), identity, SampleInvocation(), Writer::Mode::Create);
        for (const PointId id : {5, 2, 8, 1, 3, 4, 7, 6})
        {
            PointRow point;
            point.id = id;
            point.values = {std::string(id <= 4 ? "xp|sp1" : "b, c"),
                            id % 2 == 1 ? AxisValue(std::int64_t{10}) : AxisValue(2.5)};
            for (int i = 0; id != 7 && i < 2; ++i)
            {
                ConnectionRow& connection = point.connections.emplace_back();
                connection.name = "vpn-" + std::to_string(i);
                connection.verdict = id <= 4 && (id != 3 || i == 0) ? "connected" : "failed";
            }
            point.traffic.push_back(
                {"ping", 3, id < 6 ? 3u : 1u, id < 6 ? "" : "link.loss", "", ""});
            writer.Add(point);
        }
        writer.Finish(1, true);
    }

    CrossTable Make(const std::vector<std::string>& axes,
                    const std::vector<std::string>& terms = {},
                    Subject what = Subject::Connections) const
    {
        const Reader reader(Path("r"));
        return MakeCrossTable(reader, what, Filter(terms, reader.Identity().axes), axes);
    }
};

} // namespace

TEST_F(CrossTables, CountConnectionsByTwoAxesInTheOrderOfTheSweep)
{
    const CrossTable table = Make({"system", "loss"});
    EXPECT_THAT(table.rows, ElementsAre("xp|sp1", "b, c"));
    EXPECT_THAT(table.columns, ElementsAre("10", "2.5"));
    EXPECT_EQ(table.cells[0][0].all, 4u);
    EXPECT_EQ(table.cells[0][0].good, 3u);
    EXPECT_EQ(table.cells[0][0].example, 1u);
    EXPECT_EQ(table.cells[0][1].good, 4u);
    EXPECT_EQ(table.cells[1][0].all, 2u) << "a point without connections counts for nothing";
    EXPECT_EQ(table.cells[1][1].good, 0u);
    std::ostringstream text;
    WriteText(table, text);
    EXPECT_EQ(text.str(),
              "system \\ loss    10    2.5\n"
              "xp|sp1         75 %  100 %\n"
              "b, c            0 %    0 %\n");
}

TEST_F(CrossTables, CountByOneAxis)
{
    const CrossTable table = Make({"loss"}, {"system=xp|sp1"});
    EXPECT_THAT(table.rows, ElementsAre("10", "2.5"));
    EXPECT_EQ(table.cells[0][0].good, 3u);
    std::ostringstream csv;
    WriteCsv(table, csv);
    EXPECT_EQ(csv.str(), "loss,connections,connected,share,point\n10,4,3,0.75,1\n2.5,4,4,1,2\n");
}

TEST_F(CrossTables, QuoteWhatTheirFormWouldMisread)
{
    const CrossTable table = Make({"system", "loss"});
    std::ostringstream markdown;
    WriteMarkdown(table, markdown);
    EXPECT_THAT(markdown.str(),
                HasSubstr("\n| --- | ---: | ---: |\n| xp\\|sp1 | 75 % | 100 % |\n"));
    std::ostringstream csv;
    WriteCsv(table, csv);
    EXPECT_THAT(csv.str(), HasSubstr("\n\"b, c\",10,2,0,0,5\n"));
    std::ostringstream json;
    WriteJson(table, json);
    EXPECT_THAT(json.str(), HasSubstr("\"system\": \"xp|sp1\""));
}

TEST_F(CrossTables, KeepLinesAndTagsOutOfMarkdown)
{
    const CrossTable table{Subject::Connections, "a", "", {"x\r\n<b>y|"}, {""}, {{{2, 1, 1}}}};
    std::ostringstream markdown;
    WriteMarkdown(table, markdown);
    EXPECT_EQ(markdown.str(), "| a | connected |\n| --- | ---: |\n| x  &lt;b>y\\| | 50 % |\n");
}

TEST_F(CrossTables, CallNothingAllThatIsNotAll)
{
    CrossTable table{Subject::Connections,
                     "a",
                     "",
                     {"x", "y", "z"},
                     {""},
                     {{{1000, 999, 1}}, {{1000, 1, 1}}, {{}}}};
    std::ostringstream text;
    WriteText(table, text);
    EXPECT_EQ(text.str(), "a  connected\nx       99 %\ny        1 %\nz           \n");
}

TEST_F(CrossTables, CountTrafficOfThePointsThatAreWanted)
{
    const CrossTable table = Make({"system"}, {"verdict=failed"}, Subject::Traffic);
    EXPECT_EQ(table.cells[0][0].all, 1u) << "point 3, once";
    EXPECT_EQ(table.cells[1][0].all, 3u);
    EXPECT_EQ(table.cells[1][0].good, 1u);
    std::ostringstream csv;
    WriteCsv(table, csv);
    EXPECT_THAT(csv.str(), HasSubstr("system,traffic,arrived,share,point\nxp|sp1,1,1,1,3\n"));
}

TEST_F(CrossTables, RefuseOtherNames)
{
    EXPECT_THROW(Make({"System?"}), UnknownColumn);
    EXPECT_THROW(Make({}), FilterError);
    EXPECT_THROW(Make({"loss", "system", "loss"}), FilterError);
}
