// SPDX-License-Identifier: GPL-2.0-only
#ifndef NATTLAB_NAT_NAT_CONFIG_H
#define NATTLAB_NAT_NAT_CONFIG_H

#include "model/packet/address.h"
#include "model/packet/time.h"

#include <cstddef>
#include <cstdint>
#include <optional>
#include <vector>

namespace nattlab
{

/**
 * How one NAT device behaves, in the terms of RFC 4787 (UDP), RFC 5382 (TCP), RFC 5508 (ICMP) and
 * RFC 6888 (carrier-grade NAT). Plain data; the defaults are a device that follows these RFCs.
 */
struct NatConfig
{
    /** When a second flow of an inside address and port reuses the mapping (RFC 4787 REQ-1). */
    enum class Mapping : std::uint8_t
    {
        EndpointIndependent,     //!< always: what REQ-1 asks for
        AddressDependent,        //!< towards the same remote address
        AddressAndPortDependent, //!< towards the same remote address and port ("symmetric")
    };

    /** Whom a mapping admits from outside (RFC 4787 REQ-8). */
    enum class Filtering : std::uint8_t
    {
        EndpointIndependent,     //!< everybody
        AddressDependent,        //!< remote addresses that the inside host sent to
        AddressAndPortDependent, //!< remote addresses and ports that the inside host sent to
    };

    /** How the external port, or ICMP echo identifier, is chosen (RFC 4787 4.2.1). */
    enum class PortAllocation : std::uint8_t
    {
        /**
         * The inside port when it is free, else the next free one of its class: 1 to 511, 512 to
         * 1023, 1024 to 65535 (RFC 4787 REQ-3a asks for two classes, Linux has three).
         */
        Preserve,
        Sequential, //!< the port after the last one given, within portFirst to portLast
        Random,     //!< a random free port within portFirst to portLast
        Range,      //!< within the subscriber's own block of blockSize ports (RFC 6888 REQ-4, 14)
    };

    /** Whether all mappings of an inside address share one external address (RFC 4787 REQ-2). */
    enum class Pooling : std::uint8_t
    {
        Paired,    //!< yes: REQ-2, RFC 6888 REQ-2
        Arbitrary, //!< no: each new mapping takes the next address of the pool
    };

    /** What happens to ESP and other IP protocols without ports. */
    enum class ProtocolHandling : std::uint8_t
    {
        Drop,
        AddressOnly, //!< the address alone is translated, for one inside host per remote address
        /**
         * ESP is told apart by SPI: the first unknown inbound SPI of a remote address goes to the
         * inside host that has waited longest for one (RFC 3715 2.1 d, f). Others: AddressOnly.
         */
        SpiLearning,
        /**
         * Every inbound packet goes to the inside host that has the first of pinnedPorts; outbound
         * ones get the external address, whoever sends them ("IPsec pass-through" for one client).
         */
        PinnedPortOwner,
    };

    /** What happens when a second inside host sends from one of pinnedPorts. */
    enum class PinnedConflict : std::uint8_t
    {
        Refuse,   //!< the first one keeps the port
        Displace, //!< the newest one takes it over
    };

    /** Which fragments are translated (RFC 4787 REQ-14). */
    enum class Fragments : std::uint8_t
    {
        None,       //!< none: every fragment is dropped
        Ordered,    //!< later ones after their first one
        OutOfOrder, //!< later ones wait for their first one: what REQ-14 asks for
    };

