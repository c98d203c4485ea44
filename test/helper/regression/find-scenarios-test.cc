// SPDX-License-Identifier: GPL-2.0-only
#include "test/helper/regression/scratch.h"

#include "helper/regression/find-scenarios.h"

#include <gmock/gmock.h>

using namespace nattlab;
using namespace nattlab::regression;
using ::testing::ElementsAre;
using ::testing::IsEmpty;

namespace
{

class FindScenarios : public test::Scratch
{
  protected:
    std::vector<std::string> Find(const std::vector<std::string>& paths,
                                  const Selection& selection = {}) const
    {
        std::vector<std::string> names;
        for (const std::string& file : Select(regression::FindScenarios(paths), selection))
        {
            names.push_back(std::filesystem::path(file).lexically_relative(m_folder).string());
        }
        return names;
    }
};

} // namespace

TEST_F(FindScenarios, SearchesFoldersByNameAndLeavesOutWhatIsNone)
{
    Write("b.json", test::SmallScenario());
    Write("a.json", test::SmallScenario());
    Write("deep/er/c.json", test::SmallScenario());
    Write("schema.json", R"({"links": {}})");
    Write("preset.json", R"({"$schema": "x/schema.json#/definitions/natPreset", "links": {}})");
    Write("package.json", R"({"name": "no scenario"})");
    Write("list.json", "[1, 2]");
    Write("notes.txt", "no JSON");
    Write(".hidden/d.json", test::SmallScenario());
    EXPECT_THAT(Find({m_folder.string()}), ElementsAre("a.json", "b.json", "deep/er/c.json"));
}

TEST_F(FindScenarios, TakesAFileThatIsNoJsonForABrokenScenario)
{
    Write("broken.json", "{\"links\": ");
    EXPECT_THAT(Find({m_folder.string()}), ElementsAre("broken.json"));
}

TEST_F(FindScenarios, TakesLinksThatLeadNowhereForBrokenScenarios)
{
    std::filesystem::create_symlink("gone.json", m_folder / "a.json");
    std::filesystem::create_symlink("c.json", m_folder / "b.json"); // in a circle
    std::filesystem::create_symlink("b.json", m_folder / "c.json");
    std::filesystem::create_symlink("gone.txt", m_folder / "notes.txt");
    std::filesystem::create_directory(m_folder / "folder.json");
    EXPECT_THAT(Find({m_folder.string()}), ElementsAre("a.json", "b.json", "c.json"));
}

TEST_F(FindScenarios, TakesAFileAndALinkToItOnce)
{
    Write("a.json", test::SmallScenario());
    std::filesystem::create_symlink("a.json", m_folder / "b.json");
    EXPECT_THAT(Find({m_folder.string()}), ElementsAre("a.json"));
}

TEST_F(FindScenarios, TakesNamedFilesAsTheyAreAndEachOnce)
{
    const std::string a = Write("a.json", test::SmallScenario());
    const std::string other = Write("other.json", "{}");
    const std::string missing = (m_folder / "missing.json").string();
    EXPECT_THAT(Find({other, missing, m_folder.string(), a}),
                ElementsAre("other.json", "missing.json", "a.json"));
    EXPECT_THAT(Find({(m_folder / "deep").string() + "/../a.json", a}), testing::SizeIs(1));
}

TEST_F(FindScenarios, SelectsByTextInPathOrTitleAndByTag)
{
    Write("a.json", test::SmallScenario());
    Write("b.json", R"({"title": "Forward", "tags": ["nat", 7], "links": {}})");
    const std::vector<std::string> all{m_folder.string()};
    EXPECT_THAT(Find(all, {"Two hosts", {}}), ElementsAre("a.json"));
    EXPECT_THAT(Find(all, {"b.js", {}}), ElementsAre("b.json"));
    EXPECT_THAT(Find(all, {"", {"nat"}}), ElementsAre("b.json"));
    EXPECT_THAT(Find(all, {"", {"nat", "direct"}}), ElementsAre("a.json", "b.json"));
    EXPECT_THAT(Find(all, {"Two hosts", {"nat"}}), IsEmpty());
}
