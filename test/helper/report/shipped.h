// SPDX-License-Identifier: GPL-2.0-only
#ifndef NATTLAB_TEST_REPORT_SHIPPED_H
#define NATTLAB_TEST_REPORT_SHIPPED_H

#include "helper/scenario/load.h"
#include "helper/simulation/expectation.h"

#include <algorithm>
#include <filesystem>
#include <string>
#include <vector>

namespace nattlab::test
{

/** \return the scenarios that are shipped, by name: "article/no-nat". */
inline std::vector<std::string>
ShippedScenarios()
{
    const std::filesystem::path root = std::filesystem::path(NATTLAB_SOURCE_DIR) / "scenarios";
    std::vector<std::string> names;
    for (const char* folder : {"article", "labs", "regressions"})
    {
        if (!std::filesystem::is_directory(root / folder))
        {
            continue;
        }
        for (const auto& entry : std::filesystem::directory_iterator(root / folder))
        {
            if (entry.path().extension() == ".json")
            {
                names.push_back(std::string(folder) + "/" + entry.path().stem().string());
            }
        }
    }
    std::sort(names.begin(), names.end());
    return names;
}

inline scenario::Scenario
LoadShipped(const std::string& name,
            std::vector<std::pair<std::string, std::string>> overrides = {})
{
    scenario::LoadOptions options;
    options.file = std::string(NATTLAB_SOURCE_DIR) + "/scenarios/" + name + ".json";
    options.overrides = std::move(overrides);
    options.knownReasons = ReasonIds();
    return scenario::Load(options);
}

/** Makes a test name of a scenario name. */
inline std::string
TestName(std::string name)
{
    std::replace_if(
        name.begin(), name.end(), [](char c) { return c == '/' || c == '-'; }, '_');
    return name;
}

} // namespace nattlab::test

#endif
