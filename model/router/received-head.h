// SPDX-License-Identifier: GPL-2.0-only
#ifndef NATTLAB_ROUTER_RECEIVED_HEAD_H
#define NATTLAB_ROUTER_RECEIVED_HEAD_H

#include "model/packet/bytes.h"

#include <array>
#include <cstddef>
#include <cstdint>

namespace nattlab
{

/**
 * The first bytes of a packet as it was received: its header and 8 bytes more, all that an ICMP
 * error quotes. Kept aside so that an error about a translated packet shows what its sender sent.
 */
class ReceivedHead
{
  public:
    ReceivedHead() = default;

    /** \param packet a packet with a valid header */
    explicit ReceivedHead(ByteView packet);

    /** \return \p packet, which came of the one received, with the head put back. */
    Bytes Restore(ByteView packet) const;

  private:
    static constexpr std::size_t MOST = 60 + 8; //!< RFC 791 3.1: the longest header; RFC 792

    std::array<std::uint8_t, MOST> m_bytes{};
    std::size_t m_size{0};
};

} // namespace nattlab

#endif
