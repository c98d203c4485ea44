// SPDX-License-Identifier: GPL-2.0-only
#ifndef NATTLAB_PACKET_SERIAL_TABLE_H
#define NATTLAB_PACKET_SERIAL_TABLE_H

#include <algorithm>
#include <cstddef>
#include <cstdint>
#include <iterator>
#include <memory>
#include <stdexcept>
#include <string>
#include <utility>
#include <vector>

namespace nattlab
{

/**
 * Items by serial number, found by one step: for what is numbered 1, 2, 3... as it is made, and
 * mostly goes in about that order.
 *
 * Items do not move. A gap between two items takes a pointer for each number in it.
 */
template <typename Item>
class SerialTable
{
  public:
    using Number = std::uint64_t;

    /** \return the item, or null. */
    Item* Find(Number number) const
    {
        const Number place = number - m_first;
        return number >= m_first && place < m_items.size() ? m_items[place].get() : nullptr;
    }

    /** \throws std::out_of_range when there is no such item. */
    Item& At(Number number) const
    {
        Item* item = Find(number);
        if (!item)
        {
            throw std::out_of_range("there is no number " + std::to_string(number));
        }
        return *item;
    }

    /** Put an item in, in place of one that has the number. */
    Item& Put(Number number, std::unique_ptr<Item> item)
    {
        if (m_items.empty())
        {
            m_first = number;
            m_gone = 0;
        }
        if (number < m_first)
        {
            std::vector<std::unique_ptr<Item>> all(m_first - number);
            std::move(m_items.begin(), m_items.end(), std::back_inserter(all));
            m_items = std::move(all);
            m_first = number;
        }
        const std::size_t place = number - m_first;
        if (place >= m_items.size())
        {
            m_items.resize(place + 1);
        }
        m_size += m_items[place] == nullptr;
        m_gone = std::min(m_gone, place);
        m_items[place] = std::move(item);
        return *m_items[place];
    }

    /** Take an item out. \return the item, or null */
    std::unique_ptr<Item> Take(Number number)
    {
        if (!Find(number))
        {
            return nullptr;
        }
        std::unique_ptr<Item> item = std::move(m_items[number - m_first]);
        --m_size;
        Trim();
        return item;
    }

    std::size_t Size() const
    {
        return m_size;
    }

    /** \return all numbers in their order. */
    std::vector<Number> Numbers() const
    {
        std::vector<Number> numbers;
        numbers.reserve(m_size);
        for (std::size_t place = 0; place < m_items.size(); ++place)
        {
            if (m_items[place])
            {
                numbers.push_back(m_first + place);
            }
        }
        return numbers;
    }

    void Clear()
    {
        m_items.clear();
        m_size = 0;
        m_gone = 0;
    }

  private:
    /** Give up the places at both ends that have no item; those in front once they are the most. */
    void Trim()
    {
        while (!m_items.empty() && !m_items.back())
        {
            m_items.pop_back();
        }
        while (m_gone < m_items.size() && !m_items[m_gone])
        {
            ++m_gone;
        }
        if (m_gone >= FEW && m_gone > m_items.size() / 2)
        {
            m_items.erase(m_items.begin(), m_items.begin() + static_cast<std::ptrdiff_t>(m_gone));
            m_first += m_gone;
            m_gone = 0;
        }
    }

    static constexpr std::size_t FEW = 16;

    Number m_first{0}; //!< of the first place
    std::vector<std::unique_ptr<Item>> m_items;
    std::size_t m_size{0};
    std::size_t m_gone{0}; //!< places in front that are known to have no item
};

} // namespace nattlab

#endif
