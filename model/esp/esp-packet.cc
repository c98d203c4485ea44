// SPDX-License-Identifier: GPL-2.0-only
#include "model/esp/sad-entry.h"

#include "model/packet/prefetch.h"

#include <algorithm>

namespace nattlab::esp
{

namespace
{

constexpr std::size_t HEADER_SIZE = 8;  // SPI and sequence number, RFC 2406 2
constexpr std::size_t TRAILER_SIZE = 2; // pad length and next header
constexpr std::size_t ALIGNMENT = 4;    // of the end of the trailer, RFC 2406 2.4

std::size_t
PaddedTo(crypto::CipherAlgorithm cipher)
{
    return std::max(crypto::BlockSize(cipher), ALIGNMENT);
}

/** \return true when the padding fits in and is 1, 2, 3... (RFC 2406 2.4). */
bool
IsPaddingGood(ByteView content)
{
    const std::size_t length = content[content.size() - TRAILER_SIZE];
    if (length + TRAILER_SIZE > content.size())
    {
        return false;
    }
    const ByteView padding = content.Sub(content.size() - TRAILER_SIZE - length, length);
    for (std::size_t i = 0; i < length; ++i)
    {
        if (padding[i] != i + 1)
        {
            return false;
        }
    }
    return true;
}

} // namespace

Sad::Protected
Sad::Protect(PairId pair, std::uint8_t protocol, ByteView segment, Instant now)
{
    Entry* entry = m_entries.Find(pair);
    if (!entry)
    {
        return {{}, Reason::EspUnknownSpi};
    }
    Prefetch(*entry);
    entry->outboundCipher.Prefetch(true);
    SaCounters& counters = entry->counters.outbound;
    if (entry->IsExpired(now))
    {
        ++counters.refused;
        return {{}, Reason::EspSaExpired};
    }
    if (entry->sequence >= m_config.lastSequence)
    {
        ++counters.refused;
        return {{}, Reason::EspSequenceExhausted};
    }

    const std::size_t ivSize = crypto::IvSize(entry->sa.cipher);
    const std::size_t block = PaddedTo(entry->sa.cipher);
    const std::size_t content = (segment.size() + TRAILER_SIZE + block - 1) / block * block;
    const std::size_t padding = content - TRAILER_SIZE - segment.size();
    const std::size_t covered = HEADER_SIZE + ivSize + content;
    Bytes packet(covered + ICV_SIZE);
    Store32(packet.data(), entry->sa.outboundSpi);
    Store32(packet.data() + 4, ++entry->sequence);
    std::uint8_t* iv = packet.data() + HEADER_SIZE;
    m_ivStream.Fill(iv, ivSize);
    std::uint8_t* plain = iv + ivSize;
    std::copy(segment.begin(), segment.end(), plain);
    std::uint8_t* at = plain + segment.size();
    for (std::size_t i = 1; i <= padding; ++i)
    {
        *at++ = static_cast<std::uint8_t>(i);
    }
    *at++ = static_cast<std::uint8_t>(padding);
    *at = protocol;
    entry->outboundCipher.Encrypt({iv, ivSize}, plain, content);
    entry->outboundHmac.Compute({packet.data(), covered}, packet.data() + covered, ICV_SIZE);
    Count(*entry, counters, content, now);
    return {std::move(packet), Reason::None};
}

Sad::Unprotected
Sad::Unprotect(ByteView packet, Instant now)
{
    Unprotected result;
    if (packet.size() < HEADER_SIZE)
    {
        ++m_counters.malformed;
        result.reason = Reason::EspMalformed;
        return result;
    }
    const auto it = m_byInboundSpi.find(Load32(packet.data()));
    if (it == m_byInboundSpi.end())
    {
        ++m_counters.unknownSpi;
        result.reason = Reason::EspUnknownSpi;
        return result;
    }
    Entry& entry = *it->second;
    Prefetch(entry);
    entry.inboundCipher.Prefetch(false);
    result.pair = entry.id;
    result.sa = &entry.sa;
    result.reason = Check(entry, packet, now);
    if (result.reason != Reason::None)
    {
        return result;
    }

    const std::size_t ivSize = crypto::IvSize(entry.sa.cipher);
    const std::size_t before = HEADER_SIZE + ivSize;
    Bytes content = packet.Sub(before, packet.size() - before - ICV_SIZE).ToBytes();
    entry.inboundCipher.Decrypt(packet.Sub(HEADER_SIZE, ivSize), content.data(), content.size());
    if (!IsPaddingGood(content))
    {
        ++entry.counters.inbound.badPadding;
        result.reason = Reason::EspPadding;
        return result;
    }
    Count(entry, entry.counters.inbound, content.size(), now);
    result.protocol = content.back();
    content.resize(content.size() - TRAILER_SIZE - content[content.size() - TRAILER_SIZE]);
    result.segment = std::move(content);
    return result;
}

/** The checks before decryption, in the order of RFC 2406 3.4: length, replay, integrity. */
Reason
Sad::Check(Entry& entry, ByteView packet, Instant now)
{
    SaCounters& counters = entry.counters.inbound;
    if (entry.IsExpired(now))
    {
        ++counters.refused;
        return Reason::EspSaExpired;
    }
    const std::size_t around = HEADER_SIZE + crypto::IvSize(entry.sa.cipher) + ICV_SIZE;
    if (packet.size() <= around || (packet.size() - around) % PaddedTo(entry.sa.cipher) != 0)
    {
        ++counters.malformed;
        return Reason::EspMalformed;
    }
    const std::uint32_t sequence = Load32(packet.data() + 4);
    if (!entry.window.IsNew(sequence))
    {
        ++counters.replayed;
        return Reason::EspReplay;
    }
    const ByteView covered = packet.Sub(0, packet.size() - ICV_SIZE);
    std::uint8_t icv[ICV_SIZE];
    entry.inboundHmac.Compute(covered, icv, ICV_SIZE);
    if (packet.Sub(covered.size()) != ByteView{icv, ICV_SIZE})
    {
        ++counters.notAuthentic;
        return Reason::EspAuthentication;
    }
    entry.window.Accept(sequence);
    return Reason::None;
}

void
Sad::Count(Entry& entry, SaCounters& counters, std::size_t bytes, Instant now)
{
    const SaPair& sa = entry.sa;
    ++counters.packets;
    counters.bytes += bytes;
    entry.counters.lastUsed = now;
    if (entry.idleTold)
    {
        entry.idleTold = false;
        SetTimer(entry.id, Expiry::Kind::Idle, now, sa.idleTimeout);
    }
    if (!entry.softDue && sa.softBytes != 0 && counters.bytes >= sa.softBytes)
    {
        entry.softDue = true;
        m_timers.Set({entry.id, Expiry::Kind::Soft}, now);
    }
    if (sa.hardBytes != 0 && counters.bytes >= sa.hardBytes)
    {
        entry.hardDue = true; // the packet that reaches the limit is the last one
        m_timers.Set({entry.id, Expiry::Kind::Hard}, now);
    }
}

} // namespace nattlab::esp
