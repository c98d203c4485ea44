// SPDX-License-Identifier: GPL-2.0-only
#ifndef NATTLAB_PACKET_FIFO_H
#define NATTLAB_PACKET_FIFO_H

#include <cstddef>
#include <utility>
#include <vector>

namespace nattlab
{

/**
 * A queue that takes no memory while nothing was ever put in, as most queues of a large network:
 * an empty std::deque takes half a kilobyte. All operations cost O(1), averaged over many.
 *
 * \tparam Item movable
 */
template <typename Item>
class Fifo
{
  public:
    template <typename... Arguments>
    void emplace_back(Arguments&&... arguments)
    {
        m_items.emplace_back(std::forward<Arguments>(arguments)...);
    }

    void push_back(Item item)
    {
        m_items.push_back(std::move(item));
    }

    /** The oldest; there must be one. */
    const Item& front() const
    {
        return m_items[m_first];
    }

    /** The newest; there must be one. */
    const Item& back() const
    {
        return m_items.back();
    }

    /** Forget the oldest; there must be one. */
    void pop_front()
    {
        if (++m_first == m_items.size())
        {
            clear();
        }
        else if (m_first >= 16 && 2 * m_first >= m_items.size())
        {
            m_items.erase(m_items.begin(), m_items.begin() + static_cast<std::ptrdiff_t>(m_first));
            m_first = 0;
        }
    }

    bool empty() const
    {
        return m_items.empty();
    }

    std::size_t size() const
    {
        return m_items.size() - m_first;
    }

    void clear()
    {
        m_items.clear();
        m_first = 0;
    }

  private:
    std::vector<Item> m_items;
    std::size_t m_first{0}; //!< what stands before it is forgotten
};

} // namespace nattlab

#endif
