// SPDX-License-Identifier: GPL-2.0-only
#include "test/helper/store/sample.h"

using ::testing::ElementsAre;
using ::testing::EndsWith;
using ::testing::HasSubstr;
using ::testing::IsEmpty;
using ::testing::StartsWith;

namespace nattlab::store
{

namespace
{

/** Points 1 to 10 of the sample: two connections each, but 3 and 8 are invalid, 4 and 9 at fault.
 */
class Filtering : public StoreTest
{
  protected:
    Filtering()
    {
        WriteSample(Path("a"), SampleIdentity(), Ids(10));
        m_reader.emplace(Path("a"));
    }

    /** \return "1:vpn 1:other 3": which rows come. */
    std::string Rows(const std::vector<std::string>& terms) const
    {
        std::string rows;
        m_reader->ForEach(Filter(terms, m_reader->Identity().axes, m_quantities),
                          [&rows](const PointRow& point)
                          {
                              const std::string id =
                                  (rows.empty() ? "" : " ") + std::to_string(point.id);
                              for (const ConnectionRow& connection : point.connections)
                              {
                                  rows += (rows.empty() ? "" : " ") + std::to_string(point.id) +
                                          ":" + connection.name.substr(0, 1);
                              }
                              rows += point.connections.empty() ? id : "";
                          });
        return rows;
    }

    std::string Complaint(const std::string& term) const
    {
        return MessageOf<FilterError>([&]
                                      { Filter({term}, m_reader->Identity().axes, m_quantities); });
    }

