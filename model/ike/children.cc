// SPDX-License-Identifier: GPL-2.0-only
/**
 * \file
 * The table of ESP SA pairs: making, replacing, removing.
 */
#include "model/ike/core.h"

namespace nattlab::ike
{

namespace
{

constexpr std::uint32_t FIRST_USABLE_SPI = 256; // RFC 2406 2.1: 1 to 255 are reserved

bool
PortsOverlap(std::uint16_t a, std::uint16_t b)
{
    return a == b || a == 0 || b == 0;
}

/** \return true when a packet could fit both; the addresses are known to be equal. */
bool
Overlap(const Selector& a, const Selector& b)
{
    return (a.protocol == b.protocol || a.protocol == 0 || b.protocol == 0) &&
           PortsOverlap(a.localPort, b.localPort) && PortsOverlap(a.remotePort, b.remotePort);
}

} // namespace

const Child*
Engine::Core::FindChild(std::uint32_t inboundSpi) const
{
    const auto it = m_children.find(inboundSpi);
    return it == m_children.end() ? nullptr : &it->second;
}

/** \return an SPI that no SA of this host has, reserved until the Quick Mode is closed. */
std::uint32_t
Engine::Core::NewSpi()
{
    std::uint32_t spi = 0;
    do
    {
        spi = m_spiRandom.NonZero32();
    } while (spi < FIRST_USABLE_SPI || m_children.count(spi) != 0 ||
             m_reservedSpis.count(spi) != 0);
    m_reservedSpis.insert(spi);
    return spi;
}

/** \return the keys that a Quick Mode agreed on; nothing when one is a weak key of DES. */
std::optional<ChildKeys>
Engine::Core::MakeKeys(const Peer& peer, const Quick& quick) const
{
    const QuickHandshake& h = *quick.handshake;
    const std::size_t cipherSize = KeySize(h.agreed.cipher, h.agreed.keyBits);
    const std::size_t size = cipherSize + crypto::DigestSize(h.agreed.integrity);
    const auto material = [&](std::uint32_t spi) {
        return KeyMaterial(
            peer.agreed.hash, peer.keys, h.shared, PROTOCOL_ESP, spi, h.ni, h.nr, size);
    };
    const Bytes inbound = material(quick.ownSpi);
    const Bytes outbound = material(h.peerSpi);
    // RFC 2401 4.6.2: the encryption key is taken from the left
    ChildKeys keys;
    keys.inboundCipher = ByteView{inbound}.Sub(0, cipherSize).ToBytes();
    keys.inboundAuth = ByteView{inbound}.Sub(cipherSize).ToBytes();
    keys.outboundCipher = ByteView{outbound}.Sub(0, cipherSize).ToBytes();
    keys.outboundAuth = ByteView{outbound}.Sub(cipherSize).ToBytes();
    if (h.agreed.cipher == crypto::CipherAlgorithm::DesCbc &&
        (IsWeakDesKey(keys.inboundCipher) || IsWeakDesKey(keys.outboundCipher)))
    {
        return std::nullopt;
    }
    return keys;
}

/** \return the SAs that a Quick Mode agreed on, as the peer stands now. */
ChildUp
Engine::Core::MakeChild(const Peer& peer, const Quick& quick, ChildKeys keys) const
{
    const QuickHandshake& h = *quick.handshake;
    const Phase2Proposal& agreed = h.agreed;
    ChildUp up;
    up.keys = std::move(keys);
    ChildSa& sa = up.sa;
    sa.peer = peer.id;
    sa.inboundSpi = quick.ownSpi;
    sa.outboundSpi = h.peerSpi;
    sa.cipher = agreed.cipher;
    sa.integrity = agreed.integrity;
    sa.udpEncapsulated = peer.UdpEncapsulated();
    sa.local = peer.local;
    sa.remote = peer.remote;
    sa.selector = h.wish.selector;
    sa.peerOriginalAddress = h.peerOriginal;
    sa.ownOriginalAddress = h.ownOriginal;
    sa.lifetime = seconds{agreed.lifeSeconds};
    sa.lifetimeKilobytes = agreed.lifeKilobytes;
    sa.initiator = quick.initiator;
    sa.replaces = h.wish.replaces;
    up.tag.connection = h.wish.connection;
    return up;
}

/** \return an SA pair of another peer that the same packets would fit. */
std::optional<std::uint32_t>
Engine::Core::Collision(const Peer& peer, const Selector& selector) const
{
    for (const std::uint32_t spi : m_bySelector.Of({selector.local, selector.remote}))
    {
        const ChildSa& other = m_children.at(spi).sa;
        if (other.peer != peer.id && Overlap(other.selector, selector))
        {
            return spi;
        }
    }
    return std::nullopt;
}

/** Put a new pair into the table and say so. */
void
Engine::Core::InstallChild(Turn& turn, Peer& peer, const Quick& quick, ChildKeys keys)
{
    ChildUp up = MakeChild(peer, quick, std::move(keys));
    ChildSa& sa = up.sa;
    if (quick.profile->selectorCollision == SelectorCollision::Replace)
    {
        while (const auto other = Collision(peer, sa.selector))
        {
            RemoveChild(turn, *other, Reason::IkeSelectorCollision);
        }
    }
    if (!sa.replaces)
    {
        // Not asked for here as a rekey: it replaces the newest for the same traffic, if any.
        std::uint64_t newest = 0;
        for (const std::uint32_t spi : peer.children)
        {
            const Child& child = m_children.at(spi);
            if (child.sa.selector == sa.selector && child.serial > newest)
            {
                newest = child.serial;
                sa.replaces = spi;
            }
        }
    }
    const std::uint32_t spi = sa.inboundSpi;
    const ConnectionId connection = up.tag.connection;
    ++m_count.quickModes;
    ++m_count.keyAdditions;
    m_count.keyUpdates += sa.replaces ? 1 : 0;
    m_reservedSpis.erase(spi);
    m_children[spi] = {sa, connection, ++m_lastChild};
    peer.children.insert(spi);
    m_bySelector.Insert({sa.selector.local, sa.selector.remote}, spi);
    if (sa.lifetime > Duration{0})
    {
        m_timers.Set({0, TimerKind::ChildLife, spi}, turn.now + sa.lifetime);
    }
    if (sa.replaces && sa.initiator && quick.profile->deleteReplaced && FindChild(*sa.replaces))
    {
        m_timers.Set({0, TimerKind::ChildGrace, *sa.replaces},
                     turn.now + quick.profile->replacedGrace);
    }
    const std::string agreed = Describe(quick.handshake->agreed);
    Record(turn,
           EventType::SaEstablished,
           Layer::Esp,
           connection,
           Reason::None,
           spi,
           sa.udpEncapsulated ? "udp" : "esp",
           agreed + (sa.udpEncapsulated ? ", transport in UDP (" : ", transport (") +
               std::to_string(peer.EncapsulationMode()) + ")");
    if (sa.replaces)
    {
        Record(turn, EventType::SaRekeyed, Layer::Esp, connection, Reason::None, spi);
    }
    turn.out.notices.push_back(std::move(up));
}

/** Take a pair out of the table and say so; the peer is not told. */
void
Engine::Core::RemoveChild(Turn& turn, std::uint32_t inboundSpi, Reason reason)
{
    const auto it = m_children.find(inboundSpi);
    if (it == m_children.end())
    {
        return;
    }
    const Child child = std::move(it->second);
    m_children.erase(it);
    m_timers.Cancel({0, TimerKind::ChildLife, inboundSpi});
    m_timers.Cancel({0, TimerKind::ChildGrace, inboundSpi});
    m_bySelector.Erase({child.sa.selector.local, child.sa.selector.remote}, inboundSpi);
    Record(turn, EventType::SaDeleted, Layer::Esp, child.connection, reason, inboundSpi);
    turn.out.notices.push_back(ChildDown{child.sa.peer, inboundSpi, reason});
    if (Peer* peer = FindPeer(child.sa.peer))
    {
        peer->children.erase(inboundSpi);
        EraseIfIdle(child.sa.peer);
    }
}

/** Take a pair out of the table and tell the peer, where there is a phase-1 SA to do it. */
void
Engine::Core::RemoveOwnChild(Turn& turn, std::uint32_t inboundSpi, Reason reason)
{
    const Child* child = FindChild(inboundSpi);
    if (!child)
    {
        return;
    }
    Peer* peer = FindPeer(child->sa.peer);
    if (peer && peer->state == State::Established)
    {
        SendDelete(turn, *peer, {DOI_IPSEC, PROTOCOL_ESP, 4, {ShortBytes::Of32(inboundSpi)}});
    }
    RemoveChild(turn, inboundSpi, reason);
}

void
Engine::Core::DeleteChild(Turn& turn, std::uint32_t inboundSpi)
{
    RemoveOwnChild(turn, inboundSpi, Reason::None);
}

/** The peer is somewhere else now, and with it the far ends of its SAs. */
void
Engine::Core::MoveChildren(Peer& peer)
{
    for (const std::uint32_t spi : peer.children)
    {
        ChildSa& sa = m_children.at(spi).sa;
        m_bySelector.Erase({sa.selector.local, sa.selector.remote}, spi);
        sa.local = peer.local;
        sa.remote = peer.remote;
        sa.selector.remote = peer.remote.address;
        m_bySelector.Insert({sa.selector.local, sa.selector.remote}, spi);
    }
}

} // namespace nattlab::ike
