// SPDX-License-Identifier: GPL-2.0-only
#include "helper/store/writer.h"
#include "test/helper/audit/sample.h"

#include <filesystem>
#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <unistd.h>

using namespace nattlab;
using namespace nattlab::audit;

namespace
{

/** A folder that is gone afterwards. */
class AuditOfResults : public ::testing::Test
{
  protected:
    AuditOfResults()
        : m_folder(testing::TempDir() + "nattlab-audit-" + std::to_string(::getpid()))
    {
        std::filesystem::remove_all(m_folder);
    }

    ~AuditOfResults() override
    {
        std::filesystem::remove_all(m_folder);
    }

    /** Store the first points of a sample. */
    void Store(const Sample& sample, std::size_t points) const
    {
        store::Writer writer(m_folder, sample.identity, {}, store::Writer::Mode::Create);
        for (std::size_t i = points; i > 0; --i)
        {
            writer.Add(sample.points.at(i - 1));
        }
        writer.Finish(0, points == sample.points.size());
    }

    std::string m_folder;
};

} // namespace

TEST_F(AuditOfResults, IsThatOfThePointsWhateverTheirOrder)
{
    const Sample sample = Sample({"ike", "l2tp"}).Add("key", "direct", Needs({"ike"}));
    Store(sample, sample.points.size());
    const Audit audit = MakeAudit(store::Reader(m_folder), {});
    const Place& place = audit.groups.at(0).places.at(0);
    EXPECT_EQ(audit.identity, sample.identity);
    EXPECT_EQ(audit.policies.at(0).label, "all open");
    EXPECT_EQ(place.findings.at(0).answer, Answer::Needed);
    EXPECT_EQ(place.findings.at(0).allBut, 6u);
    EXPECT_EQ(place.findings.at(1).answer, Answer::Useless);
}

TEST_F(AuditOfResults, IsRefusedWhilePointsAreMissing)
{
    Store(Sample({"ike"}).Add("key", "direct", Needs({"ike"})), 4);
    try
    {
        MakeAudit(store::Reader(m_folder), {});
        FAIL() << "was made";
    }
    catch (const store::Refusal& refusal)
    {
        EXPECT_THAT(refusal.what(),
                    testing::HasSubstr("the sweep is not finished: 4 of 5 points are there"));
    }
}
