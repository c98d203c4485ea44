// SPDX-License-Identifier: GPL-2.0-only
#include "model/ike/reach-table.h"

#include <gtest/gtest.h>

using namespace nattlab;
using ike::ReachTable;

namespace
{

const Ipv4Address OWN{0x0a000001};
const Ipv4Address OTHER_OWN{0x0a000002};
const Ipv4Address NAT{0x14000001};

} // namespace

TEST(ReachTable, FindsAPeerByItsPort)
{
    ReachTable table;
    table.Put(OWN, {NAT, 4500}, 1);
    table.Put(OWN, {NAT, 1025}, 2);
    EXPECT_EQ(table.At(OWN, {NAT, 4500}), 1u);
    EXPECT_EQ(table.At(OWN, {NAT, 1025}), 2u);
    EXPECT_EQ(table.At(OWN, {NAT, 1026}), 0u);
    EXPECT_EQ(table.At(OTHER_OWN, {NAT, 4500}), 0u);
}

TEST(ReachTable, GivesThePeerWithTheLowestPortOfAnAddress)
{
    ReachTable table;
    EXPECT_EQ(table.FirstAt(OWN, NAT), 0u);
    table.Put(OWN, {NAT, 4500}, 1);
    table.Put(OWN, {NAT, 1025}, 2);
    EXPECT_EQ(table.FirstAt(OWN, NAT), 2u);
    table.Erase(OWN, {NAT, 1025}, 2);
    EXPECT_EQ(table.FirstAt(OWN, NAT), 1u);
    table.Erase(OWN, {NAT, 4500}, 1);
    EXPECT_EQ(table.FirstAt(OWN, NAT), 0u);
}

TEST(ReachTable, ALaterPeerTakesThePlaceAndIsNotTakenAwayForTheEarlier)
{
    ReachTable table;
    table.Put(OWN, {NAT, 4500}, 1);
    table.Put(OWN, {NAT, 4500}, 2);
    table.Erase(OWN, {NAT, 4500}, 1);
    EXPECT_EQ(table.At(OWN, {NAT, 4500}), 2u);
    table.Clear();
    EXPECT_EQ(table.At(OWN, {NAT, 4500}), 0u);
}
