// SPDX-License-Identifier: GPL-2.0-only
#ifndef NATTLAB_PACKET_HASH_TABLE_H
#define NATTLAB_PACKET_HASH_TABLE_H

#include <tsl/robin_map.h>

#include <algorithm>
#include <functional>
#include <vector>

namespace nattlab
{

/**
 * Entries found by hash that lie side by side in one array: a look-up reads one place in memory,
 * where std::unordered_map follows three pointers. A large simulation finds none of these places in
 * the processor's caches.
 *
 * Entries move whenever one is added or erased, so nothing may point to one. Iterators give
 * constant values; `it.value()` is the one to change. The order of entries must not be seen.
 */
template <typename Key, typename Value, typename Hash = std::hash<Key>>
using HashTable = tsl::robin_map<Key, Value, Hash>;

/** \return the keys of a table in their order: for the few who must see its entries in one. */
template <typename Table>
std::vector<typename Table::key_type>
SortedKeys(const Table& table)
{
    std::vector<typename Table::key_type> keys;
    keys.reserve(table.size());
    for (const auto& entry : table)
    {
        keys.push_back(entry.first);
    }
    std::sort(keys.begin(), keys.end());
    return keys;
}

} // namespace nattlab

#endif
