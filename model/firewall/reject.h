// SPDX-License-Identifier: GPL-2.0-only
#ifndef NATTLAB_FIREWALL_REJECT_H
#define NATTLAB_FIREWALL_REJECT_H

#include "model/firewall/firewall-rule.h"
#include "model/packet/address.h"
#include "model/packet/bytes.h"

#include <optional>

namespace nattlab
{

/**
 * Build the reset that refuses a TCP segment, from the segment's own destination (RFC 793 3.4).
 * \return nothing for a reset, for what is not TCP, or for a fragment without the header.
 */
std::optional<Bytes> BuildTcpReset(ByteView packet);

/**
 * Build the answer to a rejected packet.
 * \param kind what the sender is told
 * \param from the address that an ICMP error comes from
 * \param packet the packet, as its sender knows it
 * \return nothing where no answer may be sent (see BuildIcmpError and BuildTcpReset).
 */
std::optional<Bytes> BuildReject(RejectKind kind, Ipv4Address from, ByteView packet);

} // namespace nattlab

#endif
