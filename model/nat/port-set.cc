// SPDX-License-Identifier: GPL-2.0-only
#include "model/nat/port-set.h"

#include <algorithm>

namespace nattlab::nat
{

namespace
{

constexpr std::uint64_t EVEN_BITS = 0x5555555555555555;

std::uint64_t
BitOf(std::uint16_t port)
{
    return std::uint64_t{1} << (port & 63);
}

std::uint16_t
LowestBit(std::uint64_t bits)
{
    std::uint16_t at = 0;
    for (unsigned width = 32; width > 0; width /= 2)
    {
        if ((bits & ((std::uint64_t{1} << width) - 1)) == 0)
        {
            bits >>= width;
            at = static_cast<std::uint16_t>(at + width);
        }
    }
    return at;
}

} // namespace

std::vector<PortSet::Word>::const_iterator
PortSet::Find(std::uint16_t index) const
{
    return std::lower_bound(m_words.begin(),
                            m_words.end(),
                            index,
                            [](const Word& word, std::uint16_t i) { return word.index < i; });
}

bool
PortSet::Contains(std::uint16_t port) const
{
    const auto it = Find(port / 64);
    return it != m_words.end() && it->index == port / 64 && (it->bits & BitOf(port)) != 0;
}

void
PortSet::Add(std::uint16_t port)
{
    if (Contains(port))
    {
        return;
    }
    auto it = m_words.begin() + (Find(port / 64) - m_words.cbegin());
    if (it == m_words.end() || it->index != port / 64)
    {
        it = m_words.insert(it, {static_cast<std::uint16_t>(port / 64), 0});
    }
    it->bits |= BitOf(port);
    ++m_size;
}

void
PortSet::Remove(std::uint16_t port)
{
    if (!Contains(port))
    {
        return;
    }
    const auto it = m_words.begin() + (Find(port / 64) - m_words.cbegin());
    it->bits &= ~BitOf(port);
    --m_size;
    if (it->bits == 0)
    {
        m_words.erase(it);
    }
}

std::optional<std::uint16_t>
PortSet::FindFreeUpwards(std::uint16_t first, std::uint16_t last, std::optional<bool> odd) const
{
    const std::uint64_t parity = !odd ? ~std::uint64_t{0} : *odd ? ~EVEN_BITS : EVEN_BITS;
    auto it = Find(first / 64);
    for (std::uint16_t index = first / 64; index <= last / 64; ++index)
    {
        std::uint64_t free = parity;
        if (it != m_words.end() && it->index == index)
        {
            free &= ~it->bits;
            ++it;
        }
        if (index == first / 64)
        {
            free &= ~(BitOf(first) - 1);
        }
        if (index == last / 64)
        {
            free &= BitOf(last) | (BitOf(last) - 1);
        }
        if (free != 0)
        {
            return static_cast<std::uint16_t>(index * 64 + LowestBit(free));
        }
    }
    return std::nullopt;
}

std::optional<std::uint16_t>
PortSet::FindFree(const Choice& choice, std::uint16_t start) const
{
    if (choice.first > choice.last)
    {
        return std::nullopt;
    }
    start = std::max(choice.first, std::min(choice.last, start));
    auto port = FindFreeUpwards(start, choice.last, choice.odd);
    if (!port && start > choice.first)
    {
        port = FindFreeUpwards(choice.first, static_cast<std::uint16_t>(start - 1), choice.odd);
    }
    return port;
}

} // namespace nattlab::nat
