// SPDX-License-Identifier: GPL-2.0-only
#ifndef NATTLAB_STORE_MERGE_H
#define NATTLAB_STORE_MERGE_H

#include "helper/store/store-error.h"

#include <string>
#include <vector>

namespace nattlab::store
{

/**
 * Join the results of all shards of a sweep. What comes of it exports as a run without shards
 * would. \param directories with the results of every shard once, in any order \param target
 * directory without results \throws Refusal when a shard is missing, there twice, not complete or
 * of another sweep, or when results are in \p target; nothing is written then
 */
void Merge(const std::vector<std::string>& directories, const std::string& target);

} // namespace nattlab::store

#endif
