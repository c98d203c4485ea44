// SPDX-License-Identifier: GPL-2.0-only
#include "helper/audit/policy.h"

#include <gtest/gtest.h>

using namespace nattlab::audit;

TEST(Policy, HasThreeWordsOfItsOwn)
{
    EXPECT_EQ(ParsePolicy("all open").kind, PolicyKind::AllOpen);
    EXPECT_EQ(ParsePolicy("nothing").kind, PolicyKind::Nothing);
    EXPECT_EQ(ParsePolicy("all statements").kind, PolicyKind::AllStatements);
}

TEST(Policy, NamesTheStatementThatIsOpenOrClosedAlone)
{
    const Policy only = ParsePolicy("only UDP 500");
    EXPECT_EQ(only.kind, PolicyKind::Only);
    EXPECT_EQ(only.statement, "UDP 500");
    const Policy allBut = ParsePolicy("all but protocol 50");
    EXPECT_EQ(allBut.kind, PolicyKind::AllBut);
    EXPECT_EQ(allBut.statement, "protocol 50");
}

TEST(Policy, IsAListWhenItSaysNothingElse)
{
    for (const char* label : {"", "listed", "only", "only ", "all but ", "All open", "nothing "})
    {
        const Policy policy = ParsePolicy(label);
        EXPECT_EQ(policy.kind, PolicyKind::List) << label;
        EXPECT_EQ(policy.label, label);
        EXPECT_EQ(policy.statement, "") << label;
        EXPECT_EQ(policy.meant, "") << label;
    }
}

TEST(Policy, CorrectsAListWithWhatWasMeant)
{
    const Policy policy = ParsePolicy("listed with protocol 50 for TCP 50");
    EXPECT_EQ(policy.kind, PolicyKind::List);
    EXPECT_EQ(policy.meant, "protocol 50");
    EXPECT_EQ(policy.written, "TCP 50");
}

TEST(Policy, TakesTheLastCorrectionOfALabel)
{
    const Policy policy = ParsePolicy("made with care with b for a");
    EXPECT_EQ(policy.meant, "b");
    EXPECT_EQ(policy.written, "a");
}

TEST(Policy, IsAPlainListWhenTheCorrectionIsIncomplete)
{
    for (const char* label : {"list with b", "list with  for a", "list with b for ", " with "})
    {
        EXPECT_EQ(ParsePolicy(label).meant, "") << label;
        EXPECT_EQ(ParsePolicy(label).written, "") << label;
    }
}
