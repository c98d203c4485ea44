// SPDX-License-Identifier: GPL-2.0-only
#include "model/packet/address-set.h"

#include <gtest/gtest.h>

#include <cstdint>

using namespace nattlab;

TEST(AddressSet, ContainsWhatWasPutInAndNoNeighbours)
{
    AddressSet set;
    EXPECT_FALSE(set.Contains({0}));
    for (const std::uint32_t value : {70U, 10U, 0xffffffffU, 30U, 10U, 0U})
    {
        set.Insert({value});
    }
    for (const std::uint32_t value : {0U, 10U, 30U, 70U, 0xffffffffU})
    {
        EXPECT_TRUE(set.Contains({value})) << value;
    }
    for (const std::uint32_t value : {1U, 9U, 11U, 31U, 71U, 0xfffffffeU})
    {
        EXPECT_FALSE(set.Contains({value})) << value;
    }
}
