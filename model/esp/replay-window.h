// SPDX-License-Identifier: GPL-2.0-only
#ifndef NATTLAB_ESP_REPLAY_WINDOW_H
#define NATTLAB_ESP_REPLAY_WINDOW_H

#include "model/packet/short-list.h"

#include <cstddef>
#include <cstdint>

namespace nattlab::esp
{

/**
 * The receiver's memory of sequence numbers (RFC 2406 3.4.3).
 *
 * The right edge is the highest number accepted. What lies left of the window or was accepted
 * before is refused. The bits are a ring of words, so that a step of the window clears words and
 * shifts nothing.
 */
class ReplayWindow
{
  public:
    /** \param size in packets; 0 accepts everything, as a receiver without anti-replay does. */
    explicit ReplayWindow(std::size_t size);

    /** \return true when the number is new and not left of the window. */
    bool IsNew(std::uint32_t sequence) const;

    /** Remember a number for which IsNew() held, once its packet has proved to be authentic. */
    void Accept(std::uint32_t sequence);

    /** \return the right edge: the highest number accepted, 0 at the start. */
    std::uint32_t Highest() const
    {
        return m_highest;
    }

  private:
    std::uint64_t& WordOf(std::uint32_t sequence);

    std::size_t m_size;
    std::uint32_t m_highest{0};
    ShortList<std::uint64_t, 2> m_words; //!< two are enough for a window of 64
};

} // namespace nattlab::esp

#endif
