// SPDX-License-Identifier: GPL-2.0-only
#include "model/esp/sad.h"

#include "model/esp/sad-entry.h"

#include <stdexcept>
#include <string>

namespace nattlab::esp
{

namespace
{

constexpr std::uint32_t FIRST_SPI = 256; // RFC 2406 2.1

void
CheckPair(const SaPair& pair)
{
    if (pair.inboundSpi < FIRST_SPI)
    {
        throw std::invalid_argument("SPI " + std::to_string(pair.inboundSpi) + " is reserved");
    }
    if (pair.inboundAuthKey.size() != KeySize(pair.integrity) ||
        pair.outboundAuthKey.size() != KeySize(pair.integrity))
    {
        throw std::invalid_argument("integrity keys must have " +
                                    std::to_string(KeySize(pair.integrity)) + " bytes");
    }
}

} // namespace

Sad::Sad(SadConfig config, RandomStream ivStream, KeyLog* keys)
    : m_config(config),
      m_ivStream(ivStream),
      m_keys(keys)
{
}

Sad::Sad(Sad&&) noexcept = default;
Sad& Sad::operator=(Sad&&) noexcept = default;
Sad::~Sad() = default;

PairId
Sad::Install(SaPair pair, Instant now)
{
    CheckPair(pair);
    if (m_byInboundSpi.count(pair.inboundSpi) != 0)
    {
        throw std::invalid_argument("SPI " + std::to_string(pair.inboundSpi) + " is in use");
    }
    auto entry =
        std::make_unique<Entry>(m_lastPair + 1, std::move(pair), m_config.replayWindow, now);
    const PairId id = ++m_lastPair;
    const SaPair& sa = entry->sa;
    m_byInboundSpi[sa.inboundSpi] = entry.get();
    m_byOutboundSpi[OutboundKeyOf(sa)] = id;
    SetTimer(id, Expiry::Kind::Soft, now, sa.softLifetime);
    SetTimer(id, Expiry::Kind::Hard, now, sa.hardLifetime);
    SetTimer(id, Expiry::Kind::Idle, now, sa.idleTimeout);
    LogKeys(sa);
    ++m_counters.installed;
    m_entries.Put(id, std::move(entry));
    return id;
}

bool
Sad::Remove(PairId pair)
{
    const std::unique_ptr<Entry> entry = m_entries.Take(pair);
    if (!entry)
    {
        return false;
    }
    ForgetOutbound(*entry);
    m_byInboundSpi.erase(entry->sa.inboundSpi);
    for (const auto kind : {Expiry::Kind::Soft, Expiry::Kind::Hard, Expiry::Kind::Idle})
    {
        m_timers.Cancel({pair, kind});
    }
    ++m_counters.removed;
    return true;
}

const SaPair*
Sad::Find(PairId pair) const
{
    const Entry* entry = m_entries.Find(pair);
    return entry ? &entry->sa : nullptr;
}

std::optional<PairId>
Sad::FindByInboundSpi(std::uint32_t spi) const
{
    const auto it = m_byInboundSpi.find(spi);
    return it == m_byInboundSpi.end() ? std::nullopt : std::optional<PairId>{it->second->id};
}

std::optional<PairId>
Sad::FindByOutboundSpi(Endpoint remote, std::uint32_t spi) const
{
    for (const std::uint16_t port : {remote.port, std::uint16_t{0}})
    {
        const auto it = m_byOutboundSpi.find({{remote.address, port}, spi});
        if (it != m_byOutboundSpi.end())
        {
            return it->second;
        }
    }
    return std::nullopt;
}

void
Sad::MoveRemote(PairId pair, Endpoint remote)
{
    if (Entry* entry = m_entries.Find(pair))
    {
        ForgetOutbound(*entry);
        entry->sa.remote = remote;
        m_byOutboundSpi[OutboundKeyOf(entry->sa)] = pair;
    }
}

std::vector<Sad::Expiry>
Sad::Expire(Instant now)
{
    std::vector<Expiry> expiries;
    while (const auto due = m_timers.PopDue(now))
    {
        const auto [id, kind] = *due;
        Entry& entry = m_entries.At(id);
        switch (kind)
        {
        case Expiry::Kind::Soft:
            entry.softDue = true;
            break;
        case Expiry::Kind::Hard:
            entry.hardDue = true;
            m_timers.Cancel({id, Expiry::Kind::Soft});
            m_timers.Cancel({id, Expiry::Kind::Idle});
            break;
        case Expiry::Kind::Idle:
            // Packets do not move the timer: it looks for itself whether there were any.
            if (now - entry.counters.lastUsed < entry.sa.idleTimeout)
            {
                SetTimer(id, kind, entry.counters.lastUsed, entry.sa.idleTimeout);
                continue;
            }
            entry.idleTold = true;
            break;
        }
        expiries.push_back({id, kind});
    }
    return expiries;
}

std::optional<Instant>
Sad::Deadline() const
{
    return m_timers.Next();
}

std::vector<PairId>
Sad::Pairs() const
{
    return m_entries.Numbers();
}

std::size_t
Sad::Size() const
{
    return m_entries.Size();
}

const PairCounters*
Sad::CountersOf(PairId pair) const
{
    const Entry* entry = m_entries.Find(pair);
    return entry ? &entry->counters : nullptr;
}

Sad::OutboundKey
Sad::OutboundKeyOf(const SaPair& sa)
{
    const bool udp = sa.encapsulation == Encapsulation::UdpTransport;
    return {{sa.remote.address, udp ? sa.remote.port : std::uint16_t{0}}, sa.outboundSpi};
}

void
Sad::LogKeys(const SaPair& sa)
{
    if (!m_keys)
    {
        return;
    }
    const std::string cipher{WiresharkName(sa.cipher)};
    const std::string integrity{WiresharkName(sa.integrity)};
    m_keys->esp.push_back({sa.remote.address,
                           sa.local.address,
                           sa.inboundSpi,
                           cipher,
                           sa.inboundCipherKey,
                           integrity,
                           sa.inboundAuthKey});
    m_keys->esp.push_back({sa.local.address,
                           sa.remote.address,
                           sa.outboundSpi,
                           cipher,
                           sa.outboundCipherKey,
                           integrity,
                           sa.outboundAuthKey});
}

void
Sad::ForgetOutbound(const Entry& entry)
{
    const auto it = m_byOutboundSpi.find(OutboundKeyOf(entry.sa));
    // A later pair may have taken the peer's SPI over.
    if (it != m_byOutboundSpi.end() && it->second == entry.id)
    {
        m_byOutboundSpi.erase(it);
    }
}

void
Sad::SetTimer(PairId pair, Expiry::Kind kind, Instant from, Duration after)
{
    if (after > Duration::zero() && after <= Instant::max() - from)
    {
        m_timers.Set({pair, kind}, from + after);
    }
}

} // namespace nattlab::esp
