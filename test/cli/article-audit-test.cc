// SPDX-License-Identifier: GPL-2.0-only
/**
 * \file
 * Runs the audit of the article's ports and holds results/article-audit.* against what came out.
 */
#include "helper/audit/write.h"
#include "helper/simulation/expectation.h"
#include "helper/sweep/plan.h"
#include "helper/sweep/run-sweep.h"
#include "helper/workers/worker-pool.h"

#include <cstdlib>
#include <filesystem>
#include <fstream>
#include <gtest/gtest.h>
#include <optional>
#include <sstream>
#include <unistd.h>

using namespace nattlab;
using audit::Answer;

namespace
{

const std::string SWEEP = "scenarios/sweeps/article-ports.json";
const std::string RESULTS = std::string(NATTLAB_SOURCE_DIR) + "/results/article-audit";

audit::Audit
RunAudit(const std::string& folder)
{
    scenario::LoadOptions load;
    load.file = std::string(NATTLAB_SOURCE_DIR) + "/" + SWEEP;
    load.knownReasons = ReasonIds();
    const sweep::Plan plan = sweep::Plan::Read(load.file, load);
    load.file = plan.BaseFile();
    sweep::SweepOptions options;
    options.directory = folder;
    options.workers = workers::ProcessorCount();
    RunSweep(plan, load, options);
    return audit::MakeAudit(store::Reader(folder), {});
}

/** The sweep's audit; it is run once. */
const audit::Audit&
ArticleAuditOfNow()
{
    static const audit::Audit audit = []
    {
        const std::filesystem::path folder =
            testing::TempDir() + "nattlab-article-audit-" + std::to_string(::getpid());
        std::filesystem::remove_all(folder);
        audit::Audit made = RunAudit(folder.string());
        std::filesystem::remove_all(folder);
        return made;
    }();
    return audit;
}

/** Hold a file against a text, or write it. */
void
Compare(const std::string& path, const std::string& text)
{
    if (std::getenv("NATTLAB_UPDATE_DOCS"))
    {
        std::ofstream(path, std::ios::binary) << text;
    }
    std::ostringstream found;
    found << std::ifstream(path, std::ios::binary).rdbuf();
    EXPECT_EQ(found.str(), text) << path << " is not what the sweep gives";
}

/** \return the answer about a statement in a topology, which is the same for key and certificate.
 */
Answer
AnswerAbout(const std::string& statement, const std::string& topology)
{
    std::optional<Answer> answer;
    const audit::Audit& audit = ArticleAuditOfNow();
    for (const audit::Group& group : audit.groups)
    {
        for (const audit::Place& place : group.places)
        {
            for (std::size_t s = 0; s < audit.statements.size(); ++s)
            {
                if (place.name == topology && audit.statements[s].name == statement)
                {
                    EXPECT_EQ(answer.value_or(place.findings[s].answer), place.findings[s].answer);
                    answer = place.findings[s].answer;
                }
            }
        }
    }
    return answer.value();
}

} // namespace

TEST(ArticleAudit, IsWhatTheSweepGives)
{
    std::ostringstream page;
    WritePage(ArticleAuditOfNow(), "nattlab sweep " + SWEEP + " -o DIR", page);
    Compare(RESULTS + ".md", page.str());
    std::ostringstream csv;
    WriteCsv(ArticleAuditOfNow(), csv);
    Compare(RESULTS + ".csv", csv.str());
}

TEST(ArticleAudit, SaysOfPortsWhatTheRfcsSay)
{
    for (const std::string topology : {"direct", "isp-firewall"})
    {
        SCOPED_TRACE(topology); // RFC 3947 5.1: no NAT, no encapsulation in UDP
        EXPECT_EQ(AnswerAbout("UDP 500", topology), Answer::Needed);
        EXPECT_EQ(AnswerAbout("UDP 4500", topology), Answer::Useless);
        EXPECT_EQ(AnswerAbout("protocol 50", topology), Answer::Needed);
        EXPECT_EQ(AnswerAbout("TCP 50", topology), Answer::Wrong);
        EXPECT_EQ(AnswerAbout("UDP 1701", topology), Answer::Useless); // RFC 3193: inside ESP
    }
    for (const std::string topology :
         {"client-nat", "server-nat", "both-nat", "isp-firewall-client-nat"})
    {
        SCOPED_TRACE(topology); // RFC 3947 4 and 5.1: IKE and ESP move to UDP 4500
        EXPECT_EQ(AnswerAbout("UDP 500", topology), Answer::Needed);
        EXPECT_EQ(AnswerAbout("UDP 4500", topology), Answer::Needed);
        EXPECT_EQ(AnswerAbout("protocol 50", topology), Answer::Useless);
        EXPECT_EQ(AnswerAbout("TCP 50", topology), Answer::Useless);
        EXPECT_EQ(AnswerAbout("UDP 1701", topology), Answer::Useless);
    }
}
