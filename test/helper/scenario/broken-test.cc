// SPDX-License-Identifier: GPL-2.0-only
#include "helper/scenario/document.h"
#include "helper/scenario/load.h"

#include <gtest/gtest.h>

#include <algorithm>
#include <filesystem>
#include <fstream>
#include <set>
#include <sstream>
#include <string>
#include <vector>

using namespace nattlab;
using namespace nattlab::scenario;

namespace
{

const std::string FOLDER = NATTLAB_SOURCE_DIR "/test/helper/scenario/broken";

std::string
TextOf(const std::string& file)
{
    std::ifstream stream(file, std::ios::binary);
    std::ostringstream text;
    text << stream.rdbuf();
    return text.str();
}

/** \return the table of broken files: file, pointer and a part of the message. */
Json
Table()
{
    return Json::parse(TextOf(FOLDER + ".json"));
}

} // namespace

TEST(Broken, EveryFileIsRefusedWithPlaceAndMessage)
{
    const Json table = Table();
    EXPECT_GE(table.size(), 70U);
    for (const auto& row : table)
    {
        LoadOptions options;
        options.file = FOLDER + '/' + row["file"].get<std::string>();
        SCOPED_TRACE(options.file);
        try
        {
            Load(options);
            ADD_FAILURE() << "it was accepted";
        }
        catch (const ScenarioErrors& errors)
        {
            const auto& problems = errors.Problems();
            const bool said =
                std::any_of(problems.begin(),
                            problems.end(),
                            [&](const Problem& problem)
                            {
                                return problem.pointer == row["pointer"] &&
                                       problem.ToString().find(row["message"].get<std::string>()) !=
                                           std::string::npos;
                            });
            EXPECT_TRUE(said) << errors.what();
            for (const auto& problem : problems)
            {
                EXPECT_EQ(problem.file, options.file) << problem.ToString();
                EXPECT_GT(problem.line, 0U) << problem.ToString();
                EXPECT_GT(problem.column, 0U) << problem.ToString();
            }
        }
    }
}

TEST(Broken, EveryFaultIsReportedOnceAndAlone)
{
    // Each file has one fault. What follows from it at another place is listed here.
    const std::set<std::string> several{"empty-object.json",
                                        "duplicate-key.json",
                                        "duplicate-host.json",
                                        "duplicate-escaped-key.json",
                                        "no-hosts.json",
                                        "hosts-array.json",
                                        "host-text.json"};
    for (const auto& row : Table())
    {
        const auto file = row["file"].get<std::string>();
        LoadOptions options;
        options.file = FOLDER + '/' + file;
        try
        {
            Load(options);
        }
        catch (const ScenarioErrors& errors)
        {
            if (several.count(file) == 0)
            {
                EXPECT_EQ(errors.Problems().size(), 1U) << errors.what();
            }
        }
    }
}

TEST(Broken, EveryFileOfTheFolderIsInTheTable)
{
    std::set<std::string> listed;
    for (const auto& row : Table())
    {
        EXPECT_TRUE(listed.insert(row["file"].get<std::string>()).second) << row;
    }
    std::set<std::string> present;
    for (const auto& entry : std::filesystem::directory_iterator(FOLDER))
    {
        present.insert(entry.path().filename().string());
    }
    EXPECT_EQ(listed, present);
}

TEST(Broken, ATruncatedScenarioNeverCrashes)
{
    const std::string whole = TextOf(NATTLAB_SOURCE_DIR "/scenarios/article/address-pool.json");
    LoadOptions options;
    options.file = FOLDER + "/truncated";
    for (std::size_t size = 0; size + 2 < whole.size(); size += 7)
    {
        EXPECT_THROW(LoadText(whole.substr(0, size), options), ScenarioErrors);
    }
}

TEST(Broken, AnyMemberOfAnotherTypeNeverCrashes)
{
    std::vector<Problem> none;
    const auto document =
        Document::Read(NATTLAB_SOURCE_DIR "/scenarios/article/server-behind-nat.json", none);
    ASSERT_TRUE(document);
    LoadOptions options;
    options.file = FOLDER + "/changed";
    const std::vector<std::string> others{
        "5", "-1", "\"\"", "\"x\"", "[]", "{}", "true", "null", "[{}]"};
    const Json leaves = document->value.flatten();
    std::size_t next = 0;
    std::size_t refused = 0;
    for (const auto& [pointer, ignored] : leaves.items())
    {
        for (const auto& place : {pointer, pointer.substr(0, pointer.rfind('/'))})
        {
            Json changed = document->value;
            changed[Json::json_pointer(place)] = Json::parse(others[next++ % others.size()]);
            try
            {
                LoadText(changed.dump(), options);
            }
            catch (const ScenarioErrors& errors)
            {
                refused += errors.Problems().empty() ? 0 : 1;
            }
        }
    }
    EXPECT_GT(refused, leaves.size());
}
