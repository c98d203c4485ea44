// SPDX-License-Identifier: GPL-2.0-only
#include "helper/store/merge.h"

#include "test/helper/store/sample.h"

#include <fstream>

using ::testing::EndsWith;
using ::testing::HasSubstr;

namespace nattlab::store
{

namespace
{

class Merging : public StoreTest
{
  protected:
    /** Write a shard that has every \p shards-th point, in the directory of its number. */
    std::string WriteShard(std::uint64_t shard,
                           std::uint64_t shards,
                           const SweepIdentity& sweep = SampleIdentity(POINTS))
    {
        SweepIdentity identity = sweep;
        identity.shard = shard;
        identity.shards = shards;
        std::vector<PointId> ids;
        for (PointId id = shard; id <= identity.points; id += shards)
        {
            ids.push_back(id);
        }
        WriteSample(Path(std::to_string(shard)), identity, ids);
        return Path(std::to_string(shard));
    }

    std::string Complaint(const std::vector<std::string>& directories)
    {
        const auto merge = [&] { Merge(directories, Path("target")); };
        std::string message = MessageOf<Refusal>(merge);
        EXPECT_FALSE(std::filesystem::exists(Path("target")));
        return message;
    }

    static constexpr std::uint64_t POINTS = 50;
};

} // namespace

TEST_F(Merging, GivesWhatARunWithoutShardsGives)
{
    WriteSample(Path("whole"), SampleIdentity(POINTS), Ids(POINTS));
    const std::string c = WriteShard(3, 3);
    const std::string a = WriteShard(1, 3);
    const std::string b = WriteShard(2, 3);
    Merge({b, c, a}, Path("target"));
    EXPECT_TRUE(AllExports(Path("target")) == AllExports(Path("whole")));
    const Reader merged(Path("target"));
    EXPECT_TRUE(merged.Identity() == SampleIdentity(POINTS));
    const auto invocations = merged.Invocations();
    ASSERT_EQ(invocations.size(), 3u);
    EXPECT_EQ(invocations[0].points, 17u);
    EXPECT_EQ(invocations[2].points, 16u);
    EXPECT_TRUE(invocations[2].finished);
}

TEST_F(Merging, TakesAWholeSweepAsItsOnlyShard)
{
    WriteSample(Path("whole"), SampleIdentity(POINTS), Ids(POINTS));
    Merge({Path("whole")}, Path("target"));
    EXPECT_TRUE(AllExports(Path("target")) == AllExports(Path("whole")));
}

TEST_F(Merging, RefusesAShardThatIsMissingOrThereTwice)
{
    const std::string a = WriteShard(1, 3);
    const std::string c = WriteShard(3, 3);
    EXPECT_THAT(Complaint({a, c}),
                EndsWith("shard 2 of 3 is missing: " + a + " is of a sweep in so many parts"));
    EXPECT_THAT(Complaint({c}), HasSubstr("shard 1 of 3 is missing"));
    EXPECT_THAT(Complaint({a}), HasSubstr("shard 2 of 3 is missing"));
    EXPECT_EQ(Complaint({a, c, a}), a + ": shard 1 of 3 is there twice, also in " + a);
    EXPECT_EQ(Complaint({}), "no shards to merge");
}

TEST_F(Merging, RefusesShardsOfDifferentSweeps)
{
    const std::string a = WriteShard(1, 2);
    SweepIdentity other = SampleIdentity(POINTS);
    other.version = "0.2.0";
    const std::string b = WriteShard(2, 2, other);
    EXPECT_EQ(Complaint({a, b}),
              b + ": does not go with " + a +
                  ": these results are made by nattlab 0.2.0, this is nattlab 0.1.0");
    std::filesystem::remove_all(b);
    other = SampleIdentity(POINTS);
    other.sweep = "c";
    WriteShard(2, 2, other);
    EXPECT_THAT(Complaint({a, b}),
                HasSubstr("of the sweep \"Made up\" (c), this is \"Made up\" ("));
    std::filesystem::remove_all(b);
    WriteShard(2, 3);
    EXPECT_THAT(Complaint({a, b}), HasSubstr("shard 2 of 3, this is shard 2 of 2"));
}

TEST_F(Merging, RefusesAShardThatIsNotComplete)
{
    const std::string a = WriteShard(1, 2);
    SweepIdentity identity = SampleIdentity(POINTS);
    identity.shard = 2;
    identity.shards = 2;
    {
        Writer writer(Path("2"), identity, SampleInvocation(), Writer::Mode::Create);
        writer.Add(SamplePoint(2));
        writer.Finish(1, false);
    }
    EXPECT_EQ(Complaint({a, Path("2")}),
              Path("2") + ": shard 2 of 2 is not complete; finish it with --resume");
    WriteSample(Path("2"), identity, {4}, Writer::Mode::Resume); // finished, it says
    EXPECT_THAT(Complaint({a, Path("2")}), HasSubstr("expected 50 points, found 27"));
}

TEST_F(Merging, RefusesATargetWithResultsAndLeavesThem)
{
    const std::string a = WriteShard(1, 1);
    const std::string before = AllExports(a);
    EXPECT_EQ(MessageOf<Refusal>([&] { Merge({a}, a); }),
              a + "/results.sqlite: results are there already");
    EXPECT_TRUE(AllExports(a) == before);
}

TEST_F(Merging, RefusesWhatIsNoResults)
{
    EXPECT_THAT(Complaint({Path("nowhere")}), EndsWith("no results are there"));
}

TEST_F(Merging, LeavesNothingWhenShardsShareAPoint)
{
    SweepIdentity identity = SampleIdentity(4);
    identity.shards = 2;
    WriteSample(Path("1"), identity, {1, 2});
    identity.shard = 2;
    WriteSample(Path("2"), identity, {2, 3});
    EXPECT_THAT(MessageOf<StoreError>(
                    [this] {
                        Merge({Path("1"), Path("2")}, Path("target"));
                    }),
                HasSubstr("target/results.sqlite: cannot be written: UNIQUE constraint failed"));
    EXPECT_THAT(MessageOf<Refusal>([this] { const Reader reader(Path("target")); }),
                EndsWith("no results are there"));
}

} // namespace nattlab::store
