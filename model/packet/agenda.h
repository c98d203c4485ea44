// SPDX-License-Identifier: GPL-2.0-only
#ifndef NATTLAB_PACKET_AGENDA_H
#define NATTLAB_PACKET_AGENDA_H

#include <algorithm>
#include <cstddef>
#include <cstdint>
#include <iterator>
#include <map>
#include <memory>
#include <utility>
#include <vector>

namespace nattlab
{

/**
 * What is to come, the earliest first.
 *
 * The next items are in a heap. Once there are many, those further off wait in slices of time, in
 * no order: most items of a large network are deadlines of connections that are idle, and
 * in one heap each item would pass by some of them, in memory that the processor's caches could use
 * better.
 *
 * \tparam Item copyable
 * \tparam Order has two static functions: TimeOf(item), nanoseconds, and IsLater(a, b), which
 * agrees with TimeOf and decides between items of one time
 */
template <typename Item, typename Order>
class Agenda
{
  public:
    bool IsEmpty() const
    {
        return m_near.empty();
    }

    std::size_t Size() const
    {
        return m_near.size() + m_farSize;
    }

    /** \return the earliest; there must be one. */
    const Item& First() const
    {
        return m_near.front();
    }

    /** \return the earliest, then in no order some of those after it. */
    const std::vector<Item>& Near() const
    {
        return m_near;
    }

    void Push(const Item& item)
    {
        const Slice slice = SliceOf(item);
        if (slice >= m_end)
        {
            (*m_far)[slice].push_back(item);
            ++m_farSize;
            return;
        }
        m_near.push_back(item);
        std::push_heap(m_near.begin(), m_near.end(), IsLater{});
        if (m_end == ALL && m_near.size() > MANY)
        {
            Spread();
        }
    }

    /** Take out the earliest; there must be one. */
    Item Pop()
    {
        std::pop_heap(m_near.begin(), m_near.end(), IsLater{});
        const Item item = m_near.back();
        m_near.pop_back();
        Refill();
        return item;
    }

    /** Take out all items for which \p isUseless, and all but one of equal ones. */
    template <typename Predicate>
    void Tidy(const Predicate& isUseless)
    {
        Tidy(m_near, isUseless);
        std::make_heap(m_near.begin(), m_near.end(), IsLater{});
        m_farSize = 0;
        if (m_far)
        {
            for (auto it = m_far->begin(); it != m_far->end();)
            {
                Tidy(it->second, isUseless);
                m_farSize += it->second.size();
                it = it->second.empty() ? m_far->erase(it) : std::next(it);
            }
        }
        Refill();
    }

  private:
    using Items = std::vector<Item>;
    using Slice = std::uint64_t; //!< a time without its lower bits

    struct IsLater
    {
        bool operator()(const Item& a, const Item& b) const
        {
            return Order::IsLater(a, b);
        }
    };

    static Slice SliceOf(const Item& item)
    {
        return Order::TimeOf(item) >> SLICE_BITS;
    }

    /** Leave only the first slice in the heap. */
    void Spread()
    {
        if (!m_far)
        {
            m_far = std::make_unique<std::map<Slice, Items>>();
        }
        m_end = SliceOf(m_near.front()) + 1;
        const auto far = std::partition(m_near.begin(),
                                        m_near.end(),
                                        [this](const Item& item) { return SliceOf(item) < m_end; });
        for (auto it = far; it != m_near.end(); ++it)
        {
            (*m_far)[SliceOf(*it)].push_back(*it);
            ++m_farSize;
        }
        m_near.erase(far, m_near.end());
        std::make_heap(m_near.begin(), m_near.end(), IsLater{});
    }

    /** When the heap has become empty, go on to the next slice. */
    void Refill()
    {
        if (!m_near.empty() || m_end == ALL)
        {
            return;
        }
        m_end = ALL;
        if (m_farSize != 0)
        {
            const auto next = m_far->begin();
            m_near = std::move(next->second);
            m_farSize -= m_near.size();
            m_end = m_farSize == 0 ? ALL : next->first + 1;
            m_far->erase(next);
            std::make_heap(m_near.begin(), m_near.end(), IsLater{});
        }
    }

    template <typename Predicate>
    static void Tidy(Items& items, const Predicate& isUseless)
    {
        items.erase(std::remove_if(items.begin(), items.end(), isUseless), items.end());
        std::sort(items.begin(), items.end(), IsLater{});
        const auto equal = [](const Item& a, const Item& b)
        { return !Order::IsLater(a, b) && !Order::IsLater(b, a); };
        items.erase(std::unique(items.begin(), items.end(), equal), items.end());
    }

    static constexpr Slice ALL = UINT64_MAX;
    static constexpr unsigned SLICE_BITS = 26;   // 0.07 s
    static constexpr std::size_t MANY = 1 << 12; // as many small items as a fast cache has room for

    Items m_near;                                  //!< a heap; empty only when nothing is to come
    Slice m_end{ALL};                              //!< slices before this one are in the heap
    std::size_t m_farSize{0};                      //!< items in m_far
    std::unique_ptr<std::map<Slice, Items>> m_far; //!< the other slices that have items
};

} // namespace nattlab

#endif
