// SPDX-License-Identifier: GPL-2.0-only
/**
 * \file
 * IKE fragments (MS-IKEE 2.2.3 and 3.3): a message cut up, and messages that come in pieces.
 */
#ifndef NATTLAB_IKE_FRAGMENTS_H
#define NATTLAB_IKE_FRAGMENTS_H

#include "model/ike/isakmp.h"

#include <cstddef>
#include <cstdint>
#include <map>
#include <utility>
#include <vector>

namespace nattlab::ike
{

/** Bytes of the headers around the data of a fragment: ISAKMP and fragment payload. */
constexpr std::size_t FRAGMENT_HEADERS = Header::SIZE + 8;

/**
 * Cut a whole message, its header included, into messages with one fragment each: the header of the
 * message, but in clear and announcing a fragment (MS-IKEE 3.3.6.1).
 *
 * \param data bytes of the message in a fragment, not 0; the last has the rest
 * \param id of the fragments
 * \return nothing when the message would need more fragments than can be numbered
 */
std::vector<Bytes> CutUp(ByteView message, std::size_t data, std::uint16_t id);

/**
 * The fragments of messages that are not complete yet (MS-IKEE 3.3.5.3). Its memory is bounded,
 * in all and for each peer.
 */
class FragmentStore
{
  public:
    static constexpr std::size_t MAX_MESSAGE = 65535;
    static constexpr std::size_t MAX_OF_PEER = 2 * MAX_MESSAGE;
    static constexpr std::size_t MAX_BYTES = std::size_t{1} << 20;
    static constexpr std::size_t MAX_OPEN = 16; //!< messages of one peer

    /** What became of a fragment. */
    enum class Outcome : std::uint8_t
    {
        Kept,
        Complete,  //!< the message is whole
        Duplicate, //!< its number was there; it is dropped
        Conflict,  //!< two are the last, or a number is above the last: all are dropped
        Full,      //!< no room; it is dropped
    };

    struct Result
    {
        Outcome outcome{Outcome::Kept};
        bool first{false}; //!< the first that was kept of its message
        Bytes message;     //!< when it is complete
    };

    Result Add(std::uint64_t peer, FragmentPayload fragment);

    /** Forget what came of one message. */
    void Drop(std::uint64_t peer, std::uint16_t id);

    /** \return the fragment IDs of the messages of a peer that are not complete. */
    std::vector<std::uint16_t> Of(std::uint64_t peer) const;

    /** \return the bytes of data that are kept. */
    std::size_t Size() const
    {
        return m_size;
    }

  private:
    struct Parts
    {
        std::map<std::uint8_t, Bytes> data; //!< by number
        std::uint8_t last{0};               //!< number of the last; 0: not known
        std::size_t size{0};
    };

    using Key = std::pair<std::uint64_t, std::uint16_t>;

    bool HasRoom(const Key& key, std::size_t size) const;

    std::map<Key, Parts> m_messages;
    std::size_t m_size{0};
};

} // namespace nattlab::ike

#endif
