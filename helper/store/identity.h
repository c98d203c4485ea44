// SPDX-License-Identifier: GPL-2.0-only
#ifndef NATTLAB_STORE_IDENTITY_H
#define NATTLAB_STORE_IDENTITY_H

#include "helper/store/rows.h"

#include <string>

namespace nattlab::store
{

/**
 * \return what sets results that were found apart from those that are wanted, the first such thing:
 * "made by nattlab 0.1.0, this is nattlab 0.2.0"; empty: nothing
 */
std::string FirstDifference(const SweepIdentity& found, const SweepIdentity& wanted);

/** \return "shard 2 of 3". */
std::string ShardText(std::uint64_t shard, std::uint64_t shards);

} // namespace nattlab::store

#endif
