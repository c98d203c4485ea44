// SPDX-License-Identifier: GPL-2.0-only
#ifndef NATTLAB_IKE_REACH_TABLE_H
#define NATTLAB_IKE_REACH_TABLE_H

#include "model/ike/engine.h"

#include "model/packet/address.h"
#include "model/packet/hash-table.h"

#include <cstddef>
#include <cstdint>
#include <map>
#include <utility>

namespace nattlab::ike
{

/** An address of this host, and one of a peer. */
using AddressPair = std::pair<Ipv4Address, Ipv4Address>;

struct AddressPairHash
{
    std::size_t operator()(const AddressPair& pair) const
    {
        return HashCombine(pair.first.value, pair.second.value);
    }
};

/** Peers by this host's address and by theirs with their port. No peer is numbered 0. */
class ReachTable
{
  public:
    /** \return the peer at this very place, or 0. */
    PeerId At(Ipv4Address local, Endpoint remote) const
    {
        const auto ports = m_peers.find({local, remote.address});
        if (ports == m_peers.end())
        {
            return 0;
        }
        const auto it = ports->second.find(remote.port);
        return it == ports->second.end() ? 0 : it->second;
    }

    /** \return the peer with the lowest port of an address, or 0. */
    PeerId FirstAt(Ipv4Address local, Ipv4Address remote) const
    {
        const auto ports = m_peers.find({local, remote});
        return ports == m_peers.end() ? 0 : ports->second.begin()->second;
    }

    /** Let a peer be the one at a place. */
    void Put(Ipv4Address local, Endpoint remote, PeerId peer)
    {
        m_peers[{local, remote.address}][remote.port] = peer;
    }

    /** Take a peer away from a place, if it is the one that is there. */
    void Erase(Ipv4Address local, Endpoint remote, PeerId peer)
    {
        const auto ports = m_peers.find({local, remote.address});
        if (ports == m_peers.end())
        {
            return;
        }
        const auto it = ports->second.find(remote.port);
        if (it == ports->second.end() || it->second != peer)
        {
            return;
        }
        ports.value().erase(it);
        if (ports->second.empty())
        {
            m_peers.erase(ports);
        }
    }

    void Clear()
    {
        m_peers.clear();
    }

  private:
    HashTable<AddressPair, std::map<std::uint16_t, PeerId>, AddressPairHash> m_peers;
};

} // namespace nattlab::ike

#endif