    /** How long a session may be idle. A mapping lives as long as one of its sessions. */
    struct Timeouts
    {
        /** UDP, sent in one direction only (RFC 4787 REQ-5: at least 2 min, default 5 min). */
        Duration udpOneWay{minutes{5}};
        /** UDP, after a packet in each direction (RFC 4787 REQ-5). */
        Duration udpBidirectional{minutes{5}};
        /** UDP, after the session's first packet alone; absent: udpOneWay. pf has such a timer. */
        std::optional<Duration> udpFirst;
        /** UDP to remote ports below 1024, in place of the others (RFC 4787 REQ-5a). */
        std::optional<Duration> udpWellKnown;
        /** Age a UDP session must have for udpBidirectional to apply; Linux since 4.20: 2 s. */
        Duration udpStreamAge{0};
        /** TCP, open in both directions (RFC 5382 REQ-5: at least 2 h 4 min). */
        Duration tcpEstablished{minutes{124}};
        /** TCP, opening, closing or reset (RFC 5382 REQ-5: at least 4 min). */
        Duration tcpTransitory{minutes{4}};
        /** ICMP echo (RFC 5508 REQ-2: at least 60 s). */
        Duration icmp{seconds{60}};
        /** ESP and other protocols without ports. */
        Duration other{seconds{600}};
        /** SpiLearning: how long outbound ESP waits for its first answer. */
        Duration spiPending{seconds{60}};
    };

    /** A static mapping ("port forwarding", "virtual server"): admits everybody, never expires. */
    struct Forward
    {
        std::uint8_t protocol{0};      //!< IP protocol number; not ICMP
        Ipv4Address externalAddress;   //!< 0.0.0.0: every address of the pool
        std::uint16_t externalPort{0}; //!< 0 for protocols without ports
        Ipv4Address inside;
        std::uint16_t insidePort{0}; //!< 0: the same as externalPort
    };

    std::vector<Ipv4Address> pool; //!< external addresses, at least one
    Mapping mapping{Mapping::EndpointIndependent};
    Filtering filtering{Filtering::AddressDependent};
    PortAllocation portAllocation{PortAllocation::Preserve};
    std::uint16_t portFirst{1024}; //!< lowest port of Sequential, Random and Range
    std::uint16_t portLast{65535}; //!< highest port of Sequential, Random and Range
    std::uint16_t blockSize{512};  //!< ports per inside address with Range
    Pooling pooling{Pooling::Paired};
    bool keepParity{false}; //!< even inside ports get even ones, odd get odd (RFC 4787 REQ-4)
    /**
     * Inside hosts may share an external port while their remotes differ. RFC 4787 REQ-3b forbids
     * it, Linux does it. Takes effect unless mapping is EndpointIndependent.
     */
    bool portOverloading{false};

    Timeouts timeouts;
    bool refreshOutbound{true}; //!< outbound UDP restarts the timer (RFC 4787 REQ-6: must)
    bool refreshInbound{true};  //!< inbound UDP restarts the timer (RFC 4787 REQ-6: may)
    /**
     * Inside hosts reach each other by external addresses, and see the sender's external address
     * and port (RFC 4787 REQ-9).
     */
    bool hairpinning{true};

    ProtocolHandling otherProtocols{ProtocolHandling::AddressOnly};
    std::vector<std::uint16_t> pinnedPorts; //!< UDP source ports that are never translated
    PinnedConflict pinnedConflict{PinnedConflict::Refuse};

    Fragments fragments{Fragments::OutOfOrder};
    Duration fragmentTimeout{seconds{30}}; //!< from the first one seen of a datagram
    std::size_t mostFragmentHeld{256};     //!< fragments that wait for their first one
    std::size_t mostFragmented{4096};      //!< datagrams whose fragments are being translated

    std::size_t maxSessions{0}; //!< in all; 0: no limit (RFC 6888 REQ-5)
    std::size_t maxPerHost{0};  //!< sessions per inside address; 0: no limit (RFC 6888 REQ-4)
    /** A freed port is given to nobody but its last user for so long (RFC 6888 REQ-8: 120 s). */
    Duration portReuseDelay{0};

    std::vector<Forward> forwards;

    /** How long an expired mapping is remembered, to name it when a packet for it comes. */
    Duration rememberExpired{hours{24}};
    std::size_t mostRemembered{10000}; //!< expired mappings remembered
};

} // namespace nattlab

#endif
