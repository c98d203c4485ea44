// SPDX-License-Identifier: GPL-2.0-only
#include "model/router/received-head.h"

#include "model/packet/ipv4.h"

#include <algorithm>

namespace nattlab
{

ReceivedHead::ReceivedHead(ByteView packet)
{
    const ByteView head = packet.Sub(0, ip::HeaderLength(packet) + 8u);
    std::copy(head.begin(), head.end(), m_bytes.begin());
    m_size = head.size();
}

Bytes
ReceivedHead::Restore(ByteView packet) const
{
    return Concat({ByteView{m_bytes.data(), m_size}, packet.Sub(m_size)});
}

} // namespace nattlab
