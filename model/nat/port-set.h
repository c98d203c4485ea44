// SPDX-License-Identifier: GPL-2.0-only
#ifndef NATTLAB_NAT_PORT_SET_H
#define NATTLAB_NAT_PORT_SET_H

#include <cstddef>
#include <cstdint>
#include <optional>
#include <vector>

namespace nattlab::nat
{

/** A set of ports: small while it holds few, and searched 64 ports at a time. */
class PortSet
{
  public:
    /** An inclusive range of ports, of which perhaps only the even or the odd ones count. */
    struct Choice
    {
        std::uint16_t first{0};
        std::uint16_t last{65535};
        std::optional<bool> odd;
    };

    bool Contains(std::uint16_t port) const;

    void Add(std::uint16_t port);

    void Remove(std::uint16_t port);

    /** \return how many ports are in the set. */
    std::size_t Size() const
    {
        return m_size;
    }

    /** \return the first port of the choice, from \p start on and around, that is not in the set.
     */
    std::optional<std::uint16_t> FindFree(const Choice& choice, std::uint16_t start) const;

  private:
    struct Word
    {
        std::uint16_t index;
        std::uint64_t bits;
    };

    std::vector<Word>::const_iterator Find(std::uint16_t index) const;
    std::optional<std::uint16_t>
    FindFreeUpwards(std::uint16_t first, std::uint16_t last, std::optional<bool> odd) const;

    std::vector<Word> m_words; //!< by index; words without a port are absent
    std::size_t m_size{0};
};

} // namespace nattlab::nat

#endif
