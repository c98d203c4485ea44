// SPDX-License-Identifier: GPL-2.0-only
#ifndef NATTLAB_ROUTER_LOCAL_SERVICE_H
#define NATTLAB_ROUTER_LOCAL_SERVICE_H

#include "model/packet/address.h"
#include "model/packet/bytes.h"
#include "model/trace/reason.h"

#include <optional>

namespace nattlab
{

/** What a box does with a packet that is addressed to itself. */
struct LocalOutcome
{
    Reason reason{Reason::None};   //!< None: taken in
    std::optional<Bytes> answer;   //!< echo reply, ICMP error or TCP reset
    bool answerIsIcmpError{false}; //!< the answer is subject to RouterConfig::sendsIcmpErrors
};

/**
 * Serve a whole packet for one of the box's own addresses. It answers echo requests, takes in all
 * other ICMP, and has no other service.
 * \param packet a packet with a valid header
 * \param answersPing false: echo requests are ignored
 */
LocalOutcome ServeLocally(ByteView packet, bool answersPing);

} // namespace nattlab

#endif
