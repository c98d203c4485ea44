// SPDX-License-Identifier: GPL-2.0-only
#ifndef NATTLAB_PACKET_TIMER_QUEUE_H
#define NATTLAB_PACKET_TIMER_QUEUE_H

#include "model/packet/time.h"

#include <map>
#include <optional>
#include <set>
#include <utility>

namespace nattlab
{

/**
 * The deadlines of many things, one per key, earliest first.
 *
 * Deadlines that fall on one instant come out in the order of their keys, so that two runs agree.
 * Set, Cancel and PopDue cost O(log n).
 *
 * \tparam Key an ordered, copyable identification of what expires.
 */
template <typename Key>
class TimerQueue
{
  public:
    /** Set or move the deadline of \p key. */
    void Set(const Key& key, Instant at)
    {
        Cancel(key);
        m_at.emplace(key, at);
        m_order.emplace(at, key);
    }

    /** Forget \p key; does nothing when it has no deadline. */
    void Cancel(const Key& key)
    {
        const auto it = m_at.find(key);
        if (it != m_at.end())
        {
            m_order.erase({it->second, key});
            m_at.erase(it);
        }
    }

    /** \return the deadline of \p key, if it has one. */
    std::optional<Instant> At(const Key& key) const
    {
        const auto it = m_at.find(key);
        return it == m_at.end() ? std::nullopt : std::optional<Instant>{it->second};
    }

    /** \return the earliest deadline of all. */
    std::optional<Instant> Next() const
    {
        return m_order.empty() ? std::nullopt : std::optional<Instant>{m_order.begin()->first};
    }

    /** Take out and return the first key whose deadline is not after \p now. */
    std::optional<Key> PopDue(Instant now)
    {
        if (m_order.empty() || m_order.begin()->first > now)
        {
            return std::nullopt;
        }
        Key key = m_order.begin()->second;
        Cancel(key);
        return key;
    }

  private:
    std::map<Key, Instant> m_at;
    std::set<std::pair<Instant, Key>> m_order;
};

} // namespace nattlab

#endif
