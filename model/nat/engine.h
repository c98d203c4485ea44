// SPDX-License-Identifier: GPL-2.0-only
#ifndef NATTLAB_NAT_ENGINE_H
#define NATTLAB_NAT_ENGINE_H

#include "model/nat/expired-mappings.h"
#include "model/nat/fragment-table.h"
#include "model/nat/headers.h"
#include "model/nat/mapping-table.h"
#include "model/nat/nat.h"
#include "model/nat/port-allocator.h"
#include "model/nat/session-counts.h"
#include "model/nat/spi-table.h"

#include "model/packet/address-set.h"

#include <optional>
#include <string>
#include <vector>

namespace nattlab
{

/**
 * What a Nat is inside.
 *
 * engine.cc holds the two steps, engine-fragment.cc fragments, engine-session.cc translation by
 * mapping, engine-portless.cc ESP and its like, engine-icmp-error.cc ICMP errors.
 */
class Nat::Engine
{
  public:
    Engine(NatConfig config, const std::string& device, std::uint64_t seed, Tracer tracer);
    Engine(const Engine&) = delete;
    Engine& operator=(const Engine&) = delete;

    bool OwnsAddress(Ipv4Address address) const;
    NatResult TranslateDestination(Packet& packet, bool fromInside, Instant now);
    NatResult TranslateSource(Packet& packet, bool fromInside, bool toOutside, Instant now);
    std::vector<NatReleased> TakeReleased();
    void Expire(Instant now);
    std::optional<Instant> Deadline() const;
    void Reboot(Instant now);
    std::size_t MappingCount() const;
    std::vector<NatMappingView> Mappings() const;
    const NatConfig& Config() const;

  private:
    using Headers = nat::Headers;
    using Side = nat::Side;
    using FragmentTable = nat::FragmentTable;

    /** A packet on its way through one step. */
    struct Job
    {
        Packet& packet;
        Headers headers;
        Instant now;
    };

    /** What TranslateDestination leaves to TranslateSource for a hairpinned packet. */
    struct Hairpin
    {
        FlowKey flow; //!< of the packet in between
        Endpoint external;
        std::optional<std::uint16_t> identification; //!< of a fragment
        std::string subject;
    };

    /** The other side of a mapping. */
    struct End
    {
        Endpoint endpoint;
        std::string subject;
    };

    // Steps and fragments.
    NatResult Destination(Job& job, bool fromInside);
    NatResult OutboundSource(Job& job);
    NatResult HairpinSource(Job& job);
    NatResult LaterFragment(FragmentTable& table, Job& job, Side side, bool fromInside);
    NatResult FirstFragment(FragmentTable& table,
                            Job& job,
                            Side side,
                            NatResult result,
                            std::optional<std::uint16_t> identification);
    void Apply(const FragmentTable::Treatment& treatment, Packet& packet, Side side, Instant now);
    void DropHeld(std::vector<FragmentTable::Held> held, Instant now, Reason reason);

    // Translation by mapping.
    NatResult Inbound(Job& job);
    NatResult Outbound(Job& job);
    NatResult HairpinDestination(Job& job);
    NatResult Refusal(std::uint8_t protocol, Endpoint external, Endpoint remote, Instant now);
    nat::Session* OpenOutbound(Job& job, Endpoint inside, Endpoint remote, NatResult& refused);
    nat::Mapping* MakeMapping(Job& job, Endpoint inside, Endpoint remote, NatResult& refused);
    nat::Mapping* MakeBound(Job& job, Endpoint inside, Endpoint remote, NatResult& refused);
    bool CountInbound(Job& job, nat::Mapping& mapping, Endpoint remote, NatResult& refused);

    // Protocols without ports.
    NatResult InboundPortless(Job& job);
    NatResult OutboundPortless(Job& job);
    NatResult InboundToOwner(Job& job);
    NatResult OutboundOfOwner(Job& job);
    NatResult InboundBySpi(Job& job);
    NatResult OutboundBySpi(Job& job);
    nat::Mapping* PinnedOwner(Ipv4Address external);
    bool LearnsSpi(std::uint8_t protocol) const;

    // ICMP errors.
    NatResult InboundError(Job& job);
    NatResult OutboundError(Job& job, bool fromInside);
    NatResult HairpinError(Job& job);
    static std::optional<Headers> ReadError(const Job& job, NatResult& refused);
    std::optional<End> InsideOf(const Headers& quoted, Endpoint external, Endpoint remote);
    std::optional<End> ExternalOf(const Headers& quoted, Endpoint inside, Endpoint remote);

    NatResult Translate(Job& job, Side side, Endpoint to, const std::string& subject);
    static NatResult Refused(NatOutcome outcome, Reason reason, std::string subject);

    NatConfig m_config;
    Tracer m_tracer;
    AddressSet m_pool;
    nat::PortAllocator m_ports;
    nat::SessionCounts m_counts;
    nat::ExpiredMappings m_expired;
    nat::MappingTable m_mappings;
    nat::SpiTable m_spis;
    FragmentTable m_inboundFragments;  //!< in the destination step
    FragmentTable m_outboundFragments; //!< in the source step
    std::vector<NatReleased> m_released;
    std::optional<Hairpin> m_hairpin;
    std::uint16_t m_identification; //!< last one given to outbound fragments
};

} // namespace nattlab

#endif
