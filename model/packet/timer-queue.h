// SPDX-License-Identifier: GPL-2.0-only
#ifndef NATTLAB_PACKET_TIMER_QUEUE_H
#define NATTLAB_PACKET_TIMER_QUEUE_H

#include "model/packet/address.h"
#include "model/packet/agenda.h"
#include "model/packet/hash-table.h"
#include "model/packet/time.h"

#include <algorithm>
#include <cstddef>
#include <cstdint>
#include <optional>
#include <type_traits>

namespace nattlab
{

/**
 * The deadlines of many things, one per key, earliest first.
 *
 * Deadlines that fall on one instant come out in the order of their keys, so that two runs agree.
 * Next costs O(1); Set, Cancel and PopDue cost O(log n), averaged over many. Most timers of
 * protocols are moved or cancelled before they expire, so their places in the order are left where
 * they are: a place that has become too early is moved when it is the first, one of no use is
 * dropped then.
 *
 * \tparam Key an ordered, copyable identification of what expires: a number, or a class with a
 * method Hash()
 */
template <typename Key>
class TimerQueue
{
  public:
    /** Set or move the deadline of \p key. */
    void Set(const Key& key, Instant at)
    {
        Timer& timer = m_timers[key];
        timer.at = at;
        if (at < timer.placed)
        {
            timer.placed = at;
            m_places.Push({at, key});
        }
        Settle();
    }

    /** Forget \p key; does nothing when it has no deadline. */
    void Cancel(const Key& key)
    {
        if (m_timers.erase(key) != 0)
        {
            Settle();
        }
    }

    /** \return the deadline of \p key, if it has one. */
    std::optional<Instant> At(const Key& key) const
    {
        const auto it = m_timers.find(key);
        return it == m_timers.end() ? std::nullopt : std::optional<Instant>{it->second.at};
    }

    /** \return the earliest deadline of all. */
    std::optional<Instant> Next() const
    {
        return m_next == Instant::max() ? std::nullopt : std::optional<Instant>{m_next};
    }

    /** Take out and return the first key whose deadline is not after \p now. */
    std::optional<Key> PopDue(Instant now)
    {
        if (m_next > now || m_places.IsEmpty())
        {
            return std::nullopt;
        }
        Key key = m_places.First().key;
        Cancel(key);
        return key;
    }

  private:
    struct HashOf
    {
        std::size_t operator()(const Key& key) const
        {
            if constexpr (std::is_integral_v<Key>)
            {
                return HashCombine(0, key);
            }
            else
            {
                return key.Hash();
            }
        }
    };

    struct Timer
    {
        Instant at;
        Instant placed{Instant::max()}; //!< not after its deadline, once it has a place
    };

    struct Place
    {
        Instant at;
        Key key;
    };

    struct Order
    {
        static std::uint64_t TimeOf(const Place& place)
        {
            return static_cast<std::uint64_t>(
                std::max(place.at, Instant{}).time_since_epoch().count());
        }

        static bool IsLater(const Place& a, const Place& b)
        {
            return a.at == b.at ? b.key < a.key : b.at < a.at;
        }
    };

    /** Let the first place be the deadline of a timer. */
    void Settle()
    {
        if (m_places.Size() > 2 * m_timers.size() + FEW)
        {
            DropUseless();
        }
        while (!m_places.IsEmpty())
        {
            const Place& first = m_places.First();
            const auto it = m_timers.find(first.key);
            const bool used = it != m_timers.end() && it->second.placed == first.at;
            if (used && it->second.at == first.at)
            {
                break;
            }
            Place place = m_places.Pop();
            if (used)
            {
                place.at = it->second.at;
                it.value().placed = place.at;
                m_places.Push(place);
            }
        }
        m_next = m_places.IsEmpty() ? Instant::max() : m_places.First().at;
    }

    /** Also one of two equal places, of a timer that was cancelled and set again. */
    void DropUseless()
    {
        m_places.Tidy(
            [this](const Place& place)
            {
                const auto it = m_timers.find(place.key);
                return it == m_timers.end() || it->second.placed != place.at;
            });
    }

    static constexpr std::size_t FEW = 16;

    Instant m_next{Instant::max()}; //!< of the first place: most queues are only asked for it
    HashTable<Key, Timer, HashOf> m_timers;
    Agenda<Place, Order> m_places; //!< all timers have one, and there may be useless ones
};

} // namespace nattlab

#endif
