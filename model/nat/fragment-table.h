// SPDX-License-Identifier: GPL-2.0-only
#ifndef NATTLAB_NAT_FRAGMENT_TABLE_H
#define NATTLAB_NAT_FRAGMENT_TABLE_H

#include "model/nat/nat.h"
#include "model/packet/fifo.h"
#include "model/packet/flow.h"
#include "model/packet/ipv4.h"

#include <cstddef>
#include <optional>
#include <string>
#include <unordered_map>
#include <utility>
#include <vector>

namespace nattlab::nat
{

/**
 * What became of the first fragments of datagrams, for their later fragments; and the later ones
 * that came too early (RFC 4787 REQ-14).
 *
 * Bounded in datagrams, held fragments and time, as an attacker can send any number of fragments.
 */
class FragmentTable
{
  public:
    /** What is done to each fragment of a datagram. */
    struct Treatment
    {
        NatResult result;
        Ipv4Address address;                         //!< new source or destination
        std::optional<std::uint16_t> identification; //!< new one, towards the outside
    };

    /** A fragment that waits. */
    struct Held
    {
        Packet packet;
        bool fromInside{false};
    };

    explicit FragmentTable(const NatConfig& config);

    /** \return the key of the datagram that a fragment belongs to (RFC 791 3.2). */
    static FlowKey KeyOf(const Ipv4Header& header);

    /** \return how a fragment is named in records: "udp 10.0.0.1 > 192.0.2.1 fragment 7@1480". */
    static std::string TextOf(const Ipv4Header& header);

    /** \return what its first fragment met with, or nullptr. */
    const Treatment* Find(const FlowKey& key) const;

    /**
     * Remember what the first fragment met with.
     * \param dropped filled with fragments pushed out for want of room
     * \return the fragments that waited for it, in the order of their coming
     */
    std::vector<Held>
    Learn(const FlowKey& key, Treatment treatment, Instant now, std::vector<Held>& dropped);

    /** Keep a later fragment. \return false, and the packet stays, when there is no room. */
    bool Hold(const FlowKey& key,
              Packet& packet,
              bool fromInside,
              Instant now,
              std::vector<Held>& dropped);

    /** \return the fragments that have waited too long; forgets old datagrams. */
    std::vector<Held> Expire(Instant now);

    std::optional<Instant> Deadline() const;

    /** Forget everything. \return the fragments that waited. */
    std::vector<Held> Clear();

  private:
    struct Datagram
    {
        Instant until;
        std::optional<Treatment> treatment;
        std::vector<Held> held;
    };

    Datagram& At(const FlowKey& key, Instant now, std::vector<Held>& dropped);
    void PopOldest(std::vector<Held>& dropped);

    const NatConfig& m_config;
    std::unordered_map<FlowKey, Datagram> m_datagrams;
    Fifo<std::pair<Instant, FlowKey>> m_order; //!< by time, one entry per datagram
    std::size_t m_heldCount{0};
};

} // namespace nattlab::nat

#endif
