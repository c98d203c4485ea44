// SPDX-License-Identifier: GPL-2.0-only
#include "helper/store/summary.h"

#include "test/helper/store/sample.h"

#include <nlohmann/json.hpp>

#include <sstream>

namespace nattlab::store
{

namespace
{

using Summing = StoreTest;

std::string
SummaryOf(const std::string& directory, const std::vector<std::string>& terms = {})
{
    const Reader reader(directory);
    std::ostringstream out;
    WriteSummary(reader, Filter(terms, reader.Identity().axes), "my results", out);
    return out.str();
}

} // namespace

TEST_F(Summing, TellsAPersonHowTheSweepCameOut)
{
    WriteSample(Path("a"), SampleIdentity(20), Ids(9));
    EXPECT_EQ(SummaryOf(Path("a")),
              "Made up\n"
              "sweep " +
                  std::string(64, 'b') +
                  "\n"
                  "nattlab 0.1.0\n"
                  "9 of 20 points done\n"
                  "\n"
                  "Points\n"
                  "  done: 5\n"
                  "  invalid: 2\n"
                  "  fault: 2\n"
                  "\n"
                  "Connections\n"
                  "  connected: 5\n"
                  "  failed: 5\n"
                  "\n"
                  "Traffic\n"
                  "  arrived: 5, first of point 1\n"
                  "  did not all arrive, link.lost: 5, first of point 1\n"
                  "\n"
                  "Reasons\n"
                  "  count  verdict  stage     reason         box  example point\n"
                  "      3  failed   ike-main  firewall.rule  isp              1\n"
                  "      2  failed   ike-main  nat.filtered   isp              2\n"
                  "\n"
                  "Run one again: nattlab rerun 'my results' 1\n");
}

TEST_F(Summing, IsAboutWhatIsWanted)
{
    SweepIdentity identity = SampleIdentity(20);
    identity.shards = 2;
    WriteSample(Path("a"), identity, Ids(9));
    EXPECT_EQ(SummaryOf(Path("a"), {"verdict=connected", "point=1"}),
              "Made up\n"
              "sweep " +
                  std::string(64, 'b') +
                  "\n"
                  "nattlab 0.1.0, shard 1 of 2 of 20 points\n"
                  "9 points done\n"
                  "\n"
                  "Of those that are wanted:\n"
                  "\n"
                  "Points\n"
                  "  done: 1\n"
                  "\n"
                  "Connections\n"
                  "  connected: 1\n"
              "\n"
              "Traffic\n"
              "  arrived: 1, first of point 1\n"
              "  did not all arrive, link.lost: 1, first of point 1\n");
}

TEST_F(Summing, TellsProgramsTheSame)
{
    WriteSample(Path("a"), SampleIdentity(20), Ids(9));
    std::ostringstream out;
    WriteSummaryJson(Reader(Path("a")), Filter(), out);
    const auto json = nlohmann::json::parse(out.str());
    EXPECT_EQ(json.at("title"), "Made up");
    EXPECT_EQ(json.at("points"), nlohmann::json({{"all", 20}, {"there", 9}}));
    EXPECT_EQ(json.at("status"), nlohmann::json({{"done", 5}, {"invalid", 2}, {"fault", 2}}));
    EXPECT_EQ(json.at("verdicts"), nlohmann::json({{"connected", 5}, {"failed", 5}}));
    EXPECT_TRUE(json.at("outcomes").at(0).at("reason").is_null());
    EXPECT_EQ(json.at("outcomes").at(1).at("example"), 1);
    EXPECT_EQ(json.at("invocations").at(0).at("host"), "lab");
}

} // namespace nattlab::store
