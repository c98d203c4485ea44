// SPDX-License-Identifier: GPL-2.0-only
#ifndef NATTLAB_ESP_SAD_H
#define NATTLAB_ESP_SAD_H

#include "model/crypto/random.h"
#include "model/esp/security-association.h"
#include "model/packet/hash-table.h"
#include "model/packet/serial-table.h"
#include "model/packet/timer-queue.h"
#include "model/trace/key-log.h"
#include "model/trace/reason.h"

#include <cstdint>
#include <memory>
#include <optional>
#include <tuple>
#include <utility>
#include <vector>

namespace nattlab::esp
{

/** What all security associations of a host have in common. */
struct SadConfig
{
    /** Replay window in packets, 0 for none. RFC 2406 3.4.3: 64 is preferred, 32 the minimum. */
    std::size_t replayWindow{64};

    /** The last sequence number that is sent (RFC 2406 3.3.3: the counter must not wrap). */
    std::uint32_t lastSequence{0xffffffff};
};

/** Counts of one security association, for a monitor. */
struct SaCounters
{
    std::uint64_t packets{0};
    std::uint64_t bytes{0}; //!< to which the cipher was applied, padding too (RFC 2401 4.4.3)
    std::uint64_t malformed{0};
    std::uint64_t replayed{0};
    std::uint64_t notAuthentic{0};
    std::uint64_t badPadding{0};
    std::uint64_t refused{0}; //!< after the hard lifetime or the last sequence number
};

/** Counts of a pair. */
struct PairCounters
{
    SaCounters inbound;
    SaCounters outbound;
    Instant installed;
    Instant lastUsed; //!< of the last good packet in either direction
};

/** Counts of a whole database. */
struct SadCounters
{
    std::uint64_t installed{0};
    std::uint64_t removed{0};
    std::uint64_t unknownSpi{0}; //!< packets
    std::uint64_t malformed{0};  //!< packets too short to have an SPI
};

/**
 * The security association database (RFC 2401 4.4.3) and the processing of ESP packets (RFC 2406).
 *
 * It makes and opens packets, keeps sequence numbers, replay windows and lifetimes, and tells when
 * a pair should be replaced or removed. It records no events: the owner of a packet reports what
 * became of it, and the key exchange reports what became of a pair.
 */
class Sad
{
  public:
    /** An ESP packet, or the reason why there is none. */
    struct Protected
    {
        Bytes packet; //!< from SPI to integrity check value; no outer header
        Reason reason{Reason::None};
    };

    /** The content of an ESP packet, or the reason why it was refused. */
    struct Unprotected
    {
        PairId pair{0};            //!< 0 when no pair has the SPI
        const SaPair* sa{nullptr}; //!< the pair while it is installed; null when none has the SPI
        std::uint8_t protocol{0};
        Bytes segment;
        Reason reason{Reason::None};
    };

    /** A limit of a pair was reached. */
    struct Expiry
    {
        enum class Kind : std::uint8_t
        {
            Soft, //!< make a new pair; reported once
            Hard, //!< remove the pair, no packet passes any more; reported once
            Idle, //!< no packet for the idle time; reported again after the next packets
        };

        PairId pair;
        Kind kind;

        bool operator==(const Expiry& other) const
        {
            return pair == other.pair && kind == other.kind;
        }

        bool operator<(const Expiry& other) const
        {
            return std::tie(pair, kind) < std::tie(other.pair, other.kind);
        }

        std::size_t Hash() const
        {
            return HashCombine(static_cast<std::size_t>(kind), pair);
        }
    };

    /**
     * \param config the same for all pairs
     * \param ivStream the source of initialization vectors
     * \param keys where keys are written down, or null
     */
    Sad(SadConfig config, RandomStream ivStream, KeyLog* keys);
    Sad(Sad&&) noexcept;
    Sad& operator=(Sad&&) noexcept;
    ~Sad();

    /**
     * Put a pair to use. A rekeyed pair stands beside its predecessor until that is removed.
     * \throws std::invalid_argument when the inbound SPI is below 256 (RFC 2406 2.1) or in use, or
     * a key has a wrong size.
     */
    PairId Install(SaPair pair, Instant now);

    /** \return false when there is no such pair. */
    bool Remove(PairId pair);

    const SaPair* Find(PairId pair) const;

    std::optional<PairId> FindByInboundSpi(std::uint32_t spi) const;

    /**
     * Find the pair that a peer means in a Delete payload: the SPIs are those of its inbound SAs.
     * \param remote its outer address; the port is ignored for pairs without UDP encapsulation
     * \param spi the peer's
     */
    std::optional<PairId> FindByOutboundSpi(Endpoint remote, std::uint32_t spi) const;

    /** The peer's NAT mapping changed (RFC 3947 6): send to \p remote from now on. */
    void MoveRemote(PairId pair, Endpoint remote);

    /**
     * Make an ESP packet (RFC 2406 3.3).
     * \param pair the pair to send by
     * \param protocol of the segment: its next header value
     * \param segment from the first byte of the transport header
     * \param now the present
     * \return reasons: EspUnknownSpi (no such pair), EspSaExpired, EspSequenceExhausted
     */
    Protected Protect(PairId pair, std::uint8_t protocol, ByteView segment, Instant now);

    /**
     * Check and open an ESP packet (RFC 2406 3.4).
     * \param packet from SPI to integrity check value
     * \param now the present
     * \return reasons: EspMalformed, EspUnknownSpi, EspSaExpired, EspReplay, EspAuthentication,
     * EspPadding
     */
    Unprotected Unprotect(ByteView packet, Instant now);

    /** \return the limits reached by \p now, in order of time. */
    std::vector<Expiry> Expire(Instant now);

    /** \return when to call Expire next; it may then have nothing to say. */
    std::optional<Instant> Deadline() const;

    /** \return all pairs in the order in which they were installed. */
    std::vector<PairId> Pairs() const;

    std::size_t Size() const;

    const PairCounters* CountersOf(PairId pair) const;

    const SadCounters& Counters() const
    {
        return m_counters;
    }

  private:
    struct Entry;

    /** A pair as its peer names it. */
    struct OutboundKey
    {
        Endpoint remote;
        std::uint32_t spi;

        bool operator==(const OutboundKey& other) const
        {
            return remote == other.remote && spi == other.spi;
        }
    };

    struct OutboundKeyHash
    {
        std::size_t operator()(const OutboundKey& k) const
        {
            return HashCombine(std::hash<Endpoint>{}(k.remote), k.spi);
        }
    };

    static OutboundKey OutboundKeyOf(const SaPair& sa);
    void LogKeys(const SaPair& sa);
    void ForgetOutbound(const Entry& entry);
    void SetTimer(PairId pair, Expiry::Kind kind, Instant from, Duration after);
    void Count(Entry& entry, SaCounters& counters, std::size_t bytes, Instant now);
    Reason Check(Entry& entry, ByteView packet, Instant now);

    SadConfig m_config;
    TimerQueue<Expiry> m_timers;
    HashTable<std::uint32_t, Entry*> m_byInboundSpi;
    SerialTable<Entry> m_entries;
    RandomStream m_ivStream;
    KeyLog* m_keys;
    PairId m_lastPair{0};
    HashTable<OutboundKey, PairId, OutboundKeyHash> m_byOutboundSpi;
    SadCounters m_counters;
};

} // namespace nattlab::esp

#endif
