// SPDX-License-Identifier: GPL-2.0-only
#include "helper/scenario/problem.h"

#include <gtest/gtest.h>

#include <string>

using namespace nattlab::scenario;

TEST(Problem, TextIsToStringWithoutThePlace)
{
    Problem problem;
    problem.file = "a.json";
    problem.line = 3;
    problem.column = 7;
    problem.pointer = "/links/lan";
    problem.expected = "a rate";
    problem.found = "\"fast\"";
    EXPECT_EQ(problem.Text(), "/links/lan: expected a rate, found \"fast\"");
    EXPECT_EQ(problem.ToString(), "a.json:3:7: " + problem.Text());
}

TEST(Problem, ControlCharactersAreShownAndDoNotEndTheText)
{
    Problem problem;
    problem.file = "odd\nname.json";
    problem.pointer = std::string("/links/a\0b", 10);
    problem.message = "\x1b[31mred\x7f";
    const ScenarioErrors errors({problem});
    EXPECT_STREQ(errors.what(), "odd\\u000aname.json: /links/a\\u0000b: \\u001b[31mred\\u007f");
}