    std::optional<Reader> m_reader;
    Filter::Quantities m_quantities;
};

} // namespace

TEST_F(Filtering, WithoutTermsAdmitsAll)
{
    EXPECT_EQ(Rows({}), "1:v 1:o 2:v 2:o 3 4 5:v 5:o 6:v 6:o 7:v 7:o 8 9 10:v 10:o");
}

TEST_F(Filtering, ComparesTexts)
{
    EXPECT_EQ(Rows({"verdict=failed"}), "1:o 2:o 5:o 6:o 7:o 10:o");
    EXPECT_EQ(Rows({"reason=nat.filtered"}), "2:o 6:o 10:o");
    EXPECT_EQ(Rows({"status=invalid"}), "3 8");
    EXPECT_EQ(Rows({"connection=other, \"one\"", "rule=drop 'udp' 4500", "point<3"}), "1:o 2:o");
    EXPECT_EQ(Rows({"verdict!=failed", "point<=4"}), "1:v 2:v 3 4");
    EXPECT_EQ(Rows({"verdict=Failed"}), "");
    EXPECT_EQ(Rows({"drops=nat.filtered=3 link.lost=6"}), "6:o");
}

TEST_F(Filtering, ComparesNumbers)
{
    EXPECT_EQ(Rows({"error=678", "point>6"}), "7:o 10:o");
    EXPECT_EQ(Rows({"time_to_settle>=0.3", "point>6"}), "7:v 10:v");
    EXPECT_EQ(Rows({"time_to_settle<0.3"}), "");
    EXPECT_EQ(Rows({"seed=18446744073709551613"}), "2:v 2:o");
    EXPECT_EQ(Rows({"error!=678", "point=1"}), "1:v");
    EXPECT_EQ(Rows({"clear_text=true", "point=1"}), "1:o");
}

TEST_F(Filtering, AsksForWhatIsAbsent)
{
    EXPECT_EQ(Rows({"verdict="}), "3 4 8 9");
    EXPECT_EQ(Rows({"error!=", "point<3"}), "1:o 2:o");
    EXPECT_EQ(Rows({"group=", "verdict!=", "point<3"}), "1:o 2:o");
}

TEST_F(Filtering, ComparesAxes)
{
    EXPECT_EQ(Rows({"system=windows-xp, \"SP2\"", "clients<0"}), "2:v 2:o 4");
    EXPECT_EQ(Rows({"clients=0"}), "5:v 5:o");
    EXPECT_EQ(Rows({"loss>0.85"}), "9 10:v 10:o");
    EXPECT_EQ(Rows({"loss=1"}), "10:v 10:o");
    EXPECT_EQ(Rows({"forward=true"}), "3 6:v 6:o 9");
    EXPECT_EQ(Rows({"forward!=true", "point<4"}), "1:v 1:o 2:v 2:o");
    EXPECT_EQ(Rows({"forward=1"}), "");
    EXPECT_EQ(Rows({"forward>0"}), "");
}

TEST_F(Filtering, UnderstandsAUnitWhereItIsToldHow)
{
    EXPECT_EQ(Rows({"clients=2 s"}), "");
    EXPECT_EQ(Complaint("clients>2 s"), "clients>2 s: expected a number, found \"2 s\"");
    m_quantities = [](std::size_t axis, const std::string& text)
    { return axis == 1 && text == "2 s" ? std::optional(2.0) : std::nullopt; };
    EXPECT_EQ(Rows({"clients=2 s"}), "7:v 7:o");
    EXPECT_EQ(Rows({"clients>2 s"}), "8 9 10:v 10:o");
    EXPECT_EQ(Rows({"clients!=2 s", "clients>1"}), "8 9 10:v 10:o");
    EXPECT_EQ(Rows({"system=2 s"}), "");
    EXPECT_EQ(Complaint("loss<2 s"), "loss<2 s: expected a number, found \"2 s\"");
}

TEST_F(Filtering, ComparesAnAxisWhoseValuesAreOfSeveralKinds)
{
    EXPECT_EQ(Rows({"axis.Reason=1", "status!=done"}), "3 4 8");
    EXPECT_EQ(Rows({"axis.Reason=true", "status!=done"}), "9");
    EXPECT_EQ(Rows({"axis.Reason!=1", "status!=done"}), "9");
}

TEST_F(Filtering, TakesNothingForSql)
{
    EXPECT_EQ(Rows({"verdict=' OR 1 --"}), "");
    EXPECT_EQ(Rows({"system=\"; DROP TABLE points; --"}), "");
    EXPECT_EQ(m_reader->PointCount(), 10u);
}

TEST_F(Filtering, SaysWhatIsWrongWithATerm)
{
    EXPECT_THAT(Complaint("verdict"), StartsWith("verdict: expected NAME=VALUE"));
    EXPECT_THAT(Complaint("verdict!failed"), StartsWith("verdict!failed: expected NAME=VALUE"));
    EXPECT_EQ(Complaint("error=big"), "error=big: expected a number, found \"big\"");
    EXPECT_EQ(Complaint("error<"), "error<: expected a number, found \"\"");
    EXPECT_EQ(Complaint("clients<many"), "clients<many: expected a number, found \"many\"");
    EXPECT_EQ(Complaint("error=nan"), "error=nan: expected a number, found \"nan\"");
    EXPECT_EQ(Complaint("loss<inf"), "loss<inf: expected a number, found \"inf\"");
    EXPECT_EQ(Complaint("loss>-infinity"),
              "loss>-infinity: expected a number, found \"-infinity\"");
    EXPECT_EQ(Complaint("verdict<5"), "verdict<5: verdict is no number: use = or !=");
    EXPECT_EQ(Complaint("clear_text=1"), "clear_text=1: expected true or false, found \"1\"");
}

TEST_F(Filtering, NamesAllColumnsWhenOneIsUnknown)
{
    try
    {
        const Filter filter({"verdikt=failed"}, m_reader->Identity().axes);
        FAIL() << "it is known";
    }
    catch (const UnknownColumn& unknown)
    {
        EXPECT_EQ(unknown.name, "verdikt");
        EXPECT_THAT(unknown.known, ::testing::Contains("verdict"));
        EXPECT_THAT(unknown.known, ::testing::Contains("axis.Reason"));
        EXPECT_THAT(unknown.what(),
                    StartsWith("verdikt=failed: there is no column \"verdikt\"; there are point, "
                               "system, clients, loss, forward, axis.Reason, replicate"));
    }
}

TEST_F(Filtering, FindsNamesThatHoldAComparison)
{
    SweepIdentity identity = SampleIdentity();
    identity.axes = {"a=b", "a", "c<d", "e", "f"};
    EXPECT_EQ(Filter({"a=b=c"}, identity.axes).Sql(), Filter({"a=b=d"}, identity.axes).Sql());
    EXPECT_NE(Filter({"a=b=c"}, identity.axes).Sql(), Filter({"a=c"}, identity.axes).Sql());
    EXPECT_THAT(MessageOf<FilterError>([&] { Filter({"c<d>5"}, identity.axes); }), IsEmpty());
}

TEST_F(Filtering, CountsWhatItAdmits)
{
    const auto outcomes = m_reader->CountOutcomes(Filter());
    ASSERT_EQ(outcomes.size(), 3u);
    EXPECT_EQ(outcomes[0].verdict, "connected");
    EXPECT_EQ(outcomes[0].connections, 6u);
    EXPECT_EQ(outcomes[0].reason, "");
    EXPECT_EQ(outcomes[1].reason, "firewall.rule"); // as frequent as the next
    EXPECT_EQ(outcomes[1].connections, 3u);
    EXPECT_EQ(outcomes[1].example, 1u);
    EXPECT_EQ(outcomes[2].reason, "nat.filtered");
    EXPECT_EQ(outcomes[2].stage, "ike-main");
    EXPECT_EQ(outcomes[2].box, "isp");
    EXPECT_EQ(outcomes[2].example, 2u);

    const auto status = m_reader->CountStatus(Filter());
    ASSERT_EQ(status.size(), 3u);
    EXPECT_EQ(status[0].status, PointStatus::Done);
    EXPECT_EQ(status[0].points, 6u);
    EXPECT_EQ(status[1].points, 2u);

    const Filter few({"point<4"}, m_reader->Identity().axes);
    EXPECT_EQ(m_reader->CountStatus(few)[0].points, 2u);
    EXPECT_EQ(m_reader->CountOutcomes(few)[0].connections, 2u);
}

} // namespace nattlab::store
