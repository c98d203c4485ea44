// SPDX-License-Identifier: GPL-2.0-only
#include "model/packet/shared.h"

#include <gtest/gtest.h>

#include <vector>

namespace nattlab
{
namespace
{

using List = Shared<std::vector<int>>;

TEST(Shared, IsAsItsValueMakesItself)
{
    const List one;
    const List other;
    EXPECT_TRUE(one->empty());
    EXPECT_EQ(&*one, &*other);
}

TEST(Shared, CopiesAreOneValueUntilOneIsChanged)
{
    List one(std::vector<int>{1});
    const List copy = one;
    EXPECT_EQ(&*one, &*copy);
    one.Edit().push_back(2);
    EXPECT_EQ(*one, (std::vector<int>{1, 2}));
    EXPECT_EQ(*copy, std::vector<int>{1});
}

TEST(Shared, AChangeOfTheUsualValueIsNobodyElses)
{
    List one;
    one.Edit().push_back(1);
    EXPECT_TRUE(List()->empty());
}

TEST(Shared, WhatIsItsOwnIsChangedInPlace)
{
    List one;
    const std::vector<int>* first = &one.Edit();
    EXPECT_EQ(&one.Edit(), first);
}

TEST(Shared, APointerOutlivesIt)
{
    std::shared_ptr<const std::vector<int>> kept;
    {
        List one(std::vector<int>{1});
        kept = one.Pointer();
        one.Edit().push_back(2);
    }
    EXPECT_EQ(*kept, std::vector<int>{1});
}

} // namespace
} // namespace nattlab
