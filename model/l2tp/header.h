// SPDX-License-Identifier: GPL-2.0-only
#ifndef NATTLAB_L2TP_HEADER_H
#define NATTLAB_L2TP_HEADER_H

#include "model/packet/bytes.h"

#include <cstddef>
#include <cstdint>
#include <optional>

namespace nattlab::l2tp
{

/** The L2TP header of control and data messages (RFC 2661 3.1). */
struct Header
{
    /** Length of every control header, and so of a whole ZLB, in bytes. */
    static constexpr std::size_t CONTROL_SIZE = 12;

    bool control{false};
    bool hasLength{true};                //!< L; always in control messages
    bool sequenced{false};               //!< S: ns and nr are there; always in control messages
    bool priority{false};                //!< P
    std::optional<std::uint16_t> offset; //!< O: bytes of padding behind the header
    std::uint16_t tunnel{0};             //!< the receiver's identifier
    std::uint16_t session{0};            //!< the receiver's identifier
    std::uint16_t ns{0};
    std::uint16_t nr{0}; //!< means nothing in a data message

    struct Parsed;

    /**
     * Read a message. Refused: a version other than 2, a control message without L and S or with O
     * or P, a length under the header's or over the data. Bytes behind the length are ignored.
     * \param strictBits refuse every bit but T, L and S, as Windows does (MS-L2TPIE)
     */
    static std::optional<Parsed> Parse(ByteView message, bool strictBits);

    /** Write the header in front of \p payload. A length over 65535 is not representable. */
    Bytes Build(ByteView payload) const;
};

/** A header and what follows it: AVPs of a control message, the frame of a data message. */
struct Header::Parsed
{
    Header header;
    ByteView payload; //!< within the message that was parsed
};

} // namespace nattlab::l2tp

#endif
