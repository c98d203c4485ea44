// SPDX-License-Identifier: GPL-2.0-only
#ifndef NATTLAB_NAT_NAT_H
#define NATTLAB_NAT_NAT_H

#include "model/nat/nat-config.h"
#include "model/packet/address.h"
#include "model/packet/packet.h"
#include "model/packet/time.h"
#include "model/trace/event-log.h"
#include "model/trace/reason.h"

#include <cstdint>
#include <memory>
#include <optional>
#include <string>
#include <vector>

namespace nattlab
{

/** What a NAT did with a packet. */
enum class NatOutcome : std::uint8_t
{
    Untouched,  //!< not the NAT's business
    Translated, //!< rewritten
    /**
     * Addressed to the NAT's own address, and no mapping takes it: the box itself answers. The
     * reason is NatNoMapping, NatFiltered, or NatMappingExpired, NatRebooted or NatPortPinned for
     * a mapping that ended by its time-out, by Reboot or in favour of another host.
     */
    Local,
    Drop, //!< must be dropped for the reason given; the caller, who has the packet, records it
    /**
     * A fragment that waits for its first one. The NAT has taken the packet (the caller's is
     * empty) and gives it back through TakeReleased, or drops and records it itself.
     */
    Held,
};

/** \return "untouched", "translated", "local", "drop" or "held". */
const char* NameOf(NatOutcome outcome);

/** The answer of a NAT to one packet. */
struct NatResult
{
    NatOutcome outcome{NatOutcome::Untouched};
    Reason reason{Reason::None}; //!< of Local and Drop
    /**
     * The mapping ("udp 192.168.1.2:500 <> 203.0.113.7:500"), or for a Local or Drop without one
     * what was looked for ("udp 203.0.113.7:500"). Empty for Untouched and Held, and for
     * Translated where the log does not want to know of translations.
     */
    std::string subject;
    /** TranslateDestination turned the packet back inside; TranslateSource will complete it. */
    bool hairpin{false};
};

/** A fragment that was held, now treated like its first one. */
struct NatReleased
{
    Packet packet;
    bool fromInside{false}; //!< as the caller said when it was held
    /**
     * false: continue as after TranslateDestination, with the route; true: continue as after
     * TranslateSource, with the sending. Nothing that was done before is to be done again.
     */
    bool sourceDone{false};
    NatResult result; //!< as of the first fragment: Translated, or Local where sourceDone is false
};

/** One mapping, for views. */
struct NatMappingView
{
    std::uint8_t protocol{0};
    Endpoint inside;         //!< port: UDP or TCP port, ICMP echo identifier, 0 for other protocols
    Endpoint external;       //!< same
    bool forward{false};     //!< from NatConfig::forwards
    std::size_t sessions{0}; //!< remote endpoints that it is in use with
    std::optional<Instant> expires; //!< when it ends if no more packets come; absent: never
    std::string text;               //!< as in events and results
};

/**
 * A traditional NAPT (RFC 3022) on raw IPv4 packets, with the behaviours of NatConfig.
 *
 * It translates UDP, TCP, ICMP echo, ICMP errors with the packet they quote, ESP and other
 * protocols by address, and fragments of all of them. Checksums are updated incrementally (RFC
 * 1624), so that damage done before stays visible; a UDP checksum of 0 stays 0.
 *
 * A forwarding box calls TranslateDestination for every packet that it receives, and, unless that
 * packet was dropped or taken in, TranslateSource once the way out is known. For a hairpinned
 * packet no other packet's TranslateDestination may come in between. Packets that the box makes
 * itself also pass TranslateSource (fromInside false): an ICMP error then quotes what the outside
 * knows. After each call, TakeReleased may have more packets.
 *
 * Packets of Local and Drop are unchanged. Bytes that are no valid IPv4 packet are Drop with
 * IpMalformed.
 */
class Nat
{
  public:
    /**
     * \param config the device's behaviour; a pool without address makes every translation fail
     *        with NatPortsExhausted
     * \param device name of the box; with \p seed it determines all random choices
     * \param seed the scenario's seed
     * \param tracer the box's pen: mapping events, translations, drops of held fragments
     */
    Nat(NatConfig config, std::string device, std::uint64_t seed, Tracer tracer);
    ~Nat();
    Nat(Nat&&) noexcept;
    Nat& operator=(Nat&&) noexcept;

    /** \return true for an address of the pool. */
    bool OwnsAddress(Ipv4Address address) const;

    /**
     * Translate before routing: inbound packets, and inside ones for an external address.
     * \param fromInside the packet came in on an inside interface
     */
    NatResult TranslateDestination(Packet& packet, bool fromInside, Instant now);

    /**
     * Translate after routing and filter: outbound packets, and hairpinned ones.
     * \param fromInside the packet came in on an inside interface
     * \param toOutside it goes out on an outside interface
     */
    NatResult TranslateSource(Packet& packet, bool fromInside, bool toOutside, Instant now);

    /** Take the fragments that the last calls set free, in the order of their coming. */
    std::vector<NatReleased> TakeReleased();

    /** See nattlab::Prefetch: a packet is about to come. */
    void Prefetch() const;

    /** End idle mappings and drop fragments held too long. The other calls do so as well. */
    void Expire(Instant now);

    /** \return when Expire may have something to do. */
    std::optional<Instant> Deadline() const;

    /** Lose all dynamic mappings, sessions and held fragments, as a restart does. */
    void Reboot(Instant now);

    /** \return the number of mappings, forwards excluded. */
    std::size_t MappingCount() const;

    /** \return all mappings, forwards included, in the order of their making. */
    std::vector<NatMappingView> Mappings() const;

    const NatConfig& Config() const;

  private:
    class Engine;
    std::unique_ptr<Engine> m_engine;
};

} // namespace nattlab

#endif
