// SPDX-License-Identifier: GPL-2.0-only
#ifndef NATTLAB_NAT_PORT_ALLOCATOR_H
#define NATTLAB_NAT_PORT_ALLOCATOR_H

#include "model/crypto/random.h"
#include "model/nat/nat-config.h"
#include "model/nat/port-set.h"
#include "model/packet/fifo.h"
#include "model/packet/flow.h"

#include <cstdint>
#include <optional>
#include <set>
#include <string_view>
#include <unordered_map>
#include <utility>
#include <vector>

namespace nattlab::nat
{

/** Chooses external addresses and ports (RFC 4787 4.1, 4.2; RFC 6888 REQ-2, 4, 8). */
class PortAllocator
{
  public:
    /** The random choices are those of \p device under \p seed. */
    PortAllocator(const NatConfig& config, std::string_view device, std::uint64_t seed);

    /**
     * \return the external addresses that a new mapping of this inside address may take, in the
     *         order of trying: one with Pooling::Paired, all with Arbitrary.
     */
    std::vector<Ipv4Address> Candidates(Ipv4Address inside);

    /**
     * Take a free external endpoint.
     * \param remote what the port must be unique for beside address and protocol; zero unless
     *        ports are overloaded
     * \return nothing when there is none
     */
    std::optional<Endpoint>
    Allocate(std::uint8_t protocol, Endpoint inside, Endpoint remote, Instant now);

    /** Give back what Allocate gave, with the same arguments. */
    void
    Free(std::uint8_t protocol, Endpoint external, Endpoint inside, Endpoint remote, Instant now);

    /** Never allocate this port: a forward or a pinned port has it. */
    void Reserve(std::uint8_t protocol, Endpoint external);

    /** Forget everything but reserved ports. */
    void Reset();

  private:
    /** A block of ports of one external address. */
    struct Block
    {
        std::size_t address{0}; //!< place in the pool
        std::size_t number{0};  //!< from portFirst upwards
    };

    /** An inside address that has, or had, mappings. */
    struct Host
    {
        std::size_t address{0}; //!< place in the pool that it is paired with
        std::optional<Block> block;
        std::size_t portsInBlock{0};
    };

    /** A freed port that waits for portReuseDelay. */
    struct Resting
    {
        Instant until;
        Ipv4Address lastUser;
    };

    /** External endpoint, remote and protocol; as the name of a PortSet the external port is 0. */
    using Key = FlowKey;

    Host& HostOf(Ipv4Address inside);
    PortSet& Used(const Key& space);
    void Release(const Key& port);
    void Wake(Instant now);
    std::optional<std::uint16_t> Choose(const Key& space, Endpoint inside);
    std::optional<std::uint16_t> Preserve(const Key& space, Endpoint inside);
    std::optional<Endpoint>
    AllocateInBlock(std::uint8_t protocol, Endpoint inside, Endpoint remote);
    bool TakeBlock(Host& host);
    std::optional<bool> Parity(Endpoint inside) const;

    const NatConfig& m_config;
    RandomStream m_random;
    std::size_t m_nextAddress{0};
    std::unordered_map<Ipv4Address, Host> m_hosts;
    std::unordered_map<Key, PortSet> m_used;
    std::unordered_map<Key, PortSet> m_reserved;     //!< remote is zero
    std::unordered_map<Key, std::uint16_t> m_last;   //!< with Sequential; remote is zero
    std::unordered_map<Key, Resting> m_resting;      //!< marked as used all the same
    Fifo<std::pair<Instant, Key>> m_wakeUps;         //!< in the order of time
    std::vector<std::set<std::size_t>> m_freeBlocks; //!< per address of the pool
    std::vector<std::size_t> m_nextBlock;            //!< first one never used, per address
};

} // namespace nattlab::nat

#endif
