// SPDX-License-Identifier: GPL-2.0-only
#ifndef NATTLAB_IKE_SA_PAYLOAD_H
#define NATTLAB_IKE_SA_PAYLOAD_H

#include "model/ike/isakmp.h"

namespace nattlab::ike
{

/** Read the body of an SA payload with its proposals and transforms (RFC 2408 3.4 to 3.6). */
Decoded<Payload> DecodeSa(ByteView body, std::size_t offset);

/** Append the body of an SA payload. */
void AppendSa(Bytes& to, const SaPayload& sa);

} // namespace nattlab::ike

#endif
