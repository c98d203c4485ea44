// SPDX-License-Identifier: GPL-2.0-only
#include "helper/sweep/shard.h"

#include <algorithm>
#include <numeric>

namespace nattlab::sweep
{

namespace
{

/** SplitMix64 (Steele, Lea and Flood 2014): a bijection, so no two points come out the same. */
std::uint64_t
Mix(std::uint64_t x)
{
    x += 0x9e3779b97f4a7c15;
    x = (x ^ (x >> 30)) * 0xbf58476d1ce4e5b9;
    x = (x ^ (x >> 27)) * 0x94d049bb133111eb;
    return x ^ (x >> 31);
}

} // namespace

void
Shuffle(std::vector<store::PointId>& points, std::uint64_t seed)
{
    const std::uint64_t salt = Mix(seed);
    std::sort(points.begin(),
              points.end(),
              [salt](store::PointId a, store::PointId b) { return Mix(a ^ salt) < Mix(b ^ salt); });
}

std::vector<store::PointId>
PointsOfShard(std::uint64_t points, std::uint64_t shard, std::uint64_t shards)
{
    std::vector<store::PointId> all(points);
    std::iota(all.begin(), all.end(), store::PointId{1});
    if (shards == 1)
    {
        return all;
    }
    Shuffle(all, 0);
    std::vector<store::PointId> part;
    for (std::uint64_t i = shard - 1; i < points; i += shards)
    {
        part.push_back(all[i]);
    }
    std::sort(part.begin(), part.end());
    return part;
}

} // namespace nattlab::sweep
