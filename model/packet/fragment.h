// SPDX-License-Identifier: GPL-2.0-only
#ifndef NATTLAB_PACKET_FRAGMENT_H
#define NATTLAB_PACKET_FRAGMENT_H

#include "model/packet/address.h"
#include "model/packet/packet.h"
#include "model/packet/time.h"

#include <cstdint>
#include <map>
#include <optional>
#include <tuple>
#include <vector>

namespace nattlab
{

/**
 * Cut an IPv4 packet into fragments of at most \p mtu bytes (RFC 791 3.2). A fragment may be cut
 * again. The caller has checked the don't-fragment bit.
 *
 * \return the packet alone when it fits; nothing when \p mtu leaves no room for 8 data bytes.
 */
std::vector<Bytes> FragmentPacket(ByteView packet, std::size_t mtu);

/** Limits of a reassembler. */
struct ReassemblerConfig
{
    Duration timeout{seconds{30}}; //!< from the first fragment seen (RFC 1122 3.3.2: 60 to 120 s)
    std::size_t most{256};         //!< packets under reassembly at a time; beyond, the oldest goes
};

/**
 * Puts fragments together by (source, destination, protocol, identification), as RFC 815 describes
 * it, and refuses overlaps: a packet with an overlapping fragment is dropped as a whole.
 */
class Reassembler
{
  public:
    /** What became of a fragment. */
    struct Result
    {
        std::optional<Packet> whole;  //!< complete packet; carries the tag of the last fragment
        std::vector<TraceTag> merged; //!< fragments that went into it, the last one excluded
        std::vector<Packet> refused;  //!< packets to be dropped for an overlap or bad length
        std::vector<Packet> evicted;  //!< packets to be dropped because the table was full
    };

    explicit Reassembler(ReassemblerConfig config = {});

    /** Take one fragment. */
    Result Receive(Packet fragment, Instant now);

    /** \return fragments whose time has passed (the first fragment first, where there is one). */
    std::vector<std::vector<Packet>> Expire(Instant now);

    /** \return when Expire has something to do. */
    std::optional<Instant> Deadline() const;

    /** Take out everything, as a reboot does. */
    std::vector<Packet> Clear();

  private:
    using Key = std::tuple<Ipv4Address, Ipv4Address, std::uint8_t, std::uint16_t>;

    struct Partial
    {
        Instant deadline;
        std::map<std::uint16_t, Packet> parts; //!< by offset in bytes
        std::optional<std::size_t> total;      //!< payload bytes, once the last fragment is here
        std::size_t have{0};
    };

    static void MoveAll(Partial& from, std::vector<Packet>& to);

    ReassemblerConfig m_config;
    std::map<Key, Partial> m_partials;
};

} // namespace nattlab

#endif
