// SPDX-License-Identifier: GPL-2.0-only
/**
 * \file
 * The control messages that this host sends (RFC 2661 6), with their attributes in the order of
 * Windows (MS-L2TPIE).
 */
#ifndef NATTLAB_L2TP_COMPOSE_H
#define NATTLAB_L2TP_COMPOSE_H

#include "model/l2tp/config.h"
#include "model/l2tp/message.h"
#include "model/packet/bytes.h"

#include <cstdint>

namespace nattlab::l2tp
{

/** The protocol version AVP: version 1, revision 0 (RFC 2661 4.4.3). */
constexpr std::uint16_t PROTOCOL_VERSION = 0x0100;

/** \param challenge not sent when empty */
Draft ComposeSccrq(const Config& config, std::uint16_t tunnel, ByteView challenge);

/** \param response to the peer's challenge; not sent when empty */
Draft
ComposeSccrp(const Config& config, std::uint16_t tunnel, ByteView challenge, ByteView response);

Draft ComposeScccn(ByteView response);
Draft ComposeStopCcn(std::uint16_t tunnel, const ResultCode& code);

/** \param correlation 16 bytes that name the call in the logs of both ends; not sent when empty */
Draft ComposeIcrq(const Config& config,
                  std::uint16_t session,
                  std::uint32_t serial,
                  ByteView correlation);

Draft ComposeIcrp(std::uint16_t session);
Draft ComposeIccn(const Config& config);
Draft ComposeCdn(std::uint16_t session, const ResultCode& code);

} // namespace nattlab::l2tp

#endif
