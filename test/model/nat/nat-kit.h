// SPDX-License-Identifier: GPL-2.0-only
/**
 * \file
 * What the tests of the NAT share: addresses, packets, and a box around the NAT.
 */
#ifndef NATTLAB_TEST_NAT_NAT_KIT_H
#define NATTLAB_TEST_NAT_NAT_KIT_H

#include "model/nat/nat.h"
#include "model/packet/checksum.h"
#include "model/packet/flow.h"
#include "model/packet/fragment.h"
#include "model/packet/ipv4.h"

#include <gtest/gtest.h>

#include <string>
#include <utility>
#include <vector>

namespace nattlab::test
{

inline const Ipv4Address ALICE{0xc0a80102};    // 192.168.1.2
inline const Ipv4Address CAROL{0xc0a80103};    // 192.168.1.3
inline const Ipv4Address DAVE{0xc0a80104};     // 192.168.1.4
inline const Ipv4Address OUTSIDE{0xcb007107};  // 203.0.113.7
inline const Ipv4Address OUTSIDE2{0xcb007108}; // 203.0.113.8
inline const Ipv4Address SERVER{0xc6336401};   // 198.51.100.1
inline const Ipv4Address OTHER{0xc6336402};    // 198.51.100.2

inline Bytes
IpPacket(Ipv4Address source,
         Ipv4Address destination,
         std::uint8_t protocol,
         ByteView payload,
         std::uint16_t identification = 7)
{
    Ipv4Header header;
    header.source = source;
    header.destination = destination;
    header.protocol = protocol;
    header.identification = identification;
    return header.Build(payload);
}

inline Bytes
Udp(Endpoint from,
    Endpoint to,
    ByteView payload = Bytes(20, 0x5a),
    UdpChecksum checksum = UdpChecksum::Computed)
{
    return IpPacket(from.address, to.address, IP_UDP, BuildUdp(from, to, payload, checksum));
}

inline Bytes
Tcp(Endpoint from, Endpoint to, std::uint8_t flags, ByteView payload = {})
{
    TcpHeader tcp;
    tcp.sourcePort = from.port;
    tcp.destinationPort = to.port;
    tcp.flags = flags;
    tcp.sequence = 1000;
    return IpPacket(from.address, to.address, IP_TCP, tcp.Build(from.address, to.address, payload));
}

inline Bytes
Echo(Ipv4Address from, Ipv4Address to, std::uint16_t identifier, IcmpType type = ICMP_ECHO)
{
    const IcmpHeader icmp{type, 0, std::uint32_t{identifier} << 16 | 1};
    return IpPacket(from, to, IP_ICMP, icmp.Build(Bytes(32, 0x61)));
}

inline Bytes
Esp(Ipv4Address from, Ipv4Address to, std::uint32_t spi)
{
    Bytes payload;
    Append32(payload, spi);
    Append32(payload, 1);
    payload.resize(40, 0xee);
    return IpPacket(from, to, IP_ESP, payload);
}

inline Endpoint
SourceOf(const Bytes& packet)
{
    return {ip::Source(packet), FlowOf(packet).sourcePort};
}

inline Endpoint
DestinationOf(const Bytes& packet)
{
    return {ip::Destination(packet), FlowOf(packet).destinationPort};
}

/** Recompute every checksum of a packet, of the packet that it quotes too. */
inline bool
ChecksumsOk(const Bytes& packet)
{
    const auto header = Ipv4Header::Parse(packet);
    if (!header || header->IsFragment())
    {
        return header.has_value();
    }
    const ByteView payload = ip::Payload(packet);
    if (header->protocol == IP_UDP)
    {
        return UdpChecksumOk(header->source, header->destination, payload);
    }
    if (header->protocol == IP_TCP)
    {
        return InternetChecksum(payload,
                                PseudoHeaderSum(header->source,
                                                header->destination,
                                                IP_TCP,
                                                static_cast<std::uint16_t>(payload.size()))) == 0;
    }
    if (header->protocol == IP_ICMP)
    {
        const auto icmp = IcmpHeader::Parse(payload);
        const ByteView quoted = payload.Sub(IcmpHeader::SIZE);
        return icmp &&
               (!icmp->IsError() || InternetChecksum(quoted.Sub(0, ip::HeaderLength(quoted))) == 0);
    }
    return true;
}

/** A configuration with one external address. */
inline NatConfig
OneAddress()
{
    NatConfig config;
    config.pool = {OUTSIDE};
    return config;
}

/** A NAT with the steps of a forwarding box around it, and a log. */
class Box
{
  public:
    /** What became of a packet. */
    struct Passed
    {
        NatResult result; //!< of the step that decided
        Bytes packet;

        bool Through() const
        {
            return result.outcome == NatOutcome::Translated;
        }
    };

    explicit Box(NatConfig config, std::uint64_t seed = 1)
        : m_tracer(m_log, m_log.AddNode("box")),
          m_nat(std::move(config), "box", seed, m_tracer)
    {
    }

    /** A packet from an inside host to the outside, or to another inside host by hairpin. */
    Passed Out(Bytes bytes)
    {
        Packet packet{m_tracer.NewPacket(1), std::move(bytes)};
        NatResult result = m_nat.TranslateDestination(packet, true, m_now);
        const bool turned = result.hairpin;
        if (result.outcome == NatOutcome::Untouched || turned)
        {
            result = m_nat.TranslateSource(packet, true, !turned, m_now);
        }
        return Finish(packet, std::move(result));
    }

    /** A packet from outside. */
    Passed In(Bytes bytes)
    {
        Packet packet{m_tracer.NewPacket(1), std::move(bytes)};
        NatResult result = m_nat.TranslateDestination(packet, false, m_now);
        return Finish(packet, std::move(result));
    }

    /** Send UDP out. \return the external endpoint that it got; port 0 when it did not pass */
    Endpoint OutUdp(Endpoint from, Endpoint to)
    {
        const Passed passed = Out(Udp(from, to));
        return passed.Through() ? SourceOf(passed.packet) : Endpoint{};
    }

    /** Send UDP in. \return None when it passed, or why not */
    Reason InUdp(Endpoint from, Endpoint to)
    {
        return In(Udp(from, to)).result.reason;
    }

    void Wait(Duration time)
    {
        m_now += time;
    }

    Nat& Engine()
    {
        return m_nat;
    }

    Instant Now() const
    {
        return m_now;
    }

    const EventLog& Log() const
    {
        return m_log;
    }

    std::vector<Event> EventsOf(EventType type) const
    {
        std::vector<Event> found;
        for (const Event& event : m_log.Events())
        {
            if (event.type == type)
            {
                found.push_back(event);
            }
        }
        return found;
    }

  private:
    Passed Finish(Packet& packet, NatResult result)
    {
        if (result.outcome == NatOutcome::Translated)
        {
            EXPECT_TRUE(ChecksumsOk(packet.bytes)) << FlowOf(packet.bytes).ToString();
        }
        if (result.outcome == NatOutcome::Drop || result.outcome == NatOutcome::Local)
        {
            EXPECT_NE(result.reason, Reason::None);
            EXPECT_FALSE(result.subject.empty());
        }
        return {std::move(result), std::move(packet.bytes)};
    }

    EventLog m_log;
    Tracer m_tracer;
    Nat m_nat;
    Instant m_now{};
};

} // namespace nattlab::test

#endif
