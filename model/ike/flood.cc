// SPDX-License-Identifier: GPL-2.0-only
/**
 * \file
 * Protection against floods of MM1 from forged addresses (MS-IKEE 3.9).
 *
 * While too many Main Modes are half-open, a responder answers a good MM1 with an Informational
 * message in clear, HDR, N(DOS_COOKIE) with 8 bytes, and forgets it. The initiator sends the same
 * MM1 again with these bytes as responder cookie; from then on they are the responder's cookie.
 * An MM1 with any other responder cookie is treated like the first one.
 */
#include "model/crypto/hash.h"
#include "model/ike/core.h"

namespace nattlab::ike
{

/** \return the cookie for an initiator: nothing but the secret must be kept to know it again. */
std::uint64_t
Engine::Core::FloodCookie(Endpoint remote, std::uint64_t initiatorCookie) const
{
    const Bytes digest = crypto::HmacDigest(crypto::HashAlgorithm::Sha1,
                                            m_floodSecret,
                                            {ShortBytes::Of32(remote.address.value),
                                             ShortBytes::Of16(remote.port),
                                             ShortBytes::Of64(initiatorCookie)});
    return Load64(digest.data()) | 1; // never 0
}

bool
Engine::Core::AsksForCookie() const
{
    return m_profile->cookieThreshold && m_halfOpen >= *m_profile->cookieThreshold;
}

/** \return true when a message brings the cookie that this host gave, or would give, its sender. */
bool
Engine::Core::IsReturned(const Message& message, const Header& header) const
{
    return m_profile->cookieThreshold && header.responderCookie != 0 &&
           header.responderCookie == FloodCookie(message.remote, header.initiatorCookie);
}

/** Ask the sender of an MM1 to show that it can be reached. */
void
Engine::Core::SendFloodCookie(Turn& turn, const Message& message, const Header& header)
{
    const std::uint64_t cookie = FloodCookie(message.remote, header.initiatorCookie);
    const NotifyPayload notify{
        DOI_IPSEC, PROTOCOL_ISAKMP, {}, NOTIFY_DOS_COOKIE, ShortBytes::Of64(cookie)};
    SendFirstAnswer(turn, message, {header.initiatorCookie, cookie}, notify);
}

/** Send MM1 again with the cookie that the responder asks for. */
void
Engine::Core::ReturnFloodCookie(Turn& turn, Peer& peer, const NotifyPayload& notify)
{
    const std::uint64_t cookie = Load64(notify.data.data());
    if (cookie != peer.handshake->floodCookie)
    {
        peer.handshake->floodCookie = cookie;
        SendMm1(turn, peer); /* HDR with the cookie, SA, VID --> */
    }
}

} // namespace nattlab::ike
