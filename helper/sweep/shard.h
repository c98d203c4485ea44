// SPDX-License-Identifier: GPL-2.0-only
#ifndef NATTLAB_SWEEP_SHARD_H
#define NATTLAB_SWEEP_SHARD_H

#include "helper/store/rows.h"

#include <cstdint>
#include <vector>

namespace nattlab::sweep
{

/**
 * One part of the points of a sweep. The parts differ by one point at most, every point is in one
 * of them, and neighbours are spread: an axis that makes points costly makes all parts costly
 * alike. \param shard from 1 \return in order
 */
std::vector<store::PointId>
PointsOfShard(std::uint64_t points, std::uint64_t shard, std::uint64_t shards);

/** Put points into another order, which is the same for the same \p seed. */
void Shuffle(std::vector<store::PointId>& points, std::uint64_t seed);

} // namespace nattlab::sweep

#endif
