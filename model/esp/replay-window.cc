// SPDX-License-Identifier: GPL-2.0-only
#include "model/esp/replay-window.h"

#include <algorithm>

namespace nattlab::esp
{

namespace
{

constexpr std::uint32_t WORD_BITS = 64;

} // namespace

ReplayWindow::ReplayWindow(std::size_t size)
    : m_size(size)
{
    // One word more than the window fills, as its edges need not fall on the edges of words.
    const std::size_t words = size == 0 ? 0 : (size + WORD_BITS - 1) / WORD_BITS + 1;
    for (std::size_t i = 0; i < words; ++i)
    {
        m_words.push_back(0);
    }
}

std::uint64_t&
ReplayWindow::WordOf(std::uint32_t sequence)
{
    return m_words[sequence / WORD_BITS % m_words.size()];
}

bool
ReplayWindow::IsNew(std::uint32_t sequence) const
{
    if (m_size == 0)
    {
        return true;
    }
    if (sequence == 0) // RFC 2406 3.3.3: the first packet has 1
    {
        return false;
    }
    if (sequence > m_highest)
    {
        return true;
    }
    const std::uint64_t word = m_words[sequence / WORD_BITS % m_words.size()];
    return m_highest - sequence < m_size && (word >> sequence % WORD_BITS & 1) == 0;
}

void
ReplayWindow::Accept(std::uint32_t sequence)
{
    if (m_size == 0)
    {
        m_highest = std::max(m_highest, sequence);
        return;
    }
    if (sequence > m_highest)
    {
        const std::uint32_t from = m_highest / WORD_BITS;
        const std::uint32_t steps = sequence / WORD_BITS - from;
        const auto cleared = std::min<std::uint64_t>(steps, m_words.size());
        for (std::uint32_t i = 1; i <= cleared; ++i)
        {
            m_words[(from + i) % m_words.size()] = 0;
        }
        m_highest = sequence;
    }
    WordOf(sequence) |= std::uint64_t{1} << sequence % WORD_BITS;
}

} // namespace nattlab::esp
