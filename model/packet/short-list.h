// SPDX-License-Identifier: GPL-2.0-only
#ifndef NATTLAB_PACKET_SHORT_LIST_H
#define NATTLAB_PACKET_SHORT_LIST_H

#include <algorithm>
#include <array>
#include <cstddef>
#include <utility>
#include <vector>

namespace nattlab
{

/**
 * A list that is nearly always short: up to FEW items are kept in itself, and take no memory
 * elsewhere; with one more, all go into a vector. There is no limit to their number.
 *
 * \tparam Item movable, and made without arguments
 * \tparam FEW how many items are kept in the list itself
 */
template <typename Item, std::size_t FEW>
class ShortList
{
  public:
    ShortList() = default;
    ShortList(const ShortList&) = default;
    ShortList& operator=(const ShortList&) = default;
    ~ShortList() = default;

    ShortList(ShortList&& other) noexcept
        : m_few(std::move(other.m_few)),
          m_fewUsed(std::exchange(other.m_fewUsed, 0)),
          m_many(std::move(other.m_many))
    {
    }

    ShortList& operator=(ShortList&& other) noexcept
    {
        m_few = std::move(other.m_few);
        m_fewUsed = std::exchange(other.m_fewUsed, 0);
        m_many = std::move(other.m_many);
        return *this;
    }

    void push_back(Item item)
    {
        if (m_many.empty() && m_fewUsed < FEW)
        {
            m_few[m_fewUsed++] = std::move(item);
            return;
        }
        for (std::size_t i = 0; i < m_fewUsed; ++i)
        {
            m_many.push_back(std::move(m_few[i]));
        }
        m_fewUsed = 0;
        m_many.push_back(std::move(item));
    }

    /** Put an item in before \p place. \return where it is; earlier places are no longer valid. */
    Item* insert(const Item* place, Item item)
    {
        const auto before = place - begin();
        push_back(std::move(item));
        std::rotate(begin() + before, end() - 1, end());
        return begin() + before;
    }

    bool empty() const
    {
        return size() == 0;
    }

    std::size_t size() const
    {
        return m_fewUsed + m_many.size();
    }

    Item* begin()
    {
        return m_many.empty() ? m_few.data() : m_many.data();
    }

    Item* end()
    {
        return begin() + size();
    }

    const Item* begin() const
    {
        return m_many.empty() ? m_few.data() : m_many.data();
    }

    const Item* end() const
    {
        return begin() + size();
    }

    /** \p i must be less than size(). */
    Item& operator[](std::size_t i)
    {
        return begin()[i];
    }

    const Item& operator[](std::size_t i) const
    {
        return begin()[i];
    }

  private:
    std::array<Item, FEW> m_few{};
    std::size_t m_fewUsed{0}; //!< 0 once the items are in m_many
    std::vector<Item> m_many;
};

} // namespace nattlab

#endif
