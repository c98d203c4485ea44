// SPDX-License-Identifier: GPL-2.0-only
#ifndef NATTLAB_PACKET_GROUP_TABLE_H
#define NATTLAB_PACKET_GROUP_TABLE_H

#include "model/packet/hash-table.h"

#include <functional>
#include <set>

namespace nattlab
{

/**
 * Which members have a key in common, such as the SAs between two addresses: a set by key, found
 * by one step however many keys there are.
 */
template <typename Key, typename Member, typename Hash = std::hash<Key>>
class GroupTable
{
  public:
    /** Does nothing when the member is there. */
    void Insert(const Key& key, const Member& member)
    {
        m_groups[key].insert(member);
    }

    /** Does nothing when the member is not there. */
    void Erase(const Key& key, const Member& member)
    {
        const auto it = m_groups.find(key);
        if (it == m_groups.end())
        {
            return;
        }
        it.value().erase(member);
        if (it->second.empty())
        {
            m_groups.erase(it);
        }
    }

    /** \return the members in their order; valid until the table is changed. */
    const std::set<Member>& Of(const Key& key) const
    {
        static const std::set<Member> NONE;
        const auto it = m_groups.find(key);
        return it == m_groups.end() ? NONE : it->second;
    }

    void Clear()
    {
        m_groups.clear();
    }

  private:
    HashTable<Key, std::set<Member>, Hash> m_groups;
};

} // namespace nattlab

#endif
