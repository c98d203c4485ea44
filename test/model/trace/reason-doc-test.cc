// SPDX-License-Identifier: GPL-2.0-only
#include "model/trace/reason.h"

#include <cstdlib>
#include <fstream>
#include <gtest/gtest.h>
#include <sstream>

using namespace nattlab;

namespace
{

std::string
MakeTable()
{
    std::string text = "# Reasons\n\n"
                       "Why a packet, a negotiation or a connection can fail. The ids are stable. "
                       "This page is written\nfrom `model/trace/reason.def` by a test "
                       "(`NATTLAB_UPDATE_DOCS=1 ./check -R Reasons`).\n\n"
                       "| id | raised by | meaning | what a user sees |\n"
                       "| --- | --- | --- | --- |\n";
    for (const ReasonInfo& row : AllReasons())
    {
        for (const std::string_view cell : {row.id, row.who, row.meaning, row.user})
        {
            text += "| " + std::string(cell) + " ";
        }
        text += "|\n";
    }
    return text;
}

} // namespace

TEST(Reasons, AreDocumentedRowByRow)
{
    const std::string path = std::string(NATTLAB_SOURCE_DIR) + "/doc/reasons.md";
    if (std::getenv("NATTLAB_UPDATE_DOCS"))
    {
        std::ofstream(path) << MakeTable();
    }
    std::ostringstream text;
    text << std::ifstream(path).rdbuf();
    EXPECT_EQ(text.str(), MakeTable())
        << "doc/reasons.md is not what model/trace/reason.def says";
}
