// SPDX-License-Identifier: GPL-2.0-only
#ifndef NATTLAB_PACKET_PACKET_H
#define NATTLAB_PACKET_PACKET_H

#include "model/packet/bytes.h"

#include <cstdint>

namespace nattlab
{

/** Names one packet for its whole way through the network; 0 is none. */
using PacketId = std::uint64_t;

/** Names one connection of the scenario; 0 is none. */
using ConnectionId = std::uint32_t;

/**
 * What the event log knows of a packet beyond its bytes. No engine may decide anything by it: the
 * modelled box could not see it either.
 */
struct TraceTag
{
    PacketId packet{0};
    ConnectionId connection{0};
};

/** A raw IPv4 packet, from the first byte of its header. */
struct Packet
{
    TraceTag tag;
    Bytes bytes;
};

} // namespace nattlab

#endif
